"""The commands of the write side, within this process and as a person runs them."""

import json
import os
import pty
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from indexer.console import commands, output
from indexer.console.problem_groups import MOST_FILES
from indexer.engines.whoosh.store import WhooshStore
from search_app.cli import main
from tests.indexer.processes import UNPRIVILEGED, newsdex
from tests.indexer.samples import seed

pytestmark = pytest.mark.slow

RUN = {"generation", "items", "added", "changed", "removed", "unchanged"}
RUN |= {"rejected", "undated", "drafts", "problems", "seconds", "bytes"}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with three items below `seeds`."""
    for name in ("a", "b", "c"):
        seed(tmp_path / "seeds", name, f"Item {name}", date="2020-05-17")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*arguments: str, code: int = 0, **environ: str) -> Result:
    result = CliRunner().invoke(main, arguments, env=environ)
    assert result.exit_code == code, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def answer(*arguments: str, code: int = 0, **environ: str) -> dict[str, Any]:
    result = call(*arguments, "--json", code=code, **environ)
    row: dict[str, Any] = json.loads(result.stdout)
    return row


def test_a_reindex_says_what_it_did(place: Path) -> None:
    result = call("reindex")
    assert result.stderr == ""
    assert result.stdout.splitlines()[0].startswith("3 items from seeds in ")
    assert result.stdout.splitlines()[1].startswith("Generation g000001-")
    assert call("reindex").stdout.endswith(" is up to date.\n")


def test_the_json_of_a_reindex_is_one_object_with_exactly_these_keys(place: Path) -> None:
    (place / "seeds" / "bad.md").write_text("nothing")
    result = call("reindex", "--json", code=1)
    assert result.stdout.count("\n") == 1
    row = json.loads(result.stdout)
    assert row.keys() == RUN
    assert [row[name] for name in ("items", "added", "rejected")] == [3, 3, 1]
    assert [row[name] for name in ("changed", "removed", "unchanged")] == [0, 0, 0]
    (problem,) = row["problems"]
    assert problem.keys() == {"path", "line", "field", "message", "severity"}
    assert (problem["path"], problem["line"], problem["severity"]) == ("seeds/bad.md", 1, "error")
    assert result.stderr == ""


def test_without_an_index_the_generation_is_null(place: Path) -> None:
    row = answer("reindex", "--dry-run")
    assert (row["generation"], row["items"], row["added"], row["bytes"]) == (None, 3, 3, 0)
    assert not (place / "index").exists()


def test_problems_go_to_stderr_with_severity_path_line_and_field(place: Path) -> None:
    seed(place / "seeds", "a", "Item a", quality="high")
    (place / "seeds" / "b.md").write_text("---\nexcerpt: x\n---\n")
    result = call("reindex", code=1)
    warning, error = result.stderr.splitlines()
    assert warning.startswith("warning: seeds/a.md:3: quality: 'high' is not a whole number")
    assert error.startswith("error: seeds/b.md:1: title: there is no title; add a line")
    assert "1 file could not be used." in result.stdout
    again = call("check", code=1)
    assert again.stderr == result.stderr
    summary = "3 files in seeds: 2 items, 1 rejected, 1 warning.\n1 item has no date.\n"
    assert again.stdout == summary


def test_a_reindex_shows_the_first_problems_and_says_how_many_more(place: Path) -> None:
    for number in range(0, output.SHOWN + 2, 2):
        (place / "seeds" / f"x{number}.md").touch()
        (place / "seeds" / f"x{number + 1}.md").write_text("---\nexcerpt: x\n---\n")
    said = call("reindex", code=1).stderr.splitlines()
    assert len(said) == output.SHOWN + 1
    assert said[-1] == "... and 2 more problems; `newsdex check` lists them all"
    assert len(call("check", code=1).stderr.splitlines()) == output.SHOWN + 2


@pytest.mark.parametrize("command", ["reindex", "check"])
def test_what_is_wrong_with_many_files_is_told_once_but_listed_as_json(
    place: Path, command: str
) -> None:
    for number in range(100, 100 + MOST_FILES + 1):
        (place / "seeds" / f"x{number}.md").write_text("---\nexcerpt: x\n---\n")
    error, hint = call(command, code=1).stderr.splitlines()
    assert error == (
        "error: 21 files (seeds/x100.md:1, seeds/x101.md:1, seeds/x102.md:1, ...): title: "
        "there is no title; add a line title: ... to the front matter"
    )
    assert hint == "`--json` lists every file of those that are told together"
    assert len(answer(command, code=1)["problems"]) == MOST_FILES + 1


def test_strict_and_dry_runs_leave_the_index_and_say_so(place: Path) -> None:
    call("reindex")
    (place / "seeds" / "a.md").write_text("nothing")
    seed(place / "seeds", "b", "Other")
    strict = call("reindex", "--strict", code=1)
    assert "Because of --strict the index is as it was." in strict.stdout
    assert "This was a dry run" in call("reindex", "--dry-run", code=1).stdout
    assert answer("reindex", code=1)["changed"] == 1


def test_a_full_run_builds_from_nothing(place: Path) -> None:
    first = answer("reindex")
    assert answer("reindex", "--full")["generation"] != first["generation"]


def test_options_come_from_the_environment_too(place: Path) -> None:
    shutil.move("seeds", "items")
    seed(place / "items", "a", "Item a", published=False)
    row = answer("reindex", NEWSDEX_SEEDS="items", NEWSDEX_INDEX="there", NEWSDEX_PROMOTED_ONLY="1")
    assert row["items"] == 2
    assert (place / "there" / "CURRENT").exists()
    assert answer("status", NEWSDEX_INDEX="./there")["items"] == 2
    assert answer("status", "--index", "there", NEWSDEX_INDEX="nowhere")["items"] == 2


@pytest.mark.parametrize("command", ["check", "reindex"])
def test_links_out_of_the_seeds_can_be_refused(place: Path, command: str) -> None:
    target = seed(place / "elsewhere", "t")
    (place / "seeds" / "link.md").symlink_to(target)
    assert answer(command)["items"] == 4
    row = answer(command, code=1, NEWSDEX_FOLLOW_LINKS="0")
    assert (row["items"], row["rejected"]) == (3, 1)
    (problem,) = row["problems"]
    assert problem["path"] == "seeds/link.md"
    assert problem["message"].startswith("the link leads out of the seeds folder")


def test_check_answers_with_one_object(place: Path) -> None:
    seed(place / "seeds", "d", "Undated")
    seed(place / "seeds", "_drafts/e", "Draft")
    counts = {"files": 5, "items": 4, "rejected": 0, "undated": 1, "drafts": 1}
    assert answer("check") == {**counts, "problems": []}


@pytest.mark.parametrize("named", ["words.txt", "/nope/words.txt"])
def test_a_file_of_synonyms_that_is_named_and_not_there_is_told(place: Path, named: str) -> None:
    path = str(Path("seeds", named))
    newsdex("reindex", cwd=place)
    for command in ("check", "search"):
        done = newsdex(command, cwd=place, NEWSDEX_SYNONYMS=named)
        assert done.returncode == 0
        (told,) = [line for line in done.stderr.splitlines() if "words.txt" in line]
        assert f"{path}: is not there; NEWSDEX_SYNONYMS names it" in told
        assert "synonyms" not in newsdex(command, cwd=place).stderr
    (place / "newsdex.toml").write_text(f'synonyms = "{named}"')
    assert newsdex("check", cwd=place).stderr.count("newsdex.toml: synonyms names it") == 1
    checked = newsdex("check", "--json", cwd=place)
    (problem,) = json.loads(checked.stdout)["problems"]
    assert (problem["path"], problem["severity"]) == (path, "warning")


def test_check_names_the_lines_of_the_synonyms_that_cannot_be_read(place: Path) -> None:
    file = place / "seeds" / "synonyms.txt"
    file.write_text("ai = artificial intelligence\nuk\n", encoding="utf-8")
    (problem,) = answer("check")["problems"]
    assert problem["path"].endswith("synonyms.txt")
    assert (problem["line"], problem["severity"]) == (2, "warning")
    checked = call("check")
    assert checked.exit_code == 0
    assert "synonyms.txt:2: 'uk' has neither `=` nor `>`; write" in checked.stderr
    assert "1 warning" in checked.stdout


def test_status_verify_and_rollback_tell_of_the_generations(place: Path) -> None:
    first = answer("reindex")
    seed(place / "seeds", "d", "New")
    second = answer("reindex")
    status = answer("status")
    assert status.keys() == {"generation", "created", "engine", "schema", "items", "bytes", "kept"}
    assert status["kept"] == [second["generation"], first["generation"]]
    assert call("status").stdout.startswith("4 items, ")
    assert answer("verify")["ok"] is True
    assert call("verify").stdout.splitlines() == [
        f"{second['generation']} (current): whole",
        f"{first['generation']} (kept): whole",
    ]
    assert answer("rollback") == {"generation": first["generation"], "items": 3}
    assert answer("status")["items"] == 3
    assert "no generation before" in call("rollback", code=3).stderr
    assert answer("reindex")["added"] == 1
    assert "answers again, with 3 items." in call("rollback").stdout


def test_verify_ends_with_3_where_something_is_damaged(place: Path) -> None:
    made = answer("reindex")["generation"]
    (place / "index" / made / "more.toc").touch()
    row = answer("verify", code=3)
    assert row["ok"] is False
    assert "more.toc does not belong there" in row["generations"][0]["faults"][0]
    assert "1 fault" in call("verify", code=3).stdout


def test_a_draft_being_written_disturbs_neither_status_nor_verify(place: Path) -> None:
    made = answer("reindex")["generation"]
    (place / "index" / "g000002-abcdef").mkdir()
    assert answer("status")["kept"] == [made]
    assert answer("verify")["ok"] is True


@pytest.mark.parametrize("command", ["status", "verify", "rollback", "search"])
def test_without_an_index_commands_end_with_3_and_make_nothing(place: Path, command: str) -> None:
    result = call(command, code=3)
    assert result.stderr == (
        "newsdex: there is no index in index yet; run `newsdex reindex` first\n"
    )
    assert result.stdout == ""
    assert not (place / "index").exists()


TORN = "CURRENT names no generation: 'g0000'; run `newsdex rollback` to let the newest whole"


@pytest.mark.parametrize("command", ["status", "verify"])
def test_a_torn_current_ends_with_3_until_a_reindex_mends_it(place: Path, command: str) -> None:
    call("reindex")
    call("reindex", "--full")
    (place / "index" / "CURRENT").write_text("g0000")
    assert TORN in call(command, code=3).output
    assert "The index could not be updated and was built anew: " in call("reindex").stdout
    call("verify")


def test_a_torn_current_is_told_by_verify_and_mended_by_rollback(place: Path) -> None:
    call("reindex")
    newest = answer("reindex", "--full")["generation"]
    (place / "index" / "CURRENT").write_text("g0000")
    row = answer("verify", code=3)
    assert (row["ok"], TORN in row["faults"][0]) == (False, True)
    assert [(g["generation"] == newest, g["faults"]) for g in row["generations"]] == [
        (True, []),
        (False, []),
    ]
    assert answer("rollback")["generation"] == newest
    assert answer("verify")["ok"]


@pytest.mark.parametrize(
    ("arguments", "environ", "code", "said"),
    [
        (["reindex", "--seeds", "nowhere"], {}, 2, "there is no seeds folder nowhere; create it"),
        (["check", "--seeds", "nowhere"], {}, 2, "there is no seeds folder nowhere; create it"),
        (["reindex", "--seeds", "file"], {}, 2, "file is not a folder; name the folder"),
        (["reindex", "--index", "file"], {}, 3, "the index folder file cannot be written"),
        (["reindex", "--index", "file/x"], {}, 3, "the index folder file/x cannot be written"),
        (["status", "--index", "file"], {}, 3, "file/CURRENT cannot be read"),
        (["rollback", "--index", "file"], {}, 3, "file/CURRENT cannot be read"),
        (["reindex", "--engine", "lucene"], {}, 2, "'lucene' is not"),
        (["reindex"], {"NEWSDEX_ENGINE": "lucene"}, 3, "there is no engine 'lucene'; choose"),
        (["status"], {"NEWSDEX_ENGINE": "lucene"}, 3, "there is no engine 'lucene'; choose"),
        (["reindex"], {"NEWSDEX_PROMOTED_ONLY": "x"}, 2, "NEWSDEX_PROMOTED_ONLY: 'x': write 1"),
        (["reindex", "--quickly"], {}, 2, "--quickly"),
        (["reindex", "extra"], {}, 2, "unexpected extra argument"),
        (["rebuild"], {}, 2, "No such command 'rebuild'"),
        (["reindex", "--seeds"], {}, 2, "requires an argument"),
    ],
)
def test_a_mistake_gives_its_exit_code_and_one_line(
    place: Path, arguments: list[str], environ: dict[str, str], code: int, said: str
) -> None:
    (place / "file").touch()
    result = call(*arguments, code=code, **environ)
    assert said in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.output
    assert sorted(path.name for path in place.iterdir()) == ["file", "seeds"]


def test_a_locked_index_ends_with_4(place: Path) -> None:
    call("reindex")
    with WhooshStore(place / "index").exclusive():
        for command in ("reindex", "rollback"):
            result = call(command, code=4)
            assert (
                f"another reindex is at work: index/LOCK is held by process {os.getpid()} on "
                in result.stderr
            )
        assert answer("reindex", "--dry-run")["unchanged"] == 3
        assert answer("status")["items"] == 3


def test_help_names_every_command_and_variable(place: Path) -> None:
    assert all(
        command.name in call("--help").stdout for command in commands.COMMANDS if command.name
    )
    text = call("reindex", "--help").stdout
    assert all(f"NEWSDEX_{name}" in text for name in ("SEEDS", "INDEX", "ENGINE"))


def test_a_process_answers_as_the_command_does(place: Path) -> None:
    (place / "seeds" / "bad.md").touch()
    done = newsdex("reindex", "--json", cwd=place)
    assert done.returncode == 1
    assert json.loads(done.stdout).keys() == RUN
    assert done.stderr == ""
    shown = newsdex("reindex", "--full", cwd=place)
    assert shown.stderr.startswith("error: seeds/bad.md:1: ")
    assert "Reading" not in shown.stdout + shown.stderr


def test_a_half_saved_file_is_named_and_ends_no_command(place: Path) -> None:
    (place / "seeds" / "b.md").write_bytes(b"---\nx: [\n")
    for command in ("check", "reindex"):
        done = newsdex(command, cwd=place)
        assert done.returncode == 1
        assert done.stderr.splitlines() == [
            "error: seeds/b.md:2: the front matter that line 1 opens is never closed; "
            "add a line of exactly --- after line 2",
            "error: seeds/b.md:2: x: '[' is never closed; put ']' at the end: x: []",
        ]
        assert "2 items" in done.stdout


FAILING_YAML = """
import yaml
def fail(loader): raise RuntimeError("BLOB")
yaml.CSafeLoader.get_event = yaml.SafeLoader.get_event = fail
"""


@pytest.mark.parametrize("command", ["check", "reindex"])
def test_a_failure_nobody_foresaw_is_a_line_for_each_file_and_no_traceback(
    place: Path, command: str
) -> None:
    done = newsdex(command, "--jobs", "1", cwd=place, before=FAILING_YAML)
    assert done.returncode == 1
    logged, told = done.stderr.splitlines()[:3], done.stderr.splitlines()[3:]
    for name, log, problem in zip("abc", logged, told, strict=True):
        assert log.startswith(f"newsdex: seeds/{name}.md: an error of Newsdex itself")
        assert problem.startswith(f"error: seeds/{name}.md: Newsdex failed to read it")
        assert "RuntimeError at __main__:" in log
    assert "BLOB" not in done.stderr + done.stdout


def test_names_that_are_not_utf_8_are_shown_escaped(place: Path) -> None:
    run = partial(newsdex, cwd=place, LC_ALL="C.UTF-8")  # in others it may be text
    missing = run("reindex", "--seeds", b"no\xff")
    assert (missing.returncode, "no\\udcff" in missing.stderr) == (2, True)
    shutil.copytree("seeds", b"it\xffems".decode(errors="surrogateescape"))
    seeds, index = b"it\xffems", b"in\xffdex"
    Path(os.fsdecode(seeds), "bad.md").touch()
    for options in ([], ["--full"], ["--json"]):
        done = run("reindex", "--seeds", seeds, "--index", index, *options)
        assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    assert json.loads(done.stdout)["problems"][0]["path"] == "it\udcffems/bad.md"
    for command in ("status", "verify", "search"):
        assert run(command, "--index", index).returncode == 0
    assert run("check", "--seeds", seeds).returncode == 1


def test_a_read_only_index_folder_ends_with_3(place: Path) -> None:
    call("reindex")
    seed(place / "seeds", "a", "Other")
    (place / "index").chmod(0o555)
    for command in ("reindex", "rollback"):
        done = newsdex(command, cwd=place, before=UNPRIVILEGED)
        assert done.returncode == 3, done.stderr
        assert done.stderr == (
            "newsdex: the index folder index cannot be written: index/LOCK: Permission denied; "
            "make room and allow writing there, or name another folder with --index\n"
        )
    assert newsdex("status", cwd=place, before=UNPRIVILEGED).returncode == 0
    assert newsdex("search", "item", cwd=place, before=UNPRIVILEGED).returncode == 0


def test_an_unreadable_seed_or_folder_is_a_problem_and_keeps_its_items(place: Path) -> None:
    seed(place / "seeds" / "deep", "d", "Item d")
    call("reindex")
    (place / "seeds" / "a.md").chmod(0)
    (place / "seeds" / "deep").chmod(0)
    done = newsdex("reindex", "--full", cwd=place, before=UNPRIVILEGED)
    (place / "seeds" / "deep").chmod(0o755)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "error: seeds/a.md: it may not be read; allow reading it",
        "error: seeds/deep/: it may not be read; allow reading it",
    ]
    assert "of these, 2 items stay as last indexed" in done.stdout
    assert answer("status")["items"] == 4


def test_an_unreadable_seeds_folder_ends_with_2(place: Path) -> None:
    (place / "seeds").chmod(0)
    done = newsdex("reindex", "--index", "/nowhere", cwd=place, before=UNPRIVILEGED)
    (place / "seeds").chmod(0o755)
    assert done.returncode == 2
    assert "the seeds folder seeds cannot be listed (Permission denied)" in done.stderr


def test_an_unreadable_generation_ends_with_3(place: Path) -> None:
    made = answer("reindex")["generation"]
    (place / "index" / made).chmod(0o311)  # its files may be opened, but not listed
    for command in ("status", "search"):
        done = newsdex(command, cwd=place, before=UNPRIVILEGED)
        assert done.returncode == 3
        assert "cannot be read: Permission denied" in done.stderr
    (place / "index" / made).chmod(0o755)


@pytest.mark.parametrize("limit", [0, 500, 4000])
def test_a_disk_that_is_full_leaves_the_old_index(place: Path, limit: int) -> None:
    call("reindex")
    for number in range(20):
        seed(place / "seeds", f"new{number}", f"New {number}", excerpt=f"{number} words " * 200)
    before = sorted(path.name for path in (place / "index").iterdir())
    full = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    done = newsdex("reindex", cwd=place, before=full)
    assert done.returncode == 3
    assert done.stderr.startswith("newsdex: the index folder index cannot be written: ")
    assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in (place / "index").iterdir()) == before
    assert answer("status")["items"] == 3
    assert answer("reindex")["items"] == 23


def test_a_bar_is_shown_on_a_terminal_only(place: Path) -> None:
    ours, theirs = pty.openpty()
    done = newsdex("reindex", cwd=place, stderr=theirs)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert (done.returncode, "Reading" in done.stdout) == (0, False)
    assert "Reading" in shown
    assert "100%" in shown
    assert shown.endswith("\n")
