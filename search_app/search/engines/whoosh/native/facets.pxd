"""Values of facet groups: those of each document, and how often each is found."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t

from .doc_list cimport DocList
from .memory cimport Arena


cdef class FacetColumn:
    cdef const uint32_t[::1] starts  # of each document's values
    cdef const int32_t[::1] values  # by global ordinal
    cdef const int64_t[::1] living  # how many living documents have each value
    cdef Py_ssize_t size  # how many values have ordinals
    cdef bint is_constant  # whether each document has the same value and no other
    cdef const int32_t[::1] lone  # of each document its value, if it has just one; else `size`

    cdef bint has_any(self, int32_t document, const uint8_t* wanted) except -1 nogil


cdef class FacetProfiles:
    cdef const int32_t[::1] of_documents  # the profile of each document
    cdef Py_ssize_t count  # how many there are
    cdef list columns  # the values of each profile, for each facet group that profiles tell
    cdef const uint8_t[::1] covers  # for each facet group whether profiles tell its values
    cdef bint is_worth_it  # whether they tell those of several groups


cdef class Counter:
    cdef list names
    cdef int64_t** counts
    cdef Py_ssize_t* sizes  # how many values each group has
    cdef readonly list totals
    cdef Arena arena

    cdef int add_hits(self, DocList found) except -1
    cdef int add_values(
        self, Py_ssize_t group, FacetColumn column, DocList found, int64_t sign,
        const int64_t* times=*
    ) except -1
    cdef int add_all(self, Py_ssize_t group, FacetColumn column) except -1
    cdef int add_documents(
        self, list columns, FacetProfiles profiles, DocList found, int sign
    ) except -1
    cdef int add_profiles(self, FacetProfiles profiles, DocList found, int sign) except -1
    cdef object running_totals(self, Py_ssize_t group)
    cdef tuple top(
        self, Py_ssize_t group, Py_ssize_t size, list selected, dict ordinals, const uint8_t* listed
    )


cdef uint8_t* marked(dict ordinals, values, Arena* arena) except NULL
