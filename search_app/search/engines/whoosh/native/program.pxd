"""A query as nodes, and a query at work in one segment."""

from libc.stdint cimport int32_t, int64_t

from .doc_list cimport DocList
from .memory cimport Arena
from .segment cimport Index, Postings, Segment

cdef enum Kind:
    TERM
    PHRASE
    PREFIX
    DOC_LIST
    VALUE
    RANGE
    ALL
    ANY
    WITHOUT
    EVERYTHING
    NOTHING


cdef struct Node:
    Kind kind
    int which  # field, column of numbers or facet group
    Py_ssize_t first  # of its members
    Py_ssize_t count
    void* slots  # of a leaf, what each segment has of it: an array of the structs below
    double factor  # of a term's saturated weight, and the boost
    double boost
    double exact_factor  # the same of its exact form
    double exact_boost
    int64_t low
    int64_t high


cdef struct TermSlot:
    Postings postings  # of the stem, or of the exact form alone
    Postings exact  # of the exact form beside the stem


cdef struct PrefixSlot:
    Py_ssize_t begin, end, more_begin, more_end  # rows of the postings: see `find_prefix`
    const int32_t* documents
    const double* weights  # of all postings of a document together, at least
    Py_ssize_t size


cdef struct ValueSlot:
    int64_t low, high  # bounds on the ordinals of a facet group


cdef class Program:
    cdef Index index
    cdef Arena arena
    cdef Node* nodes
    cdef Py_ssize_t* members
    cdef Py_ssize_t node_count, member_count, node_room, member_room

    cdef Py_ssize_t _node(self, Kind kind) except -1
    cdef Py_ssize_t _leaf(self, Kind kind, int which, int most, size_t slot) except -1
    cdef Py_ssize_t _parent(self, Kind kind, members) except -1
    cdef Py_ssize_t checked_node(self, Py_ssize_t node) except -1


cdef class SegmentQuery:
    cdef Segment segment
    cdef Program program
    cdef int place
    cdef Arena* arena


cdef inline TermSlot* term_slot(SegmentQuery query, const Node* node) noexcept nogil:
    return &(<TermSlot*>node.slots)[query.place]


cdef inline PrefixSlot* prefix_slot(SegmentQuery query, const Node* node) noexcept nogil:
    return &(<PrefixSlot*>node.slots)[query.place]


cdef inline DocList* doc_list(SegmentQuery query, const Node* node) noexcept nogil:
    return &(<DocList*>node.slots)[query.place]


cdef inline ValueSlot* value_slot(SegmentQuery query, const Node* node) noexcept nogil:
    return &(<ValueSlot*>node.slots)[query.place]


cdef inline const Node* node_at(SegmentQuery query, Py_ssize_t at) noexcept nogil:
    return &query.program.nodes[at]


cdef inline Py_ssize_t member_at(SegmentQuery query, const Node* node, Py_ssize_t i) noexcept nogil:
    return query.program.members[node.first + i]
