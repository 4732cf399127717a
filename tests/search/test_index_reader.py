"""Generations change while a reader is open: what requests see, and what is closed."""

import errno
import hashlib
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from indexer.document import document
from indexer.engines import open_store
from indexer.errors import IndexDamaged, IndexMissing, IndexUnusable
from indexer.index.current import CURRENT
from indexer.index.directory import Generation, IndexDirectory
from indexer.item import Item
from indexer.segment import column_file
from search_app.search import service
from search_app.search.engines import SEARCHERS, open_searcher, verify_policy
from search_app.search.index_reader import IndexReader
from search_app.search.lease import Difference
from search_app.search.protocols import Searcher
from search_app.search.request import SearchRequest
from tests.conditions import examples
from tests.indexer.samples import run, seed, sources
from tests.search.samples import ENGINE, ids, item, make, reader_of


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[IndexReader]:
    with closing(reader_of(tmp_path)) as reader:
        yield reader


def warning(reader: IndexReader) -> str:
    """What a request is warned of."""
    with reader.acquire() as lease:
        return lease.warning


def world(number: int) -> list[Item]:
    """The items of one generation: all of them say which one it is."""
    return [item(f"{number}-{n}", f"tram {number}", topics=(f"T{number}",)) for n in range(4)]


def remake(folder: Path, number: int, *, keep: bool = False) -> str:
    """Put a whole new generation in place of the one before."""
    store = open_store(ENGINE, folder)
    items = world(number)
    with store.exclusive(), store.batch(full=True) as batch:
        for one in items:
            batch.put(document(one))
        made = batch.commit(sources(items))
        if not keep:
            store.collect_garbage()
    return made.generation


def found(searcher: Searcher) -> list[str]:
    return ids(service.search(searcher, SearchRequest("tram")))


def damage(folder: Path, name: str, suffix: str = column_file.SUFFIX) -> None:
    """Change one byte of a generation's file of this kind, by default one that answers need."""
    path = next(path for path in (folder / name).iterdir() if path.name.endswith(suffix))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.unlink()  # it may be shared with another generation
    path.write_bytes(data)


def descriptors(folder: Path) -> int:
    """Open files and maps of this process that belong to an index folder."""
    links = []
    for path in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(path.readlink()))
        except FileNotFoundError:
            continue
    maps = set(re.findall(r"/\S+", Path("/proc/self/maps").read_text(encoding="utf-8")))
    return sum(name.startswith(f"{folder}/") for name in [*links, *maps])


def test_a_new_generation_is_picked_up_between_two_requests(
    tmp_path: Path, reader: IndexReader
) -> None:
    first = remake(tmp_path, 1)
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert (searcher.generation, found(searcher)) == (first, ["1-0", "1-1", "1-2", "1-3"])
    second = remake(tmp_path, 2)
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert (searcher.generation, found(searcher)) == (second, ["2-0", "2-1", "2-2", "2-3"])
    assert warning(reader) == ""


def test_a_new_generation_is_picked_up_once_the_files_are_looked_at_again(tmp_path: Path) -> None:
    for recheck, picked_up in ((3600.0, False), (0.02, True)):
        first = remake(tmp_path, 1)
        with closing(reader_of(tmp_path, recheck=recheck)) as reader:
            for _ in range(2):  # the first opens it, the second finds its files as they should be
                with reader.acquire() as lease:
                    assert lease.generation == first
            second = remake(tmp_path, 2)
            time.sleep(0.03)
            with reader.acquire() as lease:
                assert lease.generation == (second if picked_up else first)
                assert found(lease.searcher)  # an unlinked generation stays readable


def test_the_same_generation_is_opened_once(tmp_path: Path, reader: IndexReader) -> None:
    remake(tmp_path, 1)
    with reader.acquire() as one, reader.acquire() as other:
        assert one is other
    with reader.acquire() as lease:
        assert lease is one


def test_a_request_at_work_finishes_on_its_generation(tmp_path: Path, reader: IndexReader) -> None:
    remake(tmp_path, 1)
    with reader.acquire() as lease:
        old = lease.searcher
        assert found(old)[0] == "1-0"
        remake(tmp_path, 2)
        with reader.acquire() as lease:
            new = lease.searcher
            assert found(new)[0] == "2-0"
        assert found(old)[0] == "1-0"
        assert old.get("1-0")


def test_what_a_retired_generation_held_is_let_go_of_after_its_last_request(
    tmp_path: Path, reader: IndexReader
) -> None:
    remake(tmp_path, 1)
    before = descriptors(tmp_path)
    with reader.acquire() as lease:
        old = lease.searcher
        found(old)
        held = descriptors(tmp_path)
        assert held > before
        remake(tmp_path, 2)
        with reader.acquire() as lease:
            new = lease.searcher
            found(new)
            assert descriptors(tmp_path) > held
    assert descriptors(tmp_path) <= held
    reader.close()
    assert descriptors(tmp_path) == before


def test_nothing_indexed_is_index_missing_until_there_is_something(
    tmp_path: Path, reader: IndexReader
) -> None:
    with pytest.raises(IndexMissing, match="newsdex reindex"), reader.acquire():
        pass
    remake(tmp_path, 1)
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert found(searcher)


def test_a_damaged_generation_is_passed_over_for_the_one_before(
    tmp_path: Path, reader: IndexReader, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = remake(tmp_path, 1), remake(tmp_path, 2)
    damage(tmp_path, second)
    with caplog.at_level(logging.WARNING), reader.acquire() as lease:
        searcher = lease.searcher
        assert (searcher.generation, found(searcher)[0]) == (first, "1-0")
    assert second in warning(reader)
    assert f"answering from {first} instead" in warning(reader)
    assert [entry.getMessage() for entry in caplog.records] == [warning(reader)]
    with reader.acquire() as lease:  # and is not tried again with every request
        assert lease.generation == first
    assert len(caplog.records) == 1


def test_the_generation_after_a_damaged_one_answers_without_a_warning(
    tmp_path: Path, reader: IndexReader
) -> None:
    remake(tmp_path, 1)
    damage(tmp_path, remake(tmp_path, 2))
    with reader.acquire():
        assert warning(reader)
    third = remake(tmp_path, 3)
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert searcher.generation == third
    assert warning(reader) == ""


def test_a_generation_that_could_not_be_read_for_a_while_answers_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = remake(tmp_path, 1), remake(tmp_path, 2)
    read = hashlib.file_digest

    def refuse(file: FileIO, *rest: Any) -> Any:
        if second in str(file.name):
            raise OSError(errno.EIO, "Input/output error")
        return read(file, *rest)

    for retry_after, later in ((1000.0, first), (0.0, second)):
        with closing(reader_of(tmp_path, retry_after=retry_after)) as reader:
            with monkeypatch.context() as patch:
                patch.setattr(hashlib, "file_digest", refuse)
                with reader.acquire() as lease:
                    assert lease.generation == first
                    assert "Input/output error" in lease.warning
            with reader.acquire() as lease:
                assert lease.generation == later
                assert bool(lease.warning) == (later == first)


def test_a_rollback_is_followed(tmp_path: Path, reader: IndexReader) -> None:
    first, second = remake(tmp_path, 1), remake(tmp_path, 2)
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert searcher.generation == second
    open_store(ENGINE, tmp_path).rollback()
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert searcher.generation == first
    assert warning(reader) == ""


def test_two_damaged_generations_are_one_clear_error_about_the_current(
    tmp_path: Path, reader: IndexReader
) -> None:
    first, second = remake(tmp_path, 1), remake(tmp_path, 2)
    damage(tmp_path, first)
    damage(tmp_path, second)
    for _ in range(2):
        with pytest.raises(IndexDamaged, match=second), reader.acquire():
            pass


def test_a_damaged_generation_with_none_before_is_an_error(
    tmp_path: Path, reader: IndexReader
) -> None:
    damage(tmp_path, remake(tmp_path, 1))
    with pytest.raises(IndexDamaged, match="newsdex reindex --full"), reader.acquire():
        pass


@pytest.mark.parametrize(
    "text", ["../../etc\n", "", "g000007-abcdef\n", "g000001-abcdef\n", "g000002-abcdef\n", None]
)
def test_where_current_names_none_that_is_there_the_newest_whole_generation_answers(
    tmp_path: Path, reader: IndexReader, text: str | None
) -> None:
    first, second = remake(tmp_path, 1), remake(tmp_path, 2)
    for opened in (True, False):
        if text is None:
            (tmp_path / CURRENT).unlink()
        else:
            (tmp_path / CURRENT).write_text(text)
        with reader.acquire() as lease:
            assert (lease.generation, found(lease.searcher)[0]) == (second, "2-0")
            assert lease.warning.endswith(f"answering from {second} instead")
        if opened:  # by a reader that knew better before, and by one that never did
            (tmp_path / CURRENT).write_text(f"{second}\n")
            with reader.acquire() as lease:
                assert (lease.generation, lease.warning) == (second, "")
            reader.close()
    damage(tmp_path, second)
    with reader.acquire() as lease:
        assert (lease.generation, found(lease.searcher)[0]) == (first, "1-0")


def test_where_current_names_none_and_none_is_whole_it_is_an_error(
    tmp_path: Path, reader: IndexReader
) -> None:
    damage(tmp_path, remake(tmp_path, 1))
    (tmp_path / CURRENT).write_text("../../etc\n")
    for _ in range(2):
        with pytest.raises(IndexDamaged, match="names no generation"), reader.acquire():
            pass


@pytest.mark.parametrize("away", [False, True])
def test_a_file_that_is_changed_while_it_is_open_answers_no_more(
    tmp_path: Path, reader: IndexReader, away: bool
) -> None:
    first, second = remake(tmp_path, 1), remake(tmp_path, 2)
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert searcher.generation == second
    path = next((tmp_path / second).glob(f"*{column_file.SUFFIX}"))
    if away:
        path.unlink()
    else:
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            file.write(b"\xff")
    with reader.acquire() as lease:
        assert (lease.generation, found(lease.searcher)[0]) == (first, "1-0")
        assert f"{path} {'is missing' if away else 'has changed'}" in lease.warning


def test_a_file_that_is_only_touched_goes_on_answering(tmp_path: Path, reader: IndexReader) -> None:
    only = remake(tmp_path, 1)
    with reader.acquire() as lease:
        before = lease.searcher
        pass
    os.utime(next((tmp_path / only).glob(f"*{column_file.SUFFIX}")), ns=(0, 0))
    with reader.acquire() as lease:
        assert (lease.generation, lease.warning) == (only, "")
        assert lease.searcher is not before
    with reader.acquire() as lease:
        again = lease.searcher
        assert again is lease.searcher


def mapped(folder: Path) -> Path:
    return next(folder.glob(f"*{column_file.SUFFIX}"))


def overwrite_unseen(path: Path) -> None:
    """Change a byte in its place, and give the file back its time."""
    status = path.stat()
    with path.open("r+b") as file:
        file.seek(status.st_size // 2)
        file.write(b"\xff" if path.read_bytes()[status.st_size // 2] != 0xFF else b"\0")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_mtime_ns == status.st_mtime_ns


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    assert holds()


def test_an_overwrite_that_gives_a_file_its_old_time_is_found_while_requests_are_answered(
    tmp_path: Path, reader: IndexReader
) -> None:
    first, second = remake(tmp_path, 1), remake(tmp_path, 2)
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert searcher.generation == second
    overwrite_unseen(mapped(tmp_path / second))

    def answering() -> str:
        with reader.acquire() as lease:
            return lease.generation

    wait_until(lambda: answering() == first)
    assert "has changed: its checksum is not" in warning(reader)


@pytest.mark.parametrize("dropped", [False, True])
def test_a_link_that_is_made_or_dropped_is_no_fault_and_nothing_is_opened_anew(
    tmp_path: Path, dropped: bool
) -> None:
    """As a reindex makes one for each file it shares with the next generation, and drops those of
    the generations it clears away."""
    only = remake(tmp_path, 1)
    path, other = mapped(tmp_path / only), tmp_path / "other"
    if dropped:
        other.hardlink_to(path)
    with closing(reader_of(tmp_path)) as reader:
        with reader.acquire() as before:
            changed = path.stat().st_ctime_ns
        if dropped:
            other.unlink()
        else:
            other.hardlink_to(path)
        assert path.stat().st_ctime_ns != changed
        with reader.acquire() as lease:
            assert lease is before
            assert found(lease.searcher)
        wait_until(lambda: before.difference() is Difference.NONE)  # it was looked at, and is whole
        with reader.acquire() as lease:
            assert lease is before
            assert not lease.warning


def test_a_reindex_that_shares_files_leaves_the_server_no_fault_to_find(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seeds, index = tmp_path / "seeds", tmp_path / "index"
    for number in range(3):
        seed(seeds, f"{number}", "tram")
    run(seeds, index)
    with closing(reader_of(index)) as reader:
        for number in range(3, 7):
            seed(seeds, f"{number}", "tram")
            run(seeds, index)
            with reader.acquire() as lease:
                searcher = lease.searcher
                assert len(found(searcher)) == number + 1
            reader.wait_for_verification()
        assert not warning(reader)
    assert not caplog.records


def test_where_a_search_meets_damage_all_is_read_again_though_nothing_looks_changed(
    tmp_path: Path, reader: IndexReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be the disk's doing, or the memory's."""
    only = remake(tmp_path, 1)
    with reader.acquire():
        pass
    reader.wait_for_verification()
    read: set[str] = set()
    plain = hashlib.file_digest

    def watch(file: Any, kind: Any) -> Any:
        read.add(file.name.name)
        return plain(file, kind)

    monkeypatch.setattr(hashlib, "file_digest", watch)
    with pytest.raises(IndexDamaged), reader.acquire():
        raise IndexDamaged("met while searching")
    reader.wait_for_verification()
    assert mapped(tmp_path / only).name in read
    with reader.acquire() as lease:
        assert (lease.generation, lease.warning) == (only, "")
        assert not lease.is_being_verified


def test_a_look_that_fails_is_not_the_last_one(tmp_path: Path) -> None:
    only = remake(tmp_path / "index", 1)
    with closing(reader_of(tmp_path / "index")) as reader:
        with reader.acquire() as lease:
            (tmp_path / "index").rename(tmp_path / "away")
            reader._verify_again(lease)
            reader.wait_for_verification()
            (tmp_path / "away").rename(tmp_path / "index")
            assert not lease.is_being_verified
        wait_until(lambda: _answers(reader, only))


def _answers(reader: IndexReader, generation: str) -> bool:
    try:
        with reader.acquire() as lease:
            return lease.generation == generation and not lease.warning
    except IndexUnusable:
        return False


def test_what_is_read_to_answer_is_known_and_looked_at_first(tmp_path: Path) -> None:
    """A file that ends otherwise than these is compared by SHA-256 before anything is opened."""
    assert SEARCHERS[ENGINE].verify_policy.xxh3 == (column_file.SUFFIX,)
    folder = tmp_path / remake(tmp_path, 1)
    generation = IndexDirectory(tmp_path).load(folder.name, ENGINE)
    read: list[str] = []
    listening = True

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if listening and event == "open" and str(arguments[0]).startswith(str(folder)):
            read.append(str(arguments[0]))

    sys.addaudithook(hook)
    with closing(open_searcher(ENGINE, generation)) as searcher:
        found(searcher)
    listening = False
    names = {Path(name).name for name in read}
    assert len(names) == 5
    assert not [name for name in names if name.endswith(SEARCHERS[ENGINE].verify_policy.size_only)]


def test_a_generation_of_another_engine_is_an_error(tmp_path: Path) -> None:
    remake(tmp_path, 1)
    other = IndexReader(
        IndexDirectory(tmp_path), "other", lambda generation: open_searcher(ENGINE, generation)
    )
    with pytest.raises(IndexDamaged, match="engine 'whoosh', not 'other'"), other.acquire():
        pass


def test_a_generation_cleared_away_while_it_is_opened_is_passed_over_for_the_newest(
    tmp_path: Path,
) -> None:
    remake(tmp_path, 1)
    swaps = iter((2, 3))

    def slow(generation: Generation) -> Searcher:
        for number in swaps:
            remake(tmp_path, number)
        return open_searcher(ENGINE, generation)

    with (
        closing(IndexReader(IndexDirectory(tmp_path), ENGINE, slow)) as reader,
        reader.acquire() as lease,
    ):
        searcher = lease.searcher
        assert found(searcher)[0] == "3-0"


def test_a_closed_reader_opens_again_when_asked(tmp_path: Path, reader: IndexReader) -> None:
    remake(tmp_path, 1)
    with reader.acquire() as lease:
        searcher = lease.searcher
        reader.close()
        assert found(searcher)  # a request at work is not cut off
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert found(searcher)


def test_a_request_finishes_though_its_generation_has_been_cleared_away(
    tmp_path: Path, reader: IndexReader
) -> None:
    first = remake(tmp_path, 1)
    with reader.acquire() as lease:
        old = lease.searcher
        for number in (2, 3):
            remake(tmp_path, number)
        assert not (tmp_path / first).exists()
        assert found(old)[0] == "1-0"
        assert old.get("1-0")
        assert service.search(old, SearchRequest('"tram 1" t* -zebra', since="")).total == 4
    with reader.acquire() as lease:
        new = lease.searcher
        assert found(new)[0] == "3-0"


def test_a_request_that_fails_gives_its_searcher_back(tmp_path: Path, reader: IndexReader) -> None:
    remake(tmp_path, 1)
    with pytest.raises(TypeError), reader.acquire() as lease:
        found(lease.searcher, 0)  # type: ignore[call-arg]
    with reader.acquire() as lease:
        searcher = lease.searcher
        found(searcher)
    reader.wait_for_verification()
    held = descriptors(tmp_path)
    remake(tmp_path, 2)
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert found(searcher)[0] == "2-0"
    reader.wait_for_verification()
    assert descriptors(tmp_path) == held


def test_many_threads_see_whole_generations_during_swaps(
    tmp_path: Path, reader: IndexReader
) -> None:
    """No error, no mixture, no growth, and no request goes back to an older generation."""
    remake(tmp_path, 0)
    with reader.acquire() as lease:
        searcher = lease.searcher
        found(searcher)
        for_one = descriptors(tmp_path)
    faults: list[object] = []
    done = threading.Event()
    asked = [0] * 8

    def search(number: int) -> None:
        latest = -1
        while not done.is_set():
            try:
                with reader.acquire() as lease:
                    searcher = lease.searcher
                    hits = found(searcher)
                    one = int(hits[0].partition("-")[0])
                    topics = service.search(searcher, SearchRequest()).facets["topic"]
                    generation = int(searcher.generation[1:7])
            except IndexUnusable as error:
                faults.append(error)
                return
            if hits != [f"{one}-{n}" for n in range(4)] or topics[0].value != f"T{one}":
                faults.append(hits)
            if generation < latest:
                faults.append((generation, latest))
            latest = generation
            asked[number] += 1

    threads = [threading.Thread(target=search, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for number in range(1, examples(7, 40)):
        remake(tmp_path, number)
    while not (all(asked) or faults):
        time.sleep(0.01)
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert descriptors(tmp_path) <= (len(threads) + 1) * for_one
    reader.close()
    assert descriptors(tmp_path) == 0


def test_reading_leaves_the_generation_as_it_was(tmp_path: Path, reader: IndexReader) -> None:
    make(tmp_path, world(1))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with reader.acquire() as lease:
        searcher = lease.searcher
        found(searcher)
    reader.close()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_what_is_not_read_to_answer_is_looked_at_while_requests_are_answered(
    tmp_path: Path, reader: IndexReader
) -> None:
    first, second = remake(tmp_path, 1), remake(tmp_path, 2)
    damage(tmp_path, second, "sources.json")
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert (searcher.generation, found(searcher)[0]) == (second, "2-0")
    for _ in range(200):
        if warning(reader):
            break
        time.sleep(0.05)
    assert second in warning(reader)
    with reader.acquire() as lease:
        searcher = lease.searcher
        assert (searcher.generation, found(searcher)[0]) == (first, "1-0")


def test_a_generation_found_damaged_is_looked_at_closely_ever_after(
    tmp_path: Path, reader: IndexReader
) -> None:
    damage(tmp_path, remake(tmp_path, 1), "sources.json")
    for _ in range(200):
        try:
            with reader.acquire():
                time.sleep(0.05)
        except IndexDamaged:
            break
    for _ in range(3):
        with pytest.raises(IndexDamaged), reader.acquire():
            pass


def test_a_reader_can_be_made_to_verify_every_byte_before_it_answers(tmp_path: Path) -> None:
    first, second = remake(tmp_path, 1), remake(tmp_path, 2)
    damage(tmp_path, second, "sources.json")
    opener = partial(open_searcher, ENGINE)
    with closing(
        IndexReader(
            IndexDirectory(tmp_path), ENGINE, opener, verify_policy(ENGINE).of_all(), recheck=0
        )
    ) as reader:
        with reader.acquire() as lease:
            searcher = lease.searcher
            assert searcher.generation == first
        assert second in warning(reader)
