"""No answer grows with what is asked or with what items hold: a page has 300 kB at most."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from indexer.item import Article, Item, Provider
from search_app.app import create_app
from search_app.detail import ANSWER
from search_app.search.request import MAX_ADDRESS
from search_app.settings import Settings
from search_app.state import state
from tests.search.samples import make
from tests.web.test_pages import Nesting

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]  # pages of megabytes

KB_300 = 300_000
EMOJI, IDEOGRAPH, QUOTES = "😀", chr(0x20000), '"' * 4_096


def url(name: str) -> str:
    return f"https://{name}.example/{'p&' * 1_900}"


def huge(number: int) -> Item:
    """An item that holds as much of something as reading lets through."""
    sign = ('"', "<", IDEOGRAPH, "tram ", "a b ")[number % 5]
    outlet = Provider(f"{EMOJI * 190}{number}", f"{'d' * 60}.{'e' * 60}.o{number}.example")
    many = number % 5 == 3
    related = tuple(
        Article(
            f"tram {n} {sign * (90 if many else 990 // len(sign))}",
            "tram " * 20 + sign * 300,
            url(f"r{n}") if not many else f"https://r{n}.example/",
            provider=Provider(f"{IDEOGRAPH * 190}{n}", f"r{n}.o{number}.example"),
        )
        for n in range(256 if many else 9)
    )
    return Item(
        f"{number}/{'日' * (80 if number % 2 else 1_000)}",
        Article(
            f"tram {sign * (990 // len(sign))}",
            f"{sign * ((19_000 if number < 20 else 2_000) // len(sign))} tram",
            url("own"), url("amp"), url("cached"),
            type=f"{number % 60}{'k' * 190}",
            provider=outlet,
        ),
        topics=tuple(f"{n + number % 40} {IDEOGRAPH * 190}" for n in range(64)),
        related=related if number < 20 or not many else (),
        markdown=f"{sign}\n" * 300_000 if number == 7 else "",
        authors=tuple(f"{n + number % 40} {sign * (190 // len(sign))}" for n in range(64)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def crammed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of an application over 101 items at every bound at once."""
    folder = make(tmp_path_factory.mktemp("crammed"), [huge(number) for number in range(101)])
    app = create_app(Settings.load({}, index=folder))
    app.testing = True
    yield app.test_client()
    state(app.extensions).reader.close()


ASKED = {
    "all": {"page_size": 100},
    "a word": {"q": "tram", "page_size": 100},
    "ten": {"q": "tram"},
    "one": {"q": "tram", "page_size": 1},
    "emoji": {"q": f"tram {EMOJI * 4_096}", "match": "any", "page_size": 100},
    "quotes": {"q": f"tram OR {QUOTES}", "page_size": 100},
    "angles": {"q": f"tram {'<' * 4_096}", "match": "any", "page_size": 100},
    "ampersands": {"q": f"tram {'& ' * 2_000}", "match": "any"},
    "letters": {"q": f"tram {'a' * 200_000}", "match": "any", "page_size": 100},
    "words": {"q": "tram " + "w " * 2_000, "match": "any", "page_size": 100},
    "signs": {"q": " ".join(["…" * 30] * 128)},
    "notes": {"q": " ".join(['a*b colour:x date:20 OR ) "', *["quality:x"] * 99])},
    "selected": {
        "q": f"tram {QUOTES}",
        "match": "any",
        "topic": [f"0 {IDEOGRAPH * 190}", *(f'{n}"' for n in range(99))],
        "page_size": 100,
    },
    "dates": {"q": "tram", "since": "0001-01-01T00:00:00.000000001+00:00", "until": "9999"},
}  # fmt: skip


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_a_page_stays_under_300_kb_and_whole(crammed: FlaskClient, asked: dict[str, str]) -> None:
    answer = crammed.get(f"/search?{urlencode(asked, doseq=True)}")
    assert answer.status_code == 200
    assert len(answer.data) < KB_300
    nesting = Nesting()  # fails on tags that are not balanced
    nesting.feed(answer.text)
    nesting.close()
    assert nesting.open == []


def test_the_page_of_any_item_stays_under_300_kb_and_says_what_is_missing(
    crammed: FlaskClient,
) -> None:
    sizes = []
    for hit in crammed.get("/api/search?page_size=100").get_json()["hits"]:
        answer = crammed.get(f"/items/{hit['id']}")
        assert answer.status_code == 200
        sizes.append(len(answer.data))
        assert "…" in answer.text
    assert max(sizes) < KB_300
    body = crammed.get(f"/items/7/{'日' * 80}").text
    assert "The text goes on" in body
    assert "more articles, for which there is no room here" in crammed.get(
        f"/items/3/{'日' * 80}"
    ).text  # fmt: skip


def test_an_answer_of_the_api_is_bounded_and_says_what_is_missing(crammed: FlaskClient) -> None:
    answer = crammed.get("/api/search?q=tram&page_size=100")
    assert len(answer.data) < ANSWER + 500_000  # the hits, and what stands around them
    found = answer.get_json()
    assert len(found["hits"]) == 100
    (note,) = (note for note in found["notes"] if note["kind"] == "cut")
    assert note["message"].startswith("100 hits are shown in part")


def test_an_ordinary_answer_is_whole(client: FlaskClient) -> None:
    found = client.get("/api/search?page_size=100").get_json()
    assert "cut" not in {note["kind"] for note in found["notes"]}
    for hit in found["hits"]:
        whole = client.get(f"/api/items/{hit['id']}").get_json()
        assert {name: hit[name] for name in ("title", "excerpt", "url", "topics")} == {
            name: whole[name] for name in ("title", "excerpt", "url", "topics")
        }
        assert [one["excerpt"] for one in hit["related"]] == [
            one["excerpt"] for one in whole["related"]
        ]


@pytest.mark.parametrize("query", ["a" * 5_000, "東" * 3_000, '"' * 3_000])
def test_the_answer_repeats_the_shortened_query_and_a_note_says_so(
    client: FlaskClient, query: str
) -> None:
    answer = client.get("/api/search", query_string={"q": query}).get_json()
    assert query.startswith(answer["query"])
    assert len(answer["query"]) < len(query)
    assert len(urlencode({"q": answer["query"]})) <= MAX_ADDRESS + len("q=")
    (note,) = (note for note in answer["notes"] if note["kind"] == "too_long")
    assert (note["start"], note["end"]) == (len(answer["query"]), len(query))
    text = client.get("/search", query_string={"q": query}).text
    assert f"Only the first {len(answer['query']):,} characters" in text


def test_a_search_too_long_for_all_its_links_says_so_and_an_ordinary_one_has_them(
    client: FlaskClient,
) -> None:
    said = "the page repeats it in its most useful links only"
    long = client.get("/search", query_string={"q": "ferry " * 600, "match": "any"}).text
    assert said in long
    assert ">Newest</a>" in long
    assert 'class="tag" href' not in long
    ordinary = client.get("/search", query_string={"q": "ferry " * 8, "match": "any"}).text
    assert said not in ordinary
    assert 'class="tag" href' in ordinary


@pytest.mark.parametrize("path", ["/search", "/api/search", "/items/none", "/api/items/none"])
def test_an_error_repeats_little_of_what_was_typed(client: FlaskClient, path: str) -> None:
    for name in ("since", "page", "sort", "topic", "year"):
        answer = client.get(path, query_string={name: "<" * 80_000, "q": '"' * 4_000})
        assert answer.status_code in (400, 404)
        assert len(answer.data) < 15_000
