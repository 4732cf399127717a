"""What must be so after a run, however it ended."""

import shutil
from pathlib import Path

from click.testing import CliRunner

from indexer.engines.whoosh.store import WhooshStore
from indexer.errors import IndexMissing
from indexer.index.directory import RETAINED, IndexDirectory
from search_app.cli import main
from tests.faults.command import Done
from tests.faults.scenes import Answers, Scene, answers

CODES = (2, 3, 4, 130)
"""The exit codes of what was not done."""


def check_reader(scene: Scene, index: Path, expected: tuple[Answers, ...]) -> Answers:
    """Whoever reads now gets one of the expected answers, from a generation that is whole."""
    found, warning = answers(index)
    assert not warning
    assert found in expected, f"{scene.name}: neither the old nor the new answers"
    for fault in faults(index):
        raise AssertionError(fault)
    return found


def faults(index: Path) -> list[str]:
    """What `verify` says of the generation that answers and of those before it."""
    try:
        verdicts = WhooshStore(index).verify()
    except IndexMissing:
        return []
    current = next(verdict.generation for verdict in verdicts if verdict.current)
    return [f for verdict in verdicts if verdict.generation <= current for f in verdict.faults]


def check_exit(scene: Scene, index: Path, done: Done, found: Answers) -> None:
    """The exit code is one of the contract's and true, and what is said are messages."""
    assert "Traceback" not in done.out + done.err, "a traceback"
    assert "Exception ignored" not in done.err, "an exception was ignored"
    *said, last = done.err.splitlines() or [""]
    if done.code in (0, 1):
        assert done.code == scene.code, "not the exit code of what was done"
        anew = "built anew" in done.out
        assert not anew or "--full" in scene.arguments, "the index was given up unasked"
        wanted = scene.rebuilt if anew else scene.after
        assert found == wanted, "the exit code tells of new answers, there are old ones"
        assert IndexDirectory(index).current_name() in done.out, "it does not say what answers"
        return
    assert done.code in CODES, "no exit code of the contract"
    if "answers already" not in last:
        assert found == scene.before, "the exit code tells of old answers, there are new ones"
    assert done.out == "", "an answer besides the error"
    assert all(line.startswith("newsdex: ") for line in [*said, last]), "not a message of ours"
    assert "index" in last, "what could not be done, and where?"
    assert "; " in last, "what is there to be done?"


def check_heals(scene: Scene, place: Path, *, anew: bool = False) -> None:
    """The next run ends well, makes what a fresh index is, and leaves nothing behind. `anew`: the
    run before told that it could not read the index there was."""
    index = place / "index"
    again = ["reindex", "--seeds", str(place / "seeds"), "--index", str(index)]
    done = CliRunner().invoke(main, again)
    assert done.exit_code == int(scene.name != "first"), f"the next run: {done.output}"
    assert "built anew" not in done.output, f"the next run: {done.output}"
    wanted = scene.rebuilt if anew else scene.fresh
    assert answers(index) == (wanted, ""), f"{scene.name}: not what a fresh index answers"
    check_tidy(index)
    shutil.rmtree(place)


def check_tidy(index: Path) -> None:
    """There is nothing in an index folder but whole generations and which of them answers."""
    verdicts = WhooshStore(index).verify()
    assert not [fault for verdict in verdicts for fault in verdict.faults]
    assert len(verdicts) <= RETAINED
    assert any(verdict.current for verdict in verdicts)
    names = {path.name for path in index.iterdir()}
    assert names == {"CURRENT", *(verdict.generation for verdict in verdicts)}
