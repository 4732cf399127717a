"""Timelines and values of facets over HTTP: which parameters there are, and what is refused."""

import pytest
from flask.testing import FlaskClient


def kinds(client: FlaskClient, path: str) -> list[tuple[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return [(note["kind"], note["message"]) for note in answer.get_json()["notes"]]


@pytest.mark.parametrize("path", ["/api/timeline", "/api/facets/topic"])
def test_every_parameter_of_a_search_is_known(client: FlaskClient, path: str) -> None:
    every = (
        "topic=AI&provider=zdnet.com&type=article&year=2020&language=en&since=2001&until=2030"
        "&sort=newest&match=any&spelling=off&group=story&page=2&page_size=3&explain=1"
    )
    assert kinds(client, f"{path}?q=ibm&{every}") == []


def test_other_parameters_are_noted(client: FlaskClient) -> None:
    message = "there is no parameter “{}”, so it was ignored"
    assert kinds(client, "/api/timeline?prefix=a&interval=week") == [
        ("unknown_parameter", message.format("prefix"))
    ]
    assert kinds(client, "/api/facets/topic?interval=day&offset=0&limit=1&prefix=a") == [
        ("unknown_parameter", message.format("interval"))
    ]
    assert kinds(client, "/api/search?prefix=a") == [
        ("unknown_parameter", message.format("prefix"))
    ]
    for repeated in ("timeline?interval=year&interval=week", "facets/topic?limit=1&limit=2"):
        assert [kind for kind, _ in kinds(client, f"/api/{repeated}")] == ["repeated_parameter"]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("timeline?interval=hour", "interval"),
        ("timeline?interval=Day", "interval"),
        ("timeline?since=yesterday", "since"),
        ("timeline?page=0", "page"),
        ("facets/topic?limit=201", "limit"),
        ("facets/topic?limit=0", "limit"),
        ("facets/topic?offset=-1", "offset"),
        ("facets/topic?offset=10000001", "offset"),
        (f"facets/topic?prefix={'a' * 257}", "prefix"),
    ],
)
def test_a_value_that_there_cannot_be_is_refused(
    client: FlaskClient, path: str, parameter: str
) -> None:
    answer = client.get(f"/api/{path}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["parameter"] == parameter


@pytest.mark.parametrize("group", ["topics", "Topic", "x" * 3000, "%00", "a%2Fb"])
def test_there_is_no_other_facet(client: FlaskClient, group: str) -> None:
    answer = client.get(f"/api/facets/{group}")
    assert answer.status_code == 404
    error = answer.get_json()["error"]
    assert error["kind"] == "not_found"
    assert len(error["message"]) < 400


@pytest.mark.parametrize("prefix", ["%ED%A0%80", "%00", "\u0301", "(", "*", " ", "%FF", "😀"])
def test_no_prefix_is_an_error(client: FlaskClient, prefix: str) -> None:
    assert client.get(f"/api/facets/provider?prefix={prefix}").status_code == 200


def test_a_search_tells_how_many_values_each_facet_has(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=ferry").get_json()
    assert list(answer["facet_sizes"]) == list(answer["facets"])
    for group, size in answer["facet_sizes"].items():
        assert client.get(f"/api/facets/{group}?q=ferry&limit=1").get_json()["of"] == size
        assert size == len(answer["facets"][group])
