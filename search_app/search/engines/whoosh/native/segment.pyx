cdef class Segment:
    """The columns of one segment (see `indexer.engines.whoosh.gather`), for `Index`."""

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
    cdef const uint32_t[::1] firsts
    cdef const uint32_t[::1] occurrences
    cdef const double[:, ::1] factors
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
    cdef list groups
    cdef const uint8_t[::1] id_blob
    cdef const int64_t[::1] id_offsets

    def __cinit__(
        self, columns, stems, *, factors, floors, share, base, k1, spread, living, alive, recency,
        numbers, groups
    ):
        """`factors`: what a profile's counts are worth, a row each; `floors`: what a posting of
        each bucket weighs at least, and `spread` how many times that at most; `share`: `b` over
        the mean length of each part, and `base` the rest of one; `numbers`: columns in the order
        of `Program.span`."""
        self.blob, self.offsets = columns["lexicon.blob"], columns["lexicon.offsets"]
        self.starts, self.documents = columns["postings.starts"], columns["postings.documents"]
        self.buckets = columns["postings.buckets"]
        self.firsts, self.occurrences = columns["postings.firsts"], columns["occurrences"]
        self.factors, self.floors, self.share, self.spread = factors, floors, share, spread
        self.base, self.k1 = base, k1
        self.parts, self.size = factors.shape[1], len(recency)
        self.living, self.has_deleted = living, alive is not None
        if self.has_deleted:
            self.alive = alive
        self.stems_begin, self.stems_end = stems.start, stems.stop
        self.recency, self.groups, self.numbers = recency, groups, []
        self.id_blob, self.id_offsets = columns["ids.blob"], columns["ids.offsets"]
        self._narrow(columns["postings.profiles"], columns["lengths"])
        self._address(numbers)
        if len(floors) != BUCKETS or len(share) != self.parts:
            raise IndexError("the columns do not have the shapes that they should")
        if len(self.buckets) != len(self.documents):
            raise IndexError("the columns do not have the lengths that they should")

    cdef int _narrow(self, profiles, lengths) except -1:
        """Take the columns that have as few bytes for each number as its greatest needs."""
        self.profile_bytes, self.length_bytes = profiles.itemsize, lengths.itemsize
        if self.profile_bytes == 1:
            self.profiles8 = profiles
        elif self.profile_bytes == 2:
            self.profiles16 = profiles
        else:
            self.profiles32 = profiles
        if self.length_bytes == 1:
            self.lengths8 = lengths
        elif self.length_bytes == 2:
            self.lengths16 = lengths
        else:
            self.lengths32 = lengths
        return 0

    cdef int _address(self, numbers) except -1:
        """Note where each column of numbers begins."""
        self.raw = <const int64_t**>malloc((len(numbers) + 1) * sizeof(int64_t*))
        if self.raw == NULL:
            raise MemoryError
        cdef const int64_t[::1] column
        for at, array in enumerate(numbers):
            column = array
            if len(column) != self.size:
                raise IndexError("a column of numbers is not as long as the segment")
            if self.size:
                self.raw[at] = &column[0]
            self.numbers.append(column)
        return 0

    def __dealloc__(self):
        free(self.raw)

    cdef str id(self, int32_t document):
        cdef Py_ssize_t begin = self.id_offsets[document], end = self.id_offsets[document + 1]
        if not 0 <= begin < end <= len(self.id_blob):
            raise IndexError("an id is not where it should be")
        try:
            return (<const char*>&self.id_blob[begin])[: end - begin].decode()
        except UnicodeDecodeError as error:
            raise IndexError(f"an id is no text: {error}") from error

    # The lexicon

    cdef Py_ssize_t first_from(self, const uint8_t* wanted, Py_ssize_t size) except -1:
        """The first term not less than this one."""
        cdef Py_ssize_t low = 0, high = len(self.offsets) - 1, middle, begin, length
        cdef int order
        while low < high:
            middle = (low + high) // 2
            begin = self.offsets[middle]
            length = self.offsets[middle + 1] - begin
            if length <= 0 or begin < 0 or begin + length > len(self.blob):
                raise IndexError("the lexicon is not in order")
            order = memcmp(&self.blob[begin], wanted, min(length, size))
            if order < 0 or (order == 0 and length < size):
                low = middle + 1
            else:
                high = middle
        return low

    cdef int64_t look_up(
        self, bytes term, Py_ssize_t* begin, Py_ssize_t* end, Py_ssize_t* row
    ) except -1:
        """Where a term's postings are; how many living documents they are of."""
        cdef const uint8_t* wanted = term
        cdef Py_ssize_t size = len(term), at = self.first_from(wanted, size), i
        cdef int64_t gone = 0
        begin[0] = end[0] = 0
        if at == len(self.offsets) - 1 or self.offsets[at + 1] - self.offsets[at] != size:
            return 0
        if memcmp(&self.blob[self.offsets[at]], wanted, size):
            return 0
        self.run(at, at + 1, begin, end)
        if row != NULL:
            row[0] = begin[0]
            if at >= self.stems_end:
                row[0] -= self.starts[self.stems_end] - self.starts[self.stems_begin]
        if self.has_deleted:
            with nogil:
                for i in range(begin[0], end[0]):
                    gone += 1 - self.alive[self.documents[i]]
        return end[0] - begin[0] - gone

    cdef int run(
        self, Py_ssize_t first, Py_ssize_t last, Py_ssize_t* begin, Py_ssize_t* end
    ) except -1:
        """The postings of a range of terms."""
        begin[0], end[0] = self.starts[first], self.starts[last]
        if begin[0] > end[0] or end[0] > len(self.documents):
            raise IndexError("there are not as many postings as there should be")
        return 0

    cdef int64_t gather(self, bytes prefix, Slot* slot, Arena arena) except -1:
        """The documents of all exact forms that begin so, and what their postings weigh at least
        together; how many of them are living."""
        cdef const uint8_t* wanted = prefix
        cdef bytes beyond = prefix + b"\xff"
        cdef const uint8_t* after = beyond
        cdef Py_ssize_t first = self.first_from(wanted, len(prefix)), i, found = 0, taken
        cdef Py_ssize_t last = self.first_from(after, len(beyond))
        cdef int64_t living = 0
        cdef double* weights = NULL
        cdef double* values
        cdef int32_t* numbers
        self.run(first, max(first, min(last, self.stems_begin)), &slot.begin, &slot.end)
        self.run(min(last, max(first, self.stems_end)), last, &slot.more_begin, &slot.more_end)
        cdef Py_ssize_t most = slot.end - slot.begin + slot.more_end - slot.more_begin
        if not most:
            return 0
        with nogil:
            most = min(most, self.size)
            numbers = <int32_t*>arena.take(most * sizeof(int32_t))
            values = <double*>arena.take(most * sizeof(double))
            taken = arena.count
            weights = <double*>arena.zeros(self.size * sizeof(double))
            self.pile(slot.begin, slot.end, weights)
            self.pile(slot.more_begin, slot.more_end, weights)
            for i in range(self.size):
                if weights[i] > 0:
                    numbers[found], values[found] = i, weights[i]
                    found += 1
                    if self.has_deleted:
                        living += self.alive[i]
                    else:
                        living += 1
            arena.release(taken)
        slot.numbers, slot.values, slot.size = numbers, values, found
        return living

    cdef int pile(self, Py_ssize_t begin, Py_ssize_t end, double* weights) except -1 nogil:
        """Add what postings weigh at least to their documents."""
        cdef Py_ssize_t i
        for i in range(begin, end):
            weights[self.own(self.documents[i])] += self.floors[self.buckets[i]]
        return 0

    cdef int32_t own(self, int32_t document) except -1 nogil:
        """The document, of which there surely is one."""
        if not 0 <= document < self.size:
            with gil:
                raise IndexError("a posting is of a document that is not there")
        return document

    cdef int expect(self, Py_ssize_t row) except -1 nogil:
        """Ask for the profile of a posting."""
        if self.profile_bytes == 1:
            prefetch(&self.profiles8[row])
        elif self.profile_bytes == 2:
            prefetch(&self.profiles16[row])
        else:
            prefetch(&self.profiles32[row])
        return 0

    cdef double weight(self, Py_ssize_t row, const double* norms) except -1 nogil:
        """What a posting weighs in a document with these norms; summed as NumPy sums so few."""
        cdef uint32_t profile
        cdef double weight = 0
        cdef int part
        if self.profile_bytes == 1:
            profile = self.profiles8[row]
        elif self.profile_bytes == 2:
            profile = self.profiles16[row]
        else:
            profile = self.profiles32[row]
        for part in range(self.parts):
            weight += self.factors[profile, part] * norms[part]
        return weight

    cdef int64_t number(self, int column, int32_t document) except? -0x7000000000000000 nogil:
        """What a column of numbers says of a document."""
        return self.raw[column][self.own(document)]
