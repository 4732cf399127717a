"""`python -m tests.bench.crowd`: greedy, idle and honest clients of one server, all at once.

Eight greedy clients, each with several connections from an address of its own, ask for the heaviest
pages without a pause; a hundred connections are idle, opened anew as the server closes them; twenty
honest clients, each with an address of its own, make a light search every second or so. Printed
are the honest ones' times and errors, what the greedy ones got, and the server's memory (private,
all its processes) before, at most, and after.
"""

import contextlib
import http.client
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

from tests.bench import attacks, memory
from tests.bench.candidates import CANDIDATES
from tests.bench.corpus import ROOT
from tests.bench.figures import percentile
from tests.bench.processes import Server
from tests.bench.servers import started

LIGHT = ("/search?q=storm", "/api/search?q=storm", "/search?q=oil+price", "/api/search?q=bank")
GREEDY, HONEST, IDLE = 0, 90, 150
"""Numbers of the first client of each kind: from 127.0.0.10, 127.0.0.100, 127.0.0.160 on."""


@dataclass(slots=True)
class Honest:
    """What the honest clients saw: seconds of each answer, and the errors."""

    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def honest(address: attacks.Address, number: int, every: float, end: float, seen: Honest) -> None:
    """Be one honest client: a light search every so many seconds, give or take a half."""
    draw = random.Random(number)  # noqa: S311 - it draws pauses, not secrets
    time.sleep(draw.uniform(0, every))
    while time.monotonic() < end:
        path = draw.choice(LIGHT)
        try:
            seen.times.append(attacks.ask(address, path, attacks.source(HONEST + number), 30))
        except (OSError, http.client.HTTPException) as error:
            seen.errors.append(f"{path}: {error!r}")
        time.sleep(draw.uniform(0.5, 1.5) * every)


def stay_idle(address: attacks.Address, count: int, end: float) -> None:
    """Keep so many connections open on which nothing is said."""
    while time.monotonic() < end:
        with attacks.idle(count, clients=1, first=IDLE)(address) as seen:
            while time.monotonic() < end and seen.closed < seen.connections:
                time.sleep(0.5)


def crowd(
    server: Server, seconds: float, plan: dict[str, int], every: float, say: Callable[[str], None]
) -> None:
    """Let all of them loose on a server, and say what came of it."""
    address, end = ("127.0.0.1", server.port), time.monotonic() + seconds
    seen, before = Honest(), memory.of(server.pid).uss
    most = before
    threads = [
        threading.Thread(target=honest, args=(address, number, every, end, seen))
        for number in range(plan["honest"])
    ]
    threads.append(threading.Thread(target=stay_idle, args=(address, plan["idle"], end)))
    greedy = attacks.greedy(plan["greedy"] * plan["connections"], clients=plan["greedy"])
    with contextlib.ExitStack() as stack:
        took = stack.enter_context(greedy(address)) if plan["greedy"] else attacks.Seen()
        for thread in threads:
            thread.start()
        while time.monotonic() < end:
            time.sleep(0.5)
            most = max(most, memory.of(server.pid).uss)
        for thread in threads:
            thread.join()
    time.sleep(2)
    after = memory.of(server.pid).uss
    times = [1000 * value for value in seen.times] or [float("inf")]
    say(
        f"honest: {len(seen.times)} answers, {len(seen.errors)} errors, median "
        f"{percentile(times, 50):.1f} ms, p95 {percentile(times, 95):.1f} ms, worst "
        f"{max(times):.0f} ms"
    )
    for error in sorted(set(seen.errors))[:3]:
        say(f"        {error}")
    say(f"greedy: {took.answered} answers {took.statuses}, {took.refused} connections failed")
    say(f"memory: {before / 1e6:.0f} MB before, {most / 1e6:.0f} at most, {after / 1e6:.0f} after")


@click.command()
@click.option("--index", type=click.Path(path_type=Path), required=True, help="Index folder.")
@click.option("--python", default=sys.executable, help="The interpreter of the server.")
@click.option("--path", default=ROOT, type=click.Path(path_type=Path), help="The checkout served.")
@click.option("--seconds", type=click.FloatRange(1, 3600), default=180.0, help="How long.")
@click.option("--greedy", type=click.IntRange(0, 50), default=8, help="Greedy clients.")
@click.option("--connections", type=click.IntRange(1, 20), default=3, help="Of each greedy one.")
@click.option("--idle", type=click.IntRange(0, 1000), default=100, help="Idle connections.")
@click.option("--honest", type=click.IntRange(1, 50), default=20, help="Honest clients.")
@click.option("--every", default=1.0, help="Seconds between two searches of an honest client.")
def main(index: Path, python: str, path: Path, seconds: float, every: float, **plan: int) -> None:
    """Let a crowd loose on `newsdex serve`; print what the honest ones saw."""
    log = Path(tempfile.gettempdir()) / f"crowd-{os.getpid()}.log"
    with started(CANDIDATES[0], python, index.resolve(), path, log) as server:
        for warm in LIGHT:
            attacks.ask(("127.0.0.1", server.port), warm)
        crowd(server, seconds, plan, every, click.echo)
    said = log.read_text(encoding="utf-8", errors="replace").splitlines()
    click.echo(f"log:    {len(said)} lines{': ' + said[-1][:200] if said else ''}")
    log.unlink()


if __name__ == "__main__":
    main()
