"""The open generation, lent to requests, and the move to a new one between two of them.

`Library.lend()` gives the searcher of the generation that `CURRENT` names. When that changes the
next request opens the new one; requests still at work finish on the old one, which is closed when
the last of them has. A generation that cannot be used is passed over for the one before it.

Opening compares the sizes of all files with the manifest and digests the small ones; the rest is
digested by a thread while requests are answered already. What it finds damaged is let go of like
a generation that could not be opened at all. Asked to be `careful`, a library waits for it.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from indexer.errors import IndexDamaged, IndexUnusable
from indexer.home import Generation, Home
from search_app.search.engine import Searcher

log = logging.getLogger(__name__)

Opener = Callable[[Generation], Searcher]


class _Loan:
    """An open searcher and how many requests use it. `name` is what `CURRENT` held when it was
    opened: another generation than the searcher's if that one cannot be used."""

    def __init__(self, name: str, searcher: Searcher, warning: str = "") -> None:
        self.name = name
        self.searcher = searcher
        self.warning = warning
        self.users = 0
        self.retired = False


class Library:
    """Lends searchers of an index folder. Safe to share between threads."""

    def __init__(self, home: Home, engine: str, opener: Opener, *, careful: bool = False) -> None:
        self._home, self._engine, self._opener = home, engine, opener
        self._careful = careful
        self._opening = threading.Lock()  # held while a generation is opened
        self._lock = threading.Lock()  # held for moments, around what follows
        self._loan: _Loan | None = None
        self._closer: list[threading.Thread] = []  # at work digesting

    @contextmanager
    def lend(self) -> Iterator[Searcher]:
        """A searcher for the time of a request; `IndexUnusable` if no generation can answer."""
        self._move()
        with self._lock:
            if self._loan is None:
                raise IndexUnusable("the index has just been closed; ask again")
            loan = self._loan
            loan.users += 1
        try:
            yield loan.searcher
        finally:
            with self._lock:
                loan.users -= 1
                if loan.retired and not loan.users:
                    loan.searcher.close()

    @property
    def warning(self) -> str:
        """Why an older generation than the current one answers; empty if it does not."""
        with self._lock:
            return self._loan.warning if self._loan else ""

    def close(self) -> None:
        """Close what is open, at once or when its last request ends. Waits for digesting to end."""
        self._replace(None)
        while self._closer:
            self._closer.pop().join()

    def _move(self) -> None:
        """Open the current generation unless it is open. While one request does so, the others
        go on with the one before; only where there is none do they wait."""
        loan = self._loan
        if loan and loan.name == self._home.current_name():
            return
        if not self._opening.acquire(blocking=loan is None):
            return
        try:
            loan, name = self._loan, self._home.current_name()  # both may have changed meanwhile
            if loan is None or loan.name != name:
                self._replace(self._open(name))
        finally:
            self._opening.release()

    def _open(self, name: str) -> _Loan:
        """The generation of this name, or the newest one before it that is whole."""
        try:
            found = self._home.load(name, self._engine, at_a_glance=not self._careful)
            loan = _Loan(name, self._opener(found))
        except IndexDamaged as error:
            newer = self._home.current_name()
            if newer == name:
                return self._open_earlier(name, error)
        else:
            if not self._careful:
                self._start_closer(loan)
            return loan
        return self._open(newer)  # it was not damaged, but cleared away before our eyes

    def _start_closer(self, loan: _Loan) -> None:
        """Have a thread look closer; with the lock for opening held."""
        self._closer = [thread for thread in self._closer if thread.is_alive()]
        thread = threading.Thread(target=self._look_closer, args=(loan,), daemon=True)
        self._closer.append(thread)
        thread.start()

    def _look_closer(self, loan: _Loan) -> None:
        """Digest what was only glanced at; let go of the generation if it is damaged."""
        try:
            self._home.load(loan.name, self._engine)
        except IndexDamaged as fault:
            with self._opening:
                if loan.retired or self._loan is not loan:
                    return  # it was replaced meanwhile, and perhaps cleared away
                try:
                    self._replace(self._open_earlier(loan.name, fault))
                except IndexUnusable as error:
                    log.error("%s", error)
                    self._replace(None)

    def _open_earlier(self, name: str, fault: IndexDamaged) -> _Loan:
        """The newest whole generation before a damaged one; the fault, if there is none."""
        try:
            earlier = self._home.rollback_target(self._engine)
        except IndexUnusable:
            raise fault from None
        log.warning("%s; answering from %s instead", fault, earlier.name)
        warning = f"{fault}; answering from {earlier.name} instead"
        return _Loan(name, self._opener(earlier), warning)

    def _replace(self, loan: _Loan | None) -> None:
        with self._lock:
            old, self._loan = self._loan, loan
            if old is not None:
                old.retired = True
                if not old.users:
                    old.searcher.close()
