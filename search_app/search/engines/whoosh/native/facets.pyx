"""Values of facet groups: those of each document, and how often each is found."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from .doc_list cimport AHEAD, DocList, prefetch
from .memory cimport Arena, close, release, take, zeros
from .top_k cimport Ranked, TopK, offer, sort

import numpy as np

from search_app.search.engines.whoosh.facet_profiles import values_of

NONE = np.zeros(0, np.int32)


cdef class FacetColumn:
    """The values of a facet group in one segment with these documents `living`. See
    `global_order.facet_values` for `values`; those of a document begin at its place in `starts`;
    `size` is the number of global ordinals."""

    def __cinit__(self, const int32_t[::1] living, starts, values, Py_ssize_t size):
        cdef int64_t[::1] counts = np.zeros(size, np.int64)
        cdef Py_ssize_t i, at
        self.starts, self.values = starts, values
        self.size, self.living = size, counts
        have = np.diff(self.starts)
        self.is_constant = size == 1 and (have == 1).all()
        self.lone = self.values
        if (have != 1).any():
            firsts = np.append(self.values, 0)[np.minimum(self.starts[:-1], len(self.values))]
            self.lone = np.where(have == 1, firsts, size).astype(np.int32)
        for i in range(len(living)):
            for at in range(self.starts[living[i]], self.starts[living[i] + 1]):
                counts[self.values[at]] += 1

    cdef bint has_any(self, int32_t document, const uint8_t* wanted) except -1 nogil:
        """Whether a document has a value that is marked by its global ordinal."""
        cdef Py_ssize_t at
        cdef int32_t ordinal
        for at in range(self.starts[document], self.starts[document + 1]):
            ordinal = self.values[at]
            if not 0 <= ordinal < self.size:
                with gil:
                    raise IndexError("a facet value has no name")
            if wanted[ordinal]:
                return True
        return False


cdef class FacetProfiles:
    """Which documents of a segment have the same values in several facet groups, as `Profiles`: as
    they are few kinds, it is these that are counted. `groups`: the `Values` of all."""

    def __cinit__(self, profiles, list groups):
        self.of_documents, self.covers = profiles.of_documents, profiles.covers
        self.count, self.is_worth_it = len(profiles.examples), sum(profiles.covers) > 1
        self.columns = [
            FacetColumn(NONE, *values_of(group, profiles.examples)) if covered else None
            for group, covered in zip(groups, profiles.covers)
        ]


cdef class Counter:
    """Counts hits, in total and by facet value, as documents. If facets count stories, they are
    counted by `StoryCounter` instead, and put in here."""

    def __cinit__(self, list names):
        """`names`: of the values of each group."""
        self.names, self.totals = names, []
        self.counts = <int64_t**>take(&self.arena, len(names) * sizeof(int64_t*))
        self.sizes = <Py_ssize_t*>take(&self.arena, len(names) * sizeof(Py_ssize_t))
        for group, values in enumerate(names):
            self.sizes[<Py_ssize_t>group] = len(values)
            self.counts[<Py_ssize_t>group] = <int64_t*>zeros(
                &self.arena, 2 * (len(values) + 1) * sizeof(int64_t)  # two a value, by turns
            )

    def __dealloc__(self):
        close(&self.arena)

    cdef int add_hits(self, DocList found) except -1:
        """Count the hits of the last tier in one more segment."""
        self.totals[len(self.totals) - 1] += found.size
        return 0

    cdef int add_all(self, Py_ssize_t group, FacetColumn column) except -1:
        """Count the values of all living documents."""
        cdef Py_ssize_t i
        for i in range(column.size):
            self.counts[group][i] += column.living[i]
        return 0

    cdef int add_documents(
        self, list columns, FacetProfiles profiles, DocList found, int sign
    ) except -1:
        """Count the values of all groups that these documents have; with `sign` -1, take them
        away. Many documents are counted by their profiles."""
        # Else it would take longer to clear a count for each profile.
        cdef bint are_many = profiles.is_worth_it and found.size > profiles.count // 16
        cdef Py_ssize_t group
        if are_many:
            self.add_profiles(profiles, found, sign)
        for group in range(len(columns)):
            if not (are_many and profiles.covers[group]):
                self.add_values(group, columns[group], found, sign)
        return 0

    cdef int add_profiles(self, FacetProfiles profiles, DocList found, int sign) except -1:
        """Count the documents of each profile; then, of each profile that is seen, the values."""
        cdef Py_ssize_t i, group, taken = self.arena.count
        cdef int64_t* counts = <int64_t*>zeros(&self.arena, profiles.count * sizeof(int64_t))
        cdef int32_t* seen = <int32_t*>take(&self.arena, (found.size + 1) * sizeof(int32_t))
        cdef int64_t* times
        cdef const int32_t* of_documents = &profiles.of_documents[0]
        cdef uint32_t document, documents = len(profiles.of_documents)
        cdef int32_t profile
        cdef DocList kinds
        kinds.numbers, kinds.size = seen, 0
        with nogil:
            for i in range(found.size):
                if i + AHEAD < found.size:
                    prefetch(of_documents + found.numbers[i + AHEAD])
                document = found.numbers[i]
                if document >= documents:
                    with gil:
                        raise IndexError("a document has no facet values")
                profile = of_documents[document]
                seen[kinds.size] = profile
                kinds.size += counts[profile] == 0
                counts[profile] += sign
        times = <int64_t*>take(&self.arena, kinds.size * sizeof(int64_t))
        for i in range(kinds.size):
            times[i] = counts[seen[i]]
        for group in range(len(profiles.columns)):
            if profiles.covers[group]:
                self.add_values(group, profiles.columns[group], kinds, 1, times)
        release(&self.arena, taken)
        return 0

    cdef int add_values(
        self, Py_ssize_t group, FacetColumn column, DocList found, int64_t sign,
        const int64_t* times=NULL
    ) except -1:
        """Count the values of a group that these documents have, with `sign` -1, take them away;
        each once, or so many `times`."""
        # What the loop reads is kept out of the column: counting could change that, for all that
        # the C compiler knows.
        cdef Py_ssize_t i, n, at, end, rest_size = 0, last = len(column.values)
        cdef Py_ssize_t taken = self.arena.count
        cdef const uint32_t* starts = &column.starts[0]
        cdef const int32_t* values = &column.values[0] if last else NULL
        cdef const int32_t* lone = &column.lone[0] if len(column.lone) else NULL
        cdef int64_t* counts = self.counts[group]
        cdef int64_t* others = counts + column.size + 1
        # Unsigned, so that one comparison refuses what is negative, too.
        cdef uint32_t document, ordinal, size = column.size, documents = len(column.lone)
        if not found.size:
            return 0
        if column.is_constant and times == NULL:  # as the language of items mostly is
            counts[0] += sign * found.size
            return 0
        cdef int32_t* rest = <int32_t*>take(&self.arena, found.size * sizeof(int32_t))
        with nogil:
            for i in range(found.size):
                if i + AHEAD < found.size:
                    prefetch(lone + found.numbers[i + AHEAD])
                document = found.numbers[i]
                if document >= documents:
                    with gil:
                        raise IndexError("a document has no facet values")
                ordinal = lone[document]
                if ordinal > size:
                    with gil:
                        raise IndexError("a facet value has no name")
                counts[ordinal] += sign if times == NULL else times[i]
                rest[rest_size] = i
                rest_size += ordinal == size  # without a branch, which nobody could predict
                counts, others = others, counts  # no sum has to wait for the one before
            for n in range(rest_size):
                if n + 2 * AHEAD < rest_size:
                    prefetch(starts + found.numbers[rest[n + 2 * AHEAD]])
                    prefetch(values + starts[found.numbers[rest[n + AHEAD]]])
                i = rest[n]
                document = found.numbers[i]
                at, end = starts[document], starts[document + 1]
                if end > last:
                    with gil:
                        raise IndexError("there are not as many facet values as there should be")
                while at < end:
                    ordinal = values[at]
                    if ordinal >= size:
                        with gil:
                            raise IndexError("a facet value has no name")
                    counts[ordinal] += sign if times == NULL else times[i]
                    at += 1
                counts, others = others, counts
        release(&self.arena, taken)
        return 0

    cdef object running_totals(self, Py_ssize_t group):
        """How often the values before each value of a group were counted, and at last all."""
        cdef Py_ssize_t i, count = len(self.names[group])
        cdef const int64_t* counts = self.counts[group]
        found = np.zeros(count + 1, np.int64)
        cdef int64_t[::1] totals = found
        for i in range(count):
            totals[i + 1] = totals[i] + counts[i] + counts[count + 1 + i]
        return found

    cdef tuple top(
        self, Py_ssize_t group, Py_ssize_t size, list selected, dict ordinals, const uint8_t* listed
    ):
        """The `size` most frequent values with their counts, equal ones in order, then those
        selected; `ordinals` has those of all values. And how many values have been counted. Only
        those that are marked in `listed` are meant, unless it is `NULL`, or selected."""
        cdef list names = self.names[group]
        cdef int64_t* counts = self.counts[group]
        cdef Py_ssize_t i, distinct = 0, count = len(names)
        cdef TopK best
        cdef Ranked member
        best.size, best.room = 0, min(size, count)
        best.members = <Ranked*>take(&self.arena, best.room * sizeof(Ranked))
        member.score = member.place = member.number = 0
        with nogil:
            for i in range(count):
                counts[i] += counts[count + 1 + i]
                if counts[i] and (listed == NULL or listed[i]):
                    distinct += 1
                    if best.size < best.room or (best.room and -counts[i] < best.members[0].key):
                        member.key, member.tie = -counts[i], i
                        offer(&best, &member)
            sort(&best)
        found = [(names[best.members[i].tie], -best.members[i].key) for i in range(best.size)]
        for name in selected:
            if not any([name == other for other, _ in found]):
                ordinal = ordinals.get(name)
                found.append((name, 0 if ordinal is None else counts[<Py_ssize_t>ordinal]))
        return tuple(found), distinct


cdef uint8_t* marked(dict ordinals, values, Arena* arena) except NULL:
    """For each ordinal whether it is that of one of the values."""
    cdef uint8_t* marks = <uint8_t*>zeros(arena, len(ordinals))
    for value in values:
        if value in ordinals:
            marks[<Py_ssize_t>ordinals[value]] = 1
    return marks
