"""Keys: which of other tools' stand in for the format's own, however they are spelled."""

from collections.abc import Iterable
from itertools import pairwise

import pytest

from indexer.item import Item, Provider
from indexer.source.frontmatter.nodes import folded_key, is_private
from indexer.source.validate.item_parser import parse_item
from indexer.source.validate.keys import FOLDED, IN_PROVIDER, STAND_INS
from tests.docs.markdown import INDEXER, code
from tests.indexer.source.validate.test_item_parser import item, read, warned

VALUES = {
    "title": ("One", "Two"),
    "excerpt": ("One", "Two"),
    "publishedDateTime": ("2020-01-01", "2021-02-02"),
    "webUrl": ("https://one.example/a", "https://two.example/b"),
    "type": ("one", "two"),
    "provider.name": ("One", "Two"),
    "provider.domain": ("one.example", "two.example"),
    "topics": ("One", "Two"),
    "authors": ("Jo Reed", "Ann Lee"),
    "images": ("https://one.example/a.jpg", "https://two.example/b.jpg"),
    "lang": ("de", "fr"),
}
"""Two values of each key that something stands in for."""

PAIRS = [(name, key) for name, keys in STAND_INS.items() for key in keys]


def lines(key: str, value: str) -> str:
    """A key with its value, in a mapping if its name says so."""
    group, dot, last = key.rpartition(".")
    return f"{group}:\n  {last}: {value}" if dot else f"{key}: {value}"


def told(name: str, found: Item) -> str:
    """What an item says under a key of the format, as it is written in `VALUES`."""
    article = found.article
    provider = article.provider or Provider("", "")
    return {
        "title": article.title,
        "excerpt": article.excerpt,
        "publishedDateTime": f"{article.published:%Y-%m-%d}" if article.published else "",
        "webUrl": article.url,
        "type": article.type,
        "provider.name": provider.name,
        "provider.domain": provider.domain,
        "topics": ", ".join(found.topics),
        "authors": ", ".join(found.authors),
        "images": article.image.url if article.image else "",
        "lang": found.language,
    }[name]


def reads(name: str, *written: tuple[str, str]) -> str:
    """What a file with these keys and values says under a key, without a warning."""
    more = ["title: T"] * (name != "title") + ["hostname: x.example"] * (name == "provider.name")
    text = "\n".join([*more, *(lines(*one) for one in written)])
    reading = parse_item(f"---\n{text}\n---\n".encode(), "seeds/a.md", "a")
    assert reading.item, text
    assert not reading.problems, text
    return told(name, reading.item)


def test_the_documented_keys_are_the_codes() -> None:
    title = "Which keys of other tools are read?"
    documented = {
        code(row["key"])[0]: tuple(code(row["what stands in for it"]))
        for row in INDEXER.table(title, "key")
    }
    assert documented == {name: keys for name, keys in STAND_INS.items() if keys}
    text = INDEXER.section(title)
    assert all(f"`{key}`" in text for keys in IN_PROVIDER.values() for key in keys)
    explained = [code(row["key"]) for row in INDEXER.table("What is a news item?", "key")]
    assert {key for keys in explained for key in keys} == {
        name.rpartition(".")[2] for name in STAND_INS
    }


@pytest.mark.parametrize(("name", "key"), PAIRS)
def test_each_key_stands_in_for_one_of_ours(name: str, key: str) -> None:
    value, _ = VALUES[name]
    assert reads(name, (key, value)) == value


@pytest.mark.parametrize(("name", "key"), PAIRS)
def test_our_own_key_wins(name: str, key: str) -> None:
    own, other = VALUES[name]
    if name == "topics":
        found = item(f"topics: [{own}]\n{lines(key, other)}")
        assert found.topics == (own,)
    elif name.startswith("provider"):
        found = item(f"provider:\n  name: One\n  domain: one.example\n{lines(key, other)}")
        assert found.article.provider == Provider("One", "one.example")
    else:
        assert reads(name, (key, other), (name, own)) == own


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        (name, *pair)
        for name, keys in STAND_INS.items()
        for pair in pairwise(keys)
        if not ("." in pair[0] and pair[0].partition(".")[0] == pair[1].partition(".")[0])
    ],
)
def test_of_two_the_first_in_the_table_counts(name: str, first: str, second: str) -> None:
    one, two = VALUES[name]
    expected = f"{one}, {two}" if name == "topics" else one
    assert reads(name, (second, two), (first, one)) == expected


def spellings(key: str) -> Iterable[str]:
    """Ways to spell a key that stands in camel case in the tables."""
    words = "".join(f" {char}" if char.isupper() else char for char in key).split()
    yield from ("_".join(words).lower(), "-".join(words), key.upper(), "-".join(words).title())
    yield " ".join(words).title()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (name, spelled)
        for name, keys in STAND_INS.items()
        if name in VALUES and "." not in name
        for key in (name, *(key for key in keys if key.isalnum()))
        for spelled in spellings(key)
    ],
)
def test_a_key_is_read_however_it_is_spelled(name: str, key: str) -> None:
    value, _ = VALUES[name]
    if name == "topics" and folded_key(key) == "topics":
        assert item(f"{key}: [{value}]").topics == (value,)
    else:
        assert reads(name, (key, value)) == value


def test_keys_of_all_kinds_are_read_in_capitals() -> None:
    found = item(
        "AMP-Web-URL: https://a.org/amp\nCDNAMPWEBURL: https://c.org/a\nQuality: 3\nHEAT: 4\n"
        "Published: true\nProvider:\n  Name: N\n  DOMAIN: n.org\n"
        "RELATED:\n  - Headline: R\n    URL: https://r.org/1\n    Site-Name: Are"
    )
    assert (found.article.amp_url, found.article.cached_url) == (
        "https://a.org/amp",
        "https://c.org/a",
    )
    assert (found.article.quality, found.heat, found.promoted) == (3, 4, True)
    assert found.article.provider == Provider("N", "n.org")
    (related,) = found.related
    assert (related.title, related.url) == ("R", "https://r.org/1")
    assert related.provider == Provider("Are", "r.org")


@pytest.mark.parametrize("lines", ["Draft: true", "DRAFT: yes", "dRaFt: 'on'"])
def test_a_draft_is_one_in_any_spelling(lines: str) -> None:
    assert read(f"---\ntitle: T\n{lines}\n---\n").draft


@pytest.mark.parametrize(
    ("one", "other"),
    [("title", "Title"), ("site_name", "siteName"), ("a b", "A-B"), ("og:url", "og_url")],
)
def test_spellings_of_one_key_are_equal(one: str, other: str) -> None:
    assert folded_key(one) == folded_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("title", "titles"), ("_title", "title"), ("title_", "title"), ("@url", "url"), ("", "-")],
)
def test_other_keys_are_not(one: str, other: str) -> None:
    assert folded_key(one) != folded_key(other)


def test_no_two_rows_of_the_table_fold_to_one_key() -> None:
    for keys in FOLDED.values():
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("lines", "topics", "warnings"),
    [
        ("tags: [a]\nTags: [b]", ("a",), [(4, "Tags", "tags on line 3 counts; remove one")]),
        ("Tags: [a]\ntags: [b]", ("b",), [(3, "Tags", "tags on line 4 counts; remove one")]),
        ("Tags: [a]\nTAGS: [b]", ("b",), [(3, "Tags", "TAGS on line 4 counts; remove one")]),
        ("tags:\nTags: [b]", ("b",), []),
        ("Tags: [b]\ntags: ~", ("b",), []),
        ("tags: a\nTags: a", ("a",), []),
        ("tags: [a]\nmood: x\nMood: y", ("a",), []),
    ],
)
def test_of_two_spellings_the_tables_counts_or_else_the_later(
    lines: str, topics: tuple[str, ...], warnings: list[tuple[int, str, str]]
) -> None:
    found, said = warned(lines)
    assert found.topics == topics
    assert said == warnings


@pytest.mark.parametrize(
    "key", ["secured", "Secured", "SECURED", "featured_content", "featuredcontent"]
)
def test_private_keys_are_private_in_any_spelling(key: str) -> None:
    assert is_private(key)
    reading = read(
        f"---\ntitle: T\n{key}: c2VjcmV0LWJsb2I\n{key.upper()}: [c2VjcmV0LWJsb2I]\n---\n"
    )
    assert reading.item
    assert "c2VjcmV0" not in repr(reading)


@pytest.mark.parametrize("key", ["guid", "dc:identifier"])
def test_an_identifier_need_not_be_an_address(key: str) -> None:
    assert item(f"{key}: https://a.org/b").article.url == "https://a.org/b"
    found, said = warned(f"{key}: urn:isbn:0451450523")
    assert (found.article.url, said) == ("", [])


@pytest.mark.parametrize(
    ("lines", "provider"),
    [
        ("source: Reuters\nurl: https://www.a.org/b", Provider("Reuters", "a.org")),
        ("source: https://www.a.org/b", Provider("a.org", "a.org")),
        ("source: '[The Ledger](https://www.a.org/b)'", Provider("The Ledger", "a.org")),
        ("source: a.org", Provider("a.org", "a.org")),
        (
            "source: {id: x, name: The Ledger}\nurl: https://a.org/b",
            Provider("The Ledger", "a.org"),
        ),
        ("site: a.org", Provider("a.org", "a.org")),
        ("site: https://www.a.org/", Provider("a.org", "a.org")),
        ("site: a.org\npublisher: The Ledger", Provider("The Ledger", "a.org")),
        ("site: b.org\nurl: https://a.org/b", Provider("a.org", "a.org")),
        ("publisher: {name: The Ledger, url: 'https://a.org'}", Provider("The Ledger", "a.org")),
        ("publisher: '[[The Ledger]]'\nhost: www.A.org", Provider("The Ledger", "a.org")),
        ("hostname: https://a.org/x\nurl: https://b.org/c", Provider("a.org", "a.org")),
        ("provider: {name: The Ledger}\nhostname: a.org", Provider("The Ledger", "a.org")),
        ("provider: {domain: a.org}\nsite_name: The Ledger", Provider("The Ledger", "a.org")),
        ("host: Jo Reed", None),
        ("host: 3.5", None),
        ("source: /2020/x", None),
        ("source: isbn:9780", None),
        ("publisher: [a, b]", None),
    ],
)
def test_an_outlet_is_read_as_other_tools_name_it(lines: str, provider: Provider | None) -> None:
    assert item(lines).article.provider == provider


@pytest.mark.parametrize("name", ["Harbour Ledger", "U.S.", "St. Mary"])
@pytest.mark.parametrize("key", ["publisher", "source", "site"])
def test_an_outlet_that_nothing_places_goes_by_its_name(key: str, name: str) -> None:
    assert item(f"{key}: {name}").article.provider == Provider(name, name.lower())


@pytest.mark.parametrize(
    ("lines", "url"),
    [
        ("url: /2020/x\ncanonical: https://a.org/b", "https://a.org/b"),
        ("url: ferry.html", ""),
        ("canonical: true", ""),
        ("source: 'AP: the ferry'\nhost: a.org", ""),
        ("source: doi:10.1000/1", ""),
        ("source: urn:isbn:9780", ""),
        ("link: 'See also: this'", ""),
        ("url: <https://a.org/b>", "https://a.org/b"),
        ("url: '[b](https://a.org/b)'", "https://a.org/b"),
        ("url: [https://a.org/b, https://a.org/c]", "https://a.org/b"),
        ("link: {text: b, href: 'https://a.org/b'}", "https://a.org/b"),
        ("url: www.a.org/b", "https://www.a.org/b"),
    ],
)
def test_an_address_may_be_written_in_many_ways_or_be_none(lines: str, url: str) -> None:
    assert item(lines).article.url == url


@pytest.mark.parametrize("key", ["url", "link", "canonical", "permalink", "sourceUrl"])
def test_an_address_with_another_scheme_is_warned_of(key: str) -> None:
    found, warnings = warned(f"{key}: javascript:x")
    assert found.article.url == ""
    assert [warning[:2] for warning in warnings] == [(3, key)]


def test_an_unusable_first_key_does_not_block_a_second() -> None:
    found, warnings = warned(
        "publishedDateTime: 2024-13-01\ndate: 2019-01-01\nwebUrl: x\nurl: https://a.org/b\n"
        "excerpt: {a: b}\nsummary: S\nauthor: {a: b}\nbyline: Jo"
    )
    assert found.article.published is not None
    assert (found.article.url, found.article.excerpt) == ("https://a.org/b", "S")
    assert found.authors == ("Jo",)
    assert [warning[1] for warning in warnings] == [
        *("publishedDateTime", "webUrl", "excerpt", "author")
    ]


def test_a_list_of_one_text_is_that_text_where_other_tools_write_it() -> None:
    found = item("description: [D]\nkind: ['[[Video]]']\ndate: [2020-01-01]")
    assert (found.article.excerpt, found.article.type) == ("D", "video")
    assert found.article.published is not None
