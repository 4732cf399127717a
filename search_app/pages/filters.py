"""What narrows a search: the values of each facet, dates, and what is selected of both."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from indexer.schema import FACETS
from search_app.links import SearchLinks
from search_app.pages.histogram import Histogram, histogram, period_name
from search_app.search.intervals import EPOCH, Interval, edges
from search_app.search.period import period
from search_app.search.query.rewrite import Match
from search_app.search.request import Group, SearchRequest
from search_app.search.results import FacetValue, Results
from search_app.search.signals import DAY
from search_app.template_filters import day_name, short

TITLES = {
    "topic": ("Topic", "topics"),
    "provider": ("Outlet", "outlets"),
    "language": ("Language", "languages"),
    "type": ("Kind", "kinds"),
    "year": ("Year", "years"),
}
"""What a facet group and its values are called, in the order of the page."""

SHOWN = tuple(group for group in TITLES if group != "year")
"""The groups with checkboxes; years are shown as a histogram."""

MOST_VALUES = 10
"""Values shown of a group, unless more are selected."""

MATCHES = {Match.AUTO: "All words, then some", Match.ALL: "All words", Match.ANY: "Any word"}
GROUPINGS = {Group.NONE: "Every item", Group.STORY: "One per story"}

_UNFILTERED = {**dict.fromkeys(FACETS, ""), "since": "", "until": "", "story": ""}
"""The parameters that narrow a search."""

Option = TypeVar("Option", bound=StrEnum)

LONGEST_LABEL = 60
"""Characters shown of a value; a longer one is cut."""


class Value(Struct, frozen=True):
    """A checkbox."""

    value: str
    label: str
    items: str
    checked: bool


class FacetGroup(Struct, frozen=True):
    """A group of checkboxes. `all_url` leads to all its values where not all are shown."""

    name: str
    title: str
    values: tuple[Value, ...]
    all_label: str
    all_url: str


class Choice(Struct, frozen=True):
    """A link to the search with one thing changed."""

    label: str
    url: str
    selected: bool


class Chip(Struct, frozen=True):
    """Something selected; `url` leads to the search without it, or is empty if the search is too
    long."""

    group: str
    label: str
    url: str


class DateField(Struct, frozen=True):
    """A field for a date. What is no whole day can be kept only as text."""

    name: str
    label: str
    kind: str
    value: str


class Dates(Struct, frozen=True):
    """What narrows a search by date."""

    presets: tuple[Choice, ...]
    fields: tuple[DateField, ...]
    histogram: Histogram
    table_url: str


class Filters(Struct, frozen=True):
    """All that narrows a search. `clear_url` leads to the search without any of what is selected,
    if something is."""

    chips: tuple[Chip, ...]
    clear_url: str
    groups: tuple[FacetGroup, ...]
    dates: Dates
    matches: tuple[Choice, ...]
    groupings: tuple[Choice, ...]


def filters(results: Results, links: SearchLinks) -> Filters:
    """What narrows a search, and what of it is selected."""
    request, selected = results.request, chips(results, links)
    return Filters(
        selected,
        links.changed(page_size="", spelling="", **_UNFILTERED) if selected else "",
        facet_groups(results, links),
        dates(results, links),
        _matches(request, links),
        _choices(GROUPINGS, "group", request.group, request.default_group, links, story=""),
    )


def _matches(request: SearchRequest, links: SearchLinks) -> tuple[Choice, ...]:
    """How many of the words must be found, where there are several, or it was chosen already."""
    is_asked = len(request.q.split()) > 1 or request.match is not Match.AUTO
    if not request.q.strip() or not is_asked:
        return ()
    return _choices(MATCHES, "match", request.match, Match.AUTO, links)


def _choices(
    titles: Mapping[Option, str],
    name: str,
    chosen: Option,
    default: Option,
    links: SearchLinks,
    **others: str,
) -> tuple[Choice, ...]:
    """The values of a parameter as links, with other values of some others, too; none if the search
    is too long."""
    if links.is_long:
        return ()
    values = ["" if value is default else value for value in titles]
    return choices(titles, links.each(name, values, **others), chosen)


def choices(
    titles: Mapping[Option, str], urls: Iterable[str], chosen: Option | None
) -> tuple[Choice, ...]:
    """Links with these titles, of which one may be chosen."""
    return tuple(
        [
            Choice(title, url, value is chosen)
            for (value, title), url in zip(titles.items(), urls, strict=True)
        ]
    )


def facet_groups(results: Results, links: SearchLinks) -> tuple[FacetGroup, ...]:
    """The groups of a page: those of which a value can be chosen, or is."""
    groups = []
    for name in SHOWN:
        values = results.facets.get(name, ())
        if len(values) > 1 or any(value.selected for value in values):
            shown = values if len(values) <= MOST_VALUES else _first(values)
            there = results.facet_sizes.get(name, 0)
            title, plural = TITLES[name]
            groups.append(
                FacetGroup(
                    name,
                    title,
                    checkboxes(name, shown),
                    f"All {there:,} {plural}" if there > len(shown) else "",
                    links.changed(f"/search/facets/{name}") if there > len(shown) else "",
                )
            )
    return tuple(groups)


def _first(values: Sequence[FacetValue]) -> list[FacetValue]:
    """As many of the most frequent values as are shown; but all that are selected."""
    room = MOST_VALUES - sum([value.selected for value in values])
    shown = []
    for value in values:
        room -= not value.selected
        if value.selected or room >= 0:
            shown.append(value)
    return shown


def checkboxes(group: str, values: Sequence[FacetValue]) -> tuple[Value, ...]:
    """The values of a group as checkboxes. Outlets of the same name are told apart by domain."""
    shown = [
        Value(value.value, label_of(group, value), f"{value.count:,}", value.selected)
        for value in values
    ]
    labels = [value.label for value in shown]
    if len(set(labels)) < len(labels):
        shown = [
            replace(one, label=f"{one.label} ({short(one.value, LONGEST_LABEL)})")
            if labels.count(one.label) > 1
            else one
            for one in shown
        ]
    return tuple(shown)


def label_of(group: str, value: FacetValue) -> str:
    """Kinds are written in lower case, everything else as people write it."""
    return short(value.label.capitalize() if group == "type" else value.label, LONGEST_LABEL)


def chips(results: Results, links: SearchLinks) -> tuple[Chip, ...]:
    """All that is selected."""
    return tuple(
        [
            Chip(group, label, "" if links.is_long else links.without(*given))
            for group, label, *given in _selected(results)
        ]
    )


def _selected(results: Results) -> Iterator[tuple[str, str, *tuple[tuple[str, str], ...]]]:
    """What is selected: its group, what it is called, and the parameters that say so with their
    values: two for a period that is bounded on both sides."""
    request = results.request
    for name, (title, _) in TITLES.items():
        if request.selections[name]:
            for value in results.facets.get(name, ()):
                if value.selected:
                    yield title, label_of(name, value), (name, value.value)
    since, until = ("since", request.since), ("until", request.until)
    if request.since and (label := _spoken_period(request.since, request.until)):
        yield "Time", label, since, until
    else:
        if request.since:
            yield "Since", spoken_date(request.since), since
        if request.until:
            yield "Until", spoken_date(request.until), until
    if request.story:
        yield "Only", "one story", ("story", request.story)


def _spoken_period(since: str, until: str) -> str:
    """What people call the period between two dates, both included, if it is one of a calendar, as
    those of a histogram are: `2014`, `June 2020`; else empty."""
    first, last = period(since), period(until)
    if first is None or last is None:
        return ""
    start, end = _day(first[0]), _day(last[1] - DAY)
    if start is None or end is None:
        return ""
    days = start.toordinal() - EPOCH, end.toordinal() - EPOCH + 1
    for interval in Interval:
        if edges(interval, days[0], days[0]) == days:
            return period_name(interval, start, end)  # its year is all that is told of the end
    return ""


def spoken_date(text: str) -> str:
    """A day as people write it; other dates as they were typed."""
    span = period(text)
    day = _day(span[0]) if span and span[1] - span[0] == DAY else None
    return day_name(day) if day else text


def _day(start: int) -> date | None:
    """The day in UTC that begins at a moment in UTC seconds; `None` if none does, or none of the
    years 1 to 9999."""
    days, seconds = divmod(start, DAY)
    is_day = not seconds and 1 <= days + EPOCH <= date.max.toordinal()
    return date.fromordinal(days + EPOCH) if is_day else None


def dates(results: Results, links: SearchLinks) -> Dates:
    """What narrows a search by date."""
    request = results.request
    return Dates(
        presets=_presets(results, links),
        fields=(_field(request, "since", "Since"), _field(request, "until", "Until")),
        histogram=histogram(results.timeline, links) if results.timeline else NO_HISTOGRAM,
        table_url=links.changed("/search/timeline"),
    )


NO_HISTOGRAM = Histogram((), 0, 0, "")


def _presets(results: Results, links: SearchLinks) -> tuple[Choice, ...]:
    """The latest day, week, month and year, and all time."""
    request = results.request
    if links.is_long or not results.presets:
        return ()
    sinces = [preset.since for preset in results.presets]
    anytime, *urls = links.each("since", ["", *sinces], until="")
    chosen = request.since if not request.until else None
    presets = [
        Choice(f"Latest {preset.interval}", url, preset.since == chosen)
        for preset, url in zip(results.presets, urls, strict=True)
    ]
    return (Choice("Any time", anytime, chosen == ""), *presets)


def _field(request: SearchRequest, name: str, label: str) -> DateField:
    text = getattr(request, name)
    span = period(text) if text else None
    if span is None:
        return DateField(name, label, "date", "")
    day = _day(span[0] if name == "since" else span[1] - DAY)
    if day is None:
        return DateField(name, label, "text", text)
    return DateField(name, label, "date", day.isoformat())
