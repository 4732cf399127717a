"""Admission control: which request is worked on next, and which is refused.

A gate has a number of `slots`, and one client may hold at most `each` of them. A free slot goes to
the waiting client with the fewest requests at work; among equals, to the client whose last slot was
granted longest ago. Of one client's requests the oldest is next. So a client that asks seldom goes
ahead of one that asks without a pause, however many requests the latter has waiting.

Half of the slots are kept for light use. A client that has lately held slots for more than a part
of the time (`GreedyLimit`) is greedy, and all greedy clients together get the other half. So a
light request finds a free slot, and few others computing beside it, whatever greedy clients do.

The queue is bounded, in all and for each client (`QueueLimits`). If it is full, a request of a
client with fewer requests waiting takes the place of the newest request of the client with most.
So a client that opens any number of connections cannot shut others out.

`Gate` knows nothing of HTTP.
"""

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why a request is refused; the value is the `kind` of its error."""

    TOO_MANY = "too_many_requests"
    """The client has too many requests at once."""
    RATE = "rate_limited"
    """The client asks more often than it may."""
    BUSY = "busy"
    """All clients together have too many requests."""


class Refused(Exception):
    """A request is refused. `retry_after`: seconds after which the client may try again."""

    def __init__(self, reason: Reason, retry_after: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """Where requests wait: `places` in all, `places_each` for one client, for `seconds` at most."""

    places: int = 256
    places_each: int = 128  # many people may share an address
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class GreedyLimit:
    """A client is greedy if it has held slots for more than `part` of the last `window` seconds.
    (The time it has held them decays exponentially, with `window` as the time constant.)"""

    window: float = 10.0
    part: float = 0.2


@dataclass(slots=True)
class _Ticket:
    """A request that has a slot or waits for one. If it has to wait, `undecided` is held until it
    got its slot or is `refused`. `since` is when it got its slot, `greedy` whether its client was
    greedy then."""

    undecided: threading.Lock = field(default_factory=threading.Lock)
    refused: Reason | None = None
    since: float = 0.0
    greedy: bool = False


@dataclass(slots=True)
class _Client:
    """A client: its requests at work and waiting (oldest first), the serial number of its last slot
    among all that were granted, and the seconds it has `held` slots, decayed up to `as_of`."""

    at_work: int = 0
    waiting: deque[_Ticket] = field(default_factory=deque)
    last_slot: int = 0
    held: float = 0.0
    as_of: float = 0.0


@dataclass(slots=True)
class _Slot:
    """A context manager for a request of a client; `contextlib` would take longer than the rest."""

    gate: "Gate"
    client: str
    ticket: _Ticket = field(init=False)

    def __enter__(self) -> bool:
        self.ticket = self.gate.enter(self.client)
        return self.ticket.greedy

    def __exit__(self, *error: object) -> None:
        self.gate.leave(self.client, self.ticket)


class Gate:
    """Grants each request a slot, or refuses it. Safe to share between threads.

    `remembered` is how many clients without a request are remembered; one that has been forgotten
    counts as new. `clock` returns monotonic seconds.
    """

    def __init__(
        self,
        slots: int,
        each: int,
        queue: QueueLimits | None = None,
        greedy: GreedyLimit | None = None,
        *,
        remembered: int = 1_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slots, self._free, self._each = slots, slots, each
        self._free_for_greedy = max(each, slots - slots // 2)
        self._limits, self._greedy = queue or QueueLimits(), greedy or GreedyLimit()
        self._remembered, self._clock = remembered, clock
        self._lock = threading.Lock()
        self._clients: dict[str, _Client] = {}  # those with something here
        self._gone: OrderedDict[str, _Client] = OrderedDict()  # those with nothing, for a while
        self._granted = 0

    @property
    def in_use(self) -> int:
        """How many slots are taken."""
        return self._slots - self._free

    @property
    def waiting(self) -> int:
        """How many requests wait for a slot."""
        with self._lock:
            return self._queued()

    def slot(self, client: str) -> AbstractContextManager[bool]:
        """Enter this to hold a slot for the time of a request, and wait for one if none is free. It
        gives whether the client is greedy, and raises `Refused` if the queue is full or the request
        has waited too long."""
        return _Slot(self, client)

    def enter(self, name: str) -> _Ticket:
        """Begin a request of a client: see `slot`."""
        ticket = _Ticket()
        with self._lock:
            if name not in self._clients:
                self._clients[name] = self._gone.pop(name, _Client())
            client = self._clients[name]
            # A client with requests waiting while a slot is free has as many at work as it may.
            if not client.waiting and self._may_have_one(client):
                self._grant(client, ticket)
                return ticket
            try:
                self._queue(client, ticket)
            except Refused:
                self._forget(name, client)
                raise
        if not ticket.undecided.acquire(timeout=self._limits.seconds):
            self._give_up(name, ticket)
        if ticket.refused:
            raise Refused(ticket.refused)
        return ticket

    def leave(self, name: str, ticket: _Ticket) -> None:
        """End a request."""
        with self._lock:
            client = self._clients[name]
            client.held = self._held(client) + client.as_of - ticket.since
            client.at_work -= 1
            self._free += 1
            self._free_for_greedy += ticket.greedy
            self._admit()
            self._forget(name, client)

    def _forget(self, name: str, client: _Client) -> None:
        """Move a client to those only remembered, if it has no request at work or waiting."""
        if client.at_work or client.waiting:
            return
        self._gone[name] = self._clients.pop(name)
        if len(self._gone) > self._remembered:
            self._gone.popitem(last=False)

    def _held(self, client: _Client) -> float:
        """The seconds for which a client has held slots, with exponential decay."""
        now = self._clock()
        client.held *= math.exp((client.as_of - now) / self._greedy.window)
        client.as_of = now
        return client.held

    def _is_greedy(self, client: _Client) -> bool:
        return self._held(client) > self._greedy.part * self._greedy.window

    def _may_have_one(self, client: _Client) -> bool:
        """Whether a free slot may go to this client."""
        if not self._free or client.at_work >= self._each:
            return False
        return self._free_for_greedy > 0 or not self._is_greedy(client)

    def _grant(self, client: _Client, ticket: _Ticket) -> None:
        ticket.greedy = self._is_greedy(client)
        ticket.since = client.as_of
        self._free -= 1
        self._free_for_greedy -= ticket.greedy
        self._granted += 1
        client.at_work += 1
        client.last_slot = self._granted

    def _admit(self) -> None:
        """Give the free slots to the waiting requests whose turn it is."""
        while self._free:
            waiting = [client for client in self._clients.values() if client.waiting]
            eligible = [client for client in waiting if self._may_have_one(client)]
            if not eligible:
                return
            client = min(eligible, key=lambda client: (client.at_work, client.last_slot))
            ticket = client.waiting.popleft()
            self._grant(client, ticket)
            ticket.undecided.release()

    def _queue(self, client: _Client, ticket: _Ticket) -> None:
        if len(client.waiting) >= self._limits.places_each:
            raise Refused(Reason.TOO_MANY)
        if self._queued() >= self._limits.places:
            most = max(self._clients.values(), key=lambda other: len(other.waiting))
            if len(most.waiting) <= len(client.waiting) + 1:
                raise Refused(Reason.BUSY)
            evicted = most.waiting.pop()
            evicted.refused = Reason.TOO_MANY
            evicted.undecided.release()
        ticket.undecided.acquire()
        client.waiting.append(ticket)

    def _queued(self) -> int:
        return sum(len(client.waiting) for client in self._clients.values())

    def _give_up(self, name: str, ticket: _Ticket) -> None:
        with self._lock:
            if not ticket.undecided.locked():
                return  # just when the wait ended
            client = self._clients[name]
            client.waiting.remove(ticket)
            self._forget(name, client)
        ticket.refused = Reason.BUSY
