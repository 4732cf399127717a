"""The words of titles in their order, as the columns of a segment hold them.

Of the terms at one position the shortest is the word: others are joined forms of several words
(`covid19` for `covid-19`) and forms as they were typed.
"""

from dataclasses import dataclass

import numpy as np

from indexer.analysis.languages import STEM_MARK
from indexer.schema import ZONES
from indexer.segment.column_file import Array, Columns
from indexer.segment.postings import ZONE_SHIFT
from indexer.segment.term_dictionary import TermDictionary

TITLE = [zone.name for zone in ZONES].index("title")
NONE = -1


@dataclass(frozen=True, slots=True)
class Titles:
    """The titles of the living documents of a segment. `terms`: the exact forms that stand in them,
    ascending; `alone`: at how many places each is the only form, and `beside`: at how many there
    are others, too (`munchen` and `münchen`).

    One entry for each form of each document: `forms`, an index into `terms`, and its `documents`.
    `words`: the word at each position, as an index into `terms`, title after title with a `NONE`
    behind each; `owners`: the document of each.
    """

    terms: list[bytes]
    alone: Array
    beside: Array
    forms: Array
    documents: Array
    words: Array
    owners: Array


def titles(columns: Columns, alive: Array) -> Titles:
    """The titles of a segment; `alive` tells for each document whether it is not deleted."""
    dictionary = TermDictionary.of(columns, "terms")
    starts = columns["postings.starts"].astype(np.int64)
    table = columns["tf_profiles"].reshape(-1, len(ZONES))[:, TITLE].astype(np.int64)
    profiles = columns["postings.tf_profiles"]
    stems = dictionary.starting(STEM_MARK.encode())
    rows = np.flatnonzero((table > 0)[profiles])
    rows = rows[(rows < starts[stems.start]) | (rows >= starts[stems.stop])]
    counts = table[profiles[rows]]
    documents = columns["postings.documents"][rows]
    terms = np.searchsorted(starts, rows, side="right") - 1
    positions = columns["positions"]
    positions = positions[positions >> np.uint32(ZONE_SHIFT) == TITLE] & _PLACE
    is_kept = alive[documents]
    positions = positions[np.repeat(is_kept, counts)]
    terms, documents, counts = terms[is_kept], documents[is_kept], counts[is_kept]
    used, forms = np.unique(terms, return_inverse=True)
    names = [dictionary[index] for index in used.tolist()]
    lengths = np.where(alive, columns["lengths"].reshape(-1, len(ZONES))[:, TITLE], 0) + 1
    owners = np.repeat(np.arange(len(alive)), lengths)
    begins = np.cumsum(lengths) - lengths
    words = np.full(len(owners), NONE)
    places = begins[np.repeat(documents, counts)] + positions
    occurring = np.repeat(forms, counts)
    sizes = np.array([len(name) for name in names], np.uint16)[occurring]
    longest_first = np.argsort(~sizes, kind="stable")  # so the shortest is what stays
    words[places[longest_first]] = occurring[longest_first]
    is_alone = (np.bincount(places, minlength=len(words)) == 1)[places]
    alone, beside = (
        np.bincount(occurring[mask], minlength=len(names)) for mask in (is_alone, ~is_alone)
    )
    return Titles(names, alone, beside, forms, documents, words, owners)


_PLACE = np.uint32((1 << ZONE_SHIFT) - 1)
