"""Pictures: which one is read, what is told of it, and what is warned of."""

import pytest

from indexer.item import Image
from indexer.source.validate.images import MAX_PICTURES, MAX_PIXELS
from tests.indexer.source.validate.test_item_parser import item, warned

URL = "https://img.example/a.jpg"


@pytest.mark.parametrize(
    ("lines", "image"),
    [
        (f"images:\n  - url: {URL}\n    width: 640\n    height: 428", Image(URL, 640, 428)),
        (f"images:\n  - url: {URL}\n    width: 640px", Image(URL, 640)),
        (f"images:\n  - {URL}\n  - https://img.example/b.jpg", Image(URL)),
        (f"images:\n  - title: none\n  - url: {URL}", Image(URL)),
        (f"images:\n  url: {URL}", Image(URL)),
        (f"images: {URL}", Image(URL)),
        ("images: //img.example/a.jpg", Image(URL)),
        (f'image: "![alt]({URL})"', None),
        (f'image: "[alt]({URL})"', Image(URL)),
        (f"cover:\n  image: {URL}", Image(URL)),
        (f"og:\n  image: {URL}", Image(URL)),
        (f"images: []\nimage: {URL}", Image(URL)),
        ("image: /assets/a.jpg", None),
        ("image: http://img.example/a.jpg", None),
        ("images: http://img.example/a.jpg", None),
        (f"images: [{{url: http://img.example/a.jpg}}, {{url: {URL}}}]", Image(URL)),
        ("thumbnail: 'javascript:alert(1)'", None),
        ("cover: data:image/png;base64,AAAA", None),
        ("cover: true", None),
        ("images: []", None),
        ("images:", None),
        *(
            (f"images:\n  - url: {URL}\n    width: '{pixels}'", Image(URL))
            for pixels in ("0", "-1", "1e3", "100%", str(MAX_PIXELS + 1), "9" * 5_000, "٣")
        ),
    ],
)
def test_the_first_usable_picture_is_read(lines: str, image: Image | None) -> None:
    assert item(lines).article.image == image


@pytest.mark.parametrize(
    "value",
    [
        "a.jpg",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "[{width: 3}]",
        "[[https://img.example/a.jpg]]",
        f"[{', '.join(['a.jpg'] * MAX_PICTURES)}, {URL}]",
        "{url: {url: https://img.example/a.jpg}}",
    ],
)
def test_pictures_of_which_none_is_usable_draw_a_warning(value: str) -> None:
    found, problems = warned(f"images: {value}")
    message = "no http(s) address of a picture is in it; it was left out"
    assert (found.article.image, problems) == (None, [(3, "images", message)])


def test_another_picture_stands_in_for_one_that_is_of_no_use() -> None:
    found, problems = warned(f"images: a.jpg\nimage: {URL}")
    assert (found.article.image, len(problems)) == (Image(URL), 1)


def test_related_articles_and_outlets_have_pictures_of_their_own() -> None:
    found = item(
        "provider:\n  name: One\n  domain: one.example\n"
        "  images:\n    - url: https://img.example/one.png\n      width: 50\n      height: 50\n"
        f"related:\n  - title: R\n    images:\n      - url: {URL}\n"
        "    provider:\n      name: Two\n      domain: two.example\n"
        "      logo: https://img.example/two.png"
    )
    assert found.article.image is None
    assert found.article.provider
    assert found.article.provider.logo == Image("https://img.example/one.png", 50, 50)
    (related,) = found.related
    assert related.image == Image(URL)
    assert related.provider
    assert related.provider.logo == Image("https://img.example/two.png")


def test_a_warning_names_the_key_of_the_mapping_it_is_in() -> None:
    _, problems = warned(
        "provider:\n  name: One\n  domain: one.example\n  images: a.jpg\n"
        "related:\n  - title: R\n    images: b.jpg"
    )
    assert [(line, field) for line, field, _ in problems] == [
        (6, "provider.images"),
        (9, "related[0].images"),
    ]
