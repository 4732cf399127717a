"""Makes a tree of nodes, a body and problems of a file's bytes.

The tree is built from the parser's events, not from its objects: no types are guessed, nothing is
constructed, and depth, tags and alias bombs are refused while they are read.
"""

import re
from dataclasses import dataclass, field
from functools import partial
from typing import NoReturn, TypeAlias

import yaml

from indexer.item import Problem, Severity
from indexer.source.frontmatter.diagnosis.diagnose import RULES, Rules, diagnose
from indexer.source.frontmatter.diagnosis.lines import FIRST_LINE, Fault
from indexer.source.frontmatter.nodes import PRIVATE_KEYS, Entry, Mapping, Node, Scalar, Sequence
from indexer.source.frontmatter.split import split
from indexer.unexpected import UnexpectedError

MAX_DEPTH = 32
MAX_NODES = 20_000
"""Values in one file, counting everything an alias stands for."""
MAX_REMARKS = 20

_Remark: TypeAlias = tuple[int, str, str]  # line, field, message
Loader: TypeAlias = type[yaml.CSafeLoader] | type[yaml.SafeLoader]
_LOADER: Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

# What YAML 1.1 forbids, and the three line breaks it knows that no editor counts as lines.
_UNUSABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_FOREIGN_BREAKS = frozenset("\x85\u2028\u2029\ufeff")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """`tree` is None if the front matter cannot be read; `problems` then says why. `body_line`: the
    line of the file on which the body begins. `unexpected`: an error of ours in the diagnosis.
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
    try:
        tree, remarks = _build(text, loader)
    except _Refused as refusal:
        check = partial(_first_fault, loader=loader)
        diagnosed = diagnose(text, refusal.fault, path, check, rules)
        problems.append(diagnosed.problem)
        return FrontMatter(None, "", tuple(problems), unexpected=diagnosed.unexpected)
    problems += [Problem(path, at, key, said, Severity.WARNING) for at, key, said in remarks]
    if sections.problem:
        return FrontMatter(None, "", tuple(problems))
    if isinstance(tree, Mapping):
        body_line = sections.front.count("\n") + 3
        return FrontMatter(tree, sections.body, tuple(problems), body_line)
    return FrontMatter(None, "", (*problems, _not_a_mapping(tree, path)))


def _without_controls(text: str, path: str) -> tuple[str, list[Problem]]:
    """The text with a space for each character YAML cannot hold, and a warning that says so."""
    if not _UNUSABLE.search(text):
        return text, []
    problems = []
    controls = [m.start() for m in _UNUSABLE.finditer(text) if m[0] not in _FOREIGN_BREAKS]
    if controls:
        line = text.count("\n", 0, controls[0]) + FIRST_LINE
        message = f"{len(controls)} control character(s) were read as spaces; remove them"
        problems.append(Problem(path, line, "", message, Severity.WARNING))
    return _UNUSABLE.sub(" ", text), problems


def _not_a_mapping(tree: Node | None, path: str) -> Problem:
    if tree is None:
        return Problem(path, 1, "", "the front matter is empty; write at least title: ...")
    kind = "a list" if isinstance(tree, Sequence) else "plain text"
    message = f"the front matter is {kind}; write lines of key: value, such as title: ..."
    return Problem(path, tree.line, "", message)


class _Refused(Exception):
    """Reading stopped at a fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def _first_fault(text: str, loader: Loader) -> Fault | None:
    """The first fault in a front matter, or None if it can be read."""
    try:
        _build(text, loader)
    except _Refused as refusal:
        return refusal.fault
    return None


def _build(text: str, loader: Loader) -> tuple[Node | None, list[_Remark]]:
    """The tree, and the remarks made while it was built. Raises _Refused."""
    builder = _Builder()
    parser = loader(text)
    try:
        while (event := parser.get_event()) is not None:
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        opened = error.context_mark or mark
        at = (mark.line, mark.column) if mark else (0, 0)
        fault = Fault(*at, error.problem or "", opened.line if opened else 0)
        raise _Refused(fault) from error
    except yaml.YAMLError as error:
        raise _Refused(Fault(0, 0, str(error), 0)) from error
    except (ValueError, OverflowError) as error:
        # The parser in Python lets these through, of "\\UFFFFFFFF" and of numbers without end.
        line = getattr(parser, "line", 0)
        raise _Refused(Fault(line, 0, "found a number too large to mean anything", line)) from error
    finally:
        parser.dispose()
    return builder.root, builder.remarks


@dataclass(slots=True)
class _Open:
    """A list or mapping that is not closed yet."""

    line: int
    is_mapping: bool
    anchor: str | None
    before: int
    private: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Node | None = None


class _Builder:
    """Takes parser events one by one; after the last one, `root` is the tree."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.remarks: list[_Remark] = []
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._nodes = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Add what an event stands for. Raises _Refused at a limit, a tag or an unknown alias."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse(event, "--- ends the front matter only where nothing follows it", True)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.tag is not None:
            self._refuse(event, "a tag")
        self._count(event, 1)
        hidden = self._hides()
        text = "" if hidden else event.value
        node = Scalar(text, _line(event), not event.style)
        if event.anchor and not hidden:
            self._anchors[event.anchor] = (node, 1)
        self._add(node)

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        if event.tag is not None:
            self._refuse(event, "a tag")
        self._count(event, 1)
        if len(self._open) >= MAX_DEPTH:
            self._refuse(event, f"nested deeper than {MAX_DEPTH} levels; flatten it", True)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        before = self._nodes - 1
        self._open.append(_Open(_line(event), is_mapping, event.anchor, before, self._hides()))

    def _end(self) -> None:
        done = self._open.pop()
        node: Node
        if done.is_mapping:
            node = Mapping(done.entries, done.line)
        else:
            node = Sequence(tuple(done.items), done.line)
        if done.anchor and not done.private:
            self._anchors[done.anchor] = (node, self._nodes - done.before)
        self._add(node)

    def _alias(self, event: yaml.AliasEvent) -> None:
        known = self._anchors.get(event.anchor or "")
        if known is None:
            self._refuse(event, "an unknown reference")
        self._count(event, known[1])
        self._add(known[0])

    def _add(self, node: Node) -> None:
        """Put a finished node where it belongs: the root, a list, or a mapping's key or value."""
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if not parent.is_mapping:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = node
        else:
            self._pair(parent, parent.key, node)
            parent.key = None

    def _pair(self, parent: _Open, key: Node, value: Node) -> None:
        if not isinstance(key, Scalar):
            message = (
                "a list or mapping stands where a key should, as in {{ ... }}; it was left out: "
                "put text that begins with { or [ in quotes"
            )
            self._remark(key.line, "", message)
            return
        former = parent.entries.pop(key.text, None)
        if former and not parent.private:  # keys that are not kept all look alike
            is_short = 0 < len(key.text) <= 60 and key.text.isprintable()
            name = key.text if is_short else "the key"
            message = f"{name} also stands on line {former.line}; the later one counts, remove one"
            self._remark(key.line, name, message)
        parent.entries[key.text] = Entry(key.text, key.line, value)

    def _remark(self, *remark: *_Remark) -> None:
        if len(self.remarks) < MAX_REMARKS:
            self.remarks.append(remark)

    def _hides(self) -> bool:
        """Whether the next node belongs to a private key, whose value is not kept."""
        if not self._open:
            return False
        parent = self._open[-1]
        key = parent.key
        return parent.private or (type(key) is Scalar and key.text in PRIVATE_KEYS)

    def _count(self, event: yaml.NodeEvent, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            reason = (
                f"more than {MAX_NODES} values, references (*name) counted in full; write fewer"
            )
            self._refuse(event, reason, True)

    def _refuse(self, event: yaml.Event, reason: str, is_clear: bool = False) -> NoReturn:
        line = _line(event) - FIRST_LINE
        column = event.start_mark.column if event.start_mark else 0
        raise _Refused(Fault(line, column, reason, line, is_clear))


def _line(event: yaml.Event) -> int:
    """The line of the file on which an event begins."""
    return event.start_mark.line + FIRST_LINE if event.start_mark else FIRST_LINE
