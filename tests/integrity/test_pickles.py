"""Nothing that the manifest does not vouch for is ever unpickled: what is pickled may do anything.

Programs are planted in every file of an index, in the places where Whoosh unpickles and elsewhere;
each would leave a mark if it was run. That those work is shown by reading them without our checks.
"""

import os
import pickle
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.engines.whoosh.toc import NAME
from indexer.engines.whoosh.whoosh_schema import whoosh_schema
from search_app.cli import main
from tests.conditions import CAMPAIGN
from tests.integrity import harms
from tests.integrity.worlds import World, serving, world

MARK = "mark"
"""The folder that a planted program makes, beside the index."""


class Program:
    """Pickled, a program that makes the mark; `longer` by so many bytes than it need be."""

    def __init__(self, index: Path, longer: int = 0) -> None:
        self._path = f"{index.parent}{'/' * longer}/{MARK}"

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (self._path,)


def program(index: Path, size: int = 0) -> bytes:
    """A program, of so many bytes if that is more than it needs."""
    made = pickle.dumps(Program(index), 2)
    for longer in range(max(0, size - len(made)), -1, -1):
        filled = pickle.dumps(Program(index, longer), 2)
        if len(filled) <= max(size, len(made)):
            return filled + bytes(size - len(filled)) if size > len(filled) else filled
    return made


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(tmp_path_factory.mktemp("world"), shared=True)


def in_the_contents(path: Path, index: Path, same: bool) -> Iterator[bytes]:
    """A table of contents whose segments are a program."""
    size, number = path.stat().st_size, int(path.stem.rpartition("_")[2])
    with TemporaryDirectory() as aside:
        for longer in range(size) if same else (0,):
            TOC(whoosh_schema(), [Program(index, longer)], number).write(FileStorage(aside), NAME)
            made = Path(aside, path.name).read_bytes()
            Path(aside, path.name).unlink()
            if not same or len(made) == size:
                yield made
                return


def ran_unprotected(index: Path, folder: Path) -> bool:
    """Open a generation as Whoosh opens an index, in a process of its own; whether that ran a
    program."""
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            FileStorage(str(folder)).open_index(NAME, schema=whoosh_schema())
        os._exit(0)
    os.waitpid(child, 0)
    with suppress(FileNotFoundError):
        (index.parent / MARK).rmdir()
        return True
    return False


@pytest.mark.parametrize("same", [False, True], ids=["of any size", "of the same size"])
def test_a_program_where_whoosh_unpickles_would_be_run_and_is_not(
    place: World, tmp_path: Path, same: bool
) -> None:
    index = tmp_path / "index"
    harms.copy(place.index, index)
    path = min((index / place.newer).glob("*.toc"))
    was = path.read_bytes()
    for planted in in_the_contents(path, index, same):
        assert (len(planted) == len(was)) is same
        path.write_bytes(planted)
        if ran_unprotected(index, path.parent):
            refuse(index, place)
            return
    pytest.fail("no program was planted where Whoosh would run it: the test proves nothing")


@pytest.mark.parametrize("same", [False, True], ids=["of any size", "of the same size"])
def test_a_program_in_the_place_of_any_file_is_not_run(
    place: World, tmp_path: Path, same: bool
) -> None:
    for number, path in enumerate(sorted((place.index / place.newer).iterdir())):
        if number % (1 if CAMPAIGN else 6) == 0:
            index = tmp_path / str(number) / "index"
            harms.copy(place.index, index)
            (index / place.newer / path.name).write_bytes(
                program(index, path.stat().st_size if same else 0)
            )
            refuse(index, place)


def refuse(index: Path, place: World) -> None:
    """Whatever Newsdex is asked to do with a harmed index, no mark is made."""
    with serving(index) as (client, reader):
        for _ in range(2):
            client.get("/api/search", query_string={"q": "ferry"})
            assert not (index.parent / MARK).exists()
            reader.wait_for_verification()
    aside = index.parent / "reindexed"
    harms.copy(index, aside)
    for arguments in (
        ("search", "--index", str(index), "ferry"),
        ("verify", "--index", str(index)),
        ("status", "--index", str(index)),
        ("rollback", "--index", str(aside)),
        ("reindex", "--index", str(index), "--seeds", str(place.seeds), "--dry-run"),
        ("reindex", "--index", str(aside), "--seeds", str(place.seeds)),
    ):
        CliRunner().invoke(main, arguments)
        assert not (index.parent / MARK).exists(), arguments
    harms.remove(aside)
