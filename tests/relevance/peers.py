"""tantivy, SQLite's FTS5 and bm25s, each over all the text of an item as one field.

One field is how each ranks these collections best. All stem English, and each scores by BM25 with
the constants it comes with; a query finds whatever has any of its words.
"""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import bm25s
import Stemmer
import tantivy

from indexer.item import Item
from tests.relevance.collection import Collection
from tests.relevance.evaluation import System
from tests.relevance.measuring import DEPTH, Run

_HEAP = 100_000_000
_LONGEST = 40  # letters of a word that tantivy's own analyzers keep
_WORDS = re.compile(r"\w+")


def text_of(item: Item) -> str:
    """All that an item says: titles and excerpts, its own first, then those of its related ones."""
    texts = (text for article in item.articles() for text in (article.title, article.excerpt))
    return "\n".join(filter(None, texts))


def with_tantivy(collection: Collection, work: Path, *, stop_words: bool) -> Run:
    """tantivy's answers; `stop_words` says whether it indexes them."""
    analyzer = _analyzer(stop_words)
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="words")
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    schema = builder.build()
    work.mkdir(parents=True)
    index = tantivy.Index(schema, path=str(work))
    index.register_tokenizer("words", analyzer)
    writer = index.writer(_HEAP, num_threads=1)
    for item in collection.items:
        writer.add_document(tantivy.Document(id=[item.id], text=[text_of(item)]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def found(typed: str) -> tuple[str, ...]:
        words = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", word, "freq"))
            for word in analyzer.analyze(typed)
        ]
        hits = searcher.search(tantivy.Query.boolean_query(words), DEPTH).hits
        return tuple(str(searcher.doc(address).get_first("id")) for _, address in hits)

    return {id: found(typed) for id, typed in collection.queries.items()}


def _analyzer(stop_words: bool) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(_LONGEST))
        .filter(tantivy.Filter.lowercase())
    )
    if not stop_words:
        builder = builder.filter(tantivy.Filter.stopword("english"))
    return builder.filter(tantivy.Filter.stemmer("english")).build()


def with_sqlite(collection: Collection, work: Path) -> Run:
    """The answers of SQLite's FTS5."""
    work.mkdir(parents=True)
    with closing(sqlite3.connect(work / "peer.db")) as file:
        file.execute("CREATE VIRTUAL TABLE item USING fts5(id UNINDEXED, text, tokenize='porter')")
        rows = ((item.id, text_of(item)) for item in collection.items)
        file.executemany("INSERT INTO item VALUES (?, ?)", rows)
        statement = "SELECT id FROM item WHERE item MATCH ? ORDER BY bm25(item) LIMIT ?"
        run = {}
        for id, typed in collection.queries.items():
            words = " OR ".join(f'"{word}"' for word in _WORDS.findall(typed))
            run[id] = tuple(row[0] for row in file.execute(statement, (words, DEPTH)))
        return run


def with_bm25s(collection: Collection, work: Path, *, stop_words: bool) -> Run:
    """The answers of bm25s, which keeps its index in memory; `stop_words` as for tantivy."""
    stemmer = Stemmer.Stemmer("english")

    def tokens(texts: Sequence[str]) -> list[list[str]]:
        found: list[list[str]] = bm25s.tokenize(
            list(texts),
            stopwords=[] if stop_words else "en",
            stemmer=stemmer,
            return_ids=False,
            show_progress=False,
        )
        return found

    scorer = bm25s.BM25()
    scorer.index(tokens([text_of(item) for item in collection.items]), show_progress=False)
    ids = [item.id for item in collection.items]
    queries = tokens(list(collection.queries.values()))
    count = min(DEPTH, len(ids))
    numbers, scores = scorer.retrieve(queries, k=count, show_progress=False)
    return {
        id: tuple(ids[n] for n, score in zip(row, row_scores, strict=True) if score > 0)
        for id, row, row_scores in zip(collection.queries, numbers, scores, strict=True)
    }


PEERS: Mapping[str, Mapping[str, System]] = {
    "tantivy": {
        "stop words kept": partial(with_tantivy, stop_words=True),
        "stop words dropped": partial(with_tantivy, stop_words=False),
    },
    "SQLite FTS5": {"": with_sqlite},
    "bm25s": {
        "stop words kept": partial(with_bm25s, stop_words=True),
        "stop words dropped": partial(with_bm25s, stop_words=False),
    },
}
"""Each peer in the ways it is usually run; the better one stands for it."""
