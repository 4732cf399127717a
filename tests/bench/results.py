"""All that was measured, as it goes into the JSON file."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

from tests.bench.building import Built
from tests.bench.figures import Table
from tests.bench.memory import Memory
from tests.bench.opening import Opening
from tests.bench.traffic import Traffic
from tests.bench.writing import Writing


@dataclass(frozen=True, slots=True)
class Results:
    """What was measured with so many items. `parsing`: seconds for reading and parsing them, or
    `None` if no engine had to be built. `missing`: what could not be measured, and why."""

    items: int
    parsing: float | None
    built: tuple[Built, ...]
    table: Table
    traffic: tuple[Traffic, ...]
    openings: tuple[Opening, ...]
    memory: Memory | None
    writing: Writing | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured. `load`: processes that wanted a core in the minute before."""

    processor: str
    cores: int
    python: str
    system: str
    load: float


def machine() -> Machine:
    """This one, now."""
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}",
        load=round(os.getloadavg()[0], 2),
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())
