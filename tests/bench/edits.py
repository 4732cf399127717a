"""Edits of items as an editor makes them: a new file takes the place of the old one.

So a copy of a folder may share its files with the original, which stays as it is.
"""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

_SECURED = re.compile(r"^secured:.*$", re.MULTILINE)
_BEGINNING = re.compile(r"\A---[ \t]*\n")


def copy(folder: Path, to: Path) -> list[Path]:
    """Copy a folder of items, times of its files included; the copied files, in order. They are
    further names of the same files where the file system allows it."""
    shutil.copytree(folder, to, copy_function=_link)
    return sorted(path for path in to.rglob("*") if path.suffix in {".md", ".markdown"})


def _link(source: str, to: str) -> None:
    try:
        os.link(source, to)
    except OSError:
        shutil.copy2(source, to)  # another file system, or one without links


def add_word(paths: Iterable[Path], word: str) -> None:
    """Let the text of items end with a word: they have another content, and are found by it."""
    for path in paths:
        _replace(path, f"{path.read_text(encoding='utf-8').rstrip()}\n\n{word}\n")


def change_secured(paths: Iterable[Path], value: str) -> None:
    """Give items another `secured`, and change nothing else."""
    line = f'secured: "{value}"'
    for path in paths:
        text = path.read_text(encoding="utf-8")
        changed, found = _SECURED.subn(line, text, count=1)
        _replace(path, changed if found else _BEGINNING.sub(f"---\n{line}\n", text, count=1))


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8", newline="\n")
    new.replace(path)
