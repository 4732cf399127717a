"""Hits by the stories that they report: how many there are, the best of each, their facet values."""

from libc.stdint cimport int32_t, int64_t

from .doc_list cimport DocList
from .facets cimport Counter
from .memory cimport Arena
from .segment cimport Index, Segment
from .top_k cimport Ranked, TopK

cdef enum:
    EVERY_GROUP = -1


cdef struct Story:
    int32_t tier  # the first one with a hit, counted from 1; or 0
    int32_t hits  # in all tiers
    int32_t best  # one more than the place among the best of the one that is best so far; or 0
    int32_t last  # one more than the place among the listed of the last listed one; or 0


cdef struct Listed:  # a document to be counted in a facet group, in every one, or in an expression
    int32_t key
    int32_t before  # as `Story.last`: the one of this story that was listed before it
    int32_t place
    int32_t number
    int32_t what


cdef class StoryCounter:
    cdef Arena arena
    cdef Story* stories  # by the documents' keys
    cdef Py_ssize_t told  # how many there are
    cdef Listed* listed
    cdef Py_ssize_t listed_size, listed_room
    cdef Ranked* best  # the best hit of each story of the current tier
    cdef int32_t* best_keys
    cdef Py_ssize_t best_size
    cdef int32_t tier
    cdef readonly Py_ssize_t total

    cdef int begin_tier(self) except -1
    cdef Py_ssize_t add_hits(self, Segment segment, DocList hits) except -1 nogil
    cdef int begin_offers(self, Py_ssize_t most) except -1
    cdef int offer(self, Segment segment, const Ranked* member, TopK* best) except -1 nogil
    cdef int end_offers(self, TopK* best) except -1 nogil
    cdef int list_documents(
        self, Segment segment, int32_t place, DocList* found, int32_t what, Arena* arena
    ) except -1 nogil
    cdef int make_room(self, Py_ssize_t more) except -1 nogil
    cdef int count(
        self, Index index, Counter counter, int64_t* worded, Py_ssize_t worded_size
    ) except -1
    cdef int32_t others(self, Segment segment, int32_t number) except -1
