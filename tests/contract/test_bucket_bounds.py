"""What is known of a posting from its bucket alone is true of what it weighs."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import HealthCheck, given, settings

from indexer.segment import impacts
from search_app.search.engines.whoosh.searcher import WhooshSearcher
from search_app.search.engines.whoosh.similarity import BM25F, ZONE_WEIGHTS, bucket_bounds
from tests.contract.corpora import examples, worlds
from tests.contract.engines import Step, opened

ROUNDING = 1e-12
"""Sums in another order."""


@settings(
    max_examples=examples(40, 2000),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(worlds())
def test_a_posting_weighs_no_less_than_its_bucket_says_and_no_more_than_it_spans(
    unmerged: None, steps: list[Step]
) -> None:
    """However the means have changed since, by deletions and by other segments."""
    with TemporaryDirectory() as folder, opened("whoosh", Path(folder), steps) as (searcher, _):
        assert isinstance(searcher, WhooshSearcher)
        similarity = BM25F(searcher.segments)
        for segment in searcher.segments:
            floors, spread = bucket_bounds(segment, similarity.means)
            documents = segment.columns["postings.documents"]
            living = np.isin(documents, segment.living)
            exact = impacts.exact(
                segment.profiles * ZONE_WEIGHTS["text"],
                segment.columns["postings.tf_profiles"],
                similarity.norms(segment.lengths[documents]),
            )[living]
            least = floors[segment.columns["postings.impacts"]][living]
            assert (least <= exact * (1 + ROUNDING)).all()
            assert (exact <= least * spread * (1 + ROUNDING)).all()
            assert spread >= 1
