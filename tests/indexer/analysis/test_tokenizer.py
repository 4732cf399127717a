"""Analysis: awkward words are found however they are written, and nothing makes it fail."""

import re
import unicodedata
from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis import folding, tokenizer
from indexer.analysis.folding import MARKS, fold
from indexer.analysis.tokenizer import (
    MAX_TERM,
    SHORT,
    STEM_MARK,
    STOP_WORDS,
    phrase,
    query_forms,
    stem,
    tokenize,
)
from tests.conditions import chance


def stands(run: tuple[str, ...], text: str) -> bool:
    """Whether the terms of a run stand in a row in a text."""
    places = {(piece.term, piece.position) for piece in tokenize(text)}
    return any(
        all((term, at + step) in places for step, term in enumerate(run))
        for first, at in places
        if first == run[0]
    )


def finds(query: str, text: str) -> bool:
    """Whether a typed word finds a text: one of its runs stands in it, or its stem does."""
    stems = {stem(piece.term) for piece in tokenize(text)} - {""}
    return any(
        stands(run, text) or (len(run) == 1 and stem(run[0]) in stems) for run in query_forms(query)
    )


EITHER_WAY = [
    ("C++", "c++"),
    ("C#", "c#"),
    (".NET", ".net"),
    ("AT&T", "at&t"),
    ("R&D", "r&d"),
    ("U.S.", "U.S"),
    ("U.K.", "UK"),
    ("U.S.A.", "USA"),
    ("COVID-19", "covid-19"),
    ("COVID-19", "covid19"),
    ("COVID-19", "COVID\u201119"),
    ("GPT-3", "gpt3"),
    ("e-mail", "email"),
    ("e-mails", "email"),
    ("O'Reilly", "O\u2019Reilly"),
    ("O'Reilly", "O\u02bcReilly"),
    ("O'Reilly", "oreilly"),
    ("O\u2019Reilly's", "o'reilly"),
    ("Hawai\u02bbi", "Hawaii"),
    ("Qur\u02bean", "Quran"),
    ("1,000,000", "1000000"),
    ("3.14", "3.14"),
    ("mayor's", "mayor"),
    ("mayor\u2019s", "mayors"),
    ("reforms", "reforming"),
    ("snake_case", "snake-case"),
    ("Node.js", "nodejs"),
    ("café", "CAFE"),
    ("café", "cafe\u0301"),
    ("naïve", "naive"),
    ("Łódź", "lodz"),
    ("Reykjavík", "reykjavik"),
    ("Þór", "thor"),
    ("smørrebrød", "smorrebrod"),
    ("İstanbul", "istanbul"),
    ("Diyarbakır", "DIYARBAKIR"),
    ("Straße", "STRASSE"),
    ("Ærø", "aero"),
    ("ｆｕｌｌ", "full"),
    ("ﬁnance", "finance"),
    ("co\u00adoperate", "cooperate"),
    ("Όσλο", "ΟΣΛΟ"),
    ("Ёлка", "елка"),
    ("हिन्दी", "हिन्दी"),
    ("مُحَمَّد", "محمد"),
    ("محـــمد", "محمد"),
    ("שָׁלוֹם", "שלום"),
    ("می\u200cخواهم", "میخواهم"),
    ("東京", "東京"),
    ("ｶﾞｽ", "ガス"),
    ("か\u3099", "が"),
    ("한국어", unicodedata.normalize("NFD", "한국어")),
    ("ภาษาไทย", "ภาษาไทย"),
    ("1\ufe0f\u20e3", "1"),
]
ONE_WAY = [
    ("covid", "COVID-19"),
    ("19", "COVID-19"),
    ("reilly", "O'Reilly"),
    ("case", "snake_case"),
    ("net", ".NET"),
    ("us", "U.S."),
    ("us", "US"),
    ("US", "join us"),
    ("U.S.", "US"),
    ("U.S.", "the US's own"),
    ("IT", "the IT crowd"),
    ("C", "C++ and Rust"),
    ("京都", "東京都"),
    ("京", "東京都"),
    ("都", "東京都"),
    ("東京都", "今日の東京都庁"),
    ("ไทย", "ภาษาไทย"),
    ("who", "The Who"),
    ("example.com", "https://www.example.com/a?b=c#d"),
    ("and/or", "and or"),
    ("covid19", "about COVID-19, again"),
]
NEVER = [
    ("C++", "vitamin C"),
    (".NET", "net income"),
    ("AT&T", "at t"),
    ("U.S.", "join us"),
    ("covid19", "covid-20"),
    ("京東", "東京都"),
    ("cat", "concatenate"),
    ("o", "oreilly"),
    ("1000", "1,000,000"),
]


@pytest.mark.parametrize(("one", "other"), EITHER_WAY)
def test_two_ways_of_writing_find_each_other(one: str, other: str) -> None:
    one, typed = unicodedata.normalize("NFC", one), other
    assert finds(typed, f"Before {one}, after.")
    assert finds(one, f"Before {unicodedata.normalize('NFC', other)}, after.")


@pytest.mark.parametrize(("query", "text"), ONE_WAY)
def test_a_query_finds_what_contains_it(query: str, text: str) -> None:
    assert finds(query, text)


@pytest.mark.parametrize(("query", "text"), NEVER)
def test_a_query_does_not_find_what_only_looks_like_it(query: str, text: str) -> None:
    assert not finds(query, text)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        ("... \u2014 !? ' & _", []),
        ("The Who", ["the@0", "who@1"]),
        ("C++ code", ["c@0", "c++@0", "code@1"]),
        ("COVID-19 now", ["covid@0", "19@1", "covid19@0", "now@2"]),
        ("1,000,000 or 1,00", ["1000000@0", "or@1", "1@2", "00@3"]),
        ("version 2.7.5", ["version@0", "2.7.5@1"]),
        ("東京都 a", ["東京@0", "京都@1", "東@0", "京@1", "都@1", "a@2"]),
        ("東京a", ["東京@0", "a@1", "東@0", "京@0"]),
        ("a-\u0301-b", ["a@0", "b@1", "ab@0"]),
    ],
)
def test_terms_stand_at_successive_positions(text: str, terms: list[str]) -> None:
    assert [f"{piece.term}@{piece.position}" for piece in tokenize(text)] == terms


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("", ()),
        ("--", ()),
        ("C++", (("c++",),)),
        ("AT&T", (("att",),)),
        ("covid-19", (("covid19",), ("covid", "19"))),
        ("US", (("us",),)),
        ("U.S.", (("u.s",),)),
        ("and/or", (("and", "or"),)),
        ("C++/.NET", (("c++", ".net"),)),
        ("東京都", (("東京", "京都"),)),
    ],
)
def test_a_typed_word_may_stand_in_several_ways(
    word: str, expected: tuple[tuple[str, ...], ...]
) -> None:
    assert query_forms(word) == expected


def test_a_phrase_is_its_words_in_a_row() -> None:
    assert phrase("The C++ of COVID-19, U.S. edition") == (
        *("the", "c++", "of", "covid", "19"),
        *("u.s", "edition"),
    )


@pytest.mark.parametrize(
    ("exact", "expected"),
    [("reforms", "~reform"), ("covid19", ""), ("19", ""), ("up", ""), ("école", ""), ("u.s", "")],
)
def test_only_english_words_have_a_stem(exact: str, expected: str) -> None:
    assert stem(exact) == expected


def test_common_words_are_exact_forms() -> None:
    assert {term for word in STOP_WORDS for (term,) in query_forms(word)} == STOP_WORDS


AWKWARD = st.text(
    st.sampled_from("aZiUSs09.,'\u2019\u02bc-&+#_ /\u00ad\u0301\u0640\u3099東京カｶﾞกี่हि्한İßŁﬁ２½²"),
    max_size=40,
)
TEXTS = st.one_of(AWKWARD, st.text(), st.text(st.characters()))


@given(TEXTS)
@example("İ.S's ﷺ\ud800")
def test_any_text_has_ascending_positions_and_offsets_that_slice_back(text: str) -> None:
    last = -1
    for piece in tokenize(text):
        found = squeeze(fold(text[piece.start : piece.end]))
        assert found[: len(squeeze(piece.term))] == squeeze(piece.term)
        assert len(found) == len(squeeze(piece.term)) or len(piece.term) == MAX_TERM
        assert 0 <= piece.start < piece.end <= len(text)
        if not piece.overlay:
            assert piece.position == last + 1
            last = piece.position
        assert 0 <= piece.position <= last


def squeeze(text: str) -> str:
    """Text without the signs that may be missing from a term."""
    return re.sub(r"[^\w]|_", "", text)


@given(AWKWARD | st.text())
def test_a_text_contains_its_own_words(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    for word in text.split():
        assert all(stands(run, text) for run in query_forms(word)), (word, query_forms(word))
    assert not phrase(text) or stands(phrase(text), text)


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_any_one_character_of_the_basic_plane_twice_changes_nothing() -> None:
    assert [c for c in map(chr, range(0x10000)) if fold(fold(c)) != fold(c)] == []


@given(TEXTS)
def test_terms_are_folded_and_unlike_stems(text: str) -> None:
    for piece in tokenize(text):
        assert piece.term
        assert fold(piece.term) == piece.term
        assert not piece.term.startswith(STEM_MARK)


@given(st.sampled_from(["x", "x.", "x-", "ß.", "東", "ß", "1,000,"]), st.integers(1, 300))
def test_no_term_is_longer_than_the_limit(part: str, times: int) -> None:
    text = part * times
    assert all(len(piece.term) <= MAX_TERM for piece in tokenize(f"{text} .{text}"))
    assert all(len(term) <= MAX_TERM for run in query_forms(text) for term in run)


def test_long_words_that_begin_alike_are_one_term() -> None:
    assert finds("x" * 100, "y " + "x" * 80)
    assert finds("x." * 100, "x." * 90)


@given(TEXTS)
def test_a_stem_is_marked_and_of_an_english_word(text: str) -> None:
    for piece in tokenize(text):
        if found := stem(piece.term):
            assert found.startswith(STEM_MARK)
            assert piece.term.isascii()


def test_every_mark_of_the_basic_plane_belongs_to_its_word() -> None:
    marks = re.compile(f"[{MARKS}]")
    plane = [chr(code) for code in range(0x10000)]
    missing = [c for c in plane if unicodedata.category(c)[0] == "M" and not marks.match(c)]
    assert missing == []


def test_no_sign_that_parts_words_is_taken_for_a_mark() -> None:
    marks = re.compile(f"[{MARKS}]")
    invisible = "\u00ad\u200b\u200c\u200d"
    found = [c for c in map(chr, range(0x10000)) if marks.match(c) and not c.isalnum()]
    kinds = {unicodedata.category(c) for c in found if c not in invisible}
    assert kinds <= {"Mn", "Mc", "Me", "Cn"}


@pytest.mark.parametrize("word", ["हिन्दी", "தமிழ்", "తెలుగు", "മലയാളം", "বাংলা", "සිංහල", "ދިވެހި"])
def test_words_of_scripts_with_vowel_signs_stay_whole(word: str) -> None:
    assert [piece.end - piece.start for piece in tokenize(word)] == [len(word)]


@pytest.mark.parametrize("word", ["ภาษาไทย", "ພາສາລາວ", "မြန်မာ", "ភាសាខ្មែរ", "ひらがな", "中文"])
def test_unspaced_words_give_overlapping_pairs_that_cover_them(word: str) -> None:
    parts = [piece for piece in tokenize(word) if not piece.overlay]
    assert [(piece.start, piece.end) for piece in parts] == [
        (at, at + 2) for at in range(len(word) - 1)
    ]


def test_other_terms_need_another_version() -> None:
    texts = [text for pair in (*EITHER_WAY, *ONE_WAY, *NEVER) for text in pair]
    print = sha256(
        repr([[tuple(token) for token in tokenize(text)] for text in texts]).encode()
    ).hexdigest()[:16]
    assert {tokenizer.VERSION: print} == {1: "c012bdf773fe95e3"}, (
        "raise tokenizer.VERSION if the terms are others"
    )


@pytest.mark.parametrize("raw", ["京" * 4000, "a-" * 2000, "x" * (SHORT + 1)])
def test_of_long_words_nothing_is_remembered(raw: str) -> None:
    """They would fill the memory: a sentence without blanks is one word of hundreds of pieces."""
    before = tokenizer._remembered.cache_info().currsize
    assert list(tokenizer.tokenize(raw))
    assert tokenizer._remembered.cache_info().currsize == before
    list(tokenizer.tokenize(f"short{before}"))
    assert tokenizer._remembered.cache_info().currsize == before + 1


@given(st.text("abcAZ09é_.", max_size=8) | st.from_regex(r"[a-z0-9]{1,80}", fullmatch=True))
def test_what_is_one_term_as_it_stands_is_the_term_that_is_found_in_it(text: str) -> None:
    """Two full stops behind a word part it from what follows, and keep it from being looked at as
    one term as it stands."""
    if text and text[-1] not in "._":
        assert query_forms(text) == query_forms(f"{text}..")
        assert phrase(text) == phrase(f"{text}..")
        assert phrase(f"{text} {text}") == phrase(f"{text}.. {text}..")


def test_letters_that_are_said_to_fold_to_themselves_do_alone_and_side_by_side() -> None:
    """No mark is among them, so nothing is composed or put in order across two of them."""
    letters = [chr(code) for code in range(0x32000) if folding._UNCHANGED.fullmatch(chr(code))]
    assert len(letters) > 60_000
    assert "".join(map(folding._folded, letters)) == "".join(letters)
    draw = chance("folding")
    for _ in range(2000):
        text = "".join(draw.choices(letters, k=draw.randint(1, 6)))
        assert folding.fold(text) == folding._folded(text) == text
