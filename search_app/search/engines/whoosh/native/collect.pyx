# cython: language_level=3, boundscheck=True, wraparound=False, cdivision=True
# cython: initializedcheck=False, embedsignature=True
"""The evaluation of one query in compiled code: what `evaluate`, `scoring`, `order` and `facets` do
with arrays, in loops that have no cost of their own for a query that matches little.

A query is a `Program`: nodes, each made after its members. There are but two things to do with one:
`match` lists the documents of a segment that match, `weigh` tells of some documents which match
and what they score. As in `order`, all hits are estimated from the buckets of their postings, and
only those that may be on the page are scored, by the same operations in the same order as in
`scoring`: both ways give the same bits.

Every place in a column is checked before it is read: an index that is not what it should be ends
in an `IndexError`. The lock of the interpreter is not held while postings are read.
"""

VERSION = 1
# Raise it whenever what the kernel is asked or answers changes: see `evaluators`.


from libc.math cimport log, rint
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc, realloc
from libc.string cimport memcmp, memset

cdef extern from *:
    int lowest_bit "__builtin_ctzll"(unsigned long long word) nogil
    void prefetch "__builtin_prefetch"(const void* address) nogil

cdef enum:
    BUCKETS = 256
    AHEAD = 12  # documents of which is asked for what will be looked at
    FEWER = 4  # a list so many times shorter than another is looked up in it
    FAR = 256  # and by leaps, if so many times
    DENSE = 16  # of the documents of a segment, one in so many is many
    SLICE = 65536  # documents that are weighed at a time
    LINE = 16  # numbers in a line of the cache

include "arena.pxi"
include "best.pxi"
include "lists.pxi"
include "program.pxi"
include "facets.pxi"
include "columns.pxi"
include "matches.pxi"
include "leaves.pxi"
include "rows.pxi"
include "scores.pxi"
include "hits.pxi"
include "index.pxi"
