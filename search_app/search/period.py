"""Parses a date to the span of time it names: `2020-06` is the whole of June 2020.

    2020                         a year, 0001 to 9999
    2020-06  2020-6              a month
    2020-06-09  2020-6-9         a day
    2020-06-09T10:30             a minute
    2020-06-09T10:30:00          a second; a fraction (`10:30:00.25`) is read and dropped

A time may end in `Z` or an offset (`+02:00`, `-0530`); without one it is UTC.
"""

import re
from calendar import isleap, monthrange
from datetime import date, time

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
    year, month, day = (int(written[part] or 1) for part in ("year", "month", "day"))
    hour, minute, second, east, past = (
        int(written[part] or 0) for part in ("hour", "minute", "second", "east", "past")
    )
    try:
        start = (date(year, month, day).toordinal() - _EPOCH) * _DAY
        time(hour, minute, second)
        time(east, past)
    except ValueError:
        return None
    if written["month"] is None:
        return start, start + (366 if isleap(year) else 365) * _DAY
    if written["day"] is None:
        return start, start + monthrange(year, month)[1] * _DAY
    if written["time"] is None:
        return start, start + _DAY
    ahead = (east * 60 + past) * 60 * (-1 if written["sign"] == "-" else 1)
    start += (hour * 60 + minute) * 60 + second - ahead
    return start, start + (60 if written["second"] is None else 1)
