"""The log of requests: a line of JSON for each, without what people seek unless that is asked."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.errors import UsageError
from search_app.app import create_app
from search_app.settings import Settings
from search_app.state import state


@contextmanager
def opened(seeded: Path, **settings: object) -> Iterator[FlaskClient]:
    environ = {f"NEWSDEX_{name.upper()}": str(value) for name, value in settings.items()}
    app = create_app(Settings.load(environ, index=seeded))
    with closing(state(app.extensions)):
        yield app.test_client()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_each_request_is_a_line_without_its_query(seeded: Path, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    with opened(seeded, access_log=path, trusted_proxies="127.0.0.1", base_path="/n") as client:
        answer = client.get("/n/search?q=secret", headers={"X-Forwarded-For": "192.0.2.7"})
        client.get("/items/%C3%BC%0A%22")
        client.post("/api/search")
    first, second, third = lines(path)
    assert list(first) == "time client method path route status bytes ms".split()
    assert (first["client"], first["method"], first["path"]) == ("192.0.2.7", "GET", "/search")
    assert (first["route"], first["status"]) == ("/search", 200)
    assert first["bytes"] == len(answer.data)
    assert 0 < first["ms"] < 30_000
    assert (second["path"], second["status"]) == ('/items/ü\n"', 404)
    assert (third["method"], third["status"]) == ("POST", 405)
    assert "secret" not in path.read_text()


def test_a_setting_adds_the_query(seeded: Path, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    with opened(seeded, access_log=path, log_queries=1) as client:
        client.get("/search?q=not+secret")
    assert lines(path)[0]["query"] == "q=not+secret"


def test_a_log_that_is_moved_away_is_begun_anew(seeded: Path, tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    with opened(seeded, access_log=path) as client:
        client.get("/healthz")
        path.rename(tmp_path / "access.log.1")
        client.get("/readyz")
    assert [line["route"] for line in lines(path)] == ["/readyz"]


def test_it_can_go_to_stdout(seeded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(seeded, access_log="-") as client:
        client.get("/healthz")
    assert json.loads(capsys.readouterr().out)["route"] == "/healthz"


def test_a_log_that_cannot_be_opened_is_told_at_the_start(seeded: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"^NEWSDEX_ACCESS_LOG: .*cannot be written: No such file"),
        opened(seeded, access_log=tmp_path / "none" / "log"),
    ):
        pass


@pytest.mark.parametrize("harm", ["the folder is gone", "a folder is in its place"])
def test_a_log_that_cannot_be_begun_anew_is_told_once_and_requests_are_answered(
    seeded: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, harm: str
) -> None:
    path = tmp_path / "logs" / "access.log"
    path.parent.mkdir()
    with opened(seeded, access_log=path) as client:
        path.parent.rename(tmp_path / "moved")
        if harm == "a folder is in its place":
            path.mkdir(parents=True)
        for _ in range(3):
            assert client.get("/healthz").status_code == 200
        if path.exists():
            path.rmdir()
        path.parent.mkdir(exist_ok=True)
        assert client.get("/readyz").status_code == 200
    assert [line["route"] for line in lines(path)] == ["/readyz"]
    (record,) = [r for r in caplog.records if "access log" in r.getMessage()]
    assert "cannot be written" in record.getMessage()


@pytest.mark.parametrize("log", ["/dev/full", "-"])
def test_a_full_disk_is_told_once_and_requests_are_answered(
    seeded: Path,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    log: str,
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    with suppress(OSError), Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with opened(seeded, access_log=log) as client:
            for _ in range(3):
                assert client.get("/healthz").status_code == 200
    (record,) = [r for r in caplog.records if "access log" in r.getMessage()]
    assert "No space left" in record.getMessage()
    assert "Logging error" not in capsys.readouterr().err
