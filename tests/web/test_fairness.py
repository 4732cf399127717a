"""Limits in front of the application: 429 and 503, whom they are for, and what passes at once."""

import contextlib
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.errors import UsageError
from search_app.app import create_app, safe_headers
from search_app.fairness import Fairness
from search_app.serving.admission import Gate, QueueLimits, Reason, Refused
from search_app.serving.rate_limit import RateLimit
from search_app.serving.wsgi import Answer
from search_app.settings import Settings

RARELY = "0.001"
"""Requests a second: one, and the next after a quarter of an hour, however slow the machine is."""


def client(index: Path, **settings: str) -> FlaskClient:
    """A client of an application with these settings of the environment."""
    environ = {f"NEWSDEX_{name.upper()}": value for name, value in settings.items()}
    return create_app(Settings.load(environ, index=index)).test_client()


def test_a_client_that_asks_too_often_is_told_when_to_come_back(seeded: Path) -> None:
    asks = client(seeded, rate_limit=RARELY)
    answers = [asks.get("/api/search") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 429, 429]
    refused = answers[-1]
    assert refused.get_json()["error"]["kind"] == "rate_limited"
    assert 0 < int(refused.headers["Retry-After"]) <= 1000
    page = asks.get("/search")
    assert (page.status_code, page.mimetype) == (429, "text/html")
    assert "Too many searches" in page.text
    for answer in (refused, page):
        for name, value in safe_headers(Settings.load({})).items():
            assert answer.headers[name] == value
    head = asks.head("/search")
    assert (head.status_code, head.data) == (429, b"")
    other = asks.get("/api/search", environ_base={"REMOTE_ADDR": "127.0.0.2"})
    assert other.status_code == 200


def test_addresses_of_one_ipv6_network_are_one_client(seeded: Path) -> None:
    asks = client(seeded, rate_limit=RARELY)

    def status(address: str) -> int:
        return asks.get("/api/search", environ_base={"REMOTE_ADDR": address}).status_code

    assert status("2001:db8::1") == 200
    assert status("2001:db8::2") == 429
    assert status("2001:db8:0:1::1") == 200


def test_an_invented_client_is_not_believed_and_a_proxys_is(seeded: Path) -> None:
    direct = client(seeded, rate_limit=RARELY)
    headers = [{"X-Forwarded-For": f"192.0.2.{number}"} for number in range(2)]
    assert [direct.get("/", headers=h).status_code for h in headers] == [200, 429]
    proxied = client(seeded, rate_limit=RARELY, trusted_proxies="127.0.0.0/8")
    assert [proxied.get("/", headers=h).status_code for h in headers] == [200, 200]


def test_health_and_static_files_are_not_counted(seeded: Path) -> None:
    asks = client(seeded, rate_limit=RARELY)
    for path in ("/healthz", "/readyz", "/static/style.css"):
        for _ in range(3):
            answer = asks.get(path)
            assert answer.status_code == 200
            answer.close()


def test_without_a_setting_there_is_no_limit_of_the_rate(seeded: Path) -> None:
    asks = client(seeded)
    assert {asks.get("/healthz").status_code for _ in range(200)} == {200}
    assert {asks.get("/openapi.json").status_code for _ in range(200)} == {200}


def test_a_slot_is_given_back_when_the_answer_is_returned_or_the_application_fails() -> None:
    def app(environ: dict[str, Any], _: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/fails":
            raise ZeroDivisionError
        return [b"answer"]

    settings = Settings.load({}, threads=1)
    fairness = Fairness(app, settings, lambda *_: Answer("429 x", (), b""))
    fairness.gate = Gate(1, 1, QueueLimits(seconds=0.05))
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fairness({"PATH_INFO": "/fails"}, None)
        assert list(fairness({"PATH_INFO": "/"}, None)) == [b"answer"]


def test_who_waits_in_vain_is_answered_503(seeded: Path) -> None:
    app = create_app(Settings.load({}, index=seeded))
    gate = Gate(1, 1, QueueLimits(seconds=0.05))
    proxied: Any = app.wsgi_app
    proxied._app._app._app.gate = gate
    with gate.slot("somebody"):
        answer = app.test_client().get("/api/search")
        page = app.test_client().get("/search")
        healthy = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()["error"]["kind"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "<h1>Too many searches at once</h1>" in page.text
    assert "not ready" not in page.text
    assert healthy.status_code == 200


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NEWSDEX_RATE_LIMIT", "-1"),
        ("NEWSDEX_RATE_LIMIT", "nan"),
        ("NEWSDEX_RATE_LIMIT", "1e9"),
        ("NEWSDEX_RATE_LIMIT", "often"),
        ("NEWSDEX_CLIENT_CONCURRENCY", "-1"),
        ("NEWSDEX_CLIENT_CONCURRENCY", "half"),
        ("NEWSDEX_TRUSTED_PROXIES", "nginx"),
        ("NEWSDEX_TRUSTED_PROXIES", "10.0.0.0/8;127.0.0.1"),
    ],
)
def test_a_limit_that_is_none_is_named(variable: str, value: str) -> None:
    with pytest.raises(UsageError, match=variable):
        Settings.load({variable: value})


class Clock:
    """A clock that goes on when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def waits(limit: RateLimit, client: str) -> int:
    """Seconds to wait; 0: none."""
    with contextlib.suppress(Refused):
        limit.take(client)
        return 0
    with pytest.raises(Refused) as caught:
        limit.take(client)
    assert caught.value.reason is Reason.RATE
    return caught.value.retry_after


def test_a_bucket_fills_as_time_goes_by_and_no_further_than_a_seconds_worth() -> None:
    clock = Clock()
    limit = RateLimit(2, clock=clock)
    assert [waits(limit, "a") for _ in range(3)] == [0, 0, 1]
    clock.now += 0.5
    assert [waits(limit, "a") for _ in range(2)] == [0, 1]
    clock.now += 100
    assert [waits(limit, "a") for _ in range(3)] == [0, 0, 1]


def test_a_slow_rate_names_the_seconds_until_the_next() -> None:
    clock = Clock()
    limit = RateLimit(0.1, clock=clock)
    assert [waits(limit, "a"), waits(limit, "a")] == [0, 10]
    clock.now += 7
    assert waits(limit, "a") == 3
    clock.now += 3
    assert waits(limit, "a") == 0


def test_many_addresses_take_no_more_memory_than_some() -> None:
    limit = RateLimit(1, clients=100)
    for number in range(10_000):
        limit.take(str(number))
    assert len(limit._buckets) == 100
