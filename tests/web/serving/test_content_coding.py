"""Which answers are compressed, and for whom."""

import gzip

import pytest
import zstandard

from search_app.serving.content_coding import (
    CODINGS,
    chosen_coding,
    compressed,
    is_compressible,
)


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("", "identity"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd", "zstd"),
        ("zstd;q=0.5, gzip", "gzip"),
        ("zstd;q=nan, gzip", "gzip"),
        ("zstd;q=0, *", "gzip"),
        ("identity, zstd;q=0.9", "identity"),
        ("br;q=1.0, GZip;Q=0.5, *;q=0", "gzip"),
        ("x-gzip", "gzip"),
        ("*", "gzip"),
        ("*;q=0.1", "gzip"),
        ("deflate, br", "identity"),
        ("gzip;q=0", "identity"),
        ("gzip; q=0.000", "identity"),
        ("*;q=0", "identity"),
        ("gzip;q=0, *", "identity"),
        ("identity", "identity"),
        ("identity, gzip;q=0.5", "identity"),
        ("identity;q=0.5, gzip", "gzip"),
        ("identity;q=0, gzip;q=0.001", "gzip"),
        ("gzip;q=nan", "identity"),
        ("gzip;q=much", "identity"),
        ("gzip;q", "identity"),
        ("gzip;level=9;q=1", "gzip"),
        (",;=,gzip", "gzip"),
        ("gzipped, xgzip", "identity"),
        ("," * 60_000, "identity"),
    ],
)
def test_a_client_gets_the_coding_it_prefers_and_the_quickest_of_equal_ones(
    accept_encoding: str, coding: str
) -> None:
    assert chosen_coding(accept_encoding) == coding


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/html; charset=utf-8", True),
        ("TEXT/CSS", True),
        ("application/json", True),
        ("application/feed+json", True),
        ("application/atom+xml; charset=utf-8", True),
        ("image/svg+xml", True),
        ("image/png", False),
        ("application/octet-stream; name=json", False),
        ("", False),
    ],
)
def test_texts_become_shorter_and_pictures_do_not(media_type: str, expected: bool) -> None:
    assert is_compressible(media_type) is expected


def test_equal_bodies_give_equal_bytes_that_any_client_reads() -> None:
    body = b"tram " * 1000
    for once in (False, True):
        assert gzip.decompress(compressed(body, "gzip", once=once)) == body
        assert zstandard.decompress(compressed(body, "zstd", once=once)) == body
    for coding in CODINGS:
        assert compressed(body, coding) == compressed(body, coding)
        assert len(compressed(body, coding)) < len(body) / 10
