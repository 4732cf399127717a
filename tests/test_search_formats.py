"""`newsdex search --format`: lists for pipes have every hit, pages have a page."""

import csv
import fcntl
import io
import json
import os
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.engines import open_store
from indexer.reindex.report import Options
from indexer.reindex.run import reindex
from search_app.cli import main

ITEMS = 25
FOLDER = os.fsdecode("é b".encode())
"""As the system has it in UTF-8, whatever the locale of this run says."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `seeds`, some of them in a folder of theirs and with the longer suffix, and an
    `index` of them."""
    folder = tmp_path_factory.mktemp("formats")
    (folder / "seeds" / FOLDER).mkdir(parents=True)
    for number in range(ITEMS):
        name = f"{FOLDER}/{number}.markdown" if number % 2 else f"{number}.md"
        text = f"---\ntitle: Harbour {number}\n---\n\nQuay {number}.\n"
        (folder / "seeds" / name).write_text(text)
    reindex(folder / "seeds", open_store("whoosh", folder / "index"), Options())
    return folder


def run(site: Path, *arguments: str) -> Result:
    environ = {"NEWSDEX_INDEX": str(site / "index"), "NEWSDEX_SEEDS": str(site / "seeds")}
    return CliRunner().invoke(main, ["search", *arguments], env=environ)


def test_ids_and_paths_are_of_every_hit_in_order(site: Path) -> None:
    ids = run(site, "--format", "ids", "harbour").stdout.splitlines()
    paths = run(site, "--format", "paths", "harbour").stdout_bytes.splitlines()
    page = json.loads(run(site, "--json", "--page-size", "100", "harbour").stdout)
    assert ids == [hit["id"] for hit in page["hits"]]
    assert len(ids) == ITEMS
    assert [path.rpartition(b".")[0] for path in paths] == [
        bytes(site / "seeds") + b"/" + id.encode() for id in ids
    ]
    assert all(Path(os.fsdecode(path)).is_file() for path in paths)


def test_csv_and_json_lines_are_of_every_hit(site: Path) -> None:
    table = run(site, "--format", "csv", "harbour").stdout_bytes.decode()
    lines = run(site, "--format", "jsonl", "harbour").stdout
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    items = [json.loads(line) for line in lines.splitlines()]
    assert [row["id"] for row in rows] == [one["id"] for one in items]
    assert len(rows) == ITEMS
    assert all(one["body"] == one["title"].replace("Harbour", "Quay") + "." for one in items)


def test_a_page_of_a_list_is_what_the_page_has(site: Path) -> None:
    whole = run(site, "--format", "ids", "harbour").stdout.splitlines()
    page = run(site, "--format", "ids", "--page", "3", "--page-size", "4", "harbour")
    assert page.stdout.splitlines() == whole[8:12]
    assert run(site, "--format", "ids", "--page", "3", "harbour").stdout.splitlines() == whole[20:]
    assert run(site, "--format", "ids", "--page", "9", "harbour").stdout == ""


def test_json_is_what_the_option_json_prints(site: Path) -> None:
    plain = json.loads(run(site, "--json", "harbour").stdout)
    named = json.loads(run(site, "--format", "json", "harbour").stdout)
    assert {**plain, "took_ms": 0} == {**named, "took_ms": 0}
    assert len(named["hits"]) == 10
    assert "Harbour" in run(site, "--format", "text", "harbour").stdout


def test_notes_on_a_list_go_to_stderr(site: Path) -> None:
    result = run(site, "--format", "ids", '"harbour')
    assert len(result.stdout.splitlines()) == ITEMS
    assert "a quote that is never closed" in result.stderr.lower()


@pytest.mark.parametrize("form", ["ids", "paths", "csv", "jsonl"])
def test_a_list_says_once_that_another_query_was_searched(site: Path, form: str) -> None:
    result = run(site, "--format", form, "harbuor")
    told = "Results for harbour; to search harbuor as it is typed, add --spelling off"
    assert result.stdout
    assert result.stderr.splitlines() == [f"newsdex: {told}"]
    typed = run(site, "--format", form, "harbuor", "--spelling", "off")
    assert "harbour" not in typed.output
    assert run(site, "--format", form, "harbour").stderr == ""


def test_a_list_says_that_items_hold_only_some_of_the_words(site: Path) -> None:
    words = ("harbour", "7")
    result = run(site, "--format", "ids", *words)
    assert len(result.stdout.splitlines()) == ITEMS
    assert result.stderr.splitlines() == [
        "newsdex: some items hold only some of the words; --match all leaves them out"
    ]
    assert run(site, "--format", "ids", "--match", "all", *words).stderr == ""


def test_what_is_noted_on_a_list_fits_the_terminal(site: Path) -> None:
    leader, follower = os.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 40, 0, 0))
    subprocess.run(
        [sys.executable, "-m", "search_app", "search", "--index", site / "index", "--format", "ids",
         "harbuor", '"7'],
        cwd=Path(__file__).parents[1], stdout=subprocess.DEVNULL, stderr=follower, check=True,
    )  # fmt: skip
    os.close(follower)
    lines = os.read(leader, 100_000).decode().splitlines()
    os.close(leader)
    assert "newsdex: Results for harbour" in " ".join(lines)
    assert max(map(len, lines)) <= 40


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "cvs"], "'cvs' is not one of text, json, csv, jsonl, ids, paths"),
        (["--format", "ids", "--json"], "--json is another format than --format ids"),
    ],
)
def test_a_wrong_format_is_told(site: Path, arguments: list[str], message: str) -> None:
    result = run(site, *arguments, "harbour")
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    "arguments", [("--format", "ids"), ("--format", "csv"), ("--json",), ("--help",), ()]
)
def test_a_reader_that_has_left_ends_it_as_any_tool(site: Path, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = searched(site, *arguments, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (-signal.SIGPIPE, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "arguments", [("--format", "ids"), ("--json",), ("--json", "--sort", "best"), ()]
)
def test_an_answer_that_has_no_room_has_an_exit_code_of_its_own(
    site: Path, arguments: tuple[str, ...]
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = searched(site, *arguments, stdout=full.fileno())
    assert done.returncode == 6
    assert b"newsdex: the answer could not be written: " in done.stderr
    assert b"Traceback" not in done.stderr


def searched(site: Path, *arguments: str, stdout: int) -> subprocess.CompletedProcess[bytes]:
    index = str(site / "index")
    command = [sys.executable, "-m", "search_app", "search", "--index", index, *arguments]
    return subprocess.run(
        command, cwd=Path(__file__).parents[1], stdout=stdout, stderr=subprocess.PIPE, check=False
    )


def test_a_reader_that_leaves_early_is_no_error(site: Path) -> None:
    command = f"{sys.executable} -m search_app search --index {site}/index --format ids | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")
