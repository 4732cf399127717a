"""`CURRENT` itself: when it may be taken for unchanged, and what happens to what stood there."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.errors import IndexUnusable
from indexer.index import current as current_module
from indexer.index.current import CURRENT, TEMPORARY, CurrentFile

NAME = "g000001-abcdef"


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The inodes of what is synced from now on, in order."""
    inodes: list[int] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        fsync(descriptor)
        inodes.append(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", note)
    return inodes


def inodes(*paths: Path) -> list[int]:
    return [path.stat().st_ino for path in paths]


def test_a_stat_key_is_device_inode_size_and_both_times(tmp_path: Path) -> None:
    CurrentFile(tmp_path).set(NAME)
    found = (tmp_path / CURRENT).stat()
    assert CurrentFile(tmp_path).stat_key(tick=0) == (
        found.st_dev,
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
    )


def test_a_file_whose_time_was_set_back_has_changed_lately(tmp_path: Path) -> None:
    CurrentFile(tmp_path).set(NAME)
    os.utime(tmp_path / CURRENT, ns=(0, 0))
    assert CurrentFile(tmp_path).stat_key() is None


def test_the_folders_above_a_new_index_are_on_disk_before_it_is_named(
    tmp_path: Path, synced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "new" / "index").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "new")
    current = CurrentFile(Path("index"))
    current.set(NAME)
    above = inodes(*(tmp_path / "new" / "index").parents)
    assert synced[: len(above)] == above
    synced.clear()
    current.set(NAME)
    assert not set(synced) & set(above)


def test_above_a_folder_that_may_not_be_read_nothing_is_synced(
    tmp_path: Path, synced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed" / "index").mkdir(parents=True)
    opened = os.open

    def refuse(path: Path, flags: int) -> int:
        if path == tmp_path / "closed":
            raise PermissionError(13, "Permission denied")
        return opened(path, flags)

    monkeypatch.setattr(os, "open", refuse)
    current_module.sync_above(tmp_path / "closed" / "index")
    assert synced == []


def test_what_is_synced_is_closed_again(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - names, not paths
    current_module.sync(tmp_path, ["file"])
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208 - names, not paths


def _folder(path: Path) -> None:
    path.mkdir()


def _link_to_a_folder(path: Path) -> None:
    path.with_name("precious").mkdir()
    path.symlink_to("precious")


def _link_to_a_file(path: Path) -> None:
    path.with_name("precious").touch()
    path.symlink_to("precious")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        (CURRENT, _folder),
        (CURRENT, _link_to_a_folder),
        (CURRENT, _link_to_a_file),
        (TEMPORARY, _link_to_a_folder),
        (TEMPORARY, _link_to_a_file),
    ],
)
def test_what_stands_in_the_place_of_current_makes_way_and_what_it_leads_to_stays(
    tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    make(tmp_path / name)
    CurrentFile(tmp_path).set(NAME)
    assert not (tmp_path / CURRENT).is_symlink()
    assert (tmp_path / CURRENT).read_text() == f"{NAME}\n"
    if make is not _folder:
        precious = tmp_path / "precious"
        assert precious.is_dir() if make is _link_to_a_folder else precious.read_text() == ""


def test_what_was_there_and_cannot_be_read_cannot_be_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(tmp_path)
        listening.bind(CURRENT)
    sync = current_module.sync

    def lose(folder: Path, names: list[str]) -> None:
        sync(folder, names)
        if not names and folder == tmp_path and (tmp_path / CURRENT).is_file():
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(current_module, "sync", lose)
    with pytest.raises(
        IndexUnusable, match=f"Input/output error, nor restored: .*; {NAME} answers"
    ):
        CurrentFile(tmp_path).set(NAME)
    assert (tmp_path / CURRENT).read_text() == f"{NAME}\n"
