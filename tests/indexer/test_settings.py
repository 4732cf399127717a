"""Settings: given, else from the environment, else the default; a bad value names its variable."""

from pathlib import Path

import pytest

from indexer.errors import UsageError
from indexer.settings import Settings, Whole, flag


def test_defaults_stand_where_nothing_is_said() -> None:
    assert Settings.load({}) == Settings(
        seeds=Path("seeds"),
        index=Path("index"),
        engine="whoosh",
        jobs=0,
        memory=256,
        follow_links=True,
        promoted_only=False,
        poll=False,
        synonyms=Path("synonyms.txt"),
    )


def test_the_environment_comes_before_the_default_and_what_is_given_before_both() -> None:
    environ = {"NEWSDEX_SEEDS": "there", "NEWSDEX_INDEX": "there", "NEWSDEX_ENGINE": ""}
    found = Settings.load(environ, index=Path("here"), seeds=None)
    assert (found.seeds, found.index) == (Path("there"), Path("here"))
    assert found.engine == "whoosh"


def test_a_value_that_cannot_be_read_names_its_variable() -> None:
    with pytest.raises(UsageError, match=r"^NEWSDEX_PROMOTED_ONLY: 'maybe': write 1 or 0$") as it:
        Settings.load({"NEWSDEX_PROMOTED_ONLY": "maybe"})
    assert it.value.name == "NEWSDEX_PROMOTED_ONLY"


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
