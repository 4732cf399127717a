"""The one form of a page of results: it carries all that is chosen."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.web.test_views import checked


def sent(text: str) -> set[tuple[str, str]]:
    """What a browser sends from the form `search`, wherever its controls stand."""
    (q,) = re.findall(r'<input [^>]*name="q" [^>]*value="([^"]*)"', text)
    form = text.partition('<form id="search"')[2].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    dates = re.findall(
        r'type="(?:date|text)" form="search" [^>]*name="(\w+)" value="([^"]*)"', text
    )
    pairs = [("q", q), *hidden, *dates]
    return {(name, unescape(value)) for name, value in pairs if value} | checked(text)


@pytest.mark.parametrize(
    "asked",
    [
        "q=ferry",
        "q=ferry&topic=Oceans&topic=AI&year=2020&sort=newest",
        "q=zzz&topic=Oceans&match=any&group=story&page_size=5",
        "topic=Oceans&provider=zdnet.com&type=article&since=2017-01-01&until=2020-12-31",
        "q=a+%26+b&since=2020-06-09T18:00:00Z",
    ],
)
def test_the_form_sends_the_whole_search(client: FlaskClient, asked: str) -> None:
    text = client.get(f"/search?{asked}").text
    assert sent(text) == set(parse_qsl(asked))
    again = client.get(f"/search?{urlencode(sorted(sent(text)))}").text
    assert re.findall("<h1.*?</h1>", text, re.S) == re.findall("<h1.*?</h1>", again, re.S)


def test_every_address_of_a_page_is_absolute_within_the_site(client: FlaskClient) -> None:
    text = client.get("/search?q=ferry&topic=Oceans").text
    own = [link for link in re.findall(r'href="([^"]*)"', text) if not urlsplit(link).scheme]
    assert all(link.startswith(("/", "#")) for link in own)
