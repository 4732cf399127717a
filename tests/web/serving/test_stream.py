"""Streams: chunks in turns, an end that can be told from a break, nothing held after it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from search_app.serving.stream import SlowClient, Stream


class Held:
    """Something to hold: counts how often it was released, and with which error."""

    def __init__(self) -> None:
        self.released: list[BaseException | None] = []

    def stack(self) -> ExitStack:
        def release(_: object, error: BaseException | None, __: object) -> bool:
            self.released.append(error)
            return False

        held = ExitStack()
        held.push(release)
        return held


def breaking() -> Iterator[bytes]:
    yield b"one"
    raise ValueError("a fault")


def told(error: Exception) -> bytes:
    return f"broken: {error}".encode()


def test_a_stream_gives_its_chunks_and_ends() -> None:
    held = Held()
    stream = Stream(iter([b"a", b"b"]), held.stack(), told)
    assert list(stream) == [b"a", b"b"]
    stream.close()
    stream.close()
    assert held.released == [None]


def test_a_stream_that_breaks_off_says_so_then_raises() -> None:
    held = Held()
    stream = Stream(breaking(), held.stack(), told)
    assert (next(stream), next(stream)) == (b"one", b"broken: a fault")
    (error,) = held.released
    assert isinstance(error, ValueError)
    with pytest.raises(ValueError, match="a fault"):
        next(stream)
    stream.close()
    assert len(held.released) == 1


def test_a_client_that_takes_a_chunk_too_slowly_is_given_up() -> None:
    now = iter([0.0, 29.0, 29.0, 60.0])
    held = Held()
    stream = Stream(iter([b"a", b"b", b"c"]), held.stack(), told, clock=lambda: next(now))
    assert (next(stream), next(stream)) == (b"a", b"b")
    assert b"not taken within 30 seconds" in next(stream)
    assert isinstance(held.released[0], SlowClient)


def test_each_chunk_is_made_in_a_turn_and_none_is_held_between_them() -> None:
    at_work, turns = 0, 0

    @contextmanager
    def turn() -> Iterator[None]:
        nonlocal at_work, turns
        at_work, turns = at_work + 1, turns + 1
        yield
        at_work -= 1

    def chunks() -> Iterator[bytes]:
        for _ in range(3):
            assert at_work == 1
            yield b"a"

    own, place = Held(), Held()
    stream = Stream(chunks(), own.stack(), told).take_turns(turn, place.stack())
    for _ in stream:
        assert at_work == 0
    stream.close()
    assert (turns, own.released, place.released) == (4, [None], [None])
