"""An application over an index of the seeds, and one without an index."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.engines import open_store
from indexer.reindex.report import Options
from indexer.reindex.run import reindex
from search_app.app import create_app
from search_app.settings import Settings
from search_app.state import state

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder with the seeds in it."""
    folder = tmp_path_factory.mktemp("web") / "index"
    report = reindex(ROOT / "seeds", open_store("whoosh", folder), Options())
    assert not report.problems
    return folder


@pytest.fixture(scope="session")
def client(seeded: Path) -> Iterator[FlaskClient]:
    """A client of the application over the seeds. An error in it is raised, not turned to 500."""
    app = create_app(Settings.load({}, index=seeded))
    app.testing = True
    yield app.test_client()
    state(app.extensions).reader.close()


@pytest.fixture
def bare(tmp_path: Path) -> FlaskClient:
    """A client of an application whose index folder is empty."""
    return create_app(Settings.load({}, index=tmp_path)).test_client()
