"""Average linkage: which items form groups, from how alike the items of each pair are.

Sokal, Michener 1958 (UPGMA): the two groups that are most alike on average are joined, until no two
reach the threshold. Pairs that are not listed are not alike at all.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable

Pair = tuple[int, int, float]
"""Two items, and how alike they are."""


def average_linkage(pairs: Iterable[Pair], threshold: float) -> list[list[int]]:
    """The groups of two members and more, each in order. No pair may be listed twice. Ties are
    broken by the numbers of the items, so the order of the pairs does not matter.

    A group is known by one of its members. The queue holds for each two groups an upper bound on
    how alike they are: what was true when it was put there, and only less since, as they grew.
    """
    sums: dict[int, dict[int, float]] = defaultdict(dict)  # over all pairs of items of two groups
    for one, other, likeness in pairs:
        sums[one][other] = sums[other][one] = likeness
    members = {item: [item] for item in sums}
    queue: list[tuple[float, int, int]] = []

    def offer(one: int, other: int) -> None:
        average = sums[one][other] / (len(members[one]) * len(members[other]))
        if average >= threshold:
            heapq.heappush(queue, (-average, min(one, other), max(one, other)))

    for one in sorted(sums):
        for other in sorted(sums[one]):
            if one < other:
                offer(one, other)
    while queue:
        bound, one, other = heapq.heappop(queue)
        if one not in members or other not in members:
            continue  # one of them has been joined to another group
        if sums[one][other] / (len(members[one]) * len(members[other])) != -bound:
            offer(one, other)
            continue
        if len(members[one]) < len(members[other]):
            one, other = other, one
        members[one] += members.pop(other)
        for third, total in sums.pop(other).items():
            del sums[third][other]
            if third != one:
                sums[one][third] = sums[third][one] = sums[one].get(third, 0.0) + total
                offer(one, third)
    return sorted(sorted(group) for group in members.values() if len(group) > 1)
