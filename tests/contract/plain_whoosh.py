"""Which documents Whoosh's queries find, by their definitions: a look at every document."""

from collections import defaultdict
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from whoosh import query as whoosh
from whoosh.support.levenshtein import distance

from indexer.analysis import tokenizer
from indexer.document import Document
from indexer.schema import FIELDS, Kind

FAR = 1 << 40
"""Positions between two texts: no phrase reaches from one to the next."""

TEXTS = {field.name: field.zones for field in FIELDS if field.kind is Kind.TEXT}


class PlainDocument:
    """A document: its terms by field, each with its positions, and its numbers."""

    def __init__(self, document: Document) -> None:
        self.numbers = document.numbers
        self.terms: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for field, parts in TEXTS.items():
            for base, text in enumerate(text for part in parts for text in document.zones[part]):
                for piece in tokenizer.tokenize(text):
                    self.terms[field][piece.term].append(base * FAR + piece.position)
                    if stem := tokenizer.stem(piece.term, document.language):
                        self.terms[field][stem]  # it has no positions
        for field, values in document.keywords.items():
            for value in values:
                self.terms[field][value]

    def has(self, query: Any) -> bool:
        """Whether a query finds it."""
        match query:
            case whoosh.And() | whoosh.Require():
                return all(self.has(child) for child in query.children())
            case whoosh.AndMaybe():
                return self.has(query.a)
            case whoosh.Or() | whoosh.DisjunctionMax():
                return any(self.has(child) for child in query.children())
            case whoosh.Not():
                return not self.has(query.query)
            case whoosh.NumericRange():
                return self._is_within(query)
            case whoosh.Every():
                return query.fieldname is None or self._has_any(query.fieldname)
            case whoosh.Phrase():
                return self._has_phrase(query.fieldname, query.words, query.slop)
        return any(_matches(query, term) for term in self.terms[query.fieldname])

    def _has_any(self, field: str) -> bool:
        return field in self.numbers or bool(self.terms[field])

    def _is_within(self, query: Any) -> bool:
        value = self.numbers.get(query.fieldname)
        if value is None:
            return False
        above = query.start is None or query.start < value + (not query.startexcl)
        return above and (query.end is None or value < query.end + (not query.endexcl))

    def _has_phrase(self, field: str, words: Iterable[str], slop: int) -> bool:
        """Whether the words stand in order, each at most `slop` positions after the one before."""
        first, *rest = words
        ends = set(self.terms[field].get(first, ()))
        for word in rest:
            places = self.terms[field].get(word, ())
            ends = {place for place in places if any(0 < place - end <= slop for end in ends)}
        return bool(ends)


def _matches(query: Any, term: str) -> bool:
    match query:
        case whoosh.Prefix():
            return term.startswith(query.text)
        case whoosh.Wildcard():
            return fnmatchcase(term, query.text)
        case whoosh.TermRange():
            return bool(query.start <= term <= query.end)
        case whoosh.FuzzyTerm():
            start = query.text[: query.prefixlength]
            return term.startswith(start) and distance(term, query.text) <= query.maxdist
        case whoosh.Term():
            return bool(term == query.text)
    raise AssertionError(f"{query!r} is not defined here")
