"""What tells that a file is the one read before, without reading it whole or understanding it.

A file whose size, inode and times of change, of its bytes and of anything about it, are as they
were is taken for the same: whoever sets the first time back (`touch -r`, `cp -p`) moves the second.
A file that changed in the very moment it was looked at may change again within the same tick of
the clock: its time is not recorded, so that the next run reads it (git calls such files racily
clean). A file that was read is compared by
a digest of its bytes, in which the value of `secured` takes no part.
"""

import re
from hashlib import blake2b

from indexer.index.file_records import FileRecord
from indexer.source.seed_file import SeedFile

_KEY = re.compile(rb"""secured["']?\s*:""")
_SECOND = 1_000_000_000
_LINE = re.compile(
    rb"""secured: *(?:"[ !#-[\]-~]*"|'[ -&(-~]*'|[0-9A-Za-z][\w+/=-]*)\r?(?=\n|\Z)"""
)


def stat_matches(source: SeedFile, record: FileRecord) -> bool:
    """Whether a file is the one that was recorded, as far as its folder tells."""
    return (
        source.mtime_ns == record.mtime
        and source.ctime_ns == record.ctime
        and source.size == record.size
        and source.inode == record.inode
        and source.suffix == record.suffix
    )


def safe_mtime(source: SeedFile, looked: int) -> int:
    """The time of change to record of a file looked at at `looked` (nanoseconds since 1970): 0,
    which no file has, if it may yet change within the same tick of its file system's clock."""
    settled = all(
        moment < looked - (_SECOND // 10 if moment % _SECOND else 2 * _SECOND)
        for moment in (source.mtime_ns, source.ctime_ns)
    )
    return source.mtime_ns if settled else 0


def content_hash(data: bytes, line: int) -> str:
    """A digest of a file's bytes, of which the value of `secured` in this line (0: there is none)
    is left out; empty where more would have to be. Equal digests: equal files, but for that value.

    That the line holds the key `secured` of the front matter is the caller's to know. It then does
    in every file that is equal so far.
    """
    keys = [key.start() for key in _KEY.finditer(data)]
    if not keys:
        return f"0:{blake2b(data, digest_size=16).hexdigest()}"
    begin = keys[0]
    found = _LINE.match(data, begin)
    alone = len(keys) == 1 and (begin == 0 or data[begin - 1] == ord("\n"))
    if found is None or not alone or data.count(b"\n", 0, begin) + 1 != line:
        return ""
    rest = data[:begin] + b"\xff" + data[found.end() :]
    return f"{line}:{blake2b(rest, digest_size=16).hexdigest()}"


def bytes_match(data: bytes, record: FileRecord) -> bool:
    """Whether a file's bytes are those that were recorded."""
    line = record.content_hash.partition(":")[0]
    return bool(line) and content_hash(data, int(line)) == record.content_hash
