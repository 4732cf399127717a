"""The pages for whoever cannot see, point, or read small print: every page in every state, by the
rules of WCAG 2.2 AA that axe knows, and by those it cannot know."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import visibility_of
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.axe import violations
from tests.browser.test_pages import NARROW, WIDE, show
from tests.test_serve import ROOT, run, serving

SIZES = ((360, 800), (1440, 900))
SCHEMES = ("light", "dark")
IBM = "/items/2020-06-09-ibm-gets-out-of-facial-recognition-business"

STATES = {
    "front": "/",
    "results": "/search?q=facial+recognition",
    "filtered": "/search?q=&topic=AI&topic=Oceans&since=2017&until=2021&type=article",
    "notes": "/search?q=%22open+quote+%28+colour:red+date:never&unknown=1",
    "corrected": "/search?q=facail+recogniton",
    "no hits": "/search?q=zyzzogeton+quuxification&match=all",
    "no hits, filtered": "/search?q=zyzzogeton&topic=AI&since=2020",
    "one per story": "/search?q=ferry&group=story",
    "last page": "/search?q=&page_size=50&page=2",
    "past the end": "/search?q=&page=900",
    "long": "/search?q=" + "w" * 300,
    "foreign": "/search?q=%E6%9D%B1%E4%BA%AC+%D7%A9%D7%9C%D7%95%D7%9D",
    "item": IBM,
    "item of a search": f"{IBM}?q=facial+recognition",
    "item with a body": "/items/2024-11-13-a-glaciers-diary-thirty-one-years-of-tuesdays?q=glacier",
    "videos": "/search?q=&type=video",
    "timeline": "/search/timeline?q=ferry",
    "facet": "/search/facets/provider?q=",
    "how to search": "/search/help",
    "facet searched": "/search/facets/provider?q=&prefix=t&provider=Axios",
    "bad value": "/search?page=0",
    "no such item": "/items/none",
}


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of pages of a server that refuses: by its rate limit, and without an index."""
    site = tmp_path_factory.mktemp("failing")
    assert run("reindex", "--seeds", ROOT / "seeds", "--index", site / "index").returncode == 0
    with pytest.MonkeyPatch.context() as patch:
        null = os.open(os.devnull, os.O_WRONLY)
        with serving(site / "none", stderr=null) as (_, without):
            patch.setenv("NEWSDEX_RATE_LIMIT", "0.001")
            with serving(site, stderr=null) as (_, limited):
                yield {"503": f"{without}search?q=ferry", "429": f"{limited}search?q=ferry"}
        os.close(null)


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_wrong(chromium: Chrome, address: str, state: str) -> None:
    found = {}
    for size, scheme in itertools.product(SIZES, SCHEMES):
        show(chromium, address + STATES[state], size, scheme)
        found[size, scheme] = violations(chromium)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("status", ["429", "503"])
def test_axe_finds_nothing_wrong_with_pages_of_errors(
    chromium: Chrome, failing: dict[str, str], status: str
) -> None:
    show(chromium, failing[status])
    for _ in range(5):
        if status in chromium.find_element(By.TAG_NAME, "main").text:
            break
        chromium.get(failing[status])  # the first requests are allowed
    assert f"Error {status}" in chromium.find_element(By.TAG_NAME, "main").text
    assert violations(chromium) == []


def test_axe_finds_nothing_wrong_with_the_filters_as_a_sheet(
    chromium: Chrome, address: str
) -> None:
    for scheme in SCHEMES:
        show(chromium, address + STATES["filtered"], (360, 800), scheme)
        chromium.find_element(By.CSS_SELECTOR, "a.open-filters").click()
        sheet = chromium.find_element(By.ID, "filters")
        WebDriverWait(chromium, 20).until(visibility_of(sheet))
        assert violations(chromium) == []


def test_axe_finds_nothing_wrong_with_suggestions(chromium: Chrome, address: str) -> None:
    for size, scheme in itertools.product(SIZES, SCHEMES):
        show(chromium, address, size, scheme)
        chromium.find_element(By.ID, "q").send_keys("fer")
        WebDriverWait(chromium, 20).until(
            lambda one: one.find_elements(By.CSS_SELECTOR, "[role=option]")
        )
        chromium.switch_to.active_element.send_keys(Keys.ARROW_DOWN)
        assert violations(chromium) == []


def test_axe_finds_nothing_wrong_with_the_keys(chromium: Chrome, address: str) -> None:
    for size, scheme in itertools.product(SIZES, SCHEMES):
        show(chromium, address + STATES["results"], size, scheme)
        chromium.find_element(By.TAG_NAME, "body").send_keys("?")
        WebDriverWait(chromium, 20).until(
            lambda one: one.find_elements(By.CSS_SELECTOR, "dialog[open]")
        )
        assert violations(chromium) == []


def test_axe_would_find_what_is_wrong(chromium: Chrome, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>x</title><img src=x><p style='color:#ccc'>pale<button></button>")
    chromium.get(page.as_uri())
    found = " ".join(violations(chromium))
    for rule in ("html-has-lang", "image-alt", "color-contrast", "button-name", "region"):
        assert f"{rule}: " in found


SPACED = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-block-end: 2em !important }`);
document.adoptedStyleSheets.push(sheet);
const hidden = element => element.closest("input, .visually-hidden, .skip, svg, [hidden]")
  || !element.checkVisibility({visibilityProperty: true});
return [...document.body.querySelectorAll("*")].filter(element => {
  const style = getComputedStyle(element);
  const cut = /hidden|clip/.test(style.overflow) && style.position !== "absolute"
    && style.webkitLineClamp === "none";  // what is cut anyway, and whole on the page of the item
  return cut && !hidden(element) && (element.scrollWidth > element.clientWidth + 1
    || element.scrollHeight > element.clientHeight + 1);
}).map(element => element.outerHTML.slice(0, 160));
"""
"""What is cut off once text is spaced as WCAG 1.4.12 has it."""


@pytest.mark.parametrize("state", ["front", "results", "filtered", "no hits", "item"])
def test_text_that_is_spaced_out_is_neither_cut_nor_wider_than_the_screen(
    chromium: Chrome, address: str, state: str
) -> None:
    for size in (NARROW, WIDE):
        show(chromium, address + STATES[state], size)
        assert chromium.execute_script(SPACED) == []
        width = chromium.execute_script("return document.documentElement.scrollWidth")
        assert width <= size[0]


FOCUSED = """
const element = document.activeElement;
if (element === document.body) return null;
document.getAnimations().forEach(one => one.finish());
const box = element.getBoundingClientRect();
const style = getComputedStyle(element);
const ring = getComputedStyle(element.closest("label") ?? element);
const bar = element.querySelector("svg a > text");
const outlined = one => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2;
const points = [0.25, 0.5, 0.75].map(part => document.elementFromPoint(
  box.left + box.width * part, box.top + box.height / 2));
const own = point => point && (element.contains(point) || point.contains(element)
  || element.closest("label")?.contains(point));
return {
  what: element.outerHTML.slice(0, 120),
  seen: points.some(own) && box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  marked: outlined(style) || outlined(ring) || style.boxShadow !== "none"
    || element.matches("input[type=date]")  // its parts have marks of their own, out of reach
    || Boolean(bar && getComputedStyle(bar).opacity === "1"),
};
"""
"""What has the focus, whether it can be seen there (WCAG 2.4.11), whether it is marked (2.4.7)."""


def walk(chromium: Chrome, most: int = 150) -> list[dict[str, object]]:
    """What the tab key reaches, in order, until it leaves the page."""
    reached: list[dict[str, object]] = []
    chromium.execute_script("document.activeElement.blur()")
    for _ in range(most):
        chromium.switch_to.active_element.send_keys(Keys.TAB)
        focused = chromium.execute_script(FOCUSED)
        if focused is None or (reached and focused == reached[0]):
            break
        reached.append(focused)
    return reached


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("state", ["front", "results", "item", "bad value"])
def test_whatever_has_the_focus_is_seen_and_marked(
    chromium: Chrome, address: str, state: str, size: tuple[int, int]
) -> None:
    show(chromium, address + STATES[state], size)
    reached = walk(chromium)
    assert len(reached) >= 4
    assert [one for one in reached if not (one["seen"] and one["marked"])] == []


SMALL = """
const most = arguments[0];
const box = element => (element.closest("label") ?? element).getBoundingClientRect();
const inline = element => getComputedStyle(element).display === "inline";
return [...document.querySelectorAll("a[href], button, input, select, summary")].filter(element => {
  const {width, height} = box(element);
  return element.checkVisibility({visibilityProperty: true}) && width > 1 && !inline(element)
    && !element.closest(".skip, svg") && (width < most || height < most);
}).map(element => [Math.round(box(element).width), Math.round(box(element).height),
  element.outerHTML.slice(0, 120)]);
"""
"""Targets below a size, but those within a sentence, which have its lines (WCAG 2.5.5)."""


FINGERS = ["front", "results", "filtered", "no hits", "item", "facet", "timeline", "how to search"]


@pytest.mark.parametrize("state", FINGERS)
def test_fingers_find_targets_of_44_pixels(chromium: Chrome, address: str, state: str) -> None:
    chromium.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        for fragment in ("", "#filters"):
            show(chromium, "about:blank", (360, 800))
            show(chromium, address + STATES[state] + fragment, (360, 800))
            assert chromium.execute_script("return matchMedia('(pointer: coarse)').matches")
            assert chromium.execute_script(SMALL, 44) == []
    finally:
        chromium.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def test_on_a_large_touch_screen_there_is_no_sheet(chromium: Chrome, address: str) -> None:
    chromium.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    try:
        show(chromium, address + STATES["filtered"], (1024, 768))
        for link in (".open-filters", "#filters .close"):
            assert not chromium.find_element(By.CSS_SELECTOR, link).is_displayed()
        show(chromium, address + STATES["filtered"], (360, 800))
        assert chromium.find_element(By.CSS_SELECTOR, ".open-filters").is_displayed()
        around = chromium.execute_script("""
            const tag = getComputedStyle(document.querySelector(".tag[aria-current]"));
            return [tag.borderTopColor, tag.backgroundClip];
        """)
        assert around == ["rgba(0, 0, 0, 0)", "padding-box"]  # what makes it large is not seen
    finally:
        chromium.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


@pytest.mark.parametrize("state", STATES)
def test_a_pointer_finds_targets_of_24_pixels(chromium: Chrome, address: str, state: str) -> None:
    show(chromium, address + STATES[state])
    assert chromium.execute_script(SMALL, 24) == []


def emulated(chromium: Chrome, url: str, **features: str) -> None:
    """Open a page for who has these media features on."""
    given = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": given})
    chromium.get(url)


def test_where_colours_are_forced_marks_and_controls_can_be_told_apart(
    chromium: Chrome, address: str
) -> None:
    show(chromium, address)
    emulated(chromium, address + STATES["results"], forced_colors="active")
    told = chromium.execute_script("""
        const of = selector => getComputedStyle(document.querySelector(selector));
        const text = of("h2"), mark = of("h2 mark"), box = of("#q");
        return {mark: mark.backgroundColor !== text.backgroundColor || mark.color !== text.color
                  || mark.textDecorationLine !== text.textDecorationLine,
                box: box.borderStyle !== "none" && parseFloat(box.borderWidth) >= 1};
    """)
    assert told == {"mark": True, "box": True}
    ours = chromium.execute_script("""
        const system = document.createElement("p");
        system.style.setProperty("forced-color-adjust", "none");
        document.body.append(system);
        const colour = name => {
          system.style.backgroundColor = name;
          return getComputedStyle(system).backgroundColor;
        };
        const of = selector => getComputedStyle(document.querySelector(selector));
        return [
          of(".segments a[aria-current]").backgroundColor === colour("Highlight"),
          of(".brand svg").fill === colour("LinkText"),
          of(".sorts a[aria-current]").textDecorationLine === "underline",
        ];
    """)
    assert ours == [True, True, True]
    assert [one["what"] for one in walk(chromium, 20) if not one["marked"]] == []


def test_nothing_moves_for_who_wants_no_motion(chromium: Chrome, address: str) -> None:
    for path in (STATES["results"], IBM):
        show(chromium, address + path)
        emulated(chromium, address + path, prefers_reduced_motion="reduce")
        moving = chromium.execute_script("""
            return [...document.querySelectorAll("*")].filter(element => {
              const style = getComputedStyle(element);
              const seconds = [style.transitionDuration, style.animationDuration].join().split(",");
              return seconds.some(text => parseFloat(text) > 0.01)
                || style.scrollBehavior === "smooth";
            }).map(element => element.outerHTML.slice(0, 120));
        """)
        assert moving == []


def test_texts_say_their_direction_and_the_page_its_language(
    chromium: Chrome, address: str
) -> None:
    for path in (STATES["results"], IBM):
        show(chromium, address + path)
        assert chromium.execute_script("return document.documentElement.lang") == "en"
        bare = chromium.execute_script("""
            const texts = "main h2 a, .excerpt, .standfirst, .choice .label";
            return [...document.querySelectorAll(texts)]
              .filter(element => !element.closest("[dir]"))
              .map(element => element.outerHTML.slice(0, 120));
        """)
        assert bare == []
