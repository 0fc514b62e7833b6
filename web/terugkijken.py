"""Looking back: a traject at any moment of the past, on two clocks. The address holds both days.

Everything is a GET: sliders and dates without JavaScript, the same page by htmx with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for

from models import klok
from models.database import reading
from web.filters import datum_iso
from web.indicatorvraag import GEEN_DAG, address, parsed_day
from web.toegang import Rol, toegang
from web.trajecten import timeline
from workflow.gezin import load
from workflow.medewerkers import ROLNAMEN
from workflow.terugkijken import Moment, Regel, Terugblik, look_back
from workflow.trajectpagina import involved

blueprint = Blueprint("terugkijken", __name__)
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)


@blueprint.get("/trajecten/<nummer>/terugkijken")
@toegang(*LEZERS)
def traject(nummer: str) -> Any:
    """One traject as it stood on a day, by what was known on a day. An uitvoerder must have had to do with it."""
    moment, fouten = asked_moment(request.args, klok.today())
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


def asked_moment(args: Mapping[str, str], vandaag: int, achter: str = "") -> tuple[Moment, list[str]]:
    """The moment in an address, today where it says nothing, and what could not be read. Nothing lies after today.

    `achter` comes behind the names, for a second moment in one address.
    """
    fouten: list[str] = []
    dagen = [_asked_day(args, f"{naam}{achter}", vandaag, fouten) for naam in ("op", "bekend")]
    return Moment(*dagen), list(dict.fromkeys(fouten))


def _asked_day(args: Mapping[str, str], naam: str, vandaag: int, fouten: list[str]) -> int:
    """A slider that was moved goes before the date beside it, which says where it stood."""
    schuif = args.get(f"{naam}_dag", "")
    if schuif.isdecimal() and len(schuif) < 6 and schuif != args.get(f"{naam}_was"):
        return min(int(schuif), vandaag)
    tekst = args.get(naam, "").strip()
    dag = parsed_day(tekst) if tekst else vandaag
    if dag is None:
        fouten.append(GEEN_DAG)
    return vandaag if dag is None else min(dag, vandaag)


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
    return {
        naam: _address(nummer, moment) if moment else None for naam, moment in gevonden.items()
    }


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
        "door": f"{zin.door} ({ROLNAMEN.get(zin.rol, zin.rol).lower()}, {zin.organisatie})" if zin.rol else zin.door,
        "kaartversie": zin.kaartversie,
    }
