"""The file of synonyms is read, or it is said why not."""

import os
from pathlib import Path

from indexer.analysis.synonyms import Limits, Synonym
from indexer.source.synonyms_file import read_synonyms


def test_a_file_is_read_whatever_it_holds(tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    assert read_synonyms(file) == ((), ())
    file.write_bytes(b"\xef\xbb\xbfa > b")
    assert read_synonyms(file) == ((Synonym("a", ("b",)),), ())
    file.write_bytes(b"a > b\n\xff")
    found, (problem,) = read_synonyms(file)
    assert (found, str(problem)) == (
        (),
        f"{file}:2: holds bytes that are no UTF-8; save it as UTF-8",
    )
    file.write_bytes(b"a > b")
    assert read_synonyms(file, Limits(bytes=5)) == ((Synonym("a", ("b",)),), ())
    found, (problem,) = read_synonyms(file, Limits(bytes=4))
    assert (found, str(problem)) == ((), f"{file}: holds more than 4 bytes; shorten it")


def test_what_is_no_file_is_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("link")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "link"):
        found, (problem,) = read_synonyms(path)
        assert found == ()
        assert str(problem).startswith(f"{path}: cannot be read: ")
