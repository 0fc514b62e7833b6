"""Mevrouw Souren: budgetbeheer only, step by step, with a klacht."""

from __future__ import annotations

from bezoek import op_beide

from tests.verhalen.verteller import Traject, Verteller

LOOPT_NOG = ["Er loopt nog budgetbeheer: rond dat eerst af."]


@op_beide
def test_mevrouw_souren_does_it_herself_again(verteller: Verteller):
    verteller.op("13-01-2025")
    verteller.organisatie("LIFT", "Stichting LIFT")
    souren = sent_by_a_partner(verteller)
    the_toelating(souren)
    the_budgetkring(souren)
    one_step_up(souren, "01-10-2025", "plus_instellen", "BBR Plus")
    klacht = the_klacht(souren)
    one_step_up(souren, "01-04-2026", "basis_instellen", "BBR Basis")
    the_end(souren)
    outcome(verteller, souren, klacht)


def sent_by_a_partner(verteller: Verteller) -> Traject:
    souren = verteller.melding("13-01-2025", "Souren", bron="verwijzing", verwijzer="Stichting Trajekt")
    hier = {"partner": "Stichting Trajekt", "verwijzing_soort": "warm"}
    verwijzing = souren.erbij("13-01-2025", "verwijzing", "verwijzing_ontvangen", **hier)
    assert souren.pagina.lopend == {"Eerste gesprek": "10 februari 2025"}
    souren.doe("27-01-2025", "intake_starten")
    assert verwijzing.doe("27-01-2025", "aankomst_vastleggen").badges == ["Aangekomen"]
    return souren


def the_toelating(souren: Traject) -> None:
    assert souren.pagina.lopend == {"Besluit over toelating": "24 maart 2025"}
    souren.toelaten("03-03-2025")
    pagina = souren.doe("10-03-2025", "budgetbeheer_starten", bbr_variant="totaal")
    assert pagina.badges == ["Alleen budgetbeheer"]
    assert [(k.route, k.stap) for k in pagina.kinderen if k.route == "Budgetbeheer"] == [("Budgetbeheer", "BBR Totaal")]


def the_budgetkring(souren: Traject) -> None:
    kring = {"partner": "Stichting LIFT", "hulpsoort": "Budgetkring", "verwijzing_soort": "warm"}
    verwijzing = souren.erbij("01-04-2025", "verwijzing", "verwijzing_maken", **kring)
    assert verwijzing.doe("01-05-2025", "aankomst_vastleggen").feiten["Partnerorganisatie"] == "Stichting LIFT"


def one_step_up(souren: Traject, dag: str, code: str, variant: str) -> None:
    assert souren.kind("Budgetbeheer").doe(dag, code).badges == [variant]


def the_klacht(souren: Traject) -> Traject:
    over = {"klacht_onderwerp": "late_betaling", "met_commissie": "nee"}
    klacht = souren.erbij("12-01-2026", "klacht", "klacht_registreren", **over)
    assert klacht.pagina.lopend == {"Klacht afhandelen": "23 februari 2026"}
    pagina = klacht.doe("16-02-2026", "klacht_gegrond_verklaren")
    assert (pagina.badges, pagina.termijn("Klacht afhandelen").rest) == (["Klacht gegrond"], "gehaald")
    return klacht


def the_end(souren: Traject) -> None:
    klaar = {"reden": "Regelt de geldzaken weer zelf"}
    assert souren.op("01-10-2026").niet_nu["Uitstroom vastleggen"] == LOOPT_NOG
    assert souren.weigert("01-10-2026", "uitstromen", **klaar) == LOOPT_NOG
    assert souren.kind("Budgetbeheer").doe("01-10-2026", "zelfstandigheid_vastleggen").badges == ["Zelfstandig"]
    assert souren.doe("01-10-2026", "uitstromen", **klaar).badges == ["Uitstroom"]


def outcome(verteller: Verteller, souren: Traject, klacht: Traject) -> None:
    pakketten = souren.kind("Budgetbeheer")
    assert pakketten.weg() == [("totaal", "10-03-2025", 205), ("plus", "01-10-2025", 182), ("basis", "01-04-2026", 183)]
    assert [v.klasse for v in pakketten.verblijven()] == ["door", "door", "succes"]
    assert [v.stap for v in souren.verblijven()] == ["melding", "intake", "besluit", "toegelaten", "budgetbeheer"]
    (traject,) = souren.verblijven("traject")
    assert (traject.klasse, traject.reden) == ("succes", "afgerond_zelfstandig")
    assert souren.verblijven("regeling") == []
    assert [rij.nummer for rij in verteller.trajecten("klacht")] == [klacht.nummer]
