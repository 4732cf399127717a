"""A whole session without a mouse: skip, search, take a suggestion, filter, read, come back."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser.driving import box, focused, headlines, press, text_of, until
from tests.browser.slow import Slow
from tests.browser.test_pages import show

PHONE = (360, 740)


def parameters(chromium: Chrome) -> dict[str, list[str]]:
    return parse_qs(urlsplit(chromium.current_url).query)


def tab_to(chromium: Chrome, selector: str, most: int = 80) -> None:
    """Press Tab until an element that the selector names has the focus."""
    for _ in range(most):
        press(chromium, Keys.TAB)
        if chromium.execute_script("return document.activeElement.matches(arguments[0])", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")


def test_a_session_by_keyboard_alone(chromium: Chrome, address: str) -> None:
    show(chromium, address)
    assert focused(chromium) == box(chromium)
    press(chromium, *"ferry", Keys.ENTER)
    until(chromium, lambda: headlines(chromium))
    tab_to(chromium, ".skip[href='#filters']", 3)
    press(chromium, Keys.ENTER)
    tab_to(chromium, "#filters input[name=topic]")
    chosen = focused(chromium)
    value = chosen.get_attribute("value")
    press(chromium, Keys.SPACE)
    until(chromium, lambda: "topic" in parameters(chromium))
    assert parameters(chromium) == {"q": ["ferry"], "topic": [value]}
    assert focused(chromium) == chosen  # the focus is where it was
    assert chosen.is_selected()
    press(chromium, "j")
    assert focused(chromium).text == headlines(chromium)[0]
    press(chromium, "j", "k")
    assert focused(chromium).text == headlines(chromium)[0]
    results = chromium.current_url
    press(chromium, Keys.ENTER)
    until(chromium, lambda: "/items/" in chromium.current_url)
    assert chromium.find_elements(By.CSS_SELECTOR, "h1 mark")
    assert box(chromium).get_attribute("value") == "ferry"
    tab_to(chromium, ".back", 8)
    press(chromium, Keys.ENTER)
    until(chromium, lambda: chromium.current_url == results)


def test_enter_takes_a_suggestion_only_after_an_arrow_key_moved_onto_it(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search")
    box(chromium).click()

    def is_open() -> bool:
        return box(chromium).get_attribute("aria-expanded") == "true"

    press(chromium, *"ocea")
    until(chromium, is_open)
    assert not box(chromium).get_attribute("aria-activedescendant")
    press(chromium, Keys.ENTER)
    until(chromium, lambda: parameters(chromium) == {"q": ["ocea"]})
    assert not is_open()
    press(chromium, Keys.BACKSPACE)
    until(chromium, is_open)
    press(chromium, Keys.ARROW_DOWN)
    active = chromium.find_element(By.ID, str(box(chromium).get_attribute("aria-activedescendant")))
    assert active.get_attribute("aria-selected") == "true"
    assert active.get_attribute("role") == "option"
    assert focused(chromium) == box(chromium)
    press(chromium, Keys.ARROW_UP)  # back to the box itself
    assert not box(chromium).get_attribute("aria-activedescendant")
    press(chromium, Keys.ARROW_DOWN, Keys.HOME)  # a key of the text
    assert not box(chromium).get_attribute("aria-activedescendant")
    assert chromium.execute_script("return document.activeElement.selectionStart") == 0
    press(chromium, Keys.ARROW_DOWN)
    named = text_of(chromium, "#suggestions [aria-selected=true] .text")
    press(chromium, Keys.ENTER)
    until(chromium, lambda: "topic" in parameters(chromium))
    assert parameters(chromium) == {"topic": [named]}
    assert box(chromium).get_attribute("value") == ""


def test_enter_searches_a_text_that_was_pasted_after_an_arrow_key(
    chromium: Chrome, address: str
) -> None:
    """The suggestion was for another text. No key tells of a paste by a mouse, or a dictation."""
    show(chromium, f"{address}/search")
    box(chromium).click()
    press(chromium, *"ocea")
    until(chromium, lambda: box(chromium).get_attribute("aria-expanded") == "true")
    press(chromium, Keys.ARROW_DOWN)
    assert box(chromium).get_attribute("aria-activedescendant")
    chromium.execute_cdp_cmd("Input.insertText", {"text": "nography"})
    assert not box(chromium).get_attribute("aria-activedescendant")
    press(chromium, Keys.ENTER)
    until(chromium, lambda: parameters(chromium) == {"q": ["oceanography"]})


def test_what_an_input_method_writes_has_suggestions(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search")
    box(chromium).click()
    composed = {"text": "ferry", "selectionStart": 5, "selectionEnd": 5}
    chromium.execute_cdp_cmd("Input.imeSetComposition", composed)
    chromium.execute_cdp_cmd("Input.insertText", {"text": "ferry"})
    until(chromium, lambda: box(chromium).get_attribute("aria-expanded") == "true")


def test_escape_closes_the_suggestions_and_then_clears_the_box(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=ferry")
    box(chromium).click()
    press(chromium, Keys.END, " ")
    until(chromium, lambda: box(chromium).get_attribute("aria-expanded") == "true")
    press(chromium, Keys.ESCAPE)
    assert box(chromium).get_attribute("aria-expanded") == "false"
    assert box(chromium).get_attribute("value") == "ferry "
    press(chromium, Keys.ESCAPE)
    assert box(chromium).get_attribute("value") == ""
    until(chromium, lambda: parameters(chromium) == {})


def test_single_keys_do_nothing_in_a_field_or_when_they_are_switched_off(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=ferry")
    press(chromium, "/")
    assert focused(chromium) == box(chromium)
    press(chromium, Keys.END, *"j/?")
    assert box(chromium).get_attribute("value") == "ferryj/?"
    assert not chromium.find_element(By.ID, "keys").is_displayed()
    show(chromium, f"{address}/search?q=ferry")
    press(chromium, "?")
    dialog = chromium.find_element(By.ID, "keys")
    assert dialog.is_displayed()
    switch = dialog.find_element(By.TAG_NAME, "input")
    switch.send_keys(Keys.SPACE)
    press(chromium, Keys.ESCAPE)
    try:
        show(chromium, f"{address}/search?q=ferry")  # it is remembered
        press(chromium, "j", "/", "?")
        assert focused(chromium).tag_name == "body"
        assert not chromium.find_element(By.ID, "keys").is_displayed()
        opener = chromium.find_element(By.CSS_SELECTOR, ".keys-opener")
        opener.send_keys(Keys.ENTER)  # which stays the way to switch them on again
        chromium.find_element(By.CSS_SELECTOR, "#keys input").send_keys(Keys.SPACE)
        press(chromium, Keys.ESCAPE, "j")
        assert focused(chromium).text == headlines(chromium)[0]
    finally:
        chromium.execute_script("localStorage.clear()")


def test_on_a_phone_the_filters_keep_the_focus_until_they_are_closed(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=night", PHONE)
    chromium.find_element(By.CSS_SELECTOR, ".open-filters").send_keys(Keys.ENTER)
    filters = chromium.find_element(By.ID, "filters")
    until(chromium, lambda: filters.get_attribute("role") == "dialog")
    inside = "const at = document.activeElement; return at.matches('body, #filters, #filters *')"
    assert chromium.execute_script(inside)
    for _ in range(3):
        ActionChains(chromium).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        assert chromium.execute_script(inside)
    for _ in range(40):
        press(chromium, Keys.TAB)
        assert chromium.execute_script(inside)
    button = filters.find_element(By.CSS_SELECTOR, ".apply")
    promised = button.text
    filters.find_element(By.CSS_SELECTOR, "input[name=topic]").send_keys(Keys.SPACE)
    until(chromium, lambda: button.text != promised)
    assert filters.is_displayed()
    total = button.text
    press(chromium, Keys.ESCAPE)
    until(chromium, lambda: not filters.is_displayed())
    until(chromium, lambda: focused(chromium).get_attribute("class") == "open-filters")
    shown = text_of(chromium, "#total .figure")
    assert shown in total
    assert not chromium.find_elements(By.CSS_SELECTOR, "[inert]")


def open_sheet(chromium: Chrome) -> WebElement:
    chromium.find_element(By.CSS_SELECTOR, ".open-filters").send_keys(Keys.ENTER)
    filters = chromium.find_element(By.ID, "filters")
    until(chromium, lambda: filters.get_attribute("role") == "dialog")
    return filters


def test_the_keys_are_told_over_the_sheet_too_and_leave_it_open(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=night", PHONE)
    filters = open_sheet(chromium)
    choice = filters.find_element(By.CSS_SELECTOR, "input[name=topic]")
    chromium.execute_script("arguments[0].focus()", choice)
    dialog = chromium.find_element(By.ID, "keys")
    for way in ("button", "Escape"):
        press(chromium, "?")
        until(chromium, lambda: focused(chromium).find_element(By.XPATH, "ancestor::dialog"))
        if way == "button":
            dialog.find_element(By.TAG_NAME, "button").click()
        else:
            press(chromium, Keys.ESCAPE)
        until(chromium, lambda: not dialog.is_displayed())
        assert filters.is_displayed()
        assert focused(chromium) == choice
    press(chromium, Keys.ESCAPE)
    until(chromium, lambda: not filters.is_displayed())


def test_the_sheet_touches_only_what_it_has_made_inert(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search?q=night", PHONE)
    chromium.execute_script("document.querySelector('.footer').inert = true")
    open_sheet(chromium)
    press(chromium, Keys.ESCAPE)
    until(chromium, lambda: focused(chromium).get_attribute("class") == "open-filters")
    chromium.execute_script("dispatchEvent(new Event('resize'))")
    (inert,) = chromium.find_elements(By.CSS_SELECTOR, "[inert]")
    assert "footer" in str(inert.get_attribute("class"))


def test_a_date_is_searched_though_the_sheet_is_closed_at_once(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=night&since=2018-01-01", PHONE)
    open_sheet(chromium).find_element(By.ID, "since").send_keys("06", Keys.ESCAPE)
    until(chromium, lambda: parameters(chromium) == {"q": ["night"], "since": ["2018-06-01"]})
    assert "#filters" not in chromium.current_url


def test_a_choice_is_searched_though_the_sheet_is_closed_before_its_answer(
    chromium: Chrome, slow: tuple[str, Slow]
) -> None:
    address, server = slow
    server.delays["topic="] = 0.6
    show(chromium, f"{address}/search?q=night", PHONE)
    open_sheet(chromium).find_element(By.CSS_SELECTOR, "input[name=topic]").send_keys(Keys.SPACE)
    until(chromium, lambda: "topic=" in server.asked[-1])
    press(chromium, Keys.ESCAPE)
    until(chromium, lambda: "topic" in parameters(chromium))
    assert "#filters" not in chromium.current_url


LISTENERS = """
window.added = 0;
const add = document.addEventListener;
document.addEventListener = function (...given) {
  window.added += 1;
  return add.apply(this, given);
};
"""


def test_a_group_that_comes_back_leaves_no_listener(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search")
    chromium.execute_script(LISTENERS)
    for _ in range(2):
        chromium.find_element(By.CSS_SELECTOR, "fieldset[data-group=topic] a.all").click()
        until(chromium, lambda: chromium.find_elements(By.CSS_SELECTOR, ".found-values input"))
        box(chromium).send_keys("xqzzyvw", Keys.ENTER)
        until(chromium, lambda: not chromium.find_elements(By.CSS_SELECTOR, ".finder"))
        box(chromium).clear()
        box(chromium).send_keys(Keys.ENTER)
        until(chromium, lambda: headlines(chromium))
    assert chromium.execute_script("return window.added") == 0


@pytest.mark.parametrize("group", ["topic", "provider"])
def test_a_value_of_a_long_group_is_found_and_chosen_in_place(
    chromium: Chrome, address: str, group: str
) -> None:
    show(chromium, f"{address}/search")
    fieldset = chromium.find_element(By.CSS_SELECTOR, f"#filters fieldset[data-group={group}]")
    listed = {
        one.get_attribute("value") for one in fieldset.find_elements(By.CSS_SELECTOR, "input")
    }
    fieldset.find_element(By.CSS_SELECTOR, "a.all").send_keys(Keys.ENTER)
    until(chromium, lambda: fieldset.find_elements(By.CSS_SELECTOR, ".found-values input"))
    assert focused(chromium).get_attribute("type") == "search"
    first = fieldset.find_element(By.CSS_SELECTOR, ".found-values .choice")
    value = first.find_element(By.TAG_NAME, "input").get_attribute("value")
    name = first.find_element(By.CSS_SELECTOR, ".label").text
    assert value not in listed
    press(chromium, *name[:4])
    until(
        chromium,
        lambda: all(
            name[:4].lower() in one.lower()
            for one in text_of(chromium, ".found-values").split("  ")
        ),
    )
    found = fieldset.find_element(By.CSS_SELECTOR, ".finder [role=status]")
    until(chromium, lambda: " found" in found.text)
    assert found.size["height"] >= 12  # for eyes, too
    press(chromium, Keys.TAB, Keys.SPACE)
    until(chromium, lambda: group in parameters(chromium))
    (chosen,) = parameters(chromium)[group]
    kept = fieldset.find_element(By.CSS_SELECTOR, f"input[name={group}]:checked")
    assert kept.get_attribute("value") == chosen
    assert focused(chromium) == kept
    kept.send_keys(Keys.SPACE)
    until(chromium, lambda: group not in parameters(chromium))
    until(
        chromium, lambda: not fieldset.find_elements(By.CSS_SELECTOR, f"[value='{chosen}'][name]")
    )
    inside = "return arguments[0].contains(document.activeElement)"
    assert chromium.execute_script(inside, fieldset)  # though what had the focus is not listed


AT_THE_END = (
    "arguments[0].scrollIntoView({block: 'end'}); arguments[0].focus({preventScroll: true})"
)
IN_VIEW = """
const [finder, list] = [".finder", ".groups"].map((name) =>
  document.querySelector(name).getBoundingClientRect());
return finder.top >= list.top && finder.bottom <= list.bottom + 1;
"""


@pytest.mark.parametrize("size", [PHONE, (360, 560), (1280, 700)])
@pytest.mark.parametrize("group", ["topic", "provider"])
def test_what_is_found_of_a_long_group_comes_into_view(
    chromium: Chrome, address: str, group: str, size: tuple[int, int]
) -> None:
    show(chromium, f"{address}/search", size)
    if size[0] < 768:
        open_sheet(chromium)
    link = chromium.find_element(By.CSS_SELECTOR, f"#filters a.all[data-group={group}]")
    chromium.execute_script(AT_THE_END, link)
    place = chromium.execute_script("return scrollY")
    press(chromium, Keys.ENTER)
    finder = chromium.find_element(By.CSS_SELECTOR, ".finder")
    for typed in ("", "a"):
        press(chromium, *typed)
        until(chromium, lambda: finder.find_elements(By.CSS_SELECTOR, ".found-values input"))
        until(chromium, lambda: chromium.execute_script(IN_VIEW))
        assert focused(chromium) == finder.find_element(By.CSS_SELECTOR, ".box")
    assert chromium.execute_script("return scrollY") == place


def test_a_sheet_that_the_address_opens_is_a_dialog(chromium: Chrome, address: str) -> None:
    for _ in range(3):
        show(chromium, f"{address}/search?q=night", PHONE)
        chromium.get(f"{address}/search?q=night&page=1#filters")
        filters = chromium.find_element(By.ID, "filters")
        until(chromium, lambda sheet=filters: sheet.get_attribute("role") == "dialog")  # type: ignore[misc]  # has a default
        chromium.refresh()
        filters = chromium.find_element(By.ID, "filters")
        until(chromium, lambda sheet=filters: sheet.get_attribute("role") == "dialog")  # type: ignore[misc]  # has a default
        assert chromium.find_elements(By.CSS_SELECTOR, "#results[inert]")


def test_back_leads_out_of_the_sheet_whatever_was_chosen_in_it(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=night", PHONE)
    filters = open_sheet(chromium)
    for choice in filters.find_elements(By.CSS_SELECTOR, "input[name=topic]")[:2]:
        value = choice.get_attribute("value")
        choice.send_keys(Keys.SPACE)
        until(chromium, lambda at=value: at in parameters(chromium).get("topic", []))  # type: ignore[misc]  # has a default
    choice.send_keys(Keys.ENTER)  # which searches again, and leaves the sheet as it is
    until(chromium, lambda: not chromium.find_elements(By.CSS_SELECTOR, "#results[aria-busy]"))
    assert filters.get_attribute("role") == "dialog"
    press(chromium, Keys.ESCAPE)
    until(chromium, lambda: not filters.is_displayed())
    chromium.back()
    until(chromium, lambda: parameters(chromium) == {"q": ["night"]})
    until(chromium, lambda: not chromium.find_elements(By.CSS_SELECTOR, ".chip"))
    assert not filters.is_displayed()


def test_a_suggestion_keeps_the_filters(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search?topic=Transport")
    box(chromium).send_keys("ferr")
    until(chromium, lambda: text_of(chromium, "#suggestions").startswith("ferry"))
    press(chromium, Keys.ARROW_DOWN, Keys.ENTER)
    until(chromium, lambda: parameters(chromium).get("q") == ["ferry"])
    assert parameters(chromium) == {"q": ["ferry"], "topic": ["Transport"]}
    assert text_of(chromium, ".chip").startswith("Remove Topic: Transport")


def test_an_arrow_key_moves_onto_what_is_suggested_for_the_text_as_it_is(
    chromium: Chrome, address: str
) -> None:
    show(chromium, f"{address}/search?q=night")
    box(chromium).clear()
    box(chromium).send_keys("coun")
    until(chromium, lambda: text_of(chromium, "#suggestions"))
    press(chromium, "c", Keys.ARROW_DOWN)
    until(chromium, lambda: box(chromium).get_attribute("aria-activedescendant"))
    time.sleep(0.4)  # in which the suggestions for the last letter would arrive
    assert box(chromium).get_attribute("aria-activedescendant") == "suggestion-0"
    taken = text_of(chromium, "#suggestions [aria-selected=true] .text")
    press(chromium, Keys.ENTER)
    until(chromium, lambda: box(chromium).get_attribute("value") == taken)


def test_links_that_skip_are_those_of_what_is_there(chromium: Chrome, address: str) -> None:
    show(chromium, f"{address}/search?q=zyzzogeton")
    skip = ".skip[href='#filters']"
    assert not chromium.find_elements(By.CSS_SELECTOR, skip)
    box(chromium).clear()
    box(chromium).send_keys("night")
    until(chromium, lambda: chromium.find_elements(By.CSS_SELECTOR, "#filters"))
    assert chromium.find_elements(By.CSS_SELECTOR, skip)
    box(chromium).clear()
    box(chromium).send_keys("zyzzogeton", Keys.ENTER)
    until(chromium, lambda: not chromium.find_elements(By.CSS_SELECTOR, "#filters"))
    assert not chromium.find_elements(By.CSS_SELECTOR, skip)
