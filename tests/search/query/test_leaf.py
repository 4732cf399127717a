"""What a typed text means in its field, where items have these values."""

import pytest

from search_app.search.query import tree
from search_app.search.query.leaf import MAX_NAMESAKES, leaf_expression, selected
from search_app.search.query.logical import (
    AnyOf,
    BestOf,
    Expression,
    Keyword,
    Phrase,
    Prefix,
    Term,
)
from search_app.search.query.notes import MAX_NOTES_OF_A_KIND
from search_app.search.query.tree import Note, Typed, Word
from search_app.search.ranking import STOP_WORD
from search_app.search.vocabulary import Vocabulary
from tests.search.query.test_rewrite import t

DAILIES = {f"d{n}.example": "Daily" for n in range(MAX_NAMESAKES)}
WEEKLIES = {f"w{n}.example": "Weekly" for n in range(MAX_NAMESAKES + 1)}
VOCABULARY = Vocabulary(
    {
        "topic": {"politics": "Politics", "live sport": "Live sport", "c*": "C*"},
        "provider": {"reuters.com": "Reuters", **DAILIES, **WEEKLIES},
        "type": {"article": "article", "live blog": "Live blog"},
        "year": {"2020": "2020"},
    }
)


def outlets(*domains: str) -> Expression:
    return AnyOf(tuple(Keyword("outlet", domain) for domain in domains))


@pytest.mark.parametrize(
    ("node", "wanted"),
    [
        (Word("POLITICS", "topic"), Keyword("label", "politics")),
        (tree.Phrase("live  Sport", "topic"), Keyword("label", "live sport")),
        (Word("Reuters", "provider"), Keyword("outlet", "reuters.com")),
        (Word("daily", "provider"), outlets(*DAILIES)),
        (Word("weekly", "provider"), t("weekly", "provider")),
        (Word("Article", "type"), Keyword("type", "article")),
        (tree.Phrase("LIVE blog", "type"), Keyword("type", "live blog")),
        (Word("2020", "year"), Keyword("year", "2020")),
        # only `provider:`, `topic:` and `type:` mean whole values, and no prefix does
        (Word("politics"), t("politics")),
        (Word("politics", "title"), t("politics", "title")),
        (tree.Phrase("Live Sport", "excerpt"), Phrase("excerpt", ("live", "sport"))),
        (tree.Prefix("politics", "topic"), Prefix("topic", "politics")),
        (tree.Prefix("Live  B", "type"), Prefix("type", "live b")),
        (tree.Prefix("D", "language"), Keyword("language", "d")),  # codes have no beginnings
    ],
)
def test_a_text_that_is_a_whole_value_means_the_items_that_have_it(
    node: Typed, wanted: Expression
) -> None:
    notes: list[Note] = []
    assert (leaf_expression(node, notes, VOCABULARY), notes) == (wanted, [])


@pytest.mark.parametrize(
    ("node", "wanted", "message"),
    [
        (
            Word("sports", "topic", 2, 8),
            t("sports", "topic"),
            "“sports” is no topic, so topics with its words were searched",
        ),
        (
            Word("polticks", "topic", 2, 8),
            t("polticks", "topic"),
            "“polticks” is no topic, so topics with its words were searched; near: “Politics”",
        ),
        (
            tree.Phrase("Sea News", "provider", 2, 8),
            Phrase("provider", ("sea", "news")),
            "“Sea News” is no outlet, so outlets with its words in their names were searched",
        ),
        (Word("Zebra", "type", 2, 8), Keyword("type", "zebra"), "“Zebra” is the type of no item"),
        (Word("1492", "year", 2, 8), Keyword("year", "1492"), "“1492” is the year of no item"),
    ],
)
def test_a_text_that_is_no_value_is_searched_as_words_and_noted(
    node: Typed, wanted: Expression, message: str
) -> None:
    notes: list[Note] = []
    assert leaf_expression(node, notes, VOCABULARY) == wanted
    assert notes == [Note("unknown_value", message, 2, 8)]


def test_only_the_first_few_texts_that_are_no_values_are_noted() -> None:
    notes = [Note("no_word", "", 0, 0)] * MAX_NOTES_OF_A_KIND
    for number in range(2 * MAX_NOTES_OF_A_KIND):
        leaf_expression(Word(f"zebra{number}", "topic"), notes, VOCABULARY)
    assert [note.kind for note in notes[MAX_NOTES_OF_A_KIND:]] == (
        ["unknown_value"] * MAX_NOTES_OF_A_KIND
    )


@pytest.mark.parametrize(
    ("group", "text", "wanted", "is_noted"),
    [
        ("topic", "Politics", Keyword("label", "politics"), False),
        ("topic", " politics ", Keyword("label", "politics"), False),
        ("provider", "Daily", outlets(*DAILIES), False),
        ("topic", "sports", t("sports", "topic"), True),
        ("topic", "sports on ice", Phrase("topic", ("sports", "on", "ice")), True),
        ("topic", "sports\u3000news", Phrase("topic", ("sports", "news")), True),
        ("year", "1492", Keyword("year", "1492"), True),
        ("topic", " sports ", Phrase("topic", ("sports",)), True),
        ("topic", "live sp*", Phrase("topic", ("live", "sp")), True),
        # a star at the end, unless it is a part of a value
        ("topic", "Poli*", Prefix("topic", "poli"), False),
        ("year", "20*", Prefix("year", "20"), False),
        ("topic", "C*", Keyword("label", "c*"), False),
        ("topic", "poli*tics", Phrase("topic", ("poli", "tics")), True),
        ("topic", "*poli*", t("poli", "topic"), True),
        # what holds no word is a value that no item has
        ("topic", "…", Keyword("label", "..."), True),
        ("topic", "*", Keyword("label", "*"), True),
        ("topic", "…*", Keyword("label", "...*"), True),
        ("provider", " ", Keyword("outlet", " "), True),
    ],
)
def test_a_filter_means_what_its_field_does(
    group: str, text: str, wanted: Expression, is_noted: bool
) -> None:
    notes: list[Note] = []
    assert selected(group, text, notes, VOCABULARY) == wanted
    assert [note.kind for note in notes] == ["unknown_value"] * is_noted


DIE = Term("text", "die", "~en:die", 1.0, ("~de:die", "die"))


@pytest.mark.parametrize(
    ("word", "items", "wanted"),
    [
        ("haus", {"de": 1}, Term("text", "haus", "~de:haus")),
        ("haus", {"zh": 1}, Term("text", "haus")),
        (
            "häuser",
            {"de": 2, "en": 1},
            BestOf(
                (
                    Term("text", "häuser", "~de:haus", others=("~en:hauser", "hauser")),
                    Term("text", "haeuser", "~de:haus", others=("~en:haeuser", "haeuser")),
                )
            ),
        ),
        ("où", {"fr": 1}, Term("text", "où", "~fr:ou", STOP_WORD)),
        ("die", {"en": 9, "de": 1}, BestOf((DIE, Phrase("text", ("dice",))))),
        ("die", {"en": 1, "de": 1}, Term("text", "die", "~de:die", STOP_WORD, ("~en:die", "die"))),
        ("leaf", {"de": 1}, Term("text", "leaf", "~de:leaf")),
        ("leaf", {"en": 1}, BestOf((t("leaf"), Phrase("text", ("leaves",))))),
    ],
)
def test_a_word_is_searched_by_its_stems_in_the_languages_of_the_items(
    word: str, items: dict[str, int], wanted: Expression
) -> None:
    assert leaf_expression(Word(word), [], Vocabulary({}, items)) == wanted
