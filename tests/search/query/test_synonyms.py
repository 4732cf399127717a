"""Which words of a query find what besides themselves."""

from contextlib import closing
from pathlib import Path

import pytest

from indexer.analysis.synonyms import parse_synonyms
from search_app.search import service
from search_app.search.query.logical import Expression, all_of, any_of, best_of, boosted
from search_app.search.query.parser import parse
from search_app.search.query.rewrite import LogicalQuery, Match, rewrite
from search_app.search.query.synonyms import WEIGHT, Synonyms
from search_app.search.request import SearchRequest
from search_app.search.results import Results
from search_app.search.vocabulary import Vocabulary
from tests.search.samples import ids, item, make, reader_of

FILE = """
ai = artificial intelligence
uk = united kingdom
united kingdom tour > royal tour
bbc > beeb
bbc > auntie
beef > kingdom
cars = autos
"""
SYNONYMS = Synonyms(parse_synonyms(FILE, Path("synonyms.txt"))[0])
NOTHING = Vocabulary({})


def meaning(query: str, match: Match = Match.AUTO) -> LogicalQuery:
    return rewrite(parse(query).tree, match, NOTHING, SYNONYMS)


def plain(query: str) -> Expression:
    """What a query means without synonyms."""
    return rewrite(parse(query).tree, Match.ALL, NOTHING).full


def also(*texts: str) -> list[Expression]:
    """What synonyms are searched for as."""
    return [boosted(plain(text), WEIGHT) for text in texts]


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("ai", best_of([plain("ai"), *also('"artificial intelligence"')])),
        ("AI", best_of([plain("AI"), *also('"artificial intelligence"')])),
        ("U.K.", best_of([plain("U.K."), *also('"united kingdom"')])),
        ("bbc", best_of([plain("bbc"), *also("beeb", "auntie")])),
        ("united kingdom", best_of([plain("united kingdom"), *also("uk")])),
        ("united kingdom tour", best_of([plain("united kingdom tour"), *also('"royal tour"')])),
        (
            "united kingdom night",
            all_of([best_of([plain("united kingdom"), *also("uk")]), plain("night")]),
        ),
        (
            "night united kingdom uk",
            all_of(
                [
                    plain("night"),
                    best_of([plain("united kingdom"), *also("uk")]),
                    best_of([plain("uk"), *also('"united kingdom"')]),
                ]
            ),
        ),
        ("(bbc OR itv)", any_of([best_of([plain("bbc"), *also("beeb", "auntie")]), plain("itv")])),
    ],
)
def test_words_find_their_synonyms(query: str, expression: Expression) -> None:
    assert meaning(query).full == expression


@pytest.mark.parametrize(
    "query",
    [
        "beeb", "artificial", '"united kingdom"', "title:ai", "ai*", "united, -kingdom",
        "kingdom united",
        "united title:kingdom", "united title:night kingdom", "car", "",
    ],
)  # fmt: skip
def test_what_has_no_synonyms(query: str) -> None:
    assert meaning(query, Match.ALL) == rewrite(parse(query).tree, Match.ALL, NOTHING)


def test_what_is_excluded_is_only_what_is_typed() -> None:
    assert meaning("night -ai").full == plain("night -ai")


def test_in_part_an_item_may_have_some_of_the_words_or_a_synonym() -> None:
    words = [plain("united"), plain("kingdom"), *also("uk")]
    assert meaning("united kingdom").partial == any_of(words)
    assert meaning("united kingdom", Match.ANY).full == any_of(words)
    ai = best_of([plain("ai"), *also('"artificial intelligence"')])
    assert meaning("ai night").partial == any_of([ai, plain("night")])


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Items that name things in several ways."""
    titles = {
        "short": "The uk at night",
        "long": "The united kingdom at night",
        "apart": "A kingdom, united at night",
        "both": "The uk, a united kingdom",
        "beeb": "The beeb",
    }
    items = [item(id, title) for id, title in titles.items()]
    return make(tmp_path_factory.mktemp("synonyms") / "index", items)


def ask(index: Path, query: str, match: Match = Match.AUTO) -> Results:
    with closing(reader_of(index)) as reader, reader.acquire() as lease:
        request = SearchRequest(query, match=match)
        return service.search(lease.searcher, request, synonyms=SYNONYMS)


def test_synonyms_are_found_after_what_was_typed(index: Path) -> None:
    assert ids(ask(index, "uk"))[-1] == "long"
    assert set(ids(ask(index, "uk"))) == {"both", "short", "long"}
    assert ids(ask(index, "united kingdom", Match.ALL))[-1] == "short"
    assert set(ids(ask(index, "united kingdom", Match.ALL))) == {"both", "long", "apart", "short"}


def test_what_a_synonym_found_is_marked(index: Path) -> None:
    hits = {hit.item.id: hit.title_html for hit in ask(index, "uk").hits}
    assert hits["long"] == "The <mark>united kingdom</mark> at night"


def test_a_word_that_only_its_synonym_finds_is_not_corrected(index: Path) -> None:
    """Though a word that is near would find an item."""
    results = ask(index, "beef")
    assert set(ids(results)) == {"long", "apart", "both"}
    assert results.corrected is None
    assert ids(ask(index, "beel")) == ["beeb"]
