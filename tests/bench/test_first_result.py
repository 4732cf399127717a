"""The benchmark of the first result, at a small size: that it runs, not how fast."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bench import first_result
from tests.test_serve import ROOT, run


@pytest.mark.skipif(not shutil.which("chromedriver"), reason="there is no chromedriver")
def test_it_is_measured_when_the_first_result_is_seen(tmp_path: Path) -> None:
    index = tmp_path / "index"
    assert run("reindex", "--seeds", ROOT / "seeds", "--index", index).returncode == 0
    done = CliRunner().invoke(first_result.main, ["--index", str(index), "--count", "2"])
    assert done.exit_code == 0, done.output
    assert "to the first result: p50 " in done.output
