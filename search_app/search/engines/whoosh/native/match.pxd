"""The documents of a segment that a node matches."""

from .doc_list cimport DocList
from .program cimport SegmentQuery

cdef int match(SegmentQuery query, Py_ssize_t at, DocList* found) except -1 nogil
