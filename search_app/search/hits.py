"""The hits of an answer as they are shown: their texts highlighted, their outlets named."""

from collections.abc import Sequence
from typing import NamedTuple

from indexer.item import DEFAULT_LANGUAGE, Item
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
    """The hits of a page. All their texts are highlighted in one go, as far as the limit allows."""
    texts = [text for one in found for text in _texts(one.item)]
    languages = [one.item.language for one in found for _ in range(_size(one.item))]
    outlet_of = searcher.vocabulary.outlet
    outlets = [outlet_of(article.provider) for one in found for article in one.item.related]
    names = list(dict.fromkeys([name for one in outlets for name in one.names]))
    *spans, in_names = highlighter.spans(
        [*texts, ("provider", " ".join(names))], limit, [*languages, DEFAULT_LANGUAGE]
    )
    marked_names = _marked(names, highlighter, limit) if in_names else set()
    marks = iter([(marked(text, s), s) for (_, text), s in zip(texts, spans, strict=True)])
    outlets_left = iter(outlets)

    def related_hits(item: Item) -> tuple[RelatedHit, ...]:
        """Takes an outlet and two marked texts for each article."""
        return tuple(
            [
                RelatedHit(
                    article,
                    outlet.shown,
                    bool(
                        in_title
                        or in_excerpt
                        or (marked_names and not marked_names.isdisjoint(outlet.names))
                        or highlighter.matches_outlet(article)
                    ),
                    title,
                    excerpt,
                )
                for article, outlet, (title, in_title), (excerpt, in_excerpt) in zip(
                    item.related, outlets_left, marks, marks, strict=False
                )
            ]
        )

    return tuple(
        [
            Hit(
                item=item,
                provider=outlet_of(item.article.provider).shown,
                score=doc.score if doc else 0.0,
                outlets=len(item.domains()),
                title_html=next(marks)[0],
                excerpt_html=next(marks)[0],
                authors_html=tuple([next(marks)[0] for _ in item.authors]),
                related=related_hits(item),
                story=story,
                others=doc.others if doc else 0,
                explanation=explanation,
            )
            for item, story, doc, explanation in found
        ]
    )


def _texts(item: Item) -> list[tuple[str, str]]:
    """The texts of a hit that are shown, each with its field, in the order of `hits_of`."""
    texts = [("title", item.article.title), ("excerpt", item.article.excerpt)]
    texts += [("author", author) for author in item.authors]
    for article in item.related:
        texts += (("related", article.title), ("related", article.excerpt))
    return texts


def _size(item: Item) -> int:
    """How many texts of a hit are shown."""
    return 2 + len(item.authors) + 2 * len(item.related)


def _marked(names: Sequence[str], highlighter: Highlighter, limit: CostLimit) -> set[str]:
    """The names of outlets in which something is found. Most pages have none, which is seen from
    all names as one text; in that, what is found may reach from one name into the next."""
    spans = highlighter.spans([("provider", name) for name in names], limit)
    return {name for name, found in zip(names, spans, strict=True) if found}
