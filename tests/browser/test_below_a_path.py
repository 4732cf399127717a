"""A whole session behind nginx, below a path of a site: nothing is asked of the site outside it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.logs import happened
from tests.browser.test_pages import WIDE, show
from tests.test_deploy import REQUIRED, behind
from tests.test_serve import ROOT, run


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the pages behind nginx, with the path."""
    if not shutil.which("nginx"):
        if REQUIRED:
            pytest.fail("nginx is not installed")
        pytest.skip("nginx is not installed")
    done = run("reindex", "--seeds", ROOT / "seeds", "--index", tmp_path / "index")
    assert done.returncode == 0, done.stderr
    below = {"base_path": "/news", "trusted_proxies": "127.0.0.1"}
    with behind("nginx", tmp_path, tmp_path, monkeypatch, **below) as (host, port):
        yield f"http://{host}:{port}/news"


def arrive(chromium: Chrome, selector: str) -> None:
    """Wait until a page has what is looked for."""
    WebDriverWait(chromium, 20).until(lambda one: one.find_elements(By.CSS_SELECTOR, selector))


def test_a_whole_session_stays_below_the_path(chromium: Chrome, news: str) -> None:
    happened(chromium)
    show(chromium, f"{news}/", WIDE)
    chromium.find_element(By.ID, "q").send_keys("ferry", Keys.ENTER)
    arrive(chromium, "#results .hit")
    assert chromium.current_url.startswith(f"{news}/search?")

    box = chromium.find_element(By.CSS_SELECTOR, "#filters input[name=topic]")
    topic = box.get_attribute("value")
    box.click()
    apply = chromium.find_element(By.CSS_SELECTOR, "#filters .apply")
    if apply.is_displayed():  # where a script shows at once what was chosen, it is not needed
        apply.click()
    arrive(chromium, ".chip")
    assert str(topic) in chromium.find_element(By.CSS_SELECTOR, ".chip").text
    filtered = chromium.current_url

    chromium.find_element(By.CSS_SELECTOR, ".hit h2 a[href^='/']").click()
    WebDriverWait(chromium, 20).until(lambda one: "/items/" in one.current_url)
    assert chromium.current_url.startswith(f"{news}/items/")
    chromium.back()
    arrive(chromium, "#results .hit")
    assert chromium.current_url == filtered

    for selector in ("a.all", ".histogram a[href*=timeline]", ".footer a[href*='search.atom']"):
        for link in chromium.find_elements(By.CSS_SELECTOR, selector)[:1]:
            url = str(link.get_property("href"))
            assert url.startswith(f"{news}/")
            status = chromium.execute_async_script(
                "fetch(arguments[0]).then(answer => arguments[1](answer.status))", url
            )
            assert status == 200
    done = happened(chromium)
    asked = {one.url for one in done.requests}
    assert any(url.endswith(".css") for url in asked)
    assert {url for url in asked if not url.startswith(f"{news}/")} == set()
    assert done.console == []
