"""Stock Whoosh judges the evaluator: under its formula, the same documents, scores and counts.

Sums are compared bit for bit: Whoosh is asked member by member (`stock.query`), so both add the
same two numbers at each step. Asked for many members at once, Whoosh adds those that all must
match in an order of its own; there one unit in the last place is allowed for each addition.
Where Whoosh errs or we differ on purpose: `test_whoosh_faults`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from math import ulp
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as whoosh

from indexer.analysis import tokenizer
from indexer.document import document
from indexer.index.directory import IndexDirectory
from indexer.schema import FACETS
from indexer.segment.merge_policy import MergePolicy
from search_app.search import ranking
from search_app.search.engines.whoosh.similarity import BM25F
from search_app.search.engines.whoosh.vectorized.matcher import Matcher
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    BestOf,
    Exclude,
    Expression,
    Keyword,
    Phrase,
    Prefix,
    Should,
    Term,
    all_of,
    any_of,
)
from search_app.search.query.parser import parse
from search_app.search.query.rewrite import Match, rewrite
from search_app.search.request import Selections
from search_app.search.vocabulary import Vocabulary
from tests.contract import stock
from tests.contract.corpora import (
    TEXT_FIELDS,
    examples,
    expressions,
    fields,
    forms,
    selections,
    terms,
    typed,
    worlds,
)
from tests.contract.engines import UNMERGED, Step, build
from tests.contract.reference import Corpus
from tests.contract.stock import Pair, Scored
from tests.search.samples import make, seed_items

ENGINE = "whoosh"
KEPT_APART, MERGED = UNMERGED, MergePolicy(small=0)

CAREFUL = settings(
    max_examples=examples(8, 900),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
policies = st.sampled_from((KEPT_APART, KEPT_APART, MERGED))
rows = st.builds(Phrase, fields, st.lists(forms, min_size=1, max_size=4, unique=True).map(tuple))
english = worlds(languages=("en",))
judged = expressions.map(stock.in_english)
scoring = st.one_of(fields.flatmap(terms).map(stock.in_english), rows)


@contextmanager
def world(steps: list[Step], policy: MergePolicy) -> Iterator[tuple[Pair, Corpus]]:
    """An index built in steps, both ways, and the reference over its items."""
    with TemporaryDirectory() as name:
        items = build(ENGINE, Path(name), steps, policy)
        with stock.opened(generation(Path(name))) as pair:
            yield pair, Corpus(map(document, items.values()), {})


def generation(folder: Path) -> Path:
    """The folder of an index's current generation."""
    home = IndexDirectory(folder)
    return home.load(home.current_name(), ENGINE).folder


def numbers(found: Scored) -> list[int]:
    return [number for number, _ in found]


def comparable(expression: Expression) -> bool:
    """Whether Whoosh can score it as we do: no beginning of words adds to the score, nor a row
    with a word twice, nor a given score."""
    match expression:
        case AllOf(members) | AnyOf(members):
            return all(comparable(member) for member in members if not isinstance(member, Exclude))
        case BestOf():  # Whoosh also takes the score of a member that stands at another item
            return False
        case Should(child):
            return comparable(child)
        case Keyword(_, _, given):
            return not given
        case Prefix(field, _):
            return field not in TEXT_FIELDS
        case Phrase(_, terms):
            return len(set(terms)) == len(terms)
    return True


def assert_same(pair: Pair, expression: Expression) -> None:
    ours, theirs = pair.ours(expression), pair.stock(stock.query(expression))
    assert numbers(ours) == numbers(theirs), expression
    if comparable(expression):
        assert ours == theirs, expression  # scores bit for bit


@settings(CAREFUL, max_examples=examples(8, 1800))
@given(english, policies, st.lists(judged, min_size=1, max_size=12))
def test_any_expression_finds_and_scores_what_stock_whoosh_does(
    steps: list[Step], policy: MergePolicy, asked: list[Expression]
) -> None:
    with world(steps, policy) as (pair, _):
        for expression in asked:
            assert_same(pair, expression)


@CAREFUL
@given(english, policies, st.lists(scoring, min_size=2, max_size=6, unique=True))
def test_many_members_at_once_are_what_whoosh_finds_in_them(
    steps: list[Step], policy: MergePolicy, members: list[Expression]
) -> None:
    with world(steps, policy) as (pair, _):
        ours = pair.ours(AnyOf(tuple(members)))
        assert ours == pair.stock(stock.flat(whoosh.Or, members))
        ours = pair.ours(AllOf(tuple(members)))
        theirs = pair.stock(stock.flat(whoosh.And, members))
        assert numbers(ours) == numbers(theirs)
        for (_, score), (_, wanted) in zip(ours, theirs, strict=True):
            assert abs(score - wanted) <= (len(members) - 1) * ulp(wanted)


@CAREFUL
@given(english, policies, fields, st.lists(forms, min_size=2, max_size=4, unique=True))
def test_a_phrase_is_found_where_whoosh_finds_it(
    steps: list[Step], policy: MergePolicy, field: str, words: list[str]
) -> None:
    with world(steps, policy) as (pair, _):
        ours = pair.ours(Phrase(field, tuple(words)))
        theirs = pair.stock(whoosh.Phrase(field, words, boost=1 + ranking.EXACT))
        assert numbers(ours) == numbers(theirs)
        for (_, score), (_, wanted) in zip(ours, theirs, strict=True):
            assert abs(score - wanted) <= 2 * len(words) * ulp(wanted)


@CAREFUL
@given(english, policies, st.lists(scoring, min_size=1, max_size=12))
def test_the_order_is_that_of_whoosh_but_among_equals(
    steps: list[Step], policy: MergePolicy, asked: list[Expression]
) -> None:
    with world(steps, policy) as (pair, _):
        for expression in asked:
            ours = pair.ours(expression)
            by_score = sorted(ours, key=lambda hit: (-hit[1], hit[0]))
            best = pair.searcher.search(stock.query(expression), limit=None).top_n
            assert by_score == [(number, score) for score, number in best]
            assert tied(pair.page(expression)) == tied(by_score)


def tied(ranked: Scored) -> list[tuple[float, set[int]]]:
    """The scores in order, each with all that have it."""
    rounded = [(number, round(score, ranking.DECIMALS)) for number, score in ranked]
    return [
        (score, {number for number, _ in same})
        for score, same in groupby(rounded, key=lambda hit: hit[1])
    ]


@CAREFUL
@given(english, policies, st.lists(st.tuples(judged, selections), min_size=1, max_size=8))
def test_every_facet_counts_what_whoosh_counts(
    steps: list[Step], policy: MergePolicy, asked: list[tuple[Expression, Selections]]
) -> None:
    with world(steps, policy) as (pair, _):
        for expression, chosen in asked:
            assert_same_counts(pair, expression, chosen)


def assert_same_counts(pair: Pair, expression: Expression, chosen: Selections) -> None:
    counts = pair.answer(expression, chosen).facets
    for group in FACETS:
        others = {g: values for g, values in chosen.items() if g != group and values}
        limit = {"filter": stock.query(selected(others))} if others else {}
        wanted = pair.stock_counts(stock.query(expression), group, **limit)
        assert {value: count for value, count in counts[group] if count} == wanted
        assert {value for value, _ in counts[group]} == wanted.keys() | set(chosen[group])


def selected(chosen: Selections) -> Expression:
    """Any value of a group, in all of the groups."""
    return all_of(
        [any_of([Keyword(FACETS[g], value) for value in values]) for g, values in chosen.items()]
    )


@CAREFUL
@given(english, policies, st.lists(judged, min_size=1, max_size=12))
def test_our_own_formula_gives_the_scores_of_the_definitions(
    steps: list[Step], policy: MergePolicy, asked: list[Expression]
) -> None:
    with world(steps, policy) as (pair, corpus):
        similarity = BM25F(pair.segments)
        for expression in asked:
            matcher = Matcher(pair.segments, similarity)
            found = {
                segment.id(number): score
                for segment, listed in zip(
                    pair.segments, stock.listed(matcher, expression), strict=True
                )
                for number, score in listed
            }
            assert found == pytest.approx(corpus.scores(expression), rel=1e-12, abs=0)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = make(tmp_path_factory.mktemp("judge") / "index", seed_items())
    with stock.opened(generation(folder)) as pair:
        yield pair


TITLES = [item.article.title for item in seed_items()]
SEED_WORDS = sorted({word for title in TITLES for word in title.split()})
excerpts = st.sampled_from(TITLES).flatmap(
    lambda title: st.tuples(st.integers(0, 8), st.integers(1, 5)).map(
        lambda cut: " ".join(title.split()[cut[0] :][: cut[1]])
    )
)
seed_queries = st.lists(
    st.one_of(
        st.sampled_from(SEED_WORDS),
        excerpts,
        excerpts.map('"{}"'.format),
        st.sampled_from(SEED_WORDS).map("-{}".format),
        st.sampled_from(SEED_WORDS).map("title:{}".format),
        st.sampled_from(SEED_WORDS).map(lambda word: f"{word[:3]}*"),
        st.tuples(st.sampled_from(SEED_WORDS), st.sampled_from(SEED_WORDS)).map(" OR ".join),
        typed,
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@settings(max_examples=examples(30, 4000), deadline=None)
@given(text=seed_queries, match=st.sampled_from(Match))
def test_what_is_typed_finds_in_the_seeds_what_stock_whoosh_does(
    seeds: Pair, text: str, match: Match
) -> None:
    meaning = rewrite(parse(text).tree, match, Vocabulary({}))
    assert_same(seeds, meaning.full)
    if meaning.partial:
        assert_same(seeds, meaning.partial)


def test_the_words_of_the_seeds_one_by_one_are_scored_as_by_stock_whoosh(seeds: Pair) -> None:
    for word in SEED_WORDS:
        for term in tokenizer.phrase(word):
            for field in ("text", "title", "excerpt", "related"):
                assert_same(seeds, Term(field, term, tokenizer.stem(term)))
