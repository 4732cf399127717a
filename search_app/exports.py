"""All hits of a search as CSV and JSON Lines, streamed: `/search.csv`, `/search.jsonl`."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from flask import Blueprint, Response, current_app, request

from search_app.export_formats import (
    Batches,
    Formatter,
    csv_broken_off,
    csv_chunks,
    json_broken_off,
    json_lines,
)
from search_app.request_params import parameters_of, search_request
from search_app.search.cursor import Cursor
from search_app.serving.stream import Stream
from search_app.state import state

exports = Blueprint("exports", __name__)

BrokenOff = Callable[[Exception], bytes]
_MARK = "\ufeff".encode()
"""By this mark Excel knows that a file is UTF-8."""


@exports.get("/search.csv")
def as_csv() -> Response:
    """All hits of a search as a table."""

    def chunks(batches: Batches) -> Iterator[bytes]:
        yield _MARK
        yield from csv_chunks(batches)

    return _export(chunks, csv_broken_off, "text/csv; charset=utf-8; header=present", "search.csv")


@exports.get("/search.jsonl")
def as_json_lines() -> Response:
    """All hits of a search, each with all of its item."""
    return _export(
        json_lines, json_broken_off, "application/jsonl", "search.jsonl", with_bodies=True
    )


def _export(
    formatted: Formatter,
    broken_off: BrokenOff,
    content_type: str,
    name: str,
    *,
    with_bodies: bool = False,
) -> Response:
    """All hits of the search that the request asks for; its page does not count."""
    held = state(current_app.extensions)
    asked = search_request(parameters_of(request.environ))
    with ExitStack() as stack:
        cursor = stack.enter_context(held.cursor(asked))
        batches = cursor.batches(with_bodies=with_bodies)
        response = streamed(formatted(batches), stack.pop_all(), broken_off)
    response.content_type = content_type
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["X-Total-Count"] = str(cursor.total)
    if notes := _notes(cursor):
        response.headers["X-Notes"] = notes
    return response


def _notes(cursor: Cursor) -> str:
    """The kinds of the notes on a search, and whether it is not the one that was asked for."""
    kinds = dict.fromkeys(note.kind for note in cursor.notes)
    if cursor.corrected:
        kinds["corrected"] = None
    if cursor.relaxed:
        kinds["relaxed"] = None
    return ", ".join(kinds)


def streamed(chunks: Iterator[bytes], held: ExitStack, broken_off: BrokenOff) -> Response:
    """A response with these chunks, which releases `held` at its end."""
    stream = Stream(chunks, held, broken_off)
    # Passed on as it is, so that what stands before the application knows it for a stream.
    return Response(stream, direct_passthrough=True)
