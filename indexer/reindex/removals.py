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
"""So many items may go unasked, if any other seed is left."""

SHOWN = 3
"""Items that a message about many names."""


@dataclass(frozen=True, slots=True)
class Losses:
    """The items whose files are gone, `lost`, of all `items` there were; `is_empty`: no seed at all
    is left; `is_known`: what items there were could be read."""

    lost: tuple[str, ...] = ()
    items: int = 0
    is_empty: bool = False
    is_known: bool = True

    @property
    def is_large(self) -> bool:
        """Whether more than half of the items are lost."""
        return 2 * len(self.lost) > self.items

    def is_refused(self, most: int = MOST) -> bool:
        """Whether they are too many to be taken out unasked."""
        if self.is_empty:
            return bool(self.lost) or not self.is_known
        return self.is_large and len(self.lost) > most

    def check(self, folder: str) -> None:
        """Raise `RemovalsRefused` if they are too many; `folder`: where their files should be."""
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
    """The ids among `gone` whose file is there under another id.

    `gone` gives the identity of each file that is gone, `added` those of the files that are new:
    equal identities, equal files. Of several alike, as many have moved as are new.
    """
    arrived = Counter(added)
    found = set()
    for id, identity in gone.items():
        if arrived[identity]:
            arrived[identity] -= 1
            found.add(id)
    return found
