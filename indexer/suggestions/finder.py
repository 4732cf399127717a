"""Finds what a search box can complete in a generation, from the columns of all its segments."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from indexer.analysis.stop_words import common_stop_words
from indexer.segment import MISSING, column_file
from indexer.segment.column_file import Array, Columns
from indexer.segment.merge_inputs import SegmentRef
from indexer.segment.term_dictionary import TermDictionary
from indexer.suggestions.phrases import phrases
from indexer.suggestions.suggestion_file import GROUPS, Found, Shared, Weighted
from indexer.suggestions.titles import titles
from indexer.suggestions.weights import DEFAULT_POLICY, SuggestionPolicy, weights


def find_suggestions(
    segments: Sequence[SegmentRef], policy: SuggestionPolicy = DEFAULT_POLICY
) -> Found:
    """What `suggestion_file` holds: the same for the same items, however they are spread over
    segments. `IndexDamaged` if a segment cannot be read."""
    columns = [column_file.read(segment.path) for segment in segments]
    alive = [s.alive(c.documents) for c, s in zip(columns, segments, strict=True)]
    dates = [
        np.where(living, c["numbers.date"], MISSING)
        for c, living in zip(columns, alive, strict=True)
    ]
    newest = max((int(some.max(initial=MISSING)) for some in dates), default=MISSING)
    counts = [weights(some, newest, policy) * living
              for some, living in zip(dates, alive, strict=True)]  # fmt: skip
    frequent = policy.frequent(sum(int(np.count_nonzero(living)) for living in alive))
    of_titles = [titles(c, living) for c, living in zip(columns, alive, strict=True)]
    languages = {code.decode(): items for code, items in _values("language", columns, alive)}
    of_phrases, spelt = phrases(of_titles, counts, frequent, common_stop_words(languages))
    return Found(
        phrases=of_phrases,
        spelt=spelt,
        values={group: _values(group, columns, counts) for group in GROUPS},
        items={group: [n for _, n in _values(group, columns, alive)] for group in GROUPS},
        titles=_shared_titles(columns, alive),
    )


def _values(group: str, segments: Sequence[Columns], counts: Sequence[Array]) -> Weighted:
    """The values of a facet group that living documents have, in order of bytes."""
    sums: Counter[bytes] = Counter()
    for columns, weight in zip(segments, counts, strict=True):
        names = TermDictionary.of(columns, f"facets.{group}")
        sizes = np.diff(columns[f"facets.{group}.starts"])
        added = np.bincount(
            columns[f"facets.{group}.values"], np.repeat(weight, sizes), minlength=len(names)
        )
        sums.update(dict(zip(names, added.astype(np.int64).tolist(), strict=True)))
    return sorted((value, weight) for value, weight in sums.items() if weight)


def _shared_titles(segments: Sequence[Columns], alive: Sequence[Array]) -> Shared:
    """The numbers of the titles that several living documents have, ascending, with how many."""
    living = [c["numbers.headline"][some] for c, some in zip(segments, alive, strict=True)]
    titles = np.concatenate([np.zeros(0, np.int64), *living])
    numbers, counts = np.unique(titles, return_counts=True)
    several = counts > 1
    return [*zip(numbers[several].tolist(), counts[several].tolist(), strict=True)]
