"""Bodies: Markdown becomes HTML in which nothing runs, loads, or leads where it must not."""

import re
import threading
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.item_body import body_html

SHOT = "https://img.example/a.png"
ELEMENTS = set(
    "a blockquote br code del div em h2 h3 h4 h5 h6 hr img li ol p pre strong table tbody td th "
    "thead tr ul".split()
)
ATTRIBUTES = set(
    "align alt aria-label class decoding dir href loading referrerpolicy rel role src start "
    "tabindex".split()
)


class Elements(HTMLParser):
    """Every element of a text and its attributes, read as browsers do."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def shown(markdown: str, *, pictures: bool = False) -> str:
    html = body_html(markdown, pictures=pictures)
    assert html is not None
    return re.sub(r'<(p|li|h[1-6]) dir="auto">', r"<\1>", str(html)).strip()


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("One **two** `<b>`", "<p>One <strong>two</strong> <code>&lt;b&gt;</code></p>"),
        ("a\n\nb", "<p>a</p>\n<p>b</p>"),
        ("# A\n## B\n###### C", "<h2>A</h2>\n<h3>B</h3>\n<h6>C</h6>"),
        ("### A\n##### B", "<h2>A</h2>\n<h4>B</h4>"),
        ("##### A\n# B", "<h6>A</h6>\n<h2>B</h2>"),
        ("~~no~~", "<p><del>no</del></p>"),
        ("3. x", '<ol start="3">\n<li>x</li>\n</ol>'),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)  # fmt: skip
def test_markdown_is_rendered_and_its_headings_begin_below_the_pages(
    markdown: str, html: str
) -> None:
    assert shown(markdown) == html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("- [ ] open\n- [x] **done**\n- plain",
         "<ul>\n<li>☐ open</li>\n<li>☑ <strong>done</strong></li>\n<li>plain</li>\n</ul>"),
        ("1. [X] done\n   - [ ] open",
         "<ol>\n<li>☑ done\n<ul>\n<li>☐ open</li>\n</ul>\n</li>\n</ol>"),
        ("- [x] one\n\n  two",
         "<ul>\n<li>\n<p>☑ one</p>\n<p>two</p>\n</li>\n</ul>"),
        ("- [x]y\n- \\[x] y", "<ul>\n<li>[x]y</li>\n<li>[x] y</li>\n</ul>"),
        ("a [ ] b", "<p>a [ ] b</p>"),
        ('- `<input type="checkbox" disabled="" />`',
         '<ul>\n<li><code>&lt;input type="checkbox" disabled="" /&gt;</code></li>\n</ul>'),
        ('- <input type="checkbox" disabled="" /> a', "<ul>\n<li> a</li>\n</ul>"),
    ],
)  # fmt: skip
def test_what_is_to_be_done_and_what_is_done_have_signs(markdown: str, html: str) -> None:
    """No control, which would need a label, and would ask to be used."""
    assert shown(markdown) == html


def test_a_table_stands_in_a_box_that_scrolls_by_keys() -> None:
    begin, _, rest = shown("- |a|\n  |-|\n  |b|\n\n  `<table>`").partition("<table>")
    assert begin.endswith('<div class="scrolled" tabindex="0" role="group" aria-label="Table">')
    assert rest.count("</table></div>") == 1
    assert "&lt;table&gt;" in rest


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("https://a.example/?b=1&c=2", True),
        ("http://a.example/", True),
        ("mailto:jo@a.example", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("&#106;avascript:alert(1)", False),
        ("&#x01;javascript:alert(1)", False),
        ("vbscript:x", False),
        ("data:text/html,<script>alert(1)</script>", False),
        ("data:image/svg+xml;base64,AAAA", False),
        ("/search?q=a", False),
        ("//evil.example/", False),
        ("#top", False),
    ],
)
def test_a_link_leads_to_the_web_or_nowhere(target: str, kept: bool) -> None:
    for markdown in (f"[a](<{target}>)", f"[a]({target})", f"[a]\n\n[a]: {target}\n"):
        links = [attrs for tag, attrs in Elements(shown(markdown)).found if tag == "a"]
        assert all(attrs["rel"] == "noopener nofollow ugc" for attrs in links)
        targets = [attrs["href"] for attrs in links if "href" in attrs]
        assert targets == ([target] if kept else [])


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        (f"![a b]({SHOT})", "<p>a b</p>"),
        (f'![<script>"&]({SHOT})', '<p>&lt;script&gt;&quot;&amp;</p>'),
        (f"![]({SHOT})", "<p></p>"),
        (f"[![a]({SHOT})](https://b.example/)",
         '<p><a href="https://b.example/" rel="noopener nofollow ugc">a</a></p>'),
    ],
)  # fmt: skip
def test_without_pictures_their_words_are_shown(markdown: str, text: str) -> None:
    assert shown(markdown) == text


def test_pictures_come_from_https_late_and_untold() -> None:
    ((_, picture),) = Elements(shown(f"![a]({SHOT})", pictures=True)).found[1:]
    assert picture == {
        "src": SHOT, "alt": "a", "loading": "lazy", "decoding": "async",
        "referrerpolicy": "no-referrer",
    }  # fmt: skip
    for address in ("http://img.example/a.png", "data:image/png;base64,AAAA", "/a.png", "//a.b/c"):
        assert shown(f"![words]({address})", pictures=True) == "<p>words</p>"


HTML = (
    "<script>x</script> <img src=x onerror=y> <iframe src=z></iframe> <b onclick=c>d</b> <!-- e -->"
)


@pytest.mark.parametrize(
    "html", [*HTML.split(" <"), HTML, "<div>\n<p>a\n</div>", "<a href='javascript:x'>y"]
)
def test_html_in_markdown_is_left_out(html: str) -> None:
    for markdown in (html, f"<{html}", f"a <{html}", f"> {html}\n\nb"):
        assert {tag for tag, _ in Elements(shown(markdown)).found} <= {"p", "blockquote"}


pieces = st.text(
    alphabet="ab \n*_`~#>-+.1[]()!<>\"'&;:/|\\", max_size=60
) | st.sampled_from(
    [f"![a]({SHOT})", "[x](javascript:y)", "<script>", "<img src=x onerror=y>", "&#60;", "https://",
     "](", "<a\nhref='", "```", "| a |\n|--|\n", "- [x] a\n", "- [ ] ", "\u202e",
     "![\" onerror=\"x](https://a.b)"]
)  # fmt: skip


@given(st.lists(pieces, max_size=12).map("".join), st.booleans())
def test_no_markdown_makes_more_than_is_let_through(markdown: str, pictures: bool) -> None:
    html = body_html(markdown, pictures=pictures)
    for tag, attributes in Elements(html or "").found:
        assert tag in (ELEMENTS if pictures else ELEMENTS - {"img"})
        assert attributes.keys() <= ATTRIBUTES
        assert str(attributes.get("href") or "https:").startswith(("http", "mailto:"))
        assert str(attributes.get("src") or "https:").lower().startswith("https:")


@pytest.mark.parametrize("sign", ["> ", "- " * 51 + "a\n", "* > "])
def test_a_body_that_is_nested_too_deep_is_not_rendered(sign: str) -> None:
    assert body_html(sign * 2_000 + "a", pictures=True) is None


def test_a_body_is_rendered_up_to_its_bounds() -> None:
    assert body_html("> " * 49 + "a", pictures=False, deepest=50) is not None
    assert body_html("> " * 50 + "a", pictures=False, deepest=50) is None
    rows = "|a" * 500 + "\n" + "|-" * 500 + "\n" + "a\n" * 500  # rows are filled up with cells
    assert body_html(rows, pictures=False) is None
    assert body_html("a" * 100, pictures=False, most=100) is None


@pytest.mark.parametrize(
    "sign",
    ["[", "![", "](", "[a](", "*a_", "a**b", "`a``", "<a", "<!--", "&", "\\", "~~a", "[^a]",
     "[a]: b\n", "|a\n-\n", "_ a", "``` \n", "* a\n  ", "<div>", "**a *a ", "- [ ] "],
)  # fmt: skip
def test_a_megabyte_of_anything_is_read(sign: str) -> None:
    body_html((sign * 1_000_000)[:1_000_000], pictures=True)


def test_threads_render_alike() -> None:
    """What cmark-gfm looks for is one table of all threads."""
    texts = ["~~a~~ https://b.example " * 200, "| a |\n|--|\n| ~~b~~ |\n" * 50]
    expected = [shown(text) for text in texts]
    wrong: list[int] = []

    def render() -> None:
        for _ in range(40):
            wrong.extend(n for n, text in enumerate(texts) if shown(text) != expected[n])

    threads = [threading.Thread(target=render) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
