"""Cases that an engine easily gets wrong, one by one: which items an expression matches."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.analysis.tokenizer import stem
from indexer.errors import EngineUnavailable, IndexDamaged
from indexer.index.directory import IndexDirectory
from indexer.item import Article, Item, Provider
from search_app.search.engines import open_searcher
from search_app.search.protocols import EngineRequest, Searcher
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    MatchNone,
    NumericRange,
    Phrase,
    Prefix,
    Term,
)
from search_app.search.request import Sort, no_selections
from tests.contract.engines import Opener, Step, build, opened
from tests.contract.reference import Corpus


def item(id: str, title: str, excerpt: str = "", domain: str = "", quality: int = 0) -> Item:
    outlet = Provider(domain, domain) if domain else None
    return Item(id, Article(title, excerpt, provider=outlet, quality=quality or None))


ITEMS = (
    item("1", "new york new york", "reformed police", "a.com", 10),
    item("2", "new york york new", "reform of the police", "b.com", 20),
    item("3", "york new", "new york", "c.com", 30),
    item("4", "a a b", "COVID-19 and C++", "a.com", 255),
    item("5", "a b a", "covid 19 and c", "b.com", 256),
    item("6", "reforms", "the reforms of the reformers", "c.com", 257),
    item("7", "police of new", "york", quality=65_536),
)

REFORM = Term("text", "reform", stem("reform"))
POLICE = Term("text", "police", stem("police"))
A, B, C = (Keyword("outlet", domain) for domain in ("a.com", "b.com", "c.com"))

CASES: list[tuple[str, Expression, str]] = [
    ("a phrase with a word twice", Phrase("text", ("new", "york", "new", "york")), "1"),
    ("a phrase with a word twice in the middle", Phrase("title", ("york", "york")), "2"),
    ("a word twice in a row", Phrase("text", ("a", "a")), "4"),
    ("a word around another", Phrase("text", ("a", "b", "a")), "5"),
    ("a phrase within one text alone", Phrase("text", ("new", "york")), "123"),
    ("a phrase of a field", Phrase("title", ("new", "york")), "12"),
    ("a phrase over an extra form", Phrase("text", ("c++",)), "4"),
    ("a phrase that begins with an extra", Phrase("text", ("covid19", "19")), "4"),
    ("a phrase with a word that is nowhere", Phrase("text", ("new", "jersey")), ""),
    ("three keywords, any of them", AnyOf((A, B, C)), "123456"),
    ("two keywords, any of them", AnyOf((A, B)), "1245"),
    ("four that do not score", AnyOf((A, NumericRange("quality", 250, 260), B, C)), "123456"),
    ("words and keywords", AnyOf((REFORM, A, C)), "12346"),
    ("everything but", AllOf((MatchAll(), Exclude(A))), "23567"),
    ("one without the other", AllOf((POLICE, Exclude(REFORM))), "7"),
    ("what is taken away first", AllOf((Exclude(REFORM), POLICE)), "7"),
    ("two taken away", AllOf((MatchAll(), Exclude(A), Exclude(B))), "367"),
    ("any taken away", AllOf((MatchAll(), Exclude(AnyOf((A, B, C))))), "7"),
    ("nothing taken away", AllOf((POLICE, Exclude(MatchNone()))), "127"),
    ("all but", AnyOf((A, AllOf((MatchAll(), Exclude(AnyOf((A, B))))))), "13467"),
    ("nothing among all", AllOf((POLICE, MatchNone())), ""),
    ("nothing among any", AnyOf((POLICE, MatchNone())), "127"),
    ("an empty span among all", AllOf((POLICE, NumericRange("quality", 5, 5))), ""),
    ("a beginning", Prefix("text", "reform"), "126"),
    ("a beginning that is no word's", Prefix("text", "reformz"), ""),
    ("the mark of stems begins nothing", Prefix("text", "~"), ""),
    ("a stem is no beginning", Prefix("text", "~en:reform"), ""),
    ("a beginning of a field", Prefix("title", "reform"), "6"),
    ("a stem", REFORM, "126"),
    ("the exact form", Term("text", "reform"), "2"),
    ("the exact form of a field", Term("title", "reforms"), "6"),
    ("a span across the bytes of numbers", NumericRange("quality", 255, 258), "456"),
    ("a span of one", NumericRange("quality", 256, 257), "5"),
    ("a span without an end", NumericRange("quality", 256, None), "567"),
    ("a span without a beginning", NumericRange("quality", None, 256), "1234"),
    ("a span without bounds has the items with a value", NumericRange("date", None, None), ""),
    ("a span beyond all numbers", NumericRange("quality", -(10**30), 10**30), "1234567"),
    ("the wrong way round", NumericRange("quality", 256, 255), ""),
    ("nested conjunctions", AllOf((POLICE, AllOf((REFORM, AllOf((POLICE, A)))))), "1"),
    ("nested disjunctions", AnyOf((AnyOf((A, AnyOf((B, MatchNone())))),)), "1245"),
    ("the same twice", AllOf((A, A, AnyOf((A, A, A)))), "14"),
    ("an item by its id", Keyword("id", "3"), "3"),
]


@pytest.fixture(params=["one segment", "many segments"])
def index(
    request: pytest.FixtureRequest, engine: str, opener: Opener, tmp_path: Path, unmerged: None
) -> Iterator[tuple[Searcher, Corpus]]:
    old = tuple(item(i.id, "old reform police", "a new york", "a.com", 256) for i in ITEMS)
    steps: dict[str, list[Step]] = {
        "one segment": [(ITEMS, ())],
        "many segments": [
            ((*old[:2], *ITEMS[2:5], item("x", "reform a a")), ()),
            ((ITEMS[5], old[6]), ("x",)),
            (ITEMS[:2], ()),
            (ITEMS[6:], ()),
        ],
    }
    with opened(engine, tmp_path, steps[request.param], opener) as both:
        yield both


def asked(full: Expression, partial: Expression | None = None) -> EngineRequest:
    return EngineRequest(full, partial, (None, None), no_selections(), Sort.RELEVANCE, 0, 100, 0)


def test_each_case_matches_these_items(index: tuple[Searcher, Corpus]) -> None:
    searcher, corpus = index
    for name, expression, ids in CASES:
        assert sorted(corpus.scores(expression)) == list(ids), f"the reference itself: {name}"
        found = searcher.search(asked(expression))
        assert sorted(hit.id for hit in found.hits) == list(ids), name


def test_each_case_has_the_scores_of_the_definitions(index: tuple[Searcher, Corpus]) -> None:
    searcher, corpus = index
    for name, expression, _ in CASES:
        found = {hit.id: hit.score for hit in searcher.search(asked(expression)).hits}
        assert found == pytest.approx(corpus.scores(expression), abs=1.5e-6), name


def test_the_exact_form_comes_before_other_forms(index: tuple[Searcher, Corpus]) -> None:
    searcher, _ = index
    first = searcher.search(asked(Term("excerpt", "reformed", stem("reformed")))).hits[0]
    assert first.id == "1"


def test_a_field_that_few_items_have_is_taken_to_be_one_word_long(
    engine: str, tmp_path: Path
) -> None:
    rare = Item("8", Article("x"), topics=("one two",))
    with opened(engine, tmp_path, [((*ITEMS, rare), ())]) as (searcher, corpus):
        two = Term("topic", "two")
        (found,) = searcher.search(asked(two)).hits
        assert found.score == pytest.approx(corpus.scores(two)["8"], abs=1.5e-6)


def test_what_does_not_score_scores_nothing(index: tuple[Searcher, Corpus]) -> None:
    searcher, _ = index
    for expression in (A, MatchAll(), NumericRange("quality", 0, None), AllOf((A, Exclude(B)))):
        assert {hit.score for hit in searcher.search(asked(expression)).hits} == {0.0}


def test_many_alternatives_are_all_tried(index: tuple[Searcher, Corpus]) -> None:
    searcher, _ = index
    many = AnyOf((*(Term("text", f"no{n}") for n in range(2000)), A))
    assert searcher.search(asked(many)).total == 2


def test_a_search_that_fails_does_not_spoil_the_next(index: tuple[Searcher, Corpus]) -> None:
    searcher, _ = index
    with pytest.raises(IndexDamaged, match="KeyError"):
        searcher.search(asked(NumericRange("no such field", 0, 1)))
    assert searcher.search(asked(A)).total == 2


def test_an_unknown_engine_is_unavailable_and_the_known_ones_are_named(tmp_path: Path) -> None:
    build("whoosh", tmp_path, [(ITEMS, ())])
    home = IndexDirectory(tmp_path)
    generation = home.load(home.current_name(), "whoosh")
    with pytest.raises(EngineUnavailable, match=r"'cards'.*whoosh"):
        open_searcher("cards", generation)


def test_an_index_without_items_answers(engine: str, opener: Opener, tmp_path: Path) -> None:
    with opened(engine, tmp_path, [((), ())], opener) as (searcher, corpus):
        for _, expression, _ in CASES:
            assert searcher.search(asked(expression)) == corpus.search(asked(expression))
        assert searcher.get("1") is None
        assert searcher.stats().items == 0


def test_an_item_is_given_back_as_it_was_put(index: tuple[Searcher, Corpus]) -> None:
    searcher, corpus = index
    for id, item in corpus.items.items():
        assert searcher.get(id) == item
    assert searcher.get("x") is None
    assert searcher.stats().items == len(ITEMS)


def test_an_outlet_has_the_name_most_items_give_it(engine: str, tmp_path: Path) -> None:
    names = ("Right", "Wrong", "Right", "Wrong", "Also")
    items = tuple(
        Item(str(n), Article("x", provider=Provider(name, "a.com"))) for n, name in enumerate(names)
    )
    with opened(engine, tmp_path, [(items, ())]) as (searcher, _):
        assert searcher.vocabulary.label("provider", "a.com") == "Right"
        assert searcher.vocabulary.label("provider", "nobody.com") == "nobody.com"
