"""What documents score by two words that stand together in them."""

from .doc_list cimport DocList
from .program cimport Node, SegmentQuery

cdef int add_proximity(
    SegmentQuery query, const Node* pair, DocList found, double* scores
) except -1 nogil
