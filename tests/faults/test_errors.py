"""Whichever call the system refuses: the exit code is true, a message says what to do, whoever
reads sees the old index or the new one, and the next run heals."""

import errno
from functools import partial
from pathlib import Path

import pytest

from tests.conditions import CAMPAIGN
from tests.faults.command import Command
from tests.faults.conftest import Calls, Scenes
from tests.faults.judge import check_exit, check_heals, check_reader
from tests.faults.points import Tally, points
from tests.faults.scenes import SCENES, Scene
from tests.faults.shim import ALL, Action, Harm, Kind

ROOM = Kind.WRITE | Kind.SYNC | Kind.ENTER
RIGHTS = Kind.OPEN | Kind.ENTER | Kind.LEAVE | Kind.STAT
HARMS = [
    Harm(Action.FAIL, ROOM, errno.ENOSPC),
    Harm(Action.FAIL, ROOM, errno.ENOSPC, lasting=True),
    Harm(Action.FAIL, ALL, errno.EIO),
    Harm(Action.FAIL, ALL, errno.EIO, lasting=True),
    Harm(Action.FAIL, RIGHTS, errno.EACCES),
    Harm(Action.FAIL, RIGHTS, errno.EACCES, lasting=True),
    Harm(Action.FAIL, Kind.OPEN, errno.EMFILE),
    Harm(Action.FAIL, Kind.OPEN, errno.EMFILE, lasting=True),
    Harm(Action.SHORTEN, Kind.WRITE),
    Harm(Action.SHORTEN, Kind.WRITE, lasting=True),
]


def harmed(scene: Scene, command: Command, place: Path, harm: Harm, nth: int) -> None:
    """Run the scene with one call harmed, and check all that must be so."""
    scene.copy(place)
    index = place / "index"
    done = command(
        *scene.arguments, cwd=place, root=index, harm=harm, nth=nth, readers=scene.readers
    )
    said = done.err.strip().rpartition("\n")[2]
    where = f"after {done.struck.call} {done.struck.path}: exit {done.code}, {said!r}"
    try:
        assert done.struck.harmed, "the run made fewer calls than before"
        found = check_reader(scene, index, (scene.before, scene.after, scene.rebuilt))
        check_exit(scene, index, done, found)
        check_heals(scene, place, anew="built anew" in done.out)
    except Exception as error:
        error.add_note(where)
        raise


@pytest.mark.parametrize("harm", HARMS, ids=str)
@pytest.mark.parametrize("name", SCENES)
def test_a_call_that_fails_leaves_the_old_index_or_the_new_one(
    scene: Scenes, calls: Calls, command: Command, tmp_path: Path, name: str, harm: Harm
) -> None:
    it, tally, stride = scene(name), Tally(), 5 if harm.lasting else 1
    seed = 7 * HARMS.index(harm) + [*SCENES].index(name)
    for nth in points(calls(it, "index", harm.kinds), 1, seed, stride=stride):
        tally.attempt(f"call {nth}", partial(harmed, it, command, tmp_path / "place", harm, nth))
    tally.conclude(f"{name}, {harm}")


@pytest.mark.skipif(not CAMPAIGN, reason="starting processes takes long; NEWSDEX_CAMPAIGN=1 does")
@pytest.mark.parametrize("harm", HARMS[:3], ids=str)
def test_it_is_the_same_with_processes_that_read(
    scene: Scenes, calls: Calls, command: Command, tmp_path: Path, harm: Harm
) -> None:
    it, tally = scene("incremental", 2), Tally()
    for nth in points(calls(it, "index", harm.kinds), 1, stride=25):
        tally.attempt(f"call {nth}", partial(harmed, it, command, tmp_path / "place", harm, nth))
    tally.conclude(f"with readers, {harm}")
