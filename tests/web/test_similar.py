"""More like this: in the API, and on the page of an item."""

from html import escape
from pathlib import Path

from flask.testing import FlaskClient

from search_app.app import create_app
from search_app.links import item_url
from search_app.settings import Settings
from search_app.state import state
from search_app.views import SIMILAR
from tests.search.samples import IBM, item, make


def test_what_is_like_an_item_is_answered_as_a_search_is(client: FlaskClient) -> None:
    first = client.get(f"/api/items/{IBM}/similar?page_size=3").get_json()
    second = client.get(f"/api/items/{IBM}/similar?page_size=3&page=2").get_json()
    assert (first["query"], first["page_size"], len(first["hits"])) == ("", 3, 3)
    found = [hit["id"] for hit in (*first["hits"], *second["hits"])]
    assert len(set(found)) == 6
    assert IBM not in found
    narrowed = client.get(f"/api/items/{IBM}/similar?provider=usnews.com").get_json()
    assert narrowed["total"] < first["total"]


def test_the_page_of_an_item_links_to_what_is_most_like_it(client: FlaskClient) -> None:
    page = client.get(f"/items/{IBM}").get_data(as_text=True)
    section = page[page.index('<h2 id="similar"') :]
    hits = client.get(f"/api/items/{IBM}/similar").get_json()["hits"][:SIMILAR]
    assert len(hits) == section.count("<h3") == SIMILAR
    for hit in hits:
        assert f'href="{escape(item_url(hit["id"], ""))}"' in section


def test_an_item_that_is_like_no_other_has_no_such_section(tmp_path: Path) -> None:
    app = create_app(Settings.load({}, index=make(tmp_path, [item("a", "Alone"), item("b", "B")])))
    page = app.test_client().get("/items/a").get_data(as_text=True)
    state(app.extensions).reader.close()
    assert "Alone" in page
    assert "More like this" not in page


def test_an_item_whose_id_ends_so_is_still_found(tmp_path: Path) -> None:
    index = make(tmp_path, [item("x/similar", "One"), item("y", "Two"), item("y/similar", "Three")])
    app = create_app(Settings.load({}, index=index))
    client = app.test_client()
    assert client.get("/api/items/x/similar").get_json()["title"] == "One"
    assert client.get("/api/items/y/similar").get_json()["hits"] == []
    assert client.get("/api/items/z/similar").status_code == 404
    state(app.extensions).reader.close()
