"""Makes the commands' answers: sentences for people, JSON objects for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from indexer.index.directory import Verdict
from indexer.index.manifest import Manifest
from indexer.item import Problem, Severity
from indexer.reindex.diff import Change
from indexer.reindex.report import CheckReport, Options, Report

_COUNTED = (Change.ADDED, Change.CHANGED, Change.REMOVED, Change.UNCHANGED)


def count(number: int, noun: str) -> str:
    """`1 item`, `2,000 items`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def size(number: int) -> str:
    """A number of bytes in the unit that suits it: `812 bytes`, `1.2 MB`."""
    if number < 1000:
        return count(number, "byte")
    thousands = min((len(str(number)) - 1) // 3, 4)
    return f"{number / 1000**thousands:.1f} {'kMGT'[thousands - 1]}B"


def report_json(report: Report) -> dict[str, Any]:
    """The contract's object of `reindex --json`."""
    return {
        "generation": report.generation or None,
        "items": report.items,
        **{change.value: report.changes[change] for change in _COUNTED},
        "rejected": report.rejected,
        "undated": report.undated,
        "drafts": report.drafts,
        "problems": [problem_json(problem) for problem in report.problems],
        "seconds": round(report.seconds, 3),
        "bytes": report.bytes,
    }


def report_text(report: Report, options: Options, seeds: Path, index: Path) -> str:
    """The closing summary of a reindex."""
    lines = []
    if report.rebuilt:
        lines.append(f"The index could not be updated and was built anew: {report.rebuilt}")
    changes = ", ".join(f"{report.changes[change]:,} {change}" for change in _COUNTED)
    lines.append(
        f"{count(report.items, 'item')} from {seeds} in {report.seconds:.1f} s: {changes}."
    )
    if report.rejected:
        lines.append(_rejected(report))
    lines += _left_open(report.undated, report.drafts)
    if options.dry_run:
        lines.append("This was a dry run: the index is as it was.")
    elif report.switched:
        lines.append(
            f"Generation {report.generation} answers now, {size(report.bytes)} in {index}."
        )
    elif options.strict and report.rejected:
        lines.append("Because of --strict the index is as it was.")
    else:
        lines.append(f"Generation {report.generation} is up to date.")
    return "\n".join(lines)


def round_text(report: Report, before: Report, options: Options) -> str:
    """What a watch says about a run after the first; empty if nothing is new."""
    lines = [f"The index was built anew: {report.rebuilt}"] if report.rebuilt else []
    if report.switched:
        changes = [f"{report.changes[c]:,} {c}" for c in _COUNTED[:3] if report.changes[c]]
        lines.append(
            f"{', '.join(changes) or 'All written'} in {report.seconds:.1f} s: "
            f"{count(report.items, 'item')}, generation {report.generation}."
        )
    if report.rejected and (report.switched or new_problems(report, before)):
        lines.append(_rejected(report))
        if options.strict:
            lines.append("Because of --strict the index is as it was.")
    return "\n".join(lines)


def new_problems(report: Report, before: Report | None) -> tuple[Problem, ...]:
    """The problems that a run found and the run before it did not."""
    known = set(before.problems) if before else set()
    return tuple(problem for problem in report.problems if problem not in known)


def _rejected(report: Report) -> str:
    text = f"{count(report.rejected, 'file')} could not be used"
    if kept := report.changes[Change.KEPT]:
        stay = "stay" if kept > 1 else "stays"
        text += f"; of these, {count(kept, 'item')} {stay} as last indexed"
    return text + "."


def _left_open(undated: int, drafts: int) -> list[str]:
    """The line that counts items without a date and drafts; none if there are none."""
    parts = []
    if undated:
        parts.append(f"{count(undated, 'item')} {'has' if undated == 1 else 'have'} no date")
    if drafts:
        parts.append(f"{count(drafts, 'draft')} {'was' if drafts == 1 else 'were'} left out")
    return [f"{'; '.join(parts)}."] if parts else []


def check_json(checked: CheckReport) -> dict[str, Any]:
    """The object of `check --json`."""
    return {
        "files": checked.files,
        "items": checked.items,
        "rejected": checked.rejected,
        "undated": checked.undated,
        "drafts": checked.drafts,
        "problems": [problem_json(problem) for problem in checked.problems],
    }


def check_text(checked: CheckReport, seeds: Path) -> str:
    """The closing summary of a check."""
    warnings = sum(problem.severity is Severity.WARNING for problem in checked.problems)
    first = (
        f"{count(checked.files, 'file')} in {seeds}: {count(checked.items, 'item')}, "
        f"{checked.rejected:,} rejected, {count(warnings, 'warning')}."
    )
    return "\n".join([first, *_left_open(checked.undated, checked.drafts)])


def problem_json(problem: Problem) -> dict[str, Any]:
    """The object of a problem; `line` is null if none can be named."""
    return asdict(problem) | {"line": problem.line or None}


def manifest_json(manifest: Manifest, kept: Sequence[str]) -> dict[str, Any]:
    """The object of `status --json`."""
    return {
        "generation": manifest.generation,
        "created": manifest.created,
        "engine": manifest.engine,
        "schema": manifest.schema,
        "items": manifest.items,
        "bytes": manifest.bytes,
        "kept": list(kept),
    }


def manifest_text(manifest: Manifest, kept: Sequence[str]) -> str:
    """What `status` says."""
    earlier = [name for name in kept if name != manifest.generation]
    return "\n".join(
        [
            f"{count(manifest.items, 'item')}, {size(manifest.bytes)}, engine {manifest.engine}.",
            f"Generation {manifest.generation}, made {manifest.created}.",
            f"Also kept: {', '.join(earlier)}." if earlier else "No other generation is kept.",
        ]
    )


def is_well(verdicts: Sequence[Verdict]) -> bool:
    """Whether nothing is damaged, and the current generation can answer. One that is kept may be
    in the format of another version."""
    return all(
        verdict.can_answer if verdict.current else not verdict.faults for verdict in verdicts
    )


def verdicts_json(verdicts: Sequence[Verdict], unnamed: str = "") -> dict[str, Any]:
    """The object of `verify --json`. `unnamed`: why `CURRENT` names no generation."""
    return {
        "ok": not unnamed and is_well(verdicts),
        "faults": [unnamed] if unnamed else [],
        "generations": [asdict(verdict) for verdict in verdicts],
    }


def verdicts_text(verdicts: Sequence[Verdict], unnamed: str = "") -> str:
    """What `verify` says: a line for each generation, and one for each fault. `unnamed`: why
    `CURRENT` names no generation."""
    lines = [unnamed] if unnamed else []
    for verdict in verdicts:
        role = "current" if verdict.current else "kept"
        state = count(len(verdict.faults), "fault") if verdict.faults else "whole"
        if verdict.other_version:
            state = "older format"
        lines.append(f"{verdict.generation} ({role}): {state}")
        lines += [f"  {told}" for told in (*verdict.faults, verdict.other_version) if told]
    return "\n".join(lines)
