"""What is like an item or a text: its significant terms, as a query."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from indexer.item import Article
from search_app.search import ranking, service
from search_app.search.protocols import Searcher
from search_app.search.query.logical import AllOf, AnyOf, Exclude, Keyword, MatchNone, Term
from search_app.search.request import SearchRequest
from search_app.search.similar import MAX_TERMS, MAX_TOKENS, like_item, like_text
from tests.contract.engines import build
from tests.search.samples import ENGINE, IBM, ids, item, make, reader_of

FILLER = [item(f"filler/{n}", f"Nothing{n} of note{n}") for n in range(10)]


@contextmanager
def searcher_of(index: Path) -> Iterator[Searcher]:
    with closing(reader_of(index)) as reader, reader.acquire() as lease:
        yield lease.searcher


def alike(index: Path, id: str, q: str = "") -> list[str]:
    with searcher_of(index) as searcher:
        found = service.similar(searcher, id, SearchRequest(q=q, page_size=100))
    assert found
    assert found.total == len(found.hits)
    return ids(found)


def test_items_that_share_rare_words_come_first_and_never_the_item_itself(tmp_path: Path) -> None:
    index = make(
        tmp_path,
        [
            item("own", "Zeppelin over the harbour", "", excerpt="A council watches"),
            item("near", "The zeppelin is gone"),
            item("far", "Another council"),
            *[item(f"council/{n}", f"council{n} council") for n in range(5)],
            item("other", "The over is of no account"),
        ],
    )
    found = alike(index, "own")
    assert found[0] == "near"
    assert set(found) == {"near", "far", *(f"council/{n}" for n in range(5))}


def test_related_articles_tell_what_an_item_is_about(tmp_path: Path) -> None:
    related = Article("A zeppelin was seen", "by the lighthouse", url="https://x.io/1")
    others = [item("a", "Zeppelin"), item("b", "lighthouses")]
    index = make(tmp_path, [item("own", "Odd things", related=(related,)), *others, *FILLER])
    assert set(alike(index, "own")) == {"a", "b"}


def test_stop_words_of_the_language_of_an_item_tell_nothing_among_items_in_others(
    tmp_path: Path,
) -> None:
    own = item("own", "Das ist nicht der Hafen", language="de")
    others = [item("a", "Das ist nicht der Bahnhof", language="de"),
              item("b", "Im Hafen", language="de")]  # fmt: skip
    index = make(tmp_path, [own, *others, *FILLER])
    assert alike(index, "own") == ["b"]


def test_a_query_narrows_what_is_alike(tmp_path: Path) -> None:
    others = [item("a", "Zeppelin landed"), item("b", "Zeppelin burnt"), item("c", "Landed")]
    index = make(tmp_path, [item("own", "A zeppelin"), *others, *FILLER])
    assert alike(index, "own", "landed") == ["a"]


def test_the_terms_are_boosted_by_their_frequency_times_their_idf(tmp_path: Path) -> None:
    own = item("own", "Zeppelins and zeppelin", excerpt="harbour the the")
    others = [item("a", "zeppelin harbour"), item("b", "harbour"), item("c", "harbour")]
    with searcher_of(make(tmp_path, [own, *others, *FILLER])) as searcher:
        found = like_item(searcher, own)
    items = 4 + len(FILLER)
    best, less = 4 * ranking.idf(items, 2), 1 * ranking.idf(items, 4)
    assert isinstance(found, AllOf)
    alike, itself = found.members
    assert isinstance(alike, AnyOf)
    assert itself == Exclude(Keyword("id", "own"))
    first, second = alike.members
    assert first == Term("text", "zeppelins", "~en:zeppelin")
    assert isinstance(second, Term)
    assert (second.exact, second.stem) == ("harbour", "~en:harbor")
    assert second.boost == pytest.approx(less / best)


def test_only_living_items_count(tmp_path: Path) -> None:
    own, other = item("own", "zeppelin harbour"), item("a", "zeppelin harbour")
    gone = [item(f"gone/{n}", "zeppelin") for n in range(3)]
    steps = [((own, other, *FILLER, *gone), ()), ((), tuple(one.id for one in gone))]
    build(ENGINE, tmp_path / "steps", steps)
    whole = make(tmp_path / "whole", [own, other, *FILLER])
    with searcher_of(tmp_path / "steps") as one, searcher_of(whole) as another:
        assert one.doc_freqs(["zeppelin", "~en:zeppelin", "none"]) == [2, 2, 0]
        assert like_item(one, own) == like_item(another, own)


def test_a_long_text_is_known_by_its_beginning_and_its_best_terms(tmp_path: Path) -> None:
    words = [f"日{chr(0x4E00 + n)}" for n in range(MAX_TOKENS + 1)]
    text = " ".join(words)
    with searcher_of(make(tmp_path / "first", [item("a", " ".join(words[:30]))])) as searcher:
        found = like_text(searcher, text)
        assert isinstance(found, AnyOf)
        assert len(found.members) == MAX_TERMS
    with searcher_of(make(tmp_path / "last", [item("b", words[-1])])) as searcher:
        assert like_text(searcher, words[-1]) == Term("text", words[-1])
        assert like_text(searcher, text) == MatchNone()


def test_nothing_is_like_an_item_that_shares_no_word(tmp_path: Path) -> None:
    own = item("own", "The zeppelin and the")
    index = make(tmp_path, [own, *FILLER])
    with searcher_of(index) as searcher:
        assert like_item(searcher, own) == MatchNone()
    assert alike(index, "own") == []


def test_what_no_item_is_called_has_nothing_like_it(seeds_index: Path) -> None:
    with searcher_of(seeds_index) as searcher:
        assert service.similar(searcher, "none", SearchRequest()) is None


def test_another_report_of_facial_recognition_is_most_like_the_example(seeds_index: Path) -> None:
    assert "facial-recognition" in alike(seeds_index, IBM)[0]
