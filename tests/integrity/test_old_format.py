"""An index of another version is met with a message by every command, and nothing of it is run."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.engines.whoosh.toc import NAME
from indexer.engines.whoosh.whoosh_schema import whoosh_schema
from indexer.index import manifest
from search_app.cli import main
from tests.integrity.test_pickles import MARK, Program, ran_unprotected
from tests.integrity.worlds import World, serving, world

OTHER = "0123456789abcdef"


@pytest.fixture
def place(tmp_path: Path) -> World:
    """An index whose generations are whole, but of another fingerprint; unpickled, each would
    leave a mark."""
    made = world(tmp_path, shared=True)
    for name in (made.newer, made.older):
        folder = made.index / name
        (path,) = folder.glob("*.toc")
        number = int(path.stem.rpartition("_")[2])
        path.unlink()
        TOC(whoosh_schema(), [Program(made.index)], number).write(FileStorage(str(folder)), NAME)
        found = manifest.read(folder)
        files = {**found.files, path.name: manifest.digest(path)}
        manifest.write(folder, replace(found, schema=OTHER, files=files))
    return made


@pytest.mark.parametrize(
    "arguments", [["search", "ferry"], ["status"], ["verify"], ["rollback"], ["status", "--json"]]
)
def test_a_command_says_what_to_do_and_unpickles_nothing(
    place: World, arguments: list[str]
) -> None:
    result = CliRunner().invoke(main, [*arguments, "--index", str(place.index)])
    assert result.exit_code == 3
    assert isinstance(result.exception, SystemExit)  # and no error that nobody foresaw
    assert f"was written by another version of Newsdex (schema {OTHER}, " in result.output
    assert "`newsdex reindex` builds it anew" in result.output
    assert not (place.index.parent / MARK).exists()


def test_a_server_answers_503(place: World) -> None:
    with serving(place.index) as (client, _):
        assert client.get("/readyz").status_code == 503
        answer = client.get("/api/search", query_string={"q": "ferry"})
    assert answer.status_code == 503
    assert json.loads(answer.data)["error"]["kind"] == "index_other_version"
    assert not (place.index.parent / MARK).exists()


def test_in_json_the_error_is_of_a_kind_of_its_own(place: World) -> None:
    for command in ("search", "status"):
        result = CliRunner().invoke(main, [command, "--json", "--index", str(place.index)])
        assert json.loads(result.stdout)["error"]["kind"] == "index_other_version"


@pytest.mark.parametrize("option", ["--full", "--dry-run", "--strict", ""])
def test_a_reindex_builds_it_anew(place: World, option: str) -> None:
    arguments = ["reindex", "--index", str(place.index), "--seeds", str(place.seeds)]
    result = CliRunner().invoke(main, [*arguments, *filter(None, [option])])
    assert result.exit_code == 0
    assert "47 items" in result.output
    assert not (place.index.parent / MARK).exists()
    again = CliRunner().invoke(main, ["search", "--index", str(place.index), "ferry"])
    assert again.exit_code == (3 if option == "--dry-run" else 0)


def test_what_was_planted_would_have_been_run(place: World) -> None:
    """Else the others prove nothing."""
    assert ran_unprotected(place.index, place.index / place.newer)
