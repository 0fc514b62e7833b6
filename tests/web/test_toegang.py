"""Who may use what: every route says it, the table in docs/rechten.md says it too, and both are what happens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from werkzeug.routing import Rule

from models.database import reading, transaction
from web import toegang
from web.app import create_app
from web.toegang import ALLEN, safe_target
from workflow import medewerkers

RECHTEN = Path(__file__).parents[2] / "docs" / "rechten.md"
HANDLED = {"GET", "POST", "PUT", "PATCH", "DELETE"}


class Recht(NamedTuple):
    """A line of the table: the methods of an endpoint, and its roles (None for everybody)."""

    methods: set[str]
    rollen: set[str] | None


def rights() -> dict[str, Recht]:
    regels = [regel for regel in RECHTEN.read_text(encoding="utf-8").splitlines() if regel.startswith("| ")][1:]
    cellen = [[cel.strip() for cel in regel.strip("|").split("|")] for regel in regels]
    return {endpoint: Recht(set(methods.split(", ")), _roles(rollen)) for endpoint, methods, rollen in cellen}


def _roles(tekst: str) -> set[str] | None:
    if tekst == "openbaar":
        return None
    return {str(rol) for rol in ALLEN} if tekst == "ingelogd" else set(tekst.split(", "))


def listed(app: Flask) -> Iterator[tuple[Rule, str, set[str] | None]]:
    """The routes that the table names, with their roles; the others fail a test of their own."""
    rechten = rights()
    for rule, method in routes(app):
        if rule.endpoint in rechten:
            yield rule, method, rechten[rule.endpoint].rollen


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & HANDLED):
            yield rule, method


def address(app: Flask, rule: Rule) -> str:
    """An address of a route; its arguments name things that do not exist."""
    waarden = {naam: 1 if naam in _numbers(rule) else "onbekend" for naam in rule.arguments}
    with app.test_request_context():
        return app.url_for(rule.endpoint, **waarden)  # type: ignore[arg-type]


def _numbers(rule: Rule) -> set[str]:
    return {naam for naam, converter in rule._converters.items() if type(converter).__name__ == "IntegerConverter"}


def outcome(bezoeker, url: str, method: str) -> str:
    antwoord = bezoeker.open(url, method=method)
    if antwoord.status_code == 403:
        return "geweigerd"
    naar_inlog = antwoord.status_code in (302, 303) and antwoord.location.startswith("/inloggen")
    return "eerst inloggen" if naar_inlog else "toegelaten"


def test_every_route_says_who_may_use_it(app):
    stil = [r.endpoint for r in app.url_map.iter_rules() if not hasattr(app.view_functions[r.endpoint], "toegang")]
    assert not stil


def test_the_table_names_every_route_with_its_methods(app):
    gevonden: dict[str, set[str]] = {}
    for rule, method in routes(app):
        gevonden.setdefault(rule.endpoint, set()).add(method)
    assert {endpoint: recht.methods for endpoint, recht in rights().items()} == gevonden


@pytest.mark.parametrize("rol", [str(rol) for rol in ALLEN])
def test_a_role_gets_what_the_table_says(app, bezoeker, login, rol):
    login(bezoeker, rol)
    fouten = []
    for rule, method, rollen in listed(app):
        moet = "toegelaten" if rollen is None or rol in rollen else "geweigerd"
        if (is_nu := outcome(bezoeker, address(app, rule), method)) != moet:
            fouten.append((rule.endpoint, method, is_nu))
    assert not fouten


def test_who_is_not_logged_in_gets_only_what_is_public(app, bezoeker):
    fouten = []
    for rule, method, rollen in listed(app):
        moet = "toegelaten" if rollen is None else "eerst inloggen"
        if (is_nu := outcome(bezoeker, address(app, rule), method)) != moet:
            fouten.append((rule.endpoint, method, is_nu))
    assert not fouten


def test_a_blocked_account_gets_only_what_is_public(app, bezoeker, login, database):
    wie = login(bezoeker, "beheerder")
    with transaction(database) as db:
        medewerkers.deactivate(db, wie.pseudoniem)
    for rule, method, rollen in listed(app):
        moet = "toegelaten" if rollen is None else "eerst inloggen"
        assert outcome(bezoeker, address(app, rule), method) == moet, rule.endpoint


def test_a_view_that_says_nothing_is_refused_to_everybody(database, login):
    app = create_app(database, testing=True)
    app.add_url_rule("/vergeten", "vergeten", lambda: "geheim")
    with app.test_client() as bezoeker:
        assert bezoeker.get("/vergeten").status_code == 403


def test_naming_no_role_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="openbaar"):
        toegang.toegang()


def contents(database: str) -> list[str]:
    """All rows but those of sessions, which note when they were used last."""
    with sqlite3.connect(database.removeprefix("sqlite:///")) as db:
        return [regel for regel in db.iterdump() if not regel.startswith('INSERT INTO "sessie"')]


@pytest.mark.parametrize("rol", [str(rol) for rol in ALLEN])
def test_reading_pages_changes_nothing(app, bezoeker, login, database, rol):
    login(bezoeker, rol)
    vooraf = contents(database)
    for rule, method in routes(app):
        if method == "GET":
            bezoeker.get(address(app, rule))
    assert contents(database) == vooraf


def test_a_right_taken_away_between_page_and_commit_counts(app, bezoeker, login, database, monkeypatch):
    wie = login(bezoeker, "beheerder")
    toelaten = toegang._admit

    def admit_and_then_block(rollen):
        antwoord = toelaten(rollen)
        with transaction(database) as db:
            medewerkers.deactivate(db, wie.pseudoniem)
        return antwoord

    monkeypatch.setattr(toegang, "_admit", admit_and_then_block)
    velden = {"naam": "Nieuw Punt", "code": "WSP-NIEUW", "soort": "wijkservicepunt"}
    assert bezoeker.submit("/beheer/organisaties/nieuw", velden).status_code == 403
    assert not any("WSP-NIEUW" in regel for regel in contents(database))


def test_a_script_without_session_gets_no_log_in_page_inside_its_page(app, bezoeker):
    antwoord = bezoeker.get("/", headers={"HX-Request": "true"})
    assert (antwoord.status_code, antwoord.data) == (401, b"")


def test_logging_in_leads_back_to_the_page_that_was_asked_for(app, bezoeker):
    antwoord = bezoeker.get("/beheer/organisaties?soort=partner")
    assert antwoord.location == "/inloggen?verder=/beheer/organisaties?soort%3Dpartner"


def test_who_posts_without_session_is_sent_back_to_the_form_and_told_that_nothing_was_saved(
    app, bezoeker, login, database
):
    wie = login(bezoeker, "beheerder")
    with transaction(database) as db:
        medewerkers.deactivate(db, wie.pseudoniem)
    kop = {"Referer": "http://localhost/beheer/organisaties/nieuw"}
    antwoord = bezoeker.submit("/beheer/organisaties/nieuw", {"naam": "X"}, headers=kop)
    assert (antwoord.status_code, antwoord.location) == (303, "/inloggen?verder=/beheer/organisaties/nieuw")
    assert "Er is niets opgeslagen." in bezoeker.get(antwoord.location).text


@pytest.mark.parametrize(
    "pad",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " /werkvoorraad",
        "javascript:alert(1)",
        "werkvoorraad",
        "/" + "a" * 2000,
        "",
        None,
    ],
)
def test_no_way_out_of_the_site(pad):
    assert safe_target(pad) is None


@pytest.mark.parametrize("pad", ["/", "/trajecten/SHV-2026-00001", "/werkvoorraad?lijst=team&na=3,4"])
def test_a_page_of_the_site_is_a_target(pad):
    assert safe_target(pad) == pad


def test_confirm_answers_the_actor_that_the_log_keeps(app, bezoeker, login, database):
    wie = login(bezoeker, "uitvoerder")
    with bezoeker:
        bezoeker.get("/")
        with reading(database) as db:
            door = toegang.confirm(db)
    assert (door.pseudoniem, door.rol, door.organisatie) == (wie.pseudoniem, "uitvoerder", "KBL")
