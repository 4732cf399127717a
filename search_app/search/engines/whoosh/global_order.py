"""One order across all segments of a generation: of facet values, of stories, and of documents by
recency."""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.stories.story_file import ALONE
from search_app.search.engines.whoosh.segment_reader import Numbers, SegmentReader
from search_app.search.request import Sort

SORT_COLUMNS = {Sort.NEWEST: "date", Sort.OLDEST: "date", Sort.COVERAGE: "outlets"}
"""The number column that hits are sorted by before their score: ascending for `OLDEST`, else
descending; a document without a number comes last."""

_RANK_SHIFT = 32
"""The low bits of a rank tell apart documents between the same two of the largest segment."""


def facet_names(segments: Sequence[SegmentReader], group: str) -> list[str]:
    """The values of a facet group in all segments, sorted by bytes, which is also by code points.
    The index of a value in this list is its global ordinal."""
    values = set().union(*(segment.names[group] for segment in segments))
    return [name.decode() for name in sorted(values)]


def facet_values(segment: SegmentReader, group: str, names: Sequence[str]) -> Numbers:
    """The facet values of a segment's documents, end to end, as global ordinals: the column itself
    if the segment has all `names`, else a copy."""
    values: Numbers = segment.columns[f"facets.{group}.values"]
    own = [name.decode() for name in segment.names[group]]
    if own == names:
        return values
    ordinals = {name: ordinal for ordinal, name in enumerate(names)}
    return np.array([ordinals[name] for name in own], np.int32)[values]


def story_keys(segments: Sequence[SegmentReader]) -> list[Numbers]:
    """For each document of each segment a number that those of its story share and no others: less
    than the sum of all stories and all documents."""
    keys, base = [], len(segments[0].stories.names) if segments else 0
    for segment in segments:
        of_documents = segment.stories.of_documents
        own = np.arange(base, base + segment.size, dtype=np.int32)
        keys.append(np.where(of_documents == ALONE, own, of_documents))
        base += segment.size
    return keys


def recency(segments: Sequence[SegmentReader]) -> list[NDArray[np.int64]]:
    """For each segment the ranks of its documents by date, newest first, then by id. Ranks of
    different segments are comparable.

    The order of the largest segment is stored. Each document of the others is inserted between two
    documents of the largest by its date and, if dates are equal, by id; documents inserted at the
    same point are sorted among themselves.
    """
    if len(segments) < 2:
        return [segment.columns["date_rank"].astype(np.int64) for segment in segments]
    largest = max(segments, key=lambda segment: segment.size)
    newest = np.empty(largest.size, np.int64)
    newest[largest.columns["date_rank"]] = np.arange(largest.size)
    dates = -largest.columns["numbers.date"][newest]
    others = sorted(
        (-date, segment.id(number).encode(), place, number)
        for place, segment in enumerate(segments)
        if segment is not largest
        for number, date in enumerate(segment.columns["numbers.date"].tolist())
    )
    ranks = [np.empty(segment.size, np.int64) for segment in segments]
    ranks[segments.index(largest)][newest] = np.arange(1, largest.size + 1) << _RANK_SHIFT
    inserted = np.array([date for date, _, _, _ in others], np.int64)
    edges = (np.searchsorted(dates, inserted, side).tolist() for side in ("left", "right"))
    for rank, ((_, id, place, number), low, high) in enumerate(
        zip(others, *edges, strict=True), start=1
    ):
        before = bisect_left(newest, id, low, high, key=lambda n: largest.id(n).encode())
        ranks[place][number] = (before << _RANK_SHIFT) + rank
    return ranks
