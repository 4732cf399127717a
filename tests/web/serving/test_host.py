"""Which texts name a host, and which origin a request names."""

import pytest

from search_app.serving.host import host_in, origin_of


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("news.example", "news.example"),
        ("News.Example.:8080", "News.Example.:8080"),
        ("my_service:8080", "my_service:8080"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("192.0.2.1:80", "192.0.2.1:80"),
        ("[2001:db8::1]:81", "[2001:db8::1]:81"),
        ("news.example:", "news.example"),
        ("news.example:080", "news.example:80"),
    ],
)
def test_a_host_may_have_a_port_and_underscores(text: str, host: str) -> None:
    assert host_in(text) == host


@pytest.mark.parametrize(
    "text",
    [
        *("", ".", ":80", "a..b", ".a", "a b", "é", "a\n", "a:b", "a:0", "a:65536", "a:1:2"),
        "a:" + "1" * 5_000,  # which Python makes no number of
        *("evil.com/@x", "a@b", "a\\b", "a?b", "a#b", "a%41", '"><script>', "a,b", "http://a"),
        *("[::1", "::1", "[:]", "[1]", "[1.2.3.4]", "[::1]x", "[::1]:x", "[::g]"),
    ],
)
def test_what_cannot_be_a_host_names_none(text: str) -> None:
    assert host_in(text) == ""


@pytest.mark.parametrize(
    ("scheme", "host", "server", "origin"),
    [
        ("http", "a.example:80", "", "http://a.example"),
        ("https", "a.example:80", "", "https://a.example:80"),
        ("https", "a.example:443", "", "https://a.example"),
        ("http", "[::1]:80", "", "http://[::1]"),
        ("http", "a/b", "127.0.0.1 8080", ""),  # it did name something
        ("http", "", "127.0.0.1 8080", "http://127.0.0.1:8080"),
        ("http", "", "::1 80", "http://[::1]"),
        ("http", "", "localhost 8080", "http://localhost:8080"),
        ("http", "", "0.0.0.0 8080", ""),
        ("http", "", ":: 8080", ""),
        ("http", "", "/run/newsdex.sock ", ""),
        ("http", "", "", ""),
    ],
)
def test_the_origin_is_that_of_the_request_or_else_of_the_server(
    scheme: str, host: str, server: str, origin: str
) -> None:
    name, _, port = server.partition(" ")
    given = {"HTTP_HOST": host, "SERVER_NAME": name, "SERVER_PORT": port}
    assert origin_of({"wsgi.url_scheme": scheme, **given}) == origin
