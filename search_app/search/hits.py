"""The hits of an answer as they are shown: their texts highlighted, their outlets named."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from operator import or_
from typing import NamedTuple

from indexer.item import DEFAULT_LANGUAGE, Article, Item
from search_app.search.explanation import Explanation
from search_app.search.filters import Filters
from search_app.search.highlighting.highlighter import Highlighter
from search_app.search.highlighting.marking_cost import CostLimit
from search_app.search.highlighting.phrase_spans import Span
from search_app.search.protocols import EngineResult, ScoredDoc, Searcher
from search_app.search.query.logical import Keyword, Scored, scored
from search_app.search.query.rewrite import LogicalQuery
from search_app.search.results import Hit, RelatedHit
from search_app.search.vocabulary import Outlet


class Found(NamedTuple):
    """An item to be shown, the name of its story, the hit, unless it was asked for by id, and how
    its score comes about, if that was asked."""

    item: Item
    story: str
    doc: ScoredDoc | None = None
    explanation: Explanation | None = None


def highlighter_of(
    searcher: Searcher, logical: LogicalQuery, filters: Filters, answer: EngineResult
) -> Highlighter:
    """What finds in texts what the query matched, and the outlets selected."""
    selected: list[Scored | Keyword] = [
        Keyword("outlet", domain) for domain in filters.selections["provider"]
    ]
    for expression in filters.worded.get("provider", {}).values():
        selected += scored(expression)
    leaves = [*scored(logical.partial or logical.full), *scored(logical.full), *selected]
    found = [leaf for leaf in leaves if leaf not in answer.skipped]
    return Highlighter(found, stop_words=searcher.vocabulary.stop_words)


def hits_of(
    searcher: Searcher,
    found: Sequence[Found],
    highlighter: Highlighter,
    limit: CostLimit,
) -> tuple[Hit, ...]:
    """The hits of a page. All their texts are highlighted in one go, as far as the limit allows."""
    outlet_of = searcher.vocabulary.outlet
    texts: list[str] = []
    fields: list[str] = []
    languages: list[str] = []
    for one in found:
        before = len(texts)
        fields += _add_texts(one.item, texts)
        languages += [one.item.language] * (len(texts) - before)
    outlets = [[outlet_of(article.provider) for article in one.item.related] for one in found]
    names = [name for own in outlets for outlet in own for name in outlet.names]
    *spans, in_names = highlighter.spans(
        [*texts, " ".join(names)], [*fields, "provider"], limit, [*languages, DEFAULT_LANGUAGE]
    )
    marked_names = _marked(names, highlighter, limit) if in_names else frozenset[str]()
    is_named = _is_named(highlighter, marked_names)
    html = list(map(highlighter.marked, texts, spans))
    hits: list[Hit] = []
    end = 0
    for (item, story, doc, explanation), carriers in zip(found, outlets, strict=True):
        begin, end = end, end + 2 + len(item.authors)
        title, excerpt, *authors = html[begin:end]
        begin, end = end, end + 2 * len(item.related)
        related = _related_hits(item.related, carriers, spans[begin:end], html[begin:end], is_named)
        hits.append(
            Hit(
                item,
                outlet_of(item.article.provider).shown,
                doc.score if doc else 0.0,
                _outlet_count(item),
                title,
                excerpt,
                related,
                tuple(authors),
                story,
                doc.others if doc else 0,
                explanation,
            )
        )
    return tuple(hits)


def _add_texts(item: Item, texts: list[str]) -> Sequence[str]:
    """Add the texts of a hit that are shown, in the order of `hits_of`; the field of each."""
    texts += (item.article.title, item.article.excerpt, *item.authors)
    for article in item.related:
        texts += (article.title, article.excerpt)
    return (
        "title",
        "excerpt",
        *["author"] * len(item.authors),
        *["related"] * (2 * len(item.related)),
    )


_IsNamed = Callable[[Article, Outlet], bool]


def _is_named(highlighter: Highlighter, marked_names: AbstractSet[str]) -> _IsNamed | None:
    """What says whether the query names the outlet or the URL of an article; `None` if none."""
    if not marked_names and not highlighter.names_outlets:
        return None
    return lambda article, outlet: (
        not marked_names.isdisjoint(outlet.names) or highlighter.matches_outlet(article)
    )


def _related_hits(
    articles: Sequence[Article],
    outlets: Sequence[Outlet],
    spans: Sequence[list[Span]],
    html: Sequence[str],
    is_named: _IsNamed | None,
) -> tuple[RelatedHit, ...]:
    """The related hits of an item. `spans`, `html`: of the title and excerpt of each article."""
    pairs = zip(spans[::2], spans[1::2], strict=True)
    matched = [bool(in_title or in_excerpt) for in_title, in_excerpt in pairs]
    if is_named:
        matched = list(map(or_, matched, map(is_named, articles, outlets)))
    shown = [outlet.shown for outlet in outlets]
    return tuple(map(RelatedHit, articles, shown, matched, html[::2], html[1::2]))


def _outlet_count(item: Item) -> int:
    """How many distinct outlets carried the story."""
    domains = {article.provider.domain for article in item.related if article.provider}
    if item.article.provider:
        domains.add(item.article.provider.domain)
    return len(domains)


def _marked(names: Sequence[str], highlighter: Highlighter, limit: CostLimit) -> set[str]:
    """The names of outlets in which something is found. Most pages have none, which is seen from
    all names as one text; in that, what is found may reach from one name into the next."""
    distinct = list(dict.fromkeys(names))
    spans = highlighter.spans(distinct, ["provider"] * len(distinct), limit)
    return {name for name, found in zip(distinct, spans, strict=True) if found}
