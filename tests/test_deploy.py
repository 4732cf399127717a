"""The examples for proxies, as they are shipped: real proxies in front of a real server."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from search_app.cli import main
from search_app.settings import Settings
from tests.bench import attacks
from tests.bench.processes import free_port
from tests.test_attacks import address_of
from tests.test_serve import ROOT, item, run, serving

DEPLOY = ROOT / "search_app" / "deploy"
PROXIES = ("nginx", "caddy")
REQUIRED = bool(os.environ.get("NEWSDEX_REQUIRE_PROXIES"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deploy")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "one.md").write_text(item("The first headline"))
    assert run("reindex", "--seeds", folder / "seeds", "--index", folder / "index").returncode == 0
    return folder


def command(proxy: str, folder: Path, inside: int, outside: int) -> list[str]:
    """The command line of a proxy with the example, on ports of the test's."""
    name = {"nginx": "nginx.conf", "caddy": "Caddyfile"}[proxy]
    example = (DEPLOY / name).read_text(encoding="utf-8")
    changes = {f"127.0.0.1:{port}": f"127.0.0.1:{ours}" for port, ours in
               (("8080", inside), ("8000", outside))}  # fmt: skip
    if os.environ.get("NEWSDEX_BASE_PATH"):
        changes |= {"nginx": {"location / {": "location /news/ {"},
                    "caddy": {"reverse_proxy 127": "redir /news /news/\n"
                                                   "reverse_proxy /news/* 127"}}[proxy]  # fmt: skip
    for text, ours in reversed(changes.items()):
        assert text in example
        example = example.replace(text, ours)
    file = folder / name
    if proxy == "caddy":
        file.write_text(example.replace("{\n", "{\n\tadmin off\n", 1))  # its port may be taken
        return ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    file.write_text(
        f"pid {folder}/pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {temporary} {example} }}\n"
    )
    return ["nginx", "-p", str(folder), "-c", str(file), "-g", "daemon off;"]


@contextmanager
def behind(
    proxy: str, site: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str
) -> Iterator[attacks.Address]:
    """The address of a proxy in front of `newsdex serve`."""
    for name, value in settings.items():
        monkeypatch.setenv(f"NEWSDEX_{name.upper()}", value)
    with serving(site) as (_, url):
        address, process = _started(proxy, folder, address_of(url)[1])
        try:
            yield address
        finally:
            process.terminate()
            process.wait(20)


def _started(
    proxy: str, folder: Path, inside: int
) -> tuple[attacks.Address, "subprocess.Popen[bytes]"]:
    """A proxy that answers, and its address; on another port if somebody took the first."""
    told = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    for _ in range(3):
        address = ("127.0.0.1", free_port())
        line = command(proxy, folder, inside, address[1])
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(line, stdout=log, stderr=log, env=told)
        while process.poll() is None:
            try:
                socket.create_connection(address, timeout=5).close()
                return address, process
            except OSError:
                time.sleep(0.05)
    raise AssertionError((folder / "log").read_text())


def ask(
    address: attacks.Address, source: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, bytes]:
    """Status and body of the answer to a search from a source; to a POST where there is a body."""
    connection = http.client.HTTPConnection(*address, timeout=20, source_address=(source, 0))
    with closing(connection):
        connection.request("POST" if body else "GET", "/api/search", body or None, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()


@pytest.fixture(params=PROXIES)
def proxy(request: Any) -> str:
    name: str = request.param
    if not shutil.which(name):
        if REQUIRED:
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return name


def test_a_proxy_passes_answers_on_and_names_its_visitors(
    proxy: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"rate_limit": "0.01", "trusted_proxies": "127.0.0.1"}
    with behind(proxy, site, tmp_path, monkeypatch, **limits) as address:
        status, answer = ask(address, "127.0.0.2")
        assert (status, b"The first headline" in answer) == (200, True)
        assert ask(address, "127.0.0.3")[0] == 200
        assert ask(address, "127.0.0.2")[0] == 429


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X_Forwarded_For", "X_Forwarded-For"])
def test_a_visitor_behind_a_proxy_cannot_pass_for_another(
    proxy: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    limits = {"rate_limit": "0.01", "trusted_proxies": "127.0.0.1"}
    with behind(proxy, site, tmp_path, monkeypatch, **limits) as address:
        seen = [ask(address, "127.0.0.2", {name: f"192.0.2.{n}"})[0] for n in range(3)]
    assert seen == [200, 429, 429]


def test_a_proxy_that_is_not_trusted_makes_one_client_of_all(
    proxy: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind(proxy, site, tmp_path, monkeypatch, rate_limit="0.01") as address:
        assert [ask(address, f"127.0.0.{n}")[0] for n in (2, 3)] == [200, 429]


def test_a_body_that_is_too_large_is_refused(
    proxy: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind(proxy, site, tmp_path, monkeypatch, trusted_proxies="127.0.0.1") as address:
        assert ask(address, "127.0.0.2", body=b"x" * 20_000)[0] == 413
        assert ask(address, "127.0.0.2")[0] == 200


def test_idle_and_slow_visitors_leave_a_proxy_open_to_others(
    proxy: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = attacks.at_once(attacks.idle(40), attacks.slow_headers(30, pause=0.2))
    with (
        behind(proxy, site, tmp_path, monkeypatch, trusted_proxies="127.0.0.1") as address,
        slow(address),
    ):
        for _ in range(3):
            attacks.ask(address, "/healthz", "127.0.0.200", 2.0)
            time.sleep(0.2)


def page(address: attacks.Address, path: str, headers: dict[str, str] | None = None) -> str:
    """A page of this site; the status alone where it is not 200."""
    with closing(http.client.HTTPConnection(*address, timeout=20)) as connection:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        text = answer.read().decode()
        return text if answer.status == 200 else str(answer.status)


def test_the_pages_can_be_put_below_a_path_of_a_site(
    proxy: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = {"base_path": "/news", "trusted_proxies": "127.0.0.1"}
    with behind(proxy, site, tmp_path, monkeypatch, **below) as address:
        found = [
            unescape(link)
            for path in ("/news/", "/news/search?q=headline", "/news/items/one", "/news/nowhere")
            for link in re.findall('(?:href|action)="(/[^"#]*)', page(address, path))
        ]
        assert "/news/items/one" in found
        assert any(re.fullmatch(r"/news/static/\w+/style\.css", link) for link in found)
        assert {link for link in found if not link.startswith("/news/")} == set()
        assert [link for link in found if page(address, link).isdigit()] == []
        assert page(address, "/news/metrics") == "404"
        assert page(address, "/news") in ("301", "302", "308")


@pytest.mark.parametrize("name", ["X-Forwarded-Prefix", "X_Forwarded_Prefix", "X_Forwarded-Prefix"])
def test_a_visitor_behind_a_proxy_cannot_name_a_path(
    proxy: str, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with behind(proxy, site, tmp_path, monkeypatch, trusted_proxies="127.0.0.1") as address:
        text = page(address, "/search?q=headline", {name: "/evil"})
        assert "/items/one" in text
        assert "/evil" not in text
        assert page(address, "/metrics") == "404"


# The image, which only a daemon can build


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def given(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def test_the_image_copies_what_is_there_and_ignores_the_rest() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    for rest in given("COPY"):
        *sources, _ = rest.split()
        if not rest.startswith("--from=build"):
            assert all((ROOT / source).exists() and f"!{source}" in ignored for source in sources)


def test_the_image_does_not_run_as_root_and_serves_where_it_is_exposed() -> None:
    after = instructions()[instructions().index(("USER", "newsdex")) :]
    assert "RUN" not in [name for name, _ in after]
    (environ,) = [dict(part.split("=", 1) for part in rest.split()) for rest in given("ENV")]
    assert given("EXPOSE") == [environ["NEWSDEX_PORT"]]
    program, *arguments = json.loads(given("CMD")[-1])
    assert program == "newsdex"
    read = {name: text for name, text in environ.items() if name.startswith("NEWSDEX_")}
    assert Settings.load(read).host == "0.0.0.0"  # noqa: S104 - in a container
    name, *options = arguments
    main.commands[name].make_context(name, options, main.make_context("", [name]))


def test_the_health_check_of_the_image_follows_the_index(site: Path, tmp_path: Path) -> None:
    command = json.loads(given("HEALTHCHECK")[0].partition("CMD ")[2])

    def healthy(folder: Path) -> bool:
        with serving(folder) as (_, url):
            environ = os.environ | {"NEWSDEX_PORT": str(address_of(url)[1])}
            done = subprocess.run(
                [sys.executable, *command[1:]], env=environ, check=False, capture_output=True
            )
            return done.returncode == 0

    assert healthy(site)
    assert not healthy(tmp_path)
