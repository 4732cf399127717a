"""Values of facet groups: what each document has of them, and how often they are found."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from .doc_list cimport DocList
from .memory cimport close, take, zeros
from .segment cimport damaged
from .top_k cimport Ranked, TopK, offer, sort


cdef class FacetColumn:
    """The values of a facet group in one segment: where each document's begin, the values, the
    global ordinal of each value (`None`: its own), the names by global ordinal, and the living
    documents."""

    def __cinit__(
        self, const uint32_t[::1] starts, const int32_t[::1] values, ordinals, list names,
        const int32_t[::1] living
    ):
        cdef DocList everyone
        self.starts, self.values, self.size = starts, values, len(names)
        self.is_global = ordinals is None
        if not self.is_global:
            self.ordinals = ordinals
        everyone.size = len(living)
        everyone.numbers = &living[0] if everyone.size else NULL
        self.living = Counter([names])
        self.living.add_values(0, self, everyone, 1)

    cdef bint has_any(self, int32_t document, const uint8_t* wanted) except -1 nogil:
        """Whether a document has a value that is marked by its global ordinal."""
        cdef Py_ssize_t at
        cdef int32_t ordinal
        for at in range(self.starts[document], self.starts[document + 1]):
            ordinal = self.values[at] if self.is_global else self.ordinals[self.values[at]]
            if not 0 <= ordinal < self.size:
                damaged("a facet value has no name")
            if wanted[ordinal]:
                return True
        return False


cdef class Counter:
    """The one place where hits are counted, in total and by facet value: as documents. To count
    distinct values of a key instead, a story's for example, count them here, and in the class of
    the same name in `vectorized.facets`."""

    def __cinit__(self, list names):
        self.names, self.totals = names, []
        self.counts = <int64_t**>take(&self.arena, len(names) * sizeof(int64_t*))
        for group, values in enumerate(names):
            self.counts[<Py_ssize_t>group] = <int64_t*>zeros(
                &self.arena, 2 * len(values) * sizeof(int64_t)  # two a value, by turns
            )

    def __dealloc__(self):
        close(&self.arena)

    cdef int add_hits(self, DocList found) except -1:
        """Count the hits of the last tier in one more segment."""
        self.totals[len(self.totals) - 1] += found.size
        return 0

    cdef int add_all_but(self, Py_ssize_t group, FacetColumn column, DocList others) except -1:
        """Count the values of all living documents but these: where most are hits, the others are
        fewer."""
        cdef Py_ssize_t i
        for i in range(2 * len(<list>self.names[group])):
            self.counts[group][i] += column.living.counts[0][i]
        return self.add_values(group, column, others, -1)

    cdef int add_values(
        self, Py_ssize_t group, FacetColumn column, DocList found, int sign
    ) except -1:
        """Count the values of a group that these documents have; with `sign` -1, take them away."""
        # What the loop reads is kept out of the column: counting could change that, for all that
        # the C compiler knows.
        cdef Py_ssize_t i, at, end, last = len(column.values)
        cdef const uint32_t* starts = &column.starts[0]
        cdef const int32_t* values = &column.values[0] if last else NULL
        cdef int64_t* counts = self.counts[group]
        cdef int64_t* others = counts + column.size
        cdef bint is_global = column.is_global
        # Unsigned, so that one comparison refuses what is negative, too.
        cdef uint32_t document, ordinal, size = column.size, documents = len(column.starts) - 1
        with nogil:
            for i in range(found.size):
                document = found.numbers[i]
                if document >= documents:
                    with gil:
                        raise IndexError("a document has no facet values")
                at, end = starts[document], starts[document + 1]
                if end > last:
                    with gil:
                        raise IndexError("there are not as many facet values as there should be")
                while at < end:
                    ordinal = values[at] if is_global else column.ordinals[values[at]]
                    if ordinal >= size:
                        with gil:
                            raise IndexError("a facet value has no name")
                    counts[ordinal] += sign
                    at += 1
                counts, others = others, counts  # no sum has to wait for the one before
        return 0

    cdef tuple top(self, Py_ssize_t group, Py_ssize_t size, list selected):
        """The `size` most frequent values, those of equal counts in order, then what is selected:
        values, each with its ordinal or -1."""
        cdef list names = self.names[group]
        cdef int64_t* counts = self.counts[group]
        cdef Py_ssize_t i, ordinal, count = len(names)
        cdef TopK best
        cdef Ranked member
        best.size, best.room = 0, min(size, count)
        best.members = <Ranked*>take(&self.arena, best.room * sizeof(Ranked))
        member.score = member.place = member.number = 0
        with nogil:
            for i in range(count):
                counts[i] += counts[count + i]
                if counts[i]:
                    member.key, member.tie = -counts[i], i
                    offer(&best, &member)
            sort(&best)
        found = {names[best.members[i].tie]: -best.members[i].key for i in range(best.size)}
        for name, ordinal in selected:
            found.setdefault(name, counts[ordinal] if ordinal >= 0 else 0)
        return tuple(found.items())
