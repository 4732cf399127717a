"""What a Chromium did since it was last asked: its console, its requests, its dialogs."""

import json
from dataclasses import dataclass
from typing import Any

from selenium.webdriver import Chrome

OWN_ICONS = "data:image/svg+xml;base64,"
"""How the icons of Chromium's own controls begin, such as that of a date; ours begin otherwise."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a page made: its address, and what for (Document, Image, Script, ...)."""

    url: str
    kind: str


@dataclass(frozen=True, slots=True)
class Happened:
    """What a Chromium did since it was last asked."""

    requests: list[Asked]
    dialogs: list[str]
    console: list[str]
    """Its warnings and errors, those of the Content-Security-Policy and of the network among
    them."""


def happened(chromium: Chrome) -> Happened:
    """Read, and thereby empty, the logs of a browser."""
    requests, dialogs = [], []
    for message in _entries(chromium, "performance"):
        event = json.loads(message["message"])["message"]
        details = event["params"]
        if event["method"] == "Network.requestWillBeSent":
            if not details["request"]["url"].startswith(OWN_ICONS):
                requests.append(Asked(details["request"]["url"], details["type"]))
        elif event["method"] == "Page.javascriptDialogOpening":
            dialogs.append(details["message"])
    console = [entry["message"] for entry in _entries(chromium, "browser")]
    return Happened(requests, dialogs, console)


def _entries(chromium: Chrome, log: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = chromium.get_log(log)  # type: ignore[no-untyped-call]  # of Selenium
    return entries
