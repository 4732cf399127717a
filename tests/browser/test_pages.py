"""What a person sees and does: search, select, page, read, and find the way back."""

from urllib.parse import quote

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.driving import until

WIDE, NARROW = (1280, 960), (320, 900)


def show(chromium: Chrome, url: str, size: tuple[int, int] = WIDE, scheme: str = "light") -> None:
    """Open a page at an exact viewport size, in a colour scheme."""
    width, height = size
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    chromium.get(url)


def hits(chromium: Chrome) -> list[WebElement]:
    return chromium.find_elements(By.CSS_SELECTOR, "article.hit")


def total(chromium: Chrome) -> int:
    text = chromium.find_element(By.CSS_SELECTOR, "h1 .figure").text
    return 0 if text == "No" else int(text.replace(",", ""))


def choice(chromium: Chrome, group: str, label: str) -> WebElement:
    """The row of a facet value, with its checkbox."""
    fieldset = chromium.find_element(By.CSS_SELECTOR, f"fieldset[data-group={group}]")
    for row in fieldset.find_elements(By.CSS_SELECTOR, "label.choice"):
        if row.find_element(By.CSS_SELECTOR, ".label").text == label:
            return row
    raise AssertionError(f"no {label} in {group}")


def checkbox(row: WebElement) -> WebElement:
    return row.find_element(By.TAG_NAME, "input")


def test_the_users_query_finds_the_ibm_item_with_its_four_outlets(
    chromium: Chrome, address: str
) -> None:
    show(chromium, address)
    box = chromium.find_element(By.ID, "q")
    assert chromium.switch_to.active_element == box
    box.send_keys("facial recognition", Keys.ENTER)
    until(chromium, lambda: hits(chromium))  # the key returns before the next page is there
    first = hits(chromium)[0]
    assert first.find_element(By.TAG_NAME, "h2").text == (
        "IBM Gets Out of Facial Recognition Business"
    )
    assert {mark.text for mark in first.find_elements(By.TAG_NAME, "mark")} >= {"Facial"}
    assert choice(chromium, "topic", "Computer Vision").is_displayed()
    assert choice(chromium, "topic", "AI").is_displayed()
    chromium.find_element(By.CSS_SELECTOR, "article.hit h2 a").click()
    until(chromium, lambda: "/items/" in chromium.current_url)
    coverage = chromium.find_element(By.CSS_SELECTOR, "[aria-labelledby=coverage]").text
    for outlet in ("ZDNet", "Axios", "The Jerusalem Post Blogs", "Channel NewsAsia Singapore"):
        assert outlet in coverage


def test_a_facet_narrows_to_the_count_it_promised_and_a_chip_undoes_it(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=")
    everything = total(chromium)
    row = choice(chromium, "topic", "Oceans")
    promised = int(row.find_element(By.CSS_SELECTOR, ".count").text)
    checkbox(row).click()
    until(chromium, lambda: total(chromium) == promised)
    assert promised < everything
    assert checkbox(choice(chromium, "topic", "Oceans")).is_selected()
    chip = chromium.find_element(By.CSS_SELECTOR, "a.chip")
    assert chip.text.split() == ["Remove", "Topic:", "Oceans", "×"]
    chip.click()
    until(chromium, lambda: total(chromium) == everything)


def test_pages_and_sorts_lead_where_they_say(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search?sort=oldest")
    oldest = hits(chromium)[0].find_element(By.TAG_NAME, "time").get_attribute("datetime")
    seen = [
        hit.find_element(By.CSS_SELECTOR, "h2 a").get_attribute("href") for hit in hits(chromium)
    ]
    chromium.find_element(By.CSS_SELECTOR, "a[rel~=next]").click()
    until(chromium, lambda: "page=2" in chromium.current_url)
    after = [
        hit.find_element(By.CSS_SELECTOR, "h2 a").get_attribute("href") for hit in hits(chromium)
    ]
    assert not {*seen} & {*after}
    chromium.find_element(By.LINK_TEXT, "Newest").click()
    until(chromium, lambda: "sort=newest" in chromium.current_url)
    newest = hits(chromium)[0].find_element(By.TAG_NAME, "time").get_attribute("datetime")
    assert str(newest) > str(oldest)


def test_a_headline_leads_to_the_item_and_its_coverage(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search?q={quote('outlets:>4 lander')}")
    chromium.find_element(By.CSS_SELECTOR, "article.hit h2 a").click()
    until(chromium, lambda: "/items/" in chromium.current_url)
    coverage = chromium.find_element(By.ID, "coverage").find_element(
        By.XPATH, "./ancestor::section"
    )
    assert len(coverage.find_elements(By.CSS_SELECTOR, "a[href^=http]")) >= 5
    chromium.back()
    until(chromium, lambda: hits(chromium))


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search?q=facial+recognition",
        "/search?q=%E6%9D%B1%E4%BA%AC",
        "/search?q=" + "w" * 300,
        "/search?q=%22open+quote&topic=AI&topic=Oceans&since=2017",
        "/items/2020-06-09-ibm-gets-out-of-facial-recognition-business",
        "/items/none",
    ],
)
def test_nothing_is_wider_than_a_screen_of_320_pixels(
    chromium: Chrome, address: str, path: str
) -> None:
    for scheme in ("light", "dark"):
        show(chromium, address + path, NARROW, scheme)
        width = chromium.execute_script("return document.documentElement.scrollWidth")
        assert width <= NARROW[0]


def test_no_hits_says_what_to_try(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search?q=zyzzogeton+quuxification&match=all")
    assert total(chromium) == 0
    chromium.find_element(By.CSS_SELECTOR, "form[role=search]")
    assert chromium.find_elements(By.PARTIAL_LINK_TEXT, "any")


def test_bad_values_and_unknown_items_get_a_page_with_a_way_home(
    chromium: Chrome, address: str
) -> None:
    for path, status in (("/search?page=0", "400"), ("/items/none", "404"), ("/nowhere", "404")):
        show(chromium, address + path)
        assert status in chromium.find_element(By.TAG_NAME, "main").text
        assert chromium.find_elements(By.CSS_SELECTOR, "a[href='/']")


def test_the_console_stays_silent(chromium: Chrome, address: str) -> None:
    chromium.get_log("browser")  # type: ignore[no-untyped-call]  # selenium's is not annotated
    for path in ("/", "/search?q=ibm", "/search?q=ferry&sort=newest"):
        show(chromium, address + path)
    assert chromium.get_log("browser") == []  # type: ignore[no-untyped-call]  # as above


def test_all_values_of_a_facet_are_a_page_with_scripts_too(chromium: Chrome, address: str) -> None:
    for size in (WIDE, NARROW):
        show(chromium, f"{address}/search/facets/provider?q=ferry", size)
        box = chromium.find_element(By.CSS_SELECTOR, "#values .choice input")
        outlet = str(box.get_attribute("value"))
        box.click()
        chromium.find_element(By.CSS_SELECTOR, "#values .apply").click()
        until(chromium, lambda: hits(chromium))
        assert f"provider={outlet}" in chromium.current_url


PLACES = """
const [filters, hits] = arguments[0].map(name => document.querySelector(name));
return [filters.getBoundingClientRect().right, hits.getBoundingClientRect().left];
"""


def test_on_a_tablet_the_filters_stand_beside_the_hits(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search?q=ferry", (768, 1024))
    assert not chromium.find_element(By.CSS_SELECTOR, ".open-filters").is_displayed()
    right, left = chromium.execute_script(PLACES, ["#filters", ".hits"])
    assert 0 < right <= left


@pytest.mark.parametrize("size", [(844, 390), (932, 430)])
def test_on_a_phone_held_sideways_the_filters_are_a_sheet(
    chromium: Chrome, address: str, size: tuple[int, int]
) -> None:
    show(chromium, f"{address}/search?q=ferry", size)
    filters = chromium.find_element(By.ID, "filters")
    assert not filters.is_displayed()
    list_of_hits = chromium.find_element(By.CSS_SELECTOR, ".hits")
    assert list_of_hits.size["width"] > 0.85 * size[0]
    chromium.find_element(By.CSS_SELECTOR, ".open-filters").click()
    until(chromium, filters.is_displayed)
    assert filters.size["height"] == size[1]
    assert filters.size["width"] >= size[0] - 15  # all but the room of a scrollbar, which is kept
    assert filters.find_element(By.CSS_SELECTOR, ".apply").is_displayed()
    chromium.find_element(By.CSS_SELECTOR, ".close").click()
    until(chromium, lambda: not filters.is_displayed())


PRINTED = """
const story = document.querySelector(".story, .hits").getBoundingClientRect();
const after = name => {
  const element = document.querySelector(name);
  return element ? getComputedStyle(element, "::after").content : "";
};
return {
  share: story.width / document.querySelector("main").getBoundingClientRect().width,
  address: after(".original"), headline: after(".hit .headline a[rel]"),
};
"""


@pytest.mark.parametrize("size", [(718, 1000), (1047, 700)], ids=["upright", "across"])
def test_paper_has_the_whole_width_for_the_text_and_the_addresses(
    chromium: Chrome, address: str, size: tuple[int, int]
) -> None:
    """A4 without its margins, at 96 CSS pixels to the inch."""
    ibm = "items/2020-06-09-ibm-gets-out-of-facial-recognition-business"
    printed = {}
    for path in ("search?q=ferry", ibm):
        show(chromium, f"{address}/{path}", size)
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        printed[path] = chromium.execute_script(PRINTED)
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert all(one["share"] > 0.7 for one in printed.values())
    assert "https://www.usnews.com/" in printed[ibm]["address"]
    assert "https://www.australpress.example/" in printed["search?q=ferry"]["headline"]
