"""The language of an item: as its file states it, or as its script tells it, or as is usual here.

What is usual is the setting `language`: the code of a language, or `DETECT`, by which the package
py3langid tells it from the item's words. That package is optional; the settings see to it that it
is there.
"""

from functools import lru_cache
from importlib import import_module
from typing import Any

from indexer.analysis.language_codes import DETECT, NAMES, language_code
from indexer.analysis.scripts import script_language
from indexer.item import DEFAULT_LANGUAGE, Article
from indexer.source.frontmatter.nodes import Scalar, folded_key
from indexer.source.validate.values import Fields
from indexer.source.validate.warnings import shown

_OWN_KEYS = ("lang", "language")
_LONGEST = 2_000
_LIKELY = 0.5


def read_language(fields: Fields, article: Article, body: str, usual: str) -> str:
    """The code of an item's language. A stated one that is none draws a warning."""
    for entry in fields.all("lang"):
        text = entry.value.text if isinstance(entry.value, Scalar) else entry.value.kind
        if code := language_code(text):
            return code
        if folded_key(entry.key) in _OWN_KEYS:
            message = f"{shown(text)} is no language that is known; write a code, as en or pt-BR"
            fields.warn(entry, message)
    text = f"{article.title} {article.excerpt}"
    if code := script_language(text):
        return code
    return _detected(f"{text} {body}"[:_LONGEST]) if usual == DETECT else usual


def _detected(text: str) -> str:
    """The language that the words of a text are likely of; else the default."""
    code, probability = _identifier().classify(text)
    return str(code) if probability >= _LIKELY else DEFAULT_LANGUAGE


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """py3langid's identifier, which takes a quarter of a second to load."""
    langid = import_module("py3langid.langid")
    identifier = langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted(NAMES.keys() & set(identifier.labels)))
    return identifier
