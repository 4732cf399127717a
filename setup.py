"""The compiled part; all else that setuptools has to know stands in pyproject.toml."""

from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

NATIVE = Path("search_app/search/engines/whoosh/native")
DIRECTIVES = {
    "language_level": 3,
    "boundscheck": True,  # a column that lies ends in an error
    "wraparound": False,
    "cdivision": True,
    "initializedcheck": False,
    "embedsignature": True,
    "show_performance_hints": False,
}

sources = sorted(NATIVE.glob("*.pyx"))
parts = [str(part) for part in (*NATIVE.glob("*.pxd"), *sources)]
newest = max(Path(part).stat().st_mtime for part in parts)
for built in NATIVE.glob("*.so"):
    if built.stat().st_mtime < newest:
        built.unlink()  # if it cannot be built anew, the old one is not to be used

extensions = cythonize(
    [
        Extension(
            ".".join(source.with_suffix("").parts),
            [str(source)],
            depends=parts,
            extra_compile_args=["-O3", "-g0", "-ffp-contract=off"],  # no step may be rounded away
        )
        for source in sources
    ],
    build_dir="build/cython",
    compiler_directives=DIRECTIVES,
)
for extension in extensions:
    extension.optional = True  # without a C compiler NumPy does the same

setup(ext_modules=extensions)
