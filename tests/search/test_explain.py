"""How scores are explained: what is named, which hits, and that nothing else changes."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from indexer.analysis.synonyms import parse_synonyms
from search_app.search import ranking, service
from search_app.search.explanation import Explanation, given, greatest_of, product_of, sum_of
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms
from search_app.search.request import SearchRequest
from search_app.search.results import Results
from search_app.search.signals import DEFAULT_SIGNALS, NO_SIGNALS, Signals
from tests.search.samples import ids, item, make, reader_of

FILLER = [item(f"filler/{n}", f"Nothing{n} of note{n}") for n in range(10)]


def ask(
    index: Path,
    request: SearchRequest,
    signals: Signals = NO_SIGNALS,
    synonyms: Synonyms = NO_SYNONYMS,
) -> Results:
    with closing(reader_of(index)) as reader, reader.acquire() as lease:
        return service.search(lease.searcher, request, signals=signals, synonyms=synonyms)


def explained(index: Path, q: str, signals: Signals = NO_SIGNALS) -> list[Explanation]:
    results = ask(index, SearchRequest(q, explain=True), signals)
    return [hit.explanation for hit in results.hits if hit.explanation]


def lines(explanation: Explanation) -> Iterator[tuple[float, str]]:
    yield explanation.value, explanation.description
    for detail in explanation.details:
        yield from lines(detail)


def test_sums_products_and_greatest_are_those_of_their_details() -> None:
    one, two = given(1.5, "one"), given(-2.0, "two")
    assert sum_of("all", [one, two]) == Explanation(-0.5, "all, sum of", (one, two))
    assert product_of("all", [one, two]) == Explanation(-3.0, "all, product of", (one, two))
    assert greatest_of("all", [one, two]) == Explanation(1.5, "all, greatest of", (one, two))
    assert sum_of("none", []).value == 0
    # What rounds is not corrected, as `sum` does it since Python 3.12: no engine does so.
    assert sum_of("tenths", [given(0.1, "a tenth")] * 10).value == 0.9999999999999999


def test_hits_are_explained_only_if_that_is_asked(tmp_path: Path) -> None:
    index = make(tmp_path, [item("a", "Zeppelin"), *FILLER])
    (plain,) = ask(index, SearchRequest("zeppelin")).hits
    (hit,) = ask(index, SearchRequest("zeppelin", explain=True)).hits
    assert plain.explanation is None
    assert hit.explanation
    assert hit.explanation.value == hit.score == plain.score


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("zeppelins", [(0.1, "exact form")]),
        ("the zeppelins", [(0.15, "boost of the word")]),
        ("covid-19", [(1.1, "for stem and exact form")]),
        ("Zeppelins over the harbour", [(2.0, "the query is the headline")]),
    ],
)
def test_what_a_score_comes_of_is_named(
    tmp_path: Path, query: str, named: list[tuple[float, str]]
) -> None:
    index = make(tmp_path, [item("a", "Zeppelins over the harbour", excerpt="covid-19"), *FILLER])
    found = list(lines(explained(index, query)[0]))
    assert set(named) <= set(found)
    assert ("readings, greatest of" in {what for _, what in found}) == (query == "covid-19")


def test_each_signal_that_is_on_is_a_factor(tmp_path: Path) -> None:
    index = make(tmp_path, [item("a", "Zeppelin", "2020-06-01", quality=9), *FILLER])
    factors = {what.partition(",")[0] for _, what in lines(explained(index, "zeppelin")[0])}
    assert not factors & {"signals", "freshness", "quality"}
    found = list(lines(explained(index, "latest zeppelin", DEFAULT_SIGNALS)[0]))
    assert {what.partition(",")[0] for _, what in found} >= {
        *("signals", "freshness", "quality", "heat", "coverage"),
    }
    assert (1.0, "weight") in found
    assert (1.0, "f") in found


def test_pairs_of_words_are_explained_where_they_were_scored(tmp_path: Path) -> None:
    items = [item(f"a/{n:03}", "airship harbour") for n in range(ranking.RESCORED + 1)]
    index, size = make(tmp_path, items), ranking.RESCORED // 2
    pages = [
        ask(index, SearchRequest("airship harbour", page_size=size, page=page, explain=True)).hits
        for page in (1, 2, 3)
    ]
    assert [len(page) for page in pages] == [size, size, 1]
    paired = [
        "words that stand together, sum of" in {what for _, what in lines(hit.explanation)}
        for page in pages
        for hit in page
        if hit.explanation
    ]
    assert paired == [True] * ranking.RESCORED + [False]


def test_a_synonym_is_explained_as_the_reading_it_is(tmp_path: Path) -> None:
    index = make(tmp_path, [item("a", "An airship"), item("b", "A zeppelin"), *FILLER])
    found, _ = parse_synonyms("airship = zeppelin", Path("synonyms.txt"))
    results = ask(index, SearchRequest("zeppelin", explain=True), synonyms=Synonyms(found))
    assert ids(results) == ["b", "a"]
    for hit, weight in zip(results.hits, (1.0, 0.5), strict=True):
        assert hit.explanation
        assert hit.explanation.value == hit.score
        assert ((0.5, "boost of the word") in set(lines(hit.explanation))) == (weight < 1)


def test_what_matches_without_a_score_is_explained(tmp_path: Path) -> None:
    index = make(tmp_path, [item("a", topics=("Sea",))])
    for query in ("", "topic:sea", "https://example.com"):
        for explanation in explained(index, query):
            assert explanation.value == 0
            assert (0.0, "matches, without a score") in set(lines(explanation))


def test_of_many_words_only_the_first_hits_are_explained(tmp_path: Path) -> None:
    words = " ".join(f"word{n}" for n in range(60))
    index = make(tmp_path, [item(f"a/{n:03}", words) for n in range(30)])
    results = ask(index, SearchRequest(words, page_size=30, explain=True))
    count = sum(hit.explanation is not None for hit in results.hits)
    assert 0 < count < 30
    assert all(hit.explanation for hit in results.hits[:count])
    assert "not_all_explained" in {note.kind for note in results.notes}
    few = ask(index, SearchRequest("word1", page_size=30, explain=True))
    assert all(hit.explanation for hit in few.hits)
    assert "not_all_explained" not in {note.kind for note in few.notes}


def test_what_is_like_an_item_is_explained_without_signals(seeds_index: Path) -> None:
    with closing(reader_of(seeds_index)) as reader, reader.acquire() as lease:
        first = ids(ask(seeds_index, SearchRequest("facial recognition")))[0]
        found = service.similar(lease.searcher, first, SearchRequest(explain=True))
    assert found
    for hit in found.hits:
        assert hit.explanation
        assert hit.explanation.value == hit.score
        assert "signals, product of" not in {what for _, what in lines(hit.explanation)}
