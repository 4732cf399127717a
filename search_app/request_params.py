"""From the parameters of a request, as text, to a checked `SearchRequest`."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from indexer.errors import UsageError
from indexer.schema import FACETS
from search_app.search.period import period
from search_app.search.query.rewrite import Match
from search_app.search.request import (
    MAX_ADDRESS,
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_SELECTED,
    MAX_VALUE,
    PAGE_SIZE,
    SearchRequest,
    Selections,
    Sort,
    address_bytes,
    shortened,
)

Choice = TypeVar("Choice", bound=StrEnum)
Parameters = Mapping[str, Sequence[str]]
"""Name to its values in order. Unknown names are ignored, blank values count as absent."""


def search_request(parameters: Parameters, page_size: int = PAGE_SIZE) -> SearchRequest:
    """The request these parameters ask for; `UsageError`, naming the parameter, if one has a
    value it cannot have. `page_size` applies where they name none.

    This is the one way from what somebody typed to a request, so all that a request holds is
    bounded here. A query that is too long is shortened, which `dropped` tells.
    """
    typed = _sound(next(_filled(parameters, "q"), ""))
    q = shortened(typed)
    return SearchRequest(
        q=q,
        selections=_selections(parameters),
        since=_period(parameters, "since"),
        until=_period(parameters, "until"),
        sort=_choice(parameters, "sort", Sort.RELEVANCE),
        match=_choice(parameters, "match", Match.AUTO),
        page=_number(parameters, "page", 1, MAX_PAGE),
        page_size=_number(parameters, "page_size", page_size, MAX_PAGE_SIZE),
        dropped=len(typed) - len(q),
    )


def _selections(parameters: Parameters) -> Selections:
    selections: Selections = {}
    selected = room = 0
    for group in FACETS:
        selections[group] = values = _values(parameters, group)
        selected += len(values)
        room += sum(address_bytes(f"&{group}={value}") for value in values)
        if selected > MAX_SELECTED:
            message = f"{group}: {selected} values; select at most {MAX_SELECTED} in all"
            raise UsageError(message, group)
        if room > MAX_ADDRESS:
            message = f"{group}: the selected values are too long together; select fewer"
            raise UsageError(message, group)
    return selections


def _values(parameters: Parameters, name: str) -> tuple[str, ...]:
    given = tuple(dict.fromkeys(_filled(parameters, name)))
    for value in given:
        if len(value) > MAX_VALUE:
            raise UsageError(
                f"{name}: {_shown(value)} has {len(value):,} characters; a value has at most "
                f"{MAX_VALUE}",
                name,
            )
    values = tuple(map(_sound, given))
    if name == "year":
        for value in values:
            if not (len(value) == 4 and value.isascii() and value.isdigit()):
                raise UsageError(f"year: {_shown(value)} is no year; write one like 2020", name)
    if name == "provider":
        return tuple(dict.fromkeys(value.strip().lower().removeprefix("www.") for value in values))
    if name == "type":
        return tuple(dict.fromkeys(value.strip().lower() for value in values))
    return values


def _sound(text: str) -> str:
    """The text with a replacement character for each lone surrogate: no output could write it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shown(text: str, longest: int = 40) -> str:
    """A value quoted in a message; of a long one its beginning."""
    return repr(text if len(text) <= longest else f"{text[:longest]}…")


def _filled(parameters: Parameters, name: str) -> Iterator[str]:
    return (value for value in parameters.get(name, ()) if value and not value.isspace())


def _one(parameters: Parameters, name: str) -> str:
    return next(_filled(parameters, name), "").strip()


def _period(parameters: Parameters, name: str) -> str:
    text = _one(parameters, name)
    if text and period(text) is None:
        raise UsageError(
            f"{name}: {_shown(text)} is no date; write 2020, 2020-06, 2020-06-09 or "
            "2020-06-09T18:00:00Z",
            name,
        )
    return text


def _choice(parameters: Parameters, name: str, default: Choice) -> Choice:
    text = _one(parameters, name)
    if not text:
        return default
    kind = type(default)
    if text not in list(kind):
        raise UsageError(f"{name}: {_shown(text)} is not one of {', '.join(kind)}", name)
    return kind(text)


def _number(parameters: Parameters, name: str, default: int, most: int) -> int:
    text = _one(parameters, name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and 1 <= int(text) <= most):
        raise UsageError(f"{name}: {_shown(text)} is not a whole number from 1 to {most}", name)
    return int(text)
