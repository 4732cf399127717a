"""The folder an index lives in, and its generations.

    index/
      CURRENT               the name of the generation that answers, one line
      LOCK                  while a reindex is at work
      g000007-3fa9c1/       a generation: never changed once CURRENT has named it
        manifest.json       sizes, checksums, counts, schema fingerprint
        sources.json        which file gave which item
        ...                 the engine's files

A run writes a new generation into its folder, counts what it wrote, syncs it, and then writes and
syncs the manifest. One atomic rename replaces `CURRENT`. So whenever a run crashes, `CURRENT`
names a whole generation. The next run removes what the crashed one left.

If the current generation has been damaged since, another whole one answers: the newest before it,
or the newest of all if `CURRENT` names none that is there.
"""

import logging
import os
import secrets
import shutil
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer import schema
from indexer.errors import IndexDamaged, IndexMissing, IndexUnreadable, OtherVersion
from indexer.index import current as current_module
from indexer.index import garbage, manifest
from indexer.index.current import CURRENT, GENERATION, CurrentFile
from indexer.index.manifest import FULL, FileKey, Manifest, VerifyPolicy

log = logging.getLogger(__name__)

RETAINED = 2
"""Generations that are kept: the current one, and the one before it for `rollback`."""


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
    """The result of verifying a generation; without faults it is whole. `other_version` says what
    this version of Newsdex cannot read of one that another version wrote, which is no fault."""

    generation: str
    current: bool
    faults: tuple[str, ...]
    other_version: str = ""

    @property
    def can_answer(self) -> bool:
        """Whether searches can be answered from it."""
        return not self.faults and not self.other_version


class IndexDirectory:
    """An index folder. Reading needs no lock; whatever writes must hold `lock.exclusive`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: manifest.ChecksumCache = {}
        self._damaged: set[str] = set()
        self._current_file = CurrentFile(folder)

    def stat_key(self) -> FileKey | None:
        """Tells whether `CURRENT` may hold another name: see `CurrentFile.stat_key`."""
        return self._current_file.stat_key()

    def current_name(self) -> str:
        """The name `CURRENT` holds. Raises `IndexMissing` if nothing has been indexed, and
        `IndexDamaged` if something has, but `CURRENT` is missing or holds no name."""
        path = self.folder / CURRENT
        try:
            text = self._current_file.read().decode("ascii", "replace")
        except FileNotFoundError:
            if any(_number(name) > 1 for name in self._finished()):  # else it may never have been
                raise IndexDamaged(f"{path} is missing; {_REPOINT}") from None
            raise IndexMissing(
                f"there is no index in {self.folder} yet; run `newsdex reindex` first"
            ) from None
        except OSError as error:
            raise manifest.unreadable(path, error, _REPOINT) from error
        name = text.removesuffix("\n")
        if text != f"{name}\n" or not GENERATION.fullmatch(name):
            raise IndexDamaged(f"{path} names no generation: {text[:40]!r}; {_REPOINT}")
        return name

    def names(self) -> list[str]:
        """The generation folders there are, finished or not, newest first."""
        try:
            names = [path.name for path in self.folder.iterdir() if GENERATION.fullmatch(path.name)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise manifest.unreadable(self.folder, error) from error
        return sorted(names, key=_number, reverse=True)

    def retained(self) -> list[str]:
        """The generations, newest first: the current one, there or not, and the finished ones.

        A folder newer than the current one and without a manifest is still being written, or was
        when its run was cut off. Raises `IndexMissing` if nothing has been indexed.
        """
        try:
            current = self.current_name()
        except IndexDamaged:
            return self._finished()
        older = self._older(current) if current in self.names() else []
        return sorted({current, *older, *self._finished()}, key=_number, reverse=True)

    def load(
        self, name: str, engine: str, policy: VerifyPolicy = FULL, *, anew: bool = False
    ) -> Generation:
        """A generation fit to be opened: its files fit its manifest, schema and engine are ours.

        With another `policy` than `FULL`, the caller has to verify the rest while it answers.
        `anew`: use no checksum computed before. Raises `IndexDamaged`, naming the first fault; from
        then on this generation is always verified in full.
        """
        folder = self.folder / name
        known = {} if anew else self._known
        if name in self._damaged:
            policy = FULL
        try:
            described = manifest.read(folder)
            manifest.verify(folder, described, known, policy)
        except IndexUnreadable:
            raise
        except IndexDamaged:
            self._damaged.add(name)
            raise
        if described.engine != engine:
            raise IndexDamaged(
                f"{folder} was written by engine {described.engine!r}, not {engine!r}; "
                f"choose that one, or {manifest.REMEDY}"
            )
        ours = schema.fingerprint()
        if described.schema != ours:
            raise manifest.other_version(folder, f"schema {described.schema}, this one has {ours}")
        return Generation(folder, described)

    def verify_all(self, engine: str) -> list[Verdict]:
        """Verify every kept generation, newest first. If `CURRENT` is damaged, none of them is the
        current one. Raises `IndexMissing` if nothing has been indexed."""
        try:
            current = self.current_name()
        except IndexDamaged:
            current = ""
        verdicts = []
        for name in self.retained():
            faults: tuple[str, ...] = ()
            other_version = ""
            try:
                self.load(name, engine)
            except OtherVersion as error:
                other_version = str(error)
            except IndexDamaged as error:
                faults = (str(error),)
            verdicts.append(Verdict(name, name == current, faults, other_version))
        return verdicts

    def new_generation(self) -> Path:
        """A new, empty folder for the next generation."""
        number = max(map(_number, self.names()), default=0) + 1
        folder = self.folder / f"g{number:06d}-{secrets.token_hex(3)}"
        folder.mkdir()
        return folder

    def link(self, base: Generation, names: Iterable[str], folder: Path) -> None:
        """Share files of a generation with a new one: by hard links, else by copies."""
        paths = [base.folder / name for name in sorted(names)]
        with manifest.same_bytes(paths, self._known):
            for path in paths:
                try:
                    (folder / path.name).hardlink_to(path)
                except OSError:
                    shutil.copy2(path, folder / path.name)

    def discard(self, folder: Path) -> None:
        """Remove a new generation, unless it has become the current generation, or may have."""
        try:
            current = self.current_name()
        except IndexMissing:
            current = ""
        except IndexDamaged:
            current = folder.name if folder.name in self._current_file.set_names else ""
        if folder.name != current:
            garbage.remove(folder)

    def publish(self, generation: Generation) -> None:
        """Sync a generation to disk, write its manifest, and make it the current one; from here on
        readers move to it. If that raises an `OSError`, the one before it still answers, or again.

        The manifest is written once all it names is on the disk: whatever a power loss leaves,
        a generation with a manifest is whole.
        """
        current_module.sync(generation.folder, list(generation.manifest.files))
        manifest.write(generation.folder, generation.manifest)
        current_module.sync(generation.folder, [manifest.NAME])
        self._current_file.set(generation.name)

    def fallback(self, engine: str, policy: VerifyPolicy = FULL) -> Generation:
        """The generation to answer if the current one cannot: the newest whole one before it, or
        the newest whole one of all if `CURRENT` names none that is there.

        Raises `IndexMissing` if there is none, `IndexDamaged` if there is none that is whole.
        """
        current = self._current()
        fault: IndexDamaged | None = None
        for name in self._older(current) if current else self._finished():
            try:
                return self.load(name, engine, policy)
            except IndexDamaged as error:
                fault = fault or error
        raise fault or IndexMissing(
            f"{self.folder} holds no generation{f' before {current}' if current else ''}; "
            "nothing was changed"
        )

    def rollback(self, engine: str) -> Generation:
        """Make the fallback the current generation. The next run removes a newer one."""
        target = self.fallback(engine)
        self._current_file.set(target.name)
        return target

    def remove_leftovers(self) -> None:
        """Remove what crashed runs left, but no generation that could answer: see
        `collect_garbage`."""
        self._collect(self._kept_beside_leftovers)

    def collect_garbage(self) -> None:
        """Remove what crashed runs left and the generations that are no longer kept. If the system
        refuses to, log a warning: the new generation may answer already."""
        self._collect(self._worth_keeping)

    def _collect(self, kept: Callable[[], Collection[str]]) -> None:
        try:
            names = kept()
            with manifest.same_bytes(self.folder.glob("g*/*"), self._known):
                garbage.collect(self.folder, names)
        except (OSError, IndexUnreadable) as error:
            log.warning("%s; not all was cleared away, the next reindex tries again", error)

    def _worth_keeping(self) -> Collection[str]:
        """The names of the generations to keep: the current one and one to roll back to, preferably
        whole and of other items. If `CURRENT` names none that is there, any of them may have to
        answer: it is all of them."""
        try:
            current = self._current()
        except IndexMissing:
            # A finished one is of a first run that was cut off, or of an index that lost its
            # `CURRENT`; the next commit decides.
            return self._finished()
        if not current:
            return self.names()
        older = [n for n in self._older(current) if not manifest.is_torn(self.folder / n)]
        items = self._items_hash(current)
        older.sort(key=lambda name: (name in self._damaged, self._items_hash(name) == items))
        return {current, *older[: RETAINED - 1]}

    def _kept_beside_leftovers(self) -> Collection[str]:
        """The names of the generations that are worth keeping, and of all that have a manifest."""
        whole = {name for name in self._finished() if not manifest.is_torn(self.folder / name)}
        return whole.union(self._worth_keeping())

    def _items_hash(self, name: str) -> str:
        """Equal for generations of the same items; the name if the manifest cannot be used."""
        try:
            return manifest.read(self.folder / name).content
        except IndexDamaged:
            return name

    def _older(self, current: str) -> list[str]:
        """The generation folders before the current one, newest first."""
        return [name for name in self.names() if _number(name) < _number(current)]

    def _finished(self) -> list[str]:
        """The generations that have their manifest, newest first."""
        return [n for n in self.names() if os.path.lexists(self.folder / n / manifest.NAME)]

    def _current(self) -> str:
        """The current generation, empty if `CURRENT` is damaged or names none that is there. Raises
        `IndexMissing` if nothing has been indexed, `IndexUnreadable` if `CURRENT` cannot be read.
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
