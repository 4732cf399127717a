"""What makes the pages look like those of one site, read once when the application is made."""

from dataclasses import dataclass
from pathlib import Path

from indexer.errors import UsageError
from search_app.settings import Settings
from search_app.site.footer import FooterLink

MAX_BYTES = 500_000
"""Bytes of a logo or a style sheet."""

IMAGES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
"""The kinds of images that can be a logo, by the suffix of the file."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is served: its bytes, and their media type."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Look:
    """Without a `logo` the usual sign is shown; `css` is what comes after the usual style sheet."""

    name: str
    footer_links: tuple[FooterLink, ...]
    logo: File | None
    css: File | None


def look(settings: Settings) -> Look:
    """The look that the settings ask for. Raises `UsageError`, naming the setting, if a file they
    name cannot be used."""
    logo = None
    if settings.logo:
        suffix = Path(settings.logo).suffix.lower()
        if suffix not in IMAGES:
            key = settings.key("logo")
            endings = ", ".join(IMAGES)
            raise UsageError(f"{key}: {settings.logo!r}: write a file that ends in {endings}", key)
        logo = File(_read(settings.key("logo"), settings.logo), IMAGES[suffix])
    css = settings.accent.css().encode() if settings.accent else b""
    if settings.extra_css:
        css += _read(settings.key("extra_css"), settings.extra_css)
    rules = File(css, "text/css; charset=utf-8") if css else None
    return Look(settings.site_name, settings.footer_links, logo, rules)


def _read(key: str, path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{key}: {path}: cannot be read: {error.strerror}", key) from None
    if len(content) > MAX_BYTES:
        raise UsageError(f"{key}: {path}: has more than {MAX_BYTES:,} bytes", key)
    return content
