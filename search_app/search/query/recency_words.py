"""Tells whether a query asks for what is new: by words that say so, outside of quotes and fields.

Recency-seeking queries are known by such words in the literature, too: Efron and Golovchinsky 2011
("Estimation methods for ranking recent information"), Dong et al. 2010 ("Towards recency ranking in
web search").
"""

from collections.abc import Sequence

from indexer.analysis.folding import fold
from search_app.search.query.tree import Node, Word

RECENCY_WORDS = frozenset(
    "latest newest today tonight yesterday now currently recent recently breaking".split()
)


def seeks_recent(nodes: Sequence[Node]) -> bool:
    """Whether one of the words of a query asks for what is new."""
    return any(
        isinstance(node, Word) and not node.field and fold(node.text) in RECENCY_WORDS
        for node in nodes
    )
