"""The queries judged by hand: that each judgment is of an item that is there, and counts."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.relevance.__main__ import OURS, main
from tests.relevance.catalog import Missing
from tests.relevance.judged import (
    GENERATED,
    GENERATED_COUNT,
    KINDS,
    REAL,
    Index,
    Judged,
    evaluate_judged,
    index_judged,
    item_of,
    read_judged,
)
from tests.relevance.measuring import NDCG, Run
from tests.relevance.report import read_results


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Index, ...]:
    """Both of them, or a skip that says what is missing."""
    try:
        return index_judged(tmp_path_factory.mktemp("judged"))
    except Missing as error:
        pytest.skip(str(error))


def test_sixty_queries_are_judged() -> None:
    queries = read_judged()
    assert len({query.text for query in queries}) == len(queries) == 60
    assert Counter(query.kind for query in queries) == {"recent": 26, "broad": 16, "plain": 18}
    assert Counter(query.items for query in queries) == {REAL: 30, GENERATED: 30}
    best = {query.text: max(query.grades.values()) for query in queries}
    assert {text for text, grade in best.items() if grade < 3} == {"chinese exports"}


def test_no_item_is_judged_twice_for_a_query(indexes: tuple[Index, ...]) -> None:
    by_name = {index.name: index for index in indexes}
    assert [len(index.ids) for index in indexes] == [143, GENERATED_COUNT]
    for query in read_judged():
        ids = [item_of(name, by_name[query.items]) for name in query.grades]
        assert len(set(ids)) == len(ids), query.text


def test_a_name_that_fits_two_items_or_none_is_refused() -> None:
    real = Index(REAL, Path(), ("ai/2020-04-22-ring-cameras", "ai/2020-04-22-ring-may-want"))
    assert item_of("ai/2020-04-22-ring-may", real) == "ai/2020-04-22-ring-may-want"
    for name in ("ai/2020-04-22-ring", "ai/2020-04-22-ring-ma"):
        with pytest.raises(ValueError, match="items of this name"):
            item_of(name, real)
    generated = Index(GENERATED, Path(), ("2020/2020-01-01-1-0000012", "2020/2020-01-01-0000112"))
    assert item_of("12", generated) == "2020/2020-01-01-1-0000012"


def test_grades_count_by_kind() -> None:
    index = Index(REAL, Path(), ("a", "b", "c"))
    queries = [Judged(kind, kind, REAL, {"a": 3, "b": 1}) for kind in KINDS]

    def answers(folder: Path, asked: Mapping[str, str]) -> Run:
        orders = {"recent": ["a", "b"], "broad": ["b", "a"], "plain": ["c"]}
        return {query: orders[text] for query, text in asked.items()}

    made = evaluate_judged("made", answers, [index], queries)
    # (1 + 3 / log2 3) / (3 + 1 / log2 3)
    expected = {"recent": 1.0, "broad": 0.7967, "plain": 0.0}
    assert {kind: made.mean(kind) for kind in KINDS} == pytest.approx(expected, abs=1e-4)


def test_the_command_reports_the_judged_queries(indexes: tuple[Index, ...], tmp_path: Path) -> None:
    file = tmp_path / "judged.jsonl"
    done = CliRunner().invoke(main, ["--judged", f"--out={file}"], catch_exceptions=False)
    assert done.exit_code == 0
    assert f"| {NDCG} {OURS} |" in done.stdout
    values = read_results(file, OURS)
    assert sum(map(len, values.values())) == 60
    assert all(sum(of_kind.values()) / len(of_kind) > 0.5 for of_kind in values.values())
