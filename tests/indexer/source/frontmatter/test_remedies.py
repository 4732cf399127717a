"""Remedies are true: whoever copies the line that a message shows gets the text that was written.

Texts are written as people write them: bare, or in quotes without a thought to what is in them.
"""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer.item import Item, Problem
from indexer.source.validate.item_parser import parse_item
from indexer.source.validate.text import clean

LINES = r"""
Ferry: new default
Ferry: the "end": again
Contents:
a: b: c
Time 12:30: all clear
"Never" says the captain
"Never", says the captain: "never"
"A" and "B"
"A", "B" and "C"
"(A)" or "(B)"
"A": B
'Tis the season for ferries
'80s music
'Twas the night: again
'Allo 'Allo returns
'n Boek
'A' or 'B'
'It's' and 'that's'
It's "so" so
It's 5 o'clock: go
the captains' ferry: late
C:\new\path \d+
C:\temp\new.txt
\lambda and \bar
\alpha: the first
\\server\share
\d+ and \w*
5' 10" tall
Vinyl 12" and 10" discs
The 12" single
! important
!important news
!wow it works
!wow, it works
!!! Alert
!foo! bar
!(not this)
#1 in the league
#ferry is trending
Gull # the language
C #sharp
a  # b
100 % sure # really
&copy 2020 Ferry
&amp
& more
&c: others
*bold* move
**Bold**: move
*
* starred
@handle says: hi
@handle
`code` here
`a: b`
%5 off
% of all
%YAML 1.1
- x
- x: y
-- x: y
? what
? what: now
?: x
| piped
| # piped
>5
|a
> quoted
>a
>- a
[Update] Ferry
[Update]: Ferry
[Update] Ferry [again]
[a, b] and c
]
{x} of {y}
{{ a }}/b
{a: b} c
}
, comma
,
=
= x: y
: x
:x: y
~ tilde: x
--- x: y
<b>Bold</b>: move
<<: x
a | b: c
Yes: No
null: and void
0x1F: hex
2020-01-01: a day
Ärger: „so“
été: “l’été”
日本: 東京 #1
🎉 #party: now
Rock 'n' roll: here
It is 5: "so
He said: 'no'
"He said: 'no'" twice
a\: b
https://a.example/x: y
mailto:a@b.example: write
key:value: other
a "b" 'c': d
"a" 'b': d
'a' "b": d
""doubled"" quotes
`
@
!
&
%
 leading blank: x
tab	inside: x
two  blanks:  here
Q: What? A: That!
Why? Because: reasons
Ferry (again): "late"
50% off: 'today'
$5: cheap
^caret: x
_under_: x
~5: x
+1: x
/path: x
;: x
"""
TEXTS = [line for line in LINES.split("\n") if line.strip()]
"""Left out is what is sound YAML in one of the forms, and so is read as YAML: `"a"`, `''`, `\\t`;
and what is begun like a list or a quote and not ended: its message says how to end it."""

FORMS = {"bare": "{}", "double": '"{}"', "single": "'{}'"}
FRONTS = {
    "title": "type: a\ntitle: {}\nexcerpt: e",
    "excerpt": "title: T\nexcerpt: {}\ntype: a",
    "topic": "title: T\ntopics:\n  - Tides\n  - {}\n  - Night\ntype: a",
    "provider": "title: T\nprovider:\n  name: {}\n  domain: a.example",
}
OTHERS_IN_A_LIST = ("<<: x", "? what: now", "[Update]: Ferry", "- x")
"""What stands for keys of YAML in a list, and is told without a line to write; and a list in a
list, which is a path of topics."""


def read(key: str, item: Item | None) -> str:
    if item is None:
        return "(none)"
    if key == "topic":
        return item.topics[1] if len(item.topics) > 2 else "(none)"
    if key == "provider":
        return item.article.provider.name if item.article.provider else "(none)"
    return item.article.title if key == "title" else item.article.excerpt


def mended(lines: list[str], problem: Problem) -> list[str]:
    """Do what a message says, as a person who copies the line it shows."""
    index = problem.line - 1
    key = re.match(r"\s*(?:- )?([^\s:]+)\s*:", lines[index])
    begins = "- " if lines[index].lstrip().startswith("- ") else f"{key[1]}: " if key else ""
    shown = re.search(rf"[;:] (?:\w+ )?({re.escape(begins)}.*)$", problem.message)
    assert shown, problem.message
    last = re.search(r"to the end of line (\d+)", problem.message)
    blanks = " " * (len(lines[index]) - len(lines[index].lstrip()))
    end = int(last[1]) if last else index + 1
    return [*lines[:index], blanks + shown[1], *lines[end:]]


def after_remedies(front: str) -> tuple[Item | None, list[str]]:
    """The item once no more is said, and what was said; a second remedy may follow the first."""
    lines, said = f"---\n{front}\n---\n".split("\n"), list[str]()
    for _ in range(3):
        reading = parse_item("\n".join(lines).encode(), "a.md", "a")
        if not reading.problems:
            return reading.item, said
        said.append(str(reading.problems[0]))
        lines = mended(lines, reading.problems[0])
    raise AssertionError(said)


@pytest.mark.parametrize("key", FRONTS)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", TEXTS)
def test_the_line_shown_gives_the_text_that_was_written(text: str, form: str, key: str) -> None:
    if key == "topic" and form == "bare" and text in OTHERS_IN_A_LIST:
        return
    item, said = after_remedies(FRONTS[key].format(FORMS[form].format(text)))
    assert read(key, item) == clean(text), said
    assert len(said) <= 1


def test_most_of_these_texts_need_a_remedy() -> None:
    assert len(TEXTS) > 100
    told = [after_remedies(FRONTS["title"].format(text))[1] for text in TEXTS]
    assert sum(map(bool, told)) > len(TEXTS) * 0.7


WORDS = "Ferry the 5 a é , . ! @ &x * % ` | } ] ( ) = < > ~ 's \\d \\lambda".split()
PIECES = st.sampled_from([*WORDS, " ", " ", " ", "? ", ": ", " #", " - "])


@given(st.lists(PIECES, min_size=1, max_size=8).map("".join), st.sampled_from(["title", "excerpt"]))
def test_whatever_signs_a_text_begins_with_the_line_shown_keeps_them(text: str, key: str) -> None:
    text = f"{text} end"
    assume(not text.lstrip().startswith("# "))  # a comment, as YAML has it
    for form in FORMS.values() if "'" not in text else (FORMS["bare"], FORMS["double"]):
        item, said = after_remedies(FRONTS[key].format(form.format(text)))
        assert read(key, item) == clean(text), (form, said)


IN_A_LIST = "Ferry the5 'Tis #ai C# @x *b* %5 !y &z \"late\" it's a:b `c` -d ? = | > ~x".split()
ITEMS = st.lists(
    st.lists(st.sampled_from(IN_A_LIST), min_size=1, max_size=3), min_size=1, max_size=4
)


@given(ITEMS, st.sampled_from([", ", ",\n  "]))
def test_the_line_shown_keeps_the_texts_of_a_list_in_brackets(
    items: list[list[str]], comma: str
) -> None:
    texts = [" ".join(words) for words in items]
    # sound YAML, as a mapping is, or a quote not closed
    assume(not any(text[0] in "&!'\"|>" or text.startswith("? ") for text in texts))
    item, said = after_remedies(f"title: T\ntags: [{comma.join(texts)}]\ntype: a")
    assert item is not None
    shown = [text[1:] if text[0] == "#" and len(text.split()) == 1 else text for text in texts]
    assert item.topics == tuple(dict.fromkeys(shown)), said
