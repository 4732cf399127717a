"""The report: Markdown to read, JSON to keep."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from statistics import median

from tests.bench.asks import KINDS
from tests.bench.bar import MEGABYTE, Bar
from tests.bench.bars import bars
from tests.bench.engines import LEVELS, OURS
from tests.bench.figures import Table
from tests.bench.results import Machine, Results
from tests.bench.usage import Usage


def as_json(machine: Machine, runs: int, queries: int, results: Sequence[Results]) -> str:
    """Every figure of every run, and the table of what must be reached."""
    rows = [{**asdict(bar), "verdict": bar.verdict} for bar in bars(results)]
    report = {
        "machine": asdict(machine),
        "runs": runs,
        "queries": queries,
        "bars": rows,
        "results": [asdict(one) for one in results],
    }
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


def as_markdown(machine: Machine, runs: int, queries: int, results: Sequence[Results]) -> str:
    """What must be reached first, then what it rests on."""
    lines = [
        f"Medians of {runs} runs of {queries} queries of each kind, ratios taken within each run; "
        f"{machine.cores} cores ({machine.processor}), Python {machine.python}, "
        f"load {machine.load} before.",
        *_warning(machine),
        "",
        *_bars(results),
    ]
    for one in sorted(results, key=lambda one: -one.items):
        lines += ["", f"### {one.items:,} items", ""]
        for level, shown in LEVELS.items():
            lines += _times(one.table, level, shown)
        lines += [*_traffic(one), *_openings(one), *_built(one), *_writing(one)]
        lines += [f"Not measured: {reason}." for reason in one.missing]
    return "\n".join(lines).rstrip() + "\n"


def _warning(machine: Machine) -> Iterator[str]:
    """Waiting for a core adds the same to everybody's times, which makes ratios look smaller."""
    if machine.load > machine.cores / 2:
        yield ""
        yield "The machine was busy with something else: trust the ratios by processor time."


def _bars(results: Sequence[Results]) -> Iterator[str]:
    most = max(one.items for one in results)
    yield from _head(f"at {most:,} items", "bar", "goal", "measured", "met", "in detail")
    for bar in bars(results):
        sign = "≥" if bar.more_is_better else "≤"
        limits = (f"{sign} {limit:g} {bar.unit}" for limit in (bar.bar, bar.goal))
        yield _cells(bar.what, *limits, _value(bar), bar.verdict, bar.detail)


def _value(bar: Bar) -> str:
    if bar.value is None:
        return "–"
    return f"{bar.value:.2f} {bar.unit}" if bar.value < 20 else f"{bar.value:.0f} {bar.unit}"


def _times(table: Table, level: str, shown: str) -> Iterator[str]:
    """For each kind the times of every engine, and ours over the peers'."""
    engines = table.engines()
    if not engines:
        return
    peers = [engine for engine in engines if engine != OURS]
    yield f"Engine level, {shown}; p50 / p95 in ms, ours over the peer's in brackets, mean hits:"
    yield ""
    yield from _head("queries", *engines, "hits: " + " / ".join(engines))
    for kind in table.kinds():
        cells = [_time(table, engine, kind, level) for engine in engines]
        for place, engine in enumerate(engines):
            if engine in peers and OURS in engines:
                cells[place] += _ratios(table, engine, kind, level)
        hits = (table.median(engine, kind, level, "hits") or 0 for engine in engines)
        yield _cells(KINDS[kind], *cells, " / ".join(f"{total:,.0f}" for total in hits))
    yield ""


def _time(table: Table, engine: str, kind: str, level: str) -> str:
    times = (table.median(engine, kind, level, figure) or 0.0 for figure in ("p50", "p95"))
    return " / ".join(f"{time:.2f}" for time in times)


def _ratios(table: Table, peer: str, kind: str, level: str) -> str:
    figures = ("p50", "p95")
    ratios = (table.ratio(OURS, peer, kind, level, figure) or 0.0 for figure in figures)
    return " (" + " / ".join(f"{ratio:.2f}" for ratio in ratios) + ")"


def _traffic(results: Results) -> Iterator[str]:
    servers = dict.fromkeys(row.server for row in results.traffic)
    if not servers:
        return
    yield from _head("over HTTP, mixed queries", "requests a second", "p50 ms", "p95 ms", "failed")
    for server in servers:
        seen = [row.seen for row in results.traffic if row.server == server]
        rate, p50, p95 = (
            median(getattr(one, figure) for one in seen) for figure in ("rate", "p50", "p95")
        )
        failed = sum(one.failed for one in seen)
        yield _cells(server, f"{rate:,.1f}", f"{p50:.1f}", f"{p95:.1f}", f"{failed}")
    yield ""


def _openings(results: Results) -> Iterator[str]:
    engines = dict.fromkeys(opening.engine for opening in results.openings)
    if not engines:
        return
    yield from _head("opening", "open after ms", "first answer after ms", "processor ms")
    for engine in engines:
        mine = [opening for opening in results.openings if opening.engine == engine]
        figures = ("opened", "answered", "cpu")
        times = (median(getattr(one, figure) for one in mine) for figure in figures)
        yield _cells(engine, *(f"{time:.1f}" for time in times))
    yield ""


def _built(results: Results) -> Iterator[str]:
    yield from _head("index", "version", "size", "built in", "processor time")
    for built in results.built:
        times = ("–" if time is None else f"{time:.1f} s" for time in (built.seconds, built.cpu))
        yield _cells(built.engine, built.version, _megabytes(built.size), *times)
    yield ""
    if results.parsing is not None:
        yield f"Reading and parsing the items, in {OURS}'s time alone: {results.parsing:.1f} s."
        yield ""


def _writing(results: Results) -> Iterator[str]:
    """What our command took, then Whoosh's own writer and the peers, from the same documents."""
    done = results.writing
    if done is None:
        return
    yield from _head("writing", "seconds", "processor seconds")
    yield _usage("full reindex", done.full)
    yield _usage("nothing changed", done.unchanged)
    for name, changes in (("one file", done.one), ("one of each hundred", done.some)):
        yield _usage(f"{name} changed ({changes[0].files:,})", [one.usage for one in changes])
        found = median(one.searchable for one in changes)
        yield _cells("… until a server finds it", f"{found:.2f}", "")
    secured = f"secured alone changed in {done.secured[0].files:,} files"
    yield _usage(secured, [one.usage for one in done.secured])
    yield _usage("Whoosh's own writer, one process, one run", [done.stock.one])
    yield _usage("Whoosh's own writer, two processes, one run", [done.stock.two])
    for built in results.built:
        if built.engine != OURS and built.seconds is not None and built.cpu is not None:
            yield _usage(f"{built.engine}, one run", [Usage(built.seconds, built.cpu)])
    yield ""
    peak, stock = done.peak, done.stock
    yield (
        f"Ours {len(done.full)} times, medians. Whoosh's own writer and the peers are given "
        f"documents; to read and parse them takes one process {stock.parsing:.1f} s, which our "
        f"times hold and theirs do not. Memory of a full reindex at most: "
        f"PSS {_megabytes(peak.pss)}, USS {_megabytes(peak.uss)}. The index has "
        f"{_megabytes(done.size)}, that of Whoosh's own writer {_megabytes(stock.size)}, for "
        f"{_megabytes(stock.text)} of indexed and stored text."
    )
    yield ""


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f} MB"


def _usage(what: str, usages: Sequence[Usage]) -> str:
    """A row: medians."""
    figures = (median(getattr(one, name) for one in usages) for name in ("seconds", "cpu"))
    return _cells(what, *(f"{figure:.2f}" for figure in figures))


def _head(*cells: str) -> Iterable[str]:
    return (_cells(*cells), "|" + "---|" * len(cells))


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"
