"""The time from nothing open to the first answer, in a fresh process each time.

What the process imports is there before the clock starts; the page cache is warm. Our own time
holds comparing all that is answered from with the checksums in the manifest.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench import asks, engines
from tests.bench.asks import Ask
from tests.bench.corpus import ROOT
from tests.bench.processes import environment


@dataclass(frozen=True, slots=True)
class Opening:
    """One process, in milliseconds: `opened` when the index was, `answered` when the first page
    was, both since the start; `cpu` of processor time until then."""

    engine: str
    run: int
    opened: float
    answered: float
    cpu: float


def measure(
    folders: Mapping[str, Path], ask: Ask, runs: int, say: Callable[[str], None]
) -> tuple[Opening, ...]:
    """Each engine in each run; a run before them warms the page cache."""
    found = []
    for run in range(-1, runs):
        say(f"run {run + 1} of {runs}: opening" if run >= 0 else "warming: opening")
        found += [_opening(engine, folder, ask, run) for engine, folder in folders.items()]
    return tuple(opening for opening in found if opening.run >= 0)


def _opening(engine: str, folder: Path, ask: Ask, run: int) -> Opening:
    command = [sys.executable, "-m", "tests.bench.opening", engine, str(folder)]
    done = subprocess.run(
        [*command, json.dumps(asdict(ask))],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Opening(engine, run, **json.loads(done.stdout))


def main(name: str, folder: str, row: str) -> None:
    """Open, ask, and print the times."""
    maker, ask = engines.maker(name), asks.ask(json.loads(row))
    used, began = time.process_time(), time.perf_counter()
    engine = maker.open(Path(folder))
    opened = time.perf_counter()
    engine.page(ask)
    answered = time.perf_counter()
    times = {"opened": opened - began, "answered": answered - began}
    times["cpu"] = time.process_time() - used
    json.dump({name: round(seconds * 1000, 3) for name, seconds in times.items()}, sys.stdout)
    engine.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
