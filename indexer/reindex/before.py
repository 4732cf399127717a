"""What an index holds when a run begins, as far as the run can build upon it."""

from dataclasses import dataclass

from indexer.errors import IndexDamaged, IndexMissing, IndexUnreadable
from indexer.index.file_records import FileRecords
from indexer.reindex.protocols import Store
from indexer.reindex.report import Options


@dataclass(frozen=True, slots=True)
class Before:
    """What the index holds: the records of its `files`, `None` if they cannot be built upon, and
    then `why` not; `last`: the files whose loss counts all the same, `None` if there never were
    any."""

    files: FileRecords | None
    last: FileRecords | None
    why: str = ""

    def demands_full(self, options: Options) -> bool:
        """Whether everything is to be read and written anew."""
        return options.full or self.files is None


def before(store: Store, options: Options) -> Before:
    """What the index holds. Raises `IndexUnreadable` for what could not be read but may be whole,
    unless `--full` asks to build it anew: the items of rejected files would be lost."""
    try:
        files = store.file_records()
        return Before(files, files)
    except IndexMissing:
        # An index that lost its `CURRENT` looks like none.
        return Before(None, store.last_file_records())
    except IndexUnreadable as error:
        if not options.full:
            raise
        return Before(None, store.last_file_records(), _fault(error))
    except IndexDamaged as error:
        return Before(None, store.last_file_records(), _fault(error))


def _fault(error: IndexDamaged) -> str:
    """What an error says is wrong, without what it says to do, because the run does it."""
    return str(error).rsplit("; ", 1)[0]
