"""Every engine finds the words near to a typed one, and counts items, as brute force does."""

from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import tokenizer
from indexer.item import Article, Item
from search_app.search.protocols import NearTerm
from search_app.search.query.logical import Expression, Prefix
from tests.contract.corpora import expressions, worlds
from tests.contract.engines import Opener, Step, opened
from tests.contract.test_search import CAREFUL

LETTERS = "abeéбы字ａ"
"""One, two and three bytes, letters that folding changes, and one of a script without blanks."""

FEW = ["".join(letters) for size in (1, 2, 3, 4) for letters in product("ab", repeat=size)]
"""So few that many are near to each other, some by an exchange."""

words = (
    st.sampled_from(FEW)
    | st.text(LETTERS, min_size=1, max_size=7)
    | st.sampled_from(("a" * 64, "a" * 65, "ab" * 32))
)


@st.composite
def titles(draw: st.DrawFn) -> list[Step]:
    """Items of a few words each, in batches; some are put again or deleted later."""
    steps: list[Step] = []
    for _ in range(draw(st.integers(1, 4))):
        numbers = draw(st.sets(st.integers(0, 5), min_size=1))
        gone = {n for n in numbers if steps and not draw(st.integers(0, 2))}
        puts = tuple(
            Item(f"{n}", Article(" ".join(draw(st.lists(words, min_size=1, max_size=5)))))
            for n in sorted(numbers - gone)
        )
        steps.append((puts, tuple(map(str, sorted(gone)))))
    return steps


def edits(one: str, other: str) -> int:
    """Optimal string alignment by the definition: the last letters are kept or replaced, one of
    them is inserted or deleted, or the last two are exchanged."""
    table: dict[tuple[int, int], int] = {}
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            ways = (
                [i + j] if not i or not j else [table[i - 1, j - 1] + (one[i - 1] != other[j - 1])]
            )
            ways += [table[i - 1, j] + 1] if i else []
            ways += [table[i, j - 1] + 1] if j else []
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 1] + other[j - 2]:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    return table[len(one), len(other)]


def near(items: list[Item], word: str, most: int) -> list[NearTerm]:
    """The words of these items within so many edits, the nearest and most frequent first."""
    doc_freqs: dict[str, int] = {}
    for item in items:
        for term in {token.term for token in tokenizer.tokenize(item.article.title)}:
            doc_freqs[term] = doc_freqs.get(term, 0) + 1
    found = [
        NearTerm(term, edits(word, term), count)
        for term, count in doc_freqs.items()
        if term[0] == word[0] and edits(word, term) <= most
    ]
    return sorted(found, key=lambda one: (one.edits, -one.doc_freq, one.term))


@CAREFUL
@given(titles(), st.lists(st.tuples(words, st.integers(0, 3)), min_size=1, max_size=8))
@pytest.mark.usefixtures("unmerged")
def test_near_words_are_those_of_brute_force(
    engine: str, opener: Opener, steps: list[Step], asked: list[tuple[str, int]]
) -> None:
    with (
        TemporaryDirectory() as folder,
        opened(engine, Path(folder), steps, opener) as (searcher, corpus),
    ):
        items = list(corpus.items.values())
        for word, most in (*asked, *((word, 1) for word in FEW)):
            assert searcher.near_terms(word, most) == (
                near(items, word, most) if len(word) < 65 else []
            )


@CAREFUL
@given(worlds(), st.lists(expressions, min_size=1, max_size=8))
@pytest.mark.usefixtures("unmerged")
def test_items_are_counted_as_defined(
    engine: str, opener: Opener, steps: list[Step], asked: list[Expression]
) -> None:
    with (
        TemporaryDirectory() as folder,
        opened(engine, Path(folder), steps, opener) as (searcher, corpus),
    ):
        assert searcher.counts(asked) == [len(corpus.scores(one)) for one in asked]


def test_terms_are_found_among_hundreds_that_begin_alike(
    engine: str, opener: Opener, tmp_path: Path
) -> None:
    tails = ["", *(f"{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(300))]
    words = [f"{head}{tail}" for head in ("abcdefg", "abcdefgh", "abcdefgi") for tail in tails]
    titles = [" ".join(words[n::7]) for n in range(7)]
    items = tuple(Item(str(n), Article(title)) for n, title in enumerate(titles))
    with opened(engine, tmp_path, [(items, ())], opener) as (searcher, _):
        assert searcher.doc_freqs(words) == [1] * len(words)
        absent = ["abcdef", "abcdefgz", "abcdefghzz", "abcdefgi0", "a", "zz", "abcdefghaaa"]
        assert searcher.doc_freqs(absent) == [0] * len(absent)
        assert searcher.counts([Prefix("text", "abcdefgh"), Prefix("text", "abcdefgia")]) == [7, 7]
