"""The columns of a segment, built document by document: `README.md` beside this file describes each
array, and a test compares that description with a segment.
"""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from indexer.analysis import tokenizer
from indexer.document import Document
from indexer.schema import FACETS, ZONE_GAP, ZONES
from indexer.segment import MISSING, NUMBERS, impacts, postings, url_digest
from indexer.segment.column_file import Array, Columns
from indexer.segment.postings import ZONE_SHIFT, Postings
from indexer.segment.stored_items import deflate
from indexer.segment.term_dictionary import packed

Stretch = tuple[tuple[tuple[int, int], ...], int]
"""The terms between two blanks by number, each with its position, and the positions they take."""

LONG = -(1 << 40)
"""The number of a stretch too long to be remembered."""


class _Terms:
    """The terms of a segment, and what each stretch of text between two blanks holds of them.

    Most stretches are one term and have its number; the others have negative ones.
    """

    def __init__(self) -> None:
        self.ordinals: dict[str, int] = {}
        self._known: dict[str, int] = {}
        self._several: list[Stretch] = []

    def of(self, words: list[str]) -> list[int]:
        """The number of each stretch."""
        numbers = list(map(self._known.get, words))
        if None in numbers:
            return [self._learnt(word) for word in words]
        return cast(list[int], numbers)

    def stretch(self, number: int, word: str) -> Stretch:
        """What a stretch with a negative number holds."""
        return self._analysed(word) if number == LONG else self._several[-1 - number]

    def _learnt(self, word: str) -> int:
        known = self._known.get(word)
        if known is not None:
            return known
        if len(word) > tokenizer.SHORT:
            return LONG
        found, width = self._analysed(word)
        if width == len(found) == 1:
            number = found[0][0]
        else:
            self._several.append((found, width))
            number = -len(self._several)
        self._known[word] = number
        return number

    def _analysed(self, word: str) -> Stretch:
        pieces, width = tokenizer.analyze_chunk(word)
        known = self.ordinals
        found = ((known.setdefault(term, len(known)), at) for term, at, *_ in pieces)
        return tuple(found), width


class SegmentBuilder:
    """Collects documents; `columns()` gives the segment they make."""

    def __init__(self) -> None:
        self._vocabulary = _Terms()
        self._terms, self._documents, self._codes = array("I"), array("I"), array("I")
        self._lengths = array("I")
        self._values: dict[str, dict[str, int]] = {group: {} for group in FACETS}
        self._facets = {group: (array("I"), array("I")) for group in FACETS}
        self._numbers = {name: array("q") for name in NUMBERS}
        self._urls, self._url_documents = array("Q"), array("I")
        self._ids: list[str] = []
        self._stored: list[bytes] = []

    def add(self, document: Document) -> None:
        """Take the next document; its number is how many came before."""
        number = len(self._ids)
        self._ids.append(document.id)
        self._stored.append(deflate(document.stored))
        before = len(self._codes)
        for place, part in enumerate(ZONES):
            self._lengths.append(self._part(place << ZONE_SHIFT, document.zones[part.name]))
        self._documents.extend([number] * (len(self._codes) - before))
        for group, field in FACETS.items():
            known, (counts, values) = self._values[group], self._facets[group]
            found = document.keywords[field]
            counts.append(len(found))
            values.extend(known.setdefault(value, len(known)) for value in found)
        for name, column in self._numbers.items():
            column.append(document.numbers.get(name, MISSING))
        for key in document.keywords["url"]:
            self._urls.append(url_digest(key))
            self._url_documents.append(number)

    def _part(self, base: int, texts: Sequence[str]) -> int:
        """Take the texts of a part; how many words they have."""
        length = 0
        for text in texts:
            words = text.split()
            numbers = self._vocabulary.of(words)
            if numbers and min(numbers) < 0:
                width = self._uneven(base, numbers, words)
            else:
                width = len(numbers)
                self._terms.extend(numbers)
                self._codes.extend(range(base, base + width))
            length += width
            base += ZONE_GAP + max(width - 1, 0)
        return length

    def _uneven(self, base: int, numbers: list[int], words: list[str]) -> int:
        """Take a text of stretches some of which are not one term; how many words it has."""
        position = base
        for number, word in zip(numbers, words, strict=True):
            if number >= 0:
                self._terms.append(number)
                self._codes.append(position)
                position += 1
                continue
            found, width = self._vocabulary.stretch(number, word)
            for ordinal, at in found:
                self._terms.append(ordinal)
                self._codes.append(position + at)
            position += width
        return position - base

    def columns(self) -> Columns:
        """The columns of all documents added, without the impacts of their postings: those depend
        on the other documents of the segment that this is merged into."""
        arrays = self._text_arrays()
        lengths = np.frombuffer(self._lengths, np.uint32).reshape(-1, len(ZONES))
        arrays |= length_arrays(lengths)
        for group, (counts, values) in self._facets.items():
            facet = list(self._values[group])
            arrays |= facet_arrays(group, facet, _array(counts), _array(values))
        for name, column in self._numbers.items():
            arrays[f"numbers.{name}"] = np.frombuffer(column, np.int64)
        owners = np.frombuffer(self._url_documents, np.uint32).astype(np.int32)
        arrays |= url_arrays(np.frombuffer(self._urls, np.uint64), owners)
        arrays |= id_arrays([id.encode() for id in self._ids], arrays["numbers.date"])
        arrays["stored.blob"], arrays["stored.offsets"] = packed(self._stored)
        return Columns(len(self._ids), arrays)

    def _text_arrays(self) -> dict[str, Array]:
        """The postings of exact forms, and of the stems that follow from them, and their terms."""
        forms = list(self._vocabulary.ordinals)
        stems = [tokenizer.stem(form) for form in forms]
        terms = sorted(term.encode() for term in {*forms, *filter(None, stems)})
        places = {term: place for place, term in enumerate(terms)}
        rank_of_form = np.array([places[form.encode()] for form in forms], np.int32)
        rank_of_stem = np.array([places[s.encode()] if s else -1 for s in stems], np.int32)
        ordinals, documents = np.frombuffer(self._terms, np.uint32), _array(self._documents)
        codes = np.frombuffer(self._codes, np.uint32)
        order = np.argsort(documents.astype(np.int64) << 32 | codes, kind="stable")
        ordinals, documents, codes = ordinals[order], documents[order], codes[order]
        exact = _sorted(rank_of_form[ordinals], documents, codes)
        ranks = rank_of_stem[ordinals]
        stemmed = ranks >= 0
        inexact = _sorted(ranks[stemmed], documents[stemmed], codes[stemmed])
        both = postings.joined([exact, replace(inexact, codes=codes[:0])], terms)
        return both.columns(terms)


def _array(values: "array[int]") -> Array:
    return np.frombuffer(values, np.uint32).astype(np.int32)


def _sorted(ranks: Array, documents: Array, codes: Array) -> Postings:
    """The postings of occurrences in order of document and code."""
    order = postings.order(ranks)
    return postings.of_occurrences(ranks[order], documents[order], codes[order])


def length_arrays(lengths: Array) -> dict[str, Array]:
    """The lengths of the parts, a row a document, and their means."""
    return {
        "lengths": lengths.astype(np.min_scalar_type(int(lengths.max(initial=0)))).ravel(),
        "mean_lengths": impacts.mean_lengths(lengths),
    }


def facet_arrays(group: str, names: list[str], counts: Array, ordinals: Array) -> dict[str, Array]:
    """A facet group's columns: `counts` values a document, `ordinals` into `names`."""
    encoded = [name.encode() for name in names]
    order = sorted(range(len(names)), key=encoded.__getitem__)
    ranks = np.empty(len(names), np.int32)
    ranks[order] = np.arange(len(names), dtype=np.int32)
    blob, offsets = packed(encoded[place] for place in order)
    return {
        f"facets.{group}.starts": np.append(0, np.cumsum(counts, dtype=np.int64)).astype(np.uint32),
        f"facets.{group}.values": ranks[ordinals],
        f"facets.{group}.blob": blob,
        f"facets.{group}.offsets": offsets,
    }


def url_arrays(digests: Array, documents: Array) -> dict[str, Array]:
    """Addresses by digest, ascending."""
    order = np.argsort(digests, kind="stable")
    return {"urls.keys": digests[order], "urls.documents": documents[order]}


def id_arrays(ids: list[bytes], dates: Array) -> dict[str, Array]:
    """Ids by document number and in order, and each document's rank by recency."""
    blob, offsets = packed(ids)
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int32)
    newest = order[np.argsort(-dates[order], kind="stable")]
    recency = np.empty(len(ids), np.int32)
    recency[newest] = np.arange(len(ids), dtype=np.int32)
    return {"ids.blob": blob, "ids.offsets": offsets, "ids.order": order, "date_rank": recency}
