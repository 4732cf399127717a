"""When the seeds folder is to be looked at again: on real folders, by the system's own notices."""

import os
import resource
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.signals import Stop
from indexer.source import seed_file as sources
from indexer.watch.changes import ChangeWatcher, Intervals, Relevance, Tree
from tests.indexer.samples import seed

pytestmark = pytest.mark.slow

TREE = Tree("/a/.b/seeds", "/a/.b/seeds/index", {"/a/.b/seeds/gone.x", "/a/.b/seeds/year"})

LONG, SHORT = 20.0, 0.4
"""Seconds in which something will happen, and in which nothing should."""


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("", Relevance.FOLDER),
        ("/a.md", Relevance.SEED),
        ("/year/A.MARKDOWN", Relevance.SEED),
        ("/a.md~", Relevance.NONE),
        ("/picture.jpg", Relevance.NONE),
        ("/4913", Relevance.NONE),
        ("/.a.md", Relevance.NONE),
        ("/.git", Relevance.NONE),
        ("/.git/refs/a.md", Relevance.NONE),
        ("/year", Relevance.FOLDER),
        ("/gone.x", Relevance.FOLDER),
        ("/new", Relevance.FOLDER),
        ("/.new", Relevance.NONE),
        ("/index", Relevance.NONE),
        ("/index/g000001-abcdef", Relevance.NONE),
        ("/index.md", Relevance.SEED),
    ],
)
def test_only_seeds_and_folders_concern_us(below: str, expected: Relevance) -> None:
    def is_folder(path: str) -> bool:
        return Path(path).name in ("new", ".new", ".git", "year", "index", "g000001-abcdef")

    assert TREE.relevance(TREE.root + below, is_folder) is expected


def test_a_root_of_all_is_a_folder_like_others() -> None:
    tree = Tree("/", "", set())
    assert tree.relevance("/a.md", lambda _: False) is Relevance.SEED
    assert tree.relevance("/.a/a.md", lambda _: False) is Relevance.NONE


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder of seeds with folders in it, one of them without a seed."""
    for name in ("a", "b", "deep/down/c"):
        seed(tmp_path / "site" / "seeds", name)
    (tmp_path / "site" / "seeds" / "empty").mkdir()
    return tmp_path / "site" / "seeds"


SHORTER = Intervals(debounce=0.04, grace=0.1, heartbeat=0.2)
"""Short enough to wait for many of them."""


class Stoppable(Stop):
    """Stopped by whoever sets it."""

    def __init__(self) -> None:
        super().__init__()
        self.event = threading.Event()

    def is_set(self) -> bool:
        """See `Stop.is_set`."""
        return self.event.is_set()


class Waiting:
    """A watcher of a folder, and what it said on the way."""

    def __init__(self, root: Path, *, poll: bool = False, intervals: Intervals = SHORTER) -> None:
        self.said: list[str] = []
        self.stop = Stoppable()
        index, say = root / "index", self.said.append
        self.watcher = ChangeWatcher(root, index, say, poll=poll, intervals=intervals)

    def sees(self, change: Callable[[], object]) -> bool:
        """Whether a change is noticed, and not only because the time for it is up."""
        timer = threading.Timer(LONG, self.stop.event.set)
        timer.start()
        change()
        try:
            return self.watcher.wait(3600, self.stop)
        finally:
            timer.cancel()

    def rests(self) -> bool:
        """Whether nothing is noticed for a while."""
        return not self.watcher.wait(SHORT, self.stop)


@pytest.fixture
def waiting(seeds: Path) -> Iterator[Waiting]:
    made = Waiting(seeds)
    yield made
    made.watcher.close()
    assert not made.said


def test_a_seed_that_is_written_renamed_or_removed_is_noticed_once(
    waiting: Waiting, seeds: Path
) -> None:
    for change in (
        lambda: seed(seeds, "new"),
        lambda: seed(seeds, "deep/down/c", "Other"),
        lambda: seed(seeds, "b", "B title"),  # as long as what was there
        lambda: (seeds / "a.md").rename(seeds / "z.md"),
        lambda: (seeds / "b.md").unlink(),
    ):
        assert waiting.sees(change)
    assert waiting.rests()


def test_what_is_no_seed_is_not_noticed(waiting: Waiting, seeds: Path) -> None:
    (seeds / "notes.txt").touch()
    (seeds / "4913").touch()
    (seeds / "4913").unlink()
    seed(seeds, ".hidden")
    seed(seeds, ".git/refs/c")
    (seeds / "index" / "g000001-abcdef").mkdir(parents=True)
    (seeds / "a.md").read_text()
    assert waiting.rests()
    assert waiting.sees(lambda: seed(seeds, "a", "Other"))


def test_folders_that_come_and_go_are_followed(
    waiting: Waiting, seeds: Path, tmp_path: Path
) -> None:
    assert waiting.sees(lambda: seed(seeds, "new/and/deep/d"))
    assert waiting.sees(lambda: seed(seeds, "new/and/deep/d", "Other"))
    assert waiting.sees(lambda: (seeds / "new").rename(tmp_path / "out"))
    seed(tmp_path / "out" / "and" / "deep", "d", "Another")
    assert waiting.rests()
    assert waiting.sees(lambda: (tmp_path / "out").rename(seeds / "in.2"))
    assert waiting.sees(lambda: seed(seeds, "in.2/and/deep/d", "Once more"))
    assert waiting.sees(lambda: shutil.rmtree(seeds / "in.2"))


def test_what_lies_behind_a_link_to_a_folder_is_noticed(
    waiting: Waiting, seeds: Path, tmp_path: Path
) -> None:
    seed(tmp_path / "elsewhere", "e")
    assert waiting.sees(lambda: (seeds / "link").symlink_to(tmp_path / "elsewhere"))
    assert waiting.sees(lambda: seed(tmp_path / "elsewhere", "e", "Other"))


def test_a_folder_that_goes_and_another_that_comes_are_noticed(
    waiting: Waiting, seeds: Path
) -> None:
    assert waiting.sees(lambda: shutil.rmtree(seeds))
    assert waiting.rests()
    assert waiting.sees(lambda: seed(seeds, "new"))
    assert waiting.sees(lambda: seed(seeds, "new", "Other"))


def test_a_folder_swapped_from_above_is_noticed(
    waiting: Waiting, seeds: Path, tmp_path: Path
) -> None:
    """Of which the system says nothing: no file of the watched folder is touched."""
    assert waiting.sees(lambda: (tmp_path / "site").rename(tmp_path / "old"))
    assert waiting.sees(lambda: seed(seeds, "new"))
    seed(tmp_path / "other" / "seeds", "x")

    def swap() -> None:
        (tmp_path / "site").rename(tmp_path / "older")
        (tmp_path / "other").rename(tmp_path / "site")

    assert waiting.sees(swap)
    assert waiting.sees(lambda: seed(seeds, "x", "Other"))


def test_names_that_are_not_utf_8_do_not_end_the_listening(waiting: Waiting, seeds: Path) -> None:
    assert waiting.sees(Path(os.fsdecode(os.fsencode(seeds) + b"/\xff.md")).touch)
    assert waiting.sees(lambda: seed(seeds, "a", "Other"))


def test_waiting_ends_when_it_is_to_stop_or_the_time_is_up(waiting: Waiting, seeds: Path) -> None:
    assert waiting.rests()
    threading.Timer(0.2, waiting.stop.event.set).start()
    began = time.monotonic()
    assert not waiting.watcher.wait(3600, waiting.stop)
    assert time.monotonic() - began < LONG
    seed(seeds, "new")
    assert not waiting.watcher.wait(LONG, waiting.stop)


def test_a_file_that_is_gone_is_given_time_to_come_back(seeds: Path) -> None:
    waiting = Waiting(seeds, intervals=Intervals(grace=LONG))
    (seeds / "a.md").unlink()
    threading.Timer(0.5, lambda: seed(seeds, "a", "Back")).start()
    assert waiting.watcher.wait(LONG, waiting.stop)
    assert (seeds / "a.md").exists()
    waiting.watcher.close()


def test_a_folder_that_may_be_read_now_is_listened_to_anew(waiting: Waiting, seeds: Path) -> None:
    assert waiting.sees(lambda: (seeds / "deep").chmod(0o700))
    assert waiting.sees(lambda: seed(seeds, "deep/down/c", "Other"))


def test_a_crowd_of_changes_is_known_as_one(seeds: Path) -> None:
    waiting = Waiting(seeds, intervals=Intervals(overflow=20))
    assert waiting.sees(lambda: [seed(seeds, f"n{number}") for number in range(30)])
    assert waiting.watcher.overflowed
    assert waiting.sees(lambda: seed(seeds, "a", "Other"))
    assert not waiting.watcher.overflowed
    waiting.watcher.close()


def links(root: Path) -> dict[str, sources.StatKey | None]:
    """The links in a folder as a run finds them."""
    found = [path for path in root.rglob("*") if path.is_symlink()]
    return {str(path): sources.stat_key(str(path)) for path in found}


def test_a_file_behind_a_link_is_followed_wherever_it_leads(
    waiting: Waiting, seeds: Path, tmp_path: Path
) -> None:
    target = seed(tmp_path / "elsewhere", "t")
    (tmp_path / "hop.md").symlink_to(target)
    (seeds / "deep" / "link.md").symlink_to(tmp_path / "hop.md")
    assert waiting.sees(lambda: None)  # of the link itself the system tells
    waiting.watcher.follow(links(seeds))
    assert waiting.rests()
    assert waiting.sees(lambda: seed(tmp_path / "elsewhere", "t", "Other"))
    assert waiting.rests()  # what was noticed is not noticed again
    other = seed(tmp_path / "elsewhere", "other")

    def lead_elsewhere() -> None:
        (tmp_path / "new.md").symlink_to(other)
        (tmp_path / "new.md").rename(tmp_path / "hop.md")

    assert waiting.sees(lead_elsewhere)
    assert waiting.sees(other.unlink)
    assert waiting.rests()
    assert waiting.sees(lambda: seed(tmp_path / "elsewhere", "other", "Back"))


def test_what_a_link_led_to_before_this_was_told_of_it_counts(
    waiting: Waiting, seeds: Path, tmp_path: Path
) -> None:
    target = seed(tmp_path, "t")
    (seeds / "link.md").symlink_to(target)
    assert waiting.sees(lambda: None)
    found = links(seeds)
    seed(tmp_path, "t", "Changed between the run and the waiting")
    waiting.watcher.follow(found)
    assert waiting.sees(lambda: None)


def test_a_folder_that_a_link_leads_to_at_last_is_listened_to(
    waiting: Waiting, seeds: Path, tmp_path: Path
) -> None:
    assert waiting.sees(lambda: (seeds / "link").symlink_to(tmp_path / "later"))
    waiting.watcher.follow({str(seeds / "link"): None})
    seed(tmp_path / "before", "e")
    assert waiting.sees(lambda: (tmp_path / "before").rename(tmp_path / "later"))
    waiting.watcher.follow({})
    assert waiting.sees(lambda: seed(tmp_path / "later", "e", "Other"))


def test_a_folder_link_that_is_led_elsewhere_by_way_of_another_is_noticed(
    waiting: Waiting, seeds: Path, tmp_path: Path
) -> None:
    seed(tmp_path / "v1", "e")
    seed(tmp_path / "v2", "e", "Other")
    (tmp_path / "current").symlink_to("v1")
    assert waiting.sees(lambda: (seeds / "news").symlink_to(tmp_path / "current"))
    waiting.watcher.follow({f"{seeds}/news/": sources.stat_key(f"{seeds}/news/")})
    seed(tmp_path / "v1", "e", "Another")
    assert waiting.sees(lambda: None)
    assert waiting.rests()

    def lead_elsewhere() -> None:
        (tmp_path / "new").symlink_to("v2")
        (tmp_path / "new").rename(tmp_path / "current")

    assert waiting.sees(lead_elsewhere)
    assert waiting.sees(lambda: seed(tmp_path / "v2", "e", "Once more"))


def test_where_nobody_tells_of_changes_it_is_only_waited(seeds: Path) -> None:
    waiting = Waiting(seeds, poll=True)
    seed(seeds, "a", "Other")
    assert waiting.watcher.polls
    assert waiting.rests()


def test_where_the_system_refuses_notices_it_says_so(seeds: Path) -> None:
    """Refused here by leaving no descriptor to listen through."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened = [os.open(seeds, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (opened[0] + 1, hard))
    try:
        made = Waiting(seeds)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        os.close(opened[0])
    (said,) = made.said
    assert "the system gives no notice of changes in" in said
    assert "looked for once a second" in said
    assert made.watcher.polls
    made.watcher.close()
