"""Reads a file's bytes as a tree of nodes, a body, and problems.

The tree is built from the parser's events, not from its objects: no types are guessed, nothing is
constructed, and depth, tags and alias bombs are refused while they are read.
"""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import yaml

from indexer.item import Problem, Severity
from indexer.source.frontmatter.diagnosis.diagnose import RULES, Rules, diagnose
from indexer.source.frontmatter.diagnosis.lines import FIRST_LINE, Fault
from indexer.source.frontmatter.nodes import (
    PRIVATE_KEYS,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    without_private,
)
from indexer.source.frontmatter.split import split
from indexer.unexpected import UnexpectedError

MAX_DEPTH = 32
MAX_NODES = 20_000
"""Values in one file, counting everything an alias stands for."""
MAX_REMARKS = 20

Loader: TypeAlias = type[yaml.CSafeLoader] | type[yaml.SafeLoader]
_LOADER: Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

# What YAML 1.1 forbids, and the three line breaks it knows that no editor counts as lines.
_UNUSABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_FOREIGN_BREAKS = frozenset("\x85\u2028\u2029\ufeff")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The content of a file. `tree` is None if the front matter cannot be read; `problems` then
    says why. `body_line`: the line of the file on which the body begins. `unexpected`: the
    exception that a rule of the diagnosis raised, by a fault of ours.
    """

    tree: Mapping | None
    body: str = ""
    problems: tuple[Problem, ...] = ()
    body_line: int = 0
    unexpected: UnexpectedError | None = None


def read_front_matter(
    data: bytes, path: str, rules: Rules = RULES, loader: Loader = _LOADER
) -> FrontMatter:
    """The front matter and the body of a file. Problems show `path`; `rules` diagnose faults;
    `loader` is the parser: libyaml's if it is installed, or else Python's, which gives the same.
    Raises nothing but MemoryError."""
    sections = split(data, path)
    if isinstance(sections, Problem):
        return FrontMatter(None, "", (sections,))
    text, problems = _without_controls(sections.front, path)
    if sections.problem:
        problems.append(sections.problem)
    read = partial(_read, path=path, loader=loader)
    try:
        tree, remarks = read(text)
    except Fault as fault:
        problem, error = diagnose(text, fault, path, read, rules)
        return FrontMatter(None, "", (*problems, problem), unexpected=error)
    problems += remarks
    if sections.problem:
        return FrontMatter(None, "", tuple(problems))
    if isinstance(tree, Mapping):
        body_line = sections.front.count("\n") + 3
        return FrontMatter(tree, sections.body, tuple(problems), body_line)
    return FrontMatter(None, "", (*problems, _not_a_mapping(tree, path)))


def _without_controls(text: str, path: str) -> tuple[str, list[Problem]]:
    """The text with a space for each character YAML cannot hold, and a warning that says so."""
    controls = [m.start() for m in _UNUSABLE.finditer(text) if m[0] not in _FOREIGN_BREAKS]
    problems = []
    if controls:
        line = text.count("\n", 0, controls[0]) + FIRST_LINE
        message = f"{len(controls)} control character(s) were read as spaces; remove them"
        problems.append(Problem(path, line, "", message, Severity.WARNING))
    return _UNUSABLE.sub(" ", text), problems


def _not_a_mapping(tree: Node | None, path: str) -> Problem:
    if tree is None:
        return Problem(path, 1, "", "the front matter is empty; write at least title: ...")
    message = f"the front matter is {tree.kind}; write lines of key: value, such as title: ..."
    return Problem(path, tree.line, "", message)


def _read(text: str, path: str, loader: Loader) -> tuple[Node | None, list[Problem]]:
    """The tree, and warnings about what was left out of it. Raises Fault."""
    parser = loader(text)
    reader = _Reader(parser, path)
    try:
        return reader.root(), reader.remarks
    except yaml.MarkedYAMLError as error:
        opened: Any = error.context_mark or error.problem_mark
        mark: Any = error.problem_mark or opened
        raise Fault(mark.line, mark.column, error.problem or "", opened.line) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # The parser in Python raises these, of "\\UFFFFFFFF" and of numbers without end.
        line = getattr(parser, "line", 0)
        raise Fault(line, 0, "found a number too large to mean anything", line) from error
    finally:
        parser.dispose()


class _Reader:
    """Takes the parser's events, node by node. Raises Fault at a limit, a tag or an unknown alias.

    The parser could compose nodes itself, but many brackets would make it overflow the stack.
    """

    def __init__(self, parser: yaml.CSafeLoader | yaml.SafeLoader, path: str) -> None:
        self.remarks: list[Problem] = []
        self._parser = parser
        self._path = path
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._nodes = 0

    def root(self) -> Node | None:
        """The root of the tree; None if there is none."""
        root = None
        while event := self._parser.get_event():
            if isinstance(event, yaml.DocumentStartEvent):
                if root:
                    reason = "--- ends the front matter only where nothing follows it"
                    raise _fault(event, reason, is_clear=True)
                root = self._node(0)
        return root

    def _node(self, depth: int, is_private: bool = False) -> Node | None:
        """The next node, which is inside `depth` others; None at the end of the innermost of these.
        The text of private ones is not kept."""
        event: Any = self._parser.get_event()
        if isinstance(event, yaml.CollectionEndEvent):
            return None
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise _fault(event, "an unknown reference")
            node, nodes = self._anchors[event.anchor]
            self._count(event, nodes)
            return node
        if event.tag is not None:
            raise _fault(event, "a tag")
        before = self._nodes
        self._count(event, 1)
        line = event.start_mark.line + FIRST_LINE
        if isinstance(event, yaml.ScalarEvent):
            node = Scalar("" if is_private else event.value, line, not event.style)
        elif depth == MAX_DEPTH:
            raise _fault(event, f"nested deeper than {MAX_DEPTH} levels; flatten it", is_clear=True)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = Sequence(tuple(iter(partial(self._node, depth + 1, is_private), None)), line)
        else:
            node = Mapping(self._entries(depth + 1, is_private), line)
        if event.anchor and not is_private:
            self._anchors[event.anchor] = (node, self._nodes - before)
        return node

    def _entries(self, depth: int, is_private: bool) -> dict[str, Entry]:
        """The keys and values up to the end of a mapping."""
        entries: dict[str, Entry] = {}
        while key := self._node(depth, is_private):
            name = key.text if isinstance(key, Scalar) else None
            value = self._node(depth, is_private or name in PRIVATE_KEYS)
            if name is None:
                message = (
                    "a list or mapping stands where a key should, as in {{ ... }}; it was left "
                    "out: put text that begins with { or [ in quotes"
                )
                self._remark(key.line, "", message)
            elif value:
                former = entries.pop(name, None)
                if former and not is_private:  # keys that are not kept all look alike
                    is_short = 0 < len(name) <= 60 and name.isprintable()
                    shown = without_private(name) if is_short else "the key"
                    message = (
                        f"{shown} also stands on line {former.line}; "
                        "the later one counts, remove one"
                    )
                    self._remark(key.line, shown, message)
                entries[name] = Entry(name, key.line, value)
        return entries

    def _remark(self, line: int, key: str, message: str) -> None:
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append(Problem(self._path, line, key, message, Severity.WARNING))

    def _count(self, event: yaml.Event, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            reason = (
                f"more than {MAX_NODES} values, references (*name) counted in full; write fewer"
            )
            raise _fault(event, reason, is_clear=True)


def _fault(event: yaml.Event, reason: str, is_clear: bool = False) -> Fault:
    mark: Any = event.start_mark
    return Fault(mark.line, mark.column, reason, mark.line, is_clear)
