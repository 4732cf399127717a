"""The manifest: whatever is wrong with a generation's bytes is named."""

import os
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from indexer import manifest
from indexer.errors import IndexDamaged, IndexUnreadable
from indexer.manifest import FileEntry, FileKey, Manifest, digest, faults, read, unreadable


@pytest.fixture
def made(tmp_path: Path) -> Manifest:
    (tmp_path / "one").write_bytes(b"one")
    (tmp_path / "two").write_bytes(b"")
    files = {name: digest(tmp_path / name) for name in ("one", "two")}
    made = Manifest("g000001-abcdef", "2020-01-01T00:00:00Z", "whoosh", "0123", 7, files)
    manifest.write(tmp_path, made)
    return made


def sealed(folder: Path, text: str) -> None:
    """Write a manifest with the checksum that goes with it."""
    seal = sha256(text.encode()).hexdigest()
    (folder / manifest.NAME).write_text(f"{text}\n{seal}\n")


def test_a_manifest_comes_back_as_written(tmp_path: Path, made: Manifest) -> None:
    assert read(tmp_path) == made
    assert made.bytes == 3
    assert list(faults(tmp_path, made)) == []


def test_a_digest_is_of_all_of_a_large_file(tmp_path: Path) -> None:
    data = os.urandom((1 << 20) + 5)
    (tmp_path / "large").write_bytes(data)
    assert digest(tmp_path / "large") == FileEntry(len(data), sha256(data).hexdigest())


def test_a_missing_manifest_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"manifest\.json is missing; run `newsdex reindex"):
        read(tmp_path)
    with pytest.raises(IndexDamaged, match=r"manifest\.json is missing"):
        read(tmp_path / "nowhere")


def test_a_torn_manifest_is_damage_wherever_it_is_torn(tmp_path: Path, made: Manifest) -> None:
    whole = (tmp_path / manifest.NAME).read_bytes()
    for length in range(len(whole) - 1):  # without its last newline it is whole
        (tmp_path / manifest.NAME).write_bytes(whole[:length])
        with pytest.raises(IndexDamaged, match="its own checksum does not fit"):
            read(tmp_path)


def test_a_flipped_bit_of_a_manifest_is_damage(tmp_path: Path, made: Manifest) -> None:
    whole = (tmp_path / manifest.NAME).read_bytes()
    for at in range(len(whole) - 1):
        flipped = bytes([*whole[:at], whole[at] ^ 1, *whole[at + 1 :]])
        (tmp_path / manifest.NAME).write_bytes(flipped)
        with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be used"):
            read(tmp_path)


def test_a_manifest_of_another_format_is_damage(tmp_path: Path, made: Manifest) -> None:
    manifest.write(tmp_path, replace(made, format=2))
    with pytest.raises(IndexDamaged, match="it has format 2, this version reads 1"):
        read(tmp_path)


OTHERS = """
[]
{}
7
{"format": 1}
{"format": 1, "files": []}
{"format": 1, "files": {"a": 7}}
{"format": 1, "files": {}, "more": 1}
"""


@pytest.mark.parametrize("text", OTHERS.split("\n")[1:-1])
def test_a_manifest_that_says_something_else_is_damage(tmp_path: Path, text: str) -> None:
    sealed(tmp_path, text)
    with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be used"):
        read(tmp_path)


def test_a_manifest_that_is_no_file_is_damage(tmp_path: Path) -> None:
    (tmp_path / manifest.NAME).mkdir()
    with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be read: Is a dir") as it:
        read(tmp_path)
    assert not isinstance(it.value, IndexUnreadable)


def test_what_the_system_refuses_to_read_need_not_be_damaged(tmp_path: Path) -> None:
    refused = unreadable(tmp_path, OSError(24, "Too many open files"))
    assert isinstance(refused, IndexUnreadable)
    assert str(refused).startswith(f"{tmp_path} cannot be read: Too many open files; see to that")


def test_every_fault_of_a_generation_is_named(tmp_path: Path, made: Manifest) -> None:
    (tmp_path / "one").write_bytes(b"0ne")
    assert [*faults(tmp_path, made)] == [
        f"{tmp_path / 'one'} has changed: its checksum is not the one it was written with"
    ]
    (tmp_path / "one").write_bytes(b"ones")
    (tmp_path / "two").unlink()
    (tmp_path / "three").mkdir()
    assert [*faults(tmp_path, made)] == [
        f"{tmp_path / 'one'} has 4 bytes instead of 3",
        f"{tmp_path / 'two'} is missing",
        f"{tmp_path / 'three'} does not belong there",
    ]


def test_a_file_that_leads_nowhere_or_is_a_folder_is_a_fault(
    tmp_path: Path, made: Manifest
) -> None:
    (tmp_path / "two").unlink()
    (tmp_path / "two").symlink_to(tmp_path / "nowhere")
    assert [*faults(tmp_path, made)] == [
        f"{tmp_path / 'two'} cannot be read: No such file or directory"
    ]
    (tmp_path / "two").unlink()
    (tmp_path / "two").mkdir()
    assert len([*faults(tmp_path, made)]) == 1


def test_a_folder_that_is_none_is_a_fault(tmp_path: Path, made: Manifest) -> None:
    folder = tmp_path / "one"
    assert [*faults(folder, made)] == [f"{folder} cannot be listed: Not a directory"]


def test_a_file_known_already_is_not_read_again(tmp_path: Path, made: Manifest) -> None:
    known: dict[FileKey, FileEntry] = {}
    assert list(faults(tmp_path, made, known)) == []
    assert sorted(entry.size for entry in known.values()) == [0, 3]
    for key in known:
        known[key] = FileEntry(key[2], "remembered")
    assert len(list(faults(tmp_path, made, known))) == 2
    os.utime(tmp_path / "one", ns=(0, 0))  # touched: read again
    assert len(list(faults(tmp_path, made, known))) == 1
