"""The Whoosh schema made from the field table, and the values each of its fields is given.

We analyse, Whoosh stores: a field here takes ready postings instead of a text, so that index and
query share `indexer.analysis` and no pickled schema of ours needs to know how to analyse.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Several
from typing import Any

from whoosh import fields as whoosh
from whoosh.formats import Existence

from indexer import analysis
from indexer.document import Document
from indexer.engines.whoosh.formats import PackedPositions
from indexer.engines.whoosh.gather import Analysed, last_position
from indexer.fields import FIELDS, PART_GAP, Field, Kind, part_weights

Posting = tuple[bytes, float, float, bytes]
"""Term, what it adds to the field's length, its weight, its encoded positions."""

_POSITIONS = PackedPositions()
_NOWHERE = _POSITIONS.encode([])


class Ready(whoosh.FieldType):  # type: ignore[misc]  # Whoosh ships no types
    """A field whose values are lists of `Posting`, indexed as they are."""

    def index(self, value: list[Posting], **_: object) -> Iterator[Posting]:
        """The postings themselves."""
        return iter(value)


def schema() -> Any:
    """The `whoosh.fields.Schema` of the field table."""
    return whoosh.Schema(**{field.name: _field(field) for field in FIELDS})


def _field(field: Field) -> whoosh.FieldType:
    if field.kind is Kind.TEXT:
        return Ready(_POSITIONS, None, scorable=True)
    if field.kind is Kind.KEYWORD:
        return Ready(Existence(), None, sortable=field.name == "id")
    return whoosh.NUMERIC(int, bits=64, shift_step=8, sortable=True)


def values(document: Document, texts: Analysed) -> dict[str, Any]:
    """The keyword arguments of `IndexWriter.add_document` for a document and its pieces."""
    found: dict[str, Any] = {"_stored_id": document.id, **document.numbers}
    for field in FIELDS:
        if field.kind is Kind.TEXT:
            weights = part_weights(field)
            found[field.name] = _postings(
                (weights[part], text) for part in field.parts for text in texts[part]
            )
        elif field.kind is Kind.KEYWORD:
            found[field.name] = [(v.encode(), 0, 1.0, b"") for v in document.keywords[field.name]]
    return found


def _postings(texts: Iterable[tuple[float, Several[analysis.Piece]]]) -> list[Posting]:
    """Exact forms with their positions, stems beside them without; the length counts words once.

    Weights and lengths are joined over the texts before any scoring: word frequency is the sum
    of weights, length the sum of weighted lengths.
    """
    positions: dict[str, list[int]] = defaultdict(list)
    weights: dict[str, float] = defaultdict(float)
    lengths: dict[str, float] = defaultdict(float)
    base = 0
    for weight, text in texts:
        for term, at, _, _, extra in text:
            positions[term].append(base + at)
            weights[term] += weight
            if not extra:
                lengths[term] += weight
            if stem := analysis.stem(term):
                weights[stem] += weight
        base += PART_GAP + last_position(text)
    return [
        (
            term.encode(),
            lengths.get(term, 0.0),
            weight,
            _POSITIONS.encode(sorted(positions[term])) if term in positions else _NOWHERE,
        )
        for term, weight in weights.items()
    ]
