"""Static files: at lasting addresses, compressed, and safe."""

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import zstandard
from flask.testing import FlaskClient

from search_app.app import create_app, safe_headers
from search_app.assets import FOLDER, Assets, static_files
from search_app.look import File, look
from search_app.settings import Settings
from search_app.state import state

BASE = "/news"
LASTING = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def based(seeded: Path) -> Iterator[FlaskClient]:
    app = create_app(Settings.load({"NEWSDEX_BASE_PATH": BASE}, index=seeded))
    with closing(state(app.extensions).reader):
        yield app.test_client()


def addresses(client: FlaskClient, path: str) -> list[str]:
    found = re.findall(r'(?:href|src)="([^"]*/static/[^"]+)"', client.get(path).text)
    assert found
    return found


@pytest.mark.parametrize("path", ["/", "/search?q=ferry", "/nowhere"])
def test_every_file_a_page_names_may_be_kept_for_good(based: FlaskClient, path: str) -> None:
    for address in addresses(based, BASE + path):
        assert address.startswith(f"{BASE}/static/")
        answer = based.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, LASTING)
        for name, value in safe_headers(Settings.load({})).items():
            assert answer.headers[name] == value


def test_all_files_have_one_fingerprint_so_that_scripts_find_each_other(
    client: FlaskClient,
) -> None:
    folders = {address.rpartition("/")[0] for address in addresses(client, "/")}
    assert len(folders) == 1
    (folder,) = folders
    for path in FOLDER.iterdir():
        assert client.get(f"{folder}/{path.name}").data == path.read_bytes()


def test_without_the_fingerprint_or_with_an_old_one_a_file_is_asked_about_each_time(
    client: FlaskClient,
) -> None:
    lasting = client.get(addresses(client, "/")[0])
    for address in ("/static/icon.svg", "/static/0123456789ab/icon.svg"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
        assert answer.headers["ETag"] == client.get("/static/icon.svg").headers["ETag"]
        tag = {"If-None-Match": f'"x", {answer.headers["ETag"]}'}
        again = client.get(address, headers=tag)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == answer.headers["ETag"]
    assert lasting.status_code == 200


@pytest.mark.parametrize(
    ("coding", "read"), [("gzip", gzip.decompress), ("zstd", zstandard.decompress)]
)
def test_texts_are_compressed_and_pictures_are_not(
    seeded: Path, tmp_path: Path, coding: str, read: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "logo.png").write_bytes(b"\x89PNG" + bytes(5_000))
    settings = Settings.load({"NEWSDEX_LOGO": str(tmp_path / "logo.png")}, index=seeded)
    app = create_app(settings)
    client = app.test_client()
    accept = {"Accept-Encoding": f"{coding}, br"}
    plain, packed = client.get("/static/style.css"), client.get("/static/style.css", headers=accept)
    assert (packed.headers["Content-Encoding"], packed.mimetype) == (coding, "text/css")
    assert read(packed.data) == plain.data == (FOLDER / "style.css").read_bytes()
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    head = client.head("/static/style.css", headers=accept)
    assert (head.data, dict(head.headers)) == (b"", dict(packed.headers))
    logo = client.get("/static/site/logo", headers=accept)
    assert "Content-Encoding" not in logo.headers
    assert (len(logo.data), logo.mimetype) == (5_004, "image/png")
    state(app.extensions).reader.close()


@pytest.mark.parametrize(
    "path",
    [
        *("/static/", "/static/none.css", "/static/../app.py", "/static/%2e%2e/app.py"),
        *("/static/0123456789ab/0123456789ab/icon.svg", "/static/0123456789AB/icon.svg"),
        *("/static/site/logo", "/static//icon.svg", "/staticicon.svg"),
        "/static/style.0123456789ab/css",
    ],
)
def test_there_is_nothing_else(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_fingerprint_changes_with_any_file_and_with_nothing_else() -> None:
    usual = static_files(look(Settings.load({})))
    icon = usual["icon.svg"]
    prints = [
        Assets(files).fingerprint
        for files in (
            usual,
            usual | {"icon.svg": File(icon.content + b" ", icon.media_type)},
            usual | {"icon.svg": File(icon.content, "text/plain")},
            usual | {"more.svg": icon},
        )
    ]
    assert len(set(prints)) == 4
    assert Assets(dict(reversed(usual.items()))).fingerprint == prints[0]


def test_a_page_cannot_name_a_file_that_is_not_there() -> None:
    with pytest.raises(KeyError, match=r"none\.js"):
        Assets({}).url("none.js", "")


def test_a_file_of_an_unknown_kind_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "strange.xyz").write_bytes(b"")
    with pytest.raises(KeyError, match="xyz"):
        static_files(look(Settings.load({})), tmp_path)
