"""The thresholds that decide which items report the same story."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoryPolicy:
    """Chosen on stories of the UCI News Aggregator data set, precision first.

    `likeness`: how alike groups must be on average to be one story, from 0 to 1. Only items within
    `seconds` of each other are compared, and only if their headlines share at least `min_words`
    words (`self-driving` counts as three), each of which at most `max_sharing` items of these days
    have: what more have is no single story's. Items that share an address, which at most
    `max_address_items` items of these days have, are compared if they share any such word, and
    `shared_address` is added to their likeness.

    No more than `pairs_per_item` times the items, or `min_pairs`, words of pairs are looked at. If
    there were more, the words that most items share are left out, so the work stays linear.
    """

    likeness: float = 0.3
    seconds: int = 3 * 86_400
    min_words: int = 4
    max_sharing: int = 100
    shared_address: float = 0.15
    max_address_items: int = 10
    pairs_per_item: int = 50
    min_pairs: int = 100_000


DEFAULT_POLICY = StoryPolicy()
