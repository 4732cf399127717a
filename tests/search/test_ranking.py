"""What a reader expects to find first, over small worlds."""

from pathlib import Path

import pytest

from indexer.item import Article, Item, Provider
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest
from tests.search.samples import ask, ids, item, make


def world(folder: Path, *items: Item) -> Path:
    return make(folder, items)


def search(folder: Path, query: str, match: Match = Match.AUTO) -> list[str]:
    return ids(ask(folder, SearchRequest(q=query, match=match)))


def outlet(domain: str, name: str = "") -> Provider:
    return Provider(name, domain)


@pytest.mark.parametrize("query", ["The Who", "the who!", "THE WHO", '"The Who"'])
@pytest.mark.parametrize("match", Match)
def test_an_item_whose_headline_is_the_query_comes_first(
    tmp_path: Path, query: str, match: Match
) -> None:
    others = [
        item("a", "The Who and the band of the Who", excerpt="The Who, the Who, the Who"),
        item("b", "Who is the Who", body="the who " * 50),
    ]
    index = world(tmp_path, item("c", "The Who"), *others)
    assert search(index, query, match)[0] == "c"


def test_what_an_item_says_itself_comes_before_what_its_related_articles_say(
    tmp_path: Path,
) -> None:
    related = Article("Climate change meets the harbour", url="https://x.io/1")
    index = world(
        tmp_path,
        item("own", "Climate change and the long dispute about the new bridge over the river"),
        item("theirs", "Ferries", related=(related,)),
    )
    assert search(index, "climate change") == ["own", "theirs"]


def test_words_that_stand_together_as_typed_come_first(tmp_path: Path) -> None:
    index = world(
        tmp_path,
        item("apart", "Strike of the ferry council, which goes on about the harbour police"),
        item("together", "Police on strike, as the ferry council goes about the harbour of old"),
        item("turned", "Strike on police, as the ferry council goes about the harbour of old"),
    )
    assert search(index, "police on strike")[0] == "together"


def test_an_outlet_is_found_by_its_name_and_the_telling_label_of_its_domain(
    tmp_path: Path,
) -> None:
    article = Article("Ferry", provider=outlet("news.harbour.co.uk", "Ledger"))
    index = world(tmp_path, item("a", "Tides", related=(article,)), item("b", "Strike"))
    for query in ("harbour", "ledger", "provider:harbour", "news.harbour.co.uk"):
        assert search(index, query) == ["a"], query
    for query in ("co", "uk", "news", "www", "com"):
        assert search(index, query) == [], query


def test_an_outlet_named_by_a_domain_is_found_by_it_and_not_by_its_suffix(tmp_path: Path) -> None:
    """Even if its own domain is another."""
    index = world(tmp_path, item("a", "Harbour", provider=outlet("exm.example", "Examiner.co.uk")))
    for query in ("examiner", "Examiner.co.uk", "provider:Examiner.co.uk", '"examiner"'):
        assert search(index, query) == ["a"]
    for query in ("co", "uk", "provider:uk"):
        assert search(index, query) == []


def test_a_stop_word_weighs_little_but_is_never_dropped(tmp_path: Path) -> None:
    index = world(
        tmp_path,
        item("who", "Who is who of the who"),
        item("strike", "Strike"),
        *(item(f"other{n}", "Ferry of the harbour") for n in range(9)),
    )
    assert search(index, "who strike", Match.ANY) == ["strike", "who"]
    assert search(index, "who") == ["who"]


def test_where_any_word_will_do_an_address_is_one_of_them(tmp_path: Path) -> None:
    there = Article("Ferry", url="https://x.io/1")
    named = item("b", "Strike at the harbour")
    index = world(tmp_path, item("a", "Strike", related=(there,)), named)
    text = "strike at the harbour https://{}"
    assert search(index, text.format("t.co/nowhere"), Match.ANY) == ["b", "a"]
    assert search(index, text.format("x.io/1"), Match.ANY) == ["a", "b"]
    assert search(index, text.format("x.io/1")) == ["a"]


def test_where_any_word_will_do_a_quotation_is_searched_by_its_words(tmp_path: Path) -> None:
    index = world(
        tmp_path,
        item("words", "Strike at the harbour of Tarrell"),
        item("name", "Harbour council"),
        item("other", "Minister"),
    )
    found = search(index, 'minister: "the strike in Tarrell goes on"', Match.ANY)
    assert set(found) == {"other", "words"}
    assert search(index, '"harbour of strike" minister', Match.ANY) == ["other"]
    assert search(index, '"the strike in Tarrell goes on"', Match.ANY) == []
