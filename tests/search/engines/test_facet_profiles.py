"""Documents of one profile have the same values in every facet group that the profiles cover."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search_app.search.engines.whoosh.facet_profiles import Values, facet_profiles, values_of

Group = list[list[int]]
"""The values of each document."""


def columns(group: Group) -> Values:
    sizes = [len(values) for values in group]
    values = [value for some in group for value in some]
    starts = np.cumsum([0, *sizes]).astype(np.uint32)
    return Values(starts, np.array(values, np.int32), max(values, default=-1) + 1)


def groups_of(documents: int) -> st.SearchStrategy[list[Group]]:
    values = st.lists(st.integers(0, 3), max_size=3, unique=True)
    lone = st.integers(0, 2).map(lambda value: [value])
    group = st.one_of(
        *(st.lists(some, min_size=documents, max_size=documents) for some in (values, lone))
    )
    return st.lists(group, min_size=1, max_size=4)


@given(st.integers(0, 40).flatmap(groups_of), st.sampled_from((1, 2, 16)))
def test_documents_of_a_profile_have_the_same_values(groups: list[Group], few: int) -> None:
    documents = len(groups[0])
    found = facet_profiles([columns(group) for group in groups], documents, few)
    covered = [group for group, covers in zip(groups, found.covers, strict=True) if covers]
    own = [tuple(tuple(group[n]) for group in covered) for n in range(documents)]
    profiles = found.of_documents.tolist()
    assert [own[found.examples[profile]] for profile in profiles] == own
    assert [profiles[example] for example in found.examples] == list(range(len(found.examples)))
    assert len(found.examples) == len(set(own))
    assert len(found.examples) <= max(documents // few, min(1, documents))


def test_all_groups_are_covered_that_leave_profiles_few() -> None:
    few, many = [[n % 2] for n in range(100)], [[n] for n in range(100)]
    topics = [[0, 1] if n % 3 else [] for n in range(100)]
    found = facet_profiles([columns(group) for group in (few, many, topics, few)], 100)
    assert found.covers.tolist() == [1, 0, 1, 1]
    assert len(found.examples) == 4


@given(st.integers(1, 10).flatmap(groups_of), st.lists(st.integers(0, 9), max_size=5))
def test_the_values_of_some_documents_are_theirs_in_this_order(
    groups: list[Group], some: list[int]
) -> None:
    for group in groups:
        chosen = [number % len(group) for number in some]
        found = values_of(columns(group), np.array(chosen, np.int32))
        ends = zip(found.starts[:-1], found.starts[1:], strict=True)
        assert [found.values[begin:end].tolist() for begin, end in ends] == [
            group[number] for number in chosen
        ]
        assert found.size == columns(group).size
