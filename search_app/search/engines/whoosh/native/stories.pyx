"""Hits by the stories that they report: how many there are, the best of each, their facet values.

A story counts once however many of its documents are hits, in whatever segments and tiers. So the
documents to be counted are listed, each linked to the one of its story that was listed before it,
and counted story by story in the end. A document that is alone in its story needs none of this: its
key is not less than the number of stories (`Index.told`).
"""

from libc.stdint cimport int32_t, int64_t, uint32_t
from libc.stdlib cimport free, realloc

from .doc_list cimport DocList
from .facets cimport Counter, FacetColumn
from .memory cimport Arena, close, take, zeros
from .segment cimport Index, Segment, checked
from .top_k cimport Ranked, TopK, offer, ranks_before


cdef struct Values:  # of a facet group in a segment: see `FacetColumn`
    const uint32_t* starts
    const int32_t* values
    uint32_t documents
    uint32_t last


cdef class StoryCounter:
    """The stories of one query; `index` has a key for each document."""

    def __cinit__(self, Index index):
        self.told = index.told
        self.stories = <Story*>zeros(&self.arena, index.told * sizeof(Story))

    def __dealloc__(self):
        close(&self.arena)
        free(self.listed)

    cdef int begin_tier(self) except -1:
        """The hits that are added from now on are of the next tier."""
        self.tier += 1
        return 0

    cdef Py_ssize_t add_hits(self, Segment segment, DocList hits) except -1 nogil:
        """Count hits of a segment; return how many stories had none before."""
        cdef Py_ssize_t i, before = self.total
        cdef int32_t key
        cdef Story* story
        for i in range(hits.size):
            key = segment.stories[checked(segment, hits.numbers[i])]
            if key >= self.told:
                self.total += 1
                continue
            story = &self.stories[key]
            story.hits += 1
            if not story.tier:
                story.tier = self.tier
                self.total += 1
        return self.total - before

    cdef int begin_offers(self, Py_ssize_t most) except -1:
        """At most so many hits will be offered."""
        self.best = <Ranked*>take(&self.arena, most * sizeof(Ranked))
        self.best_keys = <int32_t*>take(&self.arena, most * sizeof(int32_t))
        self.best_size = 0
        return 0

    cdef int offer(self, Segment segment, const Ranked* member, TopK* best) except -1 nogil:
        """Keep a hit if it is the best of its story, unless an earlier tier has one."""
        cdef int32_t key = segment.stories[checked(segment, member.number)]
        cdef Story* story
        if key >= self.told:
            offer(best, member)
            return 0
        story = &self.stories[key]
        if story.tier < self.tier:
            return 0
        if not story.best:
            self.best[self.best_size], self.best_keys[self.best_size] = member[0], key
            self.best_size += 1
            story.best = self.best_size
        elif ranks_before(member, &self.best[story.best - 1]):
            self.best[story.best - 1] = member[0]
        return 0

    cdef int end_offers(self, TopK* best) except -1 nogil:
        """Offer the best hit of each story."""
        cdef Py_ssize_t i
        for i in range(self.best_size):
            offer(best, &self.best[i])
            self.stories[self.best_keys[i]].best = 0
        self.best_size = 0
        return 0

    cdef int list_documents(
        self, Segment segment, int32_t place, DocList* found, int32_t what, Arena* arena
    ) except -1 nogil:
        """List documents of segment number `place`, to be counted in facet group `what`, in
        `EVERY_GROUP`, or, counted from the number of groups on, in an expression. Those that are
        alone in their story stay in `found`."""
        cdef Py_ssize_t i, size = 0
        cdef int32_t* alone = <int32_t*>take(arena, found.size * sizeof(int32_t))
        cdef int32_t number, key
        cdef Listed* one
        cdef Story* story
        self.make_room(found.size)
        for i in range(found.size):
            number = checked(segment, found.numbers[i])
            key = segment.stories[number]
            if key >= self.told:
                alone[size] = number
                size += 1
                continue
            one = &self.listed[self.listed_size]
            one.key, one.place, one.number, one.what = key, place, number, what
            story = &self.stories[one.key]
            one.before = story.last
            self.listed_size += 1
            story.last = self.listed_size
        found.numbers, found.size = alone, size
        return 0

    cdef int make_room(self, Py_ssize_t more) except -1 nogil:
        cdef Py_ssize_t room = 2 * (self.listed_size + more)
        cdef void* listed
        if self.listed_size + more > self.listed_room:
            listed = realloc(self.listed, room * sizeof(Listed))
            if listed == NULL:
                with gil:
                    raise MemoryError
            self.listed, self.listed_room = <Listed*>listed, room
        return 0

    cdef int count(
        self, Index index, Counter counter, int64_t* worded, Py_ssize_t worded_size
    ) except -1:
        """Count what is listed: in each facet group the values of each story, in `worded` the
        stories that match each expression; both are added to what is there."""
        cdef Py_ssize_t groups = len(counter.names), group, i, place = 0
        cdef Py_ssize_t size = len(index.segments) * groups
        cdef Values* columns = <Values*>take(&self.arena, size * sizeof(Values))
        # For each value, and each expression, one more than the key of the last story counted.
        cdef int32_t** seen = <int32_t**>take(&self.arena, (groups + 1) * sizeof(int32_t*))
        cdef Segment segment
        cdef FacetColumn column
        cdef Story* story
        cdef Listed* one
        for group in range(groups):
            size = len(counter.names[group])
            seen[group] = <int32_t*>zeros(&self.arena, size * sizeof(int32_t))
        seen[groups] = <int32_t*>zeros(&self.arena, worded_size * sizeof(int32_t))
        for segment in index.segments:
            for group in range(groups):
                column = segment.groups[group]
                size = len(column.values)
                columns[place].starts = &column.starts[0]
                columns[place].values = &column.values[0] if size else NULL
                columns[place].last, columns[place].documents = size, len(column.starts) - 1
                place += 1
        with nogil:
            for i in range(self.listed_size):
                story = &self.stories[self.listed[i].key]
                while story.last:
                    one = &self.listed[story.last - 1]
                    story.last = one.before
                    if one.what >= groups:
                        if seen[groups][one.what - groups] != one.key + 1:
                            seen[groups][one.what - groups] = one.key + 1
                            worded[one.what - groups] += 1
                        continue
                    for group in range(groups):
                        if one.what == EVERY_GROUP or one.what == group:
                            count_values(
                                &columns[one.place * groups + group], one, seen[group],
                                counter.sizes[group], counter.counts[group],
                            )
        return 0

    cdef int32_t others(self, Segment segment, int32_t number) except -1:
        """How many more hits report the story of a hit."""
        cdef int32_t key = segment.stories[checked(segment, number)]
        return self.stories[key].hits - 1 if key < self.told else 0


cdef int count_values(
    const Values* column, const Listed* one, int32_t* seen, uint32_t size, int64_t* counts
) except -1 nogil:
    """Count the values of a document that its story has not been counted for."""
    cdef uint32_t at, end, ordinal
    if <uint32_t>one.number >= column.documents:
        with gil:
            raise IndexError("a document has no facet values")
    end = column.starts[one.number + 1]
    if end > column.last:
        with gil:
            raise IndexError("there are not as many facet values as there should be")
    for at in range(column.starts[one.number], end):
        ordinal = column.values[at]
        if ordinal >= size:
            with gil:
                raise IndexError("a facet value has no name")
        if seen[ordinal] != one.key + 1:
            seen[ordinal] = one.key + 1
            counts[ordinal] += 1
    return 0
