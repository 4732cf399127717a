"""Reads a date: a text in one of the stated forms to a moment in UTC.

A moment is never guessed. If a text can mean several days, names no day, or names a zone that is
not known or may be one of several, it names no moment, and the remark says so.
"""

from calendar import isleap, monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from re import Match
from typing import Any, TypeAlias
from unicodedata import normalize

from indexer.item import instant
from indexer.source.validate.dates import months
from indexer.source.validate.dates.forms import COARSE, FORMS
from indexer.source.validate.dates.zones import utc_offset

EXAMPLE = "2024-12-31T18:00:00Z"

_LONGEST = 100
_NO_ZONE = "has no time zone and was taken as UTC"
_MINUS = "\u2212"  # which ISO 8601 prefers before an offset
_MILLISECOND = timedelta(milliseconds=1)

_Parts: TypeAlias = Mapping[str, Any]
"""The named groups of a match: texts, or None."""


def read_date(text: str) -> tuple[datetime | None, str]:
    """The moment that a text names, in UTC, and what to say after the text, or "".

    Reads the forms of `FORMS`. A date alone is midnight in UTC. A time without a zone is taken as
    UTC, with a remark; a remark also tells how a zone was taken whose name rarely means another,
    and that a weekday does not fit. If the text names no moment, the moment is None and the remark
    says why.
    """
    match = FORMS[0].pattern.fullmatch(text) or _match(text)
    try:
        if match is None:
            return None, _no_date(_why_not(text))
        moment, remarks = _moment(match.groupdict())
    except OverflowError:
        return None, _no_date("outside the years 1 to 9999")
    except ValueError as error:
        return None, _no_date(str(error))
    return moment, f"{' and '.join(remarks)}; write {instant(moment)}" if remarks else ""


def _match(text: str) -> Match[str] | None:
    """The first form that matches, if blanks of every kind and number count as one, and full-width
    signs as plain ones."""
    if len(text) > _LONGEST:
        return None
    text = " ".join(normalize("NFKC", text).replace(_MINUS, "-").split())
    return next((match for form in FORMS if (match := form.pattern.fullmatch(text))), None)


def _no_date(why: str) -> str:
    return f"is not a date{f' ({why})' if why else ''}; use a form such as {EXAMPLE}"


def _why_not(text: str) -> str:
    match = COARSE.fullmatch(text.strip())
    is_coarse = match and (match["name"] is None or months.month(match["name"]))
    return "it names no day" if is_coarse else ""


def _moment(parts: _Parts) -> tuple[datetime, list[str]]:
    """The moment of a match, and remarks about what is uncertain in it. Raises a ValueError that
    says what is wrong, or OverflowError outside the years 1 to 9999."""
    if seconds := parts.get("since_1970"):
        thousandths = int(parts["thousandths"] or 0)
        return datetime.fromtimestamp(int(seconds), UTC) + thousandths * _MILLISECOND, []
    day = _day(parts)
    remarks = _weekday_remarks(parts, day)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if not parts["hour"]:
        return midnight, remarks
    time = midnight + _time_of_day(parts)
    zone = parts["offset"] or parts["zone"]
    offset, remark = utc_offset(zone, time) if zone else (timedelta(), _NO_ZONE)
    return time - offset, remarks + [remark] * bool(remark)


def _day(parts: _Parts) -> date:
    """The day that a match names."""
    year = _year(parts)
    if week := parts.get("week"):
        return _day_of_week(year, int(week), int(parts["day"]))
    if ordinal := parts.get("ordinal"):
        return _day_of_year(year, int(ordinal))
    if first := parts.get("first"):
        return _only_day(year, int(first), int(parts["next"]))
    name = parts.get("name")
    month = months.month(name) if name else int(parts["month"])
    if name and not month:
        raise ValueError(f"there is no month {name}")
    return _day_of_month(year, month, int(parts["day"]))


def _year(parts: _Parts) -> int:
    """The year. One of two digits counts from 1950 to 2049 (RFC 5322, section 4.3), and only in
    mail: where a time or a weekday shows that it is no day."""
    year = int(parts["year"])
    if len(parts["year"]) == 4:
        return year
    if not (parts["hour"] or parts["weekday"]):
        raise ValueError("its year has two digits")
    return year + (2000 if year < 50 else 1900)


def _day_of_month(year: int, month: int, day: int) -> date:
    _check("year", year, 1, 9999)
    _check("month", month, 1, 12)
    _check("day", day, 1, 31)
    if day > monthrange(year, month)[1]:
        raise ValueError(f"{year:04}-{month:02} has no day {day}")
    return date(year, month, day)


def _day_of_year(year: int, number: int) -> date:
    _check("year", year, 1, 9999)
    _check("day", number, 1, 365 + isleap(year))
    return date(year, 1, 1) + timedelta(number - 1)


def _day_of_week(year: int, week: int, day: int) -> date:
    """The day of an ISO week: 1 is Monday."""
    try:
        return date.fromisocalendar(year, week, day)
    except ValueError as error:
        raise ValueError(f"there is no day {day} of a week {week} in {year:04}") from error


def _only_day(year: int, first: int, next: int) -> date:
    """The one day that two numbers can mean, in whichever order they are day and month."""
    possible = set()
    for month, day in ((next, first), (first, next)):
        if 1 <= month <= 12 and 1 <= day <= monthrange(max(year, 1), month)[1]:
            possible.add(_day_of_month(year, month, day))
    if len(possible) == 2:
        raise ValueError(f"it may mean {min(possible)} or {max(possible)}")
    return possible.pop() if possible else _day_of_month(year, first, next)


def _time_of_day(parts: _Parts) -> timedelta:
    """The time since midnight. 24:00 is the end of the day (ISO 8601), and a leap second becomes
    the second before it."""
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    if half := parts.get("half"):
        _check("hour", hour, 1, 12)
        hour = hour % 12 + 12 * (half in "pP")
    is_end = hour == 24 and minute == second == 0
    _check("hour", hour, 0, 23 + is_end)
    _check("minute", minute, 0, 59)
    _check("second", second, 0, 60)
    microseconds = int((parts["fraction"] or "0")[:6].ljust(6, "0"))
    return timedelta(0, min(second, 59), microseconds, minutes=minute, hours=hour)


def _weekday_remarks(parts: _Parts, day: date) -> list[str]:
    name = parts.get("weekday")
    if not name:
        return []
    number = months.weekday(name)
    if not number:
        raise ValueError(f"{name} is no weekday")
    fits = number == day.isoweekday()
    return [] if fits else [f"is a {months.weekday_name(day.isoweekday())}, not a {name}"]


def _check(name: str, number: int, least: int, most: int) -> None:
    if not least <= number <= most:
        raise ValueError(f"there is no {name} {number}")
