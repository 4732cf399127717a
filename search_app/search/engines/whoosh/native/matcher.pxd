"""The documents of a segment that a node matches, and what they score by it."""

from libc.stdint cimport uint8_t

from .doc_list cimport DocList
from .program cimport Node, SegmentQuery

cdef int match(SegmentQuery query, const Node* node, DocList* found) except -1 nogil
cdef int weigh(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil
cdef double error_ratio(SegmentQuery query, const Node* node) noexcept nogil
