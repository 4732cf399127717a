"""Every file gives an item or says why not; none raises, hangs or tells a private value."""

import json
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from indexer.item import Problem
from indexer.source.frontmatter.diagnosis.lines import FaultContext, Fix
from indexer.source.validate.item_parser import Reading, parse_item
from tests.conditions import CAMPAIGN, SEED
from tests.fuzz.judge import is_text, judged, keeps_private
from tests.fuzz.mutations import CANARY, drawn
from tests.indexer.processes import newsdex
from tests.indexer.shared import real_files

pytestmark = pytest.mark.no_cover  # what is tried here in a second, others try once

FILES = 50_000 if CAMPAIGN else 1_000
"""Files drawn of each kind of base."""
THROUGH_THE_COMMAND = 2_500 if CAMPAIGN else 100
CUT_AT_EVERY_BYTE = 20 if CAMPAIGN else 1
SEEDS = Path(__file__).parents[2] / "seeds"

KINDS = ["grammar", "seeds", "items", "broken"]


def bases(kind: str) -> list[bytes]:
    if kind == "grammar":
        return []
    files = sorted(SEEDS.glob("*.md")) if kind == "seeds" else real_files(kind)
    return [file.read_bytes() for file in files]


@pytest.mark.parametrize("kind", KINDS)
def test_no_drawn_file_raises_hangs_or_tells_a_secret(kind: str) -> None:
    files, outcomes, slowest = bases(kind), Counter[str](), (0.0, 0)
    private = 0
    for number in range(FILES):
        data = drawn(files, SEED, number)
        verdict = judged(data)
        assert not verdict.faults, (f"NEWSDEX_TEST_SEED={SEED}", kind, number, data[:2000])
        outcomes[verdict.outcome] += 1
        private += keeps_private(data)
        slowest = max(slowest, (verdict.seconds, number))
    seconds, number = slowest
    print(
        f"seed {SEED}, {kind}: {FILES:,} files, {dict(outcomes)}, {private:,} with their private "
        f"value in place; the slowest, number {number}, took {seconds * 1000:.0f} ms"
    )
    assert len(outcomes) > 1
    assert private > FILES // 4


@pytest.mark.parametrize("kind", ["seeds", "items"])
def test_a_file_cut_at_any_byte_says_what_is_missing(kind: str) -> None:
    outcomes = Counter[str]()
    for data in bases(kind)[:: 1 if kind == "seeds" and CAMPAIGN else 7][:CUT_AT_EVERY_BYTE]:
        for end in range(len(data)):
            verdict = judged(data[:end])
            assert not verdict.faults, (end, data[max(0, end - 200) : end])
            outcomes[verdict.outcome] += 1
    print(f"{kind}: {outcomes.total():,} cuts, {dict(outcomes)}")
    assert outcomes["rejected"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_commands_read_a_folder_of_them_to_its_end(tmp_path: Path, kind: str) -> None:
    files, folder = bases(kind), tmp_path / "seeds"
    folder.mkdir()
    expected = Counter[str]()
    for number in range(THROUGH_THE_COMMAND):
        data = drawn(files, SEED, FILES + number)
        (folder / f"{number:05d}.md").write_bytes(data)
        expected[judged(data).outcome] += 1
    for command in ("check", "reindex"):
        ran = newsdex(command, "--jobs", "2", "--json", cwd=tmp_path)
        assert (ran.returncode, ran.stderr) == (1, ""), (f"NEWSDEX_TEST_SEED={SEED}", ran.stderr)
        found = json.loads(ran.stdout)
        counts = (found["items"], found["rejected"])
        assert counts == (expected["item"], expected["rejected"]), command


def written(front: str, body: str = "") -> bytes:
    return f"---\n{front}\n---\n{body}".encode()


HOSTILE = {
    "blanks in a line": written("x: y\na" + " " * 60_000 + "x"),
    "items": written("- x\n" * 100_000 + "a: b: c"),
    "items before a wrong indentation": written(
        "- x\n" * 14_000
        + "\n".join("  " * depth + "- " for depth in range(25))
        + f"\n{' ' * 51}a: b\n{' ' * 49}c: d: e\n"
    ),
    "dashes in a line": written("- " * 30_000 + "a: b: c"),
    "hyphens": written("a: b: c\n" + "-" * 60_000),
    "quotes": written("title: " + '"' * 60_000),
    "quoted values": written("a: 'b'c\n" * 8_000),
    "escapes": written('title: "\n' + "  \\ud800 \\q\n" * 4_000 + '"\nx: y'),
    "brackets": written("x: " + "[" * 60_000),
    "tabs": written("x: y\n" + "\t" * 60_000 + "a: b"),
    "empty lines": written("x: |\n" + "\n" * 60_000 + "y: z: a"),
    "names of private keys": written("secured: " * 7_000 + "\na: b: c"),
    "empty lines in quotes": written("x: '" + "\n" * 60_000 + "y'\ntitle: T"),
    "names": written("".join(f"a{at}: &x{at} b\n" for at in range(9_000)) + "title: T"),
    "texts over private lines": written("title: T\n" + 'a: "b\n secured: x\n c"\n' * 6_000),
    "lists in a list": written("title: T\ntopics:\n" + "- - a\n" * 6_000),
    "comments in a list": written("title: T\ntopics:\n" + "- a #b\n" * 9_000),
    "colons and backslashes": written('title: "' + "C:" * 100_000 + '\\t"'),
    "hashes in brackets": written("title: [" + "#a," * 20_000 + "]"),
    "several texts": written("tags: " + '"a", ' * 20_000 + "x"),
    "merge keys": written("a: &a {b: c}\n" + "<<: *a\n" * 6_000 + "title: T"),
    "parts of a TOML key": b"+++\n" + b"a." * 120_000 + b"a = 1\n+++\n",
    "parts of a TOML key in a table": b"+++\nx = {" + b"a." * 120_000 + b"a = 1}\n+++\n",
    "brackets in TOML": b"+++\na = " + b"[" * 200_000 + b"\n+++\n",
    "digits in TOML": b"+++\na = 0x" + b"9" * 400_000 + b"\n+++\n",
    "brackets in JSON": b'{"a":' + b"[" * 1_000_000,
    "digits in JSON": b'{"title": ' + b"9" * 400_000 + b"}",
    "keys of JSON": b'{"title": "T", ' + b'"a": 1, ' * 30_000 + b'"b": 1}',
    "quotes in JSON": b"{" + b'"' * 1_000_000,
    "lines in JSON": b"{" + b"\n" * 3_000_000 + b"x",
    "a marker with blanks": b"---" + b" " * 4_000_000 + b"x",
    "marks on a title": written("title: a" + "\u0301\u0316" * 100_000),
    "marks on a body": written("title: a", "a" + "\u0301\u0316" * 700_000),
    "tags in a body": written("title: a", "<a " * 1_300_000),
    "links in a body": written("title: a", "[a](()()" * 500_000),
    "templates in a body": written("title: a", "{% % " * 800_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_long_whatever_there_is_much_of(name: str) -> None:
    verdict = judged(HOSTILE[name])
    assert not verdict.faults
    print(f"{name}: {verdict.seconds * 1000:.0f} ms")


def test_a_good_file_has_no_fault() -> None:
    assert judged(f"---\ntitle: A\nsecured: {CANARY}\n---\n".encode()).faults == ()


@pytest.mark.parametrize(
    "front",
    [
        f"title: A\nsecured: {CANARY}",
        f'title: "A"\nsecured: "{CANARY}"',
        f"title: A\nsecured: {CANARY}\nbroken: [",
        f'title: "A\n\nsecured: {CANARY}\nB"',
        f"title: A\nheat: 28\n  secured:| '{CANARY}'",
        f'title: A\nwebUrl: "x\n  secured: {CANARY}"',
        f'title: A\nrelated:\n- title: B\n  date: "soon\n    Secured: {CANARY}"',
        f'title: A\n? "k\n  secured: {CANARY}"\n: 1\n? "k\n  secured: {CANARY}"\n: 2',
        f"title: A\nexcerpt: 'x\n  \"sec\\u0075red\": {CANARY}\n  y'",
        f"title: A\nexcerpt: |\n  x\n  secured: {CANARY}",
    ],
)
def test_no_private_value_is_told_or_kept_whatever_takes_it_in(front: str) -> None:
    data = f"---\n{front}\n---\n".encode()
    assert keeps_private(data)
    assert not is_text(data)
    assert judged(data).faults == ()


@pytest.mark.parametrize(
    "front", [f'title: "a, secured: {CANARY}"', f"title: 'a {{secured: {CANARY}'"]
)
def test_within_a_line_of_text_the_name_of_a_private_key_is_a_word(front: str) -> None:
    assert is_text(f"---\n{front}\n---\n".encode())


@pytest.mark.parametrize(
    ("front", "is_kept"),
    [
        (f"secured:\n  {CANARY}\n  {CANARY}", True),
        (f"? secured\n: {CANARY}", True),
        (f"a: [{{secured: {CANARY}}}]", True),
        (f'"sec\\u0075red": {CANARY}', True),
        (f"secured:\ntitle: {CANARY}", False),
        (f"secured: x\ny: z\n  {CANARY}", False),
        (f"title: {CANARY}", False),
    ],
)
def test_the_judge_knows_a_private_value_by_its_key(front: str, is_kept: bool) -> None:
    assert keeps_private(f"---\n{front}\n---\n".encode()) is is_kept


def saying(data: bytes, path: str, id: str, language: str, *, problem: Problem) -> Reading:
    return Reading(None, (problem,))


def raising(data: bytes, path: str, id: str, language: str) -> Reading:
    raise IndexError(data)


def broken_rule(case: FaultContext) -> list[Fix]:
    raise IndexError(case.lines)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (Problem("a.md", 9, "", "it is wrong"), "line 9 of 4"),
        (Problem("a.md", 1, "", " "), "not one line of words"),
        (Problem("a.md", 1, "", "it is\nwrong"), "not one line of words"),
        (Problem("a.md", 1, "", "wrong " * 900), "too long"),
        (Problem("a.md", 1, "", f"{CANARY[3:13]} is wrong"), "quotes a private value"),
    ],
)
def test_the_judge_sees_what_is_wrong_with_a_problem(problem: Problem, said: str) -> None:
    data = f"---\nsecured: {CANARY}\n---\n".encode()
    (fault,) = judged(data, partial(saying, problem=problem)).faults
    assert said in fault


def test_the_judge_sees_a_failure_that_was_caught_and_one_that_was_not() -> None:
    data = b"---\nx: [\n"
    assert "raised IndexError" in judged(data, raising).faults[0]
    broken = partial(parse_item, rules=(broken_rule,))
    assert "could not be explained" in judged(data, broken).faults[0]
    assert judged(data).faults == ()
