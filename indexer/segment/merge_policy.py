"""Chooses the segments that a new one is merged with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Counted(Protocol):
    """What a policy asks a segment."""

    def doc_count(self) -> int:
        """How many living documents there are."""

    def deleted_count(self) -> int:
        """How many documents are deleted."""


S = TypeVar("S", bound=Counted)


@dataclass(frozen=True, slots=True)
class MergePolicy:
    """When a segment is merged.

    `growth`: when the smaller segments that are merged hold at least a `growth`th of its documents.
    `small`: always, if it has no more documents than this. That takes less than a second, once,
    while every additional segment costs each query a sixth of a millisecond.
    """

    growth: int = 16
    small: int = 1000

    def choose(self, segments: Sequence[S], added: int) -> tuple[list[S], list[S]]:
        """The segments to keep as they are, and those to merge with a new one of `added` documents.

        From the smallest to the largest, segments are merged by `growth` and `small`. So the number
        of segments is logarithmic in the number of documents, and so is how often a document is
        rewritten. A segment more than half deleted is always rewritten; one without living
        documents is dropped.
        """
        kept, merged, total = [], [], added
        for segment in sorted(segments, key=lambda s: s.doc_count()):
            live = segment.doc_count()
            if live and (
                live <= max(self.growth * total, self.small) or segment.deleted_count() > live
            ):
                merged.append(segment)
                total += live
            elif live:
                kept.append(segment)
        if not added and len(merged) == 1 and merged[0].deleted_count() <= merged[0].doc_count():
            return [*kept, *merged], []  # merging one with nothing changes nothing
        return kept, merged


DEFAULT_POLICY = MergePolicy()
