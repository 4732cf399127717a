"""Evaluates one leaf of a query: which documents match, and what they score by it."""

from libc.stdint cimport uint8_t

from .doc_list cimport DocList, Pairs
from .program cimport Node, SegmentQuery
from .segment cimport Occurrences

cdef int weigh_leaf(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil
cdef Py_ssize_t having_all(
    SegmentQuery query, const Node* node, DocList found, Pairs* pairs
) except -1 nogil
cdef Occurrences* locate(
    SegmentQuery query, const Node* node, const Pairs* pairs
) except NULL nogil
cdef int add_bounds(SegmentQuery query, const Node* term, double* scores) except -1 nogil
