"""The sockets a server listens on: one for each address that a host name stands for."""

import contextlib
import errno
import resource
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from indexer.errors import UsageError

NO_SUCH_ADDRESS = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""What a machine says that has no IPv6, though a name has such an address."""


@contextmanager
def listening(
    host: str, port: int, *, backlog: int = 1_024, unread: float = 20.0
) -> Iterator[list[socket.socket]]:
    """Sockets that listen on a port of all addresses of a host; port 0: one that is free.

    `unread`: seconds until a connection is closed whose client takes nothing of what it was sent
    (Linux only: elsewhere it stays until the client leaves). Raises `UsageError` if an address
    cannot be listened on.
    """
    with ExitStack() as stack:
        found: list[socket.socket] = []
        try:
            for family, address in _addresses(host, port):
                chosen = found[0].getsockname()[1] if found else port
                try:
                    listener = socket.create_server(
                        (address[0], chosen, *address[2:]),
                        family=family,
                        backlog=backlog,
                    )
                except OSError as error:
                    if found and error.errno in NO_SUCH_ADDRESS:
                        continue
                    raise
                found.append(stack.enter_context(listener))
                if sys.platform == "linux":  # connections inherit it where they are accepted
                    listener.setsockopt(
                        socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(unread * 1000)
                    )
        except (OSError, UnicodeError) as error:
            raise UsageError(
                f"cannot listen on {host} port {port}: {error}; choose another "
                "with --host and --port",
                "port",
            ) from error
        yield found


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[Any, ...]]]:
    """What a name stands for, IPv4 first, because that is what most clients try."""
    known = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    found = {(family, tuple(address)): None for family, *_, address in known}
    return sorted(found, key=lambda one: one[0] != socket.AF_INET)


def url(listeners: list[socket.socket], host: str) -> str:
    """The address to type into a browser."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listeners[0].getsockname()[1]}/"


def room_for_threads(wanted: int, *, spare: int = 8) -> int:
    """How many threads a server may have, `wanted` at most: so many are started to see whether the
    system allows them, with `spare` ones for others, and end again at once.

    Granian starts threads as they are needed, and one that the system refuses then ends the
    process. Raises `UsageError` where there are not even a few.
    """
    over, started = threading.Event(), list[threading.Thread]()
    try:
        for _ in range(wanted + spare):
            thread = threading.Thread(target=over.wait, daemon=True)
            thread.start()
            started.append(thread)
    except (RuntimeError, MemoryError):
        pass  # so many it is
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
    """How many connections may be open at a time, `wanted` at most: each takes a descriptor, and
    `others`, or a quarter of a few, are left for files. The process's limit is raised as far as it
    may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted + others:
        most = wanted + others if hard == resource.RLIM_INFINITY else min(hard, wanted + others)
        with contextlib.suppress(OSError, ValueError):  # not allowed: then it stays as it is
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(1, min(wanted, soft - min(others, max(32, soft // 4))))
