"""Jan and Petra: a household of two that falls apart."""

from __future__ import annotations

from sqlalchemy import select

from models.projectie import deelname
from tests.verhalen.verteller import BEZWAAR, Traject, Verteller, day, typed
from workflow import personen

AKKOORD = "Schuldregeling tot stand brengen"
ZONDER_BESCHIKKING = "Vul de datum van de beëindigingsbeschikking in: na toelating kan het niet zonder."


def test_jan_goes_on_and_petra_moves_away(verteller: Verteller):
    samen = one_traject_for_two(verteller)
    the_minnelijke_voorbereiding(samen)
    petra = the_split(verteller, samen)
    petra_moves_to_heerlen(petra)
    jan_starts_anew(samen)
    outcome(verteller, samen, petra)
    the_old_term_was_not_met(samen)


def one_traject_for_two(verteller: Verteller) -> Traject:
    samen = verteller.melding("20-01-2025", "Jan Hendriks", "Petra Hendriks", bron="eigen_melding")
    assert samen.pagina.titel == "Jan Hendriks en Petra Hendriks"
    assert samen.pagina.lopend == {"Eerste gesprek": "17 februari 2025"}
    assert samen.doe("03-02-2025", "intake_starten").lopend == {"Besluit over toelating": "31 maart 2025"}
    samen.toelaten("10-03-2025")
    assert samen.doe("10-03-2025", "stabilisatie_starten").lopend == {
        "Stabilisatie": "10 juli 2025",
        BEZWAAR: "22 april 2025",
    }
    return samen


def the_minnelijke_voorbereiding(samen: Traject) -> None:
    pagina = samen.doe("30-06-2025", "minnelijk_voorbereiden", overeenkomst_op="30-06-2025")
    assert pagina.lopend == {AKKOORD: "28 oktober 2025"}
    assert samen.dagen("stabilisatie") == 112


def the_split(verteller: Verteller, samen: Traject) -> Traject:
    pagina = samen.doe("01-09-2025", "huishouden_splitsen", vertrekker="Petra Hendriks")
    assert (pagina.titel, pagina.badges[0]) == ("Jan Hendriks", "Minnelijke voorbereiding")
    assert "Een deelnemer gaat verder in een eigen traject" in [r.zin for r in pagina.geschiedenis]
    (nummer,) = {rij.nummer for rij in verteller.trajecten()} - {samen.nummer}
    petra = Traject(verteller, nummer)
    assert (petra.pagina.titel, petra.pagina.badges[0]) == ("Petra Hendriks", "Minnelijke voorbereiding")
    assert petra.pagina.feiten["Begonnen"] == "20 januari 2025"
    assert [r.zin for r in petra.pagina.geschiedenis] == ["Afgesplitst, in de stap Minnelijke voorbereiding"]
    assert any("afgesplitst van een ander traject" in zin for zin in petra.pagina.meldingen)
    each_page_leads_to_the_other(samen, petra)
    return petra


def each_page_leads_to_the_other(samen: Traject, petra: Traject) -> None:
    assert messages_leading_to(petra, samen) == [
        f"Dit traject is afgesplitst van een ander traject: {samen.nummer}."
        " De doorlooptijd telt vanaf de eerste melding."
    ]
    assert messages_leading_to(samen, petra) == [f"Van dit traject is afgesplitst: {petra.nummer}."]


def messages_leading_to(hier: Traject, daar: Traject) -> list[str]:
    meldingen = hier.pagina.wortel.alle(klasse="rk-melding")
    return [m.tekst for m in meldingen if daar.url in [link["href"] for link in m.alle("a")]]


def petra_moves_to_heerlen(petra: Traject) -> None:
    verhuisd = {"reden": "Verhuisd naar een andere gemeente"}
    assert petra.weigert("15-09-2025", "neutraal_beeindigen", **verhuisd) == [ZONDER_BESCHIKKING]
    verhuisd["beeindigingsbeschikking_op"] = "15-09-2025"
    pagina = petra.doe("15-09-2025", "neutraal_beeindigen", **verhuisd)
    assert (pagina.badges, pagina.feiten["Duurde"]) == (["Beëindigd"], "238 dagen")
    assert pagina.termijn("Bezwaartermijn tegen de beëindiging").uiterlijk == "27 oktober 2025"


def jan_starts_anew(jan: Traject) -> None:
    pagina = jan.doe("22-09-2025", "overeenkomst_sluiten", overeenkomst_op="22-09-2025")
    oud, nieuw = sorted((t for t in pagina.termijnen if t.naam == AKKOORD), key=lambda t: t.loopt)
    assert (oud.uiterlijk, oud.loopt) == ("28 oktober 2025", False)
    assert (nieuw.uiterlijk, nieuw.loopt) == ("20 januari 2026", True)
    regeling = {"regeling_variant": "schuldbemiddeling", "regeling_start_op": "01-12-2025"}
    regeling |= {"gepland_einde_op": "31-05-2027", "vtlb": "1420"}
    pagina = jan.doe("01-12-2025", "regeling_starten", **regeling)
    assert pagina.lopend == {"Aflosperiode minnelijke regeling": "31 mei 2027"}


def outcome(verteller: Verteller, jan: Traject, petra: Traject) -> None:
    (van_jan,), (van_petra,) = jan.verblijven("traject"), petra.verblijven("traject")
    assert (van_jan.ingang, typed(van_jan.van_dag), van_jan.klasse) == ("start", "20-01-2025", None)
    assert (van_petra.ingang, typed(van_petra.van_dag)) == ("splitsing", "01-09-2025")
    assert (van_petra.klasse, van_petra.reden) == ("neutraal", "verhuisd")
    assert jan.rij.begonnen_op == petra.rij.begonnen_op == day("20-01-2025")
    assert len(verteller.trajecten()) == 2
    assert who_takes_part(verteller) == {
        (jan.nummer, "Jan Hendriks", "20-01-2025", None),
        (jan.nummer, "Petra Hendriks", "20-01-2025", "01-09-2025"),
        (petra.nummer, "Petra Hendriks", "01-09-2025", None),
    }


def the_old_term_was_not_met(jan: Traject) -> None:
    """A new overeenkomst took its place before there was an akkoord."""
    oud = next(t for t in jan.pagina.termijnen if t.uiterlijk == "28 oktober 2025")
    assert oud.rest not in ("gehaald", "te laat")


def who_takes_part(verteller: Verteller) -> set[tuple[str | None, ...]]:
    """Number, name, first day and the day it ended, of everybody in every traject."""
    nummers = {rij.id: rij.nummer for rij in verteller.trajecten()}
    with verteller.database_open() as db:
        rijen = db.execute(select(deelname)).all()
        mensen = personen.by_pseudonym(db, [rij.deelnemer for rij in rijen])
    return {(nummers[r.traject_id], mensen[r.deelnemer].naam, typed(r.van_dag), typed(r.tot_dag)) for r in rijen}
