"""The pages: the search, and one item with its coverage."""

from datetime import UTC, date, datetime
from functools import partial

from flask import Blueprint, abort, current_app, render_template, request

from indexer.errors import UsageError
from indexer.schema import FACETS
from search_app.absolute_links import permanent_base
from search_app.detail import HITS, ITEMS, PAGE, Detail, fitting
from search_app.item_body import body_html
from search_app.json_views import no_group, no_item
from search_app.links import base_of, item_url, parameters
from search_app.page_templates import NAME as TEMPLATES
from search_app.page_templates import PageTemplates
from search_app.pages.display import Display
from search_app.pages.facet import facet_page
from search_app.pages.front import front_page
from search_app.pages.help import help_examples, help_page
from search_app.pages.item import item_page
from search_app.pages.pieces import Pieces
from search_app.pages.search import WANTED, search_page
from search_app.pages.timeline import MOST_ROWS, timeline_page
from search_app.request_params import (
    Parameters,
    facet_request,
    parameters_of,
    search_request,
    timeline_request,
)
from search_app.search.request import MAX_LISTED, SearchRequest
from search_app.search.results import Hit
from search_app.serving.wsgi import Environ
from search_app.settings import Images
from search_app.state import State, state
from search_app.structured_data import news_article
from search_app.template_filters import short

pages = Blueprint("pages", __name__)

HTML = "text/html; charset=utf-8"

SIMILAR = 5
"""Stories that the page of an item names as more like it."""


@pages.get("/")
def front() -> str | bytes:
    """The front page; with parameters, the page of a search."""
    asked = _asked()
    if parameters(asked) or asked.notes:
        return search()
    overview, created = _state().overview()
    examples = help_examples(_state().examples(), _display())
    shown = front_page(overview, created, examples, _pieces())
    return render_template("front.html", front=shown)


@pages.get("/search")
def search() -> bytes:
    """A page of results; without a query it shows everything, newest first."""
    return search_html(_state(), _templates(), request.environ)


def search_html(held: State, templates: PageTemplates, environ: Environ) -> bytes:
    """The page of the search that a request asks for, its hits in as much detail as fits."""
    results, display = held.page(parameters_of(environ), WANTED), _shown(held, environ)
    examples = () if results.hits else help_examples(held.examples(), display)
    values, today = frame(held, display.base), _today()
    for detail in HITS:
        values["page"] = search_page(results, display, detail, today, examples)
        shown = templates.page("search.html", values)
        if len(shown) <= PAGE:
            break
    return shown


@pages.get("/search/facets/<group>")
def facet(group: str) -> bytes:
    """All values of a facet group in what a search finds."""
    if group not in FACETS:
        abort(404, no_group(group))
    held = _state()
    defaults = held.settings.page_size, held.settings.group
    asked = facet_request(group, _parameters(), *defaults, limit=MAX_LISTED)
    shown = facet_page(asked, held.facet_values(asked), _display())
    return _rendered("facet.html", shown)


@pages.get("/search/timeline")
def timeline() -> bytes:
    """What a search finds, by date."""
    held = _state()
    asked = timeline_request(_parameters(), held.settings.page_size, held.settings.group)
    shown = timeline_page(asked, held.timeline(asked, MOST_ROWS), _display())
    return _rendered("timeline.html", shown)


@pages.get("/search/help")
def how_to_search() -> bytes:
    """The query language by examples from the index."""
    return _rendered("help.html", help_page(_state().examples(), _display()))


@pages.get("/items/<path:id>")
def item(id: str) -> str:
    """One item, with every outlet's article on the same story, the other items that tell it, and
    some that are like it. The parameters are those of the search that led here."""
    came_from = _search_that_led_here()
    found = _state().get_with_others(id, SIMILAR, came_from)
    if found is None:
        abort(404, no_item(id))
    hit, same_story, similar = found
    pieces = _pieces()
    permalink = item_url(id, permanent_base())

    def show(hit: Hit, detail: Detail) -> str:
        markdown, pictures = hit.item.markdown, pieces.display.pictures
        return render_template(
            "item.html",
            page=item_page(hit, same_story, similar, came_from, pieces, detail),
            body=body_html(short(markdown, detail.body), pictures=pictures, most=PAGE),
            words=short(hit.item.body, detail.body),
            goes_on=len(markdown) > detail.body,
            structured_data=news_article(hit, permalink, detail, pictures=pictures),
            permalink=permalink,
        )

    return fitting([hit], show, ITEMS, PAGE)[0][0]


def _search_that_led_here() -> SearchRequest | None:
    """The search whose parameters the address of an item repeats. An item is shown whatever stands
    there: parameters that are no search are as good as none."""
    try:
        asked = _asked()
    except UsageError:
        return None
    return asked if parameters(asked) else None


def _asked() -> SearchRequest:
    """The search that the parameters of this request ask for."""
    settings = _state().settings
    return search_request(_parameters(), settings.page_size, settings.group)


def _pieces() -> Pieces:
    return Pieces(_display(), _today())


def _today() -> date:
    return datetime.now(UTC).date()


def frame(held: State, base: str) -> dict[str, object]:
    """What every template is given: `base` begins every address on a page, `asset` gives the
    address of a static file."""
    return {"base": base, "asset": partial(held.assets.url, base=base)}


def _rendered(name: str, page: object) -> bytes:
    values = frame(_state(), base_of(request.environ))
    return _templates().page(name, {**values, "page": page})


def _templates() -> PageTemplates:
    templates: PageTemplates = current_app.extensions[TEMPLATES]
    return templates


def _state() -> State:
    return state(current_app.extensions)


def _parameters() -> Parameters:
    return parameters_of(request.environ)


def _display() -> Display:
    return _shown(_state(), request.environ)


def _shown(held: State, environ: Environ) -> Display:
    settings = held.settings
    zone = settings.time_zone
    return Display(
        base_of(environ),
        UTC if zone.key == "UTC" else zone,  # in which items are kept: nothing is to be converted
        settings.images is Images.LINK,
        settings.archive_links,
    )
