"""The pages: the search, and one item with its coverage."""

from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, render_template, request
from jinja2 import Environment

from indexer.schema import FACETS
from search_app.absolute_links import absolute_base
from search_app.coverage import timeline as coverage
from search_app.detail import HITS, ITEMS, PAGE, Detail, fitting, weight
from search_app.item_body import body_html
from search_app.json_views import no_group, no_item
from search_app.links import base_of, item_url
from search_app.page_templates import NAME as TEMPLATES
from search_app.pages.display import Display
from search_app.pages.facet import facet_page
from search_app.pages.help import help_examples, help_page
from search_app.pages.search import WANTED, search_page
from search_app.pages.timeline import MOST_ROWS, timeline_page
from search_app.request_params import Parameters, facet_request, timeline_request
from search_app.search.request import MAX_LISTED
from search_app.search.results import Hit
from search_app.settings import Images
from search_app.state import State, state
from search_app.structured_data import news_article
from search_app.template_filters import short

pages = Blueprint("pages", __name__)

SIMILAR = 5
"""Stories that the page of an item names as more like it."""


@pages.get("/")
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
def how_to_ask() -> str:
    """The query language by examples from the index."""
    return _rendered("help.html", help_page(_state().examples(), _display()))


@pages.get("/items/<path:id>")
def item(id: str) -> str:
    """One item, with every outlet's article on the same story, the other items that tell it, and
    some that are like it."""
    held = state(current_app.extensions)
    found = held.get_with_others(id, SIMILAR)
    if found is None:
        abort(404, no_item(id))
    hit, same_story, similar = found
    permalink = item_url(id, absolute_base())
    pictures = held.settings.images is Images.LINK
    now = datetime.now(UTC)

    def show(hit: Hit, detail: Detail) -> str:
        return render_template(
            "item.html",
            hit=hit,
            body=body_html(short(hit.item.markdown, detail.body), pictures=pictures, most=PAGE),
            structured_data=news_article(hit, permalink, detail, pictures=pictures),
            coverage=coverage(hit),
            same_story=same_story,
            similar=similar,
            permalink=permalink,
            now=now,
            detail=detail,
        )

    return fitting([hit], show, ITEMS, PAGE)[0][0]


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
