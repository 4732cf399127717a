"""A site's own look: name, logo, colours, links, time zone; who may embed it and ask its API."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.errors import UsageError
from search_app.app import create_app
from search_app.settings import Settings
from search_app.state import state

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
Opened = Callable[..., FlaskClient]


@pytest.fixture
def opened(seeded: Path) -> Iterator[Opened]:
    """Opens a client of an application with these settings of the environment."""
    readers = []

    def client(**settings: object) -> FlaskClient:
        environ = {f"NEWSDEX_{name.upper()}": str(value) for name, value in settings.items()}
        app = create_app(Settings.load(environ, index=seeded))
        readers.append(state(app.extensions).reader)
        return app.test_client()

    yield client
    for reader in readers:
        with closing(reader):
            pass


@pytest.mark.parametrize("path", ["/", "/search?q=ibm", "/items/none", "/search?sort=best"])
def test_every_page_has_the_name_and_the_links_of_the_site(opened: Opened, path: str) -> None:
    text = (
        opened(
            site_name="Día & <News>",
            footer_links="Our imprint https://a.example/i?a=1&b, Help /help",
        )
        .get(path)
        .text
    )
    assert "Día &amp; &lt;News&gt;</title>" in text
    assert "Newsdex" not in text
    assert '<a href="https://a.example/i?a=1&amp;b">Our imprint</a>' in text
    assert '<a href="/help">Help</a>' in text


def test_a_label_of_a_link_may_have_commas_in_the_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "newsdex.toml"
    file.write_text('footer_links = ["Imprint /i", "Who, what, where /w"]')
    found = Settings.load({}, config=file).footer_links
    assert [(link.label, link.url) for link in found] == [
        ("Imprint", "/i"),
        ("Who, what, where", "/w"),
    ]
    file.write_text('footer_links = ["Who, what /w", "Imprint"]')
    with pytest.raises(
        UsageError, match=r"footer_links: 'Who, what /w, Imprint': 'Imprint' has no"
    ):
        Settings.load({}, config=file)
    with pytest.raises(UsageError, match=r": 'Who' has no .*a label with commas .* settings file"):
        Settings.load({"NEWSDEX_FOOTER_LINKS": "Imprint /i, Who, what /w"})


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("footer_links", "Imprint"),
        ("footer_links", "Imprint javascript:alert(1)"),
        ("footer_links", "https://a.example"),
        ("footer_links", "Imprint //evil.example"),
        ("site_name", "a" * 61),
        ("site_name", "a\nb"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "/etc/passwd"),
        ("frame_ancestors", "none https://a.example"),
        ("frame_ancestors", "'NONE' https://a.example"),
        ("frame_ancestors", "https://a.example; script-src *"),
        ("cors_origins", "a.example"),
        ("cors_origins", "* https://a.example"),
        ("cors_origins", "https://a.example/path"),
        ("accent", "#ffcc00"),
    ],
)
def test_a_value_that_cannot_be_is_refused_at_the_start(setting: str, value: str) -> None:
    key = f"NEWSDEX_{setting.upper()}"
    with pytest.raises(UsageError, match=rf"^{key}: .*: .*") as refused:
        Settings.load({key: value})
    assert refused.value.name == key


def test_the_accent_and_the_sites_rules_come_after_the_style_sheet(
    opened: Opened, tmp_path: Path
) -> None:
    (tmp_path / "own.css").write_text("body { font-size: 20px }")
    client = opened(accent="#8a1538", extra_css=tmp_path / "own.css")
    text = client.get("/").text
    usual, own = text.index("/style.css"), text.index("/site/style.css")
    assert usual < own
    address = text[:own].rpartition('"')[2] + text[own:].partition('"')[0]
    answer = client.get(address)
    assert answer.mimetype == "text/css"
    assert answer.text.index("--accent: #8a1538") < answer.text.index("font-size: 20px")
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get("/static/site/style.css").headers["Cache-Control"] == "no-cache"


def test_a_logo_stands_beside_the_name_and_is_the_icon(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(SVG)
    client = opened(logo=tmp_path / "logo.svg", base_path="/news")
    text = client.get("/").text
    address = r"/news/static/\w+/site/logo"
    assert re.search(f'<link rel="icon" type="image/svg\\+xml" href="{address}"', text)
    assert re.search(f'<img src="{address}"', text)
    logo = client.get("/news/favicon.ico", follow_redirects=True)
    assert (logo.data, logo.mimetype) == (SVG, "image/svg+xml")
    assert "default-src 'none'" in logo.headers["Content-Security-Policy"]  # no script of it runs


def test_without_a_look_of_its_own_the_usual_one_is_shown(client: FlaskClient) -> None:
    text = client.get("/").text
    assert "/site/" not in text
    assert text.count("Newsdex") > 1
    with client.get("/favicon.ico", follow_redirects=True) as icon:
        assert icon.mimetype == "image/svg+xml"
    for path in ("/static/site/logo", "/static/site/style.css"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("setting", "name", "content", "told"),
    [
        ("logo", "logo.exe", b"x", "write a file that ends in"),
        ("logo", "logo.png", None, "cannot be read: No such file"),
        ("extra_css", "own.css", None, "cannot be read: No such file"),
        ("extra_css", "own.css", b"x" * 500_001, "has more than 500,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_at_the_start(
    tmp_path: Path, setting: str, name: str, content: bytes | None, told: str
) -> None:
    if content:
        (tmp_path / name).write_bytes(content)
    environ = {f"NEWSDEX_{setting.upper()}": str(tmp_path / name)}
    with pytest.raises(UsageError, match=rf"^NEWSDEX_{setting.upper()}: .*{name}.*: {told}"):
        create_app(Settings.load(environ, index=tmp_path))


@pytest.mark.parametrize(
    ("setting", "path"),
    [("logo", "/nope.png"), ("logo", "/nope.exe"), ("extra_css", "/nope"), ("access_log", "/no/p")],
)
def test_a_file_is_named_by_the_setting_as_it_was_given(
    tmp_path: Path, setting: str, path: str
) -> None:
    file = tmp_path / "site.toml"
    file.write_text(f'{setting} = "{path}"')
    with pytest.raises(UsageError, match=rf"^{file}: {setting}: .*{path}") as refused:
        create_app(Settings.load({}, index=tmp_path, config=file))
    assert refused.value.name == f"{file}: {setting}"


@pytest.mark.parametrize("setting", ["logo", "extra_css", "access_log"])
def test_a_path_that_cannot_be_one_is_told(tmp_path: Path, setting: str) -> None:
    file = tmp_path / "newsdex.toml"
    file.write_text(f'{setting} = "a\\u0000.png"')
    with pytest.raises(UsageError, match=rf"{file}: {setting}: 'a\\x00.png': leave out"):
        create_app(Settings.load({}, index=tmp_path, config=file))


def test_dates_are_shown_in_the_time_zone_of_the_site(opened: Opened) -> None:
    """The user's own example, of 00:47 UTC on 9 June 2020, was the evening before in New York."""
    path = "/search?q=facial+recognition+ibm"
    (hit, *_) = opened().get(f"/api{path}").get_json()["hits"]
    usual = opened().get(f"/items/{hit['id']}").text
    there = opened(time_zone="America/New_York").get(f"/items/{hit['id']}").text
    assert hit["published"] == "2020-06-09T00:47:00Z"
    assert ">9 June 2020, 00:47 UTC</time>" in usual
    assert ">8 June 2020, 20:47 EDT</time>" in there
    assert 'datetime="2020-06-09T00:47:00Z"' in there


def test_other_sites_may_show_the_pages_only_where_a_setting_says_so(opened: Opened) -> None:
    def ancestors(**settings: object) -> str:
        policy = opened(**settings).get("/").headers["Content-Security-Policy"]
        return policy.rpartition("frame-ancestors ")[2]

    assert ancestors() == "'none'"
    assert ancestors(frame_ancestors="self, https://*.a.example") == "'self' https://*.a.example"
    assert ancestors(frame_ancestors="SELF 'Self' A.example") == "'self' 'self' A.example"
    assert ancestors(frame_ancestors="None") == "'none'"


def test_other_sites_may_ask_the_api_only_where_a_setting_says_so(opened: Opened) -> None:
    origin = {"Origin": "https://a.example"}
    allow = "Access-Control-Allow-Origin"
    assert allow not in opened().get("/api/search", headers=origin).headers
    some = opened(cors_origins="https://a.example https://b.example", rate_limit="0.001")
    answer = some.get("/api/search", headers=origin)
    assert answer.headers[allow] == "https://a.example"
    assert "Origin" in answer.headers.getlist("Vary")
    refused = some.get("/api/search", headers=origin)
    assert (refused.status_code, refused.headers[allow]) == (429, "https://a.example")
    other = some.get("/api/search", headers={"Origin": "https://c.example"})
    assert allow not in other.headers
    every = opened(cors_origins="*")
    assert every.get("/api/nothing").headers[allow] == "*"
    export = every.get("/search.csv?q=ferry&colour=red", headers=origin)
    exposed = export.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"X-Total-Count", "X-Notes"} <= {*exposed} & {*dict(export.headers)}
    assert allow not in every.get("/search", headers=origin).headers
    asked = every.options("/api/search", headers=origin)
    assert asked.status_code == 200
    assert "GET" in asked.headers["Access-Control-Allow-Methods"]
