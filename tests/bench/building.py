"""Building each engine's index, or using the one that a run before has left in the work folder.

The peers' builds take documents that are parsed already, ours reads and parses the files itself;
the report shows what reading and parsing takes beside them.
"""

import gc
import json
import os
import resource
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.corpus import Corpus
from tests.bench.engines import Maker


@dataclass(frozen=True, slots=True)
class Built:
    """An index on disk. `seconds` of wall and `cpu` time it took to build, children included;
    `None` where another has built it. `size` in bytes."""

    engine: str
    version: str
    seconds: float | None
    cpu: float | None
    size: int


def ready(name: str, maker: Maker, folder: Path, corpus: Corpus, fresh: bool) -> Built:
    """The engine's index in a folder: as it is there if it can be used, unless it must be fresh."""
    note = folder.with_name(f"{name}.json")
    if not fresh and folder.is_dir() and maker.is_usable(folder):
        known = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
        seconds, cpu = known.get("seconds"), known.get("cpu")
        return Built(name, maker.version, seconds, cpu, size(folder))
    shutil.rmtree(folder, ignore_errors=True)
    note.unlink(missing_ok=True)
    if not maker.reads_files:
        corpus.documents()  # not on the engine's time
    gc.collect()
    gc.freeze()  # nor is looking after them
    seconds, cpu = timed(lambda: maker.build(folder, corpus))
    gc.unfreeze()
    built = Built(name, maker.version, round(seconds, 2), round(cpu, 2), size(folder))
    note.write_text(json.dumps(asdict(built)), encoding="utf-8")
    return built


def size(folder: Path) -> int:
    """The bytes of the files below a folder, one that has several names counted once."""
    found = (path.stat() for path in folder.rglob("*") if path.is_file())
    return sum({(stat.st_dev, stat.st_ino): stat.st_size for stat in found}.values())


def timed(work: Callable[[], None]) -> tuple[float, float]:
    """Wall and CPU seconds of some work, those of processes it waited for included."""
    began, used = time.perf_counter(), _cpu()
    work()
    return time.perf_counter() - began, _cpu() - used


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = os.times()
    return own.user + own.system + children.ru_utime + children.ru_stime
