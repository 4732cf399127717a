"""The table of terms against a sorted list."""

from bisect import bisect_left

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.segment.term_dictionary import TermDictionary, packed
from tests.conditions import examples

CAREFUL = settings(max_examples=examples(80, 5000), deadline=None)

raw = st.binary(max_size=6) | st.lists(st.sampled_from(b"ab\0\xff"), max_size=6).map(bytes)
words = st.text("ab~é京\U0001f600\U0010ffff\0", max_size=5)


steps = st.integers(1, 5)


def lexicon(terms: list[bytes], step: int = 64) -> TermDictionary:
    return TermDictionary(*packed(terms), step)


@CAREFUL
@given(st.sets(raw), st.lists(raw), steps)
def test_it_holds_its_terms_in_order_and_finds_them_and_no_others(
    terms: set[bytes], others: list[bytes], step: int
) -> None:
    ordered = sorted(terms)
    found = lexicon(ordered, step)
    assert len(found) == len(ordered)
    assert list(found) == ordered == [found[place] for place in range(len(ordered))]
    assert [found.find(term) for term in ordered] == list(range(len(ordered)))
    for term in others:
        assert found.find(term) == (ordered.index(term) if term in terms else -1)


@CAREFUL
@given(st.sets(words), words, steps)
def test_starting_gives_those_that_begin_so(terms: set[str], prefix: str, step: int) -> None:
    ordered = sorted(term.encode() for term in terms)
    found = lexicon(ordered, step).starting(prefix.encode())
    begin = prefix.encode()
    assert [ordered[place] for place in found] == [t for t in ordered if t.startswith(begin)]
    assert found.start == bisect_left(ordered, begin)  # also where there are none


@CAREFUL
@given(st.lists(st.binary(max_size=300), max_size=40))
def test_packed_strings_need_be_in_no_order_to_be_read_by_number(strings: list[bytes]) -> None:
    blob, offsets = packed(strings)
    assert blob.tobytes() == b"".join(strings)
    assert offsets.tolist() == np.cumsum([0, *map(len, strings)]).tolist()
    assert list(TermDictionary(blob, offsets)) == strings


def test_an_empty_one_has_nothing() -> None:
    empty = lexicon([])
    assert (len(empty), list(empty), empty.find(b""), empty.find(b"a")) == (0, [], -1, -1)
    assert list(empty.starting(b"")) == list(empty.starting(b"a")) == []


def test_the_empty_term_can_be_one() -> None:
    found = lexicon([b"", b"a"])
    assert (found.find(b""), found.find(b"a")) == (0, 1)
    assert list(found.starting(b"")) == [0, 1]


@pytest.mark.parametrize("character", ["\x7f", "\x80", "\u07ff", "\uffff", "\U0010ffff"])
def test_the_last_characters_of_utf8_are_among_those_that_begin_so(character: str) -> None:
    terms = sorted(
        term.encode() for term in ("a", f"a{character}", f"a{character}{character}", "b")
    )
    assert [terms[place] for place in lexicon(terms).starting(b"a")] == terms[:-1]
