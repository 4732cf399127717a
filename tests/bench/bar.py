"""One row of the table of what must be reached."""

from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the table. `value` is `None` where nothing was measured; `detail` says what it is
    made of."""

    what: str
    bar: float
    goal: float
    unit: str
    value: float | None
    detail: str = ""
    more_is_better: bool = False

    @property
    def verdict(self) -> str:
        """`goal`, `bar`, `missed` or `not measured`."""
        if self.value is None:
            return "not measured"
        if self._reaches(self.goal):
            return "goal"
        return "bar" if self._reaches(self.bar) else "missed"

    def _reaches(self, limit: float) -> bool:
        value = self.value if self.value is not None else 0.0
        return value >= limit if self.more_is_better else value <= limit
