"""A form that is sent twice, or too late.

Twice: answered as the first time, or a Conflict when it says something else. Too late: after somebody else recorded
something that its user had not seen; always a Conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models.toelichting import toelichting
from workflow.historie import content
from workflow.opdracht import Conflict, Vastgelegd, text_digest
from workflow.verloop import Verloop


@dataclass(frozen=True, slots=True)
class Herhaald:
    """What a submit says, to compare with what was recorded under the same key."""

    overgang: str
    dag: int
    reden: str | None
    invoer: Mapping[str, Any]
    teksten: Mapping[str, str]


def repeated(db: Connection, verloop: Verloop, sleutel: str | None, nu: Herhaald) -> Vastgelegd | None:
    """What was recorded under this key in this traject, if anything. Raises Conflict when it was something else."""
    rij = next((r for r in verloop.log if sleutel and r.sleutel == sleutel), None)
    if rij is None:
        return None
    inhoud = content(rij)
    zelfde = (rij.overgang, rij.dag, rij.reden, inhoud.get("invoer", {})) == (nu.overgang, nu.dag, nu.reden, nu.invoer)
    if not zelfde or not same_texts(db, verloop, rij.volgnummer, inhoud.get("toelichting", {}), nu.teksten):
        raise Conflict("Dit formulier is al met andere antwoorden verstuurd. Bekijk wat er is vastgelegd.")
    return Vastgelegd(verloop.nummer, rij.volgnummer, rij.opdracht_id)


def refuse_stale(verloop: Verloop, verwacht: int | None) -> None:
    """Raise Conflict when the log went on after the last volgnummer that the user saw; None is not judged."""
    if verwacht is not None and verwacht != verloop.log[-1].volgnummer:
        raise Conflict("Dit traject is intussen gewijzigd. Bekijk de nieuwe stand en probeer het opnieuw.")


def same_texts(
    db: Connection, verloop: Verloop, volgnummer: int, digests: Mapping[str, str], teksten: Mapping[str, str]
) -> bool:
    """Whether these are the texts that were kept with a row; the log has only their salted digests."""
    rijen = db.execute(
        select(toelichting.c.veld, toelichting.c.zout).where(
            toelichting.c.traject_id == verloop.traject_id, toelichting.c.volgnummer == volgnummer
        )
    )
    zouten = {rij.veld: rij.zout for rij in rijen}
    if set(digests) != set(teksten):
        return False
    return all(text_digest(zouten.get(veld, ""), tekst) == digests[veld] for veld, tekst in teksten.items())
