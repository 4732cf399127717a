"""Analysis: awkward words are found however they are written, and nothing makes it fail."""

import re
import unicodedata
from hashlib import sha256

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis import chunks, folding, tokenizer
from indexer.analysis.english import STOP_WORDS
from indexer.analysis.folding import MARKS, fold
from indexer.analysis.forms import typed_chunks
from indexer.analysis.parts import AND, LONG_MARK, MAX_TERM, SPELT_OUT
from indexer.analysis.signs import plain
from indexer.analysis.tokenizer import (
    SHORT,
    STEM_MARK,
    phrase,
    query_forms,
    stem,
    surface,
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


LETTERS = st.sampled_from("aAbBsSeEzZmM0919--''\"\u2019\u201c\u201d\u2018()[]<>.,:;!?&")


@given(st.text(LETTERS, min_size=1, max_size=12) | st.from_regex(r"[A-Za-z]{1,70}", fullmatch=True))
def test_a_plain_word_has_the_terms_that_its_chunks_say(raw: str) -> None:
    tokens, position = [], 0
    for base, chunk in chunks.chunks(raw):
        for term, at, start, end, overlay in chunk.tokens:
            tokens.append((term, position + at, base + start, base + end, overlay))
        position += len(chunk.words)
    assert tokenizer.analyze(raw) == tokenizer.analyze_chunk(raw) == (tuple(tokens), position)


TYPED = r"['\"(<]?([A-Z]{1,9}|[A-Z]?[a-z]{1,9}|[0-9]{1,9}|[a-zA-Z]{1,70})('[sS])?[.,:!?)>]?"


@given(st.from_regex(TYPED, fullmatch=True))
def test_a_typed_word_has_the_forms_that_its_chunk_says(text: str) -> None:
    chunk, *others = typed_chunks(text)
    if not others:
        assert query_forms(text) == chunk.forms
        assert surface(text) == ("" if text.islower() else chunk.surface)
        assert phrase(text) == chunk.words


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
    *[("MPs", "MP"), ("PhDs", "PhD"), ("Ph.D.", "PhD"), ("CEOs", "ceo"), ("M.P.s", "MPs")],
    *[("F-16s", "F-16"), ("F16s", "F-16"), ("737s", "737"), ("1980s", "1980's"), ("1980s", "1980")],
    *[("buses", "bus"), ("women", "woman"), ("children", "child"), ("crises", "crisis")],
    *[("policemen", "policeman"), ("housewives", "housewife"), ("menus", "menu"), ("oxen", "ox")],
    *[("organise", "organize"), ("organisation", "organization"), ("analysed", "analyze")],
    *[("colourful", "colorful"), ("Labour", "labor"), ("theatres", "theater"), ("grey", "gray")],
    *[("paediatrician", "pediatrician"), ("programme", "program"), ("jewellery", "jewelry")],
    *[("defence", "defense"), ("travelling", "traveling"), ("fuelled", "fueled")],
    *[("U.S.-led", "US-led"), ("U.K.-U.S.", "UK-US"), ("U.S.'s", "US"), ("UK\u2013US", "UK-US")],
    *[("GPT-3.5", "gpt3.5"), ("GULL-3.5", "gull 3.5"), ("v2.0.1", "2.0.1"), ("gpt4", "GPT-4")],
    *[("J.R.R.", "JRR"), ("J.R.R.", "jrr"), ("passers-by", "passer-by"), ("termini", "terminus")],
    *[("1.5bn", "1.5 bn"), ("2,500m", "2500 m"), ("medallists", "medalist")],
    *[("10,000m", "10000m"), ("they'll", "theyll"), ("we'll", "we’ll")],
    *[("rock & roll", "rock and roll"), ("rock&roll", "rock and roll"), ("Q\uff06A", "Q&A")],
    *[(f"Wendell{sign}s", "wendell's") for sign in "\u00b4`\u2018\u2032\u02bc\uff07\u055a"],
    *[(f"O{sign}Tarrell", "O'Tarrell") for sign in "\u00b4`\u2018\u2032\u02bb\uff07\ua78c"],
    *[("Lüttich", "Luettich"), ("Brand in Lüttich", "brand in Luettich"), ("Ærø", "Aeroe")],
    *[("Đurić", "Djuric"), ("Åarhus", "Aaarhus"), ("Malmö", "Malmoe"), ("Müller's", "Mueller")],
    *[("كتاب", "کتاب"), ("علي", "علی"), ("مدرسة", "مدرسه"), ("آب", "اب")],
    *[("٢٠٢٠", "2020"), ("२०२०", "2020"), ("๒๐๒๐", "2020"), ("২০২০", "2020"), ("۱٫۵", "1.5")],
    *[("क़ानून", "कानून"), ("चाँद", "चांद"), ("चাঁদ", "चাংদ"), ("हिन्दी", "हिंदी")],
    ("सम्बन्ध", "संबंध"),
    *[("コンピューター", "コンピュータ"), ("ｻｰﾊﾞｰ", "サーバ"), ("サーバーの", "サーバの")],
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
    *[("J.R.R.", "J. R. R. Tarrell"), ("jrr", "J. R. R. Tarrell"), ("gps", "GP")],
    *[("covid", "covid19"), ("phone", "the GullPhone 12"), ("12", "GullPhone12"), ("gpt", "GPT4")],
    *[("our", "#SaveOurHarbours"), ("harbour", "#SaveOurHarbours"), ("tube", "YouTube")],
    *[("gullphone12", "GullPhone 12"), ("SaveOurHarbours", "save our harbours")],
    *[("M&S", "M & S"), ("R&D", "R and D"), (".NET", ".NET,Java"), ("sea", "Sea’s,sky")],
    *[("mps", "MP"), ("WHO", "who"), ("WHO", "W.H.O."), ("kg", "50kg"), ("Bücher", "bucher")],
    *[
        ("日本語検索", "日本語 検索"),
        ("한국경제", "한국 경제"),
        ("U.S.", "US-led"),
        ("us", "US-led"),
    ],
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
    *[("54", "5-4"), ("5-4", "54"), ("20192020", "2019-2020"), ("199", "1-99"), ("9020", "90s-20")],
    *[("15bn", "1.5bn"), ("5bn", "1.5bn"), ("15m", "1-5m"), ("500m", "2,500m"), ("a42", "A4-2")],
    *[("M&S", "Mark S, M is S"), ("R&D", "R, then D"), ("123", "1,2,3"), ("12b", "1,2b")],
    *[("well", "we'll"), ("shell", "She’ll"), ("were", "We’re"), ("id", "I'd"), ("wed", "we`d")],
    *[("GP", "GPS"), ("GPS", "GP"), ("it", "its"), ("news", "new"), ("lens", "len\u00e7")],
    *[("donald", "McDonald"), ("book", "MacBook"), ("16", "F16"), ("th", "20th"), ("s", "1980s")],
    *[
        ("queen", "q\u00fcn"),
        ("hour", "hor"),
        ("prise", "prize"),
        ("four", "for"),
    ],
    *[("コンピュ", "コンプ"), ("U.S.", "let us"), ("people", "pepl"), ("cheque", "check")],
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
        ("... \u2014 !? ' && _", []),
        ("Ham & Eggs", ["ham@0", "and@1", "eggs@2"]),
        ("MPs at WHO", ["mps@0", "mp@0", "m.p@0", "at@1", "who@2", "w.h.o@2"]),
        ("Bücher", ["bucher@0", "buecher@0", "bücher@0"]),
        ("The Who", ["the@0", "who@1"]),
        ("C++ code", ["c@0", "c++@0", "code@1"]),
        ("COVID-19 now", ["covid@0", "19@1", "c.o.v.i.d@0", "covid19@0", "now@2"]),
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
        ("AT&T", (("att",), ("at", "and", "t"))),
        ("R&D-led", (("rdled",),)),
        ("covid-19", (("covid19",), ("covid", "19"))),
        ("US", (("us",),)),
        ("U.S.", (("u.s",), ("u", "s"))),
        ("us", (("us",),)),
        ("F-16s", (("f16s",), ("f16",), ("f", "16s"), ("f", "16"))),
        ("and/or", (("and", "or"),)),
        ("C++/.NET", (("c++", ".net"),)),
        ("東京都", (("東京", "京都"), ("東", "京都"), ("東京", "都"))),
    ],
)
def test_a_typed_word_may_stand_in_several_ways(
    word: str, expected: tuple[tuple[str, ...], ...]
) -> None:
    assert query_forms(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *[
            ("WHO", "w.h.o"),
            ("AIDS", "a.i.d.s"),
            ("ＩＴ", "i.t"),
            ("U.K.", "u.k"),
            ("США", "с.ш.а"),
        ],
        *[("Bücher", "bücher"), ("CAFÉS", "c.a.f.e.s"), ("Ёлка", "ёлка"), ("Straße", "straße")],
        *[("who", ""), ("Who", ""), ("A", ""), ("KINGDOM", ""), ("MPs", ""), ("WHO-led", "")],
        *[("C++", ""), (".NET", ""), ("U.S.", ""), ("WHO UN", ""), ("", ""), ("COVID19", "")],
    ],
)
def test_the_surface_form_of_a_typed_word(word: str, expected: str) -> None:
    """`U.S.` is searched for as nothing else, so it needs none."""
    assert surface(word) == expected
    if expected:
        found = {(token.term, token.position) for token in tokenize(word)}
        assert {(query_forms(word)[0][0], 0), (expected, 0)} <= found


def test_a_phrase_is_its_words_in_a_row() -> None:
    assert phrase("The C++ of COVID-19, U.S. edition") == (
        *("the", "c++", "of", "covid", "19"),
        *("u.s", "edition"),
    )


@pytest.mark.parametrize(
    ("exact", "expected"),
    [
        ("reforms", "~en:reform"),
        ("covid19", ""),
        ("19", ""),
        ("up", ""),
        ("école", ""),
        ("u.s", ""),
    ],
)
def test_in_english_only_words_in_plain_letters_have_a_stem(exact: str, expected: str) -> None:
    assert stem(exact) == expected


def test_common_words_are_exact_forms() -> None:
    assert {term for word in STOP_WORDS for (term,) in query_forms(word)} == STOP_WORDS


@pytest.mark.parametrize(
    ("repeated", "words"), [("A", 1), ("漢ß", 2 * 60_000), ("カカカー漢", 4 * 60_000 - 1)]
)
def test_a_long_text_without_blanks_takes_no_minutes(repeated: str, words: int) -> None:
    text = repeated * 60_000
    assert sum(not token.overlay for token in tokenize(text)) == words


AWKWARD = st.text(
    st.sampled_from("aZiUSs09.,'\u2019\u02bc-&+#_ /\u00ad\u0301\u0640\u3099東京カｶﾞกี่हि्한İßŁﬁ２½²"),
    max_size=40,
)
TEXTS = st.one_of(AWKWARD, st.text(), st.text(st.characters()))


@given(TEXTS)
@example("İ.S's ﷺ\ud800")
@example("1980's MPs & Lüttich コンピューター GullPhone12")
def test_any_text_has_ascending_positions_and_offsets_that_slice_back(text: str) -> None:
    last = -1
    for piece in tokenize(text):
        assert 0 <= piece.start < piece.end <= len(text)
        assert is_written(piece.term, text[piece.start : piece.end])
        if not piece.overlay:
            assert piece.position == last + 1
            last = piece.position
        assert 0 <= piece.position <= last


def is_written(term: str, text: str) -> bool:
    """Whether a term is what a text says, spelt out or in the singular where it may be."""
    text = AND.sub("and", LONG_MARK.sub("", plain(text)))
    texts = (text, text.translate(SPELT_OUT), text.rstrip("\u30fc\uff70"))
    ways = [squeeze(fold(way)) for way in texts]
    ways += [way[:-1] for way in ways if way.endswith("s")]
    found = squeeze(fold(term))
    return found in ways or (len(term) == MAX_TERM and any(way.startswith(found) for way in ways))


def squeeze(text: str) -> str:
    """Text without the signs that may be missing from a term."""
    return re.sub(r"[^\w]|_", "", text)


@given(AWKWARD | st.text())
def test_a_text_contains_its_own_words(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    for word in text.split():
        assert any(stands(run, text) for run in query_forms(word)[:2]) == bool(query_forms(word))
    assert not phrase(text) or stands(phrase(text), text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("war & peace", "war and peace"),
        ("& sons &", "and sons and"),
        ("war&peace", "warandpeace"),
        ("AT&T", "AT&T"),
        ("sons&co", "sons&co"),
        ("at&abc", "at&abc"),
        ("a -& b", "a -& b"),
        ("a &- b", "a &- b"),
    ],
)
def test_an_ampersand_is_a_word_if_it_stands_alone_or_between_words(text: str, read: str) -> None:
    assert AND.sub("and", text) == read


@given(TEXTS)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_any_one_character_of_the_basic_plane_twice_changes_nothing() -> None:
    assert [c for c in map(chr, range(0x10000)) if fold(fold(c)) != fold(c)] == []


@given(TEXTS)
def test_terms_are_folded_and_unlike_stems(text: str) -> None:
    for piece in tokenize(text):
        assert piece.term
        assert fold(piece.term) == piece.term or piece.overlay
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
    assert {tokenizer.VERSION: print} == {4: "c43f16dd1eda7386"}, (
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
