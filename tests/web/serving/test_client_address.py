"""Who is the client: the peer, or whom proxies that are trusted name."""

from typing import Any

import pytest

from search_app.serving.client_address import ProxyHeaders, client_address, client_key, networks

TRUSTED = networks("10.0.0.0/8, 127.0.0.1 fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),  # not trusted: nothing is believed
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7, 203.0.113.9", "203.0.113.9"),  # what is left was invented
        ("127.0.0.1", "198.51.100.7, 203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("127.0.0.1", "10.0.0.1, 10.0.0.2", "10.0.0.1"),  # all trusted: the first of them
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.7, nonsense, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("127.0.0.1", '"[2001:db8::1]:4711"', "2001:db8::1"),
        ("::ffff:127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("fd00::1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("", "198.51.100.7", ""),  # a Unix socket's
        ("127.0.0.1", "1," * 30_000 + "198.51.100.7", "198.51.100.7"),
    ],
)
def test_the_client_is_the_first_hop_from_the_right_that_is_not_trusted(
    peer: str, forwarded: str, client: str
) -> None:
    assert client_address(peer, forwarded, TRUSTED) == client


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::3", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_client_has_all_of_its_network(address: str, key: str) -> None:
    assert client_key(address) == key


@pytest.mark.parametrize("text", ["10.0.0.1/8", "localhost", "10.0.0.0/33", "1.2.3"])
def test_what_is_no_network_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/8"):
        networks(text)


def inside(peer: str, **headers: str) -> dict[str, Any]:
    """What the application inside sees of a request."""
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], _: Any) -> list[bytes]:
        seen.update(environ)
        return []

    given = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "inside:8080"}
    ProxyHeaders(app, TRUSTED)({**given, **headers}, None)
    return seen


SAID = {
    "HTTP_X_FORWARDED_FOR": "198.51.100.7",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example, news.example",
    "HTTP_X_FORWARDED_PREFIX": "/x",
    "HTTP_X_FORWARDED_SERVER": "proxy.example",
}


def test_a_trusted_proxy_is_believed() -> None:
    seen = inside("127.0.0.1", **SAID)
    assert seen["REMOTE_ADDR"] == "198.51.100.7"
    assert seen["wsgi.url_scheme"] == "https"
    assert seen["HTTP_HOST"] == "news.example"


def test_anybody_else_is_not_and_the_application_never_sees_what_was_said() -> None:
    seen = inside("192.0.2.1", **SAID)
    assert seen["REMOTE_ADDR"] == "192.0.2.1"
    assert seen["wsgi.url_scheme"] == "http"
    assert seen["HTTP_HOST"] == "inside:8080"
    for peer in ("192.0.2.1", "127.0.0.1"):
        assert not set(SAID) & set(inside(peer, **SAID))


def test_a_proxy_may_name_a_service_or_an_address() -> None:
    for host in ("my_service:1", "[2001:db8::1]:443", "news.example."):
        assert inside("127.0.0.1", HTTP_X_FORWARDED_HOST=host)["HTTP_HOST"] == host


@pytest.mark.parametrize(
    "host", ["a:99999", "a..b", "a b", "a/b", "<script>", "a:b", "", "a@b", "[::1"]
)
def test_a_host_that_is_none_is_not_believed(host: str) -> None:
    assert inside("127.0.0.1", HTTP_X_FORWARDED_HOST=host)["HTTP_HOST"] == "inside:8080"


def test_a_proxy_nearby_that_is_not_trusted_is_told_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    proxied = ProxyHeaders(lambda *_: [], ())
    for peer in ("8.8.8.8", "10.0.0.1", "10.0.0.2"):
        proxied({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": "192.0.2.1"}, None)
    (record,) = caplog.records
    assert "10.0.0.1" in record.getMessage()
    assert "NEWSDEX_TRUSTED_PROXIES" in record.getMessage()
