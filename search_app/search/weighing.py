"""With which weights of its signals a query is searched for: see `signals`."""

from msgspec.structs import replace

from search_app.search.protocols import EngineRequest, EngineResult, Searcher
from search_app.search.query.logical import leaves
from search_app.search.request import Sort
from search_app.search.signals import CLUSTER, CLUSTERED, Signals


def weighed_search(
    searcher: Searcher, asked: EngineRequest, signals: Signals, is_recent_sought: bool
) -> tuple[EngineRequest, EngineResult]:
    """The request with weights, and the answer to it: the weights of who seeks what is new if the
    query says so, or if under the usual ones the best hits cluster there."""
    usual, strong = (signals.weights(is_recent_sought=sought) for sought in (False, True))
    is_ranked = asked.sort is Sort.RELEVANCE and any(leaves(asked.full))
    if is_recent_sought or usual == strong or not is_ranked:
        asked = replace(asked, signals=strong if is_recent_sought else usual)
        return asked, searcher.search(asked)
    asked = replace(asked, signals=usual)
    if asked.offset:
        best = replace(asked, offset=0, limit=CLUSTER, facet_size=0, buckets=None)
        if searcher.newness(searcher.search(best).hits) > CLUSTERED:
            asked = replace(asked, signals=strong)
        return asked, searcher.search(asked)
    found = searcher.search(replace(asked, limit=max(asked.limit, CLUSTER)))
    if searcher.newness(found.hits[:CLUSTER]) <= CLUSTERED:
        return asked, replace(found, hits=found.hits[: asked.limit])
    asked = replace(asked, signals=strong)
    more = replace(asked, facet_size=0, buckets=None)  # as signals change no count
    hits = searcher.search(more).hits
    return asked, replace(found, hits=hits)
