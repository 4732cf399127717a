"""From the parameters of a request, as text, to a checked `SearchRequest`."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from indexer.errors import UsageError
from indexer.fields import FACETS
from search_app.search.period import period
from search_app.search.request import (
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_SELECTED,
    PAGE_SIZE,
    Match,
    SearchRequest,
    Sort,
)

Choice = TypeVar("Choice", bound=StrEnum)
Parameters = Mapping[str, Sequence[str]]
"""Name to its values in order. Unknown names are ignored, blank values count as absent."""


def search_request(parameters: Parameters, page_size: int = PAGE_SIZE) -> SearchRequest:
    """The request these parameters ask for; `UsageError`, naming the parameter, if one has a
    value it cannot have. `page_size` applies where they name none."""
    parameters = {name: [_sound(v) for v in values] for name, values in parameters.items()}
    return SearchRequest(
        q=next(_filled(parameters, "q"), ""),
        selections={group: _values(parameters, group) for group in FACETS},
        since=_period(parameters, "since"),
        until=_period(parameters, "until"),
        sort=_choice(parameters, "sort", Sort.RELEVANCE),
        match=_choice(parameters, "match", Match.AUTO),
        page=_number(parameters, "page", 1, MAX_PAGE),
        page_size=_number(parameters, "page_size", page_size, MAX_PAGE_SIZE),
    )


def _values(parameters: Parameters, name: str) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(_filled(parameters, name)))
    if len(values) > MAX_SELECTED:
        raise UsageError(f"{name}: {len(values)} values; select at most {MAX_SELECTED}", name)
    if name == "year":
        for value in values:
            if not (len(value) == 4 and value.isascii() and value.isdigit()):
                raise UsageError(f"year: {value!r} is no year; write one like 2020", name)
    if name == "provider":
        return tuple(dict.fromkeys(value.strip().lower().removeprefix("www.") for value in values))
    if name == "type":
        return tuple(dict.fromkeys(value.strip().lower() for value in values))
    return values


def _sound(text: str) -> str:
    """The text with a replacement character for each lone surrogate: no output could write it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _filled(parameters: Parameters, name: str) -> Iterator[str]:
    return (value for value in parameters.get(name, ()) if value.strip())


def _one(parameters: Parameters, name: str) -> str:
    return next(_filled(parameters, name), "").strip()


def _period(parameters: Parameters, name: str) -> str:
    text = _one(parameters, name)
    if text and period(text) is None:
        raise UsageError(
            f"{name}: {text!r} is no date; write 2020, 2020-06, 2020-06-09 or 2020-06-09T18:00:00Z",
            name,
        )
    return text


def _choice(parameters: Parameters, name: str, default: Choice) -> Choice:
    text = _one(parameters, name)
    if not text:
        return default
    kind = type(default)
    if text not in list(kind):
        raise UsageError(f"{name}: {text!r} is not one of {', '.join(kind)}", name)
    return kind(text)


def _number(parameters: Parameters, name: str, default: int, most: int) -> int:
    text = _one(parameters, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and 1 <= int(text) <= most):
        raise UsageError(f"{name}: {text!r} is not a whole number from 1 to {most}", name)
    return int(text)
