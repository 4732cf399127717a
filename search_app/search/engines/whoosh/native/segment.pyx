"""The columns of one segment (see `indexer.segment.builder`), read with every place checked,
and all segments of a generation."""

from libc.math cimport log
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t
from libc.string cimport memcmp

from .memory cimport Arena, take


cdef class Segment:
    """The columns of one segment, for `Index`."""

    def __cinit__(
        self, columns, stems, *, counts, profile_zones, field_zones, zone_weights, bucket_min,
        share, base, k1, error_ratio, living, alive, date_rank, numbers, groups
    ):
        """`counts`: how often a profile has a term in each zone, a row each; `profile_zones` and
        `field_zones`: the zones of each profile and of each field, a bit each; `zone_weights`: what
        an occurrence counts, a row for each field; `bucket_min`: what a posting of each bucket
        weighs at least in all text, and `error_ratio` how many times that at most; `share`: `b`
        over the mean length of each zone, and `base` the rest of one; `numbers`: columns in the
        order of `Program.range`; `groups`: of `FacetColumn`, in the order of `Program.value`."""
        self.blob, self.offsets = columns["terms.blob"], columns["terms.offsets"]
        self.starts, self.documents = columns["postings.starts"], columns["postings.documents"]
        self.buckets = columns["postings.impacts"]
        self.position_offsets = columns["postings.position_offsets"]
        self.occurrences = columns["positions"]
        self.frequencies = counts.sum(axis=1).astype("u4")
        self.counts, self.profile_zones = counts, profile_zones
        self.zone_weights, self.field_zones = zone_weights, field_zones
        self.bucket_min, self.share, self.error_ratio = bucket_min, share, error_ratio
        self.base, self.k1 = base, k1
        self.zones, self.size = counts.shape[1], len(date_rank)
        self.living, self.has_deleted = living, alive is not None
        if self.has_deleted:
            self.alive = alive
        self.stems_begin, self.stems_end = stems.start, stems.stop
        self.date_rank, self.groups, self.numbers = date_rank, groups, numbers
        self.id_blob, self.id_offsets = columns["ids.blob"], columns["ids.offsets"]
        profiles, lengths = columns["postings.tf_profiles"], columns["lengths"]
        self.profiles, self.profile_bytes = profiles.view("u1"), profiles.itemsize
        self.lengths, self.length_bytes = lengths.view("u1"), lengths.itemsize
        if (
            len(bucket_min) != BUCKETS
            or not len(share) == zone_weights.shape[1] == self.zones
            or len(zone_weights) != len(field_zones)
            or len(self.buckets) != len(self.documents)
            or max(self.profile_bytes, self.length_bytes) > 4
        ):
            raise IndexError("the columns do not have the shapes that they should")

    cdef str id(self, int32_t document):
        """The id of a document."""
        cdef Py_ssize_t length
        cdef const uint8_t* found = string_at(self.id_blob, self.id_offsets, document, &length)
        try:
            return (<const char*>found)[:length].decode()
        except UnicodeDecodeError as error:
            raise IndexError(f"an id is no text: {error}") from error

    cdef const int64_t* number_column(self, Py_ssize_t column) except? NULL:
        """Where a column with a number for each document begins."""
        cdef const int64_t[::1] values = self.numbers[column]
        if len(values) != self.size:
            raise IndexError("a column of numbers is not as long as the segment")
        return &values[0] if self.size else NULL

    cdef int64_t find_term(self, bytes term, int field, Postings* found, Arena* arena) except -1:
        """The postings of a term in a field; how many living documents they are of."""
        cdef Py_ssize_t at = first_term_from(self, term), i, length, begin, end
        cdef int64_t gone = 0
        if at == len(self.offsets) - 1:
            return 0
        cdef const uint8_t* there = string_at(self.blob, self.offsets, at, &length)
        if length != len(term) or memcmp(there, <const uint8_t*>term, length):
            return 0
        posting_range(self, at, at + 1, &begin, &end)
        if end == begin:
            return 0
        found.documents.numbers, found.documents.size = &self.documents[begin], end - begin
        found.first = begin
        with nogil:
            if not is_whole(self, field):
                only_in_field(self, field, found, arena)
            if self.has_deleted:
                for i in range(found.documents.size):
                    gone += 1 - self.alive[found.documents.numbers[i]]
        return found.documents.size - gone

    cdef int find_prefix(self, bytes prefix, Py_ssize_t* bounds) except -1:
        """Between which indices the postings are of all exact forms that begin so: of those before
        the stems, and of those after."""
        cdef Py_ssize_t first = first_term_from(self, prefix)
        cdef Py_ssize_t last = first_term_from(self, prefix + b"\xff")
        posting_range(
            self, first, max(first, min(last, self.stems_begin)), &bounds[0], &bounds[1]
        )
        posting_range(self, min(last, max(first, self.stems_end)), last, &bounds[2], &bounds[3])
        return 0


cdef const uint8_t* string_at(
    const uint8_t[::1] blob, const int64_t[::1] offsets, Py_ssize_t at, Py_ssize_t* length
) except NULL:
    cdef Py_ssize_t begin = offsets[at], end = offsets[at + 1]
    if not 0 <= begin < end <= len(blob):
        raise IndexError("a term or an id is not where it should be")
    length[0] = end - begin
    return &blob[begin]


cdef Py_ssize_t first_term_from(Segment segment, bytes wanted) except -1:
    """The first term not less than this one."""
    cdef Py_ssize_t low = 0, high = len(segment.offsets) - 1, middle, length, size = len(wanted)
    cdef const uint8_t* there
    cdef int order
    while low < high:
        middle = (low + high) // 2
        there = string_at(segment.blob, segment.offsets, middle, &length)
        order = memcmp(there, <const uint8_t*>wanted, min(length, size))
        if order < 0 or (order == 0 and length < size):
            low = middle + 1
        else:
            high = middle
    return low


cdef int posting_range(
    Segment segment, Py_ssize_t first, Py_ssize_t last, Py_ssize_t* begin, Py_ssize_t* end
) except -1:
    """The indices of the postings of a range of terms."""
    begin[0], end[0] = segment.starts[first], segment.starts[last]
    if begin[0] > end[0] or end[0] > len(segment.documents):
        raise IndexError("there are not as many postings as there should be")
    return 0


cdef int only_in_field(Segment segment, int field, Postings* found, Arena* arena) except -1 nogil:
    """Leave the postings of a field."""
    cdef Py_ssize_t i, size = 0, most = found.documents.size
    cdef int32_t* numbers = <int32_t*>take(arena, most * sizeof(int32_t))
    cdef uint32_t* indices = <uint32_t*>take(arena, most * sizeof(uint32_t))
    for i in range(most):
        if is_in(segment, field, found.first + i):
            numbers[size] = checked(segment, found.documents.numbers[i])
            indices[size] = found.first + i
            size += 1
    found.documents.numbers, found.documents.size, found.indices = numbers, size, indices
    return 0


cdef class Index:
    """All segments of a generation, under one numbering of the values of each facet group."""

    def __cinit__(
        self, list segments, list names, int columns, int fields, *, double items, double k1,
        double decimals, double rounding, int64_t missing
    ):
        """`names`: of the values of each facet group, in order; `columns`: how many columns of
        numbers each segment has, and `fields` how many fields of text; `items`: how many are
        living; `decimals`: what scores are multiplied by to be rounded; `rounding`: more than what
        that does to a score; `missing`: what a column of numbers holds where there is none."""
        cdef Segment segment
        self.segments, self.names, self.items, self.k1 = segments, names, items, k1
        self.decimals, self.rounding, self.missing = decimals, rounding, missing
        self.columns, self.fields = columns, fields
        for segment in segments:
            if len(segment.numbers) != columns or len(segment.groups) != len(names):
                raise ValueError("names for each group, and all columns of numbers, are wanted")
            if len(segment.field_zones) != fields:
                raise ValueError("all fields of text are wanted")

    cdef double factor(self, int64_t doc_freq):
        """What the saturated weight of a term counts: see `ranking.idf`."""
        return log(1 + (self.items - doc_freq + 0.5) / (doc_freq + 0.5)) * (self.k1 + 1)
