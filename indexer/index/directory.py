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

Where that has been damaged since, another whole generation stands in: the newest before the one
`CURRENT` names; or, where it names none that is there, the newest of all.
"""

import logging
import os
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer import schema
from indexer.errors import IndexDamaged, IndexMissing, IndexUnreadable
from indexer.index import current as current_module
from indexer.index import manifest
from indexer.index.current import CURRENT, GENERATION, TEMPORARY, CurrentFile, StatKey
from indexer.index.garbage import GONE, remove, removed
from indexer.index.manifest import FULL, Manifest, VerifyPolicy

log = logging.getLogger(__name__)

RETAINED = 2
"""Generations that stay: the one that answers and the one before it, for `rollback`."""


@dataclass(frozen=True, slots=True)
class Generation:
    """A generation whose manifest has been read. `folder` holds its files."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """The folder's name, unique among all generations this index will ever have."""
        return self.folder.name


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of one generation found; no faults: it is whole."""

    generation: str
    current: bool
    faults: tuple[str, ...]


class IndexDirectory:
    """An index folder. Reading needs no lock; whatever writes must hold `lock.exclusive`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: manifest.ChecksumCache = {}
        self._damaged: set[str] = set()
        self._current_file = CurrentFile(folder)

    def stat_key(self) -> StatKey | None:
        """What tells `CURRENT` from one that may say something else: see `CurrentFile.stat_key`."""
        return self._current_file.stat_key()

    def current_name(self) -> str:
        """The name `CURRENT` holds; `IndexMissing` if nothing has been indexed, `IndexDamaged` if
        something has, and `CURRENT` does not say what."""
        path = self.folder / CURRENT
        try:
            text = self._current_file.read().decode("ascii")
        except FileNotFoundError:
            if any(_number(name) > 1 for name in self._finished()):  # else it may never have been
                raise IndexDamaged(f"{path} is missing; {_REPOINT}") from None
            raise IndexMissing(
                f"there is no index in {self.folder} yet; run `newsdex reindex` first"
            ) from None
        except OSError as error:
            raise manifest.unreadable(path, error, _REPOINT) from error
        except ValueError as error:
            raise IndexDamaged(f"{path} cannot be read: {error}; {_REPOINT}") from error
        name = text.removesuffix("\n")
        if text != f"{name}\n" or not GENERATION.fullmatch(name):
            raise IndexDamaged(f"{path} names no generation: {text[:40]!r}; {_REPOINT}")
        return name

    def names(self) -> list[str]:
        """The generation folders there are, finished or not, newest first."""
        try:
            if not self.folder.is_dir():
                return []
            found = [path.name for path in self.folder.iterdir() if GENERATION.fullmatch(path.name)]
        except OSError as error:
            raise IndexUnreadable(
                f"{self.folder} cannot be listed: {error.strerror}; allow reading it"
            ) from error
        return sorted(found, key=_number, reverse=True)

    def retained(self) -> list[str]:
        """The generations, newest first: the current one, there or not, and the finished ones.

        A folder newer than the current one and without a manifest is still being written, or was
        when its run was cut off. Raises `IndexMissing` if nothing has been indexed.
        """
        try:
            current = self.current_name()
        except IndexDamaged:
            return self._finished()
        names = self.names()
        older = [n for n in names if _number(n) < _number(current)] if current in names else []
        return sorted({current, *older, *self._finished()}, key=_number, reverse=True)

    def load(
        self, name: str, engine: str, policy: VerifyPolicy = FULL, *, anew: bool = False
    ) -> Generation:
        """A generation fit to be opened: its files as its manifest says, schema and engine ours.

        Looked at with less than all scrutiny, the caller has to look closer while it answers.
        `anew`: no checksum is taken for known. Raises `IndexDamaged`, naming the first fault.
        """
        generation = Generation(self.folder / name, self._whole(name, policy, anew))
        found = generation.manifest
        if found.engine != engine:
            raise IndexDamaged(
                f"{generation.folder} was written by engine {found.engine!r}, not {engine!r}; "
                f"choose that one, or {manifest.REMEDY}"
            )
        if found.schema != schema.fingerprint():
            raise IndexDamaged(
                f"{generation.folder} was written with other fields (schema {found.schema}, this "
                f"version has {schema.fingerprint()}); {manifest.REMEDY}"
            )
        return generation

    def _whole(self, name: str, policy: VerifyPolicy, anew: bool) -> Manifest:
        """The manifest of a generation that fits it; one that does not is remembered, and never
        looked at with less than all scrutiny again."""
        folder = self.folder / name
        if name in self._damaged:
            policy = FULL
        known = {} if anew else self._known
        try:
            found = manifest.read(folder)
            if fault := next(manifest.faults(folder, found, known, policy), None):
                if isinstance(fault, manifest.Refused):
                    raise IndexUnreadable(f"{fault}; {manifest.AGAIN}")
                raise IndexDamaged(f"{fault}; {manifest.REMEDY}")
        except IndexUnreadable:
            raise
        except IndexDamaged:
            self._damaged.add(name)
            raise
        return found

    def verify_all(self, engine: str) -> list[Verdict]:
        """What a check of every kept generation finds, newest first. Where `CURRENT` names none,
        none of them is current. Raises `IndexMissing` if nothing has been indexed."""
        try:
            current = self.current_name()
        except IndexDamaged:
            current = ""
        verdicts = []
        for name in self.retained():
            faults: tuple[str, ...] = ()
            try:
                self.load(name, engine)
            except IndexDamaged as error:
                faults = (str(error),)
            verdicts.append(Verdict(name, name == current, faults))
        return verdicts

    def new_generation(self) -> Path:
        """A new, empty folder for the next generation."""
        number = max((_number(name) for name in self.names()), default=0) + 1
        folder = self.folder / f"g{number:06d}-{secrets.token_hex(3)}"
        folder.mkdir()
        return folder

    def link(self, base: Generation, names: Iterable[str], folder: Path) -> None:
        """Share files of a generation with a new one: by hard links, else by copies."""
        names = sorted(names)
        with manifest.same_bytes(base.folder, names, self._known):
            for name in names:
                try:
                    (folder / name).hardlink_to(base.folder / name)
                except OSError:
                    shutil.copy2(base.folder / name, folder / name)

    def discard(self, folder: Path) -> None:
        """Remove a new generation, unless it has become the current generation, or may have."""
        try:
            current = self.current_name()
        except IndexMissing:
            current = ""
        except IndexDamaged:
            current = folder.name if folder.name in self._current_file.set_names else ""
        if folder.name != current:
            remove(folder)

    def publish(self, generation: Generation) -> None:
        """Make a finished generation the current one; from here on readers move to it.

        On an `OSError` the one before answers still, or again.
        """
        current_module.sync(generation.folder, [*generation.manifest.files, manifest.NAME])
        self._current_file.set(generation.name)

    def fallback(self, engine: str, policy: VerifyPolicy = FULL) -> Generation:
        """The generation to answer in the current one's stead: the newest whole one before it,
        or the newest of all where `CURRENT` names none that is there.

        Raises `IndexMissing` if there is none, `IndexDamaged` if there is none that is whole.
        """
        current = self._pointed_at()
        fault: IndexDamaged | None = None
        for name in self.names() if current else self._finished():
            if not current or _number(name) < _number(current):
                try:
                    return self.load(name, engine, policy)
                except IndexDamaged as error:
                    fault = fault or error
        if fault:
            raise fault
        raise IndexMissing(
            f"{self.folder} holds no generation{f' before {current}' if current else ''}; "
            "nothing was changed"
        )

    def rollback(self, engine: str) -> Generation:
        """Point `CURRENT` at what may stand in for the current generation, verified; a newer one
        goes at the next run."""
        target = self.fallback(engine)
        self._current_file.set(target.name)
        return target

    def collect_garbage(self) -> list[str]:
        """Remove what crashed runs left and the generations no longer kept; what was removed.

        One found damaged is not kept where there is another to roll back to, nor one of the same
        items as the current one. Where `CURRENT` names none that is there, nothing is removed: any
        of them may have to stand in for it. What cannot be removed is warned of: it is no part of
        the index, and the new generation may answer already.
        """
        try:
            current = self._pointed_at()
        except IndexMissing:
            current = ""
        except IndexUnreadable as error:
            log.warning("%s; nothing was cleared away, the next reindex tries again", error)
            return []
        else:
            if not current:
                return []
        try:
            stray = self._stray(current)
            with manifest.same_bytes(self.folder / current, self._files(current), self._known):
                return [path.name for path in stray if removed(path)]
        except (OSError, IndexUnreadable) as error:
            log.warning("%s; not all was cleared away, the next reindex tries again", error)
            return []

    def _stray(self, current: str) -> list[Path]:
        """What is of no use beside the current generation."""
        older = [name for name in self.names() if current and _number(name) < _number(current)]
        older = [name for name in older if not manifest.is_torn(self.folder / name)]
        older.sort(key=lambda name: (name in self._damaged, self._is_twin(name, current)))
        # Where nothing is named, a finished generation is of a first run that was cut off, or of
        # an index that lost its `CURRENT`; the next commit decides.
        keep = {current, *older[: RETAINED - 1]} if current else set(self._finished())
        return [
            path
            for path in sorted(self.folder.iterdir())
            if path.name not in keep
            and (GENERATION.fullmatch(path.name.removesuffix(GONE)) or path.name == TEMPORARY)
        ]

    def _files(self, name: str) -> Iterable[str]:
        """The files of a generation; none where its manifest does not tell."""
        try:
            return manifest.read(self.folder / name).files
        except IndexDamaged:
            return ()

    def _is_twin(self, name: str, other: str) -> bool:
        """Whether two generations have the same items: there is no use in rolling back to one."""
        try:
            first, second = (manifest.read(self.folder / one).content for one in (name, other))
        except IndexDamaged:
            return False
        return first == second != ""

    def _finished(self) -> list[str]:
        """The generations that have their manifest, newest first."""
        return [n for n in self.names() if os.path.lexists(self.folder / n / manifest.NAME)]

    def _pointed_at(self) -> str:
        """The folder that `CURRENT` names, empty if it names none that is there.

        Raises `IndexUnreadable` if that cannot be told.
        """
        try:
            name = self.current_name()
        except IndexUnreadable:
            raise
        except IndexDamaged:
            return ""
        return name if name in self.names() else ""


_REPOINT = (
    "run `newsdex rollback` to let the newest whole generation answer, or `newsdex reindex --full` "
    "to build the index anew"
)


def _number(name: str) -> int:
    match = GENERATION.fullmatch(name)
    return int(match.group(1)) if match else 0
