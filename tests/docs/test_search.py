"""Query language, notes and scoring as documented."""

import ast
import re

import pytest

from indexer.schema import FACETS, ZONES
from search_app.search import ranking
from search_app.search.engines.whoosh.cost_limit import Costs
from search_app.search.highlighting import marking_cost
from search_app.search.query import lexer, parser
from search_app.search.query.rewrite import Match
from search_app.search.query.tree import RANGE_FIELDS, WORD_FIELDS
from search_app.search.request import MAX_ADDRESS, Sort
from search_app.search.service import FACET_SIZE
from tests.docs.markdown import README, ROOT, SEARCH, Document, code, values

LANGUAGE = "The query language"


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
