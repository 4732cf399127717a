"""Whoosh's own writer alone, as shipped: how long it takes for the documents that we index.

    python -m tests.bench.stock_writer FOLDER ITEMS

reads and parses the items, then has `IndexWriter.add_document` and `commit` make an index below
the folder, in one process and once more in two (`procs=2, multisegment=True`), and prints the
times as JSON. Reading and parsing are on nobody's time.

The index is equivalent to the one that `newsdex reindex` makes: the fields of `indexer.schema`,
with the same terms (exact forms and stems, by `indexer.analysis`), weights, lengths and positions.
What differs is to the writer's advantage: it stores no items, writes no columns beside its index,
and syncs nothing. Only its analysis takes a little longer, because every field makes its own terms
where ours makes them once; `analysing` tells what it takes.
"""

import gc
import json
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from whoosh import fields as whoosh
from whoosh.filedb.filestore import FileStorage
from whoosh.formats import Existence, Positions

from indexer.analysis import tokenizer
from indexer.document import Document
from indexer.engines.whoosh.codec.value_terms import PRECISION_STEP
from indexer.schema import FIELDS, ZONE_GAP, Field, Kind, zone_weights
from indexer.segment import url_digest
from tests.bench.building import size, timed
from tests.bench.corpus import Corpus
from tests.bench.usage import Usage

LIMIT = 512
"""Megabytes that a writer may fill before it puts a sorted run aside."""

Posting = tuple[bytes, float, float, bytes]
"""Term, what it adds to the field's length, its weight, its encoded positions."""

_POSITIONS = Positions()


@dataclass(frozen=True, slots=True)
class Stock:
    """`parsing`: seconds for reading and parsing the items, for nobody's account. `analysing`: for
    making the terms of all fields, which either writer does as well. `one`, `two`: the writer in
    one process, and in two. `size`: bytes of its index.

    `text`: bytes of what is indexed and stored, which is, of every document, the texts of all its
    parts in UTF-8, and its stored form.
    """

    parsing: float
    analysing: float
    one: Usage
    two: Usage
    size: int
    text: int


Text = tuple[float, str, str]


class Texts(whoosh.FieldType):  # type: ignore[misc]  # Whoosh ships no types
    """A field of weighted texts of a language, analysed as ours are when they are indexed."""

    def index(self, value: Iterable[Text], **unused: object) -> Iterator[Posting]:
        """Exact forms with their positions, stems beside them without; words count in the length,
        stems and joined forms do not."""
        positions: dict[str, list[int]] = defaultdict(list)
        weights: dict[str, float] = defaultdict(float)
        lengths: dict[str, float] = defaultdict(float)
        base = 0
        for weight, text, language in value:
            pieces = list(tokenizer.tokenize(text))
            for stem, _ in {(tokenizer.stem(p.term, language), p.position) for p in pieces}:
                if stem:
                    weights[stem] += weight
            for term, at, _, _, extra in pieces:
                positions[term].append(base + at)
                weights[term] += weight
                if not extra:
                    lengths[term] += weight
            base += ZONE_GAP + max((piece.position for piece in pieces), default=0)
        for term, weight in weights.items():
            encoded = _POSITIONS.encode(sorted(positions.get(term, ())))
            yield term.encode(), lengths.get(term, 0.0), weight, encoded


class Values(whoosh.FieldType):  # type: ignore[misc]  # Whoosh ships no types
    """A field of whole values."""

    def index(self, value: Iterable[bytes], **unused: object) -> Iterator[Posting]:
        """Each value once."""
        return ((term, 0.0, 1.0, b"") for term in value)


def schema() -> Any:
    """The `whoosh.fields.Schema` of the field table, for the stock writer."""
    return whoosh.Schema(**{field.name: _field(field) for field in FIELDS})


def _field(field: Field) -> whoosh.FieldType:
    if field.kind is Kind.TEXT:
        return Texts(_POSITIONS, None, scorable=True)
    if field.kind is Kind.KEYWORD:
        return Values(Existence(), None, sortable=field.name == "id")
    return whoosh.NUMERIC(int, bits=64, shift_step=PRECISION_STEP, sortable=True)


def values(document: Document) -> dict[str, Any]:
    """What `add_document` is given for a document."""
    found: dict[str, Any] = {"_stored_id": document.id, **document.numbers}
    for field in FIELDS:
        if field.kind is Kind.TEXT:
            found[field.name] = texts(document, field)
        elif field.kind is Kind.KEYWORD:
            found[field.name] = [_term(field, value) for value in document.keywords[field.name]]
    return found


def texts(document: Document, field: Field) -> list[Text]:
    """The texts of a field, each with its weight and its language."""
    weights = zone_weights(field)
    texts = [(part, text) for part in field.zones for text in document.zones[part]]
    return [(weights[part], text, document.language) for part, text in texts]


def _term(field: Field, value: str) -> bytes:
    """Addresses are terms by their digests, as ours."""
    return url_digest(value).to_bytes(8, "big") if field.name == "url" else value.encode()


def write(folder: Path, documents: Iterable[Document], **more: Any) -> None:
    """Make an index in a new folder, with one process unless `more` says otherwise."""
    folder.mkdir()
    index = FileStorage(str(folder)).create_index(schema())
    writer = index.writer(limitmb=LIMIT, compound=False, **more)
    for document in documents:
        writer.add_document(**values(document))
    writer.commit()


def text_bytes(document: Document) -> int:
    """Bytes of what is indexed and stored of a document, as `Stock.text` says."""
    parts = (text for texts in document.zones.values() for text in texts)
    return len(document.stored) + sum(len(text.encode()) for text in parts)


def _analyse(documents: Iterable[Document]) -> None:
    fields = [(field, schema()[field.name]) for field in FIELDS if field.kind is Kind.TEXT]
    for document in documents:
        for field, kind in fields:
            for _ in kind.index(texts(document, field)):
                pass


def measure(folder: Path, corpus: Corpus) -> Stock:
    """Let the writer write, below a folder of its own, which is empty again after."""
    documents = corpus.documents()
    gc.collect()
    gc.freeze()  # what was read before belongs to nobody's time
    analysing, _ = timed(lambda: _analyse(documents))
    one = _written(folder / "one", documents)
    held = size(folder / "one")
    two = _written(folder / "two", documents, procs=2, multisegment=True)
    gc.unfreeze()
    shutil.rmtree(folder)
    return Stock(
        parsing=round(corpus.seconds, 2),
        analysing=round(analysing, 2),
        one=one,
        two=two,
        size=held,
        text=sum(map(text_bytes, documents)),
    )


def _written(folder: Path, documents: Iterable[Document], **more: Any) -> Usage:
    seconds, cpu = timed(lambda: write(folder, documents, **more))
    return Usage(round(seconds, 2), round(cpu, 2))


def main(folder: str, items: str) -> None:
    """Measure, and print the figures."""
    Path(folder).mkdir(parents=True)
    json.dump(asdict(measure(Path(folder), Corpus(Path(items)))), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
