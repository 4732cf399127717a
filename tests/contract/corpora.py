"""Hypothesis strategies: small worlds of items, the steps that build them, and what to ask."""

from collections.abc import Mapping, Sequence, Set
from datetime import UTC, datetime

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from indexer.analysis import tokenizer
from indexer.document import headline_number
from indexer.facet_values import value_key
from indexer.item import Article, Item, Provider
from indexer.schema import FACETS, FIELDS, Kind
from indexer.urls import url_key
from search_app.search.filters import Worded
from search_app.search.intervals import Interval
from search_app.search.protocols import Buckets, EngineRequest
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    BestOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    MatchNone,
    NumericRange,
    Phrase,
    Prefix,
    Should,
    Term,
    any_of,
)
from search_app.search.query.rewrite import Match
from search_app.search.request import Group, SearchRequest, Selections, Sort
from search_app.search.signals import NO_WEIGHTS, SignalWeights
from tests.conditions import examples as examples
from tests.contract.engines import Step
from tests.indexer.stories.index import STORY_NAMES

WORDS = (
    *("new", "york", "new york", "a", "a a", "the", "reform", "reforms", "police", "~en:reform"),
    *("COVID-19", "covid", "19", "U.S.", "us", "C++", "c", "AT&T", "北京市", "été"),
    *("Häuser", "Haus", "haeuser", "reformen"),
)
OUTLETS = ("zdnet.com", "axios.com", "bbc.co.uk", "new-york.com", "x.io")
TOPICS = ("AI", "Police", "New York", "été", "C++", "a~b", "ai", "police", "Été")
LANGUAGES = ("en", "en", "de", "zh")
AUTHORS = ("Jo Reed", "Police Reform", "O'Reilly")
TYPES = ("article", "video", "~odd")
MOMENTS = (
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2020, 6, 8, 23, 59, 59, tzinfo=UTC),
    datetime(2020, 6, 9, tzinfo=UTC),
    datetime(2020, 6, 9, 0, 47, tzinfo=UTC),
    datetime(2021, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
)
URLS = ("https://www.zdnet.com/a/", "http://axios.com/b?c=1", "https://x.io")

texts = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
providers = st.none() | st.builds(
    Provider,
    name=st.sampled_from(("ZDNet", "Axios", "New York", "")),
    domain=st.sampled_from(OUTLETS),
)
articles = st.builds(
    Article,
    title=titles,
    excerpt=texts,
    url=st.sampled_from(("", *URLS)),
    published=st.none() | st.sampled_from(MOMENTS),
    type=st.sampled_from(TYPES),
    provider=providers,
    quality=st.none() | st.sampled_from((0, 1, 70, 71, 189)),
)


def items(number: int, languages: Sequence[str] = LANGUAGES) -> SearchStrategy[Item]:
    """Versions of the item of this number."""
    return st.builds(
        Item,
        id=st.just(f"a/{number:02d}"),
        article=articles,
        topics=st.lists(st.sampled_from(TOPICS), unique=True, max_size=3).map(tuple),
        heat=st.none() | st.sampled_from((-1, 70)),
        related=st.lists(articles, max_size=2).map(tuple),
        body=st.sampled_from(("", "", "the police reform", "new york " * 60)),
        authors=st.lists(st.sampled_from(AUTHORS), unique=True, max_size=2).map(tuple),
        language=st.sampled_from(languages),
    )


@st.composite
def worlds(
    draw: st.DrawFn,
    items_at_most: int = 8,
    steps_at_most: int = 5,
    languages: Sequence[str] = LANGUAGES,
) -> list[Step]:
    """The steps that build an index: items put, put again and deleted, in one to five batches."""
    numbers = range(draw(st.integers(0, items_at_most)))
    steps: list[Step] = [(tuple(draw(items(number, languages)) for number in numbers), ())]
    for _ in range(draw(st.integers(0, steps_at_most - 1))):
        changed = draw(st.sets(st.integers(0, items_at_most + 2), max_size=4))
        puts = sorted(n for n in changed if draw(st.integers(0, 2)))
        deletes = tuple(f"a/{n:02d}" for n in sorted(changed) if n not in puts)
        steps.append((tuple(draw(items(n, languages)) for n in puts), deletes))
    return steps


TEXT_FIELDS = tuple(field.name for field in FIELDS if field.kind is Kind.TEXT)
FORMS = tuple(
    piece.term
    for text in (*WORDS, "immunity", *TOPICS, "com")
    for piece in tokenizer.tokenize(text)
)
"""Those that stand in more texts stand here more often."""
VALUES = {
    "outlet": OUTLETS,
    "label": tuple(dict.fromkeys(map(value_key, TOPICS))),
    "type": TYPES,
    "year": ("0001", "2020", "1999"),
    "language": ("de", "en", "sv"),
    "url": tuple(map(url_key, URLS)),
    "id": ("a/00", "a/03", "a/99"),
}
STORIES = (*(f"{name:016x}" for name in STORY_NAMES), "none")
BOUNDS = {
    "date": tuple(int(moment.timestamp()) for moment in MOMENTS),
    "quality": (0, 1, 70, 189, -(10**12), 10**20),
    "outlets": (0, 1, 2, 3),
    "heat": (-1, 0, 70),
}

forms = st.sampled_from(FORMS)
boosts = st.sampled_from((1.0, 1.0, 0.15, 2.5))
fields = st.sampled_from(("text", "text", "title", *TEXT_FIELDS))


def bounds(field: str) -> SearchStrategy[NumericRange]:
    """Bounds on a number field, some of them the wrong way round."""
    bound = st.none() | st.sampled_from(BOUNDS[field])
    return st.builds(NumericRange, st.just(field), bound, bound)


ANALYZED = (("en", "de"), ("en", "de"), ("de", "en", "fr"), ("sv", "zh"))
"""The languages in which a word is analysed: of some of the items, of others not. There are always
several, as in the items: so an item that has the exact form has one of the stems."""


def terms(field: str) -> SearchStrategy[Term]:
    """Words of a field, with their stems in several languages and without; and surface forms, with
    the folded word."""
    words = forms.flatmap(
        lambda form: st.sampled_from(
            [
                *(_in_languages(field, form, codes) for codes in ANALYZED),
                _in_languages(field, form, ("en", "zh"), 0.15),
                Term(field, form),
                Term(field, form, boost=2.5),
            ]
        )
    )
    return words | st.sampled_from(
        [
            *(Term(field, "u.s", "us"), Term(field, "été", "ete"), Term(field, "c++", "c")),
            Term(field, "häuser", "~de:haus", others=("~en:hauser", "hauser")),
        ]
    )


def _in_languages(field: str, form: str, codes: tuple[str, ...], boost: float = 1.0) -> Term:
    stem, *others = tokenizer.typed_stems((form,), codes) or [""]
    return Term(field, form, stem, boost, tuple(others))


leaves: SearchStrategy[Expression] = st.one_of(
    fields.flatmap(terms),
    st.builds(Phrase, fields, st.lists(forms, min_size=1, max_size=4).map(tuple), boosts),
    st.builds(
        Prefix,
        fields,
        st.sampled_from(("n", "new", "re", "reform", "covid", "~", "~d", "北")),
        boosts,
    ),
    st.builds(Prefix, st.just("type"), st.sampled_from(("a", "vid", "~", "z"))),
    st.sampled_from(sorted(VALUES)).flatmap(
        lambda field: st.builds(
            Keyword, st.just(field), st.sampled_from(VALUES[field]), st.sampled_from((0.0, 7.0))
        )
    ),
    st.sampled_from(sorted(BOUNDS)).flatmap(bounds),
    st.just(MatchAll()),
    st.just(MatchNone()),
)


def _joined(inner: SearchStrategy[Expression]) -> SearchStrategy[Expression]:
    members = st.lists(inner, min_size=1, max_size=4).map(tuple)
    unwanted = st.lists(inner.map(Exclude) | inner.map(Should), max_size=2).map(tuple)
    return st.one_of(
        st.builds(AnyOf, members),
        st.builds(BestOf, members),
        st.builds(lambda some, none: AllOf((*none[:1], *some, *none[1:])), members, unwanted),
    )


expressions = st.recursive(leaves, _joined, max_leaves=8)

_typed = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(WORDS).map('"{}"'.format),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=4).map(lambda w: f'"{" ".join(w)}"'),
    st.sampled_from(("re*", "immuni*", "covid-1*", "*", "OR", "AND", "NOT", "(", ")", "…")),
    st.sampled_from(("date:2020", "date:>2020-06-08", "quality:>70", "outlets:>1", "date:..2020")),
    st.sampled_from(("type:video", "type:v*", "provider:zdnet.com", "provider:axios", "topic:ai")),
    st.sampled_from((*URLS, "title:reform", "related:police", 'title:"new york"', "topic:c++")),
)
typed = st.lists(
    st.tuples(st.sampled_from(("", "", "", "-")), _typed).map("".join), max_size=5
).map(" ".join)

TYPED_VALUES = {
    "topic": ("AI", "ai", "Police", "new york", "york", "a", "nowhere", "…"),
    "provider": ("zdnet.com", "www.AXIOS.com", "ZDNet", "axios", "york", "bbc", "nobody.com"),
    "type": ("article", "Video", "vid"),
    "year": ("2020", "1999"),
    "language": ("German", "en-GB", "xx"),
}
"""Values of facets as people write them: some name none, some several."""


def _selections(values: Mapping[str, Sequence[str]]) -> SearchStrategy[Selections]:
    return st.fixed_dictionaries(
        {
            group: st.lists(
                st.sampled_from(some), unique=True, max_size=2 if group == "topic" else 1
            ).map(tuple)
            for group, some in values.items()
        }
    )


selections = _selections({group: VALUES[field][:3] for group, field in FACETS.items()})
worded = st.dictionaries(
    st.sampled_from(("topic", "provider")),
    st.dictionaries(st.sampled_from(("~1", "~2")), leaves, min_size=1),
    max_size=2,
)
windows = st.sampled_from(("", "", "", "2020", "2020-06-09", "2021", "0001"))

requests = st.builds(
    SearchRequest,
    q=typed,
    selections=_selections(TYPED_VALUES),
    since=windows,
    until=windows,
    sort=st.sampled_from(Sort),
    match=st.sampled_from(Match),
    page=st.integers(1, 3),
    page_size=st.integers(1, 9),
    group=st.sampled_from(Group),
    story=st.just("") | st.sampled_from(STORIES),
)


pairs = st.lists(
    st.tuples(*[st.builds(Term, st.just("text"), forms, st.just(""), boosts)] * 2).filter(
        lambda pair: pair[0].exact != pair[1].exact
    ),
    max_size=3,
).map(tuple)


facet_values = st.fixed_dictionaries(
    {},
    optional={
        group: st.frozensets(st.sampled_from((*VALUES[FACETS[group]], "none")))
        for group in ("topic", "provider", "year")
    },
)
buckets = st.builds(Buckets, st.sampled_from(Interval), st.sampled_from((1, 2, 60, 400)))
weights = st.builds(SignalWeights, *[st.sampled_from((0.0, 0.3, 1.0))] * 4)


def queries(asked: SearchStrategy[Expression]) -> SearchStrategy[EngineRequest]:
    """Queries of these expressions, with every other part of a query at random."""
    return st.builds(
        _query,
        asked,
        st.none() | asked,
        requests,
        selections,
        st.just({}) | worded,
        pairs,
        headline=st.sampled_from((0, *map(headline_number, WORDS))),
        rescored=st.sampled_from((0, 1, 3, 100)),
        facet_size=st.sampled_from((0, 1, 2, 50)),
        signals=st.just(NO_WEIGHTS) | weights,
        if_new=st.none() | weights,
        facet_values=st.just({}) | facet_values,
        buckets=st.none() | buckets,
    )


def _query(
    full: Expression,
    more: Expression | None,
    request: SearchRequest,
    selections: Selections,
    worded: Worded,
    pairs: tuple[tuple[Term, Term], ...],
    headline: int,
    rescored: int,
    facet_size: int,
    signals: SignalWeights,
    if_new: SignalWeights | None,
    facet_values: Mapping[str, Set[str]],
    buckets: Buckets | None,
) -> EngineRequest:
    chosen = {group: (*values, *worded.get(group, ())) for group, values in selections.items()}
    return EngineRequest(
        full=full,
        partial=any_of([full, more]) if more else None,
        window=request.window(),
        selections=chosen,
        worded=worded,
        sort=request.sort,
        offset=(request.page - 1) * request.page_size,
        limit=request.page_size,
        facet_size=facet_size,
        headline=headline,
        pairs=pairs,
        rescored=rescored,
        group=request.group,
        story=request.story,
        signals=signals,
        if_new=if_new,
        facet_values=facet_values,
        buckets=buckets,
    )
