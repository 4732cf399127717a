"""What writing must reach: the rows of the table that come of the part `writing`.

Seconds and megabytes are limits for 100,000 files, whatever number was measured.
"""

from collections.abc import Iterable
from statistics import median

from tests.bench.bar import MEGABYTE, Bar
from tests.bench.engines import OURS
from tests.bench.results import Results
from tests.bench.usage import Usage
from tests.bench.writing import Writing


def writing_bars(fewest: Results, most: Results) -> list[Bar]:
    """The rows, judged with the most items; growth from the fewest to them."""
    writing = most.writing
    return [
        _full(most),
        _against_stock(writing),
        _peak(writing),
        _unchanged(writing),
        _one(writing),
        _size(writing),
        _growth(fewest, most),
    ]


def seconds(usages: Iterable[Usage]) -> float:
    """The median of the wall clock."""
    return median(usage.seconds for usage in usages)


def _full(results: Results) -> Bar:
    title, writing = f"full reindex of {results.items:,} files", results.writing
    if writing is None:
        return Bar(title, 120, 60, "s", None)
    detail = f"{median(usage.cpu for usage in writing.full):.1f} s of processor time"
    peers = [
        f"{built.engine} {built.seconds:.1f} s"
        for built in results.built
        if built.engine != OURS and built.seconds is not None
    ]
    if peers:
        detail += f"; of documents, read and parsed in {writing.stock.parsing:.1f} s before: "
        detail += ", ".join(peers)
    return Bar(title, 120, 60, "s", seconds(writing.full), detail)


def _against_stock(writing: Writing | None) -> Bar:
    title = "Whoosh's own writer against a full reindex"
    if writing is None:
        return Bar(title, 3, 5, "× faster", None, more_is_better=True)
    ours, stock = seconds(writing.full), writing.stock
    detail = f"{ours:.1f} s, reading included, to {stock.one.seconds:.1f} s, "
    detail += f"{stock.analysing:.1f} s of them for analysis; "
    detail += f"with two processes {stock.two.seconds:.1f} s, {stock.two.seconds / ours:.1f} ×"
    value = stock.one.seconds / ours
    return Bar(title, 3, 5, "× faster", value, detail, more_is_better=True)


def _peak(writing: Writing | None) -> Bar:
    title = "memory of a full reindex at most, all processes"
    if writing is None:
        return Bar(title, 1200, 700, "MB", None)
    peak = writing.peak
    detail = f"PSS; USS {peak.uss / MEGABYTE:.0f} MB; {peak.samples:,} samples"
    return Bar(title, 1200, 700, "MB", peak.pss / MEGABYTE, detail)


def _unchanged(writing: Writing | None) -> Bar:
    title = "reindex with nothing changed"
    if writing is None:
        return Bar(title, 3, 1.5, "s", None)
    files = writing.secured[0].files
    detail = f"secured alone changed in {files:,} files: "
    detail += f"{seconds(done.usage for done in writing.secured):.2f} s"
    if any(done.written for done in writing.secured):
        detail += ", and a new generation"
    return Bar(title, 3, 1.5, "s", seconds(writing.unchanged), detail)


def _one(writing: Writing | None) -> Bar:
    title = "one file changed, until a server finds it"
    if writing is None:
        return Bar(title, 4, 2, "s", None)
    detail = f"the command ends after {seconds(done.usage for done in writing.one):.2f} s; "
    some = median(done.searchable for done in writing.some)
    detail += f"one of each hundred, {writing.some[0].files:,} files: {some:.2f} s"
    return Bar(title, 4, 2, "s", median(done.searchable for done in writing.one), detail)


def _size(writing: Writing | None) -> Bar:
    title = "size of the index against indexed and stored text"
    if writing is None:
        return Bar(title, 3, 2, "×", None)
    text = writing.stock.text
    detail = f"{writing.size / MEGABYTE:.1f} MB for {text / MEGABYTE:.1f} MB"
    return Bar(title, 3, 2, "×", writing.size / text, detail)


def _growth(fewest: Results, most: Results) -> Bar:
    """In proportion to the files is the goal, a tenth more the bar."""
    if fewest.items == most.items:
        title = "time of a full reindex grows from 10,000 to 100,000 files"
        return Bar(title, 11, 10, "×", None)
    title = f"time of a full reindex grows from {fewest.items:,} to {most.items:,} files"
    goal = round(most.items / fewest.items, 2)
    bar = round(1.1 * goal, 2)
    if fewest.writing is None or most.writing is None:
        return Bar(title, bar, goal, "×", None)
    small, large = seconds(fewest.writing.full), seconds(most.writing.full)
    return Bar(title, bar, goal, "×", large / small, f"{small:.1f} s to {large:.1f} s")
