"""Results for a terminal: what a person reads after `newsdex search`, and the notes on a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from indexer.source.seed_file import SUFFIXES
from search_app.pages.filters import TITLES
from search_app.search.cursor import Cursor
from search_app.search.explanation import Explanation
from search_app.search.query.rewrite import Match
from search_app.search.request import SearchRequest
from search_app.search.results import Corrected, Hit, Results
from search_app.template_filters import short
from search_app.wrapping import wrapped


@dataclass(frozen=True, slots=True)
class Paper:
    """What is written on: its columns, whether it shows bold, and the folder of the items' files,
    by which hits name theirs. A wide terminal does not make long lines easier to read."""

    width: int = 88
    colour: bool = False
    seeds: Path = Path("seeds")


_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_SHOWN = 6
_QUERY = 200
"""Characters shown of a query."""


def results_text(results: Results, paper: Paper) -> str:
    """All of one page of results; in colour, what was found is bold."""
    lines = [
        *wrapped(_heading(results), 0, paper.width),
        *(line for told in _spelling(results) for line in wrapped(told, 2, paper.width)),
        *(
            line
            for note in results.notes
            for line in wrapped(f"note: {note.message}", 2, paper.width)
        ),
        *(line for hint in _hints(results) for line in wrapped(hint, 2, paper.width)),
        "",
    ]
    start = (results.request.page - 1) * results.request.page_size + 1
    for rank, hit in enumerate(results.hits, start=start):
        lines += [*_hit(rank, hit, paper), ""]
    for group, values in results.facets.items():
        shown = [f"{v.label} ({v.count:,})" for v in values[:_SHOWN]]
        if shown:
            more = ", …" if len(values) > _SHOWN else ""
            lines += wrapped(f"{TITLES[group][0]}: {', '.join(shown)}{more}", 0, paper.width, 2)
    return "\n".join(lines).rstrip()


def list_notes(cursor: Cursor) -> Iterator[str]:
    """What whoever asked for a list of all hits should know, and the list itself cannot say."""
    if cursor.corrected:
        yield _corrected(cursor.corrected)
    if cursor.relaxed:
        yield "some items hold only some of the words; --match all leaves them out"
    for note in cursor.notes:
        yield note.message


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
        yield _corrected(results.corrected)
    if results.did_you_mean:
        yield f"Did you mean: {short(results.did_you_mean, _QUERY)}"


def _corrected(corrected: Corrected) -> str:
    query, original = short(corrected.query, _QUERY), short(corrected.original, _QUERY)
    return f"Results for {query}; to search {original} as it is typed, add --spelling off"


def _hints(results: Results) -> Iterator[str]:
    """What to try where nothing was found."""
    request = results.request
    if results.total or not (request.q.strip() or _is_narrowed(request)):
        return
    if _is_narrowed(request):
        yield "Try it without --topic, --provider and the other options that narrow a search."
    if len(request.q.split()) > 1 and request.match is not Match.ANY:
        yield "Try --match any, which finds items with any of the words."
    if request.q.strip():
        yield "Try fewer or more general words, or check how they are spelt."


def _is_narrowed(request: SearchRequest) -> bool:
    chosen = (*request.selections.values(), request.since, request.until, request.story)
    return any(chosen)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _hit(rank: int, hit: Hit, paper: Paper) -> list[str]:
    article, colour = hit.item.article, paper.colour
    facts = [hit.provider.name if hit.provider else "", article.type]
    if article.published:
        facts.append(f"{article.published:%Y-%m-%d}")
    if hit.authors_html:
        more = f" and {len(hit.authors_html) - _SHOWN} more" if hit.authors_html[_SHOWN:] else ""
        names = ", ".join(_marked(name, colour) for name in hit.authors_html[:_SHOWN])
        facts.append(f"by {names}{more}")
    if hit.outlets > 1:
        facts.append(f"{hit.outlets} outlets")
    title = wrapped(_marked(hit.title_html, colour), 5, paper.width)
    lines = [f"{rank:>3}. {title[0][5:]}", *title[1:]]
    lines += wrapped(" · ".join(filter(None, facts)), 5, paper.width)
    if article.excerpt:
        lines += wrapped(_marked(hit.excerpt_html, colour), 5, paper.width)
    matched = [related for related in hit.related if related.matched]
    for related in matched[:_SHOWN]:
        outlet = related.provider.name if related.provider else "?"
        lines += wrapped(f"also in {outlet}: {_marked(related.title_html, colour)}", 5, paper.width)
    if left := len(matched[_SHOWN:]):
        lines.append(f"     and {left:,} more")
    if hit.others:
        lines.append(f"     +{hit.others:,} more of this story: --story {hit.story}")
    if article.url:
        lines.append(f"     {article.url}")
    lines.append(f"     {_file(paper.seeds, hit.item.id)}")
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


def _file(seeds: Path, id: str) -> Path:
    """The file of an item; if it is not there, where it was most likely read from."""
    names = [seeds / f"{id}.{suffix}" for suffix in SUFFIXES]
    return next((name for name in names if name.is_file()), names[0])


def _marked(html: str, colour: bool) -> str:
    """Marked HTML as text. Items hold no control characters, so none reach the terminal."""
    start, end = (_BOLD, _PLAIN) if colour else ("", "")
    return unescape(html.replace("<mark>", start).replace("</mark>", end))
