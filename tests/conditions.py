"""What a run of the tests draws, prints and takes back, and how much of everything it tries.

Each run draws a seed, a locale and a time zone, so that over many runs all of them are met. The
variables below repeat a run; processes that it starts, those of pytest included, inherit them.

    NEWSDEX_TEST_SEED       whatever the tests draw at random, hypothesis included, follows from it
    NEWSDEX_TEST_LOCALE     one of those the machine has
    NEWSDEX_TEST_TIMEZONE   as TZ has it
    NEWSDEX_CAMPAIGN=1      no draw: everything at full length
"""

import locale
import os
import random
import secrets
import subprocess
import time
from collections.abc import Sequence
from typing import TypeVar

Case = TypeVar("Case")

_LOCALES = ("C", "C.UTF-8", "en_US.ISO-8859-1", "de_DE.UTF-8", "tr_TR.ISO-8859-9")
"""Text in ASCII, UTF-8 and less; points and commas in numbers; letters of their own cases."""

_TIMEZONES = (
    *("UTC0", "EST5EDT,M3.2.0,M11.1.0", "CET-1CEST,M3.5.0,M10.5.0/3"),
    *("<+0545>-5:45", "<+14>-14", "<-11>11"),
)
"""Spelt out, so that no machine lacks one: none, a summer time, odd minutes, other days."""


def _settled(name: str, choices: Sequence[str]) -> str:
    """What a variable says, or one of the choices; processes started from now on are told it."""
    variable = f"NEWSDEX_TEST_{name}"
    return os.environ.setdefault(variable, secrets.choice(choices))


def _plain(name: str) -> str:
    """A locale's name as `locale -a` may or may not spell it."""
    return name.lower().replace("-", "")


def installed() -> list[str]:
    """The locales to draw from that this machine has; C is always there."""
    try:
        command = ["locale", "-a"]
        listed = subprocess.run(command, capture_output=True, check=True).stdout
    except FileNotFoundError:
        return ["C"]
    there = {_plain(name) for name in listed.decode("latin-1").split()}
    return [name for name in _LOCALES if name == "C" or _plain(name) in there]


CAMPAIGN = os.environ.get("NEWSDEX_CAMPAIGN") == "1"
"""Whether the tests that go on as long as they are let should take their time."""

SEED = int(_settled("SEED", [str(secrets.randbits(32))]))
LOCALE = _settled("LOCALE", installed())
TIMEZONE = _settled("TIMEZONE", _TIMEZONES)

DRAWN = f"NEWSDEX_TEST_SEED={SEED} NEWSDEX_TEST_LOCALE={LOCALE} NEWSDEX_TEST_TIMEZONE={TIMEZONE!r}"
"""What to put before the command to repeat this run."""


def put_in_force() -> None:
    """Let this process, and those it starts, live in the drawn locale and time zone. Python takes
    of a locale how characters are encoded, and nothing else, when it starts: so does this."""
    for name in [name for name in os.environ if name.startswith("LC_")] + ["LANGUAGE"]:
        os.environ.pop(name, None)
    os.environ.update(LC_ALL=LOCALE, LANG=LOCALE, TZ=TIMEZONE)
    locale.setlocale(locale.LC_CTYPE, "")
    time.tzset()


def utf_8(name: str) -> str:
    """What is to be given for a file to be called so in UTF-8, whatever the drawn locale says."""
    return os.fsdecode(name.encode())


def examples(ordinary: int, campaign: int) -> int:
    """How many examples a property is tried with."""
    return campaign if CAMPAIGN else ordinary


def chance(*names: object) -> random.Random:
    """What draws for a test of these names: the same in each run of the same seed."""
    return random.Random(" ".join(map(str, (SEED, *names))))  # noqa: S311 - no secret


def sample(cases: Sequence[Case], ordinary: int, *names: object) -> list[Case]:
    """All cases in a campaign; else so many of them, another choice for each seed, in order."""
    if CAMPAIGN or ordinary >= len(cases):
        return list(cases)
    places = sorted(chance("sample", *names).sample(range(len(cases)), ordinary))
    return [cases[place] for place in places]
