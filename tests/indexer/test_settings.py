"""Settings: given, else from the environment, else the default; a bad value names its variable."""

from pathlib import Path

import pytest

from indexer.errors import UsageError
from indexer.settings import Settings, flag


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
