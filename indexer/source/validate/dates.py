"""Reads dates as people write them: text to moments in UTC."""

import re
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
    except (ValueError, OverflowError) as error:
        return None, _NO_DATE.format(f" ({error})" if match else "")
    moment = moment.replace(tzinfo=UTC)
    return moment, f"has no time zone and was taken as UTC; write {instant(moment)}"


def _moment(match: re.Match[str]) -> datetime:
    """The moment that a date names, naive if it has a time without a zone. Raises ValueError or
    OverflowError if there is no such moment between the years 1 and 9999."""
    parts = match.groupdict("0")
    hour, minute, second = int(parts["hour"]), int(parts["minute"]), int(parts["second"])
    # ISO 8601: 24:00 is the end of the day. A leap second becomes the second before it.
    is_end = hour == 24 and minute == second == 0
    moment = datetime(
        int(parts["year"]),
        int(parts["month"]),
        int(parts["day"]),
        0 if is_end else hour,
        minute,
        59 if second == 60 else second,
        int(parts["fraction"][:6].ljust(6, "0")),
    ) + timedelta(days=is_end)
    if match["hour"] and not match["zone"]:
        return moment
    ahead = timedelta(hours=int(parts["ahead"]), minutes=int(parts["minutes"]))
    return moment.replace(tzinfo=timezone(-ahead if parts["sign"] == "-" else ahead))
