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
    BEST
    EXCLUDE
    SHOULD
    PAIR


cdef struct Slot:  # what a segment has for a leaf
    Postings postings  # of a term; of a prefix and of a list only the documents
    Py_ssize_t[4] bounds  # of a prefix: see `find_prefix`
    const double* weights  # of a prefix: the lower bound of each document's weight
    const int64_t* numbers  # of a range: the column


cdef struct Node:
    Kind kind
    int which  # field or facet group
    Node** members  # of a stem: its exact form; of a phrase: its distinct terms; of a pair: both
    Py_ssize_t count
    Slot* slots  # one for each segment
    double factor, boost  # of a term or a prefix; the boost of a list is its score
    Py_ssize_t* order  # of a phrase: which member is at each position
    Py_ssize_t length  # of a phrase: the number of positions
    const uint8_t* wanted  # of a value: which ordinals
    int64_t low, high  # of a range


cdef class Program:
    cdef Index index
    cdef Arena arena
    cdef dict nodes  # addresses of the leaves' nodes, by expression
    cdef dict terms  # and of those of terms, by field and term


cdef Node* compiled(Program program, expression) except NULL

cdef Node* pair_node(Program program, pair) except NULL


cdef class SegmentQuery:
    cdef Segment segment
    cdef int place
    cdef Arena* arena
    cdef bint is_exact  # whether exact scores are wanted, or lower bounds
    cdef const int64_t* headlines  # of each document; NULL if none has the one searched for
    cdef const double* signals  # what each document's score is multiplied by
    cdef const int64_t* keys  # what documents are sorted by before their scores; or NULL
    cdef DocList matched, hits  # of the current tier
    cdef double* lower_bounds  # of the hits' scores
    cdef double* scores  # of the hits, exact and rounded
