"""Looks up the ids of a segment's documents: the id of a number, and the number of an id."""

from bisect import bisect_left
from collections.abc import Callable

from indexer.segment.column_file import Columns
from indexer.segment.term_dictionary import TermDictionary


class DocumentIds:
    """The ids of a segment, from its arrays `ids.blob`, `ids.offsets` and `ids.order`."""

    def __init__(self, columns: Columns) -> None:
        self._ids, self._order = TermDictionary.of(columns, "ids"), columns["ids.order"]

    def __getitem__(self, number: int) -> bytes:
        """The id of a document."""
        return self._ids[number]

    def number(self, id: str, is_deleted: Callable[[int], bool]) -> int | None:
        """The number of the living document with an id, `None` if there is none."""
        wanted = id.encode()
        first = bisect_left(self._order, wanted, key=self._ids.__getitem__)
        for number in map(int, self._order[first:]):
            if self._ids[number] != wanted:
                break
            if not is_deleted(number):  # an id replaced in one batch may be there twice
                return number
        return None
