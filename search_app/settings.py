"""The settings of the search side: the indexer's table and its own rows."""

import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from indexer import settings
from indexer.process_pool import usable_cores
from indexer.settings import Listed, Whole, flag, row
from search_app.search.request import MAX_PAGE_SIZE, PAGE_SIZE, Group
from search_app.search.signals import DEFAULT_SIGNALS, Signals, SignalWeights
from search_app.serving.base_path import base_path
from search_app.serving.client_address import Networks, networks
from search_app.site.colours import Accent, accent
from search_app.site.footer import FooterLink, footer_links
from search_app.site.origins import frame_ancestors, origins

ORIGIN = re.compile(r"https?://[^/?#@\s\"<>]+")
RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
MAX_RATE = 100_000


AUTO = "auto"
MOST_WORKERS = 4
"""More of them would wait for the one process that has all of HTTP."""


def worker_count(text: str) -> int:
    """How many processes answer searches beside the server; `auto`: one for each core, at most
    `MOST_WORKERS`, and none where there is only one."""
    cores = usable_cores()
    usual = 0 if cores == 1 else min(cores, MOST_WORKERS)
    try:
        return usual if text == AUTO else Whole(0, 64)(text)
    except ValueError:
        raise ValueError("write a whole number from 0 to 64, or auto") from None


def rate(text: str) -> float:
    """A number of requests a second."""
    if not RATE.fullmatch(text) or float(text) > MAX_RATE:
        raise ValueError(f"write a number from 0 to {MAX_RATE}, such as 10 or 0.5")
    return float(text)


def site_name(text: str) -> str:
    """The name of a site."""
    if not text.strip() or len(text) > 60 or not text.isprintable():
        raise ValueError("write a name of at most 60 characters")
    return text.strip()


def time_zone(text: str) -> ZoneInfo:
    """A time zone of the IANA database."""
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        raise ValueError("write a time zone such as Europe/Berlin") from None


class Images(StrEnum):
    """`OFF`: pages show no pictures. `LINK`: they show them from where they are."""

    OFF = "off"
    LINK = "link"


def images(text: str) -> Images:
    """What pages do with pictures."""
    if text not in list(Images):
        raise ValueError(f"write one of {', '.join(Images)}")
    return Images(text)


def origin(text: str) -> str:
    """Scheme and host of a site, or nothing."""
    if text and not ORIGIN.fullmatch(text.rstrip("/")):
        raise ValueError("write scheme and host alone, such as https://news.example")
    return text.rstrip("/")


def grouping(text: str) -> Group:
    """What one entry of the search page is."""
    if text not in list(Group):
        raise ValueError(f"write one of {', '.join(Group)}")
    return Group(text)


def weight(text: str) -> float:
    """A number from 0 to 1."""
    if not RATE.fullmatch(text) or float(text) > 1:
        raise ValueError("write a number from 0 to 1, such as 0.1; 0: off")
    return float(text)


_USUAL = DEFAULT_SIGNALS.usual


@dataclass(frozen=True, slots=True)
class Settings(settings.Settings):
    """The value of every setting, by name."""

    host: str = row("127.0.0.1", "The address `newsdex serve` listens on.")
    port: int = row(
        "8080", "The port `newsdex serve` listens on; 0: any that is free.", Whole(0, 65_535)
    )
    threads: int = row("8", "How many requests `newsdex serve` works on at a time.", Whole(1, 256))
    workers: int = row(
        "0",
        "Processes that answer for `newsdex serve`; `auto`: one for each core, at most 4; 0: none.",
        worker_count,
    )
    client_concurrency: int = row(
        "0",
        "How many requests of one client are worked on at a time; 0: half the threads.",
        Whole(0, 256),
    )
    rate_limit: float = row("0", "How many requests a second one client may make; 0: any.", rate)
    trusted_proxies: Networks = row(
        "", "Addresses and networks of the proxies whose `X-Forwarded-*` is believed.", networks
    )
    base_path: str = row(
        "", "The path of the site below which the pages are found, such as `/news`.", base_path
    )
    site_name: str = row("Newsdex", "What the pages call the site.", site_name)
    logo: str = row("", "An image file that stands beside the name: SVG, PNG, WebP or JPEG.")
    accent: Accent | None = row("", "The colour of links and buttons, such as `#0d5c63`.", accent)
    extra_css: str = row("", "A file of style rules that come after those of the pages.")
    footer_links: tuple[FooterLink, ...] = row(
        "",
        "Links below every page: labels with their addresses, and commas between.",
        Listed(footer_links),
    )
    time_zone: ZoneInfo = row("UTC", "The time zone of dates on pages: Europe/Berlin.", time_zone)
    frame_ancestors: str = row(
        "none", "Who may show the pages in a frame: `none`, `self` or sites.", frame_ancestors
    )
    cors_origins: tuple[str, ...] = row(
        "", "Sites whose pages may ask the API, such as `https://a.example`; `*`: all.", origins
    )
    cache_mb: int = row(
        "16", "Megabytes for answers that are given again as they are; 0: none.", Whole(0, 100_000)
    )
    access_log: str = row("", "A file that gets a line of JSON for each request; `-`: stdout.")
    log_queries: bool = row("0", "1: the lines have the parameters, so what people seek.", flag)
    public_url: str = row(
        "", "Scheme and host in feeds and sitemaps; empty: those that a request names.", origin
    )
    page_size: int = row(
        str(PAGE_SIZE), "Hits on a page where the request names none.", Whole(1, MAX_PAGE_SIZE)
    )
    group: Group = row(
        "none", "What the search page shows: `none` every item, `story` one per story.", grouping
    )
    images: Images = row(
        "off", "Pictures: `off`, or `link`, so that pages show them from where they are.", images
    )
    archive_links: bool = row(
        "off", "on: pages link to the Web Archive's copies of articles, too.", flag
    )
    freshness_weight: float = row(
        str(_USUAL.freshness), "How much it counts that an item is new, from 0 (off) to 1.", weight
    )
    recent_weight: float = row(
        str(DEFAULT_SIGNALS.sought_freshness), "The same where what is new is sought.", weight
    )
    quality_weight: float = row(str(_USUAL.quality), "How much an item's quality counts.", weight)
    heat_weight: float = row(str(_USUAL.heat), "How much an item's heat counts.", weight)
    coverage_weight: float = row(
        str(_USUAL.coverage), "How much it counts that many outlets carried the story.", weight
    )

    @property
    def signals(self) -> Signals:
        """What counts beside words."""
        usual = SignalWeights(
            freshness=self.freshness_weight,
            quality=self.quality_weight,
            heat=self.heat_weight,
            coverage=self.coverage_weight,
        )
        return Signals(usual, self.recent_weight)
