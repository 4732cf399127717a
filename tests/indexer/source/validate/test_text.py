"""Text: made plain, for people."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.folding import fold
from indexer.source.validate.text import MAX_BODY, MAX_MARKS, clean, clean_body, clean_markdown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain", "Plain"),
        ("  a \n\t b\u00a0c\u2003d  ", "a b c d"),
        ("AT&amp;T &#8216;x&#x2019; &eacute;", "AT&T \u2018x\u2019 \u00e9"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("&amp;amp;", "&amp;"),
        ("AT&T R&D &copy 2020 &unknown; & &;", "AT&T R&D &copy 2020 &unknown; & &;"),
        ("?a=1&section=2&lt=3", "?a=1&section=2&lt=3"),
        ("a&nbsp;b", "a b"),
        ("cafe\u0301", "caf\u00e9"),
        ("cafe\x00\u0301", "caf\u00e9"),
        ("a\x07b\x1bc\x7fd\x9fe", "abcde"),
        ("a\ud800b\udfffc", "abc"),
        ("co\u00adop\u200b\u202eevil\ufeff", "coopevil"),
        ("&#0;&#1;&#xD800;&#99999999;", "\ufffd\ufffd&#99999999;"),
        ("<b>bold</b> Vec<T>", "bold Vec<T>"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
        ("\u201ccurly\u201d \u2019", "\u201ccurly\u201d \u2019"),
        ("", ""),
    ],
)
def test_text_becomes_one_plain_line(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("One\ntwo.\n\n\nThree.", "One two.\nThree."),
        ("A [link](http://x/a_(b)) and ![alt](y.png 'z').", "A link and alt."),
        ("[![alt](a.png)](http://x)", "alt"),
        ("See [this][1].\n\n[1]: http://x 'y'", "See this."),
        ("<p class='x'>Bold</p><br/>end", "Bold end"),
        ("a <!-- hidden --> b <!-- open", "a b <!-- open"),
        ("x {% include y %} {{ z }} {{< fig src=1 >}} w", "x w"),
        ("a < b and c > d", "a < b and c > d"),
        ("1 &lt; 2", "1 < 2"),
        ("&lt;b&gt; stays", "<b> stays"),
        ("un<b>believ</b>able<script>x()</script>", "unbelievable"),
        ("`<!-- more -->` <style>p</style>", "`<!-- more -->`"),
        ("", ""),
    ],
)
def test_a_body_keeps_its_words_and_paragraphs(markdown: str, expected: str) -> None:
    assert clean_body(markdown) == (expected, False)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (
            "# One\n\nA **b** [c](https://x.example/).\n",
            "# One\n\nA **b** [c](https://x.example/).",
        ),
        ("    code\n\ntext  \nmore", "    code\n\ntext  \nmore"),
        ("<p>One</p><p>Two <b>more</b></p>", "One\n\n\n\nTwo more"),
        ("| a | b<br>c |", "| a | b c |"),
        ("`<b>` stays, ``<i>`` too; <b>bold</b>", "`<b>` stays, ``<i>`` too; bold"),
        ("```html\n<div>\n```\n<div>x</div>", "```html\n<div>\n```\n\n\nx"),
        ("<https://x.example/> 1 < 2 &lt;b&gt;", "<https://x.example/> 1 < 2 &lt;b&gt;"),
        ("a<!-- no --><script>x()</script>b", "a  b"),
        ("{% include x.html %}{{ site.url }}a", "a"),
        ("a\u202eb\ud800\x00", "ab"),
        ("", ""),
    ],
)
def test_a_body_keeps_its_markdown_but_no_html(markdown: str, expected: str) -> None:
    assert clean_markdown(markdown) == expected


@pytest.mark.parametrize("sign", ["<a ", "`", "``", "`a", "</p>", "<!--", "{%", "e\u0301\u0316"])
def test_markdown_is_bounded_however_it_is_made(sign: str) -> None:
    assert len(clean_markdown(sign * 500_000)) <= MAX_BODY


@pytest.mark.parametrize(
    "sign", ["<a ", "<!--", "[", "[a](", "{%", "{{", "](", "\n ", "&#", "[a]:"]
)
def test_a_body_is_bounded_however_it_is_made(sign: str) -> None:
    assert len(clean_body(sign * 500_000)[0]) <= MAX_BODY


@given(st.text())
def test_clean_text_holds_nothing_unclean(text: str) -> None:
    found = clean(text)
    assert found == " ".join(found.split())
    assert unicodedata.is_normalized("NFC", found)
    assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in found)


@given(st.text().filter(lambda text: "&" not in text))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text("ab[]()<>{}%!-:&;#\n "))
def test_no_markdown_raises(text: str) -> None:
    assert len(clean_body(text)[0]) <= MAX_BODY


def crowd(text: str) -> int:
    """The most marks that Unicode's normal form has to put in order at a time."""
    longest = marks = 0
    for sign in unicodedata.normalize("NFKD", text):
        marks = marks + 1 if unicodedata.combining(sign) else 0
        longest = max(longest, marks)
    return longest


def test_of_marks_heaped_on_a_letter_thirty_are_kept() -> None:
    assert clean("a" + "\u0316" * 40 + "b") == "a" + "\u0316" * MAX_MARKS + "b"
    assert crowd(clean("x" + "\u0301\u0316" * 500)) == MAX_MARKS
    assert crowd(clean_body("x" + "\u0301\u200b\u0316" * 500)[0]) == MAX_MARKS


@pytest.mark.parametrize(
    "text",
    [
        "\u0e17\u0e35\u0e48" * 200,  # Thai without a blank, two marks on each letter
        "\u05e9\u05c1\u05b8" * 200,
        "\uff76\uff9e" * 200,
        "\u0915\u094d\u0937\u093f" * 200,
        "\u0640" * 200,
        "\U0001f468\u200d\U0001f469" * 200,
        "\u2026\u201d\u2014" * 200,
    ],
)
def test_text_with_marks_on_many_letters_is_left_as_it_is(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


def test_no_sign_between_marks_lets_more_of_them_meet_when_words_are_compared() -> None:
    marks = "\u0e48\u0e38" * 15  # such as comparing words keeps
    for number in range(0x80, 0x20000):
        sign = chr(number)
        left = fold(sign)
        if sign.isspace() or (left and not unicodedata.combining(left[0])):
            continue
        assert crowd(fold(clean(f"a{f'{marks}{sign}' * 4}"))) <= 2 * MAX_MARKS, ascii(sign)
