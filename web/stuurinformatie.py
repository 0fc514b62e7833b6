"""For whoever divides the work: which terms are over or will be soon, and who has how much on their desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, render_template, request, url_for

from models import klok
from models.database import reading
from web.indicatoren import LEZERS, blueprint
from web.indicatorvraag import address
from web.toegang import Rol, toegang
from workflow import termijnmonitor, werkverdeling
from workflow.kaarten import in_force
from workflow.overzichten import medewerkers
from workflow.routekaart import Routekaart
from workflow.termijnmonitor import TEAM, Vraag

BINNEN = {7: "een week", 14: "twee weken", 30: "dertig dagen", 90: "drie maanden"}
"""How many days ahead the term monitor looks, in words."""


KLEUREN = 10
"""So many colours the theme has for parts that differ in kind."""


@blueprint.get("/termijnen")
@toegang(*LEZERS)
def termijnen() -> str:
    """The terms that ask attention, each date with its explanation."""
    with reading(current_app.config["DATABASE"]) as db:
        kaart, wie = in_force(db), medewerkers(db, rol=Rol.UITVOERDER)
        vraag = _question(kaart)
        vandaag = klok.today()
        blad = termijnmonitor.page(db, vraag, request.args.get("blad", 1, int), vandaag)
        standen = termijnmonitor.standings(db, vraag.dagen, vandaag)
        per_gemeente, per_wie = (termijnmonitor.summed(standen, naam) for naam in ("gemeente", "behandelaar"))
        wie |= medewerkers(db, [code for code in per_wie if code])
    return render_template(
        "indicatoren/termijnen.html",
        vraag=vraag,
        blad=blad,
        peildag=vandaag,
        kaart=kaart,
        wie=wie,
        binnen=BINNEN,
        team=TEAM,
        per_gemeente=per_gemeente,
        per_wie=per_wie,
        url=lambda **anders: _terms_url(vraag, **anders),
    )


def _question(kaart: Routekaart) -> Vraag:
    args = request.args
    dagen = args.get("binnen", 14, int)
    return Vraag(
        dagen=dagen if dagen in BINNEN else 14,
        gemeente=args["gemeente"] if args.get("gemeente") in kaart.gemeenten else None,
        behandelaar=args.get("behandelaar") or None,
        alleen_te_laat=args.get("te_laat") == "ja",
    )


def _terms_url(vraag: Vraag, **anders: Any) -> str:
    params = {
        "binnen": str(vraag.dagen) if vraag.dagen != 14 else "",
        "gemeente": vraag.gemeente,
        "behandelaar": vraag.behandelaar,
        "te_laat": "ja" if vraag.alleen_te_laat else "",
        **anders,
    }
    return address(url_for("indicatoren.termijnen"), _filled(params))


def _filled(params: Mapping[str, Any]) -> dict[str, str]:
    return {naam: str(waarde) for naam, waarde in params.items() if waarde}


@blueprint.get("/werkverdeling")
@toegang(*LEZERS)
def verdeling() -> str:
    """Open trajecten per medewerker, and what has no behandelaar."""
    with reading(current_app.config["DATABASE"]) as db:
        kaart = in_force(db)
        gemeente = request.args["gemeente"] if request.args.get("gemeente") in kaart.gemeenten else None
        bureaus = werkverdeling.desks(db, klok.today(), gemeente)
    fasen = [fase for fase in kaart.fasen if any(fase in b.per_fase for b in bureaus)]
    return render_template(
        "indicatoren/werkverdeling.html",
        kaart=kaart,
        gemeente=gemeente,
        bureaus=bureaus,
        fasen=fasen,
        grafiek=_desk_chart(bureaus, fasen, kaart),
        url=lambda **anders: _list_url(gemeente, **anders),
        termijn_url=lambda wie, **anders: address(
            url_for("indicatoren.termijnen"), _filled({"gemeente": gemeente, "behandelaar": wie or TEAM, **anders})
        ),
    )


def _list_url(gemeente: str | None, **anders: Any) -> str:
    return address(url_for("werkvoorraad.toon"), _filled({"lijst": "alle", "gemeente": gemeente, **anders}))


def _desk_chart(bureaus: list[werkverdeling.Bureau], fasen: list[str], kaart: Routekaart) -> dict[str, Any] | None:
    reeksen = [
        {
            "naam": kaart.fasen[fase],
            "kleur": str((i - 1) % KLEUREN + 1),
            "waarden": [{"waarde": b.per_fase.get(fase, 0)} for b in bureaus],
        }
        for i, fase in enumerate(fasen, 1)
    ]
    if not reeksen:
        return None
    namen = [b.naam for b in bureaus]
    return {"soort": "staven", "namen": namen, "reeksen": reeksen, "stapel": True, "eenheid": "trajecten"}
