"""Workers: processes that make answers for this one, on cores that its interpreter cannot use.

This process keeps what belongs to all requests: HTTP, fairness, the cache, the metrics, the log. It
makes an answer itself only if it has no other to make, so that one reader waits for nothing else.
While more is asked, a worker makes each: if threads of this process did, they would hold each other
up, and the workers too, whose answers they have to fetch. But a light request does not wait for
what is heavy: if greedy clients have all workers, or it has waited a while, it is answered here.

A worker answers from the version that it is asked for, or not at all. If it has another one, met an
error, has ended or hangs, this process makes the answer itself. So no request fails because of a
worker, and errors are found and told in one place.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe

import msgspec

from indexer.process_pool import started
from search_app.serving.wsgi import GREEDY, VERSION, Environ

log = logging.getLogger(__name__)

READY = b"ready"
"""What a worker says once, before it is asked."""

NO_ANSWER = b""
"""What it says if it cannot answer."""


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """What a worker is told of a request: all that an answer may depend on."""

    version: str
    base: str
    path: str
    query: str

    @classmethod
    def by(cls, environ: Environ) -> "Asked":
        """What a request asks for."""
        path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        return cls(environ[VERSION], environ.get("SCRIPT_NAME", ""), path, query)

    def environ(self) -> Environ:
        """The request again."""
        return {"SCRIPT_NAME": self.base, "PATH_INFO": self.path, "QUERY_STRING": self.query}


Work = Callable[[Connection], object]
"""What a worker does: it says `READY`, then answers each `Asked` with a body or `NO_ANSWER`."""


class Workers:
    """So many workers, by their `count`, while this is entered. Safe to share between threads.

    A request of a client that is not greedy waits for a worker for `wait` seconds at most. A worker
    that takes more than `patience` seconds over an answer is ended. One that has ended is started
    again after a pause, which doubles from the first of `pauses` up to the last one, unless the
    worker has lived longer than that.
    """

    def __init__(
        self,
        work: Work,
        count: int,
        *,
        wait: float = 0.02,
        patience: float = 5.0,
        pauses: tuple[float, float] = (0.5, 60.0),
    ) -> None:
        self._work, self._wait, self._patience, self._pauses = work, wait, patience, pauses
        self._keepers = [threading.Thread(target=self._keep, daemon=True) for _ in range(count)]
        self._closing = threading.Event()
        self._changed = threading.Condition()  # guards what follows
        self._at_work = 0  # requests, those that wait for a worker included
        self._running: set[_Worker] = set()
        self._ready: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._held_by_greedy = 0

    def __enter__(self) -> None:
        """Begin to start them. As long as none is ready, this process makes all answers."""
        for keeper in self._keepers:
            keeper.start()

    def __exit__(self, *error: object) -> None:
        """End them. From then on this process makes all answers."""
        self._closing.set()
        with self._changed:
            for worker in self._running:
                worker.kill()
        for keeper in self._keepers:
            keeper.join()

    @property
    def ready(self) -> int:
        """How many can be asked."""
        return len(self._ready)

    @property
    def pids(self) -> list[int]:
        """The processes that run."""
        with self._changed:
            return [worker.pid for worker in self._running]

    def answer(self, environ: Environ, make: Callable[[Environ], bytes]) -> bytes:
        """The body of an answer: of a worker, or what `make` makes of it in this process. Raises
        what that raises."""
        if VERSION not in environ:
            return make(environ)
        with self._place(environ.get(GREEDY, False)) as worker:
            return (worker.answer(Asked.by(environ)) if worker else NO_ANSWER) or make(environ)

    @contextmanager
    def _place(self, is_greedy: bool) -> "Iterator[_Worker | None]":
        """Where an answer is to be made: the worker, or `None` for this process."""
        with self._changed:
            self._at_work += 1
            worker = self._free_worker(is_greedy) if self._at_work > 1 else None
            by_greedy = is_greedy and worker is not None
            self._held_by_greedy += by_greedy
        try:
            yield worker
        finally:
            with self._changed:
                self._at_work -= 1
                self._held_by_greedy -= by_greedy
                if worker in self._ready:
                    self._idle.append(worker)
                    self._changed.notify()

    def _free_worker(self, is_greedy: bool) -> "_Worker | None":
        """A worker that is not busy, for which this waits; `None` if that might take long."""

        def is_over() -> bool:
            if is_greedy:
                return bool(self._idle) or not self._ready
            return bool(self._idle) or self._held_by_greedy >= len(self._ready)

        self._changed.wait_for(is_over, None if is_greedy else self._wait)
        return self._idle.pop() if self._idle else None

    def _keep(self) -> None:
        """Keep one worker running."""
        first, last = self._pauses
        pause = first
        while not self._closing.is_set():
            began = time.monotonic()
            reason = self._run()
            if self._closing.is_set():
                return
            if time.monotonic() - began > last:
                pause = first
            log.warning("%s; another one is started in %g s", reason, pause)
            self._closing.wait(pause)
            pause = min(2 * pause, last)

    def _run(self) -> str:
        """Start a worker and let it be asked until it has ended. Returns why it has."""
        try:
            worker = _Worker(self._work)
        except OSError as error:
            return f"a worker could not be started: {error}"
        with self._changed:
            self._running.add(worker)
            if self._closing.is_set():
                worker.kill()
        try:
            if worker.is_ready():
                with self._changed:
                    self._ready.add(worker)
                    self._idle.append(worker)
                    self._changed.notify()
            return worker.ended(self._patience)
        finally:
            with self._changed:
                self._running.discard(worker)
                self._ready.discard(worker)
                self._idle = [one for one in self._idle if one is not worker]
                self._changed.notify_all()  # perhaps there is none left to wait for


class _Worker:
    """A worker process, and this end of the pipe to it."""

    def __init__(self, work: Work) -> None:
        self._pipe, theirs = Pipe()
        with theirs:  # only the process holds that end, so the pipe breaks when it ends
            self._process = started(work, theirs)
        self._asked: float | None = None  # when it was asked what it has not answered yet

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid or 0

    def is_ready(self) -> bool:
        """Whether it can be asked; waits until it can, or has ended."""
        try:
            return self._pipe.recv_bytes() == READY
        except (OSError, EOFError):
            return False

    def answer(self, asked: Asked) -> bytes:
        """Its answer, or `NO_ANSWER`. Only one thread at a time may ask."""
        try:
            request = msgspec.msgpack.encode(asked)
        except UnicodeError:  # an address that is none, of which whoever answers knows what to say
            return NO_ANSWER
        self._asked = time.monotonic()
        try:
            self._pipe.send_bytes(request)
            return self._pipe.recv_bytes()
        except Exception:  # it has ended; or whatever it is, what is left must answer nothing else
            self._pipe.close()
            self.kill()
            return NO_ANSWER
        finally:
            self._asked = None

    def ended(self, patience: float) -> str:
        """Wait until it has ended, or end it if it takes longer over an answer. Returns why."""
        while True:
            self._process.join(patience / 4)
            if self._process.exitcode is not None:
                return f"a worker has ended with {self._process.exitcode}"
            asked = self._asked
            if asked is not None and time.monotonic() - asked > patience:
                self.kill()
                self._process.join()
                return f"a worker took more than {patience:g} s over an answer and was ended"

    def kill(self) -> None:
        """End it at once; it has nothing to lose."""
        self._process.kill()
