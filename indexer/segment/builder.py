"""Builds the columns of a segment from documents.

`README.md` beside this file describes each array, and a test compares that description with a
segment.
"""

from array import array

import numpy as np

from indexer.analysis import tokenizer
from indexer.document import Document
from indexer.schema import FACETS, ZONE_GAP, ZONES
from indexer.segment import MISSING, NUMBERS, impacts, postings, url_digest
from indexer.segment.column_file import Array, Columns
from indexer.segment.postings import ZONE_SHIFT, Form, flat
from indexer.segment.stored_items import compress
from indexer.segment.term_dictionary import packed


class _Analyzed:
    """The distinct chunks of all languages (what stands between two blanks), each analysed once.

    `forms`: the exact forms, each with its language. `terms`, `positions`: the terms of all chunks,
    one chunk after the other, as indexes into `forms`, and their positions in the chunk.
    `term_counts`, `widths`: how many terms each chunk has, and how many positions it takes.
    """

    def __init__(self) -> None:
        self.forms: list[Form] = []
        self.terms, self.positions = array("I"), array("I")
        self.term_counts, self.widths = array("I"), array("I")


class _Chunks(dict[str, int]):
    """Numbers the distinct chunks of one language, and adds them to those of all."""

    def __init__(self, language: str, analyzed: _Analyzed) -> None:
        super().__init__()
        self._language, self._all = language, analyzed
        self._numbers: dict[str, int] = {}

    def __missing__(self, chunk: str) -> int:
        tokens, width = tokenizer.analyze(chunk)
        to, numbers = self._all, self._numbers
        for term, position, *_ in tokens:
            if term not in numbers:
                numbers[term] = len(to.forms)
                to.forms.append((term, self._language))
            to.terms.append(numbers[term])
            to.positions.append(position)
        number = self[chunk] = len(to.widths)
        to.term_counts.append(len(tokens))
        to.widths.append(width)
        return number


class SegmentBuilder:
    """Collects documents, and makes the columns of a segment from them."""

    def __init__(self) -> None:
        self._analyzed = _Analyzed()
        self._known_chunks: dict[str, _Chunks] = {}
        self._chunks, self._chunk_counts, self._text_counts = array("I"), array("I"), array("I")
        self._values: dict[str, dict[str, int]] = {group: {} for group in FACETS}
        self._facets = {group: (array("I"), array("I")) for group in FACETS}
        self._numbers = {name: array("q") for name in NUMBERS}
        self._urls, self._url_documents = array("Q"), array("I")
        self._ids: list[str] = []
        self._stored: list[bytes] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, document: Document) -> None:
        """Add a document. Its number is how many were added before."""
        number = len(self._ids)
        self._ids.append(document.id)
        self._stored.append(compress(document.stored))
        language = document.language
        if language not in self._known_chunks:
            self._known_chunks[language] = _Chunks(language, self._analyzed)
        known_chunks = self._known_chunks[language]
        for zone in ZONES:
            texts = document.zones[zone.name]
            self._text_counts.append(len(texts))
            for text in texts:
                chunks = text.split()
                self._chunks.extend(map(known_chunks.__getitem__, chunks))
                self._chunk_counts.append(len(chunks))
        for group, field in FACETS.items():
            ordinals, (counts, values) = self._values[group], self._facets[group]
            names = document.keywords[field]
            counts.append(len(names))
            values.extend(ordinals.setdefault(name, len(ordinals)) for name in names)
        for name, column in self._numbers.items():
            column.append(document.numbers.get(name, MISSING))
        for key in document.keywords["url"]:
            self._urls.append(url_digest(key))
            self._url_documents.append(number)

    def columns(self) -> Columns:
        """The columns of all documents added, without impacts, which depend on the other documents
        of the segment that this one is merged into."""
        arrays = self._text_arrays()
        for group, (counts, values) in self._facets.items():
            names = list(self._values[group])
            arrays |= facet_arrays(group, names, _int64(counts), _int64(values))
        for name, column in self._numbers.items():
            arrays[f"numbers.{name}"] = np.frombuffer(column, np.int64)
        owners = np.frombuffer(self._url_documents, np.uint32).astype(np.int32)
        arrays |= url_arrays(np.frombuffer(self._urls, np.uint64), owners)
        arrays |= id_arrays([id.encode() for id in self._ids], arrays["numbers.date"])
        arrays["stored.blob"], arrays["stored.offsets"] = packed(self._stored)
        return Columns(len(self._ids), arrays)

    def _text_arrays(self) -> dict[str, Array]:
        """The lengths of the zones, and the postings of exact forms and of their stems."""
        chunks, known = _int64(self._chunks), self._analyzed
        chunk_counts, text_counts = _int64(self._chunk_counts), _int64(self._text_counts)
        # Where each chunk begins: its place in its text, after the texts before it in its zone.
        begins, text_widths = _running_sums(_int64(known.widths)[chunks], chunk_counts)
        steps = ZONE_GAP + np.maximum(text_widths - 1, 0)
        places = np.arange(len(text_counts))  # of each zone of each document
        places = places // len(ZONES) << 32 | places % len(ZONES) << ZONE_SHIFT
        texts = np.repeat(places, text_counts) + _running_sums(steps, text_counts)[0]
        begins += np.repeat(texts, chunk_counts)
        # Each chunk's terms, one after the other.
        term_counts = _int64(known.term_counts)
        counts = term_counts[chunks]
        rows = flat((np.cumsum(term_counts) - term_counts)[chunks], counts)
        occurrences = np.repeat(begins, counts) + _int64(known.positions)[rows]
        order = np.argsort(occurrences, kind="stable")
        lengths = _running_sums(text_widths, text_counts)[1].reshape(-1, len(ZONES))
        terms = _int64(known.terms)[rows][order]
        return {
            **length_arrays(lengths),
            **postings.posting_arrays(known.forms, terms, occurrences[order]),
        }


def _int64(values: "array[int]") -> Array:
    return np.frombuffer(values, np.uint32).astype(np.int64)


def _running_sums(values: Array, counts: Array) -> tuple[Array, Array]:
    """Sums within groups of successive values, `counts` values in each: for each value the sum of
    those before it in its group; and the sum of each group."""
    before = np.append(0, np.cumsum(values))
    edges = np.append(0, np.cumsum(counts))
    return before[:-1] - np.repeat(before[edges[:-1]], counts), np.diff(before[edges])


def length_arrays(lengths: Array) -> dict[str, Array]:
    """`lengths` (a row for each document, a column for each zone), and their means."""
    return {
        "lengths": lengths.astype(np.min_scalar_type(int(lengths.max(initial=0)))).ravel(),
        "mean_lengths": impacts.mean_lengths(lengths),
    }


def facet_arrays(group: str, names: list[str], counts: Array, ordinals: Array) -> dict[str, Array]:
    """The arrays of a facet group. `counts`: how many values each document has; `ordinals`: all
    values, as indexes into `names`."""
    encoded = [name.encode() for name in names]
    order = sorted(range(len(names)), key=encoded.__getitem__)
    ranks = np.empty(len(names), np.int32)
    ranks[order] = np.arange(len(names), dtype=np.int32)
    blob, offsets = packed([encoded[place] for place in order])
    return {
        f"facets.{group}.starts": np.append(0, np.cumsum(counts, dtype=np.int64)).astype(np.uint32),
        f"facets.{group}.values": ranks[ordinals],
        f"facets.{group}.blob": blob,
        f"facets.{group}.offsets": offsets,
    }


def url_arrays(digests: Array, documents: Array) -> dict[str, Array]:
    """The arrays of addresses: their digests ascending, and the document that has each of them."""
    order = np.argsort(digests, kind="stable")
    return {"urls.keys": digests[order], "urls.documents": documents[order]}


def id_arrays(ids: list[bytes], dates: Array) -> dict[str, Array]:
    """The ids of documents, their order, and the rank of each document by date, newest first."""
    blob, offsets = packed(ids)
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int32)
    newest = order[np.argsort(-dates[order], kind="stable")]
    recency = np.empty(len(ids), np.int32)
    recency[newest] = np.arange(len(ids), dtype=np.int32)
    return {"ids.blob": blob, "ids.offsets": offsets, "ids.order": order, "date_rank": recency}
