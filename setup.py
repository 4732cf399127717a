"""The compiled part; all else that setuptools has to know stands in pyproject.toml."""

from pathlib import Path

from setuptools import Extension, setup

COMPILED = "search_app/search/engines/whoosh/compiled"

parts = [*Path(COMPILED).glob("*.pxi"), *Path(COMPILED).glob("*.pyx")]
for built in Path(COMPILED).glob("kernel.*.so"):
    if built.stat().st_mtime < max(part.stat().st_mtime for part in parts):
        built.unlink()  # if it cannot be built anew, the old one is not to be used

setup(
    ext_modules=[
        Extension(
            f"{COMPILED.replace('/', '.')}.kernel",
            [f"{COMPILED}/kernel.pyx"],
            depends=[str(part) for part in parts],
            extra_compile_args=["-O3", "-ffp-contract=off"],  # no step may be rounded away
            optional=True,  # without a C compiler arrays do the same
        )
    ]
)
