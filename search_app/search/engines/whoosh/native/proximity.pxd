"""What a document scores by two words that stand together in it."""

from libc.stdint cimport int32_t

from .program cimport Node, SegmentQuery

cdef double proximity(SegmentQuery query, const Node* pair, int32_t document) except -1 nogil
