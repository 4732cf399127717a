"""Content codings (RFC 9110, sections 8.4 and 12.5.3): which answers are compressed, and for whom.

Zstandard leaves less than gzip and takes no longer, and present browsers read it; every client
reads gzip that reads any. Compressing hides no secret here that its length could tell (as
BREACH does): an answer has nothing that whoever asks does not know or may not read, for there are
no cookies, no accounts and no tokens.
"""

import threading
import zlib
from collections.abc import Callable, Mapping
from functools import lru_cache

import zstandard

ZSTD = "zstd"
GZIP = "gzip"
IDENTITY = "identity"

_GZIP_FORMAT = 31
"""What `zlib` calls the format of gzip, with the largest window."""


@lru_cache(maxsize=64)
def chosen_coding(accept_encoding: str) -> str:
    """The coding of an answer to a client that sent this `Accept-Encoding`: the one it prefers, and
    of equal ones the first of `zstd`, `gzip`, `identity`. Who names none but `*` is sent gzip."""
    weights: dict[str, float] = {}
    for element in accept_encoding.lower().split(","):
        name, *parameters = element.split(";")
        weights[name.strip().removeprefix("x-")] = _weight(parameters)
    weights.setdefault(GZIP, weights.get("*", 0.0))
    best = max(CODINGS, key=lambda coding: weights.get(coding, 0.0))
    weight = weights.get(best, 0.0)
    return best if weight > 0 and weight >= weights.get(IDENTITY, 0.0) else IDENTITY


def _weight(parameters: list[str]) -> float:
    """The weight among the parameters of an element: 1 without one, 0 if it cannot be read."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return max(0.0, float(value))  # of which "nan" makes 0
            except ValueError:
                return 0.0
    return 1.0


@lru_cache(maxsize=64)
def is_compressible(media_type: str) -> bool:
    """Whether compressing what has this media type makes it shorter, as it does text."""
    kind = media_type.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith(("json", "xml", "jsonl"))


def compressed(body: bytes, coding: str, *, once: bool = False) -> bytes:
    """The body in a coding; in as few bytes as it can be had if it is compressed `once` and for
    all. Equal bodies give equal bytes."""
    return CODINGS[coding](body, once)


def _gzip(body: bytes, once: bool) -> bytes:
    """Level 1 takes an answer a third of the time of level 6 and leaves it a sixth longer."""
    return zlib.compress(body, 9 if once else 1, _GZIP_FORMAT)


def _zstd(body: bytes, once: bool) -> bytes:
    return (_COMPRESSORS.best if once else _COMPRESSORS.quick).compress(body)


class _Compressors(threading.local):
    """Each thread has its own, as none may be used by two at once."""

    def __init__(self) -> None:
        self.quick, self.best = zstandard.ZstdCompressor(3), zstandard.ZstdCompressor(19)


_COMPRESSORS = _Compressors()

CODINGS: Mapping[str, Callable[[bytes, bool], bytes]] = {ZSTD: _zstd, GZIP: _gzip}
"""What compresses, by the name of the coding; what comes first is preferred."""
