"""Says how a number comes about: a tree of values, of the shape of Lucene's `Explanation`."""

from collections.abc import Iterable
from functools import reduce
from operator import add, mul

from msgspec import Struct


class Explanation(Struct, frozen=True):
    """A number, what it is, and the numbers it comes of: their sum, their product, the greatest of
    them, or what the description says."""

    value: float
    description: str
    details: "tuple[Explanation, ...]"


def given(value: float, what: str) -> Explanation:
    """A number that is given: it comes of nothing else."""
    return Explanation(value, what, ())


def sum_of(what: str, details: Iterable[Explanation]) -> Explanation:
    """The sum, added up one by one."""
    details = tuple(details)
    value = reduce(add, [one.value for one in details], 0.0)  # `sum` corrects rounding since 3.12
    return Explanation(value, f"{what}, sum of", details)


def product_of(what: str, details: Iterable[Explanation]) -> Explanation:
    """The product, multiplied one by one; at least one detail is needed."""
    details = tuple(details)
    value = reduce(mul, [one.value for one in details])
    return Explanation(value, f"{what}, product of", details)


def greatest_of(what: str, details: Iterable[Explanation]) -> Explanation:
    """The greatest of at least one detail."""
    details = tuple(details)
    return Explanation(max(one.value for one in details), f"{what}, greatest of", details)
