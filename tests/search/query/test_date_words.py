"""Words that look like a date are searched as words, with a hint at `date:`."""

import pytest

from search_app.search.query.parser import parse
from search_app.search.query.tree import Range, Word
from tests.search.query.test_parser import leaves


@pytest.mark.parametrize(
    ("text", "quoted", "date"),
    [
        ("June 2020", "June 2020", "2020-06"),
        ("ferry june  2020 storm", "june  2020", "2020-06"),
        ("9 June", "9 June", "2020-06-09"),
        ("June 9th", "June 9th", "2020-06-09"),
        ("June 9, 2021", "June 9, 2021", "2021-06-09"),
        ("the 1st of Sept. 1999", "1st of Sept. 1999", "1999-09-01"),
        ("９ Ｊｕｎｅ ２０２０", "９ Ｊｕｎｅ ２０２０", "2020-06-09"),
        ("May 2020", "May 2020", "2020-05"),
        ("may 2020", "may 2020", "2020-05"),
        ("5 May", "5 May", "2020-05-05"),
        ("2020-06-09", "2020-06-09", "2020-06-09"),
        ("storm 2020-06", "2020-06", "2020-06"),
        ("2020/06/09", "2020/06/09", "2020-06-09"),
        ("9.6.2020", "9.6.2020", "2020-06-09"),
        ("13/6/2020", "13/6/2020", "2020-06-13"),
        ("6/13/2020", "6/13/2020", "2020-06-13"),
        ("9/6/2020", "9/6/2020", "2020"),
        ("June of 2020", "June of 2020", "2020-06"),
        ("9-Jun-2020", "9-Jun-2020", "2020-06-09"),
    ],
)
def test_a_date_in_words_is_told_with_what_to_write(text: str, quoted: str, date: str) -> None:
    parsed = parse(text)
    (note,) = parsed.notes
    assert (note.kind, text[note.start : note.end]) == ("date_words", quoted)
    assert note.message.endswith(f"date:{date}")
    assert all(isinstance(leaf, Word) for leaf in leaves(parsed.tree))
    (bound,) = leaves(parse(f"date:{date}").tree)
    assert isinstance(bound, Range)


@pytest.mark.parametrize(
    "text",
    [
        *("May", "may", "june", "June", "2020", "9", "march 9 miles", "may 5 men", "31 June 2020"),
        *("2019-20", "2008-09", "2010-11", "2020-13", "24/7", "9/11", "3/4", "1.2.3", "covid-19"),
        *("192.168.0.1", "1.2.20200", "June2020", "summer 2020", "Mayor 2020", "June or 2020"),
        *('"June 2020"', '"June" 2020', "title:June 2020", "June (2020)", "date:2020-06-09"),
        *("https://x.example/2020/06/09", "x.example/2020/06/09", "june x 9", "9-June"),
    ],
)
def test_what_is_not_surely_a_date_is_not_told(text: str) -> None:
    assert [note.kind for note in parse(text).notes] == []
