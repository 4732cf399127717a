"""A reindex that is at work, in whatever stage, and another that comes meanwhile.

`NEWSDEX_CAMPAIGN=1` tries every stage instead of two.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from indexer.engines.whoosh.store import WhooshStore
from tests.conditions import CAMPAIGN
from tests.indexer.processes import MAIN, environment, newsdex
from tests.indexer.samples import run, seed

pytestmark = pytest.mark.slow

STOP = """
import re, signal, sys
def stop(event, arguments):
    if event == {event!r} and any(re.search({part!r}, str(one)) for one in arguments):
        os.kill(os.getpid(), signal.SIGSTOP)
sys.addaudithook(stop)
"""

STAGES = {
    "walking the seeds": ("os.scandir", "seeds/below"),
    "reading a file": ("open", "a.md"),
    "making the draft": ("os.mkdir", "g000003-"),
    "writing the index": ("open", "g000003-"),
    "writing the manifest": ("open", "g000003-.*manifest.json"),
    "switching": ("os.rename", "CURRENT"),
    "cleaning up": ("shutil.rmtree", "g000001-"),
}
"""Stage to what Python tells an audit hook when it is reached."""

TRIED = list(STAGES) if CAMPAIGN else ["reading a file", "switching"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with an index of two generations, and seeds that have changed since."""
    for round in range(3):
        seed(tmp_path / "seeds", "below/a", f"A title {round}")
        seed(tmp_path / "seeds", "b", f"Another {round}")
        if round < 2:
            run(tmp_path / "seeds", tmp_path / "index")
    return tmp_path


@contextmanager
def stopped(place: Path, event: str, part: str) -> Iterator[subprocess.Popen[str]]:
    """A reindex that has stopped where it was told to."""
    code = MAIN.format(before=STOP.format(event=event, part=part))
    process = subprocess.Popen(
        [sys.executable, "-c", code, "reindex", "--full", "--jobs", "1"],
        cwd=place,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        while (state := state_of(process.pid)) not in "TZ":
            time.sleep(0.002)
        assert state == "T", "the stage was never reached"
        yield process
    finally:
        process.kill()
        process.communicate()


def state_of(pid: int) -> str:
    """What a process is doing, as the kernel has it in a letter."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]


@pytest.mark.parametrize("stage", TRIED)
def test_a_second_one_is_refused_and_told_who_is_at_work_since_when(
    place: Path, stage: str
) -> None:
    with stopped(place, *STAGES[stage]) as first:
        for command in ("reindex", "rollback"):  # neither waits for what does not move
            second = newsdex(command, cwd=place)
            assert second.returncode == 4
            assert re.fullmatch(
                r"newsdex: another reindex is at work: index/LOCK is held by process "
                rf"{first.pid} on \S+ since \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ; "
                r"wait until it is done\n",
                second.stderr,
            )
            assert second.stdout == ""
        found = newsdex("search", "--json", "title", cwd=place)  # nobody keeps readers waiting
        assert found.returncode == 0
        switched = stage == "cleaning up"
        assert ("A title 2" in json.loads(found.stdout)["hits"][0]["title"]) is switched
        assert json.loads(found.stdout)["total"] == 1
        while first.poll() is None:
            os.kill(first.pid, signal.SIGCONT)  # each time that it reaches the stage again
            time.sleep(0.002)
        assert first.wait() == 0
    run(place / "seeds", place / "index")
    assert not (place / "index" / "LOCK").exists()


@pytest.mark.parametrize("stage", TRIED)
def test_the_lock_of_one_that_died_in_a_stage_is_none(place: Path, stage: str) -> None:
    with stopped(place, *STAGES[stage]) as first:
        first.kill()
        first.wait()
        assert (place / "index" / "LOCK").exists()
        run(place / "seeds", place / "index")
    assert not any(verdict.faults for verdict in WhooshStore(place / "index").verify())
    assert len([*(place / "index").glob("g*")]) == 2
    assert not (place / "index" / "LOCK").exists()


def test_processes_that_outlive_a_dead_holder_hold_nothing(place: Path) -> None:
    """Those that read files for it have none of its descriptors."""
    for number in range(2100):
        seed(place / "seeds", f"more/{number}")
    code = MAIN.format(before=STOP.format(event="open", part="g000003-.*manifest.json"))
    command = [sys.executable, "-c", code, "reindex", "--full", "--jobs", "2"]
    seen = set[int]()
    first = subprocess.Popen(command, cwd=place, env=environment())
    try:
        while state_of(first.pid) not in "TZ":
            for child in children(first.pid):
                if not is_itself(child):
                    continue  # still a copy of the first, descriptors and all
                seen.add(child)
                assert not [path for path in opened_by(child) if "LOCK" in path]
            time.sleep(0.01)
        assert any("LOCK" in path for path in opened_by(first.pid))
    finally:
        first.kill()
        first.wait()
    assert len(seen) >= 2
    run(place / "seeds", place / "index")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are still there."""
    found = []
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # of a thread that has just ended
            found += [int(number) for number in listed.read_text().split()]
    return found


def is_itself(pid: int) -> bool:
    """Whether a process that was started runs what it was started for."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def opened_by(pid: int) -> list[str]:
    """What the descriptors of a process are of, as far as they, and it, are still there."""
    found = []
    with suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.append(str(link.readlink()))
    return found


@pytest.mark.parametrize("living", [True, False])
def test_a_lock_file_that_nobody_holds_is_none_whoever_it_names(place: Path, living: bool) -> None:
    """Its number may be that of another process by now: what counts is who holds it."""
    pid = os.getpid() if living else 2**22 + 1  # more than Linux ever gives
    (place / "index" / "LOCK").write_text(f"process {pid} on here since 2020-01-01T00:00:00Z")
    run(place / "seeds", place / "index")
    assert not (place / "index" / "LOCK").exists()
