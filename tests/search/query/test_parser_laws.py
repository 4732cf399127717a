"""What holds for any query text at all: shape, spans, bounds, cost; and trees read back."""

import inspect
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.urls import clean_domain
from search_app.search.query.lexer import MAX_DEPTH
from search_app.search.query.parser import MAX_CHARACTERS, MAX_LEAVES, parse
from search_app.search.query.signs import plain_signs
from search_app.search.query.tree import (
    WORD_FIELDS,
    Address,
    And,
    Everything,
    Group,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
)
from tests.search.query.test_parser import depth, leaves, nodes, understood, w

# A pair of parentheses adds at most And, Or, And, Not; the top adds Group, Or, And, Not, leaf.
GREATEST_DEPTH = 4 * MAX_DEPTH + 5

PIECES = st.sampled_from(
    [
        *'()"“”„«»-*:|—',
        *("OR", "AND", "NOT", "&&", "..", ">", "<=", "2020", "2020-06", "70", "a", "été", "北京"),
        *("title:", "TOPIC:", "date:", "quality:", "foo:", "http://x", "a*", "--", "5", "\u200b"),
        *("https://x.y/(", "x.y/a", "site:", "after:", "|", ",", "；", "－", "–", "「", "」", "‹"),
        *(
            "[",
            "](",
            ">",
            "~2",
            "^",
            "?",
            "+",
            "!",
            "June",
            "9",
            "2020-06-09",
            "{",
            "}",
            " TO ",
            "’",
        ),
        *(" ", " ", " ", "  ", "\t", "\u3000", "\x00", "\ud800"),
    ]
)
TEXTS = st.lists(PIECES, max_size=60).map("".join) | st.text(
    st.characters(codec=None, exclude_categories=()), max_size=80
)


@pytest.mark.parametrize(
    "text",
    [
        piece * ((MAX_CHARACTERS - 1) // len(piece)) + last
        for last in ("", "x")
        for piece in [
            "(", ")", '"', "“", "-", "-(", '-"', "--x", "- ", "NOT ", "NOT(", "NOT -(", "OR ",
            "x OR ", "x AND ", "*", "a*", "title:", "title:(", "date:", "date:(", "()", "(x", ":",
            '"" ', "«“", '-title:"" ', "x\"", "—", "\ud800", "\x00", "2020..", "date:>",
            "http://x.y", "http://x.y/ ", '"http://', '"http://" ', "(http://x/", "x.y/", "x.", "[",
            "[x](http://", "«http://x.y/»", ",http://x", "9 June ", "+a ", "a~", "[a TO ", "｜",
        ]
    ],
)  # fmt: skip
def test_a_piece_repeated_to_the_bound_is_read(text: str) -> None:
    tree = parse(text).tree
    assert len(leaves(tree)) <= MAX_LEAVES
    assert depth(tree) <= GREATEST_DEPTH


@given(TEXTS)
def test_any_text_has_a_well_formed_tree(text: str) -> None:
    tree = parse(text).tree
    found = list(nodes(tree))
    for node in found:
        if isinstance(node, And | Or):
            assert len(node.children) >= 2
            assert not any(isinstance(child, type(node)) for child in node.children)
        elif isinstance(node, Not):
            assert not isinstance(node.child, Not)
        elif isinstance(node, Word | Phrase | Prefix | Address):
            assert node.text == node.text.strip()
            assert node.text
            assert node.field in ("", *WORD_FIELDS)
        elif isinstance(node, Range):
            assert node.low is None or node.high is None or node.low < node.high
    assert [node for node in found if isinstance(node, Group)] == [tree]
    assert len(leaves(tree)) <= MAX_LEAVES
    assert depth(tree) <= GREATEST_DEPTH


@given(TEXTS)
def test_any_leaf_lies_in_the_text_it_came_from(text: str) -> None:
    before = 0
    for leaf in leaves(parse(text).tree):
        if isinstance(leaf, Everything):
            continue
        typed = text[leaf.start : leaf.end]
        assert before <= leaf.start < leaf.end <= len(text)
        before = leaf.end
        if isinstance(leaf, Word):
            assert leaf.text in (plain_signs(typed)[: len(leaf.text)], clean_domain(typed))
        elif isinstance(leaf, Prefix):
            assert plain_signs(typed) == leaf.text + "*"
        elif isinstance(leaf, Address):
            assert typed.endswith(leaf.tail)
            assert plain_signs(typed).startswith(plain_signs(leaf.text))
        elif isinstance(leaf, Phrase):
            assert all(word in plain_signs(typed) for word in leaf.text.split())


@given(TEXTS)
def test_any_note_points_into_the_text_and_can_be_written_out(text: str) -> None:
    notes = parse(text).notes
    for note in notes:
        assert 0 <= note.start < note.end <= len(text)
        assert note.message.encode()
    assert list(notes) == sorted(notes, key=lambda note: note.start)


@given(TEXTS, st.sampled_from(["  ", "\t", "\n", "\u3000", "\u00a0 ", "\x00", "\u2028"]))
def test_which_white_space_and_how_much_makes_no_difference(text: str, blank: str) -> None:
    assert understood(blank + text.replace(" ", blank) + blank) == understood(text)


@given(TEXTS)
def test_no_letter_or_digit_is_lost_but_those_of_fields_and_operators(text: str) -> None:
    """Nor those of what would be a weight elsewhere: `ferry^2`."""
    written = plain_signs(text)
    for operator in ("OR", "AND", "NOT"):
        written = written.replace(operator, operator.lower())
    written = re.sub("[:^~]", ";", written)
    kept = "".join(
        leaf.text if isinstance(leaf, Word | Phrase | Prefix | Address) else ""
        for leaf in leaves(parse(written).tree)
    )
    assert list(filter(str.isalnum, kept)) == list(filter(str.isalnum, written))


# A tree written out is read back as the same tree.

SHORT_WORDS = st.sampled_from(["a", "COVID-19", "C++", ".NET", "#ai", "été", "北京", "or", "it's"])
OWN_FIELD = st.sampled_from(["", *WORD_FIELDS])
LEAVES = (
    st.builds(Word, SHORT_WORDS, OWN_FIELD)
    | st.builds(Phrase, st.lists(SHORT_WORDS, min_size=1).map(" ".join), OWN_FIELD)
    | st.builds(Prefix, SHORT_WORDS, OWN_FIELD)
    | st.builds(Range, st.just("quality"), st.integers(-9, 9), st.none())
    | st.builds(Everything)
)


def _negated(node: Node) -> Node:
    return node.child if isinstance(node, Not) else Not(node)


def _joined(kind: type[And] | type[Or], several: list[Node]) -> Node:
    nested = [one.children if isinstance(one, kind) else (one,) for one in several]
    return kind(tuple(one for some in nested for one in some))


def _above(below: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(below, min_size=2, max_size=4)
    return below.map(_negated) | st.builds(_joined, st.sampled_from([And, Or]), several)


TREES: st.SearchStrategy[Node] = st.recursive(LEAVES, _above, max_leaves=20)


def written(node: Node, conjunction: str) -> str:
    """A text for the tree, every And and Or in parentheses of its own."""
    if isinstance(node, Not):
        return "-" + written(node.child, conjunction)
    if isinstance(node, And | Or | Group):
        joint = " OR " if isinstance(node, Or) else conjunction
        return "(" + joint.join(written(child, conjunction) for child in node.children) + ")"
    if isinstance(node, Range):
        return f"{node.field}:>={node.low}"
    if isinstance(node, Everything):
        return "*"
    field = f"{node.field}:" if node.field else ""
    forms = {Word: node.text, Phrase: f'"{node.text}"', Prefix: node.text + "*"}
    return field + forms[type(node)]


@given(st.lists(TREES, max_size=4), st.sampled_from([" ", " AND ", " && "]))
def test_a_tree_written_out_is_read_back(trees: list[Node], conjunction: str) -> None:
    text = " ".join(written(tree, conjunction) for tree in trees)
    children, kinds = understood(f"and {text}")  # not wholly in capitals
    assert children == (w("and"), *trees)
    assert set(kinds) <= {"leaves_out"}


# Cost, in calls instead of seconds.


def calls(text: str) -> int:
    """How many calls, of Python or built-in functions, it takes to parse a text."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    former = sys.getprofile()
    sys.setprofile(counted)
    try:
        parse(text)
    finally:
        sys.setprofile(former)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "x ",
        "(",
        ")",
        '" ',
        "-(",
        "x OR ",
        "NOT ",
        "title:",
        '-title:"" ',
        "a*",
        "()",
        "http://x.y/ ",
        '"http://x.y" ',
        "a,b|",
        "9 June ",
        "x.y/a ",
        "+a ",
    ],
)
def test_four_times_the_text_takes_at_most_four_times_the_calls(piece: str) -> None:
    quarter = piece * (MAX_CHARACTERS // 4 // len(piece))
    assert calls(quarter * 4) <= 4.1 * calls(quarter)


def test_nesting_to_the_bound_leaves_the_stack_room() -> None:
    text = "NOT -(" * MAX_DEPTH + "x" + ")" * MAX_DEPTH
    here, frame = 0, inspect.currentframe()
    while frame is not None:
        here, frame = here + 1, frame.f_back
    former = sys.getrecursionlimit()
    sys.setrecursionlimit(here + 300)
    try:
        assert understood(text) == ((w("x"),), ())
    finally:
        sys.setrecursionlimit(former)
