"""Languages by their codes: what people write for a language, to its code and its English name.

The codes are those of ISO 639-1, or of ISO 639-3 where that has none. Norwegian in either of its
spellings is `no`, and the kinds of Chinese are `zh`: what is written is searched in the same way.
"""

from collections.abc import Iterator

_TABLE = """
    af afr Afrikaans|am amh Amharic|ar ara,arb Arabic|az aze Azerbaijani|be bel Belarusian
    bg bul Bulgarian|bn ben Bengali|bs bos Bosnian|ca cat Catalan|cs ces,cze Czech|cy cym,wel Welsh
    da dan Danish|de deu,ger German|el ell,gre Greek|en eng English|eo epo Esperanto|es spa Spanish
    et est Estonian|eu eus,baq Basque|fa fas,per Persian|fi fin Finnish|fil fil Filipino
    fr fra,fre French|ga gle Irish|gl glg Galician|gu guj Gujarati|ha hau Hausa|he heb,iw Hebrew
    hi hin Hindi|hr hrv Croatian|hu hun Hungarian|hy hye,arm Armenian|id ind,in Indonesian
    is isl,ice Icelandic|it ita Italian|ja jpn Japanese|ka kat,geo Georgian|kk kaz Kazakh
    km khm Khmer|kn kan Kannada|ko kor Korean|la lat Latin|lb ltz Luxembourgish|lo lao Lao
    lt lit Lithuanian|lv lav Latvian|mk mkd,mac Macedonian|ml mal Malayalam|mn mon Mongolian
    mr mar Marathi|ms msa,may Malay|mt mlt Maltese|my mya,bur Burmese|ne nep Nepali
    nl nld,dut Dutch|no nor,nb,nob,nn,nno Norwegian|pa pan Punjabi|pl pol Polish|ps pus Pashto
    pt por Portuguese|ro ron,rum Romanian|ru rus Russian|si sin Sinhala|sk slk,slo Slovak
    sl slv Slovenian|so som Somali|sq sqi,alb Albanian|sr srp Serbian|st sot Sesotho|sv swe Swedish
    sw swa Swahili|ta tam Tamil|te tel Telugu|th tha Thai|tl tgl Tagalog|tr tur Turkish
    uk ukr Ukrainian|ur urd Urdu|uz uzb Uzbek|vi vie Vietnamese|yi yid,ji Yiddish
    yo yor Yoruba|zh zho,chi,cmn,yue Chinese|zu zul Zulu
"""
"""Languages that news is written in, as `code other,codes Name`."""


DETECT = "auto"
"""What stands for a language that is to be told from the words of each item."""


def language_code(text: str) -> str | None:
    """The code of a language, `None` if it is none of the table. `text` is a code of ISO 639-1 or
    639-3, a BCP 47 tag that begins with one (`de-AT`, `zh_Hant`), or the language's English name,
    in any case."""
    key = text.strip().lower()
    return _CODES.get(key) or _CODES.get(key.replace("_", "-").partition("-")[0])


def language_name(code: str) -> str:
    """The English name of a language with a code of the table."""
    return NAMES[code]


def _rows() -> Iterator[tuple[str, list[str], str]]:
    for row in _TABLE.replace("\n", "|").split("|"):
        if row.strip():
            code, others, name = row.split()
            yield code, others.split(","), name


NAMES = {code: name for code, _, name in _rows()}
"""The code of each language to its English name."""

_CODES = {key: code for code, others, name in _rows() for key in (code, *others, name.lower())}
