"""Names of months and weekdays, as numbers."""

import unicodedata

# A line a language, in full: English, German, French, Spanish, Italian, Portuguese, Dutch,
# Swedish, Danish, Russian. Languages in which a name stands for the month before or after, as
# `listopad` does in Polish and Croatian, cannot be added.
MONTHS = """
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
WEEKDAYS = """
monday tuesday wednesday thursday friday saturday sunday
montag dienstag mittwoch donnerstag freitag samstag sonntag
lundi mardi mercredi jeudi vendredi samedi dimanche
lunes martes miércoles jueves viernes sábado domingo
lunedì martedì mercoledì giovedì venerdì sabato domenica
segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
måndag tisdag onsdag torsdag fredag lördag söndag
mandag tirsdag onsdag torsdag fredag lørdag søndag
понедельник вторник среда четверг пятница суббота воскресенье
"""
_ENGLISH_WEEKDAYS = WEEKDAYS.split()[:7]


def month(name: str) -> int:
    """The month of a name, 1 to 12; of English ones also the first three letters. 0: it is none."""
    return _MONTH_NUMBERS.get(_plain(name), 0)


def weekday(name: str) -> int:
    """The ISO weekday of a name, 1 (Monday) to 7; of English ones also the first letters, three at
    least. 0: it is none."""
    name = _plain(name)
    short = (number for number, day in enumerate(_ENGLISH_WEEKDAYS, 1) if day.startswith(name))
    return _WEEKDAY_NUMBERS.get(name) or (next(short, 0) if len(name) >= 3 else 0)


def weekday_name(number: int) -> str:
    """The English name of an ISO weekday."""
    return _ENGLISH_WEEKDAYS[number - 1].capitalize()


def _plain(name: str) -> str:
    """A name in lower case without accents."""
    parts = unicodedata.normalize("NFD", name.lower())
    return "".join(char for char in parts if not unicodedata.combining(char))


def _numbers(lines: str) -> dict[str, int]:
    """The names in each line, plain, counted from 1."""
    return {
        _plain(name): number
        for names in lines.strip().splitlines()
        for number, name in enumerate(names.split(), 1)
    }


_MONTH_NUMBERS = {**_numbers(MONTHS), **_numbers(_SHORT_MONTHS), "sept": 9}
_WEEKDAY_NUMBERS = _numbers(WEEKDAYS)
