"""The hits of an answer as they are shown: their texts highlighted, their outlets named."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from indexer.item import DEFAULT_LANGUAGE, Article, Item
from search_app.search.explanation import Explanation
from search_app.search.filters import Filters
from search_app.search.highlighting.highlighter import Highlighter
from search_app.search.highlighting.marking_cost import CostLimit
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
        own, own_fields = _texts(one.item)
        texts += own
        fields += own_fields
        languages += [one.item.language] * len(own)
    outlets = [outlet_of(article.provider) for one in found for article in one.item.related]
    names = list(dict.fromkeys([name for one in outlets for name in one.names]))
    *spans, in_names = highlighter.spans(
        [*texts, " ".join(names)], [*fields, "provider"], limit, [*languages, DEFAULT_LANGUAGE]
    )
    marked_names = _marked(names, highlighter, limit) if in_names else frozenset[str]()
    is_named = _is_named(highlighter, marked_names)
    html, marks, outlets_left = map(highlighter.marked, texts, spans), iter(spans), iter(outlets)

    def related_hits(item: Item) -> list[RelatedHit]:
        """Takes an outlet and two texts for each article."""
        return [
            RelatedHit(
                article,
                outlet.shown,
                bool(in_title or in_excerpt or (is_named and is_named(article, outlet))),
                title,
                excerpt,
            )
            for article, outlet, title, excerpt, in_title, in_excerpt in zip(
                item.related, outlets_left, html, html, marks, marks, strict=False
            )
        ]

    hits: list[Hit] = []
    for item, story, doc, explanation in found:
        own_texts = zip(range(2 + len(item.authors)), html, marks, strict=False)
        title, excerpt, *authors = [text for _, text, _ in own_texts]
        hits.append(
            Hit(
                item,
                outlet_of(item.article.provider).shown,
                doc.score if doc else 0.0,
                _outlet_count(item),
                title,
                excerpt,
                tuple(related_hits(item)) if item.related else (),
                tuple(authors),
                story,
                doc.others if doc else 0,
                explanation,
            )
        )
    return tuple(hits)


def _texts(item: Item) -> tuple[list[str], list[str]]:
    """The texts of a hit that are shown, in the order of `hits_of`, and the field of each."""
    texts = [item.article.title, item.article.excerpt, *item.authors]
    fields = ["title", "excerpt", *["author"] * len(item.authors)]
    for article in item.related:
        texts += (article.title, article.excerpt)
    return texts, fields + ["related"] * (len(texts) - len(fields))


def _outlet_count(item: Item) -> int:
    """How many distinct outlets carried the story."""
    domains = {article.provider.domain for article in item.related if article.provider}
    if item.article.provider:
        domains.add(item.article.provider.domain)
    return len(domains)


def _is_named(
    highlighter: Highlighter, marked_names: AbstractSet[str]
) -> Callable[[Article, Outlet], bool] | None:
    """What says whether the query names the outlet or the URL of an article; `None` if none."""
    if not marked_names and not highlighter.names_outlets:
        return None
    return lambda article, outlet: (
        not marked_names.isdisjoint(outlet.names) or highlighter.matches_outlet(article)
    )


def _marked(names: Sequence[str], highlighter: Highlighter, limit: CostLimit) -> set[str]:
    """The names of outlets in which something is found. Most pages have none, which is seen from
    all names as one text; in that, what is found may reach from one name into the next."""
    spans = highlighter.spans(names, ["provider"] * len(names), limit)
    return {name for name, found in zip(names, spans, strict=True) if found}
