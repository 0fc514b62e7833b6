"""Rows about help: which instrument, by which profile, how it ended, and what came after."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select

from models.gebeurtenis import gebeurtenis
from models.traject import traject
from workflow.indicatoren.begrippen import OPEN, Rij
from workflow.indicatoren.bronnen import INGEGAAN_DOOR, Regelbron
from workflow.indicatoren.regels import ANTWOORDEN, LOOPT, Regel, Staat
from workflow.indicatoren.wachten import BEREIKT, answer
from workflow.termijnen import Opschorting

if TYPE_CHECKING:
    from sqlalchemy import Select

    from workflow.indicatoren.kader import Kader

GEEN = "geen"
GEEN_INSTRUMENT = "geen_instrument"
NOG_GEEN = "nog_geen"
GEEN_PROFIEL = "geen_profiel"


def instrument_of(kader: Kader, staat: Staat) -> str | None:
    """The instrument that a stay is."""
    return kader.wegwijzer.instrumenten.get(staat.plek)


def kind_of_help(kader: Kader, traject_id: int, plek: tuple[str, str], dag: int) -> str:
    """Which kind of arrangement a stap is: the answer to its variant on that day, else the stap."""
    naam = kader.wegwijzer.varianten.get(plek)
    gegeven = kader.antwoorden(naam).get(traject_id, ()) if naam else ()
    passend = [antwoord.waarde for antwoord in gegeven if antwoord.is_on(dag)]
    return passend[-1] if passend else plek[1]


# -- Stays by kind -----------------------------------------------------------------------------------------------------


def _starts(kader: Kader) -> Iterator[Rij]:
    """Per stap die in de periode op de hoofdroute begon: de soort regeling, en of de stap een instrument begint."""
    periode = kader.vraag.periode
    for regel in kader.actueel:
        if not any(periode.van <= staat.van < periode.tot for staat in regel.staten):
            continue
        vorig: str | None = None
        for staat in regel.staten:
            nu = instrument_of(kader, staat)
            is_ingang = staat.ingang in INGEGAAN_DOOR
            if staat.van in periode:
                soort = kind_of_help(kader, regel.traject_id, staat.plek, staat.van)
                is_begin = is_ingang and nu is not None and nu != vorig
                gezegd = ("ja" if is_ingang else "nee", "ja" if is_begin else "nee")
                yield regel.traject_id, staat.van, *staat.plek, soort, nu or GEEN, *gezegd
            vorig = nu


def _on_last_day(kader: Kader) -> Iterator[Rij]:
    """Per lopend traject op de peildatum: het laatste instrument waarin het stond."""
    dag = kader.vraag.periode.peildatum
    for regel in kader.actueel:
        if regel.is_open_on(dag):
            yield regel.traject_id, dag, last_instrument(kader, regel, dag + 1) or GEEN_INSTRUMENT


def last_instrument(kader: Kader, regel: Regel, tot: int) -> str | None:
    """The last instrument entered before `tot`."""
    gevonden = (instrument_of(kader, staat) for staat in reversed(regel.staten) if staat.van < tot)
    return next((instrument for instrument in gevonden if instrument), None)


def _days_by_party(kader: Kader) -> Iterator[Rij]:
    """Per stap die in de periode begon en per partij: hoeveel dagen die aan zet was, tot het einde van stap of periode.

    Zolang stukken zijn gevraagd is dat de cliënt; anders wie de routekaart bij het antwoord van die dag noemt, en
    anders de partij van de stap.
    """
    periode = kader.vraag.periode
    for regel in kader.actueel:
        for staat in regel.staten:
            if staat.van in periode:
                tot = periode.tot - 1 if staat.tot is None or staat.tot >= periode.tot else staat.tot
                for partij, dagen in _turns(kader, regel, staat, tot).items():
                    yield regel.traject_id, staat.van, partij, dagen


def _turns(kader: Kader, regel: Regel, staat: Staat, tot: int) -> Mapping[str, int]:
    """Partij -> on how many days of a stay until `tot` it was to act; the stap's own also when there were no days."""
    client, stil = kader.wegwijzer.partij_bij_opschorting, kader.stilstand.get(regel.traject_id, ())
    dagen: Counter[str] = Counter()
    for van, eind, partij in _stretches(kader, regel, staat, tot):
        gewacht = sum(van <= dag < eind for dag in stil)
        dagen[client] += gewacht
        dagen[partij] += eind - van - gewacht
    gevuld = {partij: n for partij, n in dagen.items() if n}
    return gevuld or {kader.wegwijzer.partijen.get(staat.plek, ""): 0}


def _stretches(kader: Kader, regel: Regel, staat: Staat, tot: int) -> Iterator[tuple[int, int, str]]:
    """A stay cut where the answer changes that decides who is to act: from which day until which day who."""
    eigen = kader.wegwijzer.partijen.get(staat.plek, "")
    kenmerk, beurten = kader.wegwijzer.beurten.get(staat.plek, ("", {}))
    dag = staat.van
    for antwoord in kader.antwoorden(kenmerk).get(regel.traject_id, ()) if kenmerk else ():
        van, eind = max(antwoord.van, dag), min(tot if antwoord.tot is None else antwoord.tot, tot)
        if antwoord.waarde in beurten and van < eind:
            yield dag, van, eigen
            yield van, eind, beurten[antwoord.waarde]
            dag = eind
    yield dag, tot, eigen


STARTEN = Regelbron(
    "starten", ("route", "stap", "variant", "instrument", "is_ingang", "begint_instrument"), _starts, ANTWOORDEN
)
OP_PEILDATUM = Regelbron("op_peildatum", ("instrument",), _on_last_day)


# -- Toelating and outcome ---------------------------------------------------------------------------------------------


def _admitted(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode werd toegelaten: profiel op die dag, eerste instrument erna, en de stand."""
    tot = kader.vraag.periode.tot
    for regel in kader.actueel:
        toelating = regel.eerste("toelating")
        if toelating and toelating.dag in kader.vraag.periode:
            profiel = answer(kader, regel.traject_id, "profiel", toelating.dag) or GEEN_PROFIEL
            eerste = first_help(kader, regel, tot)
            gekozen = instrument_of(kader, eerste) if eerste else None
            yield regel.traject_id, toelating.dag, profiel, gekozen or NOG_GEEN, regel.stand


def first_help(kader: Kader, regel: Regel, tot: int) -> Staat | None:
    """The first instrument after toelating."""
    toelating = regel.eerste("toelating")
    if toelating is None:
        return None
    erna = (s for s in regel.staten if toelating.dag <= s.van < tot)
    return next((staat for staat in erna if instrument_of(kader, staat)), None)


def _decisions(kader: Kader) -> Iterator[Rij]:
    """Per eerste gesprek in de periode: hoeveel dagen tot de toelating, en hoe het wachten eindigde."""
    tot = kader.vraag.periode.tot
    for regel in kader.actueel:
        gesprek, toelating = regel.eerste("eerste_gesprek"), regel.eerste("toelating")
        if gesprek is None or gesprek.dag not in kader.vraag.periode:
            continue
        if toelating and toelating.dag < tot:
            yield regel.traject_id, gesprek.dag, toelating.dag - gesprek.dag, BEREIKT
        else:
            yield regel.traject_id, gesprek.dag, regel.eind - gesprek.dag, OPEN if regel.stand == LOOPT else regel.stand


def _outcomes(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode eindigde: hoe, in welk instrument, en of het een stap hoger kwam op het trapje."""
    tot, samen = kader.vraag.periode.tot, together(kader)
    treden = ladder(kader)
    for regel in kader.geeindigd:
        klasse, eind = regel.stand, regel.eind
        instrument = last_instrument(kader, regel, tot) or GEEN
        met = "ja" if any(van <= eind for van, _ in samen.get(regel.traject_id, ())) else "nee"
        duur = eind - regel.oorsprong
        yield regel.traject_id, eind, klasse, instrument, _climbed(kader, regel, treden, eind), met, duur, klasse


def _climbed(kader: Kader, regel: Regel, treden: Mapping[int, list[tuple[int, int]]], eind: int) -> str:
    eerste = first_help(kader, regel, eind + 1)
    if eerste is None:
        return GEEN
    gelopen = [trede for dag, trede in treden.get(regel.traject_id, ()) if eerste.van <= dag <= eind]
    if not gelopen:
        return GEEN
    return "ja" if gelopen[-1] > gelopen[0] else "nee"


def ladder(kader: Kader) -> Mapping[int, list[tuple[int, int]]]:
    """Main traject -> (day, trede) in order, of itself and of what hangs on it; its end stap included.

    Within a day the traject itself goes first, then what hangs on it, then the ends.
    """
    plekken = kader.wegwijzer.treden
    gevonden: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for traject_id, dag, soort, nr, plek in (*_own_rungs(kader), *_child_rungs(kader)):
        if (trede := plekken.get(plek)) is not None:
            gevonden[traject_id].append((dag, soort, nr, trede))
    return {traject_id: [(dag, trede) for dag, _, _, trede in sorted(r)] for traject_id, r in gevonden.items()}


Sport = tuple[int, int, int, int, tuple[str, str]]
"""Main traject, day, which goes first within a day, number, and the place."""


def _own_rungs(kader: Kader) -> Iterator[Sport]:
    """The stays of trajecten that ended, and where they ended well."""
    for regel in kader.geeindigd:
        for staat in regel.staten:
            yield regel.traject_id, staat.van, 0, staat.nr, staat.plek
        for leven in regel.levens:
            if leven.klasse == "succes" and leven.tot is not None:
                yield regel.traject_id, leven.tot, 3, leven.nr, (regel.staten[-1].plek[0], leven.naar or "")


def _child_rungs(kader: Kader) -> Iterator[Sport]:
    """The stays of what hangs on trajecten, and where that ended well."""
    for ouder, nr, route, stap, naar, klasse, van, tot in kader.lees(_child_stays(kader)):
        yield ouder, van, 1, nr, (route, stap)
        if klasse == "succes":
            yield ouder, tot, 2, nr, (route, naar)


def _child_stays(kader: Kader) -> Select[Any]:
    """Stays on child routes with a ladder."""
    v, routes = kader.tabel("verblijf"), {route for route, _ in kader.wegwijzer.treden} - kader.wegwijzer.hoofdroutes
    return (
        select(traject.c.ouder_id, v.c.nr, v.c.route, v.c.stap, v.c.naar, v.c.klasse, v.c.van_dag, v.c.tot_dag)
        .join_from(v, traject, traject.c.id == v.c.traject_id)
        .where(v.c.niveau == "stap", v.c.route.in_(sorted(routes)), v.c.van_dag < kader.vraag.periode.tot)
    )


def _lifetimes(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode met een melding begon: hoeveel dagen het duurde, met en zonder opschorting.

    Een einde dat later is herroepen telt niet als einde.
    """
    stil = kader.stilstand
    for regel in kader.begonnen:
        geschorst = sum(1 for dag in stil.get(regel.traject_id, ()) if regel.begin <= dag < regel.eind)
        uitkomst = OPEN if regel.stand == LOOPT else regel.stand
        yield regel.traject_id, regel.begin, regel.eind - regel.begin, uitkomst, geschorst


def _own_lifetimes(kader: Kader) -> Iterator[Rij]:
    """Zoals bij levensduur, zonder de dagen waarop de beslistermijn stilstond."""
    for traject_id, dag, dagen, uitkomst, geschorst in kader.rijen(LEVENSDUUR):
        yield traject_id, dag, dagen - geschorst, uitkomst


def _suspended_stays(kader: Kader) -> Select[Any]:
    """Stays on routes that suspend, with the last day on which what was asked could come."""
    v, m = kader.tabel("verblijf"), kader.tabel("mijlpaal")
    return (
        select(traject.c.ouder_id, v.c.van_dag, v.c.tot_dag, m.c.genoemde_dag)
        .join_from(v, traject, traject.c.id == v.c.traject_id)
        .join(m, and_(m.c.traject_id == v.c.traject_id, m.c.genoemde_dag.is_not(None)))
        .where(v.c.niveau == "traject", v.c.route.in_(sorted(kader.wegwijzer.routes("opschorting"))))
    )


def suspended(kader: Kader) -> Mapping[int, set[int]]:
    """Main traject -> the days on which it waited for what was asked of the client (Awb art. 4:15)."""
    gevonden: dict[int, set[int]] = defaultdict(set)
    for ouder, van, tot, uiterlijk in kader.lees(_suspended_stays(kader)):
        gevonden[ouder].update(Opschorting(van, tot, uiterlijk).dagen)
    return gevonden


def _suspensions(kader: Kader) -> Iterator[Rij]:
    """Per dag van de periode waarop een traject stilstond omdat er stukken ontbraken."""
    for traject_id, dagen in kader.stilstand.items():
        if traject_id in kader.regels:
            yield from ((traject_id, dag, traject_id) for dag in sorted(dagen) if dag in kader.vraag.periode)


def _wsnp_ends(kader: Kader) -> Iterator[Rij]:
    """Per WSNP-verblijf dat in de periode eindigde: met schone lei, of anders de klasse van het einde."""
    plekken = kader.wegwijzer.stappen("wsnp_lopend")
    for regel in kader.actueel:
        for staat in regel.staten:
            if staat.plek in plekken and staat.tot in kader.vraag.periode:
                schoon = any(staat.van <= m.dag <= (staat.tot or 0) for m in regel.marks("schone_lei"))
                yield regel.traject_id, staat.tot, "schone_lei" if schoon else str(staat.klasse)


def _first_maps(kader: Kader) -> Select[Any]:
    """The map of the first gebeurtenis of main trajecten that began in the period."""
    v, periode = kader.tabel("verblijf"), kader.vraag.periode
    is_hoofd = v.c.route.in_(sorted(kader.wegwijzer.hoofdroutes))
    in_periode = and_(v.c.niveau == "traject", is_hoofd, v.c.van_dag >= periode.van, v.c.van_dag < periode.tot)
    return select(gebeurtenis.c.traject_id, gebeurtenis.c.routekaart).where(
        gebeurtenis.c.volgnummer == 1, gebeurtenis.c.traject_id.in_(select(v.c.traject_id).where(in_periode))
    )


def _versions(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode met een melding begon: de versie van de routekaart, en of die is vastgesteld."""
    kaarten = {kaart.sha256: kaart for kaart in kader.wegwijzer.kaarten}
    begonnen = {regel.traject_id: regel for regel in kader.begonnen}
    for traject_id, sha256 in kader.lees(_first_maps(kader)):
        if regel := begonnen.get(traject_id):
            kaart = kaarten.get(sha256)
            is_bekend = kaart is not None and kaart.status != "concept"
            yield traject_id, regel.begin, kaart.versie if kaart else GEEN, "ja" if is_bekend else "nee"


LEVENSDUUR = Regelbron("levensduur", ("dagen", "uitkomst", "geschorst"), _lifetimes, (_suspended_stays,))
EIGEN_LEVENSDUUR = Regelbron("eigen_levensduur", ("dagen", "uitkomst"), _own_lifetimes, (_suspended_stays,))
AAN_ZET = Regelbron("aan_zet", ("partij", "dagen"), _days_by_party, (*ANTWOORDEN, _suspended_stays))
STILSTAND = Regelbron("stilstand", ("traject",), _suspensions, (_suspended_stays,))
WSNP_EINDE = Regelbron("wsnp_einde", ("resultaat",), _wsnp_ends)
VERSIES = Regelbron("versies", ("versie", "is_bekend"), _versions, (_first_maps,))
TOEGELATEN = Regelbron("toegelaten", ("profiel", "route_gekozen", "uitkomst"), _admitted, ANTWOORDEN)
BESLUITEN = Regelbron("besluiten", ("dagen", "uitkomst"), _decisions)
AFLOOP = Regelbron(
    "afloop", ("klasse", "instrument", "hoger", "samen", "dagen", "uitkomst"), _outcomes, (_child_stays,)
)


# -- Children ----------------------------------------------------------------------------------------------------------


def together(kader: Kader) -> Mapping[int, list[tuple[int, int | None]]]:
    """Main traject -> when a samenwerking was open in it."""
    gevonden: dict[int, list[tuple[int, int | None]]] = defaultdict(list)
    for kind in kader.kinderen("samenwerking"):
        if kind.ouder_id is not None:
            gevonden[kind.ouder_id].append((kind.van, kind.tot))
    return gevonden


def _in_care(kader: Kader) -> Iterator[Rij]:
    """Per traject dat op enige dag van de periode liep: of er die tijd een samenwerking bij liep."""
    periode, samen = kader.vraag.periode, together(kader)
    for regel in kader.actueel:
        if regel.is_open_in(periode.van, periode.tot):
            dag = max(regel.begin, periode.van)
            met = any(overlaps(stuk, periode.van, periode.tot) for stuk in samen.get(regel.traject_id, ()))
            yield regel.traject_id, dag, "ja" if met else "nee"


def overlaps(stuk: tuple[int, int | None], van: int, tot: int) -> bool:
    """Whether a stretch has a day in [van, tot), or begins and ends on one."""
    return van < tot and stuk[0] < tot and (stuk[1] is None or stuk[1] > van or stuk[0] >= van)


IN_BEHANDELING = Regelbron("behandeld", ("samen",), _in_care)


# -- At the melding ----------------------------------------------------------------------------------------------------


def _situations(kader: Kader) -> Iterator[Rij]:
    """Per melding in de periode: schuld, schuldeisers, maanden achterstand, en of die via een vroegsignaal kwam."""
    vroeg = kader.wegwijzer.waarden("vroegsignaal")
    for regel in kader.begonnen:
        rollen = ("schuld", "schuldeisers", "achterstand")
        cijfers = (_number(answer(kader, regel.traject_id, rol, regel.begin)) for rol in rollen)
        bron = answer(kader, regel.traject_id, "bron")
        yield regel.traject_id, regel.begin, *cijfers, "ja" if bron in vroeg else "nee"


def _number(tekst: str | None) -> int | None:
    return int(tekst) if tekst is not None and tekst.lstrip("-").isdecimal() else None


SITUATIE = Regelbron("situatie", ("schuld", "schuldeisers", "achterstand", "vroegsignaal"), _situations, ANTWOORDEN)
