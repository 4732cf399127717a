"""Runs the tests over each mutant, in copies of the tree: the tree itself is never changed.

Each mutant is tried by a fork of this process, which has the large libraries loaded already. The
fork leads a group of its own, so that what its tests start ends with it.
"""

import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import flask  # noqa: F401 - loaded once, for all forks
import hypothesis
import numpy.random  # noqa: F401
import pytest
import whoosh.index
import whoosh.query  # noqa: F401

from tests.mutation.mutants import Mutant

OURS = ("indexer", "search_app", "tests")
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "build", "g[0-9]*-*", "*.egg-info")
OPTIONS = "-x -q -p no:cacheprovider --assert=plain --basetemp=tmp".split()
OPTIONS += ["--hypothesis-profile=mutation", "--hypothesis-seed=0"]
MEMORY = 8 << 30
"""Bytes a mutant may take."""

# That a test fails is enough: the smallest example is not looked for.
hypothesis.settings.register_profile(
    "mutation",
    deadline=None,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
    database=None,
)

KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"


class Broken(Exception):
    """The tests fail over the module as it is."""


@dataclass(slots=True)
class _Try:
    """A mutant under its tests in a copy of the tree, until a time by `time.monotonic`."""

    mutant: Mutant
    copy: Path
    until: float


def copies(tree: Path, place: Path, count: int) -> list[Path]:
    """Copies of a tree, with what is compiled and without generations and what git or
    tools keep."""
    made = [place / f"copy{number}" for number in range(count)]
    for copy in made:
        shutil.copytree(tree, copy, ignore=LEFT_OUT)
    return made


def outcomes(
    module: str,
    tests: Sequence[str],
    mutants: Sequence[Mutant],
    free: list[Path],
    grace: float = 10,
) -> Iterator[tuple[Mutant, str]]:
    """What becomes of each mutant of a module, as it is known, in as many copies as are `free`.
    The tests have `grace` seconds, and ten times as long as they take over the module as it is;
    `Broken` if they fail over that."""
    source = (free[0] / module).read_text()
    began = time.monotonic()
    whole = _Try(Mutant(0, "", "", source), free[0], began + 3600)
    _, status = os.waitpid(_start(module, tests, whole), 0)
    if status:
        said = (free[0] / "said").read_text(errors="replace")
        raise Broken(f"the tests of {module} fail before it is changed:\n{said}")
    limit = grace + 10 * (time.monotonic() - began)
    waiting, running = list(reversed(mutants)), dict[int, _Try]()
    while waiting or running:
        while waiting and free:
            one = _Try(waiting.pop(), free.pop(), time.monotonic() + limit)
            running[_start(module, tests, one)] = one
        for process, one in list(running.items()):
            ended, status = os.waitpid(process, os.WNOHANG)
            late = time.monotonic() > one.until
            if ended or late:
                del running[process]
                _end(process, reap=not ended)
                free.append(one.copy)
                killed = KILLED if status else SURVIVED
                yield one.mutant, killed if ended else TIMED_OUT
        time.sleep(0.01)
    for copy in free:
        (copy / module).write_text(source)


def _start(module: str, tests: Sequence[str], one: _Try) -> int:
    """Start the tests in a process; its number."""
    (one.copy / module).write_text(one.mutant.text)
    for stale in (one.copy / module).parent.glob(f"__pycache__/{Path(module).stem}.*"):
        stale.unlink()
    shutil.rmtree(one.copy / "tmp", ignore_errors=True)
    process = os.fork()
    if not process:
        _run(tests, one.copy)
    return process


def _run(tests: Sequence[str], copy: Path) -> NoReturn:
    """Run the tests in this process, which is a fork: all of ours is loaded from the copy."""
    os.setsid()
    os.chdir(copy)
    said = os.open("said", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for new, stream in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(new, stream)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for name in [name for name in sys.modules if name.split(".")[0] in OURS]:
        del sys.modules[name]
    sys.path.insert(0, str(copy))
    os.environ["PYTHONPATH"] = str(copy)
    code = 1
    try:
        code = pytest.main([*OPTIONS, *tests])
    finally:
        sys.stdout.flush()
        os._exit(int(code))


def _end(process: int, *, reap: bool) -> None:
    """End the process and all that it started."""
    with suppress(ProcessLookupError):  # nothing of it is left
        os.killpg(process, signal.SIGKILL)
    if reap:
        os.waitpid(process, 0)
