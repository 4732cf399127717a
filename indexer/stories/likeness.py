"""How alike items are: pairs of items within days whose headlines share rare words.

The likeness of a pair is the cosine of their headlines, a word weighing its count times

    idf = ln(1 + items / max(3, items whose headlines have it))

(Salton, Buckley 1988), and more if the items share an address. Only words that both have need to be
looked at, and only where few items of these days have the word: so pairs are found from an inverted
list, as in all-pairs similarity search (Bayardo, Ma, Srikant 2007).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexer.segment import MISSING, column_file
from indexer.segment.column_file import Array
from indexer.segment.merge_inputs import SegmentRef
from indexer.segment.postings import flat
from indexer.stories.headlines import Headlines
from indexer.stories.policy import StoryPolicy

_RANK_BITS, _COUNT_BITS = 24, 8
_COUNT = (1 << _COUNT_BITS) - 1
_MIN_FREQUENCY = 3


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of documents and how alike each is; no pair is there twice."""

    left: Array
    right: Array
    likeness: Array


class _Timeline:
    """The documents with a date, oldest first: `documents` by rank, `ranks` by document. The ranks
    from `begin` to `end` of a rank are those of the days around it, with which it is compared."""

    def __init__(self, dates: Array, seconds: int) -> None:
        dated = np.flatnonzero(dates != MISSING)
        self.documents = dated[np.argsort(dates[dated], kind="stable")]
        self.dates = dates[self.documents]
        self.ranks = np.full(len(dates), -1, np.int64)
        self.ranks[self.documents] = np.arange(len(self.documents))
        self.begin = np.searchsorted(self.dates, self.dates - seconds)
        self.end = np.searchsorted(self.dates, self.dates + seconds, side="right")


def pairs(segments: Sequence[SegmentRef], words: Headlines, policy: StoryPolicy) -> Pairs:
    """The pairs of living documents that may report one story."""
    timeline = _Timeline(words.dates, policy.seconds)
    frequencies = np.bincount(words.words, minlength=len(words.hashes))
    idf = np.log1p(words.living / np.maximum(frequencies, _MIN_FREQUENCY))
    weights = words.counts * idf[words.words]
    norms = np.sqrt(np.bincount(words.documents, weights**2, minlength=len(words.dates)))
    ranks = timeline.ranks[words.documents]
    recurring = _recurring(words, timeline, policy.seconds)
    kept = (ranks >= 0) & (frequencies[words.words] > 1) & ~recurring[words.documents]
    keys = (words.words[kept] << _RANK_BITS | ranks[kept]) << _COUNT_BITS | words.counts[kept]
    most = max(policy.min_pairs, policy.pairs_per_item * len(timeline.documents))
    left, right = _neighbours(np.sort(keys), timeline, policy.max_sharing, most)
    both, products, counts = _dot_products(left, right, idf)
    is_linked = np.isin(both, _sharing_an_address(segments, timeline, policy))
    kept = is_linked | (counts >= policy.min_words)
    one, other = (timeline.documents[part[kept]] for part in (both >> 32, both & 0xFFFFFFFF))
    likeness = products[kept] / (norms[one] * norms[other])
    return Pairs(one, other, likeness + policy.shared_address * is_linked[kept])


def _dot_products(left: Array, right: Array, idf: Array) -> tuple[Array, Array, Array]:
    """The pairs of ranks that share words, each as one number, the dot products of their headlines,
    and how many words they share, from the two keys of each word that they share."""
    shared = (left & _COUNT) * (right & _COUNT) * idf[left >> _RANK_BITS + _COUNT_BITS] ** 2
    both = _pair(left, right)
    order = np.argsort(both, kind="stable")  # in a pair the words stay in order of their hashes
    both, begins = both[order], _begins(both[order])
    counts = np.diff(begins, append=len(both))
    products = np.add.reduceat(shared[order], begins) if len(begins) else shared
    return both[begins], products, counts


def _begins(values: Array) -> Array:
    """Where each run of equal values begins."""
    return np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])


def _pair(left: Array, right: Array) -> Array:
    """The ranks of two keys as one number, that of `left` in the high bits."""
    return _ranks(left) << 32 | _ranks(right)


def _ranks(keys: Array) -> Array:
    return keys >> _COUNT_BITS & (1 << _RANK_BITS) - 1


def _recurring(words: Headlines, timeline: _Timeline, seconds: int) -> Array:
    """The documents (a mask) under a headline that stands above another item, too, long before or
    after: "Morning briefing" tells no story."""
    own, size = words.documents[words.is_own], len(words.dates)
    hashes = words.hashes[words.words[words.is_own]]
    halves = (hashes & np.uint64(0xFFFFFFFF), hashes >> np.uint64(32))
    low, high = (np.bincount(own, half, minlength=size).astype(np.uint64) for half in halves)
    headline = (low + high * np.uint64(0x9E3779B97F4A7C15))[timeline.documents]
    order = np.argsort(headline, kind="stable")
    headline, dates = headline[order], timeline.dates[order]
    begins = _begins(headline)
    sizes = np.diff(begins, append=len(headline))
    spans = dates[begins + sizes - 1] - dates[begins]
    recurring = np.zeros(size, bool)
    recurring[timeline.documents[order]] = np.repeat(spans > seconds, sizes)
    return recurring


def _sharing_an_address(
    segments: Sequence[SegmentRef], timeline: _Timeline, policy: StoryPolicy
) -> Array:
    """The pairs of ranks (the lower one in the high 32 bits) that share an address."""
    addresses, ranks, base = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], 0
    for segment in segments:
        columns = column_file.read(segment.path)
        addresses.append(columns["urls.keys"])
        ranks.append(timeline.ranks[columns["urls.documents"] + base])
        base += columns.documents
    keys, owners = np.concatenate(addresses), np.concatenate(ranks)
    order = np.argsort(keys, kind="stable")
    keys, owners = keys[order], owners[order]
    is_shared = np.append(keys[1:] == keys[:-1], False)
    is_shared |= np.append(False, is_shared[:-1])
    numbers = np.cumsum(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    kept = is_shared & (owners >= 0)
    found = np.unique(numbers[kept] << _RANK_BITS | owners[kept]) << _COUNT_BITS
    most = policy.max_address_items * len(timeline.documents)
    left, right = _neighbours(found, timeline, policy.max_address_items, most)
    return _pair(left, right)


def _neighbours(
    keys: Array, timeline: _Timeline, max_sharing: int, most: int
) -> tuple[Array, Array]:
    """Every two keys of one word (an address is one, too) and of two ranks within days, the lower
    rank's first. A word that more than `max_sharing` have in the days around a rank is left out
    there. That limit is lowered until there are no more than `most` pairs.

    A key is a word, a rank and a count, from high bits to low; they ascend.
    """
    begins, ends = _around(keys, timeline)
    sharing, after = ends - begins, ends - np.arange(1, len(keys) + 1)
    totals = np.cumsum(np.bincount(np.minimum(sharing, max_sharing + 1), after))
    limit = min(max_sharing, int(np.searchsorted(totals, most, side="right")) - 1)
    keys = keys[sharing <= limit]
    _, ends = _around(keys, timeline)
    after = ends - np.arange(1, len(keys) + 1)
    return np.repeat(keys, after), keys[flat(np.arange(1, len(keys) + 1), after)]


def _around(keys: Array, timeline: _Timeline) -> tuple[Array, Array]:
    """Where the keys of the same word in the days around each key begin, and where they end."""
    words, ranks = keys >> _RANK_BITS + _COUNT_BITS << _RANK_BITS, _ranks(keys)
    edges = ((words | bounds[ranks]) << _COUNT_BITS for bounds in (timeline.begin, timeline.end))
    begins, ends = (np.searchsorted(keys, edge) for edge in edges)
    return begins, ends
