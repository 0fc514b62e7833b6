"""Rows about help: which instrument, by which profile, how it ended, and what came after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, select

from models.gebeurtenis import gebeurtenis
from models.traject import traject
from workflow.indicatoren.begrippen import OPEN, Rij
from workflow.indicatoren.bronnen import INGEGAAN_DOOR, Regelbron
from workflow.indicatoren.regels import Leven, Regel, Staat
from workflow.indicatoren.wachten import BEREIKT, answer, begun
from workflow.kalender import date_of, daynumber
from workflow.termijnen import Opschorting

if TYPE_CHECKING:
    from sqlalchemy import Select

    from workflow.indicatoren.kader import Kader

GEEN = "geen"
GEEN_INSTRUMENT = "geen_instrument"
NOG_GEEN = "nog_geen"
GEEN_PROFIEL = "geen_profiel"
LOOPT = "loopt"


def instrument_of(kader: Kader, staat: Staat) -> str | None:
    """The instrument that a stay is."""
    return kader.wegwijzer.instrumenten.get((staat.route, staat.stap))


def kind_of_help(kader: Kader, traject_id: int, plek: tuple[str, str], dag: int) -> str:
    """Which kind of arrangement a stap is: the answer to its variant on that day, else the stap."""
    naam = kader.wegwijzer.varianten.get(plek)
    gegeven = kader.antwoorden(naam).get(traject_id, ()) if naam else ()
    passend = [antwoord.waarde for antwoord in gegeven if antwoord.is_on(dag)]
    return passend[-1] if passend else plek[1]


def ended(kader: Kader) -> Iterator[Regel]:
    """Main trajecten that ended in the period and were not opened again in it; a split is no end of the help."""
    van, tot = kader.vraag.periode.van, kader.vraag.periode.tot
    for regel in kader.regels.values():
        laatste = last_life(regel, tot)
        if laatste and laatste.tot is not None and van <= laatste.tot < tot and laatste.klasse != "splitsing":
            yield regel


def last_life(regel: Regel, tot: int) -> Leven | None:
    """The last stretch that began before a day."""
    return next((leven for leven in reversed(regel.levens) if leven.van < tot), None)


def state_on(regel: Regel, tot: int) -> str:
    """How a traject stood at the end of the day before `tot`: its class of end, or that it runs."""
    laatste = last_life(regel, tot)
    if laatste is None or laatste.tot is None or laatste.tot >= tot:
        return LOOPT
    return str(laatste.klasse)


# -- Stays by kind -----------------------------------------------------------------------------------------------------


def _starts(kader: Kader) -> Iterator[Rij]:
    """Per stap die in de periode op de hoofdroute begon: de soort regeling, en of de stap een instrument begint."""
    periode = kader.vraag.periode
    for regel in kader.regels.values():
        vorig: str | None = None
        for staat in regel.staten:
            nu = instrument_of(kader, staat)
            is_ingang = staat.ingang in INGEGAAN_DOOR
            if staat.van in periode:
                soort = kind_of_help(kader, regel.traject_id, (staat.route, staat.stap), staat.van)
                is_begin = is_ingang and nu is not None and nu != vorig
                gezegd = ("ja" if is_ingang else "nee", "ja" if is_begin else "nee")
                yield regel.traject_id, staat.van, staat.route, staat.stap, soort, nu or GEEN, *gezegd
            vorig = nu


def _on_last_day(kader: Kader) -> Iterator[Rij]:
    """Per lopend traject op de peildatum: het laatste instrument waarin het stond."""
    dag = kader.vraag.periode.peildatum
    for regel in kader.regels.values():
        if regel.is_open_on(dag):
            yield regel.traject_id, dag, last_instrument(kader, regel, dag + 1) or GEEN_INSTRUMENT


def last_instrument(kader: Kader, regel: Regel, tot: int) -> str | None:
    """The last instrument entered before `tot`."""
    gevonden = (instrument_of(kader, staat) for staat in reversed(regel.staten) if staat.van < tot)
    return next((instrument for instrument in gevonden if instrument), None)


def _days_by_party(kader: Kader) -> Iterator[Rij]:
    """Per stap die in de periode begon: wie aan zet was, en hoeveel dagen tot het einde van de stap of de periode."""
    periode, partijen = kader.vraag.periode, kader.wegwijzer.partijen
    for regel in kader.regels.values():
        for staat in regel.staten:
            if staat.van in periode:
                tot = periode.tot - 1 if staat.tot is None or staat.tot >= periode.tot else staat.tot
                yield regel.traject_id, staat.van, partijen.get((staat.route, staat.stap), ""), tot - staat.van


STARTEN = Regelbron("starten", ("route", "stap", "variant", "instrument", "is_ingang", "begint_instrument"), _starts)
OP_PEILDATUM = Regelbron("op_peildatum", ("instrument",), _on_last_day)
AAN_ZET = Regelbron("aan_zet", ("partij", "dagen"), _days_by_party)


# -- Toelating and outcome ---------------------------------------------------------------------------------------------


def _admitted(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode werd toegelaten: profiel ervoor, eerste instrument erna, en hoe het nu staat."""
    tot = kader.vraag.periode.tot
    for regel in kader.regels.values():
        toelating = regel.eerste("toelating")
        if toelating and toelating.dag in kader.vraag.periode:
            profiel = answer(kader, regel.traject_id, "profiel", toelating.dag) or GEEN_PROFIEL
            eerste = first_help(kader, regel, tot)
            gekozen = instrument_of(kader, eerste) if eerste else None
            yield regel.traject_id, toelating.dag, profiel, gekozen or NOG_GEEN, state_on(regel, tot)


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
    for regel in kader.regels.values():
        gesprek, toelating = regel.eerste("eerste_gesprek"), regel.eerste("toelating")
        if gesprek is None or gesprek.dag not in kader.vraag.periode:
            continue
        if toelating and toelating.dag < tot:
            yield regel.traject_id, gesprek.dag, toelating.dag - gesprek.dag, BEREIKT
        elif regel.eind is not None and regel.eind < tot:
            yield regel.traject_id, gesprek.dag, regel.eind - gesprek.dag, str(regel.klasse)
        else:
            yield regel.traject_id, gesprek.dag, tot - 1 - gesprek.dag, OPEN


def _outcomes(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode eindigde: hoe, in welk instrument, en of het een stap hoger kwam op het trapje."""
    tot, samen = kader.vraag.periode.tot, together(kader)
    treden = ladder(kader)
    for regel in ended(kader):
        klasse, eind = state_on(regel, tot), max(leven.tot or 0 for leven in regel.levens if leven.van < tot)
        instrument = last_instrument(kader, regel, tot) or GEEN
        met = "ja" if any(van <= eind for van, _ in samen.get(regel.traject_id, ())) else "nee"
        duur = eind - regel.begin
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
    """Main traject -> (day, trede) in order, of itself and of what hangs on it; its end stap included."""
    plekken = kader.wegwijzer.treden
    gevonden: dict[int, list[tuple[int, int, int]]] = defaultdict(list)

    def climb(traject_id: int, dag: int, na: int, plek: tuple[str, str]) -> None:
        if (trede := plekken.get(plek)) is not None:
            gevonden[traject_id].append((dag, na, trede))

    for regel in ended(kader):
        for dag, na, plek in _rungs(regel):
            climb(regel.traject_id, dag, na, plek)
    for ouder, route, stap, naar, klasse, van, tot in kader.lees(_child_stays(kader)):
        climb(ouder, van, 0, (route, stap))
        if klasse == "succes":
            climb(ouder, tot, 1, (route, naar))
    return {traject_id: [(dag, trede) for dag, _, trede in sorted(rijen)] for traject_id, rijen in gevonden.items()}


def _rungs(regel: Regel) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """The stays of a traject, and where it ended well."""
    for staat in regel.staten:
        yield staat.van, 0, (staat.route, staat.stap)
    for leven in regel.levens:
        if leven.klasse == "succes" and leven.tot is not None:
            yield leven.tot, 2, (regel.staten[-1].route, leven.naar or "")


def _child_stays(kader: Kader) -> Select[Any]:
    """Stays on child routes with a ladder, in trajecten that had not ended before the period."""
    v, routes = kader.tabel("verblijf"), {route for route, _ in kader.wegwijzer.treden} - kader.wegwijzer.hoofdroutes
    return (
        select(traject.c.ouder_id, v.c.route, v.c.stap, v.c.naar, v.c.klasse, v.c.van_dag, v.c.tot_dag)
        .join_from(v, traject, traject.c.id == v.c.traject_id)
        .where(v.c.niveau == "stap", v.c.route.in_(sorted(routes)), traject.c.route.in_(sorted(routes)))
    )


def _lifetimes(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode met een melding begon: hoeveel dagen het duurde, met en zonder opschorting.

    Een einde dat later is herroepen telt niet als einde.
    """
    tot, stil = kader.vraag.periode.tot, kader.stilstand
    for regel in begun(kader):
        stand = state_on(regel, tot)
        einde = tot - 1 if stand == LOOPT else max(leven.tot or 0 for leven in regel.levens if leven.van < tot)
        dagen = einde - regel.begin
        geschorst = sum(1 for dag in stil.get(regel.traject_id, ()) if regel.begin <= dag < einde)
        uitkomst = OPEN if stand == LOOPT else stand
        yield regel.traject_id, regel.begin, dagen, uitkomst, geschorst


def _own_lifetimes(kader: Kader) -> Iterator[Rij]:
    """Zoals bij levensduur, zonder de dagen waarop de beslistermijn stilstond."""
    for traject_id, dag, dagen, uitkomst, geschorst in kader.rijen(LEVENSDUUR):
        yield traject_id, dag, dagen - geschorst, uitkomst


def suspended(kader: Kader) -> Mapping[int, set[int]]:
    """Main traject -> the days on which it waited for what was asked of the client (Awb art. 4:15)."""
    v, m = kader.tabel("verblijf"), kader.tabel("mijlpaal")
    keuze = (
        select(traject.c.ouder_id, v.c.van_dag, v.c.tot_dag, m.c.genoemde_dag)
        .join_from(v, traject, traject.c.id == v.c.traject_id)
        .join(m, and_(m.c.traject_id == v.c.traject_id, m.c.genoemde_dag.is_not(None)))
        .where(v.c.niveau == "traject", v.c.route.in_(sorted(kader.wegwijzer.routes("opschorting"))))
    )
    gevonden: dict[int, set[int]] = defaultdict(set)
    for ouder, van, tot, uiterlijk in kader.lees(keuze):
        gevonden[ouder].update(Opschorting(van, tot, uiterlijk).dagen)
    return gevonden


def _suspensions(kader: Kader) -> Iterator[Rij]:
    """Per dag van de periode waarop een traject stilstond omdat er stukken ontbraken."""
    for traject_id, dagen in kader.stilstand.items():
        if traject_id in kader.regels:
            yield from ((traject_id, dag) for dag in sorted(dagen) if dag in kader.vraag.periode)


def _wsnp_ends(kader: Kader) -> Iterator[Rij]:
    """Per WSNP-verblijf dat in de periode eindigde: met schone lei, of anders de klasse van het einde."""
    plekken = kader.wegwijzer.stappen("wsnp_lopend")
    for regel in kader.regels.values():
        for staat in regel.staten:
            if (staat.route, staat.stap) in plekken and staat.tot in kader.vraag.periode:
                schoon = any(staat.van <= m.dag <= (staat.tot or 0) for m in regel.merken.get("schone_lei", ()))
                yield regel.traject_id, staat.tot, "schone_lei" if schoon else str(staat.klasse)


def _versions(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode begon: de versie van de routekaart waarop, en of die is vastgesteld."""
    kaarten = {kaart.sha256: kaart for kaart in kader.wegwijzer.kaarten}
    keuze = select(gebeurtenis.c.traject_id, gebeurtenis.c.routekaart).where(gebeurtenis.c.volgnummer == 1)
    begonnen = {regel.traject_id: regel for regel in kader.regels.values() if regel.begin in kader.vraag.periode}
    for traject_id, sha256 in kader.lees(keuze):
        if regel := begonnen.get(traject_id):
            kaart = kaarten.get(sha256)
            is_bekend = kaart is not None and kaart.status != "concept"
            yield traject_id, regel.begin, kaart.versie if kaart else GEEN, "ja" if is_bekend else "nee"


LEVENSDUUR = Regelbron("levensduur", ("dagen", "uitkomst", "geschorst"), _lifetimes)
EIGEN_LEVENSDUUR = Regelbron("eigen_levensduur", ("dagen", "uitkomst"), _own_lifetimes)
STILSTAND = Regelbron("stilstand", (), _suspensions)
WSNP_EINDE = Regelbron("wsnp_einde", ("resultaat",), _wsnp_ends)
VERSIES = Regelbron("versies", ("versie", "is_bekend"), _versions)
TOEGELATEN = Regelbron("toegelaten", ("profiel", "route_gekozen", "uitkomst"), _admitted)
BESLUITEN = Regelbron("besluiten", ("dagen", "uitkomst"), _decisions)
AFLOOP = Regelbron("afloop", ("klasse", "instrument", "hoger", "samen", "dagen", "uitkomst"), _outcomes)


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
    for regel in kader.regels.values():
        if regel.is_open_in(periode.van, periode.tot):
            dag = max(regel.begin, periode.van)
            met = any(overlaps(stuk, periode.van, periode.tot) for stuk in samen.get(regel.traject_id, ()))
            yield regel.traject_id, dag, "ja" if met else "nee"


def overlaps(stuk: tuple[int, int | None], van: int, tot: int) -> bool:
    """Whether a stretch has a day in [van, tot), or begins and ends on one."""
    return stuk[0] < tot and (stuk[1] is None or stuk[1] > van or stuk[0] >= van)


def _people_in_care(kader: Kader) -> Iterator[Rij]:
    """Per persoon in een traject dat op enige dag van de periode liep."""
    for traject_id, dag, _ in kader.rijen(IN_BEHANDELING):
        yield from ((traject_id, dag, deelname.persoon) for deelname in kader.mensen.get(traject_id, ()))


def _people_begun(kader: Kader) -> Iterator[Rij]:
    """Per persoon in een traject dat in de periode met een melding begon."""
    for regel in begun(kader):
        for deelname in kader.mensen.get(regel.traject_id, ()):
            if deelname.van == regel.begin:
                yield regel.traject_id, regel.begin, deelname.persoon


IN_BEHANDELING = Regelbron("behandeld", ("samen",), _in_care)
PERSONEN_IN_BEHANDELING = Regelbron("personen_in_behandeling", ("persoon",), _people_in_care)
PERSONEN_GEMELD = Regelbron("personen_gemeld", ("persoon",), _people_begun)


def _people_with_budget(kader: Kader) -> Iterator[Rij]:
    """Per persoon met budgetbeheer op enige dag van de periode."""
    periode = kader.vraag.periode
    for kind in kader.kinderen("budgetbeheer"):
        if overlaps((kind.van, kind.tot), periode.van, periode.tot):
            dag = max(kind.van, periode.van)
            yield from ((kind.traject_id, dag, deelname.persoon) for deelname in kader.mensen.get(kind.traject_id, ()))


PERSONEN_MET_BUDGETBEHEER = Regelbron("personen_met_budgetbeheer", ("persoon",), _people_with_budget)


# -- One after another -------------------------------------------------------------------------------------------------


TWEE = 2
"""Regelingen, at least, for one to come after another."""


class Regeling(NamedTuple):
    """A regeling of one traject."""

    van: int
    traject_id: int
    nr: int
    tot: int | None
    plek: tuple[str, str]
    is_begin: bool
    is_regeling: bool


def _regelingen(kader: Kader, regel: Regel, plekken: frozenset[tuple[str, str]]) -> Iterator[Regeling]:
    """The regelingen of a traject, and its stays in these stappen (stabilisatie)."""
    ook = [(staat, False) for staat in regel.staten if (staat.route, staat.stap) in plekken]
    for staat, is_regeling in [*((s, True) for s in regel.regelingen), *ook]:
        is_begin = staat.ingang in INGEGAAN_DOOR
        plek = (staat.route, staat.stap)
        yield Regeling(staat.van, regel.traject_id, staat.nr, staat.tot, plek, is_begin, is_regeling)


def pairs(kader: Kader) -> Iterator[tuple[str, Regeling, Regeling, str]]:
    """Person, earlier and later regeling, and whether stabilisatie is among what counts (`met`) or not (`zonder`)."""
    van, tot = kader.vraag.periode.van, kader.vraag.periode.tot
    plekken = kader.wegwijzer.stappen("stabilisatie")
    alle = {traject_id: list(_regelingen(kader, regel, plekken)) for traject_id, regel in kader.regels.items()}
    for persoon, regels in kader.geschiedenis.items():
        van_persoon = sorted(r for regel in regels for r in alle[regel.traject_id])
        if len(van_persoon) < TWEE or van_persoon[-1].van < van:
            continue
        for soort, telt in (("zonder", [r for r in van_persoon if r.is_regeling]), ("met", van_persoon)):
            for eerder, later in pairwise(telt):
                if later.is_begin and van <= later.van < tot:
                    yield persoon, eerder, later, soort


def _successions(kader: Kader) -> Iterator[Rij]:
    """Per paar opeenvolgende regelingen van een persoon, de tweede begonnen in de periode; een stel telt één keer."""
    gezien: set[tuple[object, ...]] = set()
    for _, eerder, later, soort in kader.paren:
        sleutel = (eerder.traject_id, eerder.nr, later.traject_id, later.nr, eerder.is_regeling, soort)
        if sleutel not in gezien:
            gezien.add(sleutel)
            tussen = 0 if eerder.tot is None else max(later.van - eerder.tot, 0)
            ligging = _where(kader, eerder, later)
            soorten = (kind_of_help(kader, r.traject_id, r.plek, r.van) for r in (eerder, later))
            yield later.traject_id, later.van, *soorten, ligging, tussen, soort


def _where(kader: Kader, eerder: Regeling, later: Regeling) -> str:
    if eerder.traject_id == later.traject_id:
        return "binnen"
    return "splitsing" if kader.regels[later.traject_id].ingang == "splitsing" else "over"


def _people_twice(kader: Kader) -> Iterator[Rij]:
    """Per persoon en paar opeenvolgende regelingen."""
    for persoon, _, later, soort in kader.paren:
        yield later.traject_id, later.van, persoon, soort


PAREN = Regelbron("paren", ("van_soort", "naar_soort", "ligging", "dagen_ertussen", "stabilisatie"), _successions)
PERSONEN_MET_PAAR = Regelbron("personen_met_paar", ("persoon", "stabilisatie"), _people_twice)


# -- Coming back -------------------------------------------------------------------------------------------------------

TERUGKIJKEN = 5
"""Years."""


def _returns(kader: Kader) -> Iterator[Rij]:
    """Per melding in de periode: of iemand ervan in de vijf jaar ervoor een regeling afrondde, of uitviel."""
    for regel in begun(kader):
        samen = [e for d in kader.mensen.get(regel.traject_id, ()) for e in kader.geschiedenis[d.persoon]]
        eerder = [e for e in samen if e.begin < regel.begin]
        yield (
            regel.traject_id,
            regel.begin,
            "ja" if any(_is_before(kader, e, regel, "succes") for e in eerder) else "nee",
            "ja" if any(_is_before(kader, e, regel, "uitval") for e in eerder) else "nee",
        )


def _is_before(kader: Kader, eerder: Regel, later: Regel, klasse: str) -> bool:
    """Whether the earlier one ended so within five years before the later one; a success only after a regeling."""
    if state_on(eerder, later.begin + 1) != klasse or eerder.eind is None:
        return False
    if years_after(eerder.eind, TERUGKIJKEN) < later.begin:
        return False
    telt = kader.wegwijzer.stappen("afgeloste_regeling")
    return klasse == "uitval" or any((s.route, s.stap) in telt for s in eerder.regelingen)


def years_after(dag: int, jaren: int) -> int:
    """The same date so many years later; 29 February becomes the 28th."""
    datum = date_of(dag)
    try:
        return daynumber(datum.replace(year=datum.year + jaren))
    except ValueError:
        return daynumber(date(datum.year + jaren, 2, 28))


def _cohort(kader: Kader) -> Iterator[Rij]:
    """Per traject dat in de periode met succes eindigde, en per 1, 2 en 5 jaar: of iemand ervan toen terug was."""
    for regel in ended(kader):
        if state_on(regel, kader.vraag.periode.tot) != "succes":
            continue
        eind = max(leven.tot or 0 for leven in regel.levens)
        samen = [e for d in kader.mensen.get(regel.traject_id, ()) for e in kader.geschiedenis[d.persoon]]
        later = [e.begin for e in samen if _is_new(e, regel, eind)]
        yield from ((regel.traject_id, eind, jaren, _within(later, eind, jaren)) for jaren in (1, 2, 5))


def _is_new(ander: Regel, regel: Regel, eind: int) -> bool:
    return ander.traject_id != regel.traject_id and ander.ingang == "start" and ander.begin >= eind


def _within(dagen: Iterable[int], eind: int, jaren: int) -> str:
    return "ja" if any(dag <= years_after(eind, jaren) for dag in dagen) else "nee"


TERUGKEER = Regelbron("terugkeer", ("recidive", "na_uitval"), _returns)
COHORT = Regelbron("cohort", ("jaren", "terug"), _cohort)


# -- At the melding ----------------------------------------------------------------------------------------------------


def _situations(kader: Kader) -> Iterator[Rij]:
    """Per melding in de periode: schuld, schuldeisers, maanden achterstand, en of die via een vroegsignaal kwam."""
    vroeg = kader.wegwijzer.waarden("vroegsignaal")
    for regel in begun(kader):
        rollen = ("schuld", "schuldeisers", "achterstand")
        cijfers = (_number(answer(kader, regel.traject_id, rol, regel.begin)) for rol in rollen)
        bron = answer(kader, regel.traject_id, "bron")
        yield regel.traject_id, regel.begin, *cijfers, "ja" if bron in vroeg else "nee"


def _number(tekst: str | None) -> int | None:
    return int(tekst) if tekst is not None and tekst.lstrip("-").isdecimal() else None


SITUATIE = Regelbron("situatie", ("schuld", "schuldeisers", "achterstand", "vroegsignaal"), _situations)


def _in_debt(kader: Kader) -> Iterator[Rij]:
    """Per persoon met een eerste melding in de periode: de dagen tot een traject met succes eindigde, ook een later."""
    tot = kader.vraag.periode.tot
    for regels in kader.geschiedenis.values():
        eerste = regels[0]
        if eerste.begin in kader.vraag.periode and eerste.ingang == "start":
            yield eerste.traject_id, eerste.begin, *_until_success(regels, eerste.begin, tot)


def _until_success(regels: Iterable[Regel], begin: int, tot: int) -> tuple[int, str]:
    einden = [(regel.eind, regel.klasse) for regel in regels if regel.eind is not None and regel.eind < tot]
    goed = [eind for eind, klasse in einden if klasse == "succes"]
    return (min(goed) - begin, "succes") if goed else (tot - 1 - begin, OPEN)


IN_SCHULD = Regelbron("in_schuld", ("dagen", "uitkomst"), _in_debt)
