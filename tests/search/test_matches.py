"""Sets of documents against Python's own sets and dictionaries, at sizes on both sides of the
bounds where another way to compute them begins."""

from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_app.search.engines.whoosh.matches import (
    FEW,
    NONE,
    Matches,
    contains,
    flat,
    intersection,
    scores_at,
    union,
)
from tests.contract.corpora import examples

CAREFUL = settings(max_examples=examples(60, 2000), deadline=None)
SIZE = 40 * FEW

Model = dict[int, float]
"""Document to score."""


@st.composite
def models(draw: st.DrawFn) -> Model:
    """A set of documents, from none to all of them; small ones often."""
    count = draw(st.sampled_from((0, 1, 2, FEW - 1, FEW, FEW + 1, 2 * FEW, SIZE // 2, SIZE)))
    random = draw(st.randoms(use_true_random=False))
    numbers = random.sample(range(SIZE), count)
    return {number: random.choice((0.5, 1.0, 0.1, random.random())) for number in numbers}


def matches(model: Model, scored: bool = True) -> Matches:
    numbers = sorted(model)
    scores = np.array([model[number] for number in numbers])
    return Matches(np.array(numbers, np.int32), scores if scored else None)


def listed(found: Matches) -> Model:
    assert found.numbers.dtype == np.int32
    assert (np.diff(found.numbers) > 0).all()  # ascending, each once
    scores = np.zeros(len(found)) if found.scores is None else found.scores
    return dict(zip(found.numbers.tolist(), scores.tolist(), strict=True))


sets = st.lists(st.tuples(models(), st.booleans()), min_size=1, max_size=5)


@CAREFUL
@given(sets)
def test_an_intersection_has_what_all_have_and_adds_in_the_order_given(
    given: list[tuple[Model, bool]],
) -> None:
    common = set.intersection(*(set(model) for model, _ in given))
    wanted = {number: added(given, number) for number in common}
    assert listed(intersection([matches(m, scored) for m, scored in given], SIZE)) == wanted


@CAREFUL
@given(sets)
def test_a_union_has_what_any_has_and_adds_up_its_scores(given: list[tuple[Model, bool]]) -> None:
    anywhere: set[int] = set().union(*(set(model) for model, _ in given))
    wanted = {number: added(given, number) for number in anywhere}
    found = listed(union([matches(m, scored) for m, scored in given], SIZE))
    assert found == pytest.approx(wanted, rel=1e-15 * len(given), abs=0)


@CAREFUL
@given(st.lists(st.floats(0.01, 10), min_size=2, max_size=12), st.integers(0, SIZE - 1))
def test_a_union_adds_in_the_order_given_however_many_documents_there_are(
    scores: list[float], number: int
) -> None:
    """Equal documents have equal scores in small and in large segments, to the last bit."""
    one = [Matches(np.array([number], np.int32), np.array([score])) for score in scores]
    in_order = sum(scores[1:], scores[0])
    for size in (SIZE, 1000 * SIZE):
        assert listed(union(one, size)) == {number: in_order}


def added(given: list[tuple[Model, bool]], number: int) -> float:
    """The scores of a document, the first two first."""
    return sum(model[number] for model, scored in given if scored and number in model)


def test_of_no_scores_comes_none() -> None:
    one, other = matches({1: 1.0, 2: 1.0}, scored=False), matches({2: 1.0}, scored=False)
    assert intersection([one, other], SIZE).scores is None
    assert union([one, other], SIZE).scores is None
    assert union([one, other], 3).scores is None
    assert len(NONE) == 0
    assert listed(union([NONE, NONE], SIZE)) == {}


@CAREFUL
@given(models(), models())
def test_contains_tells_of_each_whether_it_is_there(haystack: Model, needles: Model) -> None:
    found = contains(matches(haystack).numbers, matches(needles).numbers, SIZE)
    assert found.tolist() == [number in haystack for number in sorted(needles)]


@CAREFUL
@given(models(), st.data())
def test_scores_are_found_again(model: Model, data: st.DataObject) -> None:
    count = data.draw(
        st.sampled_from(sorted({0, 1, len(model) // FEW, len(model) // 2, len(model)}))
    )
    some = sorted(sorted(model)[:: max(1, len(model) // count)] if count else [])
    found = scores_at(matches(model), np.array(some, np.int32), SIZE)
    assert found.tolist() == [model[number] for number in some]
    unscored = scores_at(matches(model, scored=False), np.array(some, np.int32), SIZE)
    assert unscored.tolist() == [0.0] * len(some)


@CAREFUL
@given(models(), st.booleans())
def test_where_keeps_what_the_mask_does(model: Model, scored: bool) -> None:
    found = matches(model, scored)
    keep = np.array([number % 3 == 0 for number in sorted(model)], bool)
    kept = {number: score if scored else 0.0 for number, score in model.items() if number % 3 == 0}
    assert listed(found.where(keep)) == kept


@CAREFUL
@given(st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 20)), max_size=30))
def test_flat_lists_the_numbers_of_all_ranges(ranges: list[tuple[int, int]]) -> None:
    starts = np.array([start for start, _ in ranges], np.int64)
    sizes = np.array([size for _, size in ranges], np.int64)
    wanted = [number for start, size in ranges for number in range(start, start + size)]
    assert flat(starts, sizes).tolist() == wanted


def test_what_is_given_is_not_changed() -> None:
    model = {number: float(number) for number in range(0, SIZE, 2)}
    one, other = matches(model), matches({2: 5.0, 3: 5.0})
    for array in (one.numbers, other.numbers, one.scores, other.scores):
        assert array is not None
        array.flags.writeable = False
    for size in (SIZE, 1000 * SIZE):
        union([one, other], size)
        intersection([one, other], size)
    assert fsum(listed(one).values()) == fsum(model.values())
