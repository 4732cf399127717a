"""How often a client may ask: a token bucket for each, of a second's worth of requests.

A bucket holds `rate` tokens at most (and one at least), gains `rate` of them a second, and a
request takes one. A client that is not known has a full bucket, so that it costs nothing to forget
those who have not asked for longest: memory is bounded, however many addresses ask.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from search_app.serving.admission import Reason, Refused


class RateLimit:
    """Counts requests of each client. Safe to share between threads. `rate` 0: there is no limit.

    `clients`: how many are remembered. `clock` tells seconds that never go back.
    """

    def __init__(
        self, rate: float, *, clients: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._clients, self._clock = rate, clients, clock
        self._most = max(1.0, rate)
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when

    def take(self, client: str) -> None:
        """Count a request. Raises `Refused`, with the whole seconds to wait, if it is too many."""
        if not self._rate:
            return
        with self._lock:
            now = self._clock()
            tokens, then = self._buckets.pop(client, (self._most, now))
            tokens = min(self._most, tokens + (now - then) * self._rate)
            left = tokens - 1 if tokens >= 1 else tokens
            self._buckets[client] = (left, now)
            if len(self._buckets) > self._clients:
                self._buckets.popitem(last=False)
        if tokens < 1:
            raise Refused(Reason.RATE, max(1, math.ceil((1 - tokens) / self._rate)))
