"""Pictures as a browser shows them: each in a box that is there before it, and stays without it."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from tests.browser.conftest import ROOT
from tests.browser.test_pages import NARROW, WIDE, show
from tests.indexer.samples import seed

GONE = "https://img.invalid/a.jpg"
"""No name ends so (RFC 2606), so no picture is there."""


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that links to pictures, over one item whose pictures are all gone."""
    folder = tmp_path_factory.mktemp("pictured")
    image = {"url": GONE, "width": 1200, "height": 630}
    outlet = {"name": "Ledger", "domain": "ledger.example", "images": [image]}
    path = seed(folder / "seeds", title="Ferry", images=[image], provider=outlet, excerpt="It is.")
    path.write_text(f"{path.read_text(encoding='utf-8')}\n# Head\n\n![A pier]({GONE})\n", "utf-8")
    newsdex = [sys.executable, "-m", "search_app"]
    places = ["--seeds", str(folder / "seeds"), "--index", str(folder / "index")]
    subprocess.run([*newsdex, "reindex", *places], cwd=ROOT, check=True)
    server = subprocess.Popen(
        [*newsdex, "serve", "--index", folder / "index", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1", "NEWSDEX_IMAGES": "link"},
    )
    assert server.stdout is not None
    yield server.stdout.readline().split(" at ")[1].split()[0].rstrip("/")
    server.terminate()
    server.wait(timeout=30)
    server.stdout.close()


SETTLED = """
const done = arguments[0];
let shift = 0, refused = 0;
document.addEventListener("securitypolicyviolation", () => refused++);
new PerformanceObserver(list => list.getEntries().forEach(entry => shift += entry.value))
  .observe({type: "layout-shift", buffered: true});
const all = [...document.images].map(image => image.decode().catch(() => {}));
Promise.all(all).then(() => requestAnimationFrame(() => done({
  shift, refused,
  shown: [...document.images].filter(image => image.naturalWidth).length,
  boxes: [...document.querySelectorAll(".picture, .logo, .body img")]
    .map(box => [box.clientWidth, box.clientHeight]),
})));
"""


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize(("path", "boxes"), [("/search?q=ferry", 2), ("/items/a", 3)])
def test_where_pictures_are_gone_their_boxes_stay_and_nothing_moves(
    chromium: Chrome, pictured: str, path: str, boxes: int, size: tuple[int, int]
) -> None:
    show(chromium, pictured + path, size)
    found = chromium.execute_async_script(SETTLED)
    assert (found["shift"], found["refused"], found["shown"]) == (0, 0, 0)
    assert len(found["boxes"]) == boxes
    assert all(width >= 20 and height >= 20 for width, height in found["boxes"])


def test_words_stand_where_a_picture_of_a_body_is_gone(chromium: Chrome, pictured: str) -> None:
    show(chromium, f"{pictured}/items/a")
    chromium.execute_async_script(SETTLED)
    cover = chromium.execute_script("""
        const picture = document.querySelector(".body img");
        const {content, position, backgroundColor} = getComputedStyle(picture, "::after");
        const same = backgroundColor === getComputedStyle(picture).backgroundColor;
        return [content, position, same];
    """)
    assert cover == ['"A pier" / ""', "absolute", True]


def test_a_browser_takes_what_programs_are_told_for_no_script(
    chromium: Chrome, address: str
) -> None:
    chromium.get_log("browser")  # type: ignore[no-untyped-call]  # selenium's is not annotated
    show(chromium, f"{address}/items/2020-06-09-ibm-gets-out-of-facial-recognition-business")
    text = chromium.execute_script(
        "return JSON.parse(document.querySelector('[type*=ld]').textContent)['@type']"
    )
    assert text == "NewsArticle"
    assert chromium.get_log("browser") == []  # type: ignore[no-untyped-call]  # as above
