"""Who sent a request: the peer of its connection or, if that is a trusted proxy, the client that
the proxy names.

A trusted proxy appends the address of its own peer to `X-Forwarded-For`. Whatever stands before it
was sent by that peer, who may have invented it. So the list is read from the right: an entry counts
only if the hop to its right is trusted, and the first hop that is not trusted is the client. An
entry that is no address ends the walk at the hop before it.
"""

import logging
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from search_app.serving.base_path import base_path
from search_app.serving.host import host_in
from search_app.serving.wsgi import App, Environ

log = logging.getLogger(__name__)

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]
CLIENT_NETWORK = 64
"""Bits of an IPv6 address that tell clients apart: all addresses of a /64 are one client."""

_FORWARDED = "HTTP_X_FORWARDED_"


def networks(text: str) -> Networks:
    """The addresses and networks in a list separated by commas or spaces.

    Raises `ValueError`, which says what may be written, if an entry is neither.
    """
    try:
        return tuple(ip_network(part) for part in text.replace(",", " ").split())
    except ValueError:
        raise ValueError(
            "write addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8"
        ) from None


def parsed(text: str) -> Address | None:
    """The address in a text, with or without a port; `None` if the text is none. An IPv4 address
    mapped to IPv6 (`::ffff:192.0.2.1`) is returned as IPv4."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def is_trusted(address: Address | None, trusted: Networks) -> bool:
    """Whether an address is in one of the networks."""
    return address is not None and any(address in network for network in trusted)


def client_address(peer: str, forwarded_for: str, trusted: Networks) -> str:
    """The client's address: `peer`, or the one that trusted proxies name in `forwarded_for`."""
    client = peer
    for text in reversed(forwarded_for.split(",")):
        hop = parsed(text)
        if hop is None or not is_trusted(parsed(client), trusted):
            break
        client = str(hop)
    return client


@lru_cache(maxsize=1_024)
def client_key(address: str) -> str:
    """The key under which a client's requests are counted: an IPv4 address, an IPv6 network of 64
    bits, or the text itself if it is no address (the peer of a Unix socket has none)."""
    client = parsed(address)
    if isinstance(client, IPv6Address):
        return str(ip_network((client.packed, CLIENT_NETWORK), strict=False))
    return str(client) if client else address


class ProxyHeaders:
    """WSGI middleware that gives an application the client's address, scheme, host and base path.

    If the peer is trusted, `REMOTE_ADDR` becomes the client's address, and scheme, host and base
    path become those that the nearest proxy names. If it is not, nothing is believed. In both
    cases all `X-Forwarded-*` headers are removed, so that the application cannot believe one by
    mistake.
    """

    def __init__(self, app: App, trusted: Networks) -> None:
        self._app, self._trusted = app, trusted
        self._warned = False

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """See PEP 3333."""
        forwarded = {name: environ.pop(name) for name in [*environ] if name.startswith(_FORWARDED)}
        if forwarded:
            peer = parsed(environ.get("REMOTE_ADDR", ""))
            if is_trusted(peer, self._trusted):
                _believe(environ, forwarded, self._trusted)
            elif "HTTP_X_FORWARDED_FOR" in forwarded:
                self._warn(peer)
        return self._app(environ, start_response)

    def _warn(self, peer: Address | None) -> None:
        """Log once that a proxy nearby is not trusted, because all its clients count as one."""
        if peer is not None and peer.is_private and not self._warned:
            self._warned = True
            log.warning(
                "%s names other clients in X-Forwarded-For, but is not trusted, so all of them "
                "count as one; if it is your proxy, add it to NEWSDEX_TRUSTED_PROXIES",
                peer,
            )


def _believe(environ: Environ, forwarded: dict[str, str], trusted: Networks) -> None:
    peer, hops = environ["REMOTE_ADDR"], forwarded.get("HTTP_X_FORWARDED_FOR", "")
    environ["REMOTE_ADDR"] = client_address(peer, hops, trusted)
    scheme = _nearest(forwarded, "HTTP_X_FORWARDED_PROTO").lower()
    if scheme in ("http", "https"):
        environ["wsgi.url_scheme"] = scheme
    if host := host_in(_nearest(forwarded, "HTTP_X_FORWARDED_HOST")):
        environ["HTTP_HOST"] = host
    with suppress(ValueError):  # then it is not believed, as a host that is none
        prefix = base_path(_nearest(forwarded, "HTTP_X_FORWARDED_PREFIX"))
        environ["SCRIPT_NAME"] = prefix + environ.get("SCRIPT_NAME", "")


def _nearest(forwarded: dict[str, str], name: str) -> str:
    """The last value of a header, which the nearest proxy wrote."""
    return forwarded.get(name, "").rpartition(",")[2].strip()
