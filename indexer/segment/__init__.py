"""The columns of one segment: documents, terms and postings as arrays in a file.

README.md beside this file lists them array by array.

    writer                         merges segments, or pieces of one, into a new one
    merger                         the steps of a merge
    merge_terms · merge_inputs     its terms; the segments it reads
    builder · pieces               from documents to the columns of a segment
    merge_policy                   which segments are merged, and when
    impacts                        what a posting weighs, exactly and quantized
    postings                       postings in arrays, in order of term and document
    stored_items · document_ids    each item, compressed; the ids of documents
    term_dictionary                sorted byte strings, searched without unpacking them
    column_file                    named arrays in one file, mapped into memory
"""

import hashlib

from indexer.schema import FIELDS, Kind

MISSING = -(1 << 62)
"""Stands in a number column for a document that has no number; less than any number."""

NUMBERS = tuple(field.name for field in FIELDS if field.kind is Kind.NUMBER)
"""The number fields, each of which is a column."""


def url_digest(key: str) -> int:
    """The 64 bits under which an address is stored; `key` is the address as `url_key` writes it."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")
