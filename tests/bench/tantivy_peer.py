"""tantivy as a peer: the same parts with the same weights, its own facet counting and snippets.

What is alike: every part of `indexer.schema.PARTS` is a field, boosted by the part's weight; words
are folded to lower case and stemmed by Snowball's English stemmer (`en_stem`); hits are counted
exactly by tantivy's Count collector; facets are terms aggregations over multi-valued fast fields,
disjunctive as ours; the texts of a hit and of its coverage are marked whole by its
SnippetGenerator; the stored form of an item is read and decoded for every hit. One writer thread
gives one segment, which it searches fastest.

What is not: a snippet joins what a field has several texts of, so of the coverage it is not told
which article matched; outlets are not named; it sums a saturated score per field where we join
frequencies first; its phrases and prefixes match stems, ours exact forms; its prefixes neither
score nor are marked. Its binding for Python offers no collector that finds and counts in one pass,
so hits and facets are two.

`JOINED` is tantivy at its quickest instead: one unweighted field with all the text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import tantivy
from tantivy import DocAddress, Occur, Query, SchemaBuilder, SnippetGenerator

from indexer.document import Document, decode
from indexer.item import Item
from indexer.schema import FACETS, ZONES
from search_app.search.protocols import MIN_FULL_MATCHES
from tests.bench.asks import Ask
from tests.bench.corpus import Corpus
from tests.bench.engines import FACET_SIZE, GROUPS, TOP, Engine, Maker, Summary

HEAP = 1_000_000_000
"""Bytes the writer may fill before it begins another segment."""

MARKED = ("title", "excerpt", "author", "related_title", "related_excerpt")
LONGEST = 100_000
"""Characters of a snippet: as ours, all that a field of an item has."""


@dataclass(frozen=True, slots=True)
class Page:
    """The answer to `page`: the items found; `marked` are the snippets of each as HTML, in the
    order of `MARKED`."""

    total: int
    hits: tuple[Item, ...]
    marked: tuple[tuple[str, ...], ...]
    buckets: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """The answer to `plain` and, with `quantized`, to `faceted`."""

    total: int
    ids: tuple[str, ...]
    buckets: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A query that was run: `text` without the topic, `query` with it, and its hits."""

    text: Query
    query: Query
    total: int
    hits: tuple[DocAddress, ...]


class Tantivy:
    """An open index; `weights` are its searched fields."""

    def __init__(self, folder: Path, weights: Mapping[str, float]) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._schema = self._index.schema
        self._searcher = self._index.searcher()
        self._fields = list(weights)
        self._weights = dict(weights)
        self._facets = {
            group: {"terms": {"field": f"facet_{group}", "size": FACET_SIZE}} for group in GROUPS
        }

    def plain(self, ask: Ask) -> Listed:
        """See `Engine.plain`."""
        found = self._find(ask)
        return Listed(found.total, self._ids(found), {})

    def faceted(self, ask: Ask) -> Listed:
        """See `Engine.faceted`."""
        found = self._find(ask)
        return Listed(found.total, self._ids(found), self._buckets(ask, found))

    def page(self, ask: Ask) -> Page:
        """See `Engine.page`."""
        found = self._find(ask)
        documents = [self._searcher.doc(address) for address in found.hits]
        return Page(
            found.total,
            tuple(decode(bytes(document.get_all("stored")[0])) for document in documents),
            self._marked(self._shown(ask, found), documents),
            self._buckets(ask, found),
        )

    def summary(self, answer: Any) -> Summary:
        """See `Engine.summary`."""
        counts = {
            group: {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}
            for group, found in answer.buckets.items()
        }
        if not isinstance(answer, Page):
            return Summary(answer.total, answer.ids, counts)
        marked = tuple((title, excerpt) for title, excerpt, *_ in answer.marked)
        return Summary(answer.total, tuple(hit.id for hit in answer.hits), counts, marked)

    def close(self) -> None:
        """See `Engine.close`: tantivy closes itself."""

    def _ids(self, found: Found) -> tuple[str, ...]:
        documents = (self._searcher.doc(address) for address in found.hits)
        return tuple(str(document.get_first("id")) for document in documents)

    def _find(self, ask: Ask) -> Found:
        """The hits; in `auto`, those with some of the words where too few have all."""
        text = self._text(ask, ask.words)
        found = self._run(ask, text)
        if ask.match == "auto" and found.total < MIN_FULL_MATCHES:
            first = Query.boost_query(Query.const_score_query(text, 1.0), 1_000_000.0)
            some = self._index.parse_query(" ".join(ask.telling()), self._fields, self._weights)
            pair = [(Occur.Should, first), (Occur.Should, some)]
            return self._run(ask, Query.boolean_query(pair))
        return found

    def _run(self, ask: Ask, text: Query) -> Found:
        query = text
        if ask.topic:
            topic = Query.term_query(self._schema, "facet_topic", ask.topic)
            within = Query.const_score_query(topic, 0.0)
            query = Query.boolean_query([(Occur.Must, text), (Occur.Must, within)])
        order = "date" if ask.newest else None
        # Any: its stub forgets the count.
        result: Any = self._searcher.search(query, TOP, count=True, order_by_field=order)
        return Found(text, query, result.count, tuple(address for _, address in result.hits))

    def _text(self, ask: Ask, words: tuple[str, ...]) -> Query:
        if ask.match == "prefix":
            # An automaton without errors: the phrase prefix query stops at 50 words.
            starts = [
                Query.boost_query(
                    Query.fuzzy_term_query(self._schema, field, words[0], 0, True, True), weight
                )
                for field, weight in self._weights.items()
            ]
            return Query.boolean_query([(Occur.Should, start) for start in starts])
        typed = " ".join(words)
        typed = f'"{typed}"' if ask.match == "phrase" else typed
        return self._index.parse_query(
            typed, self._fields, self._weights, conjunction_by_default=ask.match != "any"
        )

    def _shown(self, ask: Ask, found: Found) -> Query:
        """The query in terms of the fields that are marked: a snippet knows no other."""
        if self._weights.keys() >= set(MARKED):
            return found.query
        return self._index.parse_query(" ".join(ask.words), list(MARKED))

    def _marked(
        self, query: Query, documents: list[tantivy.Document]
    ) -> tuple[tuple[str, ...], ...]:
        generators = []
        for field in MARKED:
            generator = SnippetGenerator.create(self._searcher, query, self._schema, field)
            generator.set_max_num_chars(LONGEST)
            generators.append(generator)
        return tuple(
            tuple(generator.snippet_from_doc(document).to_html() for generator in generators)
            for document in documents
        )

    def _buckets(self, ask: Ask, found: Found) -> Mapping[str, Any]:
        """The counts of each group, which ignore what is selected in it."""
        if not ask.topic:
            counts: Mapping[str, Any] = self._searcher.aggregate(found.query, self._facets)
            return counts
        own = {"topic": self._facets["topic"]}
        others = {group: wanted for group, wanted in self._facets.items() if group != "topic"}
        return {
            **self._searcher.aggregate(found.text, own),
            **self._searcher.aggregate(found.query, others),
        }


def _schema(weights: Mapping[str, float]) -> tantivy.Schema:
    builder = SchemaBuilder()
    for field in weights:
        builder.add_text_field(field, stored=field in MARKED, tokenizer_name="en_stem")
    for field in MARKED:
        if field not in weights:  # its snippets need to know how the text is cut
            builder.add_text_field(field, stored=True, tokenizer_name="en_stem")
    for group in GROUPS:
        builder.add_text_field(
            f"facet_{group}", fast=True, tokenizer_name="raw", index_option="basic"
        )
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("stored", stored=True)
    builder.add_integer_field("date", fast=True)
    return builder.build()


def _document(document: Document, weights: Mapping[str, float]) -> tantivy.Document:
    made = tantivy.Document()
    for part, texts in document.zones.items():
        fields = {field for field in (part, "text") if field in weights}
        for field in fields | ({part} & set(MARKED)):
            for text in texts:
                made.add_text(field, text)
    for group in GROUPS:
        for value in document.keywords[FACETS[group]]:
            made.add_text(f"facet_{group}", value)
    made.add_text("id", document.id)
    made.add_bytes("stored", document.stored.partition(b"\n")[0])  # a page shows no body
    if "date" in document.numbers:
        made.add_integer("date", document.numbers["date"])
    return made


def _build(folder: Path, corpus: Corpus, weights: Mapping[str, float]) -> None:
    folder.mkdir()
    index = tantivy.Index(_schema(weights), path=str(folder))
    writer = index.writer(HEAP, num_threads=1)
    for document in corpus.documents():
        writer.add_document(_document(document, weights))
    writer.commit()
    writer.wait_merging_threads()


def _maker(weights: Mapping[str, float]) -> Maker:
    def build(folder: Path, corpus: Corpus) -> None:
        _build(folder, corpus, weights)

    def open_(folder: Path) -> Engine:
        return Tantivy(folder, weights)

    return Maker(version("tantivy"), build, open_)


WEIGHTED = _maker({part.name: part.weight for part in ZONES})
JOINED = _maker({"text": 1.0})
