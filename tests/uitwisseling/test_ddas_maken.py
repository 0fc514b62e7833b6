"""Writing a delivery: what came in goes out, what happened here is told by the map's labels, and it fits the format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from bezoek import op_beide
from hypothesis import HealthCheck, given, settings
from leveringen import DOOR, VOORBEELDEN, Json, as_bytes, day, delivery, one, trajecten, without_nulls
from sqlalchemy import Connection
from test_ddas_lezen import mutated, wijzigingen

from models import klok
from models.database import transaction
from models.instelling import instelling
from workflow import personen
from workflow.gezin import load
from workflow.kaarten import in_force
from workflow.kalender import date_of
from workflow.opdracht import Actor
from workflow.personen import Gegevens
from workflow.uitwisseling import ddas, ddas_uit
from workflow.uitwisseling.ddas import LeveringGeweigerd
from workflow.uitwisseling.ddas_inlezen import _flat
from workflow.uitwisseling.ddas_lezen import read
from workflow.uitwisseling.ddas_maken import fits
from workflow.uitwisseling.ddas_schema import answer_paths, violations
from workflow.uitwisseling.opmerkingen import Opmerkingen
from workflow.voortgang import advance, amend, start

KBL = Actor("d" * 32, "uitvoerder", "KBL")
LATER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BSN = "900000004"

Gebeurd = tuple[str, str, Json]


@pytest.fixture(autouse=True)
def later(vandaag: None) -> Iterator[None]:
    """It is November, so that the stories have happened."""
    with klok.at(LATER):
        yield


def export(db: Connection, van: str = "2019-01-01", tot: str = "2027-01-01") -> Json:
    """The delivery of a period."""
    levering = ddas.export(db, day(van), day(tot), klok.now(), "Routekaart 0")
    assert not list(violations(levering))
    return levering


def told(db: Connection) -> Json:
    """The only traject there is, as the format writes it, without its client and municipality."""
    (traject,) = trajecten(export(db))
    return {naam: waarde for naam, waarde in traject.items() if naam not in ("client", "gemeentecode")}


def changes(voor: Any, na: Any) -> dict[str, tuple[Any, Any]]:
    """Paths on which two JSON values differ, with both values."""
    een, ander = dict(_flat(voor)), dict(_flat(na))
    return {p: (een.get(p), ander.get(p)) for p in sorted(een.keys() | ander.keys()) if een.get(p) != ander.get(p)}


def melding(db: Connection, op: str, *clienten: Gegevens) -> str:
    """A traject of our own."""
    wie = [personen.register(db, client) for client in clienten or [Gegevens("Proef", bsn=BSN)]]
    invoer = {"bron": "eigen_melding", "crisis": "geen"}
    rest: Json = {"door": KBL, "personen": wie, "gemeente": "GM0935", "op": day(op)}
    return start(db, "schuldhulp", "melding_registreren", invoer, **rest).nummer


def walk(
    db: Connection, nummer: str, *gebeurd: tuple[str, ...] | tuple[str, str, Json] | tuple[str, str, Json, str]
) -> None:
    """Make overgangen: day, overgang, answers, reden."""
    for op, keus, *rest in gebeurd:
        invoer, reden = (*rest, *({}, None)[len(rest) :])
        advance(db, nummer, str(keus), invoer, door=KBL, op=day(str(op)), reden=reden)


def child(db: Connection, ouder: str, route: str, keus: str, op: str, **invoer: Any) -> str:
    """A child traject."""
    return start(db, route, keus, invoer, door=KBL, hoort_bij=ouder, op=day(op)).nummer


MESIS = {
    "mesis_profiel": "profiel_1",
    "schulden_problematisch": "ja",
    "schulden_regelbaar": "ja",
    "klant_regelbaar": "ja",
    "aflosmogelijkheid": "deels",
}


def regeling(variant: str, op: str) -> Json:
    """The answers with which a minnelijke regeling begins."""
    return {"regeling_variant": variant, "regeling_start_op": op, "gepland_einde_op": op, "vtlb": 1500}


def admitted(db: Connection, nummer: str, gesprek: str, mesis: str, besluit: str) -> None:
    """From melding to toelating."""
    walk(
        db,
        nummer,
        (gesprek, "intake_starten"),
        (mesis, "mesis_afnemen", MESIS),
        (besluit, "besluit_voorbereiden"),
        (besluit, "toelaten", {"beschikking_op": besluit, "plan_van_aanpak_op": besluit}),
    )


SAMEN = [
    namen
    for namen in (("enkelvoudig", "meervoudig"), ("enkelvoudigVoorbeeld", "meervoudigVoorbeeld"))
    if VOORBEELDEN.keys() >= set(namen)
]

# --- What came in goes out ------------------------------------------------------------------------------------------


@op_beide
@pytest.mark.parametrize("naam", VOORBEELDEN)
def test_an_imported_delivery_gives_its_trajecten_back(db: Connection, naam: str) -> None:
    tekst = VOORBEELDEN[naam].read_bytes()
    ddas.import_delivery(db, tekst, DOOR)
    assert by_client(export(db)) == by_client(without_nulls(json.loads(tekst)))


@op_beide
@pytest.mark.parametrize("namen", SAMEN, ids="+".join)
def test_deliveries_in_one_office_give_all_their_trajecten_back(db: Connection, namen: tuple[str, str]) -> None:
    """The examples give one failing BSN to two people."""
    teksten = [VOORBEELDEN[naam].read_bytes() for naam in namen]
    for tekst in teksten:
        ddas.import_delivery(db, tekst, DOOR)
    gebracht = [t for tekst in teksten for t in trajecten(without_nulls(json.loads(tekst)))]
    assert _in_order(trajecten(export(db))) == _in_order(gebracht)


def _in_order(alle: list[Json]) -> list[Json]:
    return sorted(alle, key=lambda t: json.dumps(t, sort_keys=True))


def by_client(levering: Json) -> list[Json]:
    """The trajecten of a delivery, in an order of their own."""
    return _in_order(trajecten(levering))


def test_what_the_import_could_not_place_comes_back_too(db: Connection) -> None:
    vreemd = one(
        omschrijving="x" * 5000,
        totaalSchuldbedragBijAanvangSchuld=-5,
        begeleiding=[
            {"startdatum": "2024-02-01"},
            {"soort": "Budgetbeheer", "startdatum": "2024-02-02"},
            {"soort": "Budgetbeheer"},
        ],
        uitstroom={"reden": "Zelf", "omschrijving": "é\n2"},
        einddatum=None,
        nazorg={"startdatum": "2031-01-01"},
    )
    ddas.import_delivery(db, as_bytes(vreemd), DOOR)
    assert by_client(export(db)) == by_client(vreemd)


def test_adjoining_begeleiding_comes_back_as_it_was_delivered(db: Connection) -> None:
    delen = [("2024-02-01", "2024-03-01"), ("2024-03-01", "2024-04-01")]
    levering = one(begeleiding=[{"soort": "Budgetbeheer", "startdatum": v, "einddatum": t} for v, t in delen])
    ddas.import_delivery(db, as_bytes(levering), DOOR)
    assert by_client(export(db)) == by_client(levering)


def imported(db: Connection) -> str:
    """The fullest of our trajecten, imported."""
    levering = delivery()
    del levering["leveringen"][0]["schuldhulptrajecten"][1:]
    return ddas.import_delivery(db, as_bytes(levering), DOOR).regels[0].nummer or ""


@pytest.mark.parametrize("pad", [p for p in answer_paths() if p not in ("uitstroom.reden",)])
def test_after_one_amend_of_an_answer_exactly_that_field_differs(db: Connection, pad: str) -> None:
    nummer = imported(db)
    kaart = in_force(db).routes["schuldhulp"].starten["inlezen"]
    voor = export(db)
    veld = next(v for v in kaart.velden if v.code == kaart.labels.get(f"ddas.{pad}"))
    was = dict(_flat(trajecten(voor)[0])).get(pad)
    erna = date_of(day(was) + 1).isoformat() if was and veld.soort == "datum" else "2024-12-12"
    nieuw = {
        "datum": (erna, erna),
        "bedrag": (77, 77),
        "ja_nee": ("nee", False),
        "tekst": ("iets anders", "iets anders"),
        "keuze": ("afwijzing", "Afwijzingsbeschikking")
        if veld.code == "beschikkingssoort"
        else ("nulaanbod", "0%-aanbod"),
    }[veld.soort]
    amend(db, nummer, 1, invoer={veld.code: nieuw[0]}, reden="telfout", door=DOOR)
    (verschil,) = changes(voor, export(db)).items()
    assert verschil[0].endswith(pad)
    assert verschil[1][1] == nieuw[1]


@pytest.mark.parametrize(
    ("overgang", "nieuw", "paden"),
    [
        ("fase_vaststellen_intake", "2024-01-23", {"intake.startdatum"}),
        ("fase_vaststellen_stabilisatie", "2024-02-27", {"stabilisatie.startdatum"}),
        ("fase_vaststellen_nazorg", "2025-10-03", {"nazorg.startdatum"}),
        ("toelating_inlezen", "2024-02-25", {"intake.beschikkingsdatum"}),
        ("succes_inlezen", "2025-11-20", {"einddatum", "uitstroom.datum", "nazorg.einddatum"}),
    ],
)
def test_the_day_of_a_row_can_be_amended_too(db: Connection, overgang: str, nieuw: str, paden: set[str]) -> None:
    nummer = imported(db)
    voor = trajecten(export(db))[0]
    rij = next(r for r in load(db, nummer).by_nummer(nummer).log if r.overgang == overgang)
    amend(db, nummer, rij.volgnummer, dag=day(nieuw), reden="verkeerde_dag", door=DOOR)
    gewijzigd = changes(voor, trajecten(export(db))[0])
    assert set(gewijzigd) == paden
    assert all(na == nieuw for _, na in gewijzigd.values())


def test_after_an_amend_of_a_child_its_item_differs(db: Connection) -> None:
    nummer = imported(db)
    voor = export(db)
    kind = next(v for v in load(db, nummer) if v.oorsprong["route"] == "budgetbeheer")
    amend(db, kind.nummer, 1, dag=day("2024-02-05"), reden="verkeerde_dag", door=DOOR)
    assert [p.split("schuldhulptrajecten[0].")[1] for p in changes(voor, export(db))] == ["begeleiding[0].startdatum"]


def test_what_happened_here_since_goes_before_what_was_delivered(db: Connection) -> None:
    levering = one(einddatum=None, stabilisatie={"startdatum": "2024-02-01"}, toekenningsdatum=None)
    nummer = ddas.import_delivery(db, as_bytes(levering), DOOR).regels[0].nummer or ""
    walk(
        db,
        nummer,
        ("2026-03-02", "minnelijk_voorbereiden", {"overeenkomst_op": "2026-03-02", "motivering": "Een motivering."}),
        ("2026-05-04", "akkoord_vaststellen"),
        ("2026-06-01", "regeling_starten", regeling("saneringskrediet", "2026-06-01")),
    )
    verteld = told(db)
    assert verteld["startdatum"] == "2024-01-10"
    assert verteld["stabilisatie"] == {"startdatum": "2024-02-01", "einddatum": "2026-03-02"}
    assert verteld["schuldregeling"] == {"datum": "2026-03-02", "toegekend": "2026-05-04"}
    assert verteld["toekenningsdatum"] == "2026-05-04"
    assert verteld["oplossing"] == {"soort": "Saneringskrediet", "startdatum": "2026-06-01", "vtlb": 1500}
    assert "einddatum" not in verteld


def test_a_phase_that_someone_notes_later_only_fills_a_gap(db: Connection) -> None:
    levering = one(einddatum=None, intake={"einddatum": "2026-07-01"})
    nummer = ddas.import_delivery(db, as_bytes(levering), DOOR).regels[0].nummer or ""
    walk(db, nummer, ("2026-06-01", "fase_vaststellen_intake", {"vastgesteld_uit": "dossier"}))
    assert told(db)["intake"] == {"startdatum": "2026-06-01", "einddatum": "2026-07-01"}
    anders = one(einddatum=None, intake={"startdatum": "2027-01-01"}, client=[{"Burgerservicenummer": BSN}])
    nummer = ddas.import_delivery(db, as_bytes(anders), DOOR).regels[0].nummer or ""
    walk(db, nummer, ("2026-06-01", "fase_vaststellen_intake", {"vastgesteld_uit": "dossier"}))
    assert trajecten(export(db))[1]["intake"] == {"startdatum": "2027-01-01"}


# --- Trajecten of our own -------------------------------------------------------------------------------------------


def test_fatima_from_melding_to_uitstroom(db: Connection) -> None:
    nummer = melding(db, "2024-01-08")
    admitted(db, nummer, "2024-01-22", "2024-01-29", "2024-02-26")
    walk(
        db,
        nummer,
        ("2024-02-26", "stabilisatie_starten"),
        ("2024-05-21", "minnelijk_voorbereiden", {"overeenkomst_op": "2024-05-20"}),
        ("2024-08-27", "akkoord_vaststellen"),
        ("2024-09-01", "regeling_starten", {**regeling("saneringskrediet", "2024-09-01"), "schuldbedrag": 9000}),
        ("2026-03-02", "nazorg_starten", {"regeling_resultaat": "finale_kwijting"}),
        ("2026-09-01", "uitstromen", {}, "afgerond_schuldenvrij"),
    )
    assert told(db) == {
        "startdatum": "2024-01-08",
        "einddatum": "2026-09-01",
        "toekenningsdatum": "2024-08-27",
        "totaalSchuldbedragBijAanvangSchuld": 9000,
        "aanmelding": {"startdatum": "2024-01-08", "einddatum": "2024-01-22", "crisisinterventie": False},
        "intake": {
            "startdatum": "2024-01-22",
            "einddatum": "2024-02-26",
            "beschikkingsdatum": "2024-02-26",
            "beschikkingssoort": "Toelatingsbeschikking",
        },
        "planVanAanpak": {"datumAfronding": "2024-02-26"},
        "stabilisatie": {"startdatum": "2024-02-26", "einddatum": "2024-05-21"},
        "schuldregeling": {"datum": "2024-05-20", "toegekend": "2024-08-27"},
        "oplossing": {"soort": "Saneringskrediet", "startdatum": "2024-09-01", "einddatum": "2026-03-02", "vtlb": 1500},
        "nazorg": {"startdatum": "2026-03-02", "einddatum": "2026-09-01"},
        "uitstroom": {"datum": "2026-09-01", "reden": "Afgerond"},
    }
    (traject,) = trajecten(export(db))
    assert traject["client"] == [{"Burgerservicenummer": BSN}]
    assert traject["gemeentecode"] == "GM0935"


def test_the_beschikking_is_the_end_in_all_places(db: Connection) -> None:
    nummer = melding(db, "2024-01-08")
    admitted(db, nummer, "2024-01-22", "2024-01-29", "2024-02-26")
    besluit = {"beeindigingsbeschikking_op": "2024-06-01"}
    walk(db, nummer, ("2024-06-03", "uitval_vastleggen", besluit, "afgezien_na_toelating"))
    verteld = told(db)
    assert verteld["einddatum"] == "2024-06-01"
    assert verteld["uitstroom"] == {
        "datum": "2024-06-01",
        "datumBeeindigingsbeschikking": "2024-06-01",
        "reden": "Ingetrokken",
    }


def test_after_one_amend_of_our_own_exactly_that_field_differs(db: Connection) -> None:
    nummer = melding(db, "2024-01-08")
    admitted(db, nummer, "2024-01-22", "2024-01-29", "2024-02-26")
    voor = export(db)
    toelaten = next(r.volgnummer for r in load(db, nummer).by_nummer(nummer).log if r.overgang == "toelaten")
    amend(db, nummer, toelaten, invoer={"plan_van_aanpak_op": "2024-02-20"}, reden="telfout", door=KBL)
    assert [p.split("[0].", 2)[2] for p in changes(voor, export(db))] == ["planVanAanpak.datumAfronding"]


def test_ramon_crisis_and_moratorium(db: Connection) -> None:
    nummer = melding(db, "2026-05-11")
    crisis = child(db, nummer, "crisis", "crisis_openen", "2026-05-11", crisis_soort="woningontruiming")
    jur = child(db, nummer, "juridisch", "moratorium_aanvragen", "2026-05-13")
    walk(db, jur, ("2026-05-20", "moratorium_toewijzen"))
    walk(db, crisis, ("2026-05-22", "crisis_afsluiten", {"crisis_resultaat": "voorkomen"}))
    child(db, nummer, "juridisch", "moratorium_aanvragen", "2026-06-01")
    child(db, nummer, "juridisch", "voorziening_aanvragen", "2026-06-01")
    verteld = told(db)
    assert verteld["aanmelding"] == {"startdatum": "2026-05-11", "crisisinterventie": True}
    assert verteld["crisisinterventies"] == [{"startdatum": "2026-05-11", "einddatum": "2026-05-22"}]
    assert [{k: m[k] for k in ("datumAanvraag", "datumGoedkeuring") if k in m} for m in verteld["moratoria"]] == [
        {"datumAanvraag": "2026-05-13", "datumGoedkeuring": "2026-05-20"},
        {"datumAanvraag": "2026-06-01"},
    ]
    assert verteld["moratoria"][0]["startdatum"] == "2026-05-20"
    assert "voorlopigeVoorzieningen" not in verteld


def test_chantal_two_variants_of_budgetbeheer_are_one_period(db: Connection) -> None:
    nummer = melding(db, "2025-03-03")
    walk(
        db,
        nummer,
        ("2025-03-17", "intake_starten"),
        ("2025-03-24", "mesis_afnemen", {**MESIS, "klant_regelbaar": "nee", "advies_route": "dfd"}),
        ("2025-04-14", "besluit_voorbereiden"),
        ("2025-04-14", "toelaten", {"beschikking_op": "2025-04-14"}),
        ("2025-04-14", "dfd_starten"),
    )
    bbr = child(db, nummer, "budgetbeheer", "totaal", "2025-05-01")
    walk(db, nummer, ("2026-01-12", "mesis_herhalen", {**MESIS, "advies_route": "stabilisatie"}))
    walk(db, nummer, ("2026-01-19", "stabilisatie_starten"))
    walk(db, bbr, ("2026-03-01", "plus_instellen"))
    dfd = {"soort": "Lange Termijn Begeleiding (DFD)", "startdatum": "2025-04-14", "einddatum": "2026-01-19"}
    assert told(db)["begeleiding"] == [dfd, {"soort": "Budgetbeheer", "startdatum": "2025-05-01"}]


def test_adjoining_child_trajecten_of_one_kind_are_one_period(db: Connection) -> None:
    nummer = melding(db, "2025-03-03")
    for van, tot in (("2025-05-01", "2025-06-01"), ("2025-06-01", "2025-07-01"), ("2025-08-01", None)):
        kind = child(db, nummer, "budgetbeheer", "totaal", van)
        if tot:
            walk(db, kind, (tot, "zelfstandigheid_vastleggen"))
    assert told(db)["begeleiding"] == [
        {"soort": "Budgetbeheer", "startdatum": "2025-05-01", "einddatum": "2025-07-01"},
        {"soort": "Budgetbeheer", "startdatum": "2025-08-01"},
    ]


def test_marek_dwangakkoord_refused_and_wsnp(db: Connection) -> None:
    nummer = melding(db, "2024-09-02")
    admitted(db, nummer, "2024-09-23", "2024-09-30", "2024-10-28")
    walk(
        db,
        nummer,
        ("2024-10-28", "stabilisatie_starten"),
        ("2025-02-24", "minnelijk_voorbereiden", {"overeenkomst_op": "2025-02-24"}),
        ("2025-06-10", "dwangakkoord_aanvragen"),
        ("2025-07-03", "wsnp_uitspreken", {"start_termijn_op": "2025-03-01"}),
    )
    verteld = told(db)
    assert verteld["schuldregeling"] == {
        "datum": "2025-02-24",
        "datumVerzoekDwangakkoord": "2025-06-10",
        "dwangakkoord": True,
    }
    assert "oplossing" not in verteld
    assert "toekenningsdatum" not in verteld


def test_the_last_started_oplossing_counts(db: Connection) -> None:
    nummer = melding(db, "2024-01-08")
    admitted(db, nummer, "2024-01-22", "2024-01-29", "2024-02-26")
    betaling = {"betaling_variant": "herfinanciering", "betaling_start_op": "2024-03-01"}
    betaling["motivering"] = "De familie legt bij wat de cliënt zelf niet kan betalen."
    walk(
        db,
        nummer,
        ("2024-03-01", "betalingsregeling_starten", betaling),
        ("2024-06-03", "minnelijk_voorbereiden", {"overeenkomst_op": "2024-06-03"}),
    )
    assert told(db)["oplossing"] == {
        "soort": "Herfinanciering",
        "startdatum": "2024-03-01",
        "einddatum": "2024-06-03",
    }
    walk(db, nummer, ("2024-09-02", "regeling_starten", regeling("zonder_afloscapaciteit", "2024-09-02")))
    assert told(db)["oplossing"] == {"soort": "0%-aanbod", "startdatum": "2024-09-02", "vtlb": 1500}


def test_jan_and_petra_both_tell_what_came_before(db: Connection) -> None:
    nummer = melding(db, "2025-01-20", Gegevens("Proef", bsn=BSN), Gegevens("Proef", geboortedatum="1980-01-01"))
    admitted(db, nummer, "2025-02-03", "2025-02-10", "2025-03-10")
    walk(db, nummer, ("2025-03-10", "stabilisatie_starten"))
    petra = list(load(db, nummer).by_nummer(nummer).stand.deelnemers)[1]
    walk(db, nummer, ("2025-09-01", "huishouden_splitsen", {"vertrekker": petra}))
    jan, van_petra = trajecten(export(db))
    assert (jan["client"], van_petra["client"]) == ([{"Burgerservicenummer": BSN}], [{"Geboortedatum": "1980-01-01"}])
    zonder = [{k: v for k, v in t.items() if k != "client"} for t in (jan, van_petra)]
    assert zonder[0] == zonder[1]
    assert van_petra["startdatum"] == "2025-01-20"
    assert van_petra["stabilisatie"] == {"startdatum": "2025-03-10"}


def test_youssef_rejected_and_admitted_after_all(db: Connection) -> None:
    nummer = melding(db, "2026-01-05")
    walk(
        db,
        nummer,
        ("2026-01-26", "intake_starten"),
        ("2026-02-05", "besluit_voorbereiden"),
        (
            "2026-03-31",
            "afwijzen",
            {"beschikking_op": "2026-03-31", "motivering": "Een persoonlijke afweging."},
            "eerdere_schuldhulp",
        ),
    )
    verteld = told(db)
    assert (verteld["einddatum"], verteld["intake"]["beschikkingssoort"]) == ("2026-03-31", "Afwijzingsbeschikking")
    assert "uitstroom" not in verteld
    walk(
        db,
        nummer,
        ("2026-06-15", "weigering_herroepen", {"grond_herroeping": "bezwaar_gegrond"}),
        ("2026-06-15", "toelaten", {"beschikking_op": "2026-06-15"}),
    )
    verteld = told(db)
    assert "einddatum" not in verteld
    assert verteld["intake"] == {
        "startdatum": "2026-01-26",
        "einddatum": "2026-06-15",
        "beschikkingsdatum": "2026-06-15",
        "beschikkingssoort": "Toelatingsbeschikking",
    }


def test_an_end_that_was_taken_back_is_no_end(db: Connection) -> None:
    levering = one(uitstroom={"datum": "2024-10-28", "reden": "Voldoet niet"})
    nummer = ddas.import_delivery(db, as_bytes(levering), DOOR).regels[0].nummer or ""
    walk(db, nummer, ("2025-01-06", "beeindiging_herroepen", {"grond_herroeping": "bezwaar_gegrond"}))
    verteld = told(db)
    assert not {"einddatum", "uitstroom"} & verteld.keys()


# --- The delivery ---------------------------------------------------------------------------------------------------


def test_a_period_holds_what_ran_in_it(db: Connection) -> None:
    for begin, einde in (
        ("2023-05-01", "2023-12-31"),
        ("2023-06-01", "2024-01-01"),
        ("2024-12-31", None),
        ("2025-01-01", None),
    ):
        nummer = melding(db, begin, Gegevens(f"Proef {begin}"))
        if einde:
            walk(db, nummer, (einde, "uitval_vastleggen", {}, "onbereikbaar"))
    levering = export(db, "2024-01-01", "2025-01-01")
    assert sorted(t["startdatum"] for t in trajecten(levering)) == ["2023-06-01", "2024-12-31"]
    assert (levering["startdatumLevering"], levering["einddatumLevering"]) == ("2024-01-01", "2024-12-31")
    assert levering["aanleverdatumEnTijd"] == "2026-11-24T09:00:00Z"


def test_each_municipality_has_its_levering(db: Connection) -> None:
    db.execute(instelling.insert().values(naam="organisatie_naam", waarde="Proefbank"))
    ddas.import_delivery(db, as_bytes(delivery("zonder_fasen")), DOOR)
    leveringen = export(db)["leveringen"]
    assert [(d["teller"], len(d["schuldhulptrajecten"])) for d in leveringen] == [(1, 1), (2, 2), (3, 1), (4, 1)]
    assert all(d["aanleverende_organisatie"] == {"(Statutaire) Naam": "Proefbank"} for d in leveringen)
    assert all(len({t["gemeentecode"] for t in d["schuldhulptrajecten"]}) == 1 for d in leveringen)


def test_an_empty_period_is_a_delivery_too(db: Connection) -> None:
    assert trajecten(export(db)) == []


def test_a_traject_without_municipality_is_named(db: Connection) -> None:
    wie = personen.register(db, Gegevens("Proef"))
    invoer = {"bron": "eigen_melding", "crisis": "geen"}
    nummer = start(
        db, "schuldhulp", "melding_registreren", invoer, door=KBL, personen=[wie], op=day("2026-01-05")
    ).nummer
    with pytest.raises(LeveringGeweigerd, match=f"{nummer} has no municipality"):
        export(db)


def test_what_does_not_fit_the_format_does_not_leave(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    melding(db, "2026-01-05")
    monkeypatch.setattr(
        ddas_uit, "traject_json", lambda *_: {"gemeentecode": "GM0935", "startdatum": 5, "kleur": "blauw"}
    )
    with pytest.raises(LeveringGeweigerd, match=r"\$.leveringen\[0\].schuldhulptrajecten\[0\].startdatum.*type"):
        export(db)


def test_only_what_fits_is_written() -> None:
    assert fits("startdatum", "2024-01-01")
    assert not fits("startdatum", "2024-02-30")
    assert not fits("oplossing.soort", "Iets")
    assert not fits("oplossing.vtlb", True)
    assert not fits("kleur", "blauw")


class _Terug(Exception):
    """Lets a transaction be rolled back."""


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wijzigingen)
def test_whatever_could_be_read_comes_back_as_it_was_read(
    database: str, gewijzigd: list[tuple[tuple[Any, ...], Any]]
) -> None:
    tekst = json.dumps(mutated(gewijzigd))
    gelezen = read(tekst, Opmerkingen())
    if gelezen is None:
        return
    with klok.at(LATER), suppress(_Terug), transaction(database) as db:
        verslag = ddas.import_delivery(db, tekst, DOOR)
        terug = dict(ddas_uit.trajecten(db, [r.nummer for r in verslag.regels if r.nummer]))
        for regel in verslag.regels:
            (geleverd,) = [t.gegevens for t in gelezen.trajecten if t.pad == regel.pad]
            if regel.uitkomst == "nieuw":
                verschil = changes(geleverd, terug[regel.nummer or ""])
                assert not {pad for pad in verschil if not pad.startswith("client")}
        raise _Terug


def test_an_end_before_the_start_is_that_of_the_log(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such a beschikking is refused now, and may stand in a log of before."""
    nummer = melding(db, "2026-01-12")
    monkeypatch.setattr("workflow.velden.out_of_order", lambda *_: {})
    beschikt = {"beeindigingsbeschikking_op": "2016-11-27"}
    walk(db, nummer, ("2026-02-02", "uitval_vastleggen", beschikt, "geen_hulp_gewenst"))
    traject = told(db)
    assert (traject["startdatum"], traject["einddatum"]) == ("2026-01-12", "2026-02-02")
    assert traject["uitstroom"] == {"datum": "2026-02-02", "reden": "Ingetrokken"}
