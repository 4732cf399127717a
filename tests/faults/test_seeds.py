"""Whichever call on the seeds the system refuses: it is a problem of that file or folder, whose
items stay as they were; all others are brought up to date."""

import errno
import json
from functools import partial
from pathlib import Path

import pytest

from tests.faults.command import Command
from tests.faults.conftest import Calls, Scenes
from tests.faults.judge import check_heals
from tests.faults.points import Tally, points
from tests.faults.scenes import Answers, Scene, answers, items
from tests.faults.shim import ALL, Action, Harm

HARMS = [
    Harm(Action.FAIL, ALL, errno.EIO),
    Harm(Action.FAIL, ALL, errno.EIO, lasting=True),
    Harm(Action.FAIL, ALL, errno.EACCES),
    Harm(Action.FAIL, ALL, errno.EMFILE, lasting=True),
]


def harmed(scene: Scene, command: Command, place: Path, harm: Harm, nth: int) -> None:
    """Run the scene with one call on the seeds harmed, and check all that must be so."""
    scene.copy(place)
    root = scene.place / "seeds"
    arguments = (*scene.arguments, "--json")
    done = command(*arguments, cwd=place, root=root, harm=harm, nth=nth, readers=scene.readers)
    try:
        assert done.struck.harmed, "the run made fewer calls than before"
        assert "Traceback" not in done.out + done.err, "a traceback"
        found, warning = answers(place / "index")
        assert not warning
        if done.code == 2:
            assert found == scene.before
            assert done.err.startswith("newsdex: the seeds folder seeds cannot be ")
        else:
            assert done.code in (0, 1)
            named = [row["path"] for row in json.loads(done.out)["problems"]]
            check_items(scene, found, [path.removeprefix("seeds/") for path in named])
        check_heals(scene, place)
    except Exception as error:
        error.add_note(f"after {done.struck.call} {done.struck.path}: {done.code} {done.err}")
        raise


def check_items(scene: Scene, found: Answers, named: list[str]) -> None:
    """Items whose file or folder was named are as before, all others as after."""
    before, after, now = items(scene.before), items(scene.after), items(found)
    for id in before.keys() | after.keys() | now.keys():
        spared = not any(f"{id}.md" == path or _is_above(path, id) for path in named)
        wanted = after if spared else before
        assert now.get(id) == wanted.get(id), f"{id}, problems with {named}"


def _is_above(path: str, id: str) -> bool:
    return path == "" or (path.endswith("/") and id.startswith(path))


@pytest.mark.parametrize("harm", HARMS, ids=str)
@pytest.mark.parametrize("name", ["incremental", "full"])
def test_a_call_on_the_seeds_that_fails_is_a_problem_of_that_file_or_folder(
    scene: Scenes, calls: Calls, command: Command, tmp_path: Path, name: str, harm: Harm
) -> None:
    it, tally = scene(name), Tally()
    for nth in points(calls(it, "seeds", harm.kinds), 2, HARMS.index(harm)):
        tally.attempt(f"call {nth}", partial(harmed, it, command, tmp_path / "place", harm, nth))
    tally.conclude(f"{name}, seeds, {harm}")


def test_it_is_the_same_with_processes_that_read(
    scene: Scenes, calls: Calls, command: Command, tmp_path: Path
) -> None:
    it, tally, harm = scene("full", 2), Tally(), HARMS[0]
    for nth in points(calls(it, "seeds", harm.kinds), 1, stride=5):
        tally.attempt(f"call {nth}", partial(harmed, it, command, tmp_path / "place", harm, nth))
    tally.conclude(f"with readers, seeds, {harm}")
