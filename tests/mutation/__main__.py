"""`python -m tests.mutation [MODULE...]`: change the modules, and say what no test noticed."""

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tests.mutation.mutants import mutants
from tests.mutation.running import SURVIVED, Broken, copies, outcomes
from tests.mutation.targets import ROOT, TARGETS, Reasons, Targets, reasons

EXPLAINED = "equivalent"


def judge(
    tree: Path,
    targets: Targets,
    known: Reasons,
    jobs: int,
    chosen: Sequence[str] = (),
    grace: float = 10,
) -> list[str]:
    """Try each mutant of the chosen modules, or of all; print a line for each module and return
    what is wrong: survivors without a reason, and reasons that explain nothing."""
    wrong = []
    with TemporaryDirectory() as place:
        free = copies(tree, Path(place), jobs)
        for module in chosen or targets:
            began, counts, used = time.monotonic(), Counter[str](), set[tuple[str, str, str]]()
            made = mutants((tree / module).read_text())
            for one, outcome in outcomes(module, targets[module], made, free, grace):
                key = (module, one.line, one.change)
                if outcome == SURVIVED and key in known:
                    outcome = EXPLAINED
                    used.add(key)
                elif outcome == SURVIVED:
                    wrong.append(f"{module}:{one.number}: {one.line}\n    {one.change}")
                counts[outcome] += 1
            unused = [key for key in known if key[0] == module and key not in used]
            wrong += [f"{module}: explained but killed or not there: {key[1:]}" for key in unused]
            told = ", ".join(f"{counts[name]} {name}" for name in sorted(counts))
            seconds = time.monotonic() - began
            print(f"{module}: {len(made)} mutants, {told} in {seconds:.0f} s", flush=True)
    return wrong


@click.command()
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count(), help="Tried at a time.")
@click.argument("modules", nargs=-1, type=click.Choice(list(TARGETS)))
def main(jobs: int, modules: tuple[str, ...]) -> None:
    """Change MODULES, or all, in one place at a time. Exit code 1: a change that no test notices
    has no reason in equivalents.toml, or a reason there explains nothing."""
    try:
        wrong = judge(
            ROOT, TARGETS, reasons(ROOT / "tests/mutation/equivalents.toml"), jobs, modules
        )
    except Broken as error:
        raise click.ClickException(str(error)) from error
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
