"""The API and its description agree: schemathesis, in a process of its own, asks a real server for
whatever `/openapi.json` allows and for what it does not, and compares each answer with it.

`NEWSDEX_CAMPAIGN=1` has it ask some 20,000 times.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conditions import CAMPAIGN, SEED
from tests.test_serve import ROOT, run, serving

PACKAGES = Path(sys.prefix) / "schemathesis"
"""Where the Makefile puts it: it brings two dozen packages, and a plugin for pytest, of its own."""

EXAMPLES, PHASES = (600, "coverage,fuzzing,stateful") if CAMPAIGN else (15, "fuzzing,stateful")

CONFIG = """
[checks] # every other one there is
positive_data_acceptance.enabled = false # a date has no pattern
negative_data_rejection.enabled = false # an empty value is none, as forms send it

# It turns the prefixItems of an answer into the items of older drafts, and then takes that for a
# fault of the description (schemathesis 4.32.5).
[[operations]]
include-path = "/opensearch/suggest"
checks.response_schema_conformance.enabled = false
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("described")
    done = run("reindex", "--seeds", ROOT / "seeds", "--index", folder / "index")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.slow
@pytest.mark.skipif(not PACKAGES.exists(), reason="no schemathesis: make .venv/schemathesis")
def test_what_the_api_answers_is_what_its_description_says(site: Path, tmp_path: Path) -> None:
    config, report = tmp_path / "schemathesis.toml", tmp_path / "report.json"
    config.write_text(CONFIG, encoding="utf-8")
    said = (tmp_path / "said").open("w+")
    with said, serving(site, stderr=said) as (_, address):
        command: list[str | Path] = [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", config),
            *("run", f"{address}openapi.json"),
            *("--phases", PHASES, "--max-examples", str(EXAMPLES), "--seed", str(SEED)),
            *("--report", "json", "--report-json-path", report, "--continue-on-failure"),
        ]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(PACKAGES), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        said.seek(0)
        assert said.read() == ""
    assert done.returncode == 0, done.stdout
    told = json.loads(report.read_text(encoding="utf-8"))
    print(done.stdout[-500:])
    assert told["operations"]["tested"] == told["operations"]["total"]
    assert told["test_cases"]["generated"] > EXAMPLES * told["operations"]["total"] / 2
    assert (told["failures"], told["errors"]) == ([], [])
