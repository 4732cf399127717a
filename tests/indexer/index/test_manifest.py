"""The manifest: whatever is wrong with a generation's bytes is named."""

import errno
import hashlib
import os
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

import pytest
from xxhash import xxh3_128_hexdigest

from indexer.errors import IndexDamaged, IndexUnreadable
from indexer.index import manifest
from indexer.index.manifest import (
    FULL,
    ChecksumCache,
    FileEntry,
    Manifest,
    VerifyPolicy,
    digest,
    read,
    same_bytes,
    unreadable,
    verify,
)
from tests.patience import patience


@pytest.fixture
def tmp_path(tmp_path: Path) -> Path:
    """The folder of a generation."""
    (tmp_path / "g000001-abcdef").mkdir()
    return tmp_path / "g000001-abcdef"


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


def fault(
    folder: Path, made: Manifest, known: ChecksumCache | None = None, policy: VerifyPolicy = FULL
) -> str:
    """The first fault of a generation without the remedy; empty if it has none."""
    try:
        verify(folder, made, {} if known is None else known, policy)
    except IndexDamaged as error:
        return str(error).rpartition("; ")[0]
    return ""


def test_a_manifest_comes_back_as_written(tmp_path: Path, made: Manifest) -> None:
    assert read(tmp_path) == made
    assert made.bytes == 3
    assert made.content == ""
    assert not fault(tmp_path, made)


def test_a_manifest_is_read_by_people_too(tmp_path: Path, made: Manifest) -> None:
    lines = (tmp_path / manifest.NAME).read_text().splitlines()
    names = [line.split('"')[1] for line in lines if line.startswith(' "')]
    assert names == sorted(asdict(made))


def test_a_digest_is_of_all_of_a_large_file(tmp_path: Path) -> None:
    data = os.urandom((1 << 20) + 5)
    (tmp_path / "large").write_bytes(data)
    checksums = sha256(data).hexdigest(), xxh3_128_hexdigest(data)
    assert digest(tmp_path / "large") == FileEntry(len(data), *checksums)


def test_a_missing_manifest_is_damage(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"manifest\.json is missing; run `newsdex reindex"):
        read(tmp_path)
    with pytest.raises(IndexDamaged, match=r"manifest\.json is missing"):
        read(tmp_path / "nowhere")


def test_a_torn_manifest_is_damage_wherever_it_is_torn(tmp_path: Path, made: Manifest) -> None:
    whole = (tmp_path / manifest.NAME).read_bytes()
    for length in range(len(whole)):
        (tmp_path / manifest.NAME).write_bytes(whole[:length])
        with pytest.raises(IndexDamaged, match="its own checksum does not fit"):
            read(tmp_path)


def test_a_flipped_bit_of_a_manifest_is_damage(tmp_path: Path, made: Manifest) -> None:
    whole = (tmp_path / manifest.NAME).read_bytes()
    for at in range(len(whole)):
        flipped = bytes([*whole[:at], whole[at] ^ 1, *whole[at + 1 :]])
        (tmp_path / manifest.NAME).write_bytes(flipped)
        with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be used"):
            read(tmp_path)


def test_a_manifest_of_another_format_is_damage(tmp_path: Path, made: Manifest) -> None:
    manifest.write(tmp_path, replace(made, format=1))
    said = r"by another version of Newsdex \(format 1, this one reads 2\); `newsdex reindex` builds"
    with pytest.raises(IndexDamaged, match=said):
        read(tmp_path)


OTHERS = """
{
[]
{}
7
{"format": 2}
{"format": 2, "files": []}
{"format": 2, "files": {"a": 7}}
{"format": 2, "files": {}, "more": 1}
"""


@pytest.mark.parametrize("text", OTHERS.split("\n")[1:-1])
def test_a_manifest_that_says_something_else_is_damage(tmp_path: Path, text: str) -> None:
    sealed(tmp_path, text)
    with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be used"):
        read(tmp_path)


def test_what_any_version_wrote_is_not_torn(tmp_path: Path, made: Manifest) -> None:
    assert manifest.is_torn(tmp_path) is False
    sealed(tmp_path, "{}")
    assert manifest.is_torn(tmp_path) is False
    (tmp_path / manifest.NAME).write_text("{}")
    assert manifest.is_torn(tmp_path)
    assert manifest.is_torn(tmp_path / "nowhere")


def test_whether_a_manifest_is_torn_is_not_known_if_it_cannot_be_read(
    tmp_path: Path, made: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(IndexUnreadable, match="Too many open files"):
        manifest.is_torn(tmp_path)


def test_a_manifest_that_is_no_file_is_damage(tmp_path: Path) -> None:
    (tmp_path / manifest.NAME).mkdir()
    with pytest.raises(IndexDamaged, match=r"manifest\.json cannot be read: Is a directory") as it:
        read(tmp_path)
    assert not isinstance(it.value, IndexUnreadable)


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        (errno.ENOENT, False),
        (errno.EISDIR, False),
        (errno.ENOTDIR, False),
        (errno.EACCES, True),
        (errno.EIO, True),
        (errno.EMFILE, True),
    ],
)
def test_what_is_not_there_or_no_file_is_damage_and_no_refusal(
    tmp_path: Path, code: int, refused: bool
) -> None:
    error = OSError(code, os.strerror(code))
    assert isinstance(unreadable(tmp_path, error), IndexUnreadable) is refused


def test_a_fault_tells_damage_from_refusal(
    tmp_path: Path, made: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(hashlib, "file_digest", refuse)
        said = f"{tmp_path / 'one'} cannot be read: Input/output error; see to that and try again"
        with pytest.raises(IndexUnreadable, match=said):
            verify(tmp_path, made, {})
    (tmp_path / "one").unlink()
    (tmp_path / "one").mkdir()
    with pytest.raises(IndexDamaged, match="Is a directory; run `newsdex reindex --full`") as it:
        verify(tmp_path, made, {})
    assert not isinstance(it.value, IndexUnreadable)


def test_what_is_read_is_closed_again(tmp_path: Path, made: Manifest) -> None:
    before = os.listdir("/proc/self/fd")  # noqa: PTH208 - names, not paths
    assert not fault(tmp_path, made)
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208 - names, not paths


def test_what_the_system_refuses_to_read_need_not_be_damaged(tmp_path: Path) -> None:
    refused = unreadable(tmp_path, OSError(24, "Too many open files"))
    assert isinstance(refused, IndexUnreadable)
    assert str(refused).startswith(f"{tmp_path} cannot be read: Too many open files; see to that")


def test_the_first_fault_of_a_generation_is_named(tmp_path: Path, made: Manifest) -> None:
    (tmp_path / "three").mkdir()
    assert fault(tmp_path, made) == f"{tmp_path / 'three'} does not belong there"
    (tmp_path / "two").unlink()
    assert fault(tmp_path, made) == f"{tmp_path / 'two'} is missing"
    (tmp_path / "one").write_bytes(b"0ne")
    said = "has changed: its checksum is not the one it was written with"
    assert fault(tmp_path, made) == f"{tmp_path / 'one'} {said}"
    (tmp_path / "one").write_bytes(b"ones")
    assert fault(tmp_path, made) == f"{tmp_path / 'one'} has 4 bytes instead of 3"


def test_a_link_or_a_folder_in_a_files_place_is_a_fault(tmp_path: Path, made: Manifest) -> None:
    (tmp_path / "two").unlink()
    (tmp_path / "two").symlink_to(tmp_path / "nowhere")
    assert fault(tmp_path, made) == f"{tmp_path / 'two'} cannot be read: it is a link, not a file"
    (tmp_path / "two").unlink()
    (tmp_path / "two").mkdir()
    assert fault(tmp_path, made) == f"{tmp_path / 'two'} cannot be read: Is a directory"


@pytest.mark.parametrize("name", ["one", manifest.NAME])
def test_what_would_make_a_reader_wait_is_a_fault_at_once(
    tmp_path: Path, made: Manifest, name: str
) -> None:
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    if name == manifest.NAME:
        with patience(), pytest.raises(IndexDamaged, match="it is no file"):
            read(tmp_path)
    else:
        with patience():
            found = fault(tmp_path, made)
        assert found == f"{tmp_path / name} cannot be read: it is no file"


def test_a_manifest_of_another_generation_is_a_fault(tmp_path: Path, made: Manifest) -> None:
    other = tmp_path.rename(tmp_path.with_name("g000002-abcdef"))
    said = f"{other} holds the generation g000001-abcdef, which does not belong there"
    assert fault(other, made) == said


def test_each_file_is_compared_as_closely_as_its_name_asks(tmp_path: Path, made: Manifest) -> None:
    """A wrong checksum in the manifest shows which of them is looked at."""
    entry = made.files["one"]
    for changed, quick in [
        (replace(entry, sha256="0"), True),
        (replace(entry, xxh3="0"), False),
    ]:
        told = replace(made, files={**made.files, "one": changed})
        looks = VerifyPolicy(), VerifyPolicy(xxh3=("ne",)), VerifyPolicy(size_only=("ne",))
        whole = [not fault(tmp_path, told, None, policy) for policy in looks]
        assert whole == [not quick, quick, True]
    (tmp_path / "one").write_bytes(b"ones")
    assert "instead of" in fault(tmp_path, made, None, VerifyPolicy(size_only=("ne",)))
    assert VerifyPolicy(("a",), ("b",)).of_all() == VerifyPolicy(("a", "b"))


def test_a_folder_that_is_none_is_a_fault(tmp_path: Path, made: Manifest) -> None:
    folder = tmp_path / "g000001-abcdef"
    folder.touch()
    assert fault(folder, made) == f"{folder} cannot be read: Not a directory"


def test_a_file_known_already_is_not_read_again(tmp_path: Path, made: Manifest) -> None:
    known: ChecksumCache = {}
    assert not fault(tmp_path, made, known)
    assert sorted(file[2] for file, _ in known) == [0, 3]
    for of in known:
        known[of] = "remembered"
    assert "one has changed" in fault(tmp_path, made, known)
    os.utime(tmp_path / "one", ns=(0, 0))  # touched: read again
    assert "two has changed" in fault(tmp_path, made, known)


def test_an_overwrite_that_gives_a_file_its_old_time_is_a_fault(
    tmp_path: Path, made: Manifest
) -> None:
    known: ChecksumCache = {}
    assert not fault(tmp_path, made, known)
    path, status = tmp_path / "one", (tmp_path / "one").stat()
    path.write_bytes(b"x" * status.st_size)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert "one has changed" in fault(tmp_path, made, known)


def test_links_that_we_make_and_drop_ourselves_leave_known_what_is(
    tmp_path: Path, made: Manifest
) -> None:
    known: ChecksumCache = {}
    assert not fault(tmp_path, made, known)
    for of in known:
        known[of] = "remembered"
    with same_bytes([tmp_path / "one", tmp_path / "two"], known):
        (tmp_path.parent / "other").hardlink_to(tmp_path / "one")
    assert "one has changed" in fault(tmp_path, made, known)  # as remembered: not read again
    with same_bytes([tmp_path / "one", tmp_path / "two"], known):
        (tmp_path.parent / "other").unlink()
        (tmp_path / "one").write_bytes(b"abcd")
    assert "instead of" in fault(tmp_path, made, known)


def test_what_others_change_meanwhile_is_read_again(tmp_path: Path, made: Manifest) -> None:
    known: ChecksumCache = {}
    (tmp_path / "one").unlink()
    with same_bytes([tmp_path / "one", tmp_path / "two"], known):
        (tmp_path / "one").write_bytes(b"one")
    assert not fault(tmp_path, made, known)
    with same_bytes([tmp_path / "one", tmp_path / "two"], known):
        (tmp_path / "one").write_bytes(b"0ne")
        (tmp_path / "two").unlink()
    assert "one has changed" in fault(tmp_path, made, known)
    (tmp_path / "one").write_bytes(b"one")
    assert fault(tmp_path, made, known) == f"{tmp_path / 'two'} is missing"


def test_a_file_is_told_from_a_changed_one_by_device_inode_size_and_both_times(
    tmp_path: Path, made: Manifest
) -> None:
    found = (tmp_path / "one").stat()
    times = found.st_mtime_ns, found.st_ctime_ns
    assert manifest.key(found) == (found.st_dev, found.st_ino, found.st_size, *times)


def test_what_was_looked_at_quickly_stays_known_when_others_link_it(
    tmp_path: Path, made: Manifest
) -> None:
    """And only that: what was looked at closely is read again, as is what was written to."""
    quick, close = VerifyPolicy(xxh3=("one", "two")), VerifyPolicy()
    looks: list[tuple[VerifyPolicy, ChecksumCache]] = [(quick, {}), (close, {})]
    for policy, known in looks:
        assert not fault(tmp_path, made, known, policy)
        assert len(known) == len(made.files)
        for of in known:
            known[of] = "remembered"
    (tmp_path.parent / "other").hardlink_to(tmp_path / "one")
    (tmp_path.parent / "another").hardlink_to(tmp_path / "two")
    assert [bool(fault(tmp_path, made, known, how)) for how, known in looks] == [True, False]
    (tmp_path / "one").write_bytes(b"one")
    (tmp_path / "two").write_bytes(b"")
    assert not fault(tmp_path, made, looks[0][1], quick)


def test_only_so_many_checksums_are_remembered(tmp_path: Path, made: Manifest) -> None:
    known: ChecksumCache = {((number,), "sha256"): "" for number in range(manifest.REMEMBERED)}
    assert not fault(tmp_path, made, known)
    assert len(known) == len(made.files)


@pytest.fixture
def engine_made(tmp_path: Path) -> Manifest:
    """A generation with files named as an engine's are."""
    names = ("_MAIN_1.toc", "MAIN_a.columns", "sources.json")
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    files = {name: digest(tmp_path / name) for name in names}
    made = Manifest("g000001-abcdef", "2020-01-01T00:00:00Z", "whoosh", "0123", 7, files)
    manifest.write(tmp_path, made)
    return made


LITTER = """
.DS_Store|._one|.nfs00000000a|.fuse_hidden01|.Trash-1000|Thumbs.db|Thumbs.db:encryptable|desktop.ini
|Icon|@eaDir|@tmp|#recycle|$RECYCLE.BIN|lost+found|System Volume Information|nohup.out|core|4913|x~
|manifest.json~|~$x|x.swp|x.bak|MAIN_a.columns.part|copy.json|MAIN_a.sync-conflict-1|README.txt
|a (conflicted copy).json
"""


@pytest.mark.parametrize("name", LITTER.replace("\n", "").split("|"))
def test_what_systems_and_editors_leave_lying_is_no_fault(
    tmp_path: Path, engine_made: Manifest, name: str
) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert not fault(tmp_path, engine_made)


@pytest.mark.parametrize(
    "name",
    [
        ".DS_Store",
        "._a",
        "Thumbs.db",
        "ehthumbs.db",
        "Desktop.ini",
        "Icon\r",
        "@eaDir",
        "lost+found",
    ],
)
def test_what_systems_leave_is_litter_whatever_it_ends_in(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.db").touch()
    (tmp_path / "b.ini").touch()
    (tmp_path / "c").touch()
    files = {path.name: digest(path) for path in tmp_path.iterdir()}
    made = Manifest("g000001-abcdef", "", "", "", 0, files)
    (tmp_path / name).touch()
    assert not fault(tmp_path, made)


@pytest.mark.parametrize("name", ["_MAIN_9.toc", "MAIN_x.columns", "copy of MAIN_a.columns"])
def test_what_an_engine_might_take_for_its_own_is_a_fault(
    tmp_path: Path, engine_made: Manifest, name: str
) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert fault(tmp_path, engine_made) == f"{tmp_path / name} does not belong there"
