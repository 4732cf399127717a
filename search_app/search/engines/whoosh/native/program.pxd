"""A query as nodes, and a query at work in one segment."""

from libc.stdint cimport int64_t, uint8_t

from .doc_list cimport DocList
from .memory cimport Arena
from .segment cimport Index, Postings, Segment

cdef enum Kind:
    TERM
    PREFIX
    DOC_LIST
    PHRASE
    VALUE
    RANGE
    ALL
    ANY
    EXCLUDE
    EVERYTHING
    NOTHING


cdef struct Slot:  # what a segment has of a leaf
    Postings postings  # of the stem, or of the exact form alone; of other leaves the documents
    Postings exact  # of the exact form beside the stem
    Py_ssize_t[4] bounds  # of a prefix: see `find_prefix`
    const double* weights  # of a prefix: of all postings of a document together, at least
    const int64_t* numbers  # of a range: the column


cdef struct Node:
    Kind kind
    int which  # field or facet group
    Node** members
    Py_ssize_t count
    Slot* slots  # of a leaf, one for each segment
    Py_ssize_t* order  # of a phrase: which member stands at each of its positions
    Py_ssize_t length  # and how many positions there are
    const uint8_t* wanted  # of a facet group: which ordinals
    int64_t low, high  # of a range


cdef class ProgramNode:
    cdef Node* node
    cdef Program program


cdef class Program:
    cdef Index index
    cdef Arena arena

    cdef ProgramNode made(self, Kind kind)
    cdef ProgramNode leaf(self, Kind kind, int which, int most)
    cdef ProgramNode parent(self, Kind kind, members)


cdef class SegmentQuery:
    cdef Segment segment
    cdef int place
    cdef Arena* arena
    cdef bint is_exact  # whether exact scores are wanted, or lower bounds
    cdef const int64_t* keys  # what documents are sorted by before their scores; or NULL
    cdef DocList matched, hits  # of the tier that was looked for last
    cdef double* lower_bounds  # of the hits' scores
