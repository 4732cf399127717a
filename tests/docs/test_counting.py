"""Timelines and values of facets as documented: the parameters, the fields, the examples."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient

from search_app.app import create_app
from search_app.openapi import description
from search_app.search.counting import MAX_BUCKETS
from search_app.search.intervals import Interval
from search_app.search.protocols import Buckets
from search_app.search.request import FACET_SIZE, MAX_LISTED
from search_app.search.timeline import presets
from search_app.settings import Settings
from search_app.state import state
from tests.docs.markdown import SEARCH, code
from tests.docs.test_commands import check_fields
from tests.search.samples import make, seed_items

TIMELINE, FACET = "Attention over time", "All values of a facet"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the application over the seeds."""
    index = make(tmp_path_factory.mktemp("documented") / "index", seed_items())
    app = create_app(Settings.load({}, index=index))
    yield app.test_client()
    state(app.extensions).reader.close()


@pytest.mark.parametrize(
    ("title", "path"), [(TIMELINE, "/api/timeline"), (FACET, "/api/facets/{group}")]
)
def test_the_parameters_are_those_of_a_search_and_those_documented(title: str, path: str) -> None:
    paths = description()["paths"]
    search = [one["name"] for one in paths["/api/search"]["get"]["parameters"]]
    own = [one for one in paths[path]["get"]["parameters"] if one["in"] == "query"]
    assert [one["name"] for one in own][: len(search)] == search
    assert {
        code(row["parameter"])[0]: row["default"].strip("`")
        for row in SEARCH.table(title, "parameter")
    } == {one["name"]: str(one["schema"].get("default", "none")) for one in own[len(search) :]}


def test_the_fields_of_a_timeline_are_documented(client: FlaskClient) -> None:
    answer = client.get("/api/timeline?q=ferry").get_json()
    rows = SEARCH.table(TIMELINE, "object")
    for name, found in (
        ("timeline", [answer]),
        ("bucket", answer["buckets"]),
        ("preset", answer["presets"]),
    ):
        assert found
        for one in found:
            check_fields(one, [row for row in rows if row["object"] == name])
    assert {row["object"] for row in rows} == {"timeline", "bucket", "preset"}


def test_the_fields_of_values_are_documented(client: FlaskClient) -> None:
    answer = client.get("/api/facets/topic?q=ferry").get_json()
    check_fields(answer, SEARCH.table(FACET, "object"))


def test_the_intervals_are_those_documented_and_the_example_holds(client: FlaskClient) -> None:
    text = " ".join(SEARCH.section(TIMELINE).split())
    (row,) = SEARCH.table(TIMELINE, "parameter")
    assert code(row["meaning"]) == list(Interval)
    assert f"of which {Buckets().most} buckets are enough" in row["meaning"]
    assert f"more than {MAX_BUCKETS:,} buckets" in text
    examples = re.findall(r"of `(q=[^`]*)` (?:is )?an? `(\w+)`", text)
    assert len(examples) == 2
    for query, interval in examples:
        assert client.get(f"/api/timeline?{query}").get_json()["interval"] == interval


def test_the_presets_are_those_documented(client: FlaskClient) -> None:
    text = " ".join(SEARCH.section(TIMELINE).split())
    day, month = re.findall(r"If that day is ([0-9-]+), the month has `since=([0-9-]+)`", text)[0]
    answer = client.get("/api/timeline").get_json()
    (row,) = [
        row
        for row in SEARCH.table(TIMELINE, "object")
        if row["object"] == "preset" and code(row["field"]) == ["interval"]
    ]
    assert [one["interval"] for one in answer["presets"]] == code(row["meaning"])
    found = {one.interval: one.since for one in presets(date.fromisoformat(day))}
    assert found[Interval.MONTH] == month


def test_each_example_of_a_prefix_holds(client: FlaskClient) -> None:
    text = " ".join(SEARCH.section(FACET).split())
    parts = re.findall(r"in `(/api/facets/\w+)`,((?: (?:and )?`[^`]+` finds `[^`]+`[,;.]?)+)", text)
    assert [len(re.findall("finds", examples)) for _, examples in parts] == [3, 1]
    for path, examples in parts:
        for prefix, label in re.findall(r"`([^`]+)` finds `([^`]+)`", examples):
            values = client.get(path, query_string={"prefix": prefix}).get_json()["values"]
            assert [one["label"] for one in values] == [label]


def test_the_bounds_of_values_are_those_documented() -> None:
    *_, limit = SEARCH.table(FACET, "parameter")
    assert limit["meaning"] == f"values at most; {MAX_LISTED} at most"
    assert f"lists the [{FACET_SIZE} most frequent values](#facets)" in SEARCH.section(FACET)
