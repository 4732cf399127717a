"""Files read, validated and put in order for the engine, in whatever process there is.

A task is some files and what is known of them; it comes back as what was found, and a piece of the
next generation, if there is an engine to gather one. Nothing but that crosses between processes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from indexer.document import Document, document
from indexer.index import file_records
from indexer.index.file_records import FileRecord, Outlet, StoredProblem
from indexer.item import Item, Problem
from indexer.reindex.protocols import Collector
from indexer.source import change_detection, seed_file
from indexer.source.seed_file import SeedFile
from indexer.source.validate.item_parser import Reading, parse_item
from indexer.unexpected import UnexpectedError, unexpected

Parse = Callable[[bytes, str, str], Reading]
"""Makes of a file's bytes, its path and its id what is in it, as `parse_item` does."""

_FOUND = ("content_hash", "fingerprint", "outlets", "stored_problems")
"""What a record says of a file's bytes, as against what its folder does."""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Files to read, each with what is recorded of it if that is to be trusted.

    `looked`: when the folder was looked at, in nanoseconds since 1970. The collector takes the
    documents that differ from what is recorded; `None`: nobody does. `parse`: a function of a
    module, since it goes to another process.
    """

    files: tuple[tuple[SeedFile, FileRecord | None], ...]
    looked: int
    promoted_only: bool
    collector: Collector | None
    parse: Parse = parse_item


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What came of a file: what to record, and the outlets of its item (`None`: as recorded).

    Without a record, the file could not be read, and `problem` says why; without that too, it is
    gone. `alike`: its bytes are those recorded. `unexpected`: what was raised on the way that
    should not have been.
    """

    record: FileRecord | None
    outlets: tuple[Outlet, ...] | None = None
    problem: Problem | None = None
    alike: bool = False
    unexpected: UnexpectedError | None = None


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What came of a task; `piece`: what was collected, empty if nothing was."""

    findings: list[ReadResult]
    piece: str


def tasks(
    files: Sequence[tuple[SeedFile, FileRecord | None]],
    memory: int,
    files_per_task: int,
    *,
    max_tasks: int = 64,
    bytes_gathered: int = 32,
) -> Iterator[tuple[tuple[SeedFile, FileRecord | None], ...]]:
    """Files in tasks of their own, in order: so many each, or more if there would be more than
    `max_tasks`, but no more than one may read with so many megabytes of memory. What is gathered of
    a file takes `bytes_gathered` for each of its bytes, while it is gathered."""
    bytes = memory * 1_000_000 // bytes_gathered
    most = max(files_per_task, -(-len(files) // max_tasks))
    begin = size = 0
    for place, (source, _) in enumerate(files):
        if place - begin == most or (size and size + source.size > bytes):
            yield tuple(files[begin:place])
            begin, size = place, 0
        size += source.size
    if begin < len(files):
        yield tuple(files[begin:])


def run_task(task: ReadTask) -> TaskResult:
    """Read the files of a task."""
    findings = [_find(source, before, task) for source, before in task.files]
    return TaskResult(findings, task.collector.finish() if task.collector else "")


def _find(source: SeedFile, before: FileRecord | None, task: ReadTask) -> ReadResult:
    data = seed_file.read(source)
    if not isinstance(data, bytes):
        return ReadResult(None, problem=data)
    seen = FileRecord(
        source.suffix,
        source.size,
        change_detection.safe_mtime(source, task.looked),
        source.inode,
        ctime=source.ctime_ns,
    )
    if before and change_detection.bytes_match(data, before):
        rest = {name: getattr(before, name) for name in _FOUND}
        return ReadResult(replace(seen, **rest), alike=True)
    reading, made = _understand(data, source, task)
    content = change_detection.content_hash(data, reading.opaque)
    flaws = tuple(StoredProblem(p.line, p.field, p.message, p.severity) for p in reading.problems)
    if reading.item is None or made is None:
        record = replace(seen, content_hash=content, stored_problems=flaws)
        return ReadResult(record, (), unexpected=reading.unexpected)
    if task.collector and (before is None or before.fingerprint != made.fingerprint):
        task.collector.put(made)
    record = replace(
        seen, content_hash=content, fingerprint=made.fingerprint, stored_problems=flaws
    )
    return ReadResult(record, file_records.outlets(reading.item))


def _understand(data: bytes, source: SeedFile, task: ReadTask) -> tuple[Reading, Document | None]:
    """What is in a file, and its document, if it is to have one.

    Nothing a file holds should raise here. What does all the same, by a fault of ours, is made a
    problem of that file: one file must not keep the others from being read, nor end a watch. The
    file then counts as rejected, so that its item stays as it was; and the log says what happened
    and where. That memory ran out is no fault of the file, and ends the run.
    """
    try:
        reading = task.parse(data, source.path, source.id)
        if reading.item is None or _left_out(reading.item, task.promoted_only):
            return reading, None
        return reading, document(reading.item)
    except MemoryError:
        raise
    except Exception as error:
        found = unexpected(error)
        message = (
            f"Newsdex failed to read it ({found.kind} at {found.place}), which is a fault of "
            "Newsdex; please report it, with the file if you can"
        )
        return Reading(None, (Problem(source.path, 0, "", message),), unexpected=found), None


def _left_out(item: Item, promoted_only: bool) -> bool:
    return promoted_only and item.promoted is False
