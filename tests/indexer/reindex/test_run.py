"""The story of a reindex: what becomes of every kind of change between two runs."""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from whoosh.index import open_dir

from indexer.analysis.folding import fold
from indexer.document import document, encode
from indexer.engines.whoosh.store import WhooshStore
from indexer.errors import IndexLocked, IndexMissing, SeedsMissing
from indexer.index import file_records, manifest
from indexer.index.file_records import FileRecord
from indexer.item import Provider, Severity
from indexer.reindex import run as run_module
from indexer.reindex.diff import Change
from indexer.reindex.report import Options, Report
from indexer.reindex.run import check
from indexer.schema import fingerprint
from indexer.source import change_detection
from tests.conditions import CAMPAIGN
from tests.indexer.samples import run, seed

DRAFT = "---\ntitle: Draft\ndraft: true\n---\n"
BAD = "no front matter\n"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    for name in ("a", "b", "deep/c"):
        seed(folder, name, f"Item {name}")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def titles(index: Path) -> dict[str, str]:
    """Id to title of every item in the index, by way of the engine's own stored fields."""
    store = WhooshStore(index)
    found = {one.id: one.article.title for one in store.items(sorted(store.file_records().items()))}
    assert len(found) == store.current().items == len(store.file_records().items())
    return found


def changes(report: Report) -> dict[str, int]:
    return {change.value: count for change, count in report.changes.items() if count}


ALL = {"a": "Item a", "b": "Item b", "deep/c": "Item deep/c"}


def test_the_first_run_adds_every_item(seeds: Path, index: Path) -> None:
    report = run(seeds, index)
    assert changes(report) == {"added": 3}
    assert (report.items, report.rejected, report.rebuilt) == (3, 0, "")
    assert report.switched
    assert report.generation == WhooshStore(index).current().generation
    assert report.bytes == WhooshStore(index).current().bytes > 0
    assert titles(index) == ALL


def test_where_nothing_changed_no_generation_is_made(seeds: Path, index: Path) -> None:
    first = run(seeds, index)
    (seeds / "a.md").touch()
    report = run(seeds, index)
    assert changes(report) == {"unchanged": 3}
    assert not report.switched
    assert (report.generation, report.bytes) == (first.generation, first.bytes)
    assert sorted(path.name for path in index.iterdir()) == ["CURRENT", first.generation]


def _add(seeds: Path) -> None:
    seed(seeds, "deep/new", "New")


def _change(seeds: Path) -> None:
    seed(seeds, "a", "Other")


def _remove(seeds: Path) -> None:
    (seeds / "a.md").unlink()


def _remove_folder(seeds: Path) -> None:
    shutil.rmtree(seeds / "deep")


def _rename(seeds: Path) -> None:
    (seeds / "a.md").rename(seeds / "z.md")


def _empty(seeds: Path) -> None:
    (seeds / "a.md").write_text("")


def _break(seeds: Path) -> None:
    (seeds / "a.md").write_text(BAD)


def _shelve(seeds: Path) -> None:
    (seeds / "a.md").write_text(DRAFT)


def _shelve_unclearly(seeds: Path) -> None:
    seed(seeds, "a", "Item a", draft="perhaps")


def _retype(seeds: Path) -> None:
    (seeds / "a.md").rename(seeds / "a.markdown")


def _hide(seeds: Path) -> None:
    (seeds / "a.md").rename(seeds / ".a.md")


def _swap(seeds: Path) -> None:
    (seeds / "a.md").rename(seeds / "x")
    (seeds / "b.md").rename(seeds / "a.md")
    (seeds / "x").rename(seeds / "b.md")


def _lead_nowhere(seeds: Path) -> None:
    (seeds / "a.md").unlink()
    (seeds / "a.md").symlink_to(seeds / "gone")


def _nest(seeds: Path) -> None:
    (seeds / "a.md").unlink()
    seed(seeds, "a/b", "Nested")


REST = {"b": "Item b", "deep/c": "Item deep/c"}


@pytest.mark.parametrize(
    ("edit", "counted", "left"),
    [
        (_add, {"added": 1, "unchanged": 3}, {**ALL, "deep/new": "New"}),
        (_change, {"changed": 1, "unchanged": 2}, {**ALL, "a": "Other"}),
        (_remove, {"removed": 1, "unchanged": 2}, REST),
        (_remove_folder, {"removed": 1, "unchanged": 2}, {"a": "Item a", "b": "Item b"}),
        (_rename, {"added": 1, "removed": 1, "unchanged": 2}, {**REST, "z": "Item a"}),
        (_empty, {"kept": 1, "unchanged": 2}, ALL),
        (_break, {"kept": 1, "unchanged": 2}, ALL),
        (_shelve, {"removed": 1, "unchanged": 2}, REST),
        (_shelve_unclearly, {"removed": 1, "unchanged": 2}, REST),
        (_retype, {"unchanged": 3}, ALL),
        (_hide, {"removed": 1, "unchanged": 2}, REST),
        (_swap, {"changed": 2, "unchanged": 1}, {**ALL, "a": "Item b", "b": "Item a"}),
        (_lead_nowhere, {"kept": 1, "unchanged": 2}, ALL),
        (_nest, {"added": 1, "removed": 1, "unchanged": 2}, {**REST, "a/b": "Nested"}),
    ],
)
@pytest.mark.parametrize("full", [False, True])
def test_every_kind_of_change_is_counted_and_carried_out(
    seeds: Path,
    index: Path,
    edit: Callable[[Path], None],
    counted: dict[str, int],
    left: dict[str, str],
    full: bool,
) -> None:
    run(seeds, index)
    edit(seeds)
    dry = run(seeds, index, dry_run=True, full=full)
    assert titles(index) == ALL
    report = run(seeds, index, full=full)
    assert changes(report) == changes(dry) == counted
    assert report.items == dry.items == len(left)
    assert titles(index) == left
    again = run(seeds, index)
    assert not again.switched
    assert titles(index) == left


def test_a_mended_file_is_read_again(seeds: Path, index: Path) -> None:
    run(seeds, index)
    _break(seeds)
    run(seeds, index)
    seed(seeds, "a", "Mended")
    assert changes(run(seeds, index)) == {"changed": 1, "unchanged": 2}
    assert titles(index)["a"] == "Mended"


def test_a_kept_item_goes_with_its_file(seeds: Path, index: Path) -> None:
    run(seeds, index)
    _break(seeds)
    run(seeds, index, full=True)
    _remove(seeds)
    assert changes(run(seeds, index)) == {"removed": 1, "unchanged": 2}
    assert titles(index) == REST


def test_a_bad_file_that_was_never_indexed_is_rejected(seeds: Path, index: Path) -> None:
    _break(seeds)
    report = run(seeds, index)
    assert changes(report) == {"added": 2, "rejected": 1}
    assert report.rejected == 1
    assert [(p.path, p.line, p.severity) for p in report.problems] == [
        (f"{seeds}/a.md", 1, Severity.ERROR)
    ]
    assert titles(index) == REST


def test_a_warning_rejects_nothing(seeds: Path, index: Path) -> None:
    seed(seeds, "a", "Item a", quality="high")
    report = run(seeds, index)
    assert (report.rejected, changes(report)) == (0, {"added": 3})
    assert [problem.severity for problem in report.problems] == [Severity.WARNING]


def test_two_files_of_one_id_give_one_item_and_a_problem(seeds: Path, index: Path) -> None:
    run(seeds, index)
    shutil.copy(seeds / "b.md", seeds / "a.markdown")
    report = run(seeds, index)
    assert changes(report) == {"unchanged": 3}
    assert "another file has the id a" in report.problems[0].message
    assert titles(index) == ALL


def test_a_folder_that_cannot_be_listed_keeps_its_items(
    seeds: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(seeds, index)
    listing = os.scandir

    def refuse(path: bytes | Path | int) -> object:
        if str(path).endswith(("/deep", "/deep'")):
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)  # the system's refusal, which root never meets
    report = run(seeds, index)
    assert changes(report) == {"unchanged": 2, "kept": 1}
    assert [(p.path, p.message) for p in report.problems] == [
        (f"{seeds}/deep/", "it may not be read; allow reading it")
    ]
    assert changes(run(seeds, index, full=True)) == {"unchanged": 2, "kept": 1}
    assert titles(index) == ALL


def test_a_seeds_folder_lost_in_the_middle_of_a_run_keeps_every_item(
    seeds: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(seeds, index)
    listing, calls = os.scandir, [0]

    def vanish(path: bytes | Path | int) -> object:
        is_root = not isinstance(path, int) and os.fsencode(path) == os.fsencode(seeds)
        calls[0] += is_root
        if is_root and calls[0] > 2:  # the two looks before the walk still see it
            raise OSError(5, "Input/output error", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", vanish)
    report = run(seeds, index)
    assert changes(report) == {"kept": 3}
    assert report.rejected == 1
    assert titles(index) == ALL


def test_promoted_only_leaves_out_what_is_marked_unpublished(seeds: Path, index: Path) -> None:
    seed(seeds, "a", "Item a", published=False)
    seed(seeds, "b", "Item b", published=True)
    assert changes(run(seeds, index, promoted_only=True)) == {"added": 2}
    assert titles(index) == REST
    assert changes(run(seeds, index)) == {"added": 1, "unchanged": 2}
    assert changes(run(seeds, index, promoted_only=True)) == {"removed": 1, "unchanged": 2}
    assert titles(index) == REST


def test_another_usual_language_makes_what_a_full_run_with_it_makes(
    seeds: Path, index: Path, tmp_path: Path
) -> None:
    seed(seeds, "d", "Item d", lang="fr")
    assert changes(run(seeds, index)) == {"added": 4}
    again = run(seeds, index, language="de")
    assert changes(again) == {"changed": 3, "unchanged": 1}
    assert run(seeds, tmp_path / "full", language="de").items == 4
    contents = [WhooshStore(i).current().content for i in (index, tmp_path / "full")]
    assert contents[0] == contents[1]
    assert changes(run(seeds, index, language="de")) == {"unchanged": 4}


def test_strict_switches_nothing_where_a_file_was_rejected(seeds: Path, index: Path) -> None:
    first = run(seeds, index)
    _break(seeds)
    seed(seeds, "b", "Other")
    report = run(seeds, index, strict=True)
    assert not report.switched
    assert (report.generation, report.items, report.rejected) == (first.generation, 3, 1)
    assert titles(index) == ALL
    assert not run(seeds, index, strict=True, full=True).switched
    seed(seeds, "a", "Mended")
    assert run(seeds, index, strict=True).switched
    assert titles(index) == {**ALL, "a": "Mended", "b": "Other"}


def test_strict_over_no_index_leaves_none(seeds: Path, index: Path) -> None:
    _break(seeds)
    report = run(seeds, index, strict=True)
    assert (report.generation, report.items, report.bytes) == ("", 0, 0)
    with pytest.raises(IndexMissing):
        WhooshStore(index).current()
    assert list(index.iterdir()) == []


def test_a_dry_run_makes_no_folder(seeds: Path, index: Path) -> None:
    report = run(seeds, index, dry_run=True)
    assert (report.generation, report.items, report.switched) == ("", 3, False)
    assert not index.exists()


def test_a_full_run_makes_a_generation_even_if_nothing_changed(seeds: Path, index: Path) -> None:
    first = run(seeds, index)
    report = run(seeds, index, full=True)
    assert report.switched
    assert report.generation != first.generation
    assert titles(index) == ALL


def test_an_empty_folder_is_an_empty_index(tmp_path: Path, index: Path) -> None:
    (tmp_path / "seeds").mkdir()
    report = run(tmp_path / "seeds", index)
    assert (report.items, report.switched) == (0, True)
    assert titles(index) == {}


def test_a_missing_seeds_folder_makes_no_index(tmp_path: Path, index: Path) -> None:
    for dry_run in (False, True):
        with pytest.raises(SeedsMissing, match="there is no seeds folder"):
            run(tmp_path / "seeds", index, dry_run=dry_run)
    assert not index.exists()


def test_only_two_generations_stay(seeds: Path, index: Path) -> None:
    made = []
    for number in range(4):
        seed(seeds, "a", f"Version {number}")
        made.append(run(seeds, index).generation)
    assert sorted(path.name for path in index.iterdir()) == ["CURRENT", *made[-2:]]


def test_what_a_crashed_run_left_is_cleared_away(seeds: Path, index: Path) -> None:
    first = run(seeds, index).generation
    (index / "g000002-abcdef").mkdir()
    (index / "g000002-abcdef" / "half").touch()
    (index / "CURRENT.new").touch()
    (index / "LOCK").write_text("stale")
    run(seeds, index)
    assert sorted(path.name for path in index.iterdir()) == ["CURRENT", first]


def test_a_locked_index_is_left_alone(seeds: Path, index: Path) -> None:
    run(seeds, index)
    with WhooshStore(index).exclusive(), pytest.raises(IndexLocked):
        run(seeds, index)
    with WhooshStore(index).exclusive():
        assert changes(run(seeds, index, dry_run=True)) == {"unchanged": 3}


def _current(index: Path) -> Path:
    return index / (index / "CURRENT").read_text().strip()


def _flip(index: Path) -> None:
    path = _current(index) / "sources.json"
    path.write_bytes(path.read_bytes()[::-1])


def _lose(index: Path) -> None:
    next(_current(index).glob("*.toc")).unlink()


def _misname(index: Path) -> None:
    (index / "CURRENT").write_text("rubbish")


def _misplace(index: Path) -> None:
    shutil.rmtree(_current(index))


def _stow(index: Path) -> None:
    (_current(index) / "more.toc").touch()


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (_flip, "sources.json has changed"),
        (_lose, "_MAIN_1.toc is missing"),
        (_misname, "CURRENT names no generation: 'rubbish'"),
        (_misplace, "manifest.json is missing"),
        (_stow, "more.toc does not belong there"),
    ],
)
@pytest.mark.parametrize("full", [False, True])
def test_a_damaged_index_is_built_anew_and_the_report_says_why(
    seeds: Path, index: Path, damage: Callable[[Path], None], why: str, full: bool
) -> None:
    run(seeds, index)
    damage(index)
    assert why in run(seeds, index, dry_run=True).rebuilt
    report = run(seeds, index, full=full)
    assert why in report.rebuilt
    assert manifest.REMEDY not in report.rebuilt
    assert changes(report) == {"added": 3}
    assert titles(index) == ALL
    assert run(seeds, index).rebuilt == ""


def test_after_damage_the_last_whole_generation_can_be_rolled_back_to(
    seeds: Path, index: Path
) -> None:
    run(seeds, index)
    seed(seeds, "a", "Other")
    run(seeds, index)
    _flip(index)
    assert run(seeds, index).rebuilt
    store = WhooshStore(index)
    with store.exclusive():
        store.rollback()
    assert titles(index) == ALL


def test_an_index_of_other_fields_is_built_anew(seeds: Path, index: Path) -> None:
    folder = index / run(seeds, index).generation
    manifest.write(folder, replace(manifest.read(folder), schema=fingerprint(())))
    report = run(seeds, index)
    assert "was written by another version of Newsdex (schema " in report.rebuilt
    assert report.rebuilt.endswith(")")  # without what to do, because it was done
    assert titles(index) == ALL


def test_an_index_of_another_engine_is_built_anew(seeds: Path, index: Path) -> None:
    generation = run(seeds, index).generation
    made = manifest.read(index / generation)
    other = {name: getattr(made, name) for name in ("created", "schema", "items", "files")}
    manifest.write(index / generation, manifest.Manifest(generation, engine="opensearch", **other))
    assert "engine 'opensearch'" in run(seeds, index).rebuilt
    assert titles(index) == ALL


def test_a_rollback_is_followed_by_the_seeds_again(seeds: Path, index: Path) -> None:
    run(seeds, index)
    seed(seeds, "a", "Other")
    run(seeds, index)
    store = WhooshStore(index)
    with store.exclusive():
        store.rollback()
    assert titles(index) == ALL
    assert changes(run(seeds, index)) == {"changed": 1, "unchanged": 2}
    assert titles(index) == {**ALL, "a": "Other"}


def test_the_record_says_what_the_file_was_and_what_it_gave(seeds: Path, index: Path) -> None:
    path = seed(seeds, "a", "Item a", provider={"name": "Example", "domain": "example.com"})
    os.utime(path, ns=(0, 5))
    time.sleep(SETTLED)
    run(seeds, index)
    found, status = WhooshStore(index).file_records(), path.stat()
    kept = found.files["a"]
    (one,) = WhooshStore(index).items(["a"])
    assert kept == FileRecord(
        ".md",
        status.st_size,
        5,
        status.st_ino,
        change_detection.content_hash(path.read_bytes(), 0),
        document(one).fingerprint,
        (0, 1, 2),
        ctime=status.st_ctime_ns,
        undated=True,
    )
    assert found.labels == (
        ("provider", "example.com", "Example"),
        ("type", "article", "article"),
        ("language", "en", "English"),
    )
    assert one.article.provider == Provider("Example", "example.com")


def test_items_without_a_date_and_drafts_are_counted_by_every_run(seeds: Path, index: Path) -> None:
    def counted(**options: bool) -> tuple[int, int]:
        report, checked = run(seeds, index, **options), check(seeds)
        assert (report.undated, report.drafts) == (checked.undated, checked.drafts)
        return report.undated, report.drafts

    seed(seeds, "dated", date="2020-05-17")
    seed(seeds, "2020-05-17-named")
    seed(seeds, "bad-date", date="soon")
    (seeds / "draft.md").write_text(DRAFT)
    seed(seeds, "_drafts/b")
    assert counted() == (4, 2)
    assert counted() == (4, 2)  # now that no file is read again
    _shelve(seeds)
    assert counted(dry_run=True) == (3, 3)
    assert counted() == counted(full=True) == (3, 3)


def test_an_item_that_stays_although_its_file_is_broken_still_counts(
    seeds: Path, index: Path
) -> None:
    run(seeds, index)
    _break(seeds)
    assert [run(seeds, index, full=full).undated for full in (False, False, True)] == [3, 3, 3]


def test_the_opaque_blob_reaches_no_file_of_the_index(seeds: Path, index: Path) -> None:
    blob = "c2VjcmV0LWJsb2I"
    seed(seeds, "a", "Item a", secured=blob, related=[{"title": "x", "secured": blob}])
    seed(seeds, "b", "Item b", secured={"deep": [blob]})
    report = run(seeds, index)
    assert report.items == 3
    written = [path.read_bytes() for path in index.rglob("*") if path.is_file()]
    with closing(open_dir(str(_current(index))).reader()) as opened:
        written += [repr(row).encode() for row in opened.all_stored_fields()]  # compressed there
        written += [term for _, term in opened.all_terms()]
    written += [encode(item) for item in WhooshStore(index).items(["a", "b"])]  # compressed there
    assert any(b"Item a" in data for data in written)
    assert not any(blob.encode() in data or b"secured" in data for data in written)
    assert not any(fold(blob).encode() in data for data in written)
    assert not any(blob in str(problem) for problem in report.problems)


def test_an_edit_of_nothing_but_secured_is_no_change(seeds: Path, index: Path) -> None:
    seed(seeds, "a", "Item a", secured="one")
    run(seeds, index)
    seed(seeds, "a", "Item a", secured="two")
    assert changes(run(seeds, index)) == {"unchanged": 3}


SETTLED = 0.12
"""Seconds after which a change is no longer of the very moment in which a run looks."""


def _age(seeds: Path) -> None:
    """As if the files had been written some time ago."""
    for path in seeds.rglob("*.md"):
        os.utime(path, ns=(1_000_000_007, 1_000_000_007))
    time.sleep(SETTLED)


def _retitle(path: Path) -> None:
    """Write into a file, and give it back its size and its time."""
    status, text = path.stat(), path.read_text().replace("Item", "Atom")
    with path.open("r+") as file:
        file.write(text)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert path.stat().st_mtime_ns == status.st_mtime_ns


@pytest.fixture
def read(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """The seeds that were opened since this was asked last, by their names."""
    opened: list[str] = []
    plain = os.open

    def watch(path: Any, *rest: Any, **more: Any) -> int:
        if os.fsdecode(path).startswith(f"{seeds}/") and os.fsdecode(path).endswith(".md"):
            opened.append(Path(os.fsdecode(path)).stem)
        return plain(path, *rest, **more)

    def asked() -> list[str]:
        found = sorted(opened)
        opened.clear()
        return found

    monkeypatch.setattr(os, "open", watch)
    return asked


def test_a_file_that_looks_the_same_is_not_read_but_with_checksum(
    seeds: Path, index: Path, read: Callable[[], list[str]]
) -> None:
    _age(seeds)
    run(seeds, index)
    assert read() == ["a", "b", "c"]
    assert changes(run(seeds, index)) == {"unchanged": 3}
    assert read() == []
    assert changes(run(seeds, index, checksum=True)) == {"unchanged": 3}
    assert read() == ["a", "b", "c"]


def test_a_file_that_was_overwritten_and_given_its_old_time_is_read_again(
    seeds: Path, index: Path, read: Callable[[], list[str]]
) -> None:
    _age(seeds)
    run(seeds, index)
    read()
    _retitle(seeds / "a.md")
    assert changes(run(seeds, index)) == {"changed": 1, "unchanged": 2}
    assert read() == ["a"]
    assert titles(index) == {**ALL, "a": "Atom a"}


def test_a_file_changed_in_the_instant_it_was_looked_at_is_read_again(
    seeds: Path, index: Path
) -> None:
    (seeds / "a.md").touch()
    run(seeds, index)
    _retitle(seeds / "a.md")
    assert changes(run(seeds, index)) == {"changed": 1, "unchanged": 2}


@pytest.mark.parametrize("many", [True, False])
def test_where_many_files_were_read_in_vain_their_record_is_renewed(
    seeds: Path,
    index: Path,
    many: bool,
    read: Callable[[], list[str]],
) -> None:
    _age(seeds)
    first = run(seeds, index)
    for path in seeds.rglob("*.md"):
        os.utime(path, ns=(2_000_000_007, 2_000_000_007))
    time.sleep(SETTLED)
    report = run(seeds, index, renew_after=3 if many else 4)
    assert changes(report) == {"unchanged": 3}
    assert (report.switched, report.generation != first.generation) == (many, many)
    time.sleep(SETTLED)
    run(seeds, index)
    read()
    assert changes(run(seeds, index)) == {"unchanged": 3}
    assert read() == ([] if many else ["a", "b", "c"])
    if many:
        old, new = (index / report.generation, index / first.generation)
        own = {
            "manifest.json",
            "sources.json",
            "labels.json",
            "stories.arrays",
            "suggestions.arrays",
        }
        kept = {*own, "_MAIN_1.toc", "_MAIN_2.toc"}
        files = {path.name for path in new.iterdir()} - kept
        assert files
        assert all((old / name).samefile(new / name) for name in files)


def test_the_problems_of_files_that_are_not_read_again_are_told_again(
    seeds: Path, index: Path, read: Callable[[], list[str]]
) -> None:
    seed(seeds, "b", "Item b", quality="high")
    run(seeds, index)
    (seeds / "a.md").write_text(BAD)
    (seeds / "z.md").write_text(BAD)
    _age(seeds)
    first = run(seeds, index)
    assert changes(first) == {"kept": 1, "rejected": 1, "unchanged": 2}
    assert [Path(problem.path).name for problem in first.problems] == ["a.md", "b.md", "z.md"]
    seed(seeds, "new")
    _age(seeds)
    run(seeds, index)
    read()
    again = run(seeds, index)
    assert read() == []
    assert again.problems == first.problems
    assert changes(again) == {"kept": 1, "rejected": 1, "unchanged": 3}
    assert titles(index) == {**ALL, "new": "A title"}


def test_what_another_version_read_is_read_again(
    seeds: Path, index: Path, read: Callable[[], list[str]]
) -> None:
    _age(seeds)
    folder = index / run(seeds, index).generation
    read()
    run(seeds, index)
    assert read() == []
    file_records.write(folder, replace(file_records.read(folder), reader="0.0"))
    made = manifest.read(folder)
    other = {file_records.NAME: manifest.digest(folder / file_records.NAME)}
    manifest.write(folder, replace(made, files={**made.files, **other}))
    assert changes(run(seeds, index)) == {"unchanged": 3}
    assert read() == ["a", "b", "c"]


def test_an_item_withheld_is_there_once_it_is_asked_for(seeds: Path, index: Path) -> None:
    seed(seeds, "a", "Item a", published=False)
    _age(seeds)
    assert changes(run(seeds, index, promoted_only=True)) == {"added": 2}
    assert changes(run(seeds, index)) == {"added": 1, "unchanged": 2}
    assert changes(run(seeds, index, promoted_only=True)) == {"removed": 1, "unchanged": 2}


def test_however_little_memory_there_is_the_index_is_the_same(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    for number in range(300):
        seed(seeds, f"{number:03d}", f"Item {number}", excerpt="words " * 50)
    run(seeds, tmp_path / "much")
    run(seeds, tmp_path / "little", memory=1)
    assert titles(tmp_path / "little") == titles(tmp_path / "much")


def test_progress_counts_every_file_to_the_last(seeds: Path, index: Path) -> None:
    _break(seeds)
    seen: list[tuple[int, int]] = []
    run_module.reindex(seeds, WhooshStore(index), Options(), lambda *step: seen.append(step))
    assert seen[-1] == (3, 3)
    seen.clear()
    check(seeds, lambda *step: seen.append(step))
    assert seen[-1] == (3, 3)
    assert seen == sorted(seen)


def test_an_examination_names_every_problem_and_touches_nothing(seeds: Path) -> None:
    _break(seeds)
    seed(seeds, "b", "Item b", quality="high")
    (seeds / "d.md").symlink_to(seeds / "gone")
    (seeds / "e.md").write_text(DRAFT)
    found = check(seeds)
    assert (found.files, found.items, found.rejected) == (5, 2, 2)
    assert [Path(problem.path).name for problem in found.problems] == ["a.md", "b.md", "d.md"]
    assert sorted(path.name for path in seeds.parent.iterdir()) == ["seeds"]


def test_many_items_come_and_go(tmp_path: Path, index: Path) -> None:
    seeds = tmp_path / "seeds"
    many = 3000 if CAMPAIGN else 300
    for number in range(many):
        seed(seeds, f"{number % 7}/{number}", f"Item {number}")
    assert changes(run(seeds, index)) == {"added": many}
    for number in range(0, many, 3):
        (seeds / f"{number % 7}/{number}.md").unlink()
    for number in range(1, many, 3):
        seed(seeds, f"{number % 7}/{number}", f"Item {number} again")
    assert changes(run(seeds, index)) == {
        "removed": many // 3,
        "changed": many // 3,
        "unchanged": many // 3,
    }
    assert titles(index) == {
        f"{number % 7}/{number}": f"Item {number}" + " again" * (number % 3 == 1)
        for number in range(many)
        if number % 3
    }


def test_every_change_has_a_name_of_its_own() -> None:
    assert [change.value for change in Change] == [
        *("added", "changed", "unchanged", "removed", "kept", "rejected")
    ]
