"""Reads dates as people write them: text to moments in UTC."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from indexer.item import instant

_EXAMPLE = "2024-12-31T18:00:00Z"
_LONGEST_SHOWN = 40
_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"[ \t]*(?P<zone>[Zz]|UTC|GMT|(?P<sign>[+-])(?P<ahead>\d{1,2})(?::?(?P<minutes>\d{2}))?)?)?",
    re.ASCII,
)
_MAIL_DATE = re.compile(
    r"(?:[A-Z][a-z]{2},? )?\d{1,2} [A-Z][a-z]{2} \d{4} "
    r"\d\d:\d\d(?::\d\d)? ?(?:[+-]\d{4}|[A-Z]{1,4})?"
)


def read_date(text: str) -> tuple[datetime | None, str]:
    """The moment that a text names, in UTC, and a remark on what is wrong with it, or "".

    Reads RFC 3339 (section 5.6) and looser forms of it (a blank for the T, no seconds, an hour of
    one digit, `-0500`), a date alone (midnight UTC), and mail dates (RFC 5322, section 3.3). A time
    without a zone is taken as UTC, with a remark. If the text names no moment, the moment is None
    and the remark says why.
    """
    text = text.strip()
    if match := _DATE.fullmatch(text):
        reason = _impossible(match)
        moment = None if reason else _moment(match)
        if moment is None:
            return None, _refusal(text, reason or "outside the years 1 to 9999")
        if match["hour"] and not match["zone"]:
            return _taken_as_utc(text, moment)
        return moment, ""
    if _MAIL_DATE.fullmatch(text):
        return _mail_date(text)
    return None, _refusal(text, "")


def _impossible(match: re.Match[str]) -> str:
    """What a well-formed date names that does not exist; "" for a real date."""
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    if year == 0:
        return "there is no year 0"
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    if not 1 <= day <= monthrange(year, month)[1]:
        return f"{year:04}-{month:02} has no day {day}"
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 24 or (hour == 24 and (minute or second)):
        return f"there is no hour {hour}" if hour > 24 else "24:00 is the last moment of a day"
    if minute > 59 or second > 60:
        return f"there is no {hour:02}:{minute:02}:{second:02}"
    if int(match["ahead"] or 0) > 23 or int(match["minutes"] or 0) > 59:
        return f"there is no time zone {match['zone']}"
    return ""


def _moment(match: re.Match[str]) -> datetime | None:
    """The moment of a real date; None outside the years 1 to 9999."""
    hour = int(match["hour"] or 0)
    fraction = int((match["fraction"] or "0")[:6].ljust(6, "0"))
    moment = datetime(
        int(match["year"]),
        int(match["month"]),
        int(match["day"]),
        hour % 24,
        int(match["minute"] or 0),
        min(int(match["second"] or 0), 59),  # a leap second becomes the one before
        fraction,
        tzinfo=UTC,
    )
    ahead = timedelta(hours=int(match["ahead"] or 0), minutes=int(match["minutes"] or 0))
    try:
        # 24:00 is midnight at the end of the day (ISO 8601).
        moment += timedelta(days=hour // 24)
        return moment + ahead if match["sign"] == "-" else moment - ahead
    except OverflowError:
        return None


def _mail_date(text: str) -> tuple[datetime | None, str]:
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            return _taken_as_utc(text, moment.replace(tzinfo=UTC))
        return moment.astimezone(UTC), ""
    except (ValueError, OverflowError):
        return None, _refusal(text, "")


def _taken_as_utc(text: str, moment: datetime) -> tuple[datetime, str]:
    return moment, f"{text!r} has no time zone and was taken as UTC; write {instant(moment)}"


def _refusal(text: str, reason: str) -> str:
    shown = text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
    why = f" ({reason})" if reason else ""
    return f"{shown!r} is not a date{why}; write {_EXAMPLE}"
