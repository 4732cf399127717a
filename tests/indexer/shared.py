"""Real files kept outside the project; what needs them is skipped where they are not there."""

from pathlib import Path

import pytest

_DATA = Path(__file__).parents[2].parent / "shared" / "data"


def real_files(folder: str) -> list[Path]:
    """The Markdown files below a folder of the real data, or a skip that says what is missing."""
    files = sorted((_DATA / folder).rglob("*.md"))
    if not files:
        pytest.skip(f"real files are not there: {_DATA / folder}")
    return files
