"""The gate: who is worked on next, who waits, who is refused. Threads, but no clock decides."""

import threading
import time
from collections.abc import Iterator

import pytest

from search_app.serving.admission import Gate, GreedyLimit, QueueLimits, Reason, Refused
from tests.patience import patience

LONG = QueueLimits(seconds=20)


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Asked:
    """A request in a thread of its own, which keeps its slot until it is told to end."""

    def __init__(self, gate: Gate, client: str) -> None:
        self.client, self.refused = client, ""
        self.inside, self.may_end = threading.Event(), threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask, args=(gate,), daemon=True)
        self._thread.start()

    def _ask(self, gate: Gate) -> None:
        try:
            with gate.slot(self.client):
                self.inside.set()
                self.may_end.wait(20)
        except Refused as refused:
            self.refused = refused.reason
        self._over.set()

    def end(self) -> None:
        """Have it answered, or refused."""
        self.may_end.set()
        assert self._over.wait(20)


class Requests:
    """The requests of a test, and the gate they go through."""

    def __init__(self) -> None:
        self.all: list[Asked] = []

    def at_work(self, gate: Gate, client: str) -> Asked:
        """One that gets a slot at once."""
        asked = self._asked(gate, client)
        assert asked.inside.wait(20)
        return asked

    def waiting(self, gate: Gate, client: str) -> Asked:
        """One that has to wait."""
        before = gate._queued()
        asked = self._asked(gate, client)
        with patience():
            while gate._queued() == before:
                time.sleep(0.001)
        return asked

    def _asked(self, gate: Gate, client: str) -> Asked:
        self.all.append(Asked(gate, client))
        return self.all[-1]


@pytest.fixture
def requests() -> Iterator[Requests]:
    made = Requests()
    yield made
    for asked in made.all:
        asked.may_end.set()
    for asked in made.all:
        asked.end()


def refusal(gate: Gate, client: str) -> Reason:
    with pytest.raises(Refused) as caught, gate.slot(client):
        pass
    return caught.value.reason


def test_no_client_has_more_at_work_than_its_share_even_while_slots_are_free(
    requests: Requests,
) -> None:
    gate = Gate(4, 2, LONG)
    requests.at_work(gate, "a")
    first = requests.at_work(gate, "a")
    third = requests.waiting(gate, "a")
    requests.at_work(gate, "b")
    assert not third.inside.is_set()
    first.end()
    assert third.inside.wait(20)


def test_a_free_slot_goes_to_the_client_with_the_fewest_at_work(requests: Requests) -> None:
    gate = Gate(3, 2, LONG)
    requests.at_work(gate, "a")
    requests.at_work(gate, "b")
    requests.at_work(gate, "d").end()  # who was served last is not what comes first
    ends = requests.at_work(gate, "c")
    older = requests.waiting(gate, "a")
    newer = requests.waiting(gate, "d")
    ends.end()
    assert newer.inside.wait(20)
    assert not older.inside.is_set()
    newer.end()
    assert older.inside.wait(20)


def test_among_equals_it_goes_to_who_was_served_longest_ago(requests: Requests) -> None:
    gate = Gate(1, 1, LONG)
    requests.at_work(gate, "seldom").end()
    often = requests.at_work(gate, "often")
    again = requests.waiting(gate, "often")
    seldom = requests.waiting(gate, "seldom")
    often.end()
    assert seldom.inside.wait(20)
    assert not again.inside.is_set()


def test_of_one_clients_requests_the_oldest_goes_first(requests: Requests) -> None:
    gate = Gate(1, 1, LONG)
    first = requests.at_work(gate, "a")
    second = requests.waiting(gate, "a")
    third = requests.waiting(gate, "a")
    first.end()
    assert second.inside.wait(20)
    assert not third.inside.is_set()


def test_a_client_fills_its_own_places_and_no_others(requests: Requests) -> None:
    gate = Gate(2, 1, QueueLimits(places=4, places_each=2, seconds=20))
    requests.at_work(gate, "a")
    for _ in range(2):
        requests.waiting(gate, "a")
    assert refusal(gate, "a") is Reason.TOO_MANY
    requests.at_work(gate, "b")


def test_who_has_fewer_waiting_takes_the_newest_place_of_who_has_most(requests: Requests) -> None:
    gate = Gate(1, 1, QueueLimits(places=3, places_each=3, seconds=20))
    requests.at_work(gate, "a")
    kept, also_kept, newest = (requests.waiting(gate, "a") for _ in range(3))
    other = Asked(gate, "b")
    requests.all.append(other)
    with patience():
        while not newest.refused:
            time.sleep(0.001)
    assert newest.refused == Reason.TOO_MANY
    assert not kept.refused
    assert not also_kept.refused
    requests.all[0].end()
    assert other.inside.wait(20)


def test_a_room_full_of_clients_with_one_request_each_is_busy(requests: Requests) -> None:
    gate = Gate(1, 1, QueueLimits(places=2, places_each=2, seconds=20))
    requests.at_work(gate, "a")
    requests.waiting(gate, "b")
    requests.waiting(gate, "c")
    assert refusal(gate, "d") is Reason.BUSY
    assert refusal(gate, "b") is Reason.BUSY


def test_who_waits_too_long_is_told_to_come_back_and_leaves_no_trace(requests: Requests) -> None:
    gate = Gate(1, 1, QueueLimits(seconds=0.05))
    first = requests.at_work(gate, "a")
    assert refusal(gate, "b") is Reason.BUSY
    assert gate._queued() == 0
    first.end()
    requests.at_work(gate, "b")


def test_an_error_gives_the_slot_back() -> None:
    gate = Gate(1, 1, QueueLimits(seconds=0.05))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), gate.slot("a"):
            _ = 1 / 0


def test_greedy_clients_get_half_of_the_slots_until_they_have_rested(requests: Requests) -> None:
    clock = Clock()
    gate = Gate(4, 2, QueueLimits(seconds=0.05), GreedyLimit(window=10, part=0.2), clock=clock)
    with gate.slot("a"), gate.slot("b"), gate.slot("c"):
        clock.now += 3
    requests.at_work(gate, "a")
    requests.at_work(gate, "b")
    assert refusal(gate, "c") is Reason.BUSY
    requests.at_work(gate, "light")
    clock.now += 20
    requests.at_work(gate, "c")


def test_no_more_clients_are_remembered_than_may_be() -> None:
    gate = Gate(1, 1, remembered=10)
    for number in range(1000):
        with gate.slot(str(number)):
            pass
    assert len(gate._gone) == 10
    assert not gate._clients


def test_many_threads_of_many_clients_keep_to_the_limits() -> None:
    gate, slots, each = Gate(3, 2, QueueLimits(places=8, places_each=4, seconds=20)), 3, 2
    lock, inside, most, done = threading.Lock(), dict.fromkeys("abcd", 0), [0, 0], [0, 0]

    def ask(client: str) -> None:
        for _ in range(100):
            try:
                with gate.slot(client):
                    with lock:
                        inside[client] += 1
                        most[0] = max(most[0], sum(inside.values()))
                        most[1] = max(most[1], inside[client])
                    time.sleep(0.0002)
                    with lock:
                        inside[client] -= 1
                        done[0] += 1
            except Refused:
                with lock:
                    done[1] += 1

    threads = [threading.Thread(target=ask, args=(client,)) for client in "abcd" * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 1600
    assert done[0] > 100
    assert most[0] <= slots
    assert most[1] <= each
    assert gate._queued() == 0
    assert not gate._clients
