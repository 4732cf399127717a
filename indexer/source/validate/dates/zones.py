"""Time zones by name: how far each is ahead of UTC.

A name that is in no table is not known, and a time in it names no moment. The abbreviations of
North America are those of mail (RFC 5322, section 4.3), the letters those of navigators (`A` is an
hour ahead, `J` is nowhere); the others are what the tz database calls the zones, or once did, if
they meant the same since 1990.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_TABLE = """
UTC +00:00   GMT +00:00   UT +00:00    Z +00:00     WET +00:00   WEST +01:00
CET +01:00   CEST +02:00  MET +01:00   MEST +02:00  MEZ +01:00   MESZ +02:00
EET +02:00   EEST +03:00  FET +03:00   TRT +03:00   MSK +03:00   MSD +04:00
WAT +01:00   CAT +02:00   SAST +02:00  EAT +03:00   IDT +03:00   IRST +03:30
IRDT +04:30  AFT +04:30   PKT +05:00   PKST +06:00  UZT +05:00   NPT +05:45
MMT +06:30   ICT +07:00   WIB +07:00   WITA +08:00  HKT +08:00
SGT +08:00   MYT +08:00   PHT +08:00   JST +09:00   KST +09:00   CHST +10:00
AWST +08:00  AWDT +09:00  ACST +09:30  ACDT +10:30  AEST +10:00  AEDT +11:00
NZST +12:00  NZDT +13:00
NST -03:30   NDT -02:30   EST -05:00   EDT -04:00   CDT -05:00
MST -07:00   MDT -06:00   PST -08:00   PDT -07:00   AKST -09:00  AKDT -08:00
HST -10:00   HDT -09:00   BRT -03:00   BRST -02:00  ART -03:00   UYT -03:00
CLT -04:00   CLST -03:00  BOT -04:00   COT -05:00   PET -05:00
"""
_REGIONS = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}
# Another zone is called so as well, but hardly ever: the first is taken, and told.
USUAL = {
    "ADT": (-3, "Atlantic Daylight Time of Canada"),
    "BST": (1, "British Summer Time"),
    "CST": (-6, "Central Standard Time of North America"),
    "WIT": (9, "Eastern Indonesia Time"),
}
AMBIGUOUS = {
    "ACT": "Acre or Central Australia",
    "AMT": "the Amazon or Armenia",
    "AST": "the Atlantic coast of Canada or Arabia",
    "ECT": "Ecuador or the Eastern Caribbean",
    "GST": "the Gulf or Guam",
    "IST": "India, Ireland or Israel",
    "SST": "Samoa or Singapore",
    "WST": "Western Samoa or Western Australia",
}
_MOVED = {
    "CLT": (2015, 2016, "CLT was -03:00, not -04:00, from April 2015 to May 2016"),
    "MSK": (2011, 2014, "MSK was +04:00, not +03:00, from 2011 to 2014"),
}
_LETTERS = {letter: hours for hours, letter in enumerate("ABCDEFGHIKLM", 1)}
_LETTERS |= {letter: -hours for hours, letter in enumerate("NOPQRSTUVWXY", 1)}
_OFFSET = re.compile(
    r"(?:UTC|GMT)? ?(?P<sign>[+-])(?P<hours>[01]?\d|2[0-3])(?::?(?P<minutes>[0-5]\d))?",
    re.ASCII | re.IGNORECASE,
)


class UnknownZoneError(ValueError):
    """A zone that is not known, or may be one of several; the message says so."""


def utc_offset(zone: str, local: datetime) -> tuple[timedelta, str]:
    """How far a zone is ahead of UTC at a local time, and what to say of the text if that is not
    certain, or "".

    The zone is an offset (`+02:00`, `-0500`, `+2`, `UTC+2`, `GMT+0100`), an abbreviation, or a name
    of the tz database (`Europe/Berlin`), as far as the system has it. Raises UnknownZoneError.
    """
    zone = zone.strip("()[]")
    if match := _OFFSET.fullmatch(zone):
        return _timedelta(match["sign"], match["hours"], match["minutes"] or "0"), ""
    name = zone.upper()
    if name in _MOVED and _MOVED[name][0] <= local.year <= _MOVED[name][1]:
        raise UnknownZoneError(_MOVED[name][2])
    if name in _OFFSETS:
        return _OFFSETS[name], ""
    if name in USUAL or zone in _LETTERS:
        hours, meaning = USUAL.get(name) or (_LETTERS[zone], "that of the letter")
        remark = f"names the zone {name}, which was taken as {meaning}, {hours:+03}:00"
        return timedelta(hours=hours), remark
    if name in AMBIGUOUS:
        raise UnknownZoneError(f"{name} may be the time zone of {AMBIGUOUS[name]}")
    return _of_region(_REGIONS.get(name, zone), local)


def _of_region(name: str, local: datetime) -> tuple[timedelta, str]:
    """The offset of a zone of the tz database. When clocks are changed, an hour comes twice or
    not at all: it is read by the offset before the change."""
    if "/" not in name:
        raise UnknownZoneError(f"{name} is no known time zone")
    zone = _region(name)
    first, second = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if first is None:
        raise UnknownZoneError(f"{name} is no time zone known to this system")
    remark = "names an hour in which clocks are changed, and was taken as before the change"
    return first, remark if first != second else ""


@lru_cache(maxsize=256)  # to find that there is none takes longer than to read a file
def _region(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _timedelta(sign: str, hours: str, minutes: str) -> timedelta:
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return -ahead if sign == "-" else ahead


_OFFSETS = {
    name: _timedelta(sign, hours, minutes)
    for name, sign, hours, minutes in re.findall(r"(\w+) +([+-])(\d\d):(\d\d)", _TABLE)
}
