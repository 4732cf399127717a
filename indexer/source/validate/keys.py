"""Which keys stand in for which: what the format calls a field, and what other tools call it."""

STAND_INS: dict[str, tuple[str, ...]] = {
    # When it was published; only then when the file or the post was made. When it was changed last
    # never stands in: an old item would be news again after each correction.
    "publishedDateTime": (
        "date",
        "publishDate",
        "pubDate",
        "pubDatetime",
        "published_at",
        "publishedAt",
        "published_on",
        "published_date",
        "publishedDate",
        "published_time",
        "datePublished",
        "date_published",
        "article:published_time",
        "published",
        "publish_date",
        "publication_date",
        "publicationDate",
        "firstPublished",
        "first_published_at",
        "post_date",
        "posted",
        "posted_at",
        "posted_on",
        "datetime",
        "timestamp",
        "issued",
        "created",
        "created_at",
        "createdAt",
        "created_date",
        "createdDate",
        "creation_date",
        "dateCreated",
        "date_created",
    ),
}
"""For a key, those that count if it has no usable value, in order."""
