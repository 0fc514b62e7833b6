"""Dennis: drop-out before the first gesprek."""

from __future__ import annotations

from tests.verhalen.verteller import Traject, Verteller, day


def test_dennis_never_comes(verteller: Verteller):
    dennis = the_melding(verteller)
    the_first_invitation(dennis)
    the_second_invitation(dennis)
    the_end(dennis)
    offered_in_time_but_not_held(dennis)
    outcome(verteller, dennis)


def the_melding(verteller: Verteller) -> Traject:
    dennis = verteller.melding("09-03-2026", "Dennis Hameleers", bron="eigen_melding", kanaal="Website")
    gesprek = dennis.pagina.termijn("Eerste gesprek")
    assert gesprek.uiterlijk == "7 april 2026"
    assert "verschoven van maandag 6 april 2026 (2e Paasdag)" in gesprek.uitleg
    return dennis


def the_first_invitation(dennis: Traject) -> None:
    dennis.doe("10-03-2026", "gesprek_aanbieden", gesprek_aangeboden_op="24-03-2026")
    pagina = dennis.doe("24-03-2026", "niet_verschijnen_vastleggen")
    assert pagina.badges == ["Melding", "nog 14 dagen"]
    assert pagina.geschiedenis[-2].zin == "Gesprek aangeboden op 24 maart 2026"


def the_second_invitation(dennis: Traject) -> None:
    dennis.doe("25-03-2026", "rappel_versturen", contactsoort="Brief")
    dennis.doe("25-03-2026", "gesprek_aanbieden", gesprek_aangeboden_op="07-04-2026")
    pagina = dennis.doe("07-04-2026", "niet_verschijnen_vastleggen")
    assert pagina.badges == ["Melding", "vandaag"]


def the_end(dennis: Traject) -> None:
    assert dennis.op("21-04-2026").badges == ["Melding", "14 dagen te laat"]
    pagina = dennis.doe("21-04-2026", "uitval_vastleggen", reden="Twee keer niet verschenen bij het eerste gesprek")
    assert pagina.badges == ["Voortijdig gestopt"]
    assert pagina.termijn("Eerste gesprek").rest == "te laat"
    assert pagina.lopend == {}


def offered_in_time_but_not_held(dennis: Traject) -> None:
    """Aangeboden binnen termijn: ja. Gerealiseerd: nee."""
    assert dennis.pagina.termijn("Eerste gesprek").uiterlijk == "7 april 2026"
    aangeboden = dennis.dagen_bij("gesprek_aangeboden_op")
    assert aangeboden == [day("24-03-2026"), day("07-04-2026")]
    assert max(aangeboden) <= day("07-04-2026")
    assert "Intake gestart (van Melding naar Intake)" not in [r.zin for r in dennis.pagina.geschiedenis]


def outcome(verteller: Verteller, dennis: Traject) -> None:
    (traject,), (fase,) = dennis.verblijven("traject"), dennis.verblijven("fase")
    assert (fase.fase, fase.klasse, fase.reden) == ("melding", "uitval", "niet_verschenen_eerste_gesprek")
    assert (traject.klasse, traject.tot_dag - traject.van_dag) == ("uitval", 43)
    assert dennis.kenmerken("beschikking") == []
    assert [k.stap for k in dennis.verblijven()] == ["melding"]
    assert [r.zin for r in dennis.pagina.geschiedenis] == HISTORY
    assert len(verteller.trajecten()) == 1


HISTORY = [
    "Melding geregistreerd",
    "Gesprek aangeboden op 24 maart 2026",
    "Niet verschenen",
    "Rappel verstuurd",
    "Gesprek aangeboden op 7 april 2026",
    "Niet verschenen",
    "Voortijdig beëindigd (van Melding naar Voortijdig gestopt). "
    "Reden: Twee keer niet verschenen bij het eerste gesprek",
]
