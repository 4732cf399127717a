"""Postings weighed and put into buckets, once all are there: some by each process."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.schema import ZONES
from indexer.segment import column_file, impacts
from indexer.segment.column_file import Array, ColumnFileWriter
from indexer.segment.merger import Plan


@dataclass(frozen=True, slots=True)
class Weighing:
    """Postings to be weighed, from the first of them on to the last."""

    path: Path
    begin: int
    end: int
    means: Array

    def weights(self) -> Iterator[Array]:
        """Some at a time."""
        made = column_file.read(self.path)
        return impacts.impacts_of(
            made["tf_profiles"].reshape(-1, len(ZONES)),
            made.read_slice("postings.tf_profiles", self.begin, self.end),
            made.read_slice("postings.documents", self.begin, self.end),
            made["lengths"].reshape(-1, len(ZONES)),
            self.means,
        )


def weighings(plan: Plan, at_a_time: int) -> list[Weighing]:
    """All postings, so many in each piece."""
    return [
        Weighing(plan.output.path, begin, min(begin + at_a_time, plan.postings), plan.means)
        for begin in range(0, plan.postings, at_a_time)
    ]


def extremes(some: Weighing) -> tuple[float, float]:
    """The least and the greatest weight."""
    found = [(float(few.min()), float(few.max())) for few in some.weights()]
    return min(least for least, _ in found), max(most for _, most in found)


def quantize(output: ColumnFileWriter, bounds: Array, some: Weighing) -> None:
    """Write the bucket of each posting; `bounds`: see `impacts.bounds`."""
    at = some.begin
    for few in some.weights():
        output.write("postings.impacts", impacts.quantized(few, bounds), at)
        at += len(few)
