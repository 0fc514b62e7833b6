"""Make the pictures in docs/schermen: pages of the demo caseload in a real browser, wide and narrow.

Run with the packages of `make test` and Debian's chromium (or $CHROMIUM):

    .venv/bin/python scripts/schermafdrukken.py

The database is made in a temporary folder, with a clock that stands still and a fixed seed, so that a picture changes
only when the page did. Nothing else on the machine is touched.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import Connection, select
from werkzeug.serving import make_server

WORTEL = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(WORTEL))

from models import klok  # noqa: E402
from models.database import reading, transaction  # noqa: E402
from models.medewerker import medewerker  # noqa: E402
from workflow import kaarten, kaartlezer  # noqa: E402
from workflow.gezin import load  # noqa: E402
from workflow.instellingen import map_file  # noqa: E402
from workflow.opdracht import Actor  # noqa: E402
from workflow.rapporten.duiding import set_target  # noqa: E402
from workflow.voorbeeld import Overzicht, make_demo  # noqa: E402
from workflow.voorstellen import propose_amendment  # noqa: E402

DOEL = WORTEL / "docs" / "schermen"
LEVERING = WORTEL / "tests" / "data" / "ddas" / "volledig.json"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
NU = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
AANTAL = 400
STREEFWAARDEN = {2023: 80, 2024: 90, 2025: 100, 2026: 110}
VOLGENDE = {
    r"(?m)^versie: .*$": 'versie: "2027-1"',
    r"(?m)^status: .*$": "status: concept",
    r"\bdwangakkoord_vonnis\b": "vonnis_dwangakkoord",
    r"\bdfd\b": "langdurig",
    r"naam: Intake\b": "naam: Eerste gesprek",
}
"""What differs on the next map, as patterns and what comes in their place."""

HOOGTES = {1366: 1000, 390: 1100}
"""Width of the window -> its height."""


def main() -> None:
    """Make all pictures and say where they are."""
    with TemporaryDirectory() as map_, served(Path(map_)) as (url, overzicht):
        DOEL.mkdir(parents=True, exist_ok=True)
        for bestand in photograph(url, overzicht):
            print(bestand.relative_to(WORTEL))


@contextmanager
def served(map_: Path) -> Iterator[tuple[str, Overzicht]]:
    """The application on a fresh demo caseload, on a port of its own."""
    os.environ["ROUTEKAART_INSTANCE"] = str(map_)
    url = f"sqlite:///{map_ / 'routekaart.db'}"
    with klok.at(NU):
        app, overzicht = _application(url)
    server = make_server("127.0.0.1", 0, _standing_still(app), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", overzicht
    finally:
        server.shutdown()


def _application(url: str) -> tuple[Any, Overzicht]:
    from web.app import create_app
    from web.opdrachten import prepare

    prepare(url)
    overzicht = make_demo(url, size=AANTAL)
    with transaction(url) as db:
        kaarten.store(db, kaartlezer.lees(_next_map()))
        wie = _coordinator(db)
        for jaar, waarde in STREEFWAARDEN.items():
            set_target(db, "O2", "meldingen", jaar, "streefwaarde", waarde, wie)
    _propose()
    return create_app(url), overzicht


def _coordinator(db: Connection) -> Actor:
    m = medewerker.c
    return Actor(*db.execute(select(m.pseudoniem, m.rol, m.organisatie).where(m.inlognaam == "coordinator")).one())


def _next_map() -> bytes:
    """The map as its next version, a concept with a few differences to show."""
    tekst = map_file().read_text(encoding="utf-8")
    for was, wordt in VOLGENDE.items():
        tekst = re.sub(was, wordt, tekst)
    return tekst.encode()


def _standing_still(app: Any) -> Callable[..., Iterable[bytes]]:
    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with klok.at(NU):
            return app.wsgi_app(environ, start_response)  # type: ignore[no-any-return]

    return serve


# -- The pictures ------------------------------------------------------------------------------------------------------


def photograph(url: str, overzicht: Overzicht) -> Iterator[Path]:
    """Walk past the pages; yields each picture made."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"]
        )
        blad = logged_in(browser, url, overzicht, "uitvoerder")
        for naam, ga_erheen in BLADEN.items():
            yield from _wide_and_narrow(blad, naam, ga_erheen)
        yield _dark(blad)
        blad = logged_in(browser, url, overzicht, "coordinator")
        yield from _wide_and_narrow(blad, "import", to_import)
        yield from _wide_and_narrow(blad, "briefsjabloon", to_template)
        for naam, ga_erheen in CIJFERS.items():
            yield from _wide_and_narrow(blad, naam, ga_erheen)
        yield from _of_the_past(logged_in(browser, url, overzicht, "auditor"))
        browser.close()


def _of_the_past(blad: Page) -> Iterator[Path]:
    """What an auditor sees: a corrected traject and the caseload at earlier moments, and a proposed correction."""
    for naam, ga_erheen in TERUGKIJKEN.items():
        yield from _wide_and_narrow(blad, naam, ga_erheen)


def logged_in(browser: Browser, url: str, overzicht: Overzicht, rol: str) -> Page:
    """A page of the first demo account in this role."""
    inlognaam = next(a.inlognaam for a in overzicht.aanmeldingen if a.rol == rol)
    context = browser.new_context(
        base_url=url, locale="nl-NL", timezone_id="Europe/Amsterdam", reduced_motion="reduce", color_scheme="light"
    )
    blad = context.new_page()
    blad.goto("/inloggen")
    blad.get_by_label("Inlognaam").fill(inlognaam)
    blad.get_by_label("Wachtwoord").fill(overzicht.wachtwoord)
    blad.get_by_role("button", name="Inloggen").click()
    blad.locator(".rk-gebruiker").wait_for()
    return blad


def to_today(blad: Page) -> None:
    """What comes first this morning."""
    blad.goto("/vandaag")


def to_agenda(blad: Page) -> None:
    """The week of the case worker."""
    blad.goto("/agenda")


def to_appointments(blad: Page) -> None:
    """What is planned in a dossier, and what became of what was."""
    with reading(_database()) as db:
        vraag = (
            "SELECT t.nummer FROM planpunt p JOIN traject t ON t.id = p.traject_id WHERE t.is_open"
            " GROUP BY t.nummer HAVING max(p.soort = 'gesprek' AND p.stand = 'open') = 1"
            " ORDER BY count(DISTINCT p.stand) DESC, count(*) DESC, t.nummer LIMIT 1"
        )
        nummer = db.exec_driver_sql(vraag).scalar_one()
    blad.goto(f"/trajecten/{nummer}/afspraken")
    blad.locator("#deel-komend").wait_for()


def to_worklist(blad: Page) -> None:
    """The case worker's own list."""
    blad.goto("/werkvoorraad?lijst=mijn")


def to_traject(blad: Page) -> None:
    """A traject that has been under way for a while."""
    blad.goto("/werkvoorraad?lijst=mijn&fase=stabilisatie")
    blad.locator("tbody th a").first.click()
    blad.locator("#deel-geschiedenis").wait_for()


def to_overgang(blad: Page) -> None:
    """The form of the first thing that may be done with that traject."""
    to_traject(blad)
    blad.locator("#deel-volgende .rk-actiegroep .nl-button").first.click()
    blad.locator("form.rk-formulier").wait_for()


def to_documents(blad: Page) -> None:
    """The documents of a traject on which a decision waits for them."""
    blad.goto(f"/trajecten/{_with_documents()}/stukken")
    blad.locator("#deel-register").wait_for()


def to_contact(blad: Page) -> None:
    """The contact log of the same traject."""
    blad.goto(f"/trajecten/{_with_documents()}/contact")
    blad.locator("#contacten").wait_for()


def _with_documents() -> str:
    """The number of the open traject with the first document in its register of those that are being decided on."""
    with reading(_database()) as db:
        vraag = (
            "SELECT t.nummer FROM stuk s JOIN traject t ON t.id = s.traject_id WHERE t.is_open"
            " ORDER BY t.stap NOT IN ('intake', 'mesis', 'besluit'), s.id LIMIT 1"
        )
        return str(db.exec_driver_sql(vraag).scalar_one())


def to_melding(blad: Page) -> None:
    """The form of a new melding."""
    blad.goto("/meldingen")


def to_debts(blad: Page) -> None:
    """The list of debts of a dossier in which some creditors refuse."""
    blad.goto(f"/trajecten/{_with_debts()}/schulden")
    blad.locator("#deel-lijst").wait_for()


def to_import(blad: Page) -> None:
    """What a delivery in the national exchange format would become."""
    blad.goto("/uitwisseling")
    blad.locator("input[type=file]").set_input_files(LEVERING)
    blad.locator("form:has(input[type=file]) button[type=submit]").click()
    blad.locator("main table").first.wait_for()


def to_figures(pad: str) -> Callable[[Page], None]:
    """A page with figures; drawn when its first chart is."""

    def go(blad: Page) -> None:
        blad.goto(f"/cijfers{pad}")
        blad.locator("main h1").wait_for()
        if blad.locator("script[data-grafiek]").count():
            blad.locator(".rk-grafiek__vlak svg").first.wait_for()

    return go


def to_targets(blad: Page) -> None:
    """A count by year, with the targets of the years."""
    to_figures("/O2?periode=eigen&van=01-01-2022&tot_en_met=24-11-2026&splits=jaar")(blad)


def to_map(pad: str) -> Callable[[Page], None]:
    """A page about the versions of the map."""

    def go(blad: Page) -> None:
        blad.goto(f"/routekaart{pad}")
        blad.locator("main h1").wait_for()

    return go


def to_one_map(blad: Page) -> None:
    """The version of the map in force."""
    blad.goto("/routekaart")
    blad.locator("tbody th a").last.click()
    blad.locator(".rk-tekening svg").wait_for()


def to_report(blad: Page) -> None:
    """The programme report on last year."""
    blad.goto("/rapporten/nieuw")
    blad.locator("#deel-samenvatting").wait_for()


def to_past(blad: Page) -> None:
    """A traject with a correction, on the day of its last gebeurtenis."""
    blad.goto(f"/trajecten/{_corrected()}/terugkijken")
    vandaag = blad.url
    blad.locator("#vorige").click()
    blad.wait_for_url(lambda url: url != vandaag)
    blad.mouse.move(0, 0)
    blad.locator("#deel-gebeurd s").first.wait_for()


def to_moments(blad: Page) -> None:
    """The caseload half a year ago and now."""
    blad.goto("/terugkijken?op_toen=2026-05-31&bekend_toen=2026-05-31&op=2026-11-24&bekend=2026-11-24")
    blad.locator(".rk-grafiek__vlak svg").first.wait_for()


def to_proposal(blad: Page) -> None:
    """A correction that waits for a second person."""
    blad.goto("/voorstellen")
    blad.locator("#open-voorstellen").get_by_role("link").first.click()
    blad.locator("#deel-gevolgen").wait_for()


def to_letter(blad: Page) -> None:
    """The concept of a letter, with what it looks like."""
    with reading(_database()) as db:
        vraag = (
            "SELECT t.nummer, b.nummer FROM brief b JOIN trajectnummer t ON t.id = b.traject_id"
            " WHERE b.status = 'concept' ORDER BY b.sjabloon <> 'uitnodiging', b.id LIMIT 1"
        )
        nummer, brief = db.exec_driver_sql(vraag).one()
    blad.goto(f"/trajecten/{nummer}/brieven/{brief}/schrijven")
    blad.locator(".rk-briefblad").first.wait_for()


def to_template(blad: Page) -> None:
    """A template of letters."""
    blad.goto("/beheer/brieven/sjabloon/toelating")
    blad.locator(".rk-briefblad").first.wait_for()


def _with_debts() -> str:
    """The number of the dossier with most debts among those for which a proposal is being made, else among all."""
    with reading(_database()) as db:
        vraag = (
            "SELECT t.nummer FROM schuld s JOIN traject t ON t.id = s.traject_id"
            " GROUP BY t.nummer, t.fase ORDER BY t.fase <> 'minnelijk', count(*) DESC, t.nummer LIMIT 1"
        )
        return str(db.exec_driver_sql(vraag).scalar_one())


def _corrected() -> str:
    """The number of the last traject of which a gebeurtenis was amended and another came later."""
    with reading(_database()) as db:
        vraag = (
            "SELECT t.nummer FROM gebeurtenis g JOIN trajectnummer t ON t.id = g.traject_id AND t.id = t.wortel_id"
            " WHERE g.soort = 'verbetering' AND t.nummer LIKE 'SHV-%' ORDER BY g.id DESC LIMIT 1"
        )
        return str(db.exec_driver_sql(vraag).scalar_one())


def _database() -> str:
    return f"sqlite:///{Path(os.environ['ROUTEKAART_INSTANCE']) / 'routekaart.db'}"


def _propose() -> None:
    """An uitvoerder proposes to move the second step of that traject by a day."""
    with klok.at(NU), transaction(_database()) as db:
        nummer = _corrected()
        verloop = load(db, nummer).by_nummer(nummer)
        stap = next(feit for feit in verloop.feiten if feit.soort == "overgang" and feit.naar)
        wie = db.exec_driver_sql(
            "SELECT pseudoniem, rol, organisatie FROM medewerker WHERE rol = 'coordinator'"
        ).first()
        propose_amendment(db, nummer, stap.volgnummer, dag=stap.dag - 1, reden="verkeerde_dag", door=Actor(*wie))


TERUGKIJKEN = {"terugkijken": to_past, "momenten": to_moments, "voorstel": to_proposal}


def to_sample(blad: Page) -> None:
    """A sample of the log."""
    blad.goto("/onderzoek/steekproef?soort=gebeurtenissen&zaad=appel")
    blad.locator("#steekproef").wait_for()


def to_person(blad: Page) -> None:
    """Somebody of whom more is known, with a safe address."""
    blad.goto(f"/personen/{_well_known()}")
    blad.locator("#deel-gegevens").wait_for()


def _well_known() -> str:
    with reading(_database()) as db:
        vraag = (
            "SELECT p.pseudoniem FROM persoon p JOIN persoonswijziging w ON w.persoon_id = p.id"
            " WHERE w.soort = 'gegevens' ORDER BY w.id LIMIT 2"
        )
        return str(db.exec_driver_sql(vraag).all()[-1].pseudoniem)


def to_shielded(blad: Page) -> None:
    """The list of shielded dossiers."""
    blad.goto("/afscherming")
    blad.locator("#afgeschermd").wait_for()


CIJFERS = {
    "persoon": to_person,
    "afgeschermd": to_shielded,
    "cijfers": to_figures(""),
    "doorlooptijden": to_figures("/D4"),
    "streefwaarden": to_targets,
    "doorstroom": to_figures("/doorstroom"),
    "termijnen": to_figures("/termijnen"),
    "varianten": to_figures("/varianten?periode=vorig_jaar"),
    "wat-als": to_figures("/wat-als?periode=vorig_jaar&termijn=besluit&lengte=4&eenheid=weken"),
    "steekproef": to_sample,
    "werkverdeling": to_figures("/werkverdeling"),
    "lijst": to_figures("/D5/lijst?maat=uitval"),
    "rapport": to_report,
    "kaartversies": to_map(""),
    "kaartverschil": to_map("/verschil"),
    "kaart": to_one_map,
    "wijzigingen": to_map("/wijzigingen"),
}
"""The coordinator's pages with figures, and those about the map."""

BLADEN = {
    "vandaag": to_today,
    "agenda": to_agenda,
    "afspraken": to_appointments,
    "werkvoorraad": to_worklist,
    "traject": to_traject,
    "overgang": to_overgang,
    "melding": to_melding,
    "brief": to_letter,
    "contact": to_contact,
    "stukken": to_documents,
    "schulden": to_debts,
}


def _wide_and_narrow(blad: Page, naam: str, ga_erheen: Callable[[Page], None]) -> Iterator[Path]:
    for breedte, hoogte in HOOGTES.items():
        blad.set_viewport_size({"width": breedte, "height": hoogte})
        ga_erheen(blad)
        yield _picture(blad, f"{naam}-{breedte}")


def _dark(blad: Page) -> Path:
    breedte = max(HOOGTES)
    blad.set_viewport_size({"width": breedte, "height": HOOGTES[breedte]})
    blad.emulate_media(color_scheme="dark")
    to_worklist(blad)
    return _picture(blad, f"werkvoorraad-donker-{breedte}")


def _picture(blad: Page, naam: str) -> Path:
    bestand = DOEL / f"{naam}.png"
    blad.screenshot(path=bestand, animations="disabled", caret="hide")
    return bestand


if __name__ == "__main__":
    main()
