"""The coordinator's walk: open the figures, find where trajecten drop out, go to their list and into one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from models import klok
from models.database import transaction
from models.traject import traject
from tests.bouwers import step
from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.handen import press
from tests.schermen.keuring import faults

FASE = "stabilisatie"
VLAK = "document.querySelector('#deel-knelpunt .rk-grafiek__vlak')"
MIDDEN_VAN_EEN_STAAF = """() => {
  const vlakken = [...document.querySelectorAll("#deel-cohort svg path")].map((pad) => pad.getBoundingClientRect());
  const staaf = vlakken.filter(({ width, height }) => width > 30 && height > 12 && height < 40).at(-1);
  return { x: staaf.x + staaf.width / 2, y: staaf.y + staaf.height / 2 };
}"""


VERSCHOVEN = """(vak) => vak.scrollLeft > 0 || new Promise((klaar) => {
  vak.addEventListener("scroll", () => klaar(vak.scrollLeft > 0), { once: true });
})"""
"""Whether a box was moved aside, now or as soon as it moves."""


@pytest.fixture(scope="module", autouse=True)
def uitgevallen(site: Site) -> int:
    """How many trajecten dropped out in one fase this year."""
    with klok.at(site.uurwerk.now()), transaction(site.database) as db:
        keuze = select(traject.c.nummer).where(traject.c.fase == FASE, traject.c.is_open.is_(True))
        nummers = list(db.execute(keuze.order_by(traject.c.id)).scalars())[:3]
        for nummer in nummers:
            step(db, nummer, "uitval_vastleggen", reden="motivatie_weg", alles=True)
    return len(nummers)


def test_from_the_menu_to_the_bottleneck_its_list_and_a_dossier(aangemeld: Aanmelden, uitgevallen: int) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/werkvoorraad")
    blad.keyboard.press("g")
    blad.keyboard.press("i")
    expect(blad.get_by_role("heading", level=1)).to_have_text("Cijfers")
    expect(blad.locator("#deel-knelpunt svg").first).to_be_visible()
    expect(blad.locator("#deel-knelpunt")).to_contain_text("De grootste kans op uitval: Stabilisatie")
    blad.get_by_role("link", name=f"Uitval: Stabilisatie {uitgevallen}").click()
    expect(blad.get_by_role("heading", level=1)).to_have_text("Uitval: Stabilisatie")
    expect(blad.locator("#lijst tbody tr")).to_have_count(uitgevallen)
    naam = blad.locator("#lijst tbody th a").first
    wie = naam.inner_text()
    naam.click()
    expect(blad.get_by_role("heading", level=1)).to_have_text(wie)
    expect(blad.locator("#deel-geschiedenis")).to_contain_text("Wil niet verder")


def test_a_period_is_chosen_and_stands_in_the_address(aangemeld: Aanmelden) -> None:
    blad = aangemeld("auditor")
    blad.goto("/cijfers/D5")
    blad.get_by_label("Periode", exact=True).select_option("Vorig jaar")
    press(blad, "Tonen")
    expect(blad.get_by_text("1 januari 2025 t/m 31 december 2025")).to_be_visible()
    assert "periode=vorig_jaar" in blad.url


def test_a_click_on_a_bar_opens_its_list(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/cijfers/D5")
    blad.locator("#deel-cohort").scroll_into_view_if_needed()
    midden = blad.evaluate(MIDDEN_VAN_EEN_STAAF)
    blad.mouse.click(midden["x"], midden["y"])
    blad.wait_for_url("**/lijst?*")
    expect(blad.locator("#lijst")).to_be_visible()


def test_charts_follow_the_theme_and_are_told_in_words(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/cijfers")
    vlak = blad.locator("#deel-knelpunt .rk-grafiek__vlak")
    zin = re.compile(r"^Begonnen fasen naar afloop\. De grootste kans op uitval: Stabilisatie, \d+ %")
    expect(vlak).to_have_attribute("aria-label", zin)
    overdag = vlak.inner_html()
    blad.emulate_media(color_scheme="dark")
    blad.wait_for_function(
        "(was) => document.querySelector('#deel-knelpunt .rk-grafiek__vlak').innerHTML !== was", arg=overdag
    )


NAMEN_OVER_ELKAAR = """() => {
  const vakken = [...document.querySelectorAll("#deel-routes svg text")].map((naam) => naam.getBoundingClientRect());
  const naast = (een, ander) => een.right <= ander.left || ander.right <= een.left;
  const onder = (een, ander) => een.bottom - 3 <= ander.top || ander.bottom - 3 <= een.top;
  const raakt = (een, i) => vakken.slice(i + 1).some((ander) => !naast(een, ander) && !onder(een, ander));
  return vakken.filter(raakt).length;
}"""


@pytest.mark.parametrize("breedte", [1366, 390])
def test_names_in_the_flows_stand_apart_and_a_drawing_that_goes_on_says_so(aangemeld: Aanmelden, breedte: int) -> None:
    blad = aangemeld("coordinator")
    blad.set_viewport_size({"width": breedte, "height": 900})
    blad.goto("/cijfers/doorstroom")
    expect(blad.locator("#deel-routes svg text").first).to_be_visible()
    assert blad.locator("#deel-routes svg text").count() > 3
    assert blad.evaluate(NAMEN_OVER_ELKAAR) == 0
    expect(blad.locator("#deel-routes [data-loopt-door]")).to_be_visible(visible=breedte == 390)


ACHT_PLEKKEN = (
    *(("Melding", "Intake", 290), ("Intake", "MESIS en besluit", 250), ("MESIS en besluit", "Stabilisatie", 130)),
    *(("MESIS en besluit", "Intake (2e ronde)", 5), ("Intake (2e ronde)", "MESIS en besluit (2e ronde)", 5)),
    *(("Stabilisatie", "Minnelijk traject", 60), ("Stabilisatie", "Nazorg", 1), ("Stabilisatie", "Budgetbeheer", 17)),
    *(("Minnelijk traject", "WSNP", 10), ("Minnelijk traject", "Stabilisatie (2e ronde)", 5)),
    *(("MESIS en besluit (2e ronde)", "Budgetbeheer (2e ronde)", 1), ("WSNP", "Minnelijk traject (2e ronde)", 2)),
    *(("Minnelijk traject (2e ronde)", "Nog bezig", 2), ("Minnelijk traject", "Nog bezig", 45)),
    *(
        ("Melding", "Uitval", 77),
        ("Intake", "Succes", 40),
        ("Melding", "Anders geëindigd", 15),
        ("Intake", "Afwijzing", 9),
    ),
)
"""From, to, how many: eight places behind each other, as in a caseload of a year."""


def as_drawing(stromen: Iterable[tuple[str, str, int]]) -> str:
    """The flows as a page hands them to its chart."""
    wegen = [{"van": van, "naar": naar, "waarde": n, "url": "#", "kleur": "1"} for van, naar, n in stromen]
    namen = dict.fromkeys(weg[kant] for weg in wegen for kant in ("van", "naar"))
    knopen = [{"naam": naam, "kleur": "1"} for naam in namen]
    return json.dumps({"soort": "stromen", "knopen": knopen, "stromen": wegen, "eenheid": "trajecten"})


def draw_eight(weg: Route) -> None:
    """The page as it comes, with these flows instead of its own."""
    gekregen = weg.fetch()
    tekening = r'(?<=data-grafiek>)[^<]*"soort": "stromen"[^<]*'
    woorden, gevonden = re.subn(tekening, lambda _: as_drawing(ACHT_PLEKKEN), gekregen.text())
    assert gevonden == 1
    weg.fulfill(response=gekregen, body=woorden)


def test_the_flows_of_a_year_fit_on_a_common_screen_with_every_name_whole(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.route("**/cijfers/doorstroom", draw_eight)
    blad.goto("/cijfers/doorstroom")
    expect(blad.locator("#deel-routes svg").get_by_text("Anders geëindigd (15)")).to_be_visible()
    expect(blad.locator("#deel-routes [data-loopt-door]")).to_be_hidden()
    assert blad.evaluate(NAMEN_OVER_ELKAAR) == 0
    rand = blad.locator("#deel-routes .rk-grafiek__schuif").bounding_box()
    assert rand is not None
    rechts = "namen => Math.max(...namen.map((naam) => naam.getBoundingClientRect().right))"
    assert blad.locator("#deel-routes svg text").evaluate_all(rechts) <= rand["x"] + rand["width"]


BINNEN_DE_MARGES = 688
"""Pixels of 182 mm: the width of A4 without its margins of 14 mm."""


def test_on_paper_the_flows_of_a_year_stand_whole(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.set_viewport_size({"width": BINNEN_DE_MARGES, "height": 900})
    blad.route("**/cijfers/doorstroom", draw_eight)
    blad.goto("/cijfers/doorstroom")
    blad.emulate_media(media="print")
    expect(blad.locator("#deel-routes svg").get_by_text("Uitval (77)")).to_be_visible()
    rechts = "delen => Math.max(...delen.map((deel) => deel.getBoundingClientRect().right))"
    assert blad.locator(".rk-grafiek svg, .rk-grafiek svg text").evaluate_all(rechts) <= BINNEN_DE_MARGES
    assert blad.evaluate(NAMEN_OVER_ELKAAR) == 0


def test_a_drawing_of_the_map_that_goes_on_says_so_and_can_be_moved(aangemeld: Aanmelden) -> None:
    blad = aangemeld("auditor")
    blad.set_viewport_size({"width": 390, "height": 800})
    blad.goto("/routekaart/verschil")
    expect(blad.get_by_text("De tekening loopt door: schuif haar opzij.")).to_be_visible()
    tekening = blad.get_by_role("region", name=re.compile("^Tekening: "))
    tekening.focus()
    blad.keyboard.press("ArrowRight")
    assert tekening.evaluate(VERSCHOVEN)


def test_a_drawing_of_the_map_can_be_kept_as_a_picture(aangemeld: Aanmelden) -> None:
    blad = aangemeld("auditor")
    blad.goto("/routekaart/verschil")
    with blad.expect_download() as ophalen:
        blad.get_by_role("button", name="PNG").click()
    plaatje = Path(ophalen.value.path()).read_bytes()
    assert ophalen.value.suggested_filename.endswith(".png")
    assert plaatje.startswith(b"\x89PNG")
    breedte = int(blad.locator(".rk-tekening svg").get_attribute("width") or 0)
    assert int.from_bytes(plaatje[16:20]) == 2 * breedte > 0


def test_the_menu_of_a_coordinator_stands_on_one_line(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/cijfers")
    assert len({link.bounding_box()["y"] for link in blad.locator(".rk-menu__link").all()}) == 1  # type: ignore[index]


def test_without_javascript_the_tables_are_there(browser, site: Site, aangemeld: Aanmelden) -> None:  # type: ignore[no-untyped-def]
    aangemeld("coordinator")
    with browser.new_context(base_url=site.url, java_script_enabled=False, locale="nl-NL") as zonder:
        zonder.add_cookies(site.koekjes["coordinator"])
        blad = zonder.new_page()
        blad.goto("/cijfers/D5")
        expect(blad.locator(".rk-grafiek__vlak").first).to_be_hidden()
        blad.locator("#deel-cohort summary").click()
        expect(blad.locator("#deel-cohort table").first).to_be_visible()


@pytest.mark.parametrize("media", ["screen", "print"])
def test_the_fasenboek_fits_on_the_screen_and_on_paper(aangemeld: Aanmelden, media: str) -> None:
    blad = aangemeld("coordinator")
    blad.set_viewport_size({"width": 1366 if media == "screen" else 1000, "height": 900})
    for code in ("D4", "D5"):
        blad.goto(f"/cijfers/{code}")
        blad.emulate_media(media=media)  # type: ignore[arg-type]
        for tabel in ("erin", "eruit"):
            vak = blad.locator(f".rk-tabelvak:has(#tabel-fasenboek-{tabel})")
            assert vak.evaluate("vak => vak.scrollWidth - vak.clientWidth") <= 0, (code, tabel)


def test_on_paper_the_tables_are_unfolded_and_nothing_is_asked(aangemeld: Aanmelden) -> None:
    blad = aangemeld("coordinator")
    blad.goto("/cijfers/D5")
    tabel = blad.locator("#deel-cohort table").first
    expect(tabel).to_be_hidden()
    blad.emulate_media(media="print")
    expect(tabel).to_be_visible()
    expect(blad.locator("#deel-cohort svg").first).to_be_visible()
    expect(blad.get_by_label("Periode", exact=True)).to_be_hidden()


def _as_it_is(_blad: Page) -> None:
    return None


def _opened(blad: Page) -> None:
    blad.evaluate("document.querySelectorAll('main details').forEach((deel) => { deel.open = true; })")


WAT_ALS = (
    "termijn=besluit&lengte=10&eenheid=dagen&overgang=schuldhulp.toelaten&voorwaarde=minstens_deelnemers&argument=2"
)
BLADEN: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    ("dashboard", "/cijfers", _as_it_is),
    ("dashboard-preventie", "/cijfers?ambitie=preventie", _as_it_is),
    ("dashboard-fout", "/cijfers?periode=eigen&van=nooit", _as_it_is),
    ("indicator-uitval", "/cijfers/D5", _opened),
    ("indicator-duur", "/cijfers/D4", _opened),
    ("indicator-aandeel", "/cijfers/D13", _opened),
    ("indicator-gesplitst", "/cijfers/D1?splits=maand", _as_it_is),
    ("lijst", "/cijfers/O2/lijst?maat=meldingen", _as_it_is),
    ("lijst-leeg", "/cijfers/D10/lijst?maat=vonnissen", _as_it_is),
    ("doorstroom", "/cijfers/doorstroom", _opened),
    ("varianten", "/cijfers/varianten", _as_it_is),
    ("variantlijst", "/cijfers/varianten/lijst?weg=melding", _as_it_is),
    ("wat-als", f"/cijfers/wat-als?{WAT_ALS}", _as_it_is),
    ("wat-als-fout", "/cijfers/wat-als?termijn=besluit&overgang=schuldhulp.toelaten&voorwaarde=was_in", _as_it_is),
    ("wat-als-lijst", f"/cijfers/wat-als/lijst?wat=dan&{WAT_ALS}", _as_it_is),
    ("termijnen", "/cijfers/termijnen?binnen=90", _as_it_is),
    ("werkverdeling", "/cijfers/werkverdeling", _as_it_is),
)


@pytest.mark.parametrize(("naam", "pad", "doe"), BLADEN, ids=[blad[0] for blad in BLADEN])
def test_no_page_with_figures_has_a_violation(
    aangemeld: Aanmelden, naam: str, pad: str, doe: Callable[[Page], None]
) -> None:
    blad = aangemeld("coordinator")
    antwoord = blad.goto(pad)
    assert antwoord is not None
    assert antwoord.status == 200, naam
    doe(blad)
    assert faults(blad) == []
