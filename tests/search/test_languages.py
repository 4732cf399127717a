"""Items in several languages in one index: what finds what, in which order, and what is marked."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from indexer.index.directory import IndexDirectory
from indexer.item import Item
from search_app.search import service
from search_app.search.engines.whoosh.backends import BACKENDS, FASTEST, Backend
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from search_app.search.protocols import Searcher
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest, no_selections
from search_app.search.results import Results
from tests.contract.engines import build
from tests.search.samples import item

ITEMS = (
    item("de/house", "Ein Haus am See", language="de"),
    item("de/houses", "Neue Häuser für Leeds", language="de"),
    item("de/die", "Die Reform der Schulen", language="de"),
    item("en/house", "A house by the lake", language="en"),
    item("en/die", "Why trees die", language="en"),
    item("en/reforms", "Reforms of the police", language="en"),
    item("es/elections", "Las elecciones de mayo", language="es"),
    item("es/election", "Una elección reñida", language="es"),
    item("fr/reforms", "Des réformes attendues", language="fr"),
    item("fr/reform", "La réforme des écoles", language="fr"),
    item("ru/reforms", "Новые реформы", language="ru"),
    item("ru/reform", "Новая реформа", language="ru"),
    item("ru/new", "Новый закон", language="ru"),
    item("zh/reform", "警察改革 reforms", language="zh"),
)


@pytest.fixture(scope="module", params=sorted(BACKENDS))
def searcher(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("languages")
    build("whoosh", folder, [(ITEMS[:7], ()), (ITEMS[7:], ())])
    with closing(opened(folder, BACKENDS[request.param])) as made:
        yield made


def opened(folder: Path, backend: Backend = FASTEST) -> WhooshSearcher:
    home = IndexDirectory(folder)
    return WhooshSearcher(home.load(home.current_name(), "whoosh"), backend)


def search(searcher: Searcher, query: str, **more: Any) -> Results:
    return service.search(searcher, SearchRequest(q=query, match=Match.ALL, page_size=50, **more))


def found(searcher: Searcher, query: str) -> list[str]:
    return [hit.item.id for hit in search(searcher, query).hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Haus", ["de/house", "de/houses"]),
        ("Häuser", ["de/houses", "de/house"]),
        ("haeuser", ["de/houses", "de/house"]),
        ("elección", ["es/election", "es/elections"]),
        ("elecciones", ["es/elections", "es/election"]),
        ("réforme", ["fr/reform", "fr/reforms"]),
        ("реформа", ["ru/reform", "ru/reforms"]),
        ("новый", ["ru/new"]),
        ("houses", ["en/house"]),
        ("改革", ["zh/reform"]),
    ],
)
def test_a_word_finds_its_forms_the_one_that_was_typed_first(
    searcher: Searcher, query: str, expected: list[str]
) -> None:
    ids = found(searcher, query)
    assert ids[0] == expected[0]
    assert set(expected) <= set(ids)


def test_stems_of_different_languages_stay_apart(searcher: Searcher) -> None:
    """In German `reiche` is a form of `reich`, as `die` is none of the English `dies`."""
    assert "en/house" not in found(searcher, "Haus")
    assert "de/house" not in found(searcher, "house")
    assert set(found(searcher, "dies")) == {"en/die"}


def test_an_item_in_a_language_without_a_stemmer_is_found_by_the_word_as_it_stands(
    searcher: Searcher,
) -> None:
    assert "zh/reform" in found(searcher, "reforms")
    assert "zh/reform" not in found(searcher, "reforming")
    assert "en/reforms" in found(searcher, "reforming")


def test_a_mark_stands_on_the_forms_of_the_items_own_language(searcher: Searcher) -> None:
    titles = {hit.item.id: hit.title_html for hit in search(searcher, "Häuser").hits}
    assert titles["de/house"] == "Ein <mark>Haus</mark> am See"
    assert titles["de/houses"] == "Neue <mark>Häuser</mark> für Leeds"
    titles = {hit.item.id: hit.title_html for hit in search(searcher, "reforms").hits}
    assert titles["en/reforms"] == "<mark>Reforms</mark> of the police"
    assert titles["zh/reform"] == "警察改革 <mark>reforms</mark>"


def test_languages_are_a_facet_by_code_shown_by_name(searcher: Searcher) -> None:
    values = search(searcher, "").facets["language"]
    assert [(v.value, v.label, v.count) for v in values] == [
        ("de", "German", 3),
        ("en", "English", 3),
        ("ru", "Russian", 3),
        ("es", "Spanish", 2),
        ("fr", "French", 2),
        ("zh", "Chinese", 1),
    ]


@pytest.mark.parametrize("value", ["de", "DE", "German", "de-AT", "deu"])
def test_a_language_is_selected_by_any_of_its_names(searcher: Searcher, value: str) -> None:
    selected = search(searcher, "", selections={**no_selections(), "language": (value,)})
    assert {hit.item.language for hit in selected.hits} == {"de"}
    assert selected.request.selections["language"] == ("de",)
    assert selected.total == search(searcher, f"lang:{value}").total == 3


def test_a_language_of_no_item_finds_nothing_and_says_so(searcher: Searcher) -> None:
    for asked in (search(searcher, "language:Danish"), search(searcher, "lang:d*")):
        assert asked.total == 0
    (note,) = search(searcher, "language:Danish").notes
    assert (note.kind, "is the language of no item" in note.message) == ("unknown_value", True)


def test_stop_words_are_those_of_the_languages_there_are(searcher: Searcher) -> None:
    asked = service.search(searcher, SearchRequest(q="am Schulen Waldbrand"))
    assert [hit.item.id for hit in asked.hits] == ["de/die"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [(ITEMS[2:6], {"de/die", "en/die"}), (ITEMS[1:6], set())],
    ids=["few items in German", "many"],
)
def test_a_stop_word_of_few_items_is_a_word_like_any_other(
    tmp_path: Path, items: tuple[Item, ...], expected: set[str]
) -> None:
    build("whoosh", tmp_path, [(items, ())])
    with closing(opened(tmp_path)) as searcher:
        asked = service.search(searcher, SearchRequest(q="die Waldbrand"))
        assert {hit.item.id for hit in asked.hits} == expected


def test_a_language_whose_items_are_all_removed_is_none_of_the_index(tmp_path: Path) -> None:
    removed = tuple(one.id for one in ITEMS[:3])
    build("whoosh", tmp_path, [(ITEMS[:7], ()), ((), removed)])
    with closing(opened(tmp_path)) as searcher:
        assert searcher.vocabulary.languages == ("en", "es")


def test_with_one_language_there_is_no_facet_unless_it_is_selected(tmp_path: Path) -> None:
    build("whoosh", tmp_path, [(ITEMS[3:6], ())])
    with closing(opened(tmp_path)) as searcher:
        assert "language" not in search(searcher, "").facets
        chosen = {**no_selections(), "language": ("en",)}
        (value,) = search(searcher, "", selections=chosen).facets["language"]
        assert (value.value, value.count, value.selected) == ("en", 3, True)
