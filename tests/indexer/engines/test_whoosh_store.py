"""The Whoosh store: batches become visible whole or not at all, and share what did not change."""

import hashlib
import os
import shutil
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

import pytest

from indexer import engines, schema
from indexer.document import document
from indexer.engines import open_store
from indexer.engines.whoosh import toc
from indexer.engines.whoosh.store import WhooshStore
from indexer.engines.whoosh.toc import Contents
from indexer.errors import EngineUnavailable, IndexDamaged, IndexMissing, IndexUnusable
from indexer.index import manifest
from indexer.segment import column_file
from indexer.segment.document_ids import DocumentIds
from indexer.segment.merge_policy import DEFAULT_POLICY, MergePolicy
from indexer.stories.story_file import NAME
from indexer.suggestions import suggestion_file
from tests.contract.engines import UNMERGED
from tests.indexer.samples import item, less, sources, write


@pytest.fixture
def store(tmp_path: Path) -> WhooshStore:
    return WhooshStore(tmp_path / "index")


@pytest.fixture
def apart(tmp_path: Path) -> WhooshStore:
    """A store that merges no segment for its size."""
    return WhooshStore(tmp_path / "index", UNMERGED)


def held(store: WhooshStore) -> dict[str, str]:
    """Id to title of all items, by way of the records."""
    return {one.id: one.article.title for one in store.items(sorted(store.file_records().files))}


def files(store: WhooshStore, folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_put_is_there_after_the_commit(store: WhooshStore, tmp_path: Path) -> None:
    with store.exclusive(), store.batch(full=True) as batch:
        batch.put(document(item("a", "One")))
        with pytest.raises(IndexMissing):
            store.current()
        made = batch.commit(sources([item("a", "One")]))
    assert store.current() == made
    assert (made.items, made.engine, made.schema) == (1, "whoosh", schema.fingerprint())
    assert store.file_records() == sources([item("a", "One")])
    assert held(store) == {"a": "One"}
    assert files(store, tmp_path / "index") == ["CURRENT", made.generation]
    assert store.generations() == [made.generation]


def test_an_item_is_replaced_and_deleted_by_its_id(store: WhooshStore) -> None:
    write(store, [item("a", "One"), item("b", "Two"), item("c", "Three")])
    with store.exclusive(), store.batch(full=False) as batch:
        batch.put(document(item("a", "New")))
        batch.delete("b")
        batch.delete("nobody")
        batch.commit(sources([item("a", "New"), item("c", "Three")]))
    assert held(store) == {"a": "New", "c": "Three"}
    assert [*store.items(["b", "nobody"])] == []


def test_a_discarded_batch_leaves_nothing(store: WhooshStore, tmp_path: Path) -> None:
    with store.exclusive(), store.batch(full=True) as batch:
        batch.put(document(item()))
    assert files(store, tmp_path / "index") == []
    write(store, [item()])
    before = files(store, tmp_path / "index")
    with store.exclusive(), store.batch(full=False) as batch:
        batch.delete("a")
    assert files(store, tmp_path / "index") == before
    assert held(store) == {"a": "A title"}


class Interruption(BaseException):
    """As `KeyboardInterrupt` is one."""


def fail(store: WhooshStore, kind: type[BaseException], *, full: bool, late: bool) -> None:
    """A batch that ends in an exception: before its commit or, `late`, after."""
    with store.exclusive(), store.batch(full=full) as batch:
        batch.put(document(item("a", "New")))
        if late:
            batch.commit(sources([item("a", "New")]))
        raise kind


@pytest.mark.parametrize("kind", [RuntimeError, Interruption])
@pytest.mark.parametrize("full", [True, False])
def test_an_exception_within_a_batch_leaves_the_old_index_and_no_stray_file(
    store: WhooshStore, tmp_path: Path, kind: type[BaseException], full: bool
) -> None:
    write(store, [item()])
    before = files(store, tmp_path / "index")
    with pytest.raises(kind):
        fail(store, kind, full=full, late=False)
    assert files(store, tmp_path / "index") == before
    assert held(store) == {"a": "A title"}


@pytest.mark.parametrize("kind", [RuntimeError, Interruption])
def test_an_exception_after_the_commit_leaves_the_new_index(
    store: WhooshStore, kind: type[BaseException]
) -> None:
    write(store, [item()])
    with pytest.raises(kind):
        fail(store, kind, full=False, late=True)
    assert held(store) == {"a": "New"}
    assert [verdict.faults for verdict in store.verify()] == [(), ()]


def test_a_document_that_cannot_be_written_leaves_the_old_index(store: WhooshStore) -> None:
    write(store, [item("a", "Alpha")])
    with pytest.raises(UnicodeEncodeError):
        write(store, [item("b", "Beta", topics=("\ud800",))], full=False)
    assert held(store) == {"a": "Alpha"}


def test_a_batch_that_does_not_add_up_is_not_published(store: WhooshStore, tmp_path: Path) -> None:
    write(store, [item()])
    with pytest.raises(IndexDamaged, match="holds 3 documents for 2 items; nothing was switched"):
        write(store, [item("b"), item("b")], full=False)
    assert held(store) == {"a": "A title"}
    assert len(files(store, tmp_path / "index")) == 2


def test_a_new_generation_shares_the_files_that_did_not_change(
    apart: WhooshStore, tmp_path: Path
) -> None:
    store = apart
    write(store, [item(str(number)) for number in range(20)])
    write(store, [item("new")], full=False)
    new, old = (tmp_path / "index" / name for name in store.generations())
    shared = [path.name for path in new.iterdir() if (old / path.name).exists()]
    (segment,) = [name for name in shared if name.endswith(column_file.SUFFIX)]
    own = {"manifest.json", "sources.json", "labels.json", NAME, suggestion_file.NAME}
    assert set(shared) == own | {segment}
    assert (new / segment).samefile(old / segment)
    assert not (new / NAME).samefile(old / NAME)
    assert not (new / suggestion_file.NAME).samefile(old / suggestion_file.NAME)
    assert not (new / "manifest.json").samefile(old / "manifest.json")
    assert not (new / "sources.json").samefile(old / "sources.json")


def test_where_links_are_refused_files_are_copied(
    store: WhooshStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write(store, [item(str(number)) for number in range(20)])
    write(store, [item("new")], full=False)
    new, old = (tmp_path / "index" / name for name in store.generations())
    assert not any(
        path.samefile(old / path.name) for path in new.iterdir() if (old / path.name).exists()
    )
    assert len(held(store)) == 21
    shutil.rmtree(old)
    assert [verdict.faults for verdict in WhooshStore(tmp_path / "index").verify()] == [()]


def test_the_files_of_a_generation_never_change(store: WhooshStore, tmp_path: Path) -> None:
    write(store, [item(str(number)) for number in range(20)])
    first = store.current().generation
    for number in range(10):
        with store.exclusive(), store.batch(full=False) as batch:
            batch.delete(str(number))
            batch.commit(less(store, str(number)))
    loaded = manifest.read(tmp_path / "index" / first)
    manifest.verify(tmp_path / "index" / first, loaded, {})


def test_an_empty_index_is_an_index(store: WhooshStore) -> None:
    write(store, [])
    assert store.current().items == 0
    assert store.file_records().files == {}
    assert [*store.items([])] == [*store.items(["a"])] == []
    write(store, [item()], full=False)
    with store.exclusive(), store.batch(full=False) as batch:
        batch.delete("a")
        batch.commit(sources([]))
    assert held(store) == {}
    write(store, [item("b")], full=False)
    assert held(store) == {"b": "A title"}


@pytest.mark.slow
def test_segments_stay_logarithmic_in_number(tmp_path: Path) -> None:
    store = WhooshStore(tmp_path / "index", MergePolicy(growth=4, small=0))
    write(store, [])
    most, times = 0, 200
    for number in range(times):
        if number % 5 == 4:
            with store.exclusive(), store.batch(full=False) as batch:
                batch.delete(str(number - 2))
                batch.commit(less(store, str(number - 2)))
        else:
            write(store, [item(str(number), f"Item {number}")], full=False)
        sizes = sorted(segment.doc_count() for segment in contents(tmp_path, store).segments)
        most = max(most, len(sizes))
        merged = 0
        for smaller, larger in pairwise(sizes):
            merged += smaller
            assert larger > merged
        store.collect_garbage()
    assert most <= 1 + log(times, 2)
    assert held(store) == {str(n): f"Item {n}" for n in range(times) if n % 5 != 4 and n % 5 != 2}


def test_small_segments_are_merged_in_any_case(tmp_path: Path) -> None:
    store = WhooshStore(tmp_path / "index", MergePolicy(small=20))
    write(store, [item(str(number)) for number in range(400)])
    for number in range(400, 415):
        write(store, [item(str(number))], full=False)
        sizes = sorted(segment.doc_count() for segment in contents(tmp_path, store).segments)
        assert sizes == [number - 399, 400]


def test_a_segment_of_which_most_is_deleted_is_written_anew(
    store: WhooshStore, tmp_path: Path
) -> None:
    write(store, [item(str(number)) for number in range(40)])
    with store.exclusive(), store.batch(full=False) as batch:
        for number in range(30):
            batch.delete(str(number))
        batch.commit(less(store, *map(str, range(30))))
    assert [s.deleted_count() for s in contents(tmp_path, store).segments] == [0]


def contents(tmp_path: Path, store: WhooshStore) -> Contents:
    folder = tmp_path / "index" / store.current().generation
    return toc.read(folder)


def test_merging_is_by_growth() -> None:
    assert (
        DEFAULT_POLICY.growth >= 2
    )  # else the number of segments could grow with that of the items


def test_verify_looks_at_every_generation(store: WhooshStore, tmp_path: Path) -> None:
    write(store, [item()])
    write(store, [item(), item("b")])
    new, old = store.generations()
    folder = tmp_path / "index" / old
    (folder / "sources.json").write_bytes(b"{}" + (folder / "sources.json").read_bytes()[2:])
    first, second = WhooshStore(tmp_path / "index").verify()
    assert (first.generation, first.current, first.faults) == (new, True, ())
    assert (second.generation, second.current) == (old, False)
    assert "sources.json has changed" in second.faults[0]


def test_verify_misses_a_current_generation_that_is_gone(
    store: WhooshStore, tmp_path: Path
) -> None:
    write(store, [item()])
    write(store, [item(), item("b")])
    shutil.rmtree(tmp_path / "index" / store.generations()[0])
    first, second = store.verify()
    assert first.current
    assert "manifest.json is missing" in first.faults[0]
    assert second.faults == ()


def test_rollback_answers_with_the_items_before(store: WhooshStore) -> None:
    write(store, [item("a", "Old")])
    write(store, [item("a", "New")])
    assert held(store) == {"a": "New"}
    with store.exclusive():
        store.rollback()
    assert held(store) == {"a": "Old"}


def test_an_index_folder_that_is_a_file_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(IndexUnusable, match=r"cannot be written: .*; make room"):
            WhooshStore(folder).exclusive()


def test_a_draft_that_cannot_be_made_is_unusable(store: WhooshStore, tmp_path: Path) -> None:
    (tmp_path / "index").touch()
    with pytest.raises(IndexUnusable, match="cannot be written"), store.batch(full=True):
        pass


def test_only_known_engines_are_opened(tmp_path: Path) -> None:
    assert isinstance(open_store("whoosh", tmp_path), WhooshStore)
    assert list(engines.STORES) == ["whoosh"]
    with pytest.raises(EngineUnavailable, match="no engine 'lucene'; choose one of whoosh"):
        open_store("lucene", tmp_path)


def test_a_deleted_document_has_no_number(apart: WhooshStore, tmp_path: Path) -> None:
    write(apart, [item(str(number)) for number in range(9)])
    with apart.exclusive(), apart.batch(full=False) as batch:
        batch.delete("4")
        batch.commit(less(apart, "4"))
    (segment,) = contents(tmp_path, apart).segments
    folder = tmp_path / "index" / apart.current().generation
    ids = DocumentIds(column_file.read(folder / segment.filename))
    assert ids.number("4", segment.is_deleted) is None
    assert ids.number("4", lambda number: False) == 4
    assert ids.number("5", segment.is_deleted) == 5
    assert ids.number("none", segment.is_deleted) is None


def test_litter_in_a_draft_is_no_part_of_the_generation(tmp_path: Path) -> None:
    store = WhooshStore(tmp_path)
    one = item("a")
    with store.exclusive(), store.batch(full=True) as batch:
        batch.put(document(one))
        (draft,) = tmp_path.glob("g*")
        (draft / ".DS_Store").write_bytes(b"x")
        (draft / "@eaDir").mkdir()
        made = batch.commit(sources([one]))
    assert not {".DS_Store", "@eaDir"} & made.files.keys()
    (draft / ".DS_Store").unlink()
    assert not any(verdict.faults for verdict in store.verify())
    assert [one.id for one in store.items(["a"])] == ["a"]


def test_what_a_store_linked_itself_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = WhooshStore(tmp_path, UNMERGED)
    write(store, [item("a")])
    write(store, [item("b")], full=False)
    store.collect_garbage()
    store.current()
    read: list[str] = []
    plain = hashlib.file_digest

    def watch(file: Any, kind: Any) -> Any:
        read.append(file.name.name)
        return plain(file, kind)

    monkeypatch.setattr(hashlib, "file_digest", watch)
    write(store, [item("c")], full=False)
    store.collect_garbage()
    read.clear()
    store.current()
    shared = [path.name for path in tmp_path.glob("g*/*") if path.stat().st_nlink > 1]
    assert shared
    assert not set(shared) & set(read)
    assert read  # what is new was
