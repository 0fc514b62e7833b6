"""No delivery holds an end before its begin, and whoever delivers hears what was not delivered as it was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from leveringen import DOOR, Json, as_bytes, day, one, trajecten
from sqlalchemy import Connection
from test_ddas_maken import KBL, LATER, admitted, export, melding, walk

from models import klok
from models.database import transaction
from web.opdrachten import main
from workflow.gezin import load
from workflow.uitwisseling import ddas
from workflow.uitwisseling.ddas import Opmerkingen
from workflow.uitwisseling.ddas_orde import mend
from workflow.voortgang import amend

EXPORT = ["export", "ddas", "--van", "2019-01-01", "--tot", "2027-01-01"]


@pytest.fixture(autouse=True)
def later(vandaag: None) -> Iterator[None]:
    """It is November, so that the stories have happened."""
    with klok.at(LATER):
        yield


@pytest.fixture
def before_it_was_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is recorded now stands as in a log of before days were refused that lie before the begin."""
    monkeypatch.setattr("workflow.velden.out_of_order", lambda *_: {})


def doubts(db: Connection) -> list[tuple[str, Any]]:
    """What an export says of itself."""
    op = Opmerkingen()
    ddas.export(db, day("2019-01-01"), day("2027-01-01"), klok.now(), "Routekaart 0", op=op)
    return [(opmerking.code, dict(opmerking.gegevens)["veld"]) for opmerking in op]


def mistyped(db: Connection) -> str:
    """A traject of 2026 with beschikkingen of 2016."""
    nummer = melding(db, "2026-01-12")
    admitted(db, nummer, "2026-01-19", "2026-01-20", "2026-01-26")
    toelaten = next(r.volgnummer for r in load(db, nummer).by_nummer(nummer).log if r.overgang == "toelaten")
    amend(db, nummer, toelaten, invoer={"plan_van_aanpak_op": "2016-01-26"}, reden="telfout", door=KBL)
    besluit = {"beeindigingsbeschikking_op": "2016-02-02"}
    walk(db, nummer, ("2026-02-02", "uitval_vastleggen", besluit, "afgezien_na_toelating"))
    return nummer


@pytest.mark.usefixtures("before_it_was_refused")
def test_a_beschikking_of_ten_years_ago_ends_nothing(db: Connection) -> None:
    mistyped(db)
    (traject,) = trajecten(export(db))
    assert (traject["startdatum"], traject["einddatum"]) == ("2026-01-12", "2026-02-02")
    assert traject["uitstroom"] == {"datum": "2026-02-02", "reden": "Ingetrokken"}
    assert "planVanAanpak" not in traject
    assert doubts(db) == [
        ("antwoord_te_vroeg", "planVanAanpak.datumAfronding"),
        ("antwoord_te_vroeg", "uitstroom.datumBeeindigingsbeschikking"),
    ]


@pytest.mark.parametrize(
    ("velden", "pad"),
    [
        ({"nazorg": {"startdatum": "2024-03-01", "einddatum": "2024-02-01"}}, "nazorg.einddatum"),
        ({"begeleiding": [{"startdatum": "2024-03-01", "einddatum": "2024-02-01"}]}, "begeleiding[0].einddatum"),
        ({"uitstroom": {"datum": "2016-10-28"}}, "uitstroom.datum"),
    ],
)
def test_an_impossible_end_that_came_in_does_not_go_out(db: Connection, velden: Json, pad: str) -> None:
    ddas.import_delivery(db, as_bytes(one(**velden)), DOOR)
    assert doubts(db) == [("einde_te_vroeg", pad)]
    assert pad.rpartition(".")[2] not in str(trajecten(export(db))[0].get(pad.partition(".")[0].partition("[")[0]))


def test_an_end_that_was_amended_away_from_all_is_that_of_the_log(db: Connection) -> None:
    nummer = ddas.import_delivery(db, as_bytes(one()), DOOR).regels[0].nummer or ""
    was = trajecten(export(db))[0]["einddatum"]
    amend(db, nummer, 1, invoer={"geleverd_einde_op": "2016-10-28"}, reden="telfout", door=DOOR)
    assert trajecten(export(db))[0]["einddatum"] == was
    assert doubts(db) == [("einde_te_vroeg", "einddatum")]


def test_without_a_possible_day_in_the_log_an_end_is_left_out() -> None:
    traject = {"startdatum": "2026-01-12", "einddatum": "2016-01-12"}
    assert (mend(traject, None), traject) == (["einddatum"], {"startdatum": "2026-01-12"})
    traject = {"startdatum": "2026-01-12", "einddatum": "2016-01-12"}
    assert (mend(traject, day("2026-01-11")), traject) == (["einddatum"], {"startdatum": "2026-01-12"})


def test_an_end_on_the_day_of_the_begin_is_no_fault() -> None:
    traject = {"startdatum": "2026-01-12", "einddatum": "2026-01-12", "uitstroom": {"datum": "2026-01-12"}}
    assert mend(traject, day("2026-01-12")) == []


@pytest.mark.usefixtures("before_it_was_refused")
def test_whoever_delivers_hears_it(database: str, monkeypatch: pytest.MonkeyPatch, bezoeker: Any, login: Any) -> None:
    with transaction(database) as db:
        nummer = mistyped(db)
    monkeypatch.setenv("ROUTEKAART_DATABASE", database)
    uitkomst = CliRunner().invoke(main, EXPORT)
    assert uitkomst.exit_code == 0
    zin = f"$: warning: traject {nummer}: uitstroom.datumBeeindigingsbeschikking lies before the traject began; "
    assert zin in uitkomst.stderr
    login(bezoeker, "coordinator")
    bezoeker.submit("/uitwisseling/maken", {"van": "01-01-2026", "tot_en_met": "31-12-2026"})
    assert (
        f"Traject {nummer}: uitstroom.datumBeeindigingsbeschikking ligt voor het begin"
        in bezoeker.get("/uitwisseling").text
    )
