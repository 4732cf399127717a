"""Walks the seeds folder: which seed files there are, in the order of their ids.

Links are followed to wherever they lead, also out of the folder, unless `follow_links` says no.
A file that is deleted during the walk is treated as if it had never existed.
"""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

from indexer.errors import SeedsMissing
from indexer.item import Problem, Severity
from indexer.source import seed_file
from indexer.source.seed_file import SeedFile, StatKey

_UNCLEAN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class RefusedLink(NamedTuple):
    """A link that leads out of the folder and may not: nothing behind it is a seed."""

    problem: Problem


class LinkedFolder(NamedTuple):
    """A folder behind a link, which is walked like any other: its path, which ends in `/`, and its
    `seed_file.stat_key`."""

    path: str
    stat_key: StatKey


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder still to be walked; `link` is set if it lies behind one."""

    path: bytes
    prefix: str
    link: LinkedFolder | None = None


Found: TypeAlias = SeedFile | Problem | RefusedLink | LinkedFolder


def check_folder(root: Path) -> None:
    """Raise SeedsMissing where the seeds folder is not there or cannot be listed."""
    try:
        with os.scandir(root):
            return
    except FileNotFoundError:
        message = f"there is no seeds folder {root}; create it, or name another with --seeds"
    except NotADirectoryError:
        message = f"{root} is not a folder; name the folder of news items with --seeds"
    except OSError as error:
        message = f"the seeds folder {root} cannot be listed ({error.strerror}); allow reading it"
    raise SeedsMissing(message)


def scan(root: Path, *, follow_links: bool = True) -> Iterator[Found]:
    """The seed files below a folder in the order of their ids, and the problems met on the way.

    A problem's path ends in `/` if it is a folder's, or that of a link that leads nowhere: what
    lies below is then unknown, not gone. Without `follow_links`, a link that leads out of the
    folder is a `RefusedLink`. Raises `SeedsMissing` before the first step.
    """
    check_folder(root)
    return _Scan(root, follow_links).walk()


class _Scan:
    """One walk. It remembers the links it followed, so that they lead in no circle."""

    def __init__(self, root: Path, follow_links: bool) -> None:
        self._below = seed_file.path_below(root, "")
        self._root, self._follow_links = root, follow_links
        self._real_root = os.path.realpath(root)
        self._linked: set[tuple[int, int]] = set()

    def walk(self) -> Iterator[Found]:
        """The seed files and problems, folder by folder, each in its place among the ids."""
        last = ""
        open_folders = [self._folder(os.fsencode(self._root), "")]
        while open_folders:
            for found in open_folders[-1]:
                if isinstance(found, _Folder):
                    if found.link:
                        yield found.link
                    open_folders.append(self._folder(found.path, found.prefix))
                    break
                if isinstance(found, SeedFile):
                    if found.id == last:
                        message = f"another file has the id {found.id}, too; rename one"
                        yield Problem(found.path, 0, "", message)
                        continue
                    last = found.id
                yield found
            else:
                open_folders.pop()

    def _folder(self, path: bytes, prefix: str) -> Iterator[Found | _Folder]:
        """What lies in a folder; the ids below it begin with `prefix`."""
        try:
            with os.scandir(path) as entries:
                ordered = sorted(map(_ordered, entries))
        except OSError as error:
            if not (prefix and seed_file.is_gone(path)):
                yield seed_file.unreadable(seed_file.printable(self._below + prefix), error)
            return
        for stem, _, name, entry in ordered:
            if name[0] != "." and (found := self._entry(entry, name, stem, prefix)):
                yield found

    def _entry(
        self, entry: os.DirEntry[bytes], name: str, stem: str, prefix: str
    ) -> Found | _Folder | None:
        """What an entry is; `None` if it is gone, or neither a seed file nor a folder."""
        is_seed = stem != name and stem[-1] != "/"
        path = self._below + prefix + name + ("" if is_seed else "/")
        try:
            status = entry.stat()
        except OSError as error:
            is_folder = entry.is_symlink() or _is_folder(entry)  # for all that is known
            if seed_file.is_gone(entry.path) or not (is_seed or is_folder):
                return None
            return seed_file.unreadable(seed_file.printable(path), error)
        if not is_seed and not stat.S_ISDIR(status.st_mode):
            return None
        if not self._follow_links and self._leads_out(entry):
            return _refused(seed_file.printable(path))
        if _UNCLEAN.search(name):
            message = "the name has control characters or is not UTF-8; rename it"
            return Problem(seed_file.printable(path), 0, "", message)
        if not is_seed:
            return self._subfolder(entry, f"{prefix}{name}/", status)
        if not stat.S_ISREG(status.st_mode):
            return Problem(path, 0, "", "it is a pipe or device, not a file; remove it")
        return SeedFile(
            prefix + stem,
            path,
            name[len(stem) :],
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
            status.st_ino,
            entry.is_symlink(),
        )

    def _subfolder(
        self, entry: os.DirEntry[bytes], prefix: str, status: os.stat_result
    ) -> Found | _Folder:
        """A folder to walk; one behind a link only if it would not be walked anyway."""
        if entry.is_symlink():
            path, key = self._below + prefix, (status.st_dev, status.st_ino)
            if key in self._linked or self._is_walked(_real(entry)):
                message = "the link leads to a folder that is read anyway; it was not followed"
                return Problem(path, 0, "", message, Severity.WARNING)
            self._linked.add(key)
            return _Folder(entry.path, prefix, LinkedFolder(path, key))
        return _Folder(entry.path, prefix)

    def _leads_out(self, entry: os.DirEntry[bytes]) -> bool:
        """Whether it is a link to something outside of the seeds folder."""
        return entry.is_symlink() and not _real(entry).is_relative_to(self._real_root)

    def _is_walked(self, folder: Path) -> bool:
        """Whether a folder is the root, above it, or below it and not hidden."""
        root = Path(self._real_root)
        if root.is_relative_to(folder):
            return True
        if not folder.is_relative_to(root):
            return False
        return not any(part.startswith(".") for part in folder.relative_to(root).parts)


def _ordered(entry: os.DirEntry[bytes]) -> tuple[str, bool, str, os.DirEntry[bytes]]:
    """The entry with what it is sorted by: its id, or of a folder what the ids below it begin with;
    of two files with one id, `.md` comes first. Names differ, so entries are never compared."""
    name = entry.name.decode(seed_file.NAMES, "surrogateescape")
    stem = f"{name}/" if _is_folder(entry) else seed_file.stem_of(name)
    return stem, not name.endswith(".md"), name, entry


def _is_folder(entry: os.DirEntry[bytes]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads nowhere, which the walk reports
        return False


def _real(entry: os.DirEntry[bytes]) -> Path:
    """Where a link leads."""
    return Path(os.fsdecode(os.path.realpath(entry.path)))


def _refused(path: str) -> RefusedLink:
    message = (
        "the link leads out of the seeds folder, which NEWSDEX_FOLLOW_LINKS=0 forbids; put what it "
        "leads to in its place, or allow such links"
    )
    return RefusedLink(Problem(path, 0, "", message))
