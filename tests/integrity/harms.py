"""Every way the files of an index can be harmed, drawn at random."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Chance = random.Random


@dataclass(frozen=True, slots=True)
class Harm:
    """What was done, and to which paths, below the index folder."""

    kind: str
    paths: tuple[str, ...]


def copy(source: Path, target: Path) -> None:
    """Copy an index, files that are one by hard links still one."""
    first: dict[int, Path] = {}
    target.mkdir(parents=True)
    for path in sorted(source.rglob("*")):
        there = target / path.relative_to(source)
        if path.is_dir():
            there.mkdir(parents=True)
        elif (known := first.setdefault(path.stat().st_ino, there)) is not there:
            there.hardlink_to(known)
        else:
            shutil.copyfile(path, there)


def remove(index: Path) -> None:
    """Remove an index, whatever stands in it."""
    for path in sorted(index.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    index.rmdir()


def state(index: Path) -> dict[str, object]:
    """Every path below an index, and what stands there: bytes, or what kind of other thing."""
    found: dict[str, object] = {}
    for path in sorted(index.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            found[str(path.relative_to(index))] = path.lstat().st_mode
        elif path.is_file():
            found[str(path.relative_to(index))] = path.read_bytes()
        elif not any(path.iterdir()):
            found[str(path.relative_to(index))] = None
    return found


def _flip(path: Path, chance: Chance) -> None:
    """One bit."""
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    _overwrite(path, data)


def _flips(path: Path, chance: Chance) -> None:
    """Bits here and there."""
    data = bytearray(path.read_bytes())
    for _ in range(chance.randrange(2, 40)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    _overwrite(path, data)


def _zero(path: Path, chance: Chance) -> None:
    """A range of bytes is lost, as where a block was never written."""
    data = bytearray(path.read_bytes())
    begin, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    data[begin:end] = bytes(end - begin)
    _overwrite(path, data)


def _zero_all(path: Path, chance: Chance) -> None:
    _overwrite(path, bytearray(path.stat().st_size))


def _noise(path: Path, chance: Chance) -> None:
    """Other bytes, as many."""
    _overwrite(path, bytearray(chance.randbytes(path.stat().st_size)))


def _truncate(path: Path, chance: Chance) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size))


def _shorten(path: Path, chance: Chance) -> None:
    """The last byte is missing."""
    os.truncate(path, path.stat().st_size - 1)


def _empty(path: Path, chance: Chance) -> None:
    os.truncate(path, 0)


def _grow(path: Path, chance: Chance) -> None:
    with path.open("ab") as file:
        file.write(chance.choice([b"\0", b"\n", chance.randbytes(chance.randrange(1, 5000))]))


def _rotate(path: Path, chance: Chance) -> None:
    """All bytes there, and none of them in its place."""
    data, by = path.read_bytes(), chance.randrange(1, max(2, path.stat().st_size))
    _overwrite(path, bytearray(data[by:] + data[:by]))


def _remove(path: Path, chance: Chance) -> None:
    path.unlink()


def _folder(path: Path, chance: Chance) -> None:
    path.unlink()
    path.mkdir()


def _dangling(path: Path, chance: Chance) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _endless(path: Path, chance: Chance) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def _loop(path: Path, chance: Chance) -> None:
    path.unlink()
    path.symlink_to(path.name)


def _fifo(path: Path, chance: Chance) -> None:
    path.unlink()
    os.mkfifo(path)


def _aside(path: Path, chance: Chance) -> None:
    """Under another name, where it does not belong."""
    path.rename(path.with_name(path.name + chance.choice([".bak", "~", ".tmp"])))


TO_A_FILE: dict[str, Callable[[Path, Chance], None]] = {
    "bit": _flip,
    "bits": _flips,
    "zeros": _zero,
    "all zeros": _zero_all,
    "noise": _noise,
    "cut": _truncate,
    "last byte": _shorten,
    "empty": _empty,
    "longer": _grow,
    "rotated": _rotate,
    "missing": _remove,
    "a folder": _folder,
    "a link to nowhere": _dangling,
    "a link to no end": _endless,
    "a link to itself": _loop,
    "a pipe": _fifo,
    "renamed": _aside,
}


def _swap(index: Path, chance: Chance) -> tuple[str, ...]:
    """Two files, of one generation or of two, each in the other's place."""
    files = sorted(index.glob("*/*"))
    one, other = chance.sample(files, 2)
    aside = index / "aside"
    one.rename(aside)
    other.rename(one)
    aside.rename(other)
    return _below(index, one, other)


def _namesake(index: Path, chance: Chance) -> tuple[str, ...]:
    """A file in the place of that of the same name in the other generation."""
    newer, older = _generations(index)
    names = sorted({path.name for path in newer.iterdir()} & {p.name for p in older.iterdir()})
    name = chance.choice(names)
    source, target = chance.sample([newer / name, older / name], 2)
    data = source.read_bytes()
    target.unlink()
    target.write_bytes(data)
    return _below(index, target)


def _swap_folders(index: Path, chance: Chance) -> tuple[str, ...]:
    newer, older = _generations(index)
    newer.rename(index / "aside")
    older.rename(newer)
    (index / "aside").rename(older)
    return _below(index, newer, older)


def _remove_folder(index: Path, chance: Chance) -> tuple[str, ...]:
    """The generation that answers is gone; that the one before is nobody could tell."""
    newer, _ = _generations(index)
    shutil.rmtree(newer)
    return _below(index, newer)


def _file_for_folder(index: Path, chance: Chance) -> tuple[str, ...]:
    folder = chance.choice(_generations(index))
    shutil.rmtree(folder)
    folder.write_bytes(chance.randbytes(100))
    return _below(index, folder)


def _uninvited(index: Path, chance: Chance) -> tuple[str, ...]:
    folder = chance.choice(_generations(index))
    path = folder / chance.choice(["_MAIN_9.toc", "MAIN_x.columns"])
    path.write_bytes(chance.randbytes(chance.randrange(100)))
    return _below(index, path)


TO_THE_WHOLE: dict[str, Callable[[Path, Chance], tuple[str, ...]]] = {
    "swapped": _swap,
    "of the other generation": _namesake,
    "folders swapped": _swap_folders,
    "folder missing": _remove_folder,
    "a file for a folder": _file_for_folder,
    "uninvited": _uninvited,
}


def drawn(pristine: Path, chance: Chance) -> Iterator[tuple[str, str]]:
    """Kinds of harm, each with the file it is to be done to (empty: it finds its own), endlessly
    and evenly: every kind to every sort of file comes up again and again."""
    files = [path.relative_to(pristine) for path in pristine.rglob("*") if path.is_file()]
    sorts: dict[str, list[str]] = {}
    for file in sorted(map(str, files)):
        folder, _, name = file.rpartition("/")
        sorts.setdefault(f"{folder}/{name.rpartition('.')[2]}", []).append(file)
    pairs = [(kind, sort) for kind in TO_A_FILE for sort in sorts]
    pairs += [(kind, "") for kind in TO_THE_WHOLE for _ in range(len(sorts))]
    while True:
        chance.shuffle(pairs)
        for kind, sort in pairs:
            yield kind, chance.choice(sorts[sort]) if sort else ""


def done(index: Path, kind: str, file: str, chance: Chance) -> Harm:
    """Do a harm to an index. What changes nothing, such as zeros in the place of zeros, is tried
    again, in the end with a single bit."""
    before = state(index)
    while True:
        if not file:
            paths = TO_THE_WHOLE[kind](index, chance)
        else:
            file = file if (index / file).stat().st_size else "CURRENT"  # nothing to take from
            paths = (file,)
            TO_A_FILE[kind](index / file, chance)
        if state(index) != before:
            return Harm(kind, paths)
        kind = kind if not file or chance.random() < 0.8 else "bit"


def _generations(index: Path) -> tuple[Path, Path]:
    newer, older = sorted((path for path in index.glob("g*") if path.is_dir()), reverse=True)
    return newer, older


def _below(index: Path, *paths: Path) -> tuple[str, ...]:
    return tuple(str(path.relative_to(index)) for path in paths)


def _overwrite(path: Path, data: bytearray) -> None:
    """In place, as a disk does: what shares the file by a hard link shares the harm."""
    with path.open("r+b") as file:
        file.write(data)
