"""`python -m tests.bench.first_result --index DIR`: from Enter to the first result one can see.

A real Chromium types a query on the front page of a real `newsdex serve` on this machine and
presses Enter. The time ends with the first frame that shows a hit. Printed are the median, the 95th
percentile and the longest, in milliseconds: from the key on, and, where a whole page was loaded,
how long the server let it wait for the first byte. Frames come every 17 ms, and no result can be
seen between two of them.
"""

import contextlib
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import click
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.bench.candidates import CANDIDATES
from tests.bench.corpus import ROOT
from tests.bench.figures import percentile
from tests.bench.servers import started

WATCH = """
addEventListener("keydown", event => {
  if (event.key === "Enter") sessionStorage.pressed = performance.timeOrigin + event.timeStamp;
}, true);
const look = () => {
  const hit = document.querySelector("#results .hit");
  if (hit && hit.getBoundingClientRect().height) {
    requestAnimationFrame(() => setTimeout(() => {
      window.shown = performance.timeOrigin + performance.now();
    }));
  } else requestAnimationFrame(look);
};
if (location.protocol === "http:") requestAnimationFrame(look);
"""
"""The frame after the one that finds a hit has it painted."""

TIMES = """
const loaded = performance.getEntriesByType("navigation")[0];
return window.shown && [shown - sessionStorage.pressed, loaded.responseStart - loaded.fetchStart];
"""


@contextlib.contextmanager
def chromium(folder: str) -> Iterator[Chrome]:
    """A headless Chromium with a fresh profile. Raises `UsageError` where there is none."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        raise click.UsageError("there is no chromium and chromedriver on the PATH")
    options = ChromeOptions()
    options.binary_location = browser
    for argument in ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}"):
        options.add_argument(argument)
    chrome = Chrome(options=options, service=Service(driver))
    try:
        chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        yield chrome
    finally:
        chrome.quit()


def queries(address: str, count: int) -> list[str]:
    """Two words each of headlines of the index, always the same."""
    draw = random.Random(0)  # noqa: S311 - it draws queries, not secrets
    titles: list[str] = []
    for page in range(1, 1 + -(-count // 100)):
        url = f"{address}/api/search?sort=oldest&page_size=100&page={page}"
        with urlopen(url) as answer:
            titles += [hit["title"] for hit in json.load(answer)["hits"]]
    words = ([word for word in title.split() if word.isalpha()] for title in titles)
    return [" ".join(draw.sample(some, 2)) for some in words if len(some) > 1][:count]


def timed(chrome: Chrome, address: str, query: str, patience: float = 10.0) -> tuple[float, float]:
    """Milliseconds from Enter to a visible hit, and of the page's wait for the first byte. Raises
    `TimeoutError` if no hit comes."""
    chrome.get(address)
    box = chrome.find_element(By.ID, "q")
    box.click()
    chrome.execute_cdp_cmd("Input.insertText", {"text": query})
    box.send_keys(Keys.ENTER)
    end = time.monotonic() + patience
    while time.monotonic() < end:
        time.sleep(0.1)  # asking takes the browser's time
        told: Any = chrome.execute_script(TIMES)
        if told:
            return float(told[0]), float(told[1])
    raise TimeoutError(f"no hit for {query!r} within {patience} s")


@click.command()
@click.option("--index", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--count", type=click.IntRange(1), default=100, help="How many queries.")
def main(index: Path, count: int) -> None:
    """Measure how long a person waits for the first result."""
    with tempfile.TemporaryDirectory() as folder:
        server = started(CANDIDATES[0], sys.executable, index.resolve(), ROOT, Path(folder, "log"))
        with server as running, chromium(f"{folder}/profile") as chrome:
            address = f"http://127.0.0.1:{running.port}"
            asked = queries(address, count + 1)
            timed(chrome, address, asked[0])  # the first one starts what later ones find started
            times = [timed(chrome, address, query) for query in asked[1:]]
    for name, all in zip(
        ("to the first result", "to the first byte"), zip(*times, strict=True), strict=True
    ):
        row = (percentile(list(all), 50), percentile(list(all), 95), max(all))
        print(f"{name}: p50 {row[0]:.0f} ms, p95 {row[1]:.0f} ms, longest {row[2]:.0f} ms")


if __name__ == "__main__":
    main()
