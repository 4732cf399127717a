"""What must be so of every file, whatever is in it."""

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import yaml
from msgspec.structs import replace

from indexer.document import document
from indexer.item import DEFAULT_LANGUAGE, Problem, Severity
from indexer.reindex.read_tasks import Parse
from indexer.source.validate.item_parser import Reading, parse_item
from tests.fuzz.mutations import TRACE

LIMIT = 5.0
"""Seconds of processor time within which any file is to be read, on a slow machine, too."""

_NAME = r"(?:sec(?:u|\\u0075)red|featured[-_]?content)"
_KEY = rf"[\s\-\"'#?]*(?:[&!]\S+\s+)?[\"']?{_NAME}[\"']?\s*"
_OWNED = re.compile(rf"(?:{_KEY}|.*[{{\[,]\s*[\"']?{_NAME}[\"']?\s*)[:=].*{TRACE}", re.IGNORECASE)
_OWNER = re.compile(rf"{_KEY}(?:[:=]|$)", re.IGNORECASE)
_BELOW = re.compile(rf"[\s\-:\"']*{TRACE}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong, in words; whether the file gave an item, was rejected, or neither."""

    faults: tuple[str, ...]
    outcome: str
    seconds: float


def judged(data: bytes, parse: Parse = parse_item) -> Verdict:
    """Read a file and say what should not be."""
    began = time.process_time()
    try:
        reading = parse(data, "a.md", "a", DEFAULT_LANGUAGE)
        if reading.item:
            document(reading.item)
    except Exception as error:
        return Verdict((f"raised {error!r}",), "raised", time.process_time() - began)
    seconds = time.process_time() - began
    faults = [f"took {seconds:.1f} s"] if seconds > LIMIT else []
    if reading.unexpected:
        faults.append(f"could not be explained: {reading.unexpected}")
    lines = len(re.split(rb"\r\n|\r|\n", data))
    is_owned = keeps_private(data)
    for problem in reading.problems:
        faults += _of_problem(problem, lines, is_owned)
    return Verdict(
        (*faults, *_of_outcome(reading, is_owned and not is_text(data))),
        _outcome(reading),
        seconds,
    )


def keeps_private(data: bytes) -> bool:
    """Whether each planted private value still stands behind its key, on its line or on the next
    ones: elsewhere it is not known for what it is."""
    lines = re.split(r"\r\n|\r|\n", data.decode("utf-8", "replace"))
    is_owned = False
    for line in lines:
        if TRACE not in line:
            is_owned = bool(_OWNER.match(line))
        elif _OWNED.match(line):
            is_owned = True
        elif not is_owned or not _BELOW.match(line):
            return False
    return True


def is_text(data: bytes) -> bool:
    """Whether the key and its private value are a part of another text on the same line."""
    text = data.decode("utf-8", "replace")
    inside = re.compile(rf"{_NAME}.*{TRACE}", re.IGNORECASE)
    events: Any = yaml.parse(text, yaml.CSafeLoader) if TRACE in text else ()
    with suppress(yaml.YAMLError, ValueError, OverflowError):
        for event in events:
            if isinstance(event, yaml.ScalarEvent) and inside.search(event.value):
                start: Any = event.start_mark
                end: Any = event.end_mark
                if start.line == end.line:
                    return True
    return False


def _of_problem(problem: Problem, lines: int, is_owned: bool) -> list[str]:
    faults = []
    if not 0 <= problem.line <= lines + 1:
        faults.append(f"line {problem.line} of {lines}: {problem}")
    if not problem.message.strip() or len(str(problem).splitlines()) != 1:
        faults.append(f"is not one line of words: {problem!r}")
    if len(problem.message) > 1_000:
        faults.append(f"is too long: {problem}")
    if is_owned and TRACE in str(problem):
        faults.append(f"quotes a private value: {problem}")
    return faults


def _outcome(reading: Reading) -> str:
    return "item" if reading.item else "draft" if reading.draft else "rejected"


def _of_outcome(reading: Reading, is_owned: bool) -> list[str]:
    errors = sum(problem.severity is Severity.ERROR for problem in reading.problems)
    if bool(errors) != (_outcome(reading) == "rejected"):
        return [f"{errors} errors, but: {_outcome(reading)}"]
    # In a body it is no value of a key.
    if is_owned and reading.item and TRACE in repr(replace(reading.item, body="", markdown="")):
        return [f"a private value is in the item: {reading.item}"]
    return []
