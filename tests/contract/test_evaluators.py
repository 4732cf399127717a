"""Compiled code answers as arrays do: the same hits, scores to the last bit, order and counts."""

import os
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.analysis import stem
from indexer.engines.whoosh import columns, toc
from indexer.engines.whoosh.columns import Columns
from indexer.engines.whoosh.merge_policy import MergePolicy
from indexer.errors import IndexDamaged
from indexer.home import Home
from indexer.item import Article, Item, Provider
from search_app.search import ranking
from search_app.search.engine import Query
from search_app.search.engines import open_searcher
from search_app.search.engines.whoosh import compiled, evaluators, order
from search_app.search.engines.whoosh.evaluators import Evaluator
from search_app.search.engines.whoosh.segment import Segment
from search_app.search.engines.whoosh.weighting import JoinedBM25F
from search_app.search.expression import (
    AllOf,
    AnyOf,
    Everything,
    Expression,
    Span,
    Start,
    Term,
    Without,
)
from search_app.search.expression import Sequence as Row
from search_app.search.request import Sort, no_selections
from tests.conditions import chance, examples
from tests.contract.corpora import expressions, queries, worlds
from tests.contract.engines import Step, build

if "compiled" not in evaluators.MAKERS:
    if os.environ.get("NEWSDEX_REQUIRE_KERNEL"):
        raise RuntimeError("the kernel was not built, and NEWSDEX_REQUIRE_KERNEL is set")
    pytest.skip("the kernel was not built: no C compiler", allow_module_level=True)

kernel = import_module(f"{compiled.__name__}.kernel")

ENGINE = "whoosh"
CAREFUL = settings(
    max_examples=examples(15, 2000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def built(folder: Path, steps: list[Step], growth: int) -> list[Segment]:
    """The segments of an index."""
    build(ENGINE, folder, steps, MergePolicy(growth, small=0))
    home = Home(folder)
    generation = home.load(home.current_name(), ENGINE)
    return [
        Segment(columns.read(generation.folder / one.filename), one.deleted_docs())
        for one in toc.read(generation.folder).segments
    ]


def made(name: str, found: Sequence[Segment]) -> Evaluator:
    return evaluators.MAKERS[name](found, JoinedBM25F(found))


def both(found: Sequence[Segment]) -> tuple[Evaluator, Evaluator]:
    """The evaluator in compiled code, and that by arrays."""
    return made("compiled", found), made("arrays", found)


@CAREFUL
@given(
    worlds(),
    st.sampled_from((0, 16)),
    st.sampled_from((0, 3, order.FEW)),
    st.lists(queries(expressions), min_size=1, max_size=20),
)
def test_any_query_of_a_small_world_is_answered_alike(
    steps: list[Step], growth: int, few: int, asked: list[Query]
) -> None:
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "FEW", few)
        compiled, arrays = both(built(Path(name), steps, growth))
        for query in asked:
            assert compiled.search(query) == arrays.search(query)


STEMS = ("reform", "vote", "climb", "paint", "walk", "talk", "mark", "board", "land", "light")
WORDS = [f"{stem}{end}" for end in ("", "s", "ed", "ing", "er") for stem in STEMS]
FREQUENT = [1 / (n + 1) for n in range(len(WORDS))]
OUTLETS = [f"o{n}.com" for n in range(40)]
SIZE = 3000


def world(draw: random.Random) -> list[Step]:
    """Some thousand items in two segments, some of them replaced or deleted."""

    def text(most: int) -> str:
        return " ".join(draw.choices(WORDS, FREQUENT, k=draw.randint(1, most)))

    def article() -> Article:
        outlet = Provider("O", draw.choice(OUTLETS)) if draw.random() < 0.9 else None
        day = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=draw.randrange(300))
        return Article(
            text(8),
            excerpt=text(30),
            published=day if draw.random() < 0.8 else None,
            provider=outlet,
            quality=draw.choice((None, 1, 70)),
        )

    def item(number: int) -> Item:
        related = tuple(article() for _ in range(draw.randint(0, 2)))
        topics = tuple(draw.sample(("AI", "Sea", "Law"), draw.randint(0, 2)))
        return Item(f"{number:05d}", article(), topics=topics, related=related)

    replaced = draw.sample(range(SIZE), 300)
    return [
        (tuple(item(n) for n in range(SIZE)), ()),
        (
            tuple(item(n) for n in sorted(replaced[:200])),
            tuple(f"{n:05d}" for n in sorted(replaced[200:])),
        ),
    ]


def term(draw: random.Random) -> Term:
    word = draw.choices(WORDS, FREQUENT)[0]
    return Term("text", word, draw.choice((stem(word), "")))


def expression(draw: random.Random, depth: int = 0) -> Expression:
    kind = draw.random()
    if depth < 3 and kind < 0.25:
        return AnyOf(tuple(expression(draw, depth + 1) for _ in range(draw.randint(2, 4))))
    if depth < 3 and kind < 0.5:
        unwanted = (Without(expression(draw, depth + 1)),) if draw.random() < 0.3 else ()
        members = (expression(draw, depth + 1) for _ in range(draw.randint(2, 3)))
        return AllOf((*members, *unwanted))
    if kind < 0.6:
        return Row("text", tuple(draw.choices(WORDS[:8], k=draw.randint(1, 3))))
    if kind < 0.65:
        return Start("text", draw.choice(("w", "la", "reform", "~", "none")))
    if kind < 0.68:
        return Term("title", draw.choice(WORDS[:5]))
    if kind < 0.71:
        return draw.choice((Everything(), Span("outlets", 2, None), Span("quality", None, 70)))
    return term(draw)


def query(draw: random.Random) -> Query:
    chosen = no_selections()
    if draw.random() < 0.4:
        chosen |= {"topic": tuple(draw.sample(("AI", "Law", "None"), draw.randint(1, 2)))}
    if draw.random() < 0.3:
        chosen |= {"provider": tuple(draw.sample(OUTLETS, 2))}
    return Query(
        full=expression(draw),
        partial=expression(draw) if draw.random() < 0.5 else None,
        window=(None, None),
        selections=chosen,
        sort=draw.choice(list(Sort)),
        offset=draw.choice((0, 0, 0, 7, 40, 1000, 10**9)),
        limit=draw.choice((10, 1, 100)),
        facet_size=draw.choice((50, 3, 0)),
    )


@pytest.mark.parametrize("seed", range(examples(1, 40)))
def test_any_query_of_thousands_of_items_is_answered_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(ranking, "DECIMALS", 15)  # scores as they are, to the last bit
    draw = chance("thousands", seed)
    compiled, arrays = both(built(tmp_path, world(draw), 0))
    for _ in range(400):
        asked = query(draw)
        assert compiled.search(asked) == arrays.search(asked), asked


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Segment]:
    return built(tmp_path_factory.mktemp("whole"), world(chance("whole")), 0)


def harmed(segment: Segment, draw: random.Random) -> Segment:
    """The segment with some numbers in some of its columns that should not be there."""
    arrays = dict(segment.columns.arrays)
    for name in draw.sample(READ, draw.randint(1, 3)):
        array = arrays[name].copy()
        arrays[name] = array if draw.random() < 0.8 else array[: draw.randrange(len(array))]
        bits = 8 * array.itemsize
        for _ in range(draw.choice((1, 30, 1000))):
            number = draw.getrandbits(draw.choice((1, 8, 16, bits)))
            array.view(f"u{array.itemsize}")[draw.randrange(len(array))] = number % 2**bits
    gone = () if segment.alive is None else (~segment.alive).nonzero()[0]
    return Segment(Columns(segment.size, arrays), gone)


READ = (
    *("lexicon.blob", "lexicon.offsets", "postings.starts", "postings.documents"),
    *("postings.profiles", "postings.buckets", "postings.firsts", "occurrences", "lengths"),
    *("facets.topic.starts", "facets.topic.values", "facets.provider.starts"),
    *("facets.provider.values", "numbers.date", "numbers.outlets"),
    *("ids.blob", "ids.offsets", "recency"),
)


@pytest.mark.parametrize("seed", range(examples(30, 3000)))
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_columns_that_lie_end_in_an_error_or_an_answer_and_never_in_a_crash(
    whole: list[Segment], seed: int
) -> None:
    draw = chance("harmed", seed)
    try:
        compiled = made("compiled", [harmed(segment, draw) for segment in whole])
    except (ValueError, IndexError, OverflowError):
        return
    for _ in range(40):
        with suppress(IndexError):
            compiled.search(query(draw))


def test_columns_that_lie_are_said_to_be_damaged(tmp_path: Path) -> None:
    build(ENGINE, tmp_path, [((Item("a", Article("reform")),), ())])
    home = Home(tmp_path)
    generation = home.load(home.current_name(), ENGINE)
    (listed,) = toc.read(generation.folder).segments
    path = generation.folder / listed.filename
    found = columns.read(path)
    arrays = {name: array.copy() for name, array in found.arrays.items()}
    arrays["postings.documents"] += 7
    columns.write(path, Columns(found.documents, arrays))
    asked = Query(Term("text", "reform"), None, (None, None), no_selections(), Sort.NEWEST, 0, 9, 9)
    with pytest.raises(IndexDamaged, match=rf"{generation.name} .*newsdex reindex --full"):
        open_searcher(ENGINE, generation).search(asked)


def test_the_kernel_is_as_new_as_its_parts() -> None:
    """Else what is tested here is not what is written there: `make` builds it."""
    parts = Path(compiled.__file__).parent.glob("*.p[yx][xi]")
    newest = max((part.stat().st_mtime, part.name) for part in parts if part.suffix != ".pyi")
    assert Path(str(kernel.__file__)).stat().st_mtime >= newest[0], newest[1]


def test_a_kernel_of_another_version_is_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert list(evaluators.makers()) == ["compiled", "arrays"]
    monkeypatch.setattr(evaluators, "VERSION", kernel.VERSION + 1)
    assert list(evaluators.makers()) == ["arrays"]
    assert "another version" in caplog.text


@pytest.mark.parametrize("members", [[], [0], [7], [-1]])
def test_a_program_that_makes_no_sense_is_refused(members: list[int]) -> None:
    program = kernel.Program(kernel.Index([], [], 0, **FIGURES))
    with pytest.raises(ValueError, match=r"members are wanted|there is no node"):
        program.all(members)


FIGURES = {"items": 0.0, "k1": 1.2, "decimals": 1e6, "rounding": 1e-4, "missing": 0}
