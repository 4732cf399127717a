"""The Flask application: `create_app(settings)`, its error pages and its headers.

The client is told of an error in words that name no path of this machine. The log has it in full,
each message once a minute at most.
"""

import logging
import threading
import time
from collections.abc import Callable, Container
from functools import lru_cache, partial
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from msgspec import UNSET, UnsetType
from werkzeug.exceptions import HTTPException

from indexer.errors import NewsdexError, UsageError
from indexer.settings import unknown_variables
from search_app.answers import Error, Fault
from search_app.api import JSON, api, json_response, search_json
from search_app.assets import Assets, static_files
from search_app.discovery import discovery
from search_app.exports import exports
from search_app.fairness import HEALTH, MESSAGES, STATUSES, Answers, Fairness
from search_app.feeds import feeds
from search_app.figures import ServiceFigures
from search_app.guard import refusal
from search_app.links import base_of, item_url
from search_app.look import look
from search_app.observing.access_log import AccessLog
from search_app.observing.metrics import Metrics
from search_app.observing.middleware import Observed
from search_app.page_templates import NAME as TEMPLATES
from search_app.page_templates import PageTemplates
from search_app.request_params import parameters_of
from search_app.search.index_reader import IndexReader
from search_app.search.request import shortened
from search_app.serving.admission import Reason
from search_app.serving.answer_cache import AnswerCache
from search_app.serving.base_path import below
from search_app.serving.cached import Cached
from search_app.serving.client_address import ProxyHeaders
from search_app.serving.cors import cors
from search_app.serving.direct import FAILED, Direct, Made, here
from search_app.serving.response_headers import WithHeaders
from search_app.serving.workers import Workers
from search_app.serving.wsgi import ROUTE, Answer, App, Environ
from search_app.settings import Images, Settings
from search_app.state import METRICS, NAME, SEARCHES, State, fixed_version, open_reader
from search_app.synonyms_file import SynonymsFile
from search_app.template_filters import FILTERS
from search_app.views import HTML, frame, pages, search_html

log = logging.getLogger(__name__)

UNEXPECTED = "this could not be answered, through a fault of this program; its log says more"

PLAINLY = {
    HTTPStatus.NOT_FOUND: "there is no such page",
    HTTPStatus.METHOD_NOT_ALLOWED: "this address answers to GET only",
}
"""What is wrong with requests that no page answers."""

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)

_FOR_PROGRAMS = ("/api/", "/openapi.json", "/search.", "/opensearch", "/sitemap", "/robots.txt")
"""Beginnings of the paths that programs ask for."""

_FOR_CRAWLERS = ("pages.item", "discovery.robots")
"""Endpoints whose answers crawlers may show; of the search only the front page."""


def create_app(
    settings: Settings | None = None,
    reader: IndexReader | None = None,
    recheck: float = 0.01,
    workers: Workers | None = None,
) -> Flask:
    """An application that answers from `reader` or, by default, from the index that `settings`
    name, which by default are those of the environment. Without an index it answers 503 until there
    is one. It looks whether the index or the synonyms have changed at most once in `recheck`
    seconds. Searches are made by the `workers`, if there are any."""
    if settings is None:
        settings = Settings.load()
        for told in unknown_variables():
            log.warning("%s", told)
    shown = look(settings)
    assets = Assets(static_files(shown))
    app = Flask(__name__, static_folder=None)
    app.extensions[NAME] = held = State(
        settings,
        reader or open_reader(settings, recheck=recheck),
        SynonymsFile(settings.synonyms_path, recheck, named_by=settings.synonyms_named_by),
        shown,
        assets,
        fixed_version(settings, assets),
        _access_log(settings),
    )
    app.url_map.merge_slashes = False  # an id may hold two; nothing is redirected
    app.register_blueprint(pages)
    app.register_blueprint(api)
    app.register_blueprint(exports)
    app.register_blueprint(feeds)
    app.register_blueprint(discovery)
    app.before_request(_refuse)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(NewsdexError, _Faults().answer)
    app.after_request(_keep_crawlers_out)
    app.jinja_env.globals |= {"item_url": item_url, "look": shown, "typed": _typed}
    app.jinja_env.filters |= FILTERS
    app.extensions[TEMPLATES] = PageTemplates(app.jinja_env)
    app.context_processor(lambda: frame(held, base_of(request.environ)))
    # Flask documents this as the way to put middleware in front; its types do not foresee it.
    app.wsgi_app = _stack(app, held, workers)  # type: ignore[assignment, method-assign]
    return app


def _stack(app: Flask, held: State, workers: Workers | None) -> App:
    """What stands before Flask, from the inside: what each request goes through, read upwards."""
    settings = held.settings
    cache = AnswerCache(settings.cache_mb * 1_000_000)
    searches = _searches(app, held)
    app.extensions[SEARCHES] = searches
    compute = workers.answer if workers else here
    direct = Direct(app.wsgi_app, searches, compute)
    cached = Cached(direct, _lasting_route(app, searches), partial(_version, held), cache)
    fair = Fairness(held.assets.in_front_of(cached), settings, _refusals(app))
    safe = WithHeaders(fair, safe_headers(settings))
    shared = cors(settings.cors_origins, _is_for_programs, safe)
    based = below(settings.base_path, shared)
    metrics = Metrics(ServiceFigures(held.reader, fair.gate, settings.threads, workers))
    app.extensions[METRICS] = metrics
    observed = Observed(based, metrics, held.access_log)
    return ProxyHeaders(observed, settings.trusted_proxies)


def _searches(app: Flask, held: State) -> dict[str, Made]:
    """What is asked most: searches, by path. They know of Flask nothing but their templates."""
    templates = app.extensions[TEMPLATES]
    return {
        "/search": (HTML, lambda environ: search_html(held, templates, environ)),
        "/api/search": (JSON, lambda environ: search_json(held, environ)),
    }


def _version(held: State) -> str:
    """The version of the state; "" if nothing can be answered, as whoever is asked then says."""
    try:
        return held.version()
    except NewsdexError:
        return ""


def _access_log(settings: Settings) -> AccessLog | None:
    if not settings.access_log:
        return None
    try:
        return AccessLog(settings.access_log, with_queries=settings.log_queries)
    except UsageError as error:
        key = settings.key("access_log")
        raise UsageError(f"{key}{str(error).removeprefix(error.name)}", key) from None


def _lasting_route(app: Flask, usual: Container[str]) -> Callable[[Environ], str]:
    """Gives the rule of a request's address, if the answer depends on the address and the version
    of the state only, or "". The `usual` paths are their own rules, which are not looked up."""
    addresses = app.url_map.bind("localhost")  # no rule of ours names a host

    def route(environ: Environ) -> str:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or refusal(environ):
            return ""
        path: str = environ.get("PATH_INFO", "")
        if path in usual:
            return path
        try:
            rule, _ = addresses.match(path, "GET", return_rule=True)
        except HTTPException:
            return ""
        return "" if rule.rule in HEALTH else rule.rule

    return route


def _refuse() -> Response | None:
    """The answer to a request that `guard` refuses. Leaves the route for who measures requests.
    Raises the error of an answer that was begun before Flask was asked, as if it was made here."""
    if request.url_rule:
        request.environ[ROUTE] = request.url_rule.rule
    if error := request.environ.get(FAILED):
        raise error
    refused = refusal(request.environ)
    return _error(refused.status, refused.kind, refused.message) if refused else None


def _typed() -> str:
    """The query to show in the search box of a page without results."""
    if refusal(request.environ):
        return ""
    return shortened(parameters_of(request.environ).get("q", [""])[0])


def _http_error(error: HTTPException) -> Response:
    """The answer to an error that Flask found, its kind named after its status. 500, an error of
    ours, is answered as 503: it is logged with its traceback, and the next request may well
    succeed."""
    status = HTTPStatus(error.code or 500)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _retry_later(_error(503, "unexpected", UNEXPECTED))
    kind = status.phrase.lower().replace(" ", "_")
    message = error.description or status.phrase
    if message == type(error).description:  # Werkzeug's, which speaks to whoever types addresses
        message = PLAINLY.get(status, message)
    response = _error(status, kind, message)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _retry_later(response: Response) -> Response:
    response.headers["Retry-After"] = "5"
    return response


class _Faults:
    """Answers errors of the index or its engine, and logs them. As every request meets the same
    error, a message is logged once in `pause` seconds; at most `most` messages are remembered."""

    def __init__(self, pause: float = 60.0, most: int = 100) -> None:
        self._pause, self._most = pause, most
        self._logged: dict[str, float] = {}  # message to when it was logged
        self._lock = threading.Lock()

    def answer(self, error: NewsdexError) -> Response:
        """400 if a parameter has a bad value, which the message names; otherwise 503."""
        if isinstance(error, UsageError):
            return _error(400, "bad_parameter", str(error), parameter=error.name)
        if self._is_due(str(error)):
            log.error("%s", error, exc_info=error.__cause__ and error)
        return _retry_later(_error(503, error.kind, error.public))

    def _is_due(self, message: str) -> bool:
        now = time.monotonic()
        with self._lock:
            if now - self._logged.get(message, -self._pause) < self._pause:
                return False
            if len(self._logged) >= self._most:
                self._logged.clear()
            self._logged[message] = now
            return True


def _error(status: int, kind: str, message: str, parameter: str | UnsetType = UNSET) -> Response:
    """The answer to an error: JSON for programs, a page for people."""
    if _is_for_programs(request.path):
        response = json_response(Error(Fault(kind, message, parameter)))
    else:
        page = render_template("error.html", status=status, kind=kind, message=message)
        response = Response(page)
    response.status_code = status
    return response


def _refusals(app: Flask) -> Answers:
    """Answers to requests that are refused before Flask sees them. Each is made once, because
    refusing must cost next to nothing: otherwise it could itself bring the server down."""

    @lru_cache
    def answer(path: str, base: str, reason: Reason) -> Answer:
        with app.test_request_context(path, environ_overrides={"SCRIPT_NAME": base}):
            response = app.process_response(_error(STATUSES[reason], reason, MESSAGES[reason]))
            return Answer(response.status, tuple(response.headers.items()), response.get_data())

    def answer_to(environ: Environ, reason: Reason) -> Answer:
        path = "/api/" if _is_for_programs(environ.get("PATH_INFO", "")) else "/"
        return answer(path, environ.get("SCRIPT_NAME", ""), reason)

    return answer_to


def _is_for_programs(path: str) -> bool:
    return path == "/api" or path.startswith((*_FOR_PROGRAMS, *HEALTH))


def safe_headers(settings: Settings) -> dict[str, str]:
    """The headers that keep an answer safe in a browser, whatever is in it. Only where pages show
    pictures may these come from elsewhere."""
    images = "'self' data: https:" if settings.images is Images.LINK else "'self' data:"
    frames = settings.frame_ancestors
    return {
        "Content-Security-Policy": f"{POLICY}; img-src {images}; frame-ancestors {frames}",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _keep_crawlers_out(response: Response) -> Response:
    """Ask crawlers to show only what is there for them."""
    is_front = request.path == "/" and not request.query_string
    if not is_front and request.endpoint not in _FOR_CRAWLERS:
        response.headers["X-Robots-Tag"] = "noindex"
    return response
