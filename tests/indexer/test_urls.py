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
        ("HTTP://reader:secret@EXAMPLE.com.:80/a", "example.com/a"),
        ("//example.com/a", "example.com/a"),
        ("example.com/a?u=https://y.example/b", "example.com/a?u=https://y.example/b"),
        ("https://example.com/a?", "example.com/a"),
        # percent-encoding, of all that does not part a path or a query
        ("https://example.com/%c3%bc%28a%29%7C", "example.com/ü(a)|"),
        ("https://example.com/u\u0308", "example.com/ü"),
        ("https://example.com/a%2fb%3f%23%25", "example.com/a%2Fb%3F%23%25"),
        ("https://example.com/a%20b%0A%C2%A0", "example.com/a%20b%0A%C2%A0"),
        ("https://example.com/%fc%FCa", "example.com/%FC%FCa"),
        ("https://example.com/100%", "example.com/100%25"),
        ("https://example.com/a?q=x+y", "example.com/a?q=x%20y"),
        ("https://example.com/a?q=x%2By%26z%3D", "example.com/a?q=x%2By%26z%3D"),
        ("https://example.com/a?b=1&amp;c=%2F", "example.com/a?b=1&c=/"),
        # hosts in any script
        ("https://bücher.example/a", "xn--bcher-kva.example/a"),
        ("https://BU\u0308CHER\u3002example/a", "xn--bcher-kva.example/a"),
        ("https://b%C3%BCcher.example/a", "xn--bcher-kva.example/a"),
        ("https://straße.example/", "xn--strae-oqa.example"),
        # where a reader came from
        ("https://example.com/a?utm_source=b&UTM_CAMPAIGN=c&fbclid=d", "example.com/a"),
        ("https://example.com/a?x=1&gclid=b&y=2&mc_eid", "example.com/a?x=1&y=2"),
        ("https://example.com/a?ref=b&source=c", "example.com/a?ref=b&source=c"),
        ("https://example.com/a?xutm_source=b&utm=c", "example.com/a?xutm_source=b&utm=c"),
        ("https://example.com/a?b=2&b=1", "example.com/a?b=2&b=1"),
        # routes of a page that draws itself
        ("https://example.com/#!/a", "example.com#!/a"),
        ("https://example.com/a?b#/c%20d", "example.com/a?b#/c%20d"),
        ("https://example.com/#/", "example.com"),
        ("https://example.com/a#!", "example.com/a"),
        # caches
        ("https://x-example.cdn.ampproject.org/c/s/x.example/a?b=1", "x.example/a?b=1"),
        ("https://cdn.ampproject.org/v/x.example/a?amp_js_v=0.1", "x.example/a"),
        ("https://www.google.co.uk/amp/s/www.x.example/a/", "x.example/a"),
        ("https://www.bing.com/amp/s/x.example/a", "x.example/a"),
        (
            "https://google.com/amp/s/x-example.cdn.ampproject.org/c/s/x.example/a",
            "x.example/a",
        ),
        ("https://google.com/amp/help/a", "google.com/amp/help/a"),
        ("https://cdn.ampproject.org/v0.js", "cdn.ampproject.org/v0.js"),
        ("https://notgoogle.com/amp/s/x.example/a", "notgoogle.com/amp/s/x.example/a"),
        # what is no address
        ("http://[", "["),
        ("http://℀.example/", "a/c.example"),
        ("", ""),
    ],
)
def test_urls_are_compared_by_what_tells_pages_apart(url: str, key: str) -> None:
    assert url_key(url) == key


@given(
    st.text() | st.text("%aF28?#&=+/.@:[]üß\ud800", max_size=30),
    st.sampled_from(["", "//", "http://", "https://google.com/amp/s/"]),
)
@example("ü" * 5_000, "https://")
def test_any_text_can_be_compared_as_a_url(text: str, head: str) -> None:
    url_key(head + text)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=30))
def test_an_address_as_kept_has_the_key_of_the_address_as_typed(rest: str) -> None:
    """Items hold clean addresses; a query holds what was pasted."""
    typed = f"https://x.example/{rest}"
    assert url_key(clean_url(typed)) == url_key(typed)


PATHS = st.text("aAb1-/;,+*!", max_size=4)
QUERIES = st.lists(
    st.sampled_from(["p=12", "p=13", "P=12", "id", "id=", "ref=a", "q=%26"]), max_size=3
)


@given(PATHS, PATHS, QUERIES, QUERIES)
def test_two_pages_never_have_one_key(
    path: str, other_path: str, query: list[str], other_query: list[str]
) -> None:
    def key(path: str, query: list[str]) -> str:
        return url_key(f"https://x.example/{path}?{'&'.join(query)}")

    are_one = path.rstrip("/") == other_path.rstrip("/") and query == other_query
    assert (key(path, query) == key(other_path, other_query)) == are_one
