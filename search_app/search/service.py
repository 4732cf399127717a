"""A search from request to results: parse, rewrite, ask the engine, highlight the hits."""

import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from indexer.analysis.domain_label import domain_label
from indexer.document import headline_number
from indexer.item import Article, Item, Provider
from search_app.search.filters import Filters, understood
from search_app.search.highlighting.highlighter import Highlighter, marked
from search_app.search.highlighting.marking_cost import MAX_COST, CostLimit
from search_app.search.protocols import (
    MIN_FULL_MATCHES,
    EngineRequest,
    EngineResult,
    ScoredDoc,
    Searcher,
)
from search_app.search.query.logical import (
    Keyword,
    MatchAll,
    Phrase,
    Prefix,
    Scored,
    Term,
    scored,
)
from search_app.search.query.notes import shown, too_long
from search_app.search.query.parser import Parsed, parse
from search_app.search.query.rewrite import LogicalQuery, rewrite
from search_app.search.query.synonyms import NO_SYNONYMS, Synonyms
from search_app.search.query.tree import Note
from search_app.search.request import SearchRequest, Sort, Spelling, no_selections
from search_app.search.results import Corrected, FacetValue, Hit, RelatedHit, Results, StoryItems
from search_app.search.spelling.correction import Correction, Speller

FACET_SIZE = 50
"""The most values returned of a facet group, besides the selected ones."""

SHOWN = 3
"""The most words or phrases of a query that a note names."""


MOST_OF_STORY = 20
"""The most items of a story that are returned with one of them."""


class _Found(NamedTuple):
    """An item to be shown, the name of its story, and the hit, unless it was asked for by id."""

    item: Item
    story: str
    doc: ScoredDoc | None = None


def search(
    searcher: Searcher,
    request: SearchRequest,
    notes: tuple[Note, ...] = (),
    max_marking_cost: int = MAX_COST,
    synonyms: Synonyms = NO_SYNONYMS,
) -> Results:
    """The results of a request from one generation. No text of `request.q` is an error.

    Words also find their `synonyms`. `notes` are about the generation and come before those about
    the query. If highlighting the hits would cost more than `max_marking_cost` steps (see
    `marking_cost`), the remaining texts are not marked, their related articles count as matched
    only if the query names their outlet or URL, and the note `not_all_marked` says so.
    """
    began = time.perf_counter()
    filters = understood(request, searcher.vocabulary)
    request = filters.request
    asked, searched, answer, better = _answered(searcher, filters, synonyms)
    found = list(
        map(_Found, searcher.items(answer.hits), searcher.stories(answer.hits), answer.hits)
    )
    limit = CostLimit(max_marking_cost)
    hits = _hits(searcher, found, _highlighter(searched.logical, filters, answer), limit)
    return Results(
        request=request,
        total=answer.total,
        relaxed=answer.relaxed,
        corrected=Corrected(better.query, request.q) if better and better.is_certain else None,
        did_you_mean=better.query if better and not better.is_certain else None,
        complete=answer.complete,
        notes=(
            *notes,
            *request.notes,
            *filters.notes,
            *asked.parsed.notes,
            *asked.logical.notes,
            *_notes(request, searched.logical, answer, limit),
        ),
        generation=searcher.generation,
        took_ms=round((time.perf_counter() - began) * 1000, 3),
        hits=hits,
        facets=_facets(searcher, filters, answer),
        stories=answer.stories,
    )


def get(searcher: Searcher, id: str) -> Hit | None:
    """One item with its coverage, nothing marked; `None` if no item has this id."""
    item = searcher.get(id)
    if item is None:
        return None
    return _hits(searcher, [_Found(item, searcher.story(id))], Highlighter(()), CostLimit())[0]


def same_story(searcher: Searcher, hit: Hit, most: int = MOST_OF_STORY) -> StoryItems:
    """The other items of the story of an item, at most so many of them."""
    if not hit.story:
        return StoryItems()
    answer = searcher.search(
        EngineRequest(
            full=MatchAll(),
            partial=None,
            window=(None, None),
            selections=no_selections(),
            sort=Sort.OLDEST,
            offset=0,
            limit=most + 1,
            facet_size=0,
            story=hit.story,
        )
    )
    others = [item for item in searcher.items(answer.hits) if item.id != hit.item.id][:most]
    return StoryItems(tuple(others), answer.total - 1 - len(others))


class _Query(NamedTuple):
    """A query as text and tree, and what is to be searched for."""

    text: str
    parsed: Parsed
    logical: LogicalQuery


class _Answer(NamedTuple):
    """What was asked for, what was searched, what the engine found, and what the query may have
    meant."""

    asked: _Query
    searched: _Query
    found: EngineResult
    better: Correction | None


def _answered(searcher: Searcher, filters: Filters, synonyms: Synonyms) -> _Answer:
    """The answer to a request. A word that no item has is looked for before the first search, so
    that none is made in vain."""
    request = filters.request

    def query_of(text: str) -> _Query:
        parsed = parse(text)
        logical = rewrite(parsed.tree, request.match, searcher.vocabulary, synonyms)
        return _Query(text, parsed, logical)

    def answer(query: _Query, better: Correction | None = None) -> _Answer:
        shown = replace(filters, request=replace(request, q=query.text))
        found = searcher.search(engine_request(shown, query.logical))
        return _Answer(asked, query, found, better)

    asked = query_of(request.q)
    if request.spelling is Spelling.OFF:
        return answer(asked)
    speller = Speller(
        searcher,
        request.q,
        asked.parsed.tree,
        asked.logical.full,
        lambda text: query_of(text).logical.full,
        synonyms,
    )
    if better := speller.correction():
        return answer(query_of(better.query), better)
    as_typed = answer(asked)
    better = speller.improvement(finds_enough=as_typed.found.complete >= MIN_FULL_MATCHES)
    if better and better.is_certain:
        return answer(query_of(better.query), better)
    return as_typed._replace(better=better)


def engine_request(filters: Filters, logical: LogicalQuery) -> EngineRequest:
    """What an engine is asked for a request that was understood so."""
    request = filters.request
    return EngineRequest(
        full=logical.full,
        partial=logical.partial,
        window=request.window(),
        selections=filters.selections,
        worded=filters.worded,
        headline=headline_number(request.q),
        pairs=logical.pairs,
        sort=request.sort,
        offset=(request.page - 1) * request.page_size,
        limit=request.page_size,
        facet_size=FACET_SIZE,
        group=request.group,
        story=request.story,
    )


def _highlighter(logical: LogicalQuery, filters: Filters, answer: EngineResult) -> Highlighter:
    """Finds in texts what the query matched, and the outlets selected."""
    selected: list[Scored | Keyword] = [
        Keyword("outlet", domain) for domain in filters.selections["provider"]
    ]
    for expression in filters.worded.get("provider", {}).values():
        selected += scored(expression)
    leaves = [*scored(logical.partial or logical.full), *scored(logical.full), *selected]
    return Highlighter([leaf for leaf in leaves if leaf not in answer.skipped])


def _notes(
    request: SearchRequest, logical: LogicalQuery, answer: EngineResult, limit: CostLimit
) -> Iterator[Note]:
    """The notes that are known only once the engine has answered and the hits are highlighted."""
    if not answer.total and any(
        isinstance(leaf, Keyword) and leaf.field == "url" for leaf in scored(logical.full)
    ):
        message = "nothing was found at this address; an item is found by each address it names"
        yield Note("no_such_address", message, 0, 0)
    if answer.skipped:
        names = ", ".join(map(_typed, answer.skipped[:SHOWN]))
        if len(answer.skipped) > SHOWN:
            names += f" and {len(answer.skipped) - SHOWN} more"
        fate = "would read too much of the index and had to be left out"
        message = f"{names} {fate}; ask for less at once"
        yield Note("too_much", message, 0, 0)
    if request.dropped:
        yield too_long(len(request.q), len(request.q) + request.dropped)
    entries = answer.total if answer.stories is None else answer.stories
    last = -(-entries // request.page_size)
    if answer.total and request.page > last:
        message = f"there is no page {request.page}; the last one is {last}"
        yield Note("past_the_end", message, 0, 0)
    if limit.is_exceeded:
        message = (
            "these hits hold too much text to mark all that was found in them: some of it is shown "
            "unmarked, some related articles that match among it; ask for fewer hits at once"
        )
        yield Note("not_all_marked", message, 0, 0)


def _typed(leaf: Scored) -> str:
    """A leaf quoted about as it was typed; a long one is cut."""
    match leaf:
        case Term(_, exact, _):
            return shown(exact)
        case Phrase(_, terms):
            return shown(" ".join(terms))
        case Prefix(_, prefix):
            return shown(f"{prefix}*")


def _hits(
    searcher: Searcher,
    found: Sequence[_Found],
    highlighter: Highlighter,
    limit: CostLimit,
) -> tuple[Hit, ...]:
    """The hits of a page. All their texts are highlighted in one go, as far as the limit allows,
    and the names of each outlet once, however many of the related articles it wrote."""
    texts = [text for one in found for text in _texts(one.item)]
    related = [article.provider for one in found for article in one.item.related]
    names = [(outlet, name) for outlet in dict.fromkeys(related) for name in _names(outlet)]
    spans = highlighter.spans([*texts, *(("provider", name) for _, name in names)], limit)
    html = iter([marked(text, s) for (_, text), s in zip(texts, spans, strict=False)])
    matched_outlets = {
        outlet
        for (outlet, name), s in zip(names, spans[len(texts) :], strict=True)
        if s and _is_called(outlet, name)
    }

    def related_hit(article: Article) -> RelatedHit:
        title, excerpt = next(html), next(html)
        matched = (
            "<mark>" in title
            or "<mark>" in excerpt
            or article.provider in matched_outlets
            or highlighter.matches_outlet(article)
        )
        return RelatedHit(article, _named(searcher, article.provider), matched, title, excerpt)

    return tuple(
        Hit(
            item=item,
            provider=_named(searcher, item.article.provider),
            score=doc.score if doc else 0.0,
            outlets=len(item.domains()),
            title_html=next(html),
            excerpt_html=next(html),
            authors_html=tuple([next(html) for _ in item.authors]),
            related=tuple([related_hit(article) for article in item.related]),
            story=story,
            others=doc.others if doc else 0,
        )
        for item, story, doc in found
    )


def _texts(item: Item) -> Iterator[tuple[str, str]]:
    """The texts of a hit that are shown, each with its field, in the order of `_hits`."""
    yield "title", item.article.title
    yield "excerpt", item.article.excerpt
    for author in item.authors:
        yield "author", author
    for article in item.related:
        yield "related", article.title
        yield "related", article.excerpt


def _names(outlet: Provider | None) -> tuple[str, ...]:
    """An outlet's name, and each label of its domain."""
    return (outlet.name, *outlet.domain.split(".")) if outlet else ()


def _is_called(outlet: Provider | None, name: str) -> bool:
    """Whether an outlet is found by this name, or by this label of its domain. The label that
    tells it is looked up only here: that takes the list of public suffixes."""
    return outlet is not None and name in (outlet.name, domain_label(outlet.domain))


def _named(searcher: Searcher, provider: Provider | None) -> Provider | None:
    """The outlet under its most frequent name."""
    if provider is None:
        return None
    name = searcher.vocabulary.label("provider", provider.domain)
    return provider if name == provider.name else Provider(name, provider.domain)


def _facets(
    searcher: Searcher, filters: Filters, answer: EngineResult
) -> dict[str, tuple[FacetValue, ...]]:
    facets = {}
    for group, counts in answer.facets.items():
        selected = filters.selections[group]
        labels = searcher.vocabulary.labels(group, [value for value, _ in counts])
        values = zip(labels, counts, strict=True)
        facets[group] = tuple(
            [
                FacetValue(value if group == "provider" else label, label, count, value in selected)
                for label, (value, count) in values
            ]
        )
        if group == "year":
            facets[group] = tuple(sorted(facets[group], key=lambda year: year.value, reverse=True))
    return facets
