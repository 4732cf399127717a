"""What a node says of documents: which match, and what they score by it."""

from libc.stdint cimport uint8_t

from .doc_list cimport DocList
from .program cimport SegmentQuery

cdef enum:
    SLICE = 65536  # documents that are weighed at a time

cdef int weigh(
    SegmentQuery query, Py_ssize_t at, DocList found, uint8_t* there, double* scores
) except -1 nogil
cdef double stretch_of(SegmentQuery query, Py_ssize_t at) noexcept nogil
