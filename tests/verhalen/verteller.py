"""Tells a story to the application: a day comes, someone logs in, fills in a form and reads what the page says.

Days are typed as on the screen, dd-mm-jjjj. Each answer must be asked on the page that the case worker sees; a choice
is named by its code or its words. The clock stands still at a day and moves a minute with each form, so that what is
recorded is recorded on the day it happened.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory
from sqlalchemy import Connection, select

from models import klok
from models.database import reading, transaction
from models.projectie import kenmerk, verblijf
from models.traject import traject
from tests.bouwers import chain_faults, log_rows, projections
from tests.verhalen.lezer import Kindregel, Pagina
from workflow import naspelen, projectie
from workflow.kalender import date_of, daynumber

MINUUT = timedelta(minutes=1)
MORGEN = timedelta(hours=8)
BEZWAAR = "Bezwaartermijn tegen de toelating"
"""In UTC: nine or ten in Maastricht."""

Antwoord = str | list[str]


def day(getypt: str) -> int:
    """The day number of dd-mm-jjjj."""
    return daynumber(_moment(getypt).date())


def typed(dag: int | None) -> str | None:
    """A day number as dd-mm-jjjj."""
    return None if dag is None else f"{date_of(dag):%d-%m-%Y}"


def _moment(getypt: str) -> datetime:
    return datetime.strptime(getypt, "%d-%m-%Y") + MORGEN


class Verteller:
    """Who tells: moves the clock, logs in anew each day (a session does not outlive the night) and sends forms."""

    def __init__(self, bezoeker: Any, login: Any, database: str, stille_klok: FrozenDateTimeFactory) -> None:
        self.bezoeker, self.database = bezoeker, database
        self._login, self._klok = login, stille_klok
        self._rol = ""

    def op(self, dag: str) -> None:
        """A day comes; never an earlier one."""
        moment = _moment(dag)
        if self._klok().date() == moment.date():
            return
        assert moment > self._klok(), f"the story went back to {dag}"
        self._klok.move_to(moment)
        self._rol = ""

    def als(self, rol: str) -> None:
        """Log in with this role, unless that is who is logged in."""
        if self._rol != rol:
            self._login(self.bezoeker, rol)
            self._rol = rol

    def lees(self, url: str, rol: str = "uitvoerder") -> Pagina:
        """Open a page."""
        self.als(rol)
        antwoord = self.bezoeker.get(url)
        assert antwoord.status_code == 200, f"{url}: {antwoord.status_code}"
        return Pagina(antwoord.text)

    def send(self, url: str, antwoorden: Mapping[str, Antwoord], rol: str = "uitvoerder") -> tuple[str | None, Pagina]:
        """Open a form, fill it in and send it: where it leads (None when it is refused), and the page that follows."""
        formulier = self.lees(url, rol).formulier
        return self._post(url, formulier.filled(antwoorden))

    def _post(self, url: str, velden: dict[str, Antwoord]) -> tuple[str | None, Pagina]:
        self._klok.tick(MINUUT)
        antwoord = self.bezoeker.submit(url, velden)
        assert antwoord.status_code in (200, 302, 303, 422), f"{url}: {antwoord.status_code}"
        if antwoord.status_code in (302, 303):
            return antwoord.location, self.lees(antwoord.location, self._rol)
        return None, Pagina(antwoord.text)

    def organisatie(self, code: str, naam: str, soort: str = "partner") -> None:
        """The beheerder enters an organisation."""
        velden = {"code": code, "naam": naam, "soort": soort}
        waar, pagina = self.send("/beheer/organisaties/nieuw", velden, "beheerder")
        assert waar, pagina.fouten

    def levering(self, dag: str, levering: Mapping[str, Any]) -> Pagina:
        """The coordinator uploads a delivery, sees what it will become and takes it in; the page that follows."""
        self.op(dag)
        self.als("coordinator")
        bestand = {"bestand": (io.BytesIO(json.dumps(levering).encode()), "levering.json")}
        upload = self.bezoeker.submit("/uitwisseling/inlezen", bestand, content_type="multipart/form-data")
        self.lees(upload.location, "coordinator")
        waar, pagina = self._post(upload.location, {"keuze": "inlezen"})
        assert waar, pagina.meldingen
        return pagina

    def melding(self, dag: str, *mensen: str, **antwoorden: Antwoord) -> Traject:
        """A new melding of one or two people (by name), of whom nobody is known yet."""
        waar, pagina = self.send(*self._notice(dag, mensen, antwoorden))
        assert waar, pagina.fouten
        return Traject(self, waar.rpartition("/")[2])

    def terugkeer(self, dag: str, wie: str, bekend_als: str | None = None, **antwoorden: Antwoord) -> Traject:
        """A new melding of somebody who is known: the page says so first, and is told that it is the same person."""
        url, velden = self._notice(dag, (wie,), antwoorden)
        waar, pagina = self.send(url, velden)
        assert waar is None
        assert any("Lijkt op iemand die al bekend is" in zin for zin in pagina.meldingen)
        waar, pagina = self._post(url, pagina.formulier.filled({**velden, "eerste_is": bekend_als or wie}))
        assert waar, pagina.fouten
        return Traject(self, waar.rpartition("/")[2])

    def _notice(
        self, dag: str, mensen: tuple[str, ...], antwoorden: dict[str, Antwoord]
    ) -> tuple[str, dict[str, Antwoord]]:
        self.op(dag)
        namen = {k: v for wie, naam in zip(("eerste", "tweede"), mensen, strict=False) for k, v in _name(wie, naam)}
        return "/meldingen/schuldhulp/melding_registreren", {"op": dag, "crisis": "geen", **namen, **antwoorden}

    @contextmanager
    def database_open(self) -> Iterator[Connection]:
        """The database, to read what no page shows yet."""
        with reading(self.database) as db:
            yield db

    def trajecten(self, route: str = "schuldhulp") -> list[Any]:
        """The rows of `traject` on a route, in order of beginning."""
        with self.database_open() as db:
            return list(db.execute(select(traject).where(traject.c.route == route).order_by(traject.c.id)))

    def check_the_books(self) -> None:
        """What was told stands in sound chains, and the projections follow from it, row for row."""
        with transaction(self.database) as db:
            assert chain_faults(log_rows(db)) == []
            bijgehouden = projections(db)
            projectie.rebuild(db)
            assert projections(db) == bijgehouden


def _name(wie: str, naam: str) -> list[tuple[str, str]]:
    """A name in its parts: the first word, the last, and what stands between."""
    *voor, achternaam = naam.split()
    voornaam, tussen = (voor[0], " ".join(voor[1:])) if voor else ("", "")
    return [(f"{wie}_voornaam", voornaam), (f"{wie}_tussenvoegsel", tussen), (f"{wie}_achternaam", achternaam)]


class Traject:
    """One traject in a story."""

    def __init__(self, verteller: Verteller, nummer: str) -> None:
        self.verteller, self.nummer = verteller, nummer
        self.url = f"/trajecten/{nummer}"

    def op(self, dag: str, rol: str = "uitvoerder") -> Pagina:
        """The page on a day."""
        self.verteller.op(dag)
        return self.verteller.lees(self.url, rol)

    @property
    def pagina(self) -> Pagina:
        """The page now."""
        return self.verteller.lees(self.url)

    def doe(self, dag: str, code: str, **antwoorden: Antwoord) -> Pagina:
        """Make an overgang; the page that follows."""
        waar, pagina = self._move(dag, code, antwoorden)
        assert waar, (code, pagina.fouten)
        return pagina

    def weigert(self, dag: str, code: str, **antwoorden: Antwoord) -> list[str]:
        """An overgang that is refused: the sentences above the form. Nothing is recorded."""
        voor = self.aantal_gebeurtenissen
        waar, pagina = self._move(dag, code, antwoorden)
        assert waar is None, f"{code} was not refused"
        assert self.aantal_gebeurtenissen == voor
        return pagina.fouten

    def _move(self, dag: str, code: str, antwoorden: dict[str, Antwoord]) -> tuple[str | None, Pagina]:
        self.verteller.op(dag)
        return self.verteller.send(f"{self.url}/overgang/{code}", {"op": dag, **antwoorden})

    def mesis(self, dag: str, profiel: str, schulden: str = "ja", klant: str = "ja", **antwoorden: Antwoord) -> Pagina:
        """Take the MESIS, or take it again: whether debts and client can be brought into a regeling."""
        code = "mesis_afnemen" if "Intake" in self.pagina.badges else "mesis_herhalen"
        regelbaar = {"schulden_problematisch": "ja", "schulden_regelbaar": schulden, "klant_regelbaar": klant}
        return self.doe(dag, code, mesis_profiel=profiel, **regelbaar, **antwoorden)

    def toelaten(self, dag: str, **antwoorden: Antwoord) -> Pagina:
        """Prepare the decision and take it, on the same day."""
        if "Besluit" not in self.pagina.badges:
            self.doe(dag, "besluit_voorbereiden")
        return self.doe(dag, "toelaten", beschikking_op=dag, **antwoorden)

    def erbij(self, dag: str, route: str, code: str, **antwoorden: Antwoord) -> Traject:
        """Start a child traject."""
        waar, pagina = self._beside(dag, route, code, antwoorden)
        assert waar, (code, pagina.fouten)
        return Traject(self.verteller, waar.rpartition("/")[2])

    def weigert_erbij(self, dag: str, route: str, code: str, **antwoorden: Antwoord) -> list[str]:
        """A child traject that is refused: the sentences above the form."""
        voor = self.pagina.kinderen
        waar, pagina = self._beside(dag, route, code, antwoorden)
        assert waar is None, f"{code} was not refused"
        assert self.pagina.kinderen == voor
        return pagina.fouten

    def _beside(self, dag: str, route: str, code: str, antwoorden: dict[str, Antwoord]) -> tuple[str | None, Pagina]:
        self.verteller.op(dag)
        return self.verteller.send(f"{self.url}/erbij/{route}/{code}", {"op": dag, **antwoorden})

    def kind(self, route: str) -> Traject:
        """The latest child with this name of route, as the page lists it."""
        regels: list[Kindregel] = [k for k in self.pagina.kinderen if k.route == route]
        assert regels, f"{route}: not among {self.pagina.kinderen}"
        return Traject(self.verteller, regels[0].nummer)

    @property
    def aantal_gebeurtenissen(self) -> int:
        """How long the history on the page is."""
        return len(self.pagina.geschiedenis)

    @property
    def rij(self) -> Any:
        """The row of `traject`: where it stands now."""
        with self.verteller.database_open() as db:
            return db.execute(select(traject).where(traject.c.nummer == self.nummer)).one()

    @property
    def inhouden(self) -> list[dict[str, Any]]:
        """What its rows say, in order of writing."""
        with self.verteller.database_open() as db:
            return [json.loads(rij["inhoud"]) for rij in log_rows(db, self.nummer)]

    @property
    def komt_uit(self) -> Any:
        """What its first row says of where it comes from."""
        return self.inhouden[0].get("komt_uit")

    def dagen_bij(self, veld: str) -> list[int]:
        """The days that were answered to a question, in order of writing."""
        gegeven = [inhoud.get("invoer", {}).get(veld) for inhoud in self.inhouden]
        return [daynumber(date.fromisoformat(dag)) for dag in gegeven if dag]

    def verblijven(self, niveau: str = "stap", bekend_op: str | None = None) -> list[Any]:
        """Its stays in order, as known now or at the end of a day."""
        with self.verteller.database_open() as db:
            bron = select(verblijf) if bekend_op is None else projectie.as_known("verblijf", _end_of(bekend_op))
            rijen = db.execute(bron).all()
        eigen = [rij for rij in rijen if (rij.traject_id, rij.niveau) == (self.rij.id, niveau)]
        return sorted(eigen, key=lambda rij: rij.nr)

    def weg(self) -> list[tuple[str, str | None, int | None]]:
        """Stap, first day and length in days of each stay; no length while it is there."""
        return [(v.stap, typed(v.van_dag), _length(v)) for v in self.verblijven()]

    def dagen(self, stap: str) -> int | None:
        """Length in days of its one stay in a stap."""
        (verblijf_,) = [v for v in self.verblijven() if v.stap == stap]
        return _length(verblijf_)

    def kenmerken(self, naam: str) -> list[tuple[str, str | None, str | None]]:
        """The values of a kenmerk, each with its first day and the day it ended."""
        with self.verteller.database_open() as db:
            vraag = select(kenmerk).where(kenmerk.c.traject_id == self.rij.id, kenmerk.c.naam == naam)
            rijen = db.execute(vraag.order_by(kenmerk.c.nr)).all()
        return [(rij.waarde, typed(rij.van_dag), typed(rij.tot_dag)) for rij in rijen]

    def nagespeeld(self, op: str, bekend_op: str | None = None) -> naspelen.Verhaal:
        """What `routekaart replay` tells: the traject on a day, as known at the end of a day."""
        bekend = None if bekend_op is None else _end_of(bekend_op)
        with self.verteller.database_open() as db:
            return naspelen.replayed(db, self.nummer, day(op), bekend)


def _end_of(dag: str) -> int:
    return klok.end_of_day_us(day(dag))


def _length(rij: Any) -> int | None:
    return None if rij.tot_dag is None else rij.tot_dag - rij.van_dag


@contextmanager
def stilstaande_klok() -> Iterator[FrozenDateTimeFactory]:
    """A clock that stands still before every story."""
    with freeze_time(datetime(2016, 1, 4) + MORGEN, ignore=["_pytest.timing"]) as stil:
        assert isinstance(stil, FrozenDateTimeFactory)
        yield stil
