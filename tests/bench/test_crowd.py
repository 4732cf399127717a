"""The benchmarks of the server, at a small size: that they run and count, not how fast."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bench import crowd, servers
from tests.test_serve import ROOT, run


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crowd") / "index"
    assert run("reindex", "--seeds", ROOT / "seeds", "--index", folder).returncode == 0
    return folder


def test_in_a_small_crowd_the_honest_are_answered(index: Path) -> None:
    sizes = "--seconds 2 --greedy 1 --connections 2 --idle 3 --honest 2 --every 0.3".split()
    done = CliRunner().invoke(crowd.main, ["--index", str(index), *sizes])
    assert done.exit_code == 0, done.output
    assert " 0 errors" in done.output
    assert "honest: 0 answers" not in done.output
    assert "greedy: 0 answers" not in done.output


def test_each_attack_is_measured_on_a_server(index: Path) -> None:
    options = ["--server", "newsdex serve", "--seconds", "0.3"]
    names = ("none", "100 idle", "slow headers")
    chosen = [part for name in names for part in ("--attack", name)]
    done = CliRunner().invoke(servers.main, ["--index", str(index), *options, *chosen])
    assert done.exit_code == 0, done.output
    for name in (*names, *servers.LOADS):
        assert f"\n{name:16} " in done.output
    assert ">10 s" not in done.output
    assert "failed" not in done.output
