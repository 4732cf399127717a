"""The language of an item: stated, told by its script, or the usual one."""

import sys
from pathlib import Path

import pytest

from indexer.analysis.language_codes import DETECT
from indexer.item import Severity
from indexer.source.validate.item_parser import Reading, parse_item
from tests.indexer.samples import run, seed


def read(front: str, usual: str = "en") -> Reading:
    return parse_item(f"---\n{front}\n---\n".encode(), "a.md", "a", usual)


def language(front: str, usual: str = "en") -> str:
    found = read(front, usual).item
    assert found
    return found.language


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("title: Haus\nlang: de", "de"),
        ("title: Haus\nlanguage: de-AT", "de"),
        ("title: Haus\nLanguage: German", "de"),
        ("title: Haus\nlocale: de_DE", "de"),
        ("title: Haus\ninLanguage: deu", "de"),
        ("title: Hus\nlang: no", "no"),
        ("title: Haus\nlang: xx\nlanguage: de", "de"),
        ("title: Новые реформы\nlang: en", "en"),
        ("title: Новые реформы", "ru"),
        ("title: Haus", "en"),
        ("title: Haus\nlang:", "en"),
    ],
)
def test_what_the_file_states_counts_then_its_script_then_what_is_usual(
    front: str, expected: str
) -> None:
    assert language(front) == expected


def test_the_usual_language_is_that_of_items_which_state_none() -> None:
    assert language("title: Haus", "de") == "de"
    assert language("title: Haus\nlang: en", "de") == "en"
    assert language("title: Новые реформы", "de") == "ru"


@pytest.mark.parametrize(
    ("value", "shown"),
    [("klingonish", "'klingonish'"), ("[de, en]", "list"), ("{a: b}", "mapping")],
)
def test_a_value_that_is_no_language_draws_a_warning_that_says_what_to_write(
    value: str, shown: str
) -> None:
    found = read(f"title: A\nlang: {value}")
    assert found.item
    assert found.item.language == "en"
    (problem,) = found.problems
    assert (problem.line, problem.field, problem.severity) == (3, "lang", Severity.WARNING)
    assert "is no language that is known; write a code, as en or pt-BR" in problem.message
    assert shown in problem.message


def test_what_other_tools_write_for_a_language_draws_no_warning() -> None:
    assert read("title: A\nlocale: default").problems == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Regierung beschließt neue Reformen für die Schulen des Landes", "de"),
        ("Le gouvernement annonce une réforme des écoles du pays", "fr"),
        ("The government announces a reform of the schools of the country", "en"),
        ("Новые реформы", "ru"),
        ("12345", "en"),
    ],
)
def test_a_language_can_be_detected(text: str, expected: str) -> None:
    pytest.importorskip("py3langid")
    assert language(f"title: {text}", DETECT) == expected


def test_without_py3langid_only_detecting_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    seed(tmp_path / "seeds", lang="de")
    assert run(tmp_path / "seeds", tmp_path / "index", language="fr").items == 1
