"""A changed file of synonyms takes effect at the next request."""

import logging
import time
from pathlib import Path

import pytest

from search_app.app import create_app
from search_app.settings import Settings
from search_app.state import state
from search_app.synonyms_file import SynonymsFile


def test_a_changed_file_takes_effect_at_the_next_request(seeded: Path, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    app = create_app(Settings.load({"NEWSDEX_SYNONYMS": str(file)}, index=seeded), recheck=0)
    client = app.test_client()

    def total() -> int:
        return int(client.get("/api/search?q=zebra&match=all").get_json()["total"])

    assert total() == 0
    file.write_text("zebra > ferry", encoding="utf-8")
    ferries = total()
    assert ferries > 0
    file.write_text("zebra > facial recognition", encoding="utf-8")
    assert 0 < total() != ferries
    file.unlink()
    assert total() == 0
    state(app.extensions).reader.close()


def test_the_file_is_looked_at_at_most_once_in_a_while(tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    lazy, eager = SynonymsFile(file, recheck=3600), SynonymsFile(file, recheck=0.01)
    before = [(one.key(), one.synonyms()) for one in (lazy, eager)]
    file.write_text("zebra > ferry", encoding="utf-8")
    time.sleep(0.02)
    assert (lazy.key(), lazy.synonyms()) == before[0]
    assert eager.key() != before[1][0]
    assert eager.synonyms() != before[1][1]


def test_what_is_wrong_with_the_file_is_logged_when_it_is_read(
    seeded: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "synonyms.txt"
    file.write_text("zebra > ferry\nzebra", encoding="utf-8")
    app = create_app(Settings.load({"NEWSDEX_SYNONYMS": str(file)}, index=seeded))
    with caplog.at_level(logging.WARNING, "search_app"):
        for _ in range(3):
            assert app.test_client().get("/api/search?q=zebra").get_json()["total"]
    (said,) = [one.getMessage() for one in caplog.records if "synonyms" in one.getMessage()]
    assert said.startswith(f"{file}:2: ")
    state(app.extensions).reader.close()


def test_a_file_that_is_named_and_not_there_is_logged_once_and_again_when_it_goes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "words"
    usual, named = (
        SynonymsFile(file, recheck=0),
        SynonymsFile(file, recheck=0, named_by="NEWSDEX_SYNONYMS"),
    )
    with caplog.at_level(logging.WARNING, "search_app"):
        for _ in range(3):
            assert usual.synonyms().has("zebra") is named.synonyms().has("zebra") is False
        (said,) = caplog.messages
        assert said.startswith(f"{file}: is not there; NEWSDEX_SYNONYMS names it")
        file.write_text("zebra > ferry", encoding="utf-8")
        assert usual.synonyms().has("zebra") is named.synonyms().has("zebra") is True
        file.unlink()
        assert usual.synonyms().has("zebra") is named.synonyms().has("zebra") is False
    assert caplog.messages == [said, said]


def test_the_file_is_in_the_seeds_folder_unless_a_setting_says_otherwise() -> None:
    assert Settings.load({}).synonyms_path == Path("seeds/synonyms.txt")
    assert Settings.load({}, seeds=Path("a")).synonyms_path == Path("a/synonyms.txt")
    elsewhere = Settings.load({"NEWSDEX_SYNONYMS": "/b/c.txt"})
    assert elsewhere.synonyms_path == Path("/b/c.txt")
