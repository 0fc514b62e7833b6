"""Marek: from stabilisatie to WSNP, after the court refused a dwangakkoord."""

from __future__ import annotations

from tests.verhalen.verteller import BEZWAAR, Traject, Verteller

ZONDER_VERKLARING = "Vul de datum van de verklaring art. 285 Fw in: een WSNP-verzoek kan niet zonder."
AKKOORD = "Schuldregeling tot stand brengen"


def test_marek_gets_a_schone_lei(verteller: Verteller):
    marek = to_the_toelating(verteller)
    the_stabilisatie(marek)
    two_creditors_refuse(marek)
    the_dwangakkoord_is_asked(marek)
    the_hundred_and_twenty_days_pass(verteller, marek)
    the_judgment(verteller, marek)
    the_schone_lei(marek)
    outcome(verteller, marek)


def to_the_toelating(verteller: Verteller) -> Traject:
    marek = verteller.melding("02-09-2024", "Marek Nowicki", bron="eigen_melding")
    assert marek.pagina.lopend == {"Eerste gesprek": "30 september 2024"}
    assert marek.doe("23-09-2024", "intake_starten").lopend == {"Besluit over toelating": "18 november 2024"}
    assert marek.toelaten("28-10-2024").termijn("Besluit over toelating").rest == "gehaald"
    return marek


def the_stabilisatie(marek: Traject) -> None:
    assert marek.doe("28-10-2024", "stabilisatie_starten").lopend == {
        "Stabilisatie": "28 februari 2025",
        BEZWAAR: "9 december 2024",
    }
    getekend = {"overeenkomst_op": "24-02-2025", "aantal_schuldeisers": "14"}
    pagina = marek.doe("24-02-2025", "minnelijk_voorbereiden", **getekend)
    assert pagina.termijn("Stabilisatie").rest == "gehaald"
    assert pagina.lopend == {AKKOORD: "24 juni 2025"}


def two_creditors_refuse(marek: Traject) -> None:
    reacties = {"aantal_akkoord": "12", "aantal_weigeringen": "2"}
    regel = marek.doe("09-06-2025", "reacties_vastleggen", **reacties).geschiedenis[-1]
    assert regel.zin == "Reacties van schuldeisers ontvangen: 12 akkoord, 2 geweigerd"


def the_dwangakkoord_is_asked(marek: Traject) -> None:
    verzoek = {"met_wsnp_verzoek": "ja"}
    assert marek.weigert("10-06-2025", "dwangakkoord_aanvragen", **verzoek) == [ZONDER_VERKLARING]
    verzoek["verklaring_285_op"] = "10-06-2025"
    pagina = marek.doe("10-06-2025", "dwangakkoord_aanvragen", **verzoek)
    assert pagina.badges == ["Dwangakkoord gevraagd", "nog 14 dagen"]
    assert pagina.lopend == {AKKOORD: "24 juni 2025"}


def the_hundred_and_twenty_days_pass(verteller: Verteller, marek: Traject) -> None:
    laatste = marek.op("24-06-2025").termijn(AKKOORD)
    assert (laatste.rest, laatste.uitleg) == ("vandaag", "Dag 120 van 120")
    assert marek.op("25-06-2025").termijn(AKKOORD).rest == "1 dag te laat"
    assert "Signalen aan u" not in verteller.lees("/vandaag", "coordinator").wortel.tekst
    pagina = marek.doe("25-06-2025", "signaal_120_dagen_geven")
    assert pagina.badges[0] == "Dwangakkoord gevraagd"
    (signaal,) = the_signals(verteller)
    assert all(deel in signaal for deel in ("Marek Nowicki", "Coördinator gewezen op 120 dagen", "25-06"))
    pagina = marek.doe("25-06-2025", "zitting_vastleggen", zitting_op="26-06-2025")
    assert pagina.lopend == {AKKOORD: "24 juni 2025", "Vonnis na de zitting": "4 juli 2025"}


def the_signals(verteller: Verteller) -> list[str]:
    """What asks the coordinator to look, on their page Vandaag."""
    vakken = verteller.lees("/vandaag", "coordinator").wortel.alle("section")
    regels = (vak.alle("li", "rk-plan__punt") for vak in vakken if "Signalen aan u" in vak.tekst)
    return [regel.tekst for vak in regels for regel in vak]


def the_judgment(verteller: Verteller, marek: Traject) -> None:
    pagina = marek.doe("03-07-2025", "wsnp_uitspreken", start_termijn_op="01-03-2025")
    assert the_signals(verteller) == []
    assert pagina.termijn("Vonnis na de zitting").rest == "gehaald"
    assert pagina.termijn(AKKOORD).rest == "te laat"
    assert pagina.lopend == {
        "Looptijd WSNP": "31 augustus 2026",
        "Eindverslag van de WSNP-bewindvoerder": "31 mei 2026",
        "Eindzitting bepaald": "31 juli 2026",
    }


def the_schone_lei(marek: Traject) -> None:
    te_vroeg = ["De schone lei is nog niet vastgelegd."]
    assert marek.op("07-09-2026").niet_nu["Nazorg na WSNP starten"] == te_vroeg
    assert marek.weigert("07-09-2026", "nazorg_na_wsnp_starten") == te_vroeg
    marek.doe("08-09-2026", "schone_lei_vastleggen")
    pagina = marek.doe("09-09-2026", "nazorg_na_wsnp_starten")
    assert pagina.lopend == {"Nazorg": "8 maart 2027"}


def outcome(verteller: Verteller, marek: Traject) -> None:
    assert marek.weg()[4:] == [
        ("stabilisatie", "28-10-2024", 119),
        ("minnelijk_voorbereiding", "24-02-2025", 106),
        ("dwangakkoord", "10-06-2025", 23),
        ("wsnp_lopend", "03-07-2025", 433),
        ("nazorg", "09-09-2026", None),
    ]
    assert [v.stap for v in marek.verblijven("regeling")] == ["wsnp_lopend"]
    assert {v.klasse for v in marek.verblijven()} == {"door", None}
    assert len(verteller.trajecten()) == 1
