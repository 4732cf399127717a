"""A search engine written down from the definitions, by brute force: what every engine must equal.

It knows `indexer.analysis`, the schema and the docstrings of `logical`, `ranking` and `protocols`,
of which `definitions` is the arithmetic; no postings, no index. An engine may store field
lengths coarsely: `Corpus` takes that as a parameter.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import log, sqrt
from statistics import fmean, pstdev

from msgspec.structs import replace

from indexer.analysis import tokenizer
from indexer.analysis.tokenizer import STEM_MARK
from indexer.document import Document, decode
from indexer.item import Item
from indexer.schema import FACETS, FIELDS, ZONES
from search_app.search import ranking
from search_app.search.intervals import Interval
from search_app.search.protocols import (
    MIN_FULL_MATCHES,
    EngineRequest,
    EngineResult,
    Histogram,
    ScoredDoc,
)
from search_app.search.query.logical import (
    AllOf,
    AnyOf,
    BestOf,
    Exclude,
    Expression,
    Keyword,
    MatchAll,
    MatchNone,
    NumericRange,
    Phrase,
    Prefix,
    Should,
    Term,
)
from search_app.search.request import Group, Sort
from search_app.search.signals import SignalWeights
from tests.contract.definitions import Standing, fresh, normalised, saturated, sort_key

WEIGHTS = {zone.name: zone.weight for zone in ZONES}
B = {zone.name: zone.b for zone in ZONES}
ZONES_OF = {field.name: field.zones for field in FIELDS}

NOW = 2_000_000_000.0
EPOCH = date(1970, 1, 1).toordinal()

Scores = dict[str, float]
"""Id to score."""

Had = Mapping[str, Mapping[str, Collection[str]]]
"""For each group and selected value that is an expression, the ids of the items that have it."""


class Text:
    """One text of a field: its tokens, and what a word in it weighs."""

    def __init__(self, text: str, zone: str, weight: float) -> None:
        self.tokens = tuple(tokenizer.tokenize(text))
        self.zone = zone
        self.weight = weight
        self.places = {(token.term, token.position) for token in self.tokens}

    def positions(self, term: str) -> list[int]:
        """Where a term stands."""
        return [token.position for token in self.tokens if token.term == term]

    def has_row(self, terms: tuple[str, ...]) -> bool:
        """Whether the terms stand at successive positions."""
        return any(
            all((term, start + step) in self.places for step, term in enumerate(terms))
            for _, start in self.places
        )


class Corpus:
    """Documents to search; `stories`: id to the name of the story, of those that are not alone."""

    def __init__(
        self, documents: Iterable[Document], stories: Mapping[str, str], now: float = NOW
    ) -> None:
        self._now = now
        self._documents = {document.id: document for document in documents}
        self._stories = stories
        self._texts: dict[tuple[str, str], list[Text]] = {}
        self._means: dict[str, float] = {}

    @cached_property
    def items(self) -> dict[str, Item]:
        """The items, by id."""
        return {id: decode(document.stored) for id, document in self._documents.items()}

    def search(self, query: EngineRequest) -> EngineResult:
        """The answer an engine has to give; of a hit `at` is the item itself."""
        if query.if_new is not None and query.limit:
            best = self._search(replace(query, offset=0, limit=20))
            if self.newness([hit.id for hit in best.hits]) > 2:
                query = replace(query, signals=query.if_new)
        return self._search(query)

    def _search(self, query: EngineRequest) -> EngineResult:
        """The answer by the `signals` of the query."""
        inside = self.scores(NumericRange("date", *query.window)) if any_bound(query) else None
        full = within(self._ranked(query.full, query), inside)
        had = {
            group: {value: self.scores(one).keys() for value, one in values.items()}
            for group, values in query.worded.items()
        }
        matches, tiers = dict(full), dict.fromkeys(full, 0)
        if query.partial is not None and len(full) < MIN_FULL_MATCHES:
            partial = within(self._ranked(query.partial, query), inside)
            matches = partial | full
            tiers = dict.fromkeys(partial, 1) | tiers
        if query.story:
            matches = {id: s for id, s in matches.items() if self.story(id) == query.story}
        hits = [id for id in matches if not self._failed(id, query, had)]
        matches |= self._rescored(query, hits, tiers, matches)
        ranked = sorted(hits, key=self._key(query, tiers, matches))
        stories: dict[str, list[str]] = {}
        for id in ranked:
            stories.setdefault(self.story(id), []).append(id)
        is_grouped = query.group is Group.STORY
        entries = [best for best, *_ in stories.values()] if is_grouped else ranked
        page = entries[query.offset : query.offset + query.limit]
        others = {id: len(stories[self.story(id)]) - 1 if is_grouped else 0 for id in page}
        return EngineResult(
            total=len(hits),
            complete=sum(not tiers[id] for id in hits),
            hits=tuple(ScoredDoc(id, matches[id], self.items[id], others[id]) for id in page),
            facets={group: self._listed(group, matches, query, had) for group in FACETS},
            stories=len(stories) if is_grouped else None,
            facet_sizes={
                group: len(self._ranked_values(group, matches, query, had)) for group in FACETS
            }
            if query.facet_size
            else {},
            histogram=self._histogram(hits, query),
            signals=query.signals,
        )

    def _key(
        self, query: EngineRequest, tiers: dict[str, int], scores: Scores
    ) -> Callable[[str], tuple[float | int | str, ...]]:
        return lambda id: sort_key(self._standing(id, tiers[id], scores[id]), query.sort)

    def _ranked(self, expression: Expression, query: EngineRequest) -> Scores:
        """The scores, more of the headline that is searched for, multiplied by the signals."""
        headlines = {id: d.numbers["headline"] for id, d in self._documents.items()}
        return {
            id: score
            * (ranking.EQUAL_HEADLINE if headlines[id] == query.headline else 1)
            * self._factor(id, query.signals)
            for id, score in self.scores(expression).items()
        }

    def _factor(self, id: str, weights: SignalWeights) -> float:
        """What the signals of an item multiply its score by."""
        numbers = self._documents[id].numbers
        return (
            (1 + weights.freshness * self._freshness(id))
            * (1 + weights.quality * (self._percentile(id, "quality") - 0.5))
            * (1 + weights.heat * (self._percentile(id, "heat") - 0.5))
            * (1 + weights.coverage * log(min(max(numbers["outlets"], 1), 20)) / log(20))
        )

    def newness(self, ids: Collection[str]) -> float:
        """How many standard errors the mean freshness of items is above that of all."""
        everyone = [self._freshness(id) for id in self._documents]
        deviation = pstdev(everyone) if everyone else 0.0
        if not ids or not deviation:
            return 0.0
        some = fmean(map(self._freshness, ids))
        return (some - fmean(everyone)) / (deviation / sqrt(len(ids)))

    def _freshness(self, id: str) -> float:
        dates = [d.numbers["date"] for d in self._documents.values() if "date" in d.numbers]
        past = [date for date in dates if date <= self._now]
        return fresh(self._documents[id].numbers.get("date"), past, self._now)

    def _percentile(self, id: str, name: str) -> float:
        """The share of known values below an item's own, and half of those equal."""
        known = [d.numbers.get(name, -1) for d in self._documents.values()]
        known = [value for value in known if value >= 0]
        own = self._documents[id].numbers.get(name, -1)
        if own < 0:
            return 0.5
        return sum((value < own) + 0.5 * (value == own) for value in known) / len(known)

    def _rescored(
        self, query: EngineRequest, hits: list[str], tiers: dict[str, int], scores: Scores
    ) -> Scores:
        """The scores of the best hits of each tier, with what pairs of words add."""
        if query.sort is not Sort.RELEVANCE or not query.pairs:
            return {}
        ranked = sorted(hits, key=self._key(query, tiers, scores))
        best = [
            id
            for tier in (0, 1)
            for id in [id for id in ranked if tiers[id] == tier][: query.rescored]
        ]
        return {
            id: scores[id]
            + self._factor(id, query.signals)
            * sum(self._together(id, *pair) for pair in query.pairs)
            for id in best
        }

    def _together(self, id: str, first: Term, second: Term) -> float:
        """What two words that stand together in a document add."""
        adjacent = near = 0.0
        for text in self._field(id, first.field):
            weight = text.weight * self._norm(id, text.zone)
            for start in text.positions(first.exact):
                steps = [end - start for end in text.positions(second.exact)]
                adjacent += weight * (1 in steps)
                near += weight * any(abs(step) < ranking.NEAR for step in steps)
        most = [
            word.boost * (1 + ranking.EXACT) * self._idf(word.field, word.exact)
            for word in (first, second)
        ]
        return ranking.PROXIMITY * sum(most) * (saturated(adjacent) + saturated(near))

    def _idf(self, field: str, exact: str) -> float:
        having = [
            any(exact == token.term for text in self._field(id, field) for token in text.tokens)
            for id in self._documents
        ]
        return ranking.idf(len(having), sum(having))

    def story(self, id: str) -> str:
        """The story of an item, which is its own if no other reports it."""
        return self._stories.get(id, id)

    def scores(self, expression: Expression) -> Scores:
        """The ids that match, with their scores."""
        match expression:
            case Term(field, exact, _, boost):
                return times(boost, self._term(field, exact, expression.stems))
            case Phrase(field, terms, boost):
                rows = [id for id in self._documents if self._has_row(id, field, terms)]
                alone = [self._term(field, term, ()) for term in set(terms)]
                return {id: boost * sum(scores[id] for scores in alone) for id in rows}
            case Prefix("type", prefix):
                kinds = {id: d.keywords["type"] for id, d in self._documents.items()}
                return {id: 0.0 for id, (kind,) in kinds.items() if kind.startswith(prefix)}
            case Prefix(field, prefix, boost):
                return times(boost, self._weighed(field, lambda term: term.startswith(prefix)))
            case Keyword("story", value):
                return {id: 0.0 for id in self._documents if self.story(id) == value}
            case Keyword(field, value, score):
                had = [id for id, d in self._documents.items() if value in d.keywords[field]]
                return dict.fromkeys(had, score if field in ("url", "id") else 0.0)
            case NumericRange(field, low, high):
                return {
                    id: 0.0
                    for id, document in self._documents.items()
                    if field in document.numbers
                    and (low is None or low <= document.numbers[field])
                    and (high is None or document.numbers[field] < high)
                }
            case MatchAll():
                return dict.fromkeys(self._documents, 0.0)
            case MatchNone():
                return {}
            case AllOf(members):
                return self._all(members)
            case AnyOf(members):
                return added(self.scores(member) for member in members)
            case BestOf(members):
                found = [self.scores(member) for member in members]
                return {id: max(s.get(id, 0.0) for s in found) for id in set().union(*found)}
        raise AssertionError(f"{expression} may stand only in AllOf")

    def _all(self, members: tuple[Expression, ...]) -> Scores:
        wanted = [self.scores(m) for m in members if not isinstance(m, Exclude | Should)]
        more = [self.scores(m.child) for m in members if isinstance(m, Should)]
        unwanted = {id for m in members if isinstance(m, Exclude) for id in self.scores(m.child)}
        both = set.intersection(*map(set, wanted)) - unwanted
        return {id: score for id, score in added([*wanted, *more]).items() if id in both}

    def _term(self, field: str, exact: str, stems: tuple[str, ...]) -> Scores:
        exactly = self._weighed(field, lambda term: term == exact)
        if not stems:
            return {id: (1 + ranking.EXACT) * score for id, score in exactly.items()}
        weights: dict[str, float] = {}
        for stem in reversed(stems):  # the first that an item has is what counts there
            weights |= {id: w for id in self._documents if (w := self._stemmed(id, field, stem))}
        found = self._saturated(weights)
        return {id: s + ranking.EXACT * exactly.get(id, 0.0) for id, s in found.items()}

    def _stemmed(self, id: str, field: str, stem: str) -> float:
        """What a stem or an exact form weighs in an item, of whose language the stems are; forms
        at one position that share a stem are one occurrence of it."""
        if not stem.startswith(STEM_MARK):
            return self._weight(id, field, lambda term: term == stem)
        language = self._documents[id].language
        return self._weight(id, field, lambda term: tokenizer.stem(term, language) == stem, True)

    def _weighed(self, field: str, wanted: Callable[[str], bool]) -> Scores:
        """BM25 of the tokens that are wanted, taken as one and the same term."""
        return self._saturated({id: self._weight(id, field, wanted) for id in self._documents})

    def _saturated(self, weights: Mapping[str, float]) -> Scores:
        """BM25 of a term with these weights."""
        containing = sum(weight > 0 for weight in weights.values())
        idf = ranking.idf(len(self._documents), containing)
        return {id: idf * saturated(w) for id, w in weights.items() if w}

    def _weight(
        self, id: str, field: str, wanted: Callable[[str], bool], by_position: bool = False
    ) -> float:
        """Each occurrence counts its zone's weight, against how long that zone is here; with
        `by_position` those at one position are one."""
        weight = 0.0
        for text in self._field(id, field):
            positions = [token.position for token in text.tokens if wanted(token.term)]
            count = len(set(positions) if by_position else positions)
            weight += count * text.weight * self._norm(id, text.zone)
        return weight

    def _norm(self, id: str, zone: str) -> float:
        return normalised(self._words(id, zone), self._mean(zone), B[zone])

    def _words(self, id: str, zone: str) -> int:
        texts = self._documents[id].zones[zone]
        return sum(not token.overlay for text in texts for token in tokenizer.tokenize(text))

    def _mean(self, zone: str) -> float:
        """Over the documents that have any words there."""
        if zone not in self._means:
            lengths = [n for id in self._documents if (n := self._words(id, zone))]
            self._means[zone] = sum(lengths) / len(lengths) if lengths else 1.0
        return self._means[zone]

    def _has_row(self, id: str, field: str, terms: tuple[str, ...]) -> bool:
        return any(text.has_row(terms) for text in self._field(id, field))

    def _field(self, id: str, field: str) -> list[Text]:
        if (id, field) not in self._texts:
            zones = ZONES_OF[field]
            self._texts[id, field] = [
                Text(text, zone, WEIGHTS[zone] if len(zones) > 1 else 1.0)
                for zone in zones
                for text in self._documents[id].zones[zone]
            ]
        return self._texts[id, field]

    def _standing(self, id: str, tier: int, score: float) -> Standing:
        numbers = self._documents[id].numbers
        rounded = round(score, ranking.DECIMALS)
        return Standing(tier, rounded, numbers.get("date"), numbers["outlets"], id)

    def _failed(self, id: str, query: EngineRequest, had: Had) -> set[str]:
        """The groups whose selection an item does not meet."""
        return {
            group
            for group in FACETS
            if query.selections[group]
            and not set(query.selections[group]) & {*self._values(id, group, had)}
        }

    def _values(self, id: str, group: str, had: Had) -> list[str]:
        """The values of a group that an item has, those that are expressions among them."""
        worded = [value for value, ids in had.get(group, {}).items() if id in ids]
        return [*self._documents[id].keywords[FACETS[group]], *worded]

    def _counts(
        self, group: str, matches: Scores, query: EngineRequest, had: Had
    ) -> dict[str, int]:
        """Each value, with how many items, or their stories, have it and meet every selection but
        the own one of the group."""
        having: dict[str, set[str]] = {}
        for id in matches:
            if self._failed(id, query, had) <= {group}:
                counted = self.story(id) if query.group is Group.STORY else id
                for value in self._values(id, group, had):
                    having.setdefault(value, set()).add(counted)
        return {value: len(some) for value, some in having.items()}

    def _ranked_values(
        self, group: str, matches: Scores, query: EngineRequest, had: Had
    ) -> list[tuple[str, int]]:
        """The values that may be listed, with their counts, the most frequent first."""
        counts = self._counts(group, matches, query, had)
        wanted = query.facet_values.get(group, counts.keys()) - had.get(group, {}).keys()
        listed = [(value, count) for value, count in counts.items() if value in wanted]
        return sorted(listed, key=lambda entry: (-entry[1], entry[0]))

    def _listed(
        self, group: str, matches: Scores, query: EngineRequest, had: Had
    ) -> tuple[tuple[str, int], ...]:
        """The most frequent values, and those selected."""
        counts = self._counts(group, matches, query, had)
        shown = dict(self._ranked_values(group, matches, query, had)[: query.facet_size])
        for value in sorted(query.selections[group]):
            shown.setdefault(value, counts.get(value, 0))
        return tuple(shown.items())

    def _histogram(self, hits: list[str], query: EngineRequest) -> Histogram | None:
        """The hits by the day, week, month, year, decade or century of their dates."""
        if query.buckets is None:
            return None
        inside = self.scores(NumericRange("date", *query.window)).keys()
        days = {id: day_of(self._documents[id].numbers["date"]) for id in inside}
        hit_days = [days[id] for id in hits if id in days]
        undated = len(hits) - len(hit_days)
        finest = list(Interval).index(query.buckets.finest)
        if not hit_days:
            return Histogram(query.buckets.finest, undated=undated)
        for interval in list(Interval)[finest:]:
            buckets = between(interval, min(hit_days), max(hit_days))
            if len(buckets) <= query.buckets.most:
                break
        found = Counter(bucket_of(interval, day) for day in hit_days)
        everything = Counter(bucket_of(interval, day) for day in days.values())
        starts = [first_of(interval, bucket) for bucket in buckets]
        return Histogram(
            interval,
            (*(start.toordinal() - EPOCH for start in starts), end_of(interval, buckets[-1])),
            tuple(found[bucket] for bucket in buckets),
            tuple(everything[bucket] for bucket in buckets),
            undated,
        )


Bucket = tuple[int, ...]
"""A day as year, month and day; a week as ISO year and week; a month as year and month; a year,
decade or century as its first year."""


def day_of(seconds: int) -> date:
    """The date of a moment, in UTC."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()


def bucket_of(interval: Interval, day: date) -> Bucket:
    """The bucket of a day."""
    match interval:
        case Interval.DAY:
            return (day.year, day.month, day.day)
        case Interval.WEEK:
            return day.isocalendar()[:2]
        case Interval.MONTH:
            return (day.year, day.month)
        case Interval.YEAR:
            return (day.year,)
        case Interval.DECADE:
            return (day.year // 10 * 10,)
        case Interval.CENTURY:
            return (day.year // 100 * 100,)


def first_of(interval: Interval, bucket: Bucket) -> date:
    """The first day of a bucket."""
    if interval is Interval.WEEK:
        return date.fromisocalendar(bucket[0], bucket[1], 1)
    year, month, day = (*bucket, 1, 1)[:3]
    return date(max(1, year), month, day)


def following(interval: Interval, bucket: Bucket) -> Bucket:
    """The bucket after one."""
    match interval:
        case Interval.DAY | Interval.WEEK:
            step = timedelta(days=1 if interval is Interval.DAY else 7)
            return bucket_of(interval, first_of(interval, bucket) + step)
        case Interval.MONTH:
            year, month = bucket
            return (year + 1, 1) if month == 12 else (year, month + 1)
        case Interval.YEAR:
            return (bucket[0] + 1,)
        case Interval.DECADE:
            return (bucket[0] + 10,)
        case Interval.CENTURY:
            return (bucket[0] + 100,)


def between(interval: Interval, first: date, last: date, most: int = 2000) -> list[Bucket]:
    """The buckets from one day to another; of a great many only the first ones."""
    buckets = [bucket_of(interval, first)]
    while buckets[-1] != bucket_of(interval, last) and len(buckets) < most:
        buckets.append(following(interval, buckets[-1]))
    return buckets


def end_of(interval: Interval, bucket: Bucket) -> int:
    """The day after a bucket, counted from 1970-01-01; or after the last date there is."""
    try:
        return first_of(interval, following(interval, bucket)).toordinal() - EPOCH
    except (ValueError, OverflowError):
        return date.max.toordinal() + 1 - EPOCH


def any_bound(query: EngineRequest) -> bool:
    """Whether the window bounds anything at all."""
    return query.window != (None, None)


def within(scores: Scores, inside: Scores | None) -> Scores:
    """The scores of the ids that are inside, if that is asked for."""
    return {id: s for id, s in scores.items() if inside is None or id in inside}


def times(factor: float, scores: Scores) -> Scores:
    """Each score multiplied."""
    return {id: factor * score for id, score in scores.items()}


def added(scores: Iterable[Scores]) -> Scores:
    """The sum of scores, id by id."""
    total: Scores = {}
    for id, score in pairs(scores):
        total[id] = total.get(id, 0.0) + score
    return total


def pairs(scores: Iterable[Scores]) -> Iterator[tuple[str, float]]:
    """All ids and scores, one after the other."""
    for some in scores:
        yield from some.items()
