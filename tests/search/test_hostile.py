"""Whatever is asked, there is an answer: whole, in bounds, and with a note where one was met."""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from indexer import analysis
from search_app.search import service
from search_app.search.engine import Searcher
from search_app.search.lexer import MAX_DEPTH
from search_app.search.parser import MAX_CHARACTERS, MAX_LEAVES
from search_app.search.request import MAX_PAGE, SearchRequest, Sort
from search_app.search.results import Results
from tests.contract.corpora import examples
from tests.search.provocations import Provocation, crafted, drawn
from tests.search.samples import library, seed_items

SEEDS = seed_items()
RANDOM = examples(300, 8_000)


def frequent() -> list[str]:
    """The words of the seeds, the most frequent first."""
    counts: dict[str, int] = {}
    for item in SEEDS:
        for word in analysis.phrase(f"{item.article.title} {item.article.excerpt}"):
            counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))


WORDS = frequent()


@pytest.fixture(scope="module")
def searcher(seeds_index: Path) -> Iterator[Searcher]:
    with closing(library(seeds_index)) as lent, lent.lend() as searcher:
        yield searcher


def assert_whole(searcher: Searcher, provocation: Provocation) -> None:
    request = provocation.request
    found = service.search(searcher, request)
    assert 0 <= found.total <= len(SEEDS)
    before = (request.page - 1) * request.page_size
    assert len(found.hits) == max(0, min(request.page_size, found.total - before))
    for values in found.facets.values():
        assert all(0 <= facet.count <= len(SEEDS) for facet in values)
    for note in found.notes:
        assert note.message.strip()
        assert 0 <= note.start <= note.end <= max(len(request.q), note.end)
    if len(request.q) > MAX_CHARACTERS:
        assert "too_long" in kinds(found)


def kinds(found: Results) -> set[str]:
    return {note.kind for note in found.notes}


def test_whatever_is_crafted_is_answered(searcher: Searcher) -> None:
    for place, provocation in enumerate(crafted(WORDS)):
        if RANDOM > 1000 or place % 3 == 0:
            assert_whole(searcher, provocation)


def test_whatever_is_drawn_at_random_is_answered(searcher: Searcher) -> None:
    for seed in range(RANDOM):
        draw = random.Random(seed)  # noqa: S311 - it draws examples, not secrets
        assert_whole(searcher, drawn(draw, WORDS))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a" * (MAX_CHARACTERS + 1), "too_long"),
        (" ".join(f"w{number}" for number in range(500)), "too_many_words"),
        (" OR ".join(f"w{number}" for number in range(500)), "too_many_words"),
        (" ".join(f"w{number}*" for number in range(MAX_LEAVES + 1)), "too_many_words"),
        ("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1), "too_deep"),
        ("(" * 2000 + "a", "unbalanced_parenthesis"),
        ('"new york', "unclosed_quote"),
        ("*new*", "stray_star"),
        ("OR OR OR", "dangling_operator"),
        ("date:2020-13-45", "bad_range"),
        ("title:", "empty_field"),
        ("(((…)))", "no_word"),
    ],
)
def test_a_bound_that_is_met_is_noted(searcher: Searcher, text: str, kind: str) -> None:
    assert kind in kinds(service.search(searcher, SearchRequest(q=text)))


@pytest.mark.parametrize("text", ["a" * MAX_CHARACTERS, "a*", "*", "(a)" * 100])
def test_what_keeps_within_the_bounds_is_not(searcher: Searcher, text: str) -> None:
    assert not kinds(service.search(searcher, SearchRequest(q=text)))


@pytest.mark.parametrize("sort", Sort)
def test_a_page_past_the_end_is_empty_and_says_so(searcher: Searcher, sort: Sort) -> None:
    found = service.search(searcher, SearchRequest(q="*", page=MAX_PAGE, page_size=100, sort=sort))
    assert (found.total, found.hits) == (len(SEEDS), ())
    assert kinds(found) == {"past_the_end"}


def test_a_beginning_many_words_have_finds_all_that_have_one(searcher: Searcher) -> None:
    found = service.search(searcher, SearchRequest(q="s*", page_size=100))
    wanted = {
        item.id
        for item in SEEDS
        if any(
            piece.term.startswith("s")
            for text in (item.article.title, item.article.excerpt)
            for piece in analysis.pieces(text)
        )
    }
    assert wanted <= {hit.item.id for hit in found.hits}
