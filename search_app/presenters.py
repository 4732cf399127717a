"""From results to JSON: the contract's object, the same for the API and `newsdex search --json`."""

from datetime import datetime
from typing import Any

import msgspec

from indexer.item import Article, Provider
from search_app.detail import ANSWER, ANSWERS, WHOLE, Detail, fitting
from search_app.filters import cut, is_short, short
from search_app.search.query import Note
from search_app.search.results import FacetValue, Hit, RelatedHit, Results

Json = dict[str, Any]


def results_bytes(results: Results, room: int = ANSWER) -> bytes:
    """The answer to a search as JSON text. Where its hits take more room than there is, they are
    shown in less detail, and a note says how many."""
    if sum(map(_size, results.hits)) <= room:
        text = _ENCODER.encode(results_json(results))
        if len(text) <= room:
            return text
    fitted = fitting(
        results.hits, lambda hit, d: _ENCODER.encode(hit_json(hit, d)), ANSWERS, room, _least
    )
    row = _results(results, [msgspec.Raw(shown) for shown, _ in fitted])
    lessened = sum(detail is not WHOLE for _, detail in fitted)
    if lessened:
        row["notes"].append(note_json(_cut_note(lessened)))
    return _ENCODER.encode(row)


def _size(hit: Hit) -> int:
    """Fewer characters than a hit takes whole."""
    own = len(hit.title_html) + len(hit.excerpt_html)
    return own + sum([len(one.title_html) + len(one.excerpt_html) for one in hit.related])


def _least(hit: Hit, detail: Detail) -> int:
    return _size(hit) if detail is WHOLE else 0


def _cut_note(hits: int) -> Note:
    some = "1 hit is" if hits == 1 else f"{hits:,} hits are"
    return Note(
        "cut", f"{some} shown in part, for all of them are too long; /api/items/<id> has each whole"
    )


def results_json(results: Results) -> Json:
    """The answer to a search, its hits whole."""
    return _results(results, [hit_json(hit) for hit in results.hits])


def _results(results: Results, hits: list[Any]) -> Json:
    request = results.request
    return {
        "query": request.q,
        "total": results.total,
        "page": request.page,
        "page_size": request.page_size,
        "sort": request.sort.value,
        "match": request.match.value,
        "relaxed": results.relaxed,
        "notes": [note_json(note) for note in results.notes],
        "did_you_mean": None,
        "took_ms": results.took_ms,
        "generation": results.generation,
        "hits": hits,
        "facets": {
            group: [facet_json(value) for value in values]
            for group, values in results.facets.items()
        },
    }


def item_json(hit: Hit) -> Json:
    """One item with its coverage: a hit without what belongs to a search, and with its body."""
    row = hit_json(hit)
    for name in ("score", "highlights"):
        del row[name]
    for related in row["related"]:
        del related["matched"], related["highlights"]
    return {**row, "body": hit.item.body}


def hit_json(hit: Hit, detail: Detail = WHOLE) -> Json:
    """One hit of a search, in some detail: of its related articles those found come first."""
    related = hit.related
    if len(related) > detail.related:
        related = tuple(sorted(related, key=lambda one: not one.matched))[: detail.related]
    return {
        "id": hit.item.id,
        **_article_json(hit.item.article, hit.provider, detail, detail.excerpt),
        "topics": list(hit.item.topics[: detail.topics]),
        "quality": hit.item.article.quality,
        "heat": hit.item.heat,
        "score": hit.score,
        "outlets": hit.outlets,
        "highlights": _highlights(hit, detail, detail.excerpt),
        "related": [related_json(one, detail) for one in related],
    }


def related_json(related: RelatedHit, detail: Detail = WHOLE) -> Json:
    """A related article of a hit."""
    return {
        **_article_json(related.article, related.provider, detail, detail.gist),
        "matched": related.matched,
        "highlights": _highlights(related, detail, detail.gist),
    }


def _highlights(hit: Hit | RelatedHit, detail: Detail, excerpt: int) -> Json:
    if detail is WHOLE:  # no text is longer, and to look for a place to cut takes time
        return {"title": hit.title_html, "excerpt": hit.excerpt_html}
    return {"title": cut(hit.title_html, detail.title), "excerpt": cut(hit.excerpt_html, excerpt)}


def facet_json(facet: FacetValue) -> Json:
    """A value of a facet group."""
    return {
        "value": facet.value,
        "label": facet.label,
        "count": facet.count,
        "selected": facet.selected,
    }


def note_json(note: Note) -> Json:
    """A note on how the query was understood."""
    return {"kind": note.kind, "message": note.message, "start": note.start, "end": note.end}


def error_json(kind: str, message: str, **details: str) -> Json:
    """The one body of every error."""
    return {"error": {"kind": kind, "message": message, **details}}


def instant(moment: datetime | None) -> str | None:
    """`2020-06-09T00:47:00Z`, or `None`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0") if moment else None


def no_item(id: str) -> str:
    """What is said of an id that no item has."""
    return f"there is no item {short(id, _LONGEST_ID)!r} in the index"


def _article_json(
    article: Article, provider: Provider | None, detail: Detail, excerpt: int
) -> Json:
    def address(url: str) -> str | None:
        return url if is_short(url, detail.address) else None

    return {
        "title": short(article.title, detail.title),
        "excerpt": short(article.excerpt, excerpt),
        "url": address(article.url),
        "amp_url": address(article.amp_url),
        "cached_url": address(article.cached_url),
        "published": instant(article.published),
        "type": article.type,
        "provider": {"name": provider.name, "domain": provider.domain} if provider else None,
    }


_ENCODER = msgspec.json.Encoder()
_LONGEST_ID = 200
