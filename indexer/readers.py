"""Files read and validated, by several processes where there are many, in the order of the walk.

Reading is half the work of a reindex and knows nothing of the index. A reading process ignores
Ctrl-C, which is for the one that started it to answer, and ends with that one, however it ends.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait

from indexer import seeds
from indexer.document import Document, document
from indexer.errors import ReadersLost
from indexer.item import Problem
from indexer.seeds import Source
from indexer.validate.reading import Reading, parse_item

CHUNK = 64
"""Files that a process is given at a time."""

AHEAD = 4
"""Chunks for each process that are under way or waiting to be taken: what memory they need."""

WORTHWHILE = 1000
"""So many files are read sooner by one process than others are started."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file; `document` is that of its item, if it has one."""

    reading: Reading
    document: Document | None


def read(source: Source) -> Outcome:
    """Read and validate one file."""
    data = seeds.read(source)
    if isinstance(data, Problem):
        return Outcome(Reading(None, (data,)), None)
    reading = parse_item(data, source.path, source.id)
    return Outcome(reading, document(reading.item) if reading.item else None)


def outcomes(sources: Sequence[Source], jobs: int) -> Generator[Outcome, None, None]:
    """What comes of each file, in order; `jobs` processes read them, 0: one for each core.

    Raises `ReadersLost` if the system ends one of them.
    """
    jobs = jobs or len(os.sched_getaffinity(0))
    if jobs < 2 or len(sources) < WORTHWHILE:
        yield from map(read, sources)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare)
    try:
        waiting: deque[Future[list[Outcome]]] = deque()
        for begin in range(0, len(sources), CHUNK):
            waiting.append(_submit(pool, sources[begin : begin + CHUNK]))
            if len(waiting) > AHEAD * jobs:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool as error:
        raise ReadersLost(
            "a process that read files was ended by the system, which may have run out of memory; "
            "nothing was changed; try again with --jobs 1"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, sources: Sequence[Source]) -> "Future[list[Outcome]]":
    """Give a chunk to whoever is free. A process started for it is born deaf to Ctrl-C."""
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_read_all, sources)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _read_all(sources: Sequence[Source]) -> list[Outcome]:
    return [read(source) for source in sources]


def _prepare() -> None:
    """In a new reading process: ignore Ctrl-C, and end with the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
    os._exit(1)
