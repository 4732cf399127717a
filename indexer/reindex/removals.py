"""Whether the items whose files are gone may be taken out of the index.

A share that is not mounted looks like a folder whose files were all deleted, and so does a wrong
folder. So a run that would take out all items, or more than half and more than ten, is refused
unless it is said to be meant; where more than half, but fewer, go, it warns.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.errors import RemovalsRefused
from indexer.item import Problem, Severity

MOST = 10
"""So many items may be removed unasked, if any other seed file is left."""

SHOWN = 3
"""How many items a message names."""


@dataclass(frozen=True, slots=True)
class Losses:
    """The items that lost their files (`lost`), of so many `items`. `is_empty`: no seed file at all
    is left; `is_known`: the old index still says what its items were."""

    lost: tuple[str, ...] = ()
    items: int = 0
    is_empty: bool = False
    is_known: bool = True

    @property
    def is_large(self) -> bool:
        """Whether more than half of the items are lost."""
        return 2 * len(self.lost) > self.items

    def is_refused(self, most: int = MOST) -> bool:
        """Whether they are too many to be removed unasked."""
        if self.is_empty:
            return bool(self.lost) or not self.is_known
        return self.is_large and len(self.lost) > most

    def check(self, folder: str) -> None:
        """Raise `RemovalsRefused` if they are too many. `folder`: where their files should be."""
        if self.is_refused():
            raise RemovalsRefused(
                f"{self._text()} in {folder}, which may be a wrong folder or a share that is not "
                "mounted; nothing was changed; bring the files back or name the right folder with "
                "--seeds, or, if they are meant to go, say --allow-removals"
            )

    def problem(self, folder: str) -> Problem:
        """The warning that they go."""
        message = (
            f"{self._text()} and leave the index; if that is not meant, bring the files back and "
            "reindex, or let the generation before answer with `newsdex rollback`"
        )
        return Problem(folder, 0, "", message, Severity.WARNING)

    def _text(self) -> str:
        if not self.is_known:
            return "there is no seed, and no telling what items the damaged index holds,"
        count, first = len(self.lost), ", ".join(self.lost[:SHOWN])
        more = f" and {count - SHOWN:,} more" if count > SHOWN else ""
        return f"{count:,} of {self.items:,} items have lost their files ({first}{more})"


def moved(gone: Mapping[str, str], added: Iterable[str]) -> set[str]:
    """The ids among `gone` whose files were moved.

    `gone` maps the ids of missing files to their identities; `added` holds those of new files.
    Equal identities mean equal files. Of several equal files, as many were moved as are new.
    """
    arrived = Counter(added)
    ids = set()
    for id, identity in gone.items():
        if arrived[identity]:
            arrived[identity] -= 1
            ids.add(id)
    return ids
