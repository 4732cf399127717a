"""The description of the JSON API, in OpenAPI 3.1, for programs and their authors."""

from typing import Any

from indexer import VERSION
from indexer.fields import FACETS
from search_app.search.request import (
    MAX_PAGE,
    MAX_PAGE_SIZE,
    MAX_SELECTED,
    MAX_VALUE,
    PAGE_SIZE,
    Match,
    Sort,
)

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
OPTIONAL_TEXT: Schema = {"type": ["string", "null"]}
OPTIONAL_NUMBER: Schema = {"type": ["integer", "null"]}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}


def description() -> Schema:
    """The OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Newsdex",
            "version": VERSION,
            "description": "Ranked, faceted full-text search over news items.",
        },
        "paths": {
            "/api/search": {"get": _search()},
            "/api/items/{id}": {"get": _item()},
            "/healthz": {"get": _operation("Whether the process answers", {"status": TEXT}, ())},
            "/readyz": {"get": _operation("Whether searches can be answered", _READY, (503,))},
        },
        "components": {"schemas": {"Error": _ERROR, "Hit": _HIT, "Results": _RESULTS}},
    }


def _object(properties: Schema, **more: Any) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties, **more}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_ERROR = _object({"error": _object({"kind": TEXT, "message": TEXT}, additionalProperties=True)})
_READY = {"status": TEXT, "generation": TEXT, "items": COUNT, "warning": OPTIONAL_TEXT}
_PROVIDER = {
    "oneOf": [
        _object({"name": TEXT, "domain": TEXT}, description="An outlet; its domain is its key."),
        {"type": "null"},
    ]
}
_HIGHLIGHTS = _object(
    {"title": TEXT, "excerpt": TEXT}, description="Escaped HTML with <mark> around what was found."
)
_ARTICLE: Schema = {
    "title": TEXT,
    "excerpt": TEXT,
    "url": OPTIONAL_TEXT,
    "amp_url": OPTIONAL_TEXT,
    "cached_url": OPTIONAL_TEXT,
    "published": {"type": ["string", "null"], "format": "date-time"},
    "type": TEXT,
    "provider": _PROVIDER,
}
_RELATED = _object({**_ARTICLE, "matched": FLAG, "highlights": _HIGHLIGHTS})
_ITEM: Schema = {
    "id": TEXT,
    **_ARTICLE,
    "topics": _list(TEXT),
    "quality": OPTIONAL_NUMBER,
    "heat": OPTIONAL_NUMBER,
    "outlets": COUNT,
}
_HIT = _object(
    {**_ITEM, "score": {"type": "number"}, "highlights": _HIGHLIGHTS, "related": _list(_RELATED)}
)
_FACET = _object({"value": TEXT, "label": TEXT, "count": COUNT, "selected": FLAG})
_NOTE = _object({"kind": TEXT, "message": TEXT, "start": COUNT, "end": COUNT})
_RESULTS = _object(
    {
        "query": TEXT,
        "total": COUNT,
        "page": {"type": "integer", "minimum": 1},
        "page_size": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE},
        "sort": {"enum": list(Sort)},
        "match": {"enum": list(Match)},
        "relaxed": FLAG,
        "notes": _list(_NOTE),
        "did_you_mean": OPTIONAL_TEXT,
        "took_ms": {"type": "number"},
        "generation": TEXT,
        "hits": _list(_ref("Hit")),
        "facets": _object({group: _list(_FACET) for group in FACETS}),
    }
)
_ARTICLE_RELATED = _object(_ARTICLE)


def _parameter(name: str, schema: Schema, text: str) -> Schema:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _number(most: int, default: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": default}


def _search() -> Schema:
    value = {"type": "string", "maxLength": MAX_VALUE}
    year = {"type": "string", "pattern": "^[0-9]{4}$"}
    date = "A date: 2020, 2020-06, 2020-06-09 or an RFC 3339 instant; included."
    return {
        **_operation("Search", _ref("Results"), (400, 413, 429, 503)),
        "parameters": [
            _parameter(
                "q",
                TEXT,
                "The query; empty: everything; cut, with a note, if too long.",
            ),
            *(
                _parameter(
                    group,
                    {**_list(year if group == "year" else value), "maxItems": MAX_SELECTED},
                    "Any of these values.",
                )
                for group in FACETS
            ),
            _parameter("since", TEXT, date),
            _parameter("until", TEXT, date),
            _parameter("sort", {"enum": list(Sort), "default": Sort.RELEVANCE}, "The order."),
            _parameter("match", {"enum": list(Match), "default": Match.AUTO}, "All or any words."),
            _parameter("page", _number(MAX_PAGE, 1), "Which page of hits."),
            _parameter("page_size", _number(MAX_PAGE_SIZE, PAGE_SIZE), "Hits on a page."),
        ],
    }


def _item() -> Schema:
    schema = _object({**_ITEM, "related": _list(_ARTICLE_RELATED), "body": TEXT})
    path = {"name": "id", "in": "path", "required": True, "schema": TEXT}
    return {
        **_operation("One item with its coverage", schema, (400, 404, 413, 429, 503)),
        "parameters": [path],
    }


def _operation(summary: str, schema: Schema, errors: tuple[int, ...]) -> Schema:
    if "$ref" not in schema and schema.get("type") != "object":
        schema = _object(schema)
    answers = {"200": _answer("The answer", schema)}
    answers |= {str(status): _answer("An error", _ref("Error")) for status in errors}
    return {"summary": summary, "responses": answers}


def _answer(text: str, schema: Schema) -> Schema:
    return {"description": text, "content": {"application/json": {"schema": schema}}}
