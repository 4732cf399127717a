"""From results to JSON: the contract's object, the same for the API and `newsdex search --json`."""

from datetime import datetime
from typing import Any

from indexer.item import Article, Provider
from search_app.search.query import Note
from search_app.search.results import FacetValue, Hit, RelatedHit, Results

Json = dict[str, Any]


def results_json(results: Results) -> Json:
    """The answer to a search."""
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
        "hits": [hit_json(hit) for hit in results.hits],
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


def hit_json(hit: Hit) -> Json:
    """One hit of a search."""
    return {
        "id": hit.item.id,
        **_article_json(hit.item.article, hit.provider),
        "topics": list(hit.item.topics),
        "quality": hit.item.article.quality,
        "heat": hit.item.heat,
        "score": hit.score,
        "outlets": hit.outlets,
        "highlights": {"title": hit.title_html, "excerpt": hit.excerpt_html},
        "related": [related_json(related) for related in hit.related],
    }


def related_json(related: RelatedHit) -> Json:
    """A related article of a hit."""
    return {
        **_article_json(related.article, related.provider),
        "matched": related.matched,
        "highlights": {"title": related.title_html, "excerpt": related.excerpt_html},
    }


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


def _article_json(article: Article, provider: Provider | None) -> Json:
    return {
        "title": article.title,
        "excerpt": article.excerpt,
        "url": article.url or None,
        "amp_url": article.amp_url or None,
        "cached_url": article.cached_url or None,
        "published": instant(article.published),
        "type": article.type,
        "provider": {"name": provider.name, "domain": provider.domain} if provider else None,
    }
