"""A server over the seeds in a process of its own, and a headless Chromium to look at it with."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from tests.browser.slow import Slow, serving

ROOT = Path(__file__).parents[2]

# Read here, before the tests are shielded from the settings of the machine.
REQUIRED = bool(os.environ.get("NEWSDEX_REQUIRE_BROWSER"))
SCREENSHOTS = os.environ.get("NEWSDEX_SCREENSHOTS")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over a fresh index of `seeds/`, without a closing slash."""
    index = tmp_path_factory.mktemp("browser") / "index"
    newsdex = [sys.executable, "-m", "search_app"]
    subprocess.run(
        [*newsdex, "reindex", "--seeds", ROOT / "seeds", "--index", index], cwd=ROOT, check=True
    )
    server = subprocess.Popen(
        [*newsdex, "serve", "--index", index, "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert server.stdout is not None
    line = server.stdout.readline()
    yield line.split(" at ")[1].split()[0].rstrip("/")
    server.terminate()
    server.wait(timeout=30)
    server.stdout.close()


@pytest.fixture(scope="session")
def _slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Slow]]:
    with serving(ROOT / "seeds", tmp_path_factory.mktemp("slow") / "index") as address_and_server:
        yield address_and_server


@pytest.fixture
def slow(_slow: tuple[str, Slow]) -> tuple[str, Slow]:
    """The address of a server that can be told to answer late, and the server; at first it answers
    at once."""
    _, server = _slow
    server.delays.clear()
    server.broken.clear()
    return _slow


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A headless Chromium with a fresh profile; where there is none, a skip, or CI's failure."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        message = "no chromium and chromedriver on the PATH: the pages are not looked at"
        if REQUIRED:
            pytest.fail(message)
        pytest.skip(message)
    options = ChromeOptions()
    options.binary_location = browser
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = Chrome(options=options, service=Service(driver))
    yield chrome
    chrome.quit()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where screenshots go: `NEWSDEX_SCREENSHOTS`, or nowhere that stays."""
    folder = Path(SCREENSHOTS or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
