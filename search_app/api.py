"""The JSON API, its description, and whether the process is alive and ready."""

import msgspec
from flask import Blueprint, Response, abort, current_app, request

from indexer.schema import FACETS
from search_app.answers import Health, Ready
from search_app.json_views import item_answer, no_group, no_item, results_bytes
from search_app.links import base_of
from search_app.observing.metrics import MEDIA_TYPE, Metrics
from search_app.openapi import description
from search_app.request_params import facet_request, parameters_of, timeline_request
from search_app.serving.wsgi import Environ
from search_app.state import METRICS, State, state
from search_app.suggest_view import suggest_answer

api = Blueprint("api", __name__)

JSON = "application/json"


def json_response(answer: object) -> Response:
    """An answer as JSON: UTF-8, keys in the order of the fields."""
    return Response(msgspec.json.encode(answer), mimetype=JSON)


@api.get("/api/search")
def search() -> Response:
    """The results of a search."""
    found = search_json(state(current_app.extensions), request.environ)
    return Response(found, mimetype=JSON)


def search_json(held: State, environ: Environ) -> bytes:
    """The results of the search that a request asks for."""
    return results_bytes(held.search(parameters_of(environ)))


@api.get("/api/suggest")
def suggest() -> Response:
    """What a search box suggests for what was typed so far."""
    found = state(current_app.extensions).suggest(parameters_of(request.environ))
    return json_response(suggest_answer(found, base_of(request.environ)))


@api.get("/api/timeline")
def timeline() -> Response:
    """What a search finds, by date."""
    asked = timeline_request(parameters_of(request.environ))
    return json_response(state(current_app.extensions).timeline(asked))


@api.get("/api/facets/<group>")
def facet(group: str) -> Response:
    """Values of a facet group in what a search finds."""
    if group not in FACETS:
        abort(404, no_group(group))
    asked = facet_request(group, parameters_of(request.environ))
    return json_response(state(current_app.extensions).facet_values(asked))


@api.get("/api/items/<path:id>")
def item(id: str) -> Response:
    """One item with its coverage."""
    hit = state(current_app.extensions).get(id)
    if hit is None:
        abort(404, no_item(id))
    return json_response(item_answer(hit))


@api.get("/api/items/<path:id>/similar")
def similar(id: str) -> Response:
    """More like one item: the results of a search for its significant terms. Without such an item,
    the item whose id ends so."""
    results = state(current_app.extensions).similar(id, parameters_of(request.environ))
    if results is None:
        return item(f"{id}/similar")
    return Response(results_bytes(results), mimetype=JSON)


@api.get("/openapi.json")
def openapi() -> Response:
    """The description of this API."""
    page_size = state(current_app.extensions).settings.page_size
    return json_response(description(page_size, base_of(request.environ)))


@api.get("/healthz")
def healthz() -> Response:
    """Whether the process answers at all."""
    return json_response(Health("ok"))


@api.get("/metrics")
def metrics() -> Response:
    """What is counted, for Prometheus."""
    counted: Metrics = current_app.extensions[METRICS]
    return Response(counted.text(), content_type=MEDIA_TYPE)


@api.get("/readyz")
def readyz() -> Response:
    """Whether searches can be answered; 503 if not."""
    with state(current_app.extensions).reader.acquire() as lease:
        warning = None
        if lease.fault:
            warning = f"{lease.fault.public}; answering from {lease.generation} instead"
        return json_response(
            Ready("ready", lease.generation, lease.searcher.stats().items, warning)
        )
