"""The query language: tables of (text, tree, kinds of notes), spans, messages and bounds."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from search_app.search.query.lexer import MAX_DEPTH
from search_app.search.query.notes import MAX_NOTES_OF_A_KIND
from search_app.search.query.parser import MAX_CHARACTERS, MAX_LEAVES, parse
from search_app.search.query.tree import (
    WORD_FIELDS,
    Address,
    And,
    Everything,
    Group,
    Leaf,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
)

YEAR_2019, YEAR_2020, YEAR_2021, YEAR_2022 = 1546300800, 1577836800, 1609459200, 1640995200
BEFORE = Range("date", YEAR_2019, YEAR_2020)
YEAR = Range("date", YEAR_2020, YEAR_2021)
SINCE_2019, SINCE_2020 = Range("date", YEAR_2019, None), Range("date", YEAR_2020, None)
UNTIL_2020 = Range("date", None, YEAR_2021)
AFTER_2018, BEFORE_2019 = SINCE_2019, Range("date", None, YEAR_2019)
AFTER = Range("date", YEAR_2021, YEAR_2022)

OVER_70 = Range("quality", 71, None)


def w(text: str, field: str = "") -> Word:
    return Word(text, field)


def p(text: str, field: str = "") -> Phrase:
    return Phrase(text, field)


def bare(node: Node) -> Node:
    """The tree without its spans, to compare by what it means."""
    if isinstance(node, Not):
        return Not(bare(node.child))
    if isinstance(node, And | Or | Group):
        return type(node)(tuple(bare(child) for child in node.children))
    return node if isinstance(node, Everything) else replace(node, start=0, end=0)


def nodes(node: Node) -> Iterator[Node]:
    """A node and all below it, in the order they were typed."""
    yield node
    if isinstance(node, Not):
        yield from nodes(node.child)
    elif isinstance(node, And | Or | Group):
        for child in node.children:
            yield from nodes(child)


def leaves(tree: Node) -> list[Leaf]:
    """The words, phrases, prefixes and bounds of a tree, in the order they were typed."""
    return [node for node in nodes(tree) if not isinstance(node, Not | And | Or | Group)]


def depth(node: Node) -> int:
    if isinstance(node, Not):
        return 1 + depth(node.child)
    if isinstance(node, And | Or | Group):
        return 1 + max(map(depth, node.children), default=0)
    return 1


def understood(text: str) -> tuple[tuple[Node, ...], tuple[str, ...]]:
    parsed = parse(text)
    tree = bare(parsed.tree)
    assert isinstance(tree, Group)
    return tree.children, tuple(note.kind for note in parsed.notes)


WORDS: list[tuple[str, tuple[Node, ...]]] = [
    ("", (Everything(),)),
    (" \t\n\u200b\x00\u3000", (Everything(),)),
    ("police", (w("police"),)),
    ("police reform", (w("police"), w("reform"))),
    ("a\u00a0b\u3000c\u2003d\u2028e", (w("a"), w("b"), w("c"), w("d"), w("e"))),
    ("a\x00b\x1fc\x7fd\x85e", (w("a"), w("b"), w("c"), w("d"), w("e"))),
    ("a\ud800b \udfff", (w("a"), w("b"))),
    ("\ufeffa\u200bb", (w("a"), w("b"))),
    ("COVID-19 C++ .NET AT&T", (w("COVID-19"), w("C++"), w(".NET"), w("AT&T"))),
    ("U.S. O'Reilly O’Reilly", (w("U.S."), w("O'Reilly"), w("O’Reilly"))),
    ("10:30 http://x.y/z?a=b", (w("10:30"), Address("http://x.y/z?a=b"))),
    ("Biden: no", (w("Biden:"), w("no"))),
    ("!!!", (w("!!!"),)),
    ("or and not Or", (w("or"), w("and"), w("not"), w("Or"))),
    ("aORb ORB AT&T", (w("aORb"), w("ORB"), w("AT&T"))),
    ("a,b c, d;e , f", (w("a"), w("b"), w("c"), w("d"), w("e"), w("f"))),
    ("1,000 3,5 10,a", (w("1,000"), w("3,5"), w("10"), w("a"))),
    ("北京，上海、東京；大阪。東", (w("北京"), w("上海"), w("東京"), w("大阪"), w("東"))),
    ("قطر، مصر؛ تونس", (w("قطر"), w("مصر"), w("تونس"))),
    ("50% ~20 a...b Who?! C+ CRASH", tuple(map(w, "50% ~20 a...b Who?! C+ CRASH".split()))),
    ("CRASH NEAR LONDON", (w("CRASH"), w("NEAR"), w("LONDON"))),
    ("a/b 'a,' b", (w("a/b"), w("'a"), w("b"))),
    ("東京 オリンピック", (w("東京"), w("オリンピック"))),
    ("e\u0301te\u0301", (w("e\u0301te\u0301"),)),
    ("a-b a–b --x -/x -…x", (w("a-b"), w("a–b"), w("--x"), w("-/x"), w("-…x"))),
    ("a - b – c — -- d − e -, f", (w("a"), w("b"), w("c"), w("d"), w("e"), w("f"))),
]

PHRASES: list[tuple[str, tuple[Node, ...]]] = [
    ('"police reform"', (p("police reform"),)),
    ('" police\t reform "', (p("police reform"),)),
    ("“a b” „c d“ «e f» »g h« ”i j”", (p("a b"), p("c d"), p("e f"), p("g h"), p("i j"))),
    ('“a b" "c d”', (p("a b"), p("c d"))),
    ("“he said «no» twice”", (p("he said «no» twice"),)),
    ("‹a b› 「c d」 『e f』 《g h》 〈i j〉", (p("a b"), p("c d"), p("e f"), p("g h"), p("i j"))),
    ("＂a b＂ ″c d″ 〝e f〟 ❝g h❞ ｢i j｣", (p("a b"), p("c d"), p("e f"), p("g h"), p("i j"))),
    ('“a b＂ 〝c d"', (p("a b"), p("c d"))),
    ("「a『b c』d」", (p("a『b c』d"),)),
    ("彼「安全 第一」と", (w("彼"), p("安全 第一"), w("と"))),
    ("‘a b’ 'c d' ’tis", (w("‘a"), w("b’"), w("'c"), w("d'"), w("’tis"))),
    ('"a b". (c)! "d e", f', (p("a b"), w("c"), p("d e"), w("f"))),
    ('a "" b', (w("a"), w("b"))),
    ('-"" a title:"" b -title:"" c', (w("a"), w("b"), w("c"))),
    ('5"disk 5" 3"', (w('5"disk'), w('5"'), w('3"'))),
    ('צה"ל', (w('צה"ל'),)),
    ('"a b"c"d e"', (p("a b"), w('c"d'), w('e"'))),
    ('a,"b c"', (w("a"), p("b c"))),
    ("他说“你好 吗”了", (w("他说"), p("你好 吗"), w("了"))),
    ('"a""b"', (p("a"), p("b"))),
    ('"(a OR -b) title:c"', (p("(a OR -b) title:c"),)),
    ('"!!!"', (p("!!!"),)),
    ('"https://x.example/a is down"', (p("https://x.example/a is down"),)),
    ("“x.example/a b” ❮c d❯ ״e f״", (p("x.example/a b"), p("c d"), p("e f"))),
]

OPERATORS: list[tuple[str, tuple[Node, ...]]] = [
    ("-a", (Not(w("a")),)),
    ("a -b -c", (w("a"), Not(w("b")), Not(w("c")))),
    ('-"a b"', (Not(p("a b")),)),
    ("-(a b)", (Not(And((w("a"), w("b")))),)),
    ("-title:a", (Not(w("a", "title")),)),
    ("-title:(a b)", (Not(And((w("a", "title"), w("b", "title")))),)),
    ("-date:2020", (Not(YEAR),)),
    ("-a*", (Not(Prefix("a")),)),
    ("-*", (Not(Everything()),)),
    ("-.Net -#ai -@bbc -$5", (Not(w(".Net")), Not(w("#ai")), Not(w("@bbc")), Not(w("$5")))),
    ("a -OR -NOT", (w("a"), Not(w("OR")), Not(w("NOT")))),
    ("a −b －c ‐d ﹣e", (w("a"), *(Not(w(x)) for x in "bcde"))),
    ("a,-b (-c d)", (w("a"), Not(w("b")), And((Not(w("c")), w("d"))))),
    ("NOT a b", (Not(w("a")), w("b"))),
    ("NOT (a OR b)", (Not(Or((w("a"), w("b")))),)),
    ("NOT(a)b", (Not(w("a")), w("b"))),
    ("NOT title:a", (Not(w("a", "title")),)),
    ("NOT -a", (w("a"),)),
    ("-(-(a b)) c", (And((w("a"), w("b"))), w("c"))),
    ('"a"-b', (p("a"), w("-b"))),
    ("a OR b", (Or((w("a"), w("b"))),)),
    ("a | b || c", (Or((w("a"), w("b"), w("c"))),)),
    ("a|b||c", (Or((w("a"), w("b"), w("c"))),)),
    ("a｜b¦c│d", (Or((w("a"), w("b"), w("c"), w("d"))),)),
    ("a b|-c d", (w("a"), Or((w("b"), Not(w("c")))), w("d"))),
    ("a&&b c＆＆d e&f", (And((w("a"), w("b"))), And((w("c"), w("d"))), w("e&f"))),
    ("a ＯＲ b ＡＮＤ c", (Or((w("a"), And((w("b"), w("c"))))),)),
    ("（a　b）ＯＲ c", (Or((And((w("a"), w("b"))), w("c"))),)),
    ("a b OR c d", (w("a"), Or((w("b"), w("c"))), w("d"))),
    ("a OR b OR c", (Or((w("a"), w("b"), w("c"))),)),
    ("a OR (b OR c)", (Or((w("a"), w("b"), w("c"))),)),
    ('"a"OR "b"', (Or((p("a"), p("b"))),)),
    ("(a)OR(b)", (Or((w("a"), w("b"))),)),
    ("a OR -b", (Or((w("a"), Not(w("b")))),)),
    ("NOT a OR b", (Or((Not(w("a")), w("b"))),)),
    ("a OR () b", (Or((w("a"), w("b"))),)),
    ("a OR - b", (Or((w("a"), w("b"))),)),
    ("a AND b", (And((w("a"), w("b"))),)),
    ("a && b AND c", (And((w("a"), w("b"), w("c"))),)),
    ("a AND NOT b", (And((w("a"), Not(w("b")))),)),
    ("a AND b c", (And((w("a"), w("b"))), w("c"))),
    ("a OR b AND c", (Or((w("a"), And((w("b"), w("c"))))),)),
    ("a AND b OR c", (Or((And((w("a"), w("b"))), w("c"))),)),
    ("a AND (b OR c)", (And((w("a"), Or((w("b"), w("c"))))),)),
    ("title:OR title:NOT", (w("OR", "title"), w("NOT", "title"))),
]

PARENTHESES: list[tuple[str, tuple[Node, ...]]] = [
    ("(a b)", (And((w("a"), w("b"))),)),
    ("(a)", (w("a"),)),
    ("((((a))))", (w("a"),)),
    ("((a b) c)", (And((w("a"), w("b"), w("c"))),)),
    ("(a (b OR c) -d)", (And((w("a"), Or((w("b"), w("c"))), Not(w("d")))),)),
    ("() (()) a ( )", (w("a"),)),
    ("-() NOT () a title:() b -title:(()) c", (Not(w("a")), w("b"), w("c"))),
    ("f(x)", (w("f"), w("x"))),
    ("f(x,y)g", (w("f"), And((w("x"), w("y"))), w("g"))),
    ("(a)(b)", (w("a"), w("b"))),
]

STARS: list[tuple[str, tuple[Node, ...]]] = [
    ("immuni*", (Prefix("immuni"),)),
    ("C++* 東*", (Prefix("C++"), Prefix("東"))),
    ("a＊ b∗ c﹡", (Prefix("a"), Prefix("b"), Prefix("c"))),
    ("title:immuni*", (Prefix("immuni", "title"),)),
    ("*", (Everything(),)),
    ("a * (*)", (w("a"), Everything(), Everything())),
]

FIELDS: list[tuple[str, tuple[Node, ...]]] = [
    *((f"{field}:a", (w("a", field),)) for field in WORD_FIELDS),
    ("TITLE:a Title:b", (w("a", "title"), w("b", "title"))),
    ("title:COVID-19", (w("COVID-19", "title"),)),
    ('title:"a b" topic:“c d”', (p("a b", "title"), p("c d", "topic"))),
    ("title: a b", (w("a", "title"), w("b"))),
    ('title: "a b"', (p("a b", "title"),)),
    ("title: (a b)", (And((w("a", "title"), w("b", "title"))),)),
    ("title:(a OR b) c", (Or((w("a", "title"), w("b", "title"))), w("c"))),
    (
        'title:(a -b topic:c "d e" f* (g))',
        (
            And(
                (
                    w("a", "title"),
                    Not(w("b", "title")),
                    w("c", "topic"),
                    p("d e", "title"),
                    Prefix("f", "title"),
                    w("g", "title"),
                )
            ),
        ),
    ),
    ("title:(topic:(a b) c)", (And((w("a", "topic"), w("b", "topic"), w("c", "title"))),)),
    (
        "title:topic:a title::b title:-c",
        (w("topic:a", "title"), w(":b", "title"), w("-c", "title")),
    ),
    ("title:http://x title:foo:bar", (Address("http://x", "title"), w("foo:bar", "title"))),
    ("title：a ＴＩＴＬＥ:b title﹕c", (w("a", "title"), w("b", "title"), w("c", "title"))),
    ("outlet:a Source:b SITE:c", (w("a", "provider"), w("b", "provider"), w("c", "provider"))),
    ("kind:a intitle:(b c)", (w("a", "type"), And((w("b", "title"), w("c", "title"))))),
    ("site:www.x.example/", (w("x.example", "provider"),)),
    ("sub-title:a", (w("sub-title:a"),)),
    ("t\u0131tle:", (w("t\u0131tle:"),)),
]

RANGES: list[tuple[str, tuple[Node, ...]]] = [
    ("date:2020", (YEAR,)),
    ("Date: 2020", (YEAR,)),
    ('date:"2020"', (YEAR,)),
    ("date:>2020 date:>=2020", (replace(YEAR, low=YEAR_2021, high=None), replace(YEAR, high=None))),
    ("date:<2020 date:<=2020", (Range("date", None, YEAR_2020), Range("date", None, YEAR_2021))),
    ("date:2019..2020", (Range("date", YEAR_2019, YEAR_2021),)),
    ("date:2020.. date:..2020", (replace(YEAR, high=None), replace(YEAR, low=None))),
    ("date:2020-06-09T10:30:00+02:00", (Range("date", 1591691400, 1591691401),)),
    ("date:≥2020 date:≤2020", (replace(YEAR, high=None), Range("date", None, YEAR_2021))),
    ("date:2019…2020 quality：＞70", (Range("date", YEAR_2019, YEAR_2021), OVER_70)),
    ("date:(2019 OR 2021)", (Or((BEFORE, AFTER)),)),
    ("quality:70 quality:>70", (Range("quality", 70, 71), Range("quality", 71, None))),
    ("quality:-1 outlets:50..70", (Range("quality", -1, 0), Range("outlets", 50, 71))),
    ("a date:2020 OR outlets:>3", (w("a"), Or((YEAR, Range("outlets", 4, None))))),
    ("title:(a date:2020)", (And((w("a", "title"), YEAR)),)),
    ("after:2020 Since:2020", (Range("date", YEAR_2021, None), Range("date", YEAR_2020, None))),
    ("before:2020 until:2020", (Range("date", None, YEAR_2020), Range("date", None, YEAR_2021))),
    ("a -after:2020", (w("a"), Not(Range("date", YEAR_2021, None)))),
    ('since:"2020"', (replace(YEAR, high=None),)),
    ("after:(2019 OR 2020)", (Or((replace(YEAR, high=None), Range("date", YEAR_2021, None))),)),
]  # fmt: skip

NOTED: list[tuple[str, tuple[Node, ...], tuple[str, ...]]] = [
    ('"a b', (w("a"), w("b")), ("unclosed_quote",)),
    ('a "', (w("a"),), ("unclosed_quote",)),
    ('-"a b', (Not(w("a")), w("b")), ("unclosed_quote",)),
    ('title:"a b', (w("a", "title"), w("b")), ("unclosed_quote",)),
    ("a“b", (w("a"), w("b")), ("unclosed_quote",)),
    ('"a b" "c', (p("a b"), w("c")), ("unclosed_quote",)),
    ("(a b", (w("a"), w("b")), ("unbalanced_parenthesis",)),
    ("a) b) c", (w("a"), w("b"), w("c")), ("unbalanced_parenthesis",)),
    (") (a (b)", (w("a"), w("b")), ("unbalanced_parenthesis",)),
    ("-(-(a b", (Not(w("a")), w("b")), ("unbalanced_parenthesis",)),
    ("((a b)", (And((w("a"), w("b"))),), ("unbalanced_parenthesis",)),
    (":-)", (w(":-"),), ("unbalanced_parenthesis",)),
    ("OR", (w("OR"),), ("dangling_operator",)),
    ("OR a", (w("OR"), w("a")), ("dangling_operator",)),
    ("a OR", (w("a"), w("OR")), ("dangling_operator",)),
    ("a OR -", (w("a"), w("OR")), ("dangling_operator",)),
    ("a OR OR b", (w("a"), w("OR"), w("OR"), w("b")), ("dangling_operator",) * 2),
    ("a AND OR b", (w("a"), w("AND"), w("OR"), w("b")), ("dangling_operator",) * 2),
    ("a OR NOT", (w("a"), w("OR"), w("NOT")), ("dangling_operator",) * 2),
    ("NOT NOT a", (w("NOT"), Not(w("a"))), ("dangling_operator",)),
    ("(a AND) b", (And((w("a"), w("AND"))), w("b")), ("dangling_operator",)),
    ("(OR a) (NOT)", (And((w("OR"), w("a"))), w("NOT")), ("dangling_operator",) * 2),
    ("title:(a OR)", (And((w("a", "title"), w("OR", "title"))),), ("dangling_operator",)),
    ("date:(2020 OR)", (And((YEAR, w("OR"))),), ("dangling_operator",)),
    ("a |", (w("a"), w("|")), ("dangling_operator",)),
    ("foo:bar", (w("foo:bar"),), ("unknown_field",)),
    ('x:y foo:"a b"', (w("x:y"), w("foo:"), p("a b")), ("unknown_field",) * 2),
    ("foo:(a b)", (w("foo:"), And((w("a"), w("b")))), ("unknown_field",)),
    ("title:(foo:bar)", (w("foo:bar", "title"),), ("unknown_field",)),
    ("title:", (), ("empty_field", "no_word")),
    ("a title: -b", (w("a"), Not(w("b"))), ("empty_field",)),
    ("a -title:", (w("a"),), ("empty_field",)),
    (
        "NOT title: OR a",
        (w("NOT"), w("OR"), w("a")),
        ("dangling_operator", "empty_field", "dangling_operator"),
    ),
    ("(Date:) a", (w("a"),), ("empty_field",)),
    ("title: topic:a", (w("a", "topic"),), ("empty_field",)),
    ("Related: a b", (w("Related:"), w("a"), w("b")), ("heading",)),
    ("Quality: NOT b", (w("Quality:"), Not(w("b"))), ("heading",)),
    ("Quality: 7", (Range("quality", 7, 8),), ()),
    ("site: a", (w("site:"), w("a")), ("heading",)),
    ("Source: a", (w("Source:"), w("a")), ("heading",)),
    ("after:soon", (w("after"), w("soon")), ("bad_range",)),
    ("after:>2020", (w("after"), w(">2020")), ("bad_range",)),
    ("since:2019..2020", (w("since"), w("2019..2020")), ("bad_range",)),
    ("title:a,b", (w("a", "title"), w("b")), ("list_in_field",)),
    ("title:a|b", (Or((w("a", "title"), w("b"))),), ("list_in_field",)),
    ("site:x.example/a", (w("x.example", "provider"),), ("outlet_only",)),
    ("[a b](https://x.example/a)", (Address("https://x.example/a"),), ("link_text",)),
    # nothing to look for
    ('""', (), ("no_word",)),
    ("()", (), ("no_word",)),
    ("-", (), ("no_word",)),
    ("(-)", (), ("no_word",)),
    ('“” "  " «»', (), ("no_word",)),
    (", ;", (), ("no_word",)),
    ('topic:""', (), ("no_word",)),
    ("– —", (), ("no_word",)),
    # signs that others know
    ('"pol* a"', (p("pol* a"),), ("stray_star",)),
    ("ferry^2 tram~", (w("ferry"), w("tram")), ("unknown_sign",) * 2),
    ("ferry~0.8", (w("ferry"),), ("unknown_sign",)),
    ('"a b"~3 (a b)^2', (p("a b"), And((w("a"), w("b")))), ("unknown_sign",) * 2),
    ("wom?n +ferry !tram", (w("wom?n"), w("+ferry"), w("!tram")), ("unknown_sign",) * 3),
    ("?erry ferry?", (w("?erry"), w("ferry?")), ("unknown_sign",)),
    ("/fer+y/ {ferry tram}", (w("/fer+y/"), w("{ferry"), w("tram}")), ("unknown_sign",) * 3),
    ("[a TO b]", (w("[a"), w("TO"), w("b]")), ("unknown_sign",)),
    ("~ferry %tram% bus%", (w("~ferry"), w("%tram%"), w("bus%")), ("unknown_sign",) * 3),
    ("2019..2020 >70", (w("2019..2020"), w(">70")), ("unknown_sign",) * 2),
    ("ferry NEAR tram", (w("ferry"), w("NEAR"), w("tram")), ("unknown_sign",)),
    ("ferry AROUND(3) b", (w("ferry"), w("AROUND"), w("3"), w("b")), ("unknown_sign",)),
    ("ferry NEAR/3 tram", (w("ferry"), w("NEAR/3"), w("tram")), ("unknown_sign",)),
    ("quality>70 Date>=2020", (w("quality>70"), w("Date>=2020")), ("unknown_sign",) * 2),
    ("a –b —c", (w("a"), w("–b"), w("—c")), ("dash",) * 2),
    ("a –\"b c\" (—“d”)", (w("a"), p("b c"), p("d")), ("dash",) * 2),
    ("a— \"b\" c—\"d\"", (w("a—"), p("b"), w("c—"), p("d")), ()),
    ("a b c -d", (w("a"), w("b"), w("c"), Not(w("d"))), ("leaves_out",)),
    ("Up -5% today", (w("Up"), Not(w("5%")), w("today")), ("leaves_out",)),
    ("a -20C", (w("a"), Not(w("20C"))), ("leaves_out",)),
    ("a -20", (w("a"), Not(w("20"))), ()),
    ("NOT in my yard", (Not(w("in")), w("my"), w("yard")), ()),
    ("NOT in my back yard", (Not(w("in")), w("my"), w("back"), w("yard")), ("leaves_out",)),
    ("What NOT To Say Now", (w("What"), Not(w("To")), w("Say"), w("Now")), ()),
    (
        "What NOT To Say Now and Here",
        (w("What"), Not(w("To")), *map(w, ("Say", "Now", "and", "Here"))),
        ("leaves_out",),
    ),
    ("title:( OR )", (w("OR", "title"),), ("dangling_operator",)),
    ("date:abc", (w("date"), w("abc")), ("bad_range",)),
    ("-date:abc", (Not(And((w("date"), w("abc")))),), ("bad_range",)),
    ("a OR date:abc", (Or((w("a"), And((w("date"), w("abc"))))),), ("bad_range",)),
    ("date: unknown", (w("date"), w("unknown")), ("bad_range",)),
    ('date:"last year"', (w("date"), p("last year")), ("bad_range",)),
    ("date:(2020 OR soon)", (Or((YEAR, w("soon"))),), ("bad_range",)),
    ("date:2020-13 a", (w("date"), w("2020-13"), w("a")), ("bad_range",)),
    ("quality:high", (w("quality"), w("high")), ("bad_range",)),
    ("outlets:*", (w("outlets"), w("*")), ("bad_range",)),
    ("date:2020..2019", (Range("date", YEAR_2019, YEAR_2021),), ("reversed_range",)),
    ("quality:70..50", (Range("quality", 50, 71),), ("reversed_range",)),
    ("since:2020 until:2019", (SINCE_2019, UNTIL_2020), ("reversed_range",)),
    ("(a since:2020 until:2019)", (And((w("a"), SINCE_2019, UNTIL_2020)),), ("reversed_range",)),
    ("since:2020 AND until:2019", (And((SINCE_2019, UNTIL_2020)),), ("reversed_range",)),
    ("year:2020", (YEAR,), ()),
    ("until:2019 a since:2020", (UNTIL_2020, w("a"), SINCE_2019), ("reversed_range",)),
    ("date:>=2020 date:<=2019", (SINCE_2019, UNTIL_2020), ("reversed_range",)),
    ('After:"2019" BEFORE:2018', (AFTER_2018, BEFORE_2019), ("reversed_range",)),
    ("since:2019 until:2020", (SINCE_2019, UNTIL_2020), ()),
    ("since:2019 until:2019", (SINCE_2019, Range("date", None, YEAR_2020)), ()),
    ("date:2020.. until:2019", (SINCE_2020, Range("date", None, YEAR_2020)), ()),
    ("since:2020 OR until:2019", (Or((SINCE_2020, Range("date", None, YEAR_2020))),), ()),
    ('"harbour * open"', (p("harbour * open"),), ("stray_star",)),
    ("*a*", (w("a"),), ("stray_star",)),
    ("a*b", (w("a"), w("b")), ("stray_star",)),
    ("-a*b", (Not(And((w("a"), w("b")))),), ("stray_star",)),
    ("**", (), ("stray_star", "no_word")),
    ("a**", (w("a"),), ("stray_star",)),
    ("!*", (w("!"),), ("stray_star",)),
    ("title:*", (), ("no_word", "stray_star")),
    ("title: * (title:(*)) a", (w("a"),), ("stray_star",) * 2),
    ("-related:* a", (w("a"),), ("stray_star",)),
    ("a OR **", (w("a"),), ("stray_star",)),
    ('"a"*', (p("a"),), ("stray_star",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [*WORDS, *PHRASES, *OPERATORS, *PARENTHESES, *STARS, *FIELDS, *RANGES],
)
def test_a_sound_query_is_understood_without_a_note(text: str, expected: tuple[Node, ...]) -> None:
    assert understood(text) == (expected, ())


@pytest.mark.parametrize(("text", "expected", "kinds"), NOTED)
def test_what_does_not_parse_is_searched_as_words_with_a_note(
    text: str, expected: tuple[Node, ...], kinds: tuple[str, ...]
) -> None:
    assert understood(text) == (expected, kinds)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("  police  reform ", ["police", "reform"]),
        ('a\u3000-"b  c"', ["a", '"b  c"']),
        ("title:ibm title: x topic:(y)", ["ibm", "x", "y"]),
        ("immuni* title:a*", ["immuni*", "a*"]),
        ("date:2020 quality: 70", ["date:2020", "quality: 70"]),
        ("date:(2020)", ["2020"]),
        ("*a*bc*", ["a", "bc"]),
        ("date:abc title:", ["date", "abc"]),
        ("😀 𐐀\ud800x", ["😀", "𐐀", "x"]),
    ],
)
def test_a_leaf_spans_what_was_typed_for_it(text: str, spans: list[str]) -> None:
    found = leaves(parse(text).tree)
    typed = [text[leaf.start : leaf.end] for leaf in found if not isinstance(leaf, Everything)]
    assert typed == spans


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ('a "b', ['"']),
        ("a (b", ["("]),
        ("a) (b", [")"]),
        ("a OR", ["OR"]),
        ("a foo:bar", ["foo:bar"]),
        ("a title:", ["title:"]),
        ("a -date:abc", ["date:abc"]),
        ("outlets: 9..1", ["outlets: 9..1"]),
        ("*a* date:x b*c", ["*a*", "date:x", "b*c"]),
    ],
)
def test_a_note_spans_what_it_is_about(text: str, spans: list[str]) -> None:
    assert [text[note.start : note.end] for note in parse(text).notes] == spans


def test_the_note_on_a_bad_date_shows_how_a_date_is_written() -> None:
    (note,) = parse("a date:abc").notes
    assert note.message == (
        "“date:abc” was searched as words: "
        "a date is written 2020, 2020-06 or 2020-06-01..2020-06-15"
    )


def test_the_note_on_an_unknown_field_names_the_fields() -> None:
    (note,) = parse("foo:bar").notes
    names = "title, excerpt, related, outlet, topic, author, kind, language, date, quality, outlets"
    assert names in note.message
    kinds = [note.kind for name in names.split(", ") for note in parse(f"{name}:1").notes]
    assert "unknown_field" not in kinds


def test_a_note_shows_the_beginning_of_a_long_word() -> None:
    (note,) = parse("foo:" + "x" * 4000).notes
    assert len(note.message) < 200


def test_a_kind_of_note_is_given_a_few_times_only() -> None:
    notes = parse("a*b " * 60 + '"').notes
    assert [note.kind for note in notes] == ["stray_star"] * MAX_NOTES_OF_A_KIND + [
        "unclosed_quote"
    ]


def test_a_text_of_the_greatest_length_is_read_whole() -> None:
    assert understood("x" * MAX_CHARACTERS) == ((w("x" * MAX_CHARACTERS),), ())


def test_of_a_longer_text_the_beginning_is_read() -> None:
    text = "x" * MAX_CHARACTERS + "y"
    parsed = parse(text)
    assert bare(parsed.tree) == Group((w("x" * MAX_CHARACTERS),))
    assert [(note.kind, note.start, note.end) for note in parsed.notes] == [
        ("too_long", MAX_CHARACTERS, MAX_CHARACTERS + 1)
    ]


def test_as_many_words_as_fit_are_kept_without_a_note() -> None:
    children, kinds = understood("x " * MAX_LEAVES)
    assert (len(children), kinds) == (MAX_LEAVES, ())


@pytest.mark.parametrize(
    "part", ["x ", "x OR ", "-x ", "x AND -y OR ", "a*b ", "date:abc ", "title:(x y) ", '"x y" ']
)
def test_words_past_the_bound_are_ignored_with_one_note(part: str) -> None:
    parsed = parse(part * MAX_LEAVES + "x x")
    assert len(leaves(parsed.tree)) == MAX_LEAVES
    assert [note.kind for note in parsed.notes].count("too_many_words") == 1


def test_parentheses_nest_to_the_bound() -> None:
    text = "-x -(y OR " * MAX_DEPTH + "z" + ")" * MAX_DEPTH
    parsed = parse(text)
    assert parsed.notes == ()
    assert depth(parsed.tree) > MAX_DEPTH


def test_parentheses_past_the_bound_are_ignored_with_a_note() -> None:
    text = "(" * MAX_DEPTH + "-(x y) z" + ")" * MAX_DEPTH + " a"
    assert understood(text) == ((And((Not(w("x")), w("y"), w("z"))), w("a")), ("too_deep",))


def test_a_chain_of_or_is_one_or() -> None:
    (found,), kinds = understood("x OR " * (MAX_LEAVES - 1) + "x")
    assert (found, kinds) == (Or((w("x"),) * MAX_LEAVES), ())


WORDS_ALONE = st.lists(
    st.one_of(
        st.sampled_from(("OR", "AND", "NOT", "or", "oR", "a", "été", "北京", "2020", "x_y", "_")),
        st.text(min_size=1, max_size=3),
        st.text("abOR0é北", min_size=1, max_size=4),
    ),
    max_size=5,
).map(" ".join)


@given(WORDS_ALONE | st.lists(st.just("w"), min_size=100, max_size=140).map(" ".join))
@example("a " * (MAX_CHARACTERS // 2) + "b")
def test_nothing_but_words_is_parsed_as_by_the_whole_grammar(words: str) -> None:
    """With a blank at its end a text is not recognised as nothing but words."""
    assert parse(words).tree == parse(f"{words} ").tree
    assert parse(f'"{words}"').tree == parse(f'"{words}" ').tree
