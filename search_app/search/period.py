"""Parses a date to the span of time it names: `2020-06` is the whole of June 2020.

    2020                         a year, 0001 to 9999
    2020-06  2020-6              a month
    2020-06-09  2020-6-9         a day
    2020-06-09T10:30             a minute
    2020-06-09T10:30:00          a second; a fraction (`10:30:00.25`) is read and dropped

A time may end in `Z` or an offset (`+02:00`, `-0530`); without one it is UTC.
"""

import re
from calendar import monthrange
from datetime import date

_DAY = 24 * 60 * 60
_EPOCH = date(1970, 1, 1).toordinal()
_WRITTEN = re.compile(
    r"""(?P<year>[0-9]{4})
        (?: -(?P<month>[0-9]{1,2})
            (?: -(?P<day>[0-9]{1,2})
                (?P<time>[Tt] (?P<hour>[0-9]{2}) : (?P<minute>[0-9]{2})
                    (?: : (?P<second>[0-9]{2}) (?: \.[0-9]{1,9} )? )?
                    (?: [Zz] | (?P<sign>[+-]) (?P<east>[0-9]{2}) :? (?P<past>[0-9]{2}) )?
                )?
            )?
        )?""",
    re.VERBOSE,
)


def period(text: str) -> tuple[int, int] | None:
    """The half-open span `[start, end)` that `text` names, or `None` if it names none.

    Both are whole seconds since 1970-01-01T00:00Z, negative before; nothing is rounded or guessed
    (no month 13, no 30 February, no leap second).
    """
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return None
    days = _days(written)
    if days is None:
        return None
    first, last = days
    if written["time"] is None:
        return first * _DAY, (last + 1) * _DAY
    clock = _clock(written)
    if clock is None:
        return None
    start = first * _DAY + clock
    return start, start + (60 if written["second"] is None else 1)


def _days(written: re.Match[str]) -> tuple[int, int] | None:
    """First and last day, counted from the epoch; as ordinals, so that the year 9999 has an end."""
    year, month, day = (int(written[part] or 0) for part in ("year", "month", "day"))
    if year < 1 or (written["month"] is not None and not 1 <= month <= 12):
        return None
    if written["month"] is None:
        first, last = date(year, 1, 1), date(year, 12, 31)
    elif written["day"] is None:
        first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    elif 1 <= day <= monthrange(year, month)[1]:
        first = last = date(year, month, day)
    else:
        return None
    return first.toordinal() - _EPOCH, last.toordinal() - _EPOCH


def _clock(written: re.Match[str]) -> int | None:
    """Seconds from the day's midnight in UTC to the written time; its offset may cross days."""
    hour, minute, second, east, past = (
        int(written[part] or 0) for part in ("hour", "minute", "second", "east", "past")
    )
    if hour > 23 or minute > 59 or second > 59 or east > 23 or past > 59:
        return None
    ahead = (east * 60 + past) * 60 * (-1 if written["sign"] == "-" else 1)
    return (hour * 60 + minute) * 60 + second - ahead
