"""The pages: the search, and one item with its coverage."""

from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, render_template, request
from markupsafe import Markup

from search_app.absolute_links import absolute_base
from search_app.coverage import timeline
from search_app.detail import HITS, ITEMS, PAGE, Detail, fitting, weight
from search_app.item_body import body_html
from search_app.json_views import no_item
from search_app.links import base_of, item_url
from search_app.page_model import Page, page
from search_app.search.results import Hit, Results
from search_app.settings import Images
from search_app.state import state
from search_app.structured_data import news_article
from search_app.template_filters import is_short, short

pages = Blueprint("pages", __name__)

_HITS = Markup("<!-- hits -->")
"""The placeholder of the hits. No text can contain it, as texts are escaped."""

SIMILAR = 5
"""Stories that the page of an item names as more like it."""

_ROW = len(
    '<li class="row"><span class="outlet" dir="auto"></span><span class="said"><span dir="auto">'
    "</span></span></li>"
)


@pages.get("/")
@pages.get("/search")
def search() -> str:
    """The search page; without a query it shows everything, newest first."""
    held = state(current_app.extensions)
    results = held.search(request.args.to_dict(flat=False), held.settings.group, can_explain=False)
    shown = page(results, base_of(request.environ))
    around = render_template("search.html", page=shown, results=results, hits=_HITS)
    return around.replace(_HITS, _hits(shown, results, PAGE - weight(around)), 1)


def _hits(shown: Page, results: Results, room: int) -> str:
    """The hits of a page of results as list items, in `room` bytes."""
    # A macro is an attribute that Jinja makes of what the template defines.
    macro = current_app.jinja_env.get_template("_hit.html").module.shown  # type: ignore[attr-defined]

    def show(hit: Hit, detail: Detail) -> str:
        return f"<li>{macro(hit, shown, detail)}</li>\n"

    return "".join(text for text, _ in fitting(results.hits, show, HITS, room, _least))


def _least(hit: Hit, detail: Detail) -> int:
    """A lower bound on a hit's bytes: its texts and the tags of its related articles."""
    rows = [
        min(len(one.title), detail.title)
        + (len(one.url) if is_short(one.url, detail.address) else 0)
        for one in (related.article for related in hit.related[: detail.related])
    ]
    texts = min(len(hit.item.article.excerpt), detail.excerpt)
    return texts + sum(rows) + _ROW * len(rows)


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
            coverage=timeline(hit),
            same_story=same_story,
            similar=similar,
            permalink=permalink,
            now=now,
            detail=detail,
        )

    return fitting([hit], show, ITEMS, PAGE)[0][0]
