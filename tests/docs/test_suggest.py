"""Suggestions as documented: the examples, the fields, the weights."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from indexer.suggestions.weights import UNIT, SuggestionPolicy
from search_app.app import create_app
from search_app.openapi import description
from search_app.search.request import MAX_SUGGESTED
from search_app.search.results import Kind
from search_app.search.suggest import MAX_TYPED, Policy
from search_app.settings import Settings
from search_app.state import state
from tests.docs.markdown import INDEXER, SEARCH, code
from tests.docs.test_commands import check_fields
from tests.search.samples import make, seed_items

TITLE = "Suggestions"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the application over the seeds."""
    index = make(tmp_path_factory.mktemp("documented") / "index", seed_items())
    app = create_app(Settings.load({}, index=index))
    yield app.test_client()
    state(app.extensions).reader.close()


def suggested(client: FlaskClient, q: str) -> list[tuple[str, str]]:
    answer = client.get("/api/suggest", query_string={"q": q}).get_json()
    return [(one["kind"], one["text"]) for one in answer["suggestions"]]


def test_the_parameters_are_the_descriptions() -> None:
    rows = SEARCH.table(TITLE, "parameter")
    described = description()["paths"]["/api/suggest"]["get"]["parameters"]
    assert {code(row["parameter"])[0]: row["default"].strip("`") for row in rows} == {
        one["name"]: str(one["schema"].get("default", "none")) for one in described
    }
    assert f"{MAX_SUGGESTED} at most" in rows[1]["meaning"]


def test_the_fields_of_suggestions_are_documented(client: FlaskClient) -> None:
    answer = client.get("/api/suggest?q=ferry").get_json()
    rows = SEARCH.table(TITLE, "object")
    check_fields(answer, [row for row in rows if row["object"] == "suggestions"])
    for one in answer["suggestions"]:
        check_fields(one, [row for row in rows if row["object"] == "suggestion"])


def test_every_kind_has_an_example_that_holds(client: FlaskClient) -> None:
    rows = SEARCH.table(TITLE, "kind")
    assert [code(row["kind"])[0] for row in rows] == list(Kind)
    for row in rows:
        (kind,), (typed,), (text,) = (code(row[name]) for name in ("kind", "typed", "suggested"))
        assert (kind, text) in suggested(client, typed), typed


def test_every_example_of_a_spelling_holds(client: FlaskClient) -> None:
    examples = re.findall(r"`([^`]*)`\s+brings\s+`([^`]*)`", SEARCH.section(TITLE))
    assert len(examples) == 4
    for typed, text in examples:
        assert ("word", text) in suggested(client, typed), typed


def test_what_is_forgiven_is_what_is_documented() -> None:
    text = " ".join(SEARCH.section(TITLE).split())
    assert Policy().spelling.edits == ((8, 2), (4, 1))
    assert "one from four letters on and two from eight" in text
    assert f"more than {MAX_TYPED} characters" in text


def test_the_weights_are_those_documented() -> None:
    policy, text = (
        SuggestionPolicy(),
        " ".join(INDEXER.section("What can a search box complete?").split()),
    )
    freshness, half_life = f"{policy.freshness:g}", f"{policy.half_life:g}"
    assert f"weight = 1 + {freshness} * 2 ** (-age / {half_life})" in text
    assert (policy.min_items, UNIT) == (2, 1000)
    assert f"at least two titles and in one title of {policy.of_items:,}" in text
