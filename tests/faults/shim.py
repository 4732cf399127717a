"""The library that stands between the command and the system, and what it is told to do."""

import errno
import mmap
import os
import shutil
import struct
import subprocess
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
VARIABLE = "FAULTS_CONTROL"

_FORM = struct.Struct("=iiii qqq 1024s 1024s 64s 1024s")
"""`struct control` in shim.c."""


class Kind(IntFlag):
    """What calls do; one that opens a file which is not there yet also enters it in a folder."""

    OPEN = 1
    READ = 2
    WRITE = 4
    SYNC = 8
    ENTER = 16
    LEAVE = 32
    STAT = 64
    OTHER = 128


ALL = Kind(255)


class Action(IntEnum):
    """What is done to a call. `SHORTEN`: only half of it is written."""

    NOTHING = 0
    FAIL = 1
    SHORTEN = 2
    KILL_BEFORE = 3
    KILL_AFTER = 4


@dataclass(frozen=True, slots=True)
class Harm:
    """What to do to the calls of these kinds, once or from then on."""

    action: Action
    kinds: Kind
    error: int = 0
    lasting: bool = False

    def __str__(self) -> str:
        name = errno.errorcode[self.error] if self.error else self.action.name
        return f"{name}{' from then on' if self.lasting else ''}"


NONE = Harm(Action.NOTHING, ALL)
COUNT = Harm(Action.FAIL, ALL)
"""Harms nothing where it is to begin later than the run ends."""


@dataclass(frozen=True, slots=True)
class Struck:
    """How many calls there were and how many were harmed; the first of these, and its path."""

    calls: int
    harmed: int
    call: str
    path: Path


def compiler() -> str | None:
    """A C compiler, if there is one."""
    return shutil.which("cc") or shutil.which("gcc")


def build(folder: Path) -> Path:
    """Compile the library into a folder."""
    made = folder / "shim.so"
    command = [compiler() or "cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    subprocess.run([*command, "-o", made, SOURCE, "-ldl"], check=True)
    return made


class Control:
    """The file that tells the library in all processes what to do, and counts with them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(bytes(_FORM.size))
        with path.open("r+b") as file:
            self._mapped = mmap.mmap(file.fileno(), _FORM.size)

    def arm(self, root: Path, harm: Harm, nth: int, trace: Path | None = None) -> None:
        """From now on, harm the `nth` of the calls below `root`, counted from 0."""
        lasting = int(harm.lasting)
        head = (harm.action, harm.error, harm.kinds, lasting, nth, 0, 0)
        traced = os.fsencode(trace) if trace else b""
        self._mapped[:] = _FORM.pack(*head, os.fsencode(root), traced, b"", b"")

    def disarm(self) -> Struck:
        """Let everything be, and say what happened."""
        *_, calls, harmed, _, _, call, path = _FORM.unpack(self._mapped[:])
        self._mapped[:] = bytes(_FORM.size)
        name = call.rstrip(b"\0").decode()
        return Struck(calls, harmed, name, Path(os.fsdecode(path.rstrip(b"\0"))))

    def close(self) -> None:
        """Let go of the file."""
        self._mapped.close()
