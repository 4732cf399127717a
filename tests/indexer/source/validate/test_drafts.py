"""Drafts: which marks and folders keep a file out, which do not, what is said of unclear ones."""

import pytest

from indexer.item import Problem, Severity
from indexer.source.validate.item_parser import Reading, parse_item


def read(lines: str, id: str = "a") -> Reading:
    """What a file with a title and some lines gives."""
    return parse_item(f"---\ntitle: T\n{lines}\n---\n".encode(), f"seeds/{id}.md", id)


@pytest.mark.parametrize(
    "lines",
    [
        *("draft: true", "Draft: true", "DRAFT: TRUE", "draft: yes", "draft: Y", "draft: on"),
        *("draft: 1", "draft: 'true'", 'draft: " Yes "', "isDraft: true", "is_draft: true"),
        *("is-draft: yes", "draft: draft", "unlisted: true"),
        *(
            "status: draft",
            "Status: Draft",
            "status: 'DRAFT '",
            "status: [draft]",
            "status: hidden",
        ),
        *("status: pending", "status: private", "status: future", "status: auto-draft"),
        *("status: trash", "status: scheduled", "status: skip", "post_status: draft"),
        *("post-status: draft", "_status: draft", "draft: false\nDraft: true"),
        *("draft: false\nstatus: draft", "draft: true\nheat: x"),
    ],
)
def test_a_draft_stays_out_without_a_problem(lines: str) -> None:
    assert read(lines) == Reading(None, draft=True)


@pytest.mark.parametrize(
    "lines",
    [
        *("draft: false", "draft:", "draft: ~", "draft: ''", "draft: No", "draft: OFF", "draft: 0"),
        *("Draft: n", "isDraft: false", "unlisted: false", "publish: false"),
        *("status: published", "status: publish", "status: sent", "status: evergreen"),
        *("status: ready", "status:", "status: [done]", "status: {draft: true}", "drafts: true"),
        *("description: Draft law passed", "type: draft", "tags: [draft]", "category: drafts"),
        *("published: false", "published: no", "redraft: true", "draft_law: true"),
    ],
)
def test_what_is_no_draft_is_read(lines: str) -> None:
    reading = read(lines)
    assert reading.item
    assert not reading.draft
    assert reading.problems == ()


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        ("draft: maybe", "'maybe'"),
        ("Draft: 2", "'2'"),
        ("draft: published", "'published'"),
        ("draft: tru", "'tru'"),
        ("draft: [true]", "a list"),
        ("draft: {en: true}", "a mapping"),
        ("unlisted: sometimes", "'sometimes'"),
    ],
)
def test_a_mark_that_cannot_be_read_keeps_the_file_out_and_says_so(lines: str, shown: str) -> None:
    message = f"{shown} is neither true nor false; the file was left out as a draft"
    problem = Problem("seeds/a.md", 3, lines.partition(":")[0], message, Severity.WARNING)
    assert read(lines) == Reading(None, (problem,), draft=True)


@pytest.mark.parametrize("id", ["_drafts/a", "blog/_drafts/a", "_Drafts/2020/a", "_drafts/x/y/a"])
def test_a_folder_of_drafts_keeps_all_below_it_out(id: str) -> None:
    assert read("draft: false", id) == Reading(None, draft=True)
    assert parse_item(b"half a file", f"seeds/{id}.md", id) == Reading(None, draft=True)


def test_the_line_of_secured_is_known_of_a_draft_too() -> None:
    for lines, id in (("draft: true", "a"), ("", "_drafts/a")):
        assert read(f"{lines}\nsecured: c2VjcmV0", id).secured_line == 4


@pytest.mark.parametrize("id", ["_drafts", "drafts/a", "draft/a", "my_drafts/a", "_posts/_drafts"])
def test_other_folders_keep_nothing_out(id: str) -> None:
    assert read("", id).item
