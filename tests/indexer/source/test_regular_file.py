"""A file is read as far as it is one, whatever lies at its path."""

import os
from pathlib import Path

import pytest

from indexer.source.regular_file import read_now, read_start


def test_a_file_is_read_from_its_start_to_its_end_or_to_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"abc")
    assert [read_start(file, most) for most in (2, 3, 4)] == [b"ab", b"abc", b"abc"]
    assert read_start(os.fsencode(file), 2) == b"ab"


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(IsADirectoryError):
            read_start(path, 9)
    with pytest.raises(FileNotFoundError):
        read_start(tmp_path / "none", 9)


def test_a_file_with_nothing_to_read_for_the_moment_is_an_error(tmp_path: Path) -> None:
    """As a pipe is that somebody may still write to, and `/proc/kmsg`, a file by its mode."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with os.fdopen(os.open(pipe, os.O_RDWR | os.O_NONBLOCK), "rb") as file:
        with pytest.raises(BlockingIOError):
            read_now(file, 9)
        os.write(file.fileno(), b"abc")
        assert read_now(file, 2) == b"ab"
