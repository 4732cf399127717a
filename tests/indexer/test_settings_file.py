"""The settings file: below the environment, above the defaults; what is wrong in it is named."""

from pathlib import Path

import pytest

from indexer.errors import UsageError
from indexer.settings import Settings


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_given_comes_first_then_the_environment_then_the_file(here: Path) -> None:
    (here / "newsdex.toml").write_text(
        'seeds = "filed"\nindex = "filed"\nlanguage = "de"\njobs = 3\nfollow_links = false\n'
    )
    found = Settings.load(
        {"NEWSDEX_INDEX": "environ", "NEWSDEX_LANGUAGE": "fr", "NEWSDEX_JOBS": ""}, language="it"
    )
    assert (found.seeds, found.index, found.language) == (Path("filed"), Path("environ"), "it")
    assert (found.jobs, found.follow_links) == (3, False)


@pytest.mark.parametrize("way", ["given", "environ"])
def test_a_file_that_is_named_must_be_there(here: Path, way: str) -> None:
    def load() -> Settings:
        if way == "given":
            return Settings.load({}, config=Path("site.toml"))
        return Settings.load({"NEWSDEX_CONFIG": "site.toml"})

    with pytest.raises(UsageError, match=r"^site\.toml: there is no such settings file$"):
        load()
    (here / "site.toml").write_text("jobs = 4")
    (here / "newsdex.toml").write_text("jobs = 5")
    assert load().jobs == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("jobs = 2\njobs = 3\n", "is no TOML: .*line 2"),
        ("jobs 2\n", "is no TOML: .*line 1"),
        ("job = 2\n", "job: there is no such setting; do you mean jobs"),
        ("Jobs = 2\n", "Jobs: there is no such setting; do you mean jobs"),
        ("follow-links = 2\n", "follow-links: there is no such setting; do you mean follow_links"),
        ('config = "other.toml"\n', "config: there is no such setting$"),
        ("jobs = 65\n", "jobs: '65': write a whole number, at least 0 and at most 64"),
        ("jobs = -1\n", "jobs: '-1': write a whole number"),
        ("jobs = [2]\n", "jobs: write text in quotes, a number"),
        ("[jobs]\nat = 2\n", "jobs: write text in quotes, a number"),
        ("seeds = 2020-06-09\n", "seeds: write text in quotes, a number"),
        ('language = "elvish"\n', "language: 'elvish': write the code of a language"),
        ('seeds = "\\u0000"\n', r"seeds: '\\x00': leave out the character U\+0000"),
        ('index = ["a", "\\u0000"]\n', r"index: 'a, \\x00': leave out the character U\+0000"),
        ("promoted_only = 1.5\n", "promoted_only: '1.5': write 1 or 0"),
    ],
)
def test_what_is_wrong_is_named_with_the_file_and_the_line_or_key(
    here: Path, text: str, message: str
) -> None:
    (here / "newsdex.toml").write_text(text)
    with pytest.raises(UsageError, match=rf"^newsdex\.toml: {message}"):
        Settings.load({})


def test_a_file_that_is_no_text_or_no_file_is_told(here: Path) -> None:
    path = here / "newsdex.toml"
    path.write_bytes(b"seeds = '\xff'")
    with pytest.raises(UsageError, match=r"^newsdex\.toml: is no TOML: "):
        Settings.load({})
    path.unlink()
    path.mkdir()
    with pytest.raises(UsageError, match=r"^newsdex\.toml: cannot be read: "):
        Settings.load({})


def test_a_file_written_by_an_editor_of_windows_is_read(here: Path) -> None:
    (here / "newsdex.toml").write_bytes(b"\xef\xbb\xbfjobs = 2\r\n")
    assert Settings.load({}).jobs == 2
