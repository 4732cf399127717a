"""Which modules are changed, and which tests judge each of them: the quickest first."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]

Targets = Mapping[str, Sequence[str]]
"""The files of tests that judge a module, by its path; all paths are those in the tree."""

TARGETS: Targets = {
    "search_app/search/ranking.py": (
        "tests/contract/test_definitions.py",
        "tests/search/engines/test_top_k.py",
    ),
    "search_app/search/query/leaf.py": (
        "tests/search/query/test_leaf.py",
        "tests/search/query/test_rewrite.py",
    ),
    "search_app/search/query/rewrite.py": (
        "tests/search/query/test_rewrite.py",
        "tests/search/query/test_synonyms.py",
    ),
    "search_app/search/query/initials.py": ("tests/search/query/test_initials.py",),
    "indexer/stories/clustering.py": ("tests/indexer/stories/test_clustering.py",),
    "indexer/index/current.py": (
        "tests/indexer/index/test_current.py",
        "tests/indexer/index/test_directory.py",
    ),
    "indexer/index/manifest.py": (
        "tests/indexer/index/test_manifest.py",
        "tests/indexer/index/test_directory.py",
    ),
    "indexer/segment/merger.py": ("tests/indexer/segment/test_merger.py",),
}

Reasons = Mapping[tuple[str, str, str], str]
"""Why no test can notice a change, by module, source line and change."""


def reasons(file: Path) -> Reasons:
    """The equivalent mutants, as a table of reasons."""
    rows = tomllib.loads(file.read_text(encoding="utf-8")).get("equivalent", [])
    return {
        (row["module"], row["line"], change): row["reason"]
        for row in rows
        for change in row["changes"]
    }
