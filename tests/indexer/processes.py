"""The command in processes of its own, as a person runs it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def environment(**more: str) -> dict[str, str]:
    """The environment without settings, and with our own code to be found."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("NEWSDEX_")}
    paths = os.pathsep.join(filter(None, [str(ROOT), plain.get("PYTHONPATH")]))
    return {**plain, "PYTHONPATH": paths, "TERM": "xterm", **more}


MAIN = """
import os, resource
from search_app.cli import main
{before}
main()
"""

UNPRIVILEGED = """
if os.geteuid() == 0:  # to root no folder is closed, unless it gives up its capabilities
    import ctypes
    version, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(version, nothing) == 0
"""


def newsdex(
    *arguments: str | bytes,
    cwd: Path,
    before: str = "",
    stderr: int = subprocess.PIPE,
    **more: str,
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end. `before`: what to do between its start and the command; `more`:
    variables."""
    start = ["-c", MAIN.format(before=before)] if before else ["-m", "search_app"]
    return subprocess.run(
        [sys.executable, *start, *arguments],
        cwd=cwd,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=stderr,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        check=False,
    )


class Started:
    """A command at work, to be stopped at a moment of one's choice."""

    def __init__(self, *arguments: str, cwd: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "search_app", *arguments],
            cwd=cwd,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def wait_for(self, path: Path) -> None:
        """Return as soon as a file is there, or the command has ended."""
        while not path.exists() and self._process.poll() is None:
            time.sleep(0.0005)

    def stop(self, how: signal.Signals) -> tuple[int, str]:
        """Send a signal; the exit code, and what was said on stderr."""
        self._process.send_signal(how)
        _, said = self._process.communicate(timeout=60)
        return self._process.returncode, said

    def finish(self) -> int:
        """Wait for the end; the exit code."""
        self._process.communicate(timeout=60)
        return self._process.returncode
