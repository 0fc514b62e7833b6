"""Youssef: refused, a suspended term, and a bezwaar that was right."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tests.verhalen.verteller import BEZWAAR, Traject, Verteller
from web.opdrachten import main
from workflow.naspelen import Verhaal

BESLUIT = "Besluit over toelating"


def test_youssef_was_refused_and_is_let_in_after_all(verteller: Verteller, monkeypatch: pytest.MonkeyPatch):
    youssef = melding_and_intake(verteller)
    the_term_stands_still(youssef)
    the_refusal(youssef)
    bezwaar = the_bezwaar(youssef)
    the_refusal_is_revoked(youssef, bezwaar)
    what_was_known_on_the_first_of_april(youssef)
    what_is_known_on_the_first_of_july(youssef)
    the_command_line_tells_the_same(youssef, monkeypatch)
    the_bezwaartermijn_is_over(youssef)


def melding_and_intake(verteller: Verteller) -> Traject:
    youssef = verteller.melding("05-01-2026", "Youssef Amezian", bron="eigen_melding")
    assert youssef.pagina.lopend == {"Eerste gesprek": "2 februari 2026"}
    assert youssef.doe("26-01-2026", "intake_starten").lopend == {BESLUIT: "23 maart 2026"}
    return youssef


def the_term_stands_still(youssef: Traject) -> None:
    stukken = youssef.erbij("02-02-2026", "opschorting", "stukken_opvragen", hersteltermijn_op="16-02-2026")
    assert stukken.pagina.lopend == {"Stukken aanleveren": "16 februari 2026"}
    youssef.doe("05-02-2026", "besluit_voorbereiden")
    wacht = youssef.pagina.termijn(BESLUIT)
    assert (wacht.uiterlijk, wacht.rest) == ("nog niet bekend (opgeschort)", "opgeschort")
    assert "opgeschort vanaf 3 februari 2026, uiterlijk t/m 16 februari 2026" in wacht.uitleg
    assert youssef.pagina.niet_nu["Afwijzen"] == ["Er worden nog stukken afgewacht: rond dat eerst af."]
    stukken.doe("13-02-2026", "stukken_compleet_maken")
    verder = youssef.pagina.termijn(BESLUIT)
    assert verder.uiterlijk == "2 april 2026"
    assert "opgeschort 3 t/m 12 februari 2026 (10 dagen)" in verder.uitleg


def the_refusal(youssef: Traject) -> None:
    pagina = youssef.doe(
        "31-03-2026",
        "afwijzen",
        reden="Eerdere schuldhulpverlening (Wgs art. 3 lid 2)",
        beschikking_op="31-03-2026",
        motivering="Er was eerder een regeling, die een jaar geleden is gestopt.",
    )
    assert pagina.badges == ["Afgewezen"]
    assert (pagina.termijn(BESLUIT).uiterlijk, pagina.termijn(BESLUIT).rest) == ("2 april 2026", "gehaald")
    assert pagina.termijn("Bezwaartermijn").uiterlijk == "12 mei 2026"


def the_bezwaar(youssef: Traject) -> Traject:
    tegen = {"bezwaar_tegen": "weigering", "bezwaartermijn_eindigt_op": "12-05-2026", "met_commissie": "nee"}
    bezwaar = youssef.erbij("20-04-2026", "bezwaar", "bezwaar_registreren", **tegen)
    assert bezwaar.pagina.lopend == {"Beslissing op bezwaar": "23 juni 2026"}
    pagina = bezwaar.doe("15-06-2026", "bezwaar_gegrond_verklaren")
    assert (pagina.badges, pagina.termijn("Beslissing op bezwaar").rest) == (["Bezwaar gegrond"], "gehaald")
    return bezwaar


def the_refusal_is_revoked(youssef: Traject, bezwaar: Traject) -> None:
    youssef.doe("15-06-2026", "weigering_herroepen", grond_herroeping="bezwaar_gegrond")
    youssef.toelaten("15-06-2026")
    pagina = youssef.doe("22-06-2026", "stabilisatie_starten")
    assert pagina.badges[0] == "Stabilisatie"
    assert pagina.lopend == {"Stabilisatie": "22 oktober 2026", BEZWAAR: "27 juli 2026"}
    laatste = pagina.kinderen[0]
    assert (laatste.nummer, laatste.stap) == (bezwaar.nummer, "Bezwaar gegrond")


def what_was_known_on_the_first_of_april(youssef: Traject) -> None:
    """Asked later, the answer is the one that could have been given then."""
    youssef.verteller.op("01-07-2026")
    verhaal = youssef.nagespeeld("01-04-2026", bekend_op="01-04-2026")
    assert (verhaal.stap, verhaal.is_open) == ("afgewezen", False)
    assert moves(verhaal) == ["melding_registreren", "intake_starten", "besluit_voorbereiden", "afwijzen"]
    assert lives(youssef, "01-04-2026") == [("start", "afwijzing", "eerdere_schuldhulp")]
    assert lives(youssef, "01-03-2026") == [("start", None, None)]


def what_is_known_on_the_first_of_july(youssef: Traject) -> None:
    verhaal = youssef.nagespeeld("01-07-2026", bekend_op="01-07-2026")
    assert (verhaal.stap, verhaal.is_open) == ("stabilisatie", True)
    assert moves(verhaal)[3:] == ["afwijzen", "weigering_herroepen", "toelaten", "stabilisatie_starten"]
    assert lives(youssef, "01-07-2026") == [("start", "afwijzing", "eerdere_schuldhulp"), ("heropend", None, None)]
    toen = youssef.nagespeeld("01-04-2026", bekend_op="01-04-2026")
    assert verhaal.feiten[: len(toen.feiten)] == toen.feiten
    assert youssef.nagespeeld("01-04-2026").stap == "afgewezen"
    zinnen = [r.zin for r in youssef.pagina.geschiedenis]
    assert any(zin.startswith("Afgewezen (van Besluit naar Afgewezen)") for zin in zinnen)
    assert "Weigering herroepen (van Afgewezen naar Besluit)" in zinnen
    assert {r.status for r in youssef.pagina.geschiedenis} == {""}


def the_command_line_tells_the_same(youssef: Traject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTEKAART_DATABASE", youssef.verteller.database)
    antwoord = CliRunner().invoke(main, ["replay", youssef.nummer, "--op", "2026-04-01", "--bekend", "2026-04-01"])
    assert antwoord.exit_code == 0, antwoord.output
    assert antwoord.output.splitlines()[-2:] == [
        "2026-03-31     4  afwijzen -> afgewezen (eerdere_schuldhulp)",
        "stap: afgewezen (ended)",
    ]


def the_bezwaartermijn_is_over(youssef: Traject) -> None:
    """Its last day passed; nobody was late."""
    assert youssef.pagina.termijn("Bezwaartermijn").rest not in ("gehaald", "te laat")


def moves(verhaal: Verhaal) -> list[str | None]:
    return [feit.overgang for feit in verhaal.feiten]


def lives(youssef: Traject, bekend_op: str) -> list[tuple[str, str | None, str | None]]:
    """Each stretch in which the traject was open, as known at the end of a day."""
    return [(v.ingang, v.klasse, v.reden) for v in youssef.verblijven("traject", bekend_op)]
