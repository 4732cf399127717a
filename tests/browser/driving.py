"""What the tests of a whole session do again and again: wait, press keys, read the page."""

from collections.abc import Callable

from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait


def until(chromium: Chrome, holds: Callable[[], object]) -> None:
    """Wait until something holds; fail after 10 seconds. Elements may go while they are read, which
    the driver tells by several errors."""
    wait = WebDriverWait(chromium, 10, 0.05, ignored_exceptions=[WebDriverException])
    wait.until(lambda _: holds())


def press(chromium: Chrome, *keys: str) -> None:
    """Press keys one after the other, wherever the focus is."""
    for key in keys:
        ActionChains(chromium).send_keys(key).perform()


def focused(chromium: Chrome) -> WebElement:
    return chromium.switch_to.active_element


def text_of(chromium: Chrome, selector: str) -> str:
    """The text of an element as it is in the page, shown or not; empty if there is none."""
    script = "return document.querySelector(arguments[0])?.textContent ?? ''"
    return " ".join(str(chromium.execute_script(script, selector)).split())


def headlines(chromium: Chrome) -> list[str]:
    """The headlines of the hits."""
    script = "return [...document.querySelectorAll('.hit .headline')].map((h) => h.textContent)"
    return [str(text) for text in chromium.execute_script(script)]


def box(chromium: Chrome) -> WebElement:
    return chromium.find_element(By.ID, "q")
