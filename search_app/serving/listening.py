"""The sockets a server listens on, one for each address of its host name; and how many threads and
connections the system allows it."""

import contextlib
import errno
import os
import resource
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from indexer.errors import UsageError

NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""The errors of a machine without IPv6 if a name has an IPv6 address."""


@contextmanager
def listening(
    host: str, port: int, *, backlog: int = 1_024, unread: float = 20.0
) -> Iterator[list[socket.socket]]:
    """Sockets that listen on a port of every address of a host; port 0: any that is free.

    If a client takes nothing of what it was sent for `unread` seconds, its connection is closed
    (on Linux; elsewhere it stays open until the client leaves). Raises `UsageError` if an address
    cannot be listened on.
    """
    with ExitStack() as stack:
        listeners: list[socket.socket] = []
        try:
            for family, address in _addresses(host, port):
                chosen = listeners[0].getsockname()[1] if listeners else port
                try:
                    listener = socket.create_server(
                        (address[0], chosen, *address[2:]),
                        family=family,
                        backlog=backlog,
                    )
                except OSError as error:
                    if listeners and error.errno in NO_SUCH_ADDRESS:
                        continue
                    raise
                listeners.append(stack.enter_context(listener))
                if sys.platform == "linux":  # connections inherit it where they are accepted
                    listener.setsockopt(
                        socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(unread * 1000)
                    )
        except (OSError, UnicodeError) as error:
            raise UsageError(
                f"cannot listen on {host} port {port}: {_reason(error)}; choose another "
                "with --host and --port",
                "port",
            ) from error
        yield listeners


def _reason(error: OSError | UnicodeError) -> str:
    """Why, as the system says it: Python's own text tells number and address once more."""
    if isinstance(error, socket.gaierror):  # whose numbers are others
        return error.strerror or str(error)
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[Any, ...]]]:
    """The addresses of a name, each once; IPv4 first, because most clients try that first."""
    known = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    distinct = {(family, tuple(address)): None for family, *_, address in known}
    return sorted(distinct, key=lambda pair: pair[0] != socket.AF_INET)


def url(listeners: list[socket.socket], host: str) -> str:
    """The address to type into a browser."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listeners[0].getsockname()[1]}/"


def room_for_threads(wanted: int, *, spare: int = 8) -> int:
    """How many threads the server may use, at most `wanted`. To find out what the system allows,
    it starts that many, and `spare` ones for other uses, and ends them at once.

    Granian starts threads when it needs them, and if the system refuses one then, the process
    ends. Raises `UsageError` if the system allows no more than the spare ones.
    """
    over, started = threading.Event(), list[threading.Thread]()
    try:
        for _ in range(wanted + spare):
            thread = threading.Thread(target=over.wait, daemon=True)
            thread.start()
            started.append(thread)
    except (RuntimeError, MemoryError):
        pass  # the system allows no more than those started
    finally:
        over.set()
        for thread in started:
            thread.join()
    if len(started) <= spare:
        raise UsageError(
            f"the system allows {len(started)} threads besides those at work, and serving takes "
            "more; raise its limits on processes (ulimit -u, pids) and memory (ulimit -v)"
        )
    return min(wanted, len(started) - spare)


def room_for_connections(wanted: int, *, others: int = 256) -> int:
    """How many connections may be open at a time, at most `wanted`. Each takes a file descriptor;
    `others` of them, or a quarter if there are few, are left for files. The process's soft limit
    is raised as far as the system allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted + others:
        most = wanted + others if hard == resource.RLIM_INFINITY else min(hard, wanted + others)
        with contextlib.suppress(OSError, ValueError):  # not allowed: the limit stays as it is
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, soft - min(others, max(32, soft // 4))))
