"""The answer to one query in compiled code: hits, their order, what is counted of them.

All hits are found and counted. Of the scores only bounds are computed (see `leaf`), and exact ones
for those hits whose bounds leave it open whether they are on the page: by the same operations in
the same order as in `vectorized`, so that both give the same bits.

Every place in a column is checked before it is read: an index that is not what it should be ends
in an `IndexError`. The lock of the interpreter is not held while postings are read.
"""

from cython cimport final
from libc.math cimport rint
from libc.stdint cimport int32_t, int64_t, uint8_t

from .doc_list cimport DocList, subtract
from .facets cimport Counter, FacetColumn
from .leaf cimport norms_of
from .match cimport match
from .memory cimport Arena, close, release, take, zeros
from .program cimport Program, SegmentQuery
from .score cimport SLICE, stretch_of, weigh
from .segment cimport Index, Segment, number_of
from .top_k cimport Ranked, TopK, offer, sort

VERSION = 3
# Raise it whenever what the kernel is asked or answers changes: see `backends`.


def search(
    Index index, Program program, Py_ssize_t full, Py_ssize_t partial, Py_ssize_t enough,
    int column, bint rising, Py_ssize_t offset, Py_ssize_t limit, Py_ssize_t exhaustive_below,
    Py_ssize_t facet_size, list selected
):
    """What matches `full`; where fewer than `enough` do, what matches `partial` (-1: nothing)
    follows. Sorted by a column of numbers, `rising` or not, if it is 0 or more, then by score.

    `exhaustive_below`: so few hits are scored sooner than it is found out which need not be;
    `selected`: for each facet group the values selected, with their ordinals, -1 for one that is
    not there.

    Gives how many hits match in full, and how many in part; of the hits from `offset` on, at most
    `limit`, id, score, and segment with number; of each group the `facet_size` most frequent values
    and those selected, with their counts.
    """
    cdef Collector collector = Collector(index, program, column, rising, facet_size, selected)
    collector.find(program.checked_node(full))
    if partial >= 0 and collector.found < enough:
        collector.find(program.checked_node(partial))
    return (
        collector.counter.totals, collector.page(offset, limit, exhaustive_below),
        collector.facets()
    )


@final
cdef class Collector:
    """The work of one call of `search`: tiers of hits, then what is told of them."""

    cdef Index index
    cdef Arena arena
    cdef Counter counter
    cdef int column
    cdef bint rising, is_counting, is_selecting
    cdef Py_ssize_t facet_size, found, tiers, segments
    cdef list queries, selected, masks
    cdef Py_ssize_t[2] roots
    cdef Py_ssize_t[2] sizes  # how many hits each tier has
    cdef DocList* hits  # for each tier, for each segment
    cdef DocList* whole  # the same before selecting

    def __cinit__(
        self, Index index, Program program, int column, bint rising, facet_size, list selected
    ):
        cdef SegmentQuery query
        if program.index is not index or column >= index.columns:
            raise ValueError("the program is not one of this index")
        self.index, self.column, self.rising = index, column, rising
        self.facet_size, self.selected, self.segments = facet_size, selected, len(index.segments)
        self.is_selecting = any(selected)
        self.is_counting = facet_size > 0 or self.is_selecting
        self.counter = Counter(index.names if self.is_counting else [])
        self.masks = [
            mask_of(len(names), values) if values else None
            for names, values in zip(index.names, selected, strict=True)
        ]
        self.queries = []
        for place in range(self.segments):
            query = SegmentQuery.__new__(SegmentQuery)
            query.segment, query.program = index.segments[place], program
            query.place, query.arena = place, &self.arena
            self.queries.append(query)
        self.hits = <DocList*>zeros(&self.arena, 2 * self.segments * sizeof(DocList))
        self.whole = <DocList*>zeros(&self.arena, 2 * self.segments * sizeof(DocList))

    def __dealloc__(self):
        close(&self.arena)

    cdef int find(self, Py_ssize_t root) except -1:
        """The hits of the next tier in each segment, and their facet values."""
        cdef Py_ssize_t tier = self.tiers, place
        cdef SegmentQuery query
        cdef DocList found
        self.roots[tier], self.sizes[tier] = root, 0
        self.tiers += 1
        self.counter.totals.append(0)
        for place in range(self.segments):
            query = self.queries[place]
            with nogil:
                match(query, root, &found)
                if tier:
                    subtract(self.whole[place], &self.arena, &found)
            self.whole[tier * self.segments + place] = found
            self.found += found.size
            if self.is_counting:
                self.filter_and_count(query.segment, &found)
            self.hits[tier * self.segments + place] = found
            self.sizes[tier] += found.size
            self.counter.add_hits(tier, found)
        return 0

    cdef int filter_and_count(self, Segment segment, DocList* found) except -1:
        """Leave those that every selection passes; they count in every group, and what fails in one
        group alone counts there."""
        cdef Py_ssize_t groups = len(self.masks), group
        cdef DocList* failing = NULL
        if self.is_selecting:
            failing = <DocList*>zeros(&self.arena, groups * sizeof(DocList))
            self.apply_filters(segment, found, failing)
        for group in range(groups):
            self.counter.add_values(group, segment.groups[group], found[0])
            if failing != NULL:
                self.counter.add_values(group, segment.groups[group], failing[group])
        return 0

    cdef int apply_filters(self, Segment segment, DocList* found, DocList* failing) except -1:
        """Leave those that every selection passes; of each group, gather what fails in it alone."""
        cdef Py_ssize_t i, failed, size = 0, most = found.size * sizeof(int32_t)
        cdef FacetColumn column
        cdef const uint8_t[::1] mask
        cdef int32_t* numbers = <int32_t*>take(&self.arena, most)
        cdef uint8_t* failures = <uint8_t*>zeros(&self.arena, found.size)
        cdef uint8_t* failed_in = <uint8_t*>zeros(&self.arena, found.size)
        for failed in range(len(self.masks)):
            if self.masks[failed] is None:
                continue
            failing[failed].numbers = <int32_t*>take(&self.arena, most)
            column, mask = segment.groups[failed], self.masks[failed]
            with nogil:
                for i in range(found.size):
                    if failures[i] < 2 and not column.has_any(found.numbers[i], mask):
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

    cdef list page(self, Py_ssize_t offset, Py_ssize_t limit, Py_ssize_t exhaustive_below):
        """The hits from `offset` on: of each tier what those before it leave."""
        cdef list page = []
        cdef Py_ssize_t tier, size, end = offset + limit
        for tier in range(self.tiers):
            size = self.sizes[tier]
            if offset < min(end, size):
                page += self.page_of(tier, offset, min(end, size), exhaustive_below)
            offset, end = max(offset - size, 0), max(end - size, 0)
        return page

    cdef list page_of(
        self, Py_ssize_t tier, Py_ssize_t begin, Py_ssize_t end, Py_ssize_t exhaustive_below
    ):
        """The hits of a tier of these ranks."""
        cdef Py_ssize_t root = self.roots[tier], i, place
        cdef SegmentQuery query
        cdef DocList* hits = &self.hits[tier * self.segments]
        cdef TopK best
        best.members, best.size = <Ranked*>take(&self.arena, end * sizeof(Ranked)), 0
        best.room = end
        if self.column >= 0 and self.sizes[tier] > max(end, exhaustive_below):
            self.narrow(root, hits, False, &best)
        if self.left(hits) > max(end, exhaustive_below):
            self.narrow(root, hits, True, &best)
        for place in range(self.segments):
            query = self.queries[place]
            with nogil:
                self.rank(query, root, hits[place], &best)
        with nogil:
            sort(&best)
        return [self.hit(&best.members[i]) for i in range(begin, best.size)]

    cdef tuple hit(self, const Ranked* ranked):
        cdef Segment segment = self.index.segments[ranked.place]
        return segment.id(ranked.number), ranked.score, (ranked.place, ranked.number)

    cdef Py_ssize_t left(self, const DocList* hits) noexcept:
        """How many hits there still are in all segments."""
        cdef Py_ssize_t place, size = 0
        for place in range(self.segments):
            size += hits[place].size
        return size

    cdef int narrow(self, Py_ssize_t root, DocList* hits, bint by_score, TopK* best) except -1:
        """Leave of the hits in each segment those that may be among the best, by what orders them
        before their scores do and, if these are wanted, by their bounds."""
        cdef Py_ssize_t place
        cdef SegmentQuery query
        cdef Ranked worst
        cdef double** bounds = <double**>take(&self.arena, self.segments * sizeof(double*))
        for place in range(self.segments):
            query = self.queries[place]
            with nogil:
                bounds[place] = self.lower_bounds(query, root, hits[place], by_score, best)
        worst = best.members[0]
        for place in range(self.segments):
            query = self.queries[place]
            with nogil:
                self.prune(query, root, &hits[place], bounds[place], worst)
        best.size = 0
        return 0

    cdef int64_t key(self, Segment segment, int32_t document) except? -0x7000000000000000 nogil:
        """What orders a document before its score does; one without a number comes last."""
        cdef int64_t value
        if self.column < 0:
            return 0
        value = number_of(segment, self.column, document)
        if not self.rising:
            return -value
        return -value if value == self.index.missing else value

    cdef double* scores(self, SegmentQuery query, Py_ssize_t root, DocList found) except NULL nogil:
        """What each of the hits scores: exactly if their norms are known, at least if not. Bounds
        and scores are made here alone, so a multiplier of each document would come in here."""
        cdef double* scores = <double*>zeros(&self.arena, found.size * sizeof(double))
        cdef uint8_t* there
        if stretch_of(query, root) > 0:
            there = <uint8_t*>zeros(&self.arena, found.size)
            weigh(query, root, found, there, scores)
        return scores

    cdef double* lower_bounds(
        self, SegmentQuery query, Py_ssize_t root, DocList found, bint by_score, TopK* best
    ) except NULL nogil:
        """What each of the hits scores at least, or 0 if that is not wanted; offered to the best:
        the last first, if high numbers come first, since files are mostly in order of date."""
        cdef double* least
        cdef Py_ssize_t i, j
        cdef bint forward = self.rising or self.column < 0
        if by_score:
            least = self.scores(query, root, found)
        else:
            least = <double*>zeros(&self.arena, found.size * sizeof(double))
        cdef Ranked member
        member.tie = member.place = member.number = 0
        for j in range(found.size):
            i = j if forward else found.size - 1 - j
            member.key, member.score = self.key(query.segment, found.numbers[i]), least[i]
            offer(best, &member)
        return least

    cdef int prune(
        self, SegmentQuery query, Py_ssize_t root, DocList* found, const double* least, Ranked worst
    ) except -1 nogil:
        """Leave only those hits that may rank before the worst of the best, or be it: their upper
        bounds reach its lower bound, but for rounding."""
        cdef double rounding = self.index.rounding
        cdef double enough = worst.score * (1 - rounding) - rounding
        cdef double most = stretch_of(query, root)
        cdef int32_t* numbers = <int32_t*>take(&self.arena, found.size * sizeof(int32_t))
        cdef Py_ssize_t i, size = 0
        cdef int64_t key
        for i in range(found.size):
            key = self.key(query.segment, found.numbers[i])
            if key < worst.key or (key == worst.key and least[i] * most >= enough):
                numbers[size] = found.numbers[i]
                size += 1
        found.numbers, found.size = numbers, size
        return 0

    cdef int rank(
        self, SegmentQuery query, Py_ssize_t root, DocList found, TopK* best
    ) except -1 nogil:
        """Score the hits exactly and offer them to the page, so many at a time."""
        cdef Py_ssize_t begin = 0, taken = self.arena.count
        cdef DocList some
        while begin < found.size:
            some.numbers = found.numbers + begin
            some.size = min(<Py_ssize_t>SLICE, found.size - begin)
            some.norms = norms_of(query.segment, some, &self.arena)
            self.rank_some(query, root, some, best)
            release(&self.arena, taken)
            begin += SLICE
        return 0

    cdef int rank_some(
        self, SegmentQuery query, Py_ssize_t root, DocList found, TopK* best
    ) except -1 nogil:
        cdef double* scores = self.scores(query, root, found)
        cdef Py_ssize_t i
        cdef Ranked member
        member.place = query.place
        for i in range(found.size):
            member.number = found.numbers[i]
            member.key = self.key(query.segment, member.number)
            member.score = rint(scores[i] * self.index.decimals) / self.index.decimals
            member.tie = query.segment.recency[member.number]
            offer(best, &member)
        return 0

    cdef list facets(self):
        """Of each group the values to be shown, with their counts."""
        if not self.is_counting:
            return [() for _ in self.masks]
        return [
            self.counter.top(group, self.facet_size, selected)
            for group, selected in enumerate(self.selected)
        ]


cdef object mask_of(Py_ssize_t size, values):
    """Which ordinals are marked."""
    cdef bytearray mask = bytearray(size)
    for _, ordinal in values:
        if ordinal >= 0:
            mask[ordinal] = 1
    return mask
