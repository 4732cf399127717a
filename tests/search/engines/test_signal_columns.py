"""What signals multiply the score of each document by."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from indexer.segment import MISSING
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from search_app.search.engines.whoosh.signal_columns import (
    SignalColumns,
    coverage,
    freshness,
    percentiles,
)
from search_app.search.signals import CLOSE, DAY, NO_WEIGHTS, SignalWeights
from tests.contract.engines import build
from tests.search.samples import ENGINE, item, reader_of

NOW = 20_000 * DAY
WEEK, SEASON, YEARS = 7 * DAY, 90 * DAY, 1_095 * DAY


def fresh(dates: Sequence[int], now: float = NOW, alive: Sequence[bool] = ()) -> list[float]:
    living = np.array(alive or [True] * len(dates), bool)
    return [float(one) for one in freshness(np.array(dates, np.int64), living, now)]


def test_freshness_halves_by_the_week_the_season_and_three_years() -> None:
    new, week, season, years, ancient = fresh(
        [NOW, NOW - WEEK, NOW - SEASON, NOW - YEARS, -(1 << 61)]
    )
    assert new == 1
    assert week == pytest.approx((0.5 + 2 ** (-7 / 90) + 2 ** (-7 / 1095)) / 3)
    assert season == pytest.approx((2 ** (-90 / 7) + 0.5 + 2 ** (-90 / 1095)) / 3)
    assert years == pytest.approx((2 ** (-1095 / 7) + 2 ** (-1095 / 90) + 0.5) / 3)
    assert ancient == 0


def test_age_counts_from_now_in_an_index_that_is_kept_and_from_its_newest_date_in_an_archive() -> (
    None
):
    assert fresh([NOW - CLOSE])[0] < 0.7
    assert fresh([NOW - CLOSE - 1]) == [1]
    assert fresh([NOW - WEEK - YEARS, NOW - YEARS]) == fresh([NOW - WEEK, NOW])


def test_what_is_undated_or_yet_to_come_is_not_fresh_and_moves_nothing() -> None:
    dates = [NOW - YEARS, MISSING, NOW + 1, 1 << 61]
    assert fresh(dates) == [1, 0, 0, 0]
    assert fresh([NOW - YEARS, NOW], alive=[True, False]) == [1, 0]
    assert fresh([MISSING]) == [0]
    assert fresh([]) == []


def test_a_percentile_is_the_share_below_and_half_of_those_equal() -> None:
    values = np.array([10, MISSING, 30, 10, 20, 99], np.int64)
    alive = np.array([True, True, True, True, True, False])
    assert percentiles(values, alive).tolist() == [0.25, 0.5, 0.875, 0.25, 0.625, 1]
    assert percentiles(values, ~alive).tolist() == [0, 0.5, 0, 0, 0, 0.5]
    assert percentiles(values[1:2], alive[1:2]).tolist() == [0.5]


def test_coverage_grows_with_the_logarithm_up_to_a_bound() -> None:
    none, one, two, four, many, more = coverage(np.array([0, 1, 2, 4, 20, 500])).tolist()
    assert (none, one, many, more) == (0, 0, 1, 1)
    assert four == pytest.approx(2 * two)


def factors(folder: Path, weights: SignalWeights) -> dict[str, float]:
    """What the score of each living item is multiplied by."""
    with closing(reader_of(folder)) as reader, reader.acquire() as lease:
        assert isinstance(lease.searcher, WhooshSearcher)
        segments = lease.searcher.segments
        found = SignalColumns(segments, NOW).multipliers(weights)
        return {
            segment.id(number): float(some[number])
            for segment, some in zip(segments, found, strict=True)
            for number in segment.living.tolist()
        }


def test_an_absent_quality_and_a_heat_of_minus_one_change_nothing(tmp_path: Path) -> None:
    items = [
        item("a", heat=-1),
        item("b", heat=10, quality=10),
        item("c", heat=90, quality=90),
    ]
    build(ENGINE, tmp_path, [(tuple(items), ())])
    for weights in (SignalWeights(quality=0.4), SignalWeights(heat=0.4)):
        assert factors(tmp_path, weights) == pytest.approx({"a": 1, "b": 0.9, "c": 1.1})
    both = SignalWeights(quality=0.4, heat=0.4)
    assert factors(tmp_path, both) == pytest.approx({"a": 1, "b": 0.81, "c": 1.21})
    assert factors(tmp_path, NO_WEIGHTS) == {"a": 1, "b": 1, "c": 1}


def test_newness_is_how_far_beyond_chance_some_are_fresher_than_all(tmp_path: Path) -> None:
    old = [item(f"old/{n}", day="1990-01-01") for n in range(8)]
    new = [item(f"new/{n}", day="2020-01-01") for n in range(2)]
    build(ENGINE, tmp_path, [((*old, *new, item("gone", day="2020-01-01")), ()), ((), ("gone",))])
    with closing(reader_of(tmp_path)) as reader, reader.acquire() as lease:
        assert isinstance(lease.searcher, WhooshSearcher)
        columns = SignalColumns(lease.searcher.segments, NOW)
        at = {
            segment.id(number): (place, number)
            for place, segment in enumerate(lease.searcher.segments)
            for number in segment.living.tolist()
        }
    f = fresh([0, 30 * 365 * DAY])[0]
    assert f < 0.01  # so nearly 0 and 1 are all that there is
    assert columns.newness([at["new/0"]]) == pytest.approx(2, abs=0.01)
    assert columns.newness([at["new/0"], at["new/1"]]) == pytest.approx(2 * 2**0.5, abs=0.01)
    assert columns.newness([at["old/0"]]) == pytest.approx(-0.5, abs=0.01)
    assert columns.newness(list(at.values())) == pytest.approx(0)
    assert columns.newness([]) == 0


def test_nothing_is_newer_than_all_where_all_are_equally_old(tmp_path: Path) -> None:
    build(ENGINE, tmp_path, [((item("a"), item("b")), ())])
    with closing(reader_of(tmp_path)) as reader, reader.acquire() as lease:
        assert isinstance(lease.searcher, WhooshSearcher)
        assert SignalColumns(lease.searcher.segments, NOW).newness([(0, 0)]) == 0
    assert SignalColumns([], NOW).newness([]) == 0


def test_signals_are_the_same_however_the_index_came_about(tmp_path: Path) -> None:
    days = ["2020-01-01", "2020-06-01", "2020-06-20", "2020-06-25"]
    kept = [item(str(n), day=day, heat=n, quality=n, domain="x.io") for n, day in enumerate(days)]
    gone = item("gone", day="2020-08-01", heat=99, quality=99)
    steps = [((*kept[:2], gone), ()), (tuple(kept[2:]), ()), ((), ("gone",))]
    build(ENGINE, tmp_path / "steps", steps)
    build(ENGINE, tmp_path / "whole", [(tuple(kept), ())])
    weights = SignalWeights(0.7, 0.5, 0.3, 0.1)
    assert factors(tmp_path / "steps", weights) == factors(tmp_path / "whole", weights)
