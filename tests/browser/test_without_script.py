"""The pages without JavaScript: every choice is a form or a link, and leads to the same results."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser.driving import box, until
from tests.browser.test_keyboard import PHONE
from tests.browser.test_pages import hits, show, total


@pytest.fixture
def plain(chromium: Chrome) -> Iterator[Chrome]:
    """Chromium with scripts of pages switched off."""
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    yield chromium
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def filled(chromium: Chrome) -> list[tuple[str, str]]:
    """The parameters of the address that say something."""
    return parse_qsl(urlsplit(chromium.current_url).query)


def test_a_session_without_script(plain: Chrome, address: str) -> None:
    show(plain, address)
    assert not plain.find_elements(By.CSS_SELECTOR, "[role=combobox], dialog")
    assert not plain.find_element(By.CSS_SELECTOR, ".keys-opener").is_displayed()
    box(plain).send_keys("night", Keys.ENTER)
    until(plain, lambda: hits(plain))
    everything = total(plain)
    choice = plain.find_element(By.CSS_SELECTOR, "#filters input[name=topic]")
    topic = str(choice.get_attribute("value"))
    row = choice.find_element(By.XPATH, "..")
    promised = int(row.find_element(By.CSS_SELECTOR, ".count").text)
    choice.click()
    assert total(plain) == everything  # nothing happens before the button
    plain.find_element(By.CSS_SELECTOR, ".apply").click()
    until(plain, lambda: total(plain) == promised)
    assert filled(plain) == [("q", "night"), ("topic", topic)]
    assert plain.find_element(By.CSS_SELECTOR, "#filters input[name=topic]").is_selected()
    plain.find_element(By.LINK_TEXT, "Oldest").click()
    until(plain, lambda: ("sort", "oldest") in filled(plain))
    box(plain).send_keys(" tram", Keys.ENTER)
    until(plain, lambda: ("q", "night tram") in filled(plain))
    assert {("topic", topic), ("sort", "oldest")} <= {*filled(plain)}  # all else is kept
    plain.find_element(By.CSS_SELECTOR, "a.chip").click()
    until(plain, lambda: "topic" not in dict(filled(plain)))


def test_a_query_is_sought_in_all_stories_without_script(plain: Chrome, address: str) -> None:
    show(plain, f"{address}/search?q=ferry&group=story&sort=oldest")
    plain.find_element(By.PARTIAL_LINK_TEXT, "more of this story").click()
    until(plain, lambda: "story" in dict(filled(plain)))
    story = dict(filled(plain))["story"]
    plain.find_element(By.CSS_SELECTOR, "#filters input[name=topic]").click()
    plain.find_element(By.CSS_SELECTOR, ".apply").click()
    until(plain, lambda: "topic" in dict(filled(plain)))
    assert ("story", story) in filled(plain)
    box(plain).clear()
    box(plain).send_keys("night", Keys.ENTER)
    until(plain, lambda: ("q", "night") in filled(plain))
    assert {"topic", "sort"} <= dict(filled(plain)).keys()
    assert "story" not in dict(filled(plain))


def test_dates_narrow_without_script(plain: Chrome, address: str) -> None:
    show(plain, f"{address}/search")
    for name, day in (("since", "01012020"), ("until", "12312020")):
        plain.find_element(By.ID, name).send_keys(day)
    plain.find_element(By.CSS_SELECTOR, ".apply").click()
    chosen = {("since", "2020-01-01"), ("until", "2020-12-31")}
    until(plain, lambda: chosen <= {*filled(plain)})
    days = [
        one.get_attribute("datetime") for one in plain.find_elements(By.CSS_SELECTOR, ".hit time")
    ]
    assert days
    assert {str(day)[:4] for day in days} == {"2020"}


def test_pages_items_and_the_way_back_without_script(plain: Chrome, address: str) -> None:
    show(plain, f"{address}/search?q=night+OR+ferry+OR+engine")
    first = [hit.text for hit in hits(plain)]
    plain.find_element(By.CSS_SELECTOR, "a[rel~=next]").click()
    until(plain, lambda: ("page", "2") in filled(plain))
    assert not {*first} & {hit.text for hit in hits(plain)}
    results = plain.current_url
    plain.find_element(By.CSS_SELECTOR, ".headline a[href*='/items/']").click()
    until(plain, lambda: "/items/" in plain.current_url)
    assert plain.find_elements(By.TAG_NAME, "mark")
    plain.find_element(By.CSS_SELECTOR, ".back").click()
    until(plain, lambda: {*filled(plain)} == {*parse_qsl(urlsplit(results).query)})


def test_all_values_of_a_facet_are_a_page_without_script(plain: Chrome, address: str) -> None:
    show(plain, f"{address}/search")
    link = plain.find_element(By.CSS_SELECTOR, "a.all[data-group=provider]")
    link.click()
    until(plain, lambda: "/search/facets/provider" in plain.current_url)
    plain.find_element(By.ID, "prefix").send_keys("tidet", Keys.ENTER)
    until(plain, lambda: len(plain.find_elements(By.CSS_SELECTOR, ".choice")) == 1)
    plain.find_element(By.CSS_SELECTOR, ".choice input").click()
    plain.find_element(By.CSS_SELECTOR, ".apply").click()
    until(plain, lambda: ("provider", "tidetables.example") in filled(plain))
    assert hits(plain)


def test_the_sheet_opens_and_closes_without_script(plain: Chrome, address: str) -> None:
    show(plain, f"{address}/search?q=night", PHONE)
    filters = plain.find_element(By.ID, "filters")
    assert not filters.is_displayed()
    plain.find_element(By.CSS_SELECTOR, ".open-filters").click()
    assert filters.is_displayed()
    filters.find_element(By.CSS_SELECTOR, ".close").click()
    assert not filters.is_displayed()
