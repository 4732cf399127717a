"""A query as nodes, each made after its members. What a leaf's words are in each segment, and how
many living documents have them, is looked up as it is made."""

from libc.stdint cimport int32_t, int64_t
from libc.string cimport memset

from .memory cimport Arena, close, release, take, zeros
from .segment cimport Index, Segment, checked, is_in, is_whole, weight_of


cdef class ProgramNode:
    """A node, and the program whose memory it is in."""


cdef class Program:
    """A query over all segments of an index, made of nodes."""

    def __cinit__(self, Index index):
        self.index = index

    def __dealloc__(self):
        close(&self.arena)

    cdef ProgramNode made(self, Kind kind):
        cdef ProgramNode made = ProgramNode.__new__(ProgramNode)
        made.program, made.node = self, <Node*>zeros(&self.arena, sizeof(Node))
        made.node.kind = kind
        return made

    cdef ProgramNode leaf(self, Kind kind, int which, int most):
        """A node with a slot for each segment; `which` of so many."""
        if not 0 <= which < most:
            raise ValueError(f"there is no field, column or group {which}")
        cdef ProgramNode made = self.made(kind)
        made.node.which = which
        made.node.slots = <Slot*>zeros(&self.arena, len(self.index.segments) * sizeof(Slot))
        return made

    cdef ProgramNode parent(self, Kind kind, members):
        cdef ProgramNode made = self.made(kind), member
        if not members:
            raise ValueError("members are wanted")
        made.node.members = <Node**>take(&self.arena, len(members) * sizeof(Node*))
        for member in members:
            if member.program is not self:
                raise ValueError("a member is of another program")
            made.node.members[made.node.count] = member.node
            made.node.count += 1
        return made

    def term(self, int field, bytes exact, bytes stem, double boost, double exact_boost):
        """A word in a field: by its stem, and by its exact form once more; where `stem` is empty,
        by its exact form at `boost`."""
        cdef ProgramNode made = self.leaf(TERM, field, self.index.fields)
        cdef Slot* slot = made.node.slots
        cdef int64_t doc_freq = 0, exact_doc_freq = 0
        cdef Segment segment
        for segment in self.index.segments:
            doc_freq += segment.find_term(stem or exact, field, &slot.postings, &self.arena)
            if stem:
                exact_doc_freq += segment.find_term(exact, field, &slot.exact, &self.arena)
            slot += 1
        for place in range(len(self.index.segments)):
            slot -= 1
            slot.postings.factor, slot.postings.boost = self.index.factor(doc_freq), boost
            slot.exact.factor, slot.exact.boost = self.index.factor(exact_doc_freq), exact_boost
        return made

    def phrase(self, list terms):
        """Nodes of exact forms of one field, by `term`, at successive positions: the same form is
        the same node."""
        cdef list distinct = list(dict.fromkeys(terms))
        cdef ProgramNode made = self.parent(PHRASE, distinct), term
        for term in distinct:
            if term.node.kind != TERM:
                raise ValueError("only terms stand in a phrase")
        made.node.which = made.node.members[0].which
        made.node.order = <Py_ssize_t*>take(&self.arena, len(terms) * sizeof(Py_ssize_t))
        for term in terms:
            made.node.order[made.node.length] = distinct.index(term)
            made.node.length += 1
        return made

    def prefix(self, int field, bytes prefix):
        """All exact forms in a field that begin so, as one term."""
        cdef ProgramNode made = self.leaf(PREFIX, field, self.index.fields)
        cdef Slot* slot = made.node.slots
        cdef int64_t doc_freq = 0
        cdef Segment segment
        for segment in self.index.segments:
            segment.find_prefix(prefix, slot.bounds)
            with nogil:
                doc_freq += gather(segment, field, slot, &self.arena)
            slot += 1
        for place in range(len(self.index.segments)):
            slot -= 1
            slot.postings.factor = self.index.factor(doc_freq)
        return made

    def doc_list(self, list documents):
        """These documents of each segment, which ascend."""
        cdef ProgramNode made = self.leaf(DOC_LIST, 0, 1)
        cdef Slot* slot = made.node.slots
        cdef const int32_t[::1] numbers
        cdef int32_t* copied
        for segment, numbers in zip(self.index.segments, documents, strict=True):
            copied = <int32_t*>take(&self.arena, len(numbers) * sizeof(int32_t))
            for number in numbers:
                copied[slot.postings.documents.size] = checked(segment, number)
                slot.postings.documents.size += 1
            slot.postings.documents.numbers = copied
            slot += 1
        return made

    def value(self, int group, Py_ssize_t low, Py_ssize_t high):
        """The documents with a value of a facet group whose ordinal lies within `[low, high)`."""
        cdef ProgramNode made = self.leaf(VALUE, group, len(self.index.names))
        cdef Py_ssize_t size = len(self.index.names[group])
        if not 0 <= low <= high <= size:
            raise ValueError("there are not as many values")
        made.node.wanted = <uint8_t*>zeros(&self.arena, size)
        memset(<void*>(made.node.wanted + low), 1, high - low)
        return made

    def range(self, int column, int64_t low, int64_t high):
        """The documents whose number in a column lies within `[low, high)`."""
        cdef ProgramNode made = self.leaf(RANGE, column, self.index.columns)
        cdef Slot* slot = made.node.slots
        cdef Segment segment
        for segment in self.index.segments:
            slot.numbers = segment.number_column(column)
            slot += 1
        made.node.low, made.node.high = low, high
        return made

    def all(self, list members):
        """What all members match; members by `exclude` take away."""
        return self.parent(ALL, members)

    def any(self, list members):
        """What some member matches."""
        return self.parent(ANY, members)

    def exclude(self, ProgramNode member):
        """In `all`, which wants another member as well: takes away what the member matches."""
        return self.parent(EXCLUDE, (member,))

    def everything(self):
        """Every document."""
        return self.made(EVERYTHING)

    def nothing(self):
        """No document."""
        return self.made(NOTHING)


cdef int64_t gather(Segment segment, int field, Slot* slot, Arena* arena) except -1 nogil:
    """List the documents of the postings, with what these weigh together, at least; how many
    of the documents are living."""
    cdef Py_ssize_t[4] bounds = slot.bounds
    cdef Py_ssize_t most = min(bounds[1] - bounds[0] + bounds[3] - bounds[2], segment.size)
    cdef Py_ssize_t i, found = 0, taken
    cdef int64_t living = 0
    cdef int32_t* documents = <int32_t*>take(arena, most * sizeof(int32_t))
    cdef double* weights = <double*>take(arena, most * sizeof(double))
    cdef double* dense
    if not most:
        return 0
    taken = arena.count
    dense = <double*>zeros(arena, segment.size * sizeof(double))
    add_least(segment, field, bounds[0], bounds[1], dense)
    add_least(segment, field, bounds[2], bounds[3], dense)
    for i in range(segment.size):
        if dense[i] > 0:
            documents[found], weights[found] = i, dense[i]
            found += 1
            living += segment.alive[i] if segment.has_deleted else 1
    release(arena, taken)
    slot.weights = weights
    slot.postings.documents.numbers, slot.postings.documents.size = documents, found
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
            weights[document] += segment.bucket_min[segment.buckets[i]]
        elif is_in(segment, field, i):
            weights[document] += weight_of(segment, field, i, document)
    return 0


cdef class SegmentQuery:
    """A program at work in the segment of this place. Memory is taken from the arena, which whoever
    made this must not give back sooner."""
