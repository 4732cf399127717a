"""Do the forms of a word find each other, in twelve languages that one index holds together?

    python -m tests.relevance.languages [--pairs N] [--seed N] [CODE]...

For each language, pairs of an inflected form and its lemma are drawn from the lemma lists of
simplemma. An item has the form in its title; the query is the lemma. Of the pairs that the
language's own stemmer joins, nearly all have to be found; how many it joins at all is told beside
that. Everything is real: files, a reindex, one index of all languages, searches in it.
"""

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import Stemmer
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from indexer.analysis.language_codes import language_name
from indexer.analysis.languages import ALGORITHMS
from indexer.engines.whoosh.store import WhooshStore
from indexer.index.directory import IndexDirectory
from indexer.reindex.report import Options
from indexer.reindex.run import reindex
from search_app.search import service
from search_app.search.engines import open_searcher
from search_app.search.protocols import Searcher
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest
from tests.indexer.samples import seed as write_seed

TWELVE = tuple("cs da de en es fr it nl pt ro ru sv".split())
NAMES = {"no": "nb"}
"""Where simplemma's code of a language is another than ours."""

SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """An inflected form and its lemma, and whether the language's own stemmer joins them."""

    form: str
    lemma: str
    is_joined: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one language: pairs drawn, those joined by the stemmer, those of them found;
    and the pairs that were not."""

    language: str
    drawn: int
    joined: int
    found: int
    missed: tuple[Pair, ...]

    def __str__(self) -> str:
        missed = ", ".join(f"{pair.lemma} {pair.form}" for pair in self.missed)
        return (
            f"{language_name(self.language):<12}{self.found:>3} of {self.joined:>3} found; "
            f"its stemmer joins {self.joined} of {self.drawn} pairs"
            + (f"; not found: {missed}" if missed else "")
        )


def measure(languages: Sequence[str] = TWELVE, pairs: int = 40, seed: int = 13) -> list[Found]:
    """Draw pairs until the stemmer of each language joins so many, and search for their lemmas."""
    drawn = {code: list(_drawn(code, pairs, seed)) for code in languages}
    with TemporaryDirectory() as folder:
        seeds, index = Path(folder, "seeds"), Path(folder, "index")
        for code, some in drawn.items():
            for number, pair in enumerate(some):
                write_seed(seeds, f"{code}/{number}", pair.form, lang=code)
        reindex(seeds, WhooshStore(index), Options())
        home = IndexDirectory(index)
        searcher = open_searcher("whoosh", home.load(home.current_name(), "whoosh"))
        try:
            return [_found(searcher, code, some) for code, some in drawn.items()]
        finally:
            searcher.close()


def _drawn(code: str, joined: int, seed: int) -> Iterator[Pair]:
    """Random pairs of a language, as many as it takes to have so many that its stemmer joins."""
    lemmas: Mapping[str, str] = DefaultDictionaryFactory().get_dictionary(NAMES.get(code, code))
    stemmer = Stemmer.Stemmer(ALGORITHMS[code])
    forms = sorted(lemmas)
    random.Random(f"{seed} {code}").shuffle(forms)  # noqa: S311 - a sample, no secret
    for form in forms:
        lemma = lemmas[form]
        if form == lemma or min(len(form), len(lemma)) < SHORTEST:
            continue
        if not all(word.isalpha() and word == word.lower() for word in (form, lemma)):
            continue
        is_joined = stemmer.stemWord(form) == stemmer.stemWord(lemma)
        yield Pair(form, lemma, is_joined)
        joined -= is_joined
        if not joined:
            return


def _found(searcher: Searcher, code: str, pairs: Sequence[Pair]) -> Found:
    joined = [(f"{code}/{n}", pair) for n, pair in enumerate(pairs) if pair.is_joined]
    missed = tuple(pair for id, pair in joined if id not in _ids(searcher, pair.lemma))
    return Found(code, len(pairs), len(joined), len(joined) - len(missed), missed)


def _ids(searcher: Searcher, query: str) -> set[str]:
    request = SearchRequest(q=query, match=Match.ALL, page_size=100)
    return {hit.item.id for hit in service.search(searcher, request).hits}


def main() -> None:
    """Print what was found, language by language."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("codes", nargs="*", metavar="CODE", default=TWELVE)
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=13)
    given = parser.parse_args()
    print(f"seed {given.seed}")
    for found in measure(given.codes, given.pairs, given.seed):
        print(found, flush=True)


if __name__ == "__main__":
    main()
