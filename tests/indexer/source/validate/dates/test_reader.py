"""Dates: which texts name a moment, and what is said of the others."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.item import instant
from indexer.source.validate.dates.forms import FORMS, Form
from indexer.source.validate.dates.reader import EXAMPLE, read_date


def utc(*parts: int) -> datetime:
    naive = datetime(*parts)  # type: ignore[arg-type]  # no zone among them
    return naive.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-06-09T00:47:00Z", utc(2020, 6, 9, 0, 47)),
        ("2020-06-09t00:47:00z", utc(2020, 6, 9, 0, 47)),
        ("2020-06-09 00:47:00 -0500", utc(2020, 6, 9, 5, 47)),
        ("2020-06-09 00:47:00+02:00", utc(2020, 6, 8, 22, 47)),
        ("2020-06-09 0:47 +02", utc(2020, 6, 8, 22, 47)),
        ("2020-03-20 9:00:00 -0500", utc(2020, 3, 20, 14)),
        ("2020-06-09 00:47:00 UTC", utc(2020, 6, 9, 0, 47)),
        ("2020-06-09T00:47:00.1239999Z", utc(2020, 6, 9, 0, 47, 0, 123999)),
        ("2016-12-31T23:59:60Z", utc(2016, 12, 31, 23, 59, 59)),
        ("2020-06-09T24:00:00Z", utc(2020, 6, 10)),
        ("2020-06-09", utc(2020, 6, 9)),
        ("2020-6-9", utc(2020, 6, 9)),
        ("  2020-06-09\n", utc(2020, 6, 9)),
        ("2999-01-01T00:00:00Z", utc(2999, 1, 1)),
        ("Tue, 09 Jun 2020 00:47:00 GMT", utc(2020, 6, 9, 0, 47)),
        ("9 Jun 2020 00:47:00 -0500", utc(2020, 6, 9, 5, 47)),
        ("Tue, 09 Jun 2020 00:47:00 -0000", utc(2020, 6, 9, 0, 47)),
    ],
)
def test_a_date_names_its_moment_in_utc(text: str, moment: datetime) -> None:
    assert read_date(text) == (moment, "")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.writers)
def test_each_example_of_a_form_names_29_june_2020(form: Form) -> None:
    assert form.examples
    for example in form.examples:
        match = form.pattern.fullmatch(example)
        assert match
        has_time = match.groupdict().keys() & {"since_1970"} or match["hour"]
        moment = utc(2020, 6, 29, 18, 30) if has_time else utc(2020, 6, 29)
        assert read_date(example) == (moment, ""), example
        others = [f for f in FORMS if f is not form and f.pattern.fullmatch(example)]
        assert others == [], example


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2013-07-13 20:46:25 UTC", utc(2013, 7, 13, 20, 46, 25)),
        ("2013-07-13 20:46:25 +0000", utc(2013, 7, 13, 20, 46, 25)),
        ("2006-01-02 15:04:05.999999999 -0700 MST m=+0.0001", utc(2006, 1, 2, 22, 4, 5, 999999)),
        ("2020-06-09T18:30:00Z[UTC]", utc(2020, 6, 9, 18, 30)),
        ("2020-06-09 18:30:00 \u221205:00", utc(2020, 6, 9, 23, 30)),
        ("2020-06-09\u00a018:30\u202fGMT", utc(2020, 6, 9, 18, 30)),
        ("Fri, 22 Sep 17 22:05:03 +0300", utc(2017, 9, 22, 19, 5, 3)),
        ("1 Jan 50 00:00 GMT", utc(1950, 1, 1)),
        ("31 Dec 49 00:00 GMT", utc(2049, 12, 31)),
        ("Monday, 02-Jan-06 15:04:05 MST", utc(2006, 1, 2, 22, 4, 5)),
        ("Mon Jan  2 15:04:05 GMT 2006", utc(2006, 1, 2, 15, 4, 5)),
        ("8th July 2022", utc(2022, 7, 8)),
        ("Sept. 8, 2022", utc(2022, 9, 8)),
        ("8 juillet 2022", utc(2022, 7, 8)),
        ("1er août 2022", utc(2022, 8, 1)),
        ("8. März 2022", utc(2022, 3, 8)),
        ("8 de março de 2022", utc(2022, 3, 8)),
        ("Freitag, 8. Juli 2022", utc(2022, 7, 8)),
        ("vendredi 8 juillet 2022 à 15:04 CEST", utc(2022, 7, 8, 13, 4)),
        ("sexta-feira, 8 de julho de 2022", utc(2022, 7, 8)),
        ("пятница, 8 июля 2022", utc(2022, 7, 8)),
        ("２０２２-０７-０８", utc(2022, 7, 8)),
        ("2022年07月08日 15:04 JST", utc(2022, 7, 8, 6, 4)),
        ("Tue, 08 Oct 2013 18:30:00 CET", utc(2013, 10, 8, 17, 30)),
        ("July 8th, 2022 at 12:04 am GMT", utc(2022, 7, 8, 0, 4)),
        ("July 8, 2022 12 p.m. GMT", utc(2022, 7, 8, 12)),
        ("Fri Sep 22 2017 22:05:03 GMT+0300 (EEST)", utc(2017, 9, 22, 19, 5, 3)),
        ("2020-W53-5", utc(2021, 1, 1)),
        ("2020-366", utc(2020, 12, 31)),
        ("13/04/2020", utc(2020, 4, 13)),
        ("04/13/2020", utc(2020, 4, 13)),
        ("04/04/2020", utc(2020, 4, 4)),
        ("1591663620.5", utc(2020, 6, 9, 0, 47)),
        ("1591663620123", utc(2020, 6, 9, 0, 47, 0, 123000)),
    ],
)
def test_what_programs_and_people_write_is_read(text: str, moment: datetime) -> None:
    assert read_date(text) == (moment, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2020-06-09T00:47:00", "has no time zone and was taken as UTC"),
        ("Jun 9, 2020 at 12:47 AM", "has no time zone and was taken as UTC"),
        ("2020-06-09 01:47 BST", "names the zone BST, which was taken as British Summer Time"),
        ("2020-06-08 18:47 CST", "names the zone CST, which was taken as Central Standard Time of"),
        ("2020-06-09T01:47A", "names the zone A, which was taken as that of the letter, +01:00"),
        ("2020-06-08T12:47:00Y", "names the zone Y, which was taken as that of the letter, -12:00"),
        ("Fri, 9 Jun 2020 00:47 GMT", "is a Tuesday, not a Fri"),
        ("Sunday, 9 Jun 2020 00:47", "is a Tuesday, not a Sunday and has no time zone"),
    ],
)
def test_what_is_not_certain_is_told_with_the_moment_that_was_taken(text: str, said: str) -> None:
    moment, remark = read_date(text)
    assert moment == utc(2020, 6, 9, 0, 47)
    assert remark.startswith(said)
    assert remark.endswith("; write 2020-06-09T00:47:00Z")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2024-13-01", "there is no month 13"),
        ("2022-03-39", "there is no day 39"),
        ("2023-02-29", "2023-02 has no day 29"),
        ("0000-01-01", "there is no year 0"),
        ("2020-06-09 25:00:00Z", "there is no hour 25"),
        ("2020-06-09 24:00:01Z", "there is no hour 24"),
        ("2020-06-09 10:61:00Z", "there is no minute 61"),
        ("2020-06-09 10:59:61Z", "there is no second 61"),
        ("2020-06-09 13:00 PM", "there is no hour 13"),
        ("2020-06-09 0:30 am", "there is no hour 0"),
        ("0001-01-01T00:00:00+01:00", "outside the years 1 to 9999"),
        ("9999-12-31T23:00:00-02:00", "outside the years 1 to 9999"),
        ("9999-12-31T24:00:00Z", "outside the years 1 to 9999"),
        ("20201301", "there is no month 13"),
        ("2019-366", "there is no day 366"),
        ("2021-W53-1", "there is no day 1 of a week 53 in 2021"),
        ("2020-W01-8", "there is no day 8 of a week 1 in 2020"),
        ("31/31/2020", "there is no month 31"),
        ("9 Abc 2020 00:47:00", "there is no month Abc"),
        ("Foo, 9 Jun 2020", "Foo is no weekday"),
    ],
)
def test_an_impossible_date_says_what_is_impossible(text: str, why: str) -> None:
    assert read_date(text) == (None, f"is not a date ({why}); use a form such as {EXAMPLE}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("03/04/2020", "it may mean 2020-03-04 or 2020-04-03"),
        ("3.4.2020 10:00 CET", "it may mean 2020-03-04 or 2020-04-03"),
        *((text, "it names no day") for text in ("2020", "2020-06", "06/2020", "June 2020")),
        ("22 Sep 17", "its year has two digits"),
        ("Mon, 22 Sep 2017 22:05:03 IST", "IST may be the time zone of India, Ireland or Israel"),
        ("2020-06-09 00:47 XYZ", "XYZ is no known time zone"),
        ("2020-06-09T00:47J", "J is no known time zone"),
        ("2020-06-09T00:47a", "a is no known time zone"),
        ("2020-06-09 00:47 Mars/Olympus", "Mars/Olympus is no time zone known to this system"),
        (
            "2020-06-09 00:47 America/Indiana",
            "America/Indiana is no time zone known to this system",
        ),
        ("Tue, 08 Oct 2013 18:30 MSK", "MSK was +04:00, not +03:00, from 2011 to 2014"),
        ("2020-06-09 00:47 EST+5", "EST+5 is no known time zone"),
        ("2020-06-09T00:00:00+99:00", "+99:00 is no known time zone"),
        ("2020-06-09T00:00:00+01:60", "+01:60 is no known time zone"),
    ],
)
def test_what_may_be_several_moments_names_none_and_says_why(text: str, why: str) -> None:
    assert read_date(text) == (None, f"is not a date ({why}); use a form such as {EXAMPLE}")


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "2022-02-XX", "2020-06-10 14:000:00 -0500", "२०२०-०६-०९", "1399/03/20/"),
        *("12", "1234567", "99999999999", "1991663620", "3.14", "-1591663620", "2020-06-09-10"),
        *(
            "2020-06/09",
            "13/04/20",
            "2020-06-09 and more",
            "on 2020-06-09",
            "12:30",
            "June",
            "7 June",
        ),
        *("2020-06-09 18", "2020-06-09T18:30:00Z Z", "9" * 10_000, "2020-06-09 " + "(" * 10_000),
    ],
)
def test_what_is_no_date_is_told_a_form(text: str) -> None:
    assert read_date(text) == (None, f"is not a date; use a form such as {EXAMPLE}")


@given(st.datetimes(timezones=st.timezones()))
def test_iso_format_comes_back_as_the_same_moment(moment: datetime) -> None:
    offset = moment.utcoffset()
    if offset is not None and offset.seconds % 60 == 0:
        found, _ = read_date(moment.isoformat())
        assert found is None or found == moment.astimezone(UTC)


@given(
    st.text(max_size=40)
    | st.sampled_from(FORMS).flatmap(lambda form: st.from_regex(form.pattern, fullmatch=True))
    | st.from_regex(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)? ?[+-]?\d*)?")
)
def test_no_text_raises_and_without_a_moment_there_is_a_remark(text: str) -> None:
    moment, remark = read_date(text)
    assert remark if moment is None else moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2020, 6, 9, 0, 47, 0, 999_999, tzinfo=UTC), "2020-06-09T00:47:00Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "9999-12-31T23:59:59Z"),
    ],
)
def test_an_instant_is_written_in_full(moment: datetime, text: str) -> None:
    assert instant(moment) == text
    assert read_date(text) == (moment.replace(microsecond=0), "")
