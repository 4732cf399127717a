"""The keys that other tools write, and which of the format's own keys each stands in for.

`STAND_INS` is the one table of them, held to that of `indexer/README.md` by a test. Capitals do not
matter in a key, nor do the signs between its words: `canonicalUrl` is also `canonical_url` and
`Canonical-URL`. `extra.author` is the key `author` in the mapping `extra`.
"""

import re

from indexer.source.frontmatter.nodes import PRIVATE_KEYS, folded_key

_ALONE = ("ampWebUrl", "cdnAmpWebUrl", "quality", "heat", "published", "related", "draft", "status")

STAND_INS: dict[str, tuple[str, ...]] = {
    name: tuple(keys.split())
    for name, keys in {
        "title": "headline og:title dc:title postTitle",
        "excerpt": """
            description summary teaser abstract standfirst dek deck lead lede intro customExcerpt
            subtitle subheadline leadParagraph shortDescription trailText synopsis blurb snippet
            og:description dc:description meta.description seo.description
            extra.description params.description""",
        # When it was published; only then when the file or the post was made. When it was changed
        # last never stands in: an old item would be news again after each correction.
        "publishedDateTime": """
            date publishDate pubDate pubDatetime publishedAt publishedOn publishedDate publishedTime
            datePublished article:publishedTime published publicationDate firstPublished
            firstPublishedAt postDate posted postedAt postedOn datetime timestamp issued
            created createdAt createdDate creationDate dateCreated""",
        "webUrl": """
            originalUrl url link canonicalUrl canonical canonicalLink originalLink articleUrl
            postUrl pageUrl permalink og:url seo.canonical sourceUrl source externalUrl externalLink
            href uri original wordpressUrl tumblrUrl extra.canonicalUrl params.canonicalUrl
            mainEntityOfPage dc:identifier guid""",
        "type": "kind og:type contentType",
        "provider": "",
        "provider.name": """
            siteName site publisher publication outlet newspaper sourceName sourceTitle og:siteName
            source website dc:publisher""",
        "provider.domain": "hostname host domain domainName siteDomain sourceDomain",
        "topics": """
            tags tag categories category taxonomies.tags taxonomies.categories keywords topic
            section articleSection article:tag subjects subject dc:subject
            extra.tags params.tags primaryTag""",
        "authors": """
            author byline creator authorName article:author dc:creator writer by taxonomies.authors
            extra.authors extra.author params.authors params.author primaryAuthor""",
        "images": """
            image featuredImage featureImage coverImage heroImage leadImage mainImage topImage cover
            thumbnail thumbnailUrl teaserImage header.teaser header.image og:image twitter:image
            extra.image params.image""",
        "lang": "language locale inLanguage og:locale dc:language",
        **dict.fromkeys((*_ALONE, *sorted(PRIVATE_KEYS)), ""),
    }.items()
}
"""Each key of the format to the keys that stand in for it, in order. For `topics` all of them are
read, for the others the first that has a usable value."""

IN_PROVIDER = {
    "name": ("title", "label"),
    "domain": ("hostname", "host", "url", "link", "website"),
    "logo": ("images", "image", "icon"),
}
"""The same for the keys in `provider`, and in a mapping that stands in for it."""

_ROWS = STAND_INS | IN_PROVIDER

SPELLINGS = {key: folded_key(key) for name, others in _ROWS.items() for key in (name, *others)}
"""All keys as the tables spell them, each with its folded form."""

FOLDED = {name: tuple(map(folded_key, (name, *others))) for name, others in _ROWS.items()}
"""Each key of the format to all keys to read for it, its own first; these are folded."""

GROUPS = frozenset(
    folded_key(re.split("[.:]", key)[0])
    for others in _ROWS.values()
    for key in others
    if not key.isalnum()
)
"""The mappings whose keys the tables name, such as `extra`; folded."""
