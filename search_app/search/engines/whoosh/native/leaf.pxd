"""Evaluates one leaf of a query: which documents match, and what they score by it."""

from libc.stdint cimport uint8_t

from .doc_list cimport DocList
from .program cimport Node, SegmentQuery

cdef int weigh_leaf(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil
cdef int add_bounds(SegmentQuery query, const Node* term, double* scores) except -1 nogil
