"""The runner: which changes it makes, and that it tells what was noticed from what was not."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.mutants import mutants
from tests.mutation.running import copies
from tests.mutation.targets import ROOT, TARGETS, reasons

README = Path(__file__).with_name("README.md").read_text(encoding="utf-8")
EQUIVALENTS = Path(__file__).with_name("equivalents.toml")


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("a < b", ["a < b -> a <= b", "a < b -> pass"]),
        ("a is not b", ["a is not b -> a is b"]),
        ("a not in b", ["a not in b -> a in b"]),
        ("a and b", ["a and b -> a or b", "a and b -> a", "a and b -> b"]),
        ("not a", ["not a -> a"]),
        ("a + 1", ["a + 1 -> a - 1", "1 -> 2", "1 -> 0"]),
        ("a += b", ["a += b -> a -= b", "a += b -> pass"]),
        ("x = True", ["True -> False"]),
        ("x = f'{a} b'", ["f'{a} b' -> 'mutant'"]),
        ("b if c else d", ["b if c else d -> b", "b if c else d -> d", "b if c else d -> pass"]),
        ("x = a[b:c]", ["b:c -> :c", "b:c -> b:"]),
        ("x = max(a, b)", ["max(a, b) -> min(a, b)"]),
        ("x = f(a, b, c=d)", ["f(a, b, c=d) -> f(b, a, c=d)", "f(a, b, c=d) -> f(a, b)"]),
        ("x = a.strip()", ["a.strip() -> a"]),
        ("x = (a, b)", ["(a, b) -> (a,)", "(a, b) -> (b,)"]),
        ("x = [a for a in b if a]", ["a -> True"]),
        ("if a: b()", ["if a -> if True", "if a -> if False", "b() -> pass"]),
        ("while a: break", ["break -> continue", "while a -> while False"]),
        ("for a in b: f(a)", ["for a in b -> for a in ()"]),
        ("def f(): return a", ["return a -> return None"]),
        ("def f(): yield a", ["(yield a) -> (yield None)"]),
        ("raise a", ["raise a -> pass"]),
        ("try: a()\nexcept A: b()", ["except A -> except ()"]),
        ("try: a()\nexcept (A, B): b()", ["except (A, B) -> except (B,)"]),
    ],
)  # fmt: skip
def test_each_slip_is_made(source: str, changes: list[str]) -> None:
    made = mutants(source)
    assert set(changes) <= {mutant.change for mutant in made}
    for mutant in made:
        assert mutant.line in source
        compile(mutant.text, "mutant", "exec")


@pytest.mark.parametrize(
    "source", ['"""Text."""', "Pair = tuple[int, int]", "class A(Struct, frozen=True):\n    a: int"]
)
def test_what_only_declares_is_left_alone(source: str) -> None:
    assert [mutant.change for mutant in mutants(source) if "-> pass" not in mutant.change] == []


def test_a_copy_of_the_tree_holds_every_module_that_is_changed(tmp_path: Path) -> None:
    (copy,) = copies(ROOT, tmp_path, 1)
    assert [module for module in TARGETS if not (copy / module).is_file()] == []


MODULE = """
def total(count):
    added = 0
    while count > len(()):
        added += count
        count -= 1
    return added
"""
TEST = """
from indexer.sums import total

def test_it_adds():
    assert total(2) == 3
"""
JUDGE = """
import json, sys
from pathlib import Path
from tests.mutation.__main__ import judge
known = {("indexer/sums.py", line, change): "" for line, change in json.loads(sys.argv[2])}
targets = {"indexer/sums.py": ["tests/test_sums.py"]}
print(*judge(Path(sys.argv[1]), targets, known, 2, grace=1), sep="\\n")
"""


def judged(tree: Path, test: str, *known: tuple[str, str]) -> subprocess.CompletedProcess[str]:
    """What the runner says of a small tree of a module and its test."""
    for name, text in [("indexer/sums.py", MODULE), ("tests/test_sums.py", test)]:
        (tree / name).parent.mkdir()
        (tree / name).with_name("__init__.py").touch()
        (tree / name).write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", JUDGE, str(tree), json.dumps(known)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (tree / "indexer/sums.py").read_text() == MODULE
    return done


def test_what_no_test_notices_is_told_unless_there_is_a_reason(tmp_path: Path) -> None:
    zero = ("while count > len(()):", "count > len(()) -> count >= len(())")
    done = judged(tmp_path, TEST, zero, ("added = 0", "0 -> 1"))
    counts, *wrong = done.stdout.splitlines()
    assert "1 equivalent" in counts, done
    assert "killed" in counts
    assert "timed out" in counts
    assert wrong == ["indexer/sums.py: explained but killed or not there: ('added = 0', '0 -> 1')"]
    (tmp_path / "again").mkdir()
    counts, *wrong = judged(tmp_path / "again", TEST).stdout.splitlines()
    assert "1 survived" in counts
    assert wrong == [f"indexer/sums.py:4: {zero[0]}", f"    {zero[1]}"]


def test_tests_that_fail_anyway_judge_nothing(tmp_path: Path) -> None:
    done = judged(tmp_path, TEST.replace("3", "4"))
    assert "the tests of indexer/sums.py fail before it is changed" in done.stderr
    assert done.returncode


def test_every_module_and_test_is_there_and_counted() -> None:
    for module, tests in TARGETS.items():
        assert f"| `{module}` |" in README
        assert all((ROOT / path).is_file() for path in (module, *tests))
    assert {module for module, *_ in reasons(EQUIVALENTS)} <= TARGETS.keys()
