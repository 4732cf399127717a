"""The application: its errors for people and for programs, its headers, its index underneath."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

import search_app
from indexer.engines import open_store
from indexer.index import file_records
from search_app.app import create_app, safe_headers
from search_app.settings import Settings
from search_app.state import state
from tests.search.samples import item, make

PAGES = ("/", "/search?q=x", "/items/x")
DATA = ("/api/search", "/api/search?q=x", "/api/items/x", "/readyz")
OPEN = ("/healthz", "/openapi.json", "/static/style.css")


@pytest.mark.parametrize("path", [*PAGES, *DATA])
def test_without_an_index_whatever_needs_one_is_503_and_may_be_tried_again(
    bare: FlaskClient, path: str
) -> None:
    answer = bare.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert answer.mimetype == ("text/html" if path in PAGES else "application/json")
    assert "newsdex reindex" in answer.text


@pytest.mark.parametrize("path", OPEN)
def test_without_an_index_the_rest_answers(bare: FlaskClient, path: str) -> None:
    answer = bare.get(path)
    assert answer.status_code == 200
    answer.close()


@pytest.mark.parametrize("path", [*PAGES, *DATA, *OPEN, "/nowhere", "/search?page=0"])
def test_every_answer_has_the_headers_that_keep_it_safe(bare: FlaskClient, path: str) -> None:
    answer = bare.get(path)
    for name, value in safe_headers(Settings.load({})).items():
        assert answer.headers[name] == value
    answer.close()


def test_a_bad_parameter_is_told_before_the_lack_of_an_index(bare: FlaskClient) -> None:
    assert bare.get("/api/search?page=0").status_code == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_written(client: FlaskClient, method: str) -> None:
    for path in ("/", "/search", "/api/search", "/items/x", "/api/items/x", "/healthz"):
        answer = client.open(path, method=method)
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/", "/search?q=ibm", "/api/search?q=ibm", "/readyz"])
def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert (head.status_code, head.data, head.mimetype) == (200, b"", get.mimetype)


def test_an_error_is_json_for_programs_and_a_page_for_people(client: FlaskClient) -> None:
    assert client.get("/api/nothing").get_json()["error"]["kind"] == "not_found"
    assert client.get("/nothing").mimetype == "text/html"
    for path in ("/api/search", "/search"):
        answer = client.get(path, query_string={"sort": "<b>"})
        assert answer.status_code == 400
        assert "<b>" not in answer.text or answer.is_json


def test_an_unknown_item_is_named_in_the_error(client: FlaskClient) -> None:
    assert "'no/such'" in client.get("/api/items/no/such").get_json()["error"]["message"]


def test_a_slash_too_many_is_no_address_of_ours(client: FlaskClient) -> None:
    answer = client.get("/api//search", query_string={"q": "a"})
    assert answer.status_code == 404
    assert answer.get_json()["error"]["kind"] == "not_found"


def test_a_new_generation_answers_the_next_request(tmp_path: Path) -> None:
    app = create_app(Settings.load({}, index=tmp_path), recheck=0)
    client = app.test_client()
    assert client.get("/api/search").status_code == 503
    make(tmp_path, [item("1", "tram")])
    assert client.get("/api/search").get_json()["total"] == 1
    make(tmp_path, [item("1", "tram"), item("2", "tram")])
    assert client.get("/api/search").get_json()["total"] == 2
    open_store("whoosh", tmp_path).rollback()
    assert client.get("/api/search").get_json()["total"] == 1
    state(app.extensions).reader.close()


def test_a_damaged_index_is_told_and_the_one_before_answers(tmp_path: Path) -> None:
    make(tmp_path, [item("1", "tram")])
    make(tmp_path, [item("1", "tram"), item("2", "tram")])
    store = open_store("whoosh", tmp_path)
    newest, before = store.generations()
    (tmp_path / newest / file_records.NAME).unlink()
    app = create_app(Settings.load({}, index=tmp_path), recheck=0)
    client = app.test_client()
    ready = client.get("/readyz").get_json()
    assert (ready["generation"], ready["items"]) == (before, 1)
    assert f"answering from {before} instead" in ready["warning"]
    assert str(tmp_path) not in ready["warning"]
    state(app.extensions).reader.close()
    (tmp_path / before / file_records.NAME).unlink()
    app = create_app(Settings.load({}, index=tmp_path), recheck=0)
    answer = app.test_client().get("/api/search")
    assert (answer.status_code, answer.get_json()["error"]["kind"]) == (503, "index_damaged")


def test_the_settings_come_from_the_environment_unless_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSDEX_INDEX", str(make(tmp_path, [item("1"), item("2"), item("3")])))
    monkeypatch.setenv("NEWSDEX_PAGE_SIZE", "2")
    app = create_app()
    client = app.test_client()
    answer = client.get("/api/search").get_json()
    assert (answer["total"], answer["page_size"], len(answer["hits"])) == (3, 2, 2)
    assert 'href="/search?page=2"' in client.get("/search").text
    assert 'href="/search?page_size=1&amp;page=2"' in client.get("/search?page_size=1").text
    described = client.get("/openapi.json").get_json()["paths"]["/api/search"]["get"]["parameters"]
    assert {p["name"]: p["schema"].get("default") for p in described}["page_size"] == 2
    state(app.extensions).reader.close()


def test_the_package_has_the_factory_that_flask_looks_for_and_nothing_else() -> None:
    assert search_app.create_app is create_app
    with pytest.raises(AttributeError, match="nothing_else"):
        _ = search_app.nothing_else


def test_an_engine_that_is_none_is_503_by_its_kind(tmp_path: Path) -> None:
    make(tmp_path, [item("1")])
    app = create_app(Settings.load({}, index=tmp_path, engine="punchcards"))
    error = app.test_client().get("/api/search").get_json()["error"]
    assert error["kind"] in ("engine_unavailable", "index_damaged")
    assert error["message"]


@pytest.mark.parametrize("path", ["/", "/items/x", "/api/search", "/api/items/x", "/readyz"])
def test_no_error_names_a_path_of_the_machine_and_the_log_does_once(
    tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(Settings.load({}, index=tmp_path)).test_client()
    for _ in range(3):
        answer = client.get(path)
        assert answer.status_code == 503
        assert str(tmp_path) not in answer.text
    told = [record.getMessage() for record in caplog.records if record.name == "search_app.app"]
    assert len(told) == 1
    assert str(tmp_path) in told[0]


def test_a_damaged_index_is_no_stranger_s_to_locate(tmp_path: Path) -> None:
    make(tmp_path, [item("1", "tram")])
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    (folder / file_records.NAME).unlink()
    client = create_app(Settings.load({}, index=tmp_path)).test_client()
    for path in ("/", "/api/search", "/readyz"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert str(tmp_path) not in answer.text
        assert file_records.NAME not in answer.text


def test_a_fault_of_the_program_is_logged_with_its_traceback_and_answered_as_503(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings.load({}, index=tmp_path), recheck=0)
    app.add_url_rule("/api/broken", view_func=lambda: str(1 // 0))
    answer = app.test_client().get("/api/broken")
    assert answer.status_code == 503
    assert answer.get_json()["error"]["kind"] == "unexpected"
    assert answer.headers["Retry-After"]
    assert "ZeroDivisionError" in caplog.text
    app.testing = True
    with pytest.raises(ZeroDivisionError):
        app.test_client().get("/api/broken")


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/search", "/api/search", "/search.atom", "/search.json", "/search.csv"),
        *("/search.jsonl", "/api/suggest", "/opensearch/suggest", "/search/timeline"),
    ],
)
def test_bytes_that_are_no_text_are_searched_like_any_others(
    client: FlaskClient, path: str
) -> None:
    answer = client.get(path, environ_overrides={"QUERY_STRING": "q=\xff\xfe"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/nothing", "There is nothing at this address"),
        ("POST", "/search", "That cannot be done here"),
    ],
)
def test_what_no_page_answers_is_told_in_plain_words(
    client: FlaskClient, method: str, path: str, told: str
) -> None:
    text = client.open(path, method=method).text
    assert told in text
    assert "URL" not in text
    assert "server" not in text


def test_what_to_run_is_shown_as_code_on_pages_only(bare: FlaskClient) -> None:
    text = bare.get("/search").text
    assert "makes one with <code>newsdex reindex</code>.</p>" in text
    assert "`" not in text
    message = bare.get("/api/search").get_json()["error"]["message"]
    assert message.endswith("`newsdex reindex`")


def test_what_was_typed_is_told_as_it_is(client: FlaskClient) -> None:
    assert "`&lt;b&gt;`" in client.get("/search?since=`<b>`").text


def test_under_another_server_a_misspelt_variable_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSDEX_TRUSTED_PROXY", "127.0.0.1")
    create_app()
    (told,) = caplog.messages
    assert told.endswith("there is no such setting; do you mean NEWSDEX_TRUSTED_PROXIES?")
