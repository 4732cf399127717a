"""Results for a terminal: what a person reads after `newsdex search`."""

from collections.abc import Iterator
from html import unescape
from textwrap import fill

from search_app.page_model import GROUP_TITLES
from search_app.search.explanation import Explanation
from search_app.search.results import Hit, Results

WIDTH = 88
"""Columns of text; a wide terminal does not make long lines easier to read."""

_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_SHOWN = 6


def results_text(results: Results, *, colour: bool) -> str:
    """All of one page of results; with `colour`, what was found is bold."""
    lines = [
        _heading(results),
        *_spelling(results),
        *(f"  note: {note.message}" for note in results.notes),
        "",
    ]
    start = (results.request.page - 1) * results.request.page_size + 1
    for rank, hit in enumerate(results.hits, start=start):
        lines += [*_hit(rank, hit, colour), ""]
    for group, values in results.facets.items():
        shown = [f"{v.label} ({v.count:,})" for v in values[:_SHOWN]]
        if shown:
            more = ", …" if len(values) > _SHOWN else ""
            lines.append(f"{GROUP_TITLES[group]}: {', '.join(shown)}{more}")
    return "\n".join(lines).rstrip()


def _heading(results: Results) -> str:
    items = _counted(results.total, "item", "items")
    if results.stories is not None:
        items = f"{_counted(results.stories, 'story', 'stories')} in {items}"
    page = f", page {results.request.page:,} of {results.pages:,}" if results.pages > 1 else ""
    relaxed, items_of = "", "" if results.stories is None else " of the items"
    if results.relaxed:
        relaxed = (
            f"; {results.complete:,}{items_of} with all of the words come first"
            if results.complete
            else "; none holds all of the words, these hold some"
        )
    return f"{items}{page}{relaxed} ({results.took_ms:.0f} ms)"


def _spelling(results: Results) -> Iterator[str]:
    """What was searched instead of what was typed, or might have been meant by it."""
    if results.corrected:
        query, original = results.corrected.query, results.corrected.original
        yield f"  Results for {query}; to search {original} as it is typed, add --spelling off"
    if results.did_you_mean:
        yield f"  Did you mean: {results.did_you_mean}"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _hit(rank: int, hit: Hit, colour: bool) -> list[str]:
    article = hit.item.article
    facts = [hit.provider.name if hit.provider else "", article.type]
    if article.published:
        facts.append(f"{article.published:%Y-%m-%d}")
    if hit.authors_html:
        more = f" and {len(hit.authors_html) - _SHOWN} more" if hit.authors_html[_SHOWN:] else ""
        names = ", ".join(_marked(name, colour) for name in hit.authors_html[:_SHOWN])
        facts.append(f"by {names}{more}")
    if hit.outlets > 1:
        facts.append(f"{hit.outlets} outlets")
    lines = [
        f"{rank:>3}. {_marked(hit.title_html, colour)}",
        f"     {' · '.join(filter(None, facts))}",
    ]
    if article.excerpt:
        indent = " " * 5
        excerpt = _marked(hit.excerpt_html, colour)
        lines.append(fill(excerpt, WIDTH, initial_indent=indent, subsequent_indent=indent))
    for related in hit.related:
        if related.matched:
            outlet = related.provider.name if related.provider else "?"
            lines.append(f"     also in {outlet}: {_marked(related.title_html, colour)}")
    if hit.others:
        lines.append(f"     +{hit.others:,} more of this story: --story {hit.story}")
    if article.url:
        lines.append(f"     {article.url}")
    return [*lines, *_explained(hit.explanation)] if hit.explanation else lines


def _explained(explanation: Explanation, indent: int = 5) -> Iterator[str]:
    """A line for each value, indented below what it is part of; numbers that come of nothing else
    stand in the line of what they are part of."""
    line, details = f"{explanation.value:.6g}  {explanation.description}", explanation.details
    if details and not any(detail.details for detail in details):
        numbers = [f"{detail.value:.6g} {detail.description}" for detail in details]
        line, details = f"{line}: {'; '.join(numbers)}", ()
    yield f"{' ' * indent}{line}"
    for detail in details:
        yield from _explained(detail, indent + 2)


def _marked(html: str, colour: bool) -> str:
    """Marked HTML as text. Items hold no control characters, so none reach the terminal."""
    start, end = (_BOLD, _PLAIN) if colour else ("", "")
    return unescape(html.replace("<mark>", start).replace("</mark>", end))
