"""What must be so of every file, whatever is in it."""

import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace

import yaml

from indexer.document import document
from indexer.item import Problem, Severity
from indexer.reindex.read_tasks import Parse
from indexer.source.validate.item_parser import Reading, parse_item
from tests.fuzz.mutations import TRACE

LIMIT = 5.0
"""Seconds of processor time within which any file is to be read, on a slow machine, too."""

_TAKEN_IN = re.compile(rf"(?:secured|featuredContent).*{TRACE}", re.IGNORECASE | re.DOTALL)

_OWNED = re.compile(rf"[\s\-\"'#]*(?:secured|featuredContent)[\"']?\s*[:=].*{TRACE}", re.IGNORECASE)


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
        reading = parse(data, "a.md", "a")
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
        (*faults, *_of_outcome(reading, is_owned and not is_taken_in(data))),
        _outcome(reading),
        seconds,
    )


def keeps_private(data: bytes) -> bool:
    """Whether each planted private value still stands on a line behind its key: elsewhere it is not
    known for what it is."""
    text = data.decode("utf-8", "replace")
    marked = [line for line in re.split(r"\r\n|\r|\n", text) if TRACE in line]
    return all(_OWNED.match(line) for line in marked)


def is_taken_in(data: bytes) -> bool:
    """Whether another value goes on over such a line, as a text in quotes may: for YAML, the key
    and the private value are a part of it."""
    text = data.decode("utf-8", "replace")
    with suppress(yaml.YAMLError):
        for event in yaml.parse(text, yaml.CSafeLoader) if TRACE in text else ():
            if isinstance(event, yaml.ScalarEvent) and _TAKEN_IN.search(event.value):
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
    if is_owned and reading.item and TRACE in repr(replace(reading.item, body="")):
        return [f"a private value is in the item: {reading.item}"]
    return []
