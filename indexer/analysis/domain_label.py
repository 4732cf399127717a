"""The label of a domain that tells the outlet: `bbc` of `news.bbc.co.uk`."""

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList


@lru_cache(maxsize=16_384)
def domain_label(domain: str) -> str:
    """The label before the public suffix, under which people register names; the first one of a
    domain that is such a suffix itself."""
    return (_suffixes().privatesuffix(domain) or domain).partition(".")[0]


@cache
def _suffixes() -> PublicSuffixList:
    """Mozilla's list, as its package brings it; it is read when it is first needed."""
    return PublicSuffixList()
