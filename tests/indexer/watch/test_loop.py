"""`newsdex reindex --watch`, as a person runs it: real files, real processes, real signals.

`NEWSDEX_CAMPAIGN=1` checks out and interrupts ten times as many, and tries the second ways, too.
"""

import json
import os
import queue
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from indexer.engines.whoosh.store import WhooshStore
from indexer.watch.loop import FIRST_PAUSE, LAST_PAUSE, pause_after
from tests.conditions import CAMPAIGN, chance, utf_8
from tests.indexer.processes import environment, newsdex
from tests.indexer.samples import run, seed

pytestmark = pytest.mark.slow

LONG, SHORT = 30.0, 0.6
"""Seconds in which something will happen, and in which nothing should."""

CHECKED_OUT = 5000 if CAMPAIGN else 300
STOPPED = 40 if CAMPAIGN else 2


second_way = pytest.mark.skipif(not CAMPAIGN, reason="runs under NEWSDEX_CAMPAIGN=1")


class Lines:
    """What a process writes, line by line as it does."""

    def __init__(self, stream: Any) -> None:
        self.all: list[str] = []
        self._waiting: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def next(self, seconds: float = LONG) -> str:
        """The next line; `queue.Empty` if there is none in time."""
        return self._waiting.get(timeout=seconds)

    def until(self, words: str) -> str:
        """The next line with these words, those before it passed over."""
        while words not in (line := self.next()):
            pass
        return line

    def close(self) -> None:
        """Read to the end, which has come."""
        self._thread.join(LONG)

    def _read(self, stream: Any) -> None:
        with stream:
            for line in stream:
                self.all.append(line)
                self._waiting.put(line)


class Watching:
    """A watch at work: `runs` are its answers, `notes` what it says on stderr."""

    def __init__(self, place: Path, *start: str, **environ: str) -> None:
        self.process = subprocess.Popen(
            start,
            cwd=place,
            env=environment(**environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.runs, self.notes = Lines(self.process.stdout), Lines(self.process.stderr)

    def run(self, seconds: float = LONG) -> dict[str, Any]:
        """What the next run found."""
        row: dict[str, Any] = json.loads(self.runs.next(seconds))
        return row

    def until(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next run that fits, those before it passed over."""
        while not fits(row := self.run()):
            pass
        return row

    def rests(self) -> bool:
        """Whether no run follows for a while."""
        try:
            self.run(SHORT)
        except queue.Empty:
            return True
        return False

    def end(self, how: signal.Signals) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(how)
        return self.ended()

    def ended(self) -> int:
        """The exit code, once it is there."""
        code = self.process.wait(LONG)
        self.runs.close()
        self.notes.close()
        return code


WATCH = (sys.executable, "-m", "search_app", "reindex", "--watch")


@contextmanager
def watching(place: Path, *options: str, **environ: str) -> Iterator[Watching]:
    """A watch that has begun, and that ends as it should."""
    watch = Watching(place, *WATCH, "--json", *options, **environ)
    try:
        watch.notes.until("watching seeds; Ctrl-C ends it")
        watch.run()
        yield watch
        assert watch.end(signal.SIGINT) == 130
        assert watch.notes.all[-1] == "newsdex: interrupted\n"
        assert "Traceback" not in "".join(watch.notes.all)
        assert_whole(place / "index")
    finally:
        watch.process.kill()
        watch.process.wait(LONG)


def assert_whole(index: Path) -> None:
    """An index without fault, and nothing beside it."""
    kept = WhooshStore(index).generations()
    assert {path.name for path in index.iterdir()} <= {"CURRENT", *kept}
    assert len(kept) <= 2
    assert not any(verdict.faults for verdict in WhooshStore(index).verify())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with three items below `seeds`."""
    for name in "abc":
        seed(tmp_path / "seeds", name, f"Item {name}")
    return tmp_path


def test_every_burst_is_followed_by_a_run_and_a_bad_save_ends_nothing(place: Path) -> None:
    seeds = place / "seeds"
    with watching(place) as watch:
        seed(seeds, "d", "New")
        assert watch.run()["added"] == 1
        (seeds / "a.md").write_text("---\nx: [\n")
        row = watch.run()
        assert (row["changed"], row["rejected"], row["items"]) == (0, 1, 4)
        seed(seeds, "b", "Other")
        (seeds / "a.md").write_text("half a sa")
        row = watch.run()
        assert (row["changed"], row["rejected"], row["items"]) == (1, 1, 4)
        assert row["problems"][0]["path"] == "seeds/a.md"
        seed(seeds, "a", "Saved")
        row = watch.run()
        assert (row["changed"], row["rejected"], row["items"]) == (1, 0, 4)
        (seeds / "c.md").unlink()
        assert watch.run()["removed"] == 1
        assert watch.rests()


def test_the_ways_editors_save_never_remove_an_item(place: Path) -> None:
    file = place / "seeds" / "a.md"

    def rename_over(text: str) -> None:
        (place / "seeds" / ".a.md.tmp").write_text(text)
        (place / "seeds" / ".a.md.tmp").rename(file)

    def rename_away(text: str) -> None:
        (place / "seeds" / "4913").touch()
        (place / "seeds" / "4913").unlink()
        file.rename(file.with_name("a.md~"))
        file.write_text(text)
        file.with_name("a.md~").unlink()

    def delete_and_create(text: str) -> None:
        file.unlink()
        time.sleep(0.05)
        file.write_text(text)

    with watching(place) as watch:
        for number, save in enumerate((rename_over, rename_away, delete_and_create)):
            save(f"---\ntitle: Save {number}\n---\n")
            row = watch.until(lambda row: bool(row["changed"]))
            assert (row["changed"], row["items"]) == (1, 3)
        assert all(json.loads(line)["removed"] == 0 for line in watch.runs.all)


def test_what_is_no_seed_starts_no_run(place: Path) -> None:
    with watching(place, "--index", "seeds/index") as watch:
        (place / "seeds" / "notes.txt").touch()
        seed(place / "seeds", ".hidden")
        (place / "seeds" / "a.md").read_text()
        assert watch.rests()
        seed(place / "seeds", "d")
        assert watch.run()["added"] == 1
        assert watch.rests()
        assert_whole(place / "seeds" / "index")
        shutil.move(place / "seeds" / "index", place / "index")


def searched(index: Path, words: str) -> int:
    """How many items a search finds in what answers now."""
    found = newsdex("search", "--json", "--index", str(index), words, cwd=index)
    return int(json.loads(found.stdout)["total"])


def git(place: Path, *arguments: str) -> None:
    names = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(
        ["git", *names, *arguments],  # noqa: S607 - the one that is found first
        cwd=place,
        check=True,
        capture_output=True,
    )


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_a_checkout_of_many_files_takes_few_runs(place: Path) -> None:
    git(place, "init", "-q", "seeds")
    seeds = place / "seeds"
    for number in range(CHECKED_OUT):
        seed(seeds, f"{number % 7}/{number}", f"First {number}")
    git(seeds, "add", ".")
    git(seeds, "commit", "-qm", "first")
    git(seeds, "branch", "first")
    for number in range(CHECKED_OUT):
        seed(seeds, f"{number % 7}/{number}", f"Second {number}")
    shutil.rmtree(seeds / "3")
    git(seeds, "add", "-A")
    git(seeds, "commit", "-qm", "second")
    with watching(place) as watch:
        git(seeds, "checkout", "-q", "first")
        while searched(place / "index", "first") < CHECKED_OUT:
            watch.run()
        assert len(watch.runs.all) <= 1 + (20 if CAMPAIGN else 8)
    assert not run(seeds, place / "index").switched


def test_a_lock_that_another_holds_is_waited_for(place: Path) -> None:
    with watching(place) as watch:
        with WhooshStore(place / "index").exclusive():
            seed(place / "seeds", "d")
            said = watch.notes.until("another reindex is at work: index/LOCK is held by process ")
            assert f"process {os.getpid()} on " in said
            assert said.endswith("(tried again with the next change and after a pause)\n")
            seed(place / "seeds", "e")
            assert watch.rests()
        row = watch.run()
        assert (row["added"], row["items"]) == (2, 5)
        assert sum("another reindex" in line for line in watch.notes.all) == 1


def test_a_seeds_folder_that_is_gone_may_come_back(place: Path) -> None:
    with watching(place) as watch:
        (place / "seeds").rename(place / "away")
        watch.notes.until("there is no seeds folder seeds; create it")
        seed(place / "away", "d")
        (place / "away").rename(place / "seeds")
        row = watch.run()
        assert (row["added"], row["removed"], row["items"]) == (1, 0, 4)
        shutil.rmtree(place / "seeds")
        watch.notes.until("there is no seeds folder seeds; create it")
        seed(place / "seeds", "new")
        assert watch.until(lambda row: row["items"] == 1)
        seed(place / "seeds", "newer")
        assert watch.run()["items"] == 2


def test_seeds_that_are_gone_are_missed_once_and_expected_back(place: Path) -> None:
    """As where a share is unmounted, and mounted again."""
    with watching(place) as watch:
        (place / "empty").mkdir()
        (place / "seeds").rename(place / "away")
        (place / "empty").rename(place / "seeds")
        said = watch.notes.until("3 of 3 items have lost their files")
        assert "--allow-removals" in said
        seed(place / "seeds", "other/d", "Not yet what is missed")  # 3 of 3, and a seed: a few
        row = watch.until(lambda row: row["removed"] == 3)
        assert [problem["severity"] for problem in row["problems"]] == ["warning"]
        shutil.rmtree(place / "seeds" / "other")
        watch.notes.until("1 of 1 items have lost their files")
        time.sleep(1.5)  # it was tried again
        for name in "abc":
            (place / "away" / f"{name}.md").rename(place / "seeds" / f"{name}.md")
        watch.until(lambda row: row["items"] == 3)
        assert sum("lost their files" in line for line in watch.notes.all) == 2


def test_names_are_followed_as_they_are_whatever_the_locale_says(place: Path) -> None:
    (place / "seeds").rename(place / utf_8("séeds"))
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    watch = Watching(place, *WATCH, "--json", "--seeds", utf_8("séeds"), **plain)
    try:
        watch.notes.until("watching séeds; Ctrl-C ends it")
        watch.run()
        seed(place / utf_8("séeds/Zürich"), "d")
        assert watch.until(lambda row: bool(row["added"]))["items"] == 4
        (place / utf_8("séeds/Zürich")).rename(place / "Zurich")
        assert watch.until(lambda row: bool(row["removed"]))["items"] == 3
        assert watch.end(signal.SIGINT) == 130
    finally:
        watch.process.kill()
        watch.process.wait(LONG)


def test_a_folder_behind_links_is_followed_where_they_lead(place: Path) -> None:
    seed(place / "v1", "e")
    seed(place / "v2", "e", "Other")
    (place / "current").symlink_to("v1")
    (place / "seeds" / "news").symlink_to(place / "current")
    with watching(place) as watch:
        (place / "new").symlink_to("v2")
        (place / "new").rename(place / "current")
        assert watch.until(lambda row: bool(row["changed"]))["items"] == 4


def test_a_file_behind_a_link_is_followed(place: Path) -> None:
    target = seed(place / "elsewhere", "t", "Title")
    (place / "seeds" / "later.md").symlink_to(place / "elsewhere" / "later.md")
    (place / "seeds" / "link.md").symlink_to(target)
    with watching(place) as watch:
        seed(place / "elsewhere", "t", "Other")
        assert watch.run()["changed"] == 1
        seed(place / "elsewhere", "later", "Now")
        row = watch.run()
        assert (row["added"], row["rejected"]) == (1, 0)
        target.unlink()
        row = watch.run()
        assert (row["removed"], row["rejected"], row["items"]) == (0, 1, 5)
        assert watch.rests()


@second_way
def test_files_that_may_not_grow_fail_a_run_and_not_the_watch(place: Path) -> None:
    with watching(place) as watch:
        free = resource.prlimit(watch.process.pid, resource.RLIMIT_FSIZE, (500, -1))
        seed(place / "seeds", "d")
        said = watch.notes.until("the index folder index cannot be written: ")
        assert "File too large" in said
        assert_whole(place / "index")
        resource.prlimit(watch.process.pid, resource.RLIMIT_FSIZE, free)
        assert watch.run()["added"] == 1  # after the pause: nothing else has changed


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of a megabyte at `index`."""
    (place / "index").mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place / "index")]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a disk to fill")
    yield place / "index"
    subprocess.run(["umount", str(place / "index")], check=True)  # noqa: S607 - the system's


def test_a_full_disk_fails_a_run_and_not_the_watch(place: Path, small_disk: Path) -> None:
    with watching(place) as watch:
        filler = small_disk / "filler"
        with pytest.raises(OSError, match="No space left"):
            filler.write_bytes(b"x" * (2 << 20))
        seed(place / "seeds", "d")
        assert "No space left on device" in watch.notes.until("cannot be written: ")
        filler.unlink()
        assert watch.run()["added"] == 1
        assert_whole(small_disk)


@pytest.mark.parametrize(
    ("how", "code"),
    [
        (signal.SIGINT, 130),
        (signal.SIGTERM, -signal.SIGTERM),
        pytest.param(signal.SIGHUP, -signal.SIGHUP, marks=second_way),
    ],
)
def test_a_signal_at_any_moment_leaves_the_index_whole(
    place: Path, how: signal.Signals, code: int
) -> None:
    draw = chance("watch", how)
    for number in range(60):
        seed(place / "seeds", f"{number}", excerpt="words " * 40)
    run(place / "seeds", place / "index")
    for round in range(STOPPED):
        watch = Watching(place, *WATCH, *(["--full"] if round % 2 else []))
        watch.notes.until("watching seeds")
        for number in range(60):
            seed(place / "seeds", f"{number}", excerpt=f"round{round} " * 40)
        time.sleep(draw.random() * 0.6)
        assert watch.end(how) == code
        assert "Traceback" not in "".join(watch.notes.all)
        assert_whole(place / "index")
    assert not run(place / "seeds", place / "index").rebuilt


def test_a_signal_ends_the_first_run_of_many_files_too(place: Path) -> None:
    for number in range(2100):
        seed(place / "seeds", f"{number}", excerpt="words " * 40)
    watch = Watching(place, *WATCH, "--jobs", "2")
    while not (place / "index" / "LOCK").exists():
        assert watch.process.poll() is None
        time.sleep(0.01)
    assert watch.end(signal.SIGINT) == 130
    assert "Traceback" not in "".join(watch.notes.all)
    assert list((place / "index").iterdir()) == []


def test_only_the_first_run_is_full(place: Path) -> None:
    made = run(place / "seeds", place / "index").generation
    with watching(place, "--full") as watch:
        full = json.loads(watch.runs.all[0])["generation"]
        assert full != made
        (place / "seeds" / "a.md").touch()
        row = watch.run()
        assert (row["generation"], row["unchanged"]) == (full, 3)


def test_people_are_told_what_is_new_and_nothing_else(place: Path) -> None:
    (place / "seeds" / "bad.md").touch()
    watch = Watching(place, *WATCH)
    watch.notes.until("watching seeds")
    watch.runs.until("Generation g000001-")
    (place / "seeds" / "a.md").touch()
    time.sleep(SHORT)
    (place / "seeds" / "worse.md").touch()
    assert watch.notes.next().startswith("error: seeds/worse.md:1: ")
    assert watch.runs.next().endswith("  2 files could not be used.\n")
    seed(place / "seeds", "worse")
    assert "  1 added in " in watch.runs.next()
    assert watch.end(signal.SIGTERM) == -signal.SIGTERM
    assert sum("bad.md" in line for line in watch.notes.all) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dry-run"], "--watch keeps the index up to date, which --dry-run forbids; leave out"),
        (["--seeds", "nowhere"], "there is no seeds folder nowhere; create it"),
        (["--index", "seeds"], "seeds cannot be seeds and index at once"),
    ],
)
def test_what_cannot_be_watched_ends_with_2(place: Path, arguments: list[str], said: str) -> None:
    done = newsdex("reindex", "--watch", *arguments, cwd=place)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in place.iterdir()] == ["seeds"]


@second_way
def test_asked_to_it_compares_files_itself(place: Path) -> None:
    with watching(place, NEWSDEX_POLL="1") as watch:
        seed(place / "seeds", "d")
        assert watch.run()["added"] == 1
        assert watch.rests()


@pytest.mark.parametrize(
    "limit", ["max_inotify_watches=1", pytest.param("max_inotify_instances=0", marks=second_way)]
)
def test_at_the_limits_of_notices_it_says_so_and_compares_files(place: Path, limit: str) -> None:
    name, value = limit.split("=")
    (place / "seeds" / "more").mkdir()
    start = f'echo {value} > /proc/sys/user/{name} && exec "$@"'
    within = ("unshare", "--user", "--map-root-user", "sh", "-c", start, "sh")
    if subprocess.run([*within, "true"], capture_output=True, check=False).returncode:
        pytest.skip("the system allows no limits of one's own")
    watch = Watching(place, *within, *WATCH, "--json")
    try:
        said = watch.notes.until("the system gives no notice of changes in seeds (")
        assert f"max_user_{name.split('_')[-1]}" in said
        watch.run()
        seed(place / "seeds", "more/d")
        assert watch.run()["added"] == 1
        assert watch.end(signal.SIGINT) == 130
    finally:
        watch.process.kill()
        watch.process.wait(LONG)


def test_who_reads_no_more_ends_it(place: Path) -> None:
    watch = Watching(place, "sh", "-c", '"$@" | head -n 1', "sh", *WATCH, "--json")
    watch.run()
    watch.notes.until("watching seeds")
    seed(place / "seeds", "d")
    watch.ended()
    assert "Traceback" not in "".join(watch.notes.all)
    assert_whole(place / "index")


def test_a_running_server_shows_the_change(place: Path) -> None:
    with watching(place) as watch:
        server = Watching(place, *WATCH[:3], "serve", "--port", "0", PYTHONUNBUFFERED="1")
        try:
            address = server.runs.next().split(" at ")[1].split()[0]
            assert total(address, "headline") == 0
            seed(place / "seeds", "d", "A late headline")
            end = time.monotonic() + LONG
            while not (found := total(address, "headline")) and time.monotonic() < end:
                time.sleep(0.05)
            assert found == 1
            assert watch.run()["added"] == 1
        finally:
            assert server.end(signal.SIGINT) == 130


def total(address: str, words: str) -> int:
    """How many items a server finds."""
    with urlopen(f"{address}api/search?q={words}") as response:
        return int(json.load(response)["total"])


def test_pauses_grow_to_a_bound() -> None:
    assert [pause_after(number) for number in (1, 2, 3)] == [
        FIRST_PAUSE,
        2 * FIRST_PAUSE,
        4 * FIRST_PAUSE,
    ]
    assert pause_after(7) == pause_after(1000) == LAST_PAUSE


def test_a_log_that_cannot_be_written_ends_no_watch(place: Path) -> None:
    command = f"exec {shlex.join(WATCH)} --json >/dev/full"
    watch = Watching(place, "sh", "-c", command)
    try:
        watch.notes.until("this could not be written: No space left on device")
        watch.notes.until("watching seeds; Ctrl-C ends it")
        before = (place / "index" / "CURRENT").read_text()
        seed(place / "seeds", "new", "A new one")
        watch.notes.until("this could not be written: No space left on device")
        assert (place / "index" / "CURRENT").read_text() != before
        assert watch.end(signal.SIGTERM) == -signal.SIGTERM
        assert_whole(place / "index")
    finally:
        watch.process.kill()
        watch.process.wait(LONG)
