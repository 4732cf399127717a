"""Time zones: each name says how far it is ahead of UTC, as the tz database has it."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from indexer.source.validate.dates.reader import read_date
from indexer.source.validate.dates.zones import UnknownZoneError, utc_offset

SUMMER, WINTER = datetime(2020, 7, 1, 12), datetime(2020, 1, 1, 12)
SEVERAL = {"CDT", "KST", "MSK", "PDT", "PST"}
"""Names that also meant something else somewhere; mail or the larger country decides."""

needs_tz_database = pytest.mark.skipif(
    not available_timezones(), reason="the system has no tz database"
)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        *(("Z", 0), ("UTC", 0), ("gmt", 0), ("+02:00", 2), ("-0530", -5.5), ("+2", 2)),
        *(("UTC+2", 2), ("GMT-0400", -4), ("GMT +1", 1), ("UTC-03:30", -3.5), ("(CET)", 1)),
        *(("CET", 1), ("cest", 2), ("BST", 1), ("JST", 9), ("MSK", 3), ("EEST", 3), ("NZDT", 13)),
        *(("EST", -5), ("EDT", -4), ("CST", -6), ("CDT", -5), ("MST", -7), ("MDT", -6)),
        *(("PST", -8), ("PDT", -7), ("AEST", 10), ("ACST", 9.5), ("HKT", 8), ("SGT", 8)),
        *(("A", 1), ("I", 9), ("K", 10), ("M", 12), ("N", -1), ("Y", -12)),
    ],
)
def test_a_zone_is_so_many_hours_ahead_of_utc(zone: str, hours: float) -> None:
    for local in (SUMMER, WINTER):
        assert utc_offset(zone, local)[0] == timedelta(hours=hours)


@needs_tz_database
@pytest.mark.parametrize(
    ("zone", "summer", "winter"),
    [("Europe/Berlin", 2, 1), ("America/Argentina/Buenos_Aires", -3, -3), ("ET", -4, -5)],
)
def test_a_region_has_summer_and_winter(zone: str, summer: int, winter: int) -> None:
    assert utc_offset(zone, SUMMER) == (timedelta(hours=summer), "")
    assert utc_offset(zone, WINTER) == (timedelta(hours=winter), "")


@needs_tz_database
def test_the_name_of_a_region_is_not_taken_for_am_or_pm() -> None:
    morning = datetime(2020, 6, 9, 12, 30, tzinfo=UTC)
    assert read_date("2020-06-09 08:30 America/New_York") == (morning, "")
    assert read_date("2020-06-09 08:30 AM America/New_York") == (morning, "")


@needs_tz_database
@pytest.mark.parametrize(
    ("local", "hours"), [(datetime(2020, 10, 25, 2, 30), 2), (datetime(2020, 3, 29, 2, 30), 1)]
)
def test_an_hour_that_comes_twice_or_never_is_told(local: datetime, hours: int) -> None:
    offset, remark = utc_offset("Europe/Berlin", local)
    assert offset == timedelta(hours=hours)
    assert remark == "names an hour in which clocks are changed, and was taken as before the change"


@pytest.mark.parametrize(
    ("local", "is_known"), [(datetime(2015, 7, 1), False), (datetime(2018, 7, 1), True)]
)
def test_a_zone_that_was_moved_for_some_years_is_not_read_in_these(
    local: datetime, is_known: bool
) -> None:
    if is_known:
        assert utc_offset("CLT", local) == (timedelta(hours=-4), "")
    else:
        with pytest.raises(UnknownZoneError, match="CLT was -03:00"):
            utc_offset("CLT", local)


@pytest.mark.parametrize(("zone", "hours"), [("ADT", -3), ("BST", 1), ("WIT", 9)])
def test_a_zone_that_hardly_ever_means_another_is_taken_and_told(zone: str, hours: int) -> None:
    offset, remark = utc_offset(zone, SUMMER)
    assert offset == timedelta(hours=hours)
    assert remark.startswith(f"names the zone {zone}, which was taken as ")


@needs_tz_database
def test_the_table_agrees_with_the_tz_database() -> None:
    offsets = defaultdict(set)
    for key in available_timezones():
        for year in range(1990, 2026):
            for month in (1, 7):
                moment = datetime(year, month, 1, tzinfo=UTC).astimezone(ZoneInfo(key))
                offsets[(moment.tzname() or "").upper()].add(moment.utcoffset())
    compared = 0
    for name in {name for name in offsets if name.isalpha() and len(name) > 2} - SEVERAL:
        try:
            offset, remark = utc_offset(name, SUMMER)
        except UnknownZoneError:
            continue
        assert remark or offsets[name] == {offset}, name
        compared += 1
    assert compared > 40
