cdef class Search:
    """The work of one call of `Index.search`: tiers of hits, then what is told of them."""

    cdef Index index
    cdef Program program
    cdef Arena arena
    cdef int column
    cdef bint rising
    cdef Py_ssize_t size, found
    cdef list selected, masks, roots
    cdef int64_t** counts  # how often each value of each group is found
    cdef readonly list totals
    cdef Set* hits  # for each tier, for each segment
    cdef Set* whole  # the same before selecting

    def __cinit__(self, Index index, Program program, int column, bint rising, size, selected):
        cdef Py_ssize_t count = len(index.segments)
        if program.index is not index or column >= index.columns:
            raise ValueError("the program is not one of this index")
        self.index, self.program, self.arena = index, program, Arena()
        self.column, self.rising, self.size, self.selected = column, rising, size, selected
        self.totals, self.roots, self.masks = [], [], []
        self.hits = <Set*>self.arena.zeros(2 * count * sizeof(Set))
        self.whole = <Set*>self.arena.zeros(2 * count * sizeof(Set))
        self.counts = <int64_t**>self.arena.take(len(index.names) * sizeof(int64_t*))
        for at, (names, places) in enumerate(zip(index.names, selected, strict=True)):
            self.masks.append(mask_of(len(names), places) if places else None)
            self.counts[<Py_ssize_t>at] = <int64_t*>self.arena.zeros(len(names) * sizeof(int64_t))

    cdef int find(self, Py_ssize_t root) except -1:
        """The hits of the next tier in each segment, and their facet values."""
        cdef Py_ssize_t count = len(self.index.segments), tier = len(self.roots), total = 0
        cdef int place
        cdef Segment segment
        cdef Set found
        for place in range(count):
            segment = self.index.segments[place]
            with nogil:
                match(segment, self.program, root, place, self.arena, &found)
                only_living(segment, self.arena, &found)
                if tier:
                    take_away(self.whole[place], self.arena, &found)
            self.whole[tier * count + place] = found
            self.found += found.size
            self.pass_on(segment, &found)
            self.hits[tier * count + place] = found
            total += found.size
        self.roots.append(root)
        self.totals.append(total)
        return 0

    cdef int pass_on(self, Segment segment, Set* found) except -1:
        """Leave those that every selection passes; they count in every group, and what fails in one
        group alone counts there."""
        cdef Py_ssize_t groups = len(self.masks)
        cdef Set* failing
        if not any(self.selected):
            if self.size:
                for at in range(groups):
                    self.count(segment, at, found[0])
            return 0
        failing = <Set*>self.arena.zeros(groups * sizeof(Set))
        self.sift(segment, found, failing)
        for at in range(groups):
            self.count(segment, at, found[0])
            self.count(segment, at, failing[<Py_ssize_t>at])
        return 0

    cdef int sift(self, Segment segment, Set* found, Set* failing) except -1:
        """Leave those that every selection passes; of each group, gather what fails in it alone."""
        cdef Py_ssize_t i, failed, size = 0, most = found.size * sizeof(int32_t)
        cdef Group group
        cdef const uint8_t[::1] mask
        cdef int32_t* numbers = <int32_t*>self.arena.take(most)
        cdef uint8_t* failures = <uint8_t*>self.arena.zeros(found.size)
        cdef uint8_t* failed_in = <uint8_t*>self.arena.zeros(found.size)
        for failed in range(len(self.masks)):
            if self.masks[failed] is None:
                continue
            failing[failed].numbers = <int32_t*>self.arena.take(most)
            group, mask = segment.groups[failed], self.masks[failed]
            with nogil:
                for i in range(found.size):
                    if failures[i] < 2 and not group.has(found.numbers[i], mask):
                        failures[i] += 1
                        failed_in[i] = failed
        with nogil:
            for i in range(found.size):
                failed = failed_in[i]
                if not failures[i]:
                    numbers[size] = found.numbers[i]
                    size += 1
                elif failures[i] == 1:
                    (<int32_t*>failing[failed].numbers)[failing[failed].size] = found.numbers[i]
                    failing[failed].size += 1
        found.numbers, found.size = numbers, size
        return 0

    cdef int count(self, Segment segment, Py_ssize_t at, Set found) except -1:
        cdef Group group = segment.groups[at]
        cdef Py_ssize_t size = len(<list>self.index.names[at])
        with nogil:
            group.count(found, self.counts[at], size)
        return 0

    cdef list page(self, Py_ssize_t offset, Py_ssize_t limit, Py_ssize_t few):
        """The hits from `offset` on: of each tier what those before it leave."""
        cdef list page = []
        cdef Py_ssize_t tier, total, end = offset + limit
        for tier in range(len(self.roots)):
            total = self.totals[tier]
            if offset < min(end, total):
                page += self.page_of(tier, offset, min(end, total), few)
            offset, end = max(offset - total, 0), max(end - total, 0)
        return page

    cdef list page_of(self, Py_ssize_t tier, Py_ssize_t begin, Py_ssize_t end, Py_ssize_t few):
        """The hits of a tier of these ranks."""
        cdef Py_ssize_t root = self.roots[tier], i
        cdef int place
        cdef bint scored = self.program.is_scored(root)
        cdef Segment segment
        cdef Set* hits = &self.hits[tier * len(self.index.segments)]
        cdef Heap heap
        heap.members, heap.size = <Ranked*>self.arena.take(end * sizeof(Ranked)), 0
        heap.room = end
        if self.totals[tier] > max(end, few):
            self.narrow(root, hits, scored, &heap)
        for place in range(len(self.index.segments)):
            segment = self.index.segments[place]
            with nogil:
                self.rank(segment, root, place, hits[place], scored, &heap)
        with nogil:
            sort(&heap)
        return [self.hit(&heap.members[i]) for i in range(begin, heap.size)]

    cdef tuple hit(self, const Ranked* ranked):
        cdef Segment segment = self.index.segments[ranked.place]
        return segment.id(ranked.number), ranked.score, (ranked.place, ranked.number)

    cdef int narrow(self, Py_ssize_t root, Set* hits, bint scored, Heap* heap) except -1:
        """Leave of the hits in each segment those that may be among as many as the heap holds; it
        is used for that, and empty afterwards."""
        cdef int place
        cdef Segment segment
        cdef Ranked worst
        cdef double** least = <double**>self.arena.take(
            len(self.index.segments) * sizeof(double*)
        )
        for place in range(len(self.index.segments)):
            segment = self.index.segments[place]
            with nogil:
                least[place] = self.estimate(segment, root, place, hits[place], scored, heap)
        worst = heap.members[0]
        for place in range(len(self.index.segments)):
            segment = self.index.segments[place]
            with nogil:
                self.leave(segment, &hits[place], least[place], worst)
        heap.size = 0
        return 0

    cdef int64_t key(self, Segment segment, int32_t document) except? -0x7000000000000000 nogil:
        """What orders a document before its score does; one without a number comes last."""
        cdef int64_t value
        if self.column < 0:
            return 0
        value = segment.number(self.column, document)
        if not self.rising:
            return -value
        return -value if value == self.index.missing else value

    cdef double* estimate(
        self, Segment segment, Py_ssize_t root, int place, Set found, bint scored, Heap* heap
    ) except NULL nogil:
        """What each of the hits scores at least, offered to the heap."""
        cdef double* least = <double*>self.arena.zeros(found.size * sizeof(double))
        cdef uint8_t* there
        cdef Py_ssize_t i
        cdef Ranked member
        if scored and found.size:
            there = <uint8_t*>self.arena.zeros(found.size)
            weigh(segment, self.program, root, place, found, there, least, NULL, self.arena)
        member.then = member.place = member.number = 0
        for i in range(found.size):
            member.before, member.score = self.key(segment, found.numbers[i]), least[i]
            offer(heap, &member)
        return least

    cdef int leave(
        self, Segment segment, Set* found, const double* least, Ranked worst
    ) except -1 nogil:
        """Leave only those hits that may rank before the worst of the best, or be it."""
        cdef double rounding = self.index.rounding
        cdef double enough = (worst.score * (1 - rounding) - rounding) / segment.spread
        cdef int32_t* numbers = <int32_t*>self.arena.take(found.size * sizeof(int32_t))
        cdef Py_ssize_t i, size = 0
        cdef int64_t before
        for i in range(found.size):
            before = self.key(segment, found.numbers[i])
            if before < worst.before or (before == worst.before and least[i] >= enough):
                numbers[size] = found.numbers[i]
                size += 1
        found.numbers, found.size = numbers, size
        return 0

    cdef int rank(
        self, Segment segment, Py_ssize_t root, int place, Set found, bint scored, Heap* heap
    ) except -1 nogil:
        """Score the hits exactly and offer them to the page, so many at a time."""
        cdef Py_ssize_t begin = 0, taken = self.arena.count
        cdef Set some
        while begin < found.size:
            some.numbers, some.size = found.numbers + begin, min(SLICE, found.size - begin)
            self.rank_some(segment, root, place, some, scored, heap)
            self.arena.release(taken)
            begin += SLICE
        return 0

    cdef int rank_some(
        self, Segment segment, Py_ssize_t root, int place, Set found, bint scored, Heap* heap
    ) except -1 nogil:
        cdef double* scores = <double*>self.arena.zeros(found.size * sizeof(double))
        cdef uint8_t* there
        cdef double* norms
        cdef Py_ssize_t i
        cdef Ranked member
        if scored:
            there = <uint8_t*>self.arena.zeros(found.size)
            norms = norms_of(segment, found, self.arena)
            weigh(segment, self.program, root, place, found, there, scores, norms, self.arena)
        member.place = place
        for i in range(found.size):
            member.number = found.numbers[i]
            member.before = self.key(segment, member.number)
            member.score = rint(scores[i] * self.index.decimals) / self.index.decimals
            member.then = segment.recency[member.number]
            offer(heap, &member)
        return 0

    cdef list facets(self):
        """Of each group the values to be shown, with their counts."""
        if not self.size and not any(self.selected):
            return [() for _ in self.masks]
        return [
            shown(names, self.counts[at], self.size, self.selected[at], self.arena)
            for at, names in enumerate(self.index.names)
        ]
