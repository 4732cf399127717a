"""Compresses each stored item by itself, to a third of its bytes.

The format is Zstandard's, with a checksum and a preset dictionary of what every item holds
(RFC 8878). Reading an item takes microseconds and no other item.
"""

import threading

import zstandard

from indexer.segment.column_file import Columns

_LEVEL = 5  # higher ones take longer and save next to nothing

_SHARED = (
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


class _Codec(threading.local):
    """Each thread has its own, as none may be used by two at once; to make one takes longer than to
    read an item."""

    def __init__(self) -> None:
        shared = zstandard.ZstdCompressionDict(_SHARED, zstandard.DICT_TYPE_RAWCONTENT)
        self.compressor = zstandard.ZstdCompressor(_LEVEL, shared, write_checksum=True)
        self.decompressor = zstandard.ZstdDecompressor(shared)


_CODEC = _Codec()


def compress(stored: bytes) -> bytes:
    """A document's stored form, compressed. Equal forms give equal bytes."""
    return _CODEC.compressor.compress(stored)


def decompress(data: bytes) -> bytes:
    """The stored form that `compress` compressed; `ValueError` if the data is damaged."""
    try:
        return _CODEC.decompressor.decompress(data, allow_extra_data=False)
    except (zstandard.ZstdError, MemoryError) as error:  # damaged data may tell any size
        raise ValueError(f"what is stored is damaged: {error}") from error


def read(columns: Columns, number: int) -> bytes:
    """The stored form of the document with a number; `ValueError` if it is damaged."""
    begin, end = columns["stored.offsets"][number : number + 2].tolist()
    return decompress(columns.read_slice("stored.blob", begin, end).tobytes())
