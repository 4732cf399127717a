"""When the seeds folder is to be looked at again: on real folders, by notices and by comparing."""

import os
import resource
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer import notices, polling
from indexer.notices import Concern, Notices, Tree
from tests.indexer.samples import seed

TREE = Tree("/a/.b/seeds", "/a/.b/seeds/index", {"/a/.b/seeds/gone.x", "/a/.b/seeds/year"})

LONG, SHORT = 20.0, 0.4
"""Seconds in which something will happen, and in which nothing should."""


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("", Concern.FOLDER),
        ("/a.md", Concern.SEED),
        ("/year/A.MARKDOWN", Concern.SEED),
        ("/a.md~", Concern.NONE),
        ("/picture.jpg", Concern.NONE),
        ("/4913", Concern.NONE),
        ("/.a.md", Concern.NONE),
        ("/.git", Concern.NONE),
        ("/.git/refs/a.md", Concern.NONE),
        ("/year", Concern.FOLDER),
        ("/gone.x", Concern.FOLDER),
        ("/new", Concern.FOLDER),
        ("/.new", Concern.NONE),
        ("/index", Concern.NONE),
        ("/index/g000001-abcdef", Concern.NONE),
        ("/index.md", Concern.SEED),
    ],
)
def test_only_seeds_and_folders_concern_us(below: str, expected: Concern) -> None:
    def is_folder(path: str) -> bool:
        return Path(path).name in ("new", ".new", ".git", "year", "index", "g000001-abcdef")

    assert TREE.concern(TREE.root + below, is_folder) is expected


def test_a_root_of_all_is_a_folder_like_others() -> None:
    tree = Tree("/", "", set())
    assert tree.concern("/a.md", lambda _: False) is Concern.SEED
    assert tree.concern("/.a/a.md", lambda _: False) is Concern.NONE


@pytest.fixture
def told(seeds: Path) -> Iterator["Waiting"]:
    """Notices by the system."""
    made = Waiting(seeds, poll=False)
    yield made
    made.notices.close()
    assert not made.said


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A folder of seeds with folders in it, one of them without a seed."""
    for name in ("a", "b", "deep/down/c"):
        seed(tmp_path / "site" / "seeds", name)
    (tmp_path / "site" / "seeds" / "empty").mkdir()
    return tmp_path / "site" / "seeds"


class Waiting:
    """Notices of a folder, and what they said on the way."""

    def __init__(self, root: Path, poll: bool) -> None:
        self.said: list[str] = []
        self.stop = threading.Event()
        self.notices = Notices(root, root / "index", self.said.append, poll=poll)

    def sees(self, change: Callable[[], object]) -> bool:
        """Whether a change is noticed, and not only because the time for it is up."""
        timer = threading.Timer(LONG, self.stop.set)
        timer.start()
        change()
        try:
            return self.notices.wait(3600, self.stop)
        finally:
            timer.cancel()

    def rests(self) -> bool:
        """Whether nothing is noticed for a while."""
        return not self.notices.wait(SHORT, self.stop)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Intervals that are short enough to wait for many of them."""
    monkeypatch.setattr(polling, "LOOK", 0.1)
    monkeypatch.setattr(notices, "HEARTBEAT", 0.2)
    monkeypatch.setattr(polling, "QUIET", 0.04)
    monkeypatch.setattr(notices, "QUIET", 0.04)
    monkeypatch.setattr(notices, "GRACE", 0.1)


@pytest.fixture(params=["told", "compared"])
def waiting(request: pytest.FixtureRequest, seeds: Path) -> Iterator[Waiting]:
    """Both ways to notice."""
    made = Waiting(seeds, request.param == "compared")
    yield made
    made.notices.close()
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
    threading.Timer(0.2, waiting.stop.set).start()
    began = time.monotonic()
    assert not waiting.notices.wait(3600, waiting.stop)
    assert time.monotonic() - began < LONG
    seed(seeds, "new")
    assert not waiting.notices.wait(LONG, waiting.stop)


def test_a_file_that_is_gone_is_given_time_to_come_back(
    told: Waiting, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "GRACE", LONG)
    (seeds / "a.md").unlink()
    threading.Timer(0.5, lambda: seed(seeds, "a", "Back")).start()
    assert told.notices.wait(LONG, told.stop)
    assert (seeds / "a.md").exists()


def test_a_folder_that_may_be_read_now_is_listened_to_anew(told: Waiting, seeds: Path) -> None:
    assert told.sees(lambda: (seeds / "deep").chmod(0o700))
    assert told.sees(lambda: seed(seeds, "deep/down/c", "Other"))


def test_a_crowd_of_changes_is_known_as_one(
    told: Waiting, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "CROWD", 20)
    assert told.sees(lambda: [seed(seeds, f"n{number}") for number in range(30)])
    assert told.notices.crowded
    assert told.sees(lambda: seed(seeds, "a", "Other"))
    assert not told.notices.crowded


def test_where_the_system_refuses_notices_files_are_compared(seeds: Path) -> None:
    """Refused here by leaving no descriptor to listen through."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened = [os.open(seeds, os.O_RDONLY)]
    resource.setrlimit(resource.RLIMIT_NOFILE, (opened[0] + 1, hard))
    try:
        made = Waiting(seeds, poll=False)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        os.close(opened[0])
    (said,) = made.said
    assert "the system gives no notice of changes in" in said
    assert "looked for once a second" in said
    assert made.sees(lambda: seed(seeds, "a", "Other"))
    assert made.rests()
    made.notices.close()
