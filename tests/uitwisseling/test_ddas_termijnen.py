"""The terms of an imported traject: each counts from a day that the delivery told, or it does not run."""

from __future__ import annotations

import pytest
from leveringen import DOOR, Json, as_bytes, day, one
from sqlalchemy import Connection

from models import klok
from workflow import trajectpagina
from workflow.kalender import short
from workflow.uitwisseling import ddas

TOEGELATEN = {"beschikkingssoort": "Toelatingsbeschikking", "beschikkingsdatum": "2026-01-05"}
VERZOCHT = {"datumVerzoekDwangakkoord": "2026-02-09"}


def terms(db: Connection, **velden: Json | str | None) -> dict[str, str]:
    """The terms that this traject of a delivery has, each with its first day."""
    levering = one(**{"startdatum": "2025-12-01", "einddatum": None, "toekenningsdatum": None} | velden)
    nummer = ddas.import_delivery(db, as_bytes(levering), DOOR).regels[0].nummer or ""
    pagina = trajectpagina.read(db, nummer, "coordinator", klok.today())
    return {t.code: short(t.begin_dag) for t in pagina.termijnen if t.einde_dag is None}


def ended(**uitstroom: str) -> Json:
    """A delivered end of 2 February 2026, after toelating."""
    weg = {"datum": "2026-02-02", "reden": "Voldoet niet"} | uitstroom
    return {"einddatum": "2026-02-02", "intake": {"startdatum": "2025-12-15", **TOEGELATEN}, "uitstroom": weg}


def test_without_a_beschikking_nothing_can_be_objected_to(db: Connection) -> None:
    assert terms(db, **ended()) == {}
    assert terms(db, **ended(reden="Overleden"), client=[{"Burgerservicenummer": "900000004"}]) == {}


def test_the_bezwaartermijn_counts_from_the_beschikking_that_was_told(db: Connection) -> None:
    gevonden = terms(db, **ended(datumBeeindigingsbeschikking="2026-01-29"))
    assert gevonden == {"bezwaartermijn_beeindiging": "29 januari 2026"}


def test_the_bezwaartermijn_against_a_weigering_counts_from_its_day(db: Connection) -> None:
    weigering = {"beschikkingssoort": "Afwijzingsbeschikking", "beschikkingsdatum": "2026-02-16"}
    assert terms(db, intake={"startdatum": "2025-12-15", **weigering}) == {"bezwaartermijn": "16 februari 2026"}


@pytest.mark.parametrize(
    ("regeling", "verwacht"),
    [
        (VERZOCHT, {}),
        ({"datum": "2026-01-26"}, {"schuldregeling_120": "26 januari 2026"}),
        ({"datum": "2026-01-26", **VERZOCHT}, {"schuldregeling_120": "26 januari 2026"}),
    ],
)
def test_the_120_days_count_from_an_overeenkomst_that_was_told(
    db: Connection, regeling: Json, verwacht: dict[str, str]
) -> None:
    assert terms(db, intake={"startdatum": "2025-12-15", **TOEGELATEN}, schuldregeling=regeling) == verwacht


@pytest.mark.parametrize(
    ("fase", "velden", "verwacht"),
    [
        ("aanmelding", {}, {"eerste_gesprek": "12 januari 2026"}),
        ("intake", {}, {"besluit": "12 januari 2026"}),
        ("stabilisatie", {}, {"stabilisatie": "12 januari 2026"}),
        ("oplossing", {"soort": "Schuldbemiddeling"}, {"aflosperiode": "12 januari 2026"}),
        ("oplossing", {"soort": "Betalingsregeling"}, {"betalingsregeling": "12 januari 2026"}),
        ("nazorg", {}, {"nazorg": "12 januari 2026"}),
        ("informatieEnAdvies", {}, {}),
    ],
)
def test_every_other_term_counts_from_the_begin_of_its_phase(
    db: Connection, fase: str, velden: Json, verwacht: dict[str, str]
) -> None:
    assert terms(db, **{fase: {"startdatum": "2026-01-12", **velden}}) == verwacht


def test_a_phase_that_names_no_day_has_no_term(db: Connection) -> None:
    assert terms(db, stabilisatie={"einddatum": "2026-02-02"}, nazorg={"einddatum": "2026-02-16"}) == {}


def test_the_day_on_which_it_was_read_begins_nothing(db: Connection) -> None:
    assert day("2026-03-02") == klok.today()
    assert terms(db, startdatum=None) == {}
