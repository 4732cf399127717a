"""Signs of any script and typesetter have plain forms, one for one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.search.query.signs import plain_signs


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        (
            "ａＺ０９（）［］｛｝＂＇：；，．！？＊＋－／＝＆｜～＾＃",
            "aZ09()[]{}\"':;,.!?*+-/=&|~^#",
        ),
        ("−‐‑﹣－", "-----"),
        ("∶﹕︓꞉", "::::"),
        ("｜¦│∣￨", "|||||"),
        ("＊∗⁎﹡٭", "*****"),
        ("（）﹙﹚", "()()"),
        ("，、،､﹐", ",,,,,"),
        ("；؛。｡", ";;;;"),
        ("｢｣﹁﹂﹃﹄", "「」「」『』"),
        ("＂″״", '"""'),
        (
            "\u00a0\u3000\u2003\u202f\t\n\x00\x85\u200b\ufeff\u200e\u202a\u2069\u2060\ud800",
            " " * 15,
        ),
    ],
)
def test_a_sign_has_its_plain_form(typed: str, plain: str) -> None:
    assert plain_signs(typed) == plain


@pytest.mark.parametrize(
    "text", ["–", "—", "‘’‚", "“”„«»", "\u200c\u200d", "ー", "·", "é", "東", "\u0308"]
)
def test_other_signs_stay(text: str) -> None:
    assert plain_signs(text) == text


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_each_character_becomes_one_and_no_plain_letter_changes(text: str) -> None:
    plain = plain_signs(text)
    assert len(plain) == len(text)
    assert plain_signs(plain) == plain
    for before, after in zip(text, plain, strict=True):
        if before.isalnum() and before != after:
            assert unicodedata.normalize("NFKC", before) == after or not after.isalnum()
