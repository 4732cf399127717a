"""Names of months and weekdays, as numbers."""

import unicodedata

# A line a language, each in full: English, German, French, Spanish, Italian, Portuguese, Dutch,
# Swedish, Danish, Russian. Languages in which a name stands for the month before or after, as
# `listopad` does in Polish and Croatian, cannot be added.
_MONTHS = """
january february march april may june july august september october november december
januar februar märz april mai juni juli august september oktober november dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
"""
_SHORT_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday"


def month(name: str) -> int:
    """The month of a name, 1 to 12; of English ones also the first three letters. 0: it is none."""
    return _MONTH_NUMBERS.get(_plain(name), 0)


def weekday(name: str) -> int:
    """The ISO weekday of an English name, 1 (Monday) to 7, or of its first letters, three at least;
    0: it is none."""
    name = name.lower()
    days = enumerate(_WEEKDAYS.split(), 1)
    return next((n for n, day in days if len(name) >= 3 and day.startswith(name)), 0)


def weekday_name(number: int) -> str:
    """The English name of an ISO weekday."""
    return _WEEKDAYS.split()[number - 1].capitalize()


def _plain(name: str) -> str:
    """A name in lower case without accents."""
    parts = unicodedata.normalize("NFD", name.lower())
    return "".join(char for char in parts if not unicodedata.combining(char))


_MONTH_NUMBERS = {
    _plain(name): number
    for names in (*_MONTHS.strip().splitlines(), _SHORT_MONTHS)
    for number, name in enumerate(names.split(), 1)
} | {"sept": 9}
