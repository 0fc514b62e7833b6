"""A list beside the log: what is missing here, what is missing there, what differs, each with its line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models import klok
from models.database import engine, reading
from models.traject import traject
from tests.bouwers import day, everything
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.kalender import date_of
from workflow.uitwisseling.tabellen import TabelGeweigerd
from workflow.volledigheid import compare
from workflow.voorbeeld import make_demo

NU = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
KOP = "Dossiernummer;Begin;Einde"


@pytest.fixture(scope="module")
def url(sjabloon: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo caseload."""
    bestand = tmp_path_factory.mktemp("volledigheid") / "routekaart.db"
    shutil.copyfile(sjabloon, bestand)
    adres = f"sqlite:///{bestand}"
    with klok.at(NU):
        make_demo(adres, 40)
    yield adres
    engine(adres).dispose()


@pytest.fixture(scope="module")
def lijst(url: str) -> list[tuple[str, date, date | None]]:
    """What a list that fits says: every main traject with its days."""
    with reading(url) as db:
        hoofd = Kader(db, Vraag(Periode(0, 1))).wegwijzer.hoofdroutes
        t = traject.c
        rijen = db.execute(select(t.nummer, t.begonnen_op, t.beeindigd_op).where(t.route.in_(hoofd), t.begonnen_op > 0))
        return [(n, date_of(van), tot if tot is None else date_of(tot)) for n, van, tot in rijen]


def written(rijen, vorm="%d-%m-%Y", scheiding=";") -> str:
    """A list as a file has it."""
    regels = [scheiding.join((n, f"{van:{vorm}}", f"{tot:{vorm}}" if tot else "")) for n, van, tot in rijen]
    return "\n".join([KOP.replace(";", scheiding), *regels]) + "\n"


def compared(url: str, tekst: str, codering: str = "utf-8", **rest):
    """What comes out."""
    with reading(url) as db:
        return compare(db, tekst.encode(codering), **rest)


@pytest.mark.parametrize("codering", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("scheiding", [";", ","])
@pytest.mark.parametrize("vorm", ["%d-%m-%Y", "%Y-%m-%d"])
def test_a_list_that_says_what_the_log_says_fits(url, lijst, vorm, scheiding, codering):
    uitkomst = compared(url, written(lijst, vorm, scheiding), codering)
    assert uitkomst.regels == ()
    assert uitkomst.geteld["gelijk"] == len(lijst)


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_each_difference_is_found_on_its_line_and_nothing_else(url, lijst, data):
    lot = data.draw(st.lists(st.sampled_from("=-+b"), min_size=len(lijst), max_size=len(lijst)))
    rijen, verwacht = [], {}
    for (nummer, van, tot), wat in zip(lijst, lot, strict=True):
        regel = len(rijen) + 2
        if wat == "-":
            verwacht[nummer] = ("ontbreekt_daar", 0)
            continue
        if wat == "+":
            rijen.append((f"X{nummer}", van, tot))
            verwacht[f"X{nummer}"] = ("ontbreekt_hier", regel)
            regel += 1
        if wat == "b":
            verwacht[nummer] = ("verschilt", regel)
        rijen.append((nummer, van - timedelta(wat == "b"), tot))
    uitkomst = compared(url, written(rijen))
    assert {r.nummer: (r.uitkomst, r.rij) for r in uitkomst.regels} == verwacht


def test_an_end_that_only_one_of_them_knows_differs(url, lijst):
    (nummer, van, _) = next(rij for rij in lijst if rij[2] is None)
    anders = [(n, v, date(2026, 11, 1) if n == nummer else t) for n, v, t in lijst]
    (regel,) = compared(url, written(anders)).regels
    assert (regel.uitkomst, regel.nummer) == ("verschilt", nummer)
    assert (regel.hier.einde, regel.daar.einde) == (None, day("2026-11-01"))
    assert date_of(regel.hier.begin) == van


def test_a_line_that_cannot_be_read_is_told_and_the_rest_is_compared(url, lijst):
    nummer = lijst[0][0]
    tekst = written(lijst[1:]) + f"{nummer};31-02-2025;\n;01-01-2025;\n{lijst[1][0]};01-01-2025;\n"
    uitkomst = compared(url, tekst)
    laatste = len(lijst) + 1
    assert [(r.uitkomst, r.rij) for r in uitkomst.regels] == [
        ("onleesbaar", laatste),
        ("onleesbaar", laatste + 1),
        ("dubbel", laatste + 2),
    ]
    assert uitkomst.regels[2].fout[0] == "Staat ook op regel 2."


def test_with_a_period_only_what_ran_in_it_is_missed(url, lijst):
    periode = Periode(day("2026-03-01"), day("2026-04-01"))
    eerste, laatste = date(2026, 3, 1), date(2026, 3, 31)
    liep = {n for n, van, tot in lijst if van <= laatste and (tot is None or tot >= eerste)}
    gemist = compared(url, written([lijst[0]]), periode=periode).of("ontbreekt_daar")
    assert {r.nummer for r in gemist} == liep - {lijst[0][0]}
    assert 0 < len(gemist) < len(lijst) - 1


@pytest.mark.parametrize("tekst", ["", "nummer;begin\nA;01-01-2025\n", "zomaar\niets\n", KOP])
def test_a_file_that_is_no_such_list_is_refused(url, tekst):
    with pytest.raises(TabelGeweigerd):
        compared(url, tekst)


def test_comparing_writes_nothing(url, lijst):
    with reading(url) as db:
        ervoor = everything(db)
    compared(url, written(lijst[3:]))
    with reading(url) as db:
        assert everything(db) == ervoor
