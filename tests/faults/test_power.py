"""Whenever the power fails, whatever of the unsynced was lost: the old index answers or the new
one, the new one for sure once the command has ended, and the next run heals."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from indexer.index.current import CURRENT
from tests.conditions import CAMPAIGN, chance
from tests.faults import disk
from tests.faults.command import Command
from tests.faults.conftest import Scenes
from tests.faults.disk import Disk, Image
from tests.faults.judge import check_heals, check_reader
from tests.faults.points import Tally, points
from tests.faults.scenes import SCENES, Answers, Scene

SUBSETS = 6 if CAMPAIGN else 1


def traced(scene: Scene, command: Command, place: Path) -> tuple[Disk, list[disk.Event]]:
    """A run of the scene: the disk before it, and what it did to that."""
    trace = place.with_name("trace")
    trace.write_bytes(b"")
    scene.copy(place)
    before, after = Disk(place), Disk(place)
    done = command(*scene.arguments, cwd=place, trace=trace)
    assert done.code in (0, 1), done
    found = disk.events(trace)
    for event in found:
        after.apply(event)
    assert after.whole() == Disk(place).whole(), "the trace does not tell all that was done"
    return before, found


def restart(scene: Scene, place: Path, image: Image, wanted: tuple[Answers, ...]) -> None:
    """Start again with what the disk holds, and check all that must be so."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    (place / "seeds").symlink_to(scene.place / "seeds")
    disk.write(image, place)
    check_reader(scene, place / "index", wanted)
    check_heals(scene, place)


@pytest.mark.parametrize("name", SCENES)
def test_a_power_loss_leaves_the_old_index_or_the_new_one(
    scene: Scenes, command: Command, tmp_path: Path, name: str
) -> None:
    it, tally, draw = scene(name), Tally(), chance("power", name)
    place = tmp_path / "place"
    state, found = traced(it, command, place)
    switching = [n for n, event in enumerate(found) if CURRENT in event.path + event.other]
    chosen = {*points(len(found), 3, [*SCENES].index(name)), *switching, len(found) - 1}
    seen = set[int]()
    for number, event in enumerate(found):
        state.apply(event)
        wanted = (it.before, it.after) if event is not found[-1] else (it.after,)
        for image in state.images(draw, SUBSETS) if number in chosen else ():
            key = hash((frozenset(image.items()), wanted))
            if key not in seen:
                seen.add(key)
                what = f"event {number}, {event.op} {event.path}"
                tally.attempt(what, partial(restart, it, place, image, wanted))
    tally.conclude(f"{name}, power loss after {len(chosen)} of {len(found)} events")
