"""Clients that mean a server no good, or do not know better: what each does, on real sockets.

Each attack is a context manager over an address: within it the attack goes on, at its end its
connections are closed. Everything is bounded: in connections, in bytes a second, and by the end
of the context.

    idle            connects and says nothing
    slow_headers    a byte of a request's headers a second, never the end of them
    slow_bodies     a body a byte a second, after headers that promise a large one
    endless_bodies  a chunked body as fast as it is taken, without an end
    pipeliners      eighty pages asked for at once, of whose answers nothing is read
    greedy          the heaviest pages, one after the other without a pause
"""

import contextlib
import http.client
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field

HEAVY = "/search?q=a*+OR+s*+OR+t*+OR+the&page_size=100&match=any"
"""A page that takes a server long and is large."""

LARGE = "/search?q=the&page_size=100"
"""A page that is as large, and made sooner: eighty of them fill any buffer."""

Address = tuple[str, int]


@dataclass(slots=True)
class Seen:
    """What an attack came to: `connections` opened, `refused` ones, those that the server `closed`
    while it went on, and requests `answered`."""

    connections: int = 0
    refused: int = 0
    closed: int = 0
    answered: int = 0
    statuses: dict[int, int] = field(default_factory=dict)


Attack = Callable[[Address], AbstractContextManager[Seen]]


def source(number: int) -> str:
    """The address of the client of this number, from 127.0.0.10 on."""
    return f"127.0.{number // 200}.{10 + number % 200}"


def _connect(address: Address, client: int, seen: Seen, *, small: bool = False) -> socket.socket:
    """A connection from a client's own address; `small`: one that takes little before it is read.

    Raises `OSError` if it is refused.
    """
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if small:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(5)
        connection.bind((source(client), 0))
        connection.connect(address)
    except OSError:
        connection.close()
        seen.refused += 1
        raise
    seen.connections += 1
    return connection


@contextmanager
def _trickle(
    address: Address,
    count: int,
    first: bytes,
    then: bytes,
    pause: float,
    clients: int,
    start: int = 0,
) -> Iterator[Seen]:
    """So many connections that send `first`, then `then` at every pause."""
    seen, stop, watched = Seen(), threading.Event(), selectors.DefaultSelector()
    opened: list[socket.socket] = []
    for number in range(count):
        with contextlib.suppress(OSError):
            connection = _connect(address, start + number % clients, seen)
            opened.append(connection)
            connection.sendall(first)
            connection.setblocking(False)
            watched.register(connection, selectors.EVENT_READ)

    def keep_on() -> None:
        while not stop.wait(pause):
            seen.closed += _drop_closed(watched)
            for key in list(watched.get_map().values()):
                _send_some(watched, key.fileobj, then)  # type: ignore[arg-type]  # a socket, as registered

    thread = threading.Thread(target=keep_on)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()
        seen.closed += _drop_closed(watched)
        watched.close()
        for connection in opened:
            connection.close()


def _drop_closed(watched: selectors.BaseSelector) -> int:
    """Forget the connections that the server has closed; how many there were."""
    closed = 0
    for key, _ in watched.select(0):
        connection = key.fileobj
        assert isinstance(connection, socket.socket)
        try:
            if connection.recv(65_536):
                continue
        except BlockingIOError:
            continue
        except OSError:
            pass  # reset, which is one way to close
        watched.unregister(connection)
        closed += 1
    return closed


def _send_some(watched: selectors.BaseSelector, connection: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):  # full, or closed: the next look tells
        if data:
            connection.send(data)


def idle(count: int = 100, clients: int = 1, first: int = 0) -> Attack:
    """Connections on which nothing is said."""
    return lambda address: _trickle(address, count, b"", b"", 0.5, clients, first)


def slow_headers(count: int = 50, pause: float = 1.0, clients: int = 8) -> Attack:
    """Headers that never end, a byte a second."""
    begin = b"GET /search HTTP/1.1\r\nHost: x\r\nX-Slow: "
    return lambda address: _trickle(address, count, begin, b"a", pause, clients)


def slow_bodies(count: int = 50, pause: float = 1.0, clients: int = 8) -> Attack:
    """Bodies that never end, a byte a second."""
    begin = b"POST /api/search HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n"
    return lambda address: _trickle(address, count, begin, b"a", pause, clients)


def endless_bodies(count: int = 4, pause: float = 0.01, clients: int = 4) -> Attack:
    """Chunks as fast as they are taken, up to 25 MB a second in all."""
    begin = b"POST /search HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    return lambda address: _trickle(address, count, begin, chunk, pause, clients)


def pipeliners(count: int = 8, pages: int = 80, path: str = LARGE, clients: int = 8) -> Attack:
    """Pages asked for in one go; nothing of the answers is read."""

    @contextmanager
    def attack(address: Address) -> Iterator[Seen]:
        seen, request = Seen(), f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        with ExitStack() as stack:
            for number in range(count):
                with contextlib.suppress(OSError):
                    connection = _connect(address, number % clients, seen, small=True)
                    stack.enter_context(connection)
                    connection.sendall(request * pages)
            yield seen

    return attack


def greedy(
    count: int = 8, path: str = HEAVY, clients: int = 8, pause: float = 0.0, first: int = 0
) -> Attack:
    """Connections that ask without a pause, or with one where they were told to wait."""

    @contextmanager
    def attack(address: Address) -> Iterator[Seen]:
        seen, stop = Seen(), threading.Event()

        def ask(number: int) -> None:
            host = (source(first + number % clients), 0)
            while not stop.is_set():
                client = http.client.HTTPConnection(*address, timeout=30, source_address=host)
                seen.connections += 1
                try:
                    while not stop.is_set():
                        client.request("GET", path)
                        answer = client.getresponse()
                        answer.read()
                        seen.answered += 1
                        seen.statuses[answer.status] = seen.statuses.get(answer.status, 0) + 1
                        stop.wait(pause if answer.status < 400 else max(pause, 0.02))
                except (OSError, http.client.HTTPException):
                    seen.refused += 1
                    stop.wait(0.1)
                finally:
                    client.close()

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(count)]
        for thread in threads:
            thread.start()
        try:
            yield seen
        finally:
            stop.set()
            for thread in threads:
                thread.join()

    return attack


def at_once(*attacks: Attack) -> Attack:
    """All of them together; what is seen of them is added up."""

    @contextmanager
    def attack(address: Address) -> Iterator[Seen]:
        with ExitStack() as stack:
            parts = [stack.enter_context(one(address)) for one in attacks]
            total = Seen()
            yield total
            for part in parts:
                total.connections += part.connections
                total.refused += part.refused
                total.closed += part.closed
                total.answered += part.answered

    return attack


def ask(address: Address, path: str, client: str = "127.0.0.1", timeout: float = 10.0) -> float:
    """Ask once over a new connection: the seconds until the whole answer, which must be a 200.

    Raises `OSError` or `HTTPException` if there is none within the time.
    """
    began = time.perf_counter()
    connection = http.client.HTTPConnection(*address, timeout=timeout, source_address=(client, 0))
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
    if answer.status != http.client.OK:
        raise http.client.HTTPException(f"{path}: {answer.status}")
    return time.perf_counter() - began
