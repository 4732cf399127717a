"""A process at work for a run is killed, in whichever stage, as a system short of memory does it:
the run ends within seconds and says so, its lock and its draft are gone, the index is as it was.

`NEWSDEX_CAMPAIGN=1` kills in 240 runs instead of a dozen.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conditions import CAMPAIGN, chance
from tests.faults.judge import check_tidy
from tests.faults.scenes import answers
from tests.indexer.index.test_lock_stages import children
from tests.indexer.processes import MAIN, environment
from tests.indexer.samples import run, seed

ITEMS = 400
TIMES = 10 if CAMPAIGN else 1
MOST = 12
"""Runs outside of a campaign until one lost a process while it was needed."""

LONG = 60.0
"""Seconds in which a run ends that works, or is told that it lost a process, on a busy machine."""

SHARED = """
from indexer import engines
from indexer.reindex.report import Options
from tests.faults.sharing_store import SHARING
engines.STORES["whoosh"] = SHARING
main(obj=Options(files_per_task=5, min_tasks=1))
"""
"""So that a few hundred files are worth the processes."""

STAGES: dict[str, Callable[[Path], bool]] = {
    "starting": lambda index: (index / "LOCK").exists(),
    "reading": lambda index: bool([*index.glob("g*/*.piece")]),
    "merging": lambda index: any(is_being_made(path) for path in index.glob("g*/*.columns")),
    "describing": lambda index: any(is_draft(path.parent) for path in index.glob("g*/*.toc")),
}
"""Stage to whether it has been reached."""

KINDS = ("first", "incremental", "full")


def is_draft(folder: Path) -> bool:
    return not (folder / "manifest.json").exists()


def is_being_made(columns: Path) -> bool:
    return is_draft(columns.parent) and columns.stat().st_nlink == 1


def edit(seeds: Path, round: int) -> None:
    """Write two thirds of the items anew."""
    for number in range(ITEMS):
        if not round or number % 3:
            words = " ".join(f"word{(number * 7 + place * round) % 997}" for place in range(80))
            seed(seeds, f"{number % 7}/{number}", f"Item {number} same", excerpt=words)


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each kind of run a folder as it is before it."""
    found = {}
    for kind in KINDS:
        found[kind] = place = tmp_path_factory.mktemp(kind)
        edit(place / "seeds", 0)
        if kind != "first":
            run(place / "seeds", place / "index")
            edit(place / "seeds", 1)
        else:
            (place / "index").mkdir()
    return found


def workers(pid: int) -> list[int]:
    """The processes that work for one."""
    found = []
    for child in children(pid):
        try:
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
        except OSError:
            continue
    return found


def killed(place: Path, arguments: list[str], stage: str, chance: random.Random) -> tuple[int, str]:
    """Run, and kill one or both of those at work once a stage is reached: exit code, and what
    was said."""
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN.format(before=SHARED), "reindex", "--jobs", "2", *arguments],
        cwd=place,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    end = time.monotonic() + LONG
    while process.poll() is None and time.monotonic() < end:
        if STAGES[stage](place / "index") and workers(process.pid):
            break
        time.sleep(0.001)
    time.sleep(chance.random() * (0.3 if stage == "starting" else 0.05))
    at_work = workers(process.pid)
    for pid in chance.sample(at_work, min(len(at_work), chance.choice((1, 1, 2)))):
        os.kill(pid, signal.SIGKILL)
    try:
        _, said = process.communicate(timeout=LONG)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    left = [pid for pid in at_work if Path(f"/proc/{pid}").exists()]
    assert not left, "processes outlive the run"
    return process.returncode, said


@pytest.mark.parametrize("stage", STAGES)
def test_a_run_that_loses_a_process_ends_and_leaves_the_index_as_it_was(
    places: dict[str, Path], tmp_path: Path, stage: str
) -> None:
    codes: Counter[int] = Counter()
    for number in range(2 * TIMES if CAMPAIGN else MOST):
        if not CAMPAIGN and number >= 2 and (codes[3] or stage == "describing"):
            break
        for kind in KINDS if CAMPAIGN else (KINDS[([*STAGES].index(stage) + number) % len(KINDS)],):
            place, draw = tmp_path / "place", chance(kind, stage, number)
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(places[kind], place)
            before = answers(place / "index")[0]
            arguments = ["--full"] if kind == "full" else []
            code, said = killed(place, arguments, stage, draw)
            codes[code] += 1
            assert "Traceback" not in said, said
            if code:
                assert code == 3, said
                assert "was ended by the system" in said
                assert "--jobs 1" in said
                assert answers(place / "index")[0] == before
            assert not (place / "index" / "LOCK").exists()
            assert not [path for path in (place / "index").glob("g*") if is_draft(path)]
            run(place / "seeds", place / "index")
            check_tidy(place / "index")
    print(f"\n{stage}: {codes.total()} runs, exit codes {dict(codes)}")
    assert codes[3] or stage == "describing", "no process was lost while it was needed"
