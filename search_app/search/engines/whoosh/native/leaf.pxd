"""What one leaf of a query says of documents: which match, and what they score by it."""

from libc.stdint cimport int32_t, uint8_t

from .doc_list cimport DocList
from .memory cimport Arena
from .program cimport Node, SegmentQuery
from .segment cimport BUCKETS, Postings, Segment

cdef double* norms_of(Segment segment, DocList found, Arena* arena) except NULL nogil
cdef int weigh_term(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil
cdef int weigh_prefix(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there, double* scores
) except -1 nogil
cdef int mark_listed(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there
) except -1 nogil
cdef int mark_valued(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there
) except -1 nogil
cdef int mark_in_range(
    SegmentQuery query, const Node* node, DocList found, uint8_t* there
) except -1 nogil
cdef int add_scores(
    Segment segment, int field, const Postings* postings, DocList found, const int32_t* at,
    const Py_ssize_t* rows, Py_ssize_t pairs, double factor, double boost, double* scores
) except -1 nogil
cdef int add_all(
    Segment segment, const Postings* postings, double factor, double boost, double* scores
) except -1 nogil
cdef double stretch(SegmentQuery query, const Node* node) noexcept nogil
