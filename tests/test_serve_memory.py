"""The memory of a server after a thousand requests that hold as much as they may."""

import os
import random
import re
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from tests.conditions import examples
from tests.test_serve import serving, site  # noqa: F401 - the fixture

ROUND = examples(50, 1_000)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
GROWTH = 24
"""Megabytes that a server may have grown by: less than what those requests were long."""


def worst(draw: random.Random) -> str:
    """The path of a request at some bound, of words that nobody has asked for before."""

    def word(length: int) -> str:
        return "".join(draw.choices(LETTERS, k=length))

    kinds = (
        {"q": " ".join(word(draw.randint(3, 30)) for _ in range(128)), "match": "any"},
        {"q": "".join(chr(draw.randrange(0x4E00, 0x9FFF)) for _ in range(400))},
        {"q": "headline", "topic": [word(30) for _ in range(100)], "page_size": "100"},
        {"q": word(60_000)},
        {"q": " ".join(f'"{word(5)} the {word(6)}"' for _ in range(120)), "match": "any"},
        {"since": word(60_000)},
        {word(50): word(50) for _ in range(600)},
    )
    if draw.random() < 0.1:
        return f"/items/{word(60_000)}"
    return f"/search?{urlencode(draw.choice(kinds), doseq=True)}"


def anonymous_megabytes(pid: int) -> float:
    """What a process holds that no file does."""
    found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc to read")
def test_a_thousand_of_the_worst_requests_leave_nothing_behind(site: Path) -> None:  # noqa: F811
    draw = random.Random(0)  # noqa: S311 - it draws examples, not secrets
    with serving(site, stderr=os.open(os.devnull, os.O_WRONLY)) as (process, address):

        def ask() -> None:
            for _ in range(ROUND):
                connection = HTTPConnection(urlsplit(address).netloc)
                connection.request("GET", worst(draw))
                answer = connection.getresponse()
                assert answer.status in (200, 400, 404)
                assert len(answer.read()) < 300_000
                connection.close()

        ask()
        before = anonymous_megabytes(process.pid)
        ask()
        ask()
        after = anonymous_megabytes(process.pid)
    assert after - before < GROWTH, (before, after)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc to read")
def test_ever_other_addresses_leave_no_more_behind_than_the_cache_may_have(
    site: Path,  # noqa: F811
) -> None:
    """The pages have several times as many bytes as a server may grow by here."""
    config = site / "newsdex.toml"
    config.write_text("cache_mb = 2\n")
    with serving(site, "--config", str(config)) as (process, address):
        connection = HTTPConnection(urlsplit(address).netloc)

        def ask(begin: int, end: int) -> int:
            size = 0
            for number in range(begin, end):
                connection.request("GET", f"/search?q=headline&utm_source={number}")
                answer = connection.getresponse()
                assert answer.status == 200
                size += len(answer.read())
            return size

        ask(0, 500)  # which fill the cache
        before = anonymous_megabytes(process.pid)
        size = ask(500, 3_500)
        after = anonymous_megabytes(process.pid)
        connection.close()
    assert size > 12_000_000
    assert after - before < 4, (before, after)
