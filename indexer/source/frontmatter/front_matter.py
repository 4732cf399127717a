"""Reads a file's bytes as a tree of nodes, a body, and problems, whatever language it is in."""

import re
from dataclasses import dataclass

from indexer.item import Problem, Severity
from indexer.source.frontmatter.diagnosis.diagnose import RULES, Rules
from indexer.source.frontmatter.nodes import Mapping
from indexer.source.frontmatter.object_tree import read_json, read_toml
from indexer.source.frontmatter.split import MAX_FRONT_MATTER, Language, Sections, split, too_long
from indexer.source.frontmatter.yaml_tree import LOADER, Loader, read_yaml
from indexer.unexpected import UnexpectedError

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
    data: bytes, path: str, rules: Rules = RULES, loader: Loader = LOADER
) -> FrontMatter:
    """The front matter and the body of a file. Problems show `path`; `rules` diagnose faults of
    YAML; `loader` is its parser: libyaml's if it is installed, or else Python's, which gives the
    same. Raises nothing but MemoryError."""
    sections = split(data, path)
    if isinstance(sections, Problem):
        return FrontMatter(None, "", (sections,))
    if sections.language is not Language.YAML:
        return _read_object(sections, path)
    text, problems = _without_controls(sections.front, path, sections.first_line)
    if sections.problem:
        problems.append(sections.problem)
    result = read_yaml(text, path, rules, loader)
    problems += result.problems
    if result.tree is None or sections.problem:
        return FrontMatter(None, "", tuple(problems), unexpected=result.unexpected)
    body_line = sections.front.count("\n") + 3
    return FrontMatter(result.tree, sections.body, tuple(problems), body_line)


def _read_object(sections: Sections, path: str) -> FrontMatter:
    """The content of a file whose front matter is TOML or JSON."""
    read = read_toml if sections.language is Language.TOML else read_json
    text, problems = sections.front, list[Problem]()
    if sections.first_line > 1:  # or else the body is in it
        text, problems = _without_controls(text, path, sections.first_line)
    result = read(text, path, sections.first_line)
    problems += result.problems
    if result.tree is None:
        return FrontMatter(None, "", tuple(problems))
    if result.end > MAX_FRONT_MATTER:
        return FrontMatter(None, "", (too_long(path),))
    last_line = sections.first_line + text.count("\n", 0, result.end)
    rest = text[result.end :]
    if sections.first_line == 1:
        body = rest.lstrip(" \t")
        body_line = last_line + body.startswith("\n")
        return FrontMatter(result.tree, body.removeprefix("\n"), tuple(problems), body_line)
    if rest.strip():
        message = "something follows the end of the object; remove it, or move it below ---"
        return FrontMatter(None, "", (Problem(path, last_line, "", message),))
    body_line = sections.first_line + text.count("\n") + 1
    return FrontMatter(result.tree, sections.body, tuple(problems), body_line)


def _without_controls(text: str, path: str, first_line: int) -> tuple[str, list[Problem]]:
    """The text with a space for each character YAML cannot hold, and a warning that says so."""
    controls = [m.start() for m in _UNUSABLE.finditer(text) if m[0] not in _FOREIGN_BREAKS]
    problems = []
    if controls:
        line = text.count("\n", 0, controls[0]) + first_line
        message = f"{len(controls)} control character(s) were read as spaces; remove them"
        problems.append(Problem(path, line, "", message, Severity.WARNING))
    return _UNUSABLE.sub(" ", text), problems
