"""What the page of an item tells programs of it: schema.org's NewsArticle, as JSON-LD."""

from typing import Any

import msgspec
from markupsafe import Markup

from indexer.item import Image, Provider
from search_app.detail import Detail
from search_app.search.results import Hit
from search_app.template_filters import is_short, short, time_value


def news_article(hit: Hit, page: str, detail: Detail, *, pictures: bool) -> Markup:
    """The item as JSON-LD for a script element, in which no sign ends it. `page`: the absolute
    address of the item's page. What is longer than `detail` allows is cut or left out."""
    article = hit.item.article
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": page,
        "headline": short(article.title, detail.title),
        "description": short(article.excerpt, detail.excerpt),
        "url": article.url if is_short(article.url, detail.address) else page,
        "mainEntityOfPage": page,
        "datePublished": time_value(article.published) if article.published else None,
        "inLanguage": hit.item.language,
        "publisher": _organization(hit.provider, detail, pictures=pictures),
        "author": [
            {"@type": "Person", "name": short(name, detail.name)}
            for name in hit.item.authors[: detail.topics]
        ],
        "keywords": [short(topic, detail.name) for topic in hit.item.topics[: detail.topics]],
        "image": _image(article.image, detail) if pictures else None,
    }
    text = msgspec.json.encode(_without_blanks(told)).decode()
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - no sign of HTML is left in it


def _organization(
    provider: Provider | None, detail: Detail, *, pictures: bool
) -> dict[str, Any] | None:
    if provider is None:
        return None
    return _without_blanks(
        {
            "@type": "Organization",
            "name": short(provider.name, detail.name),
            "logo": _image(provider.logo, detail) if pictures else None,
        }
    )


def _image(image: Image | None, detail: Detail) -> dict[str, Any] | None:
    if image is None or not is_short(image.url, detail.address):
        return None
    size = {"width": image.width, "height": image.height}
    return _without_blanks({"@type": "ImageObject", "url": image.url, **size})


def _without_blanks(told: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value}
