"""The description of the JSON API, in OpenAPI 3.1, for programs and their authors."""

from typing import Any

from msgspec.json import schema_components

from indexer import VERSION
from indexer.schema import FACETS
from search_app import answers
from search_app.feed_model import feed_request
from search_app.search.intervals import Interval
from search_app.search.query.rewrite import Match
from search_app.search.request import (
    FACET_SIZE,
    MAX_LISTED,
    MAX_OFFSET,
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_SELECTED,
    MAX_SUGGESTED,
    MAX_VALUE,
    PAGE_SIZE,
    SUGGESTED,
    Group,
    Sort,
    Spelling,
)
from search_app.search.results import FacetResults, TimelineResults

Schema = dict[str, Any]

_VALUES = {
    "topic": "Any of these topics, in any case.",
    "provider": "Any of these outlets, by domain or name, in any case.",
    "type": "Any of these types, in any case.",
    "year": "Any of these years.",
    "language": "Any of these languages, by code or English name.",
}

TEXT: Schema = {"type": "string"}
_REF = "#/components/schemas/{name}"
_REFERENCES, _SCHEMAS = schema_components(
    (
        answers.Results,
        answers.Suggestions,
        TimelineResults,
        FacetResults,
        answers.Item,
        answers.ExportedItem,
        answers.JsonFeed,
        answers.Health,
        answers.Ready,
        answers.Error,
    ),
    ref_template=_REF,
)
_RESULTS, _SUGGESTIONS, _TIMELINE, _FACET, *_OTHERS = _REFERENCES
_ITEM, _LINE, _FEED, _HEALTH, _READY, _ERROR = _OTHERS

_ERRORS = (400, 413, 429, 503)
"""The statuses of errors that any search may end in."""


def description(page_size: int = PAGE_SIZE, base: str = "") -> Schema:
    """The OpenAPI document of an API at the path `base`. A search that names no page size has this
    one."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Newsdex",
            "version": VERSION,
            "description": "Ranked, faceted full-text search over news items.",
        },
        "servers": [{"url": base or "/"}],
        "paths": {
            "/api/search": {"get": _search(page_size)},
            "/api/suggest": {"get": _suggest()},
            "/api/timeline": {"get": _timeline(page_size)},
            "/api/facets/{group}": {"get": _facet(page_size)},
            "/api/items/{id}": {"get": _item()},
            "/api/items/{id}/similar": {"get": _similar(page_size)},
            "/search.json": {"get": _feed()},
            "/search.jsonl": {"get": _export()},
            "/opensearch/suggest": {"get": _browser_suggest()},
            "/healthz": {"get": _operation("Whether the process answers", _HEALTH, ())},
            "/readyz": {"get": _operation("Whether searches can be answered", _READY, (503,))},
        },
        "components": {"schemas": _SCHEMAS},
    }


def _parameter(name: str, schema: Schema, text: str) -> Schema:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _number(most: int, default: int, least: int = 1) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}


def _values(group: str) -> Schema:
    bound = {"pattern": "^[0-9]{4}$"} if group == "year" else {"maxLength": MAX_VALUE}
    return {"type": "array", "items": TEXT | bound, "maxItems": MAX_SELECTED}


def _search(page_size: int) -> Schema:
    return {
        **_operation("Search", _RESULTS, _ERRORS),
        "parameters": _search_parameters(page_size),
    }


def _suggest() -> Schema:
    return {
        **_operation("What a search box suggests", _SUGGESTIONS, _ERRORS),
        "parameters": [
            _parameter("q", TEXT, "What was typed so far; empty: the most used topics."),
            _parameter("limit", _number(MAX_SUGGESTED, SUGGESTED), "Suggestions at most."),
        ],
    }


def _timeline(page_size: int) -> Schema:
    return {
        **_operation("What a search finds, by date", _TIMELINE, _ERRORS),
        "parameters": [
            *_search_parameters(page_size),
            _parameter(
                "interval",
                {"enum": list(Interval)},
                "What each bucket is; without it, the first of which 60 are enough.",
            ),
        ],
    }


def _facet(page_size: int) -> Schema:
    group = {"name": "group", "in": "path", "required": True, "schema": {"enum": list(FACETS)}}
    begins = "Only values with a name in which a word begins so."
    return {
        **_operation("Values of a facet", _FACET, (404, *_ERRORS)),
        "parameters": [
            group,
            *_search_parameters(page_size),
            _parameter("prefix", TEXT | {"maxLength": MAX_VALUE}, begins),
            _parameter("offset", _number(MAX_OFFSET, 0, 0), "How many values are skipped."),
            _parameter("limit", _number(MAX_LISTED, FACET_SIZE), "Values at most."),
        ],
    }


def _feed() -> Schema:
    usual = feed_request({})
    return {
        **_operation("The newest hits as a JSON Feed", _FEED, _ERRORS, "application/feed+json"),
        "parameters": _search_parameters(usual.page_size, usual.sort, usual.match),
    }


def _export() -> Schema:
    """The schema is that of a line: OpenAPI 3.1 has no word for that."""
    line = {"anyOf": [_LINE, _ERROR]}
    summary = "All hits, one in a line; an error in the last line says that lines are missing"
    whole = ("page", "page_size", "explain")
    return {
        **_operation(summary, line, _ERRORS, "application/jsonl"),
        "parameters": [p for p in _search_parameters(PAGE_SIZE) if p["name"] not in whole],
    }


def _browser_suggest() -> Schema:
    texts = {"type": "array", "items": TEXT}
    schema = {
        "type": "array",
        "prefixItems": [TEXT, texts, texts, texts],
        "minItems": 4,
        "maxItems": 4,
    }
    summary = "The same as browsers read it: what was typed, texts, counts in words, addresses"
    return {
        **_operation(summary, schema, _ERRORS, "application/x-suggestions+json"),
        "parameters": _suggest()["parameters"],
    }


def _search_parameters(
    page_size: int, sort: Sort = Sort.RELEVANCE, match: Match = Match.AUTO
) -> list[Schema]:
    date = "A date: 2020, 2020-06, 2020-06-09 or an RFC 3339 instant; included."
    return [
        _parameter("q", TEXT, "The query; empty: everything; cut, with a note, if too long."),
        *(_parameter(group, _values(group), _VALUES[group]) for group in FACETS),
        _parameter("since", TEXT, date),
        _parameter("until", TEXT, date),
        _parameter("sort", {"enum": list(Sort), "default": sort}, "The order."),
        _parameter("match", {"enum": list(Match), "default": match}, "All or any words."),
        _parameter(
            "spelling",
            {"enum": list(Spelling), "default": Spelling.ON},
            "Whether words that no item has may be corrected.",
        ),
        _parameter("group", {"enum": list(Group), "default": Group.NONE}, "One per story?"),
        _parameter("story", TEXT | {"pattern": "^[0-9a-f]{16}$"}, "Only items of this story."),
        _parameter("page", _number(MAX_PAGE, 1), "Which page of hits."),
        _parameter("page_size", _number(MAX_PAGE_SIZE, page_size), "Hits on a page."),
        _parameter(
            "explain", {"enum": ["0", "1"], "default": "0"}, "1: say how each score comes about."
        ),
    ]


_ID: Schema = {"name": "id", "in": "path", "required": True, "schema": TEXT}


def _item() -> Schema:
    return {
        **_operation("One item with its coverage", _ITEM, (400, 404, 413, 429, 503)),
        "parameters": [_ID],
    }


def _similar(page_size: int) -> Schema:
    return {
        **_operation("More like one item", _RESULTS, (400, 404, 413, 429, 503)),
        "parameters": [_ID, *_search_parameters(page_size)],
    }


def _operation(
    summary: str, schema: Schema, errors: tuple[int, ...], media: str = "application/json"
) -> Schema:
    answers = {"200": _answer("The answer", schema, media)}
    answers |= {str(status): _answer("An error", _ERROR) for status in errors}
    return {"summary": summary, "responses": answers}


def _answer(text: str, schema: Schema, media: str = "application/json") -> Schema:
    return {"description": text, "content": {media: {"schema": schema}}}
