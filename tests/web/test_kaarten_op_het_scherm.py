"""The pages about the map: which versions there are, what differs, the drawing, and moving trajecten on the screen."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import pytest
from bezoek import Bezoeker
from sqlalchemy import event

from models.database import engine, reading, transaction
from tests.bouwers import a_traject, everything, folded, step
from tests.conftest import Login
from tests.kaartversies import another
from tests.verhalen.lezer import Pagina
from web.kaarttekening import draw
from workflow import instellingen, kaarten
from workflow.kaartlezer import lees
from workflow.routekaart import Routekaart

TEKST = instellingen.map_file().read_text(encoding="utf-8")
EERSTE = lees(TEKST)
HERNOEMD = another(TEKST, namen={"nazorg": "naloop"}, versie='"2026-2"')
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def tweede(database: str) -> Routekaart:
    """A second version, on which nazorg has another code."""
    with transaction(database) as db:
        kaarten.store(db, HERNOEMD)
    return HERNOEMD


def words(bladtekst: str) -> str:
    """What a page says, without its marks."""
    zonder_svg = re.sub(r"(?s)<svg.*?</svg>", " ", bladtekst)
    return " ".join(html.unescape(re.sub(r"(?s)<[^>]+>", " ", zonder_svg)).split())


# -- Versions and differences ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rol", ["coordinator", "auditor", "beheerder"])
def test_the_versions_with_their_status_and_what_runs_on_them(
    bezoeker: Bezoeker, login: Login, database: str, tweede: Routekaart, rol: str
) -> None:
    with transaction(database) as db:
        a_traject(db, gemeente="GM0935")
        kaarten.store(db, another(TEKST, versie="schets", status="concept"))
    login(bezoeker, rol)
    gezegd = words(bezoeker.get("/routekaart").text)
    assert "schets" in gezegd
    assert "Nooit: een concept 0" in gezegd
    assert re.search(r"2026-2 \w{8} Proef Nu in werking Vanaf .* 1 ", gezegd)


def test_the_way_to_the_versions_is_in_the_foot_of_the_page_for_who_may_see_them(
    bezoeker: Bezoeker, login: Login
) -> None:
    for rol, is_er in {"coordinator": True, "auditor": True, "uitvoerder": False, "partner": False}.items():
        login(bezoeker, rol)
        assert ('href="/routekaart">Routekaart 2026-1 (proef)' in bezoeker.get("/wachtwoord").text) == is_er


def test_two_versions_side_by_side_in_words_and_as_a_drawing(
    bezoeker: Bezoeker, login: Login, tweede: Routekaart
) -> None:
    login(bezoeker, "auditor")
    blad = bezoeker.get("/routekaart/verschil").text
    assert "Van 2026-1 (proef) naar 2026-2 (proef)" in words(blad)
    assert "Vervallen Nazorg (nazorg) Schuldhulpverlening" in words(blad)
    assert "Nieuw Nazorg (naloop) Schuldhulpverlening" in words(blad)
    assert 'class="rk-tekening__vak rk-tekening--weg"' in blad
    zelfde = bezoeker.get(f"/routekaart/verschil?van={EERSTE.sha256}&naar={EERSTE.sha256}").text
    assert "twee keer dezelfde versie" in words(zelfde)


def test_every_route_of_a_version_is_shown(bezoeker: Bezoeker, login: Login) -> None:
    login(bezoeker, "coordinator")
    for route in EERSTE.routes.values():
        blad = bezoeker.get(f"/routekaart/{EERSTE.sha256}?route={route.code}")
        assert blad.status_code == 200
        assert f"Route {route.naam}, versie 2026-1" in html.unescape(blad.text)


@pytest.mark.parametrize("pad", ["/routekaart/0000", "/routekaart/verschil?van=0000", "/routekaart/0000/overzetten"])
def test_a_version_that_is_not_there_is_not_found(bezoeker: Bezoeker, login: Login, pad: str) -> None:
    login(bezoeker, "beheerder")
    assert bezoeker.get(pad).status_code == 404


def test_no_page_asks_more_of_the_database_when_there_is_more(
    bezoeker: Bezoeker, login: Login, database: str, tweede: Routekaart
) -> None:
    with transaction(database) as db:
        for _ in range(12):
            a_traject(db, gemeente="GM0935")
    login(bezoeker, "beheerder")
    for pad in ("", "/verschil", f"/{tweede.sha256}", f"/{tweede.sha256}/overzetten"):
        with Counted(database) as opdrachten:
            assert bezoeker.get(f"/routekaart{pad}").status_code == 200
        assert len(opdrachten) <= 12, opdrachten


class Counted:
    """The SQL statements within the block."""

    def __init__(self, url: str) -> None:
        self.motor = engine(url)
        self.gezien: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(self.motor, "before_cursor_execute", self._note)
        return self.gezien

    def __exit__(self, *_: object) -> None:
        event.remove(self.motor, "before_cursor_execute", self._note)

    def _note(self, _db: object, _cursor: object, tekst: str, *_: object) -> None:
        if tekst.lstrip().upper().startswith("SELECT"):
            self.gezien.append(tekst)


# -- The drawing -------------------------------------------------------------------------------------------------------


def test_the_drawing_is_a_file_that_says_what_it_shows(bezoeker: Bezoeker, login: Login) -> None:
    login(bezoeker, "coordinator")
    antwoord = bezoeker.get(f"/routekaart/{EERSTE.sha256}/tekening/schuldhulp.svg")
    assert antwoord.mimetype == "image/svg+xml"
    assert 'filename="schuldhulp.svg"' in antwoord.headers["Content-Disposition"]
    beeld = ElementTree.fromstring(antwoord.text)  # noqa: S314  (our own)
    (titel,) = [deel.text for deel in beeld.findall(f"{SVG}title")]
    (tekst,) = [deel.text for deel in beeld.findall(f"{SVG}desc")]
    assert titel == "Route Schuldhulpverlening, versie 2026-1"
    assert tekst is not None
    stappen = [s for s in EERSTE.routes["schuldhulp"].stappen.values() if not s.labels.get("stil")]
    assert all(stap.naam in tekst for stap in stappen)
    assert "style" not in {naam for deel in beeld.iter() for naam in deel.attrib}
    assert f"{SVG}style" not in {deel.tag for deel in beeld.iter()}
    assert bezoeker.get(f"/routekaart/{EERSTE.sha256}/tekening/nergens.svg").status_code == 404


@pytest.mark.parametrize("code", list(EERSTE.routes))
def test_no_box_lies_over_another_and_all_lies_within_the_drawing(code: str) -> None:
    for tekening in (draw(EERSTE, code), draw(HERNOEMD, code, EERSTE)):
        plekken = [(vak.x, vak.y) for vak in tekening.vakken]
        assert len(set(plekken)) == len(plekken)
        for x, y in plekken:
            assert all(x == a or abs(x - a) >= 132 for a, _ in plekken)
            assert all(x != a or y == b or abs(y - b) >= 72 for a, b in plekken)
            assert 0 <= x <= tekening.breedte - 132
            assert 0 <= y <= tekening.hoogte - 72


def test_every_way_between_two_stappen_has_a_line_or_is_counted_at_its_end() -> None:
    route = EERSTE.routes["schuldhulp"]
    getekend = {lijn.naam.partition(":")[0] for lijn in draw(EERSTE, "schuldhulp").lijnen}
    wijd = {vak.naam for vak in draw(EERSTE, "schuldhulp").vakken if vak.onder}
    for van, naar in _ways(EERSTE):
        naam = f"{route.stappen[van].naam} naar {route.stappen[naar].naam}"
        assert naam in getekend or route.stappen[naar].naam in wijd, naam


def _ways(kaart: Routekaart) -> Iterator[tuple[str, str]]:
    route = kaart.routes["schuldhulp"]
    for overgang in route.overgangen.values():
        if overgang.naar in route.stappen and not overgang.labels.get("stil"):
            yield from ((van, str(overgang.naar)) for van in overgang.van if not route.stappen[van].labels.get("stil"))


# -- Moving trajecten --------------------------------------------------------------------------------------------------


def test_a_beheerder_rehearses_maps_and_moves(bezoeker: Bezoeker, login: Login, database: str) -> None:
    tweede = HERNOEMD
    with transaction(database) as db:
        nummer = a_traject(db, stap="nazorg", gemeente="GM0935")
        kaarten.store(db, tweede)
    login(bezoeker, "beheerder")
    pad = f"/routekaart/{tweede.sha256}/overzetten"
    blad = bezoeker.get(pad).text
    assert f"{nummer} Nazorg Koppelen" in words(blad)
    assert "Zet 1 traject over" in words(bezoeker.get(f"{pad}?koppel.schuldhulp.nazorg=naloop").text)
    formulier = Pagina(bezoeker.get(f"{pad}?koppel.schuldhulp.nazorg=naloop").text).wortel
    (knop,) = [f for f in formulier.alle("form") if f["action"] == pad and f["method"] == "post"]
    antwoord = bezoeker.submit(pad, {veld["name"]: veld["value"] for veld in knop.alle("input")})
    assert antwoord.status_code == 303
    assert "1 traject is overgezet naar versie 2026-2" in words(bezoeker.get(antwoord.location).text)
    with reading(database) as db:
        assert folded(db, nummer).stand.stap == tweede.routes["schuldhulp"].stappen["naloop"]
    login(bezoeker, "coordinator")
    gezegd = words(bezoeker.get(f"/trajecten/{nummer}").text)
    assert "Overgezet naar versie 2026-2 van de routekaart (van Nazorg naar Nazorg)" in gezegd


def test_who_went_on_after_the_rehearsal_stays_and_is_mentioned(
    bezoeker: Bezoeker, login: Login, database: str
) -> None:
    tweede = HERNOEMD
    with transaction(database) as db:
        blijft, gaat = (a_traject(db, stap="intake", gemeente="GM0935") for _ in range(2))
        kaarten.store(db, tweede)
    login(bezoeker, "beheerder")
    pad = f"/routekaart/{tweede.sha256}/overzetten"
    (gezien,) = re.findall(r'name="gezien" value="(\d+)"', bezoeker.get(pad).text)
    with transaction(database) as db:
        step(db, blijft, "mesis_afnemen")
    antwoord = bezoeker.submit(pad, {"gezien": gezien})
    gezegd = words(bezoeker.get(antwoord.location).text)
    assert "1 traject is overgezet naar versie 2026-2" in gezegd
    assert "1 traject veranderde na deze repetitie" in gezegd
    with reading(database) as db:
        assert [folded(db, nummer).kaart.sha256 for nummer in (blijft, gaat)] == [EERSTE.sha256, tweede.sha256]


@pytest.mark.parametrize("kop", [{"status": "concept"}, {"geldig_vanaf": "2999-01-01"}])
def test_nothing_is_moved_to_what_is_not_in_force(
    bezoeker: Bezoeker, login: Login, database: str, kop: dict[str, str]
) -> None:
    later = another(TEKST, **kop)
    with transaction(database) as db:
        a_traject(db, gemeente="GM0935")
        kaarten.store(db, later)
        was = everything(db)["gebeurtenis"]
    login(bezoeker, "beheerder")
    pad = f"/routekaart/{later.sha256}/overzetten"
    assert "Zet 1 traject over" not in words(bezoeker.get(pad).text)
    assert bezoeker.submit(pad).status_code == 303
    with reading(database) as db:
        assert everything(db)["gebeurtenis"] == was


def test_a_made_up_mapping_is_refused(bezoeker: Bezoeker, login: Login, tweede: Routekaart) -> None:
    login(bezoeker, "beheerder")
    pad = f"/routekaart/{tweede.sha256}/overzetten"
    assert bezoeker.get(f"{pad}?koppel.schuldhulp.nazorg=nergens").status_code == 400
    assert bezoeker.submit(pad, {"koppel.schuldhulp.nazorg": "nergens"}).status_code == 400
