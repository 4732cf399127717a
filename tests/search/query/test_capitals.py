"""A headline in capitals is no formula; a chain of single words with OR still is one."""

import pytest

from search_app.search.query.parser import parse
from search_app.search.query.tree import Address, And, Group, Node, Not, Or, Phrase, Range, Word
from tests.search.query.test_parser import leaves, understood, w


def operators(node: Node) -> list[str]:
    """The kinds of the inner nodes of a tree that only operators make."""
    if isinstance(node, Not):
        return ["Not", *operators(node.child)]
    if isinstance(node, And | Or | Group):
        own = ["Or"] if isinstance(node, Or) else []
        return own + [kind for child in node.children for kind in operators(child)]
    return []


@pytest.mark.parametrize(
    "text",
    [
        "DO NOT PANIC, SAY POLICE",
        "GRAIN PORT TO RENEW CONTRACTS -UNION",
        "NOT GUILTY",
        "CHAMPAGNE AND COFFEE OR TEA",
        "SINK OR SWIM AGAIN",
        "BREAKING | POLICE RAID HARBOUR",
        "BREAKING || POLICE && FIRE",
        "US −CHINA TALKS",
        "WHO OR",
        "-UNION",
        "24 HOURS ARE NOT ENOUGH",
        '"NOT ME" SAYS MAYOR, NOT THE COUNCIL',
        "TO BE (OR NOT TO BE)",
        "ＤＯ ＮＯＴ ＰＡＮＩＣ",
        "ПОЛИЦИЯ NOT РЕЙД",
        "ΑΘΗΝΑ NOT ΠΑΤΡΑ",
        "STRAßE NOT GESPERRT",
        "McDONALD'S NOT TO CLOSE",
        "iPHONE NOT FOR SALE",
        "MPs NOT TO VOTE ON 1980s TAX",
        "£20m NOT ENOUGH",
        "#MeToo NOT OVER, SAYS @jack",
    ],
)
def test_in_capitals_nothing_is_an_operator_and_a_note_says_so(text: str) -> None:
    parsed = parse(text)
    assert operators(parsed.tree) == []
    assert "capitals" in {note.kind for note in parsed.notes}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("WHO OR NATO", Or((w("WHO"), w("NATO")))),
        ("WHO OR NATO OR EU", Or((w("WHO"), w("NATO"), w("EU")))),
        ("(WHO OR NATO)", Or((w("WHO"), w("NATO")))),
        ('"WHO" OR EU', Or((Phrase("WHO"), w("EU")))),
        ("COVID-19 OR SARS", Or((w("COVID-19"), w("SARS")))),
    ],
)
def test_a_chain_of_single_words_is_a_formula_and_a_note_offers_the_words(
    text: str, tree: Node
) -> None:
    assert understood(text) == ((tree,), ("capitals",))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("WHO|NATO", ["Or"]),
        ("police NOT raid", ["Not"]),
        ("Police NOT raid", ["Not"]),
        ("POLICE NOT raid", ["Not"]),
        ("iPhone NOT Android", ["Not"]),
        ("police -RAID", ["Not"]),
        ("東京 NOT 大阪", ["Not"]),
        ("NATO 東京 NOT 大阪", ["Not"]),
        ("القاهرة OR قطر NOT مصر", ["Or", "Not"]),
        ("2020 NOT 2021", ["Not"]),
        ("20m NOT 1980s", ["Not"]),
        ("A's -b", ["Not"]),
        ("topic:AI OR topic:EU", ["Or"]),
        ("NOT topic:AI", ["Not"]),
        ("-topic:AI", ["Not"]),
        ("“WHO” NOT TITLE:EU", ["Not"]),
    ],
)
def test_all_else_keeps_its_operators_without_a_note(text: str, kinds: list[str]) -> None:
    parsed = parse(text)
    assert operators(parsed.tree) == kinds
    assert parsed.notes == ()


@pytest.mark.parametrize(
    ("text", "write"),
    [
        ("DO NOT PANIC, SAY POLICE", "do NOT panic, say police"),
        ("RENEW CONTRACTS -UNION", "renew contracts -union"),
        ("SINK OR SWIM", "sink or swim"),
    ],
)
def test_the_note_tells_what_to_write_for_the_other_reading(text: str, write: str) -> None:
    (note,) = parse(text).notes
    assert note.message.endswith(f"write {write}")
    assert operators(parse(write).tree) != operators(parse(text).tree)
    assert parse(write).notes == ()


def test_fields_and_addresses_are_what_they_are_in_capitals() -> None:
    assert understood("TITLE:FERRY")[0] == (w("FERRY", "title"),)
    assert understood("FERRY DATE:2020 SITE:BBC.COM")[0][2] == w("BBC.COM", "provider")
    assert isinstance(leaves(parse("DATE:>2020").tree)[0], Range)
    assert isinstance(leaves(parse("HTTPS://X.EXAMPLE/A-B").tree)[0], Address)


def test_the_note_on_a_long_headline_is_short() -> None:
    (note,) = parse("NOT " + "WORD" * 900).notes
    assert len(note.message) < 300


def test_a_word_keeps_its_place() -> None:
    text = "PORT −UNION NOT HERE"
    spans = [text[leaf.start : leaf.end] for leaf in leaves(parse(text).tree) if type(leaf) is Word]
    assert spans == ["PORT", "UNION", "NOT", "HERE"]
