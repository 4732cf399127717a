"""Sets of documents against Python's own sets and dictionaries, at sizes on both sides of the
bounds where another way to compute them begins."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from search_app.search.engines.whoosh.matches import (
    FEW,
    NONE,
    Leaf,
    Matches,
    Numbers,
    contains,
    estimates,
    intersection,
    located,
    union,
    without,
)
from tests.contract.corpora import examples

CAREFUL = settings(max_examples=examples(25, 2000), deadline=None)
SIZE = 40 * FEW

counts = st.sampled_from((0, 1, 2, FEW - 1, FEW, FEW + 1, 2 * FEW, SIZE // 2, SIZE))


@st.composite
def models(draw: st.DrawFn) -> set[int]:
    """A set of documents, from none to all of them; small ones often."""
    random = draw(st.randoms(use_true_random=False))
    return set(random.sample(range(SIZE), draw(counts)))


def numbers(model: set[int]) -> Numbers:
    return np.array(sorted(model), np.int32)


def listed(found: Numbers) -> set[int]:
    assert found.dtype == np.int32
    assert (np.diff(found) > 0).all()  # ascending, each once
    return set(found.tolist())


sets = st.lists(models(), min_size=1, max_size=5)


@CAREFUL
@given(sets)
def test_an_intersection_has_what_all_have(given: list[set[int]]) -> None:
    found = intersection([numbers(model) for model in given], SIZE)
    assert listed(found) == set.intersection(*given)


@CAREFUL
@given(sets, st.sampled_from((SIZE, 1000 * SIZE)))
def test_a_union_has_what_any_has(given: list[set[int]], size: int) -> None:
    assert listed(union([numbers(model) for model in given], size)) == set.union(*given)


def test_of_nothing_comes_nothing() -> None:
    assert len(union([], SIZE)) == len(union([NONE.numbers], SIZE)) == 0
    assert len(intersection([NONE.numbers, numbers({1})], SIZE)) == 0


@CAREFUL
@given(models(), models())
def test_contains_tells_of_each_whether_it_is_there(haystack: set[int], needles: set[int]) -> None:
    found = contains(numbers(haystack), numbers(needles), SIZE)
    assert found.tolist() == [number in haystack for number in sorted(needles)]
    assert listed(without(numbers(needles), numbers(haystack), SIZE)) == needles - haystack


@CAREFUL
@given(models().filter(bool), models())
def test_what_is_located_is_in_that_row(haystack: set[int], needles: set[int]) -> None:
    rows, there = located(numbers(haystack), numbers(needles))
    assert there.tolist() == [number in haystack for number in sorted(needles)]
    assert numbers(haystack)[rows[there]].tolist() == sorted(needles & haystack)


QUARTERS = (np.arange(8) / 4).astype(np.float32)
leaves = st.lists(st.tuples(models(), st.booleans()), max_size=4)


def leaf(model: set[int], by_bucket: bool) -> Leaf:
    """Adds to each document a quarter of its number modulo 8, which sums keep exactly."""
    values = numbers(model) % 8
    if by_bucket:
        return Leaf(numbers(model), values.astype(np.uint8), QUARTERS)
    return Leaf(numbers(model), (values / 4).astype(np.float32))


@CAREFUL
@given(models(), leaves, st.sampled_from((SIZE, 1000 * SIZE)))
def test_an_estimate_is_the_sum_of_what_the_leaves_add(
    model: set[int], given: list[tuple[set[int], bool]], size: int
) -> None:
    matches = Matches(numbers(model), tuple(leaf(*one) for one in given))
    wanted = [sum(n % 8 / 4 for added, _ in given if n in added) for n in sorted(model)]
    assert estimates(matches, size).tolist() == wanted


@CAREFUL
@given(models(), st.booleans())
def test_the_estimate_of_one_leaf_is_what_it_adds(model: set[int], by_bucket: bool) -> None:
    one = leaf(model, by_bucket)
    found = estimates(Matches(one.documents, (one,)), SIZE)
    assert found.tolist() == [number % 8 / 4 for number in sorted(model)]


@CAREFUL
@given(models())
def test_where_keeps_what_the_mask_does(model: set[int]) -> None:
    keep = np.array([number % 3 == 0 for number in sorted(model)], bool)
    found = Matches(numbers(model)).where(keep)
    assert listed(found.numbers) == {number for number in model if number % 3 == 0}
    assert len(found) == len(found.numbers)


def test_what_is_given_is_not_changed() -> None:
    one, other = numbers(set(range(0, SIZE, 2))), numbers({2, 3})
    before = one.tolist(), other.tolist()
    for array in (one, other):
        array.flags.writeable = False
    for size in (SIZE, 1000 * SIZE):
        union([one, other], size)
        intersection([one, other], size)
        estimates(Matches(one, (leaf({2, 3}, True),)), size)
    assert (one.tolist(), other.tolist()) == before
