"""Stems: the forms of a word and its spellings share one, and other words do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import english
from indexer.analysis.english import beginnings, stem

FAMILIES = english._entries(english._SINGULARS + "|" + english._SPELLINGS)
ENDINGS = ("", "s", "e", "ed", "er", "ers", "ing", "ation", "ful", "ly", "ise", "ised", "ization")
WORDS = sorted({word for family in FAMILIES for word in family} | set(english._WORDS))


@pytest.mark.parametrize("family", FAMILIES, ids=" ".join)
def test_the_stated_words_share_a_stem(family: list[str]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize(
    "words",
    [
        "organise organize organised organizing organisation organizations",
        "realise realized realising",
        "analyse analyzed analysing analysis",
        "colour colors coloured coloring",
        "neighbourhood neighborhoods",
        "centre centers centred",
        "kilometre kilometers",
        "theatregoers theatergoer",
        "fibreglass fiberglass",
        "catalogue catalogs cataloguing",
        "paediatrics pediatric",
        "haemorrhage hemorrhages",
        "sceptical skeptical",
        "practising practicing",
        "licence license",
        "gunmen gunman",
        "grandchildren grandchild",
        "midwives midwife",
        "minibuses minibus",
        "bookshelves bookshelf",
        "travelled traveled traveling",
    ],
)
def test_what_the_rules_join(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *[("prise", "prize"), ("four", "for"), ("hour", "hor"), ("tour", "tor"), ("our", "or")],
        *[("acre", "acer"), ("ogre", "oger"), ("cadre", "cader"), ("there", "theer")],
        *[("specimen", "speciman"), ("regimen", "regiman"), ("yemen", "yeman"), ("omen", "oman")],
        *[("leaves", "leaf"), ("dies", "dice"), ("bases", "basis"), ("media", "medium")],
        *[("cheque", "check"), ("storey", "story"), ("new", "news"), ("kerbs", "curve")],
    ],
)
def test_what_they_must_not_join(one: str, other: str) -> None:
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    "words",
    [
        *("leave leaves", "base bases", "surprise surprisingly", "precise precisely"),
        *("advise advised", "promise promising", "exercise exercises"),
    ],
)
def test_what_was_joined_before_still_is(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == 1


@given(st.builds("".join, st.tuples(st.sampled_from(WORDS), st.sampled_from(ENDINGS))))
def test_a_word_begins_as_its_stem_says(word: str) -> None:
    assert word.startswith(beginnings(stem(word)))


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_any_word_begins_as_its_stem_says(word: str) -> None:
    assert word.startswith(beginnings(stem(word)))
