"""The day that a file's name or its folders tell, and the numbers that tell none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.source.validate.dates.file_name import day_of


@pytest.mark.parametrize(
    "id",
    [
        *("2020-05-07-ferry", "2020-05-07_ferry", "2020-05-07 ferry", "2020-05-07", "2020-5-7-x"),
        *("_posts/2020-05-07-ferry", "2020_05_07_ferry", "20200507-ferry", "20200507"),
        *("2020.05.07 ferry", "2020.05.07-ferry", "2020.05.07/ferry"),
        *("2020-05-07T1030-ferry", "202005071030 Ferry", "20200507103059", "2020-05-07.en"),
        *("2020-05-07-ferry/index", "blog/2020-05-07-ferry/index.de", "2020/05/07/ferry"),
        *("news/2020/05/07/ferry", "2020/5/7/ferry", "2020-05/07/ferry", "2020/05-07/ferry"),
        *("2020/05/07", "2020/05/07/a/b/ferry", "2019/01/02/2020-05-07-ferry"),
        *("2019-01-02-old/2020-05-07-new", "2019/01/02/2020/05/07/x", "2020-05-07/2020-13-45-x"),
    ],
)
def test_a_name_or_folders_tell_a_whole_day(id: str) -> None:
    assert day_of(id) == datetime(2020, 5, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "id",
    [
        *("ferry", "", "2020", "2020-05", "2020/05/ferry", "2020-05-ferry", "2020/05/17-things"),
        *("ferry-2020-05-07", "v2020-05-07", "2020-13-01-x", "2020-02-30-x", "20201345-x"),
        *("2020-05-071-x", "202005071-x", "12345678-x", "0020-05-07-x", "1066-10-14-hastings"),
        *(
            "2020.1.2-release",
            "2020.05.071",
            "2020.05_07",
            "2020_1_2",
            "12020/05/07/x",
            "2020/05/077/x",
            "٢٠٢٠-٠٥-٠٧-x",
        ),
    ],
)
def test_other_numbers_tell_no_day(id: str) -> None:
    assert day_of(id) is None


@given(st.from_regex(r"[0-9/_T-]{0,30}"))
def test_no_name_raises(id: str) -> None:
    day = day_of(id)
    assert day is None or day.tzinfo is UTC
