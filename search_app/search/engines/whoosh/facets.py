"""Facet counts: exact, and each group blind to its own selection, in one walk over the matches.

A matching document that passes every selection is a hit and counts in every group. One that fails
in exactly one group counts in that group alone: selecting its value there would make it a hit.
(The idea is that of Lucene's "drill sideways".)
"""

from collections import Counter

from indexer.fields import FACETS
from search_app.search.engines.whoosh.columns import Columns
from search_app.search.request import Selections


class Counts:
    """The counts of one search, filled match by match."""

    def __init__(self, selections: Selections) -> None:
        self._selected = {g: frozenset(values) for g, values in selections.items() if values}
        self._counters: dict[str, Counter[str]] = {group: Counter() for group in FACETS}

    def add(self, columns: Columns, row: int) -> bool:
        """Count a matching document; whether it is a hit."""
        failed = [
            group
            for group, selected in self._selected.items()
            if selected.isdisjoint(columns.facets[group][row])
        ]
        if len(failed) > 1:
            return False
        for group in failed or FACETS:
            self._counters[group].update(columns.facets[group][row])
        return not failed

    def result(self, size: int) -> dict[str, tuple[tuple[str, int], ...]]:
        """Group to the `size` most frequent values, and the selected ones with whatever count."""
        found = {}
        for group, counter in self._counters.items():
            ranked = sorted(counter.items(), key=lambda entry: (-entry[1], entry[0]))
            shown = dict(ranked[:size])
            for value in sorted(self._selected.get(group, ())):
                shown.setdefault(value, counter[value])
            found[group] = tuple(shown.items())
        return found
