"""What all pages of an application have in common."""

from datetime import UTC, tzinfo

from msgspec import Struct


class Display(Struct, frozen=True):
    """How pages show things. `base` begins every address; dates are in `zone`; `pictures` says
    whether pictures are shown, `archive` whether the Web Archive's copies are linked to."""

    base: str = ""
    zone: tzinfo = UTC
    pictures: bool = False
    archive: bool = False
