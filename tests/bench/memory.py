"""The memory of `newsdex serve` after a thousand searches, above that of a bare interpreter.

Read from Linux's `/proc/PID/smaps_rollup`, of the server and the processes it started. Pages of
mapped files count in RSS as soon as they are touched, though the system may drop them at any time
and other processes share them; what nobody can take back is the anonymous part.
"""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.bench.asks import Sets
from tests.bench.corpus import Unavailable
from tests.bench.processes import family
from tests.bench.traffic import load, our_path, our_server

REQUESTS = 1_000


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes: `rss` resident, `pss` with shared pages divided among those who share them, `uss`
    private, `anonymous` not backed by a file."""

    rss: int
    pss: int
    uss: int
    anonymous: int

    def above(self, other: "Memory") -> "Memory":
        """What it is more than another."""
        return Memory(
            self.rss - other.rss,
            self.pss - other.pss,
            self.uss - other.uss,
            self.anonymous - other.anonymous,
        )


def of_server(index: Path, sets: Sets) -> Memory:
    """A fresh server's, after the requests, above the bare interpreter's."""
    paths = [our_path(ask) for one in sets for ask in one["mixed"]]
    with our_server(index, index.parent / "memory.log") as server:
        seen = load(server, paths, seconds=0, requests=REQUESTS)
        if seen.failed:
            raise Unavailable(f"{seen.failed} of {REQUESTS} requests failed; see memory.log")
        return of(server.pid).above(bare())


def bare() -> Memory:
    """Of an interpreter that has imported nothing."""
    command = [sys.executable, "-c", "import sys; print(); sys.stdout.flush(); sys.stdin.read()"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        if process.stdout:
            process.stdout.readline()
        time.sleep(0.1)
        return of(process.pid)


def of(pid: int) -> Memory:
    """Of a process and all below it. Raises `Unavailable` if it has ended."""
    found = of_living(pid)
    if not found.rss:
        raise Unavailable(f"process {pid} has ended, and with it what memory it had")
    return found


def of_living(pid: int) -> Memory:
    """Of those among a process and all below it that have not ended meanwhile, which may be none.

    Raises `Unavailable` where the system does not tell.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        raise Unavailable("this system does not tell what memory a process has")
    found = [rollup for pid in family(pid) if (rollup := _rollup(pid))]
    return Memory(
        rss=sum(one["Rss"] for one in found),
        pss=sum(one["Pss"] for one in found),
        uss=sum(one["Private_Clean"] + one["Private_Dirty"] for one in found),
        anonymous=sum(one["Anonymous"] for one in found),
    )


def _rollup(pid: int) -> dict[str, int]:
    """The figures of a process in bytes, by their names in `smaps_rollup`; none if it has ended."""
    text = _text(Path(f"/proc/{pid}/smaps_rollup"))
    rows = (line.split() for line in (text or "").splitlines()[1:])
    return {name.rstrip(":"): int(size) * 1024 for name, size, _ in rows}


def _text(path: Path) -> str | None:
    """What the system tells of a process; `None` if that has ended."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    except OSError as error:
        raise Unavailable(f"the memory of a process cannot be read: {error.strerror}") from error
