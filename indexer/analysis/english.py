"""English: the stem that the forms of a word share, and the stop words.

Stemming is Snowball's English (Porter 2) algorithm. It joins the regular forms of a word. Before
it, this module brings to one spelling what that algorithm does not join: irregular plurals (men,
crises), and British and American spelling (colour, organise). Every word of one spelling has one
stem, in the index and in queries alike.
"""

import re
import threading

import Stemmer

STEMMER_RELEASE: str = Stemmer.version()

STOP_WORDS = frozenset(
    """
    a about after all also an and any are as at be been but by can could did do for from had has
    have he her his how i if in into is it its just more my no not of on one or our out over she
    so some than that the their them then there these they this to up us was we were what when
    which who will with would you your
    """.split()
)
"""English words too common to tell items apart. They are indexed and searched like any other, but a
stop word alone makes no partial match and marks no related article."""

NO_CONTRACTIONS = frozenset("well shell hell ill were wed shed id".split())
"""Words as which no contraction is meant that lacks its apostrophe: we'll, she'd, I'd."""

_STEMMER = Stemmer.Stemmer("english", 0)  # its own cache is not safe to share
_STEMMER_LOCK = threading.Lock()
_STEMMABLE = re.compile(r"[a-z]{3,}|ox")

_SINGULARS = """
    man men|woman women|ox oxen|person people peoples|child children|foot feet
    tooth teeth|goose geese|mouse mice|louse lice|bus buses busses|gas gases gasses
    plus pluses|yes yeses|lens lenses|canvas canvases|alias aliases|iris irises|bias biases
    quiz quizzes|christmas christmases|pancreas pancreases
    trellis trellises|pelvis pelvises|thermos thermoses|rhinoceros rhinoceroses|menu menus
    guru gurus|emu emus|gnu gnus|thesis theses|crisis crises|oasis oases
    hypothesis hypotheses|parenthesis parentheses|emphasis emphases|ellipsis ellipses
    prosthesis prostheses|neurosis neuroses|psychosis psychoses|thrombosis thromboses
    metastasis metastases|metamorphosis metamorphoses|synopsis synopses|prognosis prognoses
    antithesis antitheses|nemesis nemeses|genesis geneses|diagnose diagnosis diagnoses
    analyze analysis analyses|paralyze paralysis paralyses|synthesize synthesis syntheses
    knife knives|wife wives|wolf wolves|thief thieves|loaf loaves|elf elves|self selves
    hoof hooves|scarf scarves|wharf wharves
    dwarf dwarves|sheaf sheaves|criterion criteria|phenomenon phenomena|bacterium bacteria
    automaton automata|ganglion ganglia|polyhedron polyhedra|taxon taxa|alumnus alumni alumna
    terminus termini|passerby passersby|runnerup runnersup|motherinlaw mothersinlaw
    fatherinlaw fathersinlaw|sisterinlaw sistersinlaw|brotherinlaw brothersinlaw
    daughterinlaw daughtersinlaw|soninlaw sonsinlaw
    cactus cacti|fungus fungi|nucleus nuclei|stimulus stimuli|syllabus syllabi|radius radii
    focus foci|locus loci|bacillus bacilli|octopus octopi|hippopotamus hippopotami|genus genera
    corpus corpora|curriculum curricula|memorandum memoranda|referendum referenda|stadium stadia
    aquarium aquaria|stratum strata|spectrum spectra|erratum errata|addendum addenda
    symposium symposia|millennium millennia|consortium consortia|emporium emporia|podium podia
    ovum ova|quantum quanta|moratorium moratoria|crematorium crematoria|sanatorium sanatoria
    auditorium auditoria|gymnasium gymnasia|honorarium honoraria|planetarium planetaria
    compendium compendia|equilibrium equilibria|maximum maxima|minimum minima|optimum optima
    datum data|candelabrum candelabra|index indices|appendix appendices|matrix matrices
    vertex vertices|vortex vortices|codex codices|helix helices|cervix cervices|apex apices
    plateau plateaux|tableau tableaux|bureau bureaux|chateau chateaux|gateau gateaux|beau beaux
    paparazzo paparazzi|libretto libretti|virtuoso virtuosi|graffito graffiti|money monies
    stigma stigmata|schema schemata|seraph seraphim|cherub cherubim
"""
"""Irregular plurals, as `singular plural ...`, but for those of `_TWO_WORDS`. `passersby` is
also the joined form of `passers-by`."""

_TWO_WORDS = """
    leaf leaves|life lives|shelf shelves|half halves|calf calves|axis axes|basis bases|die dice
    medium media
"""
"""Irregular plurals that are a form of another word, too, with which they share their stem: to
leave, to live, an axe, a base, the press. Who asks for the one also gets the other."""

_SPELLINGS = """
    aging ageing|airplane aeroplane|airplanes aeroplanes|aluminum aluminium|amid amidst
    among amongst|while whilst|burned burnt|dreamed dreamt|learned learnt|leaped leapt
    spelled spelt|spoiled spoilt|carburetor carburettor|carburetors carburettors|chili chilli
    chilies chillies|cipher cypher|ciphers cyphers|counselor counsellor|counselors counsellors
    cozy cosy|cozily cosily|czar tsar tzar|czars tsars tzars|dialed dialled|dialing dialling
    dueled duelled|dueling duelling|donut doughnut|donuts doughnuts|enrollment enrolment
    enroll enrol|enrolls enrols|enthrall enthral|fueled fuelled|fueling fuelling
    refueled refuelled|refueling refuelling|fulfill fulfil|fulfills fulfils
    fulfillment fulfilment|installment instalment|installments instalments|jail gaol|jails gaols
    jailed gaoled|jailer gaoler jailor|jewelry jewellery|jeweler jeweller|jewelers jewellers
    initialed initialled|livable liveable|medalist medallist|medalists medallists
    panelist panellist|panelists panellists
    judgment judgement|judgments judgements|acknowledgment acknowledgement|likable likeable
    marvelous marvellous|math maths|mollusk mollusc|mollusks molluscs|mom mum|moms mums
    maneuver manoeuvre|maneuvers manoeuvres|maneuvered manoeuvred|maneuvering manoeuvring
    omelet omelette|omelets omelettes|phony phoney|program programme|programs programmes
    racket racquet|rackets racquets|skillful skilful|skillfully skilfully|sizable sizeable
    specialty speciality|specialties specialities|tranquility tranquillity
    whiskey whisky|whiskeys whiskies|willful wilful|willfully wilfully|woolen woollen
    woolens woollens|worshiper worshipper|worshipers worshippers
"""
"""Words spelt otherwise in Britain, as `American British ...`. Left out are those that are another
word as well: `cheque` (check), `storey` (story), `draught` (draft), `disc` (disk)."""

_BEGINNINGS = """
    anaem anem|anaesth anesth|archaeo archeo|artefact artifact|caesarean cesarean|catalogu catalog
    analogu analog|dialogu dialog|monologu monolog|prologu prolog|epilogu epilog|defenc defens
    offenc offens|licenc licens|pretenc pretens|practis practic|diarrhoea diarrhea
    encyclopaed encycloped|enquir inquir|foet fet|grey gray|gynaeco gyneco|haemo hemo|kerb curb
    leukaem leukem|mediaev mediev|moult molt|mould mold|moustach mustach|oesoph esoph
    oestrog estrog|orthopaed orthoped|paediatr pediatr|palaeo paleo|plough plow|pyjama pajama
    sceptic skeptic|smoulder smolder|sulph sulf|tyre tire|yoghurt yogurt|homoeo homeo
"""
"""How some words begin in Britain, and in America, whatever follows."""

_OUR_WORDS = (
    r"\w*?(?:arb|ard|arm|behavi|cand|clam|col|demean|enam|endeav|fav|ferv|flav|glam|harb|hon|hum|lab"
    r"|neighb|od|parl|ranc|rig|rum|sav|savi|splend|succ|tum|val|vap|vig)"
)
_RE_WORDS = r"\w*(?:calib|cent|fib|goit|lit|lust|meag|met|mit|och|sab|sepulch|somb|spect|theat)"
_OUR = re.compile(rf"({_OUR_WORDS})our(\w*)")
_RE = re.compile(rf"({_RE_WORDS})re(s?|board|glass|goers?|piece)")
_CENTRED = re.compile(r"(\w*cent)r(ed|ing)")
_YSE = re.compile(r"(\w*l)ys(e|ed|er|ers|ing)")
_ISE = re.compile(r"(\w{3,})is(e|ed|es|er|ers|ing|ingly|able|ation|ations|ational)")
_NOT_IZE = re.compile(
    r"dem|\w*(?:[ouw]|ra|pr|prom|adv|rev|dev|superv|telev|improv|exerc|exc|inc|prec|conc|circumc"
    r"|advert|chast|expert|franch|merchand|parad|desp|prem|surm|treat)"
)
"""What stands before `ise` in words that America does not spell with a z: advise, exercise."""

_COMPOUND = re.compile(
    r"(\w{3,}?)(children|women|men|feet|teeth|gases|buses|halves|knives|loaves|lives|scarves"
    r"|selves|shelves|wives|wolves)"
)
_NO_MEN = frozenset(
    "abdomen acumen albumen bitumen carmen cyclamen duramen examen foramen regimen specimen stamen "
    "turkmen".split()
)


def _entries(lines: str) -> list[list[str]]:
    return [entry.split() for entry in lines.replace("\n", "|").split("|") if entry.strip()]


_WORDS = {w: canonical for canonical, *ws in _entries(_SINGULARS + "|" + _SPELLINGS) for w in ws}
_BESIDE = {a: b for pair in _entries(_TWO_WORDS) for a, b in (pair, pair[::-1])}
_AMERICAN = dict(_entries(_BEGINNINGS))
_BRITISH = re.compile("|".join(_AMERICAN))
_MAY_DIFFER = re.compile(
    rf"^(?:{_BRITISH.pattern})|our|re(?:[sbgp]|$)|cent|is[eia]|ys[ei]|(?:en|s|eet|eeth)$"
)
"""What a word holds that one of the rules changes: most words hold nothing of it."""


def stem(term: str) -> str:
    """The stem of a folded word; `""` if it has none (a number, another script, two letters)."""
    if not _STEMMABLE.fullmatch(term):
        return ""
    with _STEMMER_LOCK:
        return str(_STEMMER.stemWord(_canonical(term)))


def beside(term: str) -> str:
    """The singular of a plural, or the plural of a singular, that has another stem; or ""."""
    return _BESIDE.get(term, "")


def _canonical(word: str) -> str:
    """The word in the spelling by which it is stemmed: American, and in the singular if its plural
    is irregular."""
    if known := _WORDS.get(word):
        return known
    if not _MAY_DIFFER.search(word):
        return word
    if match := _BRITISH.match(word):
        word = _AMERICAN[match[0]] + word[match.end() :]
    if match := _OUR.fullmatch(word):
        word = f"{match[1]}or{match[2]}"
    if match := _RE.fullmatch(word) or _CENTRED.fullmatch(word):
        word = f"{match[1]}er{match[2]}"
    if (match := _ISE.fullmatch(word)) and not _NOT_IZE.fullmatch(match[1]):
        word = f"{match[1]}iz{match[2]}"
    if match := _YSE.fullmatch(word):
        word = f"{match[1]}yz{match[2]}"
    if (match := _COMPOUND.fullmatch(word)) and word not in _NO_MEN:
        word = match[1] + (_WORDS.get(match[2]) or _BESIDE[match[2]])
    return word


def beginnings(stem: str) -> tuple[str, ...]:
    """Strings with one of which every folded word with this stem begins.

    Snowball's rules only cut endings off, except that they add an `e` in `hope` (hoping), an `i` in
    `happi` (happy) and an `l` in `sensibl` (sensibility), and make `die` of `dying`, `tie` of
    `tying`. Beside the stem without these stand its other spellings, and irregular plurals.
    """
    if not _MAY_BE_SPELT_OTHERWISE.match(stem):
        return tuple(dict.fromkeys([_without_addition(stem), *_FAMILIES.get(stem, ())]))
    spellings = [stem]
    for american, british in _BRITISH_BEGINNINGS:
        spellings += [british + s[len(american) :] for s in spellings if s.startswith(american)]
    for pattern, other in _OTHER_SPELLINGS:
        spellings += [pattern.sub(other, s, count=1) for s in spellings if pattern.match(s)]
    return tuple(dict.fromkeys([*map(_without_addition, spellings), *_FAMILIES.get(stem, ())]))


def _without_addition(stem: str) -> str:
    if len(stem) == 3 and stem.endswith("ie"):
        return stem[0]
    return stem[:-1] if stem.endswith(("e", "i", "y", "l")) else stem


def _families() -> dict[str, tuple[str, ...]]:
    """The stem of each family of `_SINGULARS` and `_SPELLINGS`, to its words."""
    families: dict[str, tuple[str, ...]] = {}
    for family in _entries(_SINGULARS + "|" + _SPELLINGS):
        found = stem(family[0])
        families[found] = (*families.get(found, ()), *family)
    return families


_FAMILIES = _families()
_BRITISH_BEGINNINGS = [(american, british) for british, american in _AMERICAN.items()]
_OTHER_SPELLINGS = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (rf"({_OUR_WORDS}o)r", r"\1ur"),
        (rf"({_RE_WORDS})er", r"\1re"),
        (r"(\w{3,}i)z", r"\1s"),
        (r"(\w*ly)z", r"\1s"),
        (r"(\w{3,}m)an$", r"\1en"),
        (r"(\w{3,}f)oot$", r"\1eet"),
        (r"(\w{3,}t)ooth$", r"\1eeth"),
        (r"(\w{3,}(?:hal|loa|scar|sel|shel|wol))f$", r"\1v"),
        (r"(\w{3,}(?:kni|li|wi))fe?$", r"\1v"),
    )
)
"""How a stem may be written: in Britain, or in an irregular plural."""

_MAY_BE_SPELT_OTHERWISE = re.compile(
    "|".join([*_AMERICAN.values(), *(pattern.pattern for pattern, _ in _OTHER_SPELLINGS)])
)
"""What a stem begins with, or is, that has another spelling: most have none."""
