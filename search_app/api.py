"""The JSON API, and what machines ask besides: its description, health and readiness."""

from flask import Blueprint, Response, abort, current_app, jsonify, request

from search_app.answers import Health, Ready
from search_app.json_views import item_answer, no_item, results_bytes
from search_app.openapi import Schema, description
from search_app.request_params import search_request
from search_app.state import state

api = Blueprint("api", __name__)


@api.get("/api/search")
def search() -> Response:
    """The results of a search."""
    held = state(current_app.extensions)
    results = held.search(search_request(request.args.to_dict(flat=False), held.settings.page_size))
    return Response(results_bytes(results), mimetype="application/json")


@api.get("/api/items/<path:id>")
def item(id: str) -> Response:
    """One item with its coverage."""
    hit = state(current_app.extensions).get(id)
    if hit is None:
        abort(404, no_item(id))
    return jsonify(item_answer(hit))


@api.get("/openapi.json")
def openapi() -> Schema:
    """The description of this API."""
    return description()


@api.get("/healthz")
def healthz() -> Response:
    """Whether the process answers at all."""
    return jsonify(Health("ok"))


@api.get("/readyz")
def readyz() -> Response:
    """Whether searches can be answered; 503 if not."""
    with state(current_app.extensions).reader.acquire() as lease:
        warning = None
        if lease.fault:
            warning = f"{lease.fault.public}; answering from {lease.generation} instead"
        return jsonify(Ready("ready", lease.generation, lease.searcher.stats().items, warning))
