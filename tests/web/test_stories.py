"""Stories on the pages, in the API and on the command line."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from search_app.app import create_app
from search_app.cli import main
from search_app.settings import Settings
from search_app.state import state
from tests.search.samples import make
from tests.search.test_stories import items
from tests.web.test_form import sent


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("stories") / "index", items())


@pytest.fixture(params=["none", "story"])
def client(index: Path, request: pytest.FixtureRequest) -> Iterator[FlaskClient]:
    """A client of an application whose page groups so by default."""
    app = create_app(Settings.load({"NEWSDEX_GROUP": request.param}, index=index))
    app.testing = True
    yield app.test_client()
    state(app.extensions).reader.close()


def heading(page: str) -> str:
    (found,) = re.findall(r'<h1 id="total" class="total">(.*?)</h1>', page, re.S)
    return " ".join(re.sub("<.*?>", "", found).split())


def switch(page: str, label: str) -> str:
    (found,) = re.findall(rf'<a href="([^"]*)" rel="nofollow"[^>]*>{label}</a>', page)
    return unescape(found)


def test_a_switch_shows_one_per_story_and_every_item_again(client: FlaskClient) -> None:
    page = client.get("/search?q=minneapolis").text
    one = client.get(switch(page, "One per story")).text
    assert heading(one) == "1 story for “minneapolis”"
    assert "in 3 items" in one
    every = client.get(switch(one, "Every item")).text
    assert heading(every) == "3 items for “minneapolis”"
    assert "more of this story" not in every


def test_an_entry_links_to_the_others_of_its_story(client: FlaskClient) -> None:
    page = client.get("/search?q=minneapolis&group=story").text
    (link,) = re.findall(r'<a href="([^"]*)" rel="nofollow">2 more of this story</a>', page)
    others = client.get(unescape(link)).text
    assert heading(others) == "3 items for “minneapolis”"
    assert "Only: " in others
    (remove,) = re.findall(r'class="chip" href="([^"]*)"', others)
    assert "story=" not in unescape(remove)


def test_a_query_that_is_typed_while_a_story_is_chosen_is_sought_in_all(
    client: FlaskClient,
) -> None:
    """What chooses filters keeps the story: a button, which Enter in the box does not press."""
    story = client.get("/api/items/police1").get_json()["story"]
    asked = f"q=minneapolis&story={story}&topic=Police&sort=oldest&group=none"
    for more in ("", "&spelling=off"):
        text = client.get(f"/search?{asked}{more}").text
        typed = sent(text)
        assert ("q", "minneapolis") in typed
        assert ("topic", "Police") in typed
        assert ("sort", "oldest") in typed
        assert "story" not in dict(typed)
        (button,) = re.findall(r'<button class="button apply" [^>]*>', text)
        assert f'name="story" value="{story}"' in button
        assert ("spelling" in dict(typed)) == bool(more)  # a button sends one thing alone
    item = client.get(f"/items/police1?{asked}").text
    assert ("topic", "Police") in sent(item)
    assert "story" not in dict(sent(item))
    assert f"story={story}" in item.partition('class="back"')[2].partition(">")[0]


def test_a_chosen_story_stays_whatever_else_is_chosen_and_can_be_taken_away(
    client: FlaskClient,
) -> None:
    story = client.get("/api/items/police1").get_json()["story"]
    text = client.get(f"/search?q=minneapolis+city&story={story}&page_size=1&group=none").text
    links = [unescape(url) for url in re.findall(r'<a [^>]*?href="(/search\?[^"]*)"', text)]
    for part in ("sort=oldest", "page=2", "match=all", "since=2020-06-01"):
        (url, *_) = [link for link in links if part in link]
        assert f"story={story}" in url, part
    assert f"story={story}" not in switch(text, "One per story")  # which would have one entry
    (remove,) = re.findall(r'class="chip" href="([^"]*)"[^>]*>.*?Only: ', text)
    assert "story=" not in remove


def test_the_link_to_json_gives_what_the_page_shows(client: FlaskClient) -> None:
    for address in ("/search?q=minneapolis", "/search?q=minneapolis&group=story"):
        page = client.get(address).text
        (link,) = re.findall(r'<a href="([^"]*)" rel="nofollow">These results as JSON</a>', page)
        answer = client.get(unescape(link)).get_json()
        assert len(answer["hits"]) == page.count('<article class="hit">')


def test_the_page_of_an_item_lists_the_others_of_its_story(client: FlaskClient) -> None:
    page = client.get("/items/police1").text
    section = page.partition('<h2 id="story"')[2].partition("</section>")[0]
    assert re.findall(r'href="/items/(\w+)"', section) == ["police0", "police2"]
    assert "More on this story" not in client.get("/items/other1").text


def test_what_is_like_an_item_is_of_other_stories_each_told_once_on_its_page(
    client: FlaskClient,
) -> None:
    answer = client.get("/api/items/police1/similar?page_size=100").get_json()
    found = {hit["id"] for hit in answer["hits"]}
    assert "rocket0" in found
    assert not found & {"police0", "police1", "police2"}
    section = client.get("/items/police1").text.partition("More like this")[2]
    assert len(re.findall(r'href="/items/rocket\d"', section)) <= 1


def test_the_api_shows_every_item_unless_asked(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=minneapolis").get_json()
    assert (answer["group"], answer["total"], answer["stories"]) == ("none", 3, None)
    story = answer["hits"][0]["story"]
    assert re.fullmatch("[0-9a-f]{16}", story)
    answer = client.get("/api/search?q=minneapolis&group=story").get_json()
    assert (answer["group"], answer["total"], answer["stories"]) == ("story", 3, 1)
    assert [(hit["story"], hit["others"]) for hit in answer["hits"]] == [(story, 2)]
    assert client.get(f"/api/search?story={story}").get_json()["total"] == 3
    assert client.get("/api/items/police1").get_json()["story"] == story
    assert client.get("/api/items/other1").get_json()["story"] is None


def test_the_command_says_how_many_more_and_how_to_see_them(index: Path) -> None:
    def run(*arguments: str) -> str:
        return CliRunner().invoke(main, ["search", "--index", str(index), *arguments]).output

    text = run("--group", "story", "minneapolis")
    assert text.startswith("1 story in 3 items")
    (story,) = re.findall(r"\+2 more of this story: --story (\w+)", text)
    assert run("--story", story).startswith("3 items")
