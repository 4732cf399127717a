"""With which weights of its signals a query is searched for: see `signals`."""

from msgspec.structs import replace

from search_app.search.protocols import EngineRequest
from search_app.search.query.logical import leaves
from search_app.search.request import Sort
from search_app.search.signals import Signals


def weighed(asked: EngineRequest, signals: Signals, is_recent_sought: bool) -> EngineRequest:
    """The request with weights: those of who seeks what is new if the query says so; else the usual
    ones, and those if its best hits cluster there."""
    usual, strong = (signals.weights(is_recent_sought=sought) for sought in (False, True))
    if is_recent_sought:
        return replace(asked, signals=strong)
    is_ranked = asked.sort is Sort.RELEVANCE and any(leaves(asked.full))
    return replace(asked, signals=usual, if_new=strong if is_ranked and strong != usual else None)
