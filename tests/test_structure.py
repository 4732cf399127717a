"""Each package's docstring draws it: the modules in it, each named once, with what it is for."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = sorted(
    path.parent for top in ("indexer", "search_app") for path in (ROOT / top).rglob("__init__.py")
)


def drawn(docstring: str) -> list[str]:
    """The names in the first column of the drawing: `name · name      what they are for`."""
    rows = re.findall(r"^ *(\S+(?: · \S+)*)  +\S.*$", docstring, re.MULTILINE)
    return [name for row in rows for name in row.split(" · ")]


def contained(package: Path) -> list[str]:
    """The modules of a package by name, and the packages in it with a slash."""
    sources = [path for path in package.iterdir() if path.suffix in (".py", ".pyx", ".pxd")]
    modules = {path.stem for path in sources}
    packages = {f"{path.parent.name}/" for path in package.glob("*/__init__.py")}
    return sorted(modules - {"__init__", "__main__"} | packages)


def docstring_of(package: Path) -> str:
    module = ast.parse((package / "__init__.py").read_text("utf-8"))
    return ast.get_docstring(module, clean=False) or ""


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_package_draws_every_module_in_it_and_no_other(package: Path) -> None:
    assert sorted(drawn(docstring_of(package))) == contained(package)


def test_few_modules_lie_flat_in_the_indexer() -> None:
    flat = [name for name in contained(ROOT / "indexer") if not name.endswith("/")]
    assert len(flat) <= 10, flat


QUERY_SIDE = """
import sys
import search_app.search.service, search_app.search.index_reader
assert not [name for name in sys.modules if name.partition(".")[0] in ("flask", "whoosh", "yaml")]
import search_app.search.engines.whoosh.searcher
print(*sys.modules)
"""

WRITERS = (
    "indexer.console",
    "indexer.watch",
    "indexer.source",
    "indexer.reindex",
    "indexer.process_pool",
    "indexer.index.lock",
    "indexer.segment.builder",
    "indexer.segment.merger",
    "indexer.segment.writer",
    "indexer.engines.whoosh.store",
    "flask",
    "yaml",
)


def test_searching_loads_nothing_that_writes() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", QUERY_SIDE], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert not {name for name in loaded.stdout.split() if name.startswith(WRITERS)}
