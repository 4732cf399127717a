"""How values are shown to people: dates, numbers, texts that are too long."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from html import escape

from indexer.item import Article, instant

MONTHS = """
    January February March April May June July August September October November December
    """.split()
"""Not by `strftime`, which names months in the language of the process's locale."""

_TWO = [f"{number:02}" for number in range(60)]
"""Numbers of hours and minutes in two digits; making them takes as long as the rest of a date."""


def day_name(day: date) -> str:
    """`9 June 2020`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def is_day(moment: datetime) -> bool:
    """Whether a moment is midnight in UTC, as which a date without a time is read: it stands for
    its day, in all time zones."""
    moment = moment if moment.tzinfo is UTC else _in_zone(moment, UTC)
    return not (moment.hour or moment.minute or moment.second or moment.microsecond)


def time_value(moment: datetime) -> str:
    """The `datetime` of a `time` element: a moment in UTC, or a day alone."""
    return instant(moment)[:10] if is_day(moment) else instant(moment)


def calendar_day(moment: datetime, zone: tzinfo = UTC) -> date:
    """The day that a moment is of in this time zone; a day alone is the same one in all."""
    return _in_zone(moment, UTC if is_day(moment) else zone).date()


def day(moment: datetime, zone: tzinfo = UTC) -> str:
    """`9 June 2020`, as it is in this time zone."""
    return day_name(calendar_day(moment, zone))


def day_and_clock(moment: datetime, zone: tzinfo = UTC) -> str:
    """`9 June 2020, 00:47 UTC`; `9 June 2020, 02:47 CEST` in the time zone of Berlin; `9 June 2020`
    of a day alone."""
    if is_day(moment):
        return day(moment)
    if moment.tzinfo is not zone:
        moment = _in_zone(moment, zone)
    return f"{day_name(moment)}, {_TWO[moment.hour]}:{_TWO[moment.minute]} {moment.tzname()}"


def _in_zone(moment: datetime, zone: tzinfo) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:  # in the first and the last hours of all years
        return moment


_UNITS = {
    "year": timedelta(days=365.2425),
    "month": timedelta(days=365.2425 / 12),
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
}


def duration(time: timedelta, *, is_bound: bool = False) -> str:
    """`3 days`: as many whole units as there are, of the greatest that it has, or as many as it
    does not exceed if it `is_bound`; "" for less than a minute, backwards included."""
    for unit, length in _UNITS.items():
        if number := max(0, time // length):
            number += is_bound and time > number * length
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return ""


def days_ago(moment: datetime, today: date) -> str:
    """`today`, `yesterday`, `3 weeks ago` or `in 2 days`, by days in UTC: what is kept for a day
    stays right."""
    return _days_ago(today.toordinal() - moment.astimezone(UTC).toordinal())


@lru_cache(maxsize=4096)
def _days_ago(days: int) -> str:
    """Cached, as a page has ten, and those of all pages are of the same days."""
    if abs(days) < 2:
        return {-1: "tomorrow", 0: "today", 1: "yesterday"}[days]
    length = duration(timedelta(days=abs(days)))
    return f"{length} ago" if days > 0 else f"in {length}"


def initial(name: str) -> str:
    """The letter that stands for an outlet: `L` for The Ledger, as many are called The."""
    return name.removeprefix("The ").strip()[:1].upper()


def thousands(number: int) -> str:
    """`12,345`."""
    return f"{number:,}"


def counted(number: int, noun: str) -> str:
    """`1 item`, `2,000 items`."""
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def sentence(message: str) -> str:
    """The message with a capital at its beginning, unless it begins with what was typed."""
    return message[:1].upper() + message[1:]


_ENTITIES = re.compile(r"&#?\w+;")
_TAGS_AND_ENTITIES = re.compile(r"<mark>|</mark>|&#?\w+;")
_AT_MOST_ONE_SIGN = re.compile(r"(&#?\w+;|(?s:.))?(<mark>|</mark>)*")

_MARK, _END, _ENTITY = "<mark>", "</mark>", len("&quot;")
_LONGEST = _ENTITY + len(_MARK) + len(_END)
"""The most characters of a sign, with the tags around it."""


def short(text: str, most: int) -> str:
    """The text in at most `most` characters; a longer one is cut and ends in an ellipsis."""
    return text if len(text) <= most else f"{text[: max(0, most - 1)].rstrip()}…"


def cut(html: str, most: int) -> str:
    """Marked text in at most `most` characters: its beginning or, if the first mark is too far into
    it, the text around that mark. An ellipsis stands for what is cut off."""
    if len(html) <= most or len(html) - html.count(_MARK) * len(_MARK + _END) <= most:
        return html
    if most < 2:
        return "…" if most else ""
    beginning = _beginning(html, most)
    before, mark, _ = html.partition(_MARK)
    lead = max(1, most // 4)
    if beginning == html or not mark or len(before) <= 3 * lead:
        return beginning
    if _signs(before[: _ENTITY * most]) <= 3 * lead:
        return beginning
    near = before[-_ENTITY * (lead + 1) :]
    near = near[_after(near, _signs(near) - lead) :]
    return "…" + _beginning(near + html[len(before) :], most - 1)


def _signs(text: str) -> int:
    """How many signs a text without marks has: entities and other characters."""
    return len(text) - sum([len(entity) - 1 for entity in _ENTITIES.findall(text)])


def _after(text: str, signs: int) -> int:
    """Where so many signs of a text without marks end."""
    end = signs
    for entity in _ENTITIES.finditer(text):
        if entity.start() >= end:
            break
        end += len(entity[0]) - 1
    return end


def _beginning(html: str, most: int) -> str:
    """Marked text in at most `most` characters, not counting the tags of marks: all of it, or its
    beginning and an ellipsis."""
    end, close = most - 1, ""
    for found in _TAGS_AND_ENTITIES.finditer(html, 0, _LONGEST * (most + 1)):
        is_tag = found[0] in (_MARK, _END)
        if found.start() >= end + is_tag:
            break
        end += len(found[0]) if is_tag else len(found[0]) - 1
        if is_tag:
            close = _END if found[0] == _MARK else ""
    if _AT_MOST_ONE_SIGN.fullmatch(html, end):
        return html
    return f"{html[:end]}…{close}"


def is_short(address: str, most: int) -> bool:
    """Whether there is an address and it takes at most `most` bytes of a page; none is ever cut."""
    if not address or len(address) > most:
        return False
    return _ENTITY * len(address) <= most or len(escape(address).encode()) <= most


_NO_DIGITS = re.compile(r"\D+")


def archive_url(article: Article) -> str:
    """Where the Web Archive has an article as it was when it was published, or as it is now if that
    is not known; "" without an address."""
    when = f"{_NO_DIGITS.sub('', instant(article.published))}/" if article.published else ""
    return f"https://web.archive.org/web/{when}{article.url}" if article.url else ""


FILTERS = {shown.__name__: shown for shown in (cut, instant, is_short, short, thousands)}
"""Those that templates name."""
