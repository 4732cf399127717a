"""The signals that news has beside its words: how fresh, good, hot and widely reported an item is.

The score of a hit is multiplied by one factor for each signal:

    freshness   1 + weight * f,          f from 0 (old) to 1 (new)
    coverage    1 + weight * c,          c from 0 (one outlet) to 1 (`MANY_OUTLETS` or more)
    quality     1 + weight * (p - 1/2),  p: its percentile among the items that have a quality
    heat        the same                 of its heat

    f = mean over h in HALF_LIVES of 2 ** (-age / h)
    c = ln(outlets) / ln(MANY_OUTLETS)

`f` is exponential decay (Li and Croft 2003, "Time-based language models", section 3, put such a
prior on the age of a document), averaged over several half-lives: days tell among the newest items,
years in the archive. Age counts from the anchor: the newest date of the index, or now if that is at
most `CLOSE` later; items dated after now do not move it. `p` is the mid-rank: the share of items
below, and half of those equal. The logarithm is that of static scores in Craswell, Robertson,
Zaragoza and Taylor 2005 ("Relevance weighting for query independent evidence"). An item that lacks
something, a heat of -1 included (not the lead of its story), has the factor 1.

A weight is from 0 (off) to 1, so each factor is from 1/2 to 2: what matches stays what the words
say. Freshness has a weight of its own where what is new is sought: if a word of the query says so
(`query.recency_words`), or if the matches cluster among what is new. Then the dates of the best
hits differ from those of the collection, as in the temporal profiles of Jones and Diaz 2007; and
their ages tell how much recency counts, as in Efron and Golovchinsky 2011. They cluster if the mean
freshness of the `CLUSTER` best hits is more than `CLUSTERED` standard errors above that of all:

    z = (mean f of the n best - mean f of all) / (deviation of f / sqrt(n))

Matches that cluster long ago are no reason to prefer what is new.
"""

from msgspec import Struct
from msgspec.structs import replace

DAY = 86_400
"""Seconds."""

HALF_LIVES = (7 * DAY, 90 * DAY, 1_095 * DAY)
"""A week, a season, three years; in seconds."""

CLOSE = 30 * DAY
"""In an index whose newest date is longer ago nothing is news any more; in seconds."""

MANY_OUTLETS = 20
"""So many outlets are as good as any more."""

CLUSTER = 20
"""Of so many of the best hits it is looked at whether they cluster."""

CLUSTERED = 2.0
"""Standard errors: as new as that by chance are the best hits of one query in forty."""


class SignalWeights(Struct, frozen=True):
    """How much each signal counts for one query, from 0 to 1."""

    freshness: float = 0.0
    quality: float = 0.0
    heat: float = 0.0
    coverage: float = 0.0


NO_WEIGHTS = SignalWeights()


class Signals(Struct, frozen=True):
    """The weights of any query, and the weight of freshness for one that seeks what is new."""

    usual: SignalWeights
    sought_freshness: float

    def weights(self, *, is_recent_sought: bool) -> SignalWeights:
        """The weights of one query."""
        if not is_recent_sought:
            return self.usual
        return replace(self.usual, freshness=max(self.sought_freshness, self.usual.freshness))


NO_SIGNALS = Signals(NO_WEIGHTS, 0.0)
DEFAULT_SIGNALS = Signals(SignalWeights(freshness=0.1, quality=0.05, heat=0.05, coverage=0.05), 1.0)
