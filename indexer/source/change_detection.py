"""Judges whether a file is unchanged: by its stat if possible, or else by a digest of its bytes.

If size, inode, mtime and ctime are the recorded ones, the file is unchanged: whoever sets mtime
back (`touch -r`, `cp -p`) moves ctime. A file whose times are too close to the scan may change
again within the same tick of the clock (git calls it racily clean): its mtime is not recorded, so
the next run reads it. The digest leaves out the value of `secured`.
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
    """Whether a file is the recorded one, judged without reading it."""
    return (
        source.mtime_ns == record.mtime
        and source.ctime_ns == record.ctime
        and source.size == record.size
        and source.inode == record.inode
        and source.suffix == record.suffix
    )


def safe_mtime(source: SeedFile, looked: int) -> int:
    """The mtime to record of a file, in nanoseconds since 1970. It is 0, which no file has, if the
    file may have changed after the scan at `looked` within the same tick of its clock."""
    settled = all(
        moment < looked - (_SECOND // 10 if moment % _SECOND else 2 * _SECOND)
        for moment in (source.mtime_ns, source.ctime_ns)
    )
    return source.mtime_ns if settled else 0


def content_hash(data: bytes, line: int) -> str:
    """A digest of a file's bytes without the value of `secured`, which stands on this line (0:
    there is none). It is empty if that value is not plainly the rest of one line. Files with equal
    digests differ at most in that value.

    The caller knows that this line of the front matter holds the key `secured`.
    """
    keys = [key.start() for key in _KEY.finditer(data.lower())]
    if not keys:
        return f"0:{blake2b(data, digest_size=16).hexdigest()}"
    begin = keys[0]
    value = _LINE.match(data, begin)
    alone = len(keys) == 1 and (begin == 0 or data[begin - 1] == ord("\n"))
    if value is None or not alone or data.count(b"\n", 0, begin) + 1 != line:
        return ""
    rest = data[:begin] + b"\xff" + data[value.end() :]
    return f"{line}:{blake2b(rest, digest_size=16).hexdigest()}"


def bytes_match(data: bytes, record: FileRecord) -> bool:
    """Whether a file's bytes are the recorded ones, except for the value of `secured`."""
    line = record.content_hash.partition(":")[0]
    return bool(line) and content_hash(data, int(line)) == record.content_hash
