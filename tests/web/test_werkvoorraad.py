"""The werkvoorraad page by page: every traject once, in every order; what each list and filter holds; the count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from bezoek import an_account

from models import klok
from models.database import transaction
from models.projectie import deelname
from models.traject import traject
from models.trajectnummer import trajectnummer
from tests.bouwers import COORDINATOR, NU, VANDAAG, a_person, a_traject
from tests.verhalen.lezer import Pagina
from workflow.kaarten import in_force
from workflow.overzichten import COUNT_CAP, FASEN_CAP, SORTERINGEN
from workflow.voortgang import withdraw

COLLEGA = "c" * 32
AANTAL = 60
"""More than two pages."""

Lijst = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def stille_klok() -> Iterator[None]:
    with klok.at(NU):
        yield


def fill(database: str, rijen: list[dict[str, Any]]) -> None:
    """Open trajecten of one person, as the projections hold them; what a row does not say is the same in all."""
    with transaction(database) as db:
        vast = {"routekaart": in_force(db).sha256, "wortel_id": 0, "is_open": True, "in_werkvoorraad": True}
        wie = a_person(db, "Voorraad")
        ids = range(1, len(rijen) + 1)
        db.execute(trajectnummer.insert(), [{"id": n, "nummer": number(n), "wortel_id": n} for n in ids])
        db.execute(traject.insert(), [{**vast, **GEWOON, "id": n, "nummer": number(n), **rijen[n - 1]} for n in ids])
        db.execute(deelname.insert(), [{**LID, "traject_id": n, "deelnemer": wie} for n in ids])


def number(n: int) -> str:
    return f"SHV-2026-{n:05}"


GEWOON: dict[str, Any] = {
    **dict.fromkeys(("ouder_id", "klasse", "beeindigd_op", "vervaldag", "termijn", "behandelaar")),
    **dict.fromkeys(("begonnen_op", "sinds_op", "laatste_op", "contact_op"), VANDAAG - 10),
    **{"route": "schuldhulp", "stap": "intake", "fase": "intake", "gemeente": "GM0935", "volgnummer": 1},
}
LID = {"nr": 1, "soort": "persoon", "van_dag": VANDAAG - 10, "tot_dag": None, "bekend_van": 1}


def with_ties(n: int) -> dict[str, Any]:
    """Every order has many trajecten with the same value, across the border of a page too."""
    dagen = {"begonnen_op": VANDAAG - n % 3, "sinds_op": VANDAAG - n // 30, "contact_op": VANDAAG}
    return {**dagen, "vervaldag": None if n % 2 else VANDAAG + n % 5}


def asked(**vraag: str) -> str:
    return f"/werkvoorraad?{urlencode(vraag)}"


def on_page(pagina: Pagina) -> list[str]:
    return [re.findall(r"SHV-2026-\d{5}", regel)[0] for regel in pagina.regels if "SHV" in regel]


def link(pagina: Pagina, waarheen: str) -> str | None:
    return next((a["href"] for a in pagina.wortel.alle("a") if a["rel"] == waarheen), None)


def pages(bezoeker, url: str | None, waarheen: str = "next") -> Iterator[Pagina]:
    """The page, and those after it (`prev`: before it)."""
    gezien: set[str] = set()
    while url:
        assert url not in gezien, "the pages go round in circles"
        gezien.add(url)
        antwoord = bezoeker.get(url)
        assert antwoord.status_code == 200
        pagina = Pagina(antwoord.text)
        yield pagina
        url = link(pagina, waarheen)


@pytest.fixture
def lijst(bezoeker, login) -> Lijst:
    """`lijst(fase="nazorg")`: the numbers in the werkvoorraad of an uitvoerder, over all pages."""
    login(bezoeker, "uitvoerder")
    return lambda **vraag: [nummer for p in pages(bezoeker, asked(**vraag)) for nummer in on_page(p)]


# -- Paging ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("aflopend", ["", "ja"])
@pytest.mark.parametrize("sorteer", SORTERINGEN)
def test_every_traject_stands_on_one_page_in_every_order(database, lijst, sorteer, aflopend):
    rijen = [with_ties(n) for n in range(1, AANTAL + 1)]
    fill(database, rijen)
    gezien = lijst(lijst="alle", sorteer=sorteer, aflopend=aflopend)
    assert sorted(gezien) == [number(n) for n in range(1, AANTAL + 1)]
    assert gezien == by(sorteer, rijen, bool(aflopend))


KOLOM = {"termijn": "vervaldag", "sinds": "sinds_op", "begonnen": "begonnen_op", "contact": "contact_op"}


def by(sorteer: str, rijen: list[dict[str, Any]], aflopend: bool) -> list[str]:
    kolom = KOLOM[sorteer]
    genummerd = [(99_999 if r[kolom] is None else r[kolom], n) for n, r in enumerate(rijen, start=1)]
    return [number(n) for _, n in sorted(genummerd, reverse=aflopend)]


@pytest.mark.parametrize("aflopend", ["", "ja"])
def test_the_way_back_shows_the_same_pages(database, bezoeker, lijst, aflopend):
    fill(database, [with_ties(n) for n in range(AANTAL)])
    heen = list(pages(bezoeker, asked(lijst="alle", aflopend=aflopend)))
    terug = [on_page(p) for p in pages(bezoeker, link(heen[-1], "prev"), "prev")]
    assert [len(on_page(p)) for p in heen] == [25, 25, 10]
    assert terug == [on_page(p) for p in heen[1::-1]]


@pytest.mark.parametrize("sleutel", [{"na": "99999.99"}, {"voor": "0.0"}, {"na": "9" * 18 + ".1"}])
def test_where_nothing_is_left_beyond_the_page_the_first_one_comes(database, bezoeker, lijst, sleutel):
    fill(database, [with_ties(n) for n in range(AANTAL)])
    pagina = Pagina(bezoeker.get(asked(lijst="alle", **sleutel)).text)
    assert on_page(pagina) == lijst(lijst="alle")[:25]
    assert (link(pagina, "prev"), link(pagina, "next") is None) == (None, False)


@pytest.mark.parametrize("sleutel", [{"na": "1.1"}, {"voor": "1.1"}])
def test_an_empty_list_stays_empty_page_after_page(bezoeker, lijst, sleutel):
    pagina = Pagina(bezoeker.get(asked(lijst="alle", **sleutel)).text)
    assert on_page(pagina) == []
    assert pagina.regels[0].startswith("Geen trajecten gevonden.")


@pytest.mark.parametrize("sorteer", SORTERINGEN)
def test_a_search_pages_past_what_was_withdrawn(database, lijst, sorteer):
    """A withdrawn traject has no days."""
    zonder = {"in_werkvoorraad": False, "is_open": False, **dict.fromkeys(("begonnen_op", "sinds_op", "contact_op"))}
    fill(database, [{**zonder, "stap": None, "fase": None} if n % 2 else {} for n in range(AANTAL)])
    gezien = lijst(zoek="2026-", sorteer=sorteer)
    assert sorted(gezien) == [number(n) for n in range(1, AANTAL + 1)]


# -- The count ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aantal", "telling"),
    [(1, "1 traject"), (2, "2 trajecten"), (COUNT_CAP, "1.000 trajecten"), (COUNT_CAP + 1, "1.000+ trajecten")],
)
def test_the_count_stops_at_a_thousand(database, bezoeker, lijst, aantal, telling):
    fill(database, [{}] * aantal)
    pagina = Pagina(bezoeker.get(asked(lijst="alle")).text)
    assert pagina.wortel.eerste(klasse="rk-bladeren__telling").tekst == telling


# -- Lists and filters -------------------------------------------------------------------------------------------------


def test_everyone_has_a_list_and_the_team_has_the_rest(database, bezoeker, lijst):
    ik = an_account(database, "uitvoerder").pseudoniem
    fill(database, [{"behandelaar": ik}, {"behandelaar": COLLEGA}, {}])
    assert lijst() == lijst(lijst="mijn") == [number(1)]
    assert lijst(lijst="team") == [number(3)]
    assert lijst(lijst="alle") == [number(1), number(2), number(3)]
    assert lijst(lijst="alle", behandelaar=COLLEGA) == [number(2)]


def test_termijn_deze_week_ends_within_seven_days_or_is_over(database, lijst):
    dagen = (-3, 0, 7, 8, None)
    fill(database, [{"vervaldag": None if d is None else VANDAAG + d} for d in dagen])
    assert lijst(lijst="alle", termijn="ja") == [number(1), number(2), number(3)]


def test_stil_is_longer_than_thirty_days_without_contact(database, bezoeker, lijst):
    fill(database, [{"contact_op": VANDAAG - dagen} for dagen in (0, 29, 30, 31, 400)])
    assert lijst(lijst="alle", stil="ja") == [number(4), number(5)]
    tekst = bezoeker.get(asked(lijst="alle")).text
    assert ("Stil 31 dagen" in tekst, "Stil 30 dagen" in tekst) == (True, False)


def test_filters_combine(database, lijst):
    ik = an_account(database, "uitvoerder").pseudoniem
    stil = {"vervaldag": VANDAAG, "contact_op": VANDAAG - 31}
    alles = {"behandelaar": ik, "fase": "nazorg", "gemeente": "GM0917", **stil}
    anders = {"behandelaar": None, "fase": "intake", "gemeente": "GM0935", "vervaldag": None, "contact_op": VANDAAG}
    fill(database, [alles, *({**alles, naam: waarde} for naam, waarde in anders.items())])
    vraag = {"lijst": "mijn", "fase": "nazorg", "gemeente": "GM0917", "termijn": "ja", "stil": "ja"}
    assert lijst(**vraag) == [number(1)]
    assert len(lijst(lijst="mijn", fase="nazorg")) == 4


def test_what_ended_or_stands_within_another_traject_is_no_work(database, lijst):
    fill(database, [{"in_werkvoorraad": False, "is_open": False}, {"in_werkvoorraad": False, "ouder_id": 1}, {}])
    assert lijst(lijst="alle") == [number(3)]


def test_filters_stay_while_paging_and_sorting(database, bezoeker, lijst):
    fill(database, [{"fase": "nazorg" if n % 2 else "intake"} for n in range(AANTAL)])
    eerste, tweede = pages(bezoeker, asked(lijst="alle", fase="nazorg", sorteer="begonnen", aflopend="ja"))
    samen = on_page(eerste) + on_page(tweede)
    assert samen == [number(n + 1) for n in reversed(range(AANTAL)) if n % 2]


def chips(pagina: Pagina) -> dict[str, str]:
    """The active filters as the page names them, with the address that takes each away."""
    return {chip.tekst: chip["href"] for chip in pagina.wortel.alle("a", "rk-chip")}


def switches(pagina: Pagina) -> dict[str, str]:
    return {a.tekst: a["href"] for a in pagina.wortel.alle("a", "rk-schakel")}


def test_what_asks_attention_is_switched_on_beside_any_list_and_taken_away_again(database, bezoeker, lijst):
    stil, dringend = {"contact_op": VANDAAG - 31}, {"vervaldag": VANDAAG}
    fill(database, [{}, stil, dringend, {**stil, **dringend}])
    pagina = Pagina(bezoeker.get(asked(lijst="alle")).text)
    pagina = Pagina(bezoeker.get(switches(pagina)["Termijn deze week"]).text)
    assert on_page(pagina) == [number(3), number(4)]
    pagina = Pagina(bezoeker.get(switches(pagina)["Stil langer dan 30 dagen"]).text)
    assert on_page(pagina) == [number(4)]
    assert list(chips(pagina)) == ["Termijn: deze week", "Stil: langer dan 30 dagen"]
    assert on_page(Pagina(bezoeker.get(chips(pagina)["Termijn: deze week"]).text)) == [number(4), number(2)]
    assert on_page(Pagina(bezoeker.get(switches(pagina)["Termijn deze week"]).text)) == [number(4), number(2)]


def test_another_list_is_narrowed_as_this_one_was(database, bezoeker, lijst):
    pagina = Pagina(bezoeker.get(asked(lijst="alle", termijn="ja", fase="nazorg")).text)
    weergaven = {a.tekst: a["href"] for a in pagina.wortel.alle("a", "rk-weergave")}
    assert weergaven["Zonder behandelaar"] == asked(lijst="team", fase="nazorg", termijn="ja")


def fasen_on_offer(bezoeker, **vraag: str) -> list[str]:
    keuze = Pagina(bezoeker.get(asked(**vraag)).text).wortel.met_id("filter-fase")
    return keuze.teksten("option")


def test_only_fasen_with_something_in_the_list_are_on_offer(database, bezoeker, lijst):
    ik = an_account(database, "uitvoerder").pseudoniem
    fill(
        database,
        [{"fase": "nazorg", "behandelaar": ik}, {"fase": "intake"}, {"fase": "wsnp", "in_werkvoorraad": False}],
    )
    assert fasen_on_offer(bezoeker) == ["Alle fasen", "Nazorg"]
    assert fasen_on_offer(bezoeker, lijst="alle") == ["Alle fasen", "Intake", "Nazorg"]
    assert fasen_on_offer(bezoeker, lijst="mijn", fase="wsnp") == ["Alle fasen", "WSNP", "Nazorg"]


def test_of_a_long_list_every_fase_of_the_map_is_on_offer(database, bezoeker, lijst):
    fill(database, [{}] * (FASEN_CAP + 1))
    assert fasen_on_offer(bezoeker, lijst="alle")[:3] == ["Alle fasen", "Melding", "Intake"]


def test_a_melding_that_is_entered_late_is_not_silent_from_its_own_day(database, bezoeker, login):
    wie = login(bezoeker, "uitvoerder")
    with transaction(database) as db:
        a_traject(db, route="schuldhulp", begin="melding_registreren", op=VANDAAG - 270, behandelaar=wie.pseudoniem)
    assert "Stil" not in " ".join(Pagina(bezoeker.get(asked(lijst="mijn")).text).regels)
    assert on_page(Pagina(bezoeker.get(asked(lijst="mijn", stil="ja")).text)) == []
    with klok.at(NU + timedelta(days=31)):
        login(bezoeker, "uitvoerder")
        pagina = Pagina(bezoeker.get(asked(lijst="mijn", stil="ja")).text)
    assert "Stil 31 dagen" in pagina.regels[0]


def test_a_printed_list_says_which_it_is(database, bezoeker, lijst):
    fill(database, [{"fase": "nazorg", "vervaldag": VANDAAG}])
    papier = Pagina(bezoeker.get(asked(lijst="alle", termijn="ja", fase="nazorg")).text).wortel
    assert papier.eerste(klasse="rk-op-papier").tekst == (
        "Alle, termijn deze week · Fase: Nazorg · 1 traject · afgedrukt op 2 maart 2026 door Uitvoerder Proef"
    )


# -- Searching ---------------------------------------------------------------------------------------------------------


def test_a_search_with_one_hit_opens_it(database, bezoeker, lijst):
    fill(database, [{}] * 3)
    assert bezoeker.get(asked(zoek="shv-2026-00002 ")).location == "/trajecten/SHV-2026-00002"
    assert len(lijst(zoek="voorraad")) == 3


@pytest.mark.parametrize("zoek", ["v", "vo", "%", "jan v"])
def test_a_search_that_is_too_short_says_how_many_letters_are_needed(database, bezoeker, lijst, zoek):
    fill(database, [{}])
    regels = Pagina(bezoeker.get(asked(zoek=zoek)).text).regels
    assert regels == ["Niets gevonden. Typ van elke naam ten minste drie letters, of een deel van het dossiernummer."]


def test_a_withdrawn_melding_is_found_by_the_name_of_who_it_was_of(database, bezoeker, lijst):
    with transaction(database) as db:
        wie = a_person(db, "Wollebrand", voornaam="Hendrik")
        nummers = [a_traject(db, wie=[wie], route="schuldhulp", begin="melding_registreren")]
        withdraw(db, nummers[0], 1, reden="verkeerd_dossier", door=COORDINATOR)
        nummers.append(a_traject(db, wie=[wie], route="schuldhulp", begin="melding_registreren"))
    pagina = Pagina(bezoeker.get(asked(zoek="wollebrand")).text)
    assert sorted(on_page(pagina)) == sorted(nummers)
    assert all("Hendrik Wollebrand" in regel for regel in pagina.regels)


@pytest.mark.parametrize("zoek", ["%1", "1%", "SHV_2026_00001", "SHV-2026-0000_", "\\1", "%2026%0000%", "'1", "1;--"])
def test_signs_of_sql_are_signs_like_others(database, lijst, zoek):
    fill(database, [{}] * 3)
    assert lijst(zoek=zoek) == []


@pytest.mark.parametrize("vraag", [{"sorteer": "naam"}, {"lijst": "weg"}, {"na": "x"}, {"na": "1"}, {"voor": "-1.-1"}])
def test_a_question_that_makes_no_sense_is_answered_with_the_list(database, bezoeker, lijst, vraag):
    fill(database, [{}] * 3)
    assert bezoeker.get(asked(**vraag)).status_code == 200
    assert len(lijst(**{"lijst": "alle", **vraag})) == (0 if vraag == {"lijst": "weg"} else 3)
