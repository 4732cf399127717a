"""What a typed query means, case by case: the expression, what may be missing, the notes."""

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from indexer.analysis.english import STOP_WORDS
from indexer.analysis.tokenizer import stem
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    BestOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    MatchNone,
    NumericRange,
    Phrase,
    Prefix,
    Should,
    Term,
    boosted,
    leaves,
    scored,
)
from search_app.search.query.parser import parse
from search_app.search.query.rewrite import LogicalQuery, Match, is_common, rewrite
from search_app.search.ranking import ADDRESS, STOP_WORD
from search_app.search.vocabulary import Vocabulary
from tests.search.query.test_parser_laws import TEXTS

YEAR_2020 = NumericRange("date", 1_577_836_800, 1_609_459_200)
OVER_70 = NumericRange("quality", 71, None)


def meaning(text: str, match: Match = Match.AUTO) -> LogicalQuery:
    return rewrite(parse(text).tree, match, Vocabulary({}))


def t(word: str, field: str = "text") -> Term:
    return Term(field, word, stem(word), STOP_WORD if word in STOP_WORDS else 1.0)


def acronym(word: str, written: str) -> AnyOf:
    """Of a stop word in capitals, what is written so is another word."""
    return AnyOf((Term("text", written), t(word)))


def page(address: str) -> Keyword:
    return Keyword("url", address, ADDRESS)


def row(*words: str, field: str = "text") -> Phrase:
    return Phrase(field, words)


def both(*members: Expression) -> AllOf:
    return AllOf(members)


def best(*members: Expression) -> BestOf:
    return BestOf(members)


def either(*members: Expression) -> AnyOf:
    return AnyOf(members)


QUOTED = row("votes", "on", "night", "trams")
QUOTED_WORDS = [t(word) for word in QUOTED.terms]
ZDNET, AXIOS = Keyword("outlet", "zdnet.com"), Keyword("outlet", "axios.com")


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("", MatchAll()),
        ("   ", MatchAll()),
        ("*", MatchAll()),
        ("reform", t("reform")),
        ("REFORMS", Term("text", "reforms", "~en:reform")),
        ("ＩＢＭ", Term("text", "i.b.m", "~en:ibm")),
        ("café", Term("text", "café", "~en:cafe")),
        ("Lüttich", best(Term("text", "lüttich", "~en:luttich"), t("luettich"))),
        ("Ö", best(Term("text", "ö", "o"), Term("text", "oe"))),
        ("2020", Term("text", "2020")),
        ("police reform", both(t("police"), t("reform"))),
        ("police police", boosted(t("police"), sqrt(2))),
        ("police OR reform", either(t("police"), t("reform"))),
        ("police AND reform", both(t("police"), t("reform"))),
        ("police -reform", both(Exclude(t("reform")), t("police"))),
        ("-reform", both(MatchAll(), Exclude(t("reform")))),
        ("-police -reform", both(MatchAll(), Exclude(t("police")), Exclude(t("reform")))),
        ("-*", both(MatchAll(), Exclude(MatchAll()))),
        ("police OR -reform", either(t("police"), both(MatchAll(), Exclude(t("reform"))))),
        ("-(police -reform)", both(MatchAll(), Exclude(both(t("police"), Exclude(t("reform")))))),
        ("-(police OR reform)", both(MatchAll(), Exclude(either(t("police"), t("reform"))))),
        # words that are more than letters
        ("COVID-19", best(Term("text", "covid19"), row("covid", "19"))),
        ("O'Reilly", best(t("oreilly"), row("o", "reilly"))),
        ("C++", Term("text", "c++")),
        (".NET", Term("text", ".net")),
        ("AT&T", best(t("att"), row("at", "and", "t"))),
        ("Q & A", best(t("qa"), row("q", "and", "a"))),
        ("Q and A", best(t("qa"), row("q", "and", "a"))),
        ("q and a", both(t("q"), t("and"), t("a"))),
        ("UK & US", both(Term("text", "u.k", "uk"), t("and"), acronym("us", "u.s"))),
        ("U.S.", best(Term("text", "u.s"), row("u", "s"))),
        ("J. R. R.", best(Term("text", "j.r.r", "~en:jrr"), row("j", "r", "r"))),
        ("-j. r.", both(Exclude(t("j")), t("r"))),
        ("F-16s", best(t("f16s"), t("f16"), row("f", "16s"), row("f", "16"))),
        ("leaf", best(t("leaf"), row("leaves"))),
        ("lives", best(t("lives"), row("life"))),
        ("MeDia", best(t("media"), row("me", "dia"), row("medium"))),
        ("leaf/blower", row("leaf", "blower")),
        ("j r r", best(t("jrr"), row("j", "r", "r"))),
        ("judge j. r.", both(t("judge"), best(t("jr"), row("j", "r")))),
        ("j. judge", both(t("j"), t("judge"))),
        ("title:j r", both(t("j", "title"), t("r"))),
        ("plan b", both(t("plan"), t("b"))),
        ("vitamin a b", both(t("vitamin"), t("a"), t("b"))),
        ("POLICE SAY WHO", both(t("police"), t("say"), t("who"))),
        ("POLICE SAY WHO quality:>70", both(OVER_70, t("police"), t("say"), t("who"))),
        ("police say WHO", both(t("police"), t("say"), acronym("who", "w.h.o"))),
        ("POLICE WHO", both(Term("text", "p.o.l.i.c.e", "~en:polic"), acronym("who", "w.h.o"))),
        ("US", acronym("us", "u.s")),
        ("and/or", row("and", "or")),
        ("東京都", best(row("東京", "京都"), row("東", "京都"), row("東京", "都"))),
        ("東", Term("text", "東")),
        ("10,000", Term("text", "10000")),
        # phrases ask for exact forms, and a phrase of one chunk for each way to write it
        ('"police reforms"', row("police", "reforms")),
        ('"J. R. R. a"', either(row("j", "r", "r", "a"), row("jrr", "a"))),
        ('"J.R.R. a"', either(row("jrr", "a"), row("j", "r", "r", "a"))),
        ('"reforms"', row("reforms")),
        ('"C++"', row("c++")),
        ('"covid-19"', either(row("covid19"), row("covid", "19"))),
        ('"— covid-19"', either(row("covid19"), row("covid", "19"))),
        ('"the covid-19 crisis"', row("the", "covid", "19", "crisis")),
        ('"new york new york"', row("new", "york", "new", "york")),
        # prefixes
        ("immuni*", Prefix("text", "immuni")),
        ("IMMUNI*", Prefix("text", "immuni")),
        ("covid-1*", Prefix("text", "covid1")),
        ("and/o*", both(row("and"), Prefix("text", "o"))),
        # fields
        ("title:reform", t("reform", "title")),
        ('related:"police reform"', row("police", "reform", field="related")),
        ("excerpt:immuni*", Prefix("excerpt", "immuni")),
        ("topic:ai", t("ai", "topic")),
        ("title:(police OR reform)", either(t("police", "title"), t("reform", "title"))),
        ("provider:zdnet", t("zdnet", "provider")),
        ("provider:zdnet.com", ZDNET),
        ("provider:WWW.ZDNet.com", ZDNET),
        ('provider:"zdnet.com"', ZDNET),
        ("provider:bbc.co.uk", Keyword("outlet", "bbc.co.uk")),
        ('provider:"Jerusalem Post"', row("jerusalem", "post", field="provider")),
        ("provider:zd*", Prefix("provider", "zd")),
        ("zdnet.com", best(t("zdnetcom"), row("zdnet", "com"), ZDNET)),
        ("title:zdnet.com", best(t("zdnetcom", "title"), row("zdnet", "com", field="title"))),
        ("type:Video", Keyword("type", "video")),
        ('type:"Live  Blog"', Keyword("type", "live blog")),
        ("type:vid*", Prefix("type", "vid")),
        ("date:2020", YEAR_2020),
        ("quality:>70", OVER_70),
        ("outlets:>3", NumericRange("outlets", 4, None)),
        # addresses
        ("https://www.ZDNet.com/a/", page("zdnet.com/a")),
        ("HTTP://zdnet.com/a?b=1#c", page("zdnet.com/a?b=1")),
        # what holds nothing to look for
        ("… reform", t("reform")),
        ("…", MatchNone()),
        ("-…", MatchNone()),
        ('"—"', MatchNone()),
        ('-"—"', MatchNone()),
        ('reform -"—"', t("reform")),
        ("ـ*", MatchNone()),
        ("(… OR !) -@", MatchNone()),
        ("… OR reform", t("reform")),
        ("(… !)", MatchNone()),
        ("(… !) reform", t("reform")),
        ("(… OR !) reform", t("reform")),
        ('"— …"', MatchNone()),
        ('""', MatchNone()),
        ("()", MatchNone()),
        ("-", MatchNone()),
        ('topic:""', MatchNone()),
        ("title:", MatchNone()),
        ("\u3000", MatchAll()),
    ],
)  # fmt: skip
def test_a_query_means_this_expression(text: str, full: Expression) -> None:
    assert meaning(text).full == full


@pytest.mark.parametrize(
    ("text", "partial"),
    [
        ("", None),
        ("reform", None),
        ("police police", None),
        ("police reform", either(t("police"), t("reform"))),
        ("police AND reform", None),
        (
            "COVID-19 reform",
            either(best(Term("text", "covid19"), row("covid", "19")), t("reform")),
        ),
        # common words never stand for a query alone, unless there are no others
        ("the police", t("police")),
        ("the police reform", either(t("police"), t("reform"))),
        ("the who", either(t("the"), t("who"))),
        ("(the OR a) police", t("police")),
        ("WHO reform", either(Term("text", "w.h.o"), t("reform"))),
        ("IBM reform", either(Term("text", "i.b.m", "~en:ibm"), t("reform"))),
        # what must hold in any case
        ('"a b"', None),
        (
            '"covid-19" reform',
            either(
                both(either(row("covid19"), row("covid", "19")), t("reform")),
                either(row("covid19"), row("covid", "19")),
            ),
        ),
        ('"a b" reform', either(both(row("a", "b"), t("reform")), row("a", "b"))),
        (
            '"a b" police reform',
            either(both(row("a", "b"), either(t("police"), t("reform"))), row("a", "b")),
        ),
        ("police reform -ibm", both(Exclude(t("ibm")), either(t("police"), t("reform")))),
        ("police reform date:2020", both(YEAR_2020, either(t("police"), t("reform")))),
        ("police reform quality:>70", both(OVER_70, either(t("police"), t("reform")))),
        ("police reform provider:zdnet.com", both(ZDNET, either(t("police"), t("reform")))),
        ("police reform topic:ai", both(t("ai", "topic"), either(t("police"), t("reform")))),
        (
            "police reform language:de",
            both(Keyword("language", "de"), either(t("police"), t("reform"))),
        ),
        ("police reform author:ann", both(t("ann", "author"), either(t("police"), t("reform")))),
        ("police reform type:v*", both(Prefix("type", "v"), either(t("police"), t("reform")))),
        (
            "police reform https://x.io/a",
            either(
                both(page("x.io/a"), either(t("police"), t("reform"))),
                page("x.io/a"),
            ),
        ),
        (
            "police reform https://x.io/a*",  # a star is a part of an address
            either(
                both(
                    either(page("x.io/a"), page("x.io/a*")),
                    either(t("police"), t("reform")),
                ),
                either(page("x.io/a"), page("x.io/a*")),
            ),
        ),
        (  # without its scheme, an address may also be words
            "police x.io/a",
            either(t("police"), best(page("x.io/a"), row("x", "io", "a"))),
        ),
        (
            "police reform (provider:zdnet.com OR provider:axios.com)",
            both(either(ZDNET, AXIOS), either(t("police"), t("reform"))),
        ),
        (
            'police reform ("a b" OR date:2020)',
            both(either(row("a", "b"), YEAR_2020), either(t("police"), t("reform"))),
        ),
        (
            "police reform (provider:zdnet.com topic:ai)",
            both(both(ZDNET, t("ai", "topic")), either(t("police"), t("reform"))),
        ),
        ("reform (police OR provider:zdnet.com)", either(t("reform"), either(t("police"), ZDNET))),
        ("reform (police provider:zdnet.com)", either(t("reform"), both(t("police"), ZDNET))),
        ("provider:zdnet.com topic:ai", None),
        # a field that only says where to look is no constraint
        ("title:police reform", either(t("police", "title"), t("reform"))),
    ],
)
def test_a_partial_match_may_lack_words_but_nothing_else(
    text: str, partial: Expression | None
) -> None:
    assert meaning(text).partial == partial


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("police reform", either(t("police"), t("reform"))),
        ("the police", either(t("the"), t("police"))),
        (
            '"the harbour" reform',
            both(
                either(row("the", "harbour"), t("reform")), Should(t("the")), Should(t("harbour"))
            ),
        ),
        # a compound also by its parts, but not by a letter or a digit
        (
            "beta-blockers reform",
            either(
                best(
                    t("betablockers"),
                    either(t("beta"), t("blockers")),
                    row("beta", "blockers"),
                ),
                t("reform"),
            ),
        ),
        (
            "no-go area",
            either(best(t("nogo"), either(t("no"), t("go")), row("no", "go")), t("area")),
        ),
        ("the B-word", either(t("the"), best(t("bword"), t("word"), row("b", "word")))),
        ("police w/x", both(either(t("police"), row("w", "x")), Should(t("w")), Should(t("x")))),
        ('reform "https://x.io"', either(t("reform"), page("x.io"))),
        # a quotation, as it is longer than a name, on its own and beside words
        ('"votes on night trams"', both(QUOTED, *map(Should, QUOTED_WORDS))),
        ('reform "votes on night trams"', either(t("reform"), *QUOTED_WORDS)),
        (
            'reform title:"votes on night trams"',
            both(
                either(t("reform"), replace(QUOTED, field="title")),
                *(Should(replace(word, field="title")) for word in QUOTED_WORDS),
            ),
        ),
        (
            'reform "night tram vote"',
            both(
                either(t("reform"), row("night", "tram", "vote")),
                *map(Should, map(t, ("night", "tram", "vote"))),
            ),
        ),
        ("(police reform) vote", either(both(t("police"), t("reform")), t("vote"))),
        # a compound word, also by those of its parts that are no single letters
        ("net-zero", best(t("netzero"), either(t("net"), t("zero")), row("net", "zero"))),
        ("x-ray", best(t("xray"), t("ray"), row("x", "ray"))),
        ("reform police reform", either(boosted(t("reform"), sqrt(2)), t("police"))),
        ("police reform -ibm", both(Exclude(t("ibm")), either(t("police"), t("reform")))),
        ("police provider:zdnet.com", both(ZDNET, t("police"))),
        ("provider:zdnet.com topic:ai", both(ZDNET, t("ai", "topic"))),
        ("date:2020 police reform", both(YEAR_2020, either(t("police"), t("reform")))),
        ("", MatchAll()),
        ("…", MatchNone()),
    ],
)
def test_with_any_one_word_will_do_and_constraints_hold(text: str, full: Expression) -> None:
    found = meaning(text, Match.ANY)
    assert (found.full, found.partial, found.notes) == (full, None, meaning(text).notes)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("police", []),
        ("police reform vote", [("police", "reform"), ("reform", "vote")]),
        ("police reform police reform", [("police", "reform"), ("reform", "police")]),
        ("police police", []),
        ("the police of the harbour", [("the", "police"), ("police", "of"), ("the", "harbour")]),
        ("net-zero vote", [("net", "zero"), ("zero", "vote")]),
        ("police -reform vote", []),
        ("police title:reform vote tram", [("vote", "tram")]),
        ('police "night tram" vote', []),
        ("police OR reform", []),
    ],
)
def test_words_side_by_side_are_pairs_unless_both_are_common(
    text: str, pairs: list[tuple[str, str]]
) -> None:
    found = meaning(text).pairs
    assert [(first.exact, second.exact) for first, second in found] == pairs
    for word in (word for pair in found for word in pair):
        assert word == replace(t(word.exact), stem="")


@pytest.mark.parametrize(
    ("apart", "joined"),
    [
        ("J. R. R. Tolkien", "J.R.R. Tolkien"),
        ("J R R Tolkien", "J.R.R. Tolkien"),
        ("J.R. R. Tolkien", "J.R.R. Tolkien"),
        ("J. R.R. Tolkien", "J.R.R. Tolkien"),
        ("by J. R. and T. S. too", "by J.R. and T.S. too"),
        ("Q and A tonight", "Q&A tonight"),
        ("tonight Q & A", "tonight Q&A"),
        ("Q And AB", "Q&AB"),
        ("title:J title:R", "title:J.R."),
    ],
)
def test_initials_typed_apart_mean_what_they_do_side_by_side(apart: str, joined: str) -> None:
    found, wanted = meaning(apart), meaning(joined)
    assert (found.full, found.partial) == (wanted.full, wanted.partial)


@pytest.mark.parametrize(
    "text",
    [
        "x ray", "a b", "J title:R", "J ray", "q and a", "qqq and A", "Q or A", "Q and or A",
        "Q title:and A", "J R2",
    ],
)  # fmt: skip
def test_other_words_side_by_side_are_words(text: str) -> None:
    typed = [leaf.exact for leaf in scored(meaning(text).full) if isinstance(leaf, Term)]
    assert typed == text.lower().replace("title:", "").split()


def test_a_quotation_is_a_phrase_unless_any_word_will_do() -> None:
    assert meaning('reform "votes on night trams"').full == both(QUOTED, t("reform"))


def test_so_many_pairs_count() -> None:
    text = " ".join(f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(34))
    assert len(meaning(text).pairs) == 32
    assert meaning(text.rpartition(" ")[0]).pairs == meaning(text).pairs


@pytest.mark.parametrize("text", ["police reform", "the who", '"a b" police reform', "", "…"])
def test_with_all_nothing_may_be_missing(text: str) -> None:
    auto = meaning(text)
    assert meaning(text, Match.ALL) == replace(auto, partial=None)


@pytest.mark.parametrize(
    "text",
    [
        "WHO WON ON MARS",
        "IT ENDS THE WHO TOUR .",
        "IN 1963, WHO WINS 20m?",
        "MPs ACT ON US AID",
        "McDONALD'S AND THE IBM CASE",
    ],
)
def test_in_a_headline_in_capitals_no_word_is_an_acronym(text: str) -> None:
    assert meaning(text, Match.ANY) == meaning(text.lower(), Match.ANY)


@pytest.mark.parametrize("text", ["WHO US", "WHO 1963 .", "WHO ends US AID"])
def test_of_few_capitals_or_beside_small_letters_each_is_one(text: str) -> None:
    assert Term("text", "w.h.o") in leaves(meaning(text, Match.ANY).full)


def test_what_holds_no_word_is_noted_at_its_place() -> None:
    (note,) = meaning("reform …!").notes
    assert (note.kind, note.start, note.end) == ("no_word", 7, 9)
    assert "…!" in note.message
    assert [note.kind for note in meaning('… "!" -@').notes] == ["no_word"] * 3
    assert meaning("reform").notes == ()


@pytest.mark.parametrize(
    "text", ["http://[", "http://[::1", "https://", "http://:x@[]/?#", "http://\u2100"]
)
def test_what_only_begins_like_an_address_is_no_error(text: str) -> None:
    for asked in (text, f"police {text}", f'"{text}"', f"title:{text}", f"{text}*"):
        assert isinstance(meaning(asked), LogicalQuery)


def test_the_ways_to_match_are_called_as_the_api_documents_them() -> None:
    assert [*Match] == ["auto", "all", "any"]


def test_a_word_is_common_only_if_all_its_leaves_are() -> None:
    the, who, police = t("the"), t("who"), t("police")
    assert {"the", "who"} <= STOP_WORDS
    assert is_common(the, STOP_WORDS)
    assert is_common(either(the, who), STOP_WORDS)
    assert is_common(both(the, who), STOP_WORDS)
    assert not is_common(either(the, police), STOP_WORDS)
    assert not is_common(row("the", "who"), STOP_WORDS)
    assert not is_common(Prefix("text", "the"), STOP_WORDS)
    assert not is_common(MatchAll(), STOP_WORDS)


def withouts(expression: Expression, *, allowed: bool = False) -> bool:
    """Whether every `Exclude` stands in an `AllOf`, beside something that is none."""
    match expression:
        case AllOf(members):
            some = any(not isinstance(member, Exclude) for member in members)
            return some and all(withouts(member, allowed=True) for member in members)
        case AnyOf(members):
            return all(map(withouts, members))
        case Exclude(child):
            return allowed and withouts(child)
    return True


@given(TEXTS, st.sampled_from(Match))
def test_any_text_has_a_well_formed_meaning(text: str, match: Match) -> None:
    found = meaning(text, match)
    assert withouts(found.full)
    assert found.partial is None or (match is Match.AUTO and withouts(found.partial))
    for note in found.notes:
        assert 0 <= note.start < note.end <= len(text)
