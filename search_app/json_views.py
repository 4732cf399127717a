"""From results to the answers of the API, which `newsdex search --json` prints as well."""

from datetime import datetime
from typing import TypeAlias, cast

import msgspec

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
    if sum(map(_size, results.hits)) <= room:
        text = _ENCODER.encode(_results(results, [hit_answer(hit) for hit in results.hits]))
        if len(text) <= room:
            return text
    fitted = fitting(
        results.hits,
        lambda hit, detail: _ENCODER.encode(hit_answer(hit, detail)),
        ANSWERS,
        room,
        least=lambda hit, detail: _size(hit) if detail is WHOLE else 0,
    )
    shortened = sum(detail is not WHOLE for _, detail in fitted)
    hits = [msgspec.Raw(text) for text, _ in fitted]  # which the encoder writes out unchanged
    return _ENCODER.encode(_results(results, cast(list[answers.Hit], hits), shortened))


def _size(hit: Hit) -> int:
    """A lower bound on a hit's characters at full detail."""
    own = len(hit.title_html) + len(hit.excerpt_html)
    return own + sum([len(r.title_html) + len(r.excerpt_html) for r in hit.related])


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
    return answers.Item(
        hit.item.id,
        *_article(hit.item.article, hit.provider, WHOLE, WHOLE.excerpt),
        authors=list(hit.item.authors[: WHOLE.topics]),
        topics=list(hit.item.topics[: WHOLE.topics]),
        quality=hit.item.article.quality,
        heat=hit.item.heat,
        story=hit.story or None,
        language=hit.item.language,
        outlets=hit.outlets,
        related=[
            answers.Article(*_article(one.article, one.provider, WHOLE, WHOLE.gist))
            for one in hit.related[: WHOLE.related]
        ],
        body=hit.item.body,
    )


def hit_answer(hit: Hit, detail: Detail = WHOLE) -> answers.Hit:
    """One hit of a search. If some related articles are not shown, the matched ones come first."""
    related = hit.related
    if len(related) > detail.related:
        related = tuple(sorted(related, key=lambda one: not one.matched))[: detail.related]
    return answers.Hit(
        hit.item.id,
        *_article(hit.item.article, hit.provider, detail, detail.excerpt),
        authors=list(hit.item.authors[: detail.topics]),
        topics=list(hit.item.topics[: detail.topics]),
        quality=hit.item.article.quality,
        heat=hit.item.heat,
        story=hit.story or None,
        language=hit.item.language,
        score=hit.score,
        others=hit.others,
        outlets=hit.outlets,
        highlights=_highlights(hit, detail, detail.excerpt),
        related=[
            answers.Related(
                *_article(one.article, one.provider, detail, detail.gist),
                matched=one.matched,
                highlights=_highlights(one, detail, detail.gist),
            )
            for one in related
        ],
        explanation=(hit.explanation if detail is WHOLE else None) or msgspec.UNSET,
    )


def _highlights(hit: Hit | RelatedHit, detail: Detail, excerpt: int) -> answers.Highlights:
    if detail is WHOLE:  # no text is longer, and finding where to cut takes time
        return answers.Highlights(hit.title_html, hit.excerpt_html)
    return answers.Highlights(cut(hit.title_html, detail.title), cut(hit.excerpt_html, excerpt))


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


def _article(article: Article, provider: Provider | None, detail: Detail, excerpt: int) -> _Article:
    """The fields of `answers.Article`, with at most `excerpt` characters of the excerpt."""
    urls = (article.url, article.amp_url, article.cached_url)
    url, amp_url, cached_url = (u if is_short(u, detail.address) else None for u in urls)
    return (
        short(article.title, detail.title),
        short(article.excerpt, excerpt),
        url,
        amp_url,
        cached_url,
        article.published,
        article.type,
        answers.Outlet(provider.name, provider.domain) if provider else None,
        article.image if article.image and is_short(article.image.url, detail.address) else None,
    )


_ENCODER = msgspec.json.Encoder()
