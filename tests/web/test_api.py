"""The JSON API: the contract's object, its errors, and what machines ask besides."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

IBM = "2020-06-09-ibm-gets-out-of-facial-recognition-business"

RESULTS = {
    "query", "total", "page", "page_size", "sort", "match", "relaxed", "notes", "corrected",
    "did_you_mean", "took_ms", "generation", "hits", "facets", "facet_sizes", "stories", "group",
}  # fmt: skip
ARTICLE = {"title", "excerpt", "url", "amp_url", "cached_url", "published", "type", "provider"} | {
    "image"
}
ITEM = {*ARTICLE, "id", "authors", "topics", "quality", "heat", "story", "language"} | {
    "outlets",
    "related",
}
HIT = {*ITEM, "score", "others", "highlights"}


def search(client: FlaskClient, **parameters: Any) -> dict[str, Any]:
    answer = client.get("/api/search", query_string=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_an_answer_has_every_key_of_the_contract_and_no_other(client: FlaskClient) -> None:
    answer = search(client, q="facial recognition")
    assert answer.keys() == RESULTS
    assert answer["facets"].keys() == {"topic", "provider", "type", "year", "language"}
    for hit in answer["hits"]:
        assert hit.keys() == HIT
        assert hit["highlights"].keys() == {"title", "excerpt"}
        for related in hit["related"]:
            assert related.keys() == {*ARTICLE, "matched", "highlights"}
    for values in answer["facets"].values():
        assert all(v.keys() == {"value", "label", "count", "selected"} for v in values)


def test_each_hit_has_its_arithmetic_where_that_is_asked(client: FlaskClient) -> None:
    query = "facial recognition"
    plain, explained = search(client, q=query, explain=0), search(client, q=query, explain=1)
    assert explained["hits"]
    for hit, other in zip(plain["hits"], explained["hits"], strict=True):
        explanation = other.pop("explanation")
        assert hit == other
        assert explanation["value"] == hit["score"]
        assert explanation.keys() == {"value", "description", "details"}
    similar = client.get(f"/api/items/{IBM}/similar?explain=1").get_json()["hits"]
    assert [hit["explanation"]["value"] for hit in similar] == [hit["score"] for hit in similar]
    page = client.get("/search?q=facial&explain=1")
    assert (page.status_code, "score, rounded" in page.text) == (200, False)


def test_the_users_query_gives_the_users_item_first(client: FlaskClient) -> None:
    answer = search(client, q="facial recognition")
    first = answer["hits"][0]
    assert first["id"] == IBM
    assert first["highlights"]["title"] == (
        "IBM Gets Out of <mark>Facial</mark> <mark>Recognition</mark> Business"
    )
    assert [related["provider"]["domain"] for related in first["related"]] == [
        "zdnet.com", "axios.com", "jpost.com", "channelnewsasia.com",
    ]  # fmt: skip
    assert all(related["matched"] for related in first["related"])
    assert first["outlets"] == 5
    assert first["published"] == "2020-06-09T00:47:00Z"
    assert {"Computer Vision", "AI"} <= {v["value"] for v in answer["facets"]["topic"]}


def test_an_item_found_only_through_a_related_headline_says_which(client: FlaskClient) -> None:
    answer = search(client, q='"reform"')
    assert [hit["id"] for hit in answer["hits"]] == [IBM]
    matched = {r["provider"]["domain"] for r in answer["hits"][0]["related"] if r["matched"]}
    assert matched == {"jpost.com", "channelnewsasia.com"}


@pytest.mark.parametrize("query", ["jpost", "provider:zdnet.com", "zdnet"])
def test_outlets_of_related_articles_find_the_item(client: FlaskClient, query: str) -> None:
    assert IBM in {hit["id"] for hit in search(client, q=query)["hits"]}


def test_the_secured_blob_finds_nothing(client: FlaskClient) -> None:
    for query in ("LB", "PstAWnpewLeKJOAQNWOrGXBOmO", "LB/PstAWnpewLeKJOAQNWOrGXBOmO"):
        assert search(client, q=query, match="all")["total"] == 0


def test_repeated_parameters_are_any_of_a_group_and_all_of_the_groups(client: FlaskClient) -> None:
    ai, oceans, both = (
        search(client, topic=topics)["total"] for topics in (["AI"], ["Oceans"], ["AI", "Oceans"])
    )
    overlap = search(client, q='topic:"ai" topic:"oceans"', match="all")["total"]
    assert both == ai + oceans - overlap
    narrowed = search(client, topic=["AI", "Oceans"], year="2020")
    assert 0 < narrowed["total"] < both
    assert all(hit["published"][:4] == "2020" for hit in narrowed["hits"])


def test_what_was_asked_is_said_again(client: FlaskClient) -> None:
    answer = search(client, q="ferry", sort="oldest", match="any", page="2", page_size="3")
    asked = {name: answer[name] for name in ("query", "sort", "match", "page", "page_size")}
    assert asked == {"query": "ferry", "sort": "oldest", "match": "any", "page": 2, "page_size": 3}


def test_pages_share_no_hit_and_leave_none_out(client: FlaskClient) -> None:
    seen: list[str] = []
    for page in range(1, 11):
        seen += [hit["id"] for hit in search(client, page=page, page_size=9)["hits"]]
    assert len(seen) == len(set(seen)) == search(client)["total"]


def test_a_page_past_the_end_is_empty_and_says_so(client: FlaskClient) -> None:
    answer = search(client, q="ferry", page=10_000_000)
    assert answer["hits"] == []
    assert [note["kind"] for note in answer["notes"]] == ["past_the_end"]


def test_unknown_parameters_and_blank_values_are_ignored(client: FlaskClient) -> None:
    plain = search(client, q="ferry")
    odd = search(client, q="ferry", colour="blue", page="", since=" ", topic="", sort="")
    del plain["took_ms"], odd["took_ms"]
    (note,) = odd.pop("notes")
    assert note["kind"] == "unknown_parameter"
    assert plain.pop("notes") == []
    assert odd == plain


def test_any_spelling_of_a_topic_selects_it_and_facets_give_the_one_shown(
    client: FlaskClient,
) -> None:
    topic = search(client)["facets"]["topic"][0]
    for value in (topic["value"], topic["value"].upper(), topic["value"].lower()):
        found = search(client, topic=value)
        assert found["total"] == topic["count"]
        assert topic | {"selected": True} in found["facets"]["topic"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"), ("page", "-1"), ("page", "x"), ("page", "1.5"), ("page", "９"),
        ("page", "1" * 400), ("page_size", "0"), ("page_size", "101"), ("sort", "best"),
        ("match", "none"), ("since", "yesterday"), ("until", "2020-13"), ("year", "20"),
        ("year", "２０２０"), ("explain", "yes"), ("explain", "2"),
    ],
)  # fmt: skip
def test_a_bad_value_is_a_400_that_names_its_parameter(
    client: FlaskClient, name: str, value: str
) -> None:
    answer = client.get("/api/search", query_string={name: value})
    assert answer.status_code == 400
    error = answer.get_json()["error"]
    assert error["kind"] == "bad_parameter"
    assert error["parameter"] == name
    assert error["message"].startswith(f"{name}: ")


def test_one_item_comes_with_its_coverage(client: FlaskClient) -> None:
    item = client.get(f"/api/items/{IBM}").get_json()
    assert item.keys() == {*ITEM, "body"}
    assert [related.keys() for related in item["related"]] == [ARTICLE] * 4


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/api/items/none", 404, "not_found"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/api", 404, "not_found"),
        ("POST", "/api/search", 405, "method_not_allowed"),
    ],
)
def test_every_error_has_the_one_body(
    client: FlaskClient, method: str, path: str, status: int, kind: str
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.get_json()["error"]["kind"] == kind
    assert answer.get_json()["error"]["message"]


def test_without_an_index_searches_are_503_and_the_process_is_healthy(bare: FlaskClient) -> None:
    for path in ("/api/search", "/api/items/x", "/readyz"):
        answer = bare.get(path)
        assert answer.status_code == 503
        assert answer.get_json()["error"]["kind"] == "index_missing"
        assert "newsdex reindex" in answer.get_json()["error"]["message"]
        assert answer.headers["Retry-After"]
    assert bare.get("/healthz").get_json() == {"status": "ok"}


def test_readiness_names_the_generation(client: FlaskClient) -> None:
    ready = client.get("/readyz").get_json()
    assert ready["status"] == "ready"
    assert ready["generation"] == search(client)["generation"]
    assert ready["items"] == search(client)["total"]
    assert ready["warning"] is None


def test_head_answers_as_get_without_a_body(client: FlaskClient) -> None:
    answer = client.head("/api/search?q=ibm")
    assert answer.status_code == 200
    assert answer.data == b""


def test_json_is_utf8_and_not_escaped(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=Kraków")
    assert answer.mimetype == "application/json"
    assert "Kraków".encode() in answer.data
    assert json.loads(answer.data)["query"] == "Kraków"
