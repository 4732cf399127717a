"""Stems by language, languages by script, stop words by language."""

import pytest
import Stemmer
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.folding import fold
from indexer.analysis.language_codes import NAMES
from indexer.analysis.languages import ALGORITHMS, beginnings, may_be_in, stem
from indexer.analysis.scripts import script_language
from indexer.analysis.stop_words import stop_words
from indexer.analysis.tokenizer import tokenize, typed_stems


def test_every_algorithm_of_the_stemmer_belongs_to_a_language() -> None:
    older = {"porter", "dutch_porter", "lovins"}  # English and Dutch once more
    assert {*Stemmer.algorithms()} - older == {*ALGORITHMS.values()}
    assert ALGORITHMS.keys() <= NAMES.keys()


@pytest.mark.parametrize(
    ("language", "forms", "expected"),
    [
        ("de", ("haus", "häuser", "hauser", "haeuser", "häusern"), "~de:haus"),
        ("fr", ("réforme", "réformes"), "~fr:reform"),
        ("es", ("elección", "elecciones"), "~es:eleccion"),
        ("ru", ("новый", "новая", "нового"), "~ru:нов"),
        ("en", ("reform", "reforms", "reforming"), "~en:reform"),
        ("en", ("colour", "color"), "~en:color"),
        ("sv", ("hus", "husen"), "~sv:hus"),
        ("zh", ("reforms", "改革"), ""),
        ("de", ("2020", "b", "w.h.o", "новый", "covid19"), ""),
        ("ru", ("reforms", "19"), ""),
    ],
)
def test_forms_of_a_word_share_a_stem_that_names_its_language(
    language: str, forms: tuple[str, ...], expected: str
) -> None:
    assert {stem(form, language) for form in forms} == {expected}


@given(st.text("aeiouäöüéñßşğйыабвбनमक्षابت", min_size=1, max_size=12))
def test_a_stem_is_folded_and_begins_as_it_is_said_to(word: str) -> None:
    for language in ALGORITHMS:
        for token in tokenize(word):
            if found := stem(token.term, language):
                assert fold(found) == found
                assert may_be_in(found, language)
                assert not may_be_in(found, "xx")
                assert fold(token.term).startswith(beginnings(found)), (language, found)


def test_a_typed_word_is_stemmed_as_it_is_written_and_folded() -> None:
    assert typed_stems(("reforms",), ("en",)) == ("~en:reform",)
    assert typed_stems(("données", "donnees"), ("fr",)) == ("~fr:don", "~fr:donne")
    assert typed_stems(("häuser", "hauser"), ("de", "en", "zh")) == (
        *("~de:haus", "~en:hauser"),
        "hauser",
    )
    assert typed_stems(("2020",), ("de", "en")) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Police reform", None),
        ("Café Müller", None),
        ("2020 …", None),
        ("", None),
        ("Новые реформы", "ru"),
        ("Нові реформи України", "uk"),
        ("Новыя рэформы, ўрад", "be"),
        ("Нове реформе, ђаци и љубав", "sr"),
        ("Νέες μεταρρυθμίσεις", "el"),
        ("إصلاحات جديدة", "ar"),
        ("اصلاحات پلیس", "fa"),
        ("ממשלה חדשה", "he"),
        ("नए सुधार", "hi"),
        ("புதிய சீர்திருத்தங்கள்", "ta"),
        ("Նոր բարեփոխումներ", "hy"),
        ("警察改革", "zh"),
        ("警察の改革", "ja"),
        ("경찰 개혁", "ko"),
        ("การปฏิรูปตำรวจ", "th"),
        ("IBM и Microsoft покидают рынок распознавания", "ru"),
        ("Why the word правда matters to readers abroad", None),
    ],
)
def test_the_script_of_most_letters_tells_the_language(text: str, language: str | None) -> None:
    assert script_language(text) == language


def test_stop_words_are_those_of_the_languages_however_they_are_written() -> None:
    assert "the" in stop_words(("en",))
    assert "die" not in stop_words(("en",))
    assert {"die", "für", "fur", "fuer", "the"} <= stop_words(("de", "en"))
    assert stop_words(("zh",)) == frozenset()
    for code in ("cs", "da", "de", "es", "fi", "fr", "it", "nl", "no", "pl", "pt", "ru", "sv"):
        assert 30 < len(stop_words((code,))) < 200
