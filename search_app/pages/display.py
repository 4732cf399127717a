"""What all pages of an application have in common."""

from datetime import UTC, tzinfo

from msgspec import Struct

from indexer.item import Article, Image
from search_app.template_filters import archive_url, is_short


class Display(Struct, frozen=True):
    """How pages show things. `base` begins every address; dates are in `zone`; `pictures` says
    whether pictures are shown, `archive` whether the Web Archive's copies are linked to."""

    base: str = ""
    zone: tzinfo = UTC
    pictures: bool = False
    archive: bool = False

    def picture(self, image: Image | None, most: int) -> str:
        """The address of a picture, of at most `most` bytes; empty if there is none to show."""
        return image.url if self.pictures and image and is_short(image.url, most) else ""

    def copies(self, article: Article, most: int) -> tuple[tuple[str, str], ...]:
        """What other places are called where an article is to be read, and their addresses, each of
        at most `most` bytes; none twice."""
        found = []
        if article.amp_url != article.url and is_short(article.amp_url, most):
            found.append(("AMP", article.amp_url))
        if article.cached_url not in (article.url, article.amp_url) and is_short(
            article.cached_url, most
        ):
            found.append(("Cached", article.cached_url))
        if self.archive and is_short(archived := archive_url(article), most):
            found.append(("Archived", archived))
        return tuple(found)
