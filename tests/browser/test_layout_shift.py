"""Nothing moves under the reader's eyes: a typed search, a filter, an item and the way back have a
layout shift of 0 (Layout Instability API)."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.test_pages import show

WATCH = """
window.shifts = [];
new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push(
  [entry.value, ...entry.sources.map(source => String(source.node?.outerHTML).slice(0, 120))])))
  .observe({type: "layout-shift", buffered: true});
"""
SETTLED = """
const done = arguments[0];
requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(window.shifts))));
"""


@pytest.fixture
def watching(chromium: Chrome) -> Iterator[Chrome]:
    """The browser; each page that it opens from now on notes what moves on it."""
    command = "Page.addScriptToEvaluateOnNewDocument"
    script = chromium.execute_cdp_cmd(command, {"source": WATCH})
    yield chromium
    chromium.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", script)


def moved(chromium: Chrome) -> list[object]:
    """What moved on this page. Even where the reader has just acted, when a browser would excuse
    it."""
    shifts: list[object] = chromium.execute_async_script(SETTLED)
    return shifts


@pytest.mark.parametrize("size", [(360, 800), (1440, 900)])
def test_nothing_moves_through_a_whole_session(
    watching: Chrome, address: str, size: tuple[int, int]
) -> None:
    show(watching, address, size)
    box = watching.find_element(By.ID, "q")
    for letter in "facial recognition":
        box.send_keys(letter)
    assert moved(watching) == []
    box.send_keys(Keys.ENTER)
    WebDriverWait(watching, 20).until(lambda one: one.find_elements(By.CSS_SELECTOR, ".hit"))
    assert moved(watching) == []
    watching.find_element(By.CSS_SELECTOR, ".hit h2 a").click()
    WebDriverWait(watching, 20).until(lambda one: "/items/" in one.current_url)
    assert moved(watching) == []
    watching.back()
    WebDriverWait(watching, 20).until(lambda one: one.find_elements(By.CSS_SELECTOR, ".hit"))
    assert moved(watching) == []
    for path in ("/search?q=&topic=AI&since=2017", "/search/timeline?q=ferry", "/items/none"):
        show(watching, address + path, size)
        assert moved(watching) == []


def test_what_moves_would_be_told(watching: Chrome, address: str) -> None:
    show(watching, f"{address}/search?q=ferry")
    watching.execute_async_script("""
        const done = arguments[0];
        setTimeout(() => {
          document.querySelector("main").prepend(document.createElement("h1"));
          document.querySelector("main h1").textContent = "Late";
          done();
        }, 600);
    """)
    assert moved(watching)
