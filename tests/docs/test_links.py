"""The front door, and that every link and path in a document leads somewhere."""

import re
from pathlib import Path

import pytest

from tests.docs.markdown import (
    BENCH,
    CHANGELOG,
    DECISIONS,
    FORMAT,
    INDEXER,
    README,
    ROOT,
    SEARCH,
    TESTS,
    Document,
    code,
    documents,
)

WORDS = 1_200
WHERE, TREE = "Where is what in the code?", "Finding your way in the code"
MAPS = (INDEXER, SEARCH, FORMAT)
ALL = documents()


def by_name(document: Document) -> str:
    return document.name


def test_the_readme_is_short() -> None:
    assert len(README.text.split()) <= WORDS


def test_the_documents_are_those_that_the_readme_names() -> None:
    named = {(README.path.parent / link.partition("#")[0]).resolve() for link in README.links()}
    assert {path for path in named if path.suffix == ".md"} == {
        document.path for document in ALL if document != README
    }
    assert {INDEXER, SEARCH, FORMAT, DECISIONS, CHANGELOG, TESTS, BENCH} <= set(ALL)


@pytest.mark.parametrize("document", ALL, ids=by_name)
def test_every_link_leads_to_a_file_and_a_heading(document: Document) -> None:
    for link in document.links():
        path, _, anchor = link.partition("#")
        target = (document.path.parent / path).resolve() if path else document.path
        assert target.exists(), f"{document.name}: {link}"
        if anchor:
            assert anchor in Document(str(target.relative_to(ROOT))).anchors(), link


@pytest.mark.parametrize("document", ALL, ids=by_name)
def test_every_path_below_the_project_is_there(document: Document) -> None:
    folders = "|".join(re.escape(path.name) for path in ROOT.iterdir() if path.is_dir())
    for path in re.findall(rf"`((?:{folders})/[\w/.-]*)`", document.text):
        assert (ROOT / path).exists(), f"{document.name}: {path}"


@pytest.mark.parametrize("document", MAPS, ids=by_name)
def test_every_module_of_the_map_is_there(document: Document) -> None:
    for row in document.table(WHERE, "what"):
        beside = document.path.parent
        for name in code(row["where"]):
            if (ROOT / name).exists():
                beside = (ROOT / name).parent
            else:
                assert (beside / name).exists(), f"{document.name}: {name}"


def test_each_folder_of_the_code_is_at_most_three_openings_away() -> None:
    """From the README to a text beside the code, from there to the module."""
    maps = " ".join(row["where"] for one in MAPS for row in one.table(WHERE, "what"))
    shown = maps + " ".join(row["folder"] for row in README.table(TREE, "folder"))
    for package in ("indexer", "search_app"):
        for path in (ROOT / package).rglob("__init__.py"):
            folder = path.parent.relative_to(ROOT)
            parents = [folder, *folder.parents]
            assert any(f"`{parent}/" in shown for parent in parents[:2] if parent != Path()), folder
