"""A Markdown document as data: sections, tables and links."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("indexer", "search_app", "tests")

Row = dict[str, str]
"""The cells of a row, by the headings of their columns."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document, by its path below the project's folder."""

    name: str

    @property
    def path(self) -> Path:
        return ROOT / self.name

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def prose(self) -> str:
        """The text without its blocks of code."""
        return re.sub(r"^```.*?^```$", "", self.text, flags=re.M | re.S)

    def section(self, title: str) -> str:
        """The text below a heading, up to the next one of any level."""
        parts = re.split(r"^(#+ .*)$", self.text, flags=re.M)
        found = [
            body
            for heading, body in zip(parts[1::2], parts[2::2], strict=True)
            if heading.lstrip("# ") == title
        ]
        assert len(found) == 1, f"{self.name} has {len(found)} sections {title!r}"
        return found[0]

    def table(self, title: str, first: str) -> list[Row]:
        """The rows of the table in a section whose first heading is `first`; never none."""
        for block in re.findall(r"(?:^\|.*\n?)+", self.section(title), re.M):
            heading, _, *rows = [_cells(line) for line in block.splitlines()]
            if heading[0] == first:
                assert rows
                assert all(len(row) == len(heading) for row in rows), f"{self.name}: {title}"
                return [dict(zip(heading, row, strict=True)) for row in rows]
        raise AssertionError(f"{self.name} has no table of {first!r} under {title!r}")

    def anchors(self) -> set[str]:
        """What a link may name after its `#`: each heading as GitHub writes it."""
        headings = re.findall(r"^#+ (.*)$", self.prose(), re.M)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    def links(self) -> list[str]:
        """The targets of its links and pictures."""
        return re.findall(r"\]\(([^)\s]+)\)", self.prose())


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def code(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]*)`", cell)


def number(cell: str) -> int:
    """The number that a cell begins with."""
    found = re.match(r"[\d,]+", cell)
    assert found, f"{cell!r} begins with no number"
    return int(found[0].replace(",", ""))


def values(rows: list[Row]) -> dict[str, int]:
    """A table of bounds: what is bounded, and by how much."""
    (what, value) = rows[0]
    return {row[what]: number(row[value]) for row in rows}


README = Document("README.md")
INDEXER = Document("indexer/README.md")
SEARCH = Document("search_app/README.md")
FORMAT = Document("indexer/segment/README.md")
DECISIONS = Document("indexer/DECISIONS.md")
CHANGELOG = Document("indexer/CHANGELOG.md")
TESTS = Document("tests/README.md")
BENCH = Document("tests/bench/README.md")


def documents() -> list[Document]:
    """Every document of the project."""
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md")]
    return [Document(str(path.relative_to(ROOT))) for path in [*ROOT.glob("*.md"), *sorted(found)]]
