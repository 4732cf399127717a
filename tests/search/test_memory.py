"""What is remembered is bounded, what was used last stays, and threads may share it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from search_app.search.memory import Memory
from tests.conditions import chance as draws


@pytest.fixture
def memory() -> Memory[str, int]:
    return Memory(3)


@pytest.fixture
def found() -> list[str]:
    """The keys that something was found for, in order."""
    return []


def finding(found: list[str]) -> Callable[[str], int]:
    """Finds the length of a key."""

    def find(key: str) -> int:
        found.append(key)
        return len(key)

    return find


def test_something_is_found_once(memory: Memory[str, int], found: list[str]) -> None:
    assert [memory.get(key, finding(found)) for key in ("a", "bb", "a", "a")] == [1, 2, 1, 1]
    assert found == ["a", "bb"]


def test_what_was_not_asked_for_the_longest_is_forgotten(
    memory: Memory[str, int], found: list[str]
) -> None:
    for key in ("a", "b", "c", "a", "d"):  # which displaces b
        memory.get(key, finding(found))
    found.clear()
    for key in ("a", "c", "d", "b"):
        memory.get(key, finding(found))
    assert found == ["b"]


def test_an_error_is_not_remembered(memory: Memory[str, int], found: list[str]) -> None:
    def fail(key: str) -> int:
        raise ValueError(key)

    with pytest.raises(ValueError, match="a"):
        memory.get("a", fail)
    assert memory.get("a", finding(found)) == 1


class Yielding(int):
    """A key that lets other threads go on whenever it is looked up."""

    def __hash__(self) -> int:
        time.sleep(0)
        return int(self)


def test_threads_share_a_memory() -> None:
    shared: Memory[Yielding, int] = Memory(2)

    def ask(number: int) -> bool:
        chance = Random(number)  # noqa: S311 - it draws examples, not secrets
        keys = [Yielding(chance.randrange(4)) for _ in range(1000)]
        return all(shared.get(key, lambda key: key * key) == key * key for key in keys)

    seed = draws("memory").randrange(1000)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(seed, seed + 8)))
