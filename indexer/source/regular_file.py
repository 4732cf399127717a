"""Reads a file at whose path anything may lie: a folder, a pipe that nobody writes to, a device."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def read_start(path: Path | bytes, most: int) -> bytes:
    """The first bytes of a regular file, at most so many. Nothing is waited for. `OSError`, an
    `IsADirectoryError` also for a pipe or device, which are no file, either."""
    # Whoever opens a pipe waits for a writer, unless told not to.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(path, "rb", opener=lambda path, _: os.open(path, flags)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise IsADirectoryError(errno.EISDIR, "it is a folder, pipe or device, not a file")
        return read_now(file, most)


def read_now(file: BinaryIO, most: int) -> bytes:
    """At most so many bytes of an open file; `BlockingIOError` if there are none for the moment, as
    in `/proc/kmsg`, which passes for a regular file."""
    data: bytes | None = file.read(most)
    if data is None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return data
