"""What a disk may hold after a power loss, worked out from the calls that were made.

Only what was synced is sure to be there: of a file its bytes as they were at its last `fsync`, of
a folder its entries as they were at its own. Of all that came later anything may have reached the
disk: some of a folder's changes and not others, a file's name without its bytes, its length
without its bytes, a part of its bytes.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

Image = dict[str, bytes | None]
"""Paths below the place, each with the bytes of its file; folders have `None`."""


@dataclass(slots=True, eq=False)
class File:
    """A file's bytes as processes see them, and as they were synced last; `None`: never."""

    data: bytes = b""
    synced: bytes | None = None


@dataclass(slots=True, eq=False)
class Folder:
    """A folder's entries likewise, and the changes since: each one happens as a whole."""

    entries: "Entries" = field(default_factory=dict)
    synced: "Entries" = field(default_factory=dict)
    pending: "list[Change]" = field(default_factory=list)

    def change(self, change: "Change") -> None:
        """Enter names, or remove those given with `None`."""
        _enter(self.entries, change)
        self.pending.append(change)


Node = File | Folder
Entries = dict[str, Node]
Change = dict[str, Node | None]


@dataclass(frozen=True, slots=True)
class Event:
    """A call that changed something: see shim.c."""

    op: str
    inode: int
    offset: int
    path: str
    other: str
    data: bytes


def events(trace: Path) -> list[Event]:
    """The calls that were traced, in order."""
    found, text, place = [], trace.read_bytes(), 0
    while place < len(text):
        end = text.index(b"\n", place) + 1
        op, *numbers = text[place:end].decode().split()
        inode, offset, *sizes = map(int, numbers)
        parts = []
        for size in sizes:
            parts.append(text[end : end + size])
            end += size
        found.append(Event(op, inode, offset, parts[0].decode(), parts[1].decode(), parts[2]))
        place = end
    return found


class Disk:
    """A folder and what is below it, but for links, through a series of events."""

    def __init__(self, place: Path) -> None:
        """As it is now: all of it on the disk."""
        self._place = place.resolve()
        self._root = Folder()
        self._known: dict[int, Node] = {self._place.stat().st_ino: self._root}
        self._take(self._place, self._root)

    def _take(self, path: Path, folder: Folder) -> None:
        for inner in path.iterdir():
            if inner.is_symlink():
                continue
            made: Node
            if inner.is_dir():
                made = below = Folder()
                self._take(inner, below)
            else:
                data = inner.read_bytes()
                made = self._known.get(inner.stat().st_ino) or File(data, data)
            self._known[inner.stat().st_ino] = made
            folder.entries[inner.name] = folder.synced[inner.name] = made

    def apply(self, event: Event) -> None:
        """Let one more call have happened."""
        match event.op:
            case "C" | "M":
                self._known[event.inode] = made = File() if event.op == "C" else Folder()
                self._change(event.path, made)
            case "W":
                file = self._file(event)
                before = file.data.ljust(event.offset, b"\0")
                end = event.offset + len(event.data)
                file.data = before[: event.offset] + event.data + before[end:]
            case "T":
                file = self._file(event)
                file.data = file.data[: event.offset].ljust(event.offset, b"\0")
            case "F":
                _sync(self._known[event.inode])
            case "L":
                self._change(event.other, self._known[event.inode])
            case "R":
                self._rename(event)
            case "U" | "D":
                self._change(event.path, None)
            case _:
                raise ValueError(f"{event.path} was changed in a way that cannot be followed")

    def whole(self) -> Image:
        """All that processes see."""
        return _image(self._root, _entered, lambda file: file.data)

    def images(self, chance: random.Random, more: int) -> Iterator[Image]:
        """What a power loss now may leave: everything; all lost that was not synced; all names
        kept, and the bytes lost or zeros; and so many times anything in between."""
        yield self.whole()
        yield _image(self._root, _synced, _lost)
        yield _image(self._root, _entered, _lost)
        yield _image(self._root, _entered, _zeroed)
        for _ in range(more):
            # A file has one fate under all of its names.
            fates: dict[int, bytes] = {}
            torn = partial(_torn, fates, chance)
            yield _image(self._root, partial(_some, chance), torn)

    def _rename(self, event: Event) -> None:
        node, name, new = self._known[event.inode], Path(event.path), Path(event.other)
        if name.parent == new.parent:
            self._folder(name.parent).change({name.name: None, new.name: node})
        else:
            self._change(event.other, node)
            self._change(event.path, None)

    def _file(self, event: Event) -> File:
        file = self._known[event.inode]
        assert isinstance(file, File)
        return file

    def _change(self, path: str, node: Node | None) -> None:
        self._folder(Path(path).parent).change({Path(path).name: node})

    def _folder(self, path: Path) -> Folder:
        folder: Node = self._root
        for part in path.relative_to(self._place).parts:
            assert isinstance(folder, Folder)
            folder = folder.entries[part]
        assert isinstance(folder, Folder)
        return folder


def write(image: Image, place: Path) -> None:
    """Put an image into a folder."""
    for path, data in image.items():
        if data is None:
            (place / path).mkdir()
        else:
            (place / path).write_bytes(data)


def _image(
    folder: Folder, entries: Callable[[Folder], Entries], data: Callable[[File], bytes]
) -> Image:
    image: Image = {}
    waiting = [("", folder)]
    while waiting:
        path, folder = waiting.pop()
        for name, node in sorted(entries(folder).items()):
            if isinstance(node, Folder):
                image[path + name] = None
                waiting.append((f"{path}{name}/", node))
            else:
                image[path + name] = data(node)
    return image


def _synced(folder: Folder) -> Entries:
    return folder.synced


def _entered(folder: Folder) -> Entries:
    return folder.entries


def _some(chance: random.Random, folder: Folder) -> Entries:
    """A folder's entries after some of the changes since it was synced."""
    entries = dict(folder.synced)
    for change in folder.pending:
        if chance.random() < 0.5:
            _enter(entries, change)
    return entries


def _lost(file: File) -> bytes:
    return file.synced or b""


def _zeroed(file: File) -> bytes:
    """Its length has arrived, its new bytes have not."""
    old = _lost(file)
    return old if file.data == old else old[: len(file.data)].ljust(len(file.data), b"\0")


def _torn(fates: dict[int, bytes], chance: random.Random, file: File) -> bytes:
    """One of the things that may become of a file; the same one under all of its names."""
    if id(file) not in fates:
        cut, hole = (chance.randrange(len(file.data) + 1) for _ in range(2))
        torn = (
            _lost(file),
            _zeroed(file),
            file.data,
            file.data[:cut],
            file.data[:hole].ljust(max(cut, hole), b"\0") + file.data[max(cut, hole) :],
        )
        fates[id(file)] = file.data if file.data == file.synced else chance.choice(torn)
    return fates[id(file)]


def _enter(entries: Entries, change: Change) -> None:
    for name, node in change.items():
        if node is None:
            entries.pop(name, None)
        else:
            entries[name] = node


def _sync(node: Node) -> None:
    if isinstance(node, File):
        node.synced = node.data
    else:
        node.synced, node.pending = dict(node.entries), []
