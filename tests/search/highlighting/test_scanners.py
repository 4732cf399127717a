"""The compiled scanner gives what the one in plain Python gives, and refuses what cannot be."""

import os
from html import escape, unescape
from importlib import import_module
from itertools import pairwise, product
from pathlib import Path
from string import ascii_lowercase

import markupsafe
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.tokenizer import analyze
from search_app.search.highlighting import native, plain
from search_app.search.highlighting.highlighter import Highlighter
from search_app.search.highlighting.marking_cost import CostExceeded, CostLimit
from search_app.search.highlighting.phrase_spans import Span
from search_app.search.highlighting.plain import Match, WordMatch
from search_app.search.highlighting.prefilter import prefilter_keys
from search_app.search.highlighting.scanners import PLAIN, SCANNERS, Scanner, scanners
from search_app.search.query.logical import Phrase, Scored, Term
from search_app.search.request import Sort
from tests.conditions import chance, examples
from tests.search.highlighting.test_highlighter import drawn_case

if "native" not in SCANNERS:
    if os.environ.get("NEWSDEX_REQUIRE_KERNEL"):
        raise RuntimeError("the scanner was not built, and NEWSDEX_REQUIRE_KERNEL is set")
    pytest.skip("the scanner was not built: no C compiler", allow_module_level=True)

NATIVE = SCANNERS["native"]

LETTERS = st.sampled_from("aAbBzZ09 \n\0\t&\uff06-.'`_,<>\"éßİäÖ新ー\uff70ｱア\ufdfaЖ\U0001f600")
TEXTS = st.text(LETTERS | st.characters(exclude_categories=["Cs"]), max_size=60)
KEYS = st.lists(st.text(LETTERS, min_size=1, max_size=4), max_size=20)


def matching(most: int) -> Match:
    """What matches in a word, depending on nothing but the word, until `most` words were asked."""
    asked: list[str] = []

    def match(raw: str) -> WordMatch | None:
        asked.append(raw)
        if len(asked) > most:
            raise CostExceeded
        spans = [(at, at + 1) for at, letter in enumerate(raw) if letter in "aé新"]
        phrases = [len(raw)] if "b" in raw.lower() else []
        return (spans, phrases) if spans or phrases else None

    return match


@given(st.lists(TEXTS, max_size=6), KEYS, st.data())
def test_texts_are_searched_for_the_same_keys(
    texts: list[str], drawn: list[str], data: st.DataObject
) -> None:
    """Half of the keys stand in the texts as they are folded, also across a blank."""
    lines = plain.folded_texts(texts).lines.decode().split("\n")
    places = st.tuples(st.sampled_from(lines), st.integers(0, 60), st.integers(1, 12))
    there = [line[at : at + size].strip(" ") for line, at, size in data.draw(st.lists(places))]
    keys = {key.replace("\n", " ").strip(" ").encode() for key in [*drawn, *there]} - {b""}
    assert NATIVE.scan(texts, keys, matching(999)) == PLAIN.scan(texts, keys, matching(999))
    assert NATIVE.scan(texts, None, matching(999)) == PLAIN.scan(texts, None, matching(999))


@pytest.mark.parametrize("scanner", SCANNERS.values(), ids=SCANNERS)
@given(text=TEXTS)
def test_a_text_is_escaped_as_markupsafe_escapes_it(scanner: Scanner, text: str) -> None:
    escaped = scanner.as_html(text)
    assert escaped.replace("&quot;", "&#34;").replace("&#x27;", "&#39;") == markupsafe.escape(text)
    assert scanner.as_html(markupsafe.Markup(text)) == text  # noqa: S704 - not from outside


@pytest.mark.parametrize("scanner", SCANNERS.values(), ids=SCANNERS)
def test_what_is_no_text_becomes_one(scanner: Scanner) -> None:
    values = (12, 1.5, None, ["<"], Sort.NEWEST)
    shown = ["12", "1.5", "None", "[&#x27;&lt;&#x27;]", "newest"]
    assert [scanner.as_html(value) for value in values] == shown


@given(st.lists(TEXTS, min_size=1, max_size=6), st.integers(0, 20))
def test_both_stop_at_the_same_text(texts: list[str], most: int) -> None:
    *_, found = NATIVE.scan(texts, None, matching(most))
    *_, expected = PLAIN.scan(texts, None, matching(most))
    assert found == expected


def test_nothing_is_told_of_a_text_after_the_one_at_which_it_was_enough() -> None:
    for scanner in (NATIVE, PLAIN):
        *_, found = scanner.scan(["a", "b", "a"], None, matching(1))
        assert [number for number, *_ in found] == [0]


@pytest.mark.parametrize("key", ["-bcdefghij", "xbcdefghik", "j kl-", "abcdefghijk", "klmnop"])
def test_a_key_of_which_only_a_part_is_there_is_not_found(key: str) -> None:
    for scanner in (NATIVE, PLAIN):
        *_, found = scanner.scan(["abcdefghij klmno"], {key.encode()}, matching(9))
        assert found == []


def test_a_key_is_found_wherever_it_stands_and_however_long_it_is() -> None:
    text = "1a2b3c4d5e6f 7g8h9i"  # where a term may begin with each letter
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            key = text[start:end]
            if key != key.strip():
                continue  # no word begins or ends with a blank
            asked: list[str] = []
            *_, found = NATIVE.scan(["-", text, ""], {key.encode()}, asked.append)
            assert [number for number, *_ in found] == [1], key
            assert asked == [text.split()[text.count(" ", 0, start)]], key


ASCII = st.text(st.sampled_from("aAbBzZ09-.'&,_`+#(\"@/"), min_size=1, max_size=12)


@given(ASCII)
def test_no_word_is_passed_over_for_a_term_that_it_has(raw: str) -> None:
    for term, *_ in analyze(raw)[0]:
        assert plain.may_match(raw, prefilter_keys(term)), term


def test_a_word_in_which_no_term_begins_so_is_not_asked_for() -> None:
    text = "mining Ming BINDING in XMLIn Linus McIndo e-inks 7in 70 7-0"
    for scanner in (NATIVE, PLAIN):
        asked: list[str] = []
        scanner.scan([text], {b"in", b"0"}, asked.append)
        assert asked == ["in", "XMLIn", "McIndo", "e-inks", "7in", "7-0"]


def test_a_letter_is_looked_for_without_analysing_every_word() -> None:
    words = ["".join(pair) + "c" for pair in product(ascii_lowercase.replace("c", ""), repeat=2)]
    text = "vitamin C " + " ".join(words)
    for scanner in (NATIVE, PLAIN):
        limit = CostLimit(2_000)
        marker = Highlighter([Term("text", "c")], scanner=scanner)
        assert marker.spans([text], ["title"], limit) == [[(8, 9)]]
        assert not limit.is_exceeded


def test_a_word_that_begins_with_an_accent_is_marked_by_its_stem() -> None:
    leaves = [Term("text", "evoquer", "~fr:evoqu")]
    for scanner in (NATIVE, PLAIN):
        marker = Highlighter(leaves, scanner=scanner)
        assert marker.spans(["Une loi évoquée"], ["title"], None, ["fr"]) == [[(8, 15)]]


def test_the_same_is_marked_by_either() -> None:
    for number in range(examples(150, 5_000)):
        leaves, text = drawn_case(chance("scanned", number))
        one, other = [
            Highlighter(leaves, scanner=scanner).spans([text] * 2, ["title", "excerpt"])
            for scanner in (NATIVE, PLAIN)
        ]
        assert one == other, (number, leaves, text)


@given(TEXTS, st.lists(st.integers(0, 60)))
def test_marked_text_is_written_the_same(text: str, cuts: list[int]) -> None:
    ends = sorted({cut for cut in cuts if cut <= len(text)})
    spans = [span for number, span in enumerate(pairwise(ends)) if number % 2 == 0]
    html = NATIVE.marked(text, spans)
    assert html == PLAIN.marked(text, spans)
    assert unescape(html.replace("<mark>", "").replace("</mark>", "")) == unescape(escape(text))


def test_text_without_a_mark_and_a_sign_of_html_is_not_written_anew() -> None:
    text = "Police reform".join(["", ""])
    assert NATIVE.marked(text, []) is text


@pytest.mark.parametrize(
    "spans", [[(-1, 1)], [(0, 5)], [(2, 1)], [(0, 2), (1, 3)], [(5, 5)], [(0, 2**63)]]
)
def test_spans_that_cannot_be_are_refused(spans: list[Span]) -> None:
    for text in ("abcd", "abcé", "abc新", "abc\U0001f600"):
        with pytest.raises((ValueError, OverflowError)):
            NATIVE.marked(text, spans)


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ValueError, match="an empty key"):
        NATIVE.scan(["a"], {b""}, lambda _: None)


def test_the_scanner_is_as_new_as_its_parts() -> None:
    """Else what is tested here is not what is written there: `make` builds it."""
    (folder,) = native.__path__
    sources = list(Path(folder).glob("*.pyx"))
    newest = max(source.stat().st_mtime for source in sources)
    for source in sources:
        built = import_module(f"{native.__name__}.{source.stem}").__file__
        assert built
        assert Path(built).stat().st_mtime >= newest, source


def test_a_scanner_of_another_version_is_not_used(caplog: pytest.LogCaptureFixture) -> None:
    assert list(scanners()) == ["native", "plain"]
    assert list(scanners(10_000)) == ["plain"]
    assert "another version" in caplog.text


def test_the_limit_holds_in_either() -> None:
    texts = ["reform " * 3, "police reform", "the reform of a police"] * 4
    phrase = Phrase("text", ("police", "reform"))
    leaves: list[Scored] = [Term("text", "reform", "~en:reform"), phrase]
    left = set()
    for most in range(300):
        found = []
        for scanner in (NATIVE, PLAIN):
            limit = CostLimit(most)
            marker = Highlighter(leaves, scanner=scanner)
            found.append((marker.spans(texts, ["title"] * len(texts), limit), max(limit.left, -1)))
        assert found[0] == found[1], most
        left.add(limit.is_exceeded)
    assert left == {True, False}
