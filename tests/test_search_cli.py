"""`newsdex search`: what it prints, what it takes, how it ends."""

import errno
import fcntl
import json
import os
import re
import shlex
import signal
import socket
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from indexer import VERSION
from indexer.engines import open_store
from indexer.index import file_records
from indexer.item import Article, Provider
from search_app.app import create_app
from search_app.cli import main
from search_app.settings import Settings
from search_app.state import state
from tests.indexer.processes import environment
from tests.indexer.samples import seed
from tests.search.samples import IBM, item, make, seed_items

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the project's own seeds."""
    return make(tmp_path_factory.mktemp("cli") / "index", seed_items())


@pytest.fixture(scope="module")
def client(index: Path) -> Iterator[FlaskClient]:
    app = create_app(Settings.load({}, index=index))
    yield app.test_client()
    state(app.extensions).reader.close()


def run(index: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["search", "--index", str(index), *arguments])


def found(index: Path, *arguments: str) -> dict[str, Any]:
    result = run(index, "--json", *arguments)
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def process(*arguments: str | bytes, **given: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "search_app", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        **given,
    )


# What is like a file


def test_what_is_like_a_file_is_found_and_a_query_narrows_it(index: Path, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_bytes(b"\xff An octopus opens the hatch by which the aquarium is fed \xfe")
    alike = found(index, "--like", str(text))
    assert "octopus" in alike["hits"][0]["id"]
    assert "<mark>octopus</mark>" in alike["hits"][0]["highlights"]["title"]
    narrowed = found(index, "--like", str(text), "--", "-octopus", "model")
    assert 0 < narrowed["total"] < alike["total"]
    assert not any("octopus" in hit["id"] for hit in narrowed["hits"])


def test_scores_are_explained_where_that_is_asked(index: Path) -> None:
    for hit in found(index, "facial", "recognition", "--explain")["hits"]:
        assert hit["explanation"]["value"] == hit["score"]
    assert "explanation" not in found(index, "facial")["hits"][0]
    assert "score, rounded" not in run(index, "facial").stdout


def test_what_is_like_stdin_is_found(index: Path) -> None:
    command = ["search", "--index", str(index), "--json", "--like", "-"]
    answer = json.loads(process(*command, input=b"octopus").stdout)
    assert "octopus" in answer["hits"][0]["id"]


@pytest.mark.parametrize("text", [b"", b"\x00\xff", b"the of and", b"zqxj", b"..." * 10**6])
def test_nothing_is_like_a_text_without_a_telling_word(
    index: Path, tmp_path: Path, text: bytes
) -> None:
    (tmp_path / "text").write_bytes(text)
    assert found(index, "--like", str(tmp_path / "text"))["total"] == 0


def test_a_file_to_be_like_that_is_not_there_is_a_mistake_of_usage(
    index: Path, tmp_path: Path
) -> None:
    for path in (tmp_path / "none", tmp_path, ""):
        result = run(index, "--like", str(path))
        assert (result.exit_code, "--like" in result.stderr) == (2, True)


def test_stdin_that_is_closed_has_no_text(index: Path) -> None:
    command = f"{sys.executable} -m search_app search --index {index} --like - <&-"
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    told = "newsdex: --like -: stdin is closed; name a file, or write the text to stdin\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that cannot be read")
def test_a_file_to_be_like_that_cannot_be_read_is_told_as_that(index: Path) -> None:
    done = process("search", "--index", str(index), "--like", "/proc/self/mem")
    told = b"newsdex: --like: /proc/self/mem: cannot be read: Input/output error\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", told)


# What it prints


def test_a_person_reads_the_hits_and_the_facets(index: Path) -> None:
    result = run(index, "facial", "recognition", "congress")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith(("1 item", "2 items", "3 items"))
    assert "  1. IBM Gets Out of Facial Recognition Business" in lines
    assert "     U.S. News & World Report · article · 2020-06-09 · 5 outlets" in lines
    assert any(line.startswith("     also in Axios: IBM is exiting") for line in lines)
    assert any(line.startswith("     https://www.usnews.com/") for line in lines)
    assert any(line.startswith("Topic: ") for line in lines)
    assert any(re.match(r"Year: .*2020 \(\d+\)", line) for line in lines)
    assert "<mark>" not in result.stdout
    assert "\x1b" not in result.stdout
    assert result.stderr == ""


def test_ranks_go_on_and_pages_are_counted(index: Path) -> None:
    result = run(index, "--page", "2", "--page-size", "3")
    assert ", page 2 of " in result.stdout.splitlines()[0]
    assert "\n  4. " in result.stdout
    assert "\n  1. " not in result.stdout


def test_notes_and_relaxing_are_told(index: Path) -> None:
    result = run(index, "facial", "zebra", '"', "…")
    assert "none holds all of the words, these hold some" in result.stdout
    assert "  note: A quote that is never closed" in result.stdout
    assert "  note: “…” holds no letter or digit" in result.stdout


def test_what_is_corrected_is_told_and_can_be_undone(index: Path) -> None:
    result = run(index, "facail", "recogniton")
    told = "Results for facial recognition; to search facail recogniton as it is typed, add "
    assert f"{told}--spelling off" in " ".join(
        line.strip() for line in result.stdout.splitlines()[1:3]
    )
    assert "IBM Gets Out of Facial Recognition Business" in result.stdout
    typed = run(index, "facail", "recogniton", "--spelling", "off")
    assert typed.stdout.startswith("0 items (")


def test_filters_mean_what_fields_mean_in_any_case(index: Path) -> None:
    for option, values in (
        ("topic", ("oceans", "OCEANS", "Oceans")),
        ("provider", ("ZDNet", "zdnet.com", "https://www.ZDNET.com/a")),
        ("type", ("VIDEO", "video")),
    ):
        totals = {found(index, f"--{option}", value)["total"] for value in values}
        totals |= {found(index, f"{option}:{value}")["total"] for value in values}
        assert len(totals) == 1, option
        assert totals.pop() > 0


def test_a_value_that_is_not_there_says_which_is_near(index: Path) -> None:
    output = run(index, "--topic", "oceens").stdout
    assert output.startswith("0 items")
    assert "  note: “oceens” is no topic" in output
    assert "near: “Oceans”" in output


def test_dates_the_wrong_way_round_are_exchanged(index: Path) -> None:
    back = found(index, "--since", "2021", "--until", "2019")
    right = found(index, "--since", "2019", "--until", "2021")
    assert back["total"] == right["total"] > 0
    assert [note["kind"] for note in back["notes"]] == ["reversed_range"]
    assert right["notes"] == []


@pytest.mark.parametrize(
    ("option", "near"), [("--topics", "--topic"), ("--pagesize=5", "--page-size"), ("--zebra", "")]
)
def test_an_option_that_is_none_is_refused_with_the_one_near(
    index: Path, option: str, near: str
) -> None:
    result = run(index, option, "ferry")
    assert result.exit_code == 2
    assert (f"near: “{near}”" in result.stderr) == bool(near)


@pytest.mark.parametrize("dashes", ["--", "---", "--?"])
def test_dashes_alone_are_no_option_but_a_query_of_nothing(index: Path, dashes: str) -> None:
    result = run(index, "--", dashes)
    assert (result.exit_code, result.stdout.split(" (")[0]) == (0, "0 items")
    assert "holds nothing to search for" in result.stdout or "holds no letter" in result.stdout


def test_nothing_found_is_said_and_no_failure(index: Path) -> None:
    result = run(index, "zebra", "--match", "all")
    assert (result.exit_code, result.stdout.split(" (")[0]) == (0, "0 items")


def test_an_item_with_a_title_only_is_printed(tmp_path: Path) -> None:
    nameless = Article("Elsewhere tram", provider=None)
    make(tmp_path, [item("1", "tram"), item("2", "A", related=(nameless,))])
    output = run(tmp_path, "tram").stdout
    assert "None" not in output
    assert "also in ?: Elsewhere tram" in output


def test_of_many_related_articles_that_match_some_are_printed(tmp_path: Path) -> None:
    related = tuple(Article(f"Tram {n}", url=f"https://a.example/{n}") for n in range(9))
    make(tmp_path, [item("1", "tram", related=related)])
    output = run(tmp_path, "tram").stdout
    assert output.count("also in ?: Tram") == 6
    assert "     and 3 more\n" in output


def test_entities_are_text_again_and_long_facets_end_in_dots(tmp_path: Path) -> None:
    outlets = tuple(Article("x", provider=Provider(f"P{n}", f"p{n}.com")) for n in range(9))
    authors = tuple(f"A{n} & Co" for n in range(8))
    tom = item("1", "Tom & <Jerry>", excerpt='"quoted"', related=outlets, authors=authors)
    make(tmp_path, [tom])
    output = run(tmp_path, "jerry").stdout
    assert "Tom & <Jerry>" in output
    assert '"quoted"' in output
    assert "P5 (1), …" in output
    assert "by A0 & Co, A1 & Co, A2 & Co, A3 & Co, A4 & Co, A5 & Co and 2 more" in output


def test_on_a_terminal_what_was_found_is_bold(index: Path) -> None:
    written = on_terminal(index, "-zebra", '"out of facial"')
    assert "IBM Gets \x1b[1mOut of Facial\x1b[0m Recognition Business" in written


def on_terminal(
    index: Path,
    *arguments: str,
    columns: int = 120,
    environ: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """What `newsdex search` writes on a terminal of so many columns."""
    leader, follower = os.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    usual = {name: text for name, text in os.environ.items() if name not in COLOURS}
    subprocess.run(
        [sys.executable, "-m", "search_app", "search", "--index", index, *arguments],
        cwd=ROOT,
        stdout=follower,
        check=True,
        env=usual | {"TERM": "xterm", **environ},
    )
    os.close(follower)
    written = os.read(leader, 100_000).decode()
    os.close(leader)
    return written


COLOURS = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES")


@pytest.mark.parametrize(
    ("environ", "bold"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    ],
)
def test_a_terminal_shows_bold_as_the_environment_wants(
    index: Path, environ: dict[str, str], bold: bool
) -> None:
    assert ("\x1b[1m" in on_terminal(index, "facial", environ=environ)) is bold


def test_colour_can_be_forced_into_a_pipe(index: Path) -> None:
    forced = process(
        "search", "--index", str(index), "facial", env=os.environ | {"FORCE_COLOR": "1"}
    )
    assert b"\x1b[1m" in forced.stdout


@pytest.mark.parametrize("columns", [30, 60, 200])
def test_no_line_but_an_address_is_wider_than_the_terminal(index: Path, columns: int) -> None:
    shown = on_terminal(index, "facial", "recognition", "...", columns=columns)
    lines = re.sub("\x1b\\[[0-9]*m", "", shown).splitlines()
    texts = [line for line in lines if not re.match(" {5}(https?://|seeds/)", line)]
    assert texts != lines
    assert max(map(len, texts)) <= min(columns, 88)
    assert max(map(len, texts)) > min(columns, 88) - 15


def test_each_hit_names_its_file(index: Path) -> None:
    result = run(index, "facial", "recognition", "congress")
    paths = re.findall(r"^     (seeds/\S+)$", result.stdout, re.M)
    assert paths
    assert all((ROOT / path).is_file() for path in paths)


@pytest.mark.parametrize(
    ("arguments", "hints"),
    [
        (["zzzzzz"], ["fewer or more general words, or check how"]),
        (["zzzzzz", "qqqqqq"], ["fewer or more general", "--match any"]),
        (["zzzzzz", "qqqqqq", "--match", "any"], ["fewer or more general"]),
        (["ferry", "--topic", "AI", "--until", "1990"], ["without --topic", "fewer or more"]),
        (["ferry"], []),
    ],
)
def test_where_nothing_is_found_it_is_told_what_to_try(
    index: Path, arguments: list[str], hints: list[str]
) -> None:
    told = " ".join(run(index, *arguments).stdout.split())
    assert told.count("Try ") == len(hints)
    assert all(hint in told for hint in hints)


def test_a_long_query_is_told_in_short(index: Path) -> None:
    result = run(index, "facail", "recogniton", *[f"-zebra{n}" for n in range(40)])
    (told,) = re.findall(r"^  Results for .*?--spelling off", result.stdout, re.M | re.S)
    assert "…" in told
    assert len(told) < 600


def test_a_short_h_is_help_but_in_a_word_to_exclude(index: Path) -> None:
    assert CliRunner().invoke(main, ["search", "-h"]).stdout.startswith("Usage: ")
    for name in ("reindex", "check", "status", "verify", "rollback", "serve"):
        assert CliRunner().invoke(main, [name, "-h"]).stdout.startswith("Usage: ")
    assert found(index, "the", "-huawei")["query"] == "the -huawei"
    assert found(index, "--", "the", "-h")["query"] == "the -h"


@pytest.mark.parametrize("command", ["search", "status", "verify"])
def test_a_misspelt_variable_is_told_once_and_stops_nothing(index: Path, command: str) -> None:
    usual = process(command, "--index", str(index), "--json")
    environ = os.environ | {"NEWSDEX_TRUSTED_PROXY": "127.0.0.1"}
    done = process(command, "--index", str(index), "--json", env=environ)
    told = b"newsdex: NEWSDEX_TRUSTED_PROXY: there is no such setting; do you mean "
    assert done.stderr == told + b"NEWSDEX_TRUSTED_PROXIES?\n" + usual.stderr
    assert done.returncode == usual.returncode == 0
    assert json.loads(done.stdout).keys() == json.loads(usual.stdout).keys()


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "--index"),
        ("search", "x", "--json=1"),
        ("reindex", "--jobs"),
        ("reindex", "--jobs", "many"),
        ("status", "--nonsense"),
    ],
)
def test_a_mistake_in_the_options_of_a_command_leads_to_its_help(
    arguments: tuple[str, ...],
) -> None:
    result = CliRunner().invoke(main, arguments, prog_name="newsdex")
    assert result.exit_code == 2
    assert result.stderr.endswith(f"(see `newsdex {arguments[0]} --help`)\n")


def test_a_mistake_before_a_command_leads_to_the_help_of_all() -> None:
    for arguments in (["nonsense"], ["--nonsense"]):
        result = CliRunner().invoke(main, arguments, prog_name="newsdex")
        assert result.stderr.endswith("(see `newsdex --help`)\n")


@pytest.mark.parametrize(
    ("arguments", "code", "kind"),
    [
        (["search", "--sort", "best", "--json"], 2, "bad_request"),
        (["search", "--index", "nowhere", "--json", "x"], 3, "index_missing"),
        (["status", "--index", "nowhere", "--json"], 3, "index_missing"),
        (["reindex", "--seeds", "nowhere", "--json"], 2, "seeds_missing"),
        (["reindex", "--jobs", "many", "--json"], 2, "bad_request"),
        (["verify", "--nonsense", "--json"], 2, "bad_request"),
    ],
)
def test_with_json_an_error_is_an_object_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code
    error = json.loads(result.stdout)["error"]
    assert list(error) == ["kind", "message"]
    assert error["kind"] == kind
    assert result.stderr.splitlines() == [f"newsdex: {error['message']}"]


# The same object as the API's


@pytest.mark.parametrize(
    ("arguments", "parameters"),
    [
        ([], {}),
        (["facial", "recognition"], {"q": "facial recognition"}),
        (
            ["ferry", "OR", "tram", "--topic", "AI", "--topic", "Oceans", "--sort", "newest"],
            {"q": "ferry OR tram", "topic": ["AI", "Oceans"], "sort": "newest"},
        ),
        (
            ["--provider", "axios.com", "--type", "article", "--year", "2020", "--page-size", "1"],
            {"provider": "axios.com", "type": "article", "year": "2020", "page_size": "1"},
        ),
        (
            ["the", "--since", "2019", "--until", "2020-06", "--match", "any", "--page", "2"],
            {"q": "the", "since": "2019", "until": "2020-06", "match": "any", "page": "2"},
        ),
        (["…", '"'], {"q": '… "'}),
    ],
)
def test_json_is_the_object_of_the_api(
    index: Path, client: FlaskClient, arguments: list[str], parameters: dict[str, Any]
) -> None:
    ours = found(index, *arguments)
    theirs = client.get("/api/search", query_string=parameters).get_json()
    assert ours.pop("took_ms") >= 0
    assert theirs.pop("took_ms") >= 0
    assert ours == theirs
    assert list(ours) == list(theirs)


def test_options_narrow_the_search(index: Path) -> None:
    answer = found(index, "--provider", "jpost.com", "--since", "2020-06-09", "--sort", "oldest")
    assert [hit["id"] for hit in answer["hits"]] == [IBM]
    assert [v["value"] for v in answer["facets"]["provider"] if v["selected"]] == ["jpost.com"]


# Words that look like options


@pytest.mark.parametrize("word", ["-facial", "-huawei", "-hot", "-the", "-5", '-"a b"'])
def test_a_word_left_out_is_no_option(index: Path, word: str) -> None:
    answer = found(index, "recognition", word)
    assert answer["query"] == f"recognition {word}"


def test_options_may_stand_between_and_after_the_words(index: Path) -> None:
    answer = found(index, "ibm", "--sort", "oldest", "-zebra", "--page-size", "2", "business")
    assert (answer["query"], answer["sort"]) == ("ibm -zebra business", "oldest")


def test_an_unknown_option_is_named(index: Path) -> None:
    result = run(index, "ibm", "--topics=AI")
    assert result.exit_code == 2
    assert "--topics" in result.stderr
    assert "=AI" not in result.stderr
    assert "newsdex search --help" in result.stderr


# How it ends


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["--sort", "best"], "--sort"),
        (["--match", "most"], "--match"),
        (["--page", "0"], "--page"),
        (["--page-size", "101"], "--page-size"),
        (["--since", "yesterday"], "--since"),
        (["--year", "20"], "--year"),
        (["--type", "a" * 1000], "--type"),
    ],
)
def test_a_value_that_cannot_be_is_one_line_and_exit_2(
    index: Path, arguments: list[str], name: str
) -> None:
    result = run(index, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(f"newsdex: {name}: ")
    assert result.stderr.count("\n") == 1


def test_without_an_index_it_says_what_to_do(tmp_path: Path) -> None:
    result = run(tmp_path / "none", "ibm")
    assert result.exit_code == 3
    assert "newsdex reindex" in result.stderr
    assert result.stdout == ""


def test_a_damaged_index_is_told_and_the_one_before_answers(tmp_path: Path) -> None:
    make(tmp_path, [item("1", "tram")])
    make(tmp_path, [item("1", "tram"), item("2", "tram")])
    newest, before = open_store("whoosh", tmp_path).generations()
    (tmp_path / newest / file_records.NAME).unlink()
    result = run(tmp_path, "tram")
    assert result.exit_code == 0
    assert result.stdout.startswith("1 item (")
    assert f"answering from {before} instead" in result.stderr
    (tmp_path / before / file_records.NAME).unlink()
    assert run(tmp_path, "tram").exit_code == 3


def test_settings_come_from_the_environment(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSDEX_INDEX", str(index))
    monkeypatch.setenv("NEWSDEX_PAGE_SIZE", "4")
    result = CliRunner().invoke(main, ["search", "--json"])
    assert json.loads(result.stdout)["page_size"] == 4
    monkeypatch.setenv("NEWSDEX_PAGE_SIZE", "many")
    refused = CliRunner().invoke(main, ["search"])
    assert refused.exit_code == 2
    assert "NEWSDEX_PAGE_SIZE" in refused.stderr


def test_an_engine_that_is_none_is_refused(index: Path) -> None:
    assert run(index, "--engine", "punchcards").exit_code == 2


def test_help_and_version_are_there() -> None:
    assert "--page-size" in CliRunner().invoke(main, ["search", "--help"]).stdout
    assert VERSION in CliRunner().invoke(main, ["--version"]).stdout
    assert "search" in CliRunner().invoke(main, ["-h"]).stdout


# As a process


def test_bytes_that_are_no_text_are_searched_as_if_replaced(index: Path) -> None:
    utf_8 = {**os.environ, "LC_ALL": "C.UTF-8"}  # in others they may be
    asked = ("--json", b"ibm\xff", "--topic", b"\xfe")
    done = process("search", "--index", str(index), *asked, env=utf_8)
    assert done.stderr == b""
    answer = json.loads(done.stdout)
    assert answer["query"] == "ibm\ufffd"
    assert answer["facets"]["topic"][0]["value"] == "\ufffd" or answer["total"] == 0


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_a_reader_that_stops_reading_sees_no_traceback(index: Path, how: list[str]) -> None:
    searching = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "search_app",
            "search",
            "--index",
            index,
            "--page-size",
            "100",
            *how,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert searching.stdout
    searching.stdout.close()
    assert searching.stderr
    errors = searching.stderr.read()
    searching.stderr.close()
    searching.wait()
    assert b"Traceback" not in errors
    assert b"Exception" not in errors


def test_a_terminal_of_any_language_is_written_to(index: Path) -> None:
    done = process(
        "search",
        "--index",
        str(index),
        "駅".encode(),
        env={**os.environ, "LC_ALL": "C", "LANG": "C"},
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("package", ["flask", "numpy", "whoosh"])
def test_commands_do_not_wait_for_what_they_need_not(package: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, search_app.cli; print({package!r} in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "False\n"


def test_an_address_that_cannot_be_listened_on_is_refused(index: Path) -> None:
    done = process("serve", "--index", str(index), "--port", "0", "--host", "192.0.2.1")
    assert done.returncode == 2
    assert b"cannot listen on 192.0.2.1 port 0" in done.stderr
    assert b"--host" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_port_that_is_taken_is_told_in_plain_words(index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = process("serve", "--index", str(index), "--port", port)
    told = os.strerror(errno.EADDRINUSE)
    *_, said = done.stderr.decode().splitlines()  # the first may tell that there is no kernel
    assert said == (
        f"newsdex: cannot listen on 127.0.0.1 port {port}: {told}; choose another with --host and "
        "--port"
    )


@pytest.mark.parametrize("stdout", ["/dev/full", "a pipe that nobody reads"])
@pytest.mark.parametrize(("ended_by", "code"), [("SIGINT", 130), ("SIGTERM", -signal.SIGTERM)])
def test_a_server_serves_though_its_greeting_cannot_be_printed(
    index: Path, stdout: str, ended_by: str, code: int
) -> None:
    if stdout == "/dev/full":
        writing = os.open(stdout, os.O_WRONLY)
    else:
        reading, writing = os.pipe()
        os.close(reading)
    server = subprocess.Popen(
        [sys.executable, "-m", "search_app", "serve", "--index", index, "--port=0"],
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    os.close(writing)
    try:
        assert server.stderr
        with server.stderr:
            told = next((line for line in server.stderr if " at http" in line), "")
            assert told.startswith(f"newsdex: Serving {len(seed_items())} items at http://")
            assert "stdout cannot be written: " in told
            with urlopen(f"{told.split(' at ')[1].split()[0]}readyz") as answer:
                assert json.load(answer)["items"] == len(seed_items())
            server.send_signal(signal.Signals[ended_by])
            rest = server.stderr.read()
        assert (server.wait(), "Traceback" in rest, "written" in rest) == (code, False, False)
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2"])
def test_a_server_answers_at_the_address_it_says(index: Path, host: str) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "search_app", "serve", "--index", index, "--host", host, "--port=0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert server.stdout
    address = server.stdout.readline().split(" at ")[1].split()[0]
    with server.stdout, urlopen(f"{address}readyz") as answer:
        assert json.load(answer)["items"] == len(seed_items())
        server.terminate()
        server.wait(timeout=20)
    assert address.startswith(f"http://{host}:")


INTERRUPTED_WHILE_LOADED = """
import os, runpy, signal, sys
def interrupt(event, arguments):
    if event == "import" and arguments[0] == "click":
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(interrupt)
sys.argv = ["newsdex", "--help"]
runpy.run_module("search_app", run_name="__main__")
"""


def test_interrupted_while_it_is_loaded_it_ends_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_LOADED],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_that_cannot_be_written_gives_no_traceback(option: str) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "search_app", option],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 6
    assert done.stderr.startswith("newsdex: the answer could not be written:")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_a_run_without_a_stream_is_a_run_all_the_same(tmp_path: Path, closed: str) -> None:
    seed(tmp_path / "seeds", "a", "A title")
    command = f"exec {shlex.quote(sys.executable)} -m search_app reindex --jobs 2 {closed}"
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, env=environment(), check=False)
    assert done.returncode == 0
    found = process("search", "--index", str(tmp_path / "index"), "--json", "title")
    assert json.loads(found.stdout)["total"] == 1


def test_settings_come_from_the_file_that_is_named_and_its_faults_are_told(
    index: Path, tmp_path: Path
) -> None:
    file = tmp_path / "site.toml"
    file.write_text(f'index = "{index}"\npage_size = 3\nsite_name = "The Daily"\n')
    result = CliRunner().invoke(main, ["search", "--config", str(file), "--json", "the"])
    assert len(json.loads(result.stdout)["hits"]) == 3
    status = CliRunner().invoke(main, ["status", "--config", str(file), "--json"])
    assert status.exit_code == 0  # what only the search side knows is no fault here
    file.write_text("page-size = 3\n")
    for name in ("search", "status", "serve"):
        result = CliRunner().invoke(main, [name, "--config", str(file)])
        assert result.exit_code == 2
        assert result.stderr == (
            f"newsdex: {file}: page-size: there is no such setting; do you mean page_size?\n"
        )
