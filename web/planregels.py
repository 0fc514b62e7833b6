"""What is planned, as pages show it: names in words, what can be done with it, and the way back after doing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, request, url_for
from sqlalchemy import Connection
from wtforms import HiddenField

from models import klok
from web.formulieren import Basisform, Gedaan, attempt, written
from web.toegang import Rol, safe_target
from workflow import agenda, wachten
from workflow.kaarten import Kaarten
from workflow.overzichten import medewerkers, names_in
from workflow.planlog import GESPREK, NIET_VERSCHENEN, VOORNEMEN, WACHTEN
from workflow.planpunten import Planpunt, overlapping
from workflow.routekaart import Route
from workflow.wachten import Oordeel

SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)

STANDEN: Mapping[str, tuple[str, str]] = {
    "gedaan": ("Gehouden", "goed"),
    "niet_verschenen": ("Niet verschenen", "fout"),
    "afgezegd": ("Afgezegd", "neutraal"),
    "verzet": ("Verzet", "neutraal"),
    "vervallen": ("Vervallen", "neutraal"),
}
"""How an appointment stands, in words, and the colour of its badge."""


@dataclass(frozen=True, slots=True)
class Actie:
    """Something that can be done with a line: a link, or where `velden` are given a form with one button."""

    naam: str
    url: str
    velden: Mapping[str, str] | None = None
    is_eerste: bool = False


@dataclass(frozen=True, slots=True)
class Regel:
    """A planned thing in words. `wie` takes part, `bij` is in whose agenda; `overlapt` are times of the same day."""

    punt: Planpunt
    naam: str
    hoe: str
    wie: str
    bij: str
    overlapt: tuple[str, ...]
    badge: tuple[str, str] | None
    redenen: tuple[str, ...]
    acties: tuple[Actie, ...]

    @property
    def url(self) -> str:
        """The page of what is planned in its dossier."""
        return url_for("agenda.dossier", nummer=self.punt.traject)


def lines(
    db: Connection,
    punten: Sequence[Planpunt],
    oordelen: Mapping[str, Oordeel],
    namen: Mapping[int, tuple[str, ...]] | None = None,
) -> list[Regel]:
    """Each planned thing in words; at most two statements, one where the names of clients are given."""
    namen = names_in(db, sorted({p.traject_id for p in punten})) if namen is None else namen
    bij = medewerkers(db, {p.eigenaar for p in punten if p.eigenaar}) if punten else {}
    kaarten, botst, schrijft = Kaarten(db), overlapping(punten), _may_write()
    return [
        Regel(
            punt=p,
            naam=_name(p, kaarten, oordelen),
            hoe=agenda.how(kaarten[p.routekaart].routes[p.route], p) if p.soort == GESPREK else "",
            wie=" en ".join(namen.get(p.traject_id, ())) or p.traject,
            bij=bij.get(p.eigenaar or "", "Team"),
            overlapt=tuple(ander.tijd for ander in botst.get(p.nummer, ())),
            badge=_badge(p, oordelen.get(p.nummer)),
            redenen=oordelen[p.nummer].redenen if p.nummer in oordelen else (),
            acties=tuple(actions(p, oordelen.get(p.nummer), kaarten[p.routekaart].routes[p.route])) if schrijft else (),
        )
        for p in punten
    ]


def _may_write() -> bool:
    return g.medewerker.rol in SCHRIJVERS


def _name(punt: Planpunt, kaarten: Kaarten, oordelen: Mapping[str, Oordeel]) -> str:
    route = kaarten[punt.routekaart].routes[punt.route]
    if punt.soort == GESPREK:
        return agenda.name_of(route, punt)
    if punt.soort == WACHTEN:
        return f"Wacht op: {wachten.WACHT_OP.get(punt.wat, punt.wat).lower()}"
    if punt.soort == VOORNEMEN:
        keus = route.overgangen.get(punt.wat)
        return f"Voornemen: {keus.label if keus else punt.wat}"
    return "Herinnering"


def _badge(punt: Planpunt, oordeel: Oordeel | None) -> tuple[str, str] | None:
    if not punt.is_open:
        naam, kleur = STANDEN[punt.stand]
        return ("Klaar" if punt.stand == "gedaan" and punt.soort != GESPREK else naam), kleur
    if oordeel and not oordeel.is_mogelijk and punt.dag <= klok.today():
        return ("Kan niet meer", "fout") if oordeel.is_vervallen else ("Kan nu niet", "let_op")
    if punt.dag >= klok.today():
        return None
    if punt.soort == GESPREK:
        return "Nog geen uitkomst", "let_op"
    over = klok.today() - punt.dag
    return f"{over} {'dag' if over == 1 else 'dagen'} te laat", "fout"


def actions(punt: Planpunt, oordeel: Oordeel | None, route: Route) -> Iterable[Actie]:
    """What can be done with a row now, most likely first."""
    if punt.stand == NIET_VERSCHENEN and punt.dag == klok.today():
        return _after_no_show(punt, route)
    if not punt.is_open:
        return []
    return _of_appointment(punt) if punt.soort == GESPREK else _of_other(punt, oordeel)


def _of_appointment(punt: Planpunt) -> Iterable[Actie]:
    is_geweest = punt.dag <= klok.today()
    namen = {"gehouden": "Gehouden", "niet_verschenen": "Niet verschenen"} if is_geweest else {}
    namen |= {"verzet": "Verzetten", "afgezegd": "Afzeggen"}
    for uitkomst, naam in namen.items():
        doel = _to("agenda.uitkomst", punt, uitkomst=uitkomst)
        yield Actie(naam, doel, is_eerste=uitkomst == "gehouden")
    yield Actie("Wijzigen", _to("agenda.wijzigen", punt))


def _after_no_show(punt: Planpunt, route: Route) -> Iterable[Actie]:
    """Who did not come today gets a letter, or another day."""
    if any(keus.labels.get("brief") for keus in route.overgangen.values()):
        yield Actie("Brief maken", url_for("brieven.toon", nummer=punt.traject), is_eerste=True)
    yield Actie("Nieuwe afspraak", url_for("agenda.maken", nummer=punt.traject))


def _of_other(punt: Planpunt, oordeel: Oordeel | None) -> Iterable[Actie]:
    velden = {"versie": str(punt.versie), "terug": _here()}
    if oordeel and oordeel.is_mogelijk:
        vandaag = written(klok.today())
        doel = url_for(
            "trajecten.overgang", nummer=punt.traject, code=punt.wat, op=vandaag, planpunt=punt.nummer, terug=_here()
        )
        yield Actie("Nu vastleggen", doel, is_eerste=True)
    elif oordeel is None:
        yield Actie("Klaar", _to("wachten.klaar", punt, terug=None), velden, is_eerste=True)
    if oordeel is None or not oordeel.is_vervallen:
        yield Actie("Verlengen" if punt.soort == WACHTEN else "Andere dag", _to("wachten.verlengen", punt))
    yield Actie("Vervalt", _to("wachten.vervalt", punt, terug=None), velden)


def _to(endpoint: str, punt: Planpunt, **rest: Any) -> str:
    delen: dict[str, Any] = {"terug": _here() or None, **rest}
    return url_for(endpoint, nummer=punt.traject, punt=punt.nummer, **delen)


def _here() -> str:
    """The page that is looked at, to come back to; the page of the dossier needs no mention of itself."""
    return "" if request.endpoint == "agenda.dossier" else request.full_path.rstrip("?")


# -- Forms about one planned thing -------------------------------------------------------------------------------------


def hidden(versie: int | None = None) -> dict[str, Any]:
    """Where to go afterwards, and which version of the row was seen."""
    return {"terug": HiddenField(), **({"versie": HiddenField()} if versie is not None else {})}


def fill_hidden(form: Basisform, volgnummer: int, versie: int | None = None) -> None:
    """Fill in what a form keeps for us, where it does not bring it along."""
    form.verwacht.data = form.verwacht.data or str(volgnummer)
    form["terug"].data = safe_target(form["terug"].data or request.args.get("terug")) or ""
    if "versie" in form:
        form["versie"].data = form["versie"].data or str(versie)


def sent(
    form: Basisform, volgnummer: int, record: Callable[[Connection], Gedaan], versie: int | None = None
) -> Gedaan | None:
    """Record a form that was sent, on what its user saw then; after a conflict it counts as filled in anew."""
    fill_hidden(form, volgnummer, versie)
    gedaan = attempt(form, record) if form.validate_on_submit() else None
    if form.is_conflict:
        form.verwacht.data = str(volgnummer)
        if "versie" in form:
            form["versie"].data = str(versie)
    return gedaan


def back(nummer: str, terug: str | None) -> Any:
    """To the page that one came from, else to what is planned in the dossier."""
    return redirect(safe_target(terug) or url_for("agenda.dossier", nummer=nummer))
