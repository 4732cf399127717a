"""The pages: every query gets one, whole and escaped; errors lead back home."""

import locale
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from indexer.schema import FACETS
from tests.conditions import installed
from tests.search.samples import IBM

VOID = {"meta", "link", "input", "br", "img", "hr", "path", "circle", "rect"}


class Nesting(HTMLParser):
    """Fails on a tag that closes what was not the last to open; collects links and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page(client: FlaskClient, path: str, status: int = 200) -> Nesting:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    nesting = Nesting()
    nesting.feed(answer.text)
    nesting.close()
    assert nesting.open == []
    return nesting


def test_the_front_page_shows_everything_newest_first(client: FlaskClient) -> None:
    text = client.get("/").text
    assert text.index("2026-11-12") < text.index("2026-09-15")


def test_a_corrected_page_says_so_and_leads_back_to_what_was_typed(client: FlaskClient) -> None:
    shown = page(client, "/search?q=facail+%3Crecogniton%3E&year=2020")
    text = " ".join("".join(shown.words).split())
    assert "for “facial recognition”" in text
    assert "Results for facial recognition; search instead for facail <recogniton>" in text
    (back,) = [link for link in shown.links if link.endswith("&spelling=off")]
    assert back == "/search?q=facail+%3Crecogniton%3E&year=2020&spelling=off"
    typed = "".join(page(client, back).words)
    assert "Results for" not in typed
    assert "for “facail <recogniton>”" in typed
    form = client.get(back).text.partition('role="search"')[2].partition("</form>")[0]
    assert 'name="year"' in form
    assert "spelling" not in form.partition("<input")[2].replace("spellcheck", "")


def test_every_link_of_a_results_page_leads_to_a_page(client: FlaskClient) -> None:
    links = page(client, "/search?q=ferry&topic=Oceans&since=2017").links
    own = {link for link in links if link.startswith("/")}
    assert len(own) > 15
    for link in own:
        answer = client.get(link)
        assert answer.status_code == 200
        answer.close()


def test_what_a_title_or_a_query_holds_is_never_markup(client: FlaskClient) -> None:
    for query in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"):
        text = client.get("/search", query_string={"q": query}).text
        assert text.count("<script") == client.get("/search?q=x").text.count("<script")
        assert "<img" not in text
        assert "49" not in page(client, f"/search?q={quote(query)}").words


@pytest.mark.parametrize(
    ("path", "status"),
    [("/items/none", 404), ("/nowhere", 404), ("/search?page=0", 400), ("/search?since=x", 400)],
)
def test_errors_are_pages_with_a_way_home(client: FlaskClient, path: str, status: int) -> None:
    assert "/" in page(client, path, status).links


def test_without_an_index_the_page_says_what_to_do(bare: FlaskClient) -> None:
    assert any("newsdex reindex" in words for words in page(bare, "/", 503).words)


def test_pages_may_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


texts = st.text(max_size=60) | st.text(alphabet='ab"-()*:|. ORNT><=0129é京\u202e', max_size=60)
parameters = st.fixed_dictionaries(
    {"q": texts},
    optional={
        name: texts | st.lists(texts, max_size=3)
        for name in (*FACETS, "since", "until", "page", "sort", "match")
    },
)


@given(parameters)
@profile(max_examples=150)
def test_nothing_a_client_sends_is_a_fault_of_ours(
    client: FlaskClient, parameters: dict[str, str | list[str]]
) -> None:
    for path in ("/search", "/api/search"):
        answer = client.get(path, query_string=parameters)
        assert answer.status_code in (200, 400)


@pytest.mark.parametrize("raw", [b"/search?q=%ff%fe", b"/search?q=%00", b"/items/%ff", b"/%C0%AF"])
def test_bytes_that_are_no_text_are_no_fault_of_ours(client: FlaskClient, raw: bytes) -> None:
    assert client.get(raw.decode()).status_code in (200, 404)


def test_a_page_is_the_same_in_every_locale(client: FlaskClient) -> None:
    if installed() == ["C"]:
        pytest.skip("this machine has no other locale than C")
    shown, former = {}, locale.setlocale(locale.LC_ALL)
    try:
        for name in installed():
            locale.setlocale(locale.LC_ALL, name)
            shown[name] = client.get(f"/items/{IBM}").text
    finally:
        locale.setlocale(locale.LC_ALL, former)
    assert "9 June 2020" in shown["C"]
    assert set(shown.values()) == {shown["C"]}
