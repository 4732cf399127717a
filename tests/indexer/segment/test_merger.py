"""Segments merged are the segment their living documents would have made at once."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.document import Document, document
from indexer.item import Article, Item
from indexer.process_pool import IN_PROCESS
from indexer.schema import ZONES
from indexer.segment import column_file
from indexer.segment.builder import SegmentBuilder
from indexer.segment.column_file import Columns
from indexer.segment.impacts import BUCKETS
from indexer.segment.merge_inputs import DEFAULT_LIMITS, MergeLimits, SegmentRef
from indexer.segment.writer import write
from tests.contract.corpora import examples, items

CAREFUL = settings(
    max_examples=examples(25, 1000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

IMPACTS = ("postings.impacts", "impacts.bounds")
"""What a segment has and a piece has not."""

Row = tuple[Document, bool]
"""A document, and whether it is alive."""

rows = st.tuples(st.integers(0, 9).flatmap(items).map(document), st.booleans())
worlds = st.lists(st.lists(rows, max_size=5), min_size=1, max_size=5)


def gathered(documents: list[Document]) -> Columns:
    gatherer = SegmentBuilder()
    for some in documents:
        gatherer.add(some)
    return gatherer.columns()


def merged(
    segments: list[list[Row]], first: Columns | None = None, size: int = DEFAULT_LIMITS.range_size
) -> Columns:
    """These segments as one, after another with all of its documents alive if there is one;
    `size`: how many postings are made at a time."""
    given = [] if first is None else [(first, np.zeros(0, np.int64))]
    for rows in segments:
        deleted = np.flatnonzero([not lives for _, lives in rows])
        given.append((gathered([d for d, _ in rows]), deleted))
    with TemporaryDirectory() as folder:
        parts = []
        for number, (one, deleted) in enumerate(given):
            column_file.write(Path(folder) / f"{number}", one)
            parts.append(SegmentRef(Path(folder) / f"{number}", deleted))
        target = Path(folder) / "merged"
        write(target, parts, IN_PROCESS, MergeLimits(range_size=size, copied=size))
        return column_file.read(target)


def assert_equal(found: Columns, wanted: Columns) -> None:
    assert found.documents == wanted.documents
    assert found.arrays.keys() == wanted.arrays.keys()
    for name, array in wanted.arrays.items():
        assert found[name].dtype == array.dtype, name
        assert found[name].tolist() == array.tolist(), name


@CAREFUL
@given(worlds, st.sampled_from((1, 5, 40, DEFAULT_LIMITS.range_size)))
def test_segments_merged_are_their_living_documents_gathered_at_once(
    segments: list[list[Row]], size: int
) -> None:
    living = [d for rows in segments for d, lives in rows if lives]
    at_once, found = gathered(living), merged(segments, size=size)
    assert_equal(found, merged([], at_once))
    impacts = {name: found[name] for name in IMPACTS}
    assert_equal(found, Columns(at_once.documents, {**at_once.arrays, **impacts}))


@CAREFUL
@given(worlds, st.sampled_from((3, DEFAULT_LIMITS.range_size)))
def test_every_posting_is_in_the_bucket_of_what_it_weighs(
    segments: list[list[Row]], size: int
) -> None:
    found = merged(segments, size=size)
    bounds = found["impacts.bounds"].tolist()
    counts = found["tf_profiles"].reshape(-1, len(ZONES)).tolist()
    lengths = found["lengths"].reshape(-1, len(ZONES)).tolist()
    means = found["mean_lengths"].tolist()
    documents = found["postings.documents"].tolist()
    profiles = found["postings.tf_profiles"].tolist()
    weights = [
        sum(
            count * zone.weight / (1 - zone.b + zone.b * length / mean)
            for zone, count, length, mean in zip(
                ZONES, counts[profile], lengths[number], means, strict=True
            )
        )
        for number, profile in zip(documents, profiles, strict=True)
    ]
    assert len(bounds) == BUCKETS + 1
    for weight, bucket in zip(weights, found["postings.impacts"].tolist(), strict=True):
        assert bounds[bucket] <= weight * (1 + 1e-12)
        assert weight <= bounds[bucket + 1] * (1 + 1e-12)
    if weights:
        assert np.allclose([bounds[0], bounds[-1]], [min(weights), max(weights)])


@CAREFUL
@given(worlds, st.integers(1, 4))
def test_it_does_not_matter_in_how_many_steps(segments: list[list[Row]], cut: int) -> None:
    first, rest = segments[:cut], segments[cut:]
    once = merged(first)
    assert_equal(merged(rest, once), merged(segments))


def test_what_only_the_deleted_had_is_gone() -> None:
    lost = document(Item("a", Article("unheard of"), topics=("Lost",)))
    kept = document(Item("b", Article("heard of"), topics=("Kept",)))
    found = merged([[(lost, False), (kept, True)]])
    assert b"unheard" not in found["terms.blob"].tobytes()
    assert found["facets.topic.blob"].tobytes() == b"kept"
    assert found["ids.blob"].tobytes() == b"b"


def test_none_alive_is_a_segment_of_none() -> None:
    one = document(Item("a", Article("one")))
    assert_equal(merged([[(one, False)], []]), merged([], gathered([])))
