"""The folder an index lives in, and its generations.

    index/
      CURRENT               the name of the generation that answers, one line
      LOCK                  while a reindex is at work
      g000007-3fa9c1/       a generation: never changed once CURRENT has named it
        manifest.json       sizes, checksums, counts, schema fingerprint
        sources.json        which file gave which item
        ...                 the engine's files

A generation is written into its folder, synced, given its manifest and verified; then `CURRENT`
is replaced by one atomic rename. Whatever the instant of a crash, `CURRENT` names a whole
generation, and folders it does not name are cleared away by the next run.
"""

import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from indexer import fields, manifest
from indexer.errors import IndexDamaged, IndexMissing, IndexUnusable
from indexer.manifest import Manifest

CURRENT = "CURRENT"
KEPT = 2
"""Generations that stay: the one that answers and the one before it, for `rollback`."""

GLANCED = 1 << 20
"""Bytes up to which a file is digested before a generation is opened in haste: all that Whoosh
unpickles on opening, and the outlets' names, are far smaller."""

_NAME = re.compile(r"g(\d{6,})-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation whose manifest has been read. `folder` holds its files."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """The folder's name, unique among all generations this index will ever have."""
        return self.folder.name


class Home:
    """An index folder. Reading needs no lock; whatever writes must hold `lock.exclusive`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[manifest.FileKey, manifest.FileEntry] = {}
        self._damaged: set[str] = set()

    def current_name(self) -> str:
        """The name `CURRENT` holds; `IndexMissing` if nothing has been indexed."""
        try:
            name = _first_bytes(self.folder / CURRENT).decode("ascii").strip()
        except FileNotFoundError:
            raise IndexMissing(
                f"there is no index in {self.folder} yet; run `newsdex reindex` first"
            ) from None
        except (OSError, ValueError) as error:
            raise IndexDamaged(
                f"{self.folder / CURRENT} cannot be read: {error}; {manifest.REMEDY}"
            ) from error
        if not _NAME.fullmatch(name):
            raise IndexDamaged(
                f"{self.folder / CURRENT} names no generation: {name[:40]!r}; {manifest.REMEDY}"
            )
        return name

    def names(self) -> list[str]:
        """The generation folders there are, finished or not, newest first."""
        if not self.folder.is_dir():
            return []
        found = [path.name for path in self.folder.iterdir() if _NAME.fullmatch(path.name)]
        return sorted(found, key=_number, reverse=True)

    def kept(self) -> list[str]:
        """The generations, newest first: the current one, there or not, and the finished ones.

        A folder newer than the current one and without a manifest is still being written, or was
        when its run was cut off. Raises what `current_name` does.
        """
        current = self.current_name()
        others = (
            name
            for name in self.names()
            if _number(name) < _number(current) or (self.folder / name / manifest.NAME).exists()
        )
        return sorted({current, *others}, key=_number, reverse=True)

    def load(self, name: str, engine: str, *, at_a_glance: bool = False) -> Generation:
        """A generation fit to be opened: every byte as its manifest says, schema and engine ours.

        `at_a_glance`, files of more than `GLANCED` bytes are compared by their size alone; the
        caller looks closer while it answers. Raises `IndexDamaged`, naming the first fault.
        """
        generation = Generation(self.folder / name, self._whole(name, at_a_glance))
        found = generation.manifest
        if found.engine != engine:
            raise IndexDamaged(
                f"{generation.folder} was written by engine {found.engine!r}, not {engine!r}; "
                f"choose that one, or {manifest.REMEDY}"
            )
        if found.schema != fields.fingerprint():
            raise IndexDamaged(
                f"{generation.folder} was written with other fields (schema {found.schema}, this "
                f"version has {fields.fingerprint()}); {manifest.REMEDY}"
            )
        return generation

    def _whole(self, name: str, at_a_glance: bool) -> Manifest:
        """The manifest of a generation that fits it; one that does not is remembered."""
        folder, digested = (
            self.folder / name,
            GLANCED if at_a_glance and name not in self._damaged else None,
        )
        try:
            found = manifest.read(folder)
            if fault := next(manifest.faults(folder, found, self._known, digested), None):
                raise IndexDamaged(f"{fault}; {manifest.REMEDY}")
        except IndexDamaged:
            self._damaged.add(name)
            raise
        return found

    def draft(self) -> Path:
        """A new, empty folder for the next generation."""
        number = max((_number(name) for name in self.names()), default=0) + 1
        folder = self.folder / f"g{number:06d}-{secrets.token_hex(3)}"
        folder.mkdir()
        return folder

    def discard(self, draft: Path) -> None:
        """Remove a draft, unless it has become the current generation."""
        try:
            current = self.current_name()
        except IndexUnusable:
            current = ""
        if draft.name != current:
            shutil.rmtree(draft)

    def publish(self, generation: Generation) -> None:
        """Make a finished generation the current one; from here on readers move to it."""
        sync(generation.folder, [*generation.manifest.files, manifest.NAME])
        self._point(generation.name)

    def rollback_target(self, engine: str) -> Generation:
        """The newest generation before the current one; `IndexMissing` if there is none."""
        current = self.current_name()
        for name in self.names():
            if _number(name) < _number(current):
                return self.load(name, engine)
        raise IndexMissing(
            f"{self.folder} holds no generation before {current}; nothing was changed"
        )

    def rollback(self, engine: str) -> Generation:
        """Point `CURRENT` at the generation before it, verified; the newer one goes next run."""
        target = self.rollback_target(engine)
        self._point(target.name)
        return target

    def clear(self) -> list[str]:
        """Remove what crashed runs left and the generations no longer kept; what was removed.

        One found damaged is not kept where there is another to roll back to. Where `CURRENT`
        cannot be read nothing is removed: what it named may be all there is.
        """
        try:
            current = self.current_name()
        except IndexMissing:
            current = ""
        except IndexDamaged:
            return []
        older = [name for name in self.names() if current and _number(name) < _number(current)]
        older.sort(key=lambda name: name in self._damaged)
        keep = {current, *older[: KEPT - 1], ".gitignore", "LOCK", CURRENT}
        stray = [
            path
            for path in sorted(self.folder.iterdir())
            if path.name not in keep and (_NAME.fullmatch(path.name) or path.name == _TEMPORARY)
        ]
        for path in stray:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return [path.name for path in stray]

    def _point(self, name: str) -> None:
        temporary = self.folder / _TEMPORARY
        temporary.write_text(f"{name}\n", encoding="ascii")
        sync(self.folder, [_TEMPORARY])
        temporary.replace(self.folder / CURRENT)
        sync(self.folder, [])


_TEMPORARY = f"{CURRENT}.new"


def sync(folder: Path, names: list[str]) -> None:
    """Force files and then the folder itself to disk."""
    for path in [*(folder / name for name in names), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _number(name: str) -> int:
    match = _NAME.fullmatch(name)
    return int(match.group(1)) if match else 0


def _first_bytes(path: Path) -> bytes:
    """The beginning of a small file, in three system calls: it is looked at for every request."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 256)
    finally:
        os.close(descriptor)
