"""A day at the desk through the pages, on SQLite and on PostgreSQL: what one engine stores, the other does too."""

from __future__ import annotations

from bezoek import op_beide

from tests.verhalen.verteller import Traject, Verteller

WIE = "Fatima el Amrani"


@op_beide
def test_a_day_at_the_desk(verteller: Verteller):
    traject = verteller.melding("12-01-2026", WIE, bron="eigen_melding")
    the_work_list_shows_it(verteller, traject)
    it_is_found_by_name_and_number(verteller, traject)
    traject.doe("19-01-2026", "intake_starten")
    another_day_is_filled_in(verteller, traject)
    the_step_is_undone_and_taken_again(verteller, traject)


def the_work_list_shows_it(verteller: Verteller, traject: Traject) -> None:
    pagina = verteller.lees("/werkvoorraad")
    assert traject.url in [link["href"] for link in pagina.wortel.alle("a")]


def it_is_found_by_name_and_number(verteller: Verteller, traject: Traject) -> None:
    for vraag in ("Amrani", "fati", traject.nummer):
        antwoord = verteller.bezoeker.get("/werkvoorraad", query_string={"zoek": vraag})
        assert antwoord.location == traject.url, vraag


def another_day_is_filled_in(verteller: Verteller, traject: Traject) -> None:
    url = f"{traject.url}/gebeurtenis/2/verbeteren"
    waar, pagina = verteller.send(url, {"op": "16-01-2026", "reden": "verkeerde_dag"})
    assert waar, pagina.fouten
    assert traject.weg()[-1][:2] == ("intake", "16-01-2026")


def the_step_is_undone_and_taken_again(verteller: Verteller, traject: Traject) -> None:
    waar, pagina = verteller.send(f"{traject.url}/gebeurtenis/2/intrekken", {"reden": "verkeerde_keuze"})
    assert waar, pagina.fouten
    assert traject.pagina.badges[0] == "Melding"
    assert traject.doe("19-01-2026", "intake_starten").badges[0] == "Intake"
    assert traject.nagespeeld("19-01-2026").stap == "intake"
