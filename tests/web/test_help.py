"""How to search: every example is a search that finds something."""

import re
from html import unescape

from flask.testing import FlaskClient

from tests.web.test_pages import page


def examples(text: str) -> dict[str, str]:
    """The examples of a page by query, with their addresses."""
    found = re.findall(r'<a href="([^"]*)"><code dir="auto">([^<]*)</code></a>', text)
    return {unescape(query): unescape(url) for url, query in found}


def test_each_example_is_read_without_a_note_and_finds_items(client: FlaskClient) -> None:
    shown = examples(client.get("/search/help").text)
    assert len(shown) >= 12
    for url in shown.values():
        answer = client.get(url.replace("/search?", "/api/search?")).get_json()
        assert answer["total"] > 0, url
        assert not answer["notes"], answer["notes"]
        assert not answer["relaxed"] or '"' not in answer["query"]


def test_the_labels_of_the_page_are_field_names_of_the_query(client: FlaskClient) -> None:
    shown = examples(client.get("/search/help").text)
    fields = {query.partition(":")[0] for query in shown if ":" in query}
    labels = re.findall(r"<legend>(\w+)</legend>", client.get("/search").text)
    assert {"topic", "outlet", "kind"} <= fields
    assert {"Topic", "Outlet"} <= set(labels)


def test_where_nothing_is_found_the_page_says_how_to_search(client: FlaskClient) -> None:
    shown = page(client, "/search?q=zyzzogeton&spelling=off")
    assert "How to search" in shown.words
    empty = client.get("/search?q=zyzzogeton&spelling=off").text
    assert examples(empty) == examples(client.get("/search/help").text)
    assert "How to search</h2>" not in client.get("/search?q=ferry").text
