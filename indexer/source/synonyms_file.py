"""The file of synonyms: `analysis.synonyms` says what stands in it."""

from pathlib import Path

from indexer.analysis.synonyms import DEFAULT_LIMITS, Limits, Synonym, parse_synonyms
from indexer.item import Problem, Severity
from indexer.source.regular_file import read_start


def read_synonyms(
    path: Path, limits: Limits = DEFAULT_LIMITS, *, named_by: str = ""
) -> tuple[tuple[Synonym, ...], tuple[Problem, ...]]:
    """The synonyms of a file, and its problems; a problem of the whole file names no line. That it
    is not there is one if a setting names it, which is called `named_by`."""
    try:
        text = read_start(path, limits.bytes + 1)
    except FileNotFoundError:
        told = f"is not there; {named_by} names it (a relative path begins in the seeds folder)"
        return (), (_problem(path, 0, told),) if named_by else ()
    except OSError as error:
        return (), (_problem(path, 0, f"cannot be read: {error.strerror or error}"),)
    if len(text) > limits.bytes:
        return (), (_problem(path, 0, f"holds more than {limits.bytes:,} bytes; shorten it"),)
    try:
        return parse_synonyms(text.decode("utf-8-sig"), path, limits)
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        return (), (_problem(path, line, "holds bytes that are no UTF-8; save it as UTF-8"),)


def _problem(path: Path, line: int, message: str) -> Problem:
    return Problem(str(path), line, "", message, Severity.WARNING)
