"""Each of the ten stories, looked back at: on any earlier day the page tells what could have been told then.

The stap of each day is that of the story as it was written down beforehand. A day that stands before a colon is asked
with the knowledge of that same day; `op / bekend` asks the first with the knowledge of the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import select

from models import klok
from models.gebeurtenis import gebeurtenis
from tests.verhalen.test_verwachting import tell
from tests.verhalen.verteller import Verteller
from workflow.kaarten import in_force
from workflow.kalender import date_of
from workflow.naspelen import replayed

NIETS = ""
"""Not known yet, or not begun."""

VOORBEREIDING, REGELING = "Minnelijke voorbereiding", "Minnelijke regeling loopt"
VERHALEN: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "01_fatima": (
        {
            "2024-01-07": NIETS,
            "2024-01-08": "Melding",
            "2024-01-22": "Intake",
            "2024-02-26": "Stabilisatie",
            "2024-05-20": "Stabilisatie",
            "2024-05-21": VOORBEREIDING,
            "2024-05-21 / 2024-05-20": "Stabilisatie",
            "2024-09-01": REGELING,
            "2026-03-02": "Nazorg",
            "2026-09-01": "Uitstroom",
            "2026-09-01 / 2024-01-08": "Melding",
        },
    ),
    "02_ramon": (
        {
            "2026-05-11": "Melding",
            "2026-05-12": "Intake",
            "2026-05-18": "Intake",
            "2026-06-02": "MESIS-screening",
            "2026-06-22": "Stabilisatie",
            "2026-10-31": "Stabilisatie",
        },
    ),
    "03_dennis": (
        {
            "2026-03-09": "Melding",
            "2026-04-07": "Melding",
            "2026-04-21": "Voortijdig gestopt",
            "2026-04-21 / 2026-04-20": "Melding",
        },
    ),
    "04_chantal": (
        {
            "2025-03-24": "MESIS-screening",
            "2025-04-14": "Duurzame financiële dienstverlening (DFD)",
            "2026-01-18": "Duurzame financiële dienstverlening (DFD)",
            "2026-01-19": "Stabilisatie",
            "2026-05-11": VOORBEREIDING,
            "2026-08-01": REGELING,
        },
    ),
    "05_marek": (
        {
            "2024-10-28": "Stabilisatie",
            "2025-02-24": VOORBEREIDING,
            "2025-06-10": "Dwangakkoord gevraagd",
            "2025-07-02": "Dwangakkoord gevraagd",
            "2025-07-03": "WSNP loopt",
            "2026-09-09": "Nazorg",
        },
    ),
    "06_ingrid": (
        {"2022-09-29 / 2025-09-01": "Minnelijke regeling loopt", "2022-09-30 / 2025-09-01": "Uitstroom"},
        {
            "2025-09-01": "Melding",
            "2025-09-22": "Intake",
            "2025-11-01": "Betalingsregeling",
            "2026-11-02": "Nazorg",
        },
    ),
    "07_jan_en_petra": (
        {"2025-03-10": "Stabilisatie", "2025-09-15": VOORBEREIDING, "2025-12-01": REGELING},
        {"2025-08-31": NIETS, "2025-09-01": VOORBEREIDING, "2025-09-15": "Beëindigd"},
    ),
    "08_souren": (
        {
            "2025-01-13": "Melding",
            "2025-03-10": "Alleen budgetbeheer",
            "2026-09-30": "Alleen budgetbeheer",
            "2026-10-01": "Uitstroom",
        },
    ),
    "09_youssef": (
        {
            "2026-03-30": "Besluit",
            "2026-03-31": "Afgewezen",
            "2026-04-01": "Afgewezen",
            "2026-04-01 / 2026-07-01": "Afgewezen",
            "2026-06-14": "Afgewezen",
            "2026-06-15": "Toegelaten",
            "2026-06-15 / 2026-04-01": "Afgewezen",
            "2026-06-22": "Stabilisatie",
        },
    ),
    "10_kevin": (
        {
            "2023-09-01": REGELING,
            "2024-11-24": REGELING,
            "2024-11-25": "Voortijdig gestopt",
            "2025-09-30": "Voortijdig gestopt",
        },
        {"2025-05-11": NIETS, "2025-05-12": "Melding", "2025-09-01": "WSNP-verzoek", "2025-09-30": "WSNP loopt"},
    ),
}


@pytest.mark.parametrize("naam", VERHALEN)
def test_a_story_looked_back_at_tells_what_could_be_told_then(
    naam: str, verteller: Verteller, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(naam, verteller, monkeypatch)
    trajecten = verteller.trajecten()
    for rij, verwacht in zip(trajecten, VERHALEN[naam], strict=True):
        gezien = {moment: stap_at(verteller, rij.nummer, *moment.split(" / ")) for moment in verwacht}
        assert gezien == verwacht, rij.nummer
    assert [fout for rij in trajecten for fout in differences(verteller, rij)] == []


def test_all_ten_are_looked_back_at() -> None:
    assert len(VERHALEN) == 10


def test_a_refusal_that_was_revoked_is_told_as_it_was_and_as_it_became(
    verteller: Verteller, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell("09_youssef", verteller, monkeypatch)
    url = f"/trajecten/{verteller.trajecten()[0].nummer}/terugkijken"
    toen, nu = (
        verteller.lees(f"{url}?op=2026-07-01&bekend={bekend}", "auditor") for bekend in ("2026-04-01", "2026-07-01")
    )
    assert [zin for zin in zinnen(toen) if "erroepen" in zin] == []
    assert zinnen(toen)[0].startswith("Afgewezen (van Besluit naar Afgewezen)")
    assert "Weigering herroepen (van Afgewezen naar Besluit)" in zinnen(nu)
    assert any(zin.startswith("Afgewezen (van Besluit naar Afgewezen)") for zin in zinnen(nu)), "it was not erased"
    assert (nu.wortel.teksten("s"), "Nieuw feit" in nu.wortel.teksten(klasse="rk-badge")) == ([], True)


def zinnen(pagina) -> list[str]:
    return pagina.wortel.met_id("deel-gebeurd").teksten(klasse="rk-tijdlijn__zin")


def stap_at(verteller: Verteller, nummer: str, op: str, bekend: str = "") -> str:
    """The badge of the page that looks back; empty when there is none."""
    pagina = verteller.lees(f"/trajecten/{nummer}/terugkijken?op={op}&bekend={bekend or op}", "auditor")
    return pagina.wortel.eerste(klasse="rk-moment__titel").eerste(klasse="rk-badge").tekst


def differences(verteller: Verteller, rij) -> Iterator[str]:
    """Where the page says something else than `routekaart replay`, on each day on which something was recorded."""
    with verteller.database_open() as db:
        vraag = select(gebeurtenis.c.vastgelegd_op).where(gebeurtenis.c.traject_id == rij.id)
        dagen = sorted({klok.day_of_us(us) for us in db.execute(vraag).scalars()})
        verhalen = [replayed(db, rij.nummer, dag, klok.end_of_day_us(dag)) for dag in dagen]
        kaart = in_force(db)
    for dag, verhaal in zip(dagen, verhalen, strict=True):
        gezien = stap_at(verteller, rij.nummer, str(date_of(dag)))
        if gezien != kaart.routes[verhaal.route].stappen[verhaal.stap].naam:
            yield f"{rij.nummer} on {date_of(dag)}: {gezien}, but replay says {verhaal.stap}"
