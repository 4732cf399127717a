"""What a command takes: time by the wall clock, time of processors, and memory.

A command is not alone: it starts processes that read, which come and go. Their processor time is
counted with that of the command, which waits for them. Their memory is seen by walking the tree of
processes anew for each sample, about ten a second.
"""

import json
import os
import shlex
import subprocess
import tempfile
import time
from dataclasses import dataclass
from typing import Any

from tests.bench import memory
from tests.bench.corpus import ROOT, Unavailable
from tests.bench.processes import environment

INTERVAL = 0.1
"""Seconds between two samples of memory."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a command took: `seconds` by the wall clock from its start to its end, and of `cpu`,
    those of the processes it waited for included."""

    seconds: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Peak:
    """Memory at most, all processes together, in bytes: `pss` with shared pages divided among those
    who share them, `uss` private, each the greatest of so many `samples`."""

    pss: int
    uss: int
    samples: int


class Running:
    """A command at work. What it prints goes into a file, so that nobody has to read it now."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._out = tempfile.TemporaryFile()  # noqa: SIM115 (`finish` closes it)
        self.began = time.perf_counter()
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, stdout=self._out
        )

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def ended(self, *, wait: bool = False) -> bool:
        """Whether it has ended, or only when it has; its figures stay to be had by `finish`."""
        now = 0 if wait else os.WNOHANG
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | now) is not None

    def finish(self) -> tuple[Usage, Any]:
        """Wait for its end: what it took, and the JSON it printed. Raises `Unavailable` if it
        failed, which it has said on stderr."""
        self.ended(wait=True)
        seconds = time.perf_counter() - self.began
        _, status, spent = os.wait4(self.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        with self._out:
            self._out.seek(0)
            printed = self._out.read()
        if self._process.returncode:
            raise Unavailable(f"{shlex.join(self._command)} ended with {self._process.returncode}")
        cpu = spent.ru_utime + spent.ru_stime
        return Usage(round(seconds, 3), round(cpu, 2)), json.loads(printed)


def run(command: list[str]) -> tuple[Usage, Any]:
    """Run a command to its end: what it took, and the JSON it printed."""
    return Running(command).finish()


def peak(command: list[str]) -> tuple[Peak, Any]:
    """Run a command to its end with an eye on its memory, which costs it some time: the most it
    had, and the JSON it printed."""
    running, pss, uss, samples = Running(command), 0, 0, 0
    try:
        while not running.ended():
            seen = memory.of_living(running.pid)
            pss, uss, samples = max(pss, seen.pss), max(uss, seen.uss), samples + 1
            time.sleep(INTERVAL)
    finally:
        _, printed = running.finish()
    if not pss:
        raise Unavailable("a command ended before its memory could be looked at")
    return Peak(pss, uss, samples), printed
