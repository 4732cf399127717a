"""Hints at `date:` where words look like a date: `June 2020`, `9 June`, `2020-06-09`.

They are searched as words, since texts hold dates. A hint is given only if they are surely a date:
`May` alone is none, nor are `march 9 miles`, or `2019-20` and `2008-09`, which may be a season.
"""

import re
from collections.abc import Iterable

from search_app.search.period import period
from search_app.search.query.tree import Leaf, Note, Word

_MONTHS = (
    *("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?"),
    *("aug(?:ust)?", "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?"),
)
_VERBS = ("mar", "march", "may")
_NAMES = "|".join(f"(?P<m{number}>{name})" for number, name in enumerate(_MONTHS, 1))
_DAY = r"(?P<{}>[0-9]{{1,2}})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_GAP = "(?:[ ]+|-)"
_NAMED = re.compile(
    rf"(?<![^ ])(?:{_DAY.format('before')}{_GAP}(?:of[ ]+)?)?(?:{_NAMES})\.?"
    rf"(?:{_GAP}{_DAY.format('after')})?(?:{_GAP}(?:of[ ]+)?{_YEAR})?(?![^ ])",
    re.IGNORECASE,
)
_FIGURES = re.compile(
    rf"(?<![^ ])(?:{_YEAR}(?P<sign>[-/.])(?P<month>[0-9]{{2}})(?:(?P=sign)(?P<day>[0-9]{{2}}))?"
    rf"|(?P<one>[0-9]{{1,2}})(?P<mark>[./])(?P<two>[0-9]{{1,2}})(?P=mark)"
    rf"{_YEAR.replace('year', 'last')})(?![^ ])"
)
_FIRST_DIGIT = re.compile(r"(?<![^ ,;])[0-9]")
_SOME_YEAR = "2020"


def date_words(text: str, leaves: Iterable[Leaf]) -> list[Note]:
    """A note on each date among the words of a text. Words in a field are none of them."""
    if not _FIRST_DIGIT.search(text):
        return []
    line = _words_alone(text, leaves)
    dates = [(match, _in_figures(match)) for match in _FIGURES.finditer(line)]
    dates += [(match, _named(match)) for match in _NAMED.finditer(line)]
    notes = []
    for match, date in dates:
        if period(date):
            start, end = match.span()
            write = "write" if date[:4] in match[0] else "write it with its year, as in"
            message = f"“{text[start:end]}” was searched as words; for items of that time, "
            date = "-".join(part.zfill(2) for part in date.split("-"))
            notes.append(Note("date_words", f"{message}{write} date:{date}", start, end))
    return notes


def _words_alone(text: str, leaves: Iterable[Leaf]) -> str:
    """The text with its words and what parts them, and nothing that could be a date else."""
    line = [" " if sign in " ,;" else "\n" for sign in text]
    for leaf in leaves:
        if isinstance(leaf, Word) and not leaf.field:
            line[leaf.start : leaf.end] = text[leaf.start : leaf.end]
    return "".join(line)


def _named(match: re.Match[str]) -> str:
    """The value of `date:` for a month with its name; "" if it may be none."""
    month = next(number for number in range(1, len(_MONTHS) + 1) if match[f"m{number}"])
    day, year = match["before"] or match["after"], match["year"]
    if not (day or year) or (not year and ("-" in match[0] or match[f"m{month}"] in _VERBS)):
        return ""
    return f"{year or _SOME_YEAR}-{month:02d}" + (f"-{day}" if day else "")


def _in_figures(match: re.Match[str]) -> str:
    """The value of `date:` for a date in figures; only its year where day and month may each be
    either; "" if it may be none."""
    if year := match["year"]:
        is_season = match["sign"] != "-" or int(match["month"]) == (int(year) + 1) % 100
        if not match["day"] and is_season:
            return ""
        return f"{year}-{match['month']}" + (f"-{match['day']}" if match["day"] else "")
    one, two, year = match["one"], match["two"], match["last"]
    if match["mark"] == "." or int(one) > len(_MONTHS):
        return f"{year}-{two}-{one}"
    return f"{year}-{one}-{two}" if int(two) > len(_MONTHS) else year
