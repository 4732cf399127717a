"""Whatever is done to the files of an index, nobody is given a wrong answer.

An index of two generations is harmed, one harm at a time, and asked as readers and keepers ask
it. Which generations are whole is judged here by comparing their bytes with what they were.

`NEWSDEX_CAMPAIGN=1` does thousands of harms instead of some.
"""

import json
from collections import Counter
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from indexer.segment import column_file
from search_app.cli import main
from search_app.search.engines import SEARCHERS
from tests.conditions import CAMPAIGN, chance
from tests.integrity import harms
from tests.integrity.harms import Harm
from tests.integrity.worlds import ASKED, World, serving, stripped, world
from tests.patience import patience

TIMES = 1500 if CAMPAIGN else 30
"""Harms to each of the two worlds."""


@pytest.fixture(scope="module", params=[False, True], ids=["apart", "shared"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(tmp_path_factory.mktemp("world"), shared=request.param)


class Judge:
    """What may be answered by an index that was harmed."""

    def __init__(self, world: World, index: Path) -> None:
        self.world = world
        was, now = harms.state(world.index), harms.state(index)
        self.harmed = {
            path for path in was.keys() | now.keys() if was.get(path, 0) != now.get(path, 0)
        }
        self.named = "CURRENT" not in self.harmed
        self.whole = [
            name
            for name in (world.newer, world.older)
            if not any(path == name or path.startswith(f"{name}/") for path in self.harmed)
        ]
        self.stands_in = not self.named or world.newer not in self.whole
        """Whether what answers is not what `CURRENT` names."""

    @property
    def right(self) -> str:
        """The generation that has to answer; empty if none can."""
        return self.whole[0] if self.whole else ""

    def needless(self) -> bool:
        """Whether nothing was harmed in the current generation that is read to answer."""
        unread = SEARCHERS["whoosh"].verify_policy.size_only
        mine = [path for path in self.harmed if path.startswith(f"{self.world.newer}/")]
        return self.named and all(path.endswith(unread) for path in mine)


def test_no_harm_to_an_index_makes_for_a_wrong_answer(
    place: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw = chance("harms", place.newer[:7])
    kinds, tally = Counter[str](), Counter[str]()
    both = ("folders swapped", "")  # few harms take both generations, and none may be drawn
    wanted = islice(chain([both], harms.drawn(place.index, draw)), TIMES)
    for number, (kind, file) in enumerate(wanted):
        index = tmp_path / str(number)
        harms.copy(place.index, index)
        harm = harms.done(index, kind, file, draw)
        judge = Judge(place, index)
        kinds[kind] += 1
        with patience():
            try:
                tally[_asked_over_http(judge, index, page=number % 5 == 0)] += 1
                _asked_in_the_terminal(judge, index)
                _verified(judge, index, harm)
                _kept(judge, index, healed=number % 10 == 0)
            except (AssertionError, TimeoutError) as error:
                raise AssertionError(f"{harm} in {index}: {error}") from error
        harms.remove(index)
    assert tally["stood in"]
    assert tally["none"]
    if CAMPAIGN:
        with capsys.disabled():
            print(f"\n{TIMES} harms; {dict(tally)}; {dict(kinds)}")


def _asked_over_http(judge: Judge, index: Path, *, page: bool) -> str:
    """At once, while much has not been looked at yet, and once all has been; what came of it."""
    with serving(index) as (client, reader):
        for looked in (False, True):
            for asked in ASKED if looked else ASKED[:2]:
                reply = client.get("/api/search", query_string={"q": asked})
                ready = client.get("/readyz")
                row, state = json.loads(reply.data), json.loads(ready.data)
                if reply.status_code == 503:
                    assert not judge.right
                    assert row["error"]["kind"] in ("index_damaged", "index_missing")
                    assert "newsdex" in row["error"]["message"]
                    continue
                assert reply.status_code == 200, reply.data
                answered = row["generation"]
                assert stripped(row) == judge.world.answers[answered][asked]
                if looked or not judge.needless():
                    assert answered == judge.right
                    _warned(judge, row, state)
            reader.wait_for_verification()
        if page:
            shown = client.get("/search", query_string={"q": "ferry"})
            assert shown.status_code == (200 if judge.right else 503)
            stated = b"answers in its stead" in shown.data
            assert stated == (judge.stands_in and bool(judge.right))
    return "none" if not judge.right else "stood in" if judge.stands_in else "as before"


def _warned(judge: Judge, row: dict[str, Any], state: dict[str, Any]) -> None:
    kinds = [note["kind"] for note in row["notes"]]
    assert kinds.count("stand_in") == judge.stands_in
    assert state["generation"] == judge.right
    assert bool(state["warning"]) == judge.stands_in
    if judge.stands_in:
        assert f"answering from {judge.right} instead" in state["warning"]


def _call(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def _asked_in_the_terminal(judge: Judge, index: Path) -> None:
    for asked in ASKED[:2]:
        result = _call("search", "--index", str(index), "--json", asked)
        if not judge.right:
            assert result.exit_code == 3
            assert list(json.loads(result.stdout)) == ["error"]
            assert result.stderr.startswith("newsdex: ")
            assert result.stderr.count("\n") == 1
            continue
        assert result.exit_code == 0, result.stderr
        assert stripped(json.loads(result.stdout)) == judge.world.answers[judge.right][asked]
        assert bool(result.stderr) == judge.stands_in
        assert not judge.stands_in or f"answering from {judge.right}" in result.stderr


def _verified(judge: Judge, index: Path, harm: Harm) -> None:
    """`verify` finds it, and says where; `status` tells it of the current generation."""
    result = _call("verify", "--index", str(index), "--json")
    assert result.exit_code == 3, "not found"
    row = json.loads(result.stdout)
    found = {g["generation"]: g["faults"] for g in row["generations"]}
    assert not row["ok"]
    missing = found.keys() - {judge.world.newer, judge.world.older}  # what CURRENT names instead
    assert bool(row["faults"] or missing) == (not judge.named)
    for name in judge.whole:
        assert found[name] == []
    if judge.named:
        faults = " ".join(fault for faults in found.values() for fault in faults)
        places = [index / path for path in harm.paths]
        assert any(str(p) in faults or f"{p.parent} holds" in faults for p in places), faults
    assert _call("verify", "--index", str(index)).exit_code == 3
    fit = judge.named and judge.world.newer in judge.whole
    assert _call("status", "--index", str(index)).exit_code == (0 if fit else 3)


def _kept(judge: Judge, index: Path, *, healed: bool) -> None:
    """A rollback leads to a whole generation or is refused; a reindex heals all."""
    before = harms.state(index)
    target = (
        judge.right
        if not judge.named or not (index / judge.world.newer).exists()
        else judge.world.older
        if judge.world.older in judge.whole
        else ""
    )
    result = _call("rollback", "--index", str(index), "--json")
    if target:
        assert result.exit_code == 0, result.stderr
        assert json.loads(result.stdout)["generation"] == target
        assert (index / "CURRENT").read_text() == f"{target}\n"
    else:
        assert result.exit_code == 3
        assert harms.state(index) == before
    if healed:
        seeds = str(judge.world.seeds)
        result = _call("reindex", "--index", str(index), "--seeds", seeds, "--json")
        assert result.exit_code == 0, result.stderr
        assert _call("verify", "--index", str(index)).exit_code in (0, 3)
        result = _call("search", "--index", str(index), "--json", "ferry")
        row = stripped(json.loads(result.stdout))
        wanted = judge.world.answers[judge.world.newer]["ferry"]
        assert (row["total"], row["facets"]) == (wanted["total"], wanted["facets"])


OPEN = ["bit", "zeros", "noise", "missing", "a pipe", "rotated", "longer"]


@pytest.mark.parametrize("kind", OPEN)
def test_no_harm_to_what_is_open_makes_for_a_wrong_answer(
    place: World, tmp_path: Path, kind: str
) -> None:
    draw = chance("open", kind)
    for number in range(30 if CAMPAIGN else 2):
        index = tmp_path / str(number)
        harms.copy(place.index, index)
        with serving(index) as (client, _), patience():
            assert client.get("/readyz").status_code == 200
            file = draw.choice(sorted((index / place.newer).glob(f"*{column_file.SUFFIX}")))
            harms.done(index, kind, str(file.relative_to(index)), draw)
            judge = Judge(place, index)
            for asked in ASKED:
                reply = client.get("/api/search", query_string={"q": asked})
                if judge.right:
                    row = json.loads(reply.data)
                    assert stripped(row) == place.answers[judge.right][asked]
                    assert judge.right == place.older
                    assert row["notes"][0]["kind"] == "stand_in"
                else:
                    assert reply.status_code == 503
        harms.remove(index)
