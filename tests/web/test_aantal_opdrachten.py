"""How many SQL statements a page and a form take: few, and no more where there is more in the database.

Counted by SQLite itself: the engine also reads straight from a cursor, where SQLAlchemy sees nothing. All that the
request does counts, the note that its session is in use included; BEGIN and COMMIT do not.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bezoek import an_account
from sqlalchemy import event, text

from models import klok
from models.database import engine, transaction
from tests.bouwers import BEGIN, COORDINATOR, NU, UITVOERDER, VANDAAG, a_person, a_traject, advance_to, step
from tests.verhalen.lezer import Pagina
from workflow import afscherming, agenda, personen, schuldboek, stukken, voorstellen, wachten
from workflow.agenda import Afspraak
from workflow.schuldboek import Melding
from workflow.schulden import Gegevens
from workflow.stukken import Nieuw
from workflow.voortgang import advance

GRENS = 12
OP_PAPIER = 18
"""The whole dossier holds what seven pages show, each from a table of its own; that it was made is noted, which SQLite
tells twice, because of the trigger."""
PAUZE = timedelta(minutes=5)
"""Long enough after a page for the use of the session to be noted again."""


@pytest.fixture
def opdrachten(database: str) -> Iterator[list[str]]:
    """Every statement that the database runs, in order; clear it before what must be counted."""
    gezien: list[str] = []

    def trace(dbapi: sqlite3.Connection, _record: Any) -> None:
        dbapi.set_trace_callback(gezien.append)

    engine(database).dispose()
    event.listen(engine(database), "connect", trace)
    yield gezien
    event.remove(engine(database), "connect", trace)


def counted(opdrachten: list[str]) -> list[str]:
    """Statements without begin and end of a transaction."""
    return [sql for sql in opdrachten if not re.match(r"BEGIN|COMMIT|ROLLBACK", sql)]


def writing(opdrachten: list[str]) -> list[list[str]]:
    """The transactions in which something is written."""
    transacties: list[list[str]] = []
    for sql in opdrachten:
        if sql.startswith("BEGIN"):
            transacties.append([])
        transacties[-1].append(sql)
    return [t for t in transacties if any(re.match("INSERT|UPDATE|DELETE|REPLACE", sql) for sql in t)]


def caseload(database: str, aantal: int, kinderen: int = 0) -> str:
    """So many trajecten of one behandelaar; the number of the first, which has children."""
    wie = an_account(database, "uitvoerder").pseudoniem
    with transaction(database) as db:
        nummers = [
            a_traject(db, route="schuldhulp", begin="melding_registreren", behandelaar=wie) for _ in range(aantal)
        ]
        advance_to(db, nummers[0], "intake")
        for _ in range(kinderen):
            a_traject(db, route="klacht", hoort_bij=nummers[0])
    return nummers[0]


def statements(bezoeker, opdrachten: list[str], url: str) -> list[str]:
    """What a page takes that was opened before, in a session whose use must be noted again."""
    assert bezoeker.get(url).status_code == 200
    opdrachten.clear()
    with klok.at(klok.now() + PAUZE):
        assert bezoeker.get(url).status_code == 200
    assert any(sql.startswith("UPDATE sessie") for sql in opdrachten)
    return counted(opdrachten)


def planned(database: str, aantal: int) -> str:
    """So many appointments of today and waits until today, of one behandelaar; the number of the first traject."""
    wie = an_account(database, "uitvoerder").pseudoniem
    with transaction(database) as db:
        nummers = [caseload_of(db, wie) for _ in range(3)]
        for nr in range(aantal):
            afspraak = Afspraak(VANDAAG, 480 + nr, 500 + nr, "vervolggesprek", details={"plaats": f"Kamer {nr}"})
            agenda.plan(db, nummers[nr % 2], afspraak, door=UITVOERDER)
            wachten.add(db, nummers[nr % 2], "wachten", "client", VANDAAG, f"Stuk {nr}", door=UITVOERDER)
        for nummer in nummers:
            wachten.add(db, nummer, "voornemen", "intake_starten", VANDAAG, "", door=UITVOERDER)
    return nummers[0]


def caseload_of(db: Any, wie: str) -> str:
    """A traject of this behandelaar."""
    return a_traject(db, route="schuldhulp", begin="melding_registreren", behandelaar=wie)


@pytest.mark.parametrize("pad", ["/vandaag", "/agenda", "/agenda?wie=team&weergave=dag", "{}/afspraken"])
def test_what_is_planned_takes_as_few_statements_for_300_appointments_as_for_3(database, uitvoerder, opdrachten, pad):
    bij_3 = statements(uitvoerder, opdrachten, pad.format(f"/trajecten/{planned(database, 3)}"))
    nummer = planned(database, 300)
    with klok.at(NU + 2 * PAUZE):
        bij_300 = statements(uitvoerder, opdrachten, pad.format(f"/trajecten/{nummer}"))
    assert len(bij_3) == len(bij_300) <= GRENS, bij_300


@pytest.mark.parametrize("vraag", ["", "?lijst=alle&fase=melding&sorteer=begonnen", "?zoek=Proef", "?na=99999.999"])
def test_the_werkvoorraad_takes_as_few_statements_for_300_trajecten_as_for_30(database, uitvoerder, opdrachten, vraag):
    caseload(database, 30)
    bij_30 = statements(uitvoerder, opdrachten, f"/werkvoorraad{vraag}")
    caseload(database, 270)
    with klok.at(NU + 2 * PAUZE):
        bij_300 = statements(uitvoerder, opdrachten, f"/werkvoorraad{vraag}")
    assert len(bij_30) == len(bij_300) <= GRENS, bij_300


def test_the_page_of_a_traject_takes_as_few_statements_with_many_children(database, uitvoerder, opdrachten):
    alleen, samen = caseload(database, 30), caseload(database, 270, kinderen=40)
    bij_30 = statements(uitvoerder, opdrachten, f"/trajecten/{alleen}")
    with klok.at(NU + 2 * PAUZE):
        bij_300 = statements(uitvoerder, opdrachten, f"/trajecten/{samen}")
    assert len(bij_30) == len(bij_300) <= GRENS, bij_300


def test_handing_over_300_trajecten_shows_them_in_as_few_statements_as_30(database, uitvoerder, opdrachten):
    caseload(database, 30)
    bij_30 = statements(uitvoerder, opdrachten, "/overdrachten/nieuw")
    caseload(database, 270)
    with klok.at(NU + 2 * PAUZE):
        bij_300 = statements(uitvoerder, opdrachten, "/overdrachten/nieuw")
    assert len(bij_30) == len(bij_300) <= GRENS, bij_300


def test_contact_and_documents_take_as_few_statements_where_there_are_many(database, uitvoerder, opdrachten):
    leeg, vol = caseload(database, 1), caseload(database, 1, kinderen=3)
    with transaction(database) as db:
        for n in range(120):
            gebeld = {"contactsoort": "telefoon", "bereikt": "nee", "toelichting": f"Poging {n}."}
            advance(db, vol, "contact_vastleggen", gebeld, door=UITVOERDER, op=BEGIN + n)
        for n in range(30):
            nieuw = Nieuw("inkomen", "1-3-2026", "ja", "papier", omschrijving=f"Maand {n}")
            stukken.register(db, vol, nieuw, door=UITVOERDER)
    uur = NU
    for deel in ("contact", "stukken", "stukken/nieuw", "contact?telt=nee&blad=3"):
        aantallen = []
        for nummer in (leeg, vol):
            uur += 2 * PAUZE
            with klok.at(uur):
                aantallen.append(len(statements(uitvoerder, opdrachten, f"/trajecten/{nummer}/{deel}")))
        # The first document has names of who entered it, which an empty register does not look up.
        assert max(aantallen) <= GRENS, (deel, aantallen)
        assert aantallen[1] - aantallen[0] <= 1, (deel, aantallen)


def test_the_page_of_a_household_that_split_takes_few_statements(database, uitvoerder, opdrachten):
    wie = an_account(database, "uitvoerder").pseudoniem
    with transaction(database) as db:
        samen = a_traject(db, route="schuldhulp", begin="melding_registreren", aantal=2, behandelaar=wie)
        step(db, samen, "huishouden_splitsen")
    pagina = statements(uitvoerder, opdrachten, f"/trajecten/{samen}")
    assert len(pagina) <= GRENS, pagina


def test_looking_back_takes_as_few_statements_for_300_trajecten_as_for_30(database, bezoeker, login, opdrachten):
    alleen, samen = caseload(database, 30), caseload(database, 270, kinderen=40)
    dagen = "op=2026-03-02&bekend=2026-03-02"
    with klok.at(NU):
        login(bezoeker, "auditor")
        bladen = [
            *(f"/trajecten/{nummer}/terugkijken?{dagen}" for nummer in (alleen, samen)),
            f"/terugkijken?op_toen=2025-12-31&bekend_toen=2026-03-02&{dagen}",
            f"/terugkijken/lijst?op_toen=2025-05-31&bekend_toen=2026-03-02&{dagen}&kant=erbij",
        ]
        for nummer, blad in enumerate(bladen, 1):
            with klok.at(NU + nummer * 2 * PAUZE):
                gedaan = statements(bezoeker, opdrachten, blad)
            assert len(gedaan) <= GRENS, (blad, gedaan)


def test_proposals_take_as_few_statements_when_there_are_many(database, bezoeker, login, opdrachten):
    caseload(database, 40)
    with transaction(database) as db:
        nummers = list(db.execute(text("SELECT nummer FROM trajectnummer ORDER BY id")).scalars())
    aantallen, uur = [], NU
    for deel in (nummers[:1], nummers[1:]):
        with klok.at(uur), transaction(database) as db:
            rest = {"door": COORDINATOR, "reden": "telfout", "dag": BEGIN - 1}
            laatste = [voorstellen.propose_amendment(db, nummer, 1, **rest).id for nummer in deel][-1]
        with klok.at(uur):
            login(bezoeker, "auditor")
        geteld = []
        for blad in ("/voorstellen", f"/voorstellen/{laatste}", f"/trajecten/{deel[-1]}"):
            uur += 2 * PAUZE
            with klok.at(uur):
                geteld.append(len(statements(bezoeker, opdrachten, blad)))
        aantallen.append(geteld)
    assert aantallen[0] == aantallen[1]
    assert max(aantallen[1]) <= GRENS, aantallen


@pytest.mark.parametrize("pagina", ["/opgaven?jaar=2025", "/opgaven/soort/P1?jaar=2025"])
def test_the_pages_of_opgaven_take_few_statements(bezoeker, login, opdrachten, pagina):
    with klok.at(NU):
        login(bezoeker, "coordinator")
        gevonden = statements(bezoeker, opdrachten, pagina)
    assert len(gevonden) <= GRENS, gevonden


def test_the_list_of_debts_takes_as_few_statements_for_500_debts_as_for_one(database, uitvoerder, opdrachten):
    nummer = caseload(database, 1)
    aantallen = []
    for hoeveel, later in ((1, 0), (499, 2)):
        with transaction(database) as db:
            nieuwe = [Gegevens(naam=f"Schuldeiser {n}", bedrag=n, soort="Overig") for n in range(hoeveel)]
            schuldboek.add(db, nummer, nieuwe, Melding(UITVOERDER))
        with klok.at(NU + later * PAUZE):
            aantallen.append(len(statements(uitvoerder, opdrachten, f"/trajecten/{nummer}/schulden")))
    assert aantallen[0] == aantallen[1] <= GRENS, aantallen


def test_an_overgang_is_one_commit(database, uitvoerder, opdrachten):
    url = f"/trajecten/{caseload(database, 1)}/overgang/notitie_maken"
    velden = Pagina(uitvoerder.get(url).text).formulier.filled({"notitie": "Gebeld."})
    opdrachten.clear()
    assert uitvoerder.submit(url, velden).status_code == 302
    (samen,) = writing(opdrachten)
    assert (samen[0], samen[-1]) == ("BEGIN IMMEDIATE", "COMMIT")
    # With its values in it; a trigger makes SQLite tell the same statement once more.
    assert len({sql for sql in samen if sql.startswith("INSERT INTO gebeurtenis ")}) == 1


def test_the_pages_of_a_person_take_few_statements_with_many_doubles_changes_and_shields(
    database, uitvoerder, opdrachten
):
    wie, ander = (an_account(database, rol).pseudoniem for rol in ("uitvoerder", "coordinator"))
    with transaction(database) as db:
        mensen = [a_person(db, "Proef", voornaam="Anna", geboortedatum="1980-01-01") for _ in range(40)]
        melding = {"route": "schuldhulp", "begin": "melding_registreren", "behandelaar": wie}
        nummers = [a_traject(db, wie=[mens], **melding) for mens in mensen]
        for nummer in range(40):
            personen.change(
                db, mensen[0], personen.Gegevens("Proef", voornaam="Anna", telefoon=f"06123456{nummer:02}"), door=wie
            )
        for nummer in nummers[1:20]:
            vast = {"reden": "familie", "tot_dag": None, "door": ander}
            afscherming.shield(db, nummer, soort="niet", leden=[ander], **vast)
        dicht = a_traject(db, **melding)
        afscherming.shield(db, dicht, soort="alleen", leden=[ander], **vast)
    persoon = f"/personen/{mensen[0]}"
    bladen = ["", "/wijzigen", f"/samenvoegen/{mensen[-1]}"]
    dossier = f"/trajecten/{nummers[0]}/personen"
    for keer, blad in enumerate([*(f"{persoon}{deel}" for deel in bladen), dossier, f"{dossier}/erbij"], 1):
        with klok.at(NU + keer * 2 * PAUZE):
            gedaan = statements(uitvoerder, opdrachten, blad)
        assert len(gedaan) <= GRENS, (blad, gedaan)


def test_the_dossier_on_paper_takes_as_few_statements_where_it_holds_much(database, uitvoerder, opdrachten):
    leeg, vol = caseload(database, 1), caseload(database, 1, kinderen=40)
    with transaction(database) as db:
        schuldboek.add(db, vol, [Gegevens(naam=f"Winkel {n}", soort="Overig") for n in range(30)], Melding(UITVOERDER))
        stukken.register(db, vol, Nieuw("inkomen", "1-3-2026", "ja", "papier"), door=UITVOERDER)
        agenda.plan(db, vol, Afspraak(VANDAAG, 480, 500, "vervolggesprek"), door=UITVOERDER)
    bij_leeg = statements(uitvoerder, opdrachten, f"/trajecten/{leeg}/afdruk")
    with klok.at(NU + 2 * PAUZE):
        bij_vol = statements(uitvoerder, opdrachten, f"/trajecten/{vol}/afdruk")
    # The texts of what hangs on a traject are read only where something does.
    assert len(bij_leeg) + 1 == len(bij_vol) <= OP_PAPIER, bij_vol
