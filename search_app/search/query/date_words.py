"""Hints at `date:` where words look like a date: `June 2020`, `9 June`, `2020-06-09`.

They are searched as words, since texts hold dates. A hint is given only if they are surely a date:
`May` alone is none, nor are `2020-21` or `march 9 miles`.
"""

import re
from collections.abc import Iterable

from search_app.search.period import period
from search_app.search.query.tree import Leaf, Note, Word

_MONTHS = (
    *("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?"),
    *("aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"),
)
_NAMED = "|".join(f"(?P<m{number}>{name})" for number, name in enumerate(_MONTHS, 1))
_DAY = r"(?P<day{}>[0-9]{{1,2}})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_BEFORE, _AFTER = _DAY.format("_before"), _DAY.format("_after")
_WRITTEN = re.compile(
    rf"(?<![^ ])(?:{_BEFORE}[ ]+(?:of[ ]+)?)?(?:{_NAMED})\.?"
    rf"(?:[ ]+{_AFTER})?(?:[ ]+{_YEAR})?(?![^ ])",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<![^ ])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![^ ])")
_DIGIT = re.compile(r"[0-9]")
_VERBS = ("mar", "march", "may")


def date_words(text: str, leaves: Iterable[Leaf]) -> list[Note]:
    """A note on each date among the words of a text. Words in a field are none of them."""
    if not _DIGIT.search(text):
        return []
    shown = ["\n"] * len(text)
    for leaf in leaves:
        if isinstance(leaf, Word) and not leaf.field:
            shown[leaf.start : leaf.end] = text[leaf.start : leaf.end]
    for at, sign in enumerate(text):
        if sign in " ,":
            shown[at] = " "
    line = "".join(shown)
    found = [(match, match[0]) for match in _ISO.finditer(line) if period(match[0])]
    found += [(match, date) for match in _WRITTEN.finditer(line) if (date := _date(match))]
    return [_note(match, date) for match, date in found]


def _date(match: re.Match[str]) -> str:
    """The value of `date:` for a match, of 2020 if it names no year; "" if it is not surely a
    date."""
    month = next(n for n in range(1, len(_MONTHS) + 1) if match[f"m{n}"])
    name, day = match[f"m{month}"], match["day_before"] or match["day_after"]
    year = match["year"]
    if not (day or year) or (name in _VERBS and not year):
        return ""
    date = f"{year or 2000}-{month:02d}" + (f"-{int(day):02d}" if day else "")
    return date if period(date) else ""


def _note(match: re.Match[str], date: str) -> Note:
    write = "write" if date[:4] in match[0] else "write it with a year, as in"
    message = f"“{match[0]}” was searched as words; for items of that time, {write} date:{date}"
    return Note("date_words", message, match.start(), match.end())
