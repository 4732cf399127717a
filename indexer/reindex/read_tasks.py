"""Reads and validates files and collects their documents, in this process or in others.

A task is some files and their records. What comes back is a result for each file, and a piece of
the next generation if there is an engine to collect one. Nothing else crosses between processes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from indexer.document import Document, document
from indexer.facet_values import Label, labels
from indexer.index.file_records import FileRecord, StoredProblem
from indexer.item import DEFAULT_LANGUAGE, Problem
from indexer.reindex.protocols import Collector
from indexer.source import change_detection, seed_file
from indexer.source.seed_file import SeedFile
from indexer.source.validate.item_parser import Reading, parse_item
from indexer.unexpected import UnexpectedError, unexpected

Parse = Callable[[bytes, str, str, str], Reading]
"""Parses a file, given its bytes, path, id and the usual language, as `parse_item` does."""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Files to read, each with its record if that is to be trusted.

    `looked`: when the folder was scanned, in nanoseconds since 1970. `collector` takes the
    documents that differ from their records; `None`: nobody does. `parse` must be a function of a
    module, since it may be sent to another process.
    """

    files: tuple[tuple[SeedFile, FileRecord | None], ...]
    looked: int
    promoted_only: bool
    collector: Collector | None
    parse: Parse = parse_item
    language: str = DEFAULT_LANGUAGE


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What came of reading a file: its new record, and the labels of its item (`None`: as before).

    Without a record, the file could not be read, and `problem` says why; without a problem either,
    it is gone. `bytes_match`: its bytes are the recorded ones. `unexpected`: an error of ours.
    """

    record: FileRecord | None
    labels: tuple[Label, ...] | None = None
    problem: Problem | None = None
    bytes_match: bool = False
    unexpected: UnexpectedError | None = None


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What came of a task, file by file; `piece` is what was collected, empty if nothing was."""

    results: list[ReadResult]
    piece: str


def tasks(
    files: Sequence[tuple[SeedFile, FileRecord | None]],
    memory: int,
    files_per_task: int,
    *,
    max_tasks: int,
    bytes_gathered: int = 32,
) -> Iterator[tuple[tuple[SeedFile, FileRecord | None], ...]]:
    """The files of each task, in order: `files_per_task`, or more if there would be more than
    `max_tasks` tasks, but no more than fit into `memory` megabytes. While a file's document is
    collected, it takes `bytes_gathered` bytes of memory for each byte of the file."""
    bytes = memory * 1_000_000 // bytes_gathered
    most = max(files_per_task, -(-len(files) // max_tasks))
    begin = size = 0
    for end, (source, _) in enumerate(files):
        if end - begin == most or (size and size + source.size > bytes):
            yield tuple(files[begin:end])
            begin, size = end, 0
        size += source.size
    if begin < len(files):
        yield tuple(files[begin:])


def run_task(task: ReadTask) -> TaskResult:
    """Read the files of a task."""
    results = [_read(source, before, task) for source, before in task.files]
    return TaskResult(results, task.collector.finish() if task.collector else "")


def _read(source: SeedFile, before: FileRecord | None, task: ReadTask) -> ReadResult:
    data = seed_file.read(source)
    if not isinstance(data, bytes):
        return ReadResult(None, problem=data)
    stat: dict[str, Any] = {
        "suffix": source.suffix,
        "size": source.size,
        "mtime": change_detection.safe_mtime(source, task.looked),
        "ctime": source.ctime_ns,
        "inode": source.inode,
    }
    if before and change_detection.bytes_match(data, before):
        return ReadResult(replace(before, **stat), bytes_match=True)
    parsed, made = _parse(data, source, task)
    problems = tuple(StoredProblem(p.line, p.field, p.message, p.severity) for p in parsed.problems)
    content_hash = change_detection.content_hash(data, parsed.secured_line)
    record = FileRecord(
        **stat, content_hash=content_hash, stored_problems=problems, draft=parsed.draft
    )
    if parsed.item is None or made is None:
        return ReadResult(record, (), unexpected=parsed.unexpected)
    if task.collector and (before is None or before.fingerprint != made.fingerprint):
        task.collector.put(made)
    undated = parsed.item.article.published is None
    record = replace(record, fingerprint=made.fingerprint, undated=undated)
    return ReadResult(record, labels(parsed.item))


def _parse(data: bytes, source: SeedFile, task: ReadTask) -> tuple[Reading, Document | None]:
    """What is in a file, and its document, if it is to have one.

    Nothing that a file holds should raise an exception here. If something does, by a fault of ours,
    it becomes a problem of that file, so that the other files are read and a watch goes on. The
    file counts as rejected and its item stays as it was; the log says what happened and where. That
    memory ran out is no fault of the file, and ends the run.
    """
    try:
        parsed = task.parse(data, source.path, source.id, task.language)
        item = parsed.item
        if item is None or (task.promoted_only and item.promoted is False):
            return parsed, None
        return parsed, document(item)
    except MemoryError:
        raise
    except Exception as error:
        fault = unexpected(error)
        message = (
            f"Newsdex failed to read it ({fault.kind} at {fault.place}), which is a fault of "
            "Newsdex; please report it, with the file if you can"
        )
        return Reading(None, (Problem(source.path, 0, "", message),), unexpected=fault), None
