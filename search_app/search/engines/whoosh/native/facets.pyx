"""Values of facet groups: what each document has of them, and how often they are found."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from .doc_list cimport DocList
from .memory cimport close, take, zeros
from .segment cimport damaged
from .top_k cimport Ranked, TopK, offer, sort


cdef class FacetColumn:
    """The values of a facet group in one segment: where each document's begin, the values, the
    global ordinal of each value (`None`: its own), and how many global ordinals there are."""

    def __cinit__(
        self, const uint32_t[::1] starts, const int32_t[::1] values, ordinals, Py_ssize_t size
    ):
        self.starts, self.values, self.is_global = starts, values, ordinals is None
        self.size = size
        if not self.is_global:
            self.ordinals = ordinals

    cdef bint has_any(self, int32_t document, const uint8_t* wanted) except -1 nogil:
        """Whether a document has a value that is marked by its global ordinal."""
        cdef Py_ssize_t at
        cdef int32_t value
        for at in range(self.starts[document], self.starts[document + 1]):
            value = self.values[at] if self.is_global else self.ordinals[self.values[at]]
            if not 0 <= value < self.size:
                damaged("a facet value has no name")
            if wanted[value]:
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

    cdef int add_values(self, Py_ssize_t group, FacetColumn column, DocList found) except -1:
        """Count the values of a group that these documents have."""
        cdef Py_ssize_t size = len(<list>self.names[group]), documents = len(column.starts) - 1
        cdef Py_ssize_t i, at, end, last = len(column.values)
        cdef const uint32_t* starts = &column.starts[0]  # its length is looked at for each document
        cdef const int32_t* values = &column.values[0] if last else NULL
        cdef int64_t* counts = self.counts[group]
        cdef int64_t* others = counts + size
        cdef int32_t document, value
        with nogil:
            for i in range(found.size):
                document = found.numbers[i]
                if not 0 <= document < documents:
                    damaged("a document has no facet values")
                at, end = starts[document], starts[document + 1]
                if end > last:
                    damaged("there are not as many facet values as there should be")
                while at < end:
                    value = values[at]
                    if not column.is_global:
                        value = column.ordinals[value]
                    if not 0 <= value < size:
                        damaged("a facet value has no name")
                    counts[value] += 1
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
