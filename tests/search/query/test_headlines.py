"""A headline pasted as it stands in a title finds its item, all words required."""

from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from indexer.document import document
from search_app.search.query.parser import parse
from search_app.search.query.rewrite import Match, rewrite
from search_app.search.query.tree import Address, And, Group, Node, Not, Or, Range
from search_app.search.request import SearchRequest
from search_app.search.vocabulary import Vocabulary
from tests.contract.reference import Corpus
from tests.search.query.test_parser import leaves
from tests.search.samples import ask, ids, item, make, seed_items

ODD = (
    *("DO NOT PANIC, SAY POLICE", "SINK OR SWIM", "GRAIN PORT TO RENEW CONTRACTS -UNION"),
    *("“Not my king” — protesters’ cry", "He said: ‘It’s over’ (and left)", "Ferry | The Ledger"),
    *("Related: what to read", "Source: Ferry to close", "Title: none", "Excerpt: a chapter"),
    *("Is this it?!", "5\" disks, 3' boards", "Who? What?", "$1,000,000 for 10,000m", "50% off…"),
    *("Crock of S**t", "2+2=5", "E=mc^2", "~20 dead", "C++ & C#", "«Привет», сказал он", "a/b/c"),
    *("北京、上海：高铁开通", "「安全第一」と首相", "東京～大阪", "قال: «لا»، ثم غادر"),
    *("¿Qué pasa?", "Call 555-0199 now", "UPDATE 1-Oil up", "El alcalde —dijo ayer— dimite"),
    *("A–Z of B", "[VIDEO] Cat (+photos)", "{draft} of a law", "<b>Bold</b> claim", ":-) wins"),
    *("Visit www.ledger.example/a now", "Trains:Not late", "June 9, 2020: the day", "#a @night"),
    *("x*y*z", "*starred*", '"Unclosed quote', "(Unclosed", "Closed)", "Rock 'n' roll"),
    *("O'Neill’s", "AND now", "To be, or NOT", "ferry&&tram"),
)


def finds(title: str, query: str) -> bool:
    """Whether an item with this title matches a query in full, by the reference."""
    corpus = Corpus([document(item("own", title))], {})
    return "own" in corpus.scores(rewrite(parse(query).tree, Match.ALL, Vocabulary({})).full)


@pytest.mark.parametrize("title", ODD)
def test_an_odd_headline_finds_its_item(title: str) -> None:
    assert finds(title, title)


def test_every_title_of_the_seeds_finds_its_item(tmp_path: Path) -> None:
    seeds = seed_items()
    folder = make(tmp_path, seeds)
    for one in seeds:
        request = SearchRequest(one.article.title, match=Match.ALL, page_size=100)
        assert one.id in ids(ask(folder, request)), one.article.title


def is_formula(node: Node) -> bool:
    """Whether a text says more than words: it leaves something out, or names a field or a page."""
    if isinstance(node, And | Or | Group):
        return any(map(is_formula, node.children))
    return isinstance(node, Not | Range | Address) or bool(getattr(node, "field", ""))


PIECES = st.sampled_from(
    [
        *(
            "ferry",
            "Tram",
            "NIGHT",
            "the",
            "1,000",
            "20",
            "北京",
            "大阪",
            "été",
            "it’s",
            "OR",
            "NOT",
        ),
        *("and", "AND", "Related:", "Source:", "title", "UK", "x"),
        *(" ", " ", " ", " ", ",", ", ", "、", "，", ":", "：", "; ", "|", " | ", "&&", " & ", "/"),
        *("(", ")", "（", "）", "[", "]", "{", "}", "<", ">", '"', "“", "”", "«", "»", "「", "」"),
        *(
            "'",
            "‘",
            "’",
            "-",
            " - ",
            "–",
            " – ",
            "—",
            "−",
            "…",
            "...",
            ".",
            "!",
            "?",
            "*",
            "~",
            "^",
        ),
        *("+", "#", "@", "$", "%", "=", "\\", "`", "＊", "｜", "＂", "·", "•"),
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=16).map("".join))
@example("DO NOT (PANIC)")
def test_any_headline_that_is_no_formula_finds_its_item(title: str) -> None:
    tree = parse(title).tree
    assume(not is_formula(tree))
    assume(any(map(str.isalnum, "".join(getattr(leaf, "text", "") for leaf in leaves(tree)))))
    assert finds(title.strip(), title)
