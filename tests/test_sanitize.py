"""`make sanitize` says what it lacks before it does anything."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def refusal(compiler: str) -> str:
    done = subprocess.run(
        ["/bin/sh", ".ci/sanitize"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "CC": compiler},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr


def test_without_a_compiler_it_says_so() -> None:
    assert refusal("no-such-compiler").startswith("There is no no-such-compiler here. Install gcc")


def test_without_the_sanitizers_it_names_what_to_install(tmp_path: Path) -> None:
    compiler = tmp_path / "compiler"
    compiler.write_text("#!/bin/sh\necho ${1#*=}\n")  # as gcc answers for what it has not
    compiler.chmod(0o755)
    assert f"{compiler} has no libasan.so. Install it" in refusal(str(compiler))
