"""Fixed reports: what was fixed stays as it was, and the restatement says what changed since, and through what."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DatabaseError

from models import klok
from models.database import engine, transaction
from models.rapport import rapport, rapportuitgave
from tests.bouwers import (
    COORDINATOR,
    UITVOERDER,
    VOORGESTELD,
    VREEMDE_KAART,
    a_database,
    a_postgres_database,
    a_report,
    a_traject,
    actor,
    day,
    step,
    the_map,
)
from workflow import kaarten
from workflow.correcties import amend, withdraw
from workflow.indicatoren import ALLE, Indicator, Periode, Vraag, get
from workflow.rapporten import duiding, herziening, opmaken, uitgave, vaststellen
from workflow.rapporten.herziening import Herziening, Verschil
from workflow.rapporten.oorzaken import CORRECTIE, DAARNA, LAAT, OPGAVE
from workflow.rapporten.vaststellen import Rapport, VaststellenGeweigerd
from workflow.uitwisseling.rapport_uit import as_xlsx
from workflow.velden import InvoerGeweigerd

JAAR = Vraag(Periode(day("2025-01-01"), day("2026-01-01")))
VAST = datetime(2026, 1, 20, 9, 0, tzinfo=UTC)
"""The moment at which reports are fixed here; corrections come an hour later."""


@pytest.fixture(autouse=True)
def uurwerk() -> object:
    """The clock stands at VAST."""
    with klok.at(VAST):
        yield


def fixed(db: Connection, vraag: Vraag = JAAR, codes: tuple[str, ...] = ("D5", "O2"), opmerking: str = "") -> Rapport:
    """A report that was fixed now."""
    nummer = vaststellen.fix(db, vraag, [get(code) for code in codes], COORDINATOR, opmerking)
    gevonden = vaststellen.find(db, nummer)
    assert gevonden
    return gevonden


def later() -> object:
    """An hour after the report was fixed."""
    return klok.at(VAST + timedelta(hours=1))


def restated(db: Connection, was: Rapport) -> Herziening:
    """The restatement, an hour later."""
    with later():
        return herziening.restate(db, was)


def change(uitkomst: Herziening, code: str, maat: str, onderdeel: str = "") -> Verschil:
    """The one difference in a figure."""
    gevonden = [v for v in uitkomst.verschillen if v.code == code and not v.kolom]
    (verschil,) = [v for v in gevonden if v.maat == get(code).maat(maat).naam and v.onderdeel == onderdeel]
    return verschil


def reason(db: Connection) -> str:
    """A reason for a correction, by the map."""
    return the_map(db).correctieredenen[0].code


# -- Fixing ------------------------------------------------------------------------------------------------------------


def test_a_report_keeps_question_definitions_versions_and_result(db: Connection) -> None:
    a_traject(db, gemeente="GM0935")
    gemaakt = fixed(db, opmerking="Zonder de opgaven van december.")
    rij = db.execute(select(rapport)).one()
    assert gemaakt.vraag == {**opmaken.question(JAAR, ["D5", "O2"])}
    assert [d["definitie"] for d in json.loads(rij.definities)] == [get("D5").definitie, get("O2").definitie]
    assert (rij.routekaart, rij.door) == (kaarten.in_force(db).sha256, COORDINATOR.pseudoniem)
    assert (gemaakt.logpositie, gemaakt.laatste_id, gemaakt.opmerking) == (1, 1, "Zonder de opgaven van december.")
    assert opmaken.digest(rij.resultaat) == rij.resultaat_hash
    assert gemaakt.is_heel


def test_only_a_coordinator_fixes_a_report(db: Connection) -> None:
    for rol in ("uitvoerder", "auditor", "partner", "beheerder"):
        with pytest.raises(VaststellenGeweigerd, match="Alleen een coördinator"):
            vaststellen.fix(db, JAAR, ALLE, actor(rol))


def test_a_remark_has_a_bound(db: Connection) -> None:
    with pytest.raises(InvoerGeweigerd):
        vaststellen.fix(db, JAAR, [get("O2")], COORDINATOR, "x" * 501)


AANVALLEN = (
    "UPDATE {t} SET id = 9",
    "UPDATE {t} SET vastgelegd_op = 0",
    "DELETE FROM {t}",
    "REPLACE INTO {t} SELECT * FROM {t}",
    "INSERT INTO {t} SELECT * FROM {t} WHERE true ON CONFLICT (id) DO UPDATE SET door = 'x'",
)


@pytest.mark.parametrize("tabel", ["rapport", "rapportuitgave"])
@pytest.mark.parametrize("aanval", AANVALLEN)
def test_the_database_refuses_to_change_a_report(database: str, tabel: str, aanval: str) -> None:
    with transaction(database) as db:
        uitgave.publish(db, fixed(db), COORDINATOR)
    engine(database).dispose()
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as kaal:
        voor = kaal.execute(f"SELECT * FROM {tabel}").fetchall()
        assert len(voor) == 1
        with pytest.raises(sqlite3.IntegrityError, match="insert-only"):
            kaal.execute(aanval.format(t=tabel))
        assert kaal.execute(f"SELECT * FROM {tabel}").fetchall() == voor


@pytest.mark.postgres
@pytest.mark.parametrize(
    "opdracht", ["UPDATE rapport SET door = 'x'", "DELETE FROM rapport", "TRUNCATE rapport CASCADE"]
)
def test_postgresql_refuses_it_too(postgres_sjabloon: str, opdracht: str) -> None:
    url = a_postgres_database(postgres_sjabloon, "huis")
    with transaction(url) as db:
        uitgave.publish(db, fixed(db), COORDINATOR)
    with pytest.raises(DatabaseError, match="insert-only"), transaction(url) as db:
        db.execute(text(opdracht))
    engine(url).dispose()


def test_a_report_that_somebody_changed_behind_our_back_is_not_whole(db: Connection) -> None:
    fixed(db)
    db.execute(text("DROP TRIGGER rapport_geen_update"))
    db.execute(text("UPDATE rapport SET resultaat = replace(resultaat, '2025', '2024')"))
    assert [r.is_heel for r in vaststellen.all_fixed(db)] == [False]


KOLOMMEN = [kolom.name for kolom in rapport.columns if kolom.name not in ("id", "zegel_id")]


@pytest.mark.parametrize("kolom", KOLOMMEN)
def test_whatever_column_of_a_report_was_changed_it_is_not_whole(db: Connection, kolom: str) -> None:
    fixed(db, opmerking="Zonder december.")
    db.execute(text("DROP TRIGGER rapport_geen_update"))
    db.execute(text(f"UPDATE rapport SET {kolom} = {TEKEN.get(kolom, kolom + ' + 1')}"))
    (geknoeid,) = vaststellen.all_fixed(db)
    assert not geknoeid.is_heel
    with pytest.raises(VaststellenGeweigerd, match="in de database gewijzigd"):
        uitgave.publish(db, geknoeid, COORDINATOR)


TEKEN = {
    "resultaat": "replace(resultaat, '2025', '2024')",
    "vraag": "replace(vraag, '2025', '2024')",
    **{
        naam: f"{naam} || ' '"
        for naam in ("definities", "programma", "routekaart", "resultaat_hash", "opmerking", "door")
    },
}


def test_a_result_that_was_changed_with_its_hash_is_not_the_one_that_was_sealed(db: Connection) -> None:
    was = fixed(db)
    tekst = opmaken.canonical({**was.gegevens, "logpositie": 9})
    db.execute(text("DROP TRIGGER rapport_geen_update"))
    nieuw = {"resultaat": tekst, "resultaat_hash": opmaken.digest(tekst), "logpositie": 9}
    db.execute(rapport.update().values(nieuw))
    assert [r.is_heel for r in vaststellen.all_fixed(db)] == [False]


@pytest.mark.parametrize("kolom", ["grens = 3", "onderdrukt = '[]'", "door = 'x'", "vastgelegd_op = 0"])
def test_an_edition_that_somebody_changed_is_not_whole(db: Connection, kolom: str) -> None:
    a_traject(db)
    uitgave.publish(db, fixed(db), COORDINATOR)
    assert [u.is_heel for u in uitgave.editions(db)] == [True]
    db.execute(text("DROP TRIGGER rapportuitgave_geen_update"))
    db.execute(text(f"UPDATE rapportuitgave SET {kolom}"))
    assert [u.is_heel for u in uitgave.editions(db)] == [False]


def test_an_older_report_keeps_its_own_definition(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    was = fixed(db)
    nieuw = Indicator(**{**_fields(get("O2")), "definitie": "Anders geteld.", "versie": 2})
    monkeypatch.setattr(herziening, "on", lambda _kaart: tuple(nieuw if i.code == "O2" else i for i in ALLE))
    opnieuw = vaststellen.find(db, was.id)
    assert opnieuw
    assert next(d for d in opnieuw.gegevens["definities"] if d["code"] == "O2")["definitie"] == get("O2").definitie
    assert restated(db, was).definities == ("O2",)


def _fields(indicator: Indicator) -> dict[str, object]:
    return {naam: getattr(indicator, naam) for naam in Indicator.__slots__}


def test_as_known_earlier_is_kept_as_such(db: Connection) -> None:
    a_traject(db)
    eerder = fixed(db, Vraag(JAAR.periode, bekend=klok.end_of_day_us(day("2026-01-18"))))
    assert (eerder.logpositie, eerder.laatste_id) == (0, 0)
    assert eerder.gegevens["bekend_op"] == "2026-01-18"


def test_a_foreign_map_gives_a_report_too(tmp_path: Path) -> None:
    """Other fasen and kenmerken, no MESIS: every code is there, it can be fixed, published and restated."""
    url = a_database(tmp_path, VREEMDE_KAART)
    with transaction(url) as db:
        for _ in range(4):
            a_traject(db)
        was = fixed(db, codes=tuple(i.code for i in ALLE))
        uitgave.publish(db, was, COORDINATOR)
        (gemaakt,) = uitgave.editions(db, was.id)
        assert [i["code"] for i in was.gegevens["indicatoren"]] == [i.code for i in ALLE]
        assert as_xlsx(uitgave.published(was, gemaakt)).startswith(b"PK")
        assert restated(db, was).verschillen == ()
    engine(url).dispose()


# -- Restating ---------------------------------------------------------------------------------------------------------


def test_nothing_changed_is_said_so(db: Connection) -> None:
    a_traject(db)
    assert restated(db, fixed(db)).verschillen == ()


def test_a_correction_stands_behind_the_figure_that_it_changed(db: Connection) -> None:
    """The melding was of 2024 after all."""
    nummer = a_traject(db, op=day("2025-01-06"))
    was = fixed(db)
    with later():
        amend(db, nummer, 1, reden=reason(db), door=COORDINATOR, voorgesteld=VOORGESTELD, dag=day("2024-12-30"))
    verschil = change(restated(db, was), "O2", "meldingen")
    assert ((verschil.was or {})["waarde"], (verschil.nu or {})["waarde"], verschil.verschil) == (1, 0, -1)
    assert [(o.soort, o.nummer, o.volgnummer) for o in verschil.oorzaken] == [(CORRECTIE, nummer, 2)]


def test_what_was_recorded_late_stands_behind_the_figure(db: Connection) -> None:
    was = fixed(db)
    with later():
        nummer = a_traject(db, op=day("2025-11-03"))
    verschil = change(restated(db, was), "O2", "meldingen")
    assert (verschil.verschil, [(o.soort, o.nummer) for o in verschil.oorzaken]) == (1, [(LAAT, nummer)])


def test_what_happened_after_the_report_is_no_late_entry(db: Connection) -> None:
    """A drop-out of 2025 is undone on a day after the report."""
    nummer = a_traject(db, op=day("2025-02-03"))
    keus = _drop_out(db)
    step(db, nummer, keus, day("2025-03-03"))
    was = fixed(db)
    with klok.at(VAST + timedelta(days=20)):
        withdraw(db, nummer, 2, reden=reason(db), door=COORDINATOR, voorgesteld=VOORGESTELD)
        step(db, nummer, keus, day("2026-02-05"))
        uitkomst = herziening.restate(db, was)
    verschil = change(uitkomst, "D5", "uitval")
    assert verschil.verschil == -1
    assert {o.soort for o in verschil.oorzaken} == {CORRECTIE, DAARNA}


def _drop_out(db: Connection) -> str:
    route = next(r for r in the_map(db).routes.values() if not r.hoort_bij and r.onderwerp != "organisatie")
    eerste = next(iter(route.starten.values())).naar
    keuzes = [k for k in route.overgangen_vanuit[eerste] if k.naar in route.stappen]
    return next(k.code for k in keuzes if route.stappen[str(k.naar)].einde == "uitval")


def test_a_figure_that_stayed_the_same_has_no_line(db: Connection) -> None:
    nummer = a_traject(db, op=day("2025-01-06"))
    was = fixed(db)
    with later():
        amend(db, nummer, 1, reden=reason(db), door=COORDINATOR, voorgesteld=VOORGESTELD, dag=day("2025-01-07"))
    assert [v for v in restated(db, was).verschillen if v.code == "O2"] == []


def test_a_report_of_a_partner_that_came_late_is_named(db: Connection) -> None:
    route = next(r for r in the_map(db).routes.values() if r.labels.get("telt") == "opgave")
    begin = next(iter(route.starten))
    verslag = a_report(db, route, begin, day("2026-01-15"))
    code = verslag.antwoord["indicator"]
    periode = Periode(day(verslag.antwoord["van"]), day(verslag.antwoord["tot"]))
    if code not in {i.code for i in ALLE}:
        pytest.fail(f"{code} is reported but no indicator")
    was = fixed(db, Vraag(periode), (code,))
    with later():
        nummer = a_traject(db, route=route.code, begin=begin, op=day("2026-01-16"))
    uitkomst = restated(db, was)
    oorzaken = {(o.soort, o.nummer) for verschil in uitkomst.verschillen for o in verschil.oorzaken}
    assert oorzaken == {(OPGAVE, nummer)}
    assert uitkomst.binnengekomen


def test_an_earlier_year_beside_the_figures_is_restated_too(db: Connection) -> None:
    """The melding was of 2023, not of 2024: nothing of 2025 changes, two columns beside it do."""
    nummer = a_traject(db, op=day("2024-03-04"))
    was = fixed(db)
    with later():
        amend(db, nummer, 1, reden=reason(db), door=COORDINATOR, dag=day("2023-12-29"))
    verschillen = {v.kolom: v for v in restated(db, was).verschillen if v.maat == get("O2").maat("meldingen").naam}
    assert {kolom: v.verschil for kolom, v in verschillen.items()} == {"2024": -1, "2023": 1}
    for verschil in verschillen.values():
        assert [(o.soort, o.nummer, o.volgnummer) for o in verschil.oorzaken] == [(CORRECTIE, nummer, 2)]


def test_a_year_before_the_log_is_not_printed_as_nought(db: Connection) -> None:
    a_traject(db, op=day("2023-03-06"))
    gegevens = fixed(db, codes=("D5", "O2", "D13")).gegevens
    regels = {(r["code"], r["maat"]): r["metingen"] for r in gegevens["meerjaren"]["regels"]}
    assert gegevens["log_vanaf"] == "2023-03-06"
    for code, maat in (("O2", "meldingen"), ("D5", "uitval"), ("D13", "per_100_trajecten")):
        gezegd = [(m["waarde"], m.get("zonder")) for m in regels[code, maat]]
        assert gezegd[:2] == [(None, "nog geen log")] * 2, code
        assert all(zonder is None for _, zonder in gezegd[2:]), code
    assert [m["waarde"] for m in regels["O2", "meldingen"][2:]] == [1, 0, 0]


def test_an_older_traject_that_is_entered_later_is_a_difference_where_it_counts_only(db: Connection) -> None:
    a_traject(db, op=day("2023-03-06"))
    was = fixed(db, codes=("O2",))
    with later():
        a_traject(db, op=day("2021-03-01"))
    verschillen = restated(db, was).verschillen
    assert {(v.maat, v.kolom, v.verschil) for v in verschillen if v.code == "O2"} == {
        ("Meldingen", "2021", 1),
        ("Personen", "2021", 1),
    }


def test_a_length_that_moved_behind_the_same_median_is_a_difference(db: Connection) -> None:
    """One of ten stays in melding took a month longer: the median stays, the ninth of ten does not."""
    lang = []
    for dagen in (10, 10, 10, 10, 10, 40):
        lang.append(a_traject(db, op=day("2025-02-03")))
        step(db, lang[-1], _drop_out(db), day("2025-02-03") + dagen)
    was = fixed(db, codes=("D4",))
    with later():
        amend(db, lang[-1], 2, reden=reason(db), door=COORDINATOR, voorgesteld=VOORGESTELD, dag=day("2025-02-03") + 70)
    verschillen = [
        v for v in restated(db, was).verschillen if v.maat == get("D4").maat("fase").naam and not v.onderdeel
    ]
    (verschil,) = [v for v in verschillen if not v.kolom]
    assert verschil.verschil == 0
    assert set(verschil.anders) == {"p90", "p90_afgerond"}
    assert [(o.soort, o.nummer) for o in verschil.oorzaken] == [(CORRECTIE, lang[-1])]


def test_every_number_of_a_report_is_compared(db: Connection) -> None:
    """Whatever number of a fixed report is put up by one, the restatement tells it."""
    step(db, a_traject(db, op=day("2025-02-03")), _drop_out(db), day("2025-03-03"))
    was = fixed(db, codes=tuple(i.code for i in ALLE))
    gezien = 0
    for pad, meting, naam in list(_numbers(was.gegevens)):
        meting[naam] += 1
        assert restated(db, was).verschillen, (pad, naam)
        meting[naam] -= 1
        gezien += 1
    assert gezien > 10


def _numbers(gegevens: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """One figure of each kind, of an earlier year and of the times of entry: each of its numbers."""
    soorten = {m["soort"]: (i["code"], m) for i in gegevens["indicatoren"] for m in i["metingen"] if m["n"]}
    jaar = next(m for r in gegevens["meerjaren"]["regels"] for m in r["metingen"][:-1] if m)
    for pad, meting in (*soorten.values(), ("jaar", jaar), ("invoer", gegevens["invoer"]["invoertijd"][0])):
        yield from ((pad, meting, naam) for naam, n in meting.items() if isinstance(n, int | float))


def test_what_was_said_beside_the_figures_is_compared(db: Connection) -> None:
    duiding.set_target(db, "O2", "meldingen", 2025, "norm", 100, COORDINATOR)
    was = fixed(db)
    with later():
        duiding.set_target(db, "O2", "meldingen", 2025, "norm", 120, COORDINATOR)
    uitkomst = restated(db, was)
    assert uitkomst.niet_meer == ("O2, meldingen: norm 2025 is 100.",)
    assert uitkomst.erbij == ("O2, meldingen: norm 2025 is 120.",)


def test_late_entry_is_a_difference_with_what_was_recorded_late(db: Connection) -> None:
    was = fixed(db)
    with later():
        nummer = a_traject(db, op=day("2025-11-03"))
    (verschil,) = [v for v in restated(db, was).verschillen if v.code == herziening.BIJLAGE]
    assert (verschil.was, (verschil.nu or {})["n"], verschil.onderdeel[-7:]) == (None, 1, "2025-11")
    assert [(o.soort, o.nummer) for o in verschil.oorzaken] == [(LAAT, nummer)]


def test_another_gemeente_does_not_change_the_report(db: Connection) -> None:
    """The Maastricht report has not a single case of Heerlen in it."""
    was = fixed(db, Vraag(JAAR.periode, "GM0935"))
    with later():
        a_traject(db, gemeente="GM0917")
    assert restated(db, was).verschillen == ()


# -- Publishing --------------------------------------------------------------------------------------------------------


def test_an_edition_keeps_which_numbers_were_left_out(db: Connection) -> None:
    for _ in range(3):
        a_traject(db)
    was = fixed(db)
    uitgave.publish(db, was, COORDINATOR)
    (gemaakt,) = uitgave.editions(db, was.id)
    assert ("O2", "meldingen", (), "n") in gemaakt.onderdrukt
    melding = next(m for m in _of(uitgave.published(was, gemaakt), "O2") if m["maat"] == "meldingen")
    assert (melding["waarde"], melding["afgeschermd"]) == (None, ["n", "waarde"])
    assert json.loads(db.execute(select(rapportuitgave.c.onderdrukt)).scalar_one())


def _of(gegevens: dict[str, object], code: str) -> list[dict[str, object]]:
    return next(i["metingen"] for i in gegevens["indicatoren"] if i["code"] == code)  # type: ignore[attr-defined]


def test_an_edition_is_for_a_coordinator_and_its_bound_for_reason(db: Connection) -> None:
    was = fixed(db)
    with pytest.raises(VaststellenGeweigerd):
        uitgave.publish(db, was, UITVOERDER)
    with pytest.raises(InvoerGeweigerd):
        uitgave.publish(db, was, COORDINATOR, 2)


def test_a_lower_bound_does_not_show_what_the_first_edition_left_out(db: Connection) -> None:
    for _ in range(6):
        a_traject(db)
    was = fixed(db)
    uitgave.publish(db, was, COORDINATOR, 10)
    uitgave.publish(db, was, COORDINATOR, 3)
    eerste, tweede = uitgave.editions(db, was.id)
    assert ("O2", "meldingen", (), "n") in eerste.onderdrukt & tweede.onderdrukt
