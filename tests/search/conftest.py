"""What the tests of the search side share."""

from pathlib import Path

import pytest

from tests.search.samples import make, seed_items


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the project's own seeds. Nobody writes to it."""
    return make(tmp_path_factory.mktemp("seeds") / "index", seed_items())
