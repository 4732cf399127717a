"""All values of a facet on a page: they are found, several are chosen, and lead to results."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from search_app.pages.histogram import HEAD
from search_app.template_filters import counted
from tests.web.test_pages import page
from tests.web.test_views import Links, checked

Fields = list[tuple[str, str]]


def fields(text: str, submit: str) -> Fields:
    """What a browser sends from the form of the page."""
    form = text.partition('<form id="values"')[2].partition("</form>")[0]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    (prefix,) = re.findall(r'name="prefix" value="([^"]*)"', form)
    assert submit in form
    return [*((n, unescape(v)) for n, v in hidden), *checked(form), ("prefix", unescape(prefix))]


def test_all_values_of_a_facet_are_listed_with_their_counts(client: FlaskClient) -> None:
    text = client.get("/search/facets/provider?q=ferry").text
    listed = re.findall(r'name="provider" value="([^"]*)".*?<span class="count">(\d+)</span>', text)
    answer = client.get("/api/facets/provider?q=ferry&limit=200").get_json()
    assert listed == [(one["value"], str(one["count"])) for one in answer["values"]]
    assert f"1–{answer['of']} of {answer['of']}" in text
    page(client, "/search/facets/provider?q=ferry")


def test_what_is_chosen_is_found_and_stays_chosen_while_others_are_looked_for(
    client: FlaskClient,
) -> None:
    path = "/search/facets/topic?q=ferry&sort=newest&page=2&topic=Oceans"
    text = client.get(path).text
    assert checked(text) == {("topic", "Oceans")}
    sent = fields(text, 'formaction="/search"')
    results = client.get(f"/search?{urlencode(sent)}").text
    assert (
        client.get("/search?q=ferry&sort=newest&topic=Oceans").text.partition("<main")[2][:3_000]
        == results.partition("<main")[2][:3_000]
    )
    assert "no parameter" not in results
    searched = client.get(f"/search/facets/topic?{urlencode([*sent[:-1], ('prefix', 'tr')])}").text
    assert fields(searched, ">Find</button>")[-1] == ("prefix", "tr")
    assert checked(searched) == {("topic", "Oceans")}  # though it does not begin so
    assert searched.index("Oceans</span>") < searched.index("<legend>Topic</legend>")


@pytest.mark.parametrize(
    ("group", "written", "values"),
    [
        ("topic", ["oceans", "ai"], {"AI", "Oceans"}),
        ("provider", ["Meridian Wire"], {"meridianwire.example"}),
        ("provider", ["www.MeridianWire.example"], {"meridianwire.example"}),
        ("language", ["English"], {"en"}),
    ],
)
def test_what_is_chosen_is_one_checkbox_however_it_is_written(
    client: FlaskClient, group: str, written: list[str], values: set[str]
) -> None:
    asked = urlencode([(group, text) for text in written])
    text = client.get(f"/search/facets/{group}?{asked}").text
    assert checked(text) == {(group, value) for value in values}
    assert "<legend>Chosen</legend>" not in text
    elsewhere = client.get(f"/search/facets/{group}?{asked}&prefix=zyzzogeton").text
    assert checked(elsewhere) == checked(text)  # with their counts, as no others are listed
    assert elsewhere.count('class="count"') == len(values)


def test_where_no_value_is_called_so_there_is_no_empty_group(client: FlaskClient) -> None:
    text = client.get("/search/facets/topic?topic=AI&prefix=zyzzogeton").text
    assert re.findall("<legend>(.*?)</legend>", text) == ["Chosen"]


def test_a_long_list_has_pages_that_keep_what_is_looked_for(client: FlaskClient) -> None:
    text = client.get("/search/facets/provider?limit=5&prefix=e&offset=5").text
    links = [unescape(link) for link in Links(text).found if "offset=" in link]
    assert links == ["/search/facets/provider?prefix=e&offset=10"]
    assert client.get(links[0]).status_code == 200


def test_there_are_pages_of_facets_only(client: FlaskClient) -> None:
    assert client.get("/search/facets/colour").status_code == 404
    assert client.get("/search/facets/topic?offset=x").status_code == 400


@pytest.mark.parametrize("interval", ["", "day", "week", "month", "year"])
def test_the_table_of_a_timeline_has_the_counts_of_the_api(
    client: FlaskClient, interval: str
) -> None:
    asked = urlencode(
        {"q": "lander", "since": "2020"} | ({"interval": interval} if interval else {})
    )
    text = client.get(f"/search/timeline?{asked}").text
    rows = re.findall(
        r'<th scope="row">(?:<a href="([^"]*)" rel="nofollow">)?[^<]*(?:</a>)?</th>'
        r"<td>([\d,]+)</td><td>([\d,]+)</td><td>([\d.]+ %|–)</td>",
        text,
    )
    answer = client.get(f"/api/timeline?{asked}").get_json()
    if interval != "day":  # of which there are more than the page shows
        shares = [f"{100 * one['share']:.1f} %" if one["all"] else "–" for one in answer["buckets"]]
        assert [(int(c), int(a), s) for _, c, a, s in rows] == [
            (one["count"], one["all"], share)
            for one, share in zip(answer["buckets"], shares, strict=True)
        ]
    for url, count, _, _ in rows:
        assert bool(url) == (count != "0")
        if url:
            found = client.get(unescape(url).replace("/search", "/api/search")).get_json()
            assert found["total"] == int(count)
    bars = re.findall(r'<a href="([^"]*)" rel="nofollow"><text y="11">[^:]*: ([^<]*)<', text)
    told = [row for row in rows if row[0]]
    assert bars == [
        *((url, counted(int(count), "item")) for url, count, _, _ in told),
        *((url, f"{share} of {counted(int(every), 'item')}") for url, _, every, share in told),
    ]
    heights = [int(height) for height in re.findall(r'd="M[\d.]+ 160v-(\d+)', text)]
    parts = [float(share.removesuffix(" %")) for *_, share in told]
    assert heights[parts.index(max(parts))] == max(heights) == 160 - HEAD
    page(client, f"/search/timeline?{asked}")


def test_all_items_are_shown_as_a_share_of_nothing(client: FlaskClient) -> None:
    assert "As a share of all items" not in client.get("/search/timeline?q=").text
    assert "As a share of all items" in client.get("/search/timeline?q=ferry").text


def test_a_timeline_of_nothing_says_so(client: FlaskClient) -> None:
    text = client.get("/search/timeline?q=zyzzogeton").text
    assert "0 items</p>" in text
    assert "Nothing was found." in text
    assert "<svg" not in text.partition("<main")[2]


def test_a_bar_of_a_search_leads_to_what_it_counts(client: FlaskClient) -> None:
    text = client.get("/search?q=ferry").text
    bars = re.findall(r'<a href="([^"]*)" rel="nofollow"><text y="11">[^:]*: (\d+) items?<', text)
    assert len(bars) > 1
    for url, count in bars:
        found = client.get(unescape(url).replace("/search", "/api/search")).get_json()
        assert found["total"] == int(count)


@pytest.mark.parametrize("path", ["facets/topic", "timeline"])
def test_what_was_searched_instead_is_told(client: FlaskClient, path: str) -> None:
    text = client.get(f"/search/{path}?q=facail+recogniton&colour=red").text
    told = re.findall(r'<li dir="auto">(.*?)</li>', text)
    assert told[0] == "“facial recognition” was searched instead of “facail recogniton”."
    assert told[1].startswith("There is no parameter")
    assert "“<bdi>facial recognition</bdi>”" in text
