"""."""

import hashlib

from indexer.schema import FIELDS, Kind

MISSING = -(1 << 62)
"""What a number column holds for a document that has none: less than any value."""

NUMBERS = tuple(field.name for field in FIELDS if field.kind is Kind.NUMBER)
"""The fields that are columns of numbers, in order."""


def url_digest(key: str) -> int:
    """The 64 bits by which the address with this key is found."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")
