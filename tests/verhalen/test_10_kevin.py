"""Kevin: drop-out from a running schuldbemiddeling, later straight to the WSNP."""

from __future__ import annotations

from tests.verhalen.verteller import BEZWAAR, Traject, Verteller

ZONDER_BESCHIKKING = "Vul de datum van de beëindigingsbeschikking in: na toelating kan het niet zonder."


def test_kevin_comes_back_after_uitval(verteller: Verteller):
    eerst = to_the_schuldbemiddeling(verteller)
    new_debts(eerst)
    the_end_needs_a_beschikking(eerst)
    terug = the_second_melding(verteller, eerst)
    straight_to_the_wsnp(terug)
    outcome(verteller, eerst, terug)
    the_term_of_what_was_dropped(eerst)


def to_the_schuldbemiddeling(verteller: Verteller) -> Traject:
    kevin = verteller.melding("06-03-2023", "Kevin Lardinois", bron="eigen_melding")
    assert kevin.pagina.lopend == {"Eerste gesprek": "3 april 2023"}
    assert kevin.doe("20-03-2023", "intake_starten").lopend == {"Besluit over toelating": "15 mei 2023"}
    kevin.toelaten("24-04-2023")
    assert kevin.doe("24-04-2023", "stabilisatie_starten").lopend == {
        "Stabilisatie": "24 augustus 2023",
        BEZWAAR: "5 juni 2023",
    }
    pagina = kevin.doe("15-08-2023", "minnelijk_voorbereiden", overeenkomst_op="15-08-2023")
    assert pagina.lopend == {"Schuldregeling tot stand brengen": "13 december 2023"}
    regeling = {"regeling_start_op": "01-09-2023", "gepland_einde_op": "28-02-2025", "vtlb": "1250"}
    pagina = kevin.doe("01-09-2023", "regeling_starten", regeling_variant="schuldbemiddeling", **regeling)
    assert pagina.lopend == {"Aflosperiode minnelijke regeling": "28 februari 2025"}
    return kevin


def new_debts(kevin: Traject) -> None:
    verslag = "Nieuwe schulden en een gemiste afdracht in oktober, door ziekte."
    regel = kevin.doe("04-11-2024", "herstelgesprek_voeren", toelichting=verslag).geschiedenis[-1]
    assert (regel.zin, regel.antwoorden) == ("Herstelgesprek gevoerd", f"Toelichting: {verslag}")


def the_end_needs_a_beschikking(kevin: Traject) -> None:
    einde = {"reden": "Nieuwe schulden gemaakt"}
    assert kevin.weigert("25-11-2024", "uitval_vastleggen", **einde) == [ZONDER_BESCHIKKING]
    assert kevin.pagina.badges[0] == "Minnelijke regeling loopt"
    einde["beeindigingsbeschikking_op"] = "25-11-2024"
    pagina = kevin.doe("25-11-2024", "uitval_vastleggen", **einde)
    assert pagina.badges == ["Voortijdig gestopt"]
    assert pagina.termijn("Bezwaartermijn tegen de beëindiging").uiterlijk == "6 januari 2025"
    assert kevin.dagen("minnelijk_lopend") == 451


def the_second_melding(verteller: Verteller, eerst: Traject) -> Traject:
    terug = verteller.terugkeer("12-05-2025", "Kevin Lardinois", bron="eigen_melding")
    gesprek = terug.pagina.termijn("Eerste gesprek")
    assert terug.pagina.feiten["Eerder traject"] == eerst.nummer
    assert gesprek.uiterlijk == "10 juni 2025"
    assert "verschoven van maandag 9 juni 2025 (2e Pinksterdag)" in gesprek.uitleg
    assert terug.doe("26-05-2025", "intake_starten").lopend == {"Besluit over toelating": "21 juli 2025"}
    assert terug.toelaten("14-07-2025").termijn("Besluit over toelating").rest == "gehaald"
    return terug


def straight_to_the_wsnp(terug: Traject) -> None:
    verzoek = {"verklaring_285_op": "01-09-2025", "aflosmogelijkheid": "geen"}
    pagina = terug.doe("01-09-2025", "wsnp_direct_aanvragen", **verzoek)
    assert (pagina.badges, pagina.lopend) == (["WSNP-verzoek"], {})
    pagina = terug.doe("30-09-2025", "wsnp_uitspreken", start_termijn_op="30-09-2025")
    assert pagina.termijn("Looptijd WSNP").uiterlijk == "29 maart 2027"


def outcome(verteller: Verteller, eerst: Traject, terug: Traject) -> None:
    (einde,) = [v for v in eerst.verblijven() if v.klasse == "uitval"]
    assert (einde.stap, einde.fase, einde.reden) == ("minnelijk_lopend", "minnelijk", "nieuwe_schulden")
    assert terug.komt_uit == {"soort": "herstart", "traject": eerst.rij.id}
    assert eerst.komt_uit is None
    assert "Eerder traject" not in eerst.pagina.feiten
    regelingen = [v.stap for traject in (eerst, terug) for v in traject.verblijven("regeling")]
    assert regelingen == ["minnelijk_lopend", "wsnp_lopend"]
    assert "minnelijk_voorbereiding" not in [v.stap for v in terug.verblijven()]
    assert [rij.is_open for rij in verteller.trajecten()] == [False, True]


def the_term_of_what_was_dropped(eerst: Traject) -> None:
    """The regeling ended before its last day, and that is nothing achieved."""
    assert eerst.pagina.termijn("Aflosperiode minnelijke regeling").rest not in ("gehaald", "te laat")
