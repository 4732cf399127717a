"""Which host a site has: the one that a request names, or a proxy that is trusted.

A name may have underscores, as those of services in networks of containers do. Whatever cannot be
the host of an address (RFC 3986, section 3.2.2) names none, so nobody can write into addresses what
leads elsewhere than to a host.
"""

import re
from contextlib import suppress
from ipaddress import IPv6Address, ip_address

from search_app.serving.wsgi import Environ

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w-]+(?:\.[\w-]+)*\.?)(?::([0-9]{0,5}))?", re.ASCII)
_USUAL_PORTS = {"http": 80, "https": 443}
_MAX_PORT = 65_535


def host_in(text: str) -> str:
    """The host in a text and its port, if that has one; "" if the text names none."""
    if not (parts := _HOST.fullmatch(text)):
        return ""
    name, port = parts[1], int(parts[2] or 0)
    if name.startswith("[") and not _is_ipv6(name[1:-1]):
        return ""
    if port > _MAX_PORT or (parts[2] and not port):
        return ""
    return f"{name}:{port}" if port else name


def origin_of(environ: Environ) -> str:
    """Scheme and host under which a request asked for the site; "" if it names no host. Without one
    (HTTP/1.0) it is the address that the server listens on, unless that stands for all it has."""
    scheme = environ["wsgi.url_scheme"]
    host = host_in(environ.get("HTTP_HOST") or _own_host(environ))
    return f"{scheme}://{host.removesuffix(f':{_USUAL_PORTS.get(scheme)}')}" if host else ""


def _own_host(environ: Environ) -> str:
    """The host that a server has itself; that on a Unix socket has none."""
    name, port = environ.get("SERVER_NAME", ""), environ.get("SERVER_PORT", "")
    with suppress(ValueError):  # then it is a name
        address = ip_address(name)
        if address.is_unspecified:
            return ""
        if isinstance(address, IPv6Address):
            name = f"[{name}]"
    return f"{name}:{port}"


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True
