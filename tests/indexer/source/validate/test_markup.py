"""HTML in a line of text: what is taken out of it, and what stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.source.validate.markup import without_markup
from indexer.source.validate.text import clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>Bold</b> move", "Bold move"),
        ("<p>Hi &amp; <b>bye</b> <a href='https://x.example'>link</a></p>", "Hi & bye link"),
        ("<P CLASS=x>Upper</P>", "Upper"),
        ("un<b>believ</b>able, m<sup>2</sup>", "unbelievable, m2"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("<ul><li>One</li><li>Two</li></ul>", "One Two"),
        ("one<br>two<br/>three<BR />four", "one two three four"),
        ('<a title="a > b" href=x>link</a>', "link"),
        ("<div\n class='x'\n hidden>text</div>", "text"),
        ("<img src=x alt='a'>text", "text"),
        ("co<wbr>operate", "cooperate"),
        ("one <hr/> two <img/> three", "one two three"),
        # cut off, or never closed
        ("<p>Cut off in the mid", "Cut off in the mid"),
        ("<p><b>Cut off", "Cut off"),
        ("the end</p>", "the end"),
        ("Hi <b>bye", "Hi bye"),
        ("x <em>y", "x y"),
        ('and <a href="https://a.exam', "and"),
        # hidden
        ("a<!-- hidden -->b", "a b"),
        ("a<!-- <b> -->b", "a b"),
        ("<script>alert('<b>')</script>text", "text"),
        ("<style type=x>p { }</style>text", "text"),
        # once
        ("&lt;b&gt;Bold&lt;/b&gt;", "<b>Bold</b>"),
        ("&amp;lt;p&amp;gt;", "&lt;p&gt;"),
        # links
        ("See [the docs](https://a.example/b_(c)).", "See the docs."),
        ("[Ferry](/2020/ferry) and ![tram](/t.png)", "Ferry and tram"),
    ],
)
def test_markup_becomes_text(text: str, expected: str) -> None:
    assert clean(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Vec<T>",
        "Vec<A> and List<String>",
        "Option<b>",
        "Map<i32, u>",
        "std::vector<i> in C++",
        "Either<A, B>",
        "<3",
        "I <3 you",
        "x<y",
        "a < b > c",
        "a<b and c>d",
        "if <b then",
        "1 <p> 2",
        "<title> element",
        "the <b> tag",
        "the <video> element, and <audio>",
        "<br> tags considered harmful",
        "The <b> and </b> tags",
        "Close it with </p>",
        "Use <ul><li> lists",
        "git commit -m <summary>",
        "<name> of the <time>",
        "<Component/>",
        "<Link to='x'>here</Link>",
        "<Button>Press</Button>",
        "<svelte:element>",
        "`<b>bold</b>` in HTML",
        "`<br>` and `<!-- more -->`",
        "<your.name@a.example>",
        "-> <-",
        "<>",
        "<!DOCTYPE html> matters",
        "array[0](x) and f[a](b)",
        "[draft] (later)",
        "**bold** and __init__, *nix",
        "<",
        "<b",
        "</",
        "a <!-- open",
    ],
)
def test_what_may_be_meant_as_text_stays(text: str) -> None:
    assert clean(text) == text


@given(
    st.text("ab<>/='\"`!- \n", max_size=60)
    | st.lists(
        st.sampled_from(["<b>", "</b>", "<p>", "<a href=x>", "<br>", "`", "x", " ", "<!--", "-->"])
    ).map("".join)
)
def test_no_text_raises_and_text_without_tags_stays(text: str) -> None:
    found = without_markup(text)
    assert len(found) <= len(text)
    assert without_markup(text.replace("<", "(")) == text.replace("<", "(")


@pytest.mark.parametrize(
    "sign",
    [
        *('<a b="', "<a ", "<b>", "</b>", "<!--", "<script>", "`", "<a b='<a c=\"", "<p a=1 "),
        *("<b></b>", "<i>x", " d='<a x=\"'", "<a x=' y=\" z=' ", "[a](/", "[a](/b)", "<a@", "<p/"),
    ],
)
def test_a_long_text_is_read_to_its_end_however_it_is_made(sign: str) -> None:
    assert len(clean(sign * 50_000)) <= len(sign) * 50_000
