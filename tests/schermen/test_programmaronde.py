"""A round of the programme on the demo caseload: the bottleneck, the dossiers behind it, last year's report, a date
that was wrong, and what that changes; and the report of one gemeente without a case of the other."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from models import klok
from models.database import engine, reading, transaction
from models.projectie import kenmerk
from models.traject import traject
from tests.bouwers import COORDINATOR, VOORGESTELD
from tests.schermen.conftest import NU, Site
from tests.schermen.handen import log_in, press
from tests.schermen.keuring import faults
from workflow.correcties import amend
from workflow.gezin import load
from workflow.kaarten import in_force
from workflow.kalender import daynumber
from workflow.voorbeeld import WACHTWOORD, make_demo

OMVANG = 250
JAAR = "periode=vorig_jaar"
MAASTRICHT, HEERLEN = "GM0935", "GM0917"


@pytest.fixture(scope="module")
def gevuld(sjabloon: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a demo caseload, made up to the moment at which the server's clock begins."""
    bestand = tmp_path_factory.mktemp("ronde") / "demo.db"
    shutil.copyfile(sjabloon, bestand)
    url = f"sqlite:///{bestand}"
    with klok.at(NU):
        make_demo(url, OMVANG)
    engine(url).dispose()
    return bestand


@pytest.fixture
def blad(page: Page) -> Page:
    """A page of the demo coordinator."""
    log_in(page, "coordinator", WACHTWOORD)
    return page


def number_in(tekst: str) -> int:
    """The last number of a text."""
    return int(re.findall(r"\d[\d.]*", tekst)[-1].replace(".", ""))


def test_from_the_bottleneck_by_the_dossiers_to_the_restatement_of_a_fixed_report(blad: Page, site: Site) -> None:
    blad.goto(f"/cijfers?{JAAR}")
    expect(blad.locator("#deel-knelpunt")).to_contain_text("De grootste kans op uitval:")
    assert faults(blad) == []

    balk = blad.get_by_role("link", name=re.compile(r"^Uitval: Stabilisatie \d+$"))
    aantal = number_in(balk.inner_text())
    assert aantal > 1
    balk.click()
    expect(blad.locator("#lijst tbody tr")).to_have_count(aantal)
    assert faults(blad) == []
    dossier = blad.locator("#lijst tbody th a").first.get_attribute("href") or ""

    blad.goto(f"/rapporten/nieuw?{JAAR}")
    press(blad, "Rapport vaststellen")
    blad.locator("#dialoog-bevestig").get_by_role("button", name="Rapport vaststellen").click()
    expect(blad.get_by_role("status")).to_contain_text("is vastgesteld")
    rapport = blad.url

    drop_out_a_year_later(site, dossier)
    blad.goto(rapport)
    press(blad, "Wat er sindsdien veranderde")
    regel = blad.get_by_role("row", name=re.compile("^D5 Uitval Fase: Stabilisatie"))
    expect(regel.first).to_contain_text("−1")
    expect(regel.first).to_contain_text("Correctie")
    assert faults(blad) == []

    blad.goto(f"/cijfers?{JAAR}")
    expect(blad.get_by_role("link", name=f"Uitval: Stabilisatie {aantal - 1}", exact=True)).to_be_visible()


def drop_out_a_year_later(site: Site, dossier: str) -> None:
    """The drop-out was this year: proposed by one and confirmed by another, as the report of last year is fixed."""
    nummer = dossier.split("/")[2].partition("?")[0].partition("#")[0]
    with klok.at(site.uurwerk.now()), transaction(site.database) as db:
        verloop = load(db, nummer).by_nummer(nummer)
        uitval = next(f for f in reversed(verloop.feiten) if f.reden)
        reden = in_force(db).correctieredenen[0].code
        dag = daynumber(date(2026, 1, 5))
        amend(db, nummer, uitval.volgnummer, reden=reden, door=COORDINATOR, voorgesteld=VOORGESTELD, dag=dag)


def test_the_report_of_maastricht_holds_not_a_single_case_of_heerlen(blad: Page, site: Site) -> None:
    blad.goto(f"/rapporten/nieuw?{JAAR}&gemeente={MAASTRICHT}")
    expect(blad.get_by_role("heading", level=1)).to_contain_text("Maastricht")
    assert faults(blad) == []
    tekst = blad.locator("main").inner_text()
    assert "Heerlen" not in tekst.replace(blad.locator(".rk-filters").inner_text(), "")

    blad.goto(f"/cijfers/O2/lijst?maat=meldingen&{JAAR}&gemeente={MAASTRICHT}")
    nummers = set(blad.locator("#lijst tbody th a").all_inner_texts())
    assert nummers
    assert not nummers & of_gemeente(site, HEERLEN)


def of_gemeente(site: Site, gemeente: str) -> set[str]:
    """Numbers of the trajecten that ever were of a gemeente."""
    keuze = select(traject.c.nummer).join(kenmerk, kenmerk.c.traject_id == traject.c.id)
    with reading(site.database) as db:
        gevonden = db.execute(keuze.where(kenmerk.c.naam == "gemeente", kenmerk.c.waarde == gemeente))
        return set(gevonden.scalars())
