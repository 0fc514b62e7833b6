"""Looking back on two clocks: a traject at any moment, and the caseload at two. The address holds all days.

Everything is a GET: sliders and dates without JavaScript, the same page by htmx with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for

from models import klok
from models.database import reading
from web.filters import datum_iso
from web.indicatorvraag import GEEN_DAG, address, parsed_day
from web.toegang import Rol, toegang
from web.trajecten import doers, timeline
from workflow import caseload
from workflow.caseload import Kant, Paar, Plek, Stapregel
from workflow.gezin import load
from workflow.indicatoren.wegwijzer import Wegwijzer
from workflow.kaarten import in_force
from workflow.rollen import rol_in_zin
from workflow.terugkijken import Moment, Regel, Terugblik, look_back
from workflow.trajectpagina import involved

blueprint = Blueprint("terugkijken", __name__)
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
OVERZICHT = (Rol.COORDINATOR, Rol.AUDITOR)
"""Who sees the whole caseload."""

TOEN = "_toen"
"""Behind the names of the first of two moments in an address."""

DELEN: Mapping[Any, str] = {"werk": "Trajecten per stap", "stil": "Wat geen werk vraagt: opgaven, stromen en afspraken"}
"""The parts of the caseload, in words."""

EERDER_DAGEN = 30
"""How far back the first of two moments lies when the address does not say."""


@blueprint.get("/trajecten/<nummer>/terugkijken")
@toegang(*LEZERS)
def traject(nummer: str) -> Any:
    """One traject as it stood on a day, by what was known on a day. An uitvoerder must have had to do with it."""
    vandaag = klok.today()
    moment, fouten = asked_moment(request.args, Moment(vandaag, vandaag))
    if not fouten and dict(request.args) != days_of(moment):
        return redirect(_address(nummer, moment))
    with reading(current_app.config["DATABASE"]) as db:
        gezin = load(db, nummer, lock=False)
        if g.medewerker.rol == Rol.UITVOERDER and g.medewerker.pseudoniem not in involved(gezin):
            abort(403)
        blik = look_back(gezin, nummer, moment, g.medewerker.rol)
    return render_template(
        "terugkijken/traject.html",
        nummer=nummer,
        blik=blik,
        moment=moment,
        fouten=fouten,
        regels=_lines(blik),
        stappen=_neighbours(blik, nummer),
    )


@blueprint.get("/terugkijken")
@toegang(*OVERZICHT)
def voorraad() -> Any:
    """How many trajecten stood in each stap at two moments, and the difference."""
    vraag, fouten = _asked_pair()
    if not fouten and dict(request.args) != _in_address(vraag):
        return redirect(_pair_address(".voorraad", vraag))
    with reading(current_app.config["DATABASE"]) as db:
        regels, namen, kaart = caseload.per_stap(db, vraag), caseload.places(db), in_force(db)
        stil = caseload.quiet(db)
    hoofdroutes = Wegwijzer([kaart]).hoofdroutes
    op_volgorde = [regels[plek] for plek in (*namen, *regels) if plek in regels]
    gevonden = list({regel.plek: regel for regel in op_volgorde}.values())
    return render_template(
        "terugkijken/voorraad.html",
        vraag=vraag,
        fouten=fouten,
        gemeenten=kaart.gemeenten,
        delen=_parts(gevonden, stil),
        namen=_Namen(namen),
        grafiek=_chart([regel for regel in gevonden if regel.plek.route in hoofdroutes], _Namen(namen), vraag),
        lijst_url=lambda kant, waarvan: _list_address(vraag, kant, waarvan),
    )


class Deel(NamedTuple):
    """The stappen of the trajecten that ask for work, or of those that do not, with their totals."""

    code: caseload.Deel
    naam: str
    regels: list[Stapregel]
    totaal: tuple[int, int]


def _parts(regels: Sequence[Stapregel], stil: Collection[str]) -> list[Deel]:
    gevonden = {deel: [r for r in regels if (r.plek.route in stil) == (deel == "stil")] for deel in caseload.DELEN}
    return [Deel(deel, DELEN[deel], eigen, caseload.summed(eigen)) for deel, eigen in gevonden.items()]


@blueprint.get("/terugkijken/lijst")
@toegang(*OVERZICHT)
def lijst() -> Any:
    """The trajecten behind a number of the caseload at two moments."""
    vraag, fouten = _asked_pair()
    kant = request.args.get("kant")
    if fouten or kant not in caseload.KANTEN:
        abort(404)
    waarvan = _asked_part()
    with reading(current_app.config["DATABASE"]) as db:
        gevonden = caseload.behind(db, vraag, kant, waarvan, request.args.get("blad", 1, int))
        namen = caseload.places(db)
    return render_template(
        "terugkijken/lijst.html",
        vraag=vraag,
        kant=kant,
        plek=waarvan if isinstance(waarvan, Plek) else None,
        deel=DELEN.get(waarvan),
        lijst=gevonden,
        namen=_Namen(namen),
        terug=_pair_address(".voorraad", vraag),
        blad_url=lambda blad: _list_address(vraag, kant, waarvan, blad),
    )


def _asked_part() -> Plek | caseload.Deel:
    """The stap in the address, else a part of the caseload."""
    route, stap = request.args.get("route"), request.args.get("stap")
    if route and stap:
        return Plek(route, stap)
    return "stil" if request.args.get("deel") == "stil" else "werk"


class _Namen:
    """Names of places; a code that no map knows stands for itself."""

    def __init__(self, namen: Mapping[Plek, tuple[str, str]]) -> None:
        self._namen = namen

    def route(self, plek: Plek) -> str:
        """The route of a place."""
        return self._namen.get(plek, plek)[0]

    def stap(self, plek: Plek) -> str:
        """The stap of a place."""
        return self._namen.get(plek, plek)[1]


def _asked_pair() -> tuple[Paar, list[str]]:
    """Two moments: now beside a month ago, unless the address says otherwise."""
    vandaag, args = klok.today(), request.args
    nu, fouten = asked_moment(args, Moment(vandaag, vandaag))
    eerder = vandaag - EERDER_DAGEN
    toen, meer = asked_moment(args, Moment(eerder, eerder), TOEN)
    return Paar(toen, nu, args.get("gemeente") or None), list(dict.fromkeys(fouten + meer))


def _in_address(vraag: Paar) -> dict[str, str]:
    gemeente = {"gemeente": vraag.gemeente} if vraag.gemeente else {}
    return {**days_of(vraag.toen, TOEN), **days_of(vraag.nu), **gemeente}


def _pair_address(endpoint: str, vraag: Paar, **erbij: str) -> str:
    return address(url_for(endpoint), {**_in_address(vraag), **erbij})


def _list_address(vraag: Paar, kant: str, waarvan: Plek | caseload.Deel, blad: int = 1) -> str:
    waar = waarvan._asdict() if isinstance(waarvan, Plek) else {"deel": waarvan}
    return _pair_address(".lijst", vraag, kant=kant, **waar, **({"blad": str(blad)} if blad > 1 else {}))


def _chart(regels: Sequence[Stapregel], namen: _Namen, vraag: Paar) -> dict[str, Any] | None:
    """Two bars for each stap."""
    if not regels:
        return None
    kanten: tuple[tuple[Kant, str, str], ...] = (("toen", "Toen", "open"), ("nu", "Nu", "1"))
    reeksen = [
        {
            "naam": naam,
            "kleur": kleur,
            "waarden": [
                {"waarde": getattr(regel, kant), "url": _list_address(vraag, kant, regel.plek)} for regel in regels
            ],
        }
        for kant, naam, kleur in kanten
    ]
    staven = [namen.stap(regel.plek) for regel in regels]
    return {"soort": "staven", "namen": staven, "reeksen": reeksen, "eenheid": "trajecten"}


def asked_moment(args: Mapping[str, str], anders: Moment, achter: str = "") -> tuple[Moment, list[str]]:
    """The moment in an address, `anders` where it says nothing, and what could not be read. Nothing lies after today.

    `achter` comes behind the names, for a second moment in one address.
    """
    fouten: list[str] = []
    op = _asked_day(args, f"op{achter}", anders.op, fouten)
    bekend = _asked_day(args, f"bekend{achter}", anders.bekend, fouten)
    return Moment(op, bekend), list(dict.fromkeys(fouten))


def _asked_day(args: Mapping[str, str], naam: str, anders: int, fouten: list[str]) -> int:
    """A slider that was moved goes before the date beside it, which says where it stood."""
    schuif, vandaag = args.get(f"{naam}_dag", ""), klok.today()
    if schuif.isdecimal() and len(schuif) < 6 and schuif != args.get(f"{naam}_was"):
        return min(int(schuif), vandaag)
    tekst = args.get(naam, "").strip()
    dag = parsed_day(tekst) if tekst else anders
    if dag is None:
        fouten.append(GEEN_DAG)
    return anders if dag is None else min(dag, vandaag)


def days_of(moment: Moment, achter: str = "") -> dict[str, str]:
    """A moment as it stands in an address."""
    return {f"op{achter}": datum_iso(moment.op), f"bekend{achter}": datum_iso(moment.bekend)}


def _neighbours(blik: Terugblik, nummer: str) -> dict[str, str | None]:
    """Where the arrow keys lead: to the day before and after on each clock on which there is something to see."""
    op, bekend = blik.moment.op, blik.moment.bekend
    gevonden = {
        "vorige": _moved(op=blik.gebeurd.before(op), bekend=bekend),
        "volgende": _moved(op=blik.gebeurd.after(op), bekend=bekend),
        "vorige_bekend": _moved(op=op, bekend=blik.bekend.before(bekend)),
        "volgende_bekend": _moved(op=op, bekend=blik.bekend.after(bekend)),
    }
    return {naam: _address(nummer, moment) if moment else None for naam, moment in gevonden.items()}


def _address(nummer: str, moment: Moment) -> str:
    return address(url_for(".traject", nummer=nummer), days_of(moment))


def _moved(op: int | None, bekend: int | None) -> Moment | None:
    return None if op is None or bekend is None else Moment(op, bekend)


def _lines(blik: Terugblik) -> list[dict[str, Any]]:
    zinnen = [regel.zin for regel in blik.regels]
    return [{**timeline(regel.zin, zinnen), **_beside(regel)} for regel in blik.regels]


def _beside(regel: Regel) -> dict[str, Any]:
    """What an auditor wants to know of a line too."""
    zin = regel.zin
    return {
        "eerder": zin.eerder,
        "is_later": regel.is_later,
        "komt_terug_op": zin.komt_terug_op,
        "door": doers(zin, f" ({rol_in_zin(zin.rol)}, {zin.organisatie})" if zin.rol else ""),
        "kaartversie": zin.kaartversie,
    }
