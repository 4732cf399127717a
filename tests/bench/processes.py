"""The processes a benchmark starts: the command, servers on ports of their own, measured readers.

Each is stopped by the one that started it.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.corpus import ROOT, Unavailable

STARTING = 60.0
"""Seconds a server may take until it answers."""


def environment() -> dict[str, str]:
    """The environment without settings of ours, with our code to be found and no rate limit."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("NEWSDEX_")}
    return {**plain, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "NEWSDEX_RATE_LIMIT": "0"}


def newsdex(*arguments: str) -> list[str]:
    """The command line of our command, in this checkout."""
    return [sys.executable, "-m", "search_app", *arguments]


def family(pid: int) -> list[int]:
    """A process and all below it (Linux, proc(5))."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            with suppress(OSError):  # it has ended meanwhile
                found += map(int, task.read_text().split())
    return found


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers on a port of this machine."""

    port: int
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time that it and all processes below it have taken so far (Linux,
        proc(5))."""
        ticks = 0
        for pid in family(self.pid):
            with suppress(OSError):  # it has ended meanwhile
                stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
                user, system = stat.rpartition(")")[2].split()[11:13]
                ticks += int(user) + int(system)
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(command: list[str], ready: str, log: Path, **settings: str) -> Iterator[Server]:
    """Start a server with `--port` added, until it answers 200 at the path `ready`; stop it after.
    `settings` are added to its environment.

    Raises `Unavailable` with the end of its log if it does not come up.
    """
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            cwd=ROOT,
            env=environment() | settings,
            stdout=out,
            stderr=out,
        )
        try:
            _wait(process, port, ready, log)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: "subprocess.Popen[bytes]", port: int, ready: str, log: Path) -> None:
    end = time.monotonic() + STARTING
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=STARTING)
        try:
            connection.request("GET", ready)
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            pass  # it does not listen yet
        finally:
            connection.close()
        time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace")[-500:].strip()
    raise Unavailable(f"{' '.join(process.args)} does not answer: {said}")  # type: ignore[arg-type]  # a list of text, as we started it
