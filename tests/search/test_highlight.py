"""Where marks stand, and that marked text is nothing but the text."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import analysis
from indexer.item import Article, Provider
from search_app.search.expression import Keyword, Scored, Sequence, scored
from search_app.search.highlight import Marker, _plain, trace
from search_app.search.interpret import interpret
from search_app.search.parser import parse
from search_app.search.request import Match
from tests.contract.corpora import WORDS, leaves

AREAS = ("title", "excerpt", "related", "provider", "topic")


def marker(query: str) -> Marker:
    return Marker(scored(interpret(parse(query).tree, Match.ANY).full))


def marked(query: str, text: str, area: str = "title") -> str:
    """The text with `[` `]` for the marks, unescaped."""
    html = marker(query).html(text, area)
    return unescape(html.replace("<mark>", "[").replace("</mark>", "]"))


@pytest.mark.parametrize(
    ("query", "text", "wanted"),
    [
        ("", "Police reform", "Police reform"),
        ("reform", "Police reform", "Police [reform]"),
        ("reform", "REFORMS, reforming, reformed!", "[REFORMS], [reforming], [reformed]!"),
        ("reform", "reformation formation", "[reformation] formation"),
        ("police reform", "Reform of the police", "[Reform] of the [police]"),
        ("cafe", "Le Café", "Le [Café]"),
        ("café", "LE CAFE", "LE [CAFE]"),
        # phrases: the whole row, never scattered words, never another form
        ('"police reform"', "police reform, reform police", "[police reform], reform police"),
        ('"police reform"', "police reforms", "police reforms"),
        ('"police reform"', "police -- reform", "[police -- reform]"),
        ('"new york new york"', "New York New York New York", "[New York New York New York]"),
        ('"a a"', "a b a a", "a b [a a]"),
        ('"reforms"', "reform reforms", "reform [reforms]"),
        # prefixes
        ("immuni*", "immunity and Immunization", "[immunity] and [Immunization]"),
        ("covid-1*", "COVID-19 and covid 19", "[COVID-19] and covid 19"),
        # compounds and signs
        ("covid19", "The COVID-19 crisis", "The [COVID-19] crisis"),
        ("covid-19", "covid 19 or covid19", "[covid 19] or [covid19]"),
        ("covid", "COVID-19", "[COVID]-19"),
        ("c++", "C++ and C", "[C++] and C"),
        ("C", "C++ and C", "[C]++ and [C]"),
        ("at&t", "AT&T at t", "[AT&T] at t"),
        ("o'reilly", "O’Reilly's book", "[O’Reilly]'s book"),
        ("u.s.", "us in the U.S. and the US", "us in the [U.S]. and the [US]"),
        # unspaced scripts
        ("東京", "東京都に住む", "[東京]都に住む"),
        ("東京都", "東京都に住む", "[東京都]に住む"),
        ("京", "東京都", "東[京]都"),
        # common words only where there is nothing else
        ("the reform", "The reform of the police", "The [reform] of the police"),
        ("the who", "The Who and the others", "[The] [Who] and [the] others"),
        ("-reform police", "police reform", "[police] reform"),
        ("provider:zdnet.com reform", "zdnet reform", "zdnet [reform]"),
        ("title:reform", "reform", "[reform]"),
        ("excerpt:reform", "reform", "reform"),
    ],
)
def test_marks_stand_on_what_was_found(query: str, text: str, wanted: str) -> None:
    assert marked(query, text) == wanted


def test_a_field_is_marked_in_its_own_area_only() -> None:
    for field in ("title", "excerpt", "related"):
        assert [area for area in AREAS if marker(f"{field}:reform").found("reform", area)] == [
            field
        ]
    assert [area for area in AREAS if marker("reform").found("reform", area)] == list(AREAS)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>x</script>", "&lt;<mark>script</mark>&gt;x&lt;/<mark>script</mark>&gt;"),
        ('"><img src=script()>', "&quot;&gt;&lt;img src=<mark>script</mark>()&gt;"),
        ("<mark>script</mark>", "&lt;mark&gt;<mark>script</mark>&lt;/mark&gt;"),
        ("&lt;script&gt;", "&amp;lt;<mark>script</mark>&amp;gt;"),
        ("a & 'b' \"script\"", "a &amp; &#x27;b&#x27; &quot;<mark>script</mark>&quot;"),
    ],
)
def test_what_a_text_holds_is_escaped(text: str, html: str) -> None:
    assert marker("script").html(text, "title") == html


def test_outlets_and_addresses_are_named_outright() -> None:
    def told(domain: str = "", **urls: Any) -> Article:
        return Article("A title", provider=Provider("", domain) if domain else None, **urls)

    names = marker("provider:zdnet.com https://x.io/a/").names
    assert names(told("zdnet.com"))
    for name in ("url", "amp_url", "cached_url"):
        assert names(told(**{name: "http://www.x.io/a"}))
    assert not names(told("x.io", url="https://x.io/b"))
    assert not names(told())
    assert marker("zdnet.com").names(told("zdnet.com"))
    assert not marker("zdnet").names(told("zdnet.com"))


SEEDS = Path(__file__).parents[2] / "seeds"

TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from((*WORDS, "<b>", "&amp;", "'", "<mark>")), max_size=12).map(" ".join),
)
LEAVES = st.lists(leaves.filter(lambda leaf: isinstance(leaf, Scored | Keyword)), max_size=5)


@given(LEAVES, TEXTS, st.sampled_from(AREAS))
def test_marked_text_is_the_text(found: list[Scored], text: str, area: str) -> None:
    marks = Marker(found)
    html = marks.html(text, area)
    assert unescape(re.sub("</?mark>", "", html)) == text
    assert re.sub("</?mark>", "", html).count("<") == 0
    assert re.findall("</?mark>", html) == ["<mark>", "</mark>"] * len(marks.spans(text, area))


@given(LEAVES, TEXTS, st.sampled_from(AREAS))
def test_marks_are_apart_in_order_and_hold_something(
    found: list[Scored], text: str, area: str
) -> None:
    at = -1
    spans = Marker(found).spans(text, area)
    for start, end in spans:
        assert at < start < end <= len(text)
        at = end
    assert Marker(found).found(text, area) == bool(spans)


@given(LEAVES, TEXTS, st.sampled_from(AREAS))
def test_a_mark_begins_and_ends_with_a_piece_of_the_text(
    found: list[Scored], text: str, area: str
) -> None:
    pieces = list(analysis.pieces(text))
    starts, ends = {piece.start for piece in pieces}, {piece.end for piece in pieces}
    for start, end in Marker(found).spans(text, area):
        assert start in starts
        assert end in ends


@given(TEXTS, st.sampled_from(AREAS))
def test_a_text_is_found_by_its_own_words(text: str, area: str) -> None:
    row = analysis.phrase(text)
    assert Marker([Sequence("text", row)] if row else []).found(text, area) == bool(row)


ENDINGS = ("", "s", "es", "ed", "ing", "er", "y", "ies", "ied", "ly", "ness", "ation", "'s", "e")
STEMS = st.sampled_from(("us", "ow", "fl", "tr", "d", "l", "hop", "hopp", "happ", "polic", "ag"))


@given(st.tuples(STEMS, st.sampled_from(ENDINGS)).map("".join) | st.text(max_size=12))
def test_every_term_of_a_word_leaves_its_trace_in_it(word: str) -> None:
    for raw in word.split():
        for piece in analysis.pieces(raw):
            for term in filter(None, (piece.term, analysis.stem(piece.term))):
                assert trace(term) in _plain(raw)


def test_the_words_of_the_seeds_and_the_exceptions_leave_their_traces() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.md"))]
    words = {raw for text in texts for raw in text.split()}
    words |= {"dying", "lying", "tying", "skies", "skis", "using", "aged", "flies", "early"}
    assert len(words) > 3000
    for raw in words:
        for piece in analysis.pieces(raw):
            for term in filter(None, (piece.term, analysis.stem(piece.term))):
                assert trace(term) in _plain(raw), (raw, term)
