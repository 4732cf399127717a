"""Reads YAML as a tree of nodes, with warnings about what was left out of it.

The tree is built from the parser's events, not from its objects: no types are guessed, tags are
ignored, so nothing is constructed, and depth and alias bombs are refused while they are read.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import yaml

from indexer.item import Problem
from indexer.source.frontmatter.diagnosis.diagnose import RULES, Rules, diagnose
from indexer.source.frontmatter.diagnosis.lines import FIRST_LINE, Fault
from indexer.source.frontmatter.diagnosis.losses import Losses
from indexer.source.frontmatter.nodes import (
    LONG_TEXT,
    MAX_DEPTH,
    MAX_NODES,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    is_private,
)
from indexer.source.frontmatter.remarks import Remarks
from indexer.unexpected import UnexpectedError

Loader: TypeAlias = type[yaml.CSafeLoader] | type[yaml.SafeLoader]
LOADER: Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


@dataclass(frozen=True, slots=True)
class Reading:
    """A tree, or None if there is an error among the problems; `unexpected`: the exception that a
    rule of the diagnosis raised, by a fault of ours."""

    tree: Mapping | None
    problems: tuple[Problem, ...]
    unexpected: UnexpectedError | None = None


def read_yaml(text: str, path: str, rules: Rules = RULES, loader: Loader = LOADER) -> Reading:
    """The tree of a front matter that holds nothing YAML forbids. Problems show `path`; `rules`
    diagnose faults."""
    read = partial(_read, path=path, loader=loader)
    try:
        tree, remarks = read(text)
    except Fault as fault:
        problem, error = diagnose(text, fault, path, read, rules)
        return Reading(None, (problem,), error)
    if isinstance(tree, Mapping):
        return Reading(tree, tuple(remarks.problems))
    return Reading(None, (*remarks.problems, _not_a_mapping(tree, path)))


def _not_a_mapping(tree: Node | None, path: str) -> Problem:
    if tree is None:
        return Problem(path, 1, "", "the front matter is empty; write at least title: ...")
    message = f"the front matter is {tree.kind}; write lines of key: value, such as title: ..."
    return Problem(path, tree.line, "", message)


def _read(text: str, path: str, loader: Loader) -> tuple[Node | None, Remarks]:
    """The tree, and warnings about what was left out of it. Raises Fault."""
    parser = loader(text)
    reader = _Reader(parser, Remarks(path), Losses(text))
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
    """Takes the parser's events, node by node. Raises Fault at a limit or an unknown alias.

    The parser could compose nodes itself, but many brackets would make it overflow the stack.
    """

    def __init__(
        self, parser: yaml.CSafeLoader | yaml.SafeLoader, remarks: Remarks, losses: Losses
    ) -> None:
        self.remarks = remarks
        self._parser = parser
        self._losses = losses
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

    def _node(self, depth: int, is_inside: bool = False, is_key: bool = False) -> Node | None:
        """The next node, which is inside `depth` others; None at the end of the innermost of these.
        The text of those inside a private value is not kept."""
        event: Any = self._parser.get_event()
        if isinstance(event, yaml.ScalarEvent):
            size = 1 + len(event.value) // LONG_TEXT
            self._count(event, size)
            if event.anchor is None and event.tag is None and not is_inside:
                start: Any = event.start_mark
                end: Any = event.end_mark
                if is_key or (start.line == end.line and not self._losses.are_possible):
                    return Scalar(event.value, start.line + FIRST_LINE, not event.style)
            return self._scalar(event, size, is_inside, is_key)
        if isinstance(event, yaml.CollectionEndEvent):
            return None
        if isinstance(event, yaml.AliasEvent):
            return self._named(event)
        return self._collection(event, depth, is_inside)

    def _named(self, event: Any) -> Node:
        """The node that a reference names."""
        if event.anchor not in self._anchors:
            raise _fault(event, "an unknown reference")
        node, nodes = self._anchors[event.anchor]
        self._count(event, nodes)
        return node

    def _collection(self, event: Any, depth: int, is_inside: bool) -> Sequence | Mapping:
        """The list or mapping that an event begins."""
        before = self._nodes
        self._count(event, 1)
        line = event.start_mark.line + FIRST_LINE
        if depth == MAX_DEPTH:
            raise _fault(event, f"nested deeper than {MAX_DEPTH} levels; flatten it", is_clear=True)
        quoted = partial(self._losses.quoted, event)
        node: Sequence | Mapping
        if isinstance(event, yaml.SequenceStartEvent):
            below = partial(self._node, depth + 1, is_inside)
            loss = partial(self._losses.tags_cut, event)
            node = Sequence(tuple(iter(below, None)), line, quoted, loss)
        else:
            node = Mapping(self._entries(depth + 1, is_inside), line, quoted)
        if event.anchor and not is_inside:
            self._anchors[event.anchor] = (node, self._nodes - before)
        return node

    def _scalar(self, event: Any, size: int, is_inside: bool, is_key: bool) -> Scalar:
        """A text that counts as `size` values, with a word about what of it was lost."""
        start, anchor = event.start_mark.line, event.anchor
        line = start + FIRST_LINE
        if is_inside:
            return Scalar("", line, False)
        if is_key:
            scalar = Scalar(event.value, line, not event.style)
        else:
            text, loss, is_taken_in = self._losses.read(event)
            if is_taken_in:
                self.remarks.add_taken_in(line)
            scalar = Scalar(text, line, not (event.style or event.tag), loss)
        if anchor:
            self._anchors[anchor] = (scalar, size)
        return scalar

    def _entries(self, depth: int, is_inside: bool) -> dict[str, Entry]:
        """The keys and values up to the end of a mapping."""
        entries: dict[str, Entry] = {}
        merged: list[Mapping] = []
        while key := self._node(depth, is_inside, is_key=True):
            name = key.text if isinstance(key, Scalar) else None
            value = self._node(depth, is_inside or bool(name and is_private(name)))
            if name is None:
                message = (
                    "a list or mapping stands where a key should, as in {{ ... }}; it was left "
                    "out: put text that begins with { or [ in quotes"
                )
                self.remarks.add(key.line, "", message)
            elif value and name == "<<" and isinstance(key, Scalar) and key.plain:
                merged += self._to_merge(value)
            elif value:
                former = entries.pop(name, None)
                if former and not is_inside:  # keys that are not kept all look alike
                    self.remarks.add_twice(name, key.line, former.line)
                entries[name] = Entry(name, key.line, value)
        for mapping in merged:
            for name, entry in mapping.entries.items():
                entries.setdefault(name, entry)
        return entries

    def _to_merge(self, value: Node) -> list[Mapping]:
        """The mappings that a merge key names, the one that counts most first."""
        nodes = value.items if isinstance(value, Sequence) else (value,)
        mappings = [node for node in nodes if isinstance(node, Mapping)]
        if len(mappings) < len(nodes):
            message = "a reference to a mapping is expected, such as <<: *name; it was left out"
            self.remarks.add(value.line, "<<", message)
        return mappings

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
