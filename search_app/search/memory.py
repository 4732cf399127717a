"""A bounded memory of what was found before, which threads share."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """Holds what was found for the last `most` keys that were asked for.

    Unlike `functools.lru_cache` it is not told how to find something before somebody asks, so what
    outlives a searcher's requests need not refer to the searcher.
    """

    def __init__(self, most: int) -> None:
        self._found: OrderedDict[Key, Value] = OrderedDict()
        self._most, self._lock = most, Lock()

    def get(self, key: Key, find: Callable[[Key], Value]) -> Value:
        """What is remembered for a key, or else found for it now. While it is being found others
        may find it, too. An error is not remembered."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        value = find(key)
        with self._lock:
            self._found[key] = value
            if len(self._found) > self._most:
                self._found.popitem(last=False)
        return value
