"""The pages: the search, and one item with its coverage."""

from flask import Blueprint, abort, current_app, render_template, request

from search_app.page import page
from search_app.parameters import search_request
from search_app.search import service
from search_app.state import state

pages = Blueprint("pages", __name__)


@pages.get("/")
@pages.get("/search")
def search() -> str:
    """The search page; without a query it shows everything, newest first."""
    settings = state(current_app.extensions).settings
    wanted = search_request(request.args.to_dict(flat=False), settings.page_size)
    with state(current_app.extensions).library.borrow() as loan:
        results = service.search(loan.searcher, wanted, loan.notes)
    return render_template("search.html", page=page(results), results=results)


@pages.get("/items/<path:id>")
def item(id: str) -> str:
    """One item, with every outlet's article on the same story."""
    with state(current_app.extensions).library.lend() as searcher:
        hit = service.get(searcher, id)
    if hit is None:
        abort(404, f"there is no item {id!r} in the index")
    return render_template("item.html", hit=hit)
