"""The engine knows nothing of debts: on a map about newcomers who learn Dutch everything works that works at home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from models.database import engine, transaction
from tests.bouwers import (
    BEGIN,
    COORDINATOR,
    UITVOERDER,
    VANDAAG,
    VREEMDE_KAART,
    a_database,
    a_traject,
    actor,
    advance_to,
    day,
    folded,
    place,
    projections,
    route_of,
    step,
    the_map,
)
from workflow.gevolgen import GEVOLGEN
from workflow.gezin import load
from workflow.kaartlezer import lees
from workflow.kalender import date_of
from workflow.overzichten import Vraag, werkvoorraad
from workflow.projectie import rebuild
from workflow.routekaart import Routekaart
from workflow.trajectpagina import read
from workflow.velden import LEZERS
from workflow.voortgang import OvergangGeweigerd, amend, withdraw
from workflow.voorwaarden import VOORWAARDEN

KLEINE_KAART = (
    (Path(__file__).parents[1] / "kaarten" / "klein.yaml")
    .read_text(encoding="utf-8")
    .replace("status: concept", "status: proef")
    .replace("{tikfout: Tikfout}", "{tikfout: Tikfout, toch_niet: {naam: Toch niet, labels: {ongedaan: ja}}}")
    .replace("naar: open,", "naar: open, gebeurd: Vraag gesteld,")
    .replace("naar: beantwoord,", "naar: beantwoord, gebeurd: Beantwoord,")
)
"""The smallest map, with what a map in force must say: a concept may leave that open."""

TAALWEG = lees(VREEMDE_KAART).routes["taalweg"]
VAN_ELDERS = {"overgekomen", "elders_geleerd", "elders_afgesloten"}
"""Stappen that only a traject from a delivery can reach."""


def rows(db: Connection, vraag: str, **waarden: Any) -> list[tuple[Any, ...]]:
    """The rows of a select."""
    return [tuple(rij) for rij in db.execute(text(vraag), waarden)]


def test_the_foreign_map_uses_every_guard_effect_and_soort_of_veld() -> None:
    kaart = lees(VREEMDE_KAART)
    overgangen = [o for r in kaart.routes.values() for o in r.alle_overgangen.values()]
    assert {v.naam for o in overgangen for v in o.voorwaarden} == set(VOORWAARDEN)
    assert {g.naam for o in overgangen for g in o.gevolgen} == set(GEVOLGEN)
    assert {v.soort for o in overgangen for v in o.velden} == set(LEZERS)


def test_it_shares_no_route_stap_fase_kenmerk_or_reden_with_the_map_of_maastricht(db: Connection) -> None:
    assert _names(the_map(db)).isdisjoint(_names(lees(VREEMDE_KAART)))


def _names(kaart: Routekaart) -> set[tuple[str, str]]:
    namen = {("fase", fase) for fase in kaart.fasen} | {("route", route) for route in kaart.routes}
    for route in kaart.routes.values():
        namen |= {("stap", stap) for stap in route.stappen} | {("reden", reden) for reden in route.redenen}
        namen |= {("kenmerk", naam) for naam in route.kenmerken}
    return namen


@pytest.mark.parametrize("stap", TAALWEG.stappen)
def test_every_stap_can_be_reached_and_shown(vreemd: Connection, stap: str) -> None:
    begin = "overnemen" if stap in VAN_ELDERS else "aanmelden"
    nummer = a_traject(vreemd, aantal=2, gemeente="GM9901", begin=begin, stap=stap)
    assert place(vreemd, nummer) == stap
    for rol in ("uitvoerder", "coordinator", "auditor", "partner", "beheerder"):
        pagina = read(vreemd, nummer, rol, VANDAAG)
        assert pagina.stap
        assert pagina.stap.code == stap
        assert pagina.haltes
        assert len(pagina.geschiedenis) == len(folded(vreemd, nummer).log)


def test_a_whole_walk_to_the_diploma(vreemd: Connection) -> None:
    """Sign up, talk, learn in a class with a break for a birth, fail the test, learn on, pass."""
    nummer = a_traject(vreemd, gemeente="GM9902", behandelaar=UITVOERDER.pseudoniem)
    step(vreemd, nummer, "intake_voeren", BEGIN + 7, invoer={"doel": "studie", "heeft_baan": "nee"})
    step(vreemd, nummer, "groepsles_starten", BEGIN + 14, alles=True)
    step(vreemd, nummer, "rooster_afspreken", BEGIN + 15, invoer={"uurrooster": 12}, door=actor("partner"))
    step(vreemd, nummer, "pauze_geven", BEGIN + 60, invoer={"pauzegrond": "geboorte"})
    ((kind,),) = rows(vreemd, "SELECT nummer FROM traject WHERE ouder_id IS NOT NULL")
    with pytest.raises(OvergangGeweigerd, match="Rond eerst af wat nog openstaat: pauze"):
        step(vreemd, nummer, "toets_plannen", BEGIN + 61)
    step(vreemd, kind, "les_hervatten", BEGIN + 90, door=actor("partner"))
    step(vreemd, nummer, "toets_plannen", BEGIN + 150)
    step(vreemd, nummer, "opnieuw_leren", BEGIN + 160)
    step(vreemd, nummer, "toets_plannen", BEGIN + 200)
    step(vreemd, nummer, "slagen", BEGIN + 210)
    assert rows(vreemd, "SELECT klasse, is_open, beeindigd_op FROM traject WHERE nummer = :n", n=nummer) == [
        ("succes", False, BEGIN + 210)
    ]
    assert rows(
        vreemd,
        "SELECT fase, bezoek, van_dag - :b, tot_dag - :b FROM verblijf WHERE niveau = 'fase' AND traject_id = 1"
        " ORDER BY nr",
        b=BEGIN,
    ) == [
        ("welkom", 1, 0, 14),
        ("leren", 1, 14, 150),
        ("toetsen", 1, 150, 160),
        ("leren", 2, 160, 200),
        ("toetsen", 2, 200, 210),
    ]
    assert rows(vreemd, "SELECT count(*) FROM verblijf WHERE niveau = 'regeling' AND traject_id = 1") == [(2,)]
    voor = projections(vreemd)
    rebuild(vreemd)
    assert projections(vreemd) == voor


def test_terms_of_the_foreign_map_run_and_stand_still(vreemd: Connection) -> None:
    """Thirty months of learning, which a pauze of 20 days (day after the asking t/m the time given) puts off."""
    nummer = a_traject(vreemd, stap="kennismaking", op=day("2025-06-02"))
    step(vreemd, nummer, "groepsles_starten", day("2025-06-02"), invoer={"ingeschreven_op": "2025-06-02"})
    assert _due(vreemd, nummer) == ("2027-12-01", "leertijd")
    tot = date_of(day("2025-07-21")).isoformat()
    step(vreemd, nummer, "pauze_geven", day("2025-07-01"), invoer={"pauze_tot": tot})
    ((kind,),) = rows(vreemd, "SELECT nummer FROM traject WHERE ouder_id IS NOT NULL")
    step(vreemd, kind, "les_hervatten", day("2025-08-15"))
    assert _due(vreemd, nummer) == ("2027-12-21", "leertijd")
    gezin = load(vreemd, nummer)
    (eerste, leertijd) = gezin.terms(gezin.by_nummer(nummer), VANDAAG)
    assert (eerste.code, leertijd.code) == ("eerste_afspraak", "leertijd")
    assert leertijd.opgeschort_dagen == 20


def _due(db: Connection, nummer: str) -> tuple[str, str]:
    ((dag, termijn),) = rows(db, "SELECT vervaldag, termijn FROM traject WHERE nummer = :n", n=nummer)
    return date_of(dag).isoformat(), termijn


def test_the_first_appointment_rolls_over_a_holiday(vreemd: Connection) -> None:
    """Three weeks from 4 May 2025 end on Sunday the 25th; the 26th is an ordinary Monday."""
    nummer = a_traject(vreemd, op=day("2025-05-04"))
    assert _due(vreemd, nummer) == ("2025-05-26", "eerste_afspraak")
    ander = a_traject(vreemd, op=day("2025-05-19"))
    assert _due(vreemd, ander) == ("2025-06-10", "eerste_afspraak"), "the 9th is 2e Pinksterdag"


def test_dated_terms_are_those_of_the_day_of_beginning(vreemd: Connection) -> None:
    """Before 2025: ten werkdagen."""
    assert _due(vreemd, a_traject(vreemd, op=day("2024-09-02"))) == ("2024-09-16", "eerste_afspraak")


def test_the_werkvoorraad_shows_foreign_names(vreemd: Connection) -> None:
    a_traject(vreemd, stap="thuisles", behandelaar=UITVOERDER.pseudoniem)
    (regel,) = werkvoorraad(vreemd, Vraag(), UITVOERDER.pseudoniem, VANDAAG).regels
    assert "Thuisles" in repr(regel)


def test_corrections_and_splits_work_there_too(vreemd: Connection) -> None:
    nummer = a_traject(vreemd, aantal=2, stap="thuisles")
    step(vreemd, nummer, "overstappen", BEGIN + 10)
    amend(vreemd, nummer, 4, dag=BEGIN + 8, reden="andere_persoon", door=COORDINATOR)
    step(vreemd, nummer, "gezin_splitsen", BEGIN + 12)
    withdraw(vreemd, nummer, 6, reden="tikfout", door=COORDINATOR)
    assert len(folded(vreemd, nummer).stand.deelnemers) == 2
    assert place(vreemd, nummer) == "groepsles"


def test_the_smallest_map_works(tmp_path: Path, stille_klok: None) -> None:
    url = a_database(tmp_path, KLEINE_KAART)
    with transaction(url) as db:
        nummer = a_traject(db)
        advance_to(db, nummer, "beantwoord", BEGIN + 1)
        assert rows(db, "SELECT klasse FROM traject") == [("succes",)]
        assert read(db, nummer, "uitvoerder", VANDAAG).stap == route_of(folded(db, nummer)).stappen["beantwoord"]
    engine(url).dispose()
