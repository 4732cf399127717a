"""The open generation, lent to requests, and the move to a new one between two of them.

`Library.lend()` gives the searcher of the generation that `CURRENT` names. When that changes the
next request opens the new one; requests still at work finish on the old one, which is closed when
the last of them has. Where `CURRENT` or the generation it names is damaged, another whole one
stands in, with a warning: see `indexer.index.directory`.

Whatever is read to answer has been compared with its checksum before the first answer. What else
there is of a generation is, with the same scrutiny as `verify`, while requests are answered; if it
is damaged, the generation is let go of like one that could not be opened. Given all scrutiny from
the first, nothing is left to look at later.

The large files stay open and mapped. Before each request it is asked whether any of them has been
written to or taken away since: then the generation is looked at again before it answers once more.
Where only the time has changed at which anything was done to a file, a reindex made or dropped a
link to it, or somebody wrote to it and set the other time back: all checksums are compared again,
and requests go on meanwhile. So they are where a search met what no whole index holds.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from indexer.errors import IndexDamaged, IndexUnusable
from indexer.index.current import StatKey
from indexer.index.directory import Generation, IndexDirectory
from indexer.index.manifest import FULL, VerifyPolicy
from search_app.search.lease import Difference, SearcherLease
from search_app.search.protocols import Searcher

log = logging.getLogger(__name__)

Opener = Callable[[Generation], Searcher]


Taken = TypeVar("Taken", covariant=True)


class Lending(Generic[Taken]):
    """The time for which something is lent. (`contextmanager` would take ten times as long, and
    every request waits for it.)"""

    def __init__(self, library: "IndexReader", part: Callable[[SearcherLease], Taken]) -> None:
        self._library, self._part = library, part

    def __enter__(self) -> Taken:
        self._loan = self._library.take()
        return self._part(self._loan)

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, IndexDamaged):
            self._library.suspect(self._loan)
        self._library.give_back(self._loan)


class IndexReader:
    """Lends searchers of an index folder. Safe to share between threads.

    `scrutiny` is how closely a generation is looked at before it answers; the rest of it is so
    many seconds later (`verify_after`). Where one stands in for another that could not be read, but
    may be whole, that one is tried again after `retry_after` seconds.
    """

    def __init__(
        self,
        home: IndexDirectory,
        engine: str,
        opener: Opener,
        scrutiny: VerifyPolicy = FULL,
        *,
        verify_after: float = 0.5,
        retry_after: float = 5.0,
    ) -> None:
        self._home, self._engine, self._opener = home, engine, opener
        self._scrutiny = scrutiny
        self._verify_after, self._retry_after = verify_after, retry_after
        self._opening = threading.Lock()  # held while a generation is opened
        self._lock = threading.Lock()  # held for moments, around what follows
        self._loan: SearcherLease | None = None
        self._read: tuple[StatKey | None, str] = (None, "")
        self._closer: list[threading.Thread] = []  # at work digesting

    def lend(self) -> Lending[Searcher]:
        """A searcher for the time of a request; `IndexUnusable` if no generation can answer."""
        return Lending(self, lambda loan: loan.searcher)

    def borrow(self) -> Lending[SearcherLease]:
        """The same, with what there is to say of it."""
        return Lending(self, lambda loan: loan)

    def take(self) -> SearcherLease:
        """The loan of the current generation, to be given back."""
        self._move()
        with self._lock:
            if self._loan is None:
                raise IndexUnusable("the index has just been closed; ask again")
            self._loan.users += 1
            return self._loan

    def give_back(self, loan: SearcherLease) -> None:
        """What was taken is not used any more."""
        with self._lock:
            loan.users -= 1
            if loan.retired.is_set() and not loan.users:
                loan.searcher.close()

    def close(self) -> None:
        """Close what is open, at once or when its last request ends. Waits for digesting to end."""
        with self._opening:
            self._replace(None)
        self.rest()

    def rest(self) -> None:
        """Wait until no generation is being looked at any more."""
        while self._closer:
            self._closer.pop().join()

    def _move(self) -> None:
        """Open the current generation unless it is open. While one request does so, the others
        go on with the one before; only where there is none fit to be asked do they wait."""
        loan, (asked, _) = self._loan, self._current()
        moved = loan is None or self._is_outdated(loan, asked)
        difference = loan.difference() if loan else Difference.NONE
        if loan and not moved and difference in (Difference.NONE, Difference.TOUCHED):
            if difference is Difference.TOUCHED:
                self.suspect(loan)
            return
        spoilt = difference is Difference.WRITTEN or not moved
        if not self._opening.acquire(blocking=loan is None or spoilt):
            return
        try:
            loan, (asked, fault) = self._loan, self._current()  # all may have changed meanwhile
            if loan is None or self._is_outdated(loan, asked) or _is_spoilt(loan):
                self._replace(self._open(asked, fault))
        except IndexUnusable:
            self._replace(None)
            raise
        finally:
            self._opening.release()

    def _is_outdated(self, loan: SearcherLease, asked: str) -> bool:
        """Whether another generation may have to answer than the one that is lent."""
        return loan.asked != asked or loan.may_be_mended(self._retry_after)

    def _current(self) -> tuple[str, IndexDamaged | None]:
        """What `CURRENT` says: the name of a generation, or, as a fault, why it names none."""
        try:
            return self._current_name(), None
        except IndexDamaged as fault:
            return str(fault), fault

    def _current_name(self) -> str:
        """The name that `CURRENT` holds. It is not read again as long as the file is the same."""
        stamp, (known, name) = self._home.stat_key(), self._read
        if stamp is None or stamp != known:
            name = self._home.current_name()
            self._read = (stamp, name)
        return name

    def _open(self, asked: str, fault: IndexDamaged | None) -> SearcherLease:
        """The generation of this name, or the one to stand in for it."""
        if fault is None:
            try:
                return self._opened(asked, self._home.load(asked, self._engine, self._scrutiny))
            except IndexDamaged as error:
                newer, unnamed = self._current()
                if newer != asked:  # it was not damaged, but cleared away before our eyes
                    return self._open(newer, unnamed)
                fault = error
        return self._open_instead(asked, fault)

    def _open_instead(self, asked: str, fault: IndexDamaged) -> SearcherLease:
        """What stands in for a damaged generation; the fault, if nothing can."""
        try:
            found = self._home.fallback(self._engine, self._scrutiny)
            loan = self._opened(asked, found)
        except IndexUnusable:
            raise fault from None
        loan.fault = fault
        log.warning("%s", loan.warning)
        return loan

    def _opened(self, asked: str, found: Generation) -> SearcherLease:
        """A generation opened, and a thread that looks closer where there is more to see; with
        the lock for opening held."""
        loan = SearcherLease(asked, found, self._scrutiny.xxh3, self._opener(found))
        if self._scrutiny != FULL:
            self._start_thread(self._look_closer, loan)
        return loan

    def suspect(self, loan: SearcherLease) -> None:
        """Start a thread that compares all files of a generation with their checksums again,
        unless one is at it."""
        with self._lock:
            if loan.is_being_verified or loan.retired.is_set():
                return
            loan.is_being_verified = True
        self._start_thread(self._look_again, loan)

    def _start_thread(self, work: Callable[[SearcherLease], None], loan: SearcherLease) -> None:
        thread = threading.Thread(target=work, args=(loan,), daemon=True)
        with self._lock:
            self._closer = [other for other in self._closer if other.is_alive()]
            thread.start()
            self._closer.append(thread)

    def _look_closer(self, loan: SearcherLease) -> None:
        """Look at all of a generation, once its first answers have been given."""
        if not loan.retired.wait(self._verify_after):
            self._examine(loan, anew=False)

    def _look_again(self, loan: SearcherLease) -> None:
        """Look at all of a generation as if nothing were known of it, but no more than a tenth of
        the time."""
        keys, began = loan.file_keys(), time.monotonic()
        try:
            if self._examine(loan, anew=True):
                loan.mark_verified(keys)
            loan.retired.wait(9 * (time.monotonic() - began))
        finally:
            loan.is_being_verified = False

    def _examine(self, loan: SearcherLease, *, anew: bool) -> bool:
        """Whether a generation is whole; one that is damaged is let go of."""
        try:
            self._home.load(loan.generation, self._engine, anew=anew)
            return True
        except IndexDamaged as fault:
            with self._opening:
                try:
                    if self._loan is not loan or self._current()[0] != loan.asked:
                        return False  # it has been replaced, or will be, and perhaps cleared away
                    self._replace(self._open_instead(loan.asked, loan.fault or fault))
                except IndexUnusable as error:
                    log.error("%s", error)
                    self._replace(None)
        return False

    def _replace(self, loan: SearcherLease | None) -> None:
        with self._lock:
            old, self._loan = self._loan, loan
            if old is not None:
                old.retired.set()
                if not old.users:
                    old.searcher.close()


def _is_spoilt(loan: SearcherLease) -> bool:
    return loan.difference() in (Difference.TAKEN_AWAY, Difference.WRITTEN)
