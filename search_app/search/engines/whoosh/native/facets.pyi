from typing import Any

from numpy.typing import NDArray

class FacetColumn:
    def __init__(
        self,
        starts: NDArray[Any],
        values: NDArray[Any],
        ordinals: NDArray[Any] | None,
        names: list[str],
        living: NDArray[Any],
    ) -> None: ...
