"""The hits of an answer as they are shown: their texts highlighted, their outlets named."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from operator import or_

from msgspec import Struct
from msgspec.structs import replace

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


class Found(Struct, frozen=True, gc=False):
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
    """The hits of a page. All their texts are highlighted in one go, as far as the limit allows:
    first those of the items, then those of related articles."""
    outlets_of = searcher.vocabulary.outlets
    items = [one.item for one in found]
    articles = [article for item in items for article in item.related]
    own_outlets = outlets_of([item.article.provider for item in items])
    outlets = outlets_of([article.provider for article in articles])
    names = [name for outlet in outlets for name in outlet.names]
    texts, fields, authors, related = _texts(items, articles)
    *spans, in_names = highlighter.spans(
        [*texts, " ".join(names)], [*fields, "provider"], limit, _languages(items)
    )
    marked_names = _marked(names, highlighter, limit) if in_names else frozenset[str]()
    is_named = _is_named(highlighter, marked_names)
    html = list(map(highlighter.marked, texts, spans))
    related_hits = _related_hits(articles, outlets, spans[related:], html[related:], is_named)
    authors_html = iter(html[authors:related])
    hits = [
        Hit(
            one.item,
            outlet.shown,
            one.doc.score if one.doc else 0.0,
            _outlet_count(one.item),
            title,
            excerpt,
            tuple(islice(related_hits, len(one.item.related))),
            tuple(islice(authors_html, len(one.item.authors))),
            one.story,
            one.doc.others if one.doc else 0,
            one.explanation,
        )
        for one, outlet, title, excerpt in zip(
            found, own_outlets, html[:authors:2], html[1:authors:2], strict=True
        )
    ]
    return _told_of_bodies(hits, own_outlets, highlighter, limit)


def _texts(
    items: Sequence[Item], articles: Sequence[Article]
) -> tuple[list[str], list[str], int, int]:
    """The texts that are highlighted, and their fields: titles and excerpts of items, authors,
    titles and excerpts of related articles; and where authors and these articles begin."""
    own = [text for item in items for text in (item.article.title, item.article.excerpt)]
    authors = [author for item in items for author in item.authors]
    related = [text for article in articles for text in (article.title, article.excerpt)]
    fields = ["title", "excerpt"] * len(items) + ["author"] * len(authors)
    fields += ["related"] * len(related)
    return [*own, *authors, *related], fields, len(own), len(own) + len(authors)


def _told_of_bodies(
    hits: Sequence[Hit], outlets: Sequence[Outlet], highlighter: Highlighter, limit: CostLimit
) -> tuple[Hit, ...]:
    """The hits of these outlets, each with whether what was found stands in its body alone."""
    if not highlighter.seeks_words or limit.is_exceeded:
        return tuple(hits)
    return tuple(
        [
            replace(hit, in_body=True)
            if hit.item.has_body and _is_only_in_body(hit, outlet.names, highlighter, limit)
            else hit
            for hit, outlet in zip(hits, outlets, strict=True)
        ]
    )


def _is_only_in_body(
    hit: Hit, names: Sequence[str], highlighter: Highlighter, limit: CostLimit
) -> bool:
    """Whether what was found in an item with a body stands nowhere else: nothing that is shown is
    marked, and neither its topics nor the `names` of its outlet hold anything of it."""
    shown = (hit.title_html, hit.excerpt_html, *hit.authors_html)
    if any("<mark>" in html for html in shown) or any(one.matched for one in hit.related):
        return False
    topics = hit.item.topics
    fields = ["topic"] * len(topics) + ["provider"] * len(names)
    languages = [hit.item.language] * len(fields)
    return not any(highlighter.spans([*topics, *names], fields, limit, languages))


def _languages(items: Sequence[Item]) -> list[str]:
    """The language of each text that `hits_of` highlights; none if all are in the default one."""
    if {item.language for item in items} <= {DEFAULT_LANGUAGE}:
        return []
    languages = [item.language for item in items for _ in range(2)]
    languages += [item.language for item in items for _ in item.authors]
    languages += [item.language for item in items for _ in range(2 * len(item.related))]
    return [*languages, DEFAULT_LANGUAGE]


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
) -> Iterator[RelatedHit]:
    """The related hits of all items. `spans`, `html`: of the title and excerpt of each article."""
    pairs = zip(spans[::2], spans[1::2], strict=True)
    matched = [bool(in_title or in_excerpt) for in_title, in_excerpt in pairs]
    if is_named:
        matched = list(map(or_, matched, map(is_named, articles, outlets)))
    shown = [outlet.shown for outlet in outlets]
    return map(RelatedHit, articles, shown, matched, html[::2], html[1::2])


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
