"""The forms of a typed word: the ways in which it may stand in a text."""

import re
from itertools import chain
from typing import NamedTuple

from indexer.analysis.chunks import Chunk, chunks
from indexer.analysis.english import STOP_WORDS
from indexer.analysis.parts import Form, Part, Span, bigrams, words_of

_INITIALS = re.compile(r"[^\Waeiou\d_]{2,3}")
_TYPED_PLURAL = re.compile(r"([^\Waeiou\d_]{1,5}[^\Waeious\d_])s")
_LONGEST_SPLIT = 8
_SPLITTABLE = re.compile("[\u3005-\u3007\u3041-\u309f\u3400-\u9fff\uac00-\ud7a3]")


class TypedChunk(NamedTuple):
    """A chunk that was typed. `forms`: the ways to search for it, the first of them as it is typed,
    and `surface` its surface form, or ""; `words`: one form, with a term for each of its positions;
    `spelt`: the same with umlauts spelt out."""

    forms: tuple[Form, ...]
    surface: str
    words: Form
    spelt: Form


def typed_chunks(text: str) -> list[TypedChunk]:
    """The chunks of a typed text that hold a word."""
    return [_typed(chunk) for _, chunk in chunks(text)]


def typed_word(term: str, surface: str, *, is_lower: bool) -> TypedChunk:
    """As `typed_chunks` has a plain word, by its term and its surface form, or ""."""
    part = Part(term, 0, len(term), surface=surface)
    forms = dict.fromkeys(_forms_of_one(part, (term,), is_lower))
    return TypedChunk(tuple(forms), surface, (term,), (term,))


def _typed(chunk: Chunk) -> TypedChunk:
    parts, words = chunk.parts, chunk.words
    forms = ((chunk.symbol,),) if chunk.symbol else tuple(dict.fromkeys(_forms(chunk)))
    first = parts[0]
    is_word = len(words) == 1 and forms[0] == (first.term,) and not first.is_plural
    surface = first.surface if is_word else ""
    row = forms[0] if len(words) == 1 else words  # `c++` where it was typed so, not `c`
    spelt = tuple(
        part.variant if part.variant and not part.is_plural else term
        for part in parts
        for term, _, _ in words_of(part)
    )
    return TypedChunk(forms, surface, row, spelt if spelt != words else row)


def _forms(chunk: Chunk) -> list[Form]:
    """See `TypedChunk.forms`, where signs are not its meaning."""
    raw, parts, words, _, joined, _ = chunk
    if joined and "&" in raw and "and" not in words:
        # Without `and`, single letters, as its parts are, follow each other too often.
        is_row = len(words) == raw.count("&") + 1
        return [(joined[0],), tuple(" and ".join(words).split())] if is_row else [(joined[0],)]
    if len(parts) == 1:
        return _forms_of_one(parts[0], words, raw.islower())
    # An acronym that is typed with dots can mean nothing else.
    typed = [part.surface if _is_only_surface(part) else part.term for part in parts]
    forms: list[Form] = [(term,) for term in joined]
    if any(part.cells for part in parts):
        return [*forms, words]
    forms += [tuple(typed), tuple(part.variant or part.term for part in parts)]
    if any(part.humps for part in parts):
        terms = ([term for term, _, _ in part.humps] or [part.term] for part in parts)
        forms.append(tuple(chain.from_iterable(terms)))
    if words[0] == "v" and len(words) == 2 and words[1][0].isdigit():
        forms.append(words[1:])
    return forms


def _forms_of_one(part: Part, words: Form, is_lower: bool) -> list[Form]:
    """The forms of a chunk of one part. Where it was typed without capitals, `mps` may be a plural;
    in capitals, `GPS` is none."""
    if part.cells:
        return [words, *_splits(part.cells)]
    initials = _initials(part)
    if _is_only_surface(part):
        return [(part.surface,), *initials]
    variant = part.variant
    if is_lower and not variant and (plural := _TYPED_PLURAL.fullmatch(part.term)):
        variant = plural[1]
    forms = [words, (variant,)] if variant else [words]
    pieces = [tuple(term for term, _, _ in part.humps)] if part.humps else []
    return [*forms, *pieces, *initials]


def _is_only_surface(part: Part) -> bool:
    """Whether a part was typed with dots and would be a stop word without them: `U.S.`"""
    return part.is_dotted and part.term in STOP_WORDS


def _initials(part: Part) -> list[Form]:
    """The letters of initials, which may stand apart: `j`, `r`, `r` for `JRR` or `J.R.R.`"""
    letters = part.surface.split(".") if part.is_dotted else list(part.term)
    is_short = part.is_dotted and len(letters) <= 4
    is_short = is_short or (part.term not in STOP_WORDS and bool(_INITIALS.fullmatch(part.term)))
    return [tuple(letters)] if is_short and not part.is_plural else []


def _splits(cells: tuple[Span, ...]) -> list[Form]:
    """The bigrams of a short Chinese, Japanese or Korean text, as if a blank stood in it somewhere,
    but not within a word in katakana."""
    texts = [cell for cell, _, _ in cells]
    if not 2 < len(texts) <= _LONGEST_SPLIT:
        return []
    edges = [at for at in range(1, len(texts)) if _SPLITTABLE.search(texts[at - 1] + texts[at])]
    return [(*bigrams(texts[:at]), *bigrams(texts[at:])) for at in edges]
