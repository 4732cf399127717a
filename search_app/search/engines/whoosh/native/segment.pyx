"""The columns of one segment (see `indexer.segment.builder`), read with every place checked,
and all segments of a generation."""

from libc.math cimport log
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free, malloc
from libc.string cimport memcmp

from .doc_list cimport DocList
from .memory cimport Arena, take


cdef class Segment:
    """The columns of one segment, for `Index`."""

    def __cinit__(
        self, columns, stems, *, counts, profile_parts, field_parts, weights, floors, share, base,
        k1, spread, living, alive, recency, numbers, groups
    ):
        """`counts`: how often a profile has a term in each part, a row each; `profile_parts` and
        `field_parts`: the parts of each profile and of each field, a bit each; `weights`: what an
        occurrence counts, a row for each field; `floors`: what a posting of each bucket weighs at
        least in all text, and `spread` how many times that at most; `share`: `b` over the mean
        length of each part, and `base` the rest of one; `numbers`: columns in the order of
        `Program.range`; `groups`: of `FacetColumn`, in the order of `Program.value`."""
        self.blob, self.offsets = columns["terms.blob"], columns["terms.offsets"]
        self.starts, self.documents = columns["postings.starts"], columns["postings.documents"]
        self.buckets = columns["postings.impacts"]
        self.position_offsets = columns["postings.position_offsets"]
        self.occurrences = columns["positions"]
        self.frequencies = counts.sum(axis=1).astype("u4")
        self.counts, self.profile_parts = counts, profile_parts
        self.weights, self.field_parts = weights, field_parts
        self.floors, self.share, self.spread = floors, share, spread
        self.base, self.k1 = base, k1
        self.parts, self.size = counts.shape[1], len(recency)
        self.living, self.has_deleted = living, alive is not None
        if self.has_deleted:
            self.alive = alive
        self.stems_begin, self.stems_end = stems.start, stems.stop
        self.recency, self.groups, self.numbers = recency, groups, []
        self.id_blob, self.id_offsets = columns["ids.blob"], columns["ids.offsets"]
        self.id_order = columns["ids.order"]
        self.url_keys, self.url_documents = columns["urls.keys"], columns["urls.documents"]
        take_narrow(self, columns["postings.tf_profiles"], columns["lengths"])
        take_numbers(self, numbers)
        check(self)

    def __dealloc__(self):
        free(self.raw)

    cdef str id(self, int32_t document):
        """The id of a document."""
        cdef Py_ssize_t length
        cdef const uint8_t* found = id_bytes(self, document, &length)
        try:
            return (<const char*>found)[:length].decode()
        except UnicodeDecodeError as error:
            raise IndexError(f"an id is no text: {error}") from error

    cdef int find_id(self, bytes id, Arena* arena, DocList* found) except -1:
        """The documents of an id: one that was replaced may be there beside the living one."""
        cdef const uint8_t* wanted = id
        cdef const uint8_t* own
        cdef Py_ssize_t size = len(id), low = 0, high = len(self.id_order), middle, length, last
        cdef Py_ssize_t count = high
        while low < high:
            middle = (low + high) // 2
            own = id_bytes(self, self.id_order[middle], &length)
            if is_less(own, length, wanted, size):
                low = middle + 1
            else:
                high = middle
        last = low
        while last < count:
            own = id_bytes(self, self.id_order[last], &length)
            if length != size or memcmp(own, wanted, size):
                break
            last += 1
        return listed_once(self, self.id_order, low, last, arena, found)

    cdef int find_url(self, uint64_t key, Arena* arena, DocList* found) except -1:
        """The documents with an address of this digest."""
        cdef Py_ssize_t low = 0, high = len(self.url_keys), middle, last, count = high
        while low < high:
            middle = (low + high) // 2
            if self.url_keys[middle] < key:
                low = middle + 1
            else:
                high = middle
        last = low
        while last < count and self.url_keys[last] == key:
            last += 1
        return listed_once(self, self.url_documents, low, last, arena, found)

    cdef int64_t find_term(self, bytes term, int field, Postings* found, Arena* arena) except -1:
        """The postings of a term in a field; how many living documents they are of."""
        cdef const uint8_t* wanted = term
        cdef Py_ssize_t size = len(term), at = first_term_from(self, wanted, size), i, end
        cdef int64_t gone = 0
        found.documents, found.size, found.first, found.rows = NULL, 0, 0, NULL
        if at == len(self.offsets) - 1 or self.offsets[at + 1] - self.offsets[at] != size:
            return 0
        if memcmp(&self.blob[self.offsets[at]], wanted, size):
            return 0
        posting_rows(self, at, at + 1, &found.first, &end)
        if end == found.first:
            return 0
        found.documents, found.size = &self.documents[found.first], end - found.first
        if not is_whole(self, field):
            leave_field(self, field, found, arena)
        if self.has_deleted:
            with nogil:
                for i in range(found.size):
                    gone += 1 - self.alive[found.documents[i]]
        return found.size - gone

    cdef int find_prefix(
        self, bytes prefix, Py_ssize_t* begin, Py_ssize_t* end, Py_ssize_t* more_begin,
        Py_ssize_t* more_end
    ) except -1:
        """The rows of the postings of all exact forms that begin so: those before the stems, and
        those after."""
        cdef bytes beyond = prefix + b"\xff"
        cdef Py_ssize_t first = first_term_from(self, prefix, len(prefix))
        cdef Py_ssize_t last = first_term_from(self, beyond, len(beyond))
        posting_rows(self, first, max(first, min(last, self.stems_begin)), begin, end)
        posting_rows(self, min(last, max(first, self.stems_end)), last, more_begin, more_end)
        return 0


cdef int take_narrow(Segment segment, profiles, lengths) except -1:
    """Take the columns that have as few bytes for each number as its greatest needs."""
    segment.profile_bytes, segment.length_bytes = profiles.itemsize, lengths.itemsize
    if segment.profile_bytes == 1:
        segment.profiles8 = profiles
    elif segment.profile_bytes == 2:
        segment.profiles16 = profiles
    else:
        segment.profiles32 = profiles
    if segment.length_bytes == 1:
        segment.lengths8 = lengths
    elif segment.length_bytes == 2:
        segment.lengths16 = lengths
    else:
        segment.lengths32 = lengths
    return 0


cdef int take_numbers(Segment segment, numbers) except -1:
    """Note where each column of numbers begins."""
    segment.raw = <const int64_t**>malloc((len(numbers) + 1) * sizeof(int64_t*))
    if segment.raw == NULL:
        raise MemoryError
    cdef const int64_t[::1] column
    for at, array in enumerate(numbers):
        column = array
        if len(column) != segment.size:
            raise IndexError("a column of numbers is not as long as the segment")
        if segment.size:
            segment.raw[<Py_ssize_t>at] = &column[0]
        segment.numbers.append(column)
    return 0


cdef int check(Segment segment) except -1:
    """What is read without another look has the shape that it should."""
    if len(segment.floors) != BUCKETS or len(segment.share) != segment.parts:
        raise IndexError("the columns do not have the shapes that they should")
    if segment.weights.shape[1] != segment.parts:
        raise IndexError("the columns do not have the shapes that they should")
    if len(segment.weights) != len(segment.field_parts):
        raise IndexError("the columns do not have the shapes that they should")
    if len(segment.buckets) != len(segment.documents) or len(segment.url_keys) != len(
        segment.url_documents
    ):
        raise IndexError("the columns do not have the lengths that they should")
    return 0


cdef const uint8_t* id_bytes(Segment segment, int32_t document, Py_ssize_t* length) except NULL:
    cdef Py_ssize_t begin = segment.id_offsets[document], end = segment.id_offsets[document + 1]
    if not 0 <= begin < end <= len(segment.id_blob):
        raise IndexError("an id is not where it should be")
    length[0] = end - begin
    return &segment.id_blob[begin]


cdef int listed_once(
    Segment segment, const int32_t[::1] documents, Py_ssize_t begin, Py_ssize_t end, Arena* arena,
    DocList* found
) except -1:
    """Documents that ascend, each once."""
    cdef int32_t* numbers = <int32_t*>take(arena, (end - begin) * sizeof(int32_t))
    cdef Py_ssize_t i, size = 0
    for i in range(begin, end):
        if size and documents[i] < numbers[size - 1]:
            raise IndexError("documents of a value are not in order")
        if not size or documents[i] != numbers[size - 1]:
            numbers[size] = checked(segment, documents[i])
            size += 1
    found.numbers, found.size, found.norms = numbers, size, NULL
    return 0


cdef Py_ssize_t first_term_from(Segment segment, const uint8_t* wanted, Py_ssize_t size) except -1:
    """The first term not less than this one."""
    cdef Py_ssize_t low = 0, high = len(segment.offsets) - 1, middle, begin, length
    while low < high:
        middle = (low + high) // 2
        begin = segment.offsets[middle]
        length = segment.offsets[middle + 1] - begin
        if length <= 0 or begin < 0 or begin + length > len(segment.blob):
            raise IndexError("the lexicon is not in order")
        if is_less(&segment.blob[begin], length, wanted, size):
            low = middle + 1
        else:
            high = middle
    return low


cdef int posting_rows(
    Segment segment, Py_ssize_t first, Py_ssize_t last, Py_ssize_t* begin, Py_ssize_t* end
) except -1:
    """The rows of the postings of a range of terms."""
    begin[0], end[0] = segment.starts[first], segment.starts[last]
    if begin[0] > end[0] or end[0] > len(segment.documents):
        raise IndexError("there are not as many postings as there should be")
    return 0


cdef int leave_field(Segment segment, int field, Postings* found, Arena* arena) except -1:
    """Leave the postings of a field."""
    cdef Py_ssize_t i, size = 0
    cdef int32_t* documents = <int32_t*>take(arena, found.size * sizeof(int32_t))
    cdef uint32_t* rows = <uint32_t*>take(arena, found.size * sizeof(uint32_t))
    with nogil:
        for i in range(found.size):
            if is_in(segment, field, found.first + i):
                documents[size] = checked(segment, found.documents[i])
                rows[size] = found.first + i
                size += 1
    found.documents, found.rows, found.size = documents, rows, size
    return 0


cdef bint is_less(
    const uint8_t* one, Py_ssize_t size, const uint8_t* other, Py_ssize_t other_size
) noexcept:
    """Whether one string of bytes comes before another."""
    cdef int order = memcmp(one, other, min(size, other_size))
    return order < 0 or (order == 0 and size < other_size)


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
            if len(segment.field_parts) != fields:
                raise ValueError("all fields of text are wanted")

    cdef double factor(self, int64_t doc_freq):
        """What the saturated weight of a term counts: see `ranking.idf`."""
        return log(1 + (self.items - doc_freq + 0.5) / (doc_freq + 0.5)) * (self.k1 + 1)
