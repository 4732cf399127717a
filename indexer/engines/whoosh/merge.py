"""Several segments' columns to one: in the order given, deleted documents left out."""

from collections.abc import Sequence

import numpy as np

from indexer.engines.whoosh import gather
from indexer.engines.whoosh.columns import Array, Columns
from indexer.engines.whoosh.lexicon import Lexicon
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
    arrays = _postings(both)
    for part in PARTS:
        arrays[f"lengths.{part.name}"] = _living(segments, f"lengths.{part.name}")
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
        for string, lives in zip(_lexicon(columns, name), alive.tolist(), strict=True)
        if lives
    ]


def _lexicon(columns: Columns, name: str) -> Lexicon:
    return Lexicon(columns[f"{name}.blob"], columns[f"{name}.offsets"])


def _postings(segments: Sequence[tuple[Columns, Array]]) -> dict[str, Array]:
    """The occurrences in living documents, under one lexicon without terms that have none left."""
    lexicons = [list(_lexicon(columns, "lexicon")) for columns, _ in segments]
    terms = sorted(set().union(*lexicons))
    places = {term: place for place, term in enumerate(terms)}
    ranks, documents, codes = [], [], []
    for (columns, numbers), lexicon in zip(segments, lexicons, strict=True):
        rank = np.fromiter((places[term] for term in lexicon), np.int32, len(lexicon))
        of_posting = np.repeat(rank, np.diff(columns["postings.starts"]))
        sizes = columns["postings.sizes"]
        document = np.repeat(numbers[columns["postings.documents"]], sizes)
        alive = document >= 0
        ranks.append(np.repeat(of_posting, sizes)[alive])
        documents.append(document[alive])
        codes.append(columns["occurrences"][alive])
    rank = np.concatenate(ranks)
    used = np.zeros(len(terms), bool)
    used[rank] = True
    kept = [term for term, is_used in zip(terms, used.tolist(), strict=True) if is_used]
    rank = (np.cumsum(used) - 1).astype(np.int32)[rank]
    return gather.postings(kept, rank, np.concatenate(documents), np.concatenate(codes))


def _facet(segments: Sequence[tuple[Columns, Array]], group: str) -> dict[str, Array]:
    names: dict[str, int] = {}
    counts, ordinals = [], []
    for columns, alive in segments:
        own = [name.decode() for name in _lexicon(columns, f"facets.{group}")]
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
