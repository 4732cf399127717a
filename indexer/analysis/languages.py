"""The stem that the forms of a word share, in each language that Snowball has a stemmer for.

A stem is marked with its language, so that those of two languages never meet: `~de:haus`. English
has rules of its own before Snowball's: see `english`. A word in another script than the language's
has no stem: it is found by its exact form.
"""

import re
import threading

import Stemmer

from indexer.analysis import english
from indexer.analysis.folding import MARKS, fold
from indexer.analysis.scripts import LETTERS
from indexer.item import DEFAULT_LANGUAGE

STEMMER_RELEASE: str = Stemmer.version()

STEM_MARK = "~"
"""What a stem begins with, and no exact form does."""

ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "st": "sesotho",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""Snowball's algorithm for each language, by the code of `language_codes`."""

_SCRIPTS = {
    "ar": ("ar",),
    "el": ("el",),
    "fa": ("ar",),
    "hi": ("hi",),
    "hy": ("hy",),
    "ne": ("hi",),
    "ru": ("ru",),
    "sr": ("ru", "latin"),
    "ta": ("ta",),
    "yi": ("he",),
}
"""The scripts of `scripts.LETTERS` in which a language is written, where it is not Latin alone."""


class _Snowball:
    """Snowball's stemmer for a language. Its own cache is not safe to share between threads, and
    neither is its state, so there is a lock."""

    def __init__(self, language: str, algorithm: str) -> None:
        self._stemmer, self._lock = Stemmer.Stemmer(algorithm, 0), threading.Lock()
        letters = "".join(LETTERS[script] for script in _SCRIPTS.get(language, ("latin",)))
        self._word = re.compile(f"[{letters}][{letters}{MARKS}]+")

    def __call__(self, form: str) -> str:
        """The folded stem of a word; `""` if it has none: a number, an acronym, a single letter, a
        word in another script."""
        if not self._word.fullmatch(form):
            return ""
        with self._lock:
            return fold(str(self._stemmer.stemWord(form)))


_STEMMERS = {
    code: _Snowball(code, algorithm) if code != "en" else english.stem
    for code, algorithm in ALGORITHMS.items()
    if algorithm in Stemmer.algorithms()  # which grow from release to release
}


def stem(form: str, language: str = DEFAULT_LANGUAGE) -> str:
    """The marked stem of an exact form in a language: `~de:haus` for `häuser`, for `hauser`, too,
    and for `haus`; `""` if it has none.

    A form is folded, or a surface form with its accents (see `parts`), on which many endings
    depend.
    """
    stemmer = _STEMMERS.get(language)
    found = stemmer(form) if stemmer else ""
    return f"{STEM_MARK}{language}:{found}" if found else ""


def may_be_in(term: str, language: str) -> bool:
    """Whether a term may occur in texts of a language: every exact form, but only its own stems."""
    return not term.startswith(STEM_MARK) or term.startswith(f"{STEM_MARK}{language}:")


def beginnings(stem: str) -> tuple[str, ...]:
    """Strings with one of which every folded word with this marked stem begins; the empty one where
    nothing can be told, as where Snowball takes off prefixes, too."""
    language, _, own = stem.removeprefix(STEM_MARK).partition(":")
    if language == "en":
        return english.beginnings(own)
    if language not in _ENDINGS_ONLY:
        return ("",)
    head = own[:-2] if len(own) > 4 else own[:2]
    umlaut = _MAYBE_UMLAUT.search(head) if language == "de" else None
    if umlaut is None:
        return (head,)
    return (head[: umlaut.end()],) if umlaut.start() else (head[:2], head[0] + "e")


_ENDINGS_ONLY = frozenset("ca cs da de es fr hi hu hy it lt no pl pt ro ru sv".split())
"""The languages whose stemmers change no more of a word than its ending and, where the ending
begins, two letters; in German, `ä`, `ö` and `ü` are also what is read for `ae`, `oe` and `ue`."""

_MAYBE_UMLAUT = re.compile("[aou]")
