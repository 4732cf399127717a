"""Web addresses: brought to one form that any output may hold."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.urls import clean_url, host, url_key


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("HTTPS://x.io/A", "https://x.io/A"),
        ("//x.io/a", "https://x.io/a"),
        ("https://x.io/a b", "https://x.io/a%20b"),
        ('https://x.io/"><script>', "https://x.io/%22%3E%3Cscript%3E"),
        ("https://x.io/\x07bell\x7f\x9f", "https://x.io/%07bell%7F%C2%9F"),
        ("https://x.io/\ud800", "https://x.io/%3F"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://[:\t:1]", ""),
        ("https://\t/", ""),
        ("https://[::1%<]/", ""),
        ("https://x.io:8\t0/", ""),
    ],
)
def test_an_address_has_one_form(text: str, wanted: str) -> None:
    assert clean_url(text) == wanted


@given(st.text("[]:/@.\t\r1a\u2100\u3000 ", max_size=12))
@example("[::1%<]/x")
@example("[:\t:1]/x")  # Python's `urlsplit` drops tabs, and the address keeps them as %09
def test_the_host_of_a_clean_address_can_be_asked_for(rest: str) -> None:
    host(clean_url(f"https://{rest}"))


@given(st.text(max_size=40))
def test_whatever_follows_the_host_can_be_written_anywhere(rest: str) -> None:
    url = clean_url(f"https://x.io/{rest}")
    assert url.startswith("https://x.io/")
    assert not any(unicodedata.category(sign) in ("Cc", "Cs") or sign in '<>" ' for sign in url)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.com/A/b/", "example.com/A/b"),
        ("http://example.com/A/b#part", "example.com/A/b"),
        ("https://example.com/?q=1", "example.com?q=1"),
        ("https://example.com?q=1", "example.com?q=1"),
        ("https://example.com/x/?q=/", "example.com/x?q=/"),
        ("https://example.com:8080/x?q=A%20b", "example.com:8080/x?q=A%20b"),
        ("http://[", "http://["),
        ("http://℀.example/", "http://℀.example/"),
        ("", ""),
    ],
)
def test_urls_are_compared_by_what_tells_pages_apart(url: str, key: str) -> None:
    assert url_key(url) == key


@given(st.text().map("http://".__add__))
def test_any_text_can_be_compared_as_a_url(text: str) -> None:
    url_key(text)
