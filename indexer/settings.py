"""The settings of indexing: one table, whose rows are the fields of a dataclass.

A command reads them once, when it starts, and passes them down. The search side adds rows. What the
environment does not say, the settings file may: TOML without tables, whose keys are the names of
the settings (`page_size`). A value is what the environment would hold, or a number, true or false,
or a list of texts, which stands for its entries with commas between them.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from indexer.analysis.language_codes import DETECT, language_code
from indexer.errors import UsageError
from indexer.item import DEFAULT_LANGUAGE

PREFIX = "NEWSDEX_"

_OF_KUBERNETES = re.compile(r"(\w+_)?(SERVICE_(HOST|PORT\w*)|PORT_[0-9]+_(TCP|UDP|SCTP)\w*)")
"""What Kubernetes sets beside a service whose name begins with that of Newsdex."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Reads a whole number within bounds."""

    least: int
    most: int | None = None

    def __call__(self, text: str) -> int:
        """The number. Raises a `ValueError` that says what may be written instead."""
        number = int(text) if text.isascii() and text.isdigit() else -1
        if number < self.least or (self.most is not None and number > self.most):
            up_to = "" if self.most is None else f" and at most {self.most}"
            raise ValueError(f"write a whole number, at least {self.least}{up_to}")
        return number


def flag(text: str) -> bool:
    """Read `1`, `true`, `yes`, `on` or their opposites, in any case."""
    known = {"1": True, "true": True, "yes": True, "on": True}
    known |= {"0": False, "false": False, "no": False, "off": False, "": False}
    if text.lower() not in known:
        raise ValueError("write 1 or 0")
    return known[text.lower()]


def language(text: str) -> str:
    """Read a language, as its code, or `DETECT`, for which a package must be installed."""
    if text.strip().lower() == DETECT:
        if find_spec("py3langid") is None:
            raise ValueError("detecting languages needs a package: pip install 'newsdex[detect]'")
        return DETECT
    code = language_code(text)
    if code is None:
        raise ValueError(f"write the code of a language, such as en or de, or {DETECT}")
    return code


@dataclass(frozen=True, slots=True)
class Listed:
    """Reads a list, by its entries: those of a list in the settings file, or the parts of a text
    between its commas."""

    read: Callable[[Sequence[str]], Any]

    def __call__(self, text: str) -> Any:
        """What the parts of a text give. Raises `ValueError` as `read` does."""
        return self.read(text.split(","))


def row(default: str, help: str, read: Callable[[str], Any] = str) -> Any:
    """A row of the table. `read` turns text into the value; if it cannot, it raises a `ValueError`
    that says what may be written."""
    return field(metadata={"default": default, "help": help, "read": read})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of indexing."""

    config: Path = row("newsdex.toml", "The settings file, which need not be there.", Path)
    seeds: Path = row("seeds", "The folder of news items.", Path)
    index: Path = row("index", "The folder of the index.", Path)
    synonyms: Path = row(
        "synonyms.txt", "The file of synonyms; a relative path begins in the seeds folder.", Path
    )
    engine: str = row("whoosh", "The engine that holds the index: whoosh.")
    jobs: int = row("0", "Processes that read files and merge; 0: one for each core.", Whole(0, 64))
    memory: int = row("256", "Megabytes that a process that reads files may need.", Whole(64))
    follow_links: bool = row("1", "0: refuse links that lead out of the seeds folder.", flag)
    promoted_only: bool = row("0", "1: leave out items whose file says `published: false`.", flag)
    language: str = row(
        DEFAULT_LANGUAGE,
        "Language of items that state none: a code such as de; auto: told from their words.",
        language,
    )
    poll: bool = row("0", "1: `--watch` looks once a second, for network folders.", flag)

    keys: Mapping[str, str] = field(default_factory=dict, kw_only=True, repr=False, compare=False)
    """How each setting was given, if not by a program: the variable, or the file and the key."""

    def key(self, name: str) -> str:
        """What a message calls a setting."""
        return self.keys.get(name, name)

    @property
    def synonyms_path(self) -> Path:
        """The file of synonyms."""
        return self.seeds / self.synonyms

    @property
    def synonyms_named_by(self) -> str:
        """What names another file of synonyms than the usual one, which need not be there; ""."""
        usual = Path(table(Settings)["synonyms"].metadata["default"])
        return "" if self.synonyms == usual else self.key("synonyms")

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ, **given: Any) -> Self:
        """Each setting as given, or if it is not (`None`) from the environment, from the settings
        file, or its default. An empty variable counts as none. Raises `UsageError`, naming the
        variable or the file and its key, for a value that cannot be read and for a key that there
        is none of."""
        read = {name: value for name, value in given.items() if value is not None}
        named = read.get("config") or environ.get(variable("config"))
        read["config"] = config = Path(named or table(cls)["config"].metadata["default"])
        file = _settings_file(config, required=bool(named))
        _check_keys(config, file)
        keys = {}
        for name, setting in table(cls).items():
            if name not in read:
                key = variable(name)
                value: str | list[str] = environ.get(key, "")
                if not value and name in file:
                    key, value = f"{config}: {name}", file[name]
                if value:
                    keys[name] = key
                read[name] = _read(key, value or setting.metadata["default"], setting)
        return cls(**read, keys=keys)


def table(settings: type[Settings]) -> dict[str, "Field[Any]"]:
    """The rows of a table of settings, by name; `metadata` holds what `row` was given."""
    return {setting.name: setting for setting in fields(settings) if setting.metadata}


def variable(name: str) -> str:
    """The environment variable that a setting is read from."""
    return PREFIX + name.upper()


def unknown_variables(environ: Mapping[str, str] = os.environ) -> list[str]:
    """What to say of each variable that is called like a setting and is none. It is no error: a
    variable may be meant for another version, or be set beside us."""
    names = _names()
    known = set(map(variable, names))
    return [
        f"{name}: {_no_setting(name.removeprefix(PREFIX), names, variable)}"
        for name in sorted(environ)
        if name.startswith(PREFIX) and environ[name] and name not in known
        if not _OF_KUBERNETES.fullmatch(name.removeprefix(PREFIX))
    ]


def _names() -> set[str]:
    """The names of the settings in every table that is loaded, those that the search side adds
    too."""
    tables: list[type[Settings]] = [Settings, *Settings.__subclasses__()]
    return {name for each in tables for name in table(each)}


def _no_setting(key: str, names: Iterable[str], called: Callable[[str], str] = str) -> str:
    """That a key is no setting, and which it is near to, as that is `called`."""
    near = get_close_matches(key.lower().replace("-", "_"), names, 1)
    return f"there is no such setting{f'; do you mean {called(near[0])}?' if near else ''}"


def _read(key: str, value: str | list[str], setting: "Field[Any]") -> Any:
    """The value of a setting. Raises `UsageError`, naming the key, if it cannot be read."""
    read, text = setting.metadata["read"], value if isinstance(value, str) else ", ".join(value)
    try:
        if "\0" in text:  # which no path may have
            raise ValueError("leave out the character U+0000")
        if isinstance(read, Listed) and not isinstance(value, str):
            return read.read(value)
        return read(text)
    except ValueError as error:
        raise UsageError(f"{key}: {text!r}: {error}", key) from None


def _settings_file(path: Path, *, required: bool) -> dict[str, str | list[str]]:
    """What the file says, by key. Without a file nothing, unless it is `required`.

    Raises `UsageError`, naming the file and the line or the key, if it cannot be read.
    """
    try:
        found = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        if required:
            raise UsageError(f"{path}: there is no such settings file", "config") from None
        return {}
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}", "config") from None
    except ValueError as error:  # TOML that is none, which tells the line, or no UTF-8
        raise UsageError(f"{path}: is no TOML: {error}", "config") from None
    return {key: _texts(path, key, value) for key, value in found.items()}


def _texts(path: Path, key: str, value: Any) -> str | list[str]:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise UsageError(
        f"{path}: {key}: write text in quotes, a number, true or false, or a list of texts", key
    )


def _check_keys(config: Path, file: Mapping[str, object]) -> None:
    """Raise `UsageError` for a key that is no setting. One file serves all commands, so it may hold
    the settings of every table."""
    known = _names() - {"config"}
    for key in file:
        if key not in known:
            raise UsageError(f"{config}: {key}: {_no_setting(key, known)}", key)
