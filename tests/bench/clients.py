"""Clients of a web server, in a process of their own: an order on stdin, figures on stdout.

The machine is the server's, too, so they must cost little: one thread, bare sockets, and of an
answer only its status, its length and its entity tag are read.
"""

import json
import re
import selectors
import socket
import sys
import time
from itertools import count
from typing import Any

from tests.bench.figures import percentile

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_TAG = re.compile(rb"\r\netag: *([^\r]+)", re.IGNORECASE)
_END, _LAST_CHUNK = b"\r\n\r\n", b"0\r\n\r\n"


class _Clients:
    """What the clients share: the order, and what came of it."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.port, self._paths, self.headers = order["port"], order["paths"], order["headers"]
        self.keeps_tags = order["keeps_tags"]
        self._requests, self._next = order["requests"], count()
        self._end = time.perf_counter() + order["seconds"]
        self.times: list[float] = []
        self.bytes = self.failed = self.unchanged = 0

    def next_path(self) -> str:
        """What is asked for next; "" if the time is over or enough was asked."""
        number = next(self._next)
        most = self._requests
        is_over = number >= most if most else time.perf_counter() > self._end
        return "" if is_over else self._paths[number % len(self._paths)]

    def answered(self, seconds: float, status: bytes, size: int) -> None:
        """Count an answer."""
        self.times.append(seconds)
        self.bytes += size
        self.unchanged += status == b"304"
        self.failed += status not in (b"200", b"304")


class _Client:
    """One client, with a connection that it keeps, and the entity tags of what it has seen."""

    def __init__(self, shared: _Clients) -> None:
        self._shared = shared
        self.socket = socket.create_connection(("127.0.0.1", shared.port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tags: dict[str, str] = {}
        self._path, self._began, self._read = "", 0.0, b""

    def ask(self) -> bool:
        """Send the next request; whether there was one."""
        self._path, self._read = self._shared.next_path(), b""
        if not self._path:
            self.socket.close()
            return False
        tag = self._tags.get(self._path)
        more = f"If-None-Match: {tag}\r\n" if tag else ""
        head = f"GET {self._path} HTTP/1.1\r\nHost: localhost\r\n{self._shared.headers}{more}\r\n"
        self._began = time.perf_counter()
        self.socket.sendall(head.encode())
        return True

    def hear(self) -> bool:
        """Read what has come; whether the answer is whole. Raises `ConnectionError` if the server
        has closed the connection."""
        came = self.socket.recv(262_144)
        if not came:
            raise ConnectionError(f"the connection was closed instead of {self._path}")
        self._read += came
        end = self._read.find(_END)
        if end < 0:
            return False
        head = self._read[: end + len(_END)]
        status, length = head[9:12], _LENGTH.search(head)
        if length and status != b"304":
            if len(self._read) < len(head) + int(length[1]):
                return False
        elif _CHUNKED.search(head) and not self._read.endswith(_LAST_CHUNK):
            return False
        self._shared.answered(time.perf_counter() - self._began, status, len(self._read))
        if self._shared.keeps_tags and (tag := _TAG.search(head)):
            self._tags[self._path] = tag[1].decode()
        return True


def main() -> None:
    """Carry out the order."""
    order = json.load(sys.stdin)
    shared, selector = _Clients(order), selectors.DefaultSelector()
    began = time.perf_counter()
    for client in [_Client(shared) for _ in range(order["clients"])]:
        if client.ask():
            selector.register(client.socket, selectors.EVENT_READ, client)
    while selector.get_map():
        for key, _ in selector.select():
            client = key.data
            if client.hear():
                selector.unregister(client.socket)
                if client.ask():
                    selector.register(client.socket, selectors.EVENT_READ, client)
    seconds, asked = time.perf_counter() - began, len(shared.times)
    figures = {
        "asked": asked,
        "rate": round(asked / seconds, 2),
        "p50": round(percentile(shared.times, 50) * 1000, 3),
        "p95": round(percentile(shared.times, 95) * 1000, 3),
        "failed": shared.failed,
        "unchanged": round(shared.unchanged / asked, 3),
        "bytes": round(shared.bytes / asked),
    }
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
