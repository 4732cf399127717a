"""The result of one query in compiled code: hits, their order, facet counts.

All hits are found and counted. Scores are computed as bounds only (see `leaf`), and exactly for the
hits whose bounds leave open whether they are on the page: by the same operations in the same order
as in `vectorized`, so that both give the same bits.

Every index into a column is checked before it is used: a damaged segment ends in an `IndexError`.
The interpreter's lock is not held while postings are read.
"""

from cython cimport final
from libc.math cimport INFINITY, rint
from libc.stdint cimport int32_t, int64_t, uint8_t, uint32_t
from libc.string cimport memset

from .doc_list cimport AHEAD, DocList, Pairs, lookup, prefetch, subtract
from .facets cimport Counter, FacetColumn, marked
from .matcher cimport error_ratio, match, weigh
from .memory cimport Arena, close, release, take, zeros
from .program cimport Node, Program, SegmentQuery, compiled, pair_node
from .proximity cimport add_proximity
from .segment cimport Index, Segment, checked, damaged
from .stories cimport EVERY_GROUP, StoryCounter
from .top_k cimport Ranked, TopK, offer, sort

from indexer.schema import FACETS
from indexer.segment import MISSING as STORED_MISSING
from search_app.search.engines.whoosh.global_order import SORT_COLUMNS
from search_app.search.protocols import MIN_FULL_MATCHES
from search_app.search.query.logical import Keyword
from search_app.search.ranking import EQUAL_HEADLINE
from search_app.search.request import Group, Sort
from search_app.search.signals import CLUSTER, CLUSTERED

VERSION = 13
# Raise it whenever what the kernel is given or answers changes: see `backends`.

cdef enum:
    MOST_TIERS = 2  # what matches in full, and in part

cdef double ROUNDING = 1e-4  # more than rounding, and sums in another order, change a score by
cdef int64_t MISSING = STORED_MISSING


def search(Index index, query, worded, tiers, signals):
    """Evaluate the expressions of `tiers` for a request (`EngineRequest`): the second one only if
    the first has too few matches. `worded` is the request's, as far as it is affordable; `signals`
    are the `SignalColumns`.

    Returns how many hits each tier has; for each entry of the page the hit's id, its score, its
    segment with its number, and how many others report its story; for each facet group the values
    with their counts, and how many have been counted; how many stories the hits report, `None` if
    they are not grouped; how many hits are of the days before each day (see `DayColumns`), and at
    last of all, 0 alone if that is not asked; the weights of the signals by which the hits are in
    order.
    """
    cdef Collector collector = Collector(index, query)
    cdef Program program = Program(index)
    cdef Counter counter = collector.counter
    cdef Py_ssize_t begin = query.offset, end = query.offset + query.limit
    cdef Py_ssize_t enough = MIN_FULL_MATCHES
    collector.add_worded(program, worded)
    collector.add_pairs(program, query.pairs, query.rescored)
    collector.add_story(program, query.story)
    for expression in tiers:
        collector.find(compiled(program, expression))
        if collector.matched >= enough:
            break
    weights, best = query.signals, None
    collector.multiply_by(signals.multipliers(weights))
    if query.if_new is not None and begin < end:
        best = collector.ranked(0, CLUSTER if begin else max(end, CLUSTER))
        if signals.newness([ref for _, ref in best[:CLUSTER]]) > CLUSTERED:
            weights, best = query.if_new, None
            collector.multiply_by(signals.multipliers(weights))
    page = collector.ranked(begin, end) if best is None or begin else best[:end]
    if collector.is_grouping:
        collector.count_stories()
    return (
        counter.totals,
        [collector.hit(score, place, number) for score, (place, number) in page],
        [collector.facet(group, name, query) for group, name in enumerate(FACETS)],
        collector.stories.total if collector.is_grouping else None,
        collector.days.running_totals(0),
        weights,
    )


def counts(Index index, expressions):
    """How many living documents match each of the expressions, `MatchAll` and the like included."""
    cdef Program program = Program(index)
    cdef Arena arena
    cdef SegmentQuery query = SegmentQuery.__new__(SegmentQuery)
    cdef DocList found
    cdef const Node* root
    cdef Py_ssize_t total
    cdef list totals = []
    memset(&arena, 0, sizeof(Arena))
    query.arena = &arena
    try:
        for expression in expressions:
            root, total = compiled(program, expression), 0
            for query.place, query.segment in enumerate(index.segments):
                with nogil:
                    match(query, root, &found)
                    release(&arena, 0)
                total += found.size
            totals.append(total)
    finally:
        close(&arena)
    return totals


@final
cdef class Collector:
    """The work of one call of `search`: tiers of hits, their pages, what is counted."""

    cdef Index index
    cdef Arena arena
    cdef Counter counter, days
    cdef StoryCounter stories
    cdef bint is_sorted, rising, is_counting, is_selecting, is_grouping, is_dating
    cdef Py_ssize_t matched
    cdef list queries, selected, signals
    cdef list tiers  # of each tier its node's address, and how many entries it has
    cdef DocList* hits  # of each tier those in each segment
    cdef const uint8_t** wanted  # for each facet group which ordinals are selected; or NULL
    cdef list worded  # selected values that are expressions: group, value, how many hits have it
    cdef const Node** worded_nodes  # the node of each of them
    cdef int64_t headline  # the number of the headline that is searched for
    cdef const Node** pairs  # the pairs of words that stand together in the query
    cdef Py_ssize_t pair_count, rescored
    cdef double equal_headline
    cdef const Node* story  # the only story that is wanted; or NULL

    def __cinit__(self, Index index, query):
        cdef Segment segment
        cdef SegmentQuery work
        cdef Py_ssize_t group
        self.index, self.headline, self.equal_headline = index, query.headline, EQUAL_HEADLINE
        self.is_sorted, self.rising = query.sort in SORT_COLUMNS, query.sort is Sort.OLDEST
        self.selected = [query.selections[name] for name in FACETS]
        self.is_selecting = any(self.selected)
        self.is_counting = query.facet_size > 0 or self.is_selecting
        self.counter = Counter(index.names if self.is_counting else [])
        self.wanted = <const uint8_t**>zeros(&self.arena, len(self.selected) * sizeof(uint8_t*))
        for group, values in enumerate(self.selected):
            if values:
                self.wanted[group] = marked(index.ordinals[group], values, &self.arena)
        self.is_grouping = query.group is Group.STORY
        if self.is_grouping:
            self.stories = StoryCounter(index)
        self.is_dating = query.buckets is not None
        self.days = Counter([range(index.days if self.is_dating else 0)])
        self.queries, self.worded = [], []
        for place, segment in enumerate(index.segments):
            work = SegmentQuery.__new__(SegmentQuery)
            work.segment, work.place, work.arena = segment, place, &self.arena
            if segment.has_headline(query.headline):
                work.headlines = segment.number_column("headline")
            if self.is_sorted:
                work.keys = segment.number_column(SORT_COLUMNS[query.sort])
            self.queries.append(work)
        self.tiers, self.hits = [], <DocList*>zeros(
            &self.arena, MOST_TIERS * len(self.queries) * sizeof(DocList)
        )

    def __dealloc__(self):
        close(&self.arena)

    cdef int add_worded(self, Program program, worded) except -1:
        """Take the selected values that are expressions."""
        cdef Py_ssize_t i
        groups = {name: group for group, name in enumerate(FACETS)}
        self.worded = [
            [groups[name], value, 0] for name, values in worded.items() for value in values
        ]
        self.worded_nodes = <const Node**>take(&self.arena, len(self.worded) * sizeof(Node*))
        expressions = [one for values in worded.values() for one in values.values()]
        for i in range(len(expressions)):
            self.worded_nodes[i] = compiled(program, expressions[i])
        return 0

    cdef int add_pairs(self, Program program, pairs, Py_ssize_t rescored) except -1:
        """Take the pairs of words by which the best hits are rescored."""
        cdef Py_ssize_t i
        self.pair_count, self.rescored = 0 if self.is_sorted else len(pairs), rescored
        self.pairs = <const Node**>take(&self.arena, self.pair_count * sizeof(Node*))
        for i in range(self.pair_count):
            self.pairs[i] = pair_node(program, pairs[i])
        return 0

    cdef int add_story(self, Program program, str name) except -1:
        """Want only the hits that report the story of this name, unless it is empty."""
        self.story = compiled(program, Keyword("story", name)) if name else NULL
        return 0

    cdef int count_stories(self) except -1:
        """Count the facet values of the stories, once all tiers are known."""
        cdef Py_ssize_t i, size = len(self.worded)
        cdef int64_t* counts = <int64_t*>zeros(&self.arena, size * sizeof(int64_t))
        self.stories.count(self.index, self.counter, counts, size)
        for i in range(size):
            self.worded[i][2] += counts[i]
        return 0

    cdef tuple facet(self, Py_ssize_t group, str name, query):
        """The values of a group with their counts, and how many have been counted."""
        if not self.is_counting:
            return (), 0
        cdef const uint8_t* listed = NULL
        cdef dict ordinals = self.index.ordinals[group]
        if name in query.facet_values:
            listed = marked(ordinals, query.facet_values[name], &self.arena)
        selected = sorted(set(self.selected[group]))
        values, distinct = self.counter.top(group, query.facet_size, selected, ordinals, listed)
        return self.with_worded(group, values), distinct

    cdef tuple with_worded(self, Py_ssize_t group, tuple values):
        """The values of a group with their counts, those that are expressions among them."""
        if not self.worded:
            return values
        counts = {value: count for own, value, count in self.worded if own == group}
        return tuple((dict(values) | counts).items())

    cdef int multiply_by(self, list signals) except -1:
        """Multiply scores by these signals of the documents of each segment from now on."""
        cdef SegmentQuery query
        cdef const double[::1] factors
        self.signals = signals  # which the pointers below are into
        for query in self.queries:
            factors = signals[query.place]
            if len(factors) != query.segment.size:
                raise IndexError("there are not as many signals as documents")
            query.signals = &factors[0] if query.segment.size else NULL
        return 0

    cdef int find(self, const Node* root) except -1:
        """Find and count the hits of the next tier and their facet values, and how many entries it
        has: hits, or stories without a hit in an earlier tier."""
        cdef SegmentQuery query
        cdef DocList before
        cdef Py_ssize_t new = 0, first = len(self.tiers) * len(self.queries)
        if len(self.tiers) == MOST_TIERS:
            raise ValueError("there are too many tiers")
        self.counter.totals.append(0)
        if self.is_grouping:
            self.stories.begin_tier()
        for query in self.queries:
            before = query.matched
            with nogil:
                match(query, root, &query.matched)
                if before.size:
                    subtract(before, &self.arena, &query.matched)
            self.matched += query.matched.size
            query.hits = query.matched
            if self.story != NULL:
                with nogil:
                    self.keep_matches(query, self.story, &query.hits)
            if self.is_counting:
                self.filter_and_count(query, &query.hits)
            self.counter.add_hits(query.hits)
            if self.is_dating:
                self.count_days(query.segment, query.hits)
            new += query.hits.size
            if self.is_grouping:
                new += self.stories.add_hits(query.segment, query.hits) - query.hits.size
            self.hits[first + query.place] = query.hits
        self.tiers.append((<size_t>root, new))
        return 0

    cdef int count_days(self, Segment segment, DocList hits) except -1:
        """Count hits by day. If all documents are hits, their number on each day is known."""
        if hits.size == len(segment.living):
            return self.days.add_all(0, segment.days)
        return self.days.add_values(0, segment.days, hits, 1)

    cdef int filter_and_count(self, SegmentQuery query, DocList* found) except -1:
        """Keep the documents that pass every selection. They count in every group; one that fails
        in one group alone counts there."""
        cdef Segment segment = query.segment
        cdef Py_ssize_t groups = len(self.selected), group
        cdef DocList* failing = <DocList*>zeros(&self.arena, groups * sizeof(DocList))
        cdef DocList others
        others.size = len(segment.living)
        if self.is_selecting:
            self.apply_filters(query, found, failing)
            self.count_worded(query, found[0])
        cdef DocList passing = found[0]
        if self.is_grouping:
            self.stories.list_documents(segment, query.place, &passing, EVERY_GROUP, &self.arena)
            for group in range(groups):
                self.stories.list_documents(
                    segment, query.place, &failing[group], group, &self.arena
                )
        cdef bint is_most = 2 * passing.size > others.size
        if is_most:
            others.numbers = &segment.living[0]
            subtract(passing, &self.arena, &others)
        if is_most:
            for group in range(groups):
                self.counter.add_all(group, segment.groups[group])
            self.counter.add_documents(segment.groups, segment.facet_profiles, others, -1)
        else:
            self.counter.add_documents(segment.groups, segment.facet_profiles, passing, 1)
        for group in range(groups):
            self.counter.add_values(group, segment.groups[group], failing[group], 1)
        return 0

    cdef int apply_filters(self, SegmentQuery query, DocList* found, DocList* failing) except -1:
        """Keep the documents that pass every selection; list in `failing`, for each group, those
        that fail in it alone."""
        cdef Py_ssize_t i, failed, size = 0, most = found.size * sizeof(int32_t)
        cdef FacetColumn column
        cdef const uint8_t* wanted
        cdef uint8_t* worded  # which of the segment's documents match an expression; or NULL
        cdef int32_t* numbers = <int32_t*>take(&self.arena, most)
        cdef uint8_t* failures = <uint8_t*>zeros(&self.arena, found.size)
        cdef uint8_t* failed_in = <uint8_t*>zeros(&self.arena, found.size)
        for failed in range(len(self.selected)):
            if self.wanted[failed] == NULL:
                continue
            failing[failed].numbers = <int32_t*>take(&self.arena, most)
            column, wanted = query.segment.groups[failed], self.wanted[failed]
            worded = self.mark_worded(query, failed)
            with nogil:
                for i in range(found.size):
                    if worded != NULL and worded[checked(query.segment, found.numbers[i])]:
                        continue
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

    cdef uint8_t* mark_worded(self, SegmentQuery query, Py_ssize_t group) except? NULL:
        """For each document of a segment whether it matches a selected expression of a group;
        `NULL` if there is none."""
        cdef Py_ssize_t i, j, taken
        cdef uint8_t* marks = NULL
        cdef DocList found
        for i in range(len(self.worded)):
            if self.worded[i][0] != group:
                continue
            if marks == NULL:
                marks = <uint8_t*>zeros(&self.arena, query.segment.size)
            taken = self.arena.count
            with nogil:
                match(query, self.worded_nodes[i], &found)
                for j in range(found.size):
                    marks[checked(query.segment, found.numbers[j])] = 1
                release(&self.arena, taken)
        return marks

    cdef int count_worded(self, SegmentQuery query, DocList hits) except -1:
        """Count the hits that match each selected expression."""
        cdef Py_ssize_t i, taken, groups = len(self.selected)
        cdef DocList found
        for i in range(len(self.worded)):
            taken, found = self.arena.count, hits
            with nogil:
                self.keep_matches(query, self.worded_nodes[i], &found)
                if self.is_grouping:
                    self.stories.list_documents(
                        query.segment, query.place, &found, <int32_t>(groups + i), &self.arena
                    )
                release(&self.arena, taken)
            self.worded[i][2] += found.size
        return 0

    cdef int keep_matches(
        self, SegmentQuery query, const Node* node, DocList* hits
    ) except -1 nogil:
        """Keep the hits that match a node as well."""
        cdef Py_ssize_t i
        cdef DocList found
        cdef Pairs shared
        match(query, node, &found)
        lookup(hits[0], found, &self.arena, &shared)
        for i in range(shared.size):
            shared.at[i] = hits.numbers[shared.at[i]]
        hits.numbers, hits.size = shared.at, shared.size
        return 0

    cdef list ranked(self, Py_ssize_t begin, Py_ssize_t end):
        """The entries of the ranks [begin, end), each with its score, its segment and its number.
        """
        cdef SegmentQuery query
        cdef Py_ssize_t tier, size
        cdef list found = []
        for tier, (root, size) in enumerate(self.tiers):
            if max(begin, 0) < min(end, size):
                for query in self.queries:
                    query.hits = self.hits[tier * len(self.queries) + query.place]
                if self.is_grouping:
                    self.stories.tier = tier + 1
                found += self.page(<const Node*><size_t>root, max(begin, 0), min(end, size))
            begin, end = begin - size, end - size
        return found

    cdef list page(self, const Node* root, Py_ssize_t begin, Py_ssize_t end):
        """The entries of the current tier of the ranks [begin, end): see `ranked`."""
        cdef bint is_rescored = self.pair_count and begin < self.rescored
        cdef Py_ssize_t i, room = max(end, self.rescored) if is_rescored else end
        cdef Py_ssize_t most = max(room, self.index.exhaustive_below)
        cdef SegmentQuery query
        cdef TopK best
        best.members, best.size = <Ranked*>take(&self.arena, room * sizeof(Ranked)), 0
        best.room = room
        if self.is_sorted and self.left() > most:
            self.narrow(root, False, &best)
        if self.left() > most:
            self.narrow(root, True, &best)
        for query in self.queries:
            with nogil:
                self.score(query, root)
        if is_rescored:
            self.rescore(&best)
        best.room = end
        self.begin_offers()
        for query in self.queries:
            with nogil:
                self.rank(query, &best)
        self.end_offers(&best)
        with nogil:
            sort(&best)
        return [
            (best.members[i].score, (best.members[i].place, best.members[i].number))
            for i in range(begin, min(end, best.size))
        ]

    cdef int rescore(self, TopK* best) except -1:
        """Add to the scores of the best hits, whichever of them will represent their stories, what
        their pairs of words give."""
        cdef Py_ssize_t at
        cdef Ranked member
        cdef SegmentQuery query
        best.room = self.rescored
        for query in self.queries:
            with nogil:
                for at in range(query.hits.size):
                    self.place(query, at, &member)
                    member.number = at  # so that its score is found
                    offer(best, &member)
        for query in self.queries:
            with nogil:
                self.add_pairs_of(query, best)
        best.size = 0
        return 0

    cdef int add_pairs_of(self, SegmentQuery query, const TopK* best) except -1 nogil:
        """Rescore those of the best that are hits of a segment, in ascending order."""
        cdef Py_ssize_t i, at, taken = self.arena.count
        cdef uint8_t* is_best = <uint8_t*>zeros(&self.arena, query.hits.size)
        cdef int32_t* numbers = <int32_t*>take(&self.arena, best.size * sizeof(int32_t))
        cdef int32_t* places = <int32_t*>take(&self.arena, best.size * sizeof(int32_t))
        cdef double* gained = <double*>zeros(&self.arena, best.size * sizeof(double))
        cdef DocList found
        found.numbers, found.size = numbers, 0
        for i in range(best.size):
            if best.members[i].place == query.place:
                is_best[best.members[i].number] = 1
        for at in range(query.hits.size):
            if is_best[at]:
                numbers[found.size], places[found.size] = query.hits.numbers[at], at
                found.size += 1
        for i in range(self.pair_count):
            add_proximity(query, self.pairs[i], found, gained)
        for i in range(found.size):
            at = places[i]
            query.scores[at] = self.rounded(
                query.scores[at] + gained[i] * query.signals[numbers[i]]
            )
        release(&self.arena, taken)
        return 0

    cdef double rounded(self, double score) noexcept nogil:
        return rint(score * self.index.decimals) / self.index.decimals

    cdef tuple hit(self, double score, Py_ssize_t place, int32_t number):
        """A hit as `search` returns it."""
        cdef Segment segment = self.index.segments[place]
        others = self.stories.others(segment, number) if self.is_grouping else 0
        return segment.id(number), score, (place, number), others

    cdef Py_ssize_t left(self) except -1:
        """How many hits are left in all segments."""
        return sum([(<SegmentQuery>query).hits.size for query in self.queries])

    cdef int narrow(self, const Node* root, bint by_score, TopK* best) except -1:
        """Keep in each segment the hits that may be among the best: by their sort keys and, if
        `by_score`, by the bounds on their scores."""
        cdef SegmentQuery query
        self.begin_offers()
        for query in self.queries:
            with nogil:
                self.bound(query, root, by_score, best)
        self.end_offers(best)
        if best.size == best.room:  # else hits that are no entry may be among the best, too
            for query in self.queries:
                with nogil:
                    self.prune(query, error_ratio(query, root), best.members[0])
        best.size = 0
        return 0

    cdef int begin_offers(self) except -1:
        """Hits are offered from now on; of each story only the best counts."""
        return self.stories.begin_offers(self.left()) if self.is_grouping else 0

    cdef inline int offer(
        self, Segment segment, const Ranked* member, TopK* best
    ) except -1 nogil:
        if self.is_grouping:
            return self.stories.offer(segment, member, best)
        offer(best, member)
        return 0

    cdef int end_offers(self, TopK* best) except -1:
        return self.stories.end_offers(best) if self.is_grouping else 0

    cdef int64_t key(self, SegmentQuery query, int32_t document) except? -0x7000000000000000 nogil:
        """What a document is sorted by before its score; one without a number comes last."""
        cdef int64_t value
        if not self.is_sorted:
            return 0
        value = query.keys[checked(query.segment, document)]
        return value if self.rising and value != MISSING else -value

    cdef double* scores(
        self, SegmentQuery query, const Node* root, DocList found, bint is_exact
    ) except NULL nogil:
        """The exact scores of documents, or lower bounds. Only this method makes either: what they
        are multiplied by is exact, so bounds stay bounds."""
        cdef double* scores = <double*>zeros(&self.arena, found.size * sizeof(double))
        cdef Py_ssize_t i
        query.is_exact = is_exact
        if error_ratio(query, root) > 0:
            weigh(query, root, found, NULL, scores)  # as they are known to match
            if query.headlines != NULL:
                for i in range(found.size):
                    if query.headlines[checked(query.segment, found.numbers[i])] == self.headline:
                        scores[i] *= self.equal_headline
            multiply(query.segment, found, query.signals, scores)
        return scores

    cdef int bound(
        self, SegmentQuery query, const Node* root, bint by_score, TopK* best
    ) except -1 nogil:
        """Compute lower bounds on the hits' scores (0 if not `by_score`) and offer them to the
        best: the last hit first if high numbers come first, as files are mostly sorted by date."""
        cdef DocList hits = query.hits
        cdef double* bounds = NULL
        cdef Py_ssize_t i = 0, step = 1
        cdef bint is_plain = not self.is_sorted and not self.is_grouping
        cdef double enough = -INFINITY  # what a hit has to score more than
        cdef Ranked member
        if by_score:
            bounds = self.scores(query, root, hits, False)
        else:
            bounds = <double*>zeros(&self.arena, hits.size * sizeof(double))
        query.lower_bounds = bounds
        member.tie = member.place = 0
        if self.is_sorted and not self.rising:
            i, step = hits.size - 1, -1
        while 0 <= i < hits.size:
            if bounds[i] > enough:  # as few are
                member.number = hits.numbers[i]
                member.key, member.score = self.key(query, member.number), bounds[i]
                self.offer(query.segment, &member, best)
                if is_plain and best.size == best.room:
                    enough = best.members[0].score
            i += step
        return 0

    cdef int prune(self, SegmentQuery query, double most, Ranked worst) except -1 nogil:
        """Keep only the hits that may rank before the worst of the best, or be it: their upper
        bounds, `most` times the lower ones, reach its lower bound, but for rounding."""
        cdef double enough = worst.score * (1 - ROUNDING) - ROUNDING
        cdef const double* bounds = query.lower_bounds
        cdef DocList hits = query.hits
        cdef int32_t* numbers = <int32_t*>take(&self.arena, hits.size * sizeof(int32_t))
        cdef Py_ssize_t i, size = 0
        cdef int64_t key = worst.key
        for i in range(hits.size):
            if self.is_sorted:
                key = self.key(query, hits.numbers[i])
            if key < worst.key or (key == worst.key and bounds[i] * most >= enough):
                numbers[size] = hits.numbers[i]
                size += 1
        query.hits.numbers, query.hits.size = numbers, size
        return 0

    cdef int score(self, SegmentQuery query, const Node* root) except -1 nogil:
        """Score the hits exactly."""
        cdef Py_ssize_t i
        query.scores = self.scores(query, root, query.hits, True)
        for i in range(query.hits.size):
            query.scores[i] = self.rounded(query.scores[i])
        return 0

    cdef int rank(self, SegmentQuery query, TopK* best) except -1 nogil:
        """Offer the hits to the page."""
        cdef Py_ssize_t i
        cdef Ranked member
        for i in range(query.hits.size):
            self.place(query, i, &member)
            self.offer(query.segment, &member, best)
        return 0

    cdef int place(self, SegmentQuery query, Py_ssize_t at, Ranked* member) except -1 nogil:
        """Tell where a hit that is scored ranks."""
        member.place, member.number = query.place, query.hits.numbers[at]
        member.key, member.score = self.key(query, member.number), query.scores[at]
        member.tie = query.segment.date_rank[member.number]
        return 0


cdef int multiply(
    Segment segment, DocList found, const double* signals, double* scores
) except -1 nogil:
    """Multiply the scores of documents by their signals."""
    # Unsigned, so that one comparison refuses what is negative, too.
    cdef uint32_t document, documents = segment.size
    cdef Py_ssize_t i
    for i in range(found.size):
        if i + AHEAD < found.size:
            prefetch(&signals[found.numbers[i + AHEAD]])
        document = found.numbers[i]
        if document >= documents:
            damaged("a posting is of a document that is not there")
        scores[i] *= signals[document]
    return 0
