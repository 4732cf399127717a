"""What the documents say of languages: every example, and the languages that have stems."""

import re
from pathlib import Path

import pytest

from indexer.analysis.language_codes import language_code, language_name
from indexer.analysis.languages import ALGORITHMS
from indexer.analysis.scripts import script_language
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest
from search_app.search.vocabulary import Vocabulary
from tests.docs.markdown import INDEXER, SEARCH
from tests.search.samples import ask, ids, item, make

QUESTION = "In which language is an item?"
(PARAGRAPH,) = re.findall(r"\*\*Languages\.\*\*.*?\n\n", SEARCH.section("The query language"), re.S)
EXAMPLES = re.findall(
    r"`(\w+)`\s+finds\s+`(\w+)`\s+in\s+(\w+)|but\s+not\s+`(\w+)`\s+in\s+(\w+)", PARAGRAPH
)
FORMS = [(typed, form, language_code(name) or "") for typed, form, name, _, _ in EXAMPLES if typed]
APART = [(form, language_code(name) or "") for _, _, _, form, name in EXAMPLES if form]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    words = [(form, code) for _, form, code in FORMS] + APART
    items = [item(f"{code}/{form}", form, language=code) for form, code in words]
    return make(tmp_path_factory.mktemp("languages") / "index", items)


@pytest.mark.parametrize(("typed", "form", "code"), FORMS)
def test_a_form_finds_the_other_as_documented(
    index: Path, typed: str, form: str, code: str
) -> None:
    found = {*ids(ask(index, SearchRequest(q=typed, match=Match.ALL)))}
    assert f"{code}/{form}" in found
    assert not {f"{other}/{apart}" for apart, other in APART if apart == form} & found


def test_there_are_examples_of_both() -> None:
    assert {code for _, _, code in FORMS} == {"de", "en", "es", "fr", "ru"}
    assert [code for _, code in APART] == ["de"]


def test_as_many_languages_of_a_query_are_analysed_as_documented() -> None:
    known = Vocabulary({}, {f"{n}": n for n in range(1, 100)}).languages
    assert len(known) == 16
    assert "(the sixteen most frequent)" in PARAGRAPH


def test_the_languages_with_stems_are_those_of_the_stemmer() -> None:
    told = re.findall(r"Snowball for (.*?)\.\s", INDEXER.section(QUESTION), re.S)
    names = re.split(r",\s+|\s+and\s+", " ".join(told[0].split()))
    assert names == sorted(map(language_name, ALGORITHMS))


@pytest.mark.parametrize("written", ["de", "deu", "de-AT", "pt_BR", "German"])
def test_what_may_be_written_for_a_language_is_read(written: str) -> None:
    assert f"`{written}`" in INDEXER.section(QUESTION)
    assert language_code(written)


def test_what_a_script_tells_is_as_documented() -> None:
    assert "Cyrillic is Russian, Arabic is Arabic and\n   Devanagari is Hindi" in (
        INDEXER.section(QUESTION)
    )
    assert [*map(script_language, ("реформа", "اصلاح", "सुधार"))] == ["ru", "ar", "hi"]
