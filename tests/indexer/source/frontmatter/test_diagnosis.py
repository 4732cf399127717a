"""Faults of YAML: each names the line to mend and shows it mended."""

from itertools import repeat
from typing import Any

import pytest
import yaml

from indexer.item import Problem
from indexer.source.frontmatter.diagnosis.diagnose import diagnose
from indexer.source.frontmatter.diagnosis.lines import Fault, Fix, locate
from indexer.source.frontmatter.front_matter import read_front_matter
from indexer.source.validate.item_parser import parse_item
from tests.indexer.shared import real_files


def problem(text: str, **how: Any) -> Problem:
    front = read_front_matter(f"---\n{text}\n---\nbody\n".encode(), "a.md", **how)
    assert front.tree is None
    assert len(front.problems) == 1
    return front.problems[0]


CASES = [
    ("title: Foo: Bar", 2, "title", 'put it in quotes: title: "Foo: Bar"'),
    ('title: It\'s: "x" y', 2, "title", "title: 'It''s: \"x\" y'"),
    ("a: b\ntitle: Foo: x\n  and more", 3, "title", 'to the end of line 4, in quotes: title: "Foo'),
    ("title: Contents:\nx: y", 2, "title", 'title: "Contents:"'),
    ("title: **Bold**", 2, "title", 'title: "**Bold**"'),
    ("title: *Bold", 2, "title", 'title: "*Bold"'),
    ("title: & more", 2, "title", 'title: "& more"'),
    ("title: !Bang! x", 2, "title", 'title: "!Bang! x"'),
    ("title: %5 off", 2, "title", 'title: "%5 off"'),
    ("title: @who", 2, "title", 'title: "@who"'),
    ("title: `code`", 2, "title", 'title: "`code`"'),
    ("title: [a] b", 2, "title", 'title: "[a] b"'),
    ("title: {{ a }}/b", 2, "title", 'title: "{{ a }}/b"'),
    ("title: [a, b\nx: y", 2, "title", "title: [a, b]"),
    ("title: - a", 2, "title", 'title: "- a"'),
    ("title: >a", 2, "title", 'title: ">a"'),
    ("title: 'It's'", 2, "title", 'title: "It\'s"'),
    ('title: "A "b" c"', 2, "title", "title: 'A \"b\" c'"),
    ('title: "A""', 2, "title", 'title: "A"'),
    ('title: ""\'A\'""', 2, "title", 'title: "\\"\'A\'\\""'),
    ("title: 'title: 'A'", 2, "title", 'title: "title: \'A"'),
    ('title: "A\nx: y', 2, "title", 'begins with " is not closed; close it: title: "A"'),
    (
        'title: "A\n  b\nx: "y"',
        2,
        "title",
        'close it: put all of it, to the end of line 3, in quotes: title: "A b"',
    ),
    (
        'x: y\ntitle: "A\n  b\n  c\nz: 1',
        3,
        "title",
        'to the end of line 5, in quotes: title: "A b c"',
    ),
    ("a: b\n'\n" + "c: d\n" * 20, 3, "", "found unexpected end of stream"),
    ('title: "A\nx: b: c\nz: 1', 2, "title", 'is not closed; close it: title: "A"'),
    ('title: "A\nx: "b\nz: 1', 2, "title", 'is not closed; close it: title: "A"'),
    ("title: 'A\nx: [b\nz: 1", 2, "title", 'apostrophe, put all of it in quotes: title: "\'A"'),
    ("title: \"A'\nx: y", 2, "title", 'close it: title: "A"'),
    ('title: "A\n"x: "y"', 2, "title", 'close it: title: "A'),
    ('title: "a\n  b "c" d\n  e"', 2, "title", "in quotes: title: 'a b \"c\" d e'"),
    ('title: "C:\\Users"', 2, "title", "in single quotes: title: 'C:\\Users'"),
    ("title: \"a \\'b\\'\"", 2, "title", "title: \"a 'b'\""),
    ('title: "\\ud83d\\ude00"', 2, "title", 'title: "\U0001f600"'),
    ("topics:\n\t- A", 3, "topics", "use spaces: - A"),
    ("title:GRUB\nx: y", 2, "title", "title: GRUB"),
    ("x: y\ntitle:GRUB", 3, "title", "title: GRUB"),
    ('x: y\ntitle:"GRUB"\n\n# c\nz: 1', 3, "title", 'title: "GRUB"'),
    ("x: y\ntitle= GRUB", 3, "title", "title: GRUB"),
    ('x: y\ntitle "GRUB"\nz: 1', 3, "", "indent it if it continues"),
    ("x: y\ndate 2020-01-01\nz: 1", 3, "", "indent it if it continues"),
    ("x: y\ntopics\n  - A", 3, "topics", "topics:"),
    ("x: y\ndeck >\nText here\nz: 1", 3, "deck", "deck: >"),
    ("topics:\n-A\n-B\nx: y", 3, "topics", "- A"),
    ("topics:\n  - A\n  -B\nx: y", 4, "topics", "- B"),
    ("topics:\n- A\n= B\nx: y", 4, "", "belongs to no key"),
    ("x: y\n# topics:\n  - A\nz: 1", 3, "topics", "take the # away"),
    ("x: y\n date: z", 3, "date", "indented by 1; indent it by 0"),
    ("a:\n  b: c\n   d: e", 4, "d", "indented by 3; indent it by 2"),
    ("a:\n  - b: c\n   d: e", 4, "d", "indent it by 4"),
    ("a:\n  - b: c\n - d: e", 4, "d", "indented by 1; indent it by 2"),
    ("a:\n  b: c\nd:\n    e: f\n  g: h", 6, "g", "indent it by 4"),
    ("a:\n  b: x\n    - c: d\n    - c: d", 4, "", "a key that already has a value"),
    ("a: b\n# c\n  stray text", 4, "", "a key that already has a value"),
    ("a:\nText of a\nb: c", 3, "", "indent it if it continues"),
    ("a:\n      b: c\nd:\n  - e: f\nstray text\n    g: h", 6, "", "belongs to no key"),
    ('t:\n- "A\n- B\nx: y', 3, "t", 'begins with " is not closed; close it: - "A"'),
    ("i:\n  - url >\n  https://a.example\n    w: 1\n    h: 2", 4, "", "could not find expected"),
    ("a: b\n\n_stray_ text!\n\nc: d", 4, "", "belongs to no key"),
    ("a: b\n\nProse. It goes on.\n\nMore prose.", 4, "", "exactly --- before it"),
    ("title: T\ntags: [#ai, #ml]", 3, "tags", 'around it: tags: ["#ai", "#ml"]'),
    ("title: T\ntags: [a #b, c]", 3, "tags", 'tags: ["a #b", c]'),
    ("title: T\ntags: [@a, b: c, 'it's']", 3, "tags", '["@a", "b: c", "it\'s"]'),
    ("title: T\ntags: [\"C:\\q\", 'x, y']", 3, "tags", "tags: ['C:\\q', 'x, y']"),
    ("title: [#1 song, live]", 2, "title", 'in quotes: title: "[#1 song, live]"'),
    ("title: T\ntags: [#ai,\n #ml]", 3, "tags", 'of line 4, on one line: tags: ["#ai", "#ml"]'),
    ("title: T\ntags: [a,\n  C #b,\n  c\n]", 3, "tags", 'tags: [a, "C #b", c]'),
    ("title: T\ntags: [\n  @a, # b\n c]", 3, "tags", "in quotes"),
    ("title: T\nx: {n: A: b, d: e}", 3, "x", 'around it: x: {n: "A: b", d: e}'),
    ('title: T\nx: {n: "A" b, c, "d": e}', 3, "x", 'x: {n: \'"A" b, c\', "d": e}'),
    ("title: T\nx:\n- {title: A # b}", 4, "x", '- {title: "A # b"}'),
    ("title: T\nx: {#a, #b}", 3, "x", 'in quotes: x: "{#a, #b}"'),
    ("title: T\ntags: [#1, #2] # of all", 3, "tags", 'tags: ["#1", "#2"] # of all'),
    ("title: T\ntags:\n  [#a, #b]", 4, "", 'around it: ["#a", "#b"]'),
    ("title: -", 2, "title", 'in quotes: title: "-"'),
    ("title: T\ntags: [a,, b]", 3, "tags", "tags: [a, b]"),
    ('title: T\ntags: "a", "b"', 3, "tags", 'tags: ["a", "b"]'),
    ('title: "a", "b"', 2, "title", 'title: \'"a", "b"\''),
    ('webUrl: "https://a.example/b",', 2, "webUrl", 'away: webUrl: "https://a.example/b"'),
    ("title: 'A';", 2, "title", "title: 'A'"),
    ("title: A #b and\n  goes on", 2, "title", 'to the end of line 3, in quotes: title: "A #b and'),
    ("title : a: b", 2, "title", 'in quotes: title: "a: b"'),
    ("a: b\n<<<<<<< HEAD\nc: d\n=======\ne: f\n>>>>>>> x", 3, "", "merge conflict"),
]


@pytest.mark.parametrize(("text", "line", "field", "said"), CASES, ids=[c[0] for c in CASES])
def test_fault_names_line_key_and_fix(text: str, line: int, field: str, said: str) -> None:
    found = problem(text)
    assert (found.line, found.field) == (line, field), found
    assert said in found.message


@pytest.mark.parametrize("text", [case[0] for case in CASES if "ud83d" not in case[0]])
def test_the_parser_in_python_leads_to_the_same_fix(text: str) -> None:
    assert problem(text, loader=yaml.SafeLoader) == problem(text)


HALF_SAVED = [
    ("x: [", 2, "'[' is never closed"),
    ("x: {", 2, "'{' is never closed"),
    ("x: [a, ", 2, "'[' is never closed"),
    ("x: [\n\n\n", 2, "'[' is never closed"),
    ("x: [\n# c", 2, "'[' is never closed"),
    ("title: A\nx: [{", 3, "the value begins with '['"),
    ("title: A\nrelated:\n  - title: B\n    webUrl: [", 5, "'[' is never closed"),
    ("- [", 2, "'[' is never closed"),
    (" [", 2, "belongs to no key"),
    ('x: "', 2, 'begins with " is not closed'),
    ("x: '\n\n", 2, "begins with ' is not closed"),
    ("x: *", 2, "begins with '*'"),
    ("x: !t!", 2, "begins with '!'"),
    ("? [", 2, "belongs to no key"),
    ("a: b\n- ", 3, "belongs to no key"),
]
"""Front matter that ends in the middle of something: the parser then names a line after the last
one, also for where that began."""


@pytest.mark.parametrize("end", ["", "\n", "\n---\n", "\n---\nbody\n"])
@pytest.mark.parametrize(("text", "line", "said"), HALF_SAVED, ids=[c[0] for c in HALF_SAVED])
def test_a_half_saved_file_names_the_line_it_breaks_off(
    text: str, line: int, said: str, end: str
) -> None:
    found = read_front_matter(f"---\n{text}{end}".encode(), "a.md")
    assert found.tree is None
    assert found.unexpected is None
    if "---" in end:
        assert found.problems[-1].line == line
        assert said in found.problems[-1].message
    assert all(1 <= problem.line <= text.count("\n") + 2 for problem in found.problems)


@pytest.mark.parametrize("line", [0, 1, 2, 3, 1000])
@pytest.mark.parametrize("opened", [0, 2, 3, 1000])
def test_wherever_a_parser_says_it_stopped_the_place_is_a_line_that_holds_something(
    line: int, opened: int
) -> None:
    lines = ["x: [", "", ""]
    assert locate(lines, Fault(line, 0, "", opened)) == (0, 0)
    at, begun = locate(["a: b", *lines, "c: d"], Fault(line, 0, "", opened))
    assert 0 <= begun <= at <= 4


def test_how_much_is_read_again_to_diagnose_a_fault_is_bounded() -> None:
    read: list[int] = []

    def never_better(text: str) -> None:
        read.append(len(text))
        raise fault

    for lines, tries in ((100, 60), (10_000, 16)):
        read.clear()
        fault = Fault(0, 0, "found unknown escape character", 0)
        endless = [lambda _: repeat(Fix("", {0: "better"}))]
        diagnose("x: y: z\n" * lines, fault, "a.md", never_better, endless)
        assert len(read) == tries
        assert sum(read) <= 1024 * 1024


def test_the_parsers_words_are_told_without_the_files() -> None:
    fault = Fault(0, 0, "found undefined tag handle '!BLOB!' or so, but found '<scalar>'", 0)
    said = diagnose("x", fault, "a.md", lambda _: None, rules=())[0].message
    assert "BLOB" not in said
    assert "found '<scalar>'" in said


@pytest.mark.parametrize("value", ['"\\UFFFFFFFF"', '"\\U00110000"'])
def test_numbers_that_no_parser_can_hold_are_a_fault_at_their_line(value: str) -> None:
    text = f"x: y\ntitle: {value}\nz: 1"
    assert problem(text).line == 3
    assert problem(text, loader=yaml.SafeLoader).line == 3
    assert problem(f"%YAML 1.{'9' * 5000}", loader=yaml.SafeLoader).line == 2


@pytest.mark.parametrize(
    "text",
    [
        'title: A\nsecured: "BLOB\nx: y',
        "secured: BLOB: BLOB",
        "secured: @BLOB",
        "secured:BLOB\nx: y",
        "secured BLOB\nx: y",
        "title: A\n  secured: BLOB",
        "secured: |\nBLOB\nBLOB",
        'title: A\nsecured: "BLOB"BLOB"',
        "title: A\nrelated:\n  - title: B\n    secured: 'BLOB'BLOB'",
        "{title: A, secured: BLOB: BLOB}",
        "featuredContent: '<b class='BLOB'>'",
        '"sec\\u0075red": BLOB: BLOB',
        '"\\x73ecured": @BLOB',
        "!!str secured: BLOB: BLOB",
        "&s secured: @BLOB",
        "? secured: BLOB: BLOB",
        "SECURED: BLOB: BLOB",
        "featured_content: @BLOB",
        "Featured Content: BLOB: BLOB",
        's e c u r e d: "\\BLOB"',
        '.secured: "\\BLOB"',
        '"secured ": "a" BLOB',
        "- secured: x\n  featured content:\n    - BLOB\n  BLOB\n- a",
        "x: [secured: BLOB: BLOB",
        "related:\n- title: B\n  secured: x\n   BLOB\nBLOB",
        "secured: &s BLOB\ntitle: *s",
    ],
)
def test_a_private_value_is_never_quoted(text: str) -> None:
    assert "BLOB" not in str(problem(text))


def test_a_fault_far_down_a_long_front_matter_is_still_named() -> None:
    text = "title: A: B\n" + "key: value\n" * 10_000
    assert problem(text).message.endswith('title: "A: B"')
    assert problem("title: A\n" + "# comment\n" * 10_000 + "x: y: z").line == 10_003


def test_messages_are_short_and_on_one_line() -> None:
    found = problem(f"title: {'A long word, ' * 60}: {'and more ' * 60}")
    assert len(found.message) < 300
    assert found.message.isprintable()


def test_every_really_broken_file_gives_an_item_or_says_where_it_is_broken() -> None:
    for file in real_files("broken"):
        reading = parse_item(file.read_bytes(), file.name, "id")
        assert reading.item or reading.problems, file.name
        for found in reading.problems:
            assert found.path == file.name
            assert found.line >= 1
            assert found.message
            assert "cannot be read as YAML" not in found.message, found
