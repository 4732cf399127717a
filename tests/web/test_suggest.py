"""Suggestions over HTTP: what an answer holds, where it leads, and which parameters there are."""

from typing import Any

import pytest
from flask.testing import FlaskClient


def ask(client: FlaskClient, query: str) -> dict[str, Any]:
    answer = client.get(f"/api/suggest?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_an_answer_has_these_keys_and_no_other(client: FlaskClient) -> None:
    answer = ask(client, "q=facial")
    assert list(answer) == ["query", "suggestions", "notes", "took_ms", "generation"]
    assert answer["query"] == "facial"
    assert answer["notes"] == []
    for one in answer["suggestions"]:
        assert list(one) == ["text", "kind", "count", "url"]


@pytest.mark.parametrize("q", ["ferry+", "ocea", "northg", "c%2B", ""])
def test_the_address_of_a_suggestion_finds_as_many_as_its_count(
    client: FlaskClient, q: str
) -> None:
    found = [one for one in ask(client, f"q={q}")["suggestions"] if one["kind"] != "title"]
    assert found
    for one in found:
        url = one["url"]
        assert client.get(url).status_code == 200
        answer = client.get(f"/api{url}&match=all&spelling=off").get_json()
        assert answer["total"] == one["count"] > 0


def test_a_blank_at_the_end_is_kept(client: FlaskClient) -> None:
    assert ask(client, "q=ferr")["suggestions"]
    assert not ask(client, "q=ferr+")["suggestions"]


def test_parameters_that_there_are_none_of_are_noted(client: FlaskClient) -> None:
    notes = ask(client, "q=ferry&limi=3&topic=AI&utm_source=x&size=3")["notes"]
    assert [(note["kind"], note["message"]) for note in notes] == [
        ("unknown_parameter", "there is no parameter “limi”, so it was ignored; near: “limit”"),
        ("unknown_parameter", "there is no parameter “topic”, so it was ignored"),
        ("unknown_parameter", "there is no parameter “size”, so it was ignored"),
    ]
    for repeated in ("q=ferry&q=tram", "q=ferry&limit=1&limit=2"):
        (note,) = ask(client, repeated)["notes"]
        assert note["kind"] == "repeated_parameter"


@pytest.mark.parametrize("limit", ["0", "21", "-1", "x", "1e3"])
def test_a_limit_that_there_cannot_be_is_refused(client: FlaskClient, limit: str) -> None:
    answer = client.get(f"/api/suggest?q=ferry&limit={limit}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["parameter"] == "limit"


@pytest.mark.parametrize("q", ["%ED%A0%80", "%00", "%FF", "%E2%80%8D", "q" * 5000])
def test_whatever_is_sent_is_answered(client: FlaskClient, q: str) -> None:
    assert ask(client, f"q={q}")["suggestions"] == []
