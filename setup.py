"""The compiled part; all else that setuptools has to know stands in pyproject.toml."""

from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

FOLDERS = [
    Path("search_app/search/engines/whoosh/native"),
    Path("search_app/search/highlighting/native"),
]
DIRECTIVES = {
    "language_level": 3,
    "boundscheck": True,  # a column that lies ends in an error
    "wraparound": False,
    "cdivision": True,
    "initializedcheck": False,
    "embedsignature": True,
    "show_performance_hints": False,
}

parts = {
    folder: [str(part) for end in ("pxd", "pyx") for part in sorted(folder.glob(f"*.{end}"))]
    for folder in FOLDERS
}
for folder in FOLDERS:
    newest = max(Path(part).stat().st_mtime for part in parts[folder])
    for built in folder.glob("*.so"):
        if built.stat().st_mtime < newest:
            built.unlink()  # if it cannot be built anew, the old one is not to be used

extensions = cythonize(
    [
        Extension(
            ".".join(source.with_suffix("").parts),
            [str(source)],
            depends=parts[source.parent],
            extra_compile_args=["-O3", "-g0", "-ffp-contract=off"],  # no step may be rounded away
        )
        for folder in FOLDERS
        for source in sorted(folder.glob("*.pyx"))
    ],
    build_dir="build/cython",
    compiler_directives=DIRECTIVES,
)
for extension in extensions:
    extension.optional = True  # without a C compiler NumPy does the same

setup(ext_modules=extensions)
