"""A partner's report goes in once, by the map that says who reports what; its lines follow every correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, select

from models import klok
from models.projectie import opgave
from tests.bouwers import COORDINATOR, NU, actor, day, place, step
from workflow import opgavecontrole
from workflow.kaarten import in_force
from workflow.opdracht import Vastgelegd
from workflow.opgavecontrole import AlOpgegeven
from workflow.opgaven import Opgave, correct, hand_in
from workflow.projectie import as_known
from workflow.routekaart import Opgever
from workflow.velden import InvoerGeweigerd
from workflow.voortgang import OvergangGeweigerd, amend, start, withdraw

PARTNER = actor("partner")
REGELS = (("stoelen", "aan_de_haven", 120), ("stoelen", "in_het_park", 0))
MAART = ("2025-03-01", "2025-04-01")


def a_report(
    db: Connection,
    regels: Any = REGELS,
    periode: tuple[str, str] = MAART,
    opgever: tuple[str, ...] = ("BIEB",),
    gemeente: str | None = "GM9901",
    begin: str = "verslag_sturen",
    **anders: Any,
) -> Vastgelegd:
    """A report about the taalcafés."""
    antwoord = {"indicator": "taalcafe", "van": periode[0], "tot": periode[1], "regels": regels, **anders}
    return start(
        db,
        "cafeverslag",
        begin,
        {"telformulier": antwoord},
        door=PARTNER if begin == "verslag_sturen" else COORDINATOR,
        organisaties=opgever,
        gemeente=gemeente,
        op=day("2025-06-02"),
    )


def lines(db: Connection) -> list[tuple[str, str, int]]:
    """What is reported now."""
    vraag = select(opgave.c.reeks, opgave.c.plaats, opgave.c.aantal).order_by(opgave.c.traject_id, opgave.c.nr)
    return [tuple(rij) for rij in db.execute(vraag)]


def another(db: Connection, gedaan: Vastgelegd, regels: Any) -> Vastgelegd:
    """The report with other numbers."""
    antwoord = {"indicator": "taalcafe", "van": MAART[0], "tot": MAART[1], "regels": regels}
    return amend(
        db, gedaan.nummer, gedaan.volgnummer, invoer={"telformulier": antwoord}, reden="tikfout", door=COORDINATOR
    )


def test_a_report_has_a_line_for_each_number_and_nought_is_a_number(vreemd: Connection) -> None:
    a_report(vreemd)
    rij = vreemd.execute(select(opgave).where(opgave.c.plaats == "aan_de_haven")).mappings().one()
    assert (rij["indicator"], rij["opgever"], rij["gemeente"]) == ("taalcafe", "BIEB", "GM9901")
    assert (rij["van_dag"], rij["tot_dag"]) == (day("2025-03-01"), day("2025-04-01"))
    assert not rij["is_historisch"]
    assert lines(vreemd) == list(REGELS)


def test_a_second_report_of_the_same_is_refused_with_the_number_of_the_first(vreemd: Connection) -> None:
    eerste = a_report(vreemd)
    with pytest.raises(AlOpgegeven, match=eerste.nummer):
        a_report(vreemd, [["stoelen", "in_het_park", 3]])


def test_another_month_or_gemeente_is_another_report(vreemd: Connection) -> None:
    a_report(vreemd)
    a_report(vreemd, periode=("2025-04-01", "2025-05-01"))
    a_report(vreemd, gemeente="GM9902")
    assert len(lines(vreemd)) == 6


def test_a_corrected_report_has_the_new_lines_and_the_old_ones_as_known_before(vreemd: Connection) -> None:
    eerste = a_report(vreemd)
    toen = klok.now_us() + 1
    with klok.at(NU.replace(hour=15)):
        another(vreemd, eerste, [["stoelen", "aan_de_haven", 12]])
    assert lines(vreemd) == [("stoelen", "aan_de_haven", 12)]
    bekend = {(r.plaats, r.aantal) for r in vreemd.execute(as_known("opgave", toen))}
    assert bekend == {("aan_de_haven", 120), ("in_het_park", 0)}


def test_a_withdrawn_report_makes_room_for_another(vreemd: Connection) -> None:
    eerste = a_report(vreemd)
    intrekking = withdraw(vreemd, eerste.nummer, 1, reden="tikfout", door=COORDINATOR)
    assert lines(vreemd) == []
    tweede = a_report(vreemd)
    with pytest.raises(AlOpgegeven, match=tweede.nummer):
        withdraw(vreemd, eerste.nummer, intrekking.volgnummer, reden="tikfout", door=COORDINATOR)


def test_a_report_that_was_sent_back_does_not_count_until_it_is_read_after_all(vreemd: Connection) -> None:
    eerste = a_report(vreemd)
    step(vreemd, eerste.nummer, "terugsturen")
    assert lines(vreemd) == []
    step(vreemd, eerste.nummer, "toch_lezen")
    assert lines(vreemd) == list(REGELS)


def test_a_report_that_was_accepted_goes_on_counting(vreemd: Connection) -> None:
    eerste = a_report(vreemd)
    step(vreemd, eerste.nummer, "bewaren")
    assert (place(vreemd, eerste.nummer), lines(vreemd)) == ("bewaard", list(REGELS))


def test_a_report_cannot_come_back_when_another_took_its_place(vreemd: Connection) -> None:
    eerste = a_report(vreemd)
    step(vreemd, eerste.nummer, "terugsturen")
    tweede = a_report(vreemd)
    with pytest.raises(AlOpgegeven, match=tweede.nummer):
        step(vreemd, eerste.nummer, "toch_lezen")


def test_a_report_of_before_the_map_is_marked_and_only_goes_in_by_its_own_start(vreemd: Connection) -> None:
    oud = ("2024-03-01", "2024-04-01")
    with pytest.raises(InvoerGeweigerd, match="andere soort opgave"):
        a_report(vreemd, periode=oud)
    with pytest.raises(InvoerGeweigerd, match="andere soort opgave"):
        a_report(vreemd, begin="oud_verslag_sturen")
    a_report(vreemd, periode=oud, begin="oud_verslag_sturen")
    assert vreemd.execute(select(opgave.c.is_historisch).distinct()).scalars().all() == [True]


GEWEIGERD: Mapping[str, tuple[dict[str, Any], str]] = {
    "unknown indicator": ({"indicator": "T9"}, "T9 staat niet op de routekaart als opgave"),
    "half a month": ({"periode": ("2025-03-01", "2025-03-15")}, "per maand, en dit is geen hele periode"),
    "before it was asked": ({"periode": ("2023-03-01", "2023-04-01")}, "wordt over deze periode niet gevraagd"),
    "unknown reeks": ({"regels": [["tafels", "in_het_park", 1]]}, "tafels is geen reeks van"),
    "unknown place": ({"regels": [["stoelen", "op_de_berg", 1]]}, "op_de_berg is geen bekende plaats"),
    "a period that is not over": ({"periode": ("2025-06-01", "2025-07-01")}, "pas voorbij op 30 juni 2025"),
    "end before begin": ({"periode": ("2025-04-01", "2025-03-01")}, "eindigt na haar eerste dag"),
    "no such day": ({"periode": ("2025-02-30", "2025-04-01")}, "bestaande dagen"),
    "no lines": ({"regels": []}, "Vul ten minste één aantal in"),
    "the same line twice": ({"regels": [["stoelen", "in_het_park", n] for n in (1, 2)]}, "staat er twee keer in"),
    "less than nothing": ({"regels": [["stoelen", "in_het_park", -1]]}, "heel getal van 0"),
    "half a visitor": ({"regels": [["stoelen", "in_het_park", 1.5]]}, "heel getal van 0"),
    "true is no number": ({"regels": [["stoelen", "in_het_park", True]]}, "heel getal van 0"),
    "free text": ({"regels": [["stoelen", "bij oma thuis", 1]]}, "bij hun code"),
    "more than a report has": ({"opmerking": "druk"}, "en niets anders"),
    "nobody reports": ({"opgever": ()}, "geen opgever"),
    "somebody else reports": ({"opgever": ("DESK",)}, "geen opgever"),
    "not of this gemeente": ({"gemeente": None}, "niet op voor deze gemeente"),
}


@pytest.mark.parametrize("geval", GEWEIGERD.values(), ids=GEWEIGERD)
def test_a_report_that_does_not_fit_is_refused_in_dutch(vreemd: Connection, geval: tuple[dict[str, Any], str]) -> None:
    anders, zin = geval
    with pytest.raises(InvoerGeweigerd, match=zin):
        a_report(vreemd, **anders)
    assert lines(vreemd) == []


def test_a_report_is_kept_in_one_order_however_it_was_given(vreemd: Connection) -> None:
    eerste = a_report(vreemd)
    with pytest.raises(InvoerGeweigerd, match="niets veranderd"):
        another(vreemd, eerste, list(reversed(REGELS)))


def test_a_place_of_another_opgever_is_refused(db: Connection) -> None:
    opgave = Opgave("P1", "TRAJEKT", "GM0935", day(MAART[0]), day(MAART[1]), (("bezoekers", "WSP-NOORD", 777),))
    with pytest.raises(InvoerGeweigerd, match="niet op voor Wijkservicepunt Noord"):
        hand_in(db, opgave, door=COORDINATOR)
    goed = hand_in(db, replace(opgave, regels=(("bezoekers", "WSP-WEST", 12),)), door=COORDINATOR)
    with pytest.raises(InvoerGeweigerd, match="niet op voor Wijkservicepunt Noord"):
        correct(db, goed.nummer, opgave.regels, reden="telling_herzien", door=COORDINATOR)


def test_a_place_that_went_to_another_opgever_since_stays_in_the_report(
    vreemd: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    eerste = a_report(vreemd)
    kaart = in_force(vreemd)
    soort = replace(kaart.opgaven["taalcafe"], opgevers={"BIEB": Opgever("BIEB", ("GM9901",), ("in_het_park",))})
    monkeypatch.setattr(opgavecontrole, "in_force", lambda _: replace(kaart, opgaven={"taalcafe": soort}))
    another(vreemd, eerste, [["stoelen", "aan_de_haven", 120], ["stoelen", "in_het_park", 5]])
    assert lines(vreemd) == [("stoelen", "aan_de_haven", 120), ("stoelen", "in_het_park", 5)]
    with pytest.raises(InvoerGeweigerd, match="niet op voor Café aan de haven"):
        a_report(vreemd, periode=("2025-04-01", "2025-05-01"))


def test_a_partner_corrects_what_it_reported_itself_and_nothing_else(vreemd: Connection) -> None:
    eerste = a_report(vreemd)
    antwoord = {"indicator": "taalcafe", "van": MAART[0], "tot": MAART[1], "regels": [["stoelen", "in_het_park", 5]]}
    with pytest.raises(OvergangGeweigerd, match="Alleen een coördinator"):
        amend(
            *(vreemd, eerste.nummer, 1),
            invoer={"telformulier": antwoord},
            reden="tikfout",
            door=actor("partner", nummer=2),
        )
    amend(vreemd, eerste.nummer, 1, invoer={"telformulier": antwoord}, reden="tikfout", door=PARTNER)
    assert lines(vreemd) == [("stoelen", "in_het_park", 5)]
