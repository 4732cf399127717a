"""Processes that work beside this one, each task given to whoever is free.

They are started when there is enough to do. A process ignores the signals that stop a command,
which are for the one that started it to answer, and ends with that one, however it ends.
"""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from types import TracebackType
from typing import TypeVar

from indexer.errors import WorkersLost

AHEAD = 2
"""Tasks for each process that are under way or waiting to be taken: what memory they need."""

FEW = 4
"""Fewer tasks than these are done sooner here than processes are started for them."""

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""The signals that ask a command to end."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class Workers:
    """So many processes, 0: one for each core; with 1, this process does all of the work."""

    def __init__(self, jobs: int = 1) -> None:
        self.jobs = jobs or len(os.sched_getaffinity(0))
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def map(
        self, function: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> Generator[Result, None, None]:
        """What a function of a module makes of each task, in order.

        Raises what the function does, and `WorkersLost` if the system ends a process.
        """
        if self.jobs < 2 or (self._pool is None and len(tasks) < FEW):
            yield from map(function, tasks)
            return
        waiting: deque[Future[Result]] = deque()
        try:
            for task in tasks:
                waiting.append(self._submit(function, task))
                if len(waiting) > AHEAD * self.jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool as error:
            raise WorkersLost(
                "a process that worked for this one was ended by the system, which may have run "
                "out of memory; nothing was changed; try again with --jobs 1"
            ) from error
        finally:
            for future in waiting:
                future.cancel()

    def _submit(self, function: Callable[[Task], Result], task: Task) -> "Future[Result]":
        """Give a task to whoever is free. A process started for it is born deaf to signals."""
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        try:
            if self._pool is None:
                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPoolExecutor(self.jobs, context, _prepare)
            return self._pool.submit(function, task)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)


ALONE = Workers()
"""Nobody but this process."""


def _prepare() -> None:
    """In a new process: ignore what would stop it, and end with the one that started it."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
    os._exit(1)
