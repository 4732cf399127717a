"""Long names, and texts that are written from right to left, keep their place."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from indexer.item import Article
from tests.browser.test_pages import WIDE, show
from tests.search.samples import item, make
from tests.test_serve import serving

PHONE = (360, 800)
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60" viewBox="0 0 300 60"/>'
LINES = """
const [selector, word] = arguments, range = document.createRange();
const texts = document.createTreeWalker(document.querySelector(selector), NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const at = texts.currentNode.data.indexOf(word);
  if (at < 0) continue;
  range.setStart(texts.currentNode, at);
  range.setEnd(texts.currentNode, at + word.length);
  return range.getClientRects().length;
}
"""
"""On how many lines a word stands."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("long")
    (folder / "logo.svg").write_text(LOGO)
    arabic = item(
        "arabic",
        "السفينة تعود",
        "2024-05-02",
        "ar.example",
        language="ar",
        body="أول",
        markdown="- أول\n- ثان\n",
        related=(Article("A ship comes home", url="https://en.example/a"),),
    )
    make(
        folder / "index", [arabic, item("long", "Long", "2024-05-03", f"{'verylong' * 12}.example")]
    )
    name, logo = "Minneapolis Star Tribune", str(folder / "logo.svg")
    with serving(folder, NEWSDEX_SITE_NAME=name, NEWSDEX_LOGO=logo) as (_, address):
        yield address.rstrip("/")


def width(chromium: Chrome) -> int:
    found: int = chromium.execute_script("return document.documentElement.scrollWidth")
    return found


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_name_beside_a_logo_is_broken_between_words_alone(
    chromium: Chrome, site: str, size: tuple[int, int]
) -> None:
    show(chromium, f"{site}/", size)
    for word in ("Minneapolis", "Star", "Tribune"):
        assert chromium.execute_script(LINES, ".brand", word) == 1
    assert width(chromium) <= size[0]


def test_a_long_value_leaves_the_name_of_its_group_whole(chromium: Chrome, site: str) -> None:
    show(chromium, f"{site}/search?provider={'verylong' * 12}.example", PHONE)
    assert chromium.execute_script(LINES, ".chip", "Outlet:") == 1
    assert width(chromium) <= PHONE[0]


def test_a_list_has_its_signs_on_the_side_where_its_text_begins(
    chromium: Chrome, site: str
) -> None:
    show(chromium, f"{site}/items/arabic", PHONE)
    left, right = chromium.execute_script(
        "const one = document.querySelector('.body li').getBoundingClientRect(),"
        " list = document.querySelector('.body ul').getBoundingClientRect();"
        "return [one.left - list.left, list.right - one.right]"
    )
    assert (left, right > 16) == (0, True)
    assert width(chromium) <= PHONE[0]
