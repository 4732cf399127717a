"""Files that are gone: by how many of them a run is refused, and what is no loss at all."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.engines.whoosh.store import WhooshStore
from indexer.errors import RemovalsRefused
from indexer.reindex.diff import Change
from indexer.reindex.removals import MOST, Losses, moved
from indexer.reindex.report import Report
from tests.indexer.processes import newsdex
from tests.indexer.samples import run, seed


@pytest.mark.parametrize(
    ("lost", "items", "is_empty", "refused", "large"),
    [
        (0, 20, True, False, False),  # there was nothing to lose
        (1, 1, True, True, True),
        (3, 8, False, False, False),
        (MOST, 20, False, False, False),
        (MOST, 19, False, False, True),  # many of few: done, with a warning
        (MOST + 1, 2 * MOST + 2, False, False, False),  # just half
        (MOST + 1, 2 * MOST + 1, False, True, True),
        (500, 1000, False, False, False),
        (501, 1000, False, True, True),
    ],
)
def test_too_many_are_more_than_half_and_more_than_ten_or_all_there_are(
    lost: int, items: int, is_empty: bool, refused: bool, large: bool
) -> None:
    losses = Losses(tuple(map(str, range(lost))), items, is_empty)
    assert (losses.is_refused(), losses.is_large) == (refused, large)


def test_as_many_of_several_alike_have_moved_as_are_new() -> None:
    gone = {"a": "one", "b": "one", "c": "one", "d": "other"}
    assert moved(gone, ["one", "one", "else"]) == {"a", "b"}
    assert moved(gone, []) == set()


ITEMS = 24


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with an index of items half of which lie in a folder of their own."""
    for number in range(ITEMS):
        seed(tmp_path / "seeds", f"{'news.share/' * (number % 2)}{number}", f"Item {number}")
    run(tmp_path / "seeds", tmp_path / "index")
    return tmp_path


def take_away(place: Path, count: int) -> None:
    for number in range(count):
        (place / "seeds" / f"{'news.share/' * (number % 2)}{number}.md").unlink()


def reindexed(place: Path, **options: bool) -> Report:
    return run(place / "seeds", place / "index", **options)


def answering(place: Path) -> tuple[str, int]:
    manifest = store(place).current()
    return manifest.generation, manifest.items


def store(place: Path) -> WhooshStore:
    return WhooshStore(place / "index")


@pytest.mark.parametrize("options", [{}, {"full": True}, {"strict": True}, {"dry_run": True}])
def test_where_most_are_gone_nothing_is_done_and_it_is_said_which(
    place: Path, options: dict[str, bool]
) -> None:
    before = answering(place)
    take_away(place, ITEMS // 2 + 1)
    with pytest.raises(RemovalsRefused) as refused:
        reindexed(place, **options)
    said = str(refused.value)
    assert "13 of 24 items have lost their files (0, 10, 12 and 10 more) in " in said
    assert "nothing was changed" in said
    assert "--allow-removals" in said
    assert answering(place) == before
    assert {path.name for path in (place / "index").iterdir()} == {"CURRENT", before[0]}


def rolled_back(place: Path) -> list[str]:
    """The generations, newest first, after a second run and a rollback from it; each can answer."""
    seed(place / "seeds", "new", "A newer item")
    reindexed(place)
    assert newsdex("rollback", cwd=place).returncode == 0
    return store(place).generations()


@pytest.mark.parametrize("options", [(), ("--full",)])
def test_a_refused_run_takes_away_no_generation(place: Path, options: tuple[str, ...]) -> None:
    later, answers = rolled_back(place)
    crashed = store(place).directory.new_generation()
    (place / "empty").mkdir()
    done = newsdex("reindex", "--seeds", "empty", *options, cwd=place)
    assert (done.returncode, "nothing was changed" in done.stderr) == (5, True)
    assert not crashed.exists()  # a crashed run left it, and its room is needed
    assert [verdict.can_answer for verdict in store(place).verify()] == [True, True]
    (place / "index" / "CURRENT").write_text("g999999-abcdef\n")
    assert store(place).directory.fallback("whoosh").name == later
    assert answers in store(place).generations()


def test_nor_does_one_that_is_too_strict(place: Path) -> None:
    before = rolled_back(place)
    (place / "seeds" / "bad.md").touch()
    assert newsdex("reindex", "--strict", cwd=place).returncode == 1
    assert store(place).generations() == before


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_run_that_is_not_refused_takes_away_what_was_rolled_back_from(
    place: Path, is_changed: bool
) -> None:
    later, answers = rolled_back(place)
    if not is_changed:
        (place / "seeds" / "new.md").unlink()
    assert newsdex("reindex", cwd=place).returncode == 0
    left = store(place).generations()
    assert (answers in left, later in left, len(left)) == (True, False, 1 + is_changed)


@pytest.mark.parametrize("full", [False, True])
def test_who_means_it_says_so(place: Path, full: bool) -> None:
    shutil.rmtree(place / "seeds")
    (place / "seeds").mkdir()
    report = reindexed(place, allow_removals=True, full=full)
    assert (report.items, report.changes[Change.REMOVED]) == (0, ITEMS)
    assert not report.problems


@pytest.mark.parametrize("bad", [False, True])
def test_it_is_not_said_that_items_go_where_they_stay(tmp_path: Path, bad: bool) -> None:
    for number in range(4):
        seed(tmp_path / "seeds", f"{number}")
    reindexed(tmp_path)
    for number in range(3):
        (tmp_path / "seeds" / f"{number}.md").unlink()
    if bad:
        (tmp_path / "seeds" / "bad.md").touch()
    report = reindexed(tmp_path, strict=True)
    assert report.items == (4 if bad else 1)
    assert any("lost their files" in problem.message for problem in report.problems) is not bad


def test_half_of_them_may_go_without_a_word(place: Path) -> None:
    take_away(place, ITEMS // 2)
    report = reindexed(place)
    assert (report.items, report.problems) == (ITEMS // 2, ())


def test_of_a_few_most_may_go_with_a_warning(tmp_path: Path) -> None:
    for number in range(8):
        seed(tmp_path / "seeds", f"{number}")
    reindexed(tmp_path)
    for number in range(6):
        (tmp_path / "seeds" / f"{number}.md").unlink()
    done = newsdex("reindex", "--json", cwd=tmp_path)
    assert done.returncode == 0
    (problem,) = json.loads(done.stdout)["problems"]
    assert (problem["path"], problem["severity"]) == ("seeds/", "warning")
    assert problem["message"].startswith("6 of 8 items have lost their files (0, 1, 2 and 3 more)")
    assert "`newsdex rollback`" in problem["message"]
    assert json.loads(done.stdout)["removed"] == 6


@pytest.mark.parametrize("items", [1, 3])
def test_if_no_seed_is_left_it_is_refused_however_few_there_were(
    tmp_path: Path, items: int
) -> None:
    for number in range(items):
        seed(tmp_path / "seeds", f"{number}")
    reindexed(tmp_path)
    for number in range(items):
        (tmp_path / "seeds" / f"{number}.md").rename(tmp_path / f"{number}.md")
    done = newsdex("reindex", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith(f"newsdex: {items} of {items} items have lost their files (0")
    assert done.stderr.count("\n") == 1
    assert answering(tmp_path)[1] == items


def leave_a_loop(seeds: Path) -> None:
    (seeds / "loop").symlink_to(".")


def leave_other_files(seeds: Path) -> None:
    (seeds / "notes.txt").touch()
    (seeds / ".hidden.md").touch()
    (seeds / "picture.jpg").symlink_to("nowhere")


@pytest.mark.parametrize("leave", [leave_a_loop, leave_other_files])
def test_what_is_no_seed_does_not_make_a_folder_less_empty(
    tmp_path: Path, leave: Callable[[Path], None]
) -> None:
    for number in range(5):
        seed(tmp_path / "seeds", f"{number}")
    reindexed(tmp_path)
    shutil.rmtree(tmp_path / "seeds")
    (tmp_path / "seeds").mkdir()
    leave(tmp_path / "seeds")
    with pytest.raises(RemovalsRefused):
        reindexed(tmp_path)


def test_a_link_that_leads_nowhere_and_never_led_to_seeds_is_none_of_our_business(
    tmp_path: Path,
) -> None:
    seed(tmp_path / "seeds", "a")
    (tmp_path / "seeds" / "picture.jpg").symlink_to("nowhere")
    assert reindexed(tmp_path).problems == ()


def test_links_that_are_refused_lose_nothing(tmp_path: Path) -> None:
    for number in range(20):
        seed(tmp_path / "elsewhere", f"{number}")
    seed(tmp_path / "seeds", "own")
    (tmp_path / "seeds" / "link").symlink_to(tmp_path / "elsewhere")
    assert reindexed(tmp_path).items == 21
    assert reindexed(tmp_path, follow_links=False).items == 1


def test_a_first_run_over_no_seed_at_all_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    assert reindexed(tmp_path).items == 0
    assert reindexed(tmp_path).items == 0


def rename_folder(place: Path) -> None:
    (place / "seeds").rename(place / "old")
    (place / "seeds").mkdir()
    (place / "old").rename(place / "seeds" / "moved")


def copy_elsewhere(place: Path) -> None:
    """The same bytes in other files, as a checkout or an archive makes them."""
    shutil.copytree(place / "seeds", place / "copy")
    shutil.rmtree(place / "seeds")
    (place / "seeds").mkdir()
    shutil.move(place / "copy", place / "seeds" / "copy")


def mark_as_drafts(place: Path) -> None:
    for path in (place / "seeds").rglob("*.md"):
        path.write_text(path.read_text().replace("---\n", "---\ndraft: true\n", 1))


def move_to_drafts(place: Path) -> None:
    (place / "seeds").rename(place / "old")
    (place / "seeds").mkdir()
    (place / "old").rename(place / "seeds" / "_drafts")


def break_them(place: Path) -> None:
    for path in (place / "seeds").rglob("*.md"):
        path.write_text("half a sa")


def lead_nowhere(place: Path) -> None:
    """Links to a share that is not there just now."""
    (place / "seeds").rename(place / "share")
    (place / "seeds").mkdir()
    (place / "seeds" / "news.share").symlink_to(place / "share" / "news.share")
    for path in (place / "share").glob("*.md"):
        (place / "seeds" / path.name).symlink_to(path)
    (place / "share").rename(place / "away")


@pytest.mark.parametrize(
    ("change", "items"),
    [
        (rename_folder, ITEMS),
        (copy_elsewhere, ITEMS),
        (mark_as_drafts, 0),
        (move_to_drafts, 0),
        (break_them, ITEMS),
        (lead_nowhere, ITEMS),
    ],
)
def test_moved_left_out_or_unreadable_is_not_lost(
    place: Path, change: Callable[[Path], None], items: int
) -> None:
    change(place)
    assert reindexed(place).items == items


def test_a_file_whose_secured_is_unusual_is_known_again_by_its_inode(tmp_path: Path) -> None:
    for number in range(ITEMS):
        seed(tmp_path / "seeds", f"{number}", f"Item {number}", secured=["a", "list"])
    reindexed(tmp_path)
    rename_folder(tmp_path)
    assert reindexed(tmp_path).changes[Change.ADDED] == ITEMS


def test_items_left_out_by_a_setting_are_not_lost(tmp_path: Path) -> None:
    for number in range(ITEMS):
        seed(tmp_path / "seeds", f"{number}", published=False)
    reindexed(tmp_path)
    assert reindexed(tmp_path, promoted_only=True).items == 0


def damage(index: Path, suffix: str) -> None:
    (path,) = index.glob(f"g*/*{suffix}")
    path.write_bytes(path.read_bytes()[:-1] + b"?")


@pytest.mark.parametrize("suffix", [".columns", "sources.json"])
@pytest.mark.parametrize("full", [False, True])
def test_over_a_damaged_index_what_is_still_known_of_its_files_counts(
    place: Path, suffix: str, full: bool
) -> None:
    damage(place / "index", suffix)
    shutil.rmtree(place / "seeds")
    (place / "seeds").mkdir()
    known = "24 of 24 items" if suffix == ".columns" else "no telling what items the damaged index"
    with pytest.raises(RemovalsRefused, match=known):
        reindexed(place, full=full)
    report = reindexed(place, full=full, allow_removals=True)
    assert report.rebuilt
    assert report.items == 0


def test_an_index_that_lost_its_current_is_not_emptied(place: Path) -> None:
    (place / "index" / "CURRENT").unlink()
    shutil.rmtree(place / "seeds")
    (place / "seeds").mkdir()
    with pytest.raises(RemovalsRefused, match="24 of 24 items"):
        reindexed(place)
    assert len([*(place / "index").glob("g*/manifest.json")]) == 1
    assert reindexed(place, allow_removals=True).items == 0


def test_over_a_damaged_index_the_generation_before_may_tell(place: Path) -> None:
    seed(place / "seeds", "new")
    reindexed(place)
    newest = store(place).current().generation
    os.truncate(place / "index" / newest / "sources.json", 10)
    shutil.rmtree(place / "seeds")
    (place / "seeds").mkdir()
    with pytest.raises(RemovalsRefused, match="24 of 24 items"):
        reindexed(place)
