"""The forms of a date that are read, each with examples and who writes it so.

A text is a date if one form matches all of it: nothing in it is skipped, and nothing that it lacks
is filled in. All examples name 29 June 2020; those with a time name 18:30 in UTC.
"""

import re
from dataclasses import dataclass

_YEAR = r"(?P<year>\d{4})"
_MONTH = r"(?P<month>\d{1,2})"
_DAY = r"(?P<day>\d{1,2})"
_DAY_IN_WORDS = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º)?"
_NAME = r"(?P<name>[^\W0-9_]{3,10})\.?"
_WEEKDAY = r"(?:(?P<weekday>[^\W0-9_]{3,11}(?:-feira)?)\.?,? )?"
_CLOCK = (
    r"(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?|(?= ?[AaPp]\.?[Mm]))"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?(?![A-Za-z]))?"
)
# After an offset a name says nothing more; Go adds a reading of its clock.
_ZONE = (
    r"(?: ?(?:(?P<offset>(?:[A-Za-z]{3} ?)?[+-]\d{1,2}(?::?\d\d)?)"
    r"(?: ?(?:[A-Z]{2,5}|[+-]\d\d|\([^()]*\)|\[[^\[\]]*\])(?: m=[+-][0-9.]+)?)?"
    r"|(?P<zone>[A-Za-z]{1,10}(?:/[A-Za-z0-9_+/-]{1,30})?|\([A-Za-z]{1,10}\))"
    r"(?: ?(?:\([^()]*\)|\[[^\[\]]*\]))?))?"
)
_TIME = rf"(?:(?:[Tt_]|,? (?:at |@ |[-–|] |um |à |às |alle |kl\.? )?){_CLOCK}{_ZONE})?"
_DIGITS = (
    r"(?:[Tt ]?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
    rf"{_ZONE})?"
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `writers` are programs, standards or people who write dates so."""

    writers: str
    examples: tuple[str, ...]
    pattern: re.Pattern[str]


def _form(writers: str, pattern: str, *examples: str) -> Form:
    # Digits of other scripts often count other calendars: 1399 or 2563 may be this year.
    return Form(writers, examples, re.compile(pattern.replace(r"\d", "[0-9]")))


FORMS = (
    _form(
        "RFC 3339, ISO 8601, Jekyll, Hugo, Go, Rails, Hexo",
        rf"{_WEEKDAY}{_YEAR}(?P<sep>[-/.]){_MONTH}(?P=sep){_DAY}{_TIME}",
        *("2020-06-29", "2020/6/29", "2020.06.29", "2020-06-29T18:30:00.000Z"),
        *("2020-06-29 18:30:00 UTC", "2020-06-29 20:30:00 +0200 CEST", "2020/6/29 18:30:00 +00"),
        *("2020-06-29T20:30+02:00[Europe/Berlin]", "2020-06-29 6:30PM GMT"),
    ),
    _form(
        "ISO 8601 without signs, archives of the web",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d){_DIGITS}",
        *("20200629", "20200629T183000Z", "20200629T2030+0200", "20200629183000Z"),
    ),
    _form(
        "ISO 8601, by week or day of the year",
        rf"{_YEAR}(?:-?W(?P<week>\d\d)-?(?P<day>\d)|-(?P<ordinal>\d\d\d)){_TIME}",
        *("2020-W27-1", "2020W271", "2020-181", "2020-181T18:30Z"),
    ),
    _form(
        "mail (RFC 5322), HTTP, RFC 850, PHP, people",
        rf"{_WEEKDAY}{_DAY_IN_WORDS}[-/ ](?:of |de )?{_NAME},?[-/ ](?:de |del )?"
        rf"(?P<year>\d{{4}}|\d\d){_TIME}",
        *(
            "29 Jun 2020",
            "29th of June, 2020",
            "29. Juni 2020",
            "29 de junio de 2020",
            "29-Jun-2020",
        ),
        *("Mon, 29 Jun 2020 20:30:00 +0200 (CEST)", "Monday, 29-Jun-20 18:30:00 GMT"),
        *("29 Jun 20 14:30 EDT", "Mon 29 Jun 2020 06:30:00 PM UTC"),
    ),
    _form(
        "people, JavaScript",
        rf"{_WEEKDAY}{_NAME}[- ]{_DAY_IN_WORDS},?[- ]{_YEAR}{_TIME}",
        *("Jun 29 2020", "June 29, 2020", "Monday, June 29th, 2020 at 6:30 p.m. UTC"),
        "Mon Jun 29 2020 21:30:00 GMT+0300 (Eastern European Summer Time)",
    ),
    _form(
        "C (`ctime`), Unix (`date`), Ruby, Go",
        rf"{_WEEKDAY}{_NAME} {_DAY} {_CLOCK}{_ZONE} {_YEAR}",
        *("Mon Jun 29 18:30:00 UTC 2020", "Mon Jun 29 20:30:00 +0200 2020"),
    ),
    _form(
        "Git",
        rf"{_WEEKDAY}{_NAME} {_DAY} {_CLOCK} {_YEAR}{_ZONE}",
        "Mon Jun 29 20:30:00 2020 +0200",
    ),
    _form(
        "people, year first",
        rf"{_YEAR},?[- ]{_NAME}[- ]{_DAY_IN_WORDS}{_TIME}",
        *("2020-Jun-29", "2020 June 29"),
    ),
    _form(
        "people, if only one order of day and month is possible",
        rf"(?P<first>\d{{1,2}})(?P<sep>[-/.])(?P<next>\d{{1,2}})(?P=sep){_YEAR}{_TIME}",
        *("29/06/2020", "6/29/2020", "29.6.2020", "29-06-2020", "6/29/2020, 6:30:00 PM GMT"),
    ),
    _form(
        "people in China, Japan and Korea",
        rf"{_YEAR} ?[年년] ?{_MONTH} ?[月월] ?{_DAY} ?[日일]{_TIME}",
        *("2020年6月29日", "2020년 6월 29일"),
    ),
    _form(
        "programs: seconds or milliseconds since 1970, from 2001 to 2030",
        r"(?P<since_1970>1[0-8]\d{8})(?P<thousandths>\d{3})?(?:\.\d+)?",
        *("1593455400", "1593455400000"),
    ),
)

COARSE = re.compile(
    rf"[0-9]{{4}}(?:[-/.][0-9]{{1,2}})?|[0-9]{{1,2}}[-/.][0-9]{{4}}|{_NAME},? [0-9]{{4}}"
)
"""A year, or a month of a year."""
