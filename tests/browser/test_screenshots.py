"""Pictures of the pages, in the folder that `NEWSDEX_SCREENSHOTS` names: those that the README may
show, and, with `NEWSDEX_CAMPAIGN=1`, of every page at every width, theme and zoom. What a picture
shows is looked at by people; here the page must fit it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.conditions import CAMPAIGN

IBM = "/items/2020-06-09-ibm-gets-out-of-facial-recognition-business"
RESULTS = "/search?q=facial+recognition"

PAGES = {
    "front": "/",
    "results": RESULTS,
    "filtered": "/search?q=&topic=AI&topic=Oceans&since=2017",
    "item": f"{IBM}?q=facial+recognition",
    "timeline": "/search/timeline?q=topic:science",
    "facet": "/search/facets/provider?q=",
    "help": "/search/help",
    "none": "/search?q=zyzzogeton&topic=AI",
    "error": "/search?page=0",
    "filters": f"{RESULTS}#filters",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is seen: its width and height in CSS pixels, the zoom, and media features."""

    name: str
    path: str
    width: int
    height: int
    zoom: int = 1
    features: tuple[tuple[str, str], ...] = ()


LIGHT, DARK = (("prefers-color-scheme", "light"),), (("prefers-color-scheme", "dark"),)
FORCED = (("forced-colors", "active"), *DARK)
SIZES = ((360, 800), (768, 1024), (1440, 1000))

SHOWN = [
    Picture("search", RESULTS, 1280, 960, 1, LIGHT),
    Picture("search-dark", RESULTS, 1280, 960, 1, DARK),
    Picture("item", PAGES["item"], 1280, 960, 1, LIGHT),
    Picture("narrow", RESULTS, 360, 800, 2, LIGHT),
    Picture("front", "/", 1280, 960, 1, LIGHT),
    Picture("filters", PAGES["filters"], 360, 800, 2, LIGHT),
    Picture("timeline", PAGES["timeline"], 1280, 960, 1, LIGHT),
]
"""What the README may show."""


def _all() -> Iterator[Picture]:
    yield from SHOWN
    for page, path in PAGES.items():
        for width, height in SIZES:
            for theme, features in (("light", LIGHT), ("dark", DARK)):
                yield Picture(f"{page}-{width}-{theme}", path, width, height, 1, features)
        yield Picture(f"{page}-forced", path, 1440, 1000, 1, FORCED)
        yield Picture(f"{page}-zoom200", path, 720, 500, 2, LIGHT)
        yield Picture(f"{page}-zoom400", path, 360, 250, 4, LIGHT)


@pytest.mark.parametrize(
    "picture", list(_all()) if CAMPAIGN else SHOWN, ids=lambda picture: str(picture.name)
)
def test_a_page_fits_its_picture(
    chromium: Chrome, address: str, shots: Path, picture: Picture
) -> None:
    metrics = {"width": picture.width, "height": picture.height, "mobile": picture.width < 500}
    chromium.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", metrics | {"deviceScaleFactor": picture.zoom}
    )
    features = [{"name": name, "value": value} for name, value in picture.features]
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    chromium.get("about:blank")  # so that an address with a fragment is loaded, too
    chromium.get(address + picture.path)
    width = chromium.execute_script("return document.documentElement.scrollWidth")
    assert width <= picture.width
    file = shots / f"{picture.name}.png"
    assert chromium.save_screenshot(str(file))
    pixels = file.read_bytes()[16:24]  # a PNG begins so: W3C PNG, section 11.2.1
    assert int.from_bytes(pixels[:4]) == picture.width * picture.zoom
