"""Removes from an index folder what is of no use any more.

A generation loses its name before it loses a file, so no name ever leads to half a generation.
"""

import logging
import shutil
from collections.abc import Collection
from pathlib import Path

from indexer.index import current
from indexer.index.current import GENERATION

log = logging.getLogger(__name__)

GONE = ".gone"
"""Added to the name of a generation that is being removed."""


def collect(folder: Path, kept: Collection[str]) -> None:
    """Remove every generation of an index folder that is not `kept`, and what runs that crashed
    left there. If the system refuses to, log a warning: nothing of it is part of the index."""
    for path in sorted(folder.iterdir()):
        is_ours = GENERATION.fullmatch(path.name.removesuffix(GONE)) or (
            path.name == current.TEMPORARY
        )
        if is_ours and path.name not in kept:
            try:
                remove(path)
            except OSError as error:
                what = "%s cannot be removed: %s: %s; the next reindex tries again"
                log.warning(what, path, error.filename or path, error.strerror)


def remove(path: Path) -> None:
    """Remove a file or folder."""
    if path.is_symlink() or not path.is_dir():
        path.unlink()
        return
    if GENERATION.fullmatch(path.name):
        path = path.rename(path.with_name(path.name + GONE))
        current.sync(path.parent, [])
    shutil.rmtree(path)
