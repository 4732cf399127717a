"""What tells a file from another: never the same for two that differ in anything but `secured`."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.index.file_records import FileRecord
from indexer.source import change_detection
from indexer.source.seed_file import SeedFile
from indexer.source.validate.item_parser import parse_item

SECOND = 1_000_000_000
NOW = 1_700_000_000 * SECOND + 123_456_789
SOURCE = SeedFile("a", "seeds/a.md", ".md", 10, 5, 6, 7)
RECORD = FileRecord(".md", 10, 5, 7, ctime=6)


def test_a_file_with_the_same_size_time_and_inode_is_the_same() -> None:
    assert change_detection.stat_matches(SOURCE, RECORD)


@pytest.mark.parametrize(
    "other", [{"suffix": ".markdown"}, {"size": 11}, {"mtime_ns": 6}, {"ctime_ns": 7}]
)
def test_a_file_that_differs_in_anything_is_another(other: dict[str, object]) -> None:
    assert not change_detection.stat_matches(replace(SOURCE, **other), RECORD)
    assert not change_detection.stat_matches(replace(SOURCE, inode=8), RECORD)


@pytest.mark.parametrize(
    ("mtime", "recorded"),
    [
        (NOW - SECOND, True),
        (NOW - SECOND // 100, False),
        (NOW, False),
        (NOW + 3600 * SECOND, False),
        (NOW // SECOND * SECOND - SECOND, False),
        (NOW // SECOND * SECOND - 3 * SECOND, True),
    ],
)
def test_a_time_that_may_recur_is_not_recorded(mtime: int, recorded: bool) -> None:
    found = change_detection.safe_mtime(replace(SOURCE, mtime_ns=mtime), NOW)
    assert found == (mtime if recorded else 0)
    found = change_detection.safe_mtime(replace(SOURCE, ctime_ns=mtime), NOW)
    assert found == (SOURCE.mtime_ns if recorded else 0)


def front(*lines: str) -> bytes:
    return "\n".join(["---", *lines, "---", "body", ""]).encode()


def digest(data: bytes) -> str:
    """As a run would record it."""
    return change_detection.content_hash(data, parse_item(data, "a.md", "a").secured_line)


@pytest.mark.parametrize("value", ['"a+/b==;:{ #"', "'c\"'", "d_e-f", '""', "12"])
def test_the_value_of_secured_takes_no_part(value: str) -> None:
    one = front("title: A", 'secured: "first"', "type: article")
    other = front("title: A", f"secured: {value}", "type: article")
    assert digest(one)
    assert change_detection.bytes_match(other, FileRecord(content_hash=digest(one)))
    changed = front("title: B", f"secured: {value}", "type: article")
    assert not change_detection.bytes_match(changed, FileRecord(content_hash=digest(one)))


@pytest.mark.parametrize(
    "data",
    [
        front("title: A", "secured: >", "  folded", "  text"),
        front("title: A", 'secured: "two', '  lines"'),
        front("title: A", 'secured: "a" # with a comment'),
        front("title: A", "secured: [a]"),
        front("title: A", 'secured: "\\x"'),
        front("title: A", 'secured: "\x85"'),
        front("title: A", "related:", "  - title: B", "    secured: x"),
        front("title: A", "secured: x", "related:", "  - title: B", "    secured: y"),
        front("title: A", "? secured", ": x"),
        front("title: A", '"secured" : x'),
        front("title: A", "Secured: x"),
        front("title: A", "SECURED: x", "secured: y"),
        front("title: A") + b"secured: x\n",
        b"secured: x\n",
    ],
)
def test_what_is_not_plainly_the_blob_is_never_digested(data: bytes) -> None:
    assert digest(data) == ""
    assert not change_detection.bytes_match(data, FileRecord(content_hash=digest(data)))


def test_the_word_in_a_text_is_no_key() -> None:
    assert digest(front("title: The deal secured", "secured: x", "excerpt: secured by law"))


def test_nothing_recorded_is_like_nothing() -> None:
    assert not change_detection.bytes_match(b"", FileRecord())


PIECES = [
    *("title: A", "title: B", "secured: x", 'secured: "y"', "secured: a: b", "  secured: z"),
    *("excerpt: |", 'excerpt: "', '"', "---", "", "text", "\r", "  deep: 1", "- a"),
]
pieces = st.lists(st.sampled_from(PIECES), max_size=8)


@given(pieces, pieces)
@example(["title: A", "secured: x"], ["title: A", 'secured: "y"'])
@example(['excerpt: "', "secured: x", '"', "title: A"], ['excerpt: "', "secured: a", '"'])
def test_files_that_are_alike_give_the_same_item(one: list[str], other: list[str]) -> None:
    first, second = front(*one), front(*other)
    if change_detection.bytes_match(second, FileRecord(content_hash=digest(first))):
        found = [parse_item(data, "a.md", "a") for data in (first, second)]
        assert found[0] == found[1]


def test_the_seeds_are_all_digested() -> None:
    files = sorted((Path(__file__).parents[3] / "seeds").rglob("*.md"))
    digests = {digest(path.read_bytes()) for path in files}
    assert "" not in digests
    assert len(digests) == len(files)
