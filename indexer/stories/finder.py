"""Finds the stories of a generation: which items of all its segments report the same one."""

from collections.abc import Sequence

import numpy as np

from indexer.segment import column_file
from indexer.segment.column_file import Array
from indexer.segment.document_ids import DocumentIds
from indexer.segment.merge_inputs import SegmentRef
from indexer.stories.clustering import average_linkage
from indexer.stories.headlines import headlines
from indexer.stories.likeness import pairs
from indexer.stories.policy import DEFAULT_POLICY, StoryPolicy
from indexer.stories.story_file import ALONE, Stories, story_name


def find_stories(segments: Sequence[SegmentRef], policy: StoryPolicy = DEFAULT_POLICY) -> Stories:
    """The stories of the living documents of these segments: the same for the same items, however
    they are spread over segments. A story is named by its first item: the oldest, then by id.
    `IndexDamaged` if a segment cannot be read."""
    columns = [column_file.read(segment.path) for segment in segments]
    bases = np.cumsum([0, *(some.documents for some in columns)])
    words = headlines(segments)
    found = pairs(segments, words, policy)
    likely = found.likeness >= policy.likeness
    candidates = np.unique(np.concatenate([found.left[likely], found.right[likely]]))
    ids = _ids([DocumentIds(some) for some in columns], bases, candidates)
    oldest = sorted(
        range(len(ids)), key=list(zip(words.dates[candidates], ids, strict=True)).__getitem__
    )
    documents = candidates[oldest]
    ranks = np.full(len(words.dates), -1)
    ranks[documents] = np.arange(len(documents))
    left, right = ranks[found.left], ranks[found.right]
    kept = (left >= 0) & (right >= 0)
    compared = zip(
        *(column[kept].tolist() for column in (left, right, found.likeness)), strict=True
    )
    groups = average_linkage(compared, policy.likeness)
    named = sorted((story_name(ids[oldest[group[0]]]), group) for group in groups)
    of_document = np.full(len(words.dates), ALONE, np.int32)
    for story, (_, group) in enumerate(named):
        of_document[documents[group]] = story
    return Stories(
        names=np.array([name for name, _ in named], np.uint64),
        of_documents=np.split(of_document, bases[1:-1]) if segments else [],
    )


def _ids(ids: Sequence[DocumentIds], bases: Array, documents: Array) -> list[bytes]:
    """The ids of documents that are numbered across segments, of which each begins at its base."""
    places = np.searchsorted(bases, documents, side="right") - 1
    numbers = documents - bases[places]
    return [ids[p][n] for p, n in zip(places.tolist(), numbers.tolist(), strict=True)]
