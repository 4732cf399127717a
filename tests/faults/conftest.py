"""The command and the scenes, made once for all tests of a session."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.faults import scenes, shim
from tests.faults.command import Command
from tests.faults.scenes import Scene
from tests.faults.shim import Action, Harm, Kind

Scenes = Callable[..., Scene]
Calls = Callable[[Scene, str, Kind], int]


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """The command under the library; skips where that cannot be compiled."""
    if shim.compiler() is None:
        pytest.skip("there is no C compiler to build the library that makes calls fail")
    place = tmp_path_factory.mktemp("command")
    with Command(shim.build(place), place) as started:
        yield started


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    """Scenes by name and number of reading processes."""
    place: Path = tmp_path_factory.mktemp("scenes")
    return cache(
        lambda name, readers=0: scenes.build(name, place / f"{name}-{readers}", readers=readers)
    )


@pytest.fixture(scope="session")
def calls(command: Command, tmp_path_factory: pytest.TempPathFactory) -> Calls:
    """How many calls of some kinds a scene's run makes below its index, or its seeds."""
    place: Path = tmp_path_factory.mktemp("calls")

    @cache
    def count(scene: Scene, below: str, kinds: Kind) -> int:
        copy = scene.copy(place / "place")
        harm, root = Harm(Action.FAIL, kinds), (copy / below).resolve()
        return command(
            *scene.arguments, cwd=copy, root=root, harm=harm, readers=scene.readers
        ).struck.calls

    return count
