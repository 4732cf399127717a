"""Front matter that nobody would write: real files harmed at random, and odd lines put together.

A seed and a number make one file, the same each time.
"""

import re
from collections.abc import Callable, Sequence
from random import Random

CANARY = "QZXJ" * 8
"""Stands in every file as a private value; seven characters of it in a row hold `TRACE`."""

TRACE = "QZXJ"

_PLANTS = (
    f"secured: {CANARY}\n",
    f'secured: "{CANARY}"\n',
    f"secured: '{CANARY}'\n",
    f"secured: {{a: {CANARY}, b: [{CANARY}]}}\n",
    f"featuredContent: \"<p class='{CANARY}'>{CANARY}</p>\"\n",
    f"featuredContent: {CANARY}: {CANARY}\n",
    f"secured : {CANARY}\n",
    f"Secured: {CANARY}\n",
    f"'secured' : '{CANARY}'\n",
    f'"sec\\u0075red": {CANARY}\n',
    f"featured_content: {CANARY}\n",
    f"!!str secured: {CANARY}\n",
    f"&s secured: {CANARY}\n",
    f"secured: &s {CANARY}\ntype: *s\n",
    f"? secured\n: {CANARY}\n",
    f"secured:\n  {CANARY}\n",
    f"secured:\n- {CANARY}\n- {CANARY}\n",
    f"secured: |\n  {CANARY}\n  {CANARY}\n",
    f"secured: '{CANARY}\n  {CANARY}'\n",
    f"related:\n- title: R\n  secured: {CANARY}\n  quality: 1\n",
    f"related:\n- secured: {CANARY}\n",
    f"related:\n- title: R\n  secured: >\n    {CANARY}\n    {CANARY}\n  quality: x\n",
    f"extra: {{title: R, secured: {CANARY}}}\n",
    f"extra: [{{secured: {CANARY}}}]\n",
    f"extra: &x {{secured: {CANARY}, heat: 5}}\n<<: *x\n",
)
_OTHERS = (
    f"""+++
title = "A"
tags = ["a", "b"]
secured = "{CANARY}"
heat = 5
[provider]
name = "N"
[[related]]
title = "B"
secured = "{CANARY}"
+++
body
""",
    f"""+++
excerpt = '''
E
'''
title = 'A'
featuredContent = '{CANARY}'
date = 2020-01-01
+++
""",
    f"""{{
"title": "A",
"tags": ["a", "b"],
"secured": "{CANARY}",
"heat": 5,
"related": [
{{"title": "B", "secured": "{CANARY}"}}
]
}}
body
""",
    f"""---json
{{
"title": "A",
"sec\\u0075red": "{CANARY}",
"quality": "x"
}}
---
body
""",
)
"""Whole files in TOML and JSON, each with private values."""

_SIGNS = [
    *(b"\t", b"\0", b"\r", b"\n", b" ", b"\xef\xbb\xbf", b"\xc2\x85", b"\xe2\x80\xa8", b"\x07"),
    *(b"\xed\xa0\x80", b"\xff", b"\xc3", b"\xf4\x8f\xbf\xbf", b"\xe2\x80\x8b", b"\xef\xbf\xbe"),
    *(b'"', b"'", b":", b": ", b"#", b" #", b"[", b"]", b"{", b"}", b",", b"- ", b"-", b"? "),
    *(b"*a", b"&a ", b"!t ", b"!!str ", b"|", b">", b"%", b"@", b"`", b"\\", b"<<: *a", b"="),
    *(b"\\ud800", b"\\UFFFFFFFF", b"\\x", b"{{ a }}", b"{% a %}", b"---\n", b"\n---\n", b"...\n"),
    *(
        b"<<<<<<< HEAD\n",
        b"=======\n",
        b"%YAML 1.9\n",
        b'"""',
        b"+++\n",
        b"}",
        b"=",
        b"&#xD800;",
        b"<!--",
        b"0x",
        b"secured",
    ),
]
_OPEN = [
    *(b"x: [", b"x: [a, ", b"x: {", b"x: {a: ", b'x: "', b"x: 'a", b"x: |", b"x: >-", b"x: &a"),
    *(b"x: *", b"x: !", b"x: ? ", b"- [", b"- ", b"-", b"? ", b"x", b"x:", b'"x', b"[", b"{", b'"'),
    *(
        b"  - [{",
        b"x: '",
        b'x: "\\',
        b"x: |9",
        b"x: !!",
        b"x: - [",
        b"[[[",
        b"{{",
        b"%",
        b"@",
        b"`",
    ),
]
_SOUND = [
    *(b"title: A", b'excerpt: "B"', b"topics: [a, b]", b"related:\n- title: C", b"quality: 1"),
    *(b"provider: {domain: a.example}", b"deck: |\n  text\n\n  more", b"a: &a [b]\nc: *a"),
]
_LINES = [
    *(b"title: A", b"title: A: B", b"topics:", b"- A", b"  - A", b"  a: b", b"    a: b", b"a: [b"),
    *(b"a: 'b'c", b'a: "b" c', b"text", b"  text", b"# c", b"", b"  ", b"\ta: b", b"a:b", b"a=b"),
    *(b"a: |", b"a: >", b"a: &b", b"a: *b", b"<<: *b", b"a: {b: c}", b"{a: b}", b"[a]", b"a: !b c"),
    *(b"date: 2020-13-01", b"quality: x", b"webUrl: x", b"related:", b"- title: A", b"? a", b": b"),
    *(b"provider: x", b"draft: maybe", b"-a", b"* a", b'"a: b', b"- - - a", b"a: - b", b'a: "\\q"'),
]

Harm = Callable[[bytes, Random], bytes]


def drawn(bases: Sequence[bytes], seed: int, number: int) -> bytes:
    """The file of a number: one of the bases, or without any a text of odd lines, with a private
    value planted, and harmed up to six times."""
    chance = Random(f"{seed} {number}")  # noqa: S311 - no secret
    if not bases and chance.random() < 0.25:
        data = chance.choice(_OTHERS).encode()
    else:
        data = _planted(chance.choice(bases) if bases else _odd(chance), chance)
    for _ in range(chance.choice([0, 1, 1, 1, 2, 2, 3, 6])):
        data = chance.choice(_HARMS)(data, chance)
    return data


def _planted(data: bytes, chance: Random) -> bytes:
    """The file with a private value before one of its lines at the margin."""
    places = [match.end() for match in re.finditer(rb"\n(?=[a-zA-Z]|---)", data)]
    at = chance.choice(places) if places else data.find(b"\n") + 1
    return data[:at] + chance.choice(_PLANTS).encode() + data[at:]


def _odd(chance: Random) -> bytes:
    sound = chance.sample(_SOUND, chance.randint(0, len(_SOUND)))
    odd = [_line(chance) for _ in range(chance.choice([0, 0, 1, 1, 2, 5]))]
    lines = sound + odd
    chance.shuffle(lines)
    end = chance.choice([b"---\n", b"---\nbody\n", b"---", b"", b"...\n"])
    return b"\n".join([b"---", *lines, end])


def _line(chance: Random) -> bytes:
    kind = chance.random()
    if kind < 0.6:
        return chance.choice(_LINES)
    if kind < 0.8:
        return chance.choice(_LINES) + chance.choice(_SIGNS) + chance.choice(_LINES)
    return b" " * chance.randint(0, 6) + chance.choice(_OPEN) * chance.choice([1, 1, 1, 2, 40])


def _cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _half_saved(data: bytes, chance: Random) -> bytes:
    """Cut within a line that opens something."""
    lines = _cut(data, chance).split(b"\n")
    return b"\n".join([*lines[:-1], chance.choice(_OPEN)]) + chance.choice([b"", b"\n", b"\n\n"])


def _flip(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 8]) if data else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _insert(data: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(data))
    sign = chance.choice(_SIGNS) * chance.choice([1, 1, 1, 1, 2, 3, 80])
    return data[:at] + sign + data[at + chance.choice([0, 0, 1]) :]


def _crowd(data: bytes, chance: Random) -> bytes:
    """Very many of one sign."""
    signs = [
        b"[",
        b"{",
        b"- ",
        b"? ",
        b'"',
        b"'",
        b" ",
        b"\t",
        b"-",
        b"\n",
        "\u0301\u0316".encode(),
    ]
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(signs) * chance.choice([40, 400, 4000]) + data[at:]


def _lines(data: bytes, chance: Random) -> bytes:
    """A line twice, gone, elsewhere, joined with the next, or indented otherwise."""
    lines = data.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(6):
        case 0:
            lines.insert(other, lines[one])
        case 1:
            del lines[one]
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case 3:
            lines[one : one + 2] = [b"".join(lines[one : one + 2])]
        case 4:
            lines[one] = b" " * chance.randint(1, 5) + lines[one]
        case 5:
            lines[one] = lines[one].lstrip()
    return b"\n".join(lines)


def _ends(data: bytes, chance: Random) -> bytes:
    return data.replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\n", b" \n", b"\xc2\x85"]))


def _unclosed(data: bytes, chance: Random) -> bytes:
    return data.replace(b"\n---", b"\n", 1)


_HARMS: list[Harm] = [
    *(_cut, _half_saved, _flip, _insert, _insert, _insert, _lines, _lines, _crowd, _ends, _unclosed)
]
