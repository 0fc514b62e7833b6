"""The clients of a delivery: found among the people already known, or entered as new ones.

Promises: data of someone already known are never changed; a BSN that fails its check finds someone only when the days
of birth do not contradict each other; whoever was merged with another is that other. Where they do, the BSN is kept
with both, and finds the first only. Without `schrijf` nobody is entered, and all answers are the same.
"""

from __future__ import annotations

import re
from dataclasses import asdict

from sqlalchemy import Connection, select

from models.persoon import persoon
from workflow import personen
from workflow.kluis import current
from workflow.personen import Gegevens, Persoon
from workflow.uitwisseling.ddas_lezen import Client
from workflow.uitwisseling.opmerkingen import Opmerkingen


class Mensen:
    """Finds and enters the people of one delivery; knows whom it has entered itself."""

    def __init__(self, db: Connection, op: Opmerkingen, schrijf: bool) -> None:
        self._db, self._op, self._schrijf = db, op, schrijf
        self._met_bsn: dict[str, Persoon] = {}
        self._adressen: set[tuple[str, str, str]] = set()
        self.aantal_nieuw = 0

    def find(self, client: Client) -> Persoon | None:
        """Who this is, when that is certain."""
        iemand = self._by_bsn(client.bsn) if re.fullmatch(r"\d{9}", client.bsn, re.ASCII) else None
        if iemand is None or client.heeft_geldig_bsn or not _contradicts(client, iemand):
            return iemand
        return None

    def enter(self, client: Client) -> str:
        """The pseudonym of this client, entered anew when not found."""
        if iemand := self.find(client):
            self._note_differences(client, iemand)
            return iemand.pseudoniem
        gegevens = _data_of(client)
        self._note_doubles(client, gegevens)
        self.aantal_nieuw += 1
        pseudoniem = f"nieuw-{self.aantal_nieuw}"
        if self._schrijf:
            pseudoniem = personen.register(self._db, gegevens, is_gecontroleerd=False)
        if gegevens.bsn:
            self._met_bsn.setdefault(gegevens.bsn, Persoon(pseudoniem, gegevens))
        self._adressen.add(_address(gegevens))
        return pseudoniem

    def _by_bsn(self, bsn: str) -> Persoon | None:
        return self._met_bsn.get(bsn) or self._merged(personen.by_bsn(self._db, bsn))

    def _merged(self, iemand: Persoon | None) -> Persoon | None:
        """Whom this person was merged with, if with anyone."""
        while iemand is not None:
            vraag = select(persoon.c.samengevoegd_met).where(persoon.c.pseudoniem == iemand.pseudoniem)
            blijft = self._db.execute(vraag).scalar_one()
            if blijft is None:
                return iemand
            iemand = personen.by_pseudonym(self._db, [blijft]).get(blijft)
        return None

    def _note_doubles(self, client: Client, gegevens: Gegevens) -> None:
        """Say that a failing BSN is somebody else's, and whom else one without a BSN of their own looks like."""
        is_van_ander = bool(gegevens.bsn) and self._by_bsn(gegevens.bsn) is not None
        if is_van_ander:
            self._op.add(client.bsn_pad, "bsn_van_ander")
        if (is_van_ander or not gegevens.bsn) and self._looks_known(gegevens):
            self._op.add(client.pad, "lijkt_op")

    def _looks_known(self, gegevens: Gegevens) -> bool:
        adres = _address(gegevens)
        if not all(adres):
            return False
        index = current().index("geboorte", gegevens.geboortedatum)
        zelfde_dag = self._db.execute(select(persoon.c.pseudoniem).where(persoon.c.geboorte_index == index)).scalars()
        bekend = personen.by_pseudonym(self._db, list(zelfde_dag)).values()
        return adres in self._adressen or any(_address(iemand.gegevens) == adres for iemand in bekend)

    def _note_differences(self, client: Client, iemand: Persoon) -> None:
        geleverd, bekend = asdict(_data_of(client)), asdict(iemand.gegevens)
        anders = [naam for naam, waarde in geleverd.items() if waarde and waarde != bekend[naam]]
        if anders:
            self._op.add(client.pad, "client_wijkt_af", velden=", ".join(anders))


def _data_of(client: Client) -> Gegevens:
    """What a delivery knows of a person: no name."""
    return Gegevens(
        achternaam="",
        geboortedatum=client.geboortedatum,
        geslacht=client.geslacht,
        bsn=client.bsn,
        postcode=client.postcode,
        huisnummer=client.huisnummer,
        toevoeging=client.toevoeging,
    )


def _contradicts(client: Client, iemand: Persoon) -> bool:
    bekend = iemand.gegevens.geboortedatum
    return bool(client.geboortedatum and bekend and client.geboortedatum != bekend)


def _address(gegevens: Gegevens) -> tuple[str, str, str]:
    return gegevens.geboortedatum, gegevens.postcode.replace(" ", "").upper(), gegevens.huisnummer
