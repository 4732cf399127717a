"""From results to the answers of the API, which `newsdex search --json` prints as well."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import TypeAlias, cast

import msgspec
from msgspec.structs import replace

from indexer.item import Article, Image, Provider
from indexer.schema import FACETS
from search_app import answers
from search_app.detail import ANSWER, ANSWERS, WHOLE, Detail, fitting
from search_app.search.query.tree import Note
from search_app.search.results import Hit, RelatedHit, Results
from search_app.template_filters import cut, is_short, short


def results_bytes(results: Results, room: int = ANSWER) -> bytes:
    """The answer to a search as JSON. If its hits take more than `room` bytes, some are shown in
    part, and a note says how many."""
    if _size(results.hits) <= room:
        text = _ENCODER.encode(_results(results, [hit_answer(hit) for hit in results.hits]))
        if len(text) <= room:
            return text
    fitted = fitting(
        results.hits,
        lambda hit, detail: _ENCODER.encode(hit_answer(hit, detail)),
        ANSWERS,
        room,
        least=lambda hit, detail: _size([hit]) if detail is WHOLE else 0,
    )
    shortened = sum(detail is not WHOLE for _, detail in fitted)
    hits = [msgspec.Raw(text) for text, _ in fitted]  # which the encoder writes out unchanged
    return _ENCODER.encode(_results(results, cast(list[answers.Hit], hits), shortened))


def _size(hits: Sequence[Hit]) -> int:
    """A lower bound on the characters of hits at full detail."""
    shown: list[Hit | RelatedHit] = [*hits]
    shown += chain.from_iterable([hit.related for hit in hits])
    return sum([len(one.title_html) + len(one.excerpt_html) for one in shown])


def _results(results: Results, hits: list[answers.Hit], shortened: int = 0) -> answers.Results:
    """The answer to a search; `shortened` of its hits are shown in part."""
    request = results.request
    notes = list(results.notes)
    if shortened:
        some = "1 hit is" if shortened == 1 else f"{shortened:,} hits are"
        message = (
            f"{some} shown in part, for all of them are too long; /api/items/<id> has each whole"
        )
        notes.append(Note("cut", message, 0, 0))
    return answers.Results(
        query=request.q,
        total=results.total,
        stories=results.stories,
        page=request.page,
        page_size=request.page_size,
        sort=request.sort,
        match=request.match,
        group=request.group,
        relaxed=results.relaxed,
        notes=notes,
        corrected=results.corrected,
        did_you_mean=results.did_you_mean,
        took_ms=results.took_ms,
        generation=results.generation,
        hits=hits,
        facets=answers.Facets(**results.facets),
        facet_sizes=results.facet_sizes,
    )


def item_answer(hit: Hit) -> answers.Item:
    """One item with its coverage and its body, whole."""
    item = hit.item
    return answers.Item(
        item.id,
        *_article(item.article, hit.provider),
        *_story(hit),
        hit.outlets,
        [answers.Article(*_article(one.article, one.provider)) for one in hit.related],
        item.body,
    )


def hit_answer(hit: Hit, detail: Detail = WHOLE) -> answers.Hit:
    """One hit of a search. If some related articles are not shown, the matched ones come first."""
    if detail is not WHOLE:  # which cuts nothing, and finding that out takes time
        hit = _cut_hit(hit, detail)
    return answers.Hit(
        hit.item.id,
        *_article(hit.item.article, hit.provider),
        *_story(hit),
        hit.score,
        hit.others,
        hit.outlets,
        answers.Highlights(hit.title_html, hit.excerpt_html),
        [
            answers.Related(
                *_article(one.article, one.provider),
                one.matched,
                answers.Highlights(one.title_html, one.excerpt_html),
            )
            for one in hit.related
        ],
        hit.explanation or msgspec.UNSET,
    )


def _cut_hit(hit: Hit, detail: Detail) -> Hit:
    """The hit in less detail, without its explanation."""
    item, related = hit.item, hit.related
    if len(related) > detail.related:
        related = tuple(sorted(related, key=lambda one: not one.matched))[: detail.related]
    return replace(
        hit,
        item=replace(
            item,
            article=_cut_article(item.article, detail, detail.excerpt),
            authors=item.authors[: detail.topics],
            topics=item.topics[: detail.topics],
        ),
        title_html=cut(hit.title_html, detail.title),
        excerpt_html=cut(hit.excerpt_html, detail.excerpt),
        related=tuple(
            replace(
                one,
                article=_cut_article(one.article, detail, detail.gist),
                title_html=cut(one.title_html, detail.title),
                excerpt_html=cut(one.excerpt_html, detail.gist),
            )
            for one in related
        ),
        explanation=None,
    )


def _cut_article(article: Article, detail: Detail, excerpt: int) -> Article:
    """The article in less detail, with at most `excerpt` characters of its excerpt."""
    names = ("url", "amp_url", "cached_url")
    too_long = [name for name in names if not is_short(getattr(article, name), detail.address)]
    image = article.image
    return replace(
        article,
        title=short(article.title, detail.title),
        excerpt=short(article.excerpt, excerpt),
        image=image if image and is_short(image.url, detail.address) else None,
        **dict.fromkeys(too_long, ""),
    )


def no_item(id: str, longest: int = 200) -> str:
    """The message about an id that no item has, in which a long id is cut."""
    return f"there is no item {short(id, longest)!r} in the index"


def no_group(name: str, longest: int = 200) -> str:
    """The message about a name that no facet group has, in which a long name is cut."""
    return f"there is no facet {short(name, longest)!r}; there are {', '.join(FACETS)}"


_Article: TypeAlias = tuple[
    str,
    str,
    str | None,
    str | None,
    str | None,
    datetime | None,
    str,
    answers.Outlet | None,
    Image | None,
]


def _article(article: Article, provider: Provider | None) -> _Article:
    """The fields of `answers.Article`."""
    return (
        article.title,
        article.excerpt,
        article.url or None,
        article.amp_url or None,
        article.cached_url or None,
        article.published,
        article.type,
        answers.Outlet(provider.name, provider.domain) if provider else None,
        article.image,
    )


_Story: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], int | None, int | None, str | None, str]


def _story(hit: Hit) -> _Story:
    """The fields of `answers.Story` that no article has."""
    item = hit.item
    return (
        item.authors,
        item.topics,
        item.article.quality,
        item.heat,
        hit.story or None,
        item.language,
    )


_ENCODER = msgspec.json.Encoder()
