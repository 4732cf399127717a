"""Settings: given, else from the environment, else the default; a bad value names its variable."""

import sys
from pathlib import Path

import pytest

from indexer.analysis.language_codes import DETECT
from indexer.errors import UsageError
from indexer.settings import Settings, Whole, flag, unknown_variables


def test_defaults_stand_where_nothing_is_said() -> None:
    assert Settings.load({}) == Settings(
        config=Path("newsdex.toml"),
        seeds=Path("seeds"),
        index=Path("index"),
        engine="whoosh",
        jobs=0,
        memory=256,
        follow_links=True,
        promoted_only=False,
        poll=False,
        synonyms=Path("synonyms.txt"),
        language="en",
    )


def test_the_environment_comes_before_the_default_and_what_is_given_before_both() -> None:
    environ = {"NEWSDEX_SEEDS": "there", "NEWSDEX_INDEX": "there", "NEWSDEX_ENGINE": ""}
    found = Settings.load(environ, index=Path("here"), seeds=None)
    assert (found.seeds, found.index) == (Path("there"), Path("here"))
    assert found.engine == "whoosh"


def test_a_variable_that_is_no_setting_is_named_with_the_near_one() -> None:
    environ = {
        "NEWSDEX_SEED": "there",
        "NEWSDEX_ZEBRA": "1",
        "NEWSDEX_SEEDS": "here",
        "NEWSDEX_JOB": "",  # counts as none
        "NEWSDEX_SERVICE_HOST": "10.0.0.1",
        "NEWSDEX_WEB_SERVICE_PORT_HTTP": "80",
        "NEWSDEX_PORT_8080_TCP_ADDR": "10.0.0.1",
        "SEED": "x",
        "newsdex_seed": "x",
    }
    assert unknown_variables(environ) == [
        "NEWSDEX_SEED: there is no such setting; do you mean NEWSDEX_SEEDS?",
        "NEWSDEX_ZEBRA: there is no such setting",
    ]


def test_a_value_that_cannot_be_read_names_its_variable() -> None:
    with pytest.raises(UsageError, match=r"^NEWSDEX_PROMOTED_ONLY: 'maybe': write 1 or 0$") as it:
        Settings.load({"NEWSDEX_PROMOTED_ONLY": "maybe"})
    assert it.value.name == "NEWSDEX_PROMOTED_ONLY"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("de", "de"), ("German", "de"), ("pt-BR", "pt"), ("auto", DETECT), ("AUTO", DETECT)],
)
def test_the_usual_language_is_a_code_a_tag_or_a_name(text: str, expected: str) -> None:
    assert Settings.load({"NEWSDEX_LANGUAGE": text}).language == expected


def test_a_language_that_is_none_is_refused_with_what_to_write() -> None:
    with pytest.raises(UsageError, match=r"NEWSDEX_LANGUAGE: 'elvish': write the code of a lang"):
        Settings.load({"NEWSDEX_LANGUAGE": "elvish"})


def test_detecting_without_its_package_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    with pytest.raises(UsageError, match=r"pip install 'newsdex\[detect\]'"):
        Settings.load({"NEWSDEX_LANGUAGE": "auto"})


@pytest.mark.parametrize(
    ("text", "expected"), [("1", True), ("Yes", True), ("ON", True), ("0", False), ("", False)]
)
def test_flags_are_read_in_any_case(text: str, expected: bool) -> None:
    assert flag(text) is expected


@pytest.mark.parametrize(
    ("read", "text", "number"),
    [
        (Whole(0, 64), "0", 0),
        (Whole(0, 64), "64", 64),
        (Whole(64), "1000000", 1_000_000),
        (Whole(0, 64), "65", None),
        (Whole(1, 64), "0", None),
        (Whole(64), "63", None),
        *((Whole(0, 64), text, None) for text in ("", "-1", "1.5", "x", "²", "٣")),
    ],
)
def test_a_whole_number_is_read_within_its_bounds(
    read: Whole, text: str, number: int | None
) -> None:
    if number is None:
        with pytest.raises(ValueError, match="write a whole number"):
            read(text)
    else:
        assert read(text) == number
