"""Compresses each stored item by itself, to a third of its bytes.

The format is zlib's, with a checksum and a preset dictionary of what every item holds (RFC 1950).
Reading an item takes microseconds and no other item.
"""

import zlib

from indexer.segment.column_file import Columns

_WINDOW, _LEVEL, _MEMORY = 15, 6, 9

_DICTIONARY = (
    b' the of and to in a for that on with from by at as is was said ","url":"http://www.'
    b'","topics":["Business","Politics","Technology"],"heat":null,"promoted":null,"related":[],"body":'
    b'{"id":"20-","article":{"title":"The ","excerpt":" ...","url":"https://www.","amp_url":"https://'
    b'www.amp.com/","cached_url":"https://-com.cdn.ampproject.org/c/s/amp.","published":"2020-06-01T00'
    b':00:00Z","type":"article","provider":{"name":".com","domain":".com","logo":{"url":"https://www."'
    b',"width":50,"height":50}},"quality":50,"image":{"url":"https://images.","width":1200,"height":63'
    b'0}},"topics":["'
    b'"],"heat":-1,"promoted":false,"related":[{"title":"","excerpt":"","url":"https://www.","amp_url"'
    b':"","cached_url":"","published":"20-0T:00Z","type":"article","provider":{"name":"","domain":".'
    b'com","logo":null},"quality":null,"image":null}],"body":"","authors":[],"language":"en","markdown'
    b'":""}'
)
"""Text that an item shares with it is stored as a reference, so it is part of the format."""


def deflate(stored: bytes) -> bytes:
    """A document's stored form, compressed. Equal forms give equal bytes."""
    compressor = zlib.compressobj(
        _LEVEL, zlib.DEFLATED, _WINDOW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY
    )
    return compressor.compress(stored) + compressor.flush()


def inflate(data: bytes) -> bytes:
    """The stored form that `deflate` compressed; `ValueError` if the data is damaged."""
    reader = zlib.decompressobj(_WINDOW, _DICTIONARY)
    try:
        stored = reader.decompress(data)
    except zlib.error as error:
        raise ValueError(f"what is stored is damaged: {error}") from error
    if not reader.eof:
        raise ValueError("what is stored is damaged: it ends too soon")
    return stored


def read(columns: Columns, number: int) -> bytes:
    """The stored form of the document with a number; `ValueError` if it is damaged."""
    begin, end = columns["stored.offsets"][number : number + 2].tolist()
    return inflate(columns.read_slice("stored.blob", begin, end).tobytes())
