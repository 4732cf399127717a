"""Killed at whichever call, before it or after: the old index answers or the new one, and the next
run heals."""

import signal
from functools import partial
from pathlib import Path

import pytest

from tests.faults.command import Command
from tests.faults.conftest import Calls, Scenes
from tests.faults.judge import check_heals, check_reader
from tests.faults.points import Tally, points
from tests.faults.scenes import SCENES, Scene
from tests.faults.shim import ALL, Action, Harm, Kind

CHANGES = Kind.WRITE | Kind.SYNC | Kind.ENTER | Kind.LEAVE
KILLS = [Harm(Action.KILL_BEFORE, ALL), Harm(Action.KILL_AFTER, CHANGES)]
"""After a call that changes nothing all is as before the next one."""


def killed(scene: Scene, command: Command, place: Path, harm: Harm, nth: int) -> None:
    """Run the scene, killed at a call, and check all that must be so."""
    scene.copy(place)
    index = place / "index"
    done = command(
        *scene.arguments, cwd=place, root=index, harm=harm, nth=nth, readers=scene.readers
    )
    try:
        # A reading process that is killed takes the command with it, in an orderly way.
        assert done.code == -signal.SIGKILL or (scene.readers and done.code == 3)
        check_reader(scene, index, (scene.before, scene.after))
        check_heals(scene, place)
    except Exception as error:
        error.add_note(f"after {done.struck.call} {done.struck.path}")
        raise


@pytest.mark.parametrize("harm", KILLS, ids=str)
@pytest.mark.parametrize("name", SCENES)
def test_a_run_killed_at_any_call_leaves_the_old_index_or_the_new_one(
    scene: Scenes, calls: Calls, command: Command, tmp_path: Path, name: str, harm: Harm
) -> None:
    it, tally = scene(name), Tally()
    for nth in points(
        calls(it, "index", harm.kinds), 1, 3 * KILLS.index(harm) + [*SCENES].index(name)
    ):
        tally.attempt(f"call {nth}", partial(killed, it, command, tmp_path / "place", harm, nth))
    tally.conclude(f"{name}, {harm}")


def test_it_is_the_same_with_processes_that_read(
    scene: Scenes, calls: Calls, command: Command, tmp_path: Path
) -> None:
    it, harm, tally = scene("incremental", 2), KILLS[0], Tally()
    for nth in points(calls(it, "index", harm.kinds), 1, 1, stride=25):
        tally.attempt(f"call {nth}", partial(killed, it, command, tmp_path / "place", harm, nth))
    tally.conclude(f"with readers, {harm}")
