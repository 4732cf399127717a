"""The lock: one process at a time, for as long as it lives and not longer."""

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.errors import IndexLocked, IndexUnusable
from indexer.index import lock
from tests.indexer.processes import environment

HOLD = """
import sys, time
from pathlib import Path
from indexer.index import lock
with lock.exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        try:
            yield other
        finally:
            other.kill()


def test_a_lock_held_by_another_process_is_refused_at_once_and_says_by_whom(
    tmp_path: Path,
) -> None:
    with holder(tmp_path) as other, pytest.raises(IndexLocked) as it, lock.exclusive(tmp_path):
        pass  # if it waited for the other to end, it would get it
    said = r"another reindex is at work: (\S+) is held by process (\d+) on \S+ since (\S+); wait .*"
    match = re.fullmatch(said, str(it.value))
    assert match
    assert match[1] == str(tmp_path / "LOCK")
    assert match[2] == str(other.pid)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", match[3])


def test_the_lock_of_a_killed_process_is_none(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        other.kill()
        other.wait()
    assert (tmp_path / "LOCK").exists()
    with lock.exclusive(tmp_path):
        assert (tmp_path / "LOCK").read_text().startswith(f"process {os.getpid()} on ")
    assert list(tmp_path.iterdir()) == []


def test_the_lock_is_refused_within_its_own_process_too(tmp_path: Path) -> None:
    with (
        lock.exclusive(tmp_path),
        pytest.raises(IndexLocked, match=f"held by process {os.getpid()} "),
        lock.exclusive(tmp_path),
    ):
        pass


def test_release_leaves_no_file_even_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="oops"), lock.exclusive(tmp_path):
        raise RuntimeError("oops")
    assert list(tmp_path.iterdir()) == []
    with lock.exclusive(tmp_path):
        pass


def test_a_lock_removed_by_hand_is_no_obstacle(tmp_path: Path) -> None:
    with lock.exclusive(tmp_path):
        (tmp_path / "LOCK").unlink()
    with lock.exclusive(tmp_path):
        assert (tmp_path / "LOCK").exists()


@pytest.mark.parametrize(
    ("text", "said"), [(b"", "another process;"), (b"some\xff text", "some� text;")]
)
def test_a_holder_that_has_not_said_who_it_is_is_just_another_process(
    tmp_path: Path, text: bytes, said: str
) -> None:
    with lock.exclusive(tmp_path):
        (tmp_path / "LOCK").write_bytes(text)
        with pytest.raises(IndexLocked, match=f"is held by {said}"), lock.exclusive(tmp_path):
            pass


def test_many_processes_never_hold_it_at_once(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from indexer.index import lock
from indexer.errors import IndexLocked
folder, wins = Path(sys.argv[1]), 0
while wins < 150:
    try:
        with lock.exclusive(folder):
            (folder / "inside").touch(exist_ok=False)
            (folder / "inside").unlink()
            wins += 1
    except IndexLocked:
        pass
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    racers = [subprocess.Popen(command, env=environment()) for _ in range(3)]
    assert [racer.wait(60) for racer in racers] == [0, 0, 0]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_locked_is_no_usable_index(tmp_path: Path) -> None:
    (tmp_path / "LOCK").mkdir()
    with pytest.raises(IndexUnusable, match=r"LOCK: Is a directory"), lock.exclusive(tmp_path):
        pass
    with pytest.raises(IndexUnusable, match="No such file"), lock.exclusive(tmp_path / "gone"):
        pass


def test_a_file_system_without_locks_is_no_usable_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(IndexUnusable, match="No locks available"), lock.exclusive(tmp_path):
        pass


@pytest.mark.parametrize("another", [False, True])
def test_a_lock_just_released_by_another_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, another: bool
) -> None:
    flock, tries = fcntl.flock, list[int]()

    def release_first(descriptor: int, operation: int) -> None:
        tries.append(descriptor)
        if len(tries) == 1:
            (tmp_path / "LOCK").unlink()
            if another:
                (tmp_path / "LOCK").touch()
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", release_first)
    with lock.exclusive(tmp_path):
        assert (tmp_path / "LOCK").read_text().startswith(f"process {os.getpid()} on ")


def test_a_lock_file_that_cannot_be_removed_is_warned_of_and_locks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch, lock.exclusive(tmp_path):
        patch.setattr(Path, "unlink", refuse)
    assert caplog.messages == [
        f"{tmp_path / 'LOCK'} cannot be removed: Permission denied; it locks nothing any more"
    ]
    with lock.exclusive(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []
