"""`python -m tests.bench.servers`: attack each WSGI server over the same app, and load it.

For each candidate: how long `/healthz` takes, worst and median, asked every tenth of a second over
new connections while an attack goes on, `>10 s` if there was no answer; how many connections of the
attack the server closed meanwhile; its memory (private, all its processes) before and at most; and
requests a second of eight clients that behave.
"""

import contextlib
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import click

from tests.bench import attacks, memory
from tests.bench.candidates import CANDIDATES, Candidate
from tests.bench.corpus import ROOT
from tests.bench.processes import Server, environment, free_port
from tests.bench.traffic import load

ATTACKS: dict[str, attacks.Attack] = {
    "none": attacks.at_once(),
    "100 idle": attacks.idle(100),
    "500 idle": attacks.idle(500),
    "slow headers": attacks.slow_headers(),
    "slow bodies": attacks.slow_bodies(),
    "endless bodies": attacks.endless_bodies(),
    "pipeliners": attacks.pipeliners(),
    "greedy": attacks.greedy(),
}
ATTACKS["all at once"] = attacks.at_once(
    *(attack for name, attack in ATTACKS.items() if name not in ("none", "100 idle"))
)
LOADS = {"empty view": "/", "API": "/api/search?q=data", "page": "/search?q=data"}
PATIENCE = 10.0
FILLING = 15.0
"""Seconds more for attacks that have to fill a server's buffers first."""


@contextmanager
def started(
    candidate: Candidate, python: str, index: Path, path: Path, log: Path
) -> Iterator[Server]:
    """The server, answering; ended after it. Raises `RuntimeError` if it does not come up."""
    port = free_port()
    told = {**environment(), "PYTHONPATH": str(path), "NEWSDEX_INDEX": str(index)}
    with log.open("wb") as out:
        command = candidate.command(python, port)
        process = subprocess.Popen(command, cwd=path, env=told, stdout=out, stderr=out)
        try:
            _wait(process, port, log)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            attacks.ask(("127.0.0.1", port), "/readyz", timeout=5)
            return
        time.sleep(0.05)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-300:])


def probe(server: Server, attack: attacks.Attack, seconds: float) -> str:
    """How `/healthz` fares under an attack, and what else was seen, as a cell of the table."""
    address, times, most = ("127.0.0.1", server.port), [], 0
    with attack(address) as seen:
        time.sleep(0.5)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                times.append(attacks.ask(address, "/healthz", "127.0.0.9", PATIENCE))
            except (OSError, http.client.HTTPException):
                times.append(PATIENCE)
            most = max(most, memory.of(server.pid).uss)
            time.sleep(0.1)
    worst = max(times)
    shown = f">{PATIENCE:g} s" if worst >= PATIENCE else f"{worst * 1000:.0f} ms"
    return f"{shown} ({median(times) * 1000:.1f}), {seen.closed} closed, {most / 1e6:.0f} MB"


def measure(server: Server, names: tuple[str, ...], seconds: float) -> Iterator[tuple[str, str]]:
    """Each figure of one server, by its name."""
    for name, path in LOADS.items():
        load(server, [path], min(seconds, 1.0))
        seen = load(server, [path], seconds)
        failed = f", {seen.failed} failed" if seen.failed else ""
        yield name, f"{seen.rate:.0f}/s, p95 {seen.p95:.1f} ms{failed}"
    for name in names:
        filling = FILLING if name in ("pipeliners", "all at once") else 0.0
        yield name, probe(server, ATTACKS[name], seconds + filling)
        time.sleep(1.0)


@click.command()
@click.option("--index", type=click.Path(path_type=Path), required=True, help="Index folder.")
@click.option("--python", default=sys.executable, help="The interpreter that has the candidates.")
@click.option("--path", default=ROOT, type=click.Path(path_type=Path), help="The checkout served.")
@click.option("--server", multiple=True, help="Which candidates; repeat.")
@click.option("--attack", multiple=True, type=click.Choice(list(ATTACKS)), help="Which; repeat.")
@click.option("--seconds", default=5.0, help="How long each is measured.")
def main(
    index: Path,
    python: str,
    path: Path,
    server: tuple[str, ...],
    attack: tuple[str, ...],
    seconds: float,
) -> None:
    """Attack and load each candidate; print as lines."""
    index = index.resolve()
    for candidate in CANDIDATES:
        if server and candidate.name not in server:
            continue
        log = Path(tempfile.gettempdir()) / f"servers-{os.getpid()}.log"
        click.echo(f"## {candidate.name}")
        try:
            began = time.monotonic()
            with started(candidate, python, index, path, log) as running:
                click.echo(f"{'start':16} {time.monotonic() - began:.2f} s")
                click.echo(f"{'memory':16} {memory.of(running.pid).uss / 1e6:.0f} MB")
                for name, shown in measure(running, attack or tuple(ATTACKS), seconds):
                    click.echo(f"{name:16} {shown}")
        except RuntimeError as error:
            click.echo(f"does not start: {error}")
        said = log.read_text(encoding="utf-8", errors="replace").splitlines()
        click.echo(f"{'log':16} {len(said)} lines{': ' + said[-1][:120] if said else ''}\n")
        log.unlink()


if __name__ == "__main__":
    main()
