"""Average linkage against its definition, and what it holds together or keeps apart."""

from itertools import combinations, product
from random import Random

import pytest

from indexer.stories.clustering import Pair, average_linkage
from tests.conditions import chance as draws


def by_definition(pairs: list[Pair], threshold: float) -> list[list[int]]:
    """Join the two groups most alike on average until none reach the threshold."""
    alike = {frozenset((one, other)): likeness for one, other, likeness in pairs}
    groups = [[item] for item in sorted({item for pair in alike for item in pair})]

    def average(pair: tuple[list[int], list[int]]) -> float:
        one, other = pair
        likenesses = [alike.get(frozenset(both), 0.0) for both in product(one, other)]
        return sum(likenesses) / len(likenesses)

    while len(groups) > 1:
        one, other = max(combinations(groups, 2), key=average)
        if average((one, other)) < threshold:
            break
        groups = [group for group in groups if group not in (one, other)] + [one + other]
    return sorted(sorted(group) for group in groups if len(group) > 1)


def drawn(chance: Random) -> list[Pair]:
    items = range(chance.randint(2, 14))
    density = chance.choice([0.2, 0.5, 1.0])
    pairs = [pair for pair in combinations(items, 2) if chance.random() < density]
    return [(one, other, chance.random()) for one, other in pairs]


@pytest.mark.parametrize("number", range(60))
def test_groups_are_those_of_the_definition(number: int) -> None:
    chance = draws("clustering", number)
    pairs, threshold = drawn(chance), chance.choice([0.2, 0.4, 0.6])
    expected = by_definition(pairs, threshold)
    chance.shuffle(pairs)
    assert average_linkage(pairs, threshold) == expected


def test_a_chain_of_items_is_no_story() -> None:
    chain = [(number, number + 1, 0.5) for number in range(9)]
    assert max(map(len, average_linkage(chain, 0.3))) == 2


def test_an_item_alike_to_two_groups_does_not_join_them() -> None:
    groups = [*combinations(range(4), 2), *combinations(range(4, 8), 2)]
    both = [(item, 8, 0.4) for item in range(8)]
    pairs = [(one, other, 0.9) for one, other in groups] + both
    assert average_linkage(pairs, 0.3) == [[0, 1, 2, 3, 8], [4, 5, 6, 7]]


def test_ties_are_broken_by_the_numbers_and_not_by_the_order_of_pairs() -> None:
    pairs = [(one, one + 1, 0.5) for one in range(7)]
    expected = average_linkage(pairs, 0.3)
    for number in range(20):
        draws("ties", number).shuffle(pairs)
        assert average_linkage(pairs, 0.3) == expected


def test_groups_are_joined_that_are_just_alike_enough() -> None:
    """Two items, and then a third that is as alike to both on average."""
    assert average_linkage([(0, 1, 0.75), (0, 2, 0.25), (1, 2, 0.75)], 0.5) == [[0, 1, 2]]
    assert average_linkage([(0, 1, 0.75), (0, 2, 0.125), (1, 2, 0.75)], 0.5) == [[0, 1]]
    assert average_linkage([(0, 1, 0.5)], 0.5) == [[0, 1]]


def test_nothing_is_joined_where_nothing_is_alike() -> None:
    assert average_linkage([], 0.3) == []
    assert average_linkage([(0, 1, 0.2999)], 0.3) == []
