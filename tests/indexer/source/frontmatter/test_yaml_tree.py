"""Front matter: where it begins and ends, what its nodes are, and what it refuses."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from indexer.item import Severity
from indexer.source.frontmatter.front_matter import FrontMatter, read_front_matter
from indexer.source.frontmatter.nodes import MAX_DEPTH, Entry, Mapping, Scalar, Sequence
from indexer.source.frontmatter.split import MAX_FRONT_MATTER


def read(text: str | bytes, **how: Any) -> FrontMatter:
    data = text if isinstance(text, bytes) else text.encode()
    return read_front_matter(data, "a.md", **how)


def tree(text: str) -> Mapping:
    front = read(f"---\n{text}\n---\n")
    assert front.tree is not None, front.problems
    return front.tree


def refusal(text: str | bytes) -> tuple[int, str]:
    front = read(text)
    assert front.tree is None
    assert len(front.problems) == 1
    return front.problems[0].line, front.problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A\n---\nbody",
        "\ufeff---\ntitle: A\n---\nbody",
        "---  \ntitle: A\n---\t\nbody",
        "---\r\ntitle: A\r\n---\r\nbody",
        "---\rtitle: A\r---\rbody",
        "---\ntitle: A\n...\nbody",
        "---\n\n# a comment\ntitle: A\n\n---\nbody",
    ],
)
def test_markers_are_found_whatever_the_line_ends(text: str) -> None:
    front = read(text)
    assert front.tree is not None
    assert front.tree.get("title") is not None
    assert (front.body, front.problems) == ("body", ())


def test_only_the_first_closing_marker_counts() -> None:
    assert read("---\ntitle: A\n---\nbody\n---\nmore").body == "body\n---\nmore"


def test_hyphens_inside_a_value_do_not_close() -> None:
    assert tree('title: "a --- b"\nx: ---y').entries["x"].value == Scalar("---y", 3, True)


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"", 1, "empty"),
        (b" \n\n", 1, "empty"),
        (b"Just a text\n", 1, "does not begin with front matter"),
        (b"Title: A\nDate: 2020-01-01\n\nText\n", 1, "put a line of --- before it"),
        (b"\n---\ntitle: A\n---\n", 1, "empty lines stand before"),
        (b"------\ntitle: A\n---\n", 1, "three hyphens; write ---"),
        ("\u2014\ntitle: A\n---\n".encode(), 1, "three hyphens; write ---"),
        (b"--- title: A\n---\n", 1, "nothing may follow --- on the first line"),
        (b"{% include x %}\ntitle\n", 1, "does not begin with front matter"),
        (b"\n+++\ntitle = 1\n+++\n", 1, "empty lines stand before the opening +++"),
        (b"+++\ntitle = 1\n---\n", 1, "never closed; add a line of +++"),
        (b"+++ title = 1\n+++\n", 1, "nothing may follow +++ on the first line"),
        (b"---\ntitle: A\nmore: B\n", 3, "add a line of exactly --- after line 3"),
        (b"---\ntitle: A\n\nProse goes on.\nMore: x\n", 2, "exactly --- after line 2"),
        (b"---\ntitle: A\n----\nbody\n", 3, "looks like the closing marker"),
        (b"---\ntitle: A\n ---\nbody\n", 3, "looks like the closing marker"),
        (b"---\nProse.\n", 1, "no key: value line"),
        (b"---\n---\n", 1, "front matter is empty"),
        (b"---\n- a\n---\n", 2, "is a list"),
        (b"---\ntext\n---\n", 2, "is text; write lines of key: value"),
        (b"---\ntitle: A\n--- x\n---\n", 3, "only where nothing follows"),
        (b"---\ntitle: \xe9\n---\n", 2, "the byte 0xe9 is not UTF-8"),
        (b"\xef\xbb\xbf---\r\ntitle: \xff\n---\n", 2, "the byte 0xff is not UTF-8"),
        (b"---\ntitle: A\n---\n\n\xff", 5, "save the file as UTF-8"),
        (b"---\ntitle: A\x00\n---\n", 2, "NUL"),
        ("---\ntitle: A\n---\n".encode("utf-16"), 1, "not saved as UTF-8"),
        ("---\ntitle: A\n---\n".encode("utf-32"), 1, "not saved as UTF-8"),
        ("---\ntitle: A\n---\n".encode("utf-16-le"), 1, "NUL"),
    ],
)
def test_what_is_no_front_matter_says_why_and_where(data: bytes, line: int, said: str) -> None:
    at, message = refusal(data)
    assert at == line
    assert said in message


def test_nodes_are_text_with_lines_of_the_file() -> None:
    found = tree("title: 2020\nlist:\n  - No\n  - '~'\nmap: {a: 1.50}")
    assert list(found.entries) == ["title", "list", "map"]
    assert found.entries["title"] == Entry("title", 2, Scalar("2020", 2, True))
    expected = Sequence((Scalar("No", 4, True), Scalar("~", 5, False)), 4)
    assert found.entries["list"].value == expected
    assert found.entries["map"].value == Mapping({"a": Entry("a", 6, Scalar("1.50", 6, True))}, 6)


@pytest.mark.parametrize("value", ["", "~", "null", "NULL", '""', "' '", '"\\n"', "# comment"])
def test_nothing_written_counts_as_absent(value: str) -> None:
    assert tree(f"title: {value}\nx: y").get("title") is None


@pytest.mark.parametrize("value", ["'null'", '"~"', "No", "0", "false", "|\n  null"])
def test_quoted_null_and_falsy_words_count_as_text(value: str) -> None:
    assert tree(f"title: {value}\nx: y").get("title") is not None


def test_a_key_written_twice_warns_with_both_lines_and_the_last_counts() -> None:
    front = read("---\ntitle: A\nx: y\ntitle: B\n---\n")
    assert front.tree is not None
    assert front.tree.entries["title"].value == Scalar("B", 4, True)
    (problem,) = front.problems
    assert (problem.line, problem.field, problem.severity) == (4, "title", Severity.WARNING)
    assert "line 2" in problem.message


def test_control_characters_become_blanks_with_a_warning() -> None:
    front = read("---\nx: y\ntitle: A\x07B\x1bC\n---\n")
    assert front.tree is not None
    assert front.tree.entries["title"].value == Scalar("A B C", 3, True)
    assert [problem.line for problem in front.problems] == [3]


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_line_breaks_no_editor_knows_do_not_shift_lines(sign: str) -> None:
    front = read(f"---\ntitle: A{sign}B\nx: y\n---\n")
    assert front.tree is not None
    assert front.tree.entries["title"].value == Scalar("A B", 2, True)
    assert front.tree.entries["x"].line == 3
    assert front.problems == ()


def test_references_work_while_they_stay_small() -> None:
    found = tree("a: &a [x, y]\nb: *a")
    assert found.entries["b"].value == found.entries["a"].value


def test_a_reference_bomb_is_refused() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for one, other in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{other}: &{other} [{', '.join([f'*{one}'] * 10)}]")
    line, message = refusal("\n".join(["---", "title: A", *lines, "---"]))
    assert line == 7
    assert "references (*name) counted in full" in message


@pytest.mark.parametrize("value", ["{}", "[{}]", "{{title: B, excerpt: {}}}"])
def test_references_to_a_long_text_count_for_its_length(value: str) -> None:
    front = f"a: &a {value.format('word ' * 20_000)}\nx: [{'*a, ' * 150}]"
    assert tree(front).entries["x"]
    line, message = refusal(f"---\ntitle: A\n{front.replace('*a, ', '*a, *a, ')}\n---\n")
    assert line == 4
    assert "references (*name) counted in full" in message


def test_a_list_that_holds_itself_is_refused() -> None:
    assert refusal("---\ntitle: A\nx: &x [*x]\n---\n")[0] == 3


def test_as_many_values_as_a_bomb_written_out_are_refused() -> None:
    assert "more than" in refusal(f"---\ntitle: A\nx: [{'a,' * 30_000}]\n---\n")[1]


@pytest.mark.parametrize("opening", ["[", "{", "- ", "? ", "[{a: "])
def test_deep_nesting_is_refused_at_its_line(opening: str) -> None:
    separator = "" if opening in ("- ", "? ") else "title: A\nx: "
    line, message = refusal(f"---\n{separator}{opening * 200}\n---\n")
    assert line == (3 if separator else 2)
    assert f"deeper than {MAX_DEPTH} levels" in message


def test_front_matter_longer_than_the_limit_is_refused() -> None:
    assert "KiB" in refusal(f"---\ntitle: {'a' * MAX_FRONT_MATTER}\n---\n")[1]
    assert "KiB" in refusal(b"---\ntitle: " + b"a" * 10_000_000)[1]


TAGS = ["!x", "!!python/object/apply:os.system", "!ruby/object:Hash", "!!str", "!", "!<tag:x>"]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("value", ["[a, b]", "{a: [b]}", "'a: b'", "|\n  a"])
def test_a_tag_is_as_if_it_were_not_there(tag: str, value: str) -> None:
    assert tree(f"x: {tag} {value}") == tree(f"x: {value}")
    assert tree(f"x: y\n{tag} x: {value}") == tree(f"x: y\nx: {value}")
    assert read(f"---\nx: {tag} {value}\n---\n").problems == ()


@pytest.mark.parametrize("tag", TAGS[1:4] + TAGS[5:])
def test_of_a_plain_text_the_tag_is_left_out_too(tag: str) -> None:
    assert tree(f"x: {tag} a b").entries["x"].value == Scalar("a b", 2, False)


@pytest.mark.parametrize("text", ["!important news", "! news", "!Ref x", "!wow it works", "!x"])
def test_a_word_with_an_exclamation_mark_before_it_is_text(text: str) -> None:
    value = tree(f"x: {text}").entries["x"].value
    assert isinstance(value, Scalar)
    assert value.text == text
    assert value.loss.endswith(f'put all of it in quotes: x: "{text}"')


MERGED = [
    ("a: &a {x: 1}\nb:\n  <<: *a", {"x": "1"}),
    ("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  x: 3", {"x": "3", "y": "2"}),
    ("a: &a {x: 1, y: 2}\nb:\n  x: 3\n  <<: *a", {"x": "3", "y": "2"}),
    ("a: &a {x: 1}\nc: &c {x: 2, y: 3}\nb:\n  <<: [*a, *c]", {"x": "1", "y": "3"}),
    ("a: &a {x: 1}\nc: &c {x: 2, y: 3}\nb:\n  <<: [*c, *a]", {"x": "2", "y": "3"}),
    ("a: &a {x: 1}\nc: &c {<<: *a, y: 3}\nb: {<<: *c}", {"x": "1", "y": "3"}),
    ("b:\n  <<: {x: 1}", {"x": "1"}),
    ('a: &a {x: 1}\nb:\n  "<<": z', {"<<": "z"}),
]


@pytest.mark.parametrize(("text", "expected"), MERGED)
def test_merge_keys_bring_what_the_mapping_does_not_say_itself(
    text: str, expected: dict[str, str]
) -> None:
    front = read(f"---\n{text}\n---\n")
    assert front.tree is not None
    found = front.tree.entries["b"].value
    assert isinstance(found, Mapping)
    texts = {key: entry.value for key, entry in found.entries.items()}
    assert {key: isinstance(v, Scalar) and v.text for key, v in texts.items()} == expected
    assert front.problems == ()


@pytest.mark.parametrize("value", ["x", "[x]", "[[x]]", "~"])
def test_what_cannot_be_merged_is_warned_of(value: str) -> None:
    front = read(f"---\ntitle: A\n<<: {value}\n---\n")
    assert front.tree is not None
    assert list(front.tree.entries) == ["title"]
    (problem,) = front.problems
    assert (problem.line, problem.field, problem.severity) == (3, "<<", Severity.WARNING)
    assert "such as <<: *name" in problem.message


@pytest.mark.parametrize("name", ["secured", "Secured", '"sec\\u0075red"', "featuredContent"])
@pytest.mark.parametrize(
    "text",
    [
        'title: "A\n{}: blob\nB"',
        "title: 'A\n  {}: blob'\nx: y",
        "title: A\n  {}:blob",
        "title: |\n  A\n  {}: blob",
        "title: >-\n  A\n  {}: blob\nx: y",
    ],
)
def test_a_text_is_cut_before_the_line_of_a_private_key(text: str, name: str) -> None:
    if name[0] == '"' and text.startswith('title: "'):
        return  # ends the text
    front = read(f"---\n{text.format(name)}\n---\n")
    assert front.tree is not None
    value = front.tree.entries["title"].value
    assert isinstance(value, Scalar)
    assert value.text == "A"
    (problem,) = front.problems
    assert (problem.line, problem.severity) == (2, Severity.WARNING)
    assert "the line of a private key" in problem.message


def test_a_block_ends_before_the_line_of_a_private_key_of_its_own() -> None:
    front = read("---\ntitle: |\n  A\n\nsecured: blob\n---\n")
    assert front.tree is not None
    assert front.tree.entries["title"].value == Scalar("A\n", 2, False)
    assert front.problems == ()


def test_a_merge_key_brings_nothing_private() -> None:
    found = tree("a: &a {secured: blob, x: 1}\n<<: *a\nb: {<<: *a}")
    assert "blob" not in repr(found)


def test_a_template_as_a_key_is_left_out_with_a_warning() -> None:
    front = read("---\ntitle: A\nimage: {{ site.x }}\n---\n")
    assert front.tree is not None
    assert [(p.line, p.severity) for p in front.problems] == [(3, Severity.WARNING)]


def test_private_values_are_not_in_the_tree() -> None:
    found = tree("secured: 'blob'\nfeaturedContent: &c [blob, {blob: blob}]\ntitle: A")
    assert "blob" not in repr(found)


def test_of_the_keys_inside_a_private_value_nothing_is_said() -> None:
    front = read("---\nsecured: {a: 1, b: 2, c: {d: 3, e: 4}}\ntitle: A\n---\n")
    assert front.problems == ()


def test_a_key_without_a_name_written_twice_is_named_all_the_same() -> None:
    (problem,) = read("---\ntitle: A\n'': b\n'': c\n---\n").problems
    assert problem.message.startswith("the key also stands on line 3")


def test_a_private_value_cannot_be_referred_to() -> None:
    front = read("---\nsecured: &s blob\ntitle: *s\n---\n")
    assert front.tree is None
    assert "blob" not in repr(front)


def test_the_parser_in_python_gives_the_same_tree() -> None:
    text = "---\ntitle: 'A'\nlist: [a, {b: c}]\nx: &x |\n  y\nz: *x\n---\n"
    assert read(text, loader=yaml.SafeLoader) == read(text)


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    for text in (data, b"---\n" + data + b"\n---\n"):
        front = read(text)
        assert (front.tree is None) <= bool(front.problems)


@given(st.text("abc:-'\"[]{}#&*!|>%@` \n\t\\,?", max_size=80))
def test_no_arrangement_of_yaml_signs_raises(text: str) -> None:
    front = read(f"---\ntitle: A\n{text}\n---\n")
    assert all(1 <= problem.line <= text.count("\n") + 4 for problem in front.problems)
    assert all("\n" not in problem.message for problem in front.problems)
