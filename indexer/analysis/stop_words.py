"""Words too common to tell items apart, in the languages that most news is written in.

They are indexed and searched like any other, but weigh little beside them; a stop word alone makes
no partial match and marks no related article. A language that is not here has none: how many items
have a word lowers what it weighs all the same.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from indexer.analysis import english
from indexer.analysis.folding import fold
from indexer.analysis.parts import SPELT_OUT

_WORDS = {
    "cs": """
        a aby ale ani asi až bez být by byl byla bylo byli co což či do i já jak jako je jeho její
        jejich jen ji jsem jsme jsou k kde kdo kdy která které který ke má mezi mi na nad ne nebo
        není než o od on ona oni po pod podle pro proti před při s se si své ta tak také tato ten
        tento této to tohoto tu u už v ve však z za ze že
    """,
    "da": """
        af alle at blev bliver da de dem den der deres det dig din disse dog du efter eller en er et
        for fra få ham han hans har havde hende hendes her hvad hvis hvor hun i ikke ind jeg jer kan
        man med meget men mig min mod nu når og også om op os over på sig sin skal skulle som til ud
        under var vi vil ville være
    """,
    "de": """
        aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dem den denn
        der des die dies diese dieser dieses doch du durch ein eine einem einen einer eines er es
        für haben hat hatte ich ihm ihn ihr ihre im in ist ja kann kein keine man mehr mein mit nach
        nicht noch nun nur ob oder ohne schon sehr sein seine sich sie sind so über um und uns unter
        vom von vor war waren was wenn wer werden wie wir wird wo wurde wurden zu zum zur
    """,
    "es": """
        a al algo ante antes aquí así aún cada como con contra cual cuando de del desde donde dos e
        el él ella ellas ellos en entre era es esa ese eso esta está están este esto estos fue
        ha hace han hasta hay la las le les lo los más me mi mientras muy ni no nos o otra otro para
        pero por porque que qué quien se sea ser si sí sin sobre son su sus también tan te tiene
        todo todos tras tu un una uno unos y ya yo
    """,
    "fi": """
        ei eivät en että he hän häntä hänen ja jo joka jos jotka kanssa kun kuin kuka me mikä minä
        mitä mukaan mutta myös ne niin niitä nyt oli olivat olla on ovat se sekä sen sitä tai tämä
        tämän te tästä vain voi
    """,
    "fr": """
        à au aux avec c ce ces cet cette ceux chez comme contre d dans de depuis des donc du elle
        elles en entre es est et été être eu fait il ils j je l la le les leur leurs lui m ma mais
        me même mes moi mon n ne ni nos notre nous on ont ou où par pas plus pour qu que qui quand
        s sa sans se selon ses si son sont sous sur t ta te tes toi ton tous tout très tu un une
        vos votre vous y
    """,
    "it": """
        a ad ai al alla alle allo anche ancora c che chi ci come con contro cui da dai dal dalla
        dalle degli dei del dell della delle dello di dopo e è ed era essere fra gli ha hanno ho i
        il in io l la le lei lo loro lui ma mi ne negli nei nel nell nella nelle noi non o ogni per
        perché più prima quale quando quella quello questa questo qui se sei si sia sono sta su sua
        sue sui sul sulla suo suoi ti tra tu tutti un una uno vi voi
    """,
    "nl": """
        aan al alle als bij dan dat de deze die dit door dus een en er geen had haar hebben heeft
        hem het hier hij hoe hun ik in is je kan maar me meer men met mij mijn na naar niet nog nu
        of om omdat ons onze ook op over te tegen toch tot u uit van veel voor waar want waren was
        wat we wel werd wie wij wordt zal ze zich zij zijn zo zonder zou
    """,
    "no": """
        alle at av bare ble blir da de dem den denne der deres det dette disse du eller en er et
        etter for fra få ha hadde han hans har hun hva hvor i ikke ja jeg kan man med meg men mot
        nå når og også om opp oss over på seg sin sine sitt skal skulle som så til under ut var ved
        vi vil ville være
    """,
    "pl": """
        a aby ale bez bo być był była było były by co czy dla do gdy gdzie i ich jak jako je jego
        jej jest jeszcze już jeśli kiedy która które który lub ma mnie na nad nie niż o od on ona
        one oni oraz po pod poza przed przez przy są się swoje ta tak także tam te tego tej ten to
        tu tych tylko tym u w we więc z za ze że
    """,
    "pt": """
        a à ao aos as às até com como contra da das de dela dele depois do dos e é ela elas ele eles
        em entre era essa esse esta está este eu foi foram há isso isto já lhe mais mas me mesmo
        meu minha muito na não nas nem no nos nós o os ou para pela pelas pelo pelos por porque
        quando que quem são se sem ser seu seus só sobre sua suas também te tem ter um uma umas uns
    """,
    "ru": """
        а без бы был была были было в вас во вот все всё вы где да для до его ее её если есть еще
        ещё ж же за и из или им их к как ко когда кто ли лишь между меня мне мы на над нас не него
        нее неё нет ни них но ну о об он она они оно от по под после при про с со так также там те
        тем то того тоже той только том ты у уже чего чем что чтобы эта эти это этого этой этом этот
        я
    """,
    "sv": """
        alla allt att av blev bli blir de dem den denna deras dess det detta dig din du där efter
        ej eller en ett från för ha hade han hans har hennes hon hur i icke ikke in inte jag ju kan
        man med mellan men mig min mot mycket ni nu när och om oss på sedan sig sin sina ska skulle
        som så till under upp ut utan var vara vi vid vilken vill är även över
    """,
    "tr": """
        ama ancak bir biz bu bunu çok da daha de değil diye en gibi hem her ile ise için kadar ki mı
        mi mu mü ne o olan olarak oldu on onu sonra şu ve veya ya
    """,
    "uk": """
        а але б без би був була були було в вже від він вона вони воно все для до з за і із й його
        її їх коли на над не ні о по при про с та так також те ти то у це цей ці чи що щоб як який я
    """,
}


@lru_cache(maxsize=256)
def stop_words(codes: Sequence[str]) -> frozenset[str]:
    """The stop words of these languages (a tuple of codes), in every form that they are searched
    for in: as they are written, folded, with umlauts spelt out."""
    return frozenset().union(*(_STOP_WORDS.get(code, ()) for code in codes))


def common_stop_words(items: Mapping[str, int], share: float = 0.5) -> frozenset[str]:
    """The stop words of the languages with at least `share` as many items as the most frequent
    one: a few items in German make no stop word of the English `die`. `items`: their number by
    language."""
    least = share * max(items.values(), default=0)
    return stop_words(tuple(sorted(code for code in items if items[code] >= least)))


_STOP_WORDS = {
    code: frozenset(
        form
        for word in words.split()
        for form in (word, fold(word), fold(word.translate(SPELT_OUT)))
    )
    for code, words in _WORDS.items()
}
_STOP_WORDS["en"] = english.STOP_WORDS

LANGUAGES = tuple(sorted(_STOP_WORDS))
"""The codes of the languages whose stop words are known."""
