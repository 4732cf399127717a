"""Worker processes: each takes a task, sends back the result, and takes the next.

    map ──► a thread for each process ──► its own pipe ──► the process
                                                            function(task)

No two processes share a pipe or a lock. So if the system kills one, at whatever instant, no other
waits for it: its pipe breaks, the others are killed, and `WorkersLost` is raised. Processes are
started once there is enough to do. They block the signals that stop a command, which are for the
process that started them, and they end when that one ends, however it does.
"""

import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, Pipe
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from signal import Signals
from typing import Any, NoReturn, TypeVar

from indexer.errors import WorkersLost
from indexer.signals import NEVER, STOPPING, Stop

PREFETCH = 2
"""Tasks for each process that may be running or waiting at a time; each of them takes memory."""

KILL_TIMEOUT = 5.0
"""Seconds to wait for a killed process to end: it does not while it waits for a disk that hangs."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class ProcessPool:
    """Runs tasks in `jobs` processes; 0: one for each core. With one job, or for fewer than
    `min_tasks` tasks, this process runs them itself, because starting others would take longer.
    Before each task it asks `stop` whether to go on.
    """

    def __init__(self, jobs: int = 1, *, stop: Stop = NEVER, min_tasks: int = 4) -> None:
        self.jobs, self._stop, self._min_tasks = jobs or usable_cores(), stop, min_tasks
        self._processes: list[_Process] = []
        self._idle: SimpleQueue[_Process] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> "ProcessPool":
        return self

    def __exit__(self, *error: object) -> None:
        for process in self._processes:
            process.kill()  # whatever it still does, nobody waits for it
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

    def map(
        self, function: Callable[[Task], Result], tasks: Sequence[Task]
    ) -> Generator[Result, None, None]:
        """The results of a function for each task, in order. The function must be one of a module.

        Raises what the function raises, `KeyboardInterrupt` once told to stop, and `WorkersLost` if
        the system ends a process or starts none.
        """
        if self.jobs < 2 or (not self._processes and len(tasks) < self._min_tasks):
            for task in tasks:
                with self._stop.at_once():
                    result = function(task)
                yield result
            return
        threads = self._started()
        waiting: deque[Future[Result]] = deque()
        for task in tasks:
            try:
                waiting.append(threads.submit(self._call, function, task))
            except RuntimeError as error:  # the system starts no further thread
                raise _not_started(str(error)) from error
            if len(waiting) > PREFETCH * self.jobs:
                yield self._result(waiting.popleft())
        while waiting:
            yield self._result(waiting.popleft())

    def check(self) -> None:
        """Raise `KeyboardInterrupt` if the work is to stop."""
        self._stop.check()

    def _result(self, future: "Future[Result]") -> Result:
        with self._stop.at_once():
            return future.result()

    def _call(self, function: Callable[[Task], Result], task: Task) -> Result:
        """Have a process run a task. As many threads as there are processes wait here."""
        process = self._idle.get()
        try:
            result: Result = process.call(function, task)
            return result
        finally:
            self._idle.put(process)

    def _started(self) -> ThreadPoolExecutor:
        """The threads. The first call starts all processes."""
        if self._threads is None:
            try:
                while len(self._processes) < self.jobs:
                    self._processes.append(_Process())
                    self._idle.put(self._processes[-1])
            except OSError as error:
                raise _not_started(error.strerror) from error
            self._threads = ThreadPoolExecutor(self.jobs)
        return self._threads


IN_PROCESS = ProcessPool()
"""Runs all tasks in this process."""


class _Process:
    """A worker process, and this end of the pipe to it."""

    def __init__(self) -> None:
        self._pipe, theirs = Pipe()
        with theirs:  # only the process holds that end, so the pipe breaks when it ends
            self._process = started(_work, theirs)

    def call(self, function: Callable[[Any], Any], task: Any) -> Any:
        """The result of the function, run there; raises what it raises."""
        try:
            self._pipe.send((function, task))
            is_done, answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkersLost(
                "a process that worked for this one was ended by the system, which may have run "
                "out of memory; nothing was changed; try again with --jobs 1"
            ) from error
        if is_done:
            return answer
        raise answer

    def kill(self) -> None:
        """End it at once. Whoever waits for its answer gets `WorkersLost`."""
        self._process.kill()
        self._process.join(KILL_TIMEOUT)


def _not_started(reason: str | None) -> WorkersLost:
    return WorkersLost(
        f"no process could be started to work for this one: {reason}; nothing was changed; try "
        "again with --jobs 1"
    )


def started(
    work: Callable[..., object],
    *arguments: object,
    blocked: Collection[Signals] = STOPPING,
    daemon: bool = True,
) -> SpawnProcess:
    """A process that does this work, a function of a module, which calls `when_parent_ends`. It
    begins with an interpreter of its own, so that it inherits no thread and no lock.

    The signals that stop a command are `blocked` in it: they are for this process, which ends the
    other one. `daemon`: see `multiprocessing.Process`. Raises `OSError` if the system starts none.
    """
    process = multiprocessing.get_context("spawn").Process(
        target=work, args=arguments, daemon=daemon
    )
    resource_tracker.ensure_running()  # its start ends with the signals unblocked
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, blocked)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return process


def when_parent_ends(end: Callable[[], object]) -> None:
    """Have a thread wait until the process that started this one has ended, and call `end` then."""

    def wait() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
        end()

    threading.Thread(target=wait, daemon=True).start()


def usable_cores() -> int:
    """The cores this process may run on; all of them if the system does not say."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _work(pipe: Connection) -> NoReturn:
    """The main function of a worker: run what comes through the pipe until it breaks."""
    when_parent_ends(partial(os._exit, 1))
    while True:
        try:
            function, task = pipe.recv()
            try:
                pipe.send((True, function(task)))
            except Exception as error:  # of the function; or its result cannot be pickled
                error.add_note(f"in another process:\n{traceback.format_exc()}")
                pipe.send((False, error))
        except (EOFError, OSError, MemoryError):
            os._exit(1)  # the one that asked is gone, or will be told by the pipe that this one is
