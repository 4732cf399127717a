"""Pieces of a new segment: the columns of some documents, written where their files are read."""

from pathlib import Path

from indexer.document import Document
from indexer.index.lock import writing
from indexer.segment import column_file
from indexer.segment.builder import SegmentBuilder

SUFFIX = ".piece"


class Collector:
    """Implements `indexer.reindex.protocols.Collector`: writes its documents to a file."""

    def __init__(self, path: Path, index: Path) -> None:
        self._path, self._index, self._builder = path, index, SegmentBuilder()

    def put(self, document: Document) -> None:
        """See `Collector.put`."""
        self._builder.add(document)

    def finish(self) -> str:
        """See `Collector.finish`."""
        if not len(self._builder):
            return ""
        with writing(self._index):
            column_file.write(self._path, self._builder.columns())
        self._builder = SegmentBuilder()
        return self._path.name
