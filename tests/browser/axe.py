"""axe-core, the usual judge of a page's accessibility, at the page that a browser shows."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome

SOURCE = Path(sys.prefix) / "axe" / "axe_playwright_python" / "axe.min.js"
"""Where the Makefile puts it, from a package that carries it."""

REQUIRED = bool(os.environ.get("NEWSDEX_REQUIRE_BROWSER"))

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

_RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: arguments[0], resultTypes: ["violations"]})
  .then(found => done(found), error => done(String(error)));
"""


def violations(chromium: Chrome, tags: tuple[str, ...] = TAGS) -> list[str]:
    """What breaks the rules of these tags: a line for each element, with the rule and the reason.
    Skips the test where there is no axe-core, or fails it where it is required."""
    if not SOURCE.exists():
        message = "no axe-core: make .venv/axe"
        if REQUIRED:
            pytest.fail(message)
        pytest.skip(message)
    chromium.execute_script(SOURCE.read_text(encoding="utf-8"))
    found: Any = chromium.execute_async_script(_RUN, list(tags))
    assert isinstance(found, dict), found
    assert found["passes"], "axe found nothing to judge"
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
