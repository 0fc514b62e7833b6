"""What is known of some people of the demo beyond name and address, and one dossier that a colleague may not see.

A handful of those whose traject was opened last, so that their pages have something to show; the rest has what an
intake usually leaves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from models import klok
from models.projectie import deelname
from models.traject import traject
from workflow import afscherming, personen
from workflow.kalender import date_of
from workflow.voorbeeld.team import UITVOERDERS
from workflow.voorbeeld.wereld import Wereld

BIJZONDER: tuple[dict[str, str], ...] = (
    {"telefoon": "06 1234 5678", "bereik_via": "telefoon", "bereik_tijden": "op werkdagen na 16 uur"},
    {
        "veilig_postadres": "ja",
        "post_regel": "Postbus 9999",
        "post_postcode": "6200AA",
        "post_woonplaats": "Maastricht",
        "niet_bellen": "ja",
        "bereik_via": "email",
        "email": "veilig@voorbeeld.example",
    },
    {"taal": "Arabisch", "tolk": "nodig", "telefoon": "06 2345 6789", "bereik_via": "sms"},
    {
        "bewindvoerder_naam": "B. Wind",
        "bewindvoerder_organisatie": "Bewindvoering (demo)",
        "bewindvoerder_telefoon": "043 555 01 23",
        "bewindvoerder_email": "post@bewind.example",
        "bereik_via": "gemachtigde",
    },
    {"is_doof": "ja", "grote_letters": "ja", "bereik_via": "post", "gemachtigde_naam": "J. Dochter"},
)
"""What stands on the pages of so many people."""

GEZIEN_DAGEN = 20
"""So many days ago their identity was established."""


def add_personal_data(wereld: Wereld) -> None:
    """Let those last registered be known better, and keep one dossier from one uitvoerder."""
    vraag = (
        select(traject.c.nummer, deelname.c.deelnemer, traject.c.behandelaar)
        .join(deelname, deelname.c.traject_id == traject.c.id)
        .where(traject.c.is_open, traject.c.route == wereld.route.code, traject.c.ouder_id.is_(None))
        .where(deelname.c.soort == "persoon", deelname.c.nr == 1, traject.c.behandelaar.is_not(None))
        .order_by(traject.c.id.desc())
        .limit(len(BIJZONDER) + 1)
    )
    rijen = wereld.db.execute(vraag).all()
    for rij, erbij in zip(rijen, BIJZONDER, strict=False):
        _know(wereld, rij.deelnemer, erbij, rij.behandelaar)
    if len(rijen) > len(BIJZONDER):
        _shield(wereld, rijen[-1].nummer, rijen[-1].behandelaar)


def _know(wereld: Wereld, pseudoniem: str, erbij: dict[str, str], door: str) -> None:
    was = personen.by_pseudonym(wereld.db, [pseudoniem])[pseudoniem].gegevens
    gezien = (date_of(klok.today()) - timedelta(days=GEZIEN_DAGEN)).isoformat()
    identiteit = {"identiteit_document": "identiteitskaart", "identiteit_op": gezien, "identiteit_door": door}
    personen.change(wereld.db, pseudoniem, replace(was, **{**identiteit, **erbij}), door=door)


def _shield(wereld: Wereld, nummer: str, behandelaar: str) -> None:
    """A relative of the client works here, who is not the one with the dossier on the desk."""
    collegas = [wereld.team[code].pseudoniem for code in list(UITVOERDERS)[1:]]
    familie = next(wie for wie in reversed(collegas) if wie != behandelaar)
    door = wereld.team["coordinator"].pseudoniem
    afscherming.shield(wereld.db, nummer, soort="niet", reden="familie", leden=[familie], tot_dag=None, door=door)
