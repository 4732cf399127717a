"""Keeps the current generation open and leases its searcher to requests.

`IndexReader.acquire()` leases the searcher of the generation that `CURRENT` names. When `CURRENT`
changes, the next request opens the new generation, and the others go on with the old one until it
is open. The old one is closed when its last request ends. Where `CURRENT` or the generation it
names is damaged, the newest whole generation answers instead, with a warning: see
`IndexDirectory.fallback`.

What a searcher reads is verified before its first answer (`VerifyPolicy`); a thread verifies the
rest of the generation while requests are answered. If that finds damage, the generation is replaced
as if it could not have been opened.

`CURRENT` and the mapped files are compared by their stat keys (`Difference`), before a request but
at most once in `recheck` seconds, as to ask the file system takes longer than much of a search. If
a file was written to or unlinked, the generation is opened anew before it answers again. If only
its ctime changed, because a reindex made or dropped a hard link or somebody set the mtime back, a
thread compares all checksums again and requests go on meanwhile. It does so, too, when a search met
data that no whole index holds.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf

from indexer.errors import IndexDamaged, IndexUnusable
from indexer.index.directory import Generation, IndexDirectory
from indexer.index.manifest import FULL, FileKey, VerifyPolicy
from search_app.search.lease import Difference, SearcherLease
from search_app.search.protocols import Searcher

log = logging.getLogger(__name__)

CLOSED = "the index has just been closed; ask again"

Opener = Callable[[Generation], Searcher]


class IndexReader:
    """Leases searchers of an index directory. Safe to share between threads.

    A generation is verified by `policy` before it answers, and in full `verify_after` seconds
    later. Where a fallback answers because the current generation could not be read, that one is
    tried again every `retry_after` seconds. For `recheck` seconds after the files were found as
    they should be, they are not looked at again: a change is noticed so much later.
    """

    def __init__(
        self,
        directory: IndexDirectory,
        engine: str,
        opener: Opener,
        policy: VerifyPolicy = FULL,
        *,
        verify_after: float = 0.5,
        retry_after: float = 5.0,
        recheck: float = 0.01,
    ) -> None:
        self._directory, self._engine, self._opener = directory, engine, opener
        self._policy = policy
        self._verify_after, self._retry_after = verify_after, retry_after
        self._recheck = recheck
        self._checked = -inf  # when all files were found as they should be
        self._opening = threading.Lock()  # held while a generation is opened
        self._lock = threading.Lock()  # held for moments, around what follows
        self._lease: SearcherLease | None = None
        self.opened = 0
        """How many generations have been opened."""
        self._current_read: tuple[FileKey | None, str] = (None, "")
        self._verifiers: list[threading.Thread] = []

    @contextmanager
    def acquire(self) -> Iterator[SearcherLease]:
        """A lease of the current generation's searcher for one request; raises `IndexUnusable` if
        no generation can answer. If the request meets damage, the generation is verified again."""
        self._refresh()
        with self._lock:
            lease = self._lease
            if lease is None:
                raise IndexUnusable(CLOSED)
            lease.users += 1
        try:
            yield lease
        except IndexDamaged:
            self._verify_again(lease)
            raise
        finally:
            with self._lock:
                lease.users -= 1
                if lease.retired.is_set() and not lease.users:
                    lease.searcher.close()

    def answering(self) -> tuple[str, str]:
        """The generation that answers now, and what is wrong with the current one if that is
        another; or "". Raises as `acquire`. Quicker than a lease, as nothing is kept open."""
        self._refresh()
        lease = self._lease
        if lease is None:
            raise IndexUnusable(CLOSED)
        return lease.generation, lease.warning

    def close(self) -> None:
        """Close the searcher, at once or when its last request ends. Waits for verification."""
        with self._opening:
            self._replace(None)
        self.wait_for_verification()

    def wait_for_verification(self) -> None:
        """Wait until no thread verifies a generation any more."""
        while self._verifiers:
            self._verifiers.pop().join()

    def _refresh(self) -> None:
        """Open the current generation unless it is open. While one request does so, others go on
        with the old one; they wait only if there is none, or it must not answer any more."""
        began = time.monotonic()
        if self._lease and began - self._checked < self._recheck:
            return
        lease, (current_name, _) = self._lease, self._current()
        outdated = lease is None or self._is_outdated(lease, current_name)
        difference = lease.difference() if lease else Difference.NONE
        if lease and not outdated and difference in (Difference.NONE, Difference.TOUCHED):
            if difference is Difference.TOUCHED:
                self._verify_again(lease)
            self._checked = began
            return
        must_wait = lease is None or difference is Difference.WRITTEN or not outdated
        if not self._opening.acquire(blocking=must_wait):
            return
        try:
            lease, (current_name, fault) = self._lease, self._current()  # perhaps opened meanwhile
            if (
                lease is None
                or self._is_outdated(lease, current_name)
                or lease.difference() in (Difference.TAKEN_AWAY, Difference.WRITTEN)
            ):
                self._replace(self._open(current_name, fault))
        except IndexUnusable:
            self._replace(None)
            raise
        finally:
            self._opening.release()

    def _is_outdated(self, lease: SearcherLease, name: str) -> bool:
        """Whether another generation than the leased one may have to answer."""
        return lease.current_name != name or lease.may_be_mended(self._retry_after)

    def _current(self) -> tuple[str, IndexDamaged | None]:
        """The name in `CURRENT`, or the fault that hides it. The file is read again only when its
        stat key has changed."""
        try:
            key = self._directory.stat_key()
            if key is None or key != self._current_read[0]:
                self._current_read = key, self._directory.current_name()
            return self._current_read[1], None
        except IndexDamaged as fault:
            return str(fault), fault

    def _open(self, name: str, fault: IndexDamaged | None) -> SearcherLease:
        """Open the generation of this name or, if that is damaged, the fallback."""
        if fault is None:
            try:
                generation = self._directory.load(name, self._engine, self._policy)
                return self._lease_of(name, generation)
            except IndexDamaged as error:
                newer, unnamed = self._current()
                if newer != name:  # a reindex replaced it and removed its files meanwhile
                    return self._open(newer, unnamed)
                fault = error
        return self._open_fallback(name, fault)

    def _open_fallback(self, name: str, fault: IndexDamaged) -> SearcherLease:
        """Open the newest whole generation; raises `fault` if there is none."""
        try:
            lease = self._lease_of(name, self._directory.fallback(self._engine, self._policy))
        except IndexUnusable:
            raise fault from None
        lease.fault = fault
        log.warning("%s", lease.warning)
        return lease

    def _lease_of(self, name: str, generation: Generation) -> SearcherLease:
        """Open a generation and, unless it was verified in full, start a thread that does so. The
        caller holds the lock for opening."""
        searcher = self._opener(generation)
        lease = SearcherLease(name, generation, self._policy.xxh3, searcher)
        if self._policy != FULL:
            self._start_thread(self._verify_rest, lease)
        return lease

    def _verify_again(self, lease: SearcherLease) -> None:
        """Start a thread that compares all files with their checksums, unless one does so now."""
        with self._lock:
            if lease.is_being_verified or lease.retired.is_set():
                return
            lease.is_being_verified = True
        self._start_thread(self._verify_anew, lease)

    def _start_thread(self, work: Callable[[SearcherLease], None], lease: SearcherLease) -> None:
        thread = threading.Thread(target=work, args=(lease,), daemon=True)
        with self._lock:
            self._verifiers = [other for other in self._verifiers if other.is_alive()]
            thread.start()
            self._verifiers.append(thread)

    def _verify_rest(self, lease: SearcherLease) -> None:
        """Verify the generation in full, after its first answers have been given."""
        if not lease.retired.wait(self._verify_after):
            self._verify(lease, anew=False)

    def _verify_anew(self, lease: SearcherLease) -> None:
        """Verify the generation without checksums computed before. At most a tenth of the time goes
        into this, however often it is asked for."""
        keys, began = lease.file_keys(), time.monotonic()
        try:
            if self._verify(lease, anew=True):
                lease.verified_keys = keys
            lease.retired.wait(9 * (time.monotonic() - began))
        finally:
            lease.is_being_verified = False

    def _verify(self, lease: SearcherLease, *, anew: bool) -> bool:
        """Whether the generation is whole; if it is not, the fallback replaces it."""
        try:
            self._directory.load(lease.generation, self._engine, anew=anew)
            return True
        except IndexDamaged as fault:
            with self._opening:
                try:
                    if self._lease is not lease or self._current()[0] != lease.current_name:
                        return False  # it has been or will be replaced, and perhaps removed
                    self._replace(self._open_fallback(lease.current_name, lease.fault or fault))
                except IndexUnusable as error:
                    log.error("%s", error)
                    self._replace(None)
        return False

    def _replace(self, lease: SearcherLease | None) -> None:
        with self._lock:
            old, self._lease = self._lease, lease
            self.opened += lease is not None
            if old is not None:
                old.retired.set()
                if not old.users:
                    old.searcher.close()
