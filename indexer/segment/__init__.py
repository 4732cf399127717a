"""The columns of one segment: documents, terms and postings as arrays in a file.

README.md beside this file lists them array by array.

    writer                                      several segments, or pieces of one, to a new one
    merger                                      the steps of a merge
    merge_terms · merge_inputs                  its terms; what it reads
    builder · pieces                            documents to the columns of a segment
    merge_policy                                which segments are merged, and when
    impacts                                     what a posting weighs, exactly and quantized
    postings                                    postings in arrays, in order of term and document
    stored_items · document_ids                 each item, deflated; the ids of documents
    term_dictionary                             sorted byte strings, searched where they lie
    column_file                                 named arrays in one file, mapped into memory
"""

import hashlib

from indexer.schema import FIELDS, Kind

MISSING = -(1 << 62)
"""What a number column holds for a document that has none: less than any value."""

NUMBERS = tuple(field.name for field in FIELDS if field.kind is Kind.NUMBER)
"""The fields that are columns of numbers, in order."""


def url_digest(key: str) -> int:
    """The 64 bits by which the address with this key is found."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")
