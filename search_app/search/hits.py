"""The hits of an answer as they are shown: their texts highlighted, their outlets named."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from indexer.analysis.outlet_names import domain_label, searched_name
from indexer.item import DEFAULT_LANGUAGE, Article, Item, Provider
from search_app.search.explanation import Explanation
from search_app.search.filters import Filters
from search_app.search.highlighting.highlighter import Highlighter, marked
from search_app.search.highlighting.marking_cost import CostLimit
from search_app.search.protocols import EngineResult, ScoredDoc, Searcher
from search_app.search.query.logical import Keyword, Scored, scored
from search_app.search.query.rewrite import LogicalQuery
from search_app.search.results import Hit, RelatedHit


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
    """The hits of a page. All their texts are highlighted in one go, as far as the limit allows,
    and the names of each outlet once, however many of the related articles it wrote."""
    texts: list[tuple[str, str]] = []
    languages: list[str] = []
    for one in found:
        texts += _texts(one.item)
        languages += [one.item.language] * (len(texts) - len(languages))
    related = [article.provider for one in found for article in one.item.related]
    names = [(outlet, name) for outlet in dict.fromkeys(related) for name in _names(outlet)]
    languages += [DEFAULT_LANGUAGE] * len(names)
    spans = highlighter.spans([*texts, *(("provider", n) for _, n in names)], limit, languages)
    html = iter([marked(text, s) for (_, text), s in zip(texts, spans, strict=False)])
    in_names = zip(names, spans[len(texts) :], strict=True)
    called = {outlet for (outlet, name), s in in_names if s and _is_called(outlet, name)}

    def related_hit(article: Article) -> RelatedHit:
        title, excerpt = next(html), next(html)
        is_named = article.provider in called or highlighter.matches_outlet(article)
        matched = is_named or "<mark>" in title or "<mark>" in excerpt
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
            explanation=explanation,
        )
        for item, story, doc, explanation in found
    )


def _texts(item: Item) -> Iterator[tuple[str, str]]:
    """The texts of a hit that are shown, each with its field, in the order of `hits_of`."""
    yield "title", item.article.title
    yield "excerpt", item.article.excerpt
    for author in item.authors:
        yield "author", author
    for article in item.related:
        yield "related", article.title
        yield "related", article.excerpt


def _names(outlet: Provider | None) -> tuple[str, ...]:
    """What an outlet's name is searched by, and each label of its domain."""
    return (searched_name(outlet.name), *outlet.domain.split(".")) if outlet else ()


def _is_called(outlet: Provider | None, name: str) -> bool:
    """Whether an outlet is found by this name, or by this label of its domain. The label that
    tells it is looked up only here: that takes the list of public suffixes."""
    return outlet is not None and name in (searched_name(outlet.name), domain_label(outlet.domain))


def _named(searcher: Searcher, provider: Provider | None) -> Provider | None:
    """The outlet under its most frequent name."""
    if provider is None:
        return None
    name = searcher.vocabulary.label("provider", provider.domain)
    return provider if name == provider.name else Provider(name, provider.domain, provider.logo)
