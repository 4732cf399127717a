"""The columns of one segment, read with every index checked."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from .doc_list cimport DocList
from .facets cimport FacetColumn, FacetProfiles
from .memory cimport Arena

cdef extern from *:
    int lowest_bit "__builtin_ctzll"(unsigned long long word) nogil

cdef enum:
    BUCKETS = 256
    OFFSET_STEP = 16  # see `indexer.segment.postings`


cdef struct Postings:  # of a term in one field, deleted documents among them
    DocList documents
    Py_ssize_t first  # index of the first in the columns of postings
    const uint32_t* indices  # of each, where they do not follow each other; else NULL


cdef struct Occurrences:  # of a term in a document: their indices in the column
    uint32_t begin
    uint32_t end


cdef class Segment:
    cdef const uint8_t[::1] blob
    cdef const int64_t[::1] offsets
    cdef const uint64_t[::1] heads  # of some terms: see `first_term_from`
    cdef const uint32_t[::1] starts
    cdef const int32_t[::1] documents
    cdef const uint8_t[::1] buckets
    cdef const uint8_t[::1] profiles  # bytes of numbers of `profile_bytes` each
    cdef const uint8_t[::1] lengths  # and of `length_bytes` each
    cdef const uint32_t[::1] position_offsets
    cdef const uint32_t[::1] frequencies  # of a term, all zones together, for each profile
    cdef const uint32_t[::1] occurrences
    cdef const double[:, ::1] counts  # of each profile, in each zone
    cdef const uint8_t[::1] profile_zones  # the zones of each profile, a bit each
    cdef const uint8_t[::1] field_zones  # and of each field
    cdef const double[:, ::1] zone_weights  # of each field and zone
    cdef const double[::1] bucket_min
    cdef const double[::1] share, base  # of each zone: how its length counts, see `impacts.norms`
    cdef double error_ratio, k1
    cdef const int32_t[::1] living
    cdef const uint8_t[::1] alive
    cdef bint has_deleted
    cdef int profile_bytes, length_bytes, zones
    cdef Py_ssize_t stems_begin, stems_end, size
    cdef dict numbers  # the columns of numbers, by name
    cdef const int64_t[::1] headlines  # that occur, ascending
    cdef const int64_t[::1] date_rank
    cdef const int32_t[::1] stories  # see `global_order.story_keys`
    cdef list groups  # a `FacetColumn` for each facet group
    cdef FacetProfiles facet_profiles
    cdef FacetColumn days  # see `day_columns`
    cdef const uint8_t[::1] id_blob
    cdef const int64_t[::1] id_offsets

    cdef str id(self, int32_t document)
    cdef const int64_t* number_column(self, str name) except? NULL
    cdef bint has_headline(self, int64_t number) except -1
    cdef int64_t find_term(self, bytes term, int field, Postings* found, Arena* arena) except -1
    cdef int64_t add_term(self, bytes term, int field, Postings* found, Arena* arena) except -1
    cdef int find_prefix(self, bytes prefix, Py_ssize_t* bounds) except -1


cdef class Index:
    cdef readonly list segments
    cdef Py_ssize_t items  # living ones
    cdef Py_ssize_t told  # how many stories several documents report; only their keys are less
    cdef list readers  # the `SegmentReader` of each segment
    cdef list names  # of the values of each facet group, in order
    cdef list ordinals  # and the place of each among them, by name
    cdef Py_ssize_t days  # how many distinct ones there are
    cdef double decimals
    cdef Py_ssize_t exhaustive_below


cdef const uint8_t* string_at(
    const uint8_t[::1] blob, const int64_t[::1] offsets, Py_ssize_t at, Py_ssize_t* length
) except NULL
cdef Py_ssize_t first_term_from(Segment segment, bytes wanted) except -1
cdef int posting_range(
    Segment segment, Py_ssize_t first, Py_ssize_t last, Py_ssize_t* begin, Py_ssize_t* end
) except -1
cdef Py_ssize_t living_between(Segment segment, Py_ssize_t begin, Py_ssize_t end) except -1


cdef inline int damaged(const char* message) except -1 nogil:
    with gil:
        raise IndexError(message.decode())


cdef inline int32_t checked(Segment segment, int32_t document) except -1 nogil:
    """A bounds-checked document number."""
    if not 0 <= document < segment.size:
        damaged("a posting is of a document that is not there")
    return document


cdef inline bint is_whole(Segment segment, int field) noexcept nogil:
    """Whether a field holds all zones: then every posting is of it, and buckets tell its weight."""
    return segment.field_zones[field] == (1 << segment.zones) - 1


cdef inline uint32_t narrow(const uint8_t* place, int bytes) noexcept nogil:
    """A number of one, two or four bytes."""
    if bytes == 1:
        return place[0]
    if bytes == 2:
        return (<const uint16_t*>place)[0]
    return (<const uint32_t*>place)[0]


cdef inline const uint8_t* profile_place(Segment segment, Py_ssize_t posting) except NULL nogil:
    return &segment.profiles[posting * segment.profile_bytes]


cdef inline uint32_t profile_of(Segment segment, Py_ssize_t posting) except? 0xFFFFFFFF nogil:
    return narrow(profile_place(segment, posting), segment.profile_bytes)


cdef inline Py_ssize_t posting_at(const Postings* found, Py_ssize_t i) noexcept nogil:
    """The index in the columns of the posting of a document in the list."""
    return found.indices[i] if found.indices != NULL else found.first + i


cdef inline bint is_in(Segment segment, int field, Py_ssize_t posting) except -1 nogil:
    """Whether a posting is of a field."""
    return segment.profile_zones[profile_of(segment, posting)] & segment.field_zones[field] != 0


cdef inline double weight_of(
    Segment segment, int field, Py_ssize_t posting, int32_t document
) except? -1 nogil:
    """What a posting weighs in a field; the order of the steps is that of `vectorized.matcher`. A
    zone without occurrences, which would add 0, is left out: most postings are of one zone."""
    cdef uint32_t profile = profile_of(segment, posting)
    cdef uint32_t zones = segment.profile_zones[profile] & segment.field_zones[field]
    cdef Py_ssize_t at
    cdef double weight = 0, count
    cdef int zone
    while zones:
        zone = lowest_bit(zones)
        at = (<Py_ssize_t>document * segment.zones + zone) * segment.length_bytes
        count = segment.counts[profile, zone] * segment.zone_weights[field, zone]
        weight += count * (1.0 / (
            segment.base[zone] + narrow(&segment.lengths[at], segment.length_bytes) * segment.share[zone]
        ))
        zones &= zones - 1
    return weight


cdef inline int occurrences_of(
    Segment segment, Py_ssize_t posting, Occurrences* found
) except -1 nogil:
    """Where the occurrences of a posting of an exact form begin and end; stems have none. Stored
    is where those of every `OFFSET_STEP`th begin: the frequencies of those between are added."""
    cdef Py_ssize_t stems = segment.starts[segment.stems_begin], exact = posting, i
    cdef Py_ssize_t width = <Py_ssize_t>segment.starts[segment.stems_end] - stems
    if exact >= stems + width:
        exact -= width
    found.begin = segment.position_offsets[exact // OFFSET_STEP]
    for i in range(exact - exact % OFFSET_STEP, exact):
        found.begin += segment.frequencies[profile_of(segment, i + width if i >= stems else i)]
    found.end = found.begin + segment.frequencies[profile_of(segment, posting)]
    return 0
