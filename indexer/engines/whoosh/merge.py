"""Several segments' columns to one: in the order given, deleted documents left out."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

import numpy as np

from indexer.engines.whoosh import gather, postings
from indexer.engines.whoosh.columns import Array, Columns
from indexer.engines.whoosh.lexicon import Lexicon
from indexer.engines.whoosh.postings import Postings
from indexer.fields import FACETS, PARTS


def merge(segments: Sequence[tuple[Columns, Array]]) -> Columns:
    """One segment of the living documents of several; each comes with a mask of who is alive.

    The documents are numbered as Whoosh numbers them when it merges: in the order of segments,
    and within one as before.
    """
    bases = np.cumsum([0, *(int(alive.sum()) for _, alive in segments)])
    renumbered = [
        np.where(alive, np.cumsum(alive) - 1 + base, -1).astype(np.int32)
        for (_, alive), base in zip(segments, bases, strict=False)
    ]
    both = [(columns, numbers) for (columns, _), numbers in zip(segments, renumbered, strict=True)]
    lengths = [
        columns["lengths"].reshape(-1, len(PARTS))[alive].astype(np.uint32)
        for columns, alive in segments
    ]
    arrays = gather.text_arrays(*_postings(both), np.concatenate(lengths))
    for group in FACETS:
        arrays |= _facet(segments, group)
    for name in gather.NUMBERS:
        arrays[f"numbers.{name}"] = _living(segments, f"numbers.{name}")
    arrays |= _urls(both)
    ids = _strings(segments, "ids")
    arrays |= gather.id_arrays(ids, arrays["numbers.date"])
    arrays |= gather.stored_arrays(_strings(segments, "stored"))
    return Columns(len(ids), arrays)


def _living(segments: Sequence[tuple[Columns, Array]], name: str) -> Array:
    return np.concatenate([columns[name][alive] for columns, alive in segments])


def _strings(segments: Sequence[tuple[Columns, Array]], name: str) -> list[bytes]:
    """The byte strings of the living documents."""
    return [
        string
        for columns, alive in segments
        for string, lives in zip(Lexicon.of(columns, name), alive.tolist(), strict=True)
        if lives
    ]


def _postings(segments: Sequence[tuple[Columns, Array]]) -> tuple[Postings, list[bytes]]:
    """The postings of living documents, under one lexicon without terms that have none left."""
    lexicons = [list(Lexicon.of(columns, "lexicon")) for columns, _ in segments]
    living = [
        _living_postings(*one, lexicon) for one, lexicon in zip(segments, lexicons, strict=True)
    ]
    used = [
        np.bincount(found.ranks, minlength=len(lexicon)).tolist()
        for found, lexicon in zip(living, lexicons, strict=True)
    ]
    terms = sorted(set().union(*(compress(*one) for one in zip(lexicons, used, strict=True))))
    places = {term: place for place, term in enumerate(terms)}
    ranks = [np.array([places.get(term, -1) for term in lexicon], np.int32) for lexicon in lexicons]
    renamed = [
        replace(found, ranks=rank[found.ranks]) for found, rank in zip(living, ranks, strict=True)
    ]
    return postings.joined(renamed, terms), terms


def _living_postings(columns: Columns, numbers: Array, lexicon: list[bytes]) -> Postings:
    """One segment's postings of living documents, renumbered; ranks are places in its lexicon."""
    ranks = np.repeat(np.arange(len(lexicon)), np.diff(columns["postings.starts"]))
    documents = numbers[columns["postings.documents"]]
    whole = Postings(
        ranks,
        documents,
        columns["postings.profiles"],
        columns["profiles"].reshape(-1, len(PARTS)),
        columns["occurrences"],
    )
    alive = documents >= 0
    sizes = postings.occurring(lexicon, ranks, whole.sizes())
    return replace(
        whole,
        ranks=ranks[alive],
        documents=documents[alive],
        profiles=whole.profiles[alive],
        codes=whole.codes[np.repeat(alive, sizes)],
    )


def _facet(segments: Sequence[tuple[Columns, Array]], group: str) -> dict[str, Array]:
    names: dict[str, int] = {}
    counts, ordinals = [], []
    for columns, alive in segments:
        own = [name.decode() for name in Lexicon.of(columns, f"facets.{group}")]
        ranks = np.array([names.setdefault(name, len(names)) for name in own], np.int32)
        sizes = np.diff(columns[f"facets.{group}.starts"])
        counts.append(sizes[alive])
        ordinals.append(ranks[columns[f"facets.{group}.values"][np.repeat(alive, sizes)]])
    values = np.concatenate(ordinals)
    used = np.unique(values)
    order = np.zeros(len(names), np.int32)
    order[used] = np.arange(len(used), dtype=np.int32)
    listed = list(names)
    kept = [listed[place] for place in used.tolist()]
    return gather.facet_arrays(group, kept, np.concatenate(counts), order[values])


def _urls(segments: Sequence[tuple[Columns, Array]]) -> dict[str, Array]:
    keys, documents = [], []
    for columns, numbers in segments:
        owners = numbers[columns["urls.documents"]]
        keys.append(columns["urls.keys"][owners >= 0])
        documents.append(owners[owners >= 0])
    return gather.url_arrays(np.concatenate(keys), np.concatenate(documents))
