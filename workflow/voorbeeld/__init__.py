"""The demo caseload: invented people and their trajecten on the map of Maastricht, made through the engine itself.

`make_demo` promises a marked database: the same seed on the same day gives the same numbers, overgangen, days and
answers (pseudonyms and salts differ). It writes to the log by `voortgang` and `personen` alone, in order of recording,
with the clock of `models/klok.py` at the moment of each recording. It is one transaction: a run that is broken off
leaves nothing behind. This room is data for the map of Maastricht, so it knows that map's stappen and overgangen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Table, func, select

from models import klok
from models.database import transaction
from models.gebeurtenis import gebeurtenis
from models.medewerker import medewerker
from models.persoon import persoon
from models.traject import traject
from models.trajectnummer import trajectnummer
from workflow.instellingen import holds_real_data
from workflow.kaarten import in_force
from workflow.kalender import date_of
from workflow.merken import DEMO, is_demo, put_mark
from workflow.routekaart import Routekaart
from workflow.voorbeeld.afspraken import plan_ahead
from workflow.voorbeeld.brieven import write_letters
from workflow.voorbeeld.dagwerk import plan_work
from workflow.voorbeeld.instroom import plan_instroom
from workflow.voorbeeld.kansen import DUUR, KANS, KEUZES
from workflow.voorbeeld.levensloop import live
from workflow.voorbeeld.loting import Loting
from workflow.voorbeeld.partners import plan_partners
from workflow.voorbeeld.persoonlijk import add_personal_data
from workflow.voorbeeld.schulden import add_debts
from workflow.voorbeeld.stukken import plan_documents
from workflow.voorbeeld.team import AANMELDINGEN, WACHTWOORD, Aanmelding, add_team
from workflow.voorbeeld.wereld import HOOFDROUTE, Wereld

__all__ = ["Aanmelding", "DemoGeweigerd", "Overzicht", "make_demo"]

KAART = "maastricht"
MAG_STRANDEN = 0.02
"""Life courses that may be refused something and stop there, as a share of the size; more, and the map does not fit."""


class DemoGeweigerd(Exception):
    """A database in which no demo caseload may be made; the message is an English sentence."""


@dataclass(frozen=True, slots=True)
class Overzicht:
    """What stands in a demo database, and who may log in. `is_nieuw` is False when it was there already.

    `trajecten` are those on the main route, `deeltrajecten` all others: what hangs on them, and what has no client in
    it; `van_dag` and `tot_met_dag` are the
    first and last day on which something happened; `gestrand` counts life courses that were refused something and
    stopped there, which is none unless the map was changed.
    """

    is_nieuw: bool
    trajecten: int
    open_trajecten: int
    deeltrajecten: int
    gebeurtenissen: int
    personen: int
    van_dag: int | None
    tot_met_dag: int | None
    gestrand: int = 0
    aanmeldingen: tuple[Aanmelding, ...] = AANMELDINGEN
    wachtwoord: str = WACHTWOORD

    def regels(self) -> list[str]:
        """The overview as English lines for the command line."""
        gedaan = "demo caseload made" if self.is_nieuw else "demo caseload was there already, nothing changed"
        inhoud = f"{self.trajecten} trajecten ({self.open_trajecten} open), {self.deeltrajecten} on small routes"
        namen = "".join(f"\n  {a.inlognaam:<12} {a.rol}" for a in self.aanmeldingen)
        return [
            f"{gedaan}: {inhoud}, {self.gebeurtenissen} gebeurtenissen, {self.personen} invented persons",
            *([f"{self.gestrand} of them were refused something and stopped early"] if self.gestrand else []),
            f"from {_iso(self.van_dag)} to {_iso(self.tot_met_dag)}",
            f"log in with password {self.wachtwoord} as:{namen}",
        ]


def _iso(dag: int | None) -> str:
    return "-" if dag is None else date_of(dag).isoformat()


def make_demo(url: str, size: int = 1500, seed: int = 2016, done: Callable[[int], None] = lambda _: None) -> Overzicht:
    """Fill an empty initialised database with about `size` trajecten of the last four years, until yesterday.

    A database that is marked as demo is left as it is. `done` is told how many meldingen were made since the last call;
    they add up to `size`. Raises DemoGeweigerd, and LookupError when no map was published.
    """
    if size < 1:
        raise DemoGeweigerd("a demo caseload has at least one traject")
    with transaction(url) as db:
        if not (is_nieuw := not is_demo(db)):
            return overview(db, is_nieuw)
        kaart = _refuse(db)
        put_mark(db, DEMO, "ja")
        gestrand = _fill(db, kaart, size, seed, done)
        return replace(overview(db, is_nieuw), gestrand=gestrand)


def _refuse(db: Connection) -> Routekaart:
    if holds_real_data():
        raise DemoGeweigerd("this installation is set up for real personal data (ROUTEKAART_ECHTE_GEGEVENS)")
    if any(db.execute(select(tabel.c.id).limit(1)).first() for tabel in (trajectnummer, persoon)):
        raise DemoGeweigerd("this database holds trajecten or persons that are no demo; name another one")
    kaart = in_force(db)
    if kaart.code != KAART:
        raise DemoGeweigerd(f"the demo caseload is made for the map {KAART}, and the map in force is {kaart.code}")
    if db.execute(select(medewerker.c.id).limit(1)).first():
        raise DemoGeweigerd("this database has accounts of its own, and those of a demo are known to all; name another")
    return kaart


def _fill(db: Connection, kaart: Routekaart, size: int, seed: int, done: Callable[[int], None]) -> int:
    loting = Loting(seed, DUUR, KANS, KEUZES)
    wereld = Wereld(db, kaart, loting, add_team(db), klok.today(), live)
    plan_instroom(wereld, size, done)
    plan_partners(wereld, size, seed + 1)
    plan_work(wereld, seed + 3)
    plan_documents(wereld, seed + 20)
    wereld.agenda.run()
    write_letters(wereld)
    plan_ahead(wereld)
    add_personal_data(wereld)
    if len(gestrand := wereld.agenda.gestrand) > size * MAG_STRANDEN:
        raise DemoGeweigerd(f"the map in force does not allow the demo caseload: {gestrand[0]}") from gestrand[0]
    add_debts(wereld, seed + 2)
    return len(gestrand)


def overview(db: Connection, is_nieuw: bool) -> Overzicht:
    """What stands in this demo database."""
    wortels = select(func.count()).select_from(traject).where(traject.c.route == HOOFDROUTE)
    dagen = select(func.min(gebeurtenis.c.dag), func.max(gebeurtenis.c.dag))
    van_dag, tot_met_dag = db.execute(dagen).one()
    totaal = _count(db, traject)
    trajecten = int(db.execute(wortels).scalar_one())
    return Overzicht(
        is_nieuw=is_nieuw,
        trajecten=trajecten,
        open_trajecten=int(db.execute(wortels.where(traject.c.is_open)).scalar_one()),
        deeltrajecten=totaal - trajecten,
        gebeurtenissen=_count(db, gebeurtenis),
        personen=_count(db, persoon),
        van_dag=van_dag,
        tot_met_dag=tot_met_dag,
    )


def _count(db: Connection, tabel: Table) -> int:
    return int(db.execute(select(func.count()).select_from(tabel)).scalar_one())
