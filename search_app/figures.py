"""What the metrics ask of the index, the slots and the workers, when somebody looks."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer.errors import IndexUnusable
from search_app.search.index_reader import IndexReader
from search_app.serving.admission import Gate
from search_app.serving.workers import Workers


@dataclass(frozen=True, slots=True)
class ServiceFigures:
    """Implements `search_app.observing.metrics.Figures`."""

    reader: IndexReader
    gate: Gate
    slots: int
    workers: Workers | None = None

    def figures(self) -> dict[str, float]:
        """See `Figures.figures`."""
        found: dict[str, float] = {
            "slots": self.slots,
            "slots_in_use": self.gate.in_use,
            "requests_waiting": self.gate.waiting,
            "workers": self.workers.ready if self.workers else 0,
            **_usage(self.workers.pids if self.workers else ()),
        }
        try:
            with self.reader.acquire() as lease:
                age = datetime.now(UTC) - datetime.fromisoformat(lease.created)
                return found | {
                    "index_usable": 1,
                    "index_items": lease.searcher.stats().items,
                    "index_bytes": lease.bytes,
                    "index_age_seconds": age.total_seconds(),
                }
        except IndexUnusable:
            return found | {"index_usable": 0}

    def swaps(self) -> int:
        """See `Figures.swaps`."""
        return max(0, self.reader.opened - 1)

    def generation(self) -> str:
        """See `Figures.generation`."""
        try:
            with self.reader.acquire() as lease:
                return lease.generation
        except IndexUnusable:
            return ""


def _usage(pids: Iterable[int]) -> dict[str, float]:
    """The time and the memory that processes take, all together; nothing where the system does not
    tell it in `/proc` (proc_pid_stat(5))."""
    ticks = pages = 0
    for pid in pids:
        with suppress(OSError):  # it has ended, or there is no such folder
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
            pages += int(fields[21])
    if not pages:
        return {}
    return {
        "workers_cpu_seconds": ticks / os.sysconf("SC_CLK_TCK"),
        "workers_resident_bytes": pages * os.sysconf("SC_PAGE_SIZE"),
    }
