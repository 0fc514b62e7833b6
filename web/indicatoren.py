"""The coordinator's figures: a dashboard, a page for each indicator, and behind each number the list that it counts.

Only coordinator and auditor come here: a figure leads to the dossiers behind it. What is asked stands in the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, url_for
from sqlalchemy import Connection

from models import klok
from models.database import reading
from web import grafieken
from web.filters import aantal, bedrag, getal
from web.grafieken import Adres, Grafiek
from web.indicatorvraag import GEWOON, PERIODEN, VERGELIJKINGEN, Keuze, address, between, read, splits_in_words
from web.merktekens import Merktekens, marks
from web.rapportblad import day_of
from web.toegang import Rol, toegang
from workflow.indicatoren import Indicator, Kader, Periode, Uitslag, Vraag, get, on
from workflow.indicatoren.begrippen import Ambitie, Herkomst, Maat, Meting
from workflow.indicatoren.doorstroom import DOORSTROOM, FASE, LAGEN
from workflow.indicatoren.fasenboek import FASENBOEK, INGANGEN, UITGANGEN, phase_ledger
from workflow.indicatoren.maten import DEEL, Duur, Kans, Mediaan, Verhouding
from workflow.indicatoren.opgaven import PERIODE, Opgavedeel
from workflow.indicatoren.opgavewoorden import gap, instead, is_unasked
from workflow.indicatoren.rapport import log_begins, measure, measure_one, to_compare
from workflow.indicatoren.weergave import (
    Cijfer,
    Woorden,
    columns_of,
    explained,
    figures,
    find,
    in_order,
    listed,
    rows_of,
    splits_of,
    title_of,
)

blueprint = Blueprint("indicatoren", __name__, url_prefix="/cijfers")
LEZERS = (Rol.COORDINATOR, Rol.AUDITOR)
STANDAARD = Ambitie.DIENSTVERLENING
ALLES = "alles"
BIJ = "bij."
"""Before the name of a column in the address of a list: a column may be called as a filter is."""

MAX_BALKEN = 9
MEER: Mapping[type, tuple[tuple[str, str], ...]] = {
    Duur: (
        ("bereikt", "Bereikt"),
        ("anders", "Anders geëindigd"),
        ("mediaan_afgerond", "Mediaan van wie klaar is"),
        ("p90", "90 % binnen"),
    ),
    Opgavedeel: (("in_het_log", "In het log"),),
    Kans: (("bereikt", "Wel"), ("anders", "Niet, de hele tijd")),
    Mediaan: (("p90", "90 % hoogstens"), ("onbekend", "Onbekend")),
}
"""Kind of figure -> what else its table shows."""


@dataclass(frozen=True, slots=True)
class Vak:
    """What every view needs: the question, its frame, the words, and what there is to choose from."""

    keuze: Keuze
    kader: Kader
    woorden: Woorden
    gemeenten: Mapping[str, str]
    splitsingen: Mapping[str, str]

    def zonder_splitsing(self) -> Vak:
        """The same question, not split: for pages that show no parts of a breakdown."""
        keuze = self.keuze.zonder_splitsing()
        kader = self.kader.ander(keuze.vraag)
        return replace(self, keuze=keuze, kader=kader, woorden=Woorden(kader))

    def measured(self, alle: Sequence[Indicator]) -> list[tuple[Uitslag, list[Cijfer]]]:
        """Each indicator with its figures beside those of the earlier period."""
        nu, eerder = measure(self.kader, alle), self._earlier
        toen = to_compare(eerder, measure(eerder, alle))
        return [(uitslag, figures(uitslag, eerder, self.woorden)) for uitslag, eerder in zip(nu, toen, strict=True)]

    def one(self, indicator: Indicator) -> tuple[Uitslag, list[Cijfer]]:
        """The same, of one indicator."""
        uitslag, eerder = measure_one(self.kader, indicator), self._earlier
        (toen,) = to_compare(eerder, [measure_one(eerder, indicator)])
        return uitslag, figures(uitslag, toen, self.woorden)

    def before_log(self, alle: Iterable[Indicator]) -> str:
        """Since when there is a log, where the period begins before it; nothing for what only partners report."""
        if all(indicator.herkomst is Herkomst.PARTNER for indicator in alle):
            return ""
        return log_begins(self.kader.log_vanaf, self.keuze.periode.van)

    @property
    def _earlier(self) -> Kader:
        """The earlier period; its years, quarters and months are others, so that there is nothing to compare."""
        return self.kader.over(self.keuze.eerder).heel

    def lists(self, code: str) -> Adres:
        """Where the list behind a figure of this indicator is; None for a figure of nothing."""
        return lambda cijfer: list_url(code, cijfer.maat, cijfer.meting, self.keuze) if cijfer.rijen else None


def asked(db: Connection, gewoon: str = GEWOON) -> Vak:
    """The question in the address of this request; the period is `gewoon` where it names none."""
    kader = Kader(db, Vraag(Periode(0, 1)))
    gemeenten = kader.wegwijzer.namen["gemeente"]
    splitsingen = splits_in_words(kader)
    keuze = read({"periode": gewoon, **request.args.to_dict()}, klok.today(), gemeenten, splitsingen)
    kader = kader.ander(keuze.vraag)
    return Vak(keuze, kader, Woorden(kader), gemeenten, splitsingen)


def page(naam: str, vak: Vak, **rest: Any) -> str:
    """A template with what all pages with figures show."""
    return render_template(
        f"indicatoren/{naam}.html",
        vak=vak,
        keuze=vak.keuze,
        perioden=PERIODEN,
        vergelijkingen=VERGELIJKINGEN,
        eerder_in_woorden=between(vak.keuze.eerder),
        toon=shown,
        toon_was=was,
        deel_van=of_how_many,
        gat=lacks,
        naast=beside,
        url=page_url,
        lijst_url=list_url,
        titel_van=title_of,
        **rest,
    )


def page_url(endpoint: str, keuze: Keuze, **anders: Any) -> str:
    """The address of a page with the same question, or another."""
    vast = {"code": anders.pop("code")} if "code" in anders else {}
    return address(url_for(endpoint, **vast), keuze.params(**anders))


def list_url(code: str, maat: Maat, meting: Meting, keuze: Keuze, **anders: str) -> str:
    """Where the rows behind a figure stand."""
    bij = {f"{BIJ}{kolom}": waarde for kolom, waarde in meting.uitsplitsing.items()}
    return address(url_for("indicatoren.lijst", code=code), keuze.params(maat=maat.code) | bij | anders)


# -- Numbers in words --------------------------------------------------------------------------------------------------


def shown(cijfer: Cijfer, met_eenheid: bool = True) -> str:
    """The value of a figure as people read it; what reports lack stands beside it, see `lacks`."""
    return _said(cijfer.maat, cijfer.meting, met_eenheid)


def lacks(cijfer: Cijfer) -> str:
    """Of how many numbers a figure over incomplete reports is made; empty for every other."""
    return gap(cijfer.meting.meer)


def was(cijfer: Cijfer) -> str:
    """What it was in the earlier period, and what that lacked; nothing where it was not counted, or is no number."""
    if cijfer.eerder is None or cijfer.eerder.meer.get("waarom") not in (None, "niet_opgegeven"):
        return ""
    gat = gap(cijfer.eerder.meer)
    return f"{_said(cijfer.maat, cijfer.eerder)} ({gat})" if gat else _said(cijfer.maat, cijfer.eerder)


def of_how_many(cijfer: Cijfer) -> str:
    """Numerator and denominator of a share: "9 van 26"; with what the log has, where partners report it."""
    meer = cijfer.meting.meer
    if meer["noemer"] is None:
        return ""
    log = f", in het log {getal(meer['in_het_log'])}" if "in_het_log" in meer else ""
    return f"{getal(meer['teller'])} van {getal(meer['noemer'])}{log}"


def _said(maat: Maat, meting: Meting, met_eenheid: bool = True) -> str:
    return _nothing(maat, meting) if meting.waarde is None else written(maat, meting.waarde, met_eenheid)


def written(maat: Maat, waarde: float, met_eenheid: bool = True) -> str:
    """A value with its unit: "78,7 %", "€ 15.535", "14 dagen"."""
    if maat.eenheid == "euro":
        return bedrag(waarde)
    tekst = getal(waarde, 0 if waarde == int(waarde) else 1)
    if maat.eenheid == "%":
        return f"{tekst} %"
    return f"{tekst} {_unit(maat.eenheid, waarde)}" if met_eenheid else tekst


def beside(cijfer: Cijfer, laatste: str = "") -> str:
    """What has to be known to read a figure: of how many it is, what it lacks, and how many are still open."""
    meting, delen = cijfer.meting, [laatste]
    if "noemer" in meting.meer:
        delen += [of_how_many(cijfer), lacks(cijfer)]
    elif "verwacht" in meting.meer:
        delen.append(lacks(cijfer))
    elif cijfer.is_duur or meting.n != meting.waarde:
        delen.append(f"{'mediaan, ' if cijfer.is_duur else ''}n = {getal(meting.n)}")
    if meting.open:
        delen.append(f"{getal(meting.open)} nog open")
    return ", ".join(filter(None, delen))


def _nothing(maat: Maat, meting: Meting) -> str:
    if "zonder" in meting.meer:
        return str(meting.meer["zonder"])
    if isinstance(maat, Duur):
        return "niet bereikt"
    return "geen" if isinstance(maat, Verhouding | Mediaan | Kans) else instead(meting.meer)


def _unit(eenheid: str, waarde: float) -> str:
    return grafieken.ENKELVOUD.get(eenheid, eenheid) if waarde == 1 else eenheid


# -- Dashboard ---------------------------------------------------------------------------------------------------------


MIN_BEGONNEN = 20
"""Of a fase that fewer began the share that dropped out says little."""


@dataclass(frozen=True, slots=True)
class Balk:
    """A part of a figure, as a bar whose length is a share of the longest."""

    cijfer: Cijfer
    lengte: int


@dataclass(frozen=True, slots=True)
class Kaartje:
    """One indicator on the dashboard."""

    uitslag: Uitslag
    hoofd: Cijfer | None
    rest: tuple[Cijfer, ...]
    balken: tuple[Balk, ...]
    balkmaat: Maat | None
    meer: int
    laatste: Mapping[str, str]


@blueprint.get("")
@toegang(*LEZERS)
def dashboard() -> str:
    """The indicators of one ambitie, or of all."""
    with reading(current_app.config["DATABASE"]) as db:
        vak = asked(db).zonder_splitsing()
        ambitie = request.args.get("ambitie", STANDAARD.name.lower())
        alle = [i for i in on(vak.kader.kaart) if ambitie in (ALLES, i.ambitie.name.lower())]
        gemeten = vak.measured(alle)
        kaartjes = [_card(uitslag, cijfers, vak) for uitslag, cijfers in gemeten]
        return page(
            "dashboard",
            vak,
            ambitie=ambitie,
            ambities=_ambitions(vak.keuze, ambitie),
            groepen=_grouped(kaartjes),
            knelpunt=_bottleneck(gemeten, vak),
            log_zin=vak.before_log(alle),
        )


def _ambitions(keuze: Keuze, ambitie: str) -> list[dict[str, Any]]:
    namen = {**{a.name.lower(): str(a) for a in Ambitie}, ALLES: "Alles"}
    return [
        {
            "naam": naam,
            "url": page_url("indicatoren.dashboard", keuze, ambitie=code if code != STANDAARD.name.lower() else ""),
            "actief": code == ambitie,
        }
        for code, naam in namen.items()
    ]


def _grouped(kaartjes: Sequence[Kaartje]) -> dict[Ambitie, list[Kaartje]]:
    groepen: dict[Ambitie, list[Kaartje]] = {}
    for kaartje in kaartjes:
        groepen.setdefault(kaartje.uitslag.indicator.ambitie, []).append(kaartje)
    return groepen


def _card(uitslag: Uitslag, cijfers: Sequence[Cijfer], vak: Vak) -> Kaartje:
    totalen = [c for c in cijfers if not c.kolommen]
    rest = (c for c in totalen[1:] if not is_unasked(c.meting.meer))
    delen = _parts(cijfers, vak)
    losse = [c for c in cijfers if c.kolommen == ("jaren",)]
    return Kaartje(
        uitslag,
        totalen[0] if totalen else None,
        (*rest, *losse),
        _bars(delen[:MAX_BALKEN]),
        delen[0].maat if delen else None,
        max(len(delen) - MAX_BALKEN, 0),
        {c.maat.code: _latest(c, cijfers) for c in totalen},
    )


def _latest(totaal: Cijfer, cijfers: Sequence[Cijfer]) -> str:
    """Of reports that do not add up the number of the last period, where it is one."""
    if totaal.meting.meer.get("waarom") not in ("past_niet", "niet_op_te_tellen"):
        return ""
    delen = [c for c in cijfers if c.maat == totaal.maat and c.kolommen == (PERIODE,) and c.meting.waarde is not None]
    laatste = max(delen, key=lambda c: c.deel, default=None)
    return f"{laatste.delen[0]}: {shown(laatste, False)}" if laatste else ""


def _parts(cijfers: Sequence[Cijfer], vak: Vak) -> list[Cijfer]:
    """The parts of the first figure that has more than one, in one column; of a fase one will do."""
    per_maat: dict[str, list[Cijfer]] = {}
    for cijfer in cijfers:
        if len(cijfer.kolommen) == 1 and cijfer.kolommen != ("jaren",):
            per_maat.setdefault(f"{cijfer.maat.code} {cijfer.kolommen[0]}", []).append(cijfer)
    gevonden = next((delen for delen in per_maat.values() if len(delen) > 1 or delen[0].kolommen == (FASE,)), [])
    return in_order(gevonden, vak.kader.wegwijzer)


def _bars(cijfers: Sequence[Cijfer]) -> tuple[Balk, ...]:
    langste = max((c.meting.waarde or 0 for c in cijfers), default=0) or 1
    return tuple(Balk(c, round(100 * (c.meting.waarde or 0) / langste)) for c in cijfers)


def _bottleneck(gemeten: Sequence[tuple[Uitslag, list[Cijfer]]], vak: Vak) -> dict[str, Any] | None:
    """Where trajecten drop out most and where they stay longest: the first chart of the dashboard."""
    for uitslag, cijfers in gemeten:
        op_volgorde = in_order(cijfers, vak.kader.wegwijzer)
        adres = vak.lists(uitslag.indicator.code)
        grafiek = grafieken.stacks(op_volgorde, ("fase", "uitkomst"), adres)
        if grafiek:
            fasen = [c for c in op_volgorde if c.kolommen in (("fase",), ("fase", "uitkomst")) and _is_same(c, grafiek)]
            return {"grafiek": {**grafiek, "zin": _worst(fasen)}, "cijfers": fasen, "adres": adres, "uitslag": uitslag}
    return None


def _is_same(cijfer: Cijfer, grafiek: Grafiek) -> bool:
    return bool(cijfer.maat.eenheid == grafiek["eenheid"])


def _worst(cijfers: Sequence[Cijfer]) -> str:
    """In which fase the largest share of those that began it dropped out; one with few beginners says too little."""
    begonnen = {c.delen[0]: c.meting.n for c in cijfers if len(c.delen) == 1}
    uitval = {c.delen[0]: c.meting.n for c in cijfers if len(c.delen) == 2 and c.deel[1][1] == "uitval"}
    genoeg = [fase for fase in uitval if begonnen.get(fase, 0) >= MIN_BEGONNEN]
    te_wegen = genoeg or [fase for fase in uitval if begonnen.get(fase)]
    if not te_wegen:
        return "In geen enkele fase was er uitval."
    fase = max(te_wegen, key=lambda naam: uitval[naam] / begonnen[naam])
    deel, van = getal(100 * uitval[fase] / begonnen[fase], 0), f"{getal(uitval[fase])} van {getal(begonnen[fase])}"
    erbij = (
        f" Fasen met minder dan {MIN_BEGONNEN} beginners zijn niet meegewogen." if set(uitval) - set(te_wegen) else ""
    )
    return f"De grootste kans op uitval: {fase}, {deel} % van wie er in de periode aan begon ({van}).{erbij}"


# -- One indicator -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tabel:
    """The figures of one breakdown."""

    kolommen: tuple[str, ...]
    cijfers: tuple[Cijfer, ...]


@dataclass(frozen=True, slots=True)
class Blok:
    """One figure of an indicator: its total, norms for it, its chart, its tables, and what else is known of it."""

    maat: Maat
    totaal: Cijfer | None
    normen: tuple[tuple[str, str], ...]
    grafiek: Grafiek | None
    tabellen: tuple[Tabel, ...]
    meer: tuple[tuple[str, str], ...]
    heeft_open: bool


@blueprint.get("/<code>")
@toegang(*LEZERS)
def toon(code: str) -> str:
    """The page of one indicator."""
    with reading(current_app.config["DATABASE"]) as db:
        vak = asked(db)
        vak = replace(vak, woorden=vak.woorden.over(code))
        indicator = _known(code, vak)
        uitslag, cijfers = vak.one(indicator)
        merk = marks(vak.kader, vak.keuze, code)
        blokken = [_block(maat, [c for c in cijfers if c.maat == maat], merk, vak) for maat in indicator.maten]
        is_te_splitsen = any({DEEL, vak.keuze.splits} & set(c.kolommen) for c in cijfers)
        boek = phase_ledger(vak.kader.zonder_splitsing()) if indicator.met_fasenboek else ()
        buren = _neighbours(code, vak)
        return page(
            "indicator",
            vak,
            uitslag=uitslag,
            indicator=indicator,
            sinds=day_of(indicator.sinds),
            merk=merk,
            blokken=blokken,
            zonder_delen=vak.splitsingen[vak.keuze.splits]
            if vak.keuze.splits and cijfers and not is_te_splitsen
            else "",
            bronnen=explained(vak.kader, indicator),
            delen=splits_of(vak.kader, indicator, vak.splitsingen),
            buren=buren,
            fasenboek=boek,
            log_zin=vak.before_log([indicator]),
            boek_url=_ledger_url(vak.keuze),
            ingangen=INGANGEN,
            uitgangen=UITGANGEN,
        )


def _ledger_url(keuze: Keuze) -> Callable[..., str]:
    """Gives the address of the stays behind a number of the fasenboek."""

    def url(maat: str, **deel: str) -> str:
        return list_url(FASENBOEK.code, FASENBOEK.maat(maat), Meting(maat, deel, None, 0), keuze)

    return url


def _known(code: str, vak: Vak) -> Indicator:
    try:
        return find(code, vak.kader.kaart)
    except KeyError:
        abort(404)


def _neighbours(code: str, vak: Vak) -> tuple[Indicator | None, Indicator | None]:
    alle = on(vak.kader.kaart)
    codes = [i.code for i in alle]
    if code not in codes:
        return None, None
    hier, rij = codes.index(code), [None, *alle, None]
    return rij[hier], rij[hier + 2]


def _block(maat: Maat, cijfers: Sequence[Cijfer], merk: Merktekens, vak: Vak) -> Blok:
    op_volgorde, adres = in_order(cijfers, vak.kader.wegwijzer), vak.lists(merk.indicator)
    return Blok(
        maat,
        next((c for c in op_volgorde if not c.kolommen), None),
        tuple((s.soort, written(maat, s.waarde)) for s in merk.targets(maat)),
        grafieken.chart_of(vak.kader, op_volgorde, vak.woorden, adres, merk) if op_volgorde else None,
        _tables(op_volgorde, vak.woorden),
        next((meer for soort, meer in MEER.items() if isinstance(maat, soort)), ()),
        any(c.meting.open for c in cijfers),
    )


def _tables(cijfers: Sequence[Cijfer], woorden: Woorden) -> tuple[Tabel, ...]:
    groepen: dict[tuple[str, ...], list[Cijfer]] = {}
    for cijfer in cijfers:
        groepen.setdefault(cijfer.kolommen, []).append(cijfer)
    return tuple(Tabel(tuple(woorden.kolom(k) for k in kolommen), tuple(g)) for kolommen, g in groepen.items())


# -- The list ----------------------------------------------------------------------------------------------------------


@blueprint.get("/<code>/lijst")
@toegang(*LEZERS)
def lijst(code: str) -> str:
    """The rows behind one number: exactly as many."""
    deel = {naam.removeprefix(BIJ): waarde for naam, waarde in request.args.items() if naam.startswith(BIJ)}
    with reading(current_app.config["DATABASE"]) as db:
        vak = asked(db)
        vak = replace(vak, woorden=vak.woorden.over(code))
        indicator = _known(code, vak)
        maat = _figure(indicator)
        if not set(deel) <= columns_of(maat):
            abort(404)
        if DEEL in deel and vak.keuze.splits is None:
            abort(404)
        bron, rijen = rows_of(vak.kader, maat, deel, request.args.get("telt") == "noemer")
        blad = listed(vak.kader, bron, rijen, request.args.get("blad", 1, int), vak.woorden)
        delen = [
            {"naam": vak.woorden.kolom(kolom), "waarde": vak.woorden.waarde(kolom, w)} for kolom, w in deel.items()
        ]
        return page("lijst", vak, indicator=indicator, maat=maat, lijst=blad, delen=delen, blad_url=_leaf_url(code))


def _figure(indicator: Indicator) -> Maat:
    try:
        return indicator.maat(request.args.get("maat", ""))
    except KeyError:
        abort(404)


def _leaf_url(code: str) -> Any:
    rest = {naam: waarde for naam, waarde in request.args.items() if naam != "blad"}
    return lambda blad: address(url_for("indicatoren.lijst", code=code), {**rest, "blad": str(blad)})


# -- Doorstroom --------------------------------------------------------------------------------------------------------


@blueprint.get("/doorstroom")
@toegang(*LEZERS)
def doorstroom() -> str:
    """Funnel, flows, and which regeling follows which."""
    with reading(current_app.config["DATABASE"]) as db:
        vak = asked(db).zonder_splitsing()
        laag = request.args.get("langs", LAGEN[0])
        laag = laag if laag in LAGEN else LAGEN[0]
        uitslag, cijfers = vak.one(DOORSTROOM)
        return page(
            "doorstroom",
            vak,
            uitslag=uitslag,
            laag=laag,
            trechter=_funnel(cijfers, vak),
            stromen=_flows(cijfers, laag, vak),
            opeenvolging=_successions(vak),
            adres=vak.lists(DOORSTROOM.code),
            log_zin=vak.before_log([DOORSTROOM]),
        )


def _funnel(cijfers: Sequence[Cijfer], vak: Vak) -> dict[str, Any]:
    eigen = [c for c in in_order(cijfers, vak.kader.wegwijzer) if c.kolommen and "plek" not in c.kolommen[0]]
    grafiek = grafieken.stacks(eigen, ("fase", "vervolg"), vak.lists(DOORSTROOM.code))
    fasen = [c for c in eigen if c.kolommen == ("fase",)]
    vervolg = {(c.deel[0][1], c.deel[1][1]): c for c in eigen if len(c.kolommen) == 2}
    return {"grafiek": grafiek, "fasen": fasen, "vervolg": vervolg}


def _flows(cijfers: Sequence[Cijfer], laag: str, vak: Vak) -> dict[str, Any]:
    eigen = [c for c in cijfers if c.maat.code == f"stroom_{laag}"]
    eigen.sort(key=lambda c: -c.meting.n)
    return {"grafiek": grafieken.sankey(eigen, vak.lists(DOORSTROOM.code)), "cijfers": eigen}


def _successions(vak: Vak) -> dict[str, Any]:
    """Pairs of regelingen by kind, from the indicator that counts them."""
    indicator = get("D11")
    maat = indicator.maat("paren_met_stabilisatie")
    bron, rijen = rows_of(vak.kader, maat, {})
    i, j = (2 + bron.kolommen.index(kolom) for kolom in ("van_soort", "naar_soort"))
    cellen: dict[tuple[str, str], int] = {}
    for rij in rijen:
        cellen[rij[i], rij[j]] = cellen.get((rij[i], rij[j]), 0) + 1

    def list_of(van: str, naar: str) -> str:
        meting = Meting(maat.code, {"van_soort": van, "naar_soort": naar}, None, 0)
        return list_url(indicator.code, maat, meting, vak.keuze)

    return {
        "grafiek": grafieken.matrix(cellen, list_of, vak.woorden),
        "cellen": sorted(cellen.items(), key=lambda paar: -paar[1]),
        "woord": lambda code: vak.woorden.waarde("variant", code),
        "url": list_of,
        "telling": aantal(len(rijen), "paar", "paren"),
    }
