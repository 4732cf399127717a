"""From times to figures: percentiles of a run, medians over runs, ratios run by run.

A ratio is taken within a run, whose engines took turns under the same load, and its median over the
runs is what counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median


@dataclass(frozen=True, slots=True)
class Series:
    """One engine's times for the queries of a kind in one run, in milliseconds: `p50` and `p95` by
    the wall clock, `cpu_p50` and `cpu_p95` of processor time. `hits`: the mean total."""

    engine: str
    kind: str
    level: str
    run: int
    p50: float
    p95: float
    cpu_p50: float
    cpu_p95: float
    hits: float


def series(
    engine: str,
    kind: str,
    level: str,
    run: int,
    wall: Sequence[float],
    cpu: Sequence[float],
    totals: Sequence[int],
) -> Series:
    """The figures of so many seconds each."""
    return Series(
        engine,
        kind,
        level,
        run,
        p50=_milliseconds(wall, 50),
        p95=_milliseconds(wall, 95),
        cpu_p50=_milliseconds(cpu, 50),
        cpu_p95=_milliseconds(cpu, 95),
        hits=round(fmean(totals), 1),
    )


def _milliseconds(seconds: Sequence[float], percent: float) -> float:
    return round(percentile(seconds, percent) * 1000, 4)


def percentile(values: Iterable[float], percent: float) -> float:
    """Between the two nearest values in proportion, as NumPy's default does."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


@dataclass(frozen=True, slots=True)
class Table:
    """The series of all engines, kinds, levels and runs."""

    rows: tuple[Series, ...]

    def engines(self) -> tuple[str, ...]:
        """The engines that were measured, in order."""
        return tuple(dict.fromkeys(row.engine for row in self.rows))

    def kinds(self) -> tuple[str, ...]:
        """The kinds that were measured, in order."""
        return tuple(dict.fromkeys(row.kind for row in self.rows))

    def runs(self, engine: str, kind: str, level: str, figure: str) -> list[float]:
        """A figure in each run."""
        wanted = (engine, kind, level)
        found = [row for row in self.rows if (row.engine, row.kind, row.level) == wanted]
        return [float(getattr(row, figure)) for row in sorted(found, key=lambda row: row.run)]

    def median(self, engine: str, kind: str, level: str, figure: str) -> float | None:
        """The median of a figure over the runs, or `None` if nothing was measured."""
        values = self.runs(engine, kind, level, figure)
        return median(values) if values else None

    def ratio(self, over: str, under: str, kind: str, level: str, figure: str) -> float | None:
        """The median over the runs of one engine's figure divided by another's in the same run."""
        pairs = zip(
            self.runs(over, kind, level, figure),
            self.runs(under, kind, level, figure),
            strict=False,
        )
        ratios = [first / second for first, second in pairs if second]
        return median(ratios) if ratios else None
