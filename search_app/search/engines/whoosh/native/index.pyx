cdef class Index:
    """All segments of a generation, under one numbering of the values of each facet group."""

    cdef list segments
    cdef list names  # of each group's values, in order
    cdef int columns
    cdef double items, k1, decimals, rounding
    cdef int64_t missing

    def __cinit__(
        self, list segments, list names, int columns, *, double items, double k1, double decimals,
        double rounding, int64_t missing
    ):
        """`names`: of the values of each facet group, in order; `columns`: how many columns of
        numbers each segment has; `items`: how many are living; `decimals`: what scores are
        multiplied by to be rounded; `rounding`: more than what that does to a score; `missing`:
        what a column of numbers holds where there is none."""
        cdef Segment segment
        self.segments, self.names, self.items, self.k1 = segments, names, items, k1
        self.decimals, self.rounding, self.missing = decimals, rounding, missing
        self.columns = columns
        for segment in segments:
            if len(segment.numbers) != columns or len(segment.groups) != len(names):
                raise ValueError("names for each group, and all columns of numbers, are wanted")

    cdef double factor(self, int64_t containing):
        """What the saturated weight of a term counts: see `ranking.idf`."""
        return log(1 + (self.items - containing + 0.5) / (containing + 0.5)) * (self.k1 + 1)

    def search(
        self, Program program, Py_ssize_t full, Py_ssize_t partial, Py_ssize_t enough,
        int column, bint rising, Py_ssize_t offset, Py_ssize_t limit, Py_ssize_t few,
        Py_ssize_t size, list selected
    ):
        """What matches `full`; where fewer than `enough` do, what matches `partial` (-1: nothing)
        follows. Sorted by a column of numbers, `rising` or not, if it is 0 or more, then by score.

        `few`: so many hits are scored sooner than it is found out which of them need not be;
        `selected`: for each facet group the values selected, with their places among its names, -1
        for one that is not there.

        Gives how many hits match in full, and how many in part if that was asked; of the hits from
        `offset` on, at most `limit`, id, score, and segment with number; of each group the `size`
        most frequent values and those selected, with their counts.
        """
        cdef Search search = Search(self, program, column, rising, size, selected)
        search.find(program._checked(full))
        if partial >= 0 and search.found < enough:
            search.find(program._checked(partial))
        return search.totals, search.page(offset, limit, few), search.facets()
