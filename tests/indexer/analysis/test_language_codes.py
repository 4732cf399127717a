"""What people write for a language."""

import pytest

from indexer.analysis.language_codes import NAMES, language_code, language_name


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("de", "de"),
        ("DE", "de"),
        (" de ", "de"),
        ("deu", "de"),
        ("ger", "de"),
        ("German", "de"),
        ("de-AT", "de"),
        ("de_CH", "de"),
        ("zh-Hant-TW", "zh"),
        ("cmn", "zh"),
        ("nb", "no"),
        ("nn-NO", "no"),
        ("Norwegian", "no"),
        ("iw", "he"),
        ("fil", "fil"),
        ("Deutsch", None),
        ("xx", None),
        ("", None),
        ("-", None),
        ("germ", None),
    ],
)
def test_a_language_is_known_by_codes_tags_and_its_english_name(
    written: str, code: str | None
) -> None:
    assert language_code(written) == code


def test_every_code_and_name_of_the_table_means_its_own_language() -> None:
    assert len(NAMES) > 70
    for code, name in NAMES.items():
        assert language_code(code) == language_code(name) == code
        assert language_name(code) == name
