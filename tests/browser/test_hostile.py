"""Items that try to take over the page, read by the real indexer and looked at in a real Chromium.

`NEWSDEX_CAMPAIGN=1` looks at 500 of them, instead of some.
"""

from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import text_to_be_present_in_element
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.hostile_items import ADDRESSES, HOST, MARKUP, SHARED, STRETCHED, write
from tests.browser.logs import Asked, happened
from tests.browser.test_pages import show
from tests.conditions import CAMPAIGN, examples, sample
from tests.indexer.samples import seed
from tests.test_serve import reindex, serving

ITEMS = examples(8, 500)
WIDTHS = (360, 1440)
SCHEMES = ("http:", "https:", "mailto:")

LISTS = (
    "",
    "search/help",
    "search/timeline?q=",
    *(f"search/facets/{group}?q=" for group in ("topic", "provider", "type", "language")),
)
"""Pages that show values of all items at once."""

Served = tuple[str, bool]
"""An address without a closing slash, and whether pictures are shown there."""


@pytest.fixture(scope="module", params=["off", "link"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A server over the hostile items, without and with pictures."""
    site = tmp_path_factory.mktemp("hostile")
    for number in sample(range(500), ITEMS, "hostile"):
        write(site / "seeds", number)
    seed(site / "seeds", "topical", f"{SHARED} all the same", topics=[escape(MARKUP[1])])
    assert reindex(site).returncode == 0
    said = (site / "said").open("w+")
    with pytest.MonkeyPatch.context() as patch, said:
        patch.setenv("NEWSDEX_IMAGES", request.param)
        with serving(site, stderr=said) as (_, address):
            yield address.rstrip("/"), request.param == "link"
        said.seek(0)
        assert said.read() == ""


LOOK = """
const links = [...document.querySelectorAll("a[href], area[href], form[action]")];
const active = "script:not([src]):not([type='application/ld+json']), iframe, object, embed, base"
  + ", meta[http-equiv], [style], style";
const done = arguments[0];
const pictures = [...document.images].map(image => image.decode().catch(() => {}));
const settled = new Promise(resolve => setTimeout(resolve, 300));
Promise.race([Promise.all(pictures), settled]).then(() => done({
  ran: "ran" in window,
  schemes: [...new Set(links.map(link => new URL(link.href ?? link.action, location).protocol))],
  handlers: [...document.querySelectorAll("*")].flatMap(element =>
    element.getAttributeNames().filter(name => name.startsWith("on"))),
  active: [...document.querySelectorAll(active)].map(element => element.outerHTML.slice(0, 200)),
}));
"""
"""What of a page would be a way for an item to do something; once its pictures are gone."""

WIDEST = """
const most = document.documentElement.clientWidth;
const spills = element =>
  element.scrollWidth > most && getComputedStyle(element).overflowX === "visible";
const inmost = [...document.body.querySelectorAll("*")].filter(spills).at(-1);
return [document.documentElement.scrollWidth - most, inmost?.outerHTML.slice(0, 200)];
"""


def look_at(chromium: Chrome, url: str, origin: str, pictured: bool) -> list[object]:
    """Open a page; all that is wrong about it."""
    show(chromium, url, (WIDTHS[-1], 900))
    return faults(chromium, origin, pictured)


def faults(chromium: Chrome, origin: str, pictured: bool) -> list[object]:
    """All that is wrong about the page that is open, and about what it did."""
    seen = chromium.execute_async_script(LOOK)
    wrong: list[object] = [
        seen["ran"] and "a script ran",
        *(f"leads to {scheme}" for scheme in seen["schemes"] if scheme not in SCHEMES),
        *seen["handlers"],
        *seen["active"],
    ]
    for width in WIDTHS:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        beyond, widest = chromium.execute_script(WIDEST)
        wrong += [f"{beyond} px wider than {width}: {widest}"] if beyond > 0 else []
    done = happened(chromium)
    wrong += done.dialogs
    wrong += [asked for asked in done.requests if not _is_allowed(asked, origin, pictured)]
    wrong += [line for line in done.console if not (pictured and _is_missing_picture(line))]
    return [one for one in wrong if one]


def _is_allowed(asked: Asked, origin: str, pictured: bool) -> bool:
    own = asked.url.startswith(f"{origin}/")
    return own or (pictured and asked.kind == "Image" and asked.url.startswith("https://"))


def _is_missing_picture(line: str) -> bool:
    """Whether the console tells of a picture that could not be had, and of nothing else."""
    return line.startswith("https://") and "Failed to load resource: net::ERR_" in line


def test_no_item_gets_a_page_to_do_anything(chromium: Chrome, served: Served) -> None:
    origin, pictured = served
    numbers = sample(range(500), ITEMS, "hostile")
    size = 10
    pages = [
        f"{origin}/search?{urlencode({'q': SHARED, 'page_size': size, 'page': page + 1})}"
        for page in range(-(-ITEMS // size))
    ]
    pages += [f"{origin}/{path}" for path in LISTS]
    items = [f"{origin}/items/h{number}?q={SHARED}" for number in numbers]
    happened(chromium)
    wrong = {url: look_at(chromium, url, origin, pictured) for url in [*pages, *items]}
    assert [(found, url) for url, found in wrong.items() if found] == []
    if CAMPAIGN:
        print(f"{len(wrong)} pages at {len(WIDTHS)} widths")


def test_no_address_gets_a_page_to_do_anything(chromium: Chrome, served: Served) -> None:
    origin, pictured = served
    texts = sample([*MARKUP, *ADDRESSES, *(text[:300] for text in STRETCHED)], 4, "addresses")
    names = ("q", "topic", "provider", "since", "sort", "page", "language", "story", "unknown")
    urls = [
        f"{origin}/{path}?{urlencode({**dict.fromkeys(names[:at], text), 'q': text})}"
        for text in texts
        for path, at in (("search", 1), ("search", 3), ("search", 9), ("items/h0", 9))
    ]
    happened(chromium)
    wrong = {url: look_at(chromium, url, origin, pictured) for url in urls}
    left = {url: [fault for fault in all if not _is_status(fault)] for url, all in wrong.items()}
    assert [(found, url[:200]) for url, found in left.items() if found] == []


def searched(text: str, chromium: Chrome) -> bool:
    """Whether the address is that of a search for a text."""
    return parse_qs(urlsplit(chromium.current_url).query).get("q") == [text]


def test_no_suggestion_and_nothing_typed_gets_a_page_to_do_anything(
    chromium: Chrome, served: Served
) -> None:
    origin, pictured = served
    happened(chromium)
    show(chromium, f"{origin}/")
    box = chromium.find_element(By.ID, "q")
    box.send_keys(MARKUP[1][:6])
    WebDriverWait(chromium, 20).until(
        text_to_be_present_in_element((By.CSS_SELECTOR, "[role=option]"), MARKUP[1])
    )
    assert faults(chromium, origin, pictured) == []
    show(chromium, f"{origin}/search?q={SHARED}")
    for text in sample(MARKUP, 3, "typed"):
        box = chromium.find_element(By.ID, "q")
        box.clear()
        box.send_keys(text)
        WebDriverWait(chromium, 20).until(partial(searched, text))
        assert faults(chromium, origin, pictured) == []


def _is_status(fault: object) -> bool:
    """Whether the console tells of the page that it is an error of the client: that is its
    business."""
    return isinstance(fault, str) and "the server responded with a status of 4" in fault


def test_a_page_that_did_something_would_be_told(chromium: Chrome, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        f"<body style='width:2000px'><a href='javascript:1'>x</a><img src=http://{HOST}/p>"
        "<p onclick='1'>x</p><script>window.ran = 1</script>"
    )
    happened(chromium)
    told = " ".join(map(str, look_at(chromium, page.as_uri(), "http://127.0.0.1", pictured=True)))
    assert "a script ran" in told
    assert "leads to javascript:" in told
    assert "onclick" in told
    assert "wider than 360" in told
    assert f"url='http://{HOST}/p'" in told
