"""Static files: style sheets, scripts, images; and those of a site's own look.

They are read and compressed once. One fingerprint of them all stands in their addresses, so that
browsers may keep them for good, and a script that imports `./other.js` finds the one beside it.
An address without it, or with one of earlier files, has the present file, which browsers then ask
about each time.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from search_app.look import IMAGES, File, Look
from search_app.serving.content_coding import (
    CODINGS,
    IDENTITY,
    chosen_coding,
    compressed,
    is_compressible,
)
from search_app.serving.entity_tags import entity_tag, is_listed
from search_app.serving.wsgi import ROUTE, Answer, App, Environ

FOLDER = Path(__file__).parent / "static"
PATH = "/static/"
RULE = "/static/<path:name>"
"""The route under which requests for files are counted."""

LOGO, STYLE = "site/logo", "site/style.css"
"""The names of the files of the site's own look."""

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    **IMAGES,
}
"""By the suffix of a file's name."""

_UNCHANGED = "unchanged"
_FOREVER = "public, max-age=31536000, immutable"
_FINGERPRINT = re.compile("^[0-9a-f]{12}/")


def static_files(look: Look, folder: Path = FOLDER) -> dict[str, File]:
    """The files of a folder by name, and those of the look. Raises `KeyError` for a file whose
    media type is not known."""
    files = {
        path.name: File(path.read_bytes(), MEDIA_TYPES[path.suffix])
        for path in sorted(folder.iterdir())
    }
    own = {LOGO: look.logo, STYLE: look.css}
    return files | {name: file for name, file in own.items() if file}


@dataclass(frozen=True, slots=True)
class _Asset:
    """A file as it is sent, in each coding; `tag` is its entity tag."""

    tag: str
    answers: Mapping[str, Answer]


class Assets:
    """Static files by name."""

    def __init__(self, files: Mapping[str, File]) -> None:
        tags = {name: entity_tag(file.media_type, file.content) for name, file in files.items()}
        self.fingerprint = blake2b(repr(sorted(tags.items())).encode(), digest_size=6).hexdigest()
        """Changes with the files."""
        self._assets: dict[str, _Asset] = {}  # by what follows PATH in an address
        for name, file in files.items():
            for address, control in ((name, "no-cache"), (self._lasting(name), _FOREVER)):
                sent = {"ETag": tags[name], "Cache-Control": control}
                self._assets[address] = _Asset(tags[name], _answers(file, sent))

    def _lasting(self, name: str) -> str:
        return f"{self.fingerprint}/{name}"

    def url(self, name: str, base: str) -> str:
        """The address of a file below `base`. Raises `KeyError` if there is no such file."""
        if name not in self._assets:
            raise KeyError(f"there is no static file {name!r}")
        return f"{base}{PATH}{self._lasting(name)}"

    def in_front_of(self, app: App) -> App:
        """An application that answers with these files, and passes all else on."""

        def answer(environ: Environ, start_response: Any) -> Iterable[bytes]:
            asset, method = self._find(environ.get("PATH_INFO", "")), environ["REQUEST_METHOD"]
            if asset is None or method not in ("GET", "HEAD"):
                return app(environ, start_response)
            environ[ROUTE] = RULE
            sent = asset.answers[chosen_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))]
            if is_listed(asset.tag, environ.get("HTTP_IF_NONE_MATCH", "")):
                sent = asset.answers[_UNCHANGED]
            start_response(sent.status, list(sent.headers))
            return [] if method == "HEAD" else [sent.body]

        return answer

    def _find(self, path: str) -> _Asset | None:
        if not path.startswith(PATH):
            return None
        address = path.removeprefix(PATH)
        return self._assets.get(address) or self._assets.get(_FINGERPRINT.sub("", address, 1))


def _answers(file: File, headers: Mapping[str, str]) -> dict[str, Answer]:
    """A file in each coding, and the answer to whoever has it."""
    common = [*headers.items(), ("Vary", "Accept-Encoding")]
    whole = [*common, ("Content-Type", file.media_type)]
    is_packed = is_compressible(file.media_type)

    def ok(body: bytes, *more: tuple[str, str]) -> Answer:
        return Answer("200 OK", (*whole, *more, ("Content-Length", str(len(body)))), body)

    def packed(coding: str) -> Answer:
        return ok(compressed(file.content, coding, once=True), ("Content-Encoding", coding))

    plain = ok(file.content)
    return {
        IDENTITY: plain,
        **{coding: packed(coding) if is_packed else plain for coding in CODINGS},
        _UNCHANGED: Answer("304 Not Modified", tuple(common), b""),
    }
