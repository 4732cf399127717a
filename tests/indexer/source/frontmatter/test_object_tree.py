"""TOML and JSON front matter: the same items as YAML, with lines and under the same bounds."""

import pytest

from indexer.item import Item, Problem
from indexer.source.frontmatter.front_matter import read_front_matter
from indexer.source.frontmatter.nodes import MAX_DEPTH, Entry, Mapping, Scalar, Sequence
from indexer.source.frontmatter.split import MAX_FRONT_MATTER
from indexer.source.validate.item_parser import parse_item

YAML = """---
title: Harbour notice
excerpt: "It is: open"
date: 2024-09-04
tags: [Tides, Night]
quality: 70
published: true
provider:
  name: Ledger
  domain: ledger.example
related:
  - title: One
    webUrl: https://a.example/1
  - title: Two
    webUrl: https://b.example/2
secured: blob
---
Body text
"""
TOML = """+++
title = "Harbour notice"
excerpt = 'It is: open'
date = 2024-09-04
tags = ["Tides", "Night"]
quality = 70
published = true
secured = "blob"

[provider]
name = "Ledger"
domain = "ledger.example"

[[related]]
title = "One"
webUrl = "https://a.example/1"
[[related]]
title = "Two"
webUrl = "https://b.example/2"
+++
Body text
"""
JSON = """{
  "title": "Harbour notice",
  "excerpt": "It is: open",
  "date": "2024-09-04",
  "tags": ["Tides", "Night"],
  "quality": 70,
  "published": true,
  "provider": {"name": "Ledger", "domain": "ledger.example"},
  "related": [
    {"title": "One", "webUrl": "https://a.example/1"},
    {"title": "Two", "webUrl": "https://b.example/2"}
  ],
  "secured": {"a": ["blob"]}
}
Body text
"""
FENCED = [
    TOML.replace("+++\ntitle", "---toml\ntitle").replace("+++\nBody", "---\nBody"),
    f"--- json\n{JSON.partition('Body')[0]}---\nBody text\n",
    YAML.replace("---\ntitle", "---yaml\ntitle"),
]


def item(text: str) -> Item:
    reading = parse_item(text.encode(), "a.md", "a")
    assert reading.item is not None, reading.problems
    assert reading.problems == ()
    return reading.item


def problem(text: str) -> Problem:
    (found,) = parse_item(text.encode(), "a.md", "a").problems
    return found


@pytest.mark.parametrize("text", [TOML, JSON, *FENCED, TOML.replace("\n", "\r\n"), f"\ufeff{JSON}"])
def test_in_any_language_the_item_is_the_same(text: str) -> None:
    assert item(text) == item(YAML)
    assert "blob" not in repr(read_front_matter(text.encode(), "a.md"))


@pytest.mark.parametrize("text", [YAML, TOML, JSON, *FENCED])
def test_the_line_on_which_the_body_begins_is_known(text: str) -> None:
    front = read_front_matter(text.encode(), "a.md")
    assert front.body == "Body text\n"
    assert text.split("\n")[front.body_line - 1] == "Body text"


def test_toml_values_are_the_text_that_was_written() -> None:
    written = (
        "a = 1_000\nb = 0x1F\nc = 1.50\nd = nan\ne = true\nf = 2024-09-04T10:00:00-05:00\n"
        "g = 2024-09-04 10:00:00\nh = 07:32:00\ni = '''\nx\ny'''\nj = ['a', 'b']\nk.l = {m = 'n'}"
    )
    front = read_front_matter(f"+++\n{written}\n+++\n".encode(), "a.md")
    assert front.tree is not None
    found = {key: entry.value for key, entry in front.tree.entries.items()}
    texts = {key: value.text for key, value in found.items() if isinstance(value, Scalar)}
    assert texts == {
        **{"a": "1000", "b": "31", "c": "1.50", "d": "nan", "e": "true"},
        **{"f": "2024-09-04T10:00:00-05:00", "g": "2024-09-04T10:00:00", "h": "07:32:00"},
        "i": "x\ny",
    }
    assert found["j"] == Sequence((Scalar("a", 13, False), Scalar("b", 13, False)), 13)
    inner = Mapping({"m": Entry("m", 14, Scalar("n", 14, False))}, 14)
    assert found["k"] == Mapping({"l": Entry("l", 14, inner)}, 14)


def test_json_values_are_the_text_that_was_written() -> None:
    written = (
        '{"a": 1.50, "b": 1e400, "c": NaN, "d": null, "e": false, "f": "\\u00e9\\ud83d\\ude00"}'
    )
    front = read_front_matter(written.encode(), "a.md")
    assert front.tree is not None
    values = [entry.value for entry in front.tree.entries.values()]
    expected = ["1.50", "1e400", "NaN", "", "false", "é😀"]
    assert [isinstance(value, Scalar) and value.text for value in values] == expected
    assert front.tree.get("d") is None


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ('+++\ntitle = "T"\nquality = "x"\n+++\n', 3, "quality"),
        ('+++\n"title" = "T"\n\n[provider]\nname = "N"\n+++\n', 4, "provider"),
        (TOML.replace("https://b.example/2", "b"), 19, "related[1].webUrl"),
        (TOML.replace("https://a.example/1", "a"), 16, "related[0].webUrl"),
        ('+++\ntitle = "T"\nrelated = [\n{title = "A"},\n{quality = 1}]\n+++\n', 5, "related[1]"),
        ('{"title": "T",\n "quality": "x"}\n', 2, "quality"),
        ('{"title": "T",\n "title": "S"}\n', 2, "title"),
        (JSON.replace("https://b.example/2", "b"), 11, "related[1].webUrl"),
        ('---json\n{\n"title": "T",\n"quality": "x"}\n---\n', 4, "quality"),
        ('{"a": {"quality": 1},\n"title": "T",\n"quality": "x"}\n', 3, "quality"),
    ],
)
def test_a_problem_names_the_line_of_its_key(text: str, line: int, field: str) -> None:
    found = problem(text)
    name = "related[1]" if field == "related[1]" else field
    assert (found.line, found.field) == (line, name)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("+++\ntitle = Foo\n+++\n", 2, "put text in double quotes"),
        ('+++\nx = 1\ntitle = "Foo\n+++\n', 3, "close the text on its line"),
        ("+++\ntitle: Foo\n+++\n", 2, "write key = value"),
        ('+++\ntitle = "a" b\n+++\n', 2, "something follows the value"),
        ('+++\ntitle = "C:\\q"\n+++\n', 2, "put the text in single quotes"),
        ("+++\ntags = ['a',\n+++\n", 2, "close the list"),
        ('+++\ntitle = "a"\ntitle = "b"\n+++\n', 3, "stands twice"),
        ("+++\n[a]\n[a]\n+++\n", 3, "stands twice"),
        (f"+++\na = {'9' * 5000}\n+++\n", 2, "cannot be read as TOML"),
        ('+++\ntitle = "a"\n', 1, "never closed; add a line of +++"),
        ('{\n"title": "A",\n}\n', 3, "take away the comma"),
        ('{\n"title": "A"\n"b": 1}\n', 3, "put a comma between"),
        ('{"title" "A"}\n', 1, "a colon after the key"),
        ("{'title': 'A'}\n", 1, "write keys in double quotes"),
        ('{"title": A}\n', 1, "write text in double quotes"),
        ('{"title": "A\n', 1, "close the text with a double quote"),
        ('{"title": "\\q"}\n', 1, "write \\\\ for a backslash"),
        ('{\n"title": "A"\n', 2, "close what was opened"),
        ('---json\n{"title": "A"} x\n---\n', 2, "something follows the end of the object"),
        ("---json\n[]\n---\n", 2, "begin it with {"),
        ("{}\n", 1, "there is no title"),
        ("+++\n+++\n", 1, "there is no title"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(text: str, line: int, said: str) -> None:
    found = problem(text)
    assert found.line == line
    assert said in found.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('+++\ntitle = "C:\\new"\n+++\n', "\\n"),
        ('+++\ntitle = "the \\beta"\n+++\n', "\\b"),
        ('{\n"title": "C:\\temp\\b"}\n', "\\t \\b"),
        ('{\n"title": "docs\\notes\\read.md"}\n', "\\n \\r"),
    ],
)
def test_escapes_that_nobody_means_are_told(text: str, found: str) -> None:
    (problem,) = parse_item(text.encode(), "a.md", "a").problems
    assert (problem.line, problem.field) == (2, "title")
    assert problem.message.endswith(f"made of {found}; write \\\\ for a backslash")


@pytest.mark.parametrize(
    "text",
    [
        '+++\ntitle = "T"\nexcerpt = """\nSee\nREADME.md, C:\nnext"""\n+++\n',
        "+++\ntitle = 'C:\\new'\n+++\n",
        '+++\ntitle = "C:\\\\new"\n+++\n',
        '{"title": "One.\\nTwo\\tThree"}',
    ],
)
def test_escapes_and_line_breaks_that_are_meant_draw_no_warning(text: str) -> None:
    assert parse_item(text.encode(), "a.md", "a").problems == ()


def nested(depth: int) -> list[str]:
    return [
        f"+++\ntitle = 'T'\nx = {'[' * depth}{']' * depth}\n+++\n",
        f"+++\ntitle = 'T'\n[{'.'.join('a' * depth)}]\n+++\n",
        '{"title": "T", "x": ' + "[" * depth + "]" * depth + "}",
        '{"title": "T"' + ', "x": {"a": 1' * depth + "}" * depth + "}",
    ]


@pytest.mark.parametrize("depth", [MAX_DEPTH, 500, 50_000])
def test_deep_nesting_is_refused(depth: int) -> None:
    for text in nested(depth):
        assert f"deeper than {MAX_DEPTH} levels" in problem(text).message
    for text in nested(MAX_DEPTH - 1):
        assert item(text).article.title == "T"


@pytest.mark.parametrize("text", ["+++\nx = [{}]\n+++\n", '{{"title": "T", "x": [{}]}}'])
def test_many_values_are_refused(text: str) -> None:
    assert "more than" in problem(text.format(",".join("1" * 20_001))).message


def test_front_matter_longer_than_the_limit_is_refused() -> None:
    long = "a" * MAX_FRONT_MATTER
    assert "KiB" in problem(f'+++\ntitle = "{long}"\n+++\n').message
    assert "KiB" in problem(f'{{"title": "{long}"}}\n').message
    assert item(f'{{"title": "T"}}\n{long[:100_000]}').article.title == "T"


@pytest.mark.parametrize("name", ["secured", "Secured", "featuredContent", "featured_content"])
@pytest.mark.parametrize(
    "text",
    [
        '+++\ntitle = "T"\n{} = "blob"\n+++\n',
        '+++\ntitle = "T"\n{}.a = "blob"\n+++\n',
        '+++\ntitle = "T"\n[{}]\na = "blob"\n[[related]]\ntitle = "R"\n{} = "blob"\n+++\n',
        '+++\ntitle = """T\n{} = "blob"\n"""\n+++\n',
        '+++\ntitle = "T"\nexcerpt = """\n{} = "blob""""\n+++\n',
        '{{"title": "T", "{}": "blob", "related": [{{"title": "R", "{}": ["blob"]}}]}}',
        '{{"title": "T\n"{}": blob"}}',
        "+++\ntitle = 'T'\n{} = {{blob = 1, blob = 2}}\n+++\n",
        "+++\ntitle = 'T'\n{} = blob\n+++\n",
    ],
)
def test_nothing_private_is_kept_or_told(text: str, name: str) -> None:
    data = text.format(name, name).encode()
    assert "blob" not in repr(parse_item(data, "a.md", "a"))
    assert "blob" not in repr(read_front_matter(data, "a.md").tree)


def test_half_a_pair_of_escapes_is_no_character() -> None:
    front = read_front_matter(b'{"title": "A\\ud83d", "\\ud83d": 1}', "a.md")
    assert front.tree is not None
    assert list(front.tree.entries) == ["title", "\ufffd"]
    assert front.tree.entries["title"].value == Scalar("A\ufffd", 1, False)


def test_a_title_may_begin_with_the_name_of_a_private_key() -> None:
    assert item('{"title": "Secured: the harbour"}').article.title == "Secured: the harbour"
    assert item('+++\ntitle = "Secured: the harbour"\n+++\n').article.title.startswith("Secured:")
    assert item("---\ntitle: 'Secured: the harbour'\n---\n").article.title.startswith("Secured:")


@pytest.mark.parametrize("escaped", ["sec\\u0075red", "\\u0073ecured", "SECURED"])
def test_a_private_key_is_known_however_it_is_spelled(escaped: str) -> None:
    for text in (
        f'{{"title": "T", "{escaped}": "blob"}}',
        f'+++\ntitle = "T"\n"{escaped}" = "blob"\n+++\n',
        f'---\ntitle: T\n"{escaped}": blob\n---\n',
    ):
        front = read_front_matter(text.encode(), "a.md")
        assert front.tree is not None
        assert "blob" not in repr(front)
