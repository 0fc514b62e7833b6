"""Ingrid: back through a vroegsignaal, after a regeling of three years under an older map."""

from __future__ import annotations

from sqlalchemy import select

from models.database import transaction
from models.projectie import deelname
from tests.verhalen.verteller import BEZWAAR, Traject, Verteller, day
from workflow import instellingen, kaarten
from workflow.kaartlezer import lees

NAAMLOOS = "Naam onbekend"
BSN = "900000004"
BEREIKT = {"contactsoort": "huisbezoek", "bereikt": "ja"}
TE_VROEG = "De dag kan niet voor het begin liggen (1 september 2025)."

LEVERING = {
    "startdatumLevering": "2019-01-01",
    "einddatumLevering": "2022-09-30",
    "aanleverdatumEnTijd": "2022-10-03T07:00:00Z",
    "codeGegevensleverancier": "OUD 7.2",
    "leveringen": [
        {
            "teller": 1,
            "aanleverende_organisatie": {"(Statutaire) Naam": "Kredietbank Limburg"},
            "schuldhulptrajecten": [
                {
                    "gemeentecode": "GM0935",
                    "client": [{"Burgerservicenummer": BSN, "Geboortedatum": "1971-05-19"}],
                    "startdatum": "2019-10-01",
                    "einddatum": "2022-09-30",
                    "oplossing": {
                        "soort": "Schuldbemiddeling",
                        "startdatum": "2019-10-01",
                        "einddatum": "2022-09-30",
                    },
                    "uitstroom": {"datum": "2022-09-30", "reden": "Afgerond"},
                }
            ],
        }
    ],
}
"""The earlier traject as the system of those days sent it."""


def test_ingrid_comes_back_and_pays_everything(verteller: Verteller):
    eerder = the_earlier_traject(verteller)
    a_newer_map(verteller)
    ingrid = the_vroegsignaal(verteller)
    both_readings_of_the_term(ingrid)
    the_weighed_toelating(ingrid)
    the_betalingsregeling(ingrid)
    outcome(verteller, eerder, ingrid)


def the_earlier_traject(verteller: Verteller) -> Traject:
    """It comes from the system of those days, in a delivery, after it had ended; deliveries have no names."""
    pagina = verteller.levering("03-10-2022", LEVERING)
    assert any("1 traject ingelezen" in zin for zin in pagina.meldingen)
    (rij,) = verteller.trajecten()
    eerder = Traject(verteller, rij.nummer)
    assert (eerder.pagina.titel, eerder.pagina.badges) == (NAAMLOOS, ["Uitstroom"])
    looptijd = eerder.pagina.termijn("Aflosperiode minnelijke regeling")
    assert (looptijd.uiterlijk, looptijd.rest) == ("30 september 2022", "afgelopen")
    return eerder


def a_newer_map(verteller: Verteller) -> None:
    verteller.op("01-07-2023")
    tekst = instellingen.map_file().read_text(encoding="utf-8")
    with transaction(verteller.database) as db:
        kaarten.store(db, lees(tekst.replace('versie: "2026-1"', 'versie: "2023-2"').encode()))


def the_vroegsignaal(verteller: Verteller) -> Traject:
    """The huisbezoek of 28 August comes before the melding, and so before the traject: the melding tells of it."""
    bezoek = {"kanaal": "Huisbezoek", "toelichting": "Huisbezoek op 28-08-2025 om huur en zorg: bereikt."}
    signaal = {"bron": "vroegsignaal", "signaal_ontvangen_op": "18-08-2025", "eerste_bsn": BSN, **bezoek}
    ingrid = verteller.terugkeer("01-09-2025", "Ingrid Rademakers", NAAMLOOS, **signaal)
    assert "Kanaal: Huisbezoek" in ingrid.pagina.geschiedenis[0].antwoorden
    assert "Huisbezoek op 28-08-2025" in ingrid.pagina.geschiedenis[0].antwoorden
    assert ingrid.weigert("01-09-2025", "contact_vastleggen", op="28-08-2025", **BEREIKT) == [TE_VROEG]
    return ingrid


def both_readings_of_the_term(ingrid: Traject) -> None:
    assert ingrid.pagina.lopend == {
        "Eerste gesprek": "15 september 2025",
        "Eerste gesprek, gerekend vanaf acceptatie": "29 september 2025",
    }
    pagina = ingrid.doe("22-09-2025", "intake_starten")
    volgens_de_wet = pagina.termijn("Eerste gesprek")
    assert (volgens_de_wet.rest, volgens_de_wet.uitleg) == ("te laat", "7 dagen te laat na een termijn van 28 dagen")
    assert pagina.termijn("Eerste gesprek, gerekend vanaf acceptatie").rest == "gehaald"


def the_weighed_toelating(ingrid: Traject) -> None:
    overwogen = {
        "weigering_overwogen": "eerdere_hulp",
        "motivering": "De eerdere regeling is netjes afgerond en de nieuwe schulden komen door ziekte.",
    }
    pagina = ingrid.toelaten("13-10-2025", **overwogen)
    besluit = pagina.termijn("Besluit over toelating")
    assert (besluit.uiterlijk, besluit.rest) == ("17 november 2025", "gehaald")
    assert pagina.feiten["Weigering overwogen"] == "Ja, eerdere schuldhulpverlening"
    assert "Motivering: De eerdere regeling is netjes afgerond" in pagina.geschiedenis[-1].antwoorden


def the_betalingsregeling(ingrid: Traject) -> None:
    afspraak = {"betaling_start_op": "01-11-2025", "gepland_einde_op": "31-10-2026"}
    ingrid.doe("01-11-2025", "betalingsregeling_starten", betaling_variant="betalingsregeling", **afspraak)
    assert ingrid.pagina.lopend == {"Looptijd betalingsregeling": "31 oktober 2028", BEZWAAR: "24 november 2025"}
    pagina = ingrid.doe("02-11-2026", "nazorg_starten", regeling_resultaat="alles_betaald")
    assert pagina.lopend == {"Nazorg": "1 mei 2027"}
    assert ingrid.dagen("betalingsregeling") == 366


def outcome(verteller: Verteller, eerder: Traject, ingrid: Traject) -> None:
    assert ingrid.komt_uit == {"soort": "herstart", "traject": eerder.rij.id}
    assert ingrid.pagina.feiten["Eerder traject"] == eerder.nummer
    (was,), (nu,) = eerder.verblijven("regeling"), ingrid.verblijven("regeling")
    assert (was.stap, was.klasse, was.tot_dag) == ("minnelijk_lopend", "succes", day("30-09-2022"))
    assert (nu.stap, nu.klasse) == ("betalingsregeling", "door")
    assert was.tot_dag - was.van_dag == 1095
    assert len({eerder.rij.routekaart, ingrid.rij.routekaart}) == 2
    with verteller.database_open() as db:
        wie = db.execute(select(deelname.c.deelnemer, deelname.c.traject_id)).all()
    assert {w.traject_id for w in wie} == {eerder.rij.id, ingrid.rij.id}
    assert len({w.deelnemer for w in wie}) == 1
