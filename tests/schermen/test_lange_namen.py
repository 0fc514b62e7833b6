"""Long names: they wrap, one long word is broken, and nothing goes out of sight sideways."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from models import klok
from models.database import transaction
from models.medewerker import medewerker
from tests.bouwers import a_person, a_traject
from tests.schermen.conftest import Aanmelden, Site
from tests.schermen.keuring import BREED, HOOG, SMAL, faults, sticking_out

EERSTE, TWEEDE = "Maria Christina van den Berg-Vermeulen", "Johannes Hubertus van der Hoeven-Janssen"
EEN_WOORD = "W" + "indhoos" * 17
BREEDTEN = pytest.mark.parametrize("breedte", [BREED, SMAL])
ZOEKVRAAG = "van den Berg-Vermeulen Jo"

LOOPT_OVER = """() => [...document.querySelectorAll("main *, header *")]
  .filter((deel) => getComputedStyle(deel).display !== "inline" && !deel.closest(".rk-onzichtbaar"))
  .filter((deel) => deel.clientWidth > 1 && deel.scrollWidth > deel.clientWidth + 1)
  .map((deel) => `${deel.tagName}.${deel.className}: ${deel.scrollWidth} in ${deel.clientWidth}`)"""
"""What holds more than it is wide: cut off, or to be moved sideways."""

IS_IN_BEELD = """(deel) => [...deel.getClientRects()].every((vak) => {
  const [links, rechts] = [vak.left + 1, vak.right - 1];
  return links >= 0 && rechts <= document.documentElement.clientWidth && [links, rechts]
    .every((x) => deel.contains(document.elementFromPoint(x, (vak.top + vak.bottom) / 2)));
})"""
"""Whether each line of this part is there to be seen, from its first letter to its last."""

OP_EEN_REGEL = "(deel) => deel.getClientRects().length === 1"


@pytest.fixture(scope="module")
def dossiers(site: Site) -> dict[str, str]:
    """The names of a couple and of somebody whose name is one word of 120 letters -> the number of their traject."""
    paar = (("Maria Christina", "van den Berg-Vermeulen"), ("Johannes Hubertus", "van der Hoeven-Janssen"))
    namen = {f"{EERSTE} en {TWEEDE}": paar, EEN_WOORD: (("", EEN_WOORD),)}
    with klok.at(site.uurwerk.now()), transaction(site.database) as db:
        wie = db.execute(select(medewerker.c.pseudoniem).where(medewerker.c.rol == "uitvoerder")).scalars().first()
        return {
            naam: a_traject(
                db,
                wie=[a_person(db, achternaam, voornaam=voornaam) for voornaam, achternaam in mensen],
                op=site.vandaag - 40,
                route="schuldhulp",
                begin="melding_registreren",
                behandelaar=wie,
            )
            for naam, mensen in namen.items()
        }


def in_sight(deel: Locator) -> bool:
    """Whether all of it can be read once it is scrolled to, downwards only."""
    deel.scroll_into_view_if_needed()
    return bool(deel.evaluate(IS_IN_BEELD))


def at_width(blad: Page, adres: str, breedte: int) -> None:
    """Go to this page in a window as wide as that."""
    blad.set_viewport_size({"width": breedte, "height": HOOG})
    blad.goto(adres)


@BREEDTEN
def test_long_names_stay_within_the_list(aangemeld: Aanmelden, dossiers: dict[str, str], breedte: int) -> None:
    blad = aangemeld()
    at_width(blad, "/werkvoorraad?lijst=alle", breedte)
    assert blad.evaluate(LOOPT_OVER) == []
    assert sticking_out(blad, breedte) == []
    for naam, nummer in dossiers.items():
        rij = blad.get_by_role("row").filter(has_text=nummer)
        expect(rij.get_by_role("link")).to_have_text(naam)
        assert in_sight(rij.get_by_role("link"))
        assert rij.get_by_text(nummer).evaluate(OP_EEN_REGEL)


@BREEDTEN
def test_long_names_stay_within_the_pages_of_the_dossier(
    aangemeld: Aanmelden, dossiers: dict[str, str], breedte: int
) -> None:
    blad = aangemeld()
    for naam, nummer in dossiers.items():
        at_width(blad, f"/trajecten/{nummer}", breedte)
        assert blad.evaluate(LOOPT_OVER) == []
        assert sticking_out(blad, breedte) == []
        expect(blad.get_by_role("heading", level=1)).to_have_text(naam)
        assert in_sight(blad.get_by_role("heading", level=1))
        for mens in naam.split(" en "):
            assert in_sight(blad.get_by_role("heading", name=mens, level=2))
        blad.get_by_role("link", name="Alles van").first.click()
        expect(blad.get_by_role("heading", level=1)).to_be_visible()
        assert blad.evaluate(LOOPT_OVER) == []


def test_ordinary_names_are_not_broken(aangemeld: Aanmelden, dossiers: dict[str, str]) -> None:
    blad = aangemeld()
    at_width(blad, "/werkvoorraad?zoek=SHV-2026-000", BREED)
    namen = blad.locator("tbody th a")
    for naam in ("Bram Cremers", "Noud Op den Camp", "Henk van der Heijden", "Daan Dols en Jean-Baptiste Dols"):
        link = namen.filter(has_text=naam)
        assert link.bounding_box()["height"] < 24, naam  # type: ignore[index]


def test_the_pages_with_long_names_have_no_violation(aangemeld: Aanmelden, dossiers: dict[str, str]) -> None:
    blad = aangemeld()
    for nummer in dossiers.values():
        blad.goto(f"/trajecten/{nummer}")
        assert faults(blad) == []


def test_the_title_of_an_overgang_is_whole_on_a_phone(aangemeld: Aanmelden) -> None:
    blad = aangemeld()
    at_width(blad, "/trajecten/SHV-2026-00015/overgang/overeenkomst_sluiten", SMAL)
    assert blad.evaluate(LOOPT_OVER) == []
    assert in_sight(blad.get_by_role("heading", level=1))


@pytest.mark.parametrize("rol", ["uitvoerder", "coordinator", "auditor"])
@pytest.mark.parametrize("breedte", [1440, BREED, 1280, 1200, 1024, 768, SMAL])
def test_the_search_box_shows_what_is_looked_for(aangemeld: Aanmelden, rol: str, breedte: int) -> None:
    blad = aangemeld(rol)
    at_width(blad, "/werkvoorraad", breedte)
    veld = blad.get_by_role("searchbox")
    veld.fill(ZOEKVRAAG)
    expect(veld).to_be_focused()
    assert breedte == SMAL or veld.evaluate("(veld) => veld.scrollWidth <= veld.clientWidth")
    assert sticking_out(blad, breedte) == []
    for deel in (".rk-merk", ".rk-zoek", ".rk-gebruiker"):
        expect(blad.locator(deel)).to_be_in_viewport(ratio=1)
    if breedte >= BREED:
        assert blad.locator(".rk-kop").bounding_box()["height"] < 60  # type: ignore[index]
