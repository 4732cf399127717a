"""Stored items, each deflated with a dictionary of what every item holds: a third of the bytes.

Zlib's format with a preset dictionary and a checksum (RFC 1950). What is asked for is inflated in
microseconds, with no neighbours.
"""

import zlib

from indexer.segment.column_file import Columns

_WINDOW, _LEVEL, _MEMORY = 15, 6, 9

_DICTIONARY = (
    b' the of and to in a for that on with from by at as is was said ","url":"http://www.'
    b'","topics":["Business","Politics","Technology"],"heat":null,"promoted":null,"related":[],"body":'
    b'{"id":"20-","article":{"title":"The ","excerpt":" ...","url":"https://www.","amp_url":"https://'
    b'www.amp.com/","cached_url":"https://-com.cdn.ampproject.org/c/s/amp.","published":"2020-06-01T00'
    b':00:00Z","type":"article","provider":{"name":".com","domain":".com"},"quality":50},"topics":["'
    b'"],"heat":-1,"promoted":false,"related":[{"title":"","excerpt":"","url":"https://www.","amp_url"'
    b':"","cached_url":"","published":"20-0T:00Z","type":"article","provider":{"name":"","domain":".'
    b'com"},"quality":null}],"body":""}'
)
"""What is like it in an item is written as a reference. It is part of the format."""


def deflate(stored: bytes) -> bytes:
    """A document's stored form, smaller. Equal forms, equal bytes."""
    made = zlib.compressobj(
        _LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY
    )
    return made.compress(stored) + made.flush()


def inflate(data: bytes) -> bytes:
    """What was deflated; `ValueError` if that is damaged."""
    reader = zlib.decompressobj(_WINDOW, _DICTIONARY)
    try:
        stored = reader.decompress(data)
    except zlib.error as error:
        raise ValueError(f"what is stored is damaged: {error}") from error
    if not reader.eof:
        raise ValueError("what is stored is damaged: it ends too soon")
    return stored


def read(columns: Columns, number: int) -> bytes:
    """The stored form of a document, by its number in the segment; `ValueError` if it is damaged.
    It is read from the file, not mapped, which would bring its neighbours along."""
    begin, end = columns["stored.offsets"][number : number + 2].tolist()
    return inflate(columns.read_slice("stored.blob", begin, end).tobytes())
