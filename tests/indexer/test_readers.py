"""Files read by several processes: what one reads alone, in order, and no process left behind."""

import os
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from indexer import readers, seeds
from indexer.errors import ReadersLost
from indexer.readers import outcomes
from indexer.seeds import Source
from tests.indexer.processes import Started

FILES = 300


@pytest.fixture
def sources(tmp_path: Path) -> list[Source]:
    """Files of which every tenth is broken, every eleventh a draft."""
    for number in range(FILES):
        front = f"title: Item {number}\nexcerpt: words of {number}"
        if number % 10 == 0:
            front = "title: [never closed"
        elif number % 11 == 0:
            front += "\ndraft: true"
        (tmp_path / f"{number:04d}.md").write_text(f"---\n{front}\n---\n")
    return [found for found in seeds.walk(tmp_path) if isinstance(found, Source)]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few files are many, and a chunk is small."""
    monkeypatch.setattr(readers, "WORTHWHILE", 1)
    monkeypatch.setattr(readers, "CHUNK", 7)


@pytest.mark.usefixtures("many")
def test_several_processes_read_what_one_reads_and_in_the_same_order(
    sources: list[Source],
) -> None:
    alone = [readers.read(source) for source in sources]
    assert len(alone) == FILES
    assert sum(outcome.document is not None for outcome in alone) > FILES // 2
    with closing(outcomes(sources, 3)) as found:
        assert list(found) == alone


@pytest.mark.usefixtures("many")
def test_a_file_that_is_gone_is_a_problem_wherever_it_was_to_be_read(
    sources: list[Source],
) -> None:
    sources[5].file.unlink()
    with closing(outcomes(sources, 2)) as found:
        read = list(found)
    (problem,) = read[5].reading.problems
    assert problem.path == sources[5].path
    assert read[5].document is None


def children() -> set[int]:
    """The processes of this one."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return {int(child) for task in tasks for child in task.read_text().split()}


@pytest.mark.usefixtures("many")
def test_who_stops_listening_leaves_no_process_behind(sources: list[Source]) -> None:
    before = children()
    with closing(outcomes(sources, 2)) as found:
        next(found)
        assert len(children() - before) >= 2
    left = {pid for pid in children() - before if "resource_tracker" not in command(pid)}
    assert not left


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


@pytest.mark.usefixtures("many")
def test_a_reader_that_the_system_ends_is_an_error_that_says_so(sources: list[Source]) -> None:
    before = children()
    with closing(outcomes(sources, 1 + 1)) as found:
        next(found)
        for pid in children() - before:
            if "spawn_main" in command(pid):
                os.kill(pid, signal.SIGKILL)
        with pytest.raises(ReadersLost, match="--jobs 1"):
            list(found)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_readers_end_with_the_process_that_started_them(
    tmp_path: Path, how: signal.Signals
) -> None:
    for number in range(4000):
        path = tmp_path / "seeds" / f"{number:04d}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\ntitle: Item {number}\n---\n{'words ' * 200}\n")
    began = Started("reindex", "--jobs", "2", cwd=tmp_path)
    began.wait_for(tmp_path / "index" / "LOCK")
    time.sleep(1.0)
    mine = {pid for pid in running() if str(tmp_path) in where(pid)}
    assert len(mine) >= 2
    code, said = began.stop(how)
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
