"""Reads dates as people write them: text to moments in UTC."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from indexer.item import instant

_NO_DATE = "is not a date{}; write 2024-12-31T18:00:00Z"
_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?[ \t]*"
    r"(?P<zone>[Zz]|UTC|GMT|(?P<sign>[+-])(?P<ahead>[01]?\d|2[0-3])(?::?(?P<minutes>[0-5]\d))?)?)?",
    re.ASCII,
)
_RANGES = {
    "year": (1, 9999),
    "month": (1, 12),
    "day": (1, 31),
    "hour": (0, 23),
    "minute": (0, 59),
    "second": (0, 59),
}
_MAIL_DATE = re.compile(
    r"(?:[A-Z][a-z]{2},? )?\d{1,2} [A-Z][a-z]{2} \d{4} "
    r"\d\d:\d\d(?::\d\d)? ?(?:[+-]\d{4}|[A-Z]{1,4})?"
)


def read_date(text: str) -> tuple[datetime | None, str]:
    """The moment that a text names, in UTC, and what to say after the text if it is wrong, or "".

    Reads RFC 3339 (section 5.6) and looser forms of it (a blank for the T, no seconds, an hour of
    one digit, `-0500`), a date alone (midnight UTC), and mail dates (RFC 5322, section 3.3). A time
    without a zone is taken as UTC, with a remark. If the text names no moment, the moment is None
    and the remark says why.
    """
    text = text.strip()
    match = _DATE.fullmatch(text)
    if not match and not _MAIL_DATE.fullmatch(text):
        return None, _NO_DATE.format("")
    try:
        moment = _moment(match) if match else parsedate_to_datetime(text)
        if moment.tzinfo:
            return moment.astimezone(UTC), ""
    except OverflowError:
        return None, _NO_DATE.format(" (outside the years 1 to 9999)")
    except ValueError as error:
        return None, _NO_DATE.format(f" ({error})" if match else "")
    moment = moment.replace(tzinfo=UTC)
    return moment, f"has no time zone and was taken as UTC; write {instant(moment)}"


def _moment(match: re.Match[str]) -> datetime:
    """The moment that a date names, naive if it has a time without a zone. Raises a ValueError that
    names what there is not, such as a month, or OverflowError outside the years 1 to 9999."""
    parts = match.groupdict("0")
    year, month, day, hour, minute, second = (int(parts[name]) for name in _RANGES)
    # ISO 8601: 24:00 is the end of the day. A leap second becomes the second before it.
    is_end = hour == 24 and minute == second == 0
    hour, second = 0 if is_end else hour, 59 if second == 60 else second
    given = (year, month, day, hour, minute, second)
    for (name, (least, most)), number in zip(_RANGES.items(), given, strict=True):
        if not least <= number <= most:
            raise ValueError(f"there is no {name} {number}")
    if day > monthrange(year, month)[1]:
        raise ValueError(f"{year:04}-{month:02} has no day {day}")
    microsecond = int(parts["fraction"][:6].ljust(6, "0"))
    moment = datetime(year, month, day, hour, minute, second, microsecond) + timedelta(days=is_end)
    if match["hour"] and not match["zone"]:
        return moment
    ahead = timedelta(hours=int(parts["ahead"]), minutes=int(parts["minutes"]))
    return moment.replace(tzinfo=timezone(-ahead if parts["sign"] == "-" else ahead))
