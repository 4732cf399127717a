"""The description of the API describes the API: real answers fit it, key by key."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from search_app.export_formats import json_broken_off
from search_app.openapi import description

IBM = "2020-06-09-ibm-gets-out-of-facial-recognition-business"


def closed(schema: Any) -> Any:
    """The schema with no room for properties it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    tight = {key: closed(part) for key, part in schema.items()}
    if tight.get("type") == "object" and "properties" in tight:
        tight.setdefault("additionalProperties", False)
    return tight


def answer_schema(path: str, status: str) -> dict[str, Any]:
    document = description()
    answer = document["paths"][path]["get"]["responses"][status]
    ((_, content),) = answer["content"].items()
    schema = content["schema"]
    whole: dict[str, Any] = closed({**schema, "components": document["components"]})
    return whole


@pytest.mark.parametrize(
    ("path", "template", "status"),
    [
        ("/api/search", "/api/search", 200),
        ("/api/search?q=ferry+OR&topic=AI&page=2", "/api/search", 200),
        ("/api/search?sort=worst", "/api/search", 400),
        (f"/api/items/{IBM}", "/api/items/{id}", 200),
        ("/api/items/none", "/api/items/{id}", 404),
        ("/api/suggest", "/api/suggest", 200),
        ("/api/suggest?q=ferry&limit=3&topic=AI", "/api/suggest", 200),
        ("/api/suggest?limit=21", "/api/suggest", 400),
        (f"/api/items/{IBM}/similar", "/api/items/{id}/similar", 200),
        ("/api/items/none/similar", "/api/items/{id}/similar", 404),
        (f"/api/items/{IBM}/similar?page=0", "/api/items/{id}/similar", 400),
        ("/api/search?q=facial&explain=1", "/api/search", 200),
        ("/api/search?explain=yes", "/api/search", 400),
        ("/search.json", "/search.json", 200),
        ("/search.json?q=ferry&page_size=1", "/search.json", 200),
        ("/search.json?page=0", "/search.json", 400),
        ("/search.jsonl?sort=worst", "/search.jsonl", 400),
        ("/opensearch/suggest?q=ferry", "/opensearch/suggest", 200),
        ("/opensearch/suggest?limit=0", "/opensearch/suggest", 400),
        ("/api/timeline", "/api/timeline", 200),
        ("/api/timeline?q=ferry+OR&topic=AI&interval=week&since=2018", "/api/timeline", 200),
        ("/api/timeline?q=nothinglikethis", "/api/timeline", 200),
        ("/api/timeline?interval=hour", "/api/timeline", 400),
        ("/api/facets/provider?prefix=nor&group=story", "/api/facets/{group}", 200),
        ("/api/facets/language?topic=AI", "/api/facets/{group}", 200),
        ("/api/facets/topic?limit=0", "/api/facets/{group}", 400),
        ("/api/facets/colour", "/api/facets/{group}", 404),
        ("/healthz", "/healthz", 200),
        ("/readyz", "/readyz", 200),
    ],
)
def test_answers_fit_their_description(
    client: FlaskClient, path: str, template: str, status: int
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    schema = answer_schema(template, str(status))
    assert list(Draft202012Validator(schema).iter_errors(answer.get_json())) == []


def test_every_line_of_an_export_fits_its_description(client: FlaskClient) -> None:
    validator = Draft202012Validator(answer_schema("/search.jsonl", "200"))
    lines = client.get("/search.jsonl").text.splitlines()
    assert lines
    for line in [*lines, json_broken_off(ValueError()).decode()]:
        assert list(validator.iter_errors(json.loads(line))) == []
    assert not validator.is_valid({"id": "one"})


def test_the_media_types_are_those_described(client: FlaskClient) -> None:
    for path, found in description()["paths"].items():
        if "{" not in path:
            (media,) = found["get"]["responses"]["200"]["content"]
            assert client.get(path).mimetype == media


def test_a_missing_or_unknown_key_would_be_noticed(client: FlaskClient) -> None:
    row = client.get("/api/search").get_json()
    validator = Draft202012Validator(answer_schema("/api/search", "200"))
    assert not validator.is_valid({**row, "extra": 1})
    del row["hits"][0]["heat"]
    assert not validator.is_valid(row)


def test_the_description_is_served_and_lists_every_parameter(client: FlaskClient) -> None:
    served = client.get("/openapi.json").get_json()
    assert served == description()
    names = {p["name"] for p in served["paths"]["/api/search"]["get"]["parameters"]}
    assert names == {
        "q", "topic", "provider", "type", "year", "language", "since", "until", "sort", "match",
        "spelling", "page", "page_size", "group", "story", "explain",
    }  # fmt: skip


def test_the_description_names_the_format_of_moments_and_all_that_every_note_has() -> None:
    schemas = description()["components"]["schemas"]
    for name in ("Hit", "Related", "Item", "Article"):
        assert "'format': 'date-time'" in str(schemas[name]["properties"]["published"])
    assert schemas["Note"]["required"] == ["kind", "message", "start", "end"]
