"""A run says what it drew, lives in it, and is the same again where that is given."""

import locale
import os
import subprocess
import sys
import time
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import conditions

ROOT = Path(__file__).parents[1]
HERE = f"{Path(__file__).relative_to(ROOT)}::test_a_property"


@settings(max_examples=5)
@given(st.integers())
def test_a_property(number: int) -> None:
    """Others look at what it is tried with."""
    print(f"\ntried {number}")
    assert number == int(str(number))


def ran(**given: str) -> tuple[str, list[str]]:
    """The property in a run of its own: what is said of how to repeat it, and what was tried."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("NEWSDEX_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", "-n", "0", "-p", "no:cacheprovider", HERE],
        cwd=ROOT,
        env={**plain, **given},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    (said,) = (line for line in done.stdout.splitlines() if line.startswith("To repeat"))
    return said, [line for line in done.stdout.splitlines() if line.startswith("tried")]


def test_the_same_values_repeat_a_run_and_others_are_drawn_each_time() -> None:
    given = {
        "NEWSDEX_TEST_SEED": "5",
        "NEWSDEX_TEST_LOCALE": "C",
        "NEWSDEX_TEST_TIMEZONE": "<+14>-14",
    }
    first, second, another = ran(**given), ran(**given, CI="true"), ran(CI="true")
    assert first == second
    assert first[1]
    assert all(f"{name}={value}" in first[0].replace("'", "") for name, value in given.items())
    assert first[0] != another[0]
    assert first[1] != another[1]


def test_what_was_drawn_is_in_force_here_and_in_what_is_started() -> None:
    assert locale.setlocale(locale.LC_CTYPE) == conditions.LOCALE
    code = "import locale, time; print(locale.setlocale(locale.LC_CTYPE, ''), time.tzname)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.decode() == f"{conditions.LOCALE} {time.tzname}\n"
    assert any(name.strip("<>") in conditions.TIMEZONE for name in time.tzname)
    assert os.environ["TZ"] == conditions.TIMEZONE


def test_a_sample_is_part_of_the_whole_in_its_order() -> None:
    whole = range(100)
    some = conditions.sample(whole, 10, "a test")
    assert some == sorted(set(some))
    assert set(some) <= set(whole)
    assert len(some) == (100 if conditions.CAMPAIGN else 10)
    assert some == conditions.sample(whole, 10, "a test")
    assert conditions.sample(whole, 100) == list(whole)
