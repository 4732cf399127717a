"""The disk that loses what was not synced: what is sure to be there, and what may be."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.disk import Disk, Event, Image

OLD, NEW = b"old", b"newer"


class Story:
    """A folder with a file `a`, and the calls that are made below it."""

    def __init__(self, place: Path) -> None:
        (place / "a").write_bytes(OLD)
        self._place = place
        self.disk = Disk(place)
        self._a, self._folder = (place / "a").stat().st_ino, place.stat().st_ino

    def _call(self, op: str, inode: int, name: str, other: str = "", data: bytes = b"") -> None:
        path, target = (str(self._place / part) if part else "" for part in (name, other))
        self.disk.apply(Event(op, inode, 0, path, target, data))

    def create(self) -> None:
        self._call("C", 1, "b")
        self._call("W", 1, "b", data=NEW)

    def sync_file(self) -> None:
        self._call("F", 1, "b")

    def sync_folder(self) -> None:
        self._call("F", self._folder, "")

    def rename(self) -> None:
        self._call("R", 1, "b", "a")

    def overwrite(self) -> None:
        self._call("T", self._a, "a")
        self._call("W", self._a, "a", data=NEW)

    def remove(self) -> None:
        self._call("U", 0, "a")

    def images(self) -> list[Image]:
        return [*self.disk.images(random.Random(1), 100)]  # noqa: S311 - no secret


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def play(story: Story, *steps: Callable[[Story], None]) -> list[Image]:
    for step in steps:
        step(story)
    return story.images()


def test_what_was_synced_with_its_name_is_sure_to_be_there(story: Story) -> None:
    images = play(story, Story.create, Story.sync_file, Story.sync_folder)
    assert all(image == {"a": OLD, "b": NEW} for image in images)


def test_a_name_that_was_not_synced_may_be_lost_and_the_bytes_that_were_may_not(
    story: Story,
) -> None:
    images = play(story, Story.create, Story.sync_file)
    assert {image.get("b") for image in images} == {None, NEW}


def test_bytes_that_were_not_synced_may_be_lost_torn_or_zeros(story: Story) -> None:
    images = play(story, Story.create, Story.sync_folder)
    found = {image["b"] for image in images}
    assert found >= {b"", bytes(len(NEW)), NEW, NEW[:2]}


def test_a_file_renamed_before_it_is_synced_may_replace_another_by_nothing(story: Story) -> None:
    found = {image["a"] for image in play(story, Story.create, Story.rename)}
    assert found >= {OLD, b"", NEW}


def test_a_file_synced_and_then_renamed_replaces_another_whole_or_not_at_all(story: Story) -> None:
    images = play(story, Story.create, Story.sync_file, Story.sync_folder, Story.rename)
    assert {image["a"] for image in images} == {OLD, NEW}
    assert all(("b" in image) == (image["a"] == OLD) for image in images)


def test_a_file_overwritten_in_its_place_may_be_neither_old_nor_new(story: Story) -> None:
    assert {image["a"] for image in play(story, Story.overwrite)} - {OLD, NEW}


def test_a_removed_file_may_come_back(story: Story) -> None:
    assert {image.get("a") for image in play(story, Story.remove)} == {None, OLD}
    assert {image.get("a") for image in play(story, Story.sync_folder)} == {None}
