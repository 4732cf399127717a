"""What `newsdex search --format` prints: text and JSON are a page of hits for who reads them; the
others are lists of all hits, for pipes and files."""

from collections.abc import Callable, Iterator
from enum import StrEnum

from indexer.errors import UsageError
from indexer.index import file_records
from indexer.index.file_records import FileRecord
from search_app.export_formats import Batches, csv_chunks, json_lines
from search_app.search.nearest import near_hint, nearest
from search_app.settings import Settings


class Format(StrEnum):
    """How hits are printed."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    JSONL = "jsonl"
    IDS = "ids"
    PATHS = "paths"


List = Callable[[Batches, Settings, str], Iterator[bytes]]
"""Prints batches of hits of a generation, which is named, in the index that the settings name."""


def output_format(text: str, *, as_json: bool) -> Format:
    """The format that is asked for by name or by `--json`. Raises `UsageError` if there is none of
    this name, or two are asked for."""
    if not text:
        return Format.JSON if as_json else Format.TEXT
    if text not in list(Format):
        near = near_hint(nearest(text.lower(), list(Format), 1))
        raise UsageError(f"--format: {text!r} is not one of {', '.join(Format)}{near}", "format")
    if as_json and text != Format.JSON:
        raise UsageError(f"--json is another format than --format {text}; choose one", "format")
    return Format(text)


def _ids(batches: Batches, settings: Settings, generation: str) -> Iterator[bytes]:
    """The id of each item, in a line."""
    for batch in batches:
        yield "".join(f"{hit.item.id}\n" for hit in batch).encode()


def _paths(batches: Batches, settings: Settings, generation: str) -> Iterator[bytes]:
    """The path of the file of each item, in a line, below the seeds folder as it is named."""
    files = file_records.read(settings.index / generation).files
    for batch in batches:
        ids = [hit.item.id for hit in batch]
        names = [f"{id}{files.get(id, FileRecord()).suffix}" for id in ids]
        # Names of seed files are UTF-8, whatever the locale says.
        yield b"".join(b"%b/%b\n" % (bytes(settings.seeds), name.encode()) for name in names)


LISTS: dict[Format, List] = {
    Format.CSV: lambda batches, settings, generation: csv_chunks(batches),
    Format.JSONL: lambda batches, settings, generation: json_lines(batches),
    Format.IDS: _ids,
    Format.PATHS: _paths,
}
"""The formats that are lists of all hits."""
