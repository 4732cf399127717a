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

import logging
import os
import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from indexer import fields, manifest
from indexer.errors import IndexDamaged, IndexMissing, IndexUnreadable, IndexUnusable
from indexer.manifest import Manifest

log = logging.getLogger(__name__)

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
        self._pointed: set[str] = set()  # what CURRENT was made to hold, or nearly

    def current_name(self) -> str:
        """The name `CURRENT` holds; `IndexMissing` if nothing has been indexed."""
        try:
            name = _first_bytes(self.folder / CURRENT).decode("ascii").strip()
        except FileNotFoundError:
            raise IndexMissing(
                f"there is no index in {self.folder} yet; run `newsdex reindex` first"
            ) from None
        except OSError as error:
            raise manifest.unreadable(self.folder / CURRENT, error) from error
        except ValueError as error:
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
                if isinstance(fault, manifest.Refused):
                    raise IndexUnreadable(f"{fault}; {manifest.AGAIN}")
                raise IndexDamaged(f"{fault}; {manifest.REMEDY}")
        except IndexUnreadable:
            raise
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
        """Remove a draft, unless it has become the current generation, or may have."""
        try:
            current = self.current_name()
        except IndexMissing:
            current = ""
        except IndexDamaged:
            current = draft.name if draft.name in self._pointed else ""
        if draft.name != current:
            self._remove(draft)

    def publish(self, generation: Generation) -> None:
        """Make a finished generation the current one; from here on readers move to it.

        On an `OSError` the one before answers still, or again.
        """
        sync(generation.folder, [*generation.manifest.files, manifest.NAME])
        if not (self.folder / CURRENT).exists():
            _sync_above(self.folder)
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
        cannot be read nothing is removed: what it named may be all there is. What cannot be
        removed is warned of: it is no part of the index, and the new generation may answer already.
        """
        try:
            current = self.current_name()
        except IndexMissing:
            current = ""
        except IndexDamaged:
            return []
        try:
            return [path.name for path in self._stray(current) if self._removed(path)]
        except OSError as error:
            _warn(self.folder, error)
            return []

    def _stray(self, current: str) -> list[Path]:
        """What is of no use beside the current generation."""
        older = [name for name in self.names() if current and _number(name) < _number(current)]
        older = [name for name in older if (self.folder / name / manifest.NAME).exists()]
        older.sort(key=lambda name: name in self._damaged)
        keep = {current, *older[: KEPT - 1]}
        return [
            path
            for path in sorted(self.folder.iterdir())
            if path.name not in keep
            and (_NAME.fullmatch(path.name.removesuffix(_GONE)) or path.name == _TEMPORARY)
        ]

    def _removed(self, path: Path) -> bool:
        """Remove a file or folder; whether that could be done."""
        try:
            self._remove(path)
        except OSError as error:
            _warn(path, error)
            return False
        return True

    def _remove(self, path: Path) -> None:
        """Remove a file or folder. A generation loses its name first: whatever happens, none is
        ever there by halves."""
        if not path.is_dir():
            path.unlink()
            return
        if _NAME.fullmatch(path.name):
            path = path.rename(path.with_name(path.name + _GONE))
            sync(self.folder, [])
        shutil.rmtree(path)

    def _point(self, name: str) -> None:
        """Have `CURRENT` hold a name, for good; where that fails, what it held before."""
        before = self._held()
        self._pointed.add(name)
        self._replace(f"{name}\n".encode())
        try:
            sync(self.folder, [])
        except OSError as error:
            self._restore(before, name, error)
            raise

    def _held(self) -> bytes | OSError | None:
        """What `CURRENT` holds, whatever that is; `None`: it is not there."""
        try:
            return _first_bytes(self.folder / CURRENT)
        except FileNotFoundError:
            return None
        except OSError as error:
            return error

    def _restore(self, before: bytes | OSError | None, name: str, cause: OSError) -> None:
        try:
            if isinstance(before, OSError):
                raise before
            if before is None:
                (self.folder / CURRENT).unlink()
            else:
                self._replace(before)
        except OSError as error:
            raise IndexUnusable(
                f"{self.folder} cannot be synced: {cause.strerror}, nor restored: "
                f"{error.strerror}; {name} answers already but may be lost with the next power "
                "failure; see to the disk and reindex again"
            ) from cause

    def _replace(self, text: bytes) -> None:
        """Give `CURRENT` other content, all at once."""
        temporary = self.folder / _TEMPORARY
        temporary.write_bytes(text)
        sync(self.folder, [_TEMPORARY])
        temporary.replace(self.folder / CURRENT)


_TEMPORARY = f"{CURRENT}.new"
_GONE = ".gone"


def _warn(path: Path, error: OSError) -> None:
    what = error.filename or path
    log.warning(
        "%s cannot be removed: %s: %s; the next reindex tries again", path, what, error.strerror
    )


def sync(folder: Path, names: list[str]) -> None:
    """Force files and then the folder itself to disk."""
    for path in [*(folder / name for name in names), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sync_above(folder: Path) -> None:
    """Force to disk that a folder is there, and those above it that may be as new."""
    for above in folder.absolute().parents:
        try:
            sync(above, [])
        except PermissionError:
            return  # a folder that we may not read is none that we made


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
