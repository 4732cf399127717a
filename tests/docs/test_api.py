"""The API, and what requests, answers and clients are bounded by, as documented."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from msgspec.json import decode

from indexer import errors
from search_app.app import create_app
from search_app.detail import ANSWER, PAGE
from search_app.export_formats import COLUMNS, json_broken_off
from search_app.fairness import STATUSES, STREAMS, STREAMS_EACH
from search_app.feed_model import feed_request
from search_app.guard import refusal
from search_app.openapi import description
from search_app.search.request import MAX_ADDRESS, MAX_PAGE_SIZE, MAX_SELECTED, MAX_VALUE
from search_app.server import CONNECTIONS, GRACE
from search_app.serving.admission import QueueLimits
from search_app.serving.answer_cache import AnswerCache
from search_app.serving.cached import MIN_BYTES
from search_app.serving.client_address import CLIENT_NETWORK
from search_app.serving.granian_worker import Limits as WorkerLimits
from search_app.serving.listening import listening
from search_app.serving.stream import Stream
from search_app.settings import Settings
from search_app.sitemap import SIZE
from search_app.state import state
from tests.docs.markdown import SEARCH, code, number, values
from tests.docs.test_commands import check_fields
from tests.search.samples import make, seed_items

ERRORS = "Errors"
FILES = {
    "/favicon.ico",
}
PAGES = {
    "/",
    "/search",
    "/search/facets/<group>",
    "/search/help",
    "/search/timeline",
    "/items/<id>",
}
LONG = ({"QUERY_STRING": "a" * 10**6}, {"QUERY_STRING": "&" * 10**4}, {"CONTENT_LENGTH": "1"})


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of the application over the seeds."""
    index = make(tmp_path_factory.mktemp("documented") / "index", seed_items())
    app = create_app(Settings.load({}, index=index))
    yield app.test_client()
    state(app.extensions).reader.close()


def test_the_addresses_of_the_api_are_the_applications(client: FlaskClient) -> None:
    routes = {
        re.sub("<(path|int):", "<", rule.rule) for rule in client.application.url_map.iter_rules()
    }
    rows = SEARCH.table("The JSON API", "path")
    documented = {path for row in rows for path in code(row["path"])}
    assert documented == routes - PAGES - FILES
    assert set(code(SEARCH.section("The pages"))) >= PAGES


def test_the_parameters_of_a_search_are_the_descriptions() -> None:
    documented = {
        name: row["default"].strip("`")
        for row in SEARCH.table("Parameters of a search", "parameter")
        for name in code(row["parameter"])
    }
    described = description()["paths"]["/api/search"]["get"]["parameters"]
    assert documented == {
        one["name"]: str(one["schema"].get("default", "none")) for one in described
    }


def test_the_fields_of_an_answer_are_documented(client: FlaskClient) -> None:
    answer = client.get("/api/search?q=facial+recognition+%22business&explain=1").get_json()
    rows = SEARCH.table("The answer to a search", "object")

    def check(name: str, found: list[dict[str, Any]]) -> None:
        assert found
        for one in found:
            check_fields(one, [row for row in rows if row["object"] == name])

    check("answer", [answer])
    check("note", answer["notes"])
    check("hit", answer["hits"])
    check("related article", [one for hit in answer["hits"] for one in hit["related"]])
    check("explanation", [hit["explanation"] for hit in answer["hits"]])
    check("facet value", [one for group in answer["facets"].values() for one in group])
    assert {row["object"] for row in rows} == {
        "answer", "note", "hit", "related article", "explanation", "facet value",
    }  # fmt: skip


def test_the_fields_of_an_item_and_of_readiness_are_documented(client: FlaskClient) -> None:
    sentence, ready, health = re.findall(
        r"An item of (.*?)\. (`/readyz`.*?);\s*(`/healthz`.*?)\.",
        SEARCH.section("The answer to a search"),
        re.S,
    )[0]
    hit = client.get("/api/search?q=ibm").get_json()["hits"][0]
    item = client.get(f"/api/items/{hit['id']}").get_json()
    _, *less, matched, highlights, body = code(sentence)
    assert [*(name for name in hit if name not in less), body] == list(item)
    related = [name for name in hit["related"][0] if name not in (matched, highlights)]
    assert related == list(item["related"][0])
    for told in (ready, health):
        path, *fields = code(told)
        assert list(client.get(path).get_json()) == fields


def test_every_kind_of_error_is_documented_with_its_status() -> None:
    documented = {code(row["kind"])[0]: int(row["status"]) for row in SEARCH.table(ERRORS, "kind")}
    unusable = (errors.IndexUnusable, errors.EngineUnavailable)
    known = [e for e in vars(errors).values() if isinstance(e, type)]
    expected = {e.kind: 503 for e in known if issubclass(e, unusable)}
    expected |= {"bad_request": 400, "not_found": 404, "method_not_allowed": 405, "unexpected": 503}
    expected |= {str(reason): status for reason, status in STATUSES.items()}
    for refused in map(refusal, LONG):
        assert refused
        expected[refused.kind] = refused.status
    broken_off = decode(json_broken_off(ValueError()))["error"]["kind"]
    assert documented == {**expected, "bad_parameter": 400, broken_off: 200}


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/api/search?sort=best", "bad_parameter"),
        ("GET", f"/api/search?q={'a' * 300_000}", "too_long"),
        ("GET", f"/api/search?{'&' * 1_000}", "too_many"),
        ("GET", "/api/items/none", "not_found"),
        ("DELETE", "/api/search", "method_not_allowed"),
        ("POST", "/api/search", "too_large"),
    ],
)
def test_an_error_has_the_status_documented(
    client: FlaskClient, method: str, path: str, kind: str
) -> None:
    (row,) = [row for row in SEARCH.table(ERRORS, "kind") if code(row["kind"]) == [kind]]
    answer = client.open(path, method=method, data=b"a" if method == "POST" else None)
    assert (answer.get_json()["error"]["kind"], answer.status_code) == (kind, int(row["status"]))


def test_the_columns_of_a_table_are_documented() -> None:
    rows = SEARCH.table("Exports", "column")
    assert {name for row in rows for name in code(row["column"])} == set(COLUMNS)


def test_the_headers_of_an_export_are_documented(client: FlaskClient) -> None:
    documented = {code(row["header"])[0] for row in SEARCH.table("Exports", "header")}
    plain, export = client.get("/api/search?q=%22ibm"), client.get("/search.csv?q=%22ibm")
    usual = {*plain.headers.keys(), "Content-Disposition", "Cache-Control"}
    assert set(export.headers.keys()) - usual == documented


def test_the_defaults_of_a_feed_are_the_codes() -> None:
    usual = feed_request({})
    assert {
        code(row["parameter"])[0]: code(row["default in a feed"])[0]
        for row in SEARCH.table("Feeds", "parameter")
    } == {name: str(getattr(usual, name)) for name in ("sort", "match", "spelling", "page_size")}
    assert f"{SIZE:,} in a part" in SEARCH.section("Browsers and crawlers")


def test_the_bounds_of_streams_are_the_codes() -> None:
    patience = inspect.signature(Stream).parameters["patience"].default
    assert values(SEARCH.table("Fairness", "streams")) == {
        "exports and sitemaps sent at a time": STREAMS,
        "of them of one client": STREAMS_EACH,
        "seconds that a client may take over a chunk": patience,
    }


def test_the_bounds_of_requests_and_answers_are_the_codes() -> None:
    limits = inspect.signature(refusal).parameters
    documented = values(SEARCH.table("How much a request may hold, and an answer", "at most"))
    assert 0 <= documented.pop("bytes of a page") - PAGE < 20_000  # rounded up, told as kilobytes
    assert "A page has 300 kB at most" in SEARCH.section("The pages")
    assert documented == {
        "bytes of a body": 0,
        "bytes of a path": limits["max_path"].default,
        "bytes of parameters": limits["max_query"].default,
        "parameters": limits["max_parameters"].default,
        "selected values": MAX_SELECTED,
        "characters of a selected value": MAX_VALUE,
        "bytes of all selected values, as an address writes them": MAX_ADDRESS,
        "hits on a page": MAX_PAGE_SIZE,
        "bytes of the hits of an API answer": ANSWER,
    }


def test_the_bounds_of_connections_are_the_servers() -> None:
    rows = SEARCH.table("Running as a service", "what")
    documented = [number(row["at most"]) for row in rows if row["what"] != "threads"]
    unread = inspect.signature(listening).parameters["unread"].default
    worker = WorkerLimits(threads=1)
    assert documented == [CONNECTIONS, worker.header_seconds, worker.headers, unread, GRACE]


def test_the_figures_of_fairness_are_the_codes() -> None:
    limits, settings = QueueLimits(), Settings.load({})
    rows = SEARCH.table("Fairness", "how many")
    assert [(row["how many"], number(row["value"])) for row in rows] == [
        ("requests worked on at a time", settings.threads),
        ("of them of one client", settings.threads // 2),
        ("requests that wait", limits.places),
        ("of them of one client", limits.places_each),
        ("seconds that a request waits", limits.seconds),
    ]
    assert f"an IPv6 network of {CLIENT_NETWORK} bits" in SEARCH.section("Fairness")


def test_what_is_said_of_answers_that_are_given_again_is_the_codes(client: FlaskClient) -> None:
    text = SEARCH.section("Answers that are given again")
    assert f"An answer of {MIN_BYTES:,} bytes" in text
    assert inspect.signature(AnswerCache).parameters["part"].default == 1 / 16
    assert "a sixteenth of the room" in text
    (address,) = re.findall(r"/static/\w+/style\.css", text)
    assert re.sub(r"\w{12}/", "", address) == "/static/style.css"
    assert client.get(address).data == client.get("/static/style.css").data
