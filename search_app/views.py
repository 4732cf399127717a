"""The pages: the search, and one item with its coverage."""

from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, render_template, request
from jinja2 import Environment

from indexer.errors import UsageError
from indexer.schema import FACETS
from search_app.absolute_links import absolute_base
from search_app.detail import HITS, ITEMS, PAGE, Detail, fitting, weight
from search_app.item_body import body_html
from search_app.json_views import no_group, no_item
from search_app.links import base_of, item_url, parameters
from search_app.page_templates import NAME as TEMPLATES
from search_app.pages.display import Display
from search_app.pages.facet import facet_page
from search_app.pages.front import front_page
from search_app.pages.help import help_examples, help_page
from search_app.pages.item import item_page
from search_app.pages.pieces import Pieces
from search_app.pages.search import WANTED, search_page
from search_app.pages.timeline import MOST_ROWS, timeline_page
from search_app.request_params import Parameters, facet_request, search_request, timeline_request
from search_app.search.request import MAX_LISTED, SearchRequest
from search_app.search.results import Hit
from search_app.settings import Images
from search_app.state import State, state
from search_app.structured_data import news_article
from search_app.template_filters import short

pages = Blueprint("pages", __name__)

SIMILAR = 5
"""Stories that the page of an item names as more like it."""


@pages.get("/")
def front() -> str:
    """The front page; with parameters, the page of a search."""
    asked = _asked()
    if parameters(asked) or asked.notes:
        return search()
    overview, created = _state().overview()
    examples = help_examples(_state().examples(), _display())
    shown = front_page(overview, created, examples, _pieces())
    return render_template("front.html", front=shown)


@pages.get("/search")
def search() -> str:
    """A page of results; without a query it shows everything, newest first. Its hits are shown in
    as much detail as fits into a page."""
    results, display = _state().page(_parameters(), WANTED), _display()
    examples = () if results.hits else help_examples(_state().examples(), display)
    for detail in HITS:
        shown = _rendered("search.html", search_page(results, display, detail, examples))
        if weight(shown) <= PAGE:
            break
    return shown


@pages.get("/search/facets/<group>")
def facet(group: str) -> str:
    """All values of a facet group in what a search finds."""
    if group not in FACETS:
        abort(404, no_group(group))
    held = _state()
    defaults = held.settings.page_size, held.settings.group
    asked = facet_request(group, _parameters(), *defaults, limit=MAX_LISTED)
    shown = facet_page(asked, held.facet_values(asked), _display())
    return _rendered("facet.html", shown)


@pages.get("/search/timeline")
def timeline() -> str:
    """What a search finds, by date."""
    held = _state()
    asked = timeline_request(_parameters(), held.settings.page_size, held.settings.group)
    shown = timeline_page(asked, held.timeline(asked, MOST_ROWS), _display())
    return _rendered("timeline.html", shown)


@pages.get("/search/help")
def how_to_search() -> str:
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
    permalink = item_url(id, absolute_base())

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
    return Pieces(_display(), datetime.now(UTC).date())


def _rendered(name: str, page: object) -> str:
    templates: Environment = current_app.extensions[TEMPLATES]
    return templates.get_template(name).render(page=page)


def _state() -> State:
    return state(current_app.extensions)


def _parameters() -> Parameters:
    return request.args.to_dict(flat=False)


def _display() -> Display:
    settings = _state().settings
    return Display(
        base_of(request.environ),
        settings.time_zone,
        settings.images is Images.LINK,
        settings.archive_links,
    )
