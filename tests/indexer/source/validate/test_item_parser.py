"""Items: what is read, what stands in for what is absent, and what is warned of."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.item import Article, Image, Item, Provider, Severity
from indexer.source.validate.articles import MAX_EXCERPT, MAX_RELATED, MAX_TITLE
from indexer.source.validate.item_parser import Reading, parse_item
from indexer.source.validate.keys import STAND_INS
from indexer.source.validate.names import MAX_NAMES
from indexer.source.validate.text import MAX_BODY
from indexer.source.validate.warnings import MAX_PROBLEMS
from tests.indexer.shared import real_files

BLOB = "QkxPQi9zZWNyZXQvYmxvYi1ibG9i"

WHOLE = f"""\
---
category: news
title: "A &amp; B"
excerpt: "Cut off mid\u00a0wor..."
publishedDateTime: 2020-06-09T00:47:00Z
webUrl: "https://www.example.com/a"
ampWebUrl: "https://www.example.com/a/amp"
cdnAmpWebUrl: "https://www-example-com.cdn.ampproject.org/c/a"
type: Article
quality: 69
heat: -1
published: false

provider:
  name: Example & Co
  domain: example.com
  images:
    - url: "https://example.com/logo.png"

images:
  - url: "https://example.com/a.jpg"
    width: 640
    height: 428

topics:
  - Computer Vision
  - AI
  - AI

related:
  - title: "One"
    webUrl: "https://one.org/x/"
    provider:
      name: One
      domain: one.org
    quality: 39
  - title: "One again"
    webUrl: "http://www.one.org/x"
  - title: "Itself"
    webUrl: "https://example.com/a"
  - title: "Two"
    excerpt: "Later"
    publishedDateTime: 2020-06-10
    webUrl: "https://two.net/"

featuredContent: "<iframe src='{BLOB}'></iframe>"
secured: "{BLOB}"
---
A [body](http://x).
"""


def read(text: str) -> Reading:
    return parse_item(text.encode(), "seeds/a.md", "a")


def item(lines: str) -> Item:
    """The item of a file with a title and some lines, which must draw no warning."""
    reading = read(f"---\ntitle: T\n{lines}\n---\n")
    assert reading.problems == ()
    assert reading.item is not None
    return reading.item


def warned(lines: str) -> tuple[Item, list[tuple[int, str, str]]]:
    """The item of such a file, and its warnings as (line, field, message)."""
    reading = read(f"---\ntitle: T\n{lines}\n---\n")
    assert reading.item is not None
    assert all(problem.severity is Severity.WARNING for problem in reading.problems)
    return reading.item, [(p.line, p.field, p.message) for p in reading.problems]


def test_a_whole_item_is_read_without_a_warning() -> None:
    one = Article("One", url="https://one.org/x/", provider=Provider("One", "one.org"), quality=39)
    two = Article(
        "Two",
        excerpt="Later",
        url="https://two.net/",
        published=datetime(2020, 6, 10, tzinfo=UTC),
        provider=Provider("two.net", "two.net"),
    )
    article = Article(
        title="A & B",
        excerpt="Cut off mid wor...",
        url="https://www.example.com/a",
        amp_url="https://www.example.com/a/amp",
        cached_url="https://www-example-com.cdn.ampproject.org/c/a",
        published=datetime(2020, 6, 9, 0, 47, tzinfo=UTC),
        type="article",
        provider=Provider("Example & Co", "example.com", Image("https://example.com/logo.png")),
        quality=69,
        image=Image("https://example.com/a.jpg", 640, 428),
    )
    expected = Item(
        id="a",
        article=article,
        topics=("Computer Vision", "AI"),
        heat=-1,
        promoted=False,
        related=(one, two),
        body="A body.",
        markdown="A [body](http://x).",
    )
    assert read(WHOLE) == Reading(expected, secured_line=47)


def test_a_title_is_enough() -> None:
    assert item("") == Item("a", Article("T"))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: b", 1, "add a line title:"),
        ("a: b\ntitle:", 3, "the title is empty"),
        ("a: b\ntitle: '&nbsp; '", 3, "the title is empty"),
        ("a: b\ntitle: null", 3, "the title is empty"),
        ("a: b\nTITLE:", 3, "the title is empty"),
        ("a: b\nname: A", 3, "name is not read as one, write title: instead"),
        ('a: b\n"Name\\n ": A', 3, "no title; Name is not read as one"),
        ("a: b\ntitle: [A]", 3, "must be text, not a list"),
        ("a: b\ntitle: {A: b}", 3, "must be text, not a mapping"),
    ],
)
def test_without_a_title_a_file_is_rejected_at_the_line_to_mend(
    text: str, line: int, said: str
) -> None:
    reading = read(f"---\n{text}\n---\n")
    assert (reading.item, reading.draft) == (None, False)
    (problem,) = reading.problems
    assert (problem.path, problem.line, problem.field) == ("seeds/a.md", line, "title")
    assert problem.severity is Severity.ERROR
    assert said in problem.message


@pytest.mark.parametrize("title", ["2020", "No", "1.50", "2020-01-01", "0x10", "true", "'null'"])
def test_a_title_stays_the_text_that_was_written(title: str) -> None:
    reading = read(f"---\ntitle: {title}\n---\n")
    assert reading.item is not None
    assert reading.item.article.title == title.strip("'")


def test_other_sites_keys_stand_in_where_our_own_are_absent() -> None:
    lines = (
        "date: 2020-01-02\nsummary: S\ndescription: D\ntags: [x, y]\ncategories: y, z\n"
        "link: https://a.org/b\npermalink: https://a.org/c"
    )
    found = item(lines)
    assert found.article.excerpt == "D"
    assert found.article.published == datetime(2020, 1, 2, tzinfo=UTC)
    assert found.article.url == "https://a.org/b"
    assert found.article.provider == Provider("a.org", "a.org")
    assert found.topics == ("x", "y", "z")


def test_our_own_keys_win_over_other_sites() -> None:
    lines = (
        "publishedDateTime: 2020-01-01\ndate: 2019-01-01\nexcerpt: E\ndescription: D\n"
        "topics: [t]\ntags: [x]\nwebUrl: https://a.org/a\noriginalUrl: https://a.org/o\n"
        "link: https://a.org/b"
    )
    found = item(lines)
    assert found.article.excerpt == "E"
    assert found.article.published == datetime(2020, 1, 1, tzinfo=UTC)
    assert found.article.url == "https://a.org/a"
    assert found.topics == ("t",)


@pytest.mark.parametrize("key", STAND_INS["publishedDateTime"])
def test_a_date_by_another_name_stands_in(key: str) -> None:
    moment = datetime(2020, 5, 17, 10, 30, tzinfo=UTC)
    found = item(f"{key}: 2020-05-17T10:30:00Z\nrelated:\n- title: R\n  {key}: 2020-05-17T10:30Z")
    assert [article.published for article in found.articles()] == [moment, moment]


@pytest.mark.parametrize(
    "key",
    ["lastmod", "updated", "updated_at", "modified", "last_update", "expiryDate", "event_date"],
)
def test_no_date_of_a_change_or_an_end_stands_in(key: str) -> None:
    assert item(f"{key}: 2020-05-17").article.published is None


def test_the_date_of_publishing_comes_before_that_of_making() -> None:
    found = item("created: 2020-01-01\npublished: 2020-01-02\nupdated: 2020-01-03")
    assert found.article.published == datetime(2020, 1, 2, tzinfo=UTC)


def test_a_bad_date_is_warned_of_and_the_next_key_counts() -> None:
    found, warnings = warned("publishedDateTime: 2024-13-01\ndate: soon\npubDate: 2019-01-01")
    assert found.article.published == datetime(2019, 1, 1, tzinfo=UTC)
    assert [warning[:2] for warning in warnings] == [(3, "publishedDateTime"), (4, "date")]
    assert "'2024-13-01' is not a date (there is no month 13)" in warnings[0][2]


@pytest.mark.parametrize(
    ("lines", "day"),
    [
        ("", datetime(2020, 5, 17, tzinfo=UTC)),
        ("date:", datetime(2020, 5, 17, tzinfo=UTC)),
        ("date: soon", datetime(2020, 5, 17, tzinfo=UTC)),
        ("date: 2019-01-02", datetime(2019, 1, 2, tzinfo=UTC)),
        ("created: 2019-01-02", datetime(2019, 1, 2, tzinfo=UTC)),
    ],
)
def test_the_file_name_tells_the_day_if_no_key_does(lines: str, day: datetime) -> None:
    data = f"---\ntitle: T\n{lines}\nrelated:\n- title: R\n---\n".encode()
    reading = parse_item(data, "seeds/2020-05-17-ferry.md", "2020-05-17-ferry")
    assert reading.item
    assert [article.published for article in reading.item.articles()] == [day, None]


@pytest.mark.parametrize(
    ("lines", "url"),
    [
        ("webUrl: HTTPS://a.org/B", "https://a.org/B"),
        ("webUrl: //a.org/b", "https://a.org/b"),
        ("webUrl: 'https://a.org/b c\"<x>'", "https://a.org/b%20c%22%3Cx%3E"),
        ("originalUrl: https://a.org/o\nlink: https://a.org/l", "https://a.org/o"),
        ("link: /a/b\npermalink: https://a.org/p", "https://a.org/p"),
        ("permalink: /a/b", ""),
        ("permalink: pretty", ""),
        ("webUrl: http://localhost:8000/a", "http://localhost:8000/a"),
    ],
)
def test_an_address_is_absolute_or_nothing(lines: str, url: str) -> None:
    assert item(lines).article.url == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "/relative",
        "example.com/a",
        "ftp://a.org/",
        "http://",
        "https:///path",
        "http://[::1",
        "http://a.org:port/",
        "https://a.org/" + "x" * 5_000,
    ],
)
def test_what_is_no_web_address_is_left_out_with_a_warning(url: str) -> None:
    found, warnings = warned(f"x: y\nwebUrl: '{url}'")
    assert found.article.url == ""
    assert [warning[:2] for warning in warnings] == [(4, "webUrl")]
    assert len(warnings[0][2]) < 150


@pytest.mark.parametrize("key", ["publishedDateTime", "quality", "published", "webUrl"])
def test_a_value_that_cannot_be_used_is_shown_on_one_line_and_short(key: str) -> None:
    _, ((line, field, message),) = warned(f"{key}: 'x\n\n  y {'z' * 10_000}'")
    assert (line, field) == (3, key)
    assert message.startswith("'x y zzz")
    assert len(message) < 150


def test_a_script_as_a_link_is_warned_of_and_another_key_used() -> None:
    found, warnings = warned("link: javascript:x\npermalink: https://a.org/p")
    assert found.article.url == "https://a.org/p"
    assert [warning[1] for warning in warnings] == ["link"]


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        ("Example.COM", "example.com"),
        ("www.example.com", "example.com"),
        ("https://www.example.com:443/a?b#c", "example.com"),
        ("example.com.", "example.com"),
        ("sub.example.co.uk", "sub.example.co.uk"),
        ("m\u00fcnchen.de", "m\u00fcnchen.de"),
    ],
)
def test_a_domain_is_brought_to_one_form(domain: str, expected: str) -> None:
    found = item(f"provider:\n  name: N\n  domain: '{domain}'")
    assert found.article.provider == Provider("N", expected)


@pytest.mark.parametrize("domain", ["not a domain", "example", "-x.com", "a..b", "<b>.com"])
def test_what_is_no_domain_gives_way_to_the_addresses_host(domain: str) -> None:
    lines = f"webUrl: https://www.a.org/b\nprovider:\n  name: N\n  domain: '{domain}'"
    found, warnings = warned(lines)
    assert found.article.provider == Provider("N", "a.org")
    assert [warning[:2] for warning in warnings] == [(6, "provider.domain")]


def test_a_provider_without_a_domain_takes_the_addresses_host_in_silence() -> None:
    found = item("webUrl: https://a.org/b\nprovider:\n  name: N")
    assert found.article.provider == Provider("N", "a.org")


def test_a_provider_named_like_a_domain_has_that_domain() -> None:
    provider = item("provider:\n  name: Benzinga.com").article.provider
    assert provider == Provider("Benzinga.com", "benzinga.com")


@pytest.mark.parametrize(
    ("lines", "provider"),
    [("name: N", Provider("N", "n")), ("images: []", None), ("domain: 'no domain'", None)],
)
def test_a_provider_that_nothing_places_goes_by_its_name_with_a_warning(
    lines: str, provider: Provider | None
) -> None:
    found, warnings = warned(f"provider:\n  {lines}")
    assert found.article.provider == provider
    assert (3, "provider") in [warning[:2] for warning in warnings]


@pytest.mark.parametrize(
    ("text", "number"),
    [("69", 69), ("'69'", 69), ("69.0", 69), ("-1", -1), ("+5", 5), ("0", 0), ("~", None)],
)
def test_whole_numbers_are_read(text: str, number: int | None) -> None:
    found = item(f"quality: {text}\nheat: {text}")
    assert (found.article.quality, found.heat) == (number, number)


@pytest.mark.parametrize("text", ["high", "69.5", "1e3", "0x10", "9999999999", "1_000", "[1]"])
def test_what_is_no_whole_number_is_left_out_with_a_warning(text: str) -> None:
    found, warnings = warned(f"quality: {text}")
    assert found.article.quality is None
    assert [warning[:2] for warning in warnings] == [(3, "quality")]


@pytest.mark.parametrize(
    ("text", "promoted"),
    [("true", True), ("YES", True), ("'on'", True), ("1", True), ("No", False), ("0", False)],
)
def test_published_says_whether_an_item_is_promoted(text: str, promoted: bool) -> None:
    assert item(f"published: {text}").promoted is promoted


@pytest.mark.parametrize(
    "lines",
    [
        *("path: 2020/05/17/ferry", "permalink: /2020/05/17/ferry/", "slug: 2020-05-17-ferry"),
        *("url: https://a.org/news/2020/05/17/ferry.html", "path: no\nslug: 2020-05-17"),
    ],
)
def test_a_path_in_the_front_matter_tells_the_day_if_nothing_else_does(lines: str) -> None:
    assert item(lines).article.published == datetime(2020, 5, 17, tzinfo=UTC)
    dated = item(f"{lines}\ndate: 2019-01-02")
    assert dated.article.published == datetime(2019, 1, 2, tzinfo=UTC)


def test_a_mapping_in_place_of_a_date_is_read_by_the_same_keys() -> None:
    found = item("date:\n  updated: 2020-02-03\n  created: 2020-01-02")
    assert found.article.published == datetime(2020, 1, 2, tzinfo=UTC)
    found, warnings = warned("date: {created: soon}\npubDate: {updated: 2020-01-01}")
    assert found.article.published is None
    assert [warning[:2] for warning in warnings] == [(3, "date.created"), (4, "pubDate")]


@pytest.mark.parametrize(
    "link", ["[[2020-05-17]]", '"[[2020-05-17]]"', "'[[2020-05-17|Sunday]]'", "['2020-05-17']"]
)
def test_a_link_to_the_note_of_a_day_is_its_date(link: str) -> None:
    found, said = warned(f"created: {link}")
    assert found.article.published == datetime(2020, 5, 17, tzinfo=UTC)
    assert said == []


def test_a_link_to_another_note_is_no_date() -> None:
    found, ((line, field, message),) = warned('created: "[[Sunday]]"')
    assert found.article.published is None
    assert (line, field) == (3, "created")
    assert message.startswith("'[[Sunday]]' is not a date")


def test_published_may_be_a_date_and_then_is_no_flag() -> None:
    found = item("published: 2020-01-01\ncreated: 2020-02-01")
    assert found.promoted is None
    assert found.article.published == datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("flag", ["true", "false", "Yes", "n", "1", "0", "~"])
def test_published_as_a_flag_is_no_date(flag: str) -> None:
    found = item(f"published: {flag}\ncreated: 2020-02-01")
    assert found.article.published == datetime(2020, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "said"),
    [("soon", "'soon' is neither true nor false"), ("2020-13-01", "'2020-13-01' is not a date")],
)
def test_published_with_another_value_draws_one_warning(value: str, said: str) -> None:
    found, ((line, field, message),) = warned(f"published: {value}")
    assert (found.promoted, found.article.published) == (None, None)
    assert (line, field) == (3, "published")
    assert message.startswith(said)


@pytest.mark.parametrize(
    ("lines", "topics"),
    [
        ("topics: [A, a, B, ~, '']", ("A", "B")),
        ("topics: []\ntags: [x]", ()),
        ("topics:\ntags: [x]", ("x",)),
        ("tags: a, b,, c d", ("a", "b", "c d")),
        ("tag: x\ncategory: y", ("x", "y")),
        ("topics: [2020, No, 'AI &amp; ML']", ("2020", "No", "AI & ML")),
    ],
)
def test_topics_are_distinct_and_in_order(lines: str, topics: tuple[str, ...]) -> None:
    assert item(lines).topics == topics


@pytest.mark.parametrize(
    ("lines", "topics", "line", "field"),
    [
        ("topics: AI", ("AI",), 3, "topics"),
        ("topics: {a: b}", (), 3, "topics"),
        ("topics:\n  - A\n  - {b: c}", ("A",), 5, "topics[1]"),
    ],
)
def test_topics_that_are_no_list_of_texts_are_warned_of(
    lines: str, topics: tuple[str, ...], line: int, field: str
) -> None:
    found, warnings = warned(lines)
    assert found.topics == topics
    assert [warning[:2] for warning in warnings] == [(line, field)]


@pytest.mark.parametrize(
    ("lines", "line", "field"),
    [
        ("related: x", 3, "related"),
        ("related:\n  title: x", 3, "related"),
        ("related:\n  - x", 4, "related[0]"),
        ("related:\n  -\n  - excerpt: x", 5, "related[1]"),
        ("related:\n  - title: [x]", 4, "related[0].title"),
    ],
)
def test_unusable_related_entries_are_left_out_with_a_warning(
    lines: str, line: int, field: str
) -> None:
    found, warnings = warned(lines)
    assert found.related == ()
    assert warnings[0][:2] == (line, field)


def test_a_fault_in_a_related_entry_names_its_field_and_line() -> None:
    found, warnings = warned("related:\n  - title: R\n    publishedDateTime: soon")
    assert [article.title for article in found.related] == ["R"]
    assert warnings[0][:2] == (5, "related[0].publishedDateTime")


def test_the_item_itself_is_no_related_article_under_either_address() -> None:
    lines = (
        "webUrl: https://a.org/w\noriginalUrl: https://a.org/o\nrelated:\n"
        "  - {title: W, webUrl: 'http://www.a.org/w/#x'}\n  - {title: O, webUrl: 'https://a.org/o'}\n"
        "  - {title: R}\n  - {title: R}\n  - {title: R, webUrl: 'https://a.org/r'}"
    )
    assert [article.title for article in item(lines).related] == ["R", "R"]


def test_two_ways_to_write_an_address_are_one_article() -> None:
    lines = (
        "webUrl: https://a.org/?p=12\nrelated:\n  - {title: I, webUrl: 'https://a.org?p=12'}\n"
        "  - {title: R, webUrl: 'https://b.org?p=1'}\n  - {title: S, webUrl: 'http://b.org/?p=1'}\n"
        "  - {title: T, webUrl: 'https://b.org/?p=2'}"
    )
    assert [article.title for article in item(lines).related] == ["R", "T"]


def test_what_is_too_long_is_cut_with_a_warning() -> None:
    topics = ", ".join(f"t{number}" for number in range(MAX_NAMES + 5))
    related = "\n".join(f"  - title: r{number}" for number in range(MAX_RELATED + 5))
    text = (
        f"---\ntitle: {'t' * (MAX_TITLE + 5)}\nexcerpt: {'e' * (MAX_EXCERPT + 5)}\n"
        f"topics: [{topics}]\nrelated:\n{related}\n---\n"
    )
    reading = read(text)
    assert reading.item is not None
    assert len(reading.item.article.title) == MAX_TITLE
    assert len(reading.item.article.excerpt) == MAX_EXCERPT
    assert len(reading.item.topics) == MAX_NAMES
    assert len(reading.item.related) == MAX_RELATED
    assert [problem.line for problem in reading.problems] == [2, 3, 4, 5]


def test_a_file_has_a_bounded_number_of_problems() -> None:
    _, warnings = warned("topics:\n" + "  - {a: b}\n" * 500)
    assert len(warnings) == MAX_PROBLEMS + 1


@pytest.mark.parametrize("key", ["type", "publishedDateTime", "webUrl", "published"])
def test_a_mapping_where_text_is_expected_is_left_out_with_a_warning(key: str) -> None:
    found, warnings = warned(f"{key}: {{a: b}}")
    assert found == Item("a", Article("T"))
    assert warnings == [(3, key, "text is expected, not a mapping; it was left out")]


def check_clean(reading: Reading, lines: int) -> None:
    """What holds for whatever was read."""
    assert BLOB not in repr(reading)
    assert reading.item or reading.problems or reading.draft
    for problem in reading.problems:
        assert problem.path == "seeds/a.md"
        assert 1 <= problem.line <= lines
        assert problem.message.isprintable()
    if reading.item:
        for article in reading.item.articles():
            for text in (article.title, article.excerpt, article.url, article.type):
                assert text == " ".join(text.split())
                assert not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text)
            assert article.title
            assert article.url == "" or article.url.startswith(("http://", "https://"))
            assert article.published is None or article.published.tzinfo is UTC


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    check_clean(parse_item(data, "seeds/a.md", "a"), data.count(b"\n") + data.count(b"\r") + 2)


@given(st.data())
def test_no_mutation_of_a_whole_item_raises_or_shows_what_is_private(data: st.DataObject) -> None:
    # The private lines stay whole: what is no longer under their keys is not private.
    public, private = WHOLE.split("featuredContent:")
    public = public.replace(BLOB, "x")
    at = data.draw(st.integers(4, len(public)))
    cut = data.draw(st.integers(0, 12))
    put = data.draw(st.text("ab:-'\"[]{}#&*!|>%@` \n\t\\,~\x00\x85\u2028", max_size=6))
    text = f"{public[:at]}{put}{public[at + cut :]}\nfeaturedContent:{private}"
    check_clean(read(text), text.count("\n") + 1)


@given(st.text(max_size=200), st.sampled_from(["title", "excerpt", "webUrl", "type", "heat"]))
def test_no_text_in_a_field_raises(value: str, key: str) -> None:
    quoted = value.replace("'", "''").replace("\n", " ")
    text = f"---\ntitle: T\n{key}: '{quoted}'\n---\n"
    check_clean(parse_item(text.encode("utf-8", "replace"), "seeds/a.md", "a"), 1000)


def test_real_items_are_read_without_an_error_and_without_what_is_private() -> None:
    for file in real_files("items") + real_files("seed"):
        data = file.read_bytes()
        reading = parse_item(data, file.name, "id")
        assert reading.item is not None, reading.problems
        assert reading.problems == ()
        secured = data.decode().partition("\nsecured:")[2].partition("\n")[0].strip(' "')
        assert secured
        assert secured not in repr(reading)


@pytest.mark.parametrize(
    ("body", "length"),
    [
        ("x" * MAX_BODY, 0),
        ("x" * (MAX_BODY + 1), MAX_BODY),
        ("word " * MAX_BODY, MAX_BODY - 1),
        ("x\n" + "\n" * 3 * MAX_BODY, 0),
        ("x " + " " * 3 * MAX_BODY + "y", 1),
        ("<b>" * (MAX_BODY // 2) + "x", 0),
    ],
)
def test_a_body_whose_end_is_left_out_is_warned_of_at_its_first_line(
    body: str, length: int
) -> None:
    found = parse_item(f"---\ntitle: x\ntype: article\n---\n{body}".encode(), "a.md", "a")
    message = f"it is too long: only the first {length:,} characters of its text were indexed"
    told = [(problem.line, problem.field, problem.message) for problem in found.problems]
    assert told == ([(5, "body", message)] if length else [])
    assert all(problem.severity is Severity.WARNING for problem in found.problems)
