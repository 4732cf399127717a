"""The intervals of a calendar: days, ISO weeks, months, years, decades and centuries.

A day is a number, counted from 1970-01-01; so no interval needs a date that Python has not, as the
day after 9999-12-31. The intervals of a kind are numbered, too, without gaps.
"""

from datetime import date
from enum import StrEnum
from functools import lru_cache

EPOCH = date(1970, 1, 1).toordinal()
_END = date.max.toordinal() - EPOCH + 1
"""The day after the last one."""


class Interval(StrEnum):
    """Each is longer than those before it. A week is that of ISO 8601: it begins on a Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"


_YEARS = {Interval.YEAR: 1, Interval.DECADE: 10, Interval.CENTURY: 100}
_MONDAY = 3
"""Days from a Monday to 1970-01-01."""


def number(interval: Interval, day: int) -> int:
    """The number of the interval that a day is in; `ValueError` or `OverflowError` for a day of no
    year from 1 to 9999."""
    then = date.fromordinal(day + EPOCH)
    if interval is Interval.DAY:
        return day
    if interval is Interval.WEEK:
        return (day + _MONDAY) // 7
    if interval is Interval.MONTH:
        return 12 * then.year + then.month - 1
    return then.year // _YEARS[interval]


def first_day(interval: Interval, number: int) -> int:
    """The first day of the interval with a number; of those that the year 0 is in, of year 1."""
    if interval is Interval.DAY:
        return number
    if interval is Interval.WEEK:
        return 7 * number - _MONDAY
    if interval is Interval.MONTH:
        year, month = divmod(number, 12)
        return _new_year(year) if month == 0 else date(year, month + 1, 1).toordinal() - EPOCH
    return _new_year(max(1, number * _YEARS[interval]))


_ASCENDING = tuple(Interval)


@lru_cache(maxsize=4096)
def fitting(finest: Interval, most: int, first: int, last: int) -> Interval:
    """The first interval, from `finest` on, of which at most so many hold two days and all between
    them; else the longest. Cached, as most searches find items from the same days."""
    for interval in _ASCENDING[_ASCENDING.index(finest) :]:
        if number(interval, last) - number(interval, first) < most:
            break
    return interval


def edges(interval: Interval, first: int, last: int) -> tuple[int, ...]:
    """The first days of all intervals from one day to another, and the day after the last; no date
    is later than 9999-12-31."""
    return _edges(interval, number(interval, first), number(interval, last))


@lru_cache(maxsize=256)
def _edges(interval: Interval, first: int, last: int) -> tuple[int, ...]:
    """The edges of the intervals with the numbers from `first` to `last`; cached, as most searches
    of an index find items from the same years."""
    return tuple([min(first_day(interval, one), _END) for one in range(first, last + 2)])


def written(interval: Interval, start: int, end: int) -> tuple[str, str]:
    """The first and the last date, as `period` reads them, that select an interval from the day
    `start` until before the day `end`."""
    since, until = (date.fromordinal(day + EPOCH) for day in (start, end - 1))
    if interval in _YEARS:
        return f"{since.year:04d}", f"{until.year:04d}"
    if interval is Interval.MONTH:
        return since.isoformat()[:7], until.isoformat()[:7]
    return since.isoformat(), until.isoformat()


def _new_year(year: int) -> int:
    """The first day of a year, also of the year 10000."""
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 + 1 - EPOCH
