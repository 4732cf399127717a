"""What a search box suggests while somebody types."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace
from rapidfuzz.distance import OSA

from indexer.analysis.synonyms import Synonym
from indexer.item import Item
from indexer.suggestions.suggestion_file import Found, read, write
from search_app.search import service
from search_app.search.completions import Completions
from search_app.search.engines.whoosh.backends import BACKENDS
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from search_app.search.protocols import Searcher
from search_app.search.query.rewrite import Match
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms
from search_app.search.request import Spelling, SuggestRequest
from search_app.search.results import Kind
from search_app.search.suggest import (
    MAX_TYPED,
    Policy,
    Suggestion,
    suggest,
)
from tests.conditions import chance as draws
from tests.search.samples import item, make, reader_of, seed_items

ITEMS = [
    item("a", "Ferry storm: the climate changes", "2020-06-09", "ferry-times.com",
         topics=("Climate change", "Politics")),
    item("b", "Climate change and the ferry", "2020-06-08", "bbc.co.uk", topics=("Politics",)),
    item("c", "Climate change at sea", "2019-01-01", "bbc.co.uk", topics=("UK politics",)),
    item("d", "Café in München says COVID-19 is over", "2019-01-02", "times.example"),
    item("e", "Café in München, again", "2019-01-03", "times.example"),
    item("f", "NHS government crisis", "2019-01-04", "times.example", topics=("Health",)),
    item("g", "NHS GOVERNMENT CRISIS", "2019-01-05", "times.example", topics=("Health",)),
    item("h", "У Рудополі трамвайний вагон", "2019-01-05"),
    item("i", "無人駅の黒板に時刻を書き続けて四十年", "2019-01-05"),
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("suggest") / "index", ITEMS)


@pytest.fixture
def searcher(index: Path) -> Iterator[Searcher]:
    with closing(reader_of(index)) as reader, reader.acquire() as lease:
        yield lease.searcher


def suggested(searcher: Searcher, q: str, limit: int = 20) -> list[tuple[str, str, int]]:
    """Kind, text and count of each suggestion."""
    found = suggest(searcher, SuggestRequest(q, limit)).suggestions
    return [(str(one.kind), one.text, one.count) for one in found]


def texts(searcher: Searcher, q: str, *kinds: Kind) -> list[str]:
    """The texts of the suggestions of these kinds; of no kind: of all."""
    return [text for kind, text, _ in suggested(searcher, q) if not kinds or kind in kinds]


def test_the_last_word_and_the_whole_phrase_are_completed(searcher: Searcher) -> None:
    assert suggested(searcher, "clim") == [
        ("word", "climate", 3),
        ("phrase", "climate change", 3),
        ("topic", "Climate change", 1),
        ("title", "Ferry storm: the climate changes", 1),
        ("title", "Climate change and the ferry", 1),
        ("title", "Climate change at sea", 1),
    ]
    assert suggested(searcher, "climate ch")[0] == ("word", "climate change", 3)
    assert suggested(searcher, "ferry clim")[0] == ("word", "ferry climate", 2)


def test_whoever_types_on_is_told_the_same_again(searcher: Searcher) -> None:
    for _ in range(2):
        assert suggested(searcher, "climate ch")[0] == ("word", "climate change", 3)
        assert suggested(searcher, "storm climate ch")[0] == ("word", "storm climate change", 1)


def test_what_is_remembered_with_other_synonyms_is_not_told(searcher: Searcher) -> None:
    request = SuggestRequest("gove")
    found = [
        suggest(searcher, request, synonyms=synonyms).suggestions[0]
        for synonyms in (NO_SYNONYMS, Synonyms([Synonym("government", ("münchen",))]))
    ]
    assert [one.text for one in found] == ["government"] * 2
    assert [one.count for one in found] == [2, 4]


def test_what_is_used_more_and_newer_comes_first(searcher: Searcher) -> None:
    assert texts(searcher, "c", Kind.WORD)[:3] == ["climate", "change", "café"]
    assert texts(searcher, "f", Kind.WORD, Kind.OUTLET) == ["ferry", "Ferry-Times"]


def test_outlets_and_topics_are_completed_from_any_of_their_words(searcher: Searcher) -> None:
    assert suggested(searcher, "poli") == [("topic", "Politics", 2), ("topic", "UK politics", 1)]
    assert suggested(searcher, "uk pol") == [("topic", "UK politics", 1)]
    assert texts(searcher, "bb", Kind.OUTLET) == ["Bbc"]
    assert texts(searcher, "times.ex", Kind.OUTLET) == ["Times"]


def test_each_title_is_suggested_once_with_how_many_items_have_it(searcher: Searcher) -> None:
    titles = [one for one in suggested(searcher, "nhs gov") if one[0] == "title"]
    assert titles == [("title", "NHS GOVERNMENT CRISIS", 2)]


def test_words_are_spelt_as_titles_spell_them(searcher: Searcher) -> None:
    assert texts(searcher, "munch", Kind.WORD) == ["münchen"]
    assert texts(searcher, "cafe in", Kind.PHRASE) == ["café in münchen"]
    assert texts(searcher, "MÜN", Kind.WORD) == ["münchen"]
    assert texts(searcher, "covid-1", Kind.WORD) == ["covid-19"]


def test_an_acronym_keeps_its_capitals_if_the_title_has_others(tmp_path: Path) -> None:
    folder = make(tmp_path / "index", [item("a", "NHS crisis"), item("b", "NHS crisis now")])
    with closing(reader_of(folder)) as reader, reader.acquire() as lease:
        assert texts(lease.searcher, "nh", Kind.WORD, Kind.PHRASE) == ["NHS", "NHS crisis"]


def test_no_phrase_ends_with_a_stop_word_of_the_languages_of_the_items(tmp_path: Path) -> None:
    titles = ("Haushalt der Stadt", "Streit um den Haushalt der Stadt", "Was am Haushalt der Stadt")
    items = [item(str(n), title, language="de") for n, title in enumerate(titles)]
    with closing(reader_of(make(tmp_path / "index", items))) as reader, reader.acquire() as lease:
        found = texts(lease.searcher, "haus", Kind.WORD, Kind.PHRASE)
        assert found == ["haushalt", "haushalt der stadt"]


def test_forms_that_find_the_same_items_are_suggested_once(tmp_path: Path) -> None:
    titles = ("Elecciones de mayo", "La elección de mayo")
    items = [item(str(n), title, language="es") for n, title in enumerate(titles)]
    with closing(reader_of(make(tmp_path / "index", items))) as reader, reader.acquire() as lease:
        words = [one for one in suggested(lease.searcher, "elec") if one[0] == "word"]
        assert words == [("word", "elección", 2)]


def test_a_title_in_capitals_tells_no_acronym(searcher: Searcher) -> None:
    assert texts(searcher, "nh", Kind.PHRASE)[0] == "nhs government"


def test_every_script_is_completed(searcher: Searcher) -> None:
    assert texts(searcher, "трам") == ["трамвайний", "У Рудополі трамвайний вагон"]
    assert texts(searcher, "無人駅") == ["無人駅の黒板に時刻を書き続けて四十年"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("goverm", "government"),
        ("climte", "climate"),
        ("crsi", "crisis"),
        ("ferry climt", "ferry climate"),
        ("govermnet", "government"),
    ],
)
def test_a_typing_error_in_a_word_of_four_letters_is_forgiven(
    searcher: Searcher, typed: str, meant: str
) -> None:
    assert texts(searcher, typed, Kind.WORD) == [meant]


@pytest.mark.parametrize("typed", ["frr", "xlimate", "clxmxt", "cl1mat", ""])
def test_no_more_is_forgiven(searcher: Searcher, typed: str) -> None:
    assert texts(searcher, typed, Kind.WORD, Kind.PHRASE) == []


def test_a_blank_ends_a_word(searcher: Searcher) -> None:
    assert texts(searcher, "climate ", Kind.WORD, Kind.PHRASE) == ["climate change"]
    assert texts(searcher, "clim ", Kind.WORD, Kind.PHRASE) == []


@pytest.mark.parametrize("q", ["", "  "])
def test_where_nothing_is_typed_the_most_used_topics_are_suggested(
    searcher: Searcher, q: str
) -> None:
    found = suggested(searcher, q, 2)
    assert found == [("topic", "Politics", 2), ("topic", "Climate change", 1)]


@pytest.mark.parametrize("q", ['""', "-", "()", "*", "\u200d", "…"])
def test_nothing_is_suggested_to_signs(searcher: Searcher, q: str) -> None:
    assert suggested(searcher, q) == []


def test_no_more_is_suggested_than_was_asked_for(searcher: Searcher) -> None:
    everything = suggested(searcher, "c")
    for limit in range(1, 9):
        found = suggested(searcher, "c", limit)
        assert len(found) == min(limit, len(everything))
        assert found[0] == everything[0]


def test_to_a_text_that_is_too_long_nothing_is_suggested(searcher: Searcher) -> None:
    fitting = suggest(searcher, SuggestRequest(f"{'x ' * (MAX_TYPED // 2 - 2)}clim"))
    assert not fitting.notes
    found = suggest(searcher, SuggestRequest("clim" * MAX_TYPED))
    assert not found.suggestions
    assert [note.kind for note in found.notes] == ["too_long"]


HOSTILE = ["a" * 200, "'" * 200, "a-" * 100, "(" * 200, "東" * 200, "e\u0301" * 100, "\ud800", "\0",
           "title:", "-clim", '"climate ch', "climate OR fer", "a*b", "http://x.y/z", "~clim",
           "ﬁ" * 100, "1.2.3.4", "x" * 64 + "y"]  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE)
def test_no_text_is_an_error(searcher: Searcher, q: str) -> None:
    for one in suggest(searcher, SuggestRequest(q)).suggestions:
        assert one.count == total(searcher, one)


def total(searcher: Searcher, one: Suggestion) -> int:
    """How many items a suggestion finds, asked in another way: of a title, those that have it."""
    if one.kind is Kind.TITLE:
        request = replace(one.request, q=f'title:"{one.text}"', page_size=100)
        hits = service.search(searcher, request).hits
        return sum(hit.item.article.title.casefold() == one.text.casefold() for hit in hits)
    request = replace(one.request, match=Match.ALL, spelling=Spelling.OFF)
    return service.search(searcher, request).total


def prefixes(items: list[Item], chance: Random) -> Iterator[str]:
    """Beginnings of titles, of their ends, and of topics."""
    for one in items:
        for text in (one.article.title, *one.topics):
            begin = chance.choice([0, *(n + 1 for n, char in enumerate(text) if char == " ")])
            yield text[begin : begin + chance.randint(1, len(text) - begin)]


def test_a_count_is_the_total_of_the_search_it_stands_for(tmp_path: Path) -> None:
    """Over the seeds; and every suggestion finds something."""
    items, seen = seed_items(), 0
    with closing(reader_of(make(tmp_path / "index", items))) as reader, reader.acquire() as lease:
        for q in prefixes(items, draws("suggest")):
            for one in suggest(lease.searcher, SuggestRequest(q, 20)).suggestions:
                assert one.count == total(lease.searcher, one) > 0, (q, one)
                seen += 1
    assert seen > 500


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_evaluator_suggests_the_same(tmp_path: Path, backend: str) -> None:
    items = seed_items()
    folder = make(tmp_path / "index", items)
    with (
        closing(reader_of(folder)) as reader,
        closing(reader_of(folder, partial(WhooshSearcher, backend=BACKENDS[backend]))) as other,
        reader.acquire() as lease,
        other.acquire() as lease_of_other,
    ):
        for q in prefixes(items[:20], draws("suggest", "evaluators")):
            assert suggested(lease.searcher, q) == suggested(lease_of_other.searcher, q)


LETTERS = "abcé"


def completions(
    folder: Path, keys: list[str], chance: Random
) -> tuple[Completions, dict[str, int]]:
    """Completions of these words and phrases, and what each weighs."""
    weights = {key: chance.randrange(1, 5) for key in keys}
    rows = sorted((key.encode(), weight) for key, weight in weights.items())
    none: dict[str, list[tuple[bytes, int]]] = {"topic": [], "provider": []}
    write(folder, Found(rows, [], none, {"topic": [], "provider": []}, []))
    return Completions(read(folder), {}), weights


def test_near_words_are_those_with_a_beginning_that_few_edits_make(tmp_path: Path) -> None:
    chance = draws("near words")
    words = {"".join(chance.choices(LETTERS, k=chance.randint(1, 8))) for _ in range(400)}
    found, weights = completions(tmp_path, [*words, "ab ca", "b a"], chance)
    seen = 0
    for _ in range(100):
        typed = "".join(chance.choices(LETTERS, k=chance.randint(4, 8)))
        edits = chance.choice([1, 2])
        distances = {
            word: min(OSA.distance(typed, word[:end]) for end in range(len(word) + 1))
            for word in words
            if word[0] == typed[0]
        }
        wanted = sorted(
            (word for word in distances if distances[word] <= edits),
            key=lambda word: (distances[word], -weights[word], word.encode()),
        )
        assert found.near_words(typed, edits, 5) == wanted[:5]
        seen += len(wanted)
    assert seen > 100


def test_phrases_are_those_that_begin_so_the_heaviest_first(tmp_path: Path) -> None:
    chance = draws("phrases")
    keys = {"".join(chance.choices("ab ", k=chance.randint(1, 5))) for _ in range(300)}
    found, weights = completions(tmp_path, [*keys], chance)
    for prefix in ("a", "b", "ab", "a ", " ", "bbb", "c"):
        wanted = sorted(
            (key for key in keys if key.startswith(prefix)), key=lambda key: (-weights[key], key)
        )
        for limit in (1, 3, 300):
            assert found.phrases(prefix, limit) == wanted[:limit]


def test_a_policy_says_how_many_there_are_of_each_kind(searcher: Searcher) -> None:
    request = SuggestRequest("c", 3)
    few = suggest(searcher, request, policy=Policy(values=0, titles=0)).suggestions
    assert {one.kind for one in few} <= {Kind.WORD, Kind.PHRASE}
    assert Kind.TOPIC in {one.kind for one in suggest(searcher, request).suggestions}
