"""What changed in the rules is dated and told: the map with its terms, norms, equated days and rights."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, url_for
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError

from models import klok
from models.database import reading, transaction
from tests.bezoek import Bezoeker
from tests.bouwers import COORDINATOR
from tests.conftest import Login
from tests.kaartversies import Inhoud, another
from tests.web.test_kaarten_op_het_scherm import words
from tests.web.test_toegang import RECHTEN
from web import toegang
from web.paginanamen import PAGINANAMEN
from workflow import instellingen, kaarten
from workflow.kaartlezer import lees
from workflow.kalender import daynumber
from workflow.rapporten.duiding import set_target
from workflow.wijzigingen import changes, dated_rules, note_rights

TEKST = instellingen.map_file().read_text(encoding="utf-8")
PAD = "/routekaart/wijzigingen"
NU = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def sentences(db: Connection, soort: str) -> list[str]:
    """What is told of one kind of change, the last first."""
    return [regel for w in changes(db, PAGINANAMEN) if w.soort == soort for regel in (w.zin, *w.details)]


def test_another_length_of_a_term_is_dated_on_the_day_that_its_map_came_in_force(db: Connection) -> None:
    def change(inhoud: Inhoud) -> None:
        inhoud["termijnen"]["stabilisatie"]["lengtes"] = [{"maanden": 3, "vanaf": "2012-07-01"}]

    with klok.at(NU):
        kaarten.store(db, another(TEKST, change, versie='"2026-2"', geldig_vanaf="2026-07-01"))
        (wijziging,) = [w for w in changes(db, PAGINANAMEN) if w.soort == "termijnen"]
    assert klok.day_of_us(wijziging.moment) == daynumber(datetime(2026, 7, 1, tzinfo=UTC).date())
    assert wijziging.zin == "Versie 2026-2 (proef) in werking: andere termijnen"
    (detail,) = wijziging.details
    assert detail.startswith("Stabilisatie gewijzigd: lengte 4 maanden vanaf 1 juli 2012 wordt 3 maanden")
    assert "Versie 2026-2 (proef) opgeslagen: 2 verschillen met 2026-1 (proef)" in sentences(db, "kaart")[0]


def test_a_concept_changes_no_term(db: Connection) -> None:
    def change(inhoud: Inhoud) -> None:
        inhoud["termijnen"]["stabilisatie"]["lengtes"] = [{"maanden": 3, "vanaf": "2012-07-01"}]

    kaarten.store(db, another(TEKST, change, status="concept"))
    assert sentences(db, "termijnen") == []


def test_a_norm_that_is_set_and_taken_away(db: Connection) -> None:
    for nr, waarde in enumerate((80, None)):
        with klok.at(NU + timedelta(hours=nr)):
            set_target(db, "O2", "meldingen", 2026, "norm", waarde, COORDINATOR)
    assert sentences(db, "normen") == [
        "Norm van O2 (meldingen) voor 2026 vervallen",
        "Norm van O2 (meldingen) voor 2026: 80",
    ]


def test_an_equated_day_that_came_and_went_says_who_and_by_which_decree(
    bezoeker: Bezoeker, login: Login, database: str
) -> None:
    login(bezoeker, "beheerder")
    dag = daynumber(datetime(2029, 5, 11, tzinfo=UTC).date())
    bezoeker.submit("/beheer/gelijkgestelde-dagen", {"dag": "11-05-2029", "bron": "Besluit van toen"})
    bezoeker.submit(f"/beheer/gelijkgestelde-dagen/{dag}/verwijderen")
    gezegd = words(bezoeker.get(f"{PAD}?soort=kalender").text)
    assert "vrijdag 11 mei 2029 toegevoegd (Besluit van toen) Beheerder Proef" in gezegd
    assert "vrijdag 11 mei 2029 vervallen (Besluit van toen) Beheerder Proef" in gezegd
    assert gezegd.index("vervallen (Besluit") < gezegd.index("toegevoegd (Besluit")


def test_an_auditor_reads_from_when_how_many_days_one_person_may_correct_alone(
    bezoeker: Bezoeker, login: Login
) -> None:
    login(bezoeker, "beheerder")
    morgen = klok.now() + timedelta(days=1)
    bezoeker.submit("/beheer/vier-ogen", {"dagen": "45", "vanaf": f"{morgen:%d-%m-%Y}"})
    login(bezoeker, "auditor")
    gezegd = words(bezoeker.get(f"{PAD}?soort=vier_ogen").text)
    assert "Alleen corrigeren kan tot en met 45 dagen na het feit, vanaf" in gezegd
    assert "Beheerder Proef" in gezegd


def test_an_auditor_reads_who_came_went_or_got_another_role(bezoeker: Bezoeker, login: Login, database: str) -> None:
    wie = login(bezoeker, "uitvoerder")
    login(bezoeker, "beheerder")
    pad = f"/beheer/medewerkers/{wie.pseudoniem}"
    bezoeker.submit(f"{pad}/wijzigen", {"naam": "Uitvoerder Proef", "rol": "coordinator"})
    bezoeker.submit(f"{pad}/blokkeren")
    bezoeker.submit(f"{pad}/deblokkeren")
    login(bezoeker, "auditor")
    gezegd = words(bezoeker.get(f"{PAD}?soort=rollen").text)
    for zin in (
        "Uitvoerder Proef mag inloggen als Uitvoerder opdrachtregel",
        "Uitvoerder Proef is nu Coördinator (was Uitvoerder) Beheerder Proef",
        "Uitvoerder Proef is geblokkeerd als Coördinator Beheerder Proef",
        "Uitvoerder Proef mag inloggen als Coördinator Beheerder Proef",
    ):
        assert zin in gezegd


def test_rights_are_noted_when_they_changed_and_not_again(db: Connection) -> None:
    eerst = {"rapport.lijst": "coordinator", "start": "ingelogd"}
    assert [note_rights(db, eerst), note_rights(db, eerst)] == [2, 0]
    with klok.at(klok.now() + timedelta(days=1)):
        assert note_rights(db, {"rapport.lijst": "coordinator, auditor"}) == 2
    assert note_rights(db, {"rapport.lijst": "coordinator, auditor"}) == 0
    assert sentences(db, "rechten") == [
        "Rechten: 2 wijzigingen",
        "Pagina “Rapporten” gewijzigd: coördinator, auditor",
        "Pagina “Beginpagina” vervallen",
        "Rechten: 2 wijzigingen",
        "Pagina “Rapporten” toegevoegd: coördinator",
        "Pagina “Beginpagina” toegevoegd: iedereen die is ingelogd",
    ]


def test_every_page_has_a_name_of_its_own_in_words(app: Flask) -> None:
    namen = {endpoint: PAGINANAMEN.get(endpoint, "") for endpoint in toegang.rights(app)}
    assert [endpoint for endpoint, naam in namen.items() if not re.fullmatch(r"[A-Z][^._]+", naam)] == []
    assert sorted(PAGINANAMEN.values()) == sorted(set(PAGINANAMEN.values()))


EIGEN_TITEL = {"rapport.nieuw", "werkvoorraad.toon"}
"""Their title is the period or the list that was chosen."""


@pytest.mark.parametrize("rol", list(toegang.ALLEN))
def test_a_page_is_called_by_its_title(bezoeker: Bezoeker, login: Login, app: Flask, rol: toegang.Rol) -> None:
    """Those that need no number or name in their address: the same page for everybody, so with one title."""
    login(bezoeker, rol)
    with app.test_request_context():
        vast = [r.endpoint for r in app.url_map.iter_rules() if "GET" in (r.methods or ()) and not r.arguments]
        adressen = {endpoint: url_for(endpoint) for endpoint in vast if toegang.may_use(endpoint, rol)}
    bladen = {endpoint: bezoeker.get(adres) for endpoint, adres in adressen.items()}
    titels = {e: _title(blad.text) for e, blad in bladen.items() if blad.status_code == 200 and "<title>" in blad.text}
    gelijk = titels.keys() - EIGEN_TITEL
    assert {e: titels[e] for e in gelijk} == {e: PAGINANAMEN[e] for e in gelijk} != {}


def _title(blad: str) -> str:
    (titel,) = re.findall(r"<title>(.+) · Routekaart</title>", blad)
    return titel


def test_the_history_of_rights_shows_no_codes(bezoeker: Bezoeker, login: Login, app: Flask, database: str) -> None:
    with transaction(database) as db:
        note_rights(db, toegang.rights(app))
    login(bezoeker, "auditor")
    gezegd = words(bezoeker.get(f"{PAD}?soort=rechten").text)
    assert "Pagina “Afgeschermde dossiers” toegevoegd: coördinator, auditor, beheerder" in gezegd
    assert "Pagina “Inloggen” toegevoegd: iedereen" in gezegd
    assert not re.search(r"coordinator|ingelogd:|[a-z]\w*\.[a-z]\w*", gezegd)


def test_the_rights_that_are_noted_are_those_of_the_table(app: Flask) -> None:
    regels = re.findall(r"(?m)^\| (\S+) \| [A-Z, ]+ \| (.+) \|$", RECHTEN.read_text(encoding="utf-8"))
    tabel = {endpoint: frozenset(rollen.split(", ")) for endpoint, rollen in regels}
    assert {endpoint: frozenset(wie.split(", ")) for endpoint, wie in toegang.rights(app).items()} == tabel


@pytest.mark.parametrize("opdracht", ["UPDATE wijziging SET wat = 'x'", "DELETE FROM wijziging"])
def test_nobody_rewrites_what_changed(database: str, opdracht: str) -> None:
    with transaction(database) as db:
        note_rights(db, {"start": "ingelogd"})
    with pytest.raises(DatabaseError, match="insert-only"), transaction(database) as db:
        db.execute(text(opdracht))


def test_rules_with_a_day_of_their_own_are_told_with_what_was_before() -> None:
    regels = dated_rules(lees(TEKST))
    assert [regel.dag for regel in regels] == sorted((regel.dag for regel in regels), reverse=True)
    aflossen = [regel.zin for regel in regels if regel.wat.startswith("Aflosperiode")]
    assert any(zin.startswith("18 maanden, daarvoor 36 maanden") for zin in aflossen)


@pytest.mark.parametrize("rol", ["coordinator", "auditor", "beheerder"])
def test_the_page_tells_all_of_it(bezoeker: Bezoeker, login: Login, database: str, rol: str) -> None:
    with transaction(database) as db:
        kaarten.store(db, another(TEKST, versie='"2026-2"', naam="Een andere naam"))
    login(bezoeker, rol)
    gezegd = words(bezoeker.get(PAD).text)
    assert "Versie 2026-1 (proef) opgeslagen: de eerste" in gezegd
    assert "Versie 2026-2 (proef) opgeslagen: 1 verschil met 2026-1 (proef)" in gezegd
    with reading(database) as db:
        assert sentences(db, "rechten") == []
    assert "Hierover is niets veranderd." in words(bezoeker.get(f"{PAD}?soort=rechten").text)
