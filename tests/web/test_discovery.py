"""What browsers and crawlers are told: a description of the search, robots.txt, sitemaps."""

from contextlib import closing
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from flask.testing import FlaskClient

from search_app import sitemap
from search_app.app import create_app
from search_app.search.cursor import cursor
from search_app.settings import Settings
from tests.search.samples import item, make, reader_of
from tests.web.xml import Element, tree

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def tree_at(client: FlaskClient, path: str) -> Element:
    answer = client.get(path)
    assert answer.status_code == 200
    return tree(answer.data)


def test_the_description_names_addresses_that_answer(client: FlaskClient) -> None:
    root = tree_at(client, "/opensearch.xml")
    assert len(root.findtext(f"{OPENSEARCH}ShortName") or "") in range(1, 17)
    types = {}
    for url in root.iter(f"{OPENSEARCH}Url"):
        address = url.get("template", "").removeprefix("http://localhost")
        for name, value in (("searchTerms", "ferry"), ("startPage?", "1"), ("count?", "")):
            address = address.replace(f"{{{name}}}", value)
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, url.get("type"))
        types[answer.mimetype] = answer
    assert b"ferry" in types["text/html"].data
    with client.get("/static/icon.svg") as icon:
        assert icon.status_code == 200


def test_a_browser_is_given_suggestions_in_its_form(client: FlaskClient) -> None:
    typed, texts, descriptions, urls = client.get("/opensearch/suggest?q=fer").get_json()
    api = client.get("/api/suggest?q=fer").get_json()["suggestions"]
    assert typed == "fer"
    assert texts == [one["text"] for one in api] != []
    assert urls == [f"http://localhost{one['url']}" for one in api]
    assert [text.split()[0] for text in descriptions] == [str(one["count"]) for one in api]


@pytest.mark.parametrize("host", ["my_service:8080", "news.example", "[2001:db8::1]:81"])
def test_absolute_addresses_begin_with_the_host_that_a_request_names(
    client: FlaskClient, host: str
) -> None:
    for path in ABSOLUTE:
        text = client.get(path, headers={"Host": host}).text
        assert f"http://{host}/" in text, path
        assert "http:/s" not in text, path


ABSOLUTE = (
    *("/search.atom?q=ferry", "/search.json?q=ferry", "/opensearch.xml"),
    *("/opensearch/suggest?q=fer", "/sitemap.xml", "/sitemap-1.xml"),
)
IBM_PAGE = "/items/2020-06-09-ibm-gets-out-of-facial-recognition-business"


@pytest.mark.parametrize("host", ["evil.com/@x", "a b", "é", "a:b"])
def test_what_is_no_host_stands_in_no_address(client: FlaskClient, host: str) -> None:
    named = {"Host": host}
    for path in ABSOLUTE:
        refused = client.get(path, headers=named)
        assert (refused.status_code, refused.get_json()["error"]["kind"]) == (400, "bad_request")
        assert "names no host" in refused.get_json()["error"]["message"]
    robots = client.get("/robots.txt", headers=named)
    assert (robots.status_code, "Sitemap" in robots.text) == (200, False)
    assert "Disallow: /search" in robots.text
    for path in ("/", "/search?q=ferry", "/api/search?q=ferry", IBM_PAGE):
        page = client.get(path, headers=named)
        assert page.status_code == 200
        assert "http:/" not in page.text.replace("http://", "")
    assert f'<link rel="canonical" href="{IBM_PAGE}">' in client.get(IBM_PAGE, headers=named).text


def test_without_a_host_addresses_begin_with_that_of_the_server(client: FlaskClient) -> None:
    own = {"HTTP_HOST": "", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8080"}
    robots = client.get("/robots.txt", environ_overrides=own)
    assert "Sitemap: http://127.0.0.1:8080/sitemap.xml" in robots.text
    every = own | {"SERVER_NAME": "::"}
    assert client.get("/search.atom", environ_overrides=every).status_code == 400


def test_a_site_with_an_address_of_its_own_needs_no_host(seeded: Path) -> None:
    settings = Settings.load({"NEWSDEX_PUBLIC_URL": "https://news.example"}, index=seeded)
    named = create_app(settings).test_client()
    for path in (*ABSOLUTE, "/robots.txt", IBM_PAGE):
        answer = named.get(path, headers={"Host": "evil.com/@x"})
        assert (answer.status_code, "https://news.example/" in answer.text) == (200, True)


def test_every_page_names_the_description(client: FlaskClient) -> None:
    for path in ("/", "/search?q=ferry", "/items/none"):
        assert 'type="application/opensearchdescription+xml"' in client.get(path).text


def test_crawlers_are_kept_out_of_searches_and_led_to_items(client: FlaskClient) -> None:
    robots = RobotFileParser()
    text = client.get("/robots.txt").text
    robots.parse(text.splitlines())
    assert robots.site_maps() == ["http://localhost/sitemap.xml"]
    for path in ("/", "/items/some/thing", "/static/style.css", "/sitemap-1.xml"):
        assert robots.can_fetch("any", f"http://localhost{path}"), path
    for path in ("/search?q=a", "/search.csv", "/api/search?topic=a", "/opensearch/suggest?q=a"):
        assert not robots.can_fetch("any", f"http://localhost{path}"), path


@pytest.mark.parametrize(
    ("path", "indexed"),
    [
        ("/", True),
        ("/?page=2", False),
        ("/search?q=ferry", False),
        ("/api/search", False),
        ("/search.csv", False),
        ("/items/2020-06-09-ibm-gets-out-of-facial-recognition-business", True),
        ("/static/style.css", True),
        ("/nothing-here", False),
    ],
)
def test_only_the_front_page_and_items_may_be_found_elsewhere(
    client: FlaskClient, path: str, indexed: bool
) -> None:
    with client.get(path) as answer:
        assert (answer.headers.get("X-Robots-Tag") != "noindex") == indexed


def test_the_sitemaps_have_every_item_once_with_its_date(tmp_path: Path) -> None:
    items = [item(f"{n}/ä&b", day=f"2024-01-{n + 1:02}" if n else "") for n in range(23)]
    index = make(tmp_path / "index", [*items, item("x" * 3_000)])
    with closing(reader_of(index)) as reader, reader.acquire() as lease:
        found = cursor(lease.searcher, sitemap.REQUEST)
        maps = [
            tree(b"".join(sitemap.chunks(found, number + 1, "http://a", size=10)))
            for number in range(sitemap.count(found.total, 10))
        ]
    urls = [url for one in maps for url in one]
    assert [len(one) for one in maps] == [10, 10, 3]
    assert [url.findtext(f"{SITEMAP}loc") for url in urls] == [
        f"http://a/items/{n}/%C3%A4%26b" for n in (*range(1, 23), 0)
    ]
    dates = [url.findtext(f"{SITEMAP}lastmod") for url in urls]
    assert dates == [f"2024-01-{n + 1:02}T00:00:00Z" for n in range(1, 23)] + [None]


def test_every_address_of_the_sitemaps_answers(client: FlaskClient) -> None:
    items = client.get("/readyz").get_json()["items"]
    (name,) = [loc.text or "" for loc in tree_at(client, "/sitemap.xml").iter(f"{SITEMAP}loc")]
    listed = tree_at(client, name.removeprefix("http://localhost")).iter(f"{SITEMAP}loc")
    addresses = [loc.text or "" for loc in listed]
    assert len(set(addresses)) == len(addresses) == items
    for address in addresses:
        assert client.get(address.removeprefix("http://localhost")).status_code == 200


@pytest.mark.parametrize(
    "path", ["/sitemap-0.xml", "/sitemap-2.xml", "/sitemap-99999999999.xml", "/sitemap-x.xml"]
)
def test_there_is_no_other_sitemap(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_crawler_that_has_the_list_of_sitemaps_is_not_sent_it_again(client: FlaskClient) -> None:
    tag = client.get("/sitemap.xml").headers["ETag"]
    assert client.get("/sitemap.xml", headers={"If-None-Match": tag}).status_code == 304


def test_an_empty_site_has_an_empty_sitemap(tmp_path: Path, bare: FlaskClient) -> None:
    assert bare.get("/sitemap.xml").status_code == 503
    client = create_app(Settings.load({}, index=make(tmp_path / "i", []))).test_client()
    assert len(tree_at(client, "/sitemap.xml")) == 1
    assert len(tree_at(client, "/sitemap-1.xml")) == 0
