"""The result of one query in compiled code: hits, their order, what is counted of them.

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
from .matcher cimport SLICE, error_ratio, match, weigh
from .memory cimport Arena, close, release, take, zeros
from .program cimport Node, Program, ProgramNode, SegmentQuery
from .segment cimport Index, Segment, checked
from .top_k cimport Ranked, TopK, offer, sort

VERSION = 3
# Raise it whenever what the kernel is asked or answers changes: see `backends`.


def search(
    Index index, list tiers, Py_ssize_t enough, int column, bint rising, Py_ssize_t offset,
    Py_ssize_t limit, Py_ssize_t exhaustive_below, Py_ssize_t facet_size, list selected
):
    """What the node of the first of `tiers` matches; where fewer than `enough` do, what that of the
    second matches follows. Sorted by a column of numbers, `rising` or not, if it is 0 or more, then
    by score.

    `exhaustive_below`: so few hits are scored sooner than it is found out which need not be;
    `selected`: for each facet group the values selected, with their ordinals, -1 for one that is
    not there.

    Returns how many hits each tier has; of the hits from `offset` on, at most `limit`, id, score,
    and segment with number; of each group the `facet_size` most frequent values and those selected,
    with their counts.
    """
    cdef Collector collector = Collector(index, column, rising, facet_size, selected)
    cdef list page = []
    cdef ProgramNode root
    cdef Py_ssize_t size
    for root in tiers:
        if root.program.index is not index:
            raise ValueError("the program is not one of this index")
        if collector.matched < enough or not collector.counter.totals:
            size = collector.find(root.node)
            if offset < min(offset + limit, size):
                page += collector.page(root.node, offset, min(offset + limit, size), exhaustive_below)
            offset, limit = max(offset - size, 0), min(limit, max(offset + limit - size, 0))
    return collector.counter.totals, page, [
        collector.counter.top(group, facet_size, values) if collector.is_counting else ()
        for group, values in enumerate(selected)
    ]


@final
cdef class Collector:
    """The work of one call of `search`: tiers of hits, then what is told of them."""

    cdef Index index
    cdef Arena arena
    cdef Counter counter
    cdef bint is_sorted, rising, is_counting, is_selecting
    cdef Py_ssize_t matched
    cdef list queries, masks

    def __cinit__(self, Index index, int column, bint rising, facet_size, list selected):
        cdef Segment segment
        cdef SegmentQuery query
        self.index, self.is_sorted, self.rising = index, column >= 0, rising
        self.is_selecting = any(selected)
        self.is_counting = facet_size > 0 or self.is_selecting
        self.counter = Counter(index.names if self.is_counting else [])
        self.masks = [
            mask_of(len(names), values) if values else None
            for names, values in zip(index.names, selected, strict=True)
        ]
        self.queries = []
        for place, segment in enumerate(index.segments):
            query = SegmentQuery.__new__(SegmentQuery)
            query.segment, query.place, query.arena = segment, place, &self.arena
            if self.is_sorted:
                query.keys = segment.number_column(column)
            self.queries.append(query)

    def __dealloc__(self):
        close(&self.arena)

    cdef Py_ssize_t find(self, const Node* root) except -1:
        """Find and count the hits of the next tier, and their facet values; how many there are."""
        cdef SegmentQuery query
        cdef DocList before
        self.counter.totals.append(0)
        for query in self.queries:
            before = query.matched
            with nogil:
                match(query, root, &query.matched)
                if before.size:
                    subtract(before, &self.arena, &query.matched)
            self.matched += query.matched.size
            query.hits = query.matched
            if self.is_counting:
                self.filter_and_count(query.segment, &query.hits)
            self.counter.add_hits(query.hits)
        return self.counter.totals[len(self.counter.totals) - 1]

    cdef int filter_and_count(self, Segment segment, DocList* found) except -1:
        """Leave those that every selection passes; they count in every group, and what fails in one
        group alone counts there."""
        cdef Py_ssize_t groups = len(self.masks), group
        cdef DocList* failing = <DocList*>zeros(&self.arena, groups * sizeof(DocList))
        cdef DocList others
        others.size = len(segment.living)
        if self.is_selecting:
            self.apply_filters(segment, found, failing)
        cdef bint is_most = 2 * found.size > others.size
        if is_most:
            others.numbers = &segment.living[0]
            subtract(found[0], &self.arena, &others)
        for group in range(groups):
            if is_most:
                self.counter.add_all_but(group, segment.groups[group], others)
            else:
                self.counter.add_values(group, segment.groups[group], found[0], 1)
            self.counter.add_values(group, segment.groups[group], failing[group], 1)
        return 0

    cdef int apply_filters(self, Segment segment, DocList* found, DocList* failing) except -1:
        """Leave those that every selection passes; of each group, gather what fails in it alone."""
        cdef Py_ssize_t i, failed, size = 0, most = found.size * sizeof(int32_t)
        cdef FacetColumn column
        cdef const uint8_t* wanted
        cdef int32_t* numbers = <int32_t*>take(&self.arena, most)
        cdef uint8_t* failures = <uint8_t*>zeros(&self.arena, found.size)
        cdef uint8_t* failed_in = <uint8_t*>zeros(&self.arena, found.size)
        for failed in range(len(self.masks)):
            if self.masks[failed] is None:
                continue
            failing[failed].numbers = <int32_t*>take(&self.arena, most)
            column, wanted = segment.groups[failed], self.masks[failed]
            with nogil:
                for i in range(found.size):
                    if failures[i] < 2 and not column.has_any(found.numbers[i], wanted):
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

    cdef list page(
        self, const Node* root, Py_ssize_t begin, Py_ssize_t end, Py_ssize_t exhaustive_below
    ):
        """The hits of the last tier of these ranks."""
        cdef Py_ssize_t i, most = max(end, exhaustive_below)
        cdef SegmentQuery query
        cdef TopK best
        best.members, best.size = <Ranked*>take(&self.arena, end * sizeof(Ranked)), 0
        best.room = end
        if self.is_sorted and self.left() > most:
            self.narrow(root, False, &best)
        if self.left() > most:
            self.narrow(root, True, &best)
        for query in self.queries:
            with nogil:
                self.rank(query, root, &best)
        with nogil:
            sort(&best)
        return [self.hit(&best.members[i]) for i in range(begin, best.size)]

    cdef tuple hit(self, const Ranked* ranked):
        cdef Segment segment = self.index.segments[ranked.place]
        return segment.id(ranked.number), ranked.score, (ranked.place, ranked.number)

    cdef Py_ssize_t left(self) except -1:
        """How many hits there still are in all segments."""
        return sum([(<SegmentQuery>query).hits.size for query in self.queries])

    cdef int narrow(self, const Node* root, bint by_score, TopK* best) except -1:
        """Leave of the hits in each segment those that may be among the best, by what orders them
        before their scores do and, if these are wanted, by their bounds."""
        cdef SegmentQuery query
        for query in self.queries:
            with nogil:
                self.bound(query, root, by_score, best)
        for query in self.queries:
            with nogil:
                self.prune(query, error_ratio(query, root), best.members[0])
        best.size = 0
        return 0

    cdef int64_t key(self, SegmentQuery query, int32_t document) except? -0x7000000000000000 nogil:
        """What orders a document before its score does; one without a number comes last."""
        cdef int64_t value
        if not self.is_sorted:
            return 0
        value = query.keys[checked(query.segment, document)]
        return value if self.rising and value != self.index.missing else -value

    cdef double* scores(
        self, SegmentQuery query, const Node* root, DocList found, bint is_exact
    ) except NULL nogil:
        """What each of the hits scores: exactly, or at least. Bounds and scores are made here
        alone, so a multiplier of each document would come in here."""
        cdef double* scores = <double*>zeros(&self.arena, found.size * sizeof(double))
        cdef uint8_t* there
        query.is_exact = is_exact
        if error_ratio(query, root) > 0:
            there = <uint8_t*>zeros(&self.arena, found.size)
            weigh(query, root, found, there, scores)
        return scores

    cdef int bound(
        self, SegmentQuery query, const Node* root, bint by_score, TopK* best
    ) except -1 nogil:
        """What each of the hits scores at least, or 0 if that is not wanted; offered to the best:
        the last first, if high numbers come first, since files are mostly in order of date."""
        cdef DocList hits = query.hits
        cdef Py_ssize_t i, j
        cdef Ranked member
        if by_score:
            query.lower_bounds = self.scores(query, root, hits, False)
        else:
            query.lower_bounds = <double*>zeros(&self.arena, hits.size * sizeof(double))
        member.tie = member.place = member.number = 0
        for j in range(hits.size):
            i = hits.size - 1 - j if self.is_sorted and not self.rising else j
            member.key, member.score = self.key(query, hits.numbers[i]), query.lower_bounds[i]
            offer(best, &member)
        return 0

    cdef int prune(self, SegmentQuery query, double most, Ranked worst) except -1 nogil:
        """Leave only those hits that may rank before the worst of the best, or be it: their upper
        bounds, `most` times the lower ones, reach its lower bound, but for rounding."""
        cdef double rounding = self.index.rounding
        cdef double enough = worst.score * (1 - rounding) - rounding
        cdef DocList hits = query.hits
        cdef int32_t* numbers = <int32_t*>take(&self.arena, hits.size * sizeof(int32_t))
        cdef Py_ssize_t i, size = 0
        cdef int64_t key
        for i in range(hits.size):
            key = self.key(query, hits.numbers[i])
            if key < worst.key or (
                key == worst.key and query.lower_bounds[i] * most >= enough
            ):
                numbers[size] = hits.numbers[i]
                size += 1
        query.hits.numbers, query.hits.size = numbers, size
        return 0

    cdef int rank(self, SegmentQuery query, const Node* root, TopK* best) except -1 nogil:
        """Score the hits exactly and offer them to the page, so many at a time."""
        cdef Py_ssize_t i, begin = 0, taken = self.arena.count
        cdef double* scores
        cdef DocList some
        cdef Ranked member
        member.place = query.place
        while begin < query.hits.size:
            some.numbers = query.hits.numbers + begin
            some.size = min(<Py_ssize_t>SLICE, query.hits.size - begin)
            scores = self.scores(query, root, some, True)
            for i in range(some.size):
                member.number = some.numbers[i]
                member.key = self.key(query, member.number)
                member.score = rint(scores[i] * self.index.decimals) / self.index.decimals
                member.tie = query.segment.date_rank[member.number]
                offer(best, &member)
            release(&self.arena, taken)
            begin += SLICE
        return 0


cdef bytes mask_of(Py_ssize_t size, values):
    """Which ordinals are marked."""
    cdef bytearray mask = bytearray(size)
    for _, ordinal in values:
        if ordinal >= 0:
            mask[ordinal] = 1
    return bytes(mask)
