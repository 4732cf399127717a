"""The columns of one segment (see `indexer.segment.builder`), read with every index checked; and
all segments of a generation."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memcmp, memset

from .facets cimport FacetColumn, FacetProfiles
from .memory cimport Arena, close, take

import numpy as np

from indexer.schema import FACETS
from indexer.segment import NUMBERS
from indexer.segment.impacts import B
from search_app.search.engines.whoosh.facet_profiles import Values, facet_profiles
from search_app.search.engines.whoosh.global_order import (
    facet_names, facet_values, recency, story_keys
)
from search_app.search.engines.whoosh.similarity import ZONE_WEIGHTS, bucket_bounds
from search_app.search.ranking import K1

cdef enum:
    STEP = 64  # terms for each of which the head is known

ctypedef fused Number:
    int64_t
    uint64_t

cdef int TEXT = list(ZONE_WEIGHTS).index("text")


cdef class Segment:
    """The columns of one segment: of `reader`, a `SegmentReader`, under the mean lengths of all;
    `groups` has a `FacetColumn` for each facet group, and `days` is one."""

    def __cinit__(self, reader, means, date_rank, stories, list groups, FacetColumn days):
        cdef FacetColumn column
        columns, profiles = reader.columns, reader.columns["postings.tf_profiles"]
        self.blob, self.offsets = columns["terms.blob"], columns["terms.offsets"]
        self.heads = heads(self)
        self.starts, self.documents = columns["postings.starts"], columns["postings.documents"]
        self.buckets = columns["postings.impacts"]
        self.profiles, self.profile_bytes = profiles.view("u1"), profiles.itemsize
        self.lengths, self.length_bytes = reader.lengths.ravel().view("u1"), reader.lengths.itemsize
        self.position_offsets = columns["postings.position_offsets"]
        self.occurrences = columns["positions"]
        self.frequencies = reader.profiles.sum(axis=1, dtype="u4")
        self.counts, self.profile_zones = reader.profiles.astype(float), zone_bits(reader.profiles)
        self.zone_weights = np.array([*ZONE_WEIGHTS.values()])
        self.field_zones = zone_bits(np.asarray(self.zone_weights))
        self.bucket_min, self.error_ratio = bucket_bounds(reader, means)
        self.share, self.base, self.k1 = B / means, 1 - B, K1
        self.size, self.zones = reader.size, len(means)
        self.living, self.alive = reader.living, reader.alive.view("u1")
        self.has_deleted = len(self.living) < self.size
        self.stems_begin, self.stems_end = reader.terms.stems.start, reader.terms.stems.stop
        self.date_rank, self.stories, self.groups, self.days = date_rank, stories, groups, days
        values = [
            Values(np.asarray(column.starts), np.asarray(column.values), column.size)
            for column in groups
        ]
        self.facet_profiles = FacetProfiles(facet_profiles(values, self.size), values)
        self.numbers = {name: columns[f"numbers.{name}"] for name in NUMBERS}
        self.headlines = np.sort(self.numbers["headline"])
        self.id_blob, self.id_offsets = columns["ids.blob"], columns["ids.offsets"]
        if (
            len(self.bucket_min) != BUCKETS
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

    cdef const int64_t* number_column(self, str name) except? NULL:
        """The first element of a column with a number for each document."""
        cdef const int64_t[::1] values = self.numbers[name]
        if len(values) != self.size:
            raise IndexError("a column of numbers is not as long as the segment")
        return &values[0] if self.size else NULL

    cdef bint has_headline(self, int64_t number) except -1:
        """Whether a document has the headline of this number."""
        cdef Py_ssize_t at = lower_bound(self.headlines, number)
        return at < len(self.headlines) and self.headlines[at] == number

    cdef int64_t find_term(self, bytes term, int field, Postings* found, Arena* arena) except -1:
        """Find the postings of a term in a field; return how many living documents have them."""
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

    cdef int64_t add_term(self, bytes term, int field, Postings* found, Arena* arena) except -1:
        """Add the postings of one more term in the documents that are not found yet; return how
        many of these are living."""
        cdef Postings more
        memset(&more, 0, sizeof(Postings))
        cdef int64_t living = self.find_term(term, field, &more, arena)
        if not more.documents.size:
            return 0
        if not found.documents.size:
            found[0] = more
            return living
        with nogil:
            return unite(self, found, &more, arena)

    cdef int find_prefix(self, bytes prefix, Py_ssize_t* bounds) except -1:
        """The bounds of the indices of the postings of all exact forms with a prefix: of those
        before the stems, then of those after."""
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


cdef uint64_t head(const uint8_t* term, Py_ssize_t size) noexcept nogil:
    """The first eight bytes of a term as a number, as if zeros followed it: in order, as terms are.
    """
    cdef uint64_t number = 0
    cdef Py_ssize_t i
    for i in range(8):
        number = number << 8 | (term[i] if i < size else 0)
    return number


cdef object heads(Segment segment):
    """The head of every `STEP`th term."""
    cdef Py_ssize_t i, length, count = (len(segment.offsets) - 1 + STEP - 1) // STEP
    found = np.empty(count, np.uint64)
    cdef uint64_t[::1] numbers = found
    for i in range(count):
        numbers[i] = head(string_at(segment.blob, segment.offsets, i * STEP, &length), length)
    return found


cdef Py_ssize_t lower_bound(const Number[::1] ascending, Number number) except -1:
    """Where the first number is that is not less than this one; behind the last if none is."""
    cdef Py_ssize_t low = 0, high = len(ascending), middle
    while low < high:
        middle = (low + high) // 2
        if ascending[middle] < number:
            low = middle + 1
        else:
            high = middle
    return low


cdef Py_ssize_t first_term_from(Segment segment, bytes wanted) except -1:
    """The first term not less than this one. Between which heads it stands is found first, as these
    are near to each other in memory."""
    cdef Py_ssize_t middle, length, size = len(wanted)
    cdef uint64_t own = head(<const uint8_t*>wanted, size)
    cdef Py_ssize_t low = lower_bound(segment.heads, own), high = low
    cdef const uint8_t* there
    cdef int order
    while high < len(segment.heads) and segment.heads[high] == own:
        high += 1
    low, high = max(low - 1, 0) * STEP, min(high * STEP, len(segment.offsets) - 1)
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


cdef Py_ssize_t living_between(Segment segment, Py_ssize_t begin, Py_ssize_t end) except -1:
    """How many of the documents of these postings are living."""
    cdef Py_ssize_t i, count = end - begin
    if segment.has_deleted:
        for i in range(begin, end):
            count -= 1 - segment.alive[segment.documents[i]]
    return count


cdef int only_in_field(Segment segment, int field, Postings* found, Arena* arena) except -1 nogil:
    """Keep only the postings in a field."""
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


cdef int64_t unite(Segment segment, Postings* found, Postings* more, Arena* arena) except -1 nogil:
    """Merge two lists of postings; of a document in both, the posting of the first list stays.
    Return how many living documents were added."""
    cdef Py_ssize_t i = 0, j = 0, size = 0
    cdef Py_ssize_t most = found.documents.size + more.documents.size
    cdef int32_t* numbers = <int32_t*>take(arena, most * sizeof(int32_t))
    cdef uint32_t* indices = <uint32_t*>take(arena, most * sizeof(uint32_t))
    cdef int64_t living = 0
    cdef int32_t number
    while i < found.documents.size or j < more.documents.size:
        if j == more.documents.size or (
            i < found.documents.size and found.documents.numbers[i] <= more.documents.numbers[j]
        ):
            number = found.documents.numbers[i]
            indices[size] = posting_at(found, i)
            j += j < more.documents.size and more.documents.numbers[j] == number
            i += 1
        else:
            number = more.documents.numbers[j]
            indices[size] = posting_at(more, j)
            living += segment.alive[checked(segment, number)]
            j += 1
        numbers[size] = number
        size += 1
    found.documents.numbers, found.documents.size, found.indices = numbers, size, indices
    return living


cdef class Index:
    """All segments of a generation, under one numbering of the values of each facet group.

    Scores are rounded to 1/`decimals`; `exhaustive_below`: see `NativeEvaluator`; `days` are the
    `DayColumns`."""

    def __cinit__(self, readers, similarity, double decimals, Py_ssize_t exhaustive_below, days):
        self.readers, self.items = list(readers), similarity.items
        self.decimals, self.exhaustive_below = decimals, exhaustive_below
        self.names = [facet_names(readers, group) for group in FACETS]
        self.ordinals = [{name: n for n, name in enumerate(names)} for names in self.names]
        keys, self.days = story_keys(readers), len(days.days)
        self.told = len(readers[0].stories.names) if readers else 0
        self.segments = [
            Segment(reader, similarity.means, ranks, stories, [
                FacetColumn(
                    reader.living, reader.columns[f"facets.{group}.starts"],
                    facet_values(reader, group, names), len(names),
                )
                for group, names in zip(FACETS, self.names)
            ], FacetColumn(
                reader.living, np.arange(reader.size + 1, dtype=np.uint32), own, self.days
            ))
            for reader, ranks, stories, own in zip(
                readers, recency(readers), keys, days.of_documents
            )
        ]

    def doc_freqs(self, terms):
        """How many living documents have each of these terms in `text`."""
        cdef Arena arena
        cdef Postings found
        cdef Segment segment
        cdef int64_t total
        cdef list totals = []
        memset(&arena, 0, sizeof(Arena))
        try:
            for term in terms:
                total, encoded = 0, term.encode()
                for segment in self.segments:
                    memset(&found, 0, sizeof(Postings))
                    total += segment.find_term(encoded, TEXT, &found, &arena)
                totals.append(total)
        finally:
            close(&arena)
        return totals


cdef object zone_bits(table):
    """For each row the columns that are not 0, a bit each."""
    return np.packbits(table > 0, axis=1, bitorder="little").ravel()
