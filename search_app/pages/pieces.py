"""The pieces that several pages show: moments, outlets and links, as plain values for templates."""

from datetime import date, datetime
from urllib.parse import quote_plus

from msgspec import Struct

from indexer.item import Provider
from search_app.detail import Detail
from search_app.pages.display import Display
from search_app.template_filters import (
    day,
    day_and_clock,
    days_ago,
    initial,
    is_short,
    short,
    time_value,
)


class Moment(Struct, frozen=True):
    """A moment for a `time` element: as programs read it, as people do, its date alone, and how
    long ago it is in whole days, or how long until then. Of a day the first two have no time."""

    iso: str
    text: str
    date: str
    ago: str


class Outlet(Struct, frozen=True):
    """An outlet: its name, its domain if that says more, the address of a search for all that it
    carried, and a picture of its logo or else its initial. What is empty has no room or is not
    there."""

    name: str
    domain: str
    url: str
    initial: str
    logo: str


class Link(Struct, frozen=True):
    """A link; without `url` there is no room for its address, and its label is text."""

    label: str
    url: str


class Pieces(Struct, frozen=True):
    """Makes the pieces, as they are displayed on a day in UTC."""

    display: Display
    today: date

    def moment(self, published: datetime | None) -> Moment | None:
        """A moment as it is shown; `None` if it is not known."""
        if published is None:
            return None
        zone = self.display.zone
        return Moment(
            time_value(published),
            day_and_clock(published, zone),
            day(published, zone),
            days_ago(published, self.today),
        )

    def outlet(self, provider: Provider | None, detail: Detail) -> Outlet | None:
        """An outlet as it is shown; `None` if there is none."""
        if provider is None:
            return None
        return Outlet(
            short(provider.name, detail.name),
            short(provider.domain, detail.name) if provider.name.lower() != provider.domain else "",
            self.search_url(detail, "provider", provider.domain),
            initial(provider.name),
            self.display.picture(provider.logo, detail.address),
        )

    def search_url(self, detail: Detail, parameter: str, value: str) -> str:
        """The address of a search by one parameter; empty if there is no room for it."""
        url = f"{self.display.base}/search?{parameter}={quote_plus(value)}"
        return url if is_short(url, detail.address) else ""
