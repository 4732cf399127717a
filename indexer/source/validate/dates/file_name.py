"""Reads the day that an item's id tells: its file's name begins with it, or folders are named so.

    2020-05-17-ferry   2020_05_17 ferry   2020.05.17 ferry   20200517-ferry   2020-05-17-ferry/index
    2020/05/17/ferry   2020-05/17/ferry   2020/05/17

A month is no day, and a number after the day's folder (`2020/05/17-things`) may count anything.
"""

import re
from datetime import UTC, datetime

_NAME = re.compile(
    r"((?:19|20)\d\d)(?:-(\d{1,2})-(\d{1,2})|_(\d\d)_(\d\d)|\.(\d\d)\.(\d\d)"
    r"|(\d\d)(\d\d)(?:T?\d{4}(?:\d\d)?)?)(?!\d)",
    re.ASCII,
)
_FOLDERS = re.compile(r"(?:^|/)((?:19|20)\d\d)[-/](\d{1,2})[-/](\d{1,2})(?=/|$)", re.ASCII)


def day_of(item_id: str) -> datetime | None:
    """The day that an id tells, at midnight in UTC; None if it tells none. The file's own name
    comes first, then the names of folders from the innermost."""
    named = (_NAME.match(part) for part in reversed(item_id.split("/")))
    for match in (*named, *reversed(list(_FOLDERS.finditer(item_id)))):
        if match:
            year, month, day = (int(part) for part in match.groups() if part)
            try:
                return datetime(year, month, day, tzinfo=UTC)
            except ValueError:  # there is no such day: the numbers mean something else
                continue
    return None
