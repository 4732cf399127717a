"""Documents: what of an item is indexed and stored, and that all of it comes back."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from msgspec.structs import replace

from indexer.document import decode, document, encode, headline_number
from indexer.item import Article, Image, Item, Provider
from indexer.schema import FIELDS, ZONES, Kind
from tests.indexer.samples import NEW_YEAR, item, items

WHOLE = item(
    "2020/a",
    "A title",
    excerpt="An excerpt",
    url="https://www.example.com/a/",
    amp_url="https://amp.example.com/a",
    cached_url="https://cdn.example.org/a",
    published=NEW_YEAR,
    type="video",
    provider=Provider("Example", "example.com"),
    quality=80,
    topics=("One", "Two"),
    heat=-1,
    promoted=False,
    related=(
        Article("Related", "Its excerpt", provider=Provider("Other", "other.org"), quality=0),
        Article("Second", provider=Provider("Example, again", "example.com")),
    ),
    body="A body",
    authors=("Jo Reed",),
)


@given(items())
def test_any_item_comes_back_as_it_was(one: Item) -> None:
    assert decode(encode(one)) == one


@given(items())
def test_any_item_comes_back_without_its_body(one: Item) -> None:
    head = decode(encode(one).split(b"\n")[0])
    has_body = bool(one.body or one.markdown)
    assert head == replace(one, body="", markdown="", body_left_out=has_body)
    assert head.has_body == has_body


@pytest.mark.parametrize("year", [1, 1969, 9999])
def test_dates_come_back_from_all_of_time(year: int) -> None:
    one = item(published=datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert decode(encode(one)) == one
    assert document(one).keywords["year"] == (f"{year:04d}",)


@given(items())
def test_a_document_has_all_fields_of_the_table(one: Item) -> None:
    made = document(one)
    assert made.id == one.id
    assert set(made.zones) == {part.name for part in ZONES}
    assert set(made.keywords) == {field.name for field in FIELDS if field.kind is Kind.KEYWORD}
    assert set(made.numbers) <= {field.name for field in FIELDS if field.kind is Kind.NUMBER}
    assert document(decode(made.stored)) == made


def test_the_document_of_a_whole_item() -> None:
    made = document(WHOLE)
    assert made.zones == {
        "title": ("A title",),
        "excerpt": ("An excerpt",),
        "related_title": ("Related", "Second"),
        "related_excerpt": ("Its excerpt", ""),
        "provider": ("Example", "example", "Other", "other", "Example, again"),
        "topic": ("One", "Two"),
        "author": ("Jo Reed",),
        "body": ("A body",),
    }
    assert made.keywords == {
        "id": ("2020/a",),
        "outlet": ("example.com", "other.org"),
        "label": ("one", "two"),
        "type": ("video",),
        "year": ("2020",),
        "language": ("en",),
        "url": ("example.com/a", "amp.example.com/a", "cdn.example.org/a"),
    }
    headline = headline_number("A title")
    numbers = {"date": 1577836800, "quality": 80, "heat": -1, "outlets": 2, "headline": headline}
    assert made.numbers == numbers


def test_an_item_without_numbers_has_none_but_its_outlets_and_headline() -> None:
    assert document(item()).numbers.keys() == {"outlets", "headline"}


@pytest.mark.parametrize("text", ["U.S. strikes back", "us Strikes: back!", "“Ús” strikes back"])
def test_headlines_of_the_same_letters_have_one_number(text: str) -> None:
    assert headline_number(text) == headline_number("US strikes back")
    assert headline_number(text) != headline_number("US strikes black")


ARTICLES: list[dict[str, Any]] = [
    {"title": "Another"},
    {"excerpt": "Another"},
    {"url": "https://example.com/b"},
    {"amp_url": ""},
    {"cached_url": ""},
    {"published": None},
    {"published": NEW_YEAR.replace(second=1)},
    {"type": "article"},
    {"provider": None},
    {"provider": Provider("example", "example.com")},
    {"provider": Provider("Example", "example.org")},
    {"provider": Provider("Example", "example.com", Image("https://example.com/logo.png"))},
    {"quality": None},
    {"quality": 0},
    {"image": Image("https://example.com/a.jpg")},
    {"image": Image("https://example.com/a.jpg", 600, 400)},
]
ITEMS: list[dict[str, Any]] = [
    {"id": "b"},
    {"topics": ("Two", "One")},
    {"topics": ()},
    {"heat": None},
    {"heat": 0},
    {"promoted": None},
    {"promoted": True},
    {"related": WHOLE.related[:1]},
    {"related": (WHOLE.related[1], WHOLE.related[0])},
    {"body": ""},
    {"authors": ()},
    {"authors": ("Ann Lee",)},
    {"language": "de"},
    {"markdown": "A **body**"},
]


@pytest.mark.parametrize(
    "changed",
    [
        *(replace(WHOLE, article=replace(WHOLE.article, **change)) for change in ARTICLES),
        *(replace(WHOLE, **change) for change in ITEMS),
        replace(WHOLE, related=(replace(WHOLE.related[0], quality=None), WHOLE.related[1])),
    ],
)
def test_every_change_of_an_item_changes_its_fingerprint(changed: Item) -> None:
    assert document(changed).fingerprint != document(WHOLE).fingerprint


def test_no_field_is_missing_from_the_changes_above() -> None:
    assert {name for change in ARTICLES for name in change} == {*Article.__struct_fields__}
    changed = {name for change in ITEMS for name in change}
    assert changed == {*Item.__struct_fields__} - {"article", "body_left_out"}


@given(items(), items())
def test_fingerprints_are_equal_where_items_are(one: Item, other: Item) -> None:
    assert (document(one).fingerprint == document(other).fingerprint) == (one == other)
    assert document(replace(one)).fingerprint == document(one).fingerprint
