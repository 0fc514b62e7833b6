"""What an auditor looks into on the screen: nothing of it writes, and the screen says what the command line says."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from models import klok
from models.database import transaction
from tests.bouwers import NU, a_traject, advance_to, day, step
from tests.kantoor import Kantoor
from tests.verhalen.lezer import Knoop, Pagina
from web.filters import datum_kort
from web.indicatorvraag import read
from workflow.indicatoren import Periode

PERIODE = "periode=eigen&van=01-01-2025&tot_en_met=31-12-2025"


@pytest.fixture
def auditor(bezoeker: Any, login: Any, database: str) -> Iterator[Any]:
    """The visitor, logged in as auditor; there are some trajecten, and the clock stands still."""
    with klok.at(NU):
        with transaction(database) as db:
            for _ in range(12):
                a_traject(db, gemeente="GM0935")
        login(bezoeker, "auditor")
        yield bezoeker


def opened(bezoeker: Any, url: str) -> Pagina:
    """A page that is there."""
    antwoord = bezoeker.get(url)
    assert antwoord.status_code == 200, url
    return Pagina(antwoord.text)


def rows(pagina: Pagina, tabel: str) -> list[Knoop]:
    """The rows of a table."""
    gevonden = next(t for t in pagina.wortel.alle("table") if t["id"] == tabel)
    return [rij for rij in gevonden.eerste("tbody").alle("tr") if not list(rij.alle("td", "rk-leeg"))]


def drawn(pagina: Pagina) -> list[str]:
    """The keys of a sample, in order."""
    return [rij.eerste("th").tekst for rij in rows(pagina, "steekproef")]


@pytest.mark.parametrize("soort", ["trajecten", "gebeurtenissen"])
def test_the_screen_draws_what_the_command_draws(auditor, kantoor: Kantoor, soort):
    pagina = opened(auditor, f"/onderzoek/steekproef?{PERIODE}&zaad=appel&grootte=10&soort={soort}")
    opdracht = f"sample --van 2025-01-01 --tot 2026-01-01 --size 10 --seed appel --what {soort} --json"
    gezegd = json.loads(kantoor.run(opdracht).stdout)
    assert drawn(pagina) == [rij["sleutel"] for rij in gezegd["sample"]]
    assert len(drawn(pagina)) == 10
    assert pagina.feiten["Gebeurtenissen in het log"] == str(gezegd["log"])


def test_a_sample_names_the_last_seal(auditor, kantoor: Kantoor):
    opdracht = "sample --van 2025-01-01 --tot 2026-01-01 --size 3 --seed appel --json"
    assert json.loads(kantoor.run(opdracht).stdout)["seal"] is None
    assert kantoor.run("seal").exit_code == 0
    gezegd = json.loads(kantoor.run(opdracht).stdout)
    assert gezegd["seal"] == 1
    pagina = opened(auditor, f"/onderzoek/steekproef?{PERIODE}&zaad=appel&grootte=3")
    assert pagina.feiten["Laatste zegel"] == "1"
    assert pagina.feiten["Vingerafdruk van dat zegel"] == gezegd["root"]
    assert [rij.eerste("code").tekst for rij in rows(pagina, "steekproef")] == [r["hash"] for r in gezegd["sample"]]


FORMULIER = "stond=dit_jaar&periode=dit_jaar&van=01-01-2025&tot_en_met=31-12-2025&gemeente=&bekend=&grootte=10"


def test_days_typed_in_the_form_count_though_the_word_beside_them_was_left(auditor):
    getypt, eigen = (opened(auditor, f"/onderzoek/steekproef?{v}&zaad=appel&grootte=10") for v in (FORMULIER, PERIODE))
    assert drawn(getypt) == drawn(eigen)
    assert "1 januari 2025 t/m 31 december 2025" in getypt.wortel.tekst


def test_the_address_of_a_sample_asks_for_the_same_days_a_year_later(auditor):
    """The form says Dit jaar; the answer stands at an address with the days of this year."""
    vandaag = klok.today()
    getoond = f"van=01-01-2026&tot_en_met={datum_kort(vandaag)}"
    vraag = f"stond=dit_jaar&periode=dit_jaar&{getoond}&gemeente=&zaad=appel"
    naar = auditor.get(f"/onderzoek/steekproef?{vraag}").headers["Location"]
    assert naar == f"/onderzoek/steekproef?periode=eigen&{getoond}&zaad=appel"
    assert "Getrokken" in opened(auditor, naar).feiten
    gevraagd = dict(parse_qsl(urlsplit(naar).query))
    nu, later = (read(gevraagd, dag, {}, {}).periode for dag in (vandaag, vandaag + 400))
    assert nu == later == Periode(day("2026-01-01"), vandaag + 1)


def test_without_a_seed_nothing_is_drawn(auditor):
    assert "Getrokken" not in opened(auditor, f"/onderzoek/steekproef?{PERIODE}").feiten
    for zaad in ("x" * 80, "appel%0Apeer"):
        geweigerd = opened(auditor, f"/onderzoek/steekproef?{PERIODE}&zaad={zaad}")
        assert "Getrokken" not in geweigerd.feiten
        assert any("één regel van hoogstens 64 tekens" in melding for melding in geweigerd.meldingen)


def test_a_seed_on_the_command_line_is_one_line(kantoor: Kantoor):
    kantoor.woorden["zaad"] = "appel\npeer"
    uitkomst = kantoor.run("sample --van 2025-01-01 --tot 2026-01-01 --size 3 --seed $zaad")
    assert (uitkomst.exit_code, uitkomst.stdout) == (1, "")
    assert uitkomst.stderr.splitlines() == ["--seed must have 1 to 64 printable characters"]


def test_a_size_out_of_bounds_is_brought_within_them(auditor):
    assert len(drawn(opened(auditor, f"/onderzoek/steekproef?{PERIODE}&zaad=x&grootte=-4"))) == 1
    assert len(drawn(opened(auditor, f"/onderzoek/steekproef?{PERIODE}&zaad=x&grootte=99999"))) == 12


# -- Mandate -----------------------------------------------------------------------------------------------------------


def test_a_besluit_shows_its_mandate_and_the_number_of_its_document(auditor, database):
    with transaction(database) as db:
        nummer = a_traject(db, route="schuldhulp", begin="melding_registreren")
        advance_to(db, nummer, "besluit")
        step(db, nummer, "toelaten", invoer={"mandaat": "teamleider", "kenmerk_stuk": "z-2026-00123"})
    regel = next(r for r in opened(auditor, f"/trajecten/{nummer}").geschiedenis if "Toegelaten" in r.zin)
    assert "Teamleider schuldhulp" in regel.antwoorden
    assert "Z-2026-00123" in regel.antwoorden


# -- Completeness ------------------------------------------------------------------------------------------------------

LIJST = """dossiernummer;begin;einde
SHV-2026-00001;02-06-2025;
SHV-2026-00002;03-06-2025;
SHV-2026-00002;03-06-2025;
KBL-77;01-02-2025;01-03-2025
SHV-2026-00003;gisteren;
"""


def compared(bezoeker: Any, lijst: str, **velden: str) -> tuple[int, Pagina]:
    """Upload a list."""
    bestand = (io.BytesIO(lijst.encode()), "lijst.csv")
    antwoord = bezoeker.submit(
        "/onderzoek/volledigheid", {"bestand": bestand, **velden}, content_type="multipart/form-data"
    )
    return antwoord.status_code, Pagina(antwoord.text)


def test_each_line_of_a_list_leads_to_what_it_is_about(auditor):
    status, pagina = compared(auditor, LIJST)
    assert status == 200
    geteld = {"Niet te lezen": "1", "Dubbel in de lijst": "1", "Ontbreekt hier": "1", "Verschilt": "1", "Gelijk": "1"}
    assert {naam: pagina.feiten[naam] for naam in geteld} == geteld
    assert pagina.feiten["Ontbreekt daar"] == "9"
    (verschil,) = rows(pagina, "tabel-verschilt")
    assert verschil.eerste("td").tekst == "3"
    assert verschil.eerste("a")["href"] == "/trajecten/SHV-2026-00002"
    (weg,) = rows(pagina, "tabel-ontbreekt_hier")
    assert auditor.get(weg.eerste("a")["href"]).status_code == 200


def test_a_list_that_cannot_be_read_says_why(auditor):
    status, pagina = compared(auditor, "naam;bedrag\nJan;3\n")
    assert status == 422
    assert any("dossiernummer, begin en einde" in fout for fout in pagina.fouten)
    status, pagina = compared(auditor, LIJST, van="02-06-2025", tot_en_met="01-06-2025")
    assert status == 422
    assert any("De laatste dag" in fout for fout in pagina.fouten)


def test_with_days_only_what_ran_then_is_missed(auditor):
    _, pagina = compared(auditor, LIJST, van="01-01-2020", tot_en_met="31-12-2020")
    assert pagina.feiten["Ontbreekt daar"] == "0"
