"""Content codings (RFC 9110, sections 8.4 and 12.5.3): which answers are compressed, and for whom.

The only coding is gzip, which every client reads that reads any. Compressing hides no secret here
that its length could tell (as BREACH does): an answer has nothing that whoever asks does not know
or may not read, for there are no cookies, no accounts and no tokens.
"""

import zlib
from functools import lru_cache

GZIP = "gzip"
IDENTITY = "identity"

_GZIP_FORMAT = 31
"""What `zlib` calls the format of gzip, with the largest window."""


@lru_cache(maxsize=64)
def chosen_coding(accept_encoding: str) -> str:
    """The coding of an answer to a client that sent this `Accept-Encoding`: gzip if it is
    acceptable, and `identity` is not preferred to it."""
    weights: dict[str, float] = {}
    for element in accept_encoding.lower().split(","):
        name, *parameters = element.split(";")
        weights[name.strip().removeprefix("x-")] = _weight(parameters)
    gzip = weights.get(GZIP, weights.get("*", 0.0))
    return GZIP if gzip > 0 and gzip >= weights.get(IDENTITY, 0.0) else IDENTITY


def _weight(parameters: list[str]) -> float:
    """The weight among the parameters of an element: 1 without one, 0 if it cannot be read."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


@lru_cache(maxsize=64)
def is_compressible(media_type: str) -> bool:
    """Whether compressing what has this media type makes it shorter, as it does text."""
    kind = media_type.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith(("json", "xml", "jsonl"))


def gzipped(body: bytes, level: int = 1) -> bytes:
    """The body in gzip. Level 1 takes an answer a third of the time of level 6 and leaves it a
    sixth longer; equal bodies give equal bytes."""
    return zlib.compress(body, level, _GZIP_FORMAT)
