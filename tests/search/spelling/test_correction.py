"""What is searched instead of a misspelt query, and what is only offered."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.item import Item
from search_app.request_params import search_request
from search_app.search import service
from search_app.search.query.rewrite import Match
from search_app.search.request import MAX_ADDRESS, SearchRequest, Spelling
from search_app.search.results import Results
from search_app.search.spelling.policy import Policy
from tests.conditions import examples
from tests.contract.engines import UNMERGED, build
from tests.search.samples import ask, ids, item, make, reader_of, selected

TITLES = {
    "reform": "Parliament votes on a police reform",
    "storm": "A storm sinks the night ferry",
    "harbour": "Ferry to the harbour",
    "police": "Police close the harbour",
    "face": "A face in the storm",
    "book": "A book about the night",
    "facebook": "Facebook bans the storm",
    "fake": "A deep fake of the ferry",
    "tram": "The tram in the harbour",
    "war": "War and the ferries",
    "zurich": "Die Fähre nach Zürich",
    "moscow": "Паром до Москвы",
    "bridge": "A bridge in 1999",
    "not": "Not a storm",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of these headlines."""
    items = [item(id, title, topics=("Sea",)) for id, title in TITLES.items()]
    return make(tmp_path_factory.mktemp("spelling") / "index", items)


def searched(results: Results) -> str:
    """The query that was searched."""
    return results.corrected.query if results.corrected else results.request.q


def scores(results: Results) -> list[tuple[str, float]]:
    """The hits in order, with their scores."""
    return [(hit.item.id, hit.score) for hit in results.hits]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("parlament", "parliament"),
        ("polcie", "police"),
        ("ferri", "ferri"),  # the stem of what is there finds it
        ("stohm", "storm"),
        ("Hrabour", "Harbour"),
        ("HRABOUR", "HARBOUR"),
        ("ferry NOTT storm", "ferry Not storm"),
        ("parlaiment polcie", "parliament police"),
        ("parlament polcie", "parliament police"),
        ("parlament nigth polcie storm", "parliament night police storm"),
        ("har bour nigth", "harbour night"),
        ("nigth har bour", "night harbour"),
        ("paliamnet", "parliament"),
        ("ferry harbuor night", "ferry harbour night"),
        ("tarm", "tram"),
        ("zurcih", "zurich"),
        ("москыв", "москвы"),
        ("(ferry OR stohm) harbour", "(ferry OR storm) harbour"),
        ("ferry -polcie", "ferry -polcie"),
        ("deepfake", "deep fake"),
        ("nightferry", "night ferry"),
        ("har bour", "harbour"),
        ("Face book", "Facebook"),
        ("A strom sinks the night ferry", "A storm sinks the night ferry"),
    ],
)
def test_a_word_that_no_item_has_is_searched_as_one_that_is_near(
    index: Path, typed: str, meant: str
) -> None:
    results = ask(index, typed)
    assert searched(results) == meant
    assert scores(results) == scores(ask(index, SearchRequest(meant, spelling=Spelling.OFF)))
    assert results.request.q == typed
    assert results.did_you_mean is None
    if typed != meant:
        assert results.corrected
        assert results.corrected.original == typed


@pytest.mark.parametrize(
    "typed",
    [
        "wra",  # fewer than four letters
        "xtorm",  # the first letter is trusted
        "stohn",  # two edits in fewer than eight letters
        "parlaimetnn",  # three edits
        "1998",
        "covid1",
        "brid9e",
        '"stohm"',
        "title:stohm",
        "stohm*",
        "NOT stohm",
        "provider:stohm",
        "https://stohm.example/a",
        "ferry",
        "",
        "*",
        "-",
    ],
)
def test_what_is_not_corrected(index: Path, typed: str) -> None:
    results = ask(index, typed)
    assert results.corrected is None
    assert results.did_you_mean is None


def test_what_is_corrected_can_be_searched_as_it_is_typed(index: Path) -> None:
    results = ask(index, SearchRequest("stohm", spelling=Spelling.OFF))
    assert results.corrected is None
    assert results.did_you_mean is None
    assert results.total == 0


def test_notes_are_about_what_was_typed(index: Path) -> None:
    (note,) = ask(index, 'stohm "').notes
    assert (note.kind, note.start, note.end) == ("unclosed_quote", 6, 7)
    (note,) = ask(index, 'nightferry "').notes
    assert (note.kind, note.start, note.end) == ("unclosed_quote", 11, 12)


def test_a_correction_does_not_depend_on_filters_pages_and_order(index: Path) -> None:
    for request in (
        SearchRequest("ferry stohm", page=2),
        SearchRequest("ferry stohm", selections=selected(topic="Land")),
        SearchRequest("ferry stohm", since="2030"),
        SearchRequest("ferry stohm", match=Match.ANY),
    ):
        assert searched(ask(index, request)) == "ferry storm"


@pytest.mark.parametrize("query", ["stohm qqqqq", "stohm -storm", "stohm date:1999"])
def test_what_finds_nothing_at_all_is_not_searched_instead(index: Path, query: str) -> None:
    results = ask(index, SearchRequest(query, match=Match.ALL))
    assert (results.total, results.corrected, results.did_you_mean) == (0, None, None)


def test_words_that_go_together_are_preferred_to_more_frequent_ones(tmp_path: Path) -> None:
    trial = [item(f"trial{n}", "A trial in court") for n in range(3)]
    trail = [item(f"trail{n}", "A trail on the hill") for n in range(9)]
    made = make(tmp_path / "index", [*trial, *trail])
    assert searched(ask(made, "triaal")) == "trial"
    assert searched(ask(made, "tral")) == "trail"
    assert searched(ask(made, "court tral")) == "court trial"
    assert searched(ask(made, "cuort tral")) == "court trial"


def test_what_goes_together_counts_in_either_spelling_and_for_acronyms(tmp_path: Path) -> None:
    trial = [item(f"trial{n}", title) for n, title in enumerate(["Harbor trial", "WHO: trial"] * 3)]
    trail = [item(f"trail{n}", "A trail on the hill") for n in range(9)]
    known = [item("harbour", "A harbour"), *others(20)]
    made = make(tmp_path / "index", [*trial, *trail, *known])
    assert searched(ask(made, "tral")) == "trail"
    assert searched(ask(made, "harbour tral")) == "harbour trial"
    assert searched(ask(made, "WHO tral")) == "WHO trial"


def test_a_word_that_is_nearer_is_preferred_to_one_some_ten_times_as_frequent(
    tmp_path: Path,
) -> None:
    many = [item(f"{n}", "The departments") for n in range(30)]
    made = make(tmp_path / "index", [*many, item("one", "The deportment")])
    assert searched(ask(made, "deportmentt")) == "deportment"


def test_words_of_one_headline_are_preferred_to_words_of_one_item(tmp_path: Path) -> None:
    apart = [
        item(f"a{n}", "A brace of grouse", excerpt="Tomorrow the port opens") for n in range(5)
    ]
    made = make(tmp_path / "index", [*apart, item("b", "A brave port"), *others(20)])
    assert searched(ask(made, "port brabe")) == "port brave"


def others(count: int) -> Iterable[Item]:
    """Items that have none of the words asked for."""
    return (item(f"other{n}", "Nothing of interest") for n in range(count))


def test_what_finds_little_is_answered_and_a_more_frequent_word_offered(tmp_path: Path) -> None:
    items = [item(f"{n}", "The government resigns") for n in range(10)]
    made = make(tmp_path / "index", [*items, item("typo", "A goverment of one")])
    results = ask(made, "goverment")
    assert ids(results) == ["typo"]
    assert results.did_you_mean == "government"
    assert results.corrected is None
    assert ask(made, SearchRequest("goverment", spelling=Spelling.OFF)).did_you_mean is None
    assert ask(made, "goverment resigns").did_you_mean == "government resigns"
    assert ask(made, "government").did_you_mean is None


def test_what_would_not_find_ten_times_as_much_is_not_offered(tmp_path: Path) -> None:
    items = [item(f"{n}", "The government resigns") for n in range(9)]
    made = make(tmp_path / "index", [*items, item("typo", "A goverment of one")])
    assert ask(made, "goverment").did_you_mean is None


def test_one_word_that_finds_more_is_searched_for_two_that_nowhere_stand_together(
    tmp_path: Path,
) -> None:
    apart = [item(f"apart{n}", "A face in a book") for n in range(11)]
    items = [item(f"{n}", "All about Facebook") for n in range(12)]
    made = make(tmp_path / "index", [*apart, *items])
    assert searched(ask(made, "face book")) == "facebook"
    assert searched(ask(made, '"face" book')) == '"face" book'
    assert searched(ask(made, "face, book")) == "face, book"
    fewer = make(tmp_path / "fewer", [*apart, *items[:11]])
    assert searched(ask(fewer, "face book")) == "face book"


def test_one_word_is_offered_for_two_that_stand_together_somewhere(tmp_path: Path) -> None:
    items = [item(f"{n}", "All about Facebook") for n in range(10)]
    made = make(tmp_path / "index", [*items, item("both", "A face book")])
    results = ask(made, "face book")
    assert ids(results) == ["both"]
    assert (results.corrected, results.did_you_mean) == (None, "facebook")
    fewer = make(tmp_path / "fewer", [*items[:9], item("both", "A face book")])
    assert ask(fewer, "face book").did_you_mean is None


@pytest.mark.parametrize(
    ("both", "one", "offered"), [(3, 30, "facebook"), (3, 29, None), (10, 100, None)]
)
def test_only_what_finds_many_times_as_much_is_offered_and_only_if_little_was_found(
    tmp_path: Path, both: int, one: int, offered: str | None
) -> None:
    items = [item(f"{n}", "All about Facebook") for n in range(one)]
    together = [item(f"both{n}", "A face book") for n in range(both)]
    made = make(tmp_path / "index", [*items, *together])
    assert ask(made, "face book").did_you_mean == offered


@pytest.mark.parametrize(("count", "offered"), [(9, None), (10, "government storm")])
def test_for_what_finds_nothing_another_query_must_find_some(
    tmp_path: Path, count: int, offered: str | None
) -> None:
    items = [item(f"{n}", "A storm and the government") for n in range(count)]
    more = [item(f"more{n}", "The government") for n in range(5)]
    made = make(tmp_path / "index", [*items, *more, item("typo", "A goverment of one")])
    assert ask(made, "goverment storm").did_you_mean == offered


def test_forms_of_a_word_that_items_have_compete_with_near_words(tmp_path: Path) -> None:
    items = [item(f"{n}", "Remember the wall") for n in range(9)]
    made = make(tmp_path / "index", [*items, item("one", "In remembrance"), *others(20)])
    assert searched(ask(made, "remembre wall")) == "remember wall"
    assert searched(ask(made, "remembering wall")) == "remembering wall"
    near = [item(f"near{n}", "Walls") for n in range(20)]
    forms = [item(f"{n}", "Walked") for n in range(9)]
    assert ask(make(tmp_path / "forms", [*near, *forms]), "walks").corrected is None


def test_a_query_that_finds_enough_is_taken_as_it_is(tmp_path: Path) -> None:
    """Even with a word of which items have only other forms, and a far more frequent near one."""
    items = [item(f"near{n}", "Walls") for n in range(700)]
    forms = [item(f"{n}", "Walked") for n in range(10)]
    assert searched(ask(make(tmp_path / "few", [*items, *forms[:9]]), "walks")) == "walls"
    assert ask(make(tmp_path / "enough", [*items, *forms]), "walks").corrected is None


def test_two_words_that_make_one_are_no_slip_of_another_word(tmp_path: Path) -> None:
    """Though a near word goes with the other one, and is more frequent."""
    wave = [item(f"wave{n}", "A wave of ransom") for n in range(9)]
    made = make(tmp_path / "index", [*wave, item("one", "Ransomware"), *others(20)])
    assert searched(ask(made, "ransom ware")) == "ransomware"
    assert searched(ask(made, "ransom ware wvae")) == "ransomware wave"
    without = make(tmp_path / "without", [*wave, *others(20)])
    assert searched(ask(without, "ransom ware")) == "ransom wave"


def test_of_two_neighbours_that_make_a_word_with_it_the_more_frequent_one_counts(
    tmp_path: Path,
) -> None:
    rail = [item(f"rail{n}", "The railway") for n in range(2)]
    side = [item(f"side{n}", "The wayside") for n in range(3)]
    made = make(tmp_path / "index", [*rail, *side, item("rail", "A rail"), item("side", "A side")])
    assert searched(ask(made, "rail way side")) == "rail wayside"
    more = [item(f"more{n}", "The railway") for n in range(2)]
    made = make(tmp_path / "more", [*rail, *more, *side, item("rail", "A rail"), item("s", "Side")])
    assert searched(ask(made, "rail way side")) == "railway side"


def test_common_words_do_not_tell_which_word_was_meant(tmp_path: Path) -> None:
    """Nor does one that no item has."""
    trail = [item(f"trail{n}", "The trail with all of the hills") for n in range(5)]
    trial = [item(f"trial{n}", "Trial") for n in range(8)]
    made = make(tmp_path / "index", [*trail, *trial, *others(20)])
    assert searched(ask(made, "tral of the qqqqq")) == "trial of the qqqqq"
    assert searched(ask(made, "tral hills")) == "trail hills"


def test_of_several_queries_the_one_that_finds_most_is_offered(tmp_path: Path) -> None:
    counts = {"trall": 1, "trawl": 20, "trail": 30, "troll": 10}
    items = [item(f"{word}{n}", word) for word, count in counts.items() for n in range(count)]
    together = [item(f"both{n}", "A trawl in the fog") for n in range(15)]
    made = make(tmp_path / "index", [*items, *together, item("fog", "Fog, a trail"), *others(20)])
    assert ask(made, "trall").did_you_mean == "trawl"
    assert ask(made, "trail fog").did_you_mean is None


def test_an_incremental_index_corrects_as_a_full_one_does(tmp_path: Path) -> None:
    kept = [item("a", "A storm"), item("b", "The stork")]
    gone = [item(f"gone{n}", "The stort") for n in range(5)]
    steps = [((*gone, *kept), ()), ((), tuple(one.id for one in gone))]
    build("whoosh", tmp_path / "steps", steps, UNMERGED)
    make(tmp_path / "full", kept)
    for typed in ("stort", "storrm", "stor"):
        one, other = ask(tmp_path / "steps", typed), ask(tmp_path / "full", typed)
        assert searched(one) == searched(other)
        assert ids(one) == ids(other)


def test_few_words_are_corrected_however_many_are_typed(index: Path) -> None:
    most = Policy().corrected
    results = ask(index, " ".join(["stohm", "harbuor", "polcie", "parlament", "brigde", "trma"]))
    assert results.corrected
    assert results.corrected.query.split()[most:] == ["brigde", "trma"]


def test_a_correction_is_never_longer_than_a_query_may_be(index: Path) -> None:
    typed = "deepfake " + "x" * (MAX_ADDRESS - 9)
    assert ask(index, typed).corrected is None
    assert searched(ask(index, typed[:-100])).startswith("deep fake")


@settings(
    max_examples=examples(100, 5000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*'stohm ferry - " ( OR 💡 ｆ'.split(), "stohm"])).map(" ".join)
)
def test_any_text_is_answered_as_its_correction_is(index: Path, text: str) -> None:
    request = search_request({"q": [text]})
    with closing(reader_of(index)) as reader, reader.acquire() as lease:
        results = service.search(lease.searcher, request)
        other = replace(request, q=searched(results), spelling=Spelling.OFF)
        assert scores(results) == scores(service.search(lease.searcher, other))
