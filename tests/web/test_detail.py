"""How an answer shares its room among its hits, and how a text is cut."""

import re
from html import escape, unescape

from hypothesis import given
from hypothesis import strategies as st

from search_app.detail import HITS, Detail, fitting
from search_app.template_filters import cut, is_short, short


def written(size: int, detail: Detail) -> str:
    return "x" * min(size, detail.excerpt)


@given(st.lists(st.integers(0, 2_000), max_size=30), st.integers(0, 20_000))
def test_all_are_shown_within_the_room_and_none_in_less_detail_than_it_needs(
    sizes: list[int], room: int
) -> None:
    shown = fitting(sizes, written, HITS, room)
    assert len(shown) == len(sizes)
    assert sum(len(text) for text, _ in shown) <= room
    left = room
    for place, (size, (text, detail)) in enumerate(zip(sizes, shown, strict=True)):
        share = left // (len(sizes) - place)
        better = HITS[: HITS.index(detail)]
        assert all(len(written(size, level)) > share for level in better)
        left -= len(text)


def test_what_one_does_not_need_goes_to_those_after_it() -> None:
    shown = fitting([10, 10, 400], written, HITS, 450)
    assert [len(text) for text, _ in shown] == [10, 10, 400]
    assert [len(text) for text, _ in fitting([400, 10, 10], written, HITS, 450)] == [120, 10, 10]


letters = st.text(st.sampled_from("ab &<>\"'é東😀"), max_size=40)
marked_texts = st.lists(st.tuples(letters, st.booleans()), max_size=8).map(
    lambda pieces: "".join(
        f"<mark>{escape(text)}</mark>" if mark and text else escape(text) for text, mark in pieces
    )
)


def plain(html: str) -> str:
    return unescape(re.sub("</?mark>", "", html))


@given(marked_texts, st.integers(2, 60))
def test_what_is_cut_is_a_part_of_the_text_with_whole_marks(html: str, most: int) -> None:
    shown = cut(html, most)
    assert len(plain(shown)) <= most
    assert re.sub("<mark>[^<]+</mark>", "", shown).count("<") == 0
    assert plain(shown).removesuffix("…").removeprefix("…") in plain(html)
    if len(plain(html)) <= most:
        assert shown == html
    if "<mark>" in html and most >= 8:
        assert "<mark>" in shown


def test_a_text_is_cut_at_its_end_or_around_its_first_mark() -> None:
    assert cut("abcdef", 4) == "abc…"
    assert cut("a&lt;b&lt;c", 4) == "a&lt;b…"
    assert cut(f"{'x' * 20}<mark>y</mark>{'z' * 20}", 8) == "…xx<mark>y</mark>zzz…"
    for sign in ("&lt;&lt;", "&quot;&quot;", "a&lt;"):
        shown = cut(f"{sign * 20}<mark>y</mark>{'z' * 20}", 8)
        assert shown == f"…{sign}<mark>y</mark>zzz…"
    assert cut(f"<mark>{'x' * 9}</mark>", 4) == "<mark>xxx…</mark>"
    assert cut("abcd<mark>e</mark>", 5) == "abcd<mark>e</mark>"
    assert cut("&lt;<mark>&lt;</mark>", 2) == "&lt;<mark>&lt;</mark>"
    assert cut("&lt;&lt;&lt;<mark>&lt;</mark>", 3) == "&lt;&lt;…"
    assert short("abcdef", 4) == "abc…"
    assert short("abcd", 4) == "abcd"


def test_an_address_is_shown_or_not_but_never_cut() -> None:
    assert is_short("https://a.example/", 18)
    assert not is_short("https://a.example/", 17)
    assert not is_short("", 17)
    assert not is_short("&&&&", 19)
    assert is_short("&&&&", 20)
    assert not is_short("東", 2)
