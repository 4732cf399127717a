"""What one leaf of a query says of documents: which match, and what they score by it."""

from libc.stdint cimport uint8_t

from .doc_list cimport DocList, Pairs
from .program cimport Node, SegmentQuery
from .segment cimport Postings, Segment

cdef int weigh_leaf(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil
cdef int add_scores(
    SegmentQuery query, int field, const Postings* postings, DocList found, const Pairs* pairs,
    double* scores
) except -1 nogil
cdef int add_all(Segment segment, const Postings* postings, double* scores) except -1 nogil
