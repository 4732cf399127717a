"""The index folder: what answers, what stays, what goes, and every way it can be damaged."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer import schema as schema_module
from indexer.errors import IndexDamaged, IndexMissing, IndexUnreadable, IndexUnusable
from indexer.index import current as current_module
from indexer.index import manifest
from indexer.index.current import CURRENT, CurrentFile
from indexer.index.directory import Generation, IndexDirectory
from indexer.index.garbage import remove
from indexer.index.manifest import Manifest
from tests.patience import patience


def draft(
    home: IndexDirectory, *, engine: str = "whoosh", schema: str = "", content: str = ""
) -> Generation:
    """A finished generation of one file that has not been published."""
    folder = home.new_generation()
    (folder / "file").write_text(folder.name)
    files = {"file": manifest.digest(folder / "file")}
    made = Manifest(
        folder.name, "", engine, schema or schema_module.fingerprint(), 1, files, content
    )
    manifest.write(folder, made)
    return Generation(folder, made)


def publish(home: IndexDirectory) -> str:
    made = draft(home)
    home.publish(made)
    return made.name


def collected(home: IndexDirectory) -> list[str]:
    """The names in the index folder that garbage collection removes."""
    before = {path.name for path in home.folder.iterdir()}
    home.collect_garbage()
    return sorted(before - {path.name for path in home.folder.iterdir()})


@pytest.fixture
def home(tmp_path: Path) -> IndexDirectory:
    return IndexDirectory(tmp_path)


def test_where_nothing_was_indexed_the_index_is_missing(home: IndexDirectory) -> None:
    with pytest.raises(IndexMissing, match=r"there is no index in .* yet; run `newsdex reindex`"):
        home.current_name()
    assert home.names() == []
    assert IndexDirectory(home.folder / "nowhere").names() == []
    assert collected(home) == []


def test_the_generation_published_last_is_the_current_one(home: IndexDirectory) -> None:
    first, second = publish(home), publish(home)
    assert (first[:8], second[:8]) == ("g000001-", "g000002-")
    assert home.current_name() == second
    assert home.load(second, "whoosh").manifest.items == 1
    assert home.names() == home.retained() == [second, first]
    assert sorted(path.name for path in home.folder.iterdir()) == [CURRENT, first, second]


def test_generations_are_ordered_by_number_not_by_name(home: IndexDirectory) -> None:
    for name in ("g1000000-ffffff", "g999999-ffffff", "g000010-000000", "other", "g1-abc"):
        (home.folder / name).mkdir()
    assert home.names() == ["g1000000-ffffff", "g999999-ffffff", "g000010-000000"]
    assert home.new_generation().name[:9] == "g1000001-"


@pytest.mark.parametrize(
    "text",
    ["", "g00", "rubbish\n", "../../etc\n", "g000001-abcdef/..\n", "g000001-ABCDEF\n", "\xe9"],
)
def test_a_torn_or_foreign_current_is_damage(home: IndexDirectory, text: str) -> None:
    publish(home)
    (home.folder / CURRENT).write_text(text, encoding="latin-1")
    with pytest.raises(IndexDamaged, match=r"CURRENT (names no generation|cannot be read)") as it:
        home.current_name()
    assert "run `newsdex rollback`" in str(it.value)
    assert "or `newsdex reindex --full`" in str(it.value)


def test_every_byte_of_current_counts(home: IndexDirectory) -> None:
    name = publish(home)
    for text in (name, f"{name}\r\n", f"{name}\n\n", f" {name}\n", f"{name}\x0b"):
        (home.folder / CURRENT).write_text(text, newline="")
        with pytest.raises(IndexDamaged, match="names no generation"):
            home.current_name()
        assert home.retained() == [name]


def test_a_current_that_is_gone_though_generations_are_there_is_damage(
    home: IndexDirectory,
) -> None:
    unfinished = home.new_generation()
    with pytest.raises(IndexMissing):
        home.current_name()
    home.discard(unfinished)
    first = publish(home)
    (home.folder / CURRENT).unlink()
    with pytest.raises(IndexMissing):  # it may be that of a run that was cut off before its end
        home.current_name()
    second = publish(home)
    (home.folder / CURRENT).unlink()
    with pytest.raises(IndexDamaged, match="CURRENT is missing; run `newsdex rollback`"):
        home.current_name()
    assert home.retained() == [second, first]
    assert home.rollback("whoosh").name == second
    assert home.current_name() == second


@pytest.mark.parametrize("kind", ["link", "fifo"])
def test_a_current_that_is_no_file_is_damage_at_once(home: IndexDirectory, kind: str) -> None:
    name = publish(home)
    (home.folder / CURRENT).rename(home.folder / "elsewhere")
    if kind == "link":
        (home.folder / CURRENT).symlink_to("elsewhere")
    else:
        os.mkfifo(home.folder / CURRENT)
    with patience(), pytest.raises(IndexDamaged, match="CURRENT cannot be read: it is"):
        home.current_name()
    assert home.rollback("whoosh").name == name
    assert home.current_name() == name


def test_a_current_that_is_a_folder_is_damage(home: IndexDirectory) -> None:
    (home.folder / CURRENT).mkdir()
    with pytest.raises(IndexDamaged, match="CURRENT cannot be read"):
        home.current_name()


def test_an_index_folder_that_is_a_file_is_damage(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IndexDamaged, match="CURRENT cannot be read"):
        IndexDirectory(tmp_path / "file").current_name()
    assert IndexDirectory(tmp_path / "file").names() == []


def _remove(folder: Path) -> None:
    (folder / "file").unlink()


def _flip(folder: Path) -> None:
    data = (folder / "file").read_bytes()
    (folder / "file").write_bytes(bytes([data[0] ^ 1]) + data[1:])


def _cut(folder: Path) -> None:
    (folder / "file").write_bytes((folder / "file").read_bytes()[:-1])


def _add(folder: Path) -> None:
    (folder / "more").touch()


def _tear(folder: Path) -> None:
    (folder / manifest.NAME).write_text("{")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_remove, "file is missing"),
        (_flip, "file has changed"),
        (_cut, "file has 13 bytes instead of 14"),
        (_add, "more does not belong there"),
        (_tear, "its own checksum does not fit"),
    ],
)
def test_a_damaged_generation_is_not_loaded(
    home: IndexDirectory, damage: Callable[[Path], None], said: str
) -> None:
    name = publish(home)
    damage(home.folder / name)
    with pytest.raises(IndexDamaged, match=f"{said}.*; run `newsdex reindex --full`"):
        home.load(name, "whoosh")


def test_a_generation_that_is_gone_is_damage(home: IndexDirectory) -> None:
    with pytest.raises(IndexDamaged, match="is missing"):
        home.load("g000001-abcdef", "whoosh")


def test_a_generation_of_another_engine_or_schema_is_not_loaded(home: IndexDirectory) -> None:
    other = draft(home, engine="opensearch")
    with pytest.raises(IndexDamaged, match="engine 'opensearch', not 'whoosh'; choose that one"):
        home.load(other.name, "whoosh")
    other = draft(home, schema="0123")
    with pytest.raises(IndexDamaged, match="by another version of Newsdex \\(schema 0123, "):
        home.load(other.name, "whoosh")


def test_everything_is_on_disk_before_current_names_it(
    home: IndexDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(home)
    made, seen = draft(home), list[tuple[int, str]]()
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        fsync(descriptor)
        seen.append((os.fstat(descriptor).st_ino, home.current_name()))

    monkeypatch.setattr(os, "fsync", watch)
    before = home.current_name()
    home.publish(made)
    first = {inode for inode, current in seen if current == before}
    paths = [made.folder, *made.folder.iterdir(), home.folder / CURRENT, home.folder]
    assert {path.stat().st_ino for path in paths} <= first
    assert seen[-1] == (home.folder.stat().st_ino, made.name)


def test_a_generation_gets_its_manifest_once_its_files_are_on_disk(
    home: IndexDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So whatever a power loss leaves, a generation with a manifest is whole."""
    made, synced = draft(home), list[tuple[int, bool]]()
    path, fsync = made.folder / manifest.NAME, os.fsync
    path.unlink()

    def watch(descriptor: int) -> None:
        fsync(descriptor)
        synced.append((os.fstat(descriptor).st_ino, path.exists()))

    monkeypatch.setattr(os, "fsync", watch)
    home.publish(made)
    file, folder, written = (p.stat().st_ino for p in (made.folder / "file", made.folder, path))
    assert synced[:3] == [(file, False), (folder, False), (written, True)]


def test_rollback_goes_to_the_generation_before(home: IndexDirectory) -> None:
    first, second = publish(home), publish(home)
    assert home.rollback("whoosh").name == first
    assert home.current_name() == first
    assert home.names() == [second, first]
    with pytest.raises(IndexMissing, match="no generation before"):
        home.rollback("whoosh")
    assert home.current_name() == first


def test_rollback_to_a_damaged_generation_changes_nothing(home: IndexDirectory) -> None:
    first, second = publish(home), publish(home)
    _flip(home.folder / first)
    with pytest.raises(IndexDamaged, match="has changed"):
        home.rollback("whoosh")
    assert home.current_name() == second


def test_rollback_passes_over_a_damaged_generation(home: IndexDirectory) -> None:
    first, second, third = publish(home), publish(home), publish(home)
    _flip(home.folder / second)
    assert home.rollback("whoosh").name == first
    assert home.names() == [third, second, first]


@pytest.mark.parametrize("text", ["rubbish\n", "g000001-abcdef\n", "g000009-abcdef\n"])
def test_rollback_goes_to_the_newest_whole_one_where_current_names_none(
    home: IndexDirectory, text: str
) -> None:
    named = text != "rubbish\n"
    first, second, third = publish(home), publish(home), publish(home)
    home.new_generation()  # one that was never finished
    _flip(home.folder / third)
    (home.folder / CURRENT).write_text(text)
    verdicts = home.verify_all("whoosh")
    assert [v.generation for v in verdicts if v.current] == ([text.strip()] if named else [])
    found = {verdict.generation: verdict.faults for verdict in verdicts}
    assert (found.pop(first), found.pop(second)) == ((), ())
    assert "has changed" in str(found.pop(third))
    assert len(found) == named  # the one that is named and not there
    assert collected(home) == []
    assert home.rollback("whoosh").name == second
    assert home.current_name() == second


def test_a_generation_under_anothers_name_is_not_loaded(home: IndexDirectory) -> None:
    first, second = publish(home), publish(home)
    (home.folder / first).rename(home.folder / "aside")
    (home.folder / second).rename(home.folder / first)
    (home.folder / "aside").rename(home.folder / second)
    for name in (first, second):
        with pytest.raises(IndexDamaged, match="which does not belong there"):
            home.load(name, "whoosh")


def test_a_link_in_the_place_of_a_generation_is_cleared_away_and_what_it_leads_to_is_not(
    home: IndexDirectory,
) -> None:
    (home.folder / "elsewhere").mkdir()
    (home.folder / "g000001-abcdef").symlink_to("elsewhere")
    publish(home), publish(home)
    assert collected(home) == ["g000001-abcdef"]
    assert (home.folder / "elsewhere").is_dir()


def test_clear_leaves_the_current_generation_and_the_one_before(home: IndexDirectory) -> None:
    first, second, third = publish(home), publish(home), publish(home)
    unfinished = home.new_generation()
    for name in (".gitignore", "LOCK", "notes.txt"):
        (home.folder / name).touch()
    (home.folder / "CURRENT.new").touch()
    assert collected(home) == ["CURRENT.new", first, unfinished.name]
    assert sorted(path.name for path in home.folder.iterdir()) == sorted(
        [".gitignore", "LOCK", "notes.txt", CURRENT, second, third]
    )
    assert collected(home) == []


def test_clear_keeps_a_whole_generation_rather_than_a_damaged_one(home: IndexDirectory) -> None:
    first, second = publish(home), publish(home)
    _flip(home.folder / second)
    with pytest.raises(IndexDamaged):
        home.load(second, "whoosh")
    third = publish(home)
    assert collected(home) == [second]
    assert home.names() == [third, first]
    assert home.rollback("whoosh").name == first


def test_clear_removes_what_a_power_loss_left_of_a_manifest(home: IndexDirectory) -> None:
    """It is no generation to roll back to, and `verify` would complain of it."""
    torn = home.new_generation()
    (torn / manifest.NAME).write_bytes(b"")
    current = publish(home)
    assert collected(home) == [torn.name]
    assert home.names() == [current]


def test_clear_after_a_rollback_removes_the_newer_generation(home: IndexDirectory) -> None:
    first, second = publish(home), publish(home)
    home.rollback("whoosh")
    assert collected(home) == [second]
    assert home.current_name() == first


def test_clear_removes_the_drafts_of_an_index_that_never_was(home: IndexDirectory) -> None:
    unfinished = home.new_generation()
    assert collected(home) == [unfinished.name]


def test_clear_removes_a_file_in_the_place_of_a_generation(home: IndexDirectory) -> None:
    first, second = publish(home), publish(home)
    remove(home.folder / first)
    (home.folder / first).write_text("no folder")
    assert collected(home) == [first]
    assert home.names() == [second]


def test_clear_removes_nothing_where_it_cannot_tell_what_answers(home: IndexDirectory) -> None:
    names = [publish(home), publish(home), publish(home)]
    (home.folder / CURRENT).write_text("rubbish")
    assert collected(home) == []
    assert home.names() == names[::-1]


def test_a_generation_still_being_written_is_not_a_kept_one(home: IndexDirectory) -> None:
    name = publish(home)
    home.new_generation()
    assert home.retained() == [name]


def test_a_current_generation_that_is_gone_counts_as_kept(home: IndexDirectory) -> None:
    first, second = publish(home), publish(home)
    for path in (home.folder / second).iterdir():
        path.unlink()
    (home.folder / second).rmdir()
    assert home.retained() == [second, first]


def test_a_draft_is_discarded_unless_it_answers(home: IndexDirectory) -> None:
    unfinished = home.new_generation()
    home.discard(unfinished)
    assert not unfinished.exists()
    name = publish(home)
    home.discard(home.folder / name)
    assert home.load(name, "whoosh").name == name


def _refuse(*_: object) -> None:
    raise OSError(5, "Input/output error")


def test_what_cannot_be_made_to_last_is_taken_back(
    home: IndexDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, made = publish(home), draft(home)
    sync = current_module.sync

    def lose(folder: Path, names: list[str]) -> None:
        sync(folder, names)
        if not names and home.current_name() == made.name:
            _refuse()

    monkeypatch.setattr(current_module, "sync", lose)
    with pytest.raises(OSError, match="Input/output error"):
        home.publish(made)
    assert home.current_name() == first
    home.discard(made.folder)
    assert sorted(path.name for path in home.folder.iterdir()) == [CURRENT, first]


def test_what_cannot_be_taken_back_is_said_to_answer(
    home: IndexDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(home)
    made = draft(home)
    sync = current_module.sync

    def lose(folder: Path, names: list[str]) -> None:
        sync(folder, names)
        if home.current_name() == made.name:
            _refuse()

    monkeypatch.setattr(current_module, "sync", lose)
    with pytest.raises(IndexUnusable, match=f"nor restored: .*; {made.name} answers already"):
        home.publish(made)
    assert home.current_name() == made.name
    home.discard(made.folder)
    assert home.load(made.name, "whoosh").name == made.name


def test_a_first_generation_that_cannot_be_made_to_last_leaves_none(
    home: IndexDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = draft(home)
    sync = current_module.sync

    def lose(folder: Path, names: list[str]) -> None:
        sync(folder, names)
        if (home.folder / CURRENT).exists():
            _refuse()

    monkeypatch.setattr(current_module, "sync", lose)
    with pytest.raises(OSError, match="Input/output error"):
        home.publish(made)
    with pytest.raises(IndexMissing):
        home.current_name()


def test_a_generation_just_published_is_not_discarded_because_nobody_can_tell(
    home: IndexDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, unfinished = draft(home), draft(home)
    home.publish(made)
    with monkeypatch.context() as patch:
        patch.setattr(CurrentFile, "read", _refuse)
        home.discard(made.folder)
        home.discard(unfinished.folder)
    assert home.names() == [made.name]


def test_what_cannot_be_removed_is_warned_of_and_goes_the_next_time(
    home: IndexDirectory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, third = publish(home), publish(home), publish(home)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", _refuse)
        home.collect_garbage()
        patch.setattr(shutil, "rmtree", lambda _: (home.folder / third).rmdir())
        home.collect_garbage()
    assert (home.folder / f"{first}.gone").is_dir()
    said, of_a_file = caplog.messages
    assert f"{first} cannot be removed: " in said
    assert said.endswith("Input/output error; the next reindex tries again")
    assert f"{first}.gone cannot be removed: {home.folder / third}: " in of_a_file
    assert home.names() == home.retained() == [third, second]
    assert collected(home) == [f"{first}.gone"]
    assert home.current_name() == third


def test_an_unfinished_generation_is_never_kept_in_place_of_a_finished_one(
    home: IndexDirectory,
) -> None:
    first = publish(home)
    unfinished = home.new_generation()
    current = publish(home)
    assert collected(home) == [unfinished.name]
    assert home.names() == [current, first]


def test_what_the_system_refuses_to_read_is_not_called_damaged(
    home: IndexDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = publish(home), publish(home)
    with monkeypatch.context() as patch:
        patch.setattr(hashlib, "file_digest", _refuse)
        with pytest.raises(IndexUnreadable, match=r"cannot be read: .*; see to that and try again"):
            home.load(second, "whoosh")
    third = publish(home)
    assert collected(home) == [first]
    assert home.names() == [third, second]


def test_a_generation_of_the_same_items_is_not_what_one_rolls_back_to(home: IndexDirectory) -> None:
    names = []
    for content in ("a", "b", "b", "b"):
        made = draft(home, content=content)
        home.publish(made)
        home.collect_garbage()
        names.append(made.name)
    assert home.names() == [names[3], names[0]]
    assert home.rollback("whoosh").name == names[0]


def test_the_stamp_of_current_changes_with_what_it_says(home: IndexDirectory) -> None:
    current = CurrentFile(home.folder)
    assert current.stat_key(tick=0) is None
    publish(home)
    first = current.stat_key(tick=0)
    assert first is not None
    assert current.stat_key(tick=0) == first
    publish(home)
    second = current.stat_key(tick=0)
    assert second not in (None, first)
    path = home.folder / CURRENT
    was = path.stat()
    path.write_text(path.read_text()[::-1])
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert current.stat_key(tick=0) not in (None, second)


def test_what_changed_lately_may_change_again_unseen(home: IndexDirectory) -> None:
    publish(home)
    assert home.stat_key() is None
