"""One run of the benchmarks, at a small size, for all tests of them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bench import engines
from tests.bench.__main__ import main
from tests.bench.corpus import WRITER, Unavailable
from tests.bench.engines import PEERS

ITEMS, RUNS, QUERIES, BUILDS = 300, 2, 3, 1


@pytest.fixture(scope="package")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where everything was measured once, with all peers; or a skip that says what is missing."""
    if not WRITER.is_file():
        pytest.skip(f"what writes the items is not there: {WRITER}")
    try:
        for name in PEERS:
            engines.maker(name)
        pytest.importorskip("datasette")
    except Unavailable as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("bench")
    given = [f"--count={ITEMS}", f"--runs={RUNS}", f"--queries={QUERIES}", f"--builds={BUILDS}"]
    files = [f"--work={folder}", f"--json={folder / 'bench.json'}", "--seconds=0.3"]
    done = CliRunner().invoke(main, [*given, *files], catch_exceptions=False)
    assert done.exit_code == 0
    (folder / "bench.md").write_text(done.stdout, encoding="utf-8")
    return folder
