"""Where marks stand, and that marked text is nothing but the text."""

import random
import re
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from indexer.analysis import tokenizer
from indexer.analysis.languages import ALGORITHMS
from indexer.item import Article, Provider
from search_app.search.highlighting.highlighter import HIGHLIGHT_FIELDS, Highlighter
from search_app.search.highlighting.marking_cost import CostLimit
from search_app.search.highlighting.phrase_spans import Span
from search_app.search.highlighting.plain import folded_texts
from search_app.search.highlighting.prefilter import prefilter_keys
from search_app.search.query.logical import Keyword, Phrase, Prefix, Scored, Term, scored
from search_app.search.query.parser import parse
from search_app.search.query.rewrite import Match, discriminating, rewrite
from search_app.search.vocabulary import Vocabulary
from tests.conditions import chance, examples
from tests.contract.corpora import WORDS, leaves


def marker(query: str) -> Highlighter:
    return Highlighter(scored(rewrite(parse(query).tree, Match.ANY, Vocabulary({})).full))


def spans(marker: Highlighter, text: str, area: str) -> list[Span]:
    (found,) = marker.spans([text], [area])
    return found


def html(marker: Highlighter, text: str, area: str = "title") -> str:
    return marker.marked(text, spans(marker, text, area))


def bracketed(query: str, text: str) -> str:
    """The text with `[` `]` for the marks, unescaped."""
    html_of_it = html(marker(query), text)
    return unescape(html_of_it.replace("<mark>", "[").replace("</mark>", "]"))


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
        ('"r r"', "r r j r r", "[r r] j [r r]"),
        ('"新"', "新新 東新新新", "[新新] 東[新新新]"),
        ('"東 新"', "東 新新 東", "[東 新新] 東"),
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
    assert bracketed(query, text) == wanted


def test_a_field_is_marked_in_its_own_area_only() -> None:
    for field in ("title", "excerpt", "related", "author"):
        assert [a for a in HIGHLIGHT_FIELDS if spans(marker(f"{field}:reform"), "reform", a)] == [
            field
        ]
    assert [a for a in HIGHLIGHT_FIELDS if spans(marker("reform"), "reform", a)] == list(
        HIGHLIGHT_FIELDS
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<script>x</script>", "&lt;<mark>script</mark>&gt;x&lt;/<mark>script</mark>&gt;"),
        ('"><img src=script()>', "&quot;&gt;&lt;img src=<mark>script</mark>()&gt;"),
        ("<mark>script</mark>", "&lt;mark&gt;<mark>script</mark>&lt;/mark&gt;"),
        ("&lt;script&gt;", "&amp;lt;<mark>script</mark>&amp;gt;"),
        ("a & 'b' \"script\"", "a &amp; &#x27;b&#x27; &quot;<mark>script</mark>&quot;"),
    ],
)
def test_what_a_text_holds_is_escaped(text: str, wanted: str) -> None:
    assert html(marker("script"), text) == wanted


def test_outlets_and_addresses_are_named_outright() -> None:
    def told(domain: str = "", **urls: Any) -> Article:
        return Article("A title", provider=Provider("", domain) if domain else None, **urls)

    names = marker("provider:zdnet.com https://x.io/a/").matches_outlet
    assert names(told("zdnet.com"))
    for name in ("url", "amp_url", "cached_url"):
        assert names(told(**{name: "http://www.x.io/a"}))
    assert not names(told("x.io", url="https://x.io/b"))
    assert not names(told())
    assert marker("zdnet.com").matches_outlet(told("zdnet.com"))
    assert not marker("zdnet").matches_outlet(told("zdnet.com"))


SEEDS = Path(__file__).parents[3] / "seeds"

TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from((*WORDS, "<b>", "&amp;", "'", "<mark>")), max_size=12).map(" ".join),
)
LEAVES = st.lists(leaves.filter(lambda leaf: isinstance(leaf, Scored | Keyword)), max_size=5)


@given(LEAVES, TEXTS, st.sampled_from(HIGHLIGHT_FIELDS))
def test_marked_text_is_the_text(found: list[Scored], text: str, area: str) -> None:
    marks = Highlighter(found)
    made = html(marks, text, area)
    assert unescape(re.sub("</?mark>", "", made)) == text
    assert re.sub("</?mark>", "", made).count("<") == 0
    assert re.findall("</?mark>", made) == ["<mark>", "</mark>"] * len(spans(marks, text, area))


@given(LEAVES, st.lists(st.tuples(st.sampled_from(HIGHLIGHT_FIELDS), TEXTS), max_size=6))
def test_many_texts_at_once_are_marked_as_each_alone(
    found: list[Scored], texts: list[tuple[str, str]]
) -> None:
    marks = Highlighter(found)
    found_in_all = marks.spans([text for _, text in texts], [area for area, _ in texts])
    assert found_in_all == [spans(marks, text, area) for area, text in texts]


@given(LEAVES, TEXTS, st.sampled_from(HIGHLIGHT_FIELDS))
@example([Term("text", "u.s", "us")], "uS", "title")
def test_every_piece_that_a_leaf_asks_for_is_marked(
    found: list[Scored], text: str, area: str
) -> None:
    """Told piece by piece, without a glance at what can be passed over."""
    there = spans(Highlighter(found), text, area)
    telling = discriminating(found)
    for piece in tokenizer.tokenize(text):
        wanted = any(asks_for(leaf, piece.term, area) for leaf in telling)
        inside = any(start <= piece.start and piece.end <= end for start, end in there)
        assert inside or not wanted


ROWS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(
    lambda words: Phrase("text", tokenizer.phrase(" ".join(words)))
)
MANY = st.lists(LEAVES, min_size=4, max_size=8).map(
    lambda lists: [x for some in lists for x in some]
)


@given(st.lists(ROWS.filter(lambda row: row.terms), max_size=4), TEXTS)
def test_a_row_is_marked_wherever_all_of_the_text_analysed_has_it(
    rows: list[Phrase], text: str
) -> None:
    pieces = list(tokenizer.tokenize(text))
    places = {(piece.term, piece.position) for piece in pieces}
    there = spans(Highlighter(rows), text, "title")
    wanted = [
        (piece.start, end.end)
        for row in rows
        for piece in pieces
        if all((term, piece.position + n) in places for n, term in enumerate(row.terms))
        for end in pieces
        if (end.term, end.position) == (row.terms[-1], piece.position + len(row.terms) - 1)
        if piece.term == row.terms[0]
    ]
    for start, last in wanted:
        assert any(first <= start and last <= end for first, end in there)
    covered = {at for start, last in wanted for at in range(start, last)}
    assert all(start in covered and end - 1 in covered for start, end in there)


@given(MANY | LEAVES, TEXTS, st.sampled_from(HIGHLIGHT_FIELDS))
def test_it_is_all_the_same_whether_words_are_glanced_at_or_all_analysed(
    found: list[Scored], text: str, area: str
) -> None:
    assert spans(Highlighter(found, 0), text, area) == spans(Highlighter(found, 1000), text, area)


def test_a_letter_that_folds_to_several_words_is_marked() -> None:
    assert bracketed("\ufdfa", "a \ufdfa b") == "a [\ufdfa] b"


def test_marking_a_long_text_takes_no_more_than_its_length() -> None:
    """A hundred thousand times the same word: in time that grows with their square, minutes."""
    text = "x " * 100_000
    (found,) = marker('x "x b"').spans([text], ["excerpt"], CostLimit(10**9))
    assert len(found) == 100_000


def asks_for(leaf: Scored | Keyword, term: str, area: str) -> bool:
    if leaf.field not in ("text", area):
        return False
    match leaf:
        case Term(_, exact, ""):
            return term == exact
        case Term(_, _, stem):
            return stem in (term, tokenizer.stem(term))
        case Prefix(_, prefix):
            return term.startswith(prefix)
        case Phrase(_, (only,)):
            return term == only
    return False


@given(LEAVES, TEXTS, st.sampled_from(HIGHLIGHT_FIELDS))
def test_marks_are_apart_in_order_and_hold_something(
    found: list[Scored], text: str, area: str
) -> None:
    at = -1
    for start, end in spans(Highlighter(found), text, area):
        assert at < start < end <= len(text)
        at = end


@given(LEAVES, TEXTS, st.sampled_from(HIGHLIGHT_FIELDS))
def test_a_mark_begins_and_ends_with_a_piece_of_the_text(
    found: list[Scored], text: str, area: str
) -> None:
    pieces = list(tokenizer.tokenize(text))
    starts, ends = {piece.start for piece in pieces}, {piece.end for piece in pieces}
    for start, end in spans(Highlighter(found), text, area):
        assert start in starts
        assert end in ends


@given(TEXTS, st.sampled_from(HIGHLIGHT_FIELDS))
def test_a_text_is_found_by_its_own_words(text: str, area: str) -> None:
    row = tokenizer.phrase(text)
    assume(max(map(len, row), default=0) > 1)  # of initials not all are: see `phrase_start_keys`
    assert bool(spans(Highlighter([Phrase("text", row)] if row else []), text, area)) == bool(row)


ENDINGS = ("", "s", "es", "ed", "ing", "er", "y", "ies", "ied", "ly", "ness", "ation", "'s", "e")
STEMS = st.sampled_from(
    [
        *(
            "us",
            "ow",
            "fl",
            "tr",
            "d",
            "l",
            "hop",
            "hopp",
            "happ",
            "polic",
            "ag",
            "colour",
            "organis",
        ),
        *("Lütti", "Đo", "MP", "F-16", "1980", "GullPhone", "v2.0.1", "gunmen", "U.S.-l", "O´T"),
        *("コンピューター", "Ham & Egg", "rock&roll", "٢٠", "चाँ", "کت", "Ｑ＆Ａ"),
    ]
)


@given(st.tuples(STEMS, st.sampled_from(ENDINGS)).map("".join) | st.text(max_size=12))
def test_every_term_of_a_word_leaves_its_trace_in_it(word: str) -> None:
    word = normalize("NFC", word)
    for raw in word.split():
        for term, language in product(tokenizer.tokenize(raw), ALGORITHMS):
            for one in filter(None, (term.term, tokenizer.stem(term.term, language))):
                assert has_key(raw, one), one


def test_the_words_of_the_seeds_and_the_exceptions_leave_their_traces() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.md"))]
    words = {raw for text in texts for raw in text.split()}
    words |= {"dying", "lying", "tying", "skies", "skis", "using", "aged", "flies", "early"}
    assert len(words) > 3000
    for raw in words:
        for piece, language in product(tokenizer.tokenize(raw), ALGORITHMS):
            for term in filter(None, (piece.term, tokenizer.stem(piece.term, language))):
                assert has_key(raw, term), (raw, term)


ALPHABETS = (
    ("ha", "ho", "HA!", "ha-ha", "ha'ho"),
    ("a", "b", "a-b", "a&b", "b.a", "c++", "A.B."),
    ("新", "新東", "東京都", "ガ", "か\u3099", "新 ", "x"),
    ("新", "新", "東"),
    ("covid-19", "covid19", "covid", "19", "O'Reilly's", "oreilly", "1,000.5", "é\u0301"),
    (
        "WHO",
        "who",
        "W.H.O.",
        "Lüttich",
        "luettich",
        "MPs",
        "MP",
        "mps",
        "1980's",
        "1980",
        "Müller's",
    ),
    ("GullPhone12", "gull", "12", "Ham", "&", "and", "Egg", "ham&egg", "colours", "color"),
    (
        "コンピューター",
        "コンピュータ",
        "ピュ",
        "サーバー",
        "women",
        "woman",
        "organise",
        "organized",
    ),
)
CASES = examples(300, 20_000)


def has_key(word: str, term: str) -> bool:
    """Whether a word is not passed over in search of a term."""
    folded = folded_texts([word]).lines
    return any(key.encode() in folded for key in prefilter_keys(term))


def brute_force(found: list[Scored], text: str, area: str) -> set[int]:
    """The characters to be marked, by definition: all of the text is analysed, and every leaf is
    looked for at every piece."""
    marked_characters: set[int] = set()
    pieces = list(tokenizer.tokenize(text))
    for leaf in discriminating(found):
        for first in pieces:
            if not isinstance(leaf, Phrase):
                ends = [first.end] if asks_for(leaf, first.term, area) else []
            elif leaf.field in ("text", area) and first.term == leaf.terms[0]:
                places = [
                    [p for p in pieces if (p.term, p.position) == (term, first.position + step)]
                    for step, term in enumerate(leaf.terms)
                ]
                ends = [last.end for last in places[-1]] if all(places) else []
            else:
                ends = []
            for end in ends:
                marked_characters.update(range(first.start, end))
    return marked_characters


def drawn_case(draw: random.Random) -> tuple[list[Scored], str]:
    """A text of few words that repeat, and leaves made of the same words."""
    words = draw.choice(ALPHABETS)

    def text(longest: int) -> str:
        return draw.choice(("", " ", " ")).join(draw.choices(words, k=draw.randint(1, longest)))

    leaves: list[Scored] = []
    for _ in range(draw.choice((1, 1, 3, 30))):
        field = draw.choice(("text", "text", "excerpt", "title"))
        row = tokenizer.phrase(text(draw.choice((1, 3, 12))))
        word = draw.choice(row) if row else "x"
        if row:
            leaves.append(Phrase(field, row))
        typed = rewrite(parse(draw.choice(words)).tree, Match.ALL, Vocabulary({})).full
        leaves += [leaf for leaf in scored(typed) if not isinstance(leaf, Keyword)]
        leaves.append(
            draw.choice((Prefix(field, word[:2]), Term(field, word, tokenizer.stem(word))))
        )
    return draw.sample(leaves, k=draw.randint(1, len(leaves))), text(draw.choice((4, 40)))


def test_what_is_marked_is_what_all_of_the_text_analysed_says() -> None:
    for number in range(CASES):
        found, text = drawn_case(chance("marked", number))
        there = spans(Highlighter(found), text, "excerpt")
        characters = {at for start, end in there for at in range(start, end)}
        assert characters == brute_force(found, text, "excerpt"), (number, found, text)


def test_a_single_letter_of_a_script_without_blanks_is_found_in_a_longer_word() -> None:
    found = Highlighter([Phrase("text", ("新", "ガ"))])
    assert spans(found, "新東 ガ", "excerpt") == [(0, 4)]


def test_what_costs_too_much_is_not_marked_nor_what_comes_after() -> None:
    texts, fields = ["reform " * 10] * 3, ["title"] * 3
    whole = marker("reform").spans(texts, fields)
    costs = []
    for max_cost in range(100):
        limit = CostLimit(max_cost)
        found = marker("reform").spans(texts, fields, limit)
        marked_texts = [spans for spans in found if spans]
        assert limit.is_exceeded == (len(marked_texts) < 3)
        assert found == whole[: len(marked_texts)] + [[]] * (3 - len(marked_texts))
        costs.append(len(marked_texts))
    assert costs == sorted(costs)
    assert set(costs) == {0, 1, 2, 3}


def test_a_title_is_marked_before_what_comes_after_it_whatever_its_field_is_searched_by() -> None:
    """Blocks of text are marked in their order, not one field after the other."""
    long = "reform " * 10_000
    limit = CostLimit(40_000)
    found = marker("title:reform excerpt:reform").spans(
        ["reform", "reform", *[long] * 8], ["title", "excerpt", *["title"] * 8], limit
    )
    assert limit.is_exceeded
    assert all(found[:2])
    assert not found[-1]
