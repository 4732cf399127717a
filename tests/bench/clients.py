"""Clients of a web server, in a process of their own: an order on stdin, figures on stdout.

Answers are read whole and not looked into.
"""

import http.client
import json
import sys
import threading
import time
from itertools import count
from typing import Any

from tests.bench.figures import percentile


class _Clients:
    """What the clients share: the order, and what came of it."""

    def __init__(self, order: dict[str, Any]) -> None:
        self._order = order
        self._next = count()
        self._end = time.perf_counter() + order["seconds"]
        self.times: list[float] = []
        self.failed = 0

    def ask(self) -> None:
        """Be one client, until the time is over or enough was asked."""
        connection = http.client.HTTPConnection("127.0.0.1", self._order["port"], timeout=120)
        paths, most = self._order["paths"], self._order["requests"]
        while True:
            number = next(self._next)
            began = time.perf_counter()
            if number >= most if most else began > self._end:
                break
            connection.request("GET", paths[number % len(paths)])
            response = connection.getresponse()
            response.read()
            self.times.append(time.perf_counter() - began)
            self.failed += response.status != http.client.OK
        connection.close()


def main() -> None:
    """Carry out the order."""
    order = json.load(sys.stdin)
    clients = _Clients(order)
    threads = [threading.Thread(target=clients.ask) for _ in range(order["clients"])]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    figures = {
        "rate": round(len(clients.times) / seconds, 2),
        "p50": round(percentile(clients.times, 50) * 1000, 3),
        "p95": round(percentile(clients.times, 95) * 1000, 3),
        "failed": clients.failed,
    }
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
