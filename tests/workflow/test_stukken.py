"""The documents of a traject: what the map asks for, what waits, what came in and what was taken away again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bezoek import op_beide
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.exc import DatabaseError

from models import klok
from models.database import engine, reading, transaction
from models.migraties import upgrade
from models.stuk import stuk, stukbestand, stukverwijdering
from tests.bouwers import COORDINATOR, UITVOERDER, VANDAAG, a_traject, folded, key, log_rows, register, step
from tests.workflow.test_bestandstypen import JPG, PDF
from workflow import stukken, stukkenlijst
from workflow.gezin import load, load_families
from workflow.kluis import KluisDicht
from workflow.kopie import copy_all
from workflow.opdracht import Conflict
from workflow.overzichten import on_desk
from workflow.stukken import Nieuw, OnbekendStuk
from workflow.stukkenlijst import Groep, Stukkenlijst, TeLaat
from workflow.velden import InvoerGeweigerd
from workflow.voortgang import advance, hand_over, start

LOON = {"stuksoort": "inkomen", "ontvangen_op": "1-3-2026", "is_volledig": "ja", "plek": "hier", "bestand": PDF}
GEHEIM = "Loonstrook van Bakkerij De Vries"


@pytest.fixture(autouse=True)
def stil(stille_klok: None) -> None:
    """The clock stands still."""


def in_intake(db: Connection) -> str:
    """A traject in a stap that asks for documents."""
    nummer = a_traject(db, op=VANDAAG - 60)
    step(db, nummer, "intake_starten", VANDAAG - 50)
    return nummer


def note(db: Connection, nummer: str, op: int, **standen: str) -> None:
    advance(db, nummer, "stukken_vastleggen", {"stukken": standen}, door=UITVOERDER, op=op)


def the_list(db: Connection, nummer: str) -> Stukkenlijst:
    gezin = load(db, nummer, lock=False)
    gelezen = stukkenlijst.read(gezin, gezin.by_nummer(nummer))
    assert gelezen is not None
    return gelezen


def enter(db: Connection, nummer: str, sleutel: str | None = None, **anders: Any) -> str:
    return stukken.register(db, nummer, Nieuw(**{**LOON, **anders}), door=UITVOERDER, sleutel=sleutel)


def entered(db: Connection, nummer: str) -> list[stukken.Stuk]:
    return stukken.documents(db, folded(db, nummer))


def stand_of(db: Connection, nummer: str) -> dict[str, str]:
    return dict(folded(db, nummer).stand.antwoorden.get("stukken", {}))


def codes(groep: Groep) -> set[str]:
    return {regel.soort.code for regel in groep.regels}


# -- The list ----------------------------------------------------------------------------------------------------------


def test_the_map_says_which_documents_a_stap_asks_for(db: Connection) -> None:
    nummer = in_intake(db)
    nu, anders = the_list(db, nummer).groepen
    assert (nu.stap.code if nu.stap else None, nu.is_nu) == ("intake", True)
    assert codes(nu) == set("identiteitsbewijs inkomen bankafschriften woonlasten zorgpolis schuldenoverzicht".split())  # noqa: SIM905
    assert (anders.stap, "klapper" in codes(anders)) == (None, True)


def test_what_an_earlier_stap_asked_for_stays_on_the_list(db: Connection) -> None:
    nummer = in_intake(db)
    step(db, nummer, "besluit_voorbereiden", VANDAAG - 40)
    assert [(g.stap.code, g.is_nu) for g in the_list(db, nummer).groepen if g.stap] == [("intake", False)]


def test_each_document_tells_since_when_it_is_so(db: Connection) -> None:
    nummer = in_intake(db)
    note(db, nummer, VANDAAG - 30, inkomen="gevraagd", zorgpolis="gevraagd")
    note(db, nummer, VANDAAG - 20, inkomen="gevraagd")
    note(db, nummer, VANDAAG - 10, zorgpolis="compleet")
    regels = {r.soort.code: r for r in the_list(db, nummer).regels}
    assert (regels["inkomen"].sinds_op, regels["inkomen"].is_open) == (VANDAAG - 30, True)
    assert (regels["zorgpolis"].sinds_op, regels["zorgpolis"].is_open) == (VANDAAG - 10, False)
    assert {r.soort.code for r in the_list(db, nummer).ontbrekend} == {
        *("identiteitsbewijs", "bankafschriften", "woonlasten", "schuldenoverzicht")
    }


def test_the_day_given_to_the_client_holds_for_what_is_open(db: Connection) -> None:
    nummer = in_intake(db)
    note(db, nummer, VANDAAG - 9, inkomen="gevraagd", zorgpolis="compleet")
    hersteltermijn = {"hersteltermijn_op": "2026-03-10"}
    start(db, "opschorting", "stukken_opvragen", hersteltermijn, door=UITVOERDER, hoort_bij=nummer, op=VANDAAG - 9)
    dagen = {r.soort.code: r.uiterlijk_op for r in the_list(db, nummer).regels if r.stand}
    assert dagen == {"inkomen": VANDAAG + 8, "zorgpolis": None}


def test_what_waits_for_documents_is_said_with_its_reason(db: Connection) -> None:
    nummer = in_intake(db)
    step(db, nummer, "besluit_voorbereiden", VANDAAG - 40)
    note(db, nummer, VANDAAG - 30, inkomen="onvolledig")

    def waits() -> list[tuple[str, str]]:
        gezin = load(db, nummer, lock=False)
        verloop = gezin.by_nummer(nummer)
        gevonden = stukkenlijst.blocked(gezin.dossier(verloop, VANDAAG, "uitvoerder"), the_list(db, nummer).lijst)
        return [(overgang.code, zin) for overgang, zin in gevonden]

    assert waits() == [("toelaten", "Nog niet rond bij stukken: loonstroken of uitkeringsspecificatie.")]
    note(db, nummer, VANDAAG - 20, inkomen="compleet")
    assert waits() == []


def test_late_is_what_was_not_here_by_the_day_given_or_after_two_weeks(db: Connection) -> None:
    register(db, ())
    oud, nieuw, met_dag, rond = (in_intake(db) for _ in range(4))
    for nummer, dagen in ((oud, 15), (nieuw, 14), (met_dag, 3), (rond, 40)):
        note(db, nummer, VANDAAG - dagen, inkomen="gevraagd")
        take_up(db, nummer)
    note(db, rond, VANDAAG, inkomen="compleet")
    gegeven = {"hersteltermijn_op": "2026-03-01"}
    start(db, "opschorting", "stukken_opvragen", gegeven, door=UITVOERDER, hoort_bij=met_dag, op=VANDAAG - 3)
    naam = ("Loonstroken of uitkeringsspecificatie",)
    assert late(db, UITVOERDER.pseudoniem) == [
        TeLaat(id_of(db, oud), oud, naam, VANDAAG - 15, VANDAAG - 1, False),
        TeLaat(id_of(db, met_dag), met_dag, naam, VANDAAG - 3, VANDAAG - 1, True),
    ]
    assert late(db, COORDINATOR.pseudoniem) == []


def late(db: Connection, wie: str) -> list[TeLaat]:
    bureau = on_desk(db, wie)
    return stukkenlijst.late(load_families(db, [rij.wortel_id for rij in bureau]), bureau, VANDAAG)


def id_of(db: Connection, nummer: str) -> int:
    return load(db, nummer, lock=False).by_nummer(nummer).traject_id


def take_up(db: Connection, nummer: str) -> None:
    hand_over(db, nummer, UITVOERDER.pseudoniem, door=COORDINATOR)


# -- The register ------------------------------------------------------------------------------------------------------


def test_a_document_that_came_in_changes_the_list_in_the_same_breath(db: Connection) -> None:
    nummer = in_intake(db)
    enter(db, nummer, via="klapper")
    enter(db, nummer, stuksoort="zorgpolis", is_volledig="nee", plek="papier", bestand=b"")
    assert stand_of(db, nummer) == {"inkomen": "compleet", "zorgpolis": "onvolledig"}
    regels = {regel.soort.code: regel.via for regel in the_list(db, nummer).regels}
    assert (regels["inkomen"], regels["zorgpolis"]) == ("Vrijwilliger van het klapperproject", "")


def test_where_the_list_says_so_already_nothing_is_recorded(db: Connection) -> None:
    nummer = in_intake(db)
    note(db, nummer, VANDAAG, inkomen="compleet")
    rijen = len(log_rows(db, nummer))
    enter(db, nummer)
    assert len(log_rows(db, nummer)) == rijen


def test_after_the_end_a_document_can_still_be_entered(db: Connection) -> None:
    nummer = in_intake(db)
    step(db, nummer, "uitval_vastleggen", VANDAAG - 5)
    enter(db, nummer)
    assert [s.stuksoort for s in entered(db, nummer)] == ["inkomen"]


def test_nothing_of_what_is_in_it_can_be_read_in_the_database(db: Connection) -> None:
    nummer = in_intake(db)
    enter(db, nummer, omschrijving=GEHEIM)
    alles = [
        *db.execute(text("SELECT * FROM stuk")).one(),
        *db.execute(select(stukbestand)).one(),
        *(json.dumps(rij, default=str) for rij in log_rows(db)),
    ]
    plat = [deel if isinstance(deel, bytes) else str(deel).encode() for deel in alles]
    assert not [deel for deel in plat if b"Bakkerij" in deel or b"%PDF" in deel]
    (gezien,) = entered(db, nummer)
    assert (gezien.omschrijving, gezien.omvang) == (GEHEIM, len(PDF))


@op_beide
def test_the_file_comes_back_as_it_was_brought(database: str) -> None:
    with transaction(database) as db:
        nummer = in_intake(db)
        eigen = enter(db, nummer, bestand=JPG)
    with reading(database) as db:
        bestand = stukken.open_file(db, nummer, eigen)
    assert bestand.inhoud == JPG
    assert bestand.naam == f"{nummer}-inkomen-{eigen[:8]}.jpg"


def test_a_file_of_one_dossier_is_not_had_through_another(db: Connection) -> None:
    eigen = enter(db, in_intake(db))
    with pytest.raises(OnbekendStuk):
        stukken.open_file(db, in_intake(db), eigen)


def test_a_file_that_was_put_in_the_place_of_another_is_not_handed_out(db: Connection) -> None:
    nummer = in_intake(db)
    een, twee = enter(db, nummer), enter(db, nummer, bestand=JPG)
    for tabel in ("stukbestand", "stuk"):
        db.execute(text(f"DROP TRIGGER {tabel}_geen_update"))
    inhoud = select(stukbestand.c.inhoud).join(stuk, stuk.c.id == stukbestand.c.id).where(stuk.c.nummer == twee)
    geheim = db.execute(inhoud).scalar_one()
    id_ = select(stuk.c.id).where(stuk.c.nummer == een).scalar_subquery()
    db.execute(update(stukbestand).where(stukbestand.c.id == id_).values(inhoud=geheim))
    with pytest.raises(KluisDicht):
        stukken.open_file(db, nummer, een)
    db.execute(update(stuk).where(stuk.c.nummer == twee).values(sha256="0" * 64))
    with pytest.raises(KluisDicht):
        stukken.open_file(db, nummer, twee)


def test_the_same_form_twice_is_one_document(db: Connection) -> None:
    nummer, sleutel = in_intake(db), key("stuk")
    assert enter(db, nummer, sleutel) == enter(db, nummer, sleutel)
    assert len(entered(db, nummer)) == 1
    with pytest.raises(Conflict):
        enter(db, nummer, sleutel, bestand=JPG)


FOUT: dict[str, tuple[dict[str, Any], str]] = {
    "soort": ({"stuksoort": "paspoort"}, "stuksoort"),
    "dag": ({"ontvangen_op": "31-2-2026"}, "ontvangen_op"),
    "dag na vandaag": ({"ontvangen_op": "3-3-2026"}, "ontvangen_op"),
    "volledig": ({"is_volledig": ""}, "is_volledig"),
    "plek": ({"plek": "lade"}, "plek"),
    "zonder bestand": ({"bestand": b""}, "bestand"),
    "bestand dat elders ligt": ({"plek": "papier"}, "bestand"),
    "geen stuk": ({"bestand": b"<html>"}, "bestand"),
    "te groot": ({"bestand": PDF + bytes(10 * 1024 * 1024)}, "bestand"),
    "zonder nummer": ({"plek": "dms", "bestand": b""}, "dms_nummer"),
    "lange omschrijving": ({"omschrijving": "x" * 501}, "omschrijving"),
}


@pytest.mark.parametrize("geval", FOUT)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(db: Connection, geval: str) -> None:
    anders, veld = FOUT[geval]
    nummer = in_intake(db)
    rijen = len(log_rows(db))
    with pytest.raises(InvoerGeweigerd) as fout:
        enter(db, nummer, **anders)
    assert list(fout.value.fouten) == [veld]
    assert (entered(db, nummer), len(log_rows(db))) == ([], rijen)


def test_how_large_a_file_may_be_is_a_setting(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    nummer = in_intake(db)
    monkeypatch.setenv("ROUTEKAART_STUK_MB", "1")
    with pytest.raises(InvoerGeweigerd, match="groter dan 1 MB"):
        enter(db, nummer, bestand=JPG + bytes(1024 * 1024))


def test_another_version_is_a_row_that_names_the_one_it_replaces(db: Connection) -> None:
    nummer = in_intake(db)
    oud = enter(db, nummer, is_volledig="nee")
    nieuw = enter(db, nummer, vervangt=oud, bestand=JPG)
    eerste, tweede = entered(db, nummer)
    assert (eerste.nummer, eerste.vervangt, eerste.is_current) == (nieuw, oud, True)
    assert (tweede.vervangen_door, tweede.is_current) == (nieuw, False)
    assert stukken.open_file(db, nummer, oud).inhoud == PDF
    with pytest.raises(Conflict):
        enter(db, nummer, vervangt=oud, bestand=JPG)


def test_what_is_taken_away_leaves_its_row_its_reason_and_its_digest(db: Connection) -> None:
    nummer = in_intake(db)
    eigen = enter(db, nummer)
    with pytest.raises(InvoerGeweigerd):
        stukken.take_away(db, nummer, eigen, "zomaar", door=COORDINATOR)
    for _ in range(2):
        stukken.take_away(db, nummer, eigen, "verkeerd_dossier", door=COORDINATOR)
    (weg,) = entered(db, nummer)
    assert weg.weg == ("verkeerd_dossier", COORDINATOR.pseudoniem, klok.now_us())
    assert weg.sha256 is not None
    assert db.execute(select(stukbestand)).first() is None
    with pytest.raises(OnbekendStuk):
        stukken.open_file(db, nummer, eigen)


@op_beide
def test_the_database_refuses_to_change_or_drop_what_was_entered(database: str) -> None:
    with transaction(database) as db:
        nummer = in_intake(db)
        enter(db, nummer)
        weg = enter(db, nummer, stuksoort="zorgpolis")
        stukken.take_away(db, nummer, weg, "verzoek", door=COORDINATOR)
    for opdracht in (
        update(stuk).values(stuksoort="ander_stuk"),
        delete(stuk),
        update(stukbestand).values(inhoud=b"x"),
        delete(stukbestand),
        update(stukverwijdering).values(reden="niet_nodig"),
        delete(stukverwijdering),
    ):
        with pytest.raises(DatabaseError, match="insert-only"), transaction(database) as db:
            db.execute(opdracht)


def test_a_copy_of_the_database_has_the_files_too(database: str, tmp_path: Path) -> None:
    leeg_doel = f"sqlite:///{tmp_path / 'doel.db'}"
    upgrade(leeg_doel)
    with transaction(database) as db:
        nummer = in_intake(db)
        eigen = enter(db, nummer)
    assert copy_all(database, leeg_doel)["stukbestand"] == 1
    with reading(leeg_doel) as db:
        assert stukken.open_file(db, nummer, eigen).inhoud == PDF
    engine(leeg_doel).dispose()


def test_another_map_has_its_own_documents(vreemd: Connection) -> None:
    """Nothing here knows what documents or answers are called."""
    nummer = a_traject(vreemd, stap="groepsles")
    (nu,) = (groep for groep in the_list(vreemd, nummer).groepen if groep.stap)
    assert codes(nu) == {"rekenschrift"}
    schrift = {**LOON, "stuksoort": "rekenschrift", "ontvangen_op": "2-3-2026", "is_volledig": "nee"}
    stukken.register(vreemd, nummer, Nieuw(**schrift), door=UITVOERDER)
    assert folded(vreemd, nummer).stand.antwoorden["schriften"] == {"rekenschrift": "zoek"}
    assert [r.soort.code for r in the_list(vreemd, nummer).open] == ["rekenschrift"]
