"""The columns of one segment, read with every place checked."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from .doc_list cimport DocList, prefetch
from .memory cimport Arena

cdef enum:
    BUCKETS = 256
    OFFSET_STEP = 16  # see `indexer.segment.postings`


cdef struct Postings:  # of one term in one field, deleted documents among them
    const int32_t* documents
    Py_ssize_t size
    Py_ssize_t first  # row of the first in the columns of postings
    const uint32_t* rows  # of each, where they do not follow each other


cdef class Segment:
    cdef const uint8_t[::1] blob
    cdef const int64_t[::1] offsets
    cdef const uint32_t[::1] starts
    cdef const int32_t[::1] documents
    cdef const uint8_t[::1] buckets
    cdef const uint8_t[::1] profiles8
    cdef const uint16_t[::1] profiles16
    cdef const uint32_t[::1] profiles32
    cdef const uint8_t[::1] lengths8
    cdef const uint16_t[::1] lengths16
    cdef const uint32_t[::1] lengths32
    cdef const uint32_t[::1] position_offsets
    cdef const uint32_t[::1] frequencies  # of a term, all parts together, for each profile
    cdef const uint32_t[::1] occurrences
    cdef const double[:, ::1] counts  # of each profile, in each part
    cdef const uint8_t[::1] profile_parts  # the parts of each profile, a bit each
    cdef const uint8_t[::1] field_parts  # and of each field
    cdef const double[:, ::1] weights  # of each field and part
    cdef const double[::1] floors
    cdef const double[::1] share
    cdef double spread, base, k1
    cdef const int32_t[::1] living
    cdef const uint8_t[::1] alive
    cdef bint has_deleted
    cdef int profile_bytes, length_bytes, parts
    cdef Py_ssize_t stems_begin, stems_end, size
    cdef list numbers  # columns of numbers, whose addresses are in `raw`
    cdef const int64_t** raw
    cdef const int64_t[::1] recency
    cdef list groups  # a `FacetColumn` each
    cdef const uint8_t[::1] id_blob
    cdef const int64_t[::1] id_offsets
    cdef const int32_t[::1] id_order
    cdef const uint64_t[::1] url_keys
    cdef const int32_t[::1] url_documents

    cdef str id(self, int32_t document)
    cdef int64_t find_term(self, bytes term, int field, Postings* found, Arena* arena) except -1
    cdef int find_prefix(
        self, bytes prefix, Py_ssize_t* begin, Py_ssize_t* end, Py_ssize_t* more_begin,
        Py_ssize_t* more_end
    ) except -1
    cdef int find_id(self, bytes id, Arena* arena, DocList* found) except -1
    cdef int find_url(self, uint64_t key, Arena* arena, DocList* found) except -1


cdef class Index:
    cdef list segments
    cdef list names  # of each facet group's values, in order
    cdef int columns, fields
    cdef double items, k1, decimals, rounding
    cdef int64_t missing

    cdef double factor(self, int64_t doc_freq)


cdef inline int32_t checked(Segment segment, int32_t document) except -1 nogil:
    """A document, of which there surely is one."""
    if not 0 <= document < segment.size:
        with gil:
            raise IndexError("a posting is of a document that is not there")
    return document


cdef inline bint is_whole(Segment segment, int field) noexcept nogil:
    """Whether a field holds all parts: then every posting is of it, and buckets tell its weight."""
    return segment.field_parts[field] == (1 << segment.parts) - 1


cdef inline uint32_t profile_of(Segment segment, Py_ssize_t posting) except? 0xFFFFFFFF nogil:
    if segment.profile_bytes == 1:
        return segment.profiles8[posting]
    if segment.profile_bytes == 2:
        return segment.profiles16[posting]
    return segment.profiles32[posting]


cdef inline int expect_profile(Segment segment, Py_ssize_t posting) except -1 nogil:
    """Ask the memory for the profile of a posting."""
    if segment.profile_bytes == 1:
        prefetch(&segment.profiles8[posting])
    elif segment.profile_bytes == 2:
        prefetch(&segment.profiles16[posting])
    else:
        prefetch(&segment.profiles32[posting])
    return 0


cdef inline bint is_in(Segment segment, int field, Py_ssize_t posting) except -1 nogil:
    """Whether a posting is of a field."""
    return segment.profile_parts[profile_of(segment, posting)] & segment.field_parts[field] != 0


cdef inline double norm_of(Segment segment, int32_t document, int part) except -1 nogil:
    """What one occurrence counts in a part of a document, its part's weight aside."""
    cdef Py_ssize_t at = <Py_ssize_t>document * segment.parts + part
    cdef double length
    if segment.length_bytes == 1:
        length = segment.lengths8[at]
    elif segment.length_bytes == 2:
        length = segment.lengths16[at]
    else:
        length = segment.lengths32[at]
    return 1.0 / (segment.base + length * segment.share[part])


cdef inline double weight_of(
    Segment segment, int field, Py_ssize_t posting, const double* norms
) except? -1 nogil:
    """What a posting weighs in a field of a document with these norms; the order of the steps is
    that of `vectorized.matcher`."""
    cdef uint32_t profile = profile_of(segment, posting)
    cdef double weight = 0
    cdef int part
    for part in range(segment.parts):
        weight += segment.counts[profile, part] * segment.weights[field, part] * norms[part]
    return weight


cdef inline double weight_in(
    Segment segment, int field, Py_ssize_t posting, int32_t document
) except? -1 nogil:
    """The same where the norms of the document are not known yet: those of few parts are wanted,
    and what the others would add is 0."""
    cdef uint32_t profile = profile_of(segment, posting)
    cdef double weight = 0, count
    cdef int part
    for part in range(segment.parts):
        count = segment.counts[profile, part] * segment.weights[field, part]
        if count != 0:
            weight += count * norm_of(segment, document, part)
    return weight


cdef inline int occurrences_of(
    Segment segment, Py_ssize_t posting, uint32_t* begin, uint32_t* end
) except -1 nogil:
    """Where the occurrences of a posting of an exact form begin and end; stems have none. Stored
    is where those of every `OFFSET_STEP`th begin: the frequencies of those between are added."""
    cdef Py_ssize_t stems = segment.starts[segment.stems_begin], exact = posting, i
    cdef Py_ssize_t width = <Py_ssize_t>segment.starts[segment.stems_end] - stems
    if exact >= stems + width:
        exact -= width
    begin[0] = segment.position_offsets[exact // OFFSET_STEP]
    for i in range(exact - exact % OFFSET_STEP, exact):
        begin[0] += segment.frequencies[profile_of(segment, i + width if i >= stems else i)]
    end[0] = begin[0] + segment.frequencies[profile_of(segment, posting)]
    return 0


cdef inline int64_t number_of(
    Segment segment, int column, int32_t document
) except? -0x7000000000000000 nogil:
    """What a column of numbers says of a document."""
    return segment.raw[column][checked(segment, document)]
