"""Nothing moves under the reader's eyes (Layout Instability API): pages that open, and a search, an
item and the way back, have a layout shift of 0. Where results are replaced in place, all stays but
what a new search must move, of which `VALUES`, `GROUPS` and `LINE` tell."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.driving import press, until
from tests.browser.slow import Slow
from tests.browser.test_pages import show

WATCH = """
window.shifts = [];
const named = ".choice, .group, .range, .open-filters, .sorts";
const name = node => {
  const element = node?.closest ? node : node?.parentElement;
  const near = element?.closest(named);
  return near ? near.className : String(element?.outerHTML).slice(0, 120);
};
new PerformanceObserver(list => list.getEntries().forEach(entry => window.shifts.push(
  [entry.value, ...entry.sources.map(source => name(source.node))])))
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


SIZES = [(360, 800), (1440, 900)]
LATE = 0.7
"""Seconds: longer than the 500 ms after an act for which a browser excuses what moves."""

VALUES = 0.002
"""A group lists its most frequent values first, and each search has other ones: a value moves by
the height of a few others, 28 pixels each."""

GROUPS = 0.02
"""A group may list more or less values when another query is typed: the groups below it move by the
height of these."""

LINE = 0.01
"""On a phone a longer query takes one more line of the heading: the line, the button and the orders
below it move by its height, 33 pixels."""


def searched(chromium: Chrome, url: str) -> list[tuple[float, list[str]]]:
    """What moved until the page of a search, whose address has this in it, is shown."""
    until(chromium, lambda: url in chromium.current_url)
    shifts: list[list[object]] = chromium.execute_async_script(SETTLED)
    chromium.execute_script("window.shifts = []")
    return [(float(str(value)), [str(source) for source in sources]) for value, *sources in shifts]


def amount(shifts: list[tuple[float, list[str]]], *may_move: str) -> float:
    """How much moved. Nothing but what has these names may have."""
    assert {source for _, sources in shifts for source in sources} <= {*may_move}, shifts
    return sum(value for value, _ in shifts)


@pytest.mark.parametrize("query", ["", "night", "tram"])
@pytest.mark.parametrize("size", SIZES)
def test_a_choice_moves_nothing_else(
    watching: Chrome, slow: tuple[str, Slow], size: tuple[int, int], query: str
) -> None:
    address, server = slow
    show(watching, f"{address}/search?q={query}", size)
    server.delays[""] = LATE
    is_phone = size[0] < 700
    if is_phone:
        watching.find_element(By.CSS_SELECTOR, ".open-filters").click()
    watching.find_element(By.CSS_SELECTOR, "#filters input[name=topic]").click()
    assert amount(searched(watching, "topic="), "choice") <= VALUES
    if is_phone:
        press(watching, Keys.ESCAPE)
    watching.find_element(By.LINK_TEXT, "Oldest").click()
    assert searched(watching, "sort=oldest") == []
    watching.find_element(By.CSS_SELECTOR, "a.chip").click()
    until(watching, lambda: "topic=" not in watching.current_url)
    assert amount(searched(watching, ""), "choice") <= VALUES


@pytest.mark.parametrize("size", SIZES)
def test_typing_on_moves_nothing_else(
    watching: Chrome, slow: tuple[str, Slow], size: tuple[int, int]
) -> None:
    address, server = slow
    show(watching, f"{address}/search?q=night", size)
    server.delays[""] = LATE
    box = watching.find_element(By.ID, "q")
    if size[0] < 700:
        bound, may_move = LINE, ["range", "open-filters", "sorts"]
    else:
        bound, may_move = GROUPS, ["choice", "group"]
    for typed, found in (
        (" ferry", "q=night+ferry"),
        (" return", "q=night+ferry+return"),
        ("lihgthouse", "q=lihgthouse"),  # whose results are told to be those of another word
        ("zyzzogeton", "q=zyzzogeton"),  # which is nowhere
        ("tram", "q=tram"),
    ):
        if not typed.startswith(" "):
            box.clear()
        box.send_keys(typed)
        assert amount(searched(watching, found), *may_move) <= bound


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("group", ["topic", "provider"])
def test_what_is_chosen_stays_under_the_pointer(
    watching: Chrome, slow: tuple[str, Slow], size: tuple[int, int], group: str
) -> None:
    """Though the groups above list less or more values, and the results may be few."""
    address, server = slow
    for order in range(5):
        server.delays.clear()
        show(watching, f"{address}/search?q=night", size)
        server.delays[""] = LATE
        if size[0] < 700:
            watching.find_element(By.CSS_SELECTOR, ".open-filters").click()
        choice = watching.find_elements(By.CSS_SELECTOR, f"#filters input[name={group}]")[order]
        watching.execute_script("arguments[0].focus()", choice)
        place = "return arguments[0].getBoundingClientRect().top"
        before = watching.execute_script(place, choice)
        for present in (True, False):
            choice.click()
            until(watching, lambda at=present: (f"{group}=" in watching.current_url) == at)  # type: ignore[misc]  # has a default
            assert abs(watching.execute_script(place, choice) - before) < 1
    box = watching.find_element(By.ID, "q")
    watching.execute_script("location.hash = ''")
    box.send_keys(" ferry")
    until(watching, lambda: "ferry" in watching.current_url)
    assert not watching.find_elements(By.CSS_SELECTOR, "#filters .group[style*=min-height]")


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
