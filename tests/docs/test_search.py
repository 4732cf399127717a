"""Query language, notes and scoring as documented."""

import ast
import re
from contextlib import closing
from pathlib import Path
from textwrap import indent

import pytest
from click.testing import CliRunner

from indexer.analysis.synonyms import Limits as SynonymLimits
from indexer.analysis.synonyms import parse_synonyms
from indexer.schema import FACETS, ZONES
from search_app.cli import main
from search_app.search import ranking, service, signals, similar
from search_app.search.engines.whoosh.cost_limit import Costs
from search_app.search.highlighting import marking_cost
from search_app.search.protocols import MIN_FULL_MATCHES
from search_app.search.query import lexer, parser, recency_words, synonyms
from search_app.search.query.rewrite import Match
from search_app.search.query.synonyms import Synonyms
from search_app.search.query.tree import RANGE_FIELDS, WORD_FIELDS
from search_app.search.request import FACET_SIZE, MAX_ADDRESS, SearchRequest, Sort
from search_app.search.results import Corrected
from search_app.search.service import MAX_EXPLAINED
from search_app.search.spelling.policy import Policy
from tests.docs.markdown import README, ROOT, SEARCH, Document, code, values
from tests.search.samples import ask, ids, item, make, reader_of, seed_items

LANGUAGE = "The query language"


@pytest.fixture(scope="module")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the project's own seeds, over which the examples are."""
    return make(tmp_path_factory.mktemp("documented") / "index", seed_items())


@pytest.mark.parametrize(
    ("document", "title"), [(SEARCH, LANGUAGE), (README, "Searching")], ids=["reference", "readme"]
)
def test_every_example_of_a_query_is_understood(document: Document, title: str) -> None:
    for row in document.table(title, "write"):
        for query in code(row["write"]):
            parsed = parser.parse(query)
            assert parsed.tree.children, query
            assert not parsed.notes, query


def test_the_fields_of_the_query_language_are_the_codes() -> None:
    documented = [code(row["field"])[0] for row in SEARCH.table(LANGUAGE, "field")]
    assert documented == [*WORD_FIELDS, *RANGE_FIELDS]


def test_the_bounds_of_what_is_like_an_item_are_the_codes() -> None:
    text = SEARCH.section("More like this")
    assert f"The {similar.MAX_TERMS} terms" in text
    assert f"words after the first {similar.MAX_TOKENS:,}" in text


def test_matches_and_orders_are_the_codes() -> None:
    text = SEARCH.section("Match and order")
    assert re.findall(r"`match=(\w+)`|`(all|any)`", text) == [
        ("auto", ""),
        ("", "all"),
        ("", "any"),
    ]
    orders = re.search(r"`sort` is (.*?)\(", text, re.S)
    assert orders
    assert code(orders[1]) == list(Sort)
    assert set(Match) == {"auto", "all", "any"}


def test_the_rules_of_spelling_are_the_codes() -> None:
    policy = Policy()
    (two_edits, two), (one_edit, one) = policy.edits
    assert (one, two) == (1, 2)
    assert list(values(SEARCH.table("Spelling", "rule")).values()) == [
        MIN_FULL_MATCHES,
        one_edit,
        two_edits,
        policy.words,
        policy.corrected,
        policy.times,
    ]


def test_every_example_of_spelling_is_searched_so(seeds_index: Path) -> None:
    examples = SEARCH.table("Spelling", "typed")
    assert examples
    for row in examples:
        (typed,), (meant,) = code(row["typed"]), code(row["searched instead"])
        assert ask(seeds_index, typed).corrected == Corrected(meant, typed)


def test_the_rules_of_synonyms_are_the_codes() -> None:
    limits = SynonymLimits()
    (weight, *bounds) = SEARCH.table("Synonyms", "rule")
    assert float(weight["value"]) == synonyms.WEIGHT
    assert [*values(bounds).values()] == [
        limits.bytes,
        limits.lines,
        limits.texts,
        limits.words,
        limits.synonyms,
    ]


def test_every_example_of_synonyms_finds_what_is_said(tmp_path: Path) -> None:
    (text,) = re.findall(r"```\n(.*?)```", SEARCH.section("Synonyms"), re.S)
    found, problems = parse_synonyms(text, Path("synonyms.txt"))
    assert not problems
    rows = SEARCH.table("Synonyms", "a query")
    texts = {
        one
        for row in rows
        for key in ("also finds items with", "but not")
        for one in code(row[key])
    }
    index = make(tmp_path / "index", [item(text, f"{text}.") for text in sorted(texts)])
    with closing(reader_of(index)) as reader, reader.acquire() as lease:
        for row in rows:
            for query in code(row["a query"]):
                request = SearchRequest(query, match=Match.ALL, page_size=100)
                results = service.search(lease.searcher, request, synonyms=Synonyms(found))
                assert set(code(row["also finds items with"])) <= set(ids(results)), query
                assert not set(code(row["but not"])) & set(ids(results)), query


def test_the_facet_groups_are_the_codes() -> None:
    groups = re.search(r"The facets \((.*?)\)", SEARCH.section("Facets"))
    assert groups
    assert groups[1].split(", ") == list(FACETS)


def test_the_bounds_of_a_query_are_the_codes() -> None:
    assert values(SEARCH.table("How much a query may hold and take", "at most")) == {
        "characters of a query": parser.MAX_CHARACTERS,
        "bytes of a query, as an address writes it": MAX_ADDRESS,
        "words of a query": parser.MAX_LEAVES,
        "levels of parentheses": lexer.MAX_DEPTH,
        "postings read for each item of the index": Costs().per_document,
        "postings read in a small index": Costs().at_least,
        "steps of marking in an answer": marking_cost.MAX_COST,
        "words explained in an answer": MAX_EXPLAINED,
        "facet values listed in a group": FACET_SIZE,
    }


def test_every_kind_of_note_is_documented() -> None:
    documented = [code(row["kind"])[0] for row in SEARCH.table("Notes", "kind")]
    assert documented == sorted(_kinds_of_notes())


def _kinds_of_notes() -> set[str]:
    """The first argument of every `Note(...)` and `_note(...)` in the source."""
    found = set()
    for path in (ROOT / "search_app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in ("Note", "_note"):
                    found.add(str(node.args[0].value))
    return found


def test_weights_and_parameters_of_scoring_are_the_codes() -> None:
    title = "How is a hit scored?"
    zones = [(r["zone"], float(r["weight"]), float(r["b"])) for r in SEARCH.table(title, "zone")]
    assert zones == [(zone.name.replace("_", " "), zone.weight, zone.b) for zone in ZONES]
    parameters = [float(row["value"]) for row in SEARCH.table(title, "parameter")]
    assert parameters == [
        ranking.K1,
        ranking.IDF_POWER,
        ranking.EXACT,
        ranking.STOP_WORD,
        ranking.EQUAL_HEADLINE,
        ranking.PROXIMITY,
        ranking.NEAR,
        ranking.RESCORED,
        ranking.ADDRESS,
    ]


def undated(explanation: str) -> str:
    """An explanation without the numbers that change from day to day, as items grow older."""
    dated = r"^( *)[\d.]+(  (?:score|words and what counts|signals|freshness)\b)"
    return re.sub(r"[\d.]+ f$", "f", re.sub(dated, r"\1\2", explanation, flags=re.M), flags=re.M)


def test_the_example_of_an_explanation_is_what_is_printed(seeds_index: Path) -> None:
    (block,) = re.findall(r"```\n(.*?)```", SEARCH.section("Why does a hit score so?"), re.S)
    result = CliRunner().invoke(
        main, ["search", "--index", str(seeds_index), "--explain", "title:ferry"]
    )
    assert indent(undated(block), " " * 5) in undated(result.stdout)


def test_the_signals_are_the_codes() -> None:
    text = SEARCH.section("What counts beside words")
    days = ", ".join(f"{life // signals.DAY:,}" for life in signals.HALF_LIVES[:2])
    assert f"half-lives h of {days} and {signals.HALF_LIVES[2] // signals.DAY:,} days" in text
    assert f"older than {signals.CLOSE // signals.DAY} days" in text
    assert f"ln(outlets) / ln({signals.MANY_OUTLETS})" in text
    rows = SEARCH.table("What counts beside words", "signal")
    assert [row["signal"] for row in rows] == list(signals.SignalWeights.__struct_fields__)
    assert f"of the {signals.CLUSTER} best hits is more than {signals.CLUSTERED:g} standard" in text
    words = re.search(r"outside of quotes and fields, is (.*?)\.\n", text, re.S)
    assert words
    assert set(code(words[1])) == recency_words.RECENCY_WORDS
