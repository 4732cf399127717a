"""A cache of whole answers: those of one version, the least recently used dropped first."""

import sys
import threading
from collections import OrderedDict

from search_app.serving.wsgi import Answer

ENTRY_BYTES = 500
"""What an entry takes besides its headers and texts: its object, its place in the table."""


class AnswerCache:
    """Holds answers of at most `max_bytes` in all, as they lie in memory. Safe to share between
    threads.

    All its answers are of one version. With the first question for another one they are dropped.
    A single answer that takes more than a `part` of the room is not kept, as it would drive out
    too many others.
    """

    def __init__(self, max_bytes: int, part: float = 1 / 16) -> None:
        self._max_bytes, self._most = max_bytes, int(max_bytes * part)
        self._lock = threading.Lock()
        self._version = ""
        self._answers: OrderedDict[str, Answer] = OrderedDict()  # the least recently used first
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """How many bytes its answers take."""
        return self._bytes

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, version: str, key: str) -> Answer | None:
        """The answer of this version under a key, or `None`."""
        with self._lock:
            if version != self._version:
                self._answers.clear()
                self._version, self._bytes = version, 0
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, version: str, key: str, answer: Answer) -> None:
        """Keep an answer, unless another version has been asked for since."""
        if len(answer.body) > self._most or (size := _size(key, answer)) > self._most:
            return
        with self._lock:
            if version != self._version or key in self._answers:
                return
            self._answers[key] = answer
            self._bytes += size
            while self._bytes > self._max_bytes:
                self._bytes -= _size(*self._answers.popitem(last=False))


def _size(key: str, answer: Answer) -> int:
    """An upper bound of the bytes of an entry, as some of its texts are shared."""
    pairs = answer.headers
    texts = (text for pair in pairs for text in pair)
    held = (key, answer.status, answer.body, pairs, *pairs, *texts)
    return ENTRY_BYTES + sum(map(sys.getsizeof, held))
