"""Chantal: first DFD because of an addiction, then stabilisatie after all."""

from __future__ import annotations

from tests.verhalen.verteller import BEZWAAR, Traject, Verteller, typed

DFD = "Duurzame financiële dienstverlening (DFD)"
AFWIJKING = (
    f"Deze keuze wijkt af van het advies van MESIS ({DFD}, Budgetbeheer)"
    f" en het advies van de dienstverleningsovereenkomst ({DFD}, Budgetbeheer). Vul een motivering in."
)
ZONDER_PLAN = ["Vul de dag in: gepland einde.", "Vul in: vrij te laten bedrag per maand (vtlb)."]


def test_chantal_needs_time_before_a_regeling(verteller: Verteller):
    verteller.op("03-03-2025")
    verteller.organisatie("ZORG", "Verslavingszorg De Overstap")
    chantal = melding_and_mesis(verteller)
    toelating_and_dfd(chantal)
    help_beside_it(chantal)
    the_second_mesis(chantal)
    to_a_regeling(chantal)
    outcome(chantal)


def melding_and_mesis(verteller: Verteller) -> Traject:
    chantal = verteller.melding("03-03-2025", "Chantal Bemelmans", bron="eigen_melding")
    assert chantal.pagina.lopend == {"Eerste gesprek": "31 maart 2025"}
    assert chantal.doe("17-03-2025", "intake_starten").lopend == {"Besluit over toelating": "12 mei 2025"}
    eerst = {"voorwaarde_eerst": "verslavingszorg", "advies_route": "dfd"}
    pagina = chantal.mesis("24-03-2025", "profiel_3", klant="nee", **eerst)
    assert pagina.feiten["Wat moet eerst gebeuren"] == "Eerst behandeling van verslaving"
    return chantal


def toelating_and_dfd(chantal: Traject) -> None:
    assert chantal.toelaten("14-04-2025").termijn("Besluit over toelating").rest == "gehaald"
    assert chantal.weigert("14-04-2025", "stabilisatie_starten") == [AFWIJKING]
    pagina = chantal.doe("14-04-2025", "dfd_starten")
    assert pagina.badges[0] == DFD
    assert pagina.lopend == {"Jaarlijks heronderzoek DFD": "14 april 2026", BEZWAAR: "26 mei 2025"}


def help_beside_it(chantal: Traject) -> None:
    hulp = {"partner": "Verslavingszorg De Overstap", "hulpsoort": "Verslavingszorg"}
    verwijzing = chantal.erbij("28-04-2025", "verwijzing", "verwijzing_maken", verwijzing_soort="warm", **hulp)
    assert chantal.weigert_erbij("01-05-2025", "begeleiding", "beschermingsbewind_starten") == [AFWIJKING]
    chantal.erbij("01-05-2025", "budgetbeheer", "totaal")
    pagina = verwijzing.doe("12-05-2025", "aankomst_vastleggen")
    assert (pagina.badges, pagina.feiten["Duurde"]) == (["Aangekomen"], "14 dagen")
    naast = [(k.route, k.stap) for k in chantal.pagina.kinderen]
    assert naast == [("Budgetbeheer", "BBR Totaal"), ("Verwijzing", "Aangekomen")]


def the_second_mesis(chantal: Traject) -> None:
    pagina = chantal.mesis("12-01-2026", "profiel_1", voorwaarde_eerst="geen", advies_route="stabilisatie")
    assert pagina.badges[0] == DFD
    pagina = chantal.doe("19-01-2026", "stabilisatie_starten")
    assert pagina.lopend == {"Stabilisatie": "19 mei 2026"}
    assert chantal.dagen("dfd") == 280


def to_a_regeling(chantal: Traject) -> None:
    chantal.kind("Budgetbeheer").doe("01-03-2026", "plus_instellen")
    pagina = chantal.doe("11-05-2026", "minnelijk_voorbereiden", overeenkomst_op="11-05-2026")
    assert pagina.lopend == {"Schuldregeling tot stand brengen": "8 september 2026"}
    regeling = {"regeling_variant": "schuldbemiddeling", "regeling_start_op": "01-08-2026"}
    assert chantal.weigert("01-08-2026", "regeling_starten", **regeling) == ZONDER_PLAN
    regeling |= {"gepland_einde_op": "31-01-2028", "vtlb": "1390"}
    pagina = chantal.doe("01-08-2026", "regeling_starten", **regeling)
    assert pagina.termijn("Schuldregeling tot stand brengen").rest == "gehaald"
    assert pagina.lopend == {"Aflosperiode minnelijke regeling": "31 januari 2028"}


def outcome(chantal: Traject) -> None:
    assert chantal.kenmerken("mesis_profiel") == [
        ("profiel_3", "24-03-2025", "12-01-2026"),
        ("profiel_1", "12-01-2026", None),
    ]
    pakketten = chantal.kind("Budgetbeheer")
    assert pakketten.weg() == [("totaal", "01-05-2025", 304), ("plus", "01-03-2026", None)]
    (aaneen,) = pakketten.verblijven("traject")
    assert (typed(aaneen.van_dag), aaneen.tot_dag) == ("01-05-2025", None)
    assert chantal.rij.is_open
    assert "uitval" not in {v.klasse for v in chantal.verblijven()}
