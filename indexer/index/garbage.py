"""Taking away what is of no use any more in an index folder.

A generation loses its name before it loses a file: whatever happens, none is ever there by halves.
"""

import logging
import shutil
from pathlib import Path

from indexer.index import current

log = logging.getLogger(__name__)

GONE = ".gone"
"""What is added to the name of a generation that is being removed."""


def remove(path: Path) -> None:
    """Remove a file or folder."""
    if path.is_symlink() or not path.is_dir():
        path.unlink()
        return
    if current.GENERATION.fullmatch(path.name):
        path = path.rename(path.with_name(path.name + GONE))
        current.sync(path.parent, [])
    shutil.rmtree(path)


def removed(path: Path) -> bool:
    """Remove a file or folder; whether that could be done. What cannot be removed is warned of: it
    is no part of the index."""
    try:
        remove(path)
    except OSError as error:
        what = error.filename or path
        log.warning(
            "%s cannot be removed: %s: %s; the next reindex tries again",
            path,
            what,
            error.strerror,
        )
        return False
    return True
