"""Texts that YAML reads otherwise than they were written: warned of, and only these."""

import pytest

from indexer.item import Problem, Severity
from indexer.source.validate.item_parser import parse_item


def problems(front: str) -> tuple[Problem, ...]:
    return parse_item(f"---\n{front}\n---\nbody\n".encode(), "a.md", "a").problems


LOST = [
    ("title: Gull # the language", 2, 'title: "Gull # the language"'),
    ("title: Gull  #1", 2, 'title: "Gull #1"'),
    ("title: Gull\t# x", 2, 'title: "Gull # x"'),
    ("title: T\nexcerpt: See issue #12 and #13", 3, 'excerpt: "See issue #12 and #13"'),
    (
        "title: T\nexcerpt: Long\n  text #1",
        3,
        'to the end of line 4, in quotes: excerpt: "Long text #1"',
    ),
    ("title: T\nexcerpt: #1 of all", 3, 'excerpt: "#1 of all"'),
    ("title: T\ndescription: We're #1", 3, 'description: "We\'re #1"'),
    ("title: T\ntopics:\n  - C #sharp", 4, '- "C #sharp"'),
    ("title: T\ntags:\n- #tides\n- #night", 4, '- "#tides"'),
    ("title: T\ntags: tides, #night", 3, 'tags: "tides, #night"'),
    ("title: T\ntags: #tides #night", 3, 'tags: "#tides #night"'),
    ("title: T\nprovider:\n  name: Channel #5\n  domain: a.example", 4, 'name: "Channel #5"'),
    ("title: T\nrelated:\n- title: Win #2", 4, '- title: "Win #2"'),
    ("title: #1 in the league", 2, 'title: "#1 in the league"'),
    ('title: "See C:\\temp\\new.txt"', 2, "title: 'See C:\\temp\\new.txt'"),
    ('title: "C:\\new"', 2, "title: 'C:\\new'"),
    ('title: "on \\\\\\\\srv\\\\new\\\\files\\table"', 2, "in single quotes"),
    ('title: "docs\\notes\\table.md"', 2, "title: 'docs\\notes\\table.md'"),
    ('title: "%TEMP%\\ram"', 2, "title: '%TEMP%\\ram'"),
    ('title: "~\\new"', 2, "title: '~\\new'"),
    ('title: "The \\alpha and \\beta"', 2, "title: 'The \\alpha and \\beta'"),
    ('title: "angle \\theta"', 2, "title: 'angle \\theta'"),
    ('title: "\\text{rate} of \\nabla"', 2, "title: '\\text{rate} of \\nabla'"),
    ('title: "half \\frac{1}{2}"', 2, "title: 'half \\frac{1}{2}'"),
    ('title: "\\vec{a}"', 2, "title: '\\vec{a}'"),
    ('title: "\\rho"', 2, "title: '\\rho'"),
    ('title: "\\Phi"', 2, "title: '\\Phi'"),
    ('title: "say \\bword\\b"', 2, "title: 'say \\bword\\b'"),
    ('title: "C:\\Logs"', 2, "title: 'C:\\Logs'"),
    ('title: "D:\\New folder"', 2, "made of \\N; put all of it in single quotes"),
    ('title: "\\Lambda \\Phi"', 2, "made of \\L \\P; put"),
    ('title: "the $\\nu$ of it"', 2, "title: 'the $\\nu$ of it'"),
    ("title: T\nsite: Channel #5", 3, 'site: "Channel #5"'),
    ("title: T\nauthor:\n  name: Jo #1", 4, 'name: "Jo #1"'),
    ("title: T\ntags:\n- label: C #sharp", 4, 'label: "C #sharp"'),
    (
        "title: T\ntags: [\n  a,\n  #b,\n  c\n]",
        3,
        'to the end of line 7, on one line: tags: [a, "#b", c]',
    ),
    ("title: T\ntags:\n  [a,\n  #b\n  ]", 4, 'of line 6, on one line: [a, "#b"]'),
    ("title: T\ntags: [it's,\n  #a,\n  it's]", 3, "tags: [it's, \"#a\", it's]"),
    ("title: T\ntags: [#a,\n  b]", 3, 'tags: ["#a", b]'),
    ("title: T\ntags: [a, #b,\n  c]", 3, 'tags: [a, "#b", c]'),
    ("title: T\ntags: [\n  #b c\n]", 3, 'tags: ["#b c"]'),
    ("title: T\ntags: [\n  a, # b\n  #c\n]", 3, "to the end of line 6, on one line"),
    ("title: !wow/amazing news", 2, 'title: "!wow/amazing news"'),
    ("title: &copy 2020 Ferry", 2, 'title: "&copy 2020 Ferry"'),
    ("title: T\nexcerpt: &amp", 3, 'excerpt: "&amp"'),
    ("title: T\ntags:\n- &c x", 4, '- "&c x"'),
    ("title: !important news", 2, 'title: "!important news"'),
    ("title: | # piped", 2, 'title: "| # piped"'),
    ("title: >5", 2, 'title: ">5"'),
    ("title: null", 2, 'title: "null"'),
    ("title: Null", 2, 'title: "Null"'),
    ("title: ~", 2, 'title: "~"'),
    ("title: [Update]", 2, 'title: "[Update]"'),
    ("title: {Update}", 2, 'title: "{Update}"'),
    ("title: T\nexcerpt: [Photo, page 2]", 3, 'excerpt: "[Photo, page 2]"'),
    ("title: T\ntags: [Tides: high, c]", 3, 'tags: ["Tides: high", c]'),
    ("title: T\ntopics:\n- Tides: high", 4, '- "Tides: high"'),
    ('title: "Foo\ndate: 2020-01-01\nauthor: X"', 2, 'close its quotes: title: "Foo"'),
    ("title: 'It\nis: so\nexcerpt: the boys'", 2, 'close its quotes: title: "It"'),
]


@pytest.mark.parametrize(("front", "line", "said"), LOST)
def test_what_was_lost_is_told_with_the_line_that_keeps_it(
    front: str, line: int, said: str
) -> None:
    first = problems(front)[0]
    assert first.line == line
    assert said in first.message


SILENT = [
    "title: Gull#the language",
    "title: 'Gull # the language'",
    'title: "Gull" # a comment',
    "title: C#",
    "title: https://a.example/#top",
    "title: T\n# a comment of its own\nexcerpt: e",
    "title: T\nexcerpt: # to be written",
    "title: T\nexcerpt: null # to be written",
    "title: T\nexcerpt: |\n  a # b\n  #c",
    "title: T\ntags: # with commas between\n- a",
    "title: T\ntype: article # or video",
    "title: T\nprovider:\n  name: N\n  domain: a.example # the key",
    "title: T\nquality: 70 # of 189",
    "title: T\ndate: 2020-01-01 # a day",
    "title: T\npublished: false # not yet",
    "title: T\nwebUrl: https://a.example/b # its page",
    "title: T\nlayout: post # of the theme",
    'title: T\nexcerpt: "First line.\\nSecond line.\\n\\nThird"',
    'title: T\nexcerpt: "Wait\\nnot yet"',
    'title: T\nexcerpt: "one\\ntwo\\nthree"',
    'title: T\nexcerpt: "Name\\tAge\\tTown"',
    'title: T\nexcerpt: "line.\\r\\nline: https://a.example/x.html"',
    'title: T\nexcerpt: "Q:\\nWhat?\\nA:\\nThat"',
    'title: T\nexcerpt: "Read on\\nexample.com"',
    'title: "C:\\\\temp\\\\alpha"',
    'title: "say \\"no\\" \\u2013 \\xe9 \\_ \\/"',
    "title: 'C:\\temp\\new'",
    "title: C:\\temp\\new",
    "title: &t Foo\nexcerpt: *t",
    "title: T\nbase: &b {a: b}",
    "title: &t 'Foo'",
    "title: ! 'Foo'",
    "title: !!str 2020",
    "title: T\nmeta: !ruby/object:Hash\n  a: b",
    "title: T\nlayout: !include x",
    "title: !ruby/symbol Foo",
    "title: !app/model:Name Foo",
    "title: T\ntags: [\n  a, # first\n  b\n]",
    'title: T\ntags: ["a, #b",\n  c]',
    "title: T\ntags: [a, C#,\n  'x, #y']",
    "title: T\ntags: [a] # c\nexcerpt: e\n#b",
    "title: T\nsite: N\nhostname: a.example # c",
    'title: "see\\nu there"',
    "title: T\ntags:\n- null\n- a",
    "title: T\nexcerpt: ~",
    "title: T\nexcerpt: null",
    "title: Null and void",
    "title: >-\n  Foo",
    "title: |\n  Foo # bar",
    'title: "Foo\n  bar: baz"',
    "title: 'a\n  b\n  c'\nexcerpt: d",
    "title: T\nexcerpt: &e >-\n  folded\nsummary: *e",
]


@pytest.mark.parametrize("front", SILENT)
def test_what_is_meant_as_yaml_has_it_draws_no_warning(front: str) -> None:
    assert problems(front) == ()


def test_a_lost_text_is_a_warning_and_the_item_is_read() -> None:
    reading = parse_item(b"---\ntitle: Gull # the language\n---\n", "a.md", "a")
    assert reading.item is not None
    assert reading.item.article.title == "Gull"
    assert [problem.severity for problem in reading.problems] == [Severity.WARNING]


@pytest.mark.parametrize(
    "front",
    [
        "title: Foo # secured: BLOB",
        "title: T\ntags: [\n #a, secured: BLOB\n]",
        "title: T\ntags: [\n a,\n #b,\n secured: BLOB\n]",
        "title: T\ntags: [secured: BLOB, a]",
        "title: T\nsite: Foo # secured BLOB",
        "title: [secured: BLOB]",
        "title: {secured: BLOB}",
        'title: "C:\\temp secured: BLOB"',
        "title: &a secured BLOB",
        "title: T\ntopics:\n- secured: BLOB",
        'title: "Foo\ndate: 1\nsecured: BLOB"',
    ],
)
def test_a_line_that_may_hold_something_private_is_not_shown(front: str) -> None:
    assert "BLOB" not in str(problems(front))


def test_lines_too_long_for_a_message_are_told_and_not_cut() -> None:
    (long,) = problems(f"title: {'word ' * 150}: more")
    assert long.message.endswith(': more"')
    (longer,) = problems(f"title: {'word ' * 200}: more")
    assert longer.message.endswith("put it in quotes; between single quotes, write each ' twice")
    assert "…" not in longer.message


@pytest.mark.parametrize("end", ["x:", "x: [{y", "x: &a", "- ", "x:\n- ", "x: !t", "x: [{y: &a"])
def test_a_text_that_the_end_of_the_file_leaves_empty_is_read(end: str) -> None:
    for text in (f"---\ntitle: T # c\n{end}", f"---\ntitle: T # c\n{end}\n---\n"):
        reading = parse_item(text.encode(), "a.md", "a")
        assert reading.problems
        assert reading.unexpected is None
