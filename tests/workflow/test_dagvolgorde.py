"""Days that cannot be: an answer before the traject began, an end before its start, and counts of nobody."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from tests.bouwers import COORDINATOR, a_person, a_traject, day, everything, step
from workflow.voortgang import CorrectieGeweigerd, InvoerGeweigerd, amend, start

BEGIN = day("2026-01-12")
LATER = BEGIN + 60
TE_VROEG = "2016-11-27"
VOOR_BEGIN = "kan niet voor het begin van het traject liggen (12 januari 2026)."
EINDE = {"beeindigingsbeschikking_op": "2026-03-13"}


def a_melding(db: Connection, stap: str | None = None) -> str:
    """A traject that began on BEGIN."""
    return a_traject(db, route="schuldhulp", begin="melding_registreren", stap=stap, op=BEGIN)


def refusal(db: Connection, nummer: str, keus: str, veld: str, op: int = LATER, **invoer: Any) -> str:
    """The sentence at this veld; nothing was written."""
    eerst = everything(db)
    with pytest.raises(InvoerGeweigerd) as fout:
        step(db, nummer, keus, op, invoer=invoer)
    assert everything(db) == eerst
    return fout.value.fouten[veld]


@pytest.mark.parametrize(
    ("stap", "keus", "veld", "label", "verder"),
    [
        ("besluit", "toelaten", "plan_van_aanpak_op", "Plan van aanpak klaar op", {}),
        ("toegelaten", "uitval_vastleggen", "beeindigingsbeschikking_op", "Datum van de beëindigingsbeschikking", {}),
        ("toegelaten", "neutraal_beeindigen", "feitelijk_gestopt_op", "Feitelijk gestopt op", EINDE),
        ("stabilisatie", "betalingsregeling_starten", "betaling_start_op", "Start van de betalingsregeling", {}),
    ],
)
def test_no_answer_lies_before_the_traject_began(
    db: Connection, stap: str, keus: str, veld: str, label: str, verder: dict[str, str]
) -> None:
    assert refusal(db, a_melding(db, stap), keus, veld, **verder, **{veld: TE_VROEG}) == f"{label} {VOOR_BEGIN}"


def test_the_first_day_of_the_traject_is_not_before_it(db: Connection) -> None:
    nummer = a_melding(db, "besluit")
    step(db, nummer, "toelaten", LATER, invoer={"plan_van_aanpak_op": "2026-01-12"})


def test_a_forgotten_step_is_bounded_as_well(db: Connection) -> None:
    nummer = a_melding(db, "besluit")
    step(db, nummer, "uitval_vastleggen", LATER)
    zin = refusal(db, nummer, "uitstel_meedelen", "toegezegd_op", BEGIN + 1, toegezegd_op=TE_VROEG)
    assert zin.startswith("Toegezegde dag van het besluit kan niet voor")
    assert (
        refusal(
            db,
            nummer,
            "ingebrekestelling_vastleggen",
            "ingebrekestelling_op",
            BEGIN + 1,
            ingebrekestelling_op="2026-01-11",
        )
        == f"Ingebrekestelling ontvangen op {VOOR_BEGIN}"
    )


def test_a_correction_is_bounded_as_well(db: Connection) -> None:
    nummer = a_melding(db, "besluit")
    gedaan = step(db, nummer, "toelaten", LATER)
    with pytest.raises(InvoerGeweigerd, match=r"Plan van aanpak klaar op kan niet voor het begin"):
        improve(db, nummer, gedaan.volgnummer, invoer={"plan_van_aanpak_op": TE_VROEG})
    improve(db, nummer, gedaan.volgnummer, invoer={"plan_van_aanpak_op": "2026-02-01"})


def test_a_begin_that_moves_on_leaves_no_answer_before_it(db: Connection) -> None:
    nummer = a_melding(db)
    step(db, nummer, "intake_starten", LATER)
    step(db, nummer, "besluit_voorbereiden", LATER)
    gedaan = step(db, nummer, "toelaten", LATER, invoer={"plan_van_aanpak_op": "2026-01-20"})
    with pytest.raises(CorrectieGeweigerd, match="Plan van aanpak klaar op kan niet voor het begin") as fout:
        improve(db, nummer, 1, dag=day("2026-01-21"))
    assert fout.value.rijen == [gedaan.volgnummer]
    improve(db, nummer, 1, dag=day("2026-01-20"))


def improve(db: Connection, nummer: str, volgnummer: int, **wijziging: Any) -> None:
    """Correct a row."""
    amend(db, nummer, volgnummer, reden="telfout", door=COORDINATOR, **wijziging)


def test_a_signaal_may_come_before_the_melding(db: Connection) -> None:
    invoer = {"bron": "vroegsignaal", "signaal_ontvangen_op": "2025-12-20", "crisis": "geen"}
    assert a_traject(db, route="schuldhulp", begin="melding_registreren", op=BEGIN, invoer=invoer)


def test_the_time_for_bezwaar_may_have_ended_before_it_came(db: Connection) -> None:
    nummer = a_melding(db)
    invoer = {"bezwaar_tegen": "anders", "bezwaartermijn_eindigt_op": "2026-01-05", "met_commissie": "nee"}
    assert start(db, "bezwaar", "bezwaar_registreren", invoer, door=COORDINATOR, hoort_bij=nummer, op=BEGIN)


# -- One day and another -----------------------------------------------------------------------------------------------


REGELING = {"regeling_variant": "schuldbemiddeling", "regeling_start_op": "2026-03-30", "vtlb": "1000"}


def test_a_regeling_does_not_end_before_it_starts(db: Connection) -> None:
    nummer = a_melding(db, "minnelijk_voorbereiding")
    zin = refusal(db, nummer, "regeling_starten", "gepland_einde_op", **REGELING, gepland_einde_op="2026-03-29")
    assert zin == "Gepland einde kan niet voor “Start van de regeling” liggen (30 maart 2026)."
    gedaan = step(db, nummer, "regeling_starten", LATER, invoer={**REGELING, "gepland_einde_op": "2027-09-29"})
    with pytest.raises(InvoerGeweigerd, match="Gepland einde kan niet voor “Start van de regeling”"):
        improve(db, nummer, gedaan.volgnummer, invoer={"gepland_einde_op": "2026-03-20"})


# -- Counts of nobody --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keus", "veld", "label"),
    [
        ("akkoord_vaststellen", "aantal_akkoord", "Aantal schuldeisers akkoord"),
        ("dwangakkoord_aanvragen", "aantal_weigeringen", "Aantal schuldeisers dat weigert"),
        ("voorstel_versturen", "aantal_schuldeisers", "Aantal schuldeisers"),
    ],
)
def test_all_creditors_or_those_who_refuse_are_somebody(db: Connection, keus: str, veld: str, label: str) -> None:
    nummer = a_melding(db, "minnelijk_voorbereiding")
    assert refusal(db, nummer, keus, veld, **{veld: "0"}).startswith(label)
    step(db, nummer, keus, LATER, invoer={veld: "1"})


# -- The first day -----------------------------------------------------------------------------------------------------


def test_no_melding_is_of_before_the_law_or_before_a_participant_was_born(db: Connection) -> None:
    samen = [a_person(db), a_person(db, geboortedatum="2025-06-01")]
    with pytest.raises(InvoerGeweigerd, match="kan niet voor zondag 1 juli 2012 liggen"):
        a_traject(db, route="schuldhulp", begin="melding_registreren", op=day("2012-06-30"))
    with pytest.raises(InvoerGeweigerd, match="is pas op zondag 1 juni 2025 geboren"):
        a_traject(db, route="schuldhulp", begin="melding_registreren", wie=samen, op=day("2025-05-31"))
    assert a_traject(db, route="schuldhulp", begin="melding_registreren", wie=samen, op=day("2025-06-01"))


def test_a_melding_does_not_come_to_lie_before_the_law_by_a_correction(db: Connection) -> None:
    with pytest.raises(InvoerGeweigerd, match="kan niet voor zondag 1 juli 2012 liggen"):
        improve(db, a_melding(db), 1, dag=day("2012-06-30"))
