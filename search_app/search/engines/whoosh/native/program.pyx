"""A query as nodes, each made after its members. What a leaf's words are in each segment, and how
many living documents have them, is looked up as it is made."""

from libc.stdint cimport int32_t, int64_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memset

from .doc_list cimport DocList
from .memory cimport Arena, close, grown, release, take, zeros
from .segment cimport (
    Index, Postings, Segment, checked, is_in, is_whole, weight_in
)


cdef class Program:
    """A query as nodes, each known by its place."""

    def __cinit__(self, Index index):
        self.index = index

    def __dealloc__(self):
        close(&self.arena)
        free(self.nodes)
        free(self.members)

    cdef Py_ssize_t _node(self, Kind kind) except -1:
        if self.node_count == self.node_room:
            self.nodes = <Node*>grown(self.nodes, (2 * self.node_room + 8) * sizeof(Node))
            self.node_room = 2 * self.node_room + 8
        memset(&self.nodes[self.node_count], 0, sizeof(Node))
        self.nodes[self.node_count].kind = kind
        self.node_count += 1
        return self.node_count - 1

    cdef Py_ssize_t _leaf(self, Kind kind, int which, int most, size_t slot) except -1:
        """A node with a slot of this size for each segment; `which` of so many."""
        if not 0 <= which < most:
            raise ValueError(f"there is no field, column or group {which}")
        cdef Py_ssize_t node = self._node(kind)
        self.nodes[node].which = which
        self.nodes[node].slots = zeros(&self.arena, len(self.index.segments) * slot)
        return node

    cdef Py_ssize_t _parent(self, Kind kind, members) except -1:
        cdef Py_ssize_t node, room, count = len(members)
        if not count:
            raise ValueError("members are wanted")
        while self.member_count + count > self.member_room:
            room = 2 * self.member_room + 8
            self.members = <Py_ssize_t*>grown(self.members, room * sizeof(Py_ssize_t))
            self.member_room = room
        for at, member in enumerate(members):
            self.members[self.member_count + <Py_ssize_t>at] = self.checked_node(member)
        node = self._node(kind)
        self.nodes[node].first, self.nodes[node].count = self.member_count, count
        self.member_count += count
        return node

    cdef Py_ssize_t checked_node(self, Py_ssize_t node) except -1:
        """A node, of which there surely is one."""
        if not 0 <= node < self.node_count:
            raise ValueError(f"there is no node {node}")
        return node

    def term(self, int field, bytes exact, bytes stem, double boost, double exact_boost):
        """A word in a field: by its stem, and by its exact form once more; where `stem` is empty,
        by its exact form at `boost`."""
        cdef Py_ssize_t node = self._leaf(TERM, field, self.index.fields, sizeof(TermSlot))
        cdef TermSlot* slot = <TermSlot*>self.nodes[node].slots
        cdef int64_t doc_freq = 0, exact_doc_freq = 0
        cdef Segment segment
        for segment in self.index.segments:
            doc_freq += segment.find_term(stem or exact, field, &slot.postings, &self.arena)
            if stem:
                exact_doc_freq += segment.find_term(exact, field, &slot.exact, &self.arena)
            slot += 1
        self.nodes[node].factor, self.nodes[node].boost = self.index.factor(doc_freq), boost
        self.nodes[node].exact_factor = self.index.factor(exact_doc_freq)
        self.nodes[node].exact_boost = exact_boost
        return node

    def phrase(self, list terms):
        """Nodes of exact forms of one field, by `term`, at successive positions."""
        cdef Py_ssize_t node
        for node in terms:
            if self.nodes[self.checked_node(node)].kind != TERM:
                raise ValueError("only terms stand in a phrase")
        node = self._parent(PHRASE, terms)
        self.nodes[node].which = self.nodes[<Py_ssize_t>terms[0]].which
        return node

    def prefix(self, int field, bytes prefix):
        """All exact forms in a field that begin so, as one term."""
        cdef Py_ssize_t node = self._leaf(PREFIX, field, self.index.fields, sizeof(PrefixSlot))
        cdef PrefixSlot* slot = <PrefixSlot*>self.nodes[node].slots
        cdef int64_t doc_freq = 0
        cdef Segment segment
        for segment in self.index.segments:
            segment.find_prefix(
                prefix, &slot.begin, &slot.end, &slot.more_begin, &slot.more_end
            )
            doc_freq += gather(segment, field, slot, &self.arena)
            slot += 1
        self.nodes[node].factor = self.index.factor(doc_freq)
        return node

    def ids(self, bytes id):
        """The item of this id."""
        cdef Py_ssize_t node = self._leaf(DOC_LIST, 0, 1, sizeof(DocList))
        cdef DocList* found = <DocList*>self.nodes[node].slots
        cdef Segment segment
        for segment in self.index.segments:
            segment.find_id(id, &self.arena, found)
            found += 1
        return node

    def urls(self, uint64_t key):
        """The items with an address of this digest."""
        cdef Py_ssize_t node = self._leaf(DOC_LIST, 0, 1, sizeof(DocList))
        cdef DocList* found = <DocList*>self.nodes[node].slots
        cdef Segment segment
        for segment in self.index.segments:
            segment.find_url(key, &self.arena, found)
            found += 1
        return node

    def value(self, int group, list bounds):
        """The items with a value of a facet group: for each segment, between which of its ordinals
        the values wanted are, `(low, high)`, half open."""
        cdef Py_ssize_t node = self._leaf(VALUE, group, len(self.index.names), sizeof(ValueSlot))
        cdef ValueSlot* slot = <ValueSlot*>self.nodes[node].slots
        if len(bounds) != len(self.index.segments):
            raise ValueError("bounds for each segment are wanted")
        for low, high in bounds:
            slot.low, slot.high = low, high
            slot += 1
        return node

    def range(self, int column, int64_t low, int64_t high):
        """What a number column says lies within `[low, high)`."""
        cdef Py_ssize_t node = self._leaf(RANGE, column, self.index.columns, 0)
        self.nodes[node].low, self.nodes[node].high = low, high
        return node

    def all(self, list members):
        """What all members match; members by `without` take away."""
        return self._parent(ALL, members)

    def any(self, list members):
        """What some member matches."""
        return self._parent(ANY, members)

    def without(self, Py_ssize_t member):
        """In `all`: takes away what the member matches."""
        return self._parent(WITHOUT, (member,))

    def everything(self):
        """Every document."""
        return self._node(EVERYTHING)

    def nothing(self):
        """No document."""
        return self._node(NOTHING)


cdef int64_t gather(Segment segment, int field, PrefixSlot* slot, Arena* arena) except -1:
    """List the documents of the postings, with what these weigh together, at least; how many
    of the documents are living."""
    cdef Py_ssize_t most = slot.end - slot.begin + slot.more_end - slot.more_begin
    cdef Py_ssize_t i, found = 0, taken
    cdef int64_t living = 0
    cdef double* dense
    cdef double* weights
    cdef int32_t* documents
    if not most:
        return 0
    with nogil:
        most = min(most, segment.size)
        documents = <int32_t*>take(arena, most * sizeof(int32_t))
        weights = <double*>take(arena, most * sizeof(double))
        taken = arena.count
        dense = <double*>zeros(arena, segment.size * sizeof(double))
        add_least(segment, field, slot.begin, slot.end, dense)
        add_least(segment, field, slot.more_begin, slot.more_end, dense)
        for i in range(segment.size):
            if dense[i] > 0:
                documents[found], weights[found] = i, dense[i]
                found += 1
                living += segment.alive[i] if segment.has_deleted else 1
        release(arena, taken)
    slot.documents, slot.weights, slot.size = documents, weights, found
    return living


cdef int add_least(
    Segment segment, int field, Py_ssize_t begin, Py_ssize_t end, double* weights
) except -1 nogil:
    """Add what postings weigh at least to their documents: in all text by their buckets; in a field
    exactly."""
    cdef Py_ssize_t i
    cdef int32_t document
    cdef bint whole = is_whole(segment, field)
    for i in range(begin, end):
        document = checked(segment, segment.documents[i])
        if whole:
            weights[document] += segment.floors[segment.buckets[i]]
        elif is_in(segment, field, i):
            weights[document] += weight_in(segment, field, i, document)
    return 0


cdef class SegmentQuery:
    """A program at work in the segment of this place. Memory is taken from the arena, which whoever
    made this must not give back sooner."""
