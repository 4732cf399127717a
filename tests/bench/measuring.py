"""Measuring engines in this process: the same queries, in turns, run after run.

Within a run every engine answers all queries of a kind before the next one does, and each run
begins with another engine. No query is asked of an engine twice at a level. The first answers,
which are not measured, warm the page cache.
"""

import gc
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.bench.asks import KINDS, Ask, Sets
from tests.bench.engines import LEVELS, Engine
from tests.bench.figures import Series, Table, series

WARMING = 50
"""Queries of each kind asked before the measured ones."""


def measure(engines: Mapping[str, Engine], sets: Sets, say: Callable[[str], None]) -> Table:
    """The times of each engine for each kind at each level, over as many runs as there are sets,
    less the first."""
    warming, *measured = sets
    gc.collect()
    gc.freeze()  # what was read before belongs to nobody's answers
    for engine in engines.values():
        for kind in KINDS:
            for ask in warming[kind][:WARMING]:
                for level in LEVELS:
                    _method(engine, level)(ask)
    rows = []
    for run, asks in enumerate(measured):
        names = list(engines)
        turn = run % len(names)
        for level in LEVELS:
            say(f"run {run + 1} of {len(measured)}: {level}")
            for kind in KINDS:
                for name in names[turn:] + names[:turn]:
                    rows.append(_series(name, engines[name], kind, level, run, asks[kind]))
    gc.unfreeze()
    return Table(tuple(rows))


def _series(
    name: str, engine: Engine, kind: str, level: str, run: int, asks: tuple[Ask, ...]
) -> Series:
    answer_to = _method(engine, level)
    wall, cpu, totals = [], [], []
    for ask in asks:
        used, began = time.process_time(), time.perf_counter()
        answer = answer_to(ask)
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
        totals.append(engine.summary(answer).total)
    return series(name, kind, level, run, wall, cpu, totals)


def _method(engine: Engine, level: str) -> Callable[[Ask], Any]:
    """What an engine is asked at a level."""
    return {"plain": engine.plain, "faceted": engine.faceted, "page": engine.page}[level]
