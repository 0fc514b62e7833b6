"""Fatima: regular and successful, with a saneringskrediet."""

from __future__ import annotations

from tests.verhalen.verteller import BEZWAAR, Traject, Verteller, typed


def test_fatima_is_free_of_debts_after_eighteen_months(verteller: Verteller):
    fatima = the_melding(verteller)
    the_intake(fatima)
    the_stabilisatie(fatima)
    all_creditors_agree(fatima)
    the_saneringskrediet(fatima)
    the_nazorg(fatima)
    outcome(verteller, fatima)
    the_aflosperiode_is_over(fatima)


def the_melding(verteller: Verteller) -> Traject:
    fatima = verteller.melding(
        "08-01-2024", "Fatima el Amrani", bron="wijkservicepunt", wijkservicepunt="Wijkservicepunt West"
    )
    pagina = fatima.pagina
    assert (pagina.titel, pagina.badges) == ("Fatima el Amrani", ["Melding", "nog 28 dagen"])
    assert pagina.feiten["Wijkservicepunt"] == "Wijkservicepunt West"
    assert pagina.lopend == {"Eerste gesprek": "5 februari 2024"}
    return fatima


def the_intake(fatima: Traject) -> None:
    gesprek = fatima.doe("22-01-2024", "intake_starten").termijn("Eerste gesprek")
    assert (gesprek.rest, gesprek.uitleg) == ("gehaald", "Gehaald op dag 14 van 28")
    pagina = fatima.mesis("29-01-2024", "profiel_1")
    assert pagina.lopend == {"Besluit over toelating": "18 maart 2024"}
    besluit = fatima.toelaten("26-02-2024").termijn("Besluit over toelating")
    assert (besluit.rest, besluit.uiterlijk) == ("gehaald", "18 maart 2024")


def the_stabilisatie(fatima: Traject) -> None:
    pagina = fatima.doe("26-02-2024", "stabilisatie_starten")
    assert pagina.lopend == {"Stabilisatie": "26 juni 2024", BEZWAAR: "8 april 2024"}
    pagina = fatima.doe("21-05-2024", "minnelijk_voorbereiden", overeenkomst_op="21-05-2024")
    assert pagina.termijn("Stabilisatie").rest == "gehaald"
    assert fatima.dagen("stabilisatie") == 85


def all_creditors_agree(fatima: Traject) -> None:
    assert fatima.pagina.lopend == {"Schuldregeling tot stand brengen": "18 september 2024"}
    pagina = fatima.doe("27-08-2024", "akkoord_vaststellen")
    akkoord = pagina.termijn("Schuldregeling tot stand brengen")
    assert (akkoord.rest, akkoord.uitleg) == ("gehaald", "Gehaald op dag 98 van 120")
    assert pagina.badges == ["Minnelijke voorbereiding"]


def the_saneringskrediet(fatima: Traject) -> None:
    pagina = fatima.doe(
        "01-09-2024",
        "regeling_starten",
        regeling_variant="saneringskrediet",
        regeling_start_op="01-09-2024",
        gepland_einde_op="28-02-2026",
        vtlb="1510",
    )
    assert pagina.lopend == {"Aflosperiode minnelijke regeling": "28 februari 2026"}
    fatima.doe("02-03-2026", "nazorg_starten", regeling_resultaat="finale_kwijting")
    assert fatima.dagen("minnelijk_lopend") == 547


def the_nazorg(fatima: Traject) -> None:
    assert fatima.pagina.lopend == {"Nazorg": "1 september 2026"}
    assert "Uitstroom vastleggen" in fatima.pagina.knoppen
    pagina = fatima.doe("01-09-2026", "uitstromen", reden="Schuldenvrij")
    assert pagina.badges == ["Uitstroom"]
    assert (pagina.feiten["Begonnen"], pagina.feiten["Duurde"]) == ("8 januari 2024", "967 dagen")


def outcome(verteller: Verteller, fatima: Traject) -> None:
    (traject,) = fatima.verblijven("traject")
    assert (traject.ingang, traject.klasse, traject.reden) == ("start", "succes", "afgerond_schuldenvrij")
    (regeling,) = fatima.verblijven("regeling")
    assert (regeling.stap, typed(regeling.van_dag)) == ("minnelijk_lopend", "01-09-2024")
    assert [v.klasse for v in fatima.verblijven()] == ["door"] * 8 + ["succes"]
    assert fatima.dagen("melding") == 14
    assert len(verteller.trajecten()) == 1
    assert [(r.dag, r.zin) for r in fatima.pagina.geschiedenis] == HISTORY


def the_aflosperiode_is_over(fatima: Traject) -> None:
    """It ended on a Saturday and nazorg began on the Monday after; nobody was late."""
    assert fatima.pagina.termijn("Aflosperiode minnelijke regeling").rest not in ("gehaald", "te laat")


HISTORY = [
    ("8 januari 2024", "Melding geregistreerd"),
    ("22 januari 2024", "Intake gestart (van Melding naar Intake)"),
    ("29 januari 2024", "MESIS afgenomen (van Intake naar MESIS-screening)"),
    ("26 februari 2024", "Besluit voorbereid (van MESIS-screening naar Besluit)"),
    ("26 februari 2024", "Toegelaten tot schuldhulp (van Besluit naar Toegelaten)"),
    ("26 februari 2024", "Stabilisatie gestart (van Toegelaten naar Stabilisatie)"),
    (
        "21 mei 2024",
        "Begonnen met voorbereiding van de minnelijke regeling (van Stabilisatie naar Minnelijke voorbereiding)",
    ),
    ("27 augustus 2024", "Alle schuldeisers gingen akkoord"),
    ("1 september 2024", "Regeling gestart (van Minnelijke voorbereiding naar Minnelijke regeling loopt)"),
    ("2 maart 2026", "Nazorg gestart (van Minnelijke regeling loopt naar Nazorg)"),
    ("1 september 2026", "Uitgestroomd (van Nazorg naar Uitstroom). Reden: Schuldenvrij"),
]
