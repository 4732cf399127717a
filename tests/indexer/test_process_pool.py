"""Work given to several processes: what one does alone, in order, and no process left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from indexer.errors import WorkersLost
from indexer.process_pool import ProcessPool
from indexer.signals import STOPPING, SignalHandler
from tests.indexer.processes import Started, environment

pytestmark = pytest.mark.slow

TASKS = list(range(40))


def square(number: int) -> int:
    return number * number


def fail_at_seven(number: int) -> int:
    if number == 7:
        raise ValueError("seven")
    return number


def process(_: int) -> int:
    time.sleep(0.02)
    return os.getpid()


def children() -> set[int]:
    """The processes of this one that work for it."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    found = {int(child) for task in tasks for child in task.read_text().split()}
    return {pid for pid in found if "spawn_main" in command(pid)}


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    with ProcessPool(jobs) as pool:
        assert list(pool.map(square, TASKS)) == [number * number for number in TASKS]
        assert list(pool.map(square, [5])) == [25]
        assert list(pool.map(square, [])) == []


def test_one_job_is_this_process_and_more_are_others() -> None:
    with ProcessPool(1) as pool:
        assert set(pool.map(process, TASKS)) == {os.getpid()}
    with ProcessPool(2) as pool:
        others = set(pool.map(process, TASKS))
        assert len(others) == 2
        assert os.getpid() not in others


def test_for_a_few_tasks_nobody_is_asked_to_help() -> None:
    with ProcessPool(2, min_tasks=5) as pool:
        assert set(pool.map(process, TASKS[:4])) == {os.getpid()}
        assert os.getpid() not in set(pool.map(process, TASKS[:5]))


def test_no_jobs_are_as_many_as_there_are_cores() -> None:
    assert ProcessPool(0).jobs == len(os.sched_getaffinity(0))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_a_task_raises_is_raised_here(jobs: int) -> None:
    with ProcessPool(jobs) as pool:
        found = pool.map(fail_at_seven, TASKS)
        assert [next(found) for _ in range(7)] == TASKS[:7]
        with pytest.raises(ValueError, match="seven"):
            next(found)


def test_who_stops_listening_leaves_no_process_behind() -> None:
    before = children()
    with ProcessPool(2) as pool:
        with closing(pool.map(process, TASKS)) as found:
            next(found)
        assert len(children() - before) == 2
    assert not children() - before


def test_a_process_that_the_system_ends_is_an_error_that_says_so() -> None:
    before = children()
    with ProcessPool(2) as pool:
        found = pool.map(process, TASKS)
        next(found)
        for pid in children() - before:
            os.kill(pid, signal.SIGKILL)
        with pytest.raises(WorkersLost, match="--jobs 1"):
            list(found)


def large(number: int) -> bytes:
    return bytes(8 << 20)


def test_one_killed_while_others_send_large_answers_keeps_nobody_waiting() -> None:
    """Nobody reads those answers any more: whoever writes one would wait for ever."""
    before = children()
    began = time.monotonic()
    with ProcessPool(3) as pool:
        found = pool.map(large, TASKS)
        next(found)
        os.kill(min(children() - before), signal.SIGKILL)
        with pytest.raises(WorkersLost):
            list(found)
    assert not children() - before
    assert time.monotonic() - began < 60


def unsendable(number: int) -> object:
    return lambda: number


def test_an_answer_that_cannot_be_sent_is_an_error_here() -> None:
    with ProcessPool(2) as pool, pytest.raises(Exception, match="pickle"):
        list(pool.map(unsendable, TASKS))


def test_what_is_raised_elsewhere_says_where() -> None:
    with ProcessPool(2) as pool, pytest.raises(ValueError, match="seven") as raised:
        list(pool.map(fail_at_seven, TASKS))
    assert "in fail_at_seven" in raised.value.__notes__[0]


@pytest.mark.parametrize("jobs", [1, 2])
def test_told_to_stop_it_ends_at_once_with_a_task_at_work(jobs: int) -> None:
    before = children()
    with SignalHandler() as stop, ProcessPool(jobs, stop=stop) as pool:
        timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGTERM))
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            list(pool.map(time.sleep, [60.0] * 10))
    timer.join()
    assert not children() - before
    for number in STOPPING:
        is_interrupt = number is signal.SIGINT
        signal.signal(number, signal.default_int_handler if is_interrupt else signal.SIG_DFL)


@pytest.mark.parametrize("how", STOPPING)
def test_a_signal_to_all_of_them_is_for_the_one_that_started_them(
    tmp_path: Path, how: signal.Signals
) -> None:
    """As Ctrl-C in a terminal, and a service that is told to end, are."""
    (tmp_path / "seeds").mkdir()
    for number in range(3000):
        (tmp_path / "seeds" / f"{number:04d}.md").write_text(f"---\ntitle: Item {number}\n---\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "search_app", "reindex", "--jobs", "2"],
        cwd=tmp_path,
        env=environment(),
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    index = tmp_path / "index"
    while not [*index.glob("g*/*.piece")] and not (index / "CURRENT").exists():
        time.sleep(0.001)
    os.killpg(process.pid, how)
    _, said = process.communicate(timeout=60)
    if not (index / "CURRENT").exists():
        assert process.returncode == (130 if how is signal.SIGINT else -how)
        assert said == ("\nnewsdex: interrupted\n" if how is signal.SIGINT else "")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_they_end_with_the_process_that_started_them(tmp_path: Path, how: signal.Signals) -> None:
    for number in range(4000):
        path = tmp_path / "seeds" / f"{number:04d}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\ntitle: Item {number}\n---\n{'words ' * 200}\n")
    began = Started("reindex", "--jobs", "2", cwd=tmp_path)
    index = tmp_path / "index"
    while not [*index.glob("g*/*.piece")] and not (index / "CURRENT").exists():
        time.sleep(0.001)
    mine = {pid for pid in running() if str(tmp_path) in where(pid)}
    code, said = began.stop(how)
    assert len(mine) >= 3, "it was done before it was stopped"
    assert code == (130 if how is signal.SIGINT else -how)
    assert "Traceback" not in said
    end = time.monotonic() + 10
    while mine & running() and time.monotonic() < end:
        time.sleep(0.05)
    assert not mine & running()


def running() -> set[int]:
    return {int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()}


def where(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return ""
