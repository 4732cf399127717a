"""Tells drafts: what its author does not want to be found yet, or any more.

A file is a draft if it lies in a folder `_drafts`, or if a key says so. `published: false` is no
such key: in this format it marks an item that is not promoted.
"""

from collections.abc import Callable
from functools import lru_cache

from indexer.source.frontmatter.nodes import Mapping, Node, Scalar, Sequence, folded_key
from indexer.source.validate.values import FLAGS
from indexer.source.validate.warnings import Warnings, shown

FOLDER = "_drafts"

MARKS = ("draft", "isDraft", "unlisted")
"""Keys that say yes or no: yes makes a draft, and so does what is neither."""

STATUS_KEYS = ("status", "post_status")
STATUSES = (
    *("draft", "auto-draft", "pending", "future", "scheduled", "private", "trash"),
    *("hidden", "skip", "unpublished"),
)
"""What makes a draft as the value of a status."""


_LONGEST_KEY = 32  # longer ones are none of ours, and would fill the cache


def lies_among_drafts(item_id: str) -> bool:
    """Whether a folder of drafts holds the item's file, at any depth."""
    return FOLDER in item_id.lower().split("/")[:-1]


def is_draft(tree: Mapping, warnings: Warnings) -> bool:
    """Whether a file's keys make it a draft, in any case and spelled with `-`, `_` or neither. A
    mark that cannot be read makes it one and draws a warning: what must not be found is not."""
    for entry in tree.entries.values():
        reads = _reader(entry.key) if len(entry.key) <= _LONGEST_KEY else None
        verdict = reads(entry.value) if reads else False
        if verdict is None:
            value = entry.value
            text = shown(value.text) if isinstance(value, Scalar) else value.kind
            message = f"{text} is neither true nor false; the file was left out as a draft"
            warnings.add(entry.line, " ".join(entry.key.split()), message)
        if verdict is not False:
            return True
    return False


@lru_cache(maxsize=1024)  # all files have the same few keys
def _reader(key: str) -> Callable[[Node], bool | None] | None:
    """What reads the value of a key, if that may make a draft."""
    return _READERS.get(folded_key(key.lstrip("_- ")))


def _is_marked(value: Node) -> bool | None:
    """What a mark says; None if that cannot be told."""
    if not isinstance(value, Scalar):
        return None
    if value.is_absent:
        return False
    return FLAGS.get(value.text.strip().lower(), _has_status(value) or None)


def _has_status(value: Node) -> bool:
    texts = value.items if isinstance(value, Sequence) else (value,)
    return any(isinstance(text, Scalar) and folded_key(text.text) in _STATUSES for text in texts)


_STATUSES = frozenset(map(folded_key, STATUSES))
_READERS: dict[str, Callable[[Node], bool | None]] = {
    **dict.fromkeys(map(folded_key, MARKS), _is_marked),
    **dict.fromkeys(map(folded_key, STATUS_KEYS), _has_status),
}
