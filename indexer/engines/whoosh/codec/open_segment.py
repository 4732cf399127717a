"""A segment opened for Whoosh: its columns, and the length of each field in each document."""

from typing import NamedTuple

import numpy as np
from whoosh.util.numeric import byte_to_length

from indexer.schema import FIELDS, ZONES, Field, Kind
from indexer.segment.column_file import Array, Columns
from indexer.segment.impacts import zone_factors

TEXT_FIELDS: dict[str, Field] = {field.name: field for field in FIELDS if field.kind is Kind.TEXT}
"""The fields that have lengths."""

_STEPS = np.array([byte_to_length(byte) for byte in range(256)])


class Lengths(NamedTuple):
    """A field's length in each document: its words, each counted by the weight of its zone.

    `total`: the sum, exact; `stepped`: each document's, rounded up to the next of the 256 lengths
    that Whoosh's own files can hold, so that both are scored alike.
    """

    total: float
    stepped: Array


class OpenSegment:
    """The columns of a segment, shared by the readers of its terms and of its documents."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._lengths: dict[str, Lengths] = {}

    def lengths(self, field: str) -> Lengths:
        """The lengths of a text field."""
        if field not in self._lengths:
            factors = zone_factors(TEXT_FIELDS[field])
            exact = self.columns["lengths"].reshape(-1, len(ZONES)) @ factors
            steps = np.minimum(np.searchsorted(_STEPS, exact), len(_STEPS) - 1)
            self._lengths[field] = Lengths(float(exact.sum()), _STEPS[steps].astype(np.int32))
        return self._lengths[field]
