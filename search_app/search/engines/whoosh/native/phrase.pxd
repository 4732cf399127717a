"""Exact forms at successive positions."""

from libc.stdint cimport uint8_t

from .doc_list cimport DocList
from .program cimport Node, SegmentQuery

cdef int weigh_phrase(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil
