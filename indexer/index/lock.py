"""The lock that lets one process at a time write an index.

It is the kernel's advisory lock on `LOCK`, so it ends with the process that holds it, however
that ends; the file's text only says who holds it. Released, the file is gone.
"""

import fcntl
import json
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from indexer.errors import IndexLocked, IndexUnusable
from indexer.item import instant

log = logging.getLogger(__name__)

NAME = "LOCK"


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the lock of an index folder; `IndexLocked`, at once, if another process does."""
    path = folder / NAME
    with writing(folder):
        descriptor = _acquire(path)
    try:
        row = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": instant(datetime.now(UTC)),
        }
        with writing(folder):
            os.ftruncate(descriptor, 0)
            os.write(descriptor, json.dumps(row).encode())
        yield
    finally:
        _release(path, descriptor)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """What the system refuses while an index folder is written, as `IndexUnusable`."""
    try:
        yield
    except OSError as error:
        what = error.filename or folder
        raise IndexUnusable(
            f"the index folder {folder} cannot be written: {what}: {error.strerror or error}; "
            "make room and allow writing there, or name another folder with --index"
        ) from error


def _acquire(path: Path) -> int:
    """A locked descriptor of the file that stands at `path` now, not of one just unlinked."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except BlockingIOError:
            holder = os.pread(descriptor, 1000, 0)
            os.close(descriptor)
            raise IndexLocked(_message(path, holder)) from None
        except FileNotFoundError:
            pass  # the holder unlinked it between our opening and our locking it: take the new one
        except BaseException:  # whatever it is, a signal too: nobody else closes the file
            os.close(descriptor)
            raise
        os.close(descriptor)


def _release(path: Path, descriptor: int) -> None:
    """Let go of the lock. A file that cannot be removed locks nothing: it is only said."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s cannot be removed: %s; it locks nothing any more", path, error.strerror)
    finally:
        os.close(descriptor)


def _message(path: Path, holder: bytes) -> str:
    try:
        row = json.loads(holder)
        who = f"process {row['pid']} on {row['host']} has held {path} since {row['since']}"
    except (ValueError, KeyError, TypeError):
        who = f"another process holds {path} since a moment ago"
    return f"another reindex is at work: {who}; wait until it is done"
