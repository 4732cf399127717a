"""The lock that lets one process at a time write an index.

It is the kernel's advisory lock on the file `LOCK`, so it ends with the process that holds it,
however that ends. The file's text only says who holds it. Whoever releases the lock removes it.
"""

import fcntl
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
        since = instant(datetime.now(UTC))
        with writing(folder):
            os.ftruncate(descriptor, 0)
            os.write(
                descriptor,
                f"process {os.getpid()} on {socket.gethostname()} since {since}".encode(),
            )
        yield
    finally:
        _release(path, descriptor)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """While entered, whatever the system refuses is raised as `IndexUnusable`."""
    try:
        yield
    except BrokenPipeError:
        raise  # nobody reads our progress any more
    except OSError as error:
        what = error.filename or folder
        raise IndexUnusable(
            f"the index folder {folder} cannot be written: {what}: {error.strerror or error}; "
            "make room and allow writing there, or name another folder with --index"
        ) from error
    except MemoryError as error:
        raise IndexUnusable(
            "the run needs more memory than there is; nothing was changed; try again with "
            "--jobs 1 or less --memory"
        ) from error


def _acquire(path: Path) -> int:
    """A locked descriptor of the file that is at `path` now, not of one just unlinked."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        is_held = False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_held = os.path.samestat(os.fstat(descriptor), path.stat())
        except BlockingIOError:
            holder = os.pread(descriptor, 1000, 0).decode(errors="replace") or "another process"
            raise IndexLocked(
                f"another reindex is at work: {path} is held by {holder}; wait until it is done"
            ) from None
        except FileNotFoundError:
            pass  # the holder unlinked it between our opening and our locking it: take the new one
        finally:
            if not is_held:
                os.close(descriptor)
        if is_held:
            return descriptor


def _release(path: Path, descriptor: int) -> None:
    """Let go of the lock. A file that cannot be removed locks nothing: that is only logged."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s cannot be removed: %s; it locks nothing any more", path, error.strerror)
    finally:
        os.close(descriptor)
