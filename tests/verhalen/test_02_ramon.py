"""Ramon: a crisis with three werkdagen, around Hemelvaart."""

from __future__ import annotations

from tests.verhalen.verteller import BEZWAAR, Traject, Verteller

NOG_NIET = ["Er is nog geen toelatingsbeschikking.", "Er is nog een crisis open: rond die eerst af."]


def test_ramon_keeps_his_home(verteller: Verteller):
    ramon = the_melding(verteller)
    crisis = the_crisis_opens_by_itself(ramon)
    the_gesprekken(ramon, crisis)
    the_moratorium_is_asked(ramon)
    stabilisatie_is_too_early(ramon)
    the_moratorium_is_granted(ramon)
    the_crisis_ends(crisis)
    the_stabilisatie(ramon)
    outcome(ramon, crisis)


def the_melding(verteller: Verteller) -> Traject:
    ramon = verteller.melding(
        "11-05-2026",
        "Ramon Proosten",
        bron="eigen_melding",
        crisis="woningontruiming",
        crisis_dreigt_op="28-05-2026",
    )
    assert ramon.pagina.lopend == {"Eerste gesprek bij bedreigende situatie": "15 mei 2026"}
    uitleg = ramon.pagina.termijn("Eerste gesprek bij bedreigende situatie").uitleg
    assert "ruim gerekend t/m maandag 18 mei 2026 (gelijkgestelde dag)" in uitleg
    assert "Hemelvaartsdag niet meegeteld" in uitleg
    return ramon


def the_crisis_opens_by_itself(ramon: Traject) -> Traject:
    crisis = ramon.kind("Crisisinterventie")
    pagina = crisis.pagina
    assert (pagina.titel, pagina.badges[0]) == ("Ramon Proosten", "Crisis gemeld")
    assert pagina.feiten["Soort crisis"] == "Gedwongen woningontruiming"
    assert pagina.lopend == {"Crisisgesprek": "15 mei 2026", "Crisisinterventie afronden": "25 mei 2026"}
    return crisis


def the_gesprekken(ramon: Traject, crisis: Traject) -> None:
    gesprek = ramon.doe("12-05-2026", "intake_starten").termijn("Eerste gesprek bij bedreigende situatie")
    assert gesprek.rest == "gehaald"
    assert gesprek.uitleg.startswith("Gehaald op werkdag 1 van 3")
    assert ramon.pagina.lopend == {"Besluit over toelating": "7 juli 2026"}
    assert crisis.doe("12-05-2026", "crisisgesprek_voeren").termijn("Crisisgesprek").rest == "gehaald"


def the_moratorium_is_asked(ramon: Traject) -> None:
    moratorium = ramon.erbij("13-05-2026", "juridisch", "moratorium_aanvragen")
    assert moratorium.pagina.badges == ["Moratorium gevraagd"]
    assert moratorium.pagina.lopend == {}


def stabilisatie_is_too_early(ramon: Traject) -> None:
    assert ramon.op("18-05-2026").niet_nu["Stabilisatie starten"] == NOG_NIET
    assert ramon.weigert("18-05-2026", "stabilisatie_starten") == NOG_NIET
    assert ramon.pagina.badges[0] == "Intake"


def the_moratorium_is_granted(ramon: Traject) -> None:
    moratorium = ramon.kind("Juridische stap")
    pagina = moratorium.doe("20-05-2026", "moratorium_toewijzen")
    assert pagina.badges[0] == "Moratorium loopt"
    assert pagina.lopend == {"Moratorium": "20 november 2026"}


def the_crisis_ends(crisis: Traject) -> None:
    pagina = crisis.doe("22-05-2026", "crisis_afsluiten", crisis_resultaat="Voorkomen")
    assert pagina.badges == ["Crisis afgesloten"]
    assert pagina.termijn("Crisisinterventie afronden").rest == "gehaald"
    assert pagina.feiten["Resultaat van de crisisinterventie"] == "Voorkomen"


def the_stabilisatie(ramon: Traject) -> None:
    ramon.mesis("02-06-2026", "profiel_2")
    assert ramon.pagina.niet_nu["Stabilisatie starten"] == NOG_NIET[:1]
    assert ramon.toelaten("22-06-2026").termijn("Besluit over toelating").rest == "gehaald"
    assert ramon.doe("22-06-2026", "stabilisatie_starten").lopend == {
        "Stabilisatie": "22 oktober 2026",
        BEZWAAR: "3 augustus 2026",
    }
    te_lang = ramon.op("31-10-2026")
    assert te_lang.termijn("Stabilisatie").rest == "9 dagen te laat"
    assert te_lang.badges == ["Stabilisatie", "9 dagen te laat"]
    (regel,) = ramon.verteller.lees("/werkvoorraad?termijn=ja").regels
    assert "Ramon Proosten" in regel
    assert "9 dagen te laat" in regel


def outcome(ramon: Traject, crisis: Traject) -> None:
    assert "Eerste gesprek" not in {t.naam for t in ramon.pagina.termijnen}
    assert ramon.kenmerken("crisis") == [("woningontruiming", "11-05-2026", None)]
    assert ramon.dagen("melding") == 1
    (interventie,) = crisis.verblijven("traject")
    assert (interventie.klasse, interventie.tot_dag - interventie.van_dag) == ("neutraal", 11)
    assert ramon.rij.is_open
