"""The command, run in forks of a process that has imported it: a tenth of the time of a start.

Run as a program this module is that process. It reads a line of JSON for each run from its stdin,
forks, and answers with the exit code once the fork has ended.
"""

import gc
import json
import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import indexer.engines.whoosh.store  # noqa: F401 - loaded once for all forks
import search_app.search.engines.whoosh.searcher  # noqa: F401 - likewise
from indexer import engines
from indexer.reindex.report import Options
from search_app.cli import main
from tests.faults.sharing_store import SHARING
from tests.faults.shim import COUNT, VARIABLE, Control, Harm, Struck
from tests.indexer.processes import ROOT, environment

NEVER = 1 << 60


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended; `code` is that of a shell, below 0 for a signal."""

    code: int
    out: str
    err: str
    struck: Struck


class Command:
    """Runs `newsdex` in a folder, below which calls may be harmed."""

    def __init__(self, library: Path, place: Path) -> None:
        self._place = place
        self._control = Control(place / "control")
        more = {"LD_PRELOAD": str(library), VARIABLE: str(self._control.path)}
        more |= {"PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.command"],
            cwd=ROOT,
            env=environment(**more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __call__(
        self,
        *arguments: str,
        cwd: Path,
        root: Path | None = None,
        harm: Harm = COUNT,
        nth: int = NEVER,
        trace: Path | None = None,
        readers: int = 0,
    ) -> Done:
        """Run the command to its end. `root`: below which calls are counted, and the `nth` of
        them harmed; `readers`: so many processes are to read files, however few these are."""
        out, err = self._place / "out", self._place / "err"
        asked = {"arguments": arguments, "cwd": str(cwd), "out": str(out), "err": str(err)}
        self._control.arm((root or cwd).resolve(), harm, nth, trace)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({**asked, "readers": readers}) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        struck = self._control.disarm()
        said = [path.read_text(errors="backslashreplace") for path in (out, err)]
        return Done(code, said[0], said[1], struck)

    def __enter__(self) -> "Command":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with closing(self._control), self._process:
            if self._process.stdin:
                self._process.stdin.close()


def _serve() -> None:
    """Run what is asked for, one after the other, until nobody asks any more."""
    gc.freeze()  # what is imported is shared, not copied
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(asked: dict[str, Any]) -> None:
    """Be the command. What it says goes to files."""
    for path, target in ((os.devnull, 0), (asked["out"], 1), (asked["err"], 2)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC), target)
    os.chdir(asked["cwd"])
    arguments = list(asked["arguments"])
    options = None
    if asked["readers"]:
        arguments += ["--jobs", str(asked["readers"])]
        options = Options(files_per_task=2, min_tasks=1)
        engines.STORES["whoosh"] = SHARING
    main(arguments, "newsdex", obj=options)


if __name__ == "__main__":  # reading processes import this module, too
    _serve()
