"""The seeds folder: what is found in it, in which order, and what cannot be used."""

import json
import os
import shutil
import stat
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SeedsMissing
from indexer.item import Problem, Severity
from indexer.source import seed_file
from indexer.source.scan import RefusedLink, scan
from indexer.source.seed_file import SeedFile
from tests.conditions import utf_8
from tests.indexer.processes import UNPRIVILEGED, environment, newsdex

needs_permissions = pytest.mark.skipif(
    os.geteuid() == 0, reason="permissions do not bind the superuser"
)


def put(path: Path, text: str = "---\ntitle: A\n---\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def sources(root: Path) -> list[str]:
    return [found.id for found in scan(root) if isinstance(found, SeedFile)]


def problems(root: Path) -> list[Problem]:
    return [found for found in scan(root) if isinstance(found, Problem)]


def test_markdown_files_are_found_in_the_order_of_their_ids(tmp_path: Path) -> None:
    for name in ["b.md", "a/c.md", "a-b.md", "a.md", "a/b/d.MARKDOWN", "Z.Md", "x.txt", "a!.md"]:
        put(tmp_path / name)
    found = sources(tmp_path)
    assert found == ["Z", "a", "a!", "a-b", "a/b/d", "a/c", "b"]
    assert found == sorted(found)
    assert problems(tmp_path) == []


def test_a_source_describes_its_file(tmp_path: Path) -> None:
    file = put(tmp_path / "2020" / "a.md", "12345")
    (source,) = scan(tmp_path)
    status = file.stat()
    path = f"{tmp_path}/2020/a.md"
    times = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    assert source == SeedFile("2020/a", path, ".md", *times)
    assert seed_file.read(source) == b"12345"


@pytest.mark.parametrize(
    ("named", "shown"), [(".", "2020/a.md"), ("seeds", "seeds/2020/a.md"), ("seeds/", None)]
)
def test_paths_are_shown_as_the_user_named_the_folder(
    named: str, shown: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(Path(named) / "2020" / "a.md")
    (source,) = scan(Path(named))
    assert isinstance(source, SeedFile)
    assert source.path == (shown or "seeds/2020/a.md")
    assert seed_file.id_of(source.path, Path(named)) == source.id == "2020/a"


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in [".a.md", ".git/b.md", "c/.d/e.md", ".md", "f.md"]:
        put(tmp_path / name)
    assert list(map(type, scan(tmp_path))) == [SeedFile]


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SeedsMissing, match=r"there is no seeds folder .*--seeds"):
        scan(tmp_path / "none")
    with pytest.raises(SeedsMissing, match="not a folder"):
        scan(put(tmp_path / "a.md"))


def test_of_two_files_with_one_id_the_second_is_a_problem(tmp_path: Path) -> None:
    for name in ["a.markdown", "a.md", "a.MD"]:
        put(tmp_path / name)
    first, *others = scan(tmp_path)
    assert isinstance(first, SeedFile)
    assert first.path.endswith("/a.md")
    assert [str(other).rsplit("/", 1)[1] for other in others] == [
        "a.MD: another file has the id a, too; rename one",
        "a.markdown: another file has the id a, too; rename one",
    ]


def test_a_link_to_a_file_is_a_source(tmp_path: Path) -> None:
    put(tmp_path / "away" / "x.txt", "text")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a.md").symlink_to(tmp_path / "away" / "x.txt")
    (source,) = scan(tmp_path / "seeds")
    assert isinstance(source, SeedFile)
    assert (source.id, seed_file.read(source)) == ("a", b"text")


def test_a_link_to_a_folder_elsewhere_is_followed_once(tmp_path: Path) -> None:
    put(tmp_path / "away" / "x.md")
    root = tmp_path / "seeds"
    put(root / "m.md")
    (root / "a").symlink_to(tmp_path / "away")
    (root / "z").symlink_to(tmp_path / "away")
    assert sources(root) == ["a/x", "m"]
    (problem,) = problems(root)
    assert problem.path == f"{root}/z/"
    assert problem.severity is Severity.WARNING


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    put(tmp_path / "a" / "b" / "x.md")
    (tmp_path / "a" / "b" / "up").symlink_to(tmp_path / "a")
    (tmp_path / "self").symlink_to(tmp_path)
    assert sources(tmp_path) == ["a/b/x"]
    assert [problem.path for problem in problems(tmp_path)] == [
        f"{tmp_path}/a/b/up/",
        f"{tmp_path}/self/",
    ]


def test_links_that_lead_in_a_circle_elsewhere_end(tmp_path: Path) -> None:
    put(tmp_path / "away" / "b" / "x.md")
    (tmp_path / "away" / "b" / "up").symlink_to(tmp_path / "away")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "a").symlink_to(tmp_path / "away")
    assert sources(tmp_path / "seeds") == ["a/b/x"]
    assert len(problems(tmp_path / "seeds")) == 1


def test_links_that_lead_nowhere_are_problems(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to(tmp_path / "none")
    (tmp_path / "b").symlink_to(tmp_path / "none")
    (tmp_path / "d.md").symlink_to(tmp_path / "d.md")
    found = problems(tmp_path)
    named = ("a.md", "b/", "d.md")  # `b` may have led to a folder, whose items are not gone
    assert [problem.path for problem in found] == [f"{tmp_path}/{name}" for name in named]
    assert all(problem.severity is Severity.ERROR for problem in found)
    assert sources(tmp_path) == []


def test_a_link_out_of_the_folder_is_refused_where_none_may_lead_there(tmp_path: Path) -> None:
    root = tmp_path / "seeds"
    put(root / "a.md")
    put(tmp_path / "seeds-too" / "b.md")
    (root / "file.md").symlink_to(tmp_path / "seeds-too" / "b.md")
    (root / "folder").symlink_to(tmp_path / "seeds-too")
    (root / "hops.md").symlink_to(root / "file.md")
    (root / "inside.md").symlink_to("a.md")
    (root / "up.md").symlink_to("../seeds/a.md")
    (root / "picture.jpg").symlink_to(tmp_path / "seeds-too" / "b.md")
    assert sources(root) == ["a", "file", "folder/b", "hops", "inside", "up"]
    found = list(scan(root, follow_links=False))
    assert [one.id for one in found if isinstance(one, SeedFile)] == ["a", "inside", "up"]
    refused = [one.problem for one in found if isinstance(one, RefusedLink)]
    assert [one.path for one in refused] == [
        f"{root}/{n}" for n in ("file.md", "folder/", "hops.md")
    ]
    assert all("NEWSDEX_FOLLOW_LINKS=0" in one.message for one in refused)


def test_the_folder_itself_may_be_a_link_whatever_links_may(tmp_path: Path) -> None:
    put(tmp_path / "real" / "a.md")
    (tmp_path / "seeds").symlink_to("real")
    (found,) = scan(tmp_path / "seeds", follow_links=False)
    assert isinstance(found, SeedFile)


def test_what_goes_while_it_is_walked_was_never_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.md", "b/c.md", "d/e.md", "f.md"):
        put(tmp_path / name)
    listing = os.scandir

    def list_and_lose(path: bytes) -> object:
        entries = list(listing(path))  # what is gone now is in the list still
        if path == os.fsencode(tmp_path):
            (tmp_path / "a.md").unlink()
            shutil.rmtree(tmp_path / "b")
        return nullcontext(entries)

    walked = scan(tmp_path)
    monkeypatch.setattr(os, "scandir", list_and_lose)
    found = list(walked)
    assert [one.id for one in found if isinstance(one, SeedFile)] == ["d/e", "f"]
    assert len(found) == 2


def test_what_may_not_be_looked_at_is_not_gone(tmp_path: Path) -> None:
    put(tmp_path / "file")
    (tmp_path / "link").symlink_to("nowhere")
    gone = {"none": True, "file/below": True, "file": False, "link": False, "x" * 300: False}
    assert {n: seed_file.is_gone(os.fsencode(tmp_path / n)) for n in gone} == gone


def test_a_folder_that_may_be_listed_but_not_entered_keeps_its_items(tmp_path: Path) -> None:
    folder = tmp_path / "seeds" / "sub"
    for name in ("a", "b", "deep/c"):
        put(folder / f"{name}.md")
    put(tmp_path / "seeds" / "d.md")
    assert newsdex("reindex", cwd=tmp_path).returncode == 0
    folder.chmod(0o600)
    try:
        done = newsdex("reindex", "--json", cwd=tmp_path, before=UNPRIVILEGED)
    finally:
        folder.chmod(0o700)
    row = json.loads(done.stdout)
    assert (done.returncode, row["items"], row["removed"]) == (1, 4, 0)
    paths = [problem["path"] for problem in row["problems"]]
    assert paths == ["seeds/sub/a.md", "seeds/sub/b.md", "seeds/sub/deep/"]


LOCALES = {"C": "C", "POSIX": "POSIX", "none that is there": "xx_YY.ISO-8859-1"}
"""Under which Python takes names for ASCII, but for its own remedies, which are off here."""


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
def test_names_are_read_as_utf_8_whatever_the_locale_says(tmp_path: Path, locale: str) -> None:
    put(tmp_path / utf_8("séeds/Zürich/東京.md"), "---\ntitle: Ship 東京\n---\n")
    environ = environment(LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    for arguments in (
        ["reindex", "--seeds", utf_8("séeds"), "--json"],
        ["search", "ship"],
        ["search", "--json", "ship"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "search_app", *arguments],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
    (hit,) = json.loads(done.stdout)["hits"]
    assert hit["id"] == "Zürich/東京"


def test_a_pipe_is_a_problem_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.md")
    os.mkfifo(tmp_path / "b.txt")
    (problem,) = scan(tmp_path)
    assert isinstance(problem, Problem)
    assert "pipe" in problem.message


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    file = put(tmp_path / "a.md")
    (source,) = scan(tmp_path)
    file.unlink()
    os.mkfifo(file)
    assert isinstance(source, SeedFile)
    assert isinstance(seed_file.read(source), Problem)


@pytest.mark.parametrize("name", [b"a\xff.md", b"a\nb.md", b"a\x1b[31m.md"])
def test_a_name_that_cannot_be_shown_is_a_problem_that_can(name: bytes, tmp_path: Path) -> None:
    put(tmp_path / os.fsdecode(name))
    (problem,) = scan(tmp_path)
    assert isinstance(problem, Problem)
    assert str(problem).isprintable()
    str(problem).encode()


def test_a_folder_with_such_a_name_is_one_problem(tmp_path: Path) -> None:
    put(tmp_path / "a\nb" / "c.md")
    (problem,) = scan(tmp_path)
    assert isinstance(problem, Problem)
    assert problem.path.endswith("/a\\nb/")


def test_a_folder_named_like_a_file_is_a_folder(tmp_path: Path) -> None:
    put(tmp_path / "a.md" / "b.md")
    put(tmp_path / "a.markdown")
    assert sources(tmp_path) == ["a", "a.md/b"]


@needs_permissions
def test_what_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    file = put(tmp_path / "a.md")
    folder = put(tmp_path / "b" / "c.md").parent
    file.chmod(0)
    folder.chmod(0)
    try:
        source, problem = scan(tmp_path)
        assert isinstance(problem, Problem)
        assert problem.path == f"{tmp_path}/b/"
        assert seed_file.id_of(problem.path, tmp_path) == "b/"
        assert isinstance(source, SeedFile)
        unread = seed_file.read(source)
        assert isinstance(unread, Problem)
        assert "may not be read" in unread.message
    finally:
        folder.chmod(stat.S_IRWXU)


def test_a_file_that_is_gone_is_none_and_one_that_became_a_folder_a_problem(tmp_path: Path) -> None:
    file = put(tmp_path / "a.md")
    (source,) = scan(tmp_path)
    assert isinstance(source, SeedFile)
    file.unlink()
    assert seed_file.read(source) is None
    file.symlink_to(tmp_path / "nowhere")
    assert isinstance(seed_file.read(source), Problem)
    file.unlink()
    file.mkdir()
    became = seed_file.read(source)
    assert isinstance(became, Problem)
    assert became.message == "it is not a file any more; reindex again"


def test_a_file_too_large_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"x" * seed_file.MAX_FILE_BYTES)
    (tmp_path / "b.md").write_bytes(b"x" * (seed_file.MAX_FILE_BYTES + 1))
    fits, exceeds = scan(tmp_path)
    assert isinstance(fits, SeedFile)
    assert isinstance(exceeds, SeedFile)
    assert isinstance(seed_file.read(fits), bytes)
    assert isinstance(seed_file.read(exceeds), Problem)


def test_folders_deeper_than_python_nests_calls_are_walked(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(400):
        folder /= "d"
        folder.mkdir()
    put(folder / "a.md")
    assert sources(tmp_path) == ["d/" * 400 + "a"]


@given(st.sets(st.text("ab-./!_\u00e9Z", min_size=1, max_size=6), max_size=12))
def test_ids_come_in_order_whatever_the_names(
    tmp_path_factory: pytest.TempPathFactory, names: set[str]
) -> None:
    root = tmp_path_factory.mktemp("seeds")
    for name in names:
        parts = [part for part in name.split("/") if part.strip(".")]
        if parts:
            put(root / utf_8("/".join(parts) + ".md"))
    found = sources(root)
    assert found == sorted(found)
    assert problems(root) == []
