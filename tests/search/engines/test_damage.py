"""A column damaged while it is open is damage to whoever asks, never an error of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import IndexDamaged
from indexer.index.directory import IndexDirectory
from indexer.segment import column_file
from search_app.app import create_app
from search_app.search import service
from search_app.search.engines import open_searcher
from search_app.search.protocols import Searcher
from search_app.search.request import SearchRequest
from search_app.settings import Settings
from search_app.state import state
from tests.search.samples import ENGINE, IBM

pytestmark = pytest.mark.slow

ASKS: dict[str, Callable[[Searcher], object]] = {
    "get": lambda searcher: service.get(searcher, IBM),
    "everything": lambda searcher: service.search(searcher, SearchRequest(page_size=100)),
    "a word": lambda searcher: service.search(searcher, SearchRequest("the", page_size=100)),
    "a phrase": lambda searcher: service.search(searcher, SearchRequest('"of the"')),
    "misspelt words": lambda searcher: service.search(searcher, SearchRequest("facail recogniton")),
    "a prefix": lambda searcher: service.search(searcher, SearchRequest("f*")),
    "an address": lambda searcher: service.search(searcher, SearchRequest("https://a.example/b")),
    "an outlet": lambda searcher: service.search(searcher, SearchRequest("provider:zdnet.com")),
}


def steep(array: column_file.Array) -> bytes:
    """Numbers that rise by a quadrillion and more, as places far beyond any file."""
    size = array.itemsize * 8
    numbers = np.arange(array.size, dtype=np.uint64) << np.uint64(max(0, size - 14))
    return numbers.astype(f"u{array.itemsize}").tobytes()


FILLS: dict[str, Callable[[column_file.Array], bytes]] = {
    "zeros": lambda array: bytes(array.nbytes),
    "ones": lambda array: b"\xff" * array.nbytes,
    "high": lambda array: b"\x7f" * array.nbytes,
    "odd": lambda array: b"\x5a" * array.nbytes,
    "steep": steep,
}


def overwrite(path: Path, name: str, fill: str) -> None:
    """Overwrite an array in its file, which may be mapped by whoever has it open."""
    found = column_file.read(path)
    assert found.reader
    with path.open("r+b") as file:
        file.seek(found.reader._offsets[name])
        file.write(FILLS[fill](found.arrays[name]))


def names(folder: Path) -> list[str]:
    (path,) = folder.rglob("*.columns")
    return sorted(column_file.read(path).arrays)


@pytest.mark.parametrize("fill", FILLS)
def test_whatever_a_damaged_column_raises_is_damage(
    seeds_index: Path, tmp_path: Path, fill: str
) -> None:
    met: set[str] = set()
    said: list[str] = []
    for number, name in enumerate(names(seeds_index)):
        index = tmp_path / str(number)
        shutil.copytree(seeds_index, index)
        home = IndexDirectory(index)
        searcher = open_searcher(ENGINE, home.load(home.current_name(), ENGINE))
        (path,) = index.rglob("*.columns")
        overwrite(path, name, fill)
        for ask in ASKS.values():
            try:
                ask(searcher)
            except IndexDamaged as error:
                met.add(type(error.__cause__).__name__)
                said.append(str(error))
        searcher.close()
        shutil.rmtree(index)
    assert all("newsdex reindex --full" in message for message in said)
    assert met >= {"ValueError"}, met


def test_a_server_answers_503_for_what_is_damaged_and_says_where_in_its_log_only(
    seeds_index: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index = tmp_path / "index"
    shutil.copytree(seeds_index, index)
    (path,) = index.rglob("*.columns")
    app = create_app(Settings.load({}, index=index), recheck=0)
    app.testing = True
    client = app.test_client()
    assert client.get(f"/api/items/{IBM}").status_code == 200
    overwrite(path, "stored.offsets", "high")
    answer = client.get(f"/api/items/{IBM}")
    assert (answer.status_code, answer.get_json()["error"]["kind"]) == (503, "index_damaged")
    assert str(tmp_path) not in answer.text
    assert str(index) in caplog.text
    state(app.extensions).reader.close()
