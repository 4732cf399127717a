"""Files read in tasks: what is found, what is collected, and how files are shared out."""

import pickle
from pathlib import Path

import pytest

from indexer.document import Document
from indexer.index.file_records import FileRecord
from indexer.item import Severity
from indexer.reindex import read_tasks
from indexer.reindex.read_tasks import ReadTask, TaskResult, run_task
from indexer.source.scan import scan
from indexer.source.seed_file import SeedFile
from tests.indexer.samples import seed

LATER = 1 << 62
"""A moment long after any file was changed."""


class Collected:
    """A collector that keeps what it is given."""

    def __init__(self) -> None:
        self.documents: list[Document] = []

    def put(self, document: Document) -> None:
        self.documents.append(document)

    def finish(self) -> str:
        return f"{len(self.documents)} documents"


def sources(folder: Path) -> list[SeedFile]:
    return [found for found in scan(folder) if isinstance(found, SeedFile)]


def read(
    folder: Path, known: dict[str, FileRecord] | None = None, **options: bool
) -> tuple[TaskResult, list[str]]:
    """What comes of all files, and the ids of what was collected."""
    collected = Collected()
    files = tuple((source, (known or {}).get(source.id)) for source in sources(folder))
    task = ReadTask(files, LATER, options.get("promoted_only", False), collected)
    done = run_task(task)
    assert done.piece == collected.finish()
    return done, [document.id for document in collected.documents]


def records(folder: Path) -> dict[str, FileRecord]:
    done, _ = read(folder)
    found = zip(sources(folder), done.results, strict=True)
    return {source.id: result.record for source, result in found if result.record}


def test_an_item_is_recorded_and_its_document_collected(tmp_path: Path) -> None:
    seed(tmp_path, "a", provider={"name": "Example", "domain": "example.com"})
    done, collected = read(tmp_path)
    (result,) = done.results
    assert collected == ["a"]
    assert result.labels == (
        ("provider", "example.com", "Example"),
        ("type", "article", "article"),
        ("language", "en", "English"),
    )
    assert result.record
    assert result.record.fingerprint
    assert not result.bytes_match


def test_what_gives_no_item_is_recorded_and_not_collected(tmp_path: Path) -> None:
    seed(tmp_path, "a", draft=True)
    (tmp_path / "b.md").write_text("no front matter\n")
    seed(tmp_path, "c", published=False)
    done, collected = read(tmp_path, promoted_only=True)
    assert collected == []
    draft, broken, withheld = [result.record for result in done.results]
    assert draft
    assert withheld
    assert broken
    assert (draft.stored_problems, withheld.stored_problems) == ((), ())
    assert broken.rejected
    assert [r.fingerprint for r in (draft, broken, withheld)] == ["", "", ""]


def test_a_file_that_cannot_be_read_has_a_problem_and_no_record(tmp_path: Path) -> None:
    path = seed(tmp_path, "a")
    found = tuple((source, None) for source in sources(tmp_path))
    path.unlink()
    (gone,) = run_task(ReadTask(found, LATER, False, None)).results
    assert (gone.record, gone.problem) == (None, None)
    path.mkdir()
    (result,) = run_task(ReadTask(found, LATER, False, None)).results
    assert result.record is None
    assert result.problem
    assert (result.problem.path, result.problem.severity) == (str(path), Severity.ERROR)


def test_bytes_that_are_as_recorded_are_not_read_any_further(tmp_path: Path) -> None:
    seed(tmp_path, "a", secured="one", quality="high")
    known = records(tmp_path)
    seed(tmp_path, "a", secured="another", quality="high")
    done, collected = read(tmp_path, known)
    (result,) = done.results
    assert result.bytes_match
    assert result.record
    assert result.record.stored_problems == known["a"].stored_problems != ()
    assert result.record.fingerprint == known["a"].fingerprint
    assert collected == []


def test_a_document_that_is_as_recorded_is_not_collected(tmp_path: Path) -> None:
    path = seed(tmp_path, "a")
    known = records(tmp_path)
    path.write_text(path.read_text().replace("---\n", "---\n# a comment\n", 1))
    done, collected = read(tmp_path, known)
    assert not done.results[0].bytes_match
    assert collected == []
    seed(tmp_path, "a", "Other")
    assert read(tmp_path, known)[1] == ["a"]


def test_a_task_goes_to_another_process_and_back(tmp_path: Path) -> None:
    seed(tmp_path, "a", quality="high")
    files = tuple((source, FileRecord()) for source in sources(tmp_path))
    task = ReadTask(files, LATER, False, None)
    assert pickle.loads(pickle.dumps(task)) == task  # noqa: S301 (what was pickled here)
    done = run_task(task)
    assert pickle.loads(pickle.dumps(done)) == done  # noqa: S301 (what was pickled here)


@pytest.mark.parametrize("count", [0, 1, 6, 7, 8, 100])
def test_every_file_is_in_one_task_in_order(count: int) -> None:
    files = [(SeedFile(str(n), "", ".md", 1, 0, 0, 0), None) for n in range(count)]
    tasks = list(read_tasks.tasks(files, 256, 7, max_tasks=5))
    assert [file for task in tasks for file in task] == files
    assert len(tasks) <= 5
    assert all(tasks)


def test_large_files_are_in_tasks_of_their_own() -> None:
    sizes = [4, 4, 4, 30, 1, 9, 1]
    files = [(SeedFile(str(n), "", ".md", size, 0, 0, 0), None) for n, size in enumerate(sizes)]
    tasks = read_tasks.tasks(files, 256, 100, max_tasks=64, bytes_gathered=25_600_000)
    shared = [[source.size for source, _ in task] for task in tasks]
    assert shared == [[4, 4], [4], [30], [1, 9], [1]]
