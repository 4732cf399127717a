"""Compiles logical queries into nodes, each after its members. The postings of a leaf in each
segment, and how many living documents have it, are looked up when it is compiled."""

from libc.stdint cimport int32_t, int64_t, uint64_t

from .facets cimport marked
from .memory cimport Arena, close, release, take, zeros
from .segment cimport Index, Segment, checked, is_in, is_whole, lowest_bit, weight_of

from indexer.schema import FACETS
from search_app.search.engines.whoosh.similarity import ALONE, ZONE_WEIGHTS
from search_app.search.query.logical import (
    AllOf, AnyOf, BestOf, Exclude, Keyword, MatchAll, MatchNone, Phrase, Prefix, Should, Term
)
from search_app.search.ranking import EXACT, K1, idf

FIELDS = {name: number for number, name in enumerate(ZONE_WEIGHTS)}
GROUPS = {field: number for number, field in enumerate(FACETS.values())}
LEAST, GREATEST = -(1 << 62) + 1, (1 << 63) - 1  # every number is within, but not `MISSING`


cdef class Program:
    """The nodes of one query. Equal leaves are one node: what matches in full and what matches in
    part consist of the same leaves."""

    def __cinit__(self, Index index):
        self.index, self.nodes, self.terms = index, {}, {}

    def __dealloc__(self):
        close(&self.arena)


cdef Node* compiled(Program program, expression) except NULL:
    """The node of an expression."""
    kind = type(expression)  # `isinstance` would ask the metaclass, which takes microseconds
    if kind is AllOf:
        return parent(program, ALL, expression.members)
    if kind is AnyOf:
        return parent(program, ANY, expression.members)
    if kind is BestOf:
        return parent(program, BEST, expression.members)
    if kind is Exclude:
        return parent(program, EXCLUDE, (expression.child,))
    if kind is Should:
        return parent(program, SHOULD, (expression.child,))
    if kind is MatchAll:
        return parent(program, ALL, ())
    if kind is MatchNone:
        return parent(program, ANY, ())
    known = program.nodes.get(expression)
    if known is None:
        known = program.nodes[expression] = <size_t>leaf_node(program, kind, expression)
    return <Node*><size_t>known


cdef Node* new_node(Program program, Kind kind, int which=0) except NULL:
    cdef Node* node = <Node*>zeros(&program.arena, sizeof(Node))
    node.kind, node.which = kind, which
    node.slots = <Slot*>zeros(&program.arena, len(program.index.segments) * sizeof(Slot))
    return node


cdef Node* parent(Program program, Kind kind, members) except NULL:
    """Without members, `ALL` matches everything and `ANY` nothing."""
    cdef Node* node = new_node(program, kind)
    node.members = <Node**>take(&program.arena, len(members) * sizeof(Node*))
    for member in members:
        node.members[node.count] = compiled(program, member)
        node.count += 1
    return node


cdef Node* leaf_node(Program program, kind, leaf) except NULL:
    if kind is Term:
        return word_node(program, leaf)
    if kind is Phrase:
        return phrase_node(program, leaf)
    if kind is Prefix:
        return prefix_node(program, leaf)
    if kind is Keyword:
        return keyword_node(program, leaf)
    return range_node(program, leaf)


cdef Node* word_node(Program program, leaf) except NULL:
    """By the stem, and by the exact form once more; without a stem, by the exact form alone."""
    cdef Node* node
    if not leaf.stem:
        return term_node(program, leaf.field, leaf.exact, leaf.boost * ALONE)
    node = term_node(program, leaf.field, leaf.stem, leaf.boost, leaf.others)
    node.members, node.count = <Node**>take(&program.arena, sizeof(Node*)), 1
    node.members[0] = term_node(program, leaf.field, leaf.exact, leaf.boost * EXACT)
    return node


cdef Node* term_node(
    Program program, str field, str term, double boost, tuple others=()
) except NULL:
    """A stem or an exact form in a field; in documents without it, the first of `others`."""
    cdef Node* node = new_node(program, TERM, FIELDS[field])
    cdef Slot* slot = node.slots
    cdef int64_t doc_freq = 0
    cdef bytes encoded
    cdef Segment segment
    cdef tuple key = (field, term, others)
    node.boost = boost
    known = program.terms.get(key)
    if known is not None:
        node.slots, node.factor = (<Node*><size_t>known).slots, (<Node*><size_t>known).factor
        return node
    program.terms[key], encoded = <size_t>node, term.encode()
    for segment in program.index.segments:
        doc_freq += segment.find_term(encoded, node.which, &slot.postings, &program.arena)
        for other in others:
            doc_freq += segment.add_term(
                other.encode(), node.which, &slot.postings, &program.arena
            )
        slot += 1
    node.factor = factor(program, doc_freq)
    return node


cdef double factor(Program program, int64_t doc_freq) except -1:
    """The factor of a term's saturated weight: see `BM25F.scores`."""
    return idf(program.index.items, doc_freq) * (K1 + 1)


cdef Node* phrase_node(Program program, leaf) except NULL:
    cdef list distinct = list(dict.fromkeys(leaf.terms))
    cdef Node* node = parent(
        program, PHRASE, [Term(leaf.field, term, boost=leaf.boost) for term in distinct]
    )
    if not distinct:
        raise ValueError("a phrase has terms")
    node.which = FIELDS[leaf.field]
    node.order = <Py_ssize_t*>take(&program.arena, len(leaf.terms) * sizeof(Py_ssize_t))
    for term in leaf.terms:
        node.order[node.length] = distinct.index(term)
        node.length += 1
    return node


cdef Node* pair_node(Program program, pair) except NULL:
    """Two exact forms that may stand together in a field."""
    cdef Node* node = parent(program, PAIR, pair)
    node.which = FIELDS[pair[0].field]
    return node


cdef Node* prefix_node(Program program, leaf) except NULL:
    """All exact forms in a field with a prefix, as one term; or all types with one."""
    cdef Node* node
    cdef Slot* slot
    cdef int64_t doc_freq = 0
    cdef bytes encoded = leaf.prefix.encode()
    cdef Segment segment
    if leaf.field == "type":
        types = program.index.ordinals[GROUPS["type"]]
        return value_node(program, "type", [name for name in types if name.startswith(leaf.prefix)])
    node = new_node(program, PREFIX, FIELDS[leaf.field])
    slot = node.slots
    for segment in program.index.segments:
        segment.find_prefix(encoded, slot.bounds)
        with nogil:
            doc_freq += gather(segment, node.which, slot, &program.arena)
        slot += 1
    node.factor, node.boost = factor(program, doc_freq), leaf.boost
    return node


cdef Node* keyword_node(Program program, leaf) except NULL:
    cdef Node* node
    cdef Slot* slot
    cdef const int32_t[::1] numbers
    cdef int32_t* copied
    if leaf.field in GROUPS:
        return value_node(program, leaf.field, (leaf.value,))
    node = new_node(program, DOC_LIST)
    node.boost, slot = leaf.score, node.slots
    for reader, segment in zip(program.index.readers, program.index.segments):
        numbers = reader.having(leaf.field, leaf.value)
        copied = <int32_t*>take(&program.arena, len(numbers) * sizeof(int32_t))
        for number in numbers:
            copied[slot.postings.documents.size] = checked(segment, number)
            slot.postings.documents.size += 1
        slot.postings.documents.numbers = copied
        slot += 1
    return node


cdef Node* value_node(Program program, str field, values) except NULL:
    """The documents with one of these values of a facet group."""
    cdef Node* node = new_node(program, VALUE, GROUPS[field])
    node.wanted = marked(program.index.ordinals[node.which], values, &program.arena)
    return node


cdef Node* range_node(Program program, leaf) except NULL:
    cdef Node* node = new_node(program, RANGE)
    cdef Slot* slot = node.slots
    cdef Segment segment
    for segment in program.index.segments:
        slot.numbers = segment.number_column(leaf.field)
        slot += 1
    node.low = LEAST if leaf.low is None else max(LEAST, min(leaf.low, GREATEST))
    node.high = GREATEST if leaf.high is None else max(LEAST, min(leaf.high, GREATEST))
    return node


cdef int64_t gather(Segment segment, int field, Slot* slot, Arena* arena) except -1 nogil:
    """List the documents of the postings of a prefix, with the lower bound of each one's weight;
    return how many of them are living."""
    cdef Py_ssize_t[4] bounds = slot.bounds
    cdef int32_t document
    cdef Py_ssize_t most = min(bounds[1] - bounds[0] + bounds[3] - bounds[2], segment.size)
    cdef Py_ssize_t i, j, found = 0, words = segment.size // 64 + 1
    cdef int64_t living = 0
    cdef uint64_t word
    cdef uint64_t* bits  # the documents, a bit each
    cdef int32_t* indices  # of each document that is listed: its index
    cdef int32_t* documents = <int32_t*>take(arena, most * sizeof(int32_t))
    cdef double* weights = <double*>zeros(arena, most * sizeof(double))
    if not most:
        return 0
    cdef Py_ssize_t taken = arena.count
    bits = <uint64_t*>zeros(arena, words * sizeof(uint64_t))
    indices = <int32_t*>take(arena, segment.size * sizeof(int32_t))
    for j in range(0, 4, 2):
        for i in range(bounds[j], bounds[j + 1]):
            if is_whole(segment, field) or is_in(segment, field, i):
                document = checked(segment, segment.documents[i])
                bits[document >> 6] |= <uint64_t>1 << (document & 63)
    for i in range(words):
        word = bits[i]
        while word:
            document = (i << 6) + lowest_bit(word)
            documents[found], indices[document] = document, found
            found += 1
            living += segment.alive[document] if segment.has_deleted else 1
            word &= word - 1
    for j in range(0, 4, 2):
        for i in range(bounds[j], bounds[j + 1]):
            document = checked(segment, segment.documents[i])
            if is_whole(segment, field):
                weights[indices[document]] += segment.bucket_min[segment.buckets[i]]
            elif is_in(segment, field, i):
                weights[indices[document]] += weight_of(segment, field, i, document)
    release(arena, taken)
    slot.weights = weights
    slot.postings.documents.numbers, slot.postings.documents.size = documents, found
    return living


cdef class SegmentQuery:
    """A program at work in segment number `place`. Its memory is that of `arena`."""
