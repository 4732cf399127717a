"""What an outlet is searched by: its name, and the label of its domain that tells it, as `bbc` of
`news.bbc.co.uk`. Of no domain the rest is searched, or `com` would find most outlets."""

import re
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

_DOMAIN = re.compile(r"(?<![\w.-])(?:[\w-]+\.)+[\w-]{2,}(?![\w-])")


@lru_cache(maxsize=16_384)
def domain_label(domain: str) -> str:
    """The label before the public suffix, under which people register names; the first one of a
    domain that is such a suffix itself."""
    return (_suffixes().privatesuffix(domain) or domain).partition(".")[0]


@lru_cache(maxsize=16_384)
def searched_name(name: str) -> str:
    """The text by which a name is searched: of a domain in it (`Examiner.com`) the label that tells
    it, and all of it written as one word."""
    return _DOMAIN.sub(_searched_domain, name) if "." in name else name


def _searched_domain(match: re.Match[str]) -> str:
    word = match[0]
    own = _suffixes().privatesuffix(word, accept_unknown=False, keep_case=True)
    return f"{own.partition('.')[0]} {word.replace('.', '').lower()}" if own else word


@cache
def _suffixes() -> PublicSuffixList:
    """Mozilla's list, as its package brings it; it is read when it is first needed."""
    return PublicSuffixList()
