"""Results as a reader types: the history has what was meant, late answers replace nothing, and the
focus stays where it is."""

import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.driving import box, focused, headlines, press, text_of, until
from tests.browser.slow import Slow
from tests.browser.test_pages import show, total


@pytest.fixture(autouse=True)
def _fresh_tab(chromium: Chrome) -> Iterator[None]:
    """Each test has a tab of its own: the history of one has 50 entries at most."""
    former = chromium.current_window_handle
    chromium.switch_to.new_window("tab")
    mine = chromium.current_window_handle
    yield
    chromium.switch_to.window(mine)
    chromium.close()
    chromium.switch_to.window(former)


def query(chromium: Chrome) -> str:
    return urlsplit(chromium.current_url).query


def entries(chromium: Chrome) -> int:
    return int(chromium.execute_script("return history.length"))


def mark_page(chromium: Chrome) -> None:
    """Leave a sign that is gone once the page is loaded anew."""
    chromium.execute_script("window.isTheSamePage = true")


def is_busy(chromium: Chrome) -> bool:
    return bool(chromium.execute_script("return results.getAttribute('aria-busy')"))


def is_same_page(chromium: Chrome) -> bool:
    return bool(chromium.execute_script("return window.isTheSamePage === true"))


def test_typing_shows_results_and_makes_one_entry_of_the_history(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=tram")
    mark_page(chromium)
    before = entries(chromium)
    box(chromium).click()
    press(chromium, Keys.END, *[Keys.BACKSPACE] * 4)
    for typed, found in (("lighthouse", "lighthouse"), (" wind", "lighthouse wind")):
        press(chromium, *typed)
        until(chromium, lambda found=found: f"for {found}" in chromium.title)  # type: ignore[misc]  # has a default
    assert entries(chromium) == before + 1
    assert focused(chromium) == box(chromium)
    assert query(chromium) == "q=lighthouse+wind"
    press(chromium, Keys.ENTER)
    until(chromium, lambda: text_of(chromium, "#status") == chromium.title.partition(" – ")[0])
    assert entries(chromium) == before + 1  # Enter means what is there already
    shown = headlines(chromium)
    chromium.back()
    until(chromium, lambda: query(chromium) == "q=tram" and "for tram" in chromium.title)
    assert box(chromium).get_attribute("value") == "tram"
    chromium.forward()
    until(chromium, lambda: headlines(chromium) == shown)
    assert box(chromium).get_attribute("value") == "lighthouse wind"
    assert is_same_page(chromium)
    chromium.refresh()
    assert headlines(chromium) == shown  # the address alone gives the same


def test_each_search_that_is_meant_has_an_entry(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search?q=tram")
    before = entries(chromium)
    box(chromium).click()
    press(chromium, *[Keys.BACKSPACE] * 4, *"ferry", Keys.ENTER)
    until(chromium, lambda: "for ferry" in chromium.title)
    press(chromium, *[Keys.BACKSPACE] * 5, *"night")
    until(chromium, lambda: "for night" in chromium.title)
    topic = chromium.find_element(By.CSS_SELECTOR, "#filters input[name=topic]")
    topic.click()
    until(chromium, lambda: "topic=" in query(chromium))
    chromium.find_element(By.LINK_TEXT, "Oldest").click()
    until(chromium, lambda: "sort=oldest" in query(chromium))
    assert entries(chromium) == before + 4
    for former in ("topic=", "q=night", "q=ferry", "q=tram"):
        chromium.back()
        until(chromium, lambda former=former: former in query(chromium))  # type: ignore[misc]  # has a default
    until(chromium, lambda: "for tram" in chromium.title)


def test_what_was_typed_is_meant_once_one_of_its_hits_is_read(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=tram")
    box(chromium).click()
    press(chromium, *[Keys.BACKSPACE] * 4, *"ferry")
    until(chromium, lambda: "for ferry" in chromium.title)
    press(chromium, Keys.ESCAPE)  # the suggestions lie over the hits
    chromium.find_element(By.CSS_SELECTOR, ".hit .headline a").click()
    until(chromium, lambda: "/items/" in chromium.current_url)
    chromium.back()
    until(chromium, lambda: "for ferry" in chromium.title)
    before = entries(chromium)
    chromium.find_element(By.ID, "q").send_keys(" ingeborg")
    until(chromium, lambda: "ingeborg" in chromium.title)
    chromium.back()
    until(chromium, lambda: query(chromium) == "q=ferry")
    assert entries(chromium) == before


def test_who_deletes_a_word_never_stays_with_its_results(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search?q=ferry&sort=oldest")
    box(chromium).click()
    press(chromium, Keys.END)
    for left in ("ferr", "fer", "fe", "f", ""):
        press(chromium, Keys.BACKSPACE)
        until(chromium, lambda left=left: parse_qs(query(chromium)).get("q", [""]) == [left])  # type: ignore[misc]  # has a default
    until(chromium, lambda: text_of(chromium, "#total") == f"{total(chromium)} items")
    everything = total(chromium)
    press(chromium, "f", Keys.ENTER)
    until(chromium, lambda: query(chromium) == "q=f&sort=oldest")
    assert total(chromium) < everything


def test_a_letter_that_finds_nothing_takes_away_what_was_found(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=%23&match=all")
    assert not headlines(chromium)
    show(chromium, f"{address}/search?q=ferry&match=all")
    box(chromium).click()
    press(chromium, Keys.END, *[Keys.BACKSPACE] * 5, "#")
    until(chromium, lambda: not headlines(chromium))
    assert query(chromium) == "q=%23&match=all"


@pytest.mark.parametrize("end", ["", Keys.ENTER], ids=["typed", "entered"])
def test_a_query_that_is_typed_while_a_story_is_chosen_is_sought_in_all(
    chromium: Chrome, address: str, end: str
) -> None:
    show(chromium, f"{address}/search?q=ferry&group=story&sort=oldest")
    chromium.find_element(By.PARTIAL_LINK_TEXT, "more of this story").click()
    until(chromium, lambda: "Only: one story" in text_of(chromium, ".chips"))
    story = parse_qs(query(chromium))["story"]
    chromium.find_element(By.CSS_SELECTOR, "#filters input[name=topic]").click()
    until(chromium, lambda: "topic" in parse_qs(query(chromium)))
    assert parse_qs(query(chromium))["story"] == story
    within = query(chromium)
    box(chromium).click()
    press(chromium, Keys.END, " ", Keys.BACKSPACE)  # that is no other query
    time.sleep(0.5)
    assert query(chromium) == within
    press(chromium, *[Keys.BACKSPACE] * 5, *"night", end)
    until(chromium, lambda: "for night" in chromium.title)
    assert parse_qs(query(chromium)).keys() == {"q", "topic", "sort"}
    assert "one story" not in text_of(chromium, ".chips")
    chromium.back()
    until(chromium, lambda: query(chromium) == within)
    until(chromium, lambda: "Only: one story" in text_of(chromium, ".chips"))


def test_values_of_a_long_group_are_those_of_the_chosen_story(
    chromium: Chrome, slow: tuple[str, Slow]
) -> None:
    address, _ = slow
    show(chromium, f"{address}/search?q=ferry&group=story")
    chromium.find_element(By.PARTIAL_LINK_TEXT, "more of this story").click()
    until(chromium, lambda: "Only: one story" in text_of(chromium, ".chips"))
    asked = """
        const [done] = arguments;
        const fetched = window.fetch;
        window.fetch = (url, ...more) => {
          if (String(url).includes("/api/facets/")) done(String(url));
          return fetched(url, ...more);
        };
        const all = document.createElement("a");
        all.className = "all";
        all.href = "/search/facets/topic"; // as where a group is long
        all.dataset.group = "topic";
        document.querySelector("#filters fieldset[data-group=topic]").append(all);
        all.click();
    """
    assert "story=" in chromium.execute_async_script(asked)


WATCHED = """
window.waits = [];
let pressed;
document.getElementById("q").addEventListener("input", () => (pressed = performance.now()));
new MutationObserver(() => {
  const corrected = document.querySelector(".spelling em");
  if (corrected) window.waits.push([corrected.textContent, performance.now() - pressed]);
}).observe(document.getElementById("results"), { childList: true, subtree: true });
"""
"""Writes down what results for another word are shown, and how long after the last key."""


def test_half_a_word_is_not_corrected_while_it_is_typed_on(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search?q=tram")
    chromium.execute_script(WATCHED)
    box(chromium).click()
    press(chromium, *[Keys.BACKSPACE] * 4, *"lihgthouse")
    until(chromium, lambda: text_of(chromium, ".spelling em") == "lighthouse")
    waits = chromium.execute_script("return window.waits")
    assert waits
    assert all(wait >= 800 for _, wait in waits)


def test_a_choice_keeps_the_focus_and_what_is_unfolded_and_the_place(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=night")
    mark_page(chromium)
    chromium.execute_script("scrollTo(0, 200)")
    choices = chromium.find_elements(By.CSS_SELECTOR, "#filters input[name=topic]")
    wanted = choices[2]
    promised = wanted.find_element(By.XPATH, "..").find_element(By.CSS_SELECTOR, ".count").text
    wanted.click()
    until(chromium, lambda: text_of(chromium, "#total .figure") == promised)
    assert focused(chromium) == wanted
    assert wanted.is_selected()
    assert is_same_page(chromium)
    assert chromium.execute_script("return scrollY") > 0
    chromium.find_element(By.CSS_SELECTOR, "a.chip").click()
    until(chromium, lambda: "topic=" not in query(chromium))
    assert not wanted.is_selected()


def test_the_next_page_begins_at_its_top(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search")
    mark_page(chromium)
    first = headlines(chromium)
    chromium.find_element(By.CSS_SELECTOR, "a[rel~=next]").click()
    until(chromium, lambda: headlines(chromium) != first)
    assert focused(chromium).get_attribute("id") == "results"
    assert chromium.execute_script("return results.getBoundingClientRect().top") >= 0
    assert is_same_page(chromium)


def test_a_link_opened_in_another_tab_is_left_to_the_browser(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=night")
    here, tabs = chromium.current_url, chromium.window_handles
    tab = chromium.current_window_handle
    link = chromium.find_element(By.LINK_TEXT, "Oldest")
    ActionChains(chromium).key_down(Keys.CONTROL).click(link).key_up(Keys.CONTROL).perform()
    until(chromium, lambda: len(chromium.window_handles) == len(tabs) + 1)
    assert chromium.current_url == here
    (new,) = {*chromium.window_handles} - {*tabs}
    chromium.switch_to.window(new)
    until(chromium, lambda: "sort=oldest" in query(chromium))
    chromium.close()
    chromium.switch_to.window(tab)


def test_dates_are_those_of_the_readers_zone(chromium: Chrome, address: str) -> None:
    zone = {"timezoneId": "Asia/Tokyo"}
    chromium.execute_cdp_cmd("Emulation.setTimezoneOverride", zone)
    try:
        show(chromium, f"{address}/search?q=facial+recognition+ibm")
        written = text_of(chromium, ".hit time")
        assert "9 June 2020, 09:47" in written
        title = chromium.find_element(By.CSS_SELECTOR, ".hit time").get_attribute("title")
        assert title == "9 June 2020, 00:47 UTC"
        box(chromium).send_keys(" business")
        until(chromium, lambda: "business" in query(chromium))
        assert text_of(chromium, ".hit time") == written  # in what is taken over, too
        assert "years ago" in text_of(chromium, ".hit .ago")
    finally:
        chromium.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


AGO = """
const [times, done] = arguments;
const { src } = document.querySelector('script[src$="times.js"]');
import(src).then(({ localize }) => {
  const part = document.createElement("p");
  for (const moment of times) {
    const time = document.createElement("time");
    time.dateTime = moment;
    time.textContent = "00:00";
    part.append(time);
  }
  localize(part, Date.parse("2026-01-15T00:00:00Z"));
  done([...part.querySelectorAll(".ago")].map((one) => one.textContent));
});
"""


DAY = """
const done = arguments[0];
const { src } = document.querySelector('script[src$="times.js"]');
import(src).then(({ localize }) => {
  const part = document.createElement("p");
  part.innerHTML = '<time datetime="2024-05-08">8 May 2024</time>';
  localize(part);
  done(part.innerHTML);
});
"""


def test_a_day_is_the_same_day_in_the_readers_zone(chromium: Chrome, address: str) -> None:
    zone = {"timezoneId": "America/Los_Angeles"}
    chromium.execute_cdp_cmd("Emulation.setTimezoneOverride", zone)
    try:
        show(chromium, f"{address}/search?q=ferry")
        kept = '<time datetime="2024-05-08">8 May 2024</time>'
        assert chromium.execute_async_script(DAY) == kept
    finally:
        chromium.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


def test_how_long_ago_is_told_in_whole_units(chromium: Chrome, address: str) -> None:
    """Two days ago in the calendar is not yesterday, though it is less than 48 hours."""
    show(chromium, f"{address}/search?q=ferry")
    told = {
        "2026-01-15T00:00:20Z": "just now",
        "2026-01-14T23:59:50Z": "just now",
        "2026-01-14T23:00:00Z": "1 hour ago",
        "2026-01-13T01:00:00Z": "1 day ago",
        "2026-01-12T00:00:00Z": "3 days ago",
        "2025-12-04T00:00:00Z": "1 month ago",
        "2024-11-20T00:00:00Z": "1 year ago",
        "2026-01-17T00:00:00Z": "in 2 days",
    }
    assert chromium.execute_async_script(AGO, list(told)) == list(told.values())


def test_a_late_answer_never_replaces_a_newer_one(chromium: Chrome, slow: tuple[str, Slow]) -> None:
    address, server = slow
    server.delays["q=slow"] = 1.5
    show(chromium, f"{address}/search?q=tram")
    box(chromium).click()
    press(chromium, *[Keys.BACKSPACE] * 4, *"slow")
    until(chromium, lambda: "q=slow" in server.asked)
    server.delays.clear()
    assert chromium.find_element(By.ID, "results").get_attribute("aria-busy") == "true"
    press(chromium, *" ferry")
    until(chromium, lambda: "for slow ferry" in chromium.title)
    assert not chromium.find_element(By.ID, "results").get_attribute("aria-busy")
    time.sleep(2)
    assert "for slow ferry" in chromium.title
    assert query(chromium) == "q=slow+ferry"


def test_what_cannot_be_taken_over_is_loaded_by_the_browser(
    chromium: Chrome, slow: tuple[str, Slow]
) -> None:
    address, server = slow
    show(chromium, f"{address}/search?q=tram")
    mark_page(chromium)
    box(chromium).clear()
    server.broken.add("q=broken")
    box(chromium).send_keys("broken", Keys.ENTER)
    until(chromium, lambda: server.asked.count("q=broken") >= 2)
    until(chromium, lambda: "broken" in chromium.title)
    assert not is_same_page(chromium)


def test_a_date_typed_in_parts_arrives_whole(chromium: Chrome, address: str) -> None:
    """The results of the parts are shown while the rest is typed."""
    show(chromium, f"{address}/search?q=night&since=2018-01-01")
    field = chromium.find_element(By.ID, "since")
    field.send_keys("06")
    until(chromium, lambda: query(chromium) == "q=night&since=2018-06-01")
    until(chromium, lambda: not is_busy(chromium))
    assert focused(chromium) == field
    press(chromium, *"15")
    until(chromium, lambda: query(chromium) == "q=night&since=2018-06-15")
    press(chromium, *"2019")
    until(chromium, lambda: query(chromium) == "q=night&since=2019-06-15")
    assert focused(chromium) == field
    chromium.back()
    until(chromium, lambda: query(chromium) == "q=night&since=2018-06-15")
    until(chromium, lambda: field.get_attribute("value") == "2018-06-15")


def test_what_is_typed_while_an_answer_is_on_its_way_stays(
    chromium: Chrome, slow: tuple[str, Slow]
) -> None:
    address, server = slow
    server.delays["topic="] = 0.6
    show(chromium, f"{address}/search?q=night")
    chromium.find_element(By.CSS_SELECTOR, "#filters input[name=topic]").click()
    until(chromium, lambda: "topic=" in server.asked[-1])
    box(chromium).click()
    for key in (Keys.END, *" ferry boat"):  # the answer comes while it is typed
        press(chromium, key)
        time.sleep(0.07)
    assert box(chromium).get_attribute("value") == "night ferry boat"
    until(chromium, lambda: "q=night+ferry+boat&topic=" in query(chromium))
    server.delays["q=tram"] = 0.6
    press(chromium, *[Keys.BACKSPACE] * 16, *"tram", Keys.ENTER, *" n")
    time.sleep(1.5)
    assert box(chromium).get_attribute("value") == "tram n"


def test_a_letter_alone_does_not_stop_a_choice(chromium: Chrome, slow: tuple[str, Slow]) -> None:
    address, server = slow
    server.delays["topic="] = 0.6
    show(chromium, f"{address}/search")
    chromium.find_element(By.CSS_SELECTOR, "#filters input[name=topic]").click()
    until(chromium, lambda: "topic=" in server.asked[-1])
    box(chromium).send_keys("f")
    until(chromium, lambda: "topic=" in query(chromium))
    assert box(chromium).get_attribute("value") == "f"


def test_what_was_typed_and_taken_back_is_not_shown(
    chromium: Chrome, slow: tuple[str, Slow]
) -> None:
    address, server = slow
    show(chromium, f"{address}/search?q=ferry")
    server.delays["q=ferry+boat"] = 0.8
    box(chromium).send_keys(" boat")
    until(chromium, lambda: server.asked[-1] == "q=ferry+boat")
    press(chromium, *[Keys.BACKSPACE] * 5)
    time.sleep(1.5)
    assert query(chromium) == "q=ferry"
    assert "for ferry," in chromium.title


def test_back_and_forward_at_once_show_what_is_at_the_address(
    chromium: Chrome, slow: tuple[str, Slow]
) -> None:
    address, server = slow
    show(chromium, f"{address}/search?q=tram")
    box(chromium).clear()
    box(chromium).send_keys("ferry", Keys.ENTER)
    until(chromium, lambda: "for ferry" in chromium.title)
    shown = headlines(chromium)
    server.delays["q=tram"] = 0.8
    asked = len(server.asked)
    chromium.execute_script("history.back()")
    until(chromium, lambda: server.asked[asked:] == ["q=tram"])
    chromium.execute_script("history.forward()")
    until(chromium, lambda: query(chromium) == "q=ferry")
    time.sleep(1.5)
    assert headlines(chromium) == shown
    assert not is_busy(chromium)


def test_back_and_forward_lead_to_where_the_reader_was(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search", (1280, 700))
    mark_page(chromium)

    def go(y: int) -> None:
        chromium.execute_script("scrollTo(0, arguments[0])", y)
        time.sleep(0.5)  # as long as a reader looks at it

    def is_at(search: str, y: int) -> None:
        until(
            chromium,
            lambda: search in query(chromium) and chromium.execute_script("return scrollY") == y,
        )
        until(chromium, lambda: not is_busy(chromium))
        time.sleep(0.3)
        assert chromium.execute_script("return scrollY") == y

    go(400)
    chromium.find_element(By.CSS_SELECTOR, "#filters input[name=type]").click()
    until(chromium, lambda: "type=" in query(chromium))
    kept = chromium.execute_script("return scrollY")
    link = chromium.find_element(By.LINK_TEXT, "Oldest")
    chromium.execute_script("arguments[0].click()", link)
    until(chromium, lambda: "sort=oldest" in query(chromium))
    go(900)
    for _ in range(2):
        chromium.back()
        is_at("type=", kept)
        chromium.back()
        is_at("", 400)
        chromium.forward()
        is_at("type=", kept)
        chromium.forward()
        is_at("sort=oldest", 900)
    assert is_same_page(chromium)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "path",
    [
        *("/", "/search?q=night", "/search?q=lighthouse"),
        "/items/2020-06-09-ibm-gets-out-of-facial-recognition-business?q=ibm",
    ],
)
def test_nothing_of_the_page_moves_by_itself(
    chromium: Chrome, address: str, path: str, width: int
) -> None:
    watch = """
        window.moved = [];
        new PerformanceObserver((list) => {
          for (const one of list.getEntries()) if (!one.hadRecentInput) moved.push(one.value);
        }).observe({type: "layout-shift", buffered: true});
    """
    chromium.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "America/St_Johns"})
    try:
        show(chromium, address + path, (width, 2500))
        chromium.execute_script(watch)
        time.sleep(0.3)
        assert chromium.execute_script("return moved") == []
    finally:
        chromium.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})
