"""From the parameters of a request, as text, to a checked `SearchRequest` or `SuggestRequest`.

A parameter that there is none of is ignored, with a note; so are all values but the first of one
that has one value. Kinds of notes: unknown_parameter, repeated_parameter.
"""

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import filterfalse, islice
from typing import TypeVar
from urllib.parse import parse_qs, quote

from indexer.errors import UsageError
from indexer.facet_values import value_key
from indexer.schema import FACETS
from indexer.urls import is_tracking
from search_app.search.intervals import Interval
from search_app.search.nearest import near_hint, nearest
from search_app.search.period import period
from search_app.search.query.notes import MAX_NOTES_OF_A_KIND, shown
from search_app.search.query.rewrite import Match
from search_app.search.query.tree import Note
from search_app.search.request import (
    FACET_SIZE,
    MAX_ADDRESS,
    MAX_LISTED,
    MAX_OFFSET,
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_SELECTED,
    MAX_SUGGESTED,
    MAX_VALUE,
    PAGE_SIZE,
    SUGGESTED,
    FacetRequest,
    Group,
    SearchRequest,
    Selections,
    Sort,
    Spelling,
    SuggestRequest,
    TimelineRequest,
    address_bytes,
    no_selections,
    shortened,
)
from search_app.serving.wsgi import Environ

Choice = TypeVar("Choice", bound=StrEnum)
Parameters = Mapping[str, Sequence[str]]
"""Name to its values in order. Blank values count as absent."""

_SINGLE = (
    "q",
    "since",
    "until",
    "sort",
    "match",
    "spelling",
    "group",
    "story",
    "page",
    "page_size",
    "explain",
)
_NAMES = (*FACETS, *_SINGLE)
_SUGGEST = ("q", "limit")
_TIMELINE = ("interval",)
_FACET = ("prefix", "offset", "limit")
_ALIASES = {
    **dict.fromkeys(("query", "search", "text", "s"), "q"),
    **dict.fromkeys(("tag", "tags", "category", "keyword"), "topic"),
    **dict.fromkeys(("outlet", "source", "site", "publisher", "domain"), "provider"),
    "kind": "type",
    **dict.fromkeys(("lang", "locale"), "language"),
    **dict.fromkeys(("from", "after", "start_date", "date_from"), "since"),
    **dict.fromkeys(("to", "before", "end_date", "date_to"), "until"),
    **dict.fromkeys(("order", "order_by", "sort_by"), "sort"),
    **dict.fromkeys(("spell", "spellcheck", "autocorrect", "nfpr"), "spelling"),
    **dict.fromkeys(("limit", "size", "per_page", "count", "rows"), "page_size"),
}
"""What others call a parameter, which a note then names."""


def parameters_of(environ: Environ) -> Parameters:
    """The parameters in the address of a WSGI request. Bytes that are no UTF-8 stay as they are
    written there with percent signs."""
    query = environ.get("QUERY_STRING", "").encode("latin-1").decode(errors=_QUOTED)
    return parse_qs(query, keep_blank_values=True, errors=_QUOTED)


def _quoted(error: UnicodeError) -> tuple[str, int]:
    """What to write for bytes that cannot be decoded, and where to go on."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return quote(error.object[error.start : error.end], safe=""), error.end


_QUOTED = "newsdex.quoted"
codecs.register_error(_QUOTED, _quoted)


def search_request(
    parameters: Parameters,
    page_size: int = PAGE_SIZE,
    group: Group = Group.NONE,
    *,
    sort: Sort = Sort.RELEVANCE,
    match: Match = Match.AUTO,
    spelling: Spelling = Spelling.ON,
    more: Sequence[str] = (),
) -> SearchRequest:
    """The request these parameters ask for; `UsageError`, naming the parameter, if one has a
    value it cannot have. `page_size`, `group`, `sort`, `match` and `spelling` apply where they name
    none; `more` are the names of parameters that are known beside those of a search.

    Every request that somebody typed is made here, so here is where all that a request holds is
    bounded. A query that is too long is shortened; `dropped` says by how much.
    """
    given = _filled(parameters)
    typed = _text(given, "q")
    q = shortened(typed)
    return SearchRequest(
        q=q,
        selections=_selections(given),
        since=_period(given, "since"),
        until=_period(given, "until"),
        sort=_choice(given, "sort", sort),
        match=_choice(given, "match", match),
        spelling=_choice(given, "spelling", spelling),
        group=_choice(given, "group", group),
        story=_story(given),
        page=_number(given, "page", 1, MAX_PAGE),
        page_size=_number(given, "page_size", page_size, MAX_PAGE_SIZE),
        explain=_flag(given, "explain"),
        dropped=len(typed) - len(q),
        default_page_size=page_size,
        default_group=group,
        notes=(
            *_unknown(parameters, (*_NAMES, *more)),
            *_repeated(given, (*_SINGLE, *more)),
        ),
    )


def timeline_request(
    parameters: Parameters, page_size: int = PAGE_SIZE, grouped: Group = Group.NONE
) -> TimelineRequest:
    """Of which search these parameters ask for the items by date. `page_size` and `grouped` are the
    defaults of the search. Raises as `search_request`."""
    given = _filled(parameters)
    interval = _one(given, "interval") and _choice(given, "interval", Interval.DAY)
    search = search_request(parameters, page_size, grouped, more=_TIMELINE)
    return TimelineRequest(search, interval or None)


def facet_request(
    group: str,
    parameters: Parameters,
    page_size: int = PAGE_SIZE,
    grouped: Group = Group.NONE,
    limit: int = FACET_SIZE,
) -> FacetRequest:
    """Which values of a facet group these parameters ask for; `limit` is how many if they do not
    say, `page_size` and `grouped` are the defaults of the search. Raises as `search_request`."""
    given = _filled(parameters)
    prefix = _text(given, "prefix")
    if len(prefix) > MAX_VALUE:
        length = f"{len(prefix):,} characters; a value has at most {MAX_VALUE}"
        raise _error("prefix", f"{_shown(prefix)} has {length}")
    return FacetRequest(
        search=search_request(parameters, page_size, grouped, more=_FACET),
        group=group,
        prefix=prefix,
        offset=_number(given, "offset", 0, MAX_OFFSET, least=0),
        limit=_number(given, "limit", limit, MAX_LISTED),
    )


def suggest_request(parameters: Parameters) -> SuggestRequest:
    """What these parameters ask suggestions for. Raises as `search_request`."""
    given = _filled(parameters)
    return SuggestRequest(
        q=_text(given, "q"),
        limit=_number(given, "limit", SUGGESTED, MAX_SUGGESTED),
        notes=(*_unknown(parameters, _SUGGEST), *_repeated(given, _SUGGEST)),
    )


def _unknown(parameters: Parameters, names: Sequence[str]) -> Iterator[Note]:
    """Notes on the first few parameters that there are none of. What is added to
    links to follow them says nothing about a search, and no note tells of it."""
    unknown = (name for name in parameters if name and name not in names)
    for name in islice(filterfalse(is_tracking, unknown), MAX_NOTES_OF_A_KIND):
        key = value_key(name).replace("-", "_")
        alias = _ALIASES.get(key)
        near = [alias] if alias and alias in names else nearest(key, names, 1)
        message = f"there is no parameter {shown(_sound(name))}, so it was ignored{near_hint(near)}"
        yield Note("unknown_parameter", message, 0, 0)


def _repeated(given: Parameters, names: Sequence[str]) -> Iterator[Note]:
    """Notes on the parameters with several values of which only one counts."""
    for name in names:
        if name in given and len(set(given[name])) > 1:
            message = f"{name} was given more than once; {shown(_text(given, name))} was taken"
            yield Note("repeated_parameter", message, 0, 0)


def _selections(given: Parameters) -> Selections:
    selections = no_selections()
    selected = room = 0
    for group in FACETS:
        if group not in given:
            continue
        selections[group] = values = _values(given, group)
        selected += len(values)
        room += sum(address_bytes(f"&{group}={value}") for value in values)
        if selected > MAX_SELECTED:
            raise _error(group, f"{selected} values; select at most {MAX_SELECTED} in all")
        if room > MAX_ADDRESS:
            raise _error(group, "the selected values are too long together; select fewer")
    return selections


def _values(given: Parameters, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([_checked(name, value) for value in given[name]]))


def _checked(name: str, value: str) -> str:
    if len(value) > MAX_VALUE:
        length = f"{len(value):,} characters; a value has at most {MAX_VALUE}"
        raise _error(name, f"{_shown(value)} has {length}")
    if name == "year" and not re.fullmatch("[0-9]{4}", value):
        raise _error(name, f"{_shown(value)} is no year; write one like 2020")
    return _sound(value)


def _sound(text: str) -> str:
    """The text with a replacement character for each lone surrogate: no output could write it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shown(text: str, longest: int = 40) -> str:
    """A value as a message quotes it; if it is long, its beginning."""
    return repr(text if len(text) <= longest else f"{text[:longest]}…")


def _filled(parameters: Parameters) -> Parameters:
    """The parameters that have a value that is not blank, each with these values."""
    filled = {
        name: [value for value in values if value and not value.isspace()]
        for name, values in parameters.items()
    }
    return {name: values for name, values in filled.items() if values}


def _text(given: Parameters, name: str) -> str:
    """The first value of a parameter, as it was typed; empty if it has none."""
    return _sound(given[name][0]) if name in given else ""


def _one(given: Parameters, name: str) -> str:
    """The first value of a parameter, without blanks around it; empty if it has none."""
    return given[name][0].strip() if name in given else ""


def _period(given: Parameters, name: str) -> str:
    text = _one(given, name)
    if text and period(text) is None:
        forms = "2020, 2020-06, 2020-06-09 or 2020-06-09T18:00:00Z"
        raise _error(name, f"{_shown(text)} is no date; write {forms}")
    return text


def _story(given: Parameters) -> str:
    text = _one(given, "story")
    if text and not re.fullmatch("[0-9a-f]{16}", text):
        raise _error("story", f"{_shown(text)} is no story; take the `story` of a hit")
    return text


def _choice(given: Parameters, name: str, default: Choice) -> Choice:
    text = _one(given, name)
    if not text:
        return default
    choices = type(default)
    if text not in list(choices):
        near = near_hint(nearest(value_key(text), list(choices), 1))
        raise _error(name, f"{_shown(text)} is not one of {', '.join(choices)}{near}")
    return choices(text)


def _flag(given: Parameters, name: str) -> bool:
    text = _one(given, name)
    if text not in ("", "0", "1"):
        raise _error(name, f"{_shown(text)} is not 0 or 1")
    return text == "1"


def _number(given: Parameters, name: str, default: int, most: int, least: int = 1) -> int:
    text = _one(given, name)
    if not text:
        return default
    if not (re.fullmatch("[0-9]{1,12}", text) and least <= int(text) <= most):
        raise _error(name, f"{_shown(text)} is not a whole number from {least} to {most}")
    return int(text)


def _error(name: str, message: str) -> UsageError:
    return UsageError(f"{name}: {message}", name)
