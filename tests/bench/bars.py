"""What must be reached, and whether it was: every row computed from what was measured.

The page query and the plain top 10 are judged by the mixed queries, phrases and prefixes by the
plain top 10, facets against SQLite by the worst kind, memory of the server by what is resident.
"""

from collections.abc import Sequence
from statistics import median

from tests.bench.asks import KINDS, SINGLE
from tests.bench.bar import MEGABYTE, Bar
from tests.bench.engines import OURS
from tests.bench.figures import Table
from tests.bench.results import Results
from tests.bench.writing_bars import writing_bars


def bars(results: Sequence[Results]) -> list[Bar]:
    """The rows, judged with the most items that were measured; growth from the fewest to them."""
    fewest, most = min(results, key=_items), max(results, key=_items)
    return [
        _against_tantivy("page query", "page", most.table, 1.5, 1.0),
        _against_tantivy("plain top 10", "plain", most.table, 6, 3),
        _against_sqlite(most.table),
        _phrase_and_prefix(most.table),
        _requests(most),
        _opening(most),
        _memory(most),
        _growth(fewest, most),
        *writing_bars(fewest, most),
    ]


def _items(results: Results) -> int:
    return results.items


def _against_tantivy(what: str, level: str, table: Table, bar: float, goal: float) -> Bar:
    title = f"{what}, p95, against tantivy"
    ratio = table.ratio(OURS, "tantivy", "mixed", level, "p95")
    if ratio is None:
        return Bar(title, bar, goal, "×", None)
    ratios = {kind: table.ratio(OURS, "tantivy", kind, level, "p95") or 0.0 for kind in SINGLE}
    worst = max(ratios, key=ratios.__getitem__)
    detail = f"{_ms(table, OURS, 'mixed', level)} to {_ms(table, 'tantivy', 'mixed', level)}"
    joined = table.ratio(OURS, "tantivy-joined", "mixed", level, "p95")
    if joined is not None:
        detail += f"; {joined:.2f} × tantivy with one unweighted field"
    detail += f"; worst kind: {KINDS[worst]}, {ratios[worst]:.2f} ×"
    by_processor = table.ratio(OURS, "tantivy", "mixed", level, "cpu_p95")
    detail += f"; by processor time {by_processor or 0.0:.2f} ×"
    return Bar(title, bar, goal, "×", ratio, detail)


def _against_sqlite(table: Table) -> Bar:
    title = "any query kind with facets, p50, against SQLite FTS5"
    faster = _faster(table, "faceted")
    if not faster:
        return Bar(title, 10, 20, "× faster", None, more_is_better=True)
    worst = min(faster, key=faster.__getitem__)
    best = max(faster, key=faster.__getitem__)
    detail = f"{KINDS[worst]}; best kind: {KINDS[best]}, {faster[best]:.1f} ×; "
    detail += f"mixed {faster['mixed']:.1f} ×"
    if pages := _faster(table, "page"):
        least = min(pages, key=pages.__getitem__)
        detail += f"; whole pages: {KINDS[least]}, {pages[least]:.1f} ×, "
        detail += f"mixed {pages['mixed']:.1f} ×"
    return Bar(title, 10, 20, "× faster", faster[worst], detail, more_is_better=True)


def _faster(table: Table, level: str) -> dict[str, float]:
    """How many times faster ours is than SQLite, for each kind that was measured."""
    ratios = {kind: table.ratio("sqlite", OURS, kind, level, "p50") for kind in KINDS}
    return {kind: ratio for kind, ratio in ratios.items() if ratio is not None}


def _phrase_and_prefix(table: Table) -> Bar:
    title = "phrase p95, prefix p95"
    found = {kind: table.median(OURS, kind, "plain", "p95") for kind in ("phrase", "prefix")}
    times = {kind: time for kind, time in found.items() if time is not None}
    if not times:
        return Bar(title, 2, 1, "ms", None)
    plain = ", ".join(f"{kind} {time:.2f} ms" for kind, time in times.items())
    pages = ", ".join(f"{kind} {_ms(table, OURS, kind, 'page')}" for kind in times)
    return Bar(title, 2, 1, "ms", max(times.values()), f"{plain}; as pages {pages}")


def _requests(results: Results) -> Bar:
    title = "requests a second against Datasette's, 8 clients"
    rates: dict[str, list[float]] = {"newsdex": [], "datasette": []}
    for row in results.traffic:
        rates[row.server].append(row.seen.rate)
    ratios = [ours / its for ours, its in zip(*rates.values(), strict=False) if its]
    if not ratios:
        return Bar(title, 5, 15, "×", None, more_is_better=True)
    detail = " to ".join(f"{median(seen):,.0f}/s" for seen in rates.values())
    failed = sum(row.seen.failed for row in results.traffic)
    detail += f"; {failed} failed" if failed else ""
    return Bar(title, 5, 15, "×", median(ratios), detail, more_is_better=True)


def _opening(results: Results) -> Bar:
    title = "open a generation to the first answer"
    ours = [opening for opening in results.openings if opening.engine == OURS]
    if not ours:
        return Bar(title, 150, 50, "ms", None)
    opened = median(opening.opened for opening in ours)
    detail = f"open after {opened:.0f} ms; {median(o.cpu for o in ours):.0f} ms of processor time"
    return Bar(title, 150, 50, "ms", median(opening.answered for opening in ours), detail)


def _memory(results: Results) -> Bar:
    title = "memory of the server after 1,000 queries, above the bare interpreter"
    memory = results.memory
    if memory is None:
        return Bar(title, 250, 150, "MB", None)
    detail = ", ".join(
        f"{name.upper() if name != 'anonymous' else name} {getattr(memory, name) / MEGABYTE:.0f} MB"
        for name in ("rss", "pss", "uss", "anonymous")
    )
    return Bar(title, 250, 150, "MB", memory.rss / MEGABYTE, detail)


def _growth(fewest: Results, most: Results) -> Bar:
    title = f"p95 of a page query grows from {fewest.items:,} to {most.items:,} items"
    if fewest.items == most.items:
        return Bar("p95 of a page query grows from 10,000 to 100,000 items", 5, 3, "×", None)
    small = fewest.table.median(OURS, "mixed", "page", "p95")
    large = most.table.median(OURS, "mixed", "page", "p95")
    if not small or not large:
        return Bar(title, 5, 3, "×", None)
    detail = f"{small:.2f} ms to {large:.2f} ms"
    its = [r.table.median("tantivy", "mixed", "page", "p95") for r in (fewest, most)]
    if its[0] and its[1]:
        detail += f"; tantivy's {its[1] / its[0]:.2f} ×"
    return Bar(title, 5, 3, "×", large / small, detail)


def _ms(table: Table, engine: str, kind: str, level: str) -> str:
    time = table.median(engine, kind, level, "p95")
    return "–" if time is None else f"{time:.2f} ms"
