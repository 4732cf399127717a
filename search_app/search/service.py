"""A search from request to results: parse, interpret, ask the engine, mark what was found."""

import time
from collections.abc import Iterator, Sequence

from indexer.item import Article, Item, Provider
from search_app.search.highlighting.highlighter import Highlighter, marked
from search_app.search.highlighting.marking_cost import MAX_COST, CostLimit
from search_app.search.highlighting.phrase_spans import Span
from search_app.search.protocols import EngineRequest, EngineResult, Searcher
from search_app.search.query.logical import Keyword, Prefix, Scored, Term, scored
from search_app.search.query.logical import Phrase as Row
from search_app.search.query.parser import parse, too_long
from search_app.search.query.rewrite import LogicalQuery, rewrite
from search_app.search.query.tree import Note
from search_app.search.request import SearchRequest
from search_app.search.results import FacetValue, Hit, RelatedHit, Results

FACET_SIZE = 50
"""The most values shown of a facet group, selected ones not counted."""


SHOWN, LONGEST = 3, 40
"""Parts of a query that a note names, and characters it shows of one."""

Marks = Iterator[tuple[tuple[str, str], list[Span]]]
"""Texts, each with its area, and where something was found in it."""


def search(
    searcher: Searcher,
    request: SearchRequest,
    notes: tuple[Note, ...] = (),
    max_marking_cost: int = MAX_COST,
) -> Results:
    """Answer a request from one generation. Whatever `request.q` holds, there is an answer.

    `notes` are what there is to say of the generation; they come first among those of the answer.
    Where marking the hits would cost more than `max_marking_cost`, in steps of `marking_cost`, the
    rest of them are not marked, their related articles do not count as matched unless the query
    names their outlet or address, and the note `not_all_marked` says so.
    """
    began = time.perf_counter()
    parsed = parse(request.q)
    meaning = rewrite(parsed.tree, request.match)
    found = searcher.search(_query(request, meaning))
    marker = _marker(meaning, request, found)
    items = searcher.items(found.hits)
    scores = [hit.score for hit in found.hits]
    limit = CostLimit(max_marking_cost)
    hits = _hits(searcher, list(zip(items, scores, strict=True)), marker, limit)
    return Results(
        request=request,
        total=found.total,
        relaxed=found.relaxed,
        complete=found.complete,
        notes=(*notes, *parsed.notes, *meaning.notes, *_notes(request, found, limit)),
        generation=searcher.generation,
        took_ms=round((time.perf_counter() - began) * 1000, 3),
        hits=hits,
        facets=_facets(searcher, request, found),
    )


def get(searcher: Searcher, id: str) -> Hit | None:
    """One item with its coverage, nothing marked; `None` if there is none of this id."""
    item = searcher.get(id)
    return None if item is None else _hits(searcher, [(item, 0.0)], Highlighter(()), CostLimit())[0]


def _query(request: SearchRequest, meaning: LogicalQuery) -> EngineRequest:
    return EngineRequest(
        full=meaning.full,
        partial=meaning.partial,
        window=request.window(),
        selections=request.selections,
        sort=request.sort,
        offset=(request.page - 1) * request.page_size,
        limit=request.page_size,
        facet_size=FACET_SIZE,
    )


def _marker(meaning: LogicalQuery, request: SearchRequest, found: EngineResult) -> Highlighter:
    """What the query found, and the outlets selected: both say why an item is here."""
    selected = [Keyword("outlet", domain) for domain in request.selections.get("provider", ())]
    leaves = [*scored(meaning.partial or meaning.full), *scored(meaning.full), *selected]
    return Highlighter([leaf for leaf in leaves if leaf not in found.skipped])


def _notes(request: SearchRequest, found: EngineResult, limit: CostLimit) -> Iterator[Note]:
    """What only the answer tells."""
    if found.skipped:
        some = ", ".join(map(_typed, found.skipped[:SHOWN]))
        more = len(found.skipped) - SHOWN
        yield Note(
            "too_much",
            f"{some}{f' and {more} more' if more > 0 else ''} would read too much of the index and "
            "had to be left out; ask for less at once",
        )
    if request.left_out:
        yield too_long(len(request.q), len(request.q) + request.left_out)
    last = -(-found.total // request.page_size)
    if found.total and request.page > last:
        yield Note("past_the_end", f"there is no page {request.page}; the last one is {last}")
    if limit.is_exceeded:
        yield Note(
            "not_all_marked",
            "these hits hold too much text to mark all that was found in them: some of it is shown "
            "unmarked, some related articles that match among it; ask for fewer hits at once",
        )


def _typed(leaf: Scored) -> str:
    """A leaf much as it was typed; of a long one its beginning."""
    match leaf:
        case Term(_, exact, _):
            text = exact
        case Row(_, terms):
            text = " ".join(terms)
        case Prefix(_, prefix):
            text = f"{prefix}*"
    return f"“{text}”" if len(text) <= LONGEST else f"“{text[:LONGEST]}…”"


def _hits(
    searcher: Searcher, found: Sequence[tuple[Item, float]], marker: Highlighter, limit: CostLimit
) -> tuple[Hit, ...]:
    """The hits of a page, whose texts are marked all at once, up to a limit."""
    texts = [text for item, _ in found for text in _texts(item)]
    marks = iter(zip(texts, marker.spans(texts, limit), strict=True))
    return tuple(_hit(searcher, item, score, marker, marks) for item, score in found)


def _texts(item: Item) -> Iterator[tuple[str, str]]:
    """The texts of a hit with the area of each, in the order in which `_hit` takes them."""
    yield "title", item.article.title
    yield "excerpt", item.article.excerpt
    for article in item.related:
        yield "related", article.title
        yield "related", article.excerpt
        for name in _names(article.provider):
            yield "provider", name


def _names(outlet: Provider | None) -> tuple[str, ...]:
    """An outlet's name and, each alone, the labels of its domain."""
    return (outlet.name, *outlet.domain.split(".")) if outlet else ()


def _hit(searcher: Searcher, item: Item, score: float, marker: Highlighter, marks: Marks) -> Hit:
    title, excerpt = _html(marks), _html(marks)
    return Hit(
        item=item,
        provider=_named(searcher, item.article.provider),
        score=score,
        outlets=len(item.domains()),
        title_html=title,
        excerpt_html=excerpt,
        related=tuple(_related(searcher, article, marker, marks) for article in item.related),
    )


def _related(searcher: Searcher, article: Article, marker: Highlighter, marks: Marks) -> RelatedHit:
    title, excerpt = _html(marks), _html(marks)
    outlet = [bool(spans) for _, (_, spans) in zip(_names(article.provider), marks, strict=False)]
    return RelatedHit(
        article=article,
        provider=_named(searcher, article.provider),
        matched="<mark>" in title
        or "<mark>" in excerpt
        or any(outlet)
        or marker.matches_outlet(article),
        title_html=title,
        excerpt_html=excerpt,
    )


def _html(marks: Marks) -> str:
    (_, text), spans = next(marks)
    return marked(text, spans)


def _named(searcher: Searcher, provider: Provider | None) -> Provider | None:
    if provider is None or provider.name == (name := searcher.outlet(provider.domain)):
        return provider
    return Provider(name, provider.domain)


def _facets(
    searcher: Searcher, request: SearchRequest, found: EngineResult
) -> dict[str, tuple[FacetValue, ...]]:
    facets = {}
    for group, counts in found.facets.items():
        selected = request.selections.get(group, ())
        values = [
            FacetValue(
                value=value,
                label=searcher.outlet(value) if group == "provider" else value,
                count=count,
                selected=value in selected,
            )
            for value, count in counts
        ]
        if group == "year":
            values.sort(key=lambda facet: facet.value, reverse=True)
        facets[group] = tuple(values)
    return facets
