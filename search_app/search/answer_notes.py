"""Notes that are known only once the engine has answered and the hits are highlighted.

Kinds of notes: no_such_address, too_much, past_the_end, not_all_explained, not_all_marked.
"""

from collections.abc import Iterator

from search_app.search.highlighting.marking_cost import CostLimit
from search_app.search.protocols import EngineResult
from search_app.search.query.logical import Keyword, Phrase, Prefix, Scored, Term, scored
from search_app.search.query.notes import shown, too_long
from search_app.search.query.rewrite import LogicalQuery
from search_app.search.query.tree import Note
from search_app.search.request import SearchRequest

SHOWN = 3
"""The most words or phrases of a query that a note names."""


def notes_on(
    request: SearchRequest,
    logical: LogicalQuery,
    answer: EngineResult,
    limit: CostLimit,
    explained: int,
) -> Iterator[Note]:
    """The notes on an answer; `limit` is that of highlighting its hits, of which so many are
    explained."""
    if not answer.total and any(
        isinstance(leaf, Keyword) and leaf.field == "url" for leaf in scored(logical.full)
    ):
        message = "nothing was found at this address; an item is found by each address it names"
        yield Note("no_such_address", message, 0, 0)
    if answer.skipped:
        names = ", ".join(map(_typed, answer.skipped[:SHOWN]))
        if len(answer.skipped) > SHOWN:
            names += f" and {len(answer.skipped) - SHOWN} more"
        fate = "would read too much of the index and had to be left out"
        message = f"{names} {fate}; ask for less at once"
        yield Note("too_much", message, 0, 0)
    if request.dropped:
        yield too_long(len(request.q), len(request.q) + request.dropped)
    entries = answer.total if answer.stories is None else answer.stories
    last = -(-entries // request.page_size)
    if answer.total and request.page > last:
        message = f"there is no page {request.page}; the last one is {last}"
        yield Note("past_the_end", message, 0, 0)
    if request.explain and explained < len(answer.hits):
        message = f"only the scores of the first {explained} hits are explained, as they take long"
        yield Note("not_all_explained", message, 0, 0)
    if limit.is_exceeded:
        message = (
            "these hits hold too much text to mark all that was found in them: some of it is shown "
            "unmarked, some related articles that match among it; ask for fewer hits at once"
        )
        yield Note("not_all_marked", message, 0, 0)


def _typed(leaf: Scored) -> str:
    """A leaf quoted about as it was typed; a long one is cut."""
    match leaf:
        case Term(_, exact):
            return shown(exact)
        case Phrase(_, terms):
            return shown(" ".join(terms))
        case Prefix(_, prefix):
            return shown(f"{prefix}*")
