"""The values that items have in each facet group, and which of them a text means."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from msgspec import Struct

from indexer.analysis.language_codes import language_code
from indexer.analysis.outlet_names import domain_label, searched_name
from indexer.analysis.stop_words import common_stop_words
from indexer.facet_values import value_key
from indexer.item import DEFAULT_LANGUAGE, Provider
from indexer.urls import clean_domain
from search_app.search.memory import Memory
from search_app.search.nearest import nearest

Labels = Mapping[str, Mapping[str, str]]
"""Facet group to its values, each with the text it is shown as; see `file_records.read_labels`."""


CACHED_OUTLETS = 16_384
"""Outlets of a generation whose names are remembered."""

CACHED_WORDS = 16_384
"""Typed words that are remembered with what they mean."""


class Outlet(Struct, frozen=True, gc=False):
    """An outlet as answers name it: `shown` is under its most frequent name, and is `None` where
    none is known; `names` are the texts it is searched by."""

    shown: Provider | None
    names: tuple[str, ...] = ()


class Vocabulary:
    """Immutable. A group it does not know has no values. `words` remembers what `query.leaf` makes
    of typed words.

    `languages`: the codes of those that most items are in, the most frequent first, in which
    queries are analysed; `stop_words` are those of languages that many items are in.
    """

    def __init__(
        self,
        labels: Labels,
        items: Mapping[str, int] = {DEFAULT_LANGUAGE: 1},
        most: int = 16,
    ) -> None:
        by_count = sorted(items, key=lambda code: (-items[code], code))
        self._labels, self.languages = labels, tuple(by_count[:most])
        self._outlet = lru_cache(CACHED_OUTLETS)(self._labelled)
        self.words: Memory[str, Any] = Memory(CACHED_WORDS)
        self.stop_words = common_stop_words({code: items[code] for code in self.languages})

    def label(self, group: str, value: str) -> str:
        """The text that a value is shown as: of an outlet the name most items give it, of a topic
        or a type the spelling; the value itself if no item has it."""
        return self._labels.get(group, {}).get(value, value)

    def outlets(self, providers: Iterable[Provider | None]) -> list[Outlet]:
        """The outlet of each article, as answers name it. The texts by which its most frequent name
        is searched are cached."""
        outlets = []
        for provider in providers:
            if provider is None:
                outlets.append(Outlet(None))
                continue
            label, names = self._outlet(provider.domain)
            shown = provider
            if provider.name != label:
                shown = Provider(label, provider.domain, provider.logo)
                names = _names(provider.name, provider.domain)
            outlets.append(Outlet(shown, names))
        return outlets

    def _labelled(self, domain: str) -> tuple[str, tuple[str, str]]:
        """The name that most items give the outlet of a domain, and by what that is searched."""
        name = self.label("provider", domain)
        return name, _names(name, domain)

    def labels(self, group: str, values: Sequence[str]) -> list[str]:
        """The text that each value of a group is shown as."""
        labels = self._labels.get(group, {})
        return list(map(labels.get, values, values))

    def called(self, group: str, text: str) -> Sequence[str]:
        """The values that a text names as a whole, in any case: a topic, a type or a year; or an
        outlet by its domain, as an address may write it, or all outlets of that name."""
        values = self._labels.get(group, {})
        for key in (text, value_key(text)):
            if key in values:
                return (key,)
        if group == "language":
            code = language_code(text)
            return (code,) if code and code in values else ()
        if group != "provider":
            return ()
        domain = clean_domain(text)
        return (domain,) if domain in values else self._domains.get(value_key(text), ())

    def near(self, group: str, text: str) -> tuple[str, ...]:
        """The labels of the values nearest to a text that names none, the nearest first."""
        values = self._labels.get(group, {})
        if group != "provider":
            return tuple([values[key] for key in nearest(value_key(text), values.keys())])
        found = nearest(value_key(text), self._names)
        names = [values[self._domains[one][0]] if one in self._domains else one for one in found]
        return tuple(dict.fromkeys(names))

    def beginning(self, group: str, prefix: str) -> frozenset[str]:
        """The values of a group with a name in which a word begins so, and what follows goes on so,
        whatever the case and the accents: of a topic its label; of an outlet its name and domain.
        """
        wanted = f" {value_key(prefix)}"
        return frozenset([value for value, words in self._words[group] if wanted in words])

    @cached_property
    def _words(self) -> Mapping[str, Sequence[tuple[str, str]]]:
        """The values of each group, each with its names as they are looked for: see `_searched`."""
        return {
            group: [(value, _searched(group, value, label)) for value, label in values.items()]
            for group, values in self._labels.items()
        }

    @cached_property
    def _domains(self) -> dict[str, list[str]]:
        """The domains of all outlets with a name, by the key of the name."""
        domains: dict[str, list[str]] = {}
        for domain, name in self._labels.get("provider", {}).items():
            domains.setdefault(value_key(name), []).append(domain)
        return domains

    @cached_property
    def _names(self) -> list[str]:
        """What outlets are called, by name and by domain."""
        return [*self._domains, *self._labels.get("provider", {})]


def _searched(group: str, value: str, label: str) -> str:
    """The names of a value, with a blank before each word: as they are and without signs, and a
    domain from each of its labels on."""
    key = value_key(label)
    names = [key, "".join([char if char.isalnum() else " " for char in key])]
    if group == "provider":
        labels = value.split(".")
        names += [".".join(labels[first:]) for first in range(len(labels))]
    return "".join([f" {name}" for name in dict.fromkeys(names)])


def _names(name: str, domain: str) -> tuple[str, str]:
    """The texts by which an outlet of this name is searched."""
    return searched_name(name), domain_label(domain)
