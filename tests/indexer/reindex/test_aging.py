"""An index after many small changes: few segments, little space, nothing left lying about."""

import random
from pathlib import Path

import pytest

from indexer.engines.whoosh import toc
from indexer.engines.whoosh.store import WhooshStore
from indexer.index import manifest
from indexer.segment.merge_policy import MergePolicy
from tests.conditions import CAMPAIGN, chance
from tests.indexer.samples import run, seed

pytestmark = pytest.mark.slow

RUNS = 500 if CAMPAIGN else 30
ITEMS = 2500 if CAMPAIGN else 400
WORDS = [f"word{number}" for number in range(500)]


def text(draw: random.Random, words: int) -> str:
    return " ".join(draw.choices(WORDS, range(len(WORDS), 0, -1), k=words))


def bytes_of(index: Path) -> int:
    """What a folder takes on the disk, files that generations share counted once."""
    files = {path.stat().st_ino: path.stat().st_size for path in index.rglob("*") if path.is_file()}
    return sum(files.values())


def prints(index: Path) -> dict[str, str]:
    """The fingerprint of each item."""
    items = WhooshStore(index).file_records().items()
    return {id: record.fingerprint for id, record in items.items()}


def test_an_index_changed_many_times_stays_small_and_tidy(tmp_path: Path) -> None:
    draw = chance("aging")
    seeds, index, fresh = tmp_path / "seeds", tmp_path / "index", tmp_path / "fresh"
    ids = [f"{number:05d}" for number in range(ITEMS)]
    for id in ids:
        seed(seeds, id, text(draw, 6), excerpt=text(draw, 40))
    run(seeds, index)
    most = 0
    for number in range(RUNS):
        for id in draw.sample(ids, draw.choice((1, 1, 2, 8))):
            seed(seeds, id, text(draw, 6), excerpt=text(draw, 40))
        if number % 3 == 0:
            ids.append(f"new{number}")
            seed(seeds, ids[-1], text(draw, 6))
        if number % 5 == 0:
            (seeds / f"{ids.pop(draw.randrange(len(ids)))}.md").unlink()
        report = run(seeds, index)
        assert report.switched
        folder = index / report.generation
        most = max(most, len(toc.read(folder).segments))
        assert {path.name for path in folder.iterdir()} == {
            *manifest.read(folder).files,
            manifest.NAME,
        }
        assert len(WhooshStore(index).generations()) == 2
        assert sorted(path.name for path in index.iterdir()) == sorted(
            ["CURRENT", *WhooshStore(index).generations()]
        )
    assert most <= 3
    assert MergePolicy().small < ITEMS or not CAMPAIGN  # else there was nothing but small ones
    run(seeds, fresh)
    assert bytes_of(index) <= 3 * bytes_of(fresh)
    assert not any(verdict.faults for verdict in WhooshStore(index).verify())
    assert prints(index) == prints(fresh)
