"""Names of months and weekdays: each stands for one number, in every language."""

import calendar

import pytest

from indexer.source.validate.dates import months


@pytest.mark.parametrize("number", range(1, 13))
def test_english_months_are_known_in_full_and_by_three_letters(number: int) -> None:
    for name in (calendar.month_name[number], calendar.month_abbr[number]):
        assert months.month(name) == months.month(name.upper()) == number


def test_other_languages_are_known_with_and_without_accents() -> None:
    names = "Mai März marzo août AOUT décembre décembre maart maj июня"
    assert [months.month(name) for name in names.split()] == [5, 3, 3, 8, 8, 12, 12, 3, 5, 6]


def test_no_name_stands_for_two_numbers() -> None:
    for table in (months.MONTHS, months.WEEKDAYS):
        seen: dict[str, int] = {}
        for line in table.strip().splitlines():
            for number, name in enumerate(line.split()):
                assert seen.setdefault(name, number) == number, name


@pytest.mark.parametrize("number", range(1, 8))
def test_weekdays_are_known_in_full_and_by_their_first_letters(number: int) -> None:
    name = calendar.day_name[number - 1]
    for known in (name, name[:3], name[:4].upper()):
        assert months.weekday(known) == number
    assert months.weekday_name(number) == name
    assert [months.weekday(name) for name in ("Montag", "terça-feira", "lørdag")] == [1, 2, 6]


@pytest.mark.parametrize("name", ["", "ju", "mo", "abc", "juny", "mond", "dec ember", "listopad"])
def test_other_words_are_neither(name: str) -> None:
    assert months.month(name) == 0
    assert months.weekday(name) == (1 if name == "mond" else 0)
