"""Exports: every hit once, as spreadsheets and programs can read it, and never cut unnoticed."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search_app.app import create_app, safe_headers
from search_app.export_formats import COLUMNS
from search_app.search.cursor import BATCH
from search_app.settings import Settings
from search_app.state import state
from tests.search.hostile_items import hostile_items
from tests.search.samples import item, make

BREAKING = 3 * BATCH

NASTY = (
    'a "quote", a\nline\r\nfeed\ttab, <b>markup</b> & \u202ebidi\u2028 \U0001f600' + "x" * 10_000
)


def rows(answer: TestResponse) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def lines(answer: TestResponse) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.text.split("\n")[:-1]]


@contextmanager
def serving(index: Path) -> Iterator[FlaskClient]:
    app = create_app(Settings.load({}, index=index))
    with closing(state(app.extensions).reader):
        yield app.test_client()


@pytest.mark.parametrize("query", ["", "?q=ferry", "?q=the&sort=oldest&page=2&page_size=3"])
def test_an_export_has_every_hit_of_the_search_once(client: FlaskClient, query: str) -> None:
    found = client.get(f"/api/search{query}").get_json()
    for path, read in (("/search.csv", rows), ("/search.jsonl", lines)):
        answer = client.get(f"{path}{query}")
        ids = [one["id"] for one in read(answer)]
        assert answer.status_code == 200
        assert answer.headers["X-Total-Count"] == str(found["total"]) == str(len(ids))
        assert len(set(ids)) == len(ids)
        first = (found["page"] - 1) * found["page_size"]
        assert ids[first : first + len(found["hits"])] == [hit["id"] for hit in found["hits"]]


def test_a_line_is_the_item_as_the_api_gives_it_and_its_score(client: FlaskClient) -> None:
    (hit, *_), (line, *_) = (
        client.get("/api/search?q=facial").get_json()["hits"],
        lines(client.get("/search.jsonl?q=facial")),
    )
    whole = client.get(f"/api/items/{hit['id']}").get_json()
    assert line == {**whole, "score": hit["score"], "others": 0}


def test_a_line_has_the_body_of_its_item(tmp_path: Path) -> None:
    with_body = item("one", "Ferry", body="It was *cancelled*.\n\nA storm.")
    with serving(make(tmp_path / "index", [with_body, item("two", "Ferry")])) as client:
        exported = lines(client.get("/search.jsonl?q=ferry"))
        whole = {id: client.get(f"/api/items/{id}").get_json()["body"] for id in ("one", "two")}
    assert {one["id"]: one["body"] for one in exported} == whole
    assert whole["one"]


def test_with_groups_a_story_is_one_entry(client: FlaskClient) -> None:
    found = client.get("/api/search?group=story").get_json()
    exported = rows(client.get("/search.csv?group=story"))
    assert found["stories"] == len(exported) < found["total"]
    assert sum(int(row["others"]) + 1 for row in exported) == found["total"]


def test_a_table_is_as_rfc_4180_wants_it(client: FlaskClient) -> None:
    answer = client.get("/search.csv?q=ferry")
    text = answer.data.decode("utf-8-sig")
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    assert answer.data.startswith("\ufeffid,title,".encode())
    assert text.endswith("\r\n")
    assert list(next(csv.reader(io.StringIO(text)))) == list(COLUMNS)
    assert "attachment" in answer.headers["Content-Disposition"]
    for name, value in safe_headers(Settings.load({})).items():
        assert answer.headers[name] == value


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("＝1+1", "'＝1+1"),
        ('a";=1+1', "a\";'=1+1"),
        ("a; -1", "a; '-1"),
        ("1 = 1, 2 - 1; all's well", "1 = 1, 2 - 1; all's well"),
        ('said "so", twice', 'said "so", twice'),
    ],
)
def test_no_cell_is_a_formula(tmp_path: Path, title: str, cell: str) -> None:
    index = make(tmp_path / "index", [item("one", title, heat=-1, topics=("=1", "a"))])
    with serving(index) as client:
        (row,) = rows(client.get("/search.csv"))
        (line,) = lines(client.get("/search.jsonl"))
    assert (row["title"], row["topics"], row["heat"]) == (cell, "'=1; a", "-1")
    assert (line["title"], line["topics"]) == (title, ["=1", "a"])


def test_hostile_items_stay_one_row_each(tmp_path: Path) -> None:
    nasty = item("nasty", NASTY, topics=(NASTY,), authors=("a;b", ","))
    hostile = [nasty, *hostile_items(2, related=1, body=1_000)]
    with serving(make(tmp_path / "index", hostile)) as client:
        exported, whole = rows(client.get("/search.csv")), lines(client.get("/search.jsonl"))
    assert len(exported) == len(whole) == len(hostile)
    assert all(None not in row and None not in row.values() for row in exported)
    assert {one["id"] for one in whole} == {one.id for one in hostile}


def test_notes_on_the_search_are_told_in_a_header(client: FlaskClient) -> None:
    assert "X-Notes" not in client.get("/search.csv?q=ferry&match=all").headers
    assert client.get("/search.csv?q=%22ferry").headers["X-Notes"] == "unclosed_quote"
    assert client.get("/search.csv?q=ferry+storm").headers["X-Notes"] == "relaxed"
    assert client.get("/search.csv?nonesuch=1").headers["X-Notes"] == "unknown_parameter"
    corrected = client.get("/search.jsonl?q=facail+recogniton")
    assert "corrected" in corrected.headers["X-Notes"]


def test_errors_come_before_the_first_chunk(client: FlaskClient, bare: FlaskClient) -> None:
    for path in ("/search.csv", "/search.jsonl"):
        bad, missing = client.get(f"{path}?sort=best"), bare.get(path)
        assert (bad.status_code, bad.get_json()["error"]["parameter"]) == (400, "sort")
        assert (missing.status_code, missing.get_json()["error"]["kind"]) == (503, "index_missing")


def test_the_head_of_an_export_holds_nothing_open(client: FlaskClient) -> None:
    head = client.head("/search.csv?q=ferry")
    assert (head.data, head.headers["X-Total-Count"]) == (b"", "4")
    reader = state(client.application.extensions).reader
    with reader.acquire() as lease:
        assert lease.users == 1


@pytest.mark.parametrize(
    ("path", "last"),
    [("/search.csv", "BROKEN OFF"), ("/search.jsonl", '{"error":{"kind":"broken_off"')],
)
def test_an_export_that_breaks_off_says_so(tmp_path: Path, path: str, last: str) -> None:
    """The index is overwritten while it is sent."""
    index = make(tmp_path / "index", [item(f"{n:04}", f"Title {n}") for n in range(BREAKING)])
    with serving(index) as client:
        answer = client.get(path, buffered=False)
        chunks = answer.iter_encoded()
        sent = [next(chunks), next(chunks)]
        for file in index.glob("g*/*.columns"):
            with file.open("r+b") as opened:
                opened.write(b"\xff" * file.stat().st_size)
        with pytest.raises(Exception, match=r"cannot be (read|searched)"):
            sent += chunks
        answer.close()
        text = b"".join(sent).decode("utf-8-sig")
        assert text.splitlines()[-1].lstrip('"').startswith(last)
        assert str(tmp_path) not in text
        assert len(text.splitlines()) < BREAKING
        reader = state(client.application.extensions).reader
        assert reader._lease is None or reader._lease.users == 0
