"""Results as JSON, value by value."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from indexer.item import Article, Image, Item, Provider
from search_app.answers import Error, Fault
from search_app.json_views import hit_answer, item_answer, results_bytes
from search_app.search.query.tree import Note
from search_app.search.request import Group, SearchRequest
from search_app.search.results import FacetValue, Hit, RelatedHit, Results

WHEN = datetime(2020, 6, 9, 0, 47, tzinfo=UTC)
ZDNET = Provider("ZDNet", "zdnet.com")
SHOT = Image("https://i/a.jpg", 640, 428)
FULL = Article(
    "A & B", "C", "https://x/", "https://a/", "https://c/", WHEN, "video", ZDNET, 69, SHOT
)
BARE = Article("Only a title")
REST = ("provider", "type", "year")


def written(answer: object) -> dict[str, Any]:
    """An answer as it is sent."""
    row: dict[str, Any] = json.loads(msgspec.json.encode(answer))
    return row


def hit(article: Article, **more: Any) -> Hit:
    related = RelatedHit(BARE, None, True, "<mark>Only</mark> a title", "")
    item = Item("x/y", article, ("AI",), -1, False, (BARE,), "Body", ("Jo Reed",))
    return Hit(item, article.provider, 1.25, 2, "A &amp; B", "C", (related,), **more)


def test_a_hit_says_all_of_it() -> None:
    assert written(hit_answer(hit(FULL, story="9f86d081884c7d65", others=3))) == {
        "id": "x/y",
        "title": "A & B",
        "excerpt": "C",
        "url": "https://x/",
        "amp_url": "https://a/",
        "cached_url": "https://c/",
        "published": "2020-06-09T00:47:00Z",
        "type": "video",
        "provider": {"name": "ZDNet", "domain": "zdnet.com"},
        "image": {"url": "https://i/a.jpg", "width": 640, "height": 428},
        "authors": ["Jo Reed"],
        "topics": ["AI"],
        "quality": 69,
        "heat": -1,
        "story": "9f86d081884c7d65",
        "language": "en",
        "score": 1.25,
        "others": 3,
        "outlets": 2,
        "highlights": {"title": "A &amp; B", "excerpt": "C"},
        "related": [
            {
                "title": "Only a title",
                "excerpt": "",
                "url": None,
                "amp_url": None,
                "cached_url": None,
                "published": None,
                "type": "article",
                "provider": None,
                "image": None,
                "matched": True,
                "highlights": {"title": "<mark>Only</mark> a title", "excerpt": ""},
            }
        ],
    }


def test_what_an_item_does_not_have_is_null_and_text_is_empty() -> None:
    row = written(hit_answer(hit(BARE)))
    absent = ("url", "amp_url", "cached_url", "published", "provider", "image", "quality", "story")
    assert {row[name] for name in absent} == {None}
    assert row["excerpt"] == ""


def test_an_item_is_a_hit_without_what_belongs_to_a_search_and_with_its_body() -> None:
    row = written(item_answer(hit(FULL)))
    assert row["body"] == "Body"
    assert "score" not in row
    assert "highlights" not in row
    assert not {"matched", "highlights"} & row["related"][0].keys()


def test_the_answer_says_what_was_asked_and_found() -> None:
    results = Results(
        request=SearchRequest("tram", page=2, page_size=3, group=Group.STORY),
        stories=3,
        total=4,
        relaxed=True,
        complete=0,
        notes=(Note("kind", "A message", 1, 3),),
        generation="g000001-abcdef",
        took_ms=1.234,
        hits=(),
        facets={"topic": (FacetValue("ai", "AI", 3, True),), **dict.fromkeys(REST, ())},
        facet_sizes={"topic": 7, **dict.fromkeys(REST, 0)},
    )
    assert json.loads(results_bytes(results)) == {
        "query": "tram",
        "total": 4,
        "stories": 3,
        "page": 2,
        "page_size": 3,
        "sort": "relevance",
        "match": "auto",
        "group": "story",
        "relaxed": True,
        "notes": [{"kind": "kind", "message": "A message", "start": 1, "end": 3}],
        "corrected": None,
        "did_you_mean": None,
        "took_ms": 1.234,
        "generation": "g000001-abcdef",
        "hits": [],
        "facets": {
            "topic": [{"value": "ai", "label": "AI", "count": 3, "selected": True}],
            **{group: [] for group in REST},
        },
        "facet_sizes": {"topic": 7, **dict.fromkeys(REST, 0)},
    }
    assert results.pages == 1
    assert replace(results, stories=None).pages == 2


def test_an_error_has_one_body() -> None:
    fault = {"kind": "bad", "message": "No"}
    assert written(Error(Fault("bad", "No"))) == {"error": fault}
    assert written(Error(Fault("bad", "No", "q"))) == {"error": {**fault, "parameter": "q"}}
