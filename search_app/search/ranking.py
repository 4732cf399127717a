"""How hits are scored and ordered: the same for every engine.

Score: BM25 (Robertson and Zaragoza 2009, section 3.4) with the idf of section 3.3 kept positive
by adding one inside the logarithm, over the `text` field, in which the zones of an item are joined
with their weights before the term frequency saturates once: BM25F as in Robertson, Zaragoza and
Taylor 2004. Words with a field are scored over that field alone.

Order: in every sort, hits that match in part follow those that match in full. `relevance`: by
score, then the newer, then by id; `coverage`: by the number of outlets, then as by relevance;
`newest` and `oldest`: by date, undated items last, then by score, then by id.
"""

from math import log

K1 = 1.2
EXACT = 0.1
"""The weight of an exact form's score relative to its stem's."""

STOP_WORD = 0.15
"""The weight of a stop word's score relative to another word's."""

IDF_POWER = 1.2
"""The power to which idf is raised: rare words tell more than idf says, frequent ones less."""

EQUAL_HEADLINE = 2.0
"""What the score of an item is multiplied by whose headline equals the query."""

PROXIMITY = 0.05
"""The weight of a pair of words that stand together, relative to that of the two words."""

NEAR = 8
"""The tokens within which two words stand near each other."""

RESCORED = 50
"""How many of the best hits are scored by pairs of words, too."""

ADDRESS = 1000.0
"""The score of an item at an address that was typed, above that of any words."""

DECIMALS = 6
"""Decimals to which scores are rounded before they are compared, so that the order of summation,
which differs between segments, decides nothing."""


def idf(items: int, containing: int) -> float:
    """Inverse document frequency of a term that `containing` of `items` have; above 0, also where
    a damaged index has more documents with a term than documents."""
    return float(log(1 + (max(items - containing, 0) + 0.5) / (containing + 0.5)) ** IDF_POWER)
