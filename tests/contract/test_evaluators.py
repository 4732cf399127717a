"""Compiled code answers as NumPy does: the same hits, scores to the last bit, order and counts."""

import os
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.analysis.tokenizer import typed_stems
from indexer.document import headline_number
from indexer.engines.whoosh import toc
from indexer.errors import IndexDamaged
from indexer.index.directory import IndexDirectory
from indexer.item import Article, Item, Provider
from indexer.segment import column_file
from indexer.segment.column_file import Columns
from indexer.segment.merge_policy import MergePolicy
from search_app.search.engines import open_searcher
from search_app.search.engines.whoosh import native
from search_app.search.engines.whoosh.backends import BACKENDS, Evaluator, backends
from search_app.search.engines.whoosh.searcher import opened_segments
from search_app.search.engines.whoosh.segment_reader import SegmentReader
from search_app.search.engines.whoosh.segment_stories import SegmentStories
from search_app.search.engines.whoosh.similarity import BM25F
from search_app.search.protocols import EngineRequest
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    NumericRange,
    Prefix,
    Term,
)
from search_app.search.query.logical import Phrase as Row
from search_app.search.request import Group, Sort, no_selections
from search_app.search.signals import SignalWeights
from tests.conditions import chance, examples
from tests.contract.corpora import expressions, queries, worlds
from tests.contract.engines import Step, build, tuned

if "native" not in BACKENDS:
    if os.environ.get("NEWSDEX_REQUIRE_KERNEL"):
        raise RuntimeError("the kernel was not built, and NEWSDEX_REQUIRE_KERNEL is set")
    pytest.skip("the kernel was not built: no C compiler", allow_module_level=True)

collect = import_module(f"{native.__name__}.collect")

ENGINE = "whoosh"
CAREFUL = settings(
    max_examples=examples(15, 2000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def built(folder: Path, steps: list[Step], growth: int) -> list[SegmentReader]:
    """The segments of an index."""
    build(ENGINE, folder, steps, MergePolicy(growth, small=0))
    home = IndexDirectory(folder)
    generation = home.load(home.current_name(), ENGINE)
    return opened_segments(generation.folder)


def made(name: str, found: Sequence[SegmentReader], **settings: Any) -> Evaluator:
    return tuned(name, **settings).make(found, BM25F(found))


def both(
    found: Sequence[SegmentReader], exhaustive_below: int, decimals: int, now: float = 2e9
) -> tuple[Evaluator, Evaluator]:
    """The evaluator in compiled code, and that in NumPy."""
    settings = {"decimals": decimals, "now": now}
    compiled = made("native", found, exhaustive_below=exhaustive_below, **settings)
    return compiled, made("vectorized", found, **settings)


@CAREFUL
@given(
    worlds(),
    st.sampled_from((0, 16)),
    st.sampled_from((0, 3, 200)),
    st.sampled_from((6, 15)),
    st.lists(queries(expressions), min_size=1, max_size=20),
)
def test_any_query_of_a_small_world_is_answered_alike(
    steps: list[Step], growth: int, exhaustive_below: int, decimals: int, asked: list[EngineRequest]
) -> None:
    with TemporaryDirectory() as name:
        compiled, plain = both(built(Path(name), steps, growth), exhaustive_below, decimals)
        for query in asked:
            assert compiled.search(query) == plain.search(query)


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
            url=f"https://a.com/{draw.randrange(50)}",
            published=day if draw.random() < 0.8 else None,
            provider=outlet,
            quality=draw.choice((None, 1, 70)),
        )

    def item(number: int) -> Item:
        related = tuple(article() for _ in range(draw.randint(0, 2)))
        topics = tuple(draw.sample(("AI", "Sea", "Law"), draw.randint(0, 2)))
        language = draw.choice(("en", "en", "de", "zh"))
        return Item(f"{number:05d}", article(), topics, related=related, language=language)

    replaced = draw.sample(range(SIZE), 300)
    return [
        (tuple(item(n) for n in range(SIZE)), ()),
        (
            tuple(item(n) for n in sorted(replaced[:200])),
            tuple(f"{n:05d}" for n in sorted(replaced[200:])),
        ),
    ]


def told(segment: SegmentReader, names: Sequence[int], draw: random.Random) -> SegmentReader:
    """The segment with stories drawn at random; half of the documents are alone in theirs."""
    of_documents = [max(-1, draw.randrange(-len(names), len(names))) for _ in range(segment.size)]
    stories = SegmentStories(np.array(of_documents, np.int32), np.array(names, np.uint64))
    return SegmentReader(segment.columns, (~segment.alive).nonzero()[0], stories)


KEYWORDS = (
    *(Keyword("outlet", OUTLETS[3]), Keyword("label", "sea"), Keyword("type", "article")),
    *(Keyword("id", "00017"), Keyword("url", "a.com/7"), Prefix("type", "a")),
)


def field(draw: random.Random) -> str:
    return draw.choice(("text", "text", "title", "excerpt", "related"))


def term(draw: random.Random) -> Term:
    word = draw.choices(WORDS, FREQUENT)[0]
    codes = draw.choice((("en", "de"), ("de", "en"), ("sv", "de"), ()))
    first, *others = typed_stems((word,), codes) or [""]
    return Term(field(draw), word, first, others=tuple(others))


def expression(draw: random.Random, depth: int = 0) -> Expression:
    kind = draw.random()
    if depth < 3 and kind < 0.25:
        return AnyOf(tuple(expression(draw, depth + 1) for _ in range(draw.randint(2, 4))))
    if depth < 3 and kind < 0.5:
        unwanted = (Exclude(expression(draw, depth + 1)),) if draw.random() < 0.3 else ()
        members = (expression(draw, depth + 1) for _ in range(draw.randint(2, 3)))
        return AllOf((*members, *unwanted))
    if kind < 0.6:
        return Row(field(draw), tuple(draw.choices(WORDS[:8], k=draw.randint(1, 3))))
    if kind < 0.65:
        return Prefix(field(draw), draw.choice(("w", "la", "reform", "~", "none")))
    if kind < 0.68:
        return draw.choice(KEYWORDS)
    if kind < 0.71:
        return draw.choice(
            (MatchAll(), NumericRange("outlets", 2, None), NumericRange("quality", None, 70))
        )
    return term(draw)


def pair(draw: random.Random) -> tuple[Term, Term]:
    first, second = draw.sample(WORDS[:8], 2)
    return Term("text", first, boost=draw.choice((1.0, 0.15))), Term("text", second)


def query(draw: random.Random, stories: Sequence[str] = ()) -> EngineRequest:
    chosen = no_selections()
    if draw.random() < 0.4:
        chosen |= {"topic": tuple(draw.sample(("ai", "law", "none"), draw.randint(1, 2)))}
    if draw.random() < 0.3:
        chosen |= {"provider": tuple(draw.sample(OUTLETS, 2))}
    worded = {}
    if draw.random() < 0.2:
        worded = {"topic": {"~1": term(draw), "~2": expression(draw)}}
        chosen |= {"topic": (*chosen["topic"], "~1", "~2")}
    few = AllOf((term(draw), term(draw), term(draw), term(draw)))
    return EngineRequest(
        worded=worded,
        full=expression(draw) if draw.random() < 0.8 else few,
        partial=expression(draw) if draw.random() < 0.5 else None,
        window=(None, None),
        selections=chosen,
        sort=draw.choice(list(Sort)),
        offset=draw.choice((0, 0, 0, 7, 40, 1000, 10**9)),
        limit=draw.choice((10, 1, 100)),
        facet_size=draw.choice((50, 3, 0)),
        group=draw.choice(list(Group)),
        story=draw.choice(("", "none", *stories)) if draw.random() < 0.2 else "",
        headline=headline_number(draw.choice(WORDS)) if draw.random() < 0.5 else 0,
        pairs=tuple(pair(draw) for _ in range(draw.choice((0, 1, 3)))),
        rescored=draw.choice((100, 10, 1000)),
        signals=SignalWeights(*draw.choices((0.0, 0.2, 1.0), k=4)),
        if_new=SignalWeights(1.0) if draw.random() < 0.5 else None,
    )


@pytest.mark.parametrize("seed", range(examples(1, 40)))
def test_any_query_of_thousands_of_items_is_answered_alike(tmp_path: Path, seed: int) -> None:
    draw = chance("thousands", seed)
    names = sorted({draw.getrandbits(64) for _ in range(300)})
    segments = [told(segment, names, draw) for segment in built(tmp_path, world(draw), 0)]
    now = datetime(2020, 11, 1, tzinfo=UTC).timestamp()
    compiled, plain = both(segments, 200, 15, now)  # to the last bit
    stories = [f"{name:016x}" for name in names]
    for _ in range(400):
        asked = query(draw, stories)
        found = compiled.search(asked)
        assert found == plain.search(asked), asked
        explained = compiled.explain(replace(asked, signals=found.signals), found.hits[:3])
        assert [one.value for one in explained] == [hit.score for hit in found.hits[:3]], asked


def test_two_words_that_stand_together_tens_of_thousands_of_times_are_scored_alike(
    tmp_path: Path,
) -> None:
    """In time that grows with their number, not with its square, which would take minutes here."""
    body = "toll gate " * 40_000 + "gate one two three four five six toll " * 20_000
    found = built(tmp_path, [((Item("a", Article("Toll gate"), body=body),), ())], 0)
    words = (Term("text", "toll"), Term("text", "gate"))
    asked = EngineRequest(
        *(words[0], None, (None, None), no_selections(), Sort.RELEVANCE, 0, 9, 0),
        pairs=(words, words[::-1]),
    )
    compiled, plain = both(found, 200, 15)
    assert compiled.search(asked) == plain.search(asked)
    assert plain.search(asked).hits[0].score > plain.search(replace(asked, pairs=())).hits[0].score


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[SegmentReader]:
    return built(tmp_path_factory.mktemp("whole"), world(chance("whole")), 0)


def harmed(segment: SegmentReader, draw: random.Random) -> SegmentReader:
    """The segment with some numbers in some of its columns that should not be there."""
    arrays = dict(segment.columns.arrays)
    for name in draw.sample(READ, draw.randint(1, 3)):
        array = arrays[name].copy()
        arrays[name] = array if draw.random() < 0.8 else array[: draw.randrange(len(array))]
        bits = 8 * array.itemsize
        for _ in range(draw.choice((1, 30, 1000))):
            number = draw.getrandbits(draw.choice((1, 8, 16, bits)))
            array.view(f"u{array.itemsize}")[draw.randrange(len(array))] = number % 2**bits
    deleted = (~segment.alive).nonzero()[0]
    return SegmentReader(Columns(segment.size, arrays), deleted, segment.stories)


READ = (
    *("terms.blob", "terms.offsets", "postings.starts", "postings.documents"),
    *("postings.tf_profiles", "postings.impacts", "postings.position_offsets", "positions"),
    "lengths",
    *("facets.topic.starts", "facets.topic.values", "facets.provider.starts"),
    *("facets.provider.values", "numbers.date", "numbers.outlets"),
    *("ids.blob", "ids.offsets", "ids.order", "date_rank", "urls.keys", "urls.documents"),
    *("tf_profiles", "facets.type.starts", "facets.type.values"),
)


@pytest.mark.parametrize("seed", range(examples(30, 3000)))
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_columns_that_lie_end_in_an_error_or_an_answer_and_never_in_a_crash(
    whole: list[SegmentReader], seed: int
) -> None:
    draw = chance("harmed", seed)
    try:
        compiled = made("native", [harmed(segment, draw) for segment in whole])
    except (ValueError, IndexError, OverflowError):
        return
    for _ in range(40):
        with suppress(IndexError):
            compiled.search(query(draw))


def test_columns_that_lie_are_said_to_be_damaged(tmp_path: Path) -> None:
    build(ENGINE, tmp_path, [((Item("a", Article("reform")),), ())])
    home = IndexDirectory(tmp_path)
    generation = home.load(home.current_name(), ENGINE)
    (listed,) = toc.read(generation.folder).segments
    path = generation.folder / listed.filename
    found = column_file.read(path)
    arrays = {name: array.copy() for name, array in found.arrays.items()}
    arrays["postings.documents"] += 7
    column_file.write(path, Columns(found.documents, arrays))
    asked = EngineRequest(
        Term("text", "reform"), None, (None, None), no_selections(), Sort.NEWEST, 0, 9, 9
    )
    with pytest.raises(IndexDamaged, match=rf"{generation.name} .*newsdex reindex --full"):
        open_searcher(ENGINE, generation).search(asked)


def test_the_kernel_is_as_new_as_its_parts() -> None:
    """Else what is tested here is not what is written there: `make` builds it."""
    folder = Path(native.__file__).parent
    units = [import_module(f"{native.__name__}.{unit.stem}") for unit in folder.glob("*.pyx")]
    parts = [*folder.glob("*.pyx"), *folder.glob("*.pxd")]
    newest = max((part.stat().st_mtime, part.name) for part in parts)
    for unit in units:
        assert Path(str(unit.__file__)).stat().st_mtime >= newest[0], (unit, newest[1])


def test_a_kernel_of_another_version_is_not_used(caplog: pytest.LogCaptureFixture) -> None:
    assert list(backends()) == ["native", "vectorized"]
    assert list(backends(collect.VERSION + 1)) == ["vectorized"]
    assert "another version" in caplog.text


@pytest.mark.parametrize("leaf", [Term("nowhere", "a"), Prefix("id", "a"), Row("text", ())])
def test_a_leaf_that_makes_no_sense_is_refused(whole: list[SegmentReader], leaf: Any) -> None:
    asked = EngineRequest(leaf, None, (None, None), no_selections(), Sort.RELEVANCE, 0, 9, 0)
    with pytest.raises((KeyError, ValueError)):
        made("native", whole).search(asked)
