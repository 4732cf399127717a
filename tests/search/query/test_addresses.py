"""An item is found by its own address, however it was pasted, and by no other."""

import re
from pathlib import Path

import pytest

from search_app.search.query.parser import parse
from search_app.search.query.rewrite import Match
from search_app.search.query.tree import Address, Word
from search_app.search.request import SearchRequest
from tests.search.samples import ask, ids, item, make

PAGES = {
    "plain": "https://ledger.example/a/b",
    "below": "https://ledger.example/a",
    "capital": "https://ledger.example/A/b",
    "moon": "https://atlas.example/wiki/Callisto_(moon)",
    "umlaut": "https://ledger.example/%C3%BCber",
    "host": "https://b\u00fccher.example/a",
    "star": "https://ledger.example/a*b",
    "signs": "https://ledger.example/x,y;z|“w”\\v/(u)[t]'s&r=q",
    "yahoo": "https://atlas.example/wiki/Yahoo!",
    "acronym": "https://atlas.example/wiki/Washington_D.C.",
    "html": "https://www.ledger.example/path/page.html",
    "twelve": "https://ledger.example/?p=12",
    "thirteen": "https://ledger.example/?p=13",
    "both": "https://ledger.example/q?id=1&id=2",
    "turned": "https://ledger.example/q?id=2&id=1",
    "plus": "https://ledger.example/q?w=a+b",
    "route": "https://ledger.example/app#/ferry",
    "bang": "https://ledger.example/app#!tram",
    "port": "https://ledger.example:8443/a/b",
    "slash": "https://ledger.example/a%2Fb",
    "film": "https://atlas.example/wiki/君の名は。",
    "percent": "https://ledger.example/a-100%",
}
ELSEWHERE = {
    "words": "Nobody reads ledger.example/zzz any more",
    "noise": "www ledger, a b at example",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Items at the addresses above, with titles that tell nothing of them, and two others."""
    named = [item(id, "Harbour reopens", url=url) for id, url in PAGES.items()]
    named.append(
        item(
            "amp",
            "Harbour reopens",
            url="https://ledger.example/story",
            amp_url="https://amp.ledger.example/story",
            cached_url="https://amp-ledger-example.cdn.ampproject.org/c/s/amp.ledger.example/story",
        )
    )
    others = [item(id, title) for id, title in ELSEWHERE.items()]
    return make(tmp_path_factory.mktemp("pages"), [*named, *others])


AS_PASTED = [
    *((url, id) for id, url in PAGES.items()),
    # what is put around an address
    *(
        (around.format("https://ledger.example/a/b"), "plain")
        for around in (
            "\u202a{}\u202c",
            *('"{}"', "“{}”", "„{}“", "«{}»", "‹{}›", "「{}」", "『{}』", "＂{}＂", "'{}'", "‘{}’"),
            *("<{}>", "({})", "[{}]", "{{{}}}", "（{}）", "`{}`", "**{}**", "[Harbour]({})"),
            *("({}).", '"{}".', "“{}”,", "<{}>;", "{}.", "{},", "{}…", "{}!", "{}?", "{})", "{}”"),
            *("_{}_", "【{}】", "⟨{}⟩", "{}|"),
            *("{}:", "{}.)", "url:{}", "title:{}", "({}#part)", " {} ", "\u3000{}\u00a0"),
        )
    ),
    ('"https://atlas.example/wiki/Callisto_(moon)"', "moon"),
    ("(https://atlas.example/wiki/Callisto_(moon))", "moon"),
    ("(https://atlas.example/wiki/Callisto_(moon)).", "moon"),
    ("<https://atlas.example/wiki/Callisto_(moon)>", "moon"),
    ("[Callisto](https://atlas.example/wiki/Callisto_(moon))", "moon"),
    ("https://atlas.example/wiki/Callisto_(moon),", "moon"),
    ('"https://ledger.example/a*b"', "star"),
    ("(https://atlas.example/wiki/Yahoo!)", "yahoo"),
    ("https://atlas.example/wiki/Yahoo!.", "yahoo"),
    ("https://atlas.example/wiki/Washington_D.C", "nothing"),
    # spellings of one address
    ("HTTPS://LEDGER.EXAMPLE/a/b", "plain"),
    ("http://ledger.example/a/b/", "plain"),
    ("https://www.ledger.example./a/b", "plain"),
    ("https://ledger.example:443/a/b", "plain"),
    ("http://ledger.example:80/a/b#part", "plain"),
    ("https://reader:secret@ledger.example/a/b", "plain"),
    ("https://ledger.example/a/b#:~:text=harbour", "plain"),
    ("https：／／ledger.example/a/b", "plain"),
    ("https://ledger.example/%61/b", "plain"),
    ("https://ledger.example/a-100%25", "percent"),
    ("https://ledger.example/über", "umlaut"),
    ("https://ledger.example/%c3%bcber", "umlaut"),
    ("https://ledger.example/u\u0308ber", "umlaut"),
    ("https://atlas.example/wiki/Callisto_%28moon%29", "moon"),
    ("https://ledger.example/a%2ab", "star"),
    ("https://xn--bcher-kva.example/a", "host"),
    ("https://BÜCHER.example/a", "host"),
    ("https://ledger.example?p=12", "twelve"),
    ("https://ledger.example/q?w=a%20b", "plus"),
    # where the reader came from
    ("https://ledger.example/a/b?utm_source=letter&UTM_medium=mail", "plain"),
    ("https://ledger.example/a/b?fbclid=x#part", "plain"),
    ("https://ledger.example/?gclid=x&p=12&mc_eid=y", "twelve"),
    ("https://ledger.example/a/b?cmpid=x.", "plain"),
    ("https://ledger.example/a/b?at_custom1=link&wprov=sfla1", "plain"),
    ("https://ledger.example/app?utm_source=x#/ferry", "route"),
    # as browsers show it
    ("www.ledger.example/path/page.html", "html"),
    ("ledger.example/path/page.html", "html"),
    ("//ledger.example/path/page.html", "html"),
    ("ledger.example?p=12", "twelve"),
    ("Ledger.Example/path/page.html.", "html"),
    ('"ledger.example/a/b"', "plain"),
    ("(ledger.example/a/b)", "plain"),
    ("atlas.example/wiki/Callisto_(moon)", "moon"),
    ("bücher.example/a", "host"),
    ("ledger.example:8443/a/b", "port"),
    ("ledger.example/a*b", "star"),
    ("ledger.example/a/b?utm_source=x", "plain"),
    # AMP, as far as the item names it, and caches of what it names
    ("https://amp.ledger.example/story", "amp"),
    ("https://amp-ledger-example.cdn.ampproject.org/c/s/amp.ledger.example/story", "amp"),
    ("https://amp-ledger-example.cdn.ampproject.org/v/s/amp.ledger.example/story?usqp=a", "amp"),
    ("https://www.google.com/amp/s/amp.ledger.example/story", "amp"),
    ("https://www.google.co.uk/amp/s/amp.ledger.example/story", "amp"),
    ("https://ledger-example.cdn.ampproject.org/c/s/ledger.example/story?amp_js_v=0.1", "amp"),
    ("https://m.ledger.example/story", "nothing"),
    # what only looks alike
    ("https://ledger.example/b", "nothing"),
    ("https://ledger.example/a/B", "nothing"),
    ("https://ledger.example/?p=1", "nothing"),
    ("https://ledger.example/a?b", "nothing"),
    ("https://ledger.example/a/b?ref=front", "nothing"),
    ("https://ledger.example/a/b?page=2", "nothing"),
    ("https://ledger.example/a/b/index.html", "nothing"),
    ("https://blog.ledger.example/a/b", "nothing"),
    ("https://ledger.example/app", "nothing"),
    ("https://ledger.example/app#top", "nothing"),
    ("https://ledger.example/a*", "below"),
    ("https://nowhere.example/", "nothing"),
]  # fmt: skip


@pytest.mark.parametrize("match", [Match.ALL, Match.AUTO])
@pytest.mark.parametrize(("pasted", "id"), AS_PASTED)
def test_an_item_is_found_by_its_own_address_alone(
    pages: Path, pasted: str, id: str, match: Match
) -> None:
    found = ids(ask(pages, SearchRequest(pasted, match=match)))
    assert found == ([] if id == "nothing" else [id])


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("https://ledger.example/a https://ledger.example/a/b", set()),
        ("https://ledger.example/a OR https://ledger.example/a/b", {"below", "plain"}),
        ("https://ledger.example/a|https://ledger.example/a/b", {"below", "plain"}),
        ('"https://ledger.example/a"|"https://ledger.example/a/b"', {"below", "plain"}),
        ("https://atlas.example/wiki/Callisto_(moon)|https://ledger.example/a", {"moon", "below"}),
        ("(https://ledger.example/a OR ledger.example/a/b)", {"below", "plain"}),
        ("harbour https://ledger.example/a", {"below"}),
        ("https://ledger.example/a, harbour", {"below"}),
        ("ferry https://ledger.example/a", set()),
    ],
)
def test_an_address_stands_among_others_and_words(
    pages: Path, query: str, wanted: set[str]
) -> None:
    assert set(ids(ask(pages, SearchRequest(query, match=Match.ALL)))) == wanted


@pytest.mark.parametrize(
    "query",
    [
        "see:https://ledger.example/a/b",
        "链接https://ledger.example/a/b。",
        "Ferry https://ledger.example/a/b",
    ],
)
def test_words_beside_an_address_may_be_missing(pages: Path, query: str) -> None:
    assert ids(ask(pages, query)) == ["plain"]


def test_an_address_is_left_out_like_a_word(pages: Path) -> None:
    results = ask(pages, SearchRequest("harbour -https://ledger.example/a", page_size=100))
    assert results.total == len(PAGES)
    assert "below" not in ids(results)


def test_the_end_of_an_address_may_be_its_own_or_the_sentences(pages: Path) -> None:
    (address,) = parse("https://x.example/Yahoo!").tree.children
    assert isinstance(address, Address)
    assert (address.text, address.tail) == ("https://x.example/Yahoo", "!")


@pytest.mark.parametrize(
    ("query", "id"), [("nobody ledger.example/zzz", "words"), ("www ledger", "noise")]
)
def test_what_has_no_scheme_may_also_stand_in_a_text(pages: Path, query: str, id: str) -> None:
    assert ids(ask(pages, SearchRequest(query, match=Match.ALL))) == [id]


@pytest.mark.parametrize(
    "text",
    [
        *("and/or", "ferry/tram", "AT&T", "U.S./UK", "U.S/UK", "3.5/5", "node.js", "amazon.com"),
        *("24/7", "9/11", "e.g./i.e.", "10:30", "C++/C#", "https://", "http", "a.b", "//x", "x/y"),
        *("1.2.3/4", "https:", "ftp://x.example/a", "...", "./a", "~/a.b"),
    ],
)
def test_what_only_looks_like_an_address_is_words(text: str) -> None:
    assert not any(type(leaf).__name__ == "Address" for leaf in parse(text).tree.children)


def test_an_address_that_no_item_has_is_told(pages: Path) -> None:
    results = ask(pages, "https://ledger.example/none")
    assert [note.kind for note in results.notes] == ["no_such_address"]
    assert ask(pages, "https://ledger.example/a/b").notes == ()


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("nobody https://ledger.example/none", "nobody"),
        ('https://x.example/a "nobody reads" https://x.example/b', '"nobody reads"'),
        ("title:nobody https://ledger.example/none -harbour", "title:nobody -harbour"),
    ],
)
def test_the_words_beside_an_address_that_no_item_has_are_searched_alone(
    pages: Path, query: str, same: str
) -> None:
    results, alone = (ask(pages, SearchRequest(text)) for text in (query, same))
    assert ids(results) == ids(alone) == ["words"]
    assert {note.kind for note in results.notes} == {"no_such_address"}
    assert [query[note.start : note.end] for note in results.notes] == re.findall(
        r"https://[^ ]+", query
    )


@pytest.mark.parametrize(
    "query",
    [
        "https://ledger.example/none date:>2000", "https://ledger.example/none -nobody",
        "https://ledger.example/none topic:ai", "https://ledger.example/none *",
        "https://ledger.example/none https://x.example/a",
    ],
)  # fmt: skip
def test_without_words_beside_it_such_an_address_finds_nothing(pages: Path, query: str) -> None:
    results = ask(pages, SearchRequest(query))
    (note,) = [note for note in results.notes if note.kind == "no_such_address"]
    assert (results.total, "nothing was found" in note.message) == (0, True)


def test_an_address_that_some_item_has_is_asked_for_beside_words(pages: Path) -> None:
    assert len(ids(ask(pages, "nobody ledger"))) > 1
    for filters in ("", " date:<1000"):
        results = ask(pages, SearchRequest(f"nobody https://ledger.example/a/b{filters}"))
        assert len(ids(results)) == (not filters)
        assert "alone" not in str(results.notes)


def test_with_all_words_an_address_must_match_and_with_any_it_need_not(pages: Path) -> None:
    query = "nobody https://ledger.example/none"
    assert ask(pages, SearchRequest(query, match=Match.ALL)).total == 0
    some = ask(pages, SearchRequest(query, match=Match.ANY))
    assert ids(some) == ids(ask(pages, SearchRequest("nobody", match=Match.ANY)))


@pytest.mark.parametrize("field", ["provider", "site", "source", "outlet"])
def test_an_outlet_may_be_given_by_an_address(pages: Path, field: str) -> None:
    (leaf,) = parse(f"{field}:https://www.ledger.example/").tree.children
    assert isinstance(leaf, Word)
    assert (leaf.text, leaf.field) == ("ledger.example", "provider")
    kinds = [note.kind for note in parse(f"{field}:ledger.example/a/b").notes]
    assert kinds == ["outlet_only"]
