"""How often a client may ask: each has a token bucket with a second's worth of requests.

A bucket has room for `rate` tokens, but at least for one. It gains `rate` tokens a second, and each
request takes one. A client that is not remembered has a full bucket. The clients that have not
asked for longest are forgotten, so memory is bounded however many addresses ask.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from search_app.serving.admission import Reason, Refused


class RateLimit:
    """Counts the requests of each client. Safe to share between threads. `rate` is in requests a
    second; 0: there is no limit. `clients` is how many are remembered. `clock` returns monotonic
    seconds.
    """

    def __init__(
        self, rate: float, *, clients: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate, self._clients, self._clock = rate, clients, clock
        self._most = max(1.0, rate)
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when

    def take(self, client: str) -> None:
        """Count a request. Raises `Refused`, with the seconds to wait, if the bucket is empty."""
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
