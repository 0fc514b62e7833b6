"""The rules of the house, looped over what there is: adding something tells you here what you forgot."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection

from models import klok
from models.database import engine
from tests.bouwers import (
    NU,
    VREEMDE_KAART,
    a_database,
    a_traject,
    actor,
    advance_to,
    folded,
    log_rows,
    place,
    step,
)
from workflow import indicatoren
from workflow.gevolgen import GEVOLGEN
from workflow.kaartlezer import lees
from workflow.routekaart import VORIGE, Overgang, Reden, Route, Routekaart
from workflow.uitwisseling.ddas_schema import node_at
from workflow.velden import InvoerGeweigerd
from workflow.voortgang import OvergangGeweigerd
from workflow.voorwaarden import VOORWAARDEN

HUIS = Path(__file__).parents[1]
MAASTRICHT = lees((HUIS / "routekaart.yaml").read_bytes())
KAARTEN = {"maastricht": MAASTRICHT, "vreemd": lees(VREEMDE_KAART)}
KAMERS = ("web", "workflow", "models")
"""Imports run from left to right."""


def modules(*kamers: str) -> list[Path]:
    """The Python files of these rooms."""
    return sorted(pad for kamer in kamers for pad in (HUIS / kamer).rglob("*.py"))


def called(pad: Path) -> str:
    """A file as people name it."""
    return pad.relative_to(HUIS).as_posix()


@cache
def tree(pad: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(pad.read_text(encoding="utf-8"))


def imports(pad: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it."""
    for knoop in ast.walk(tree(pad)):
        if isinstance(knoop, ast.Import):
            yield from (naam.name for naam in knoop.names)
        elif isinstance(knoop, ast.ImportFrom):
            assert knoop.level == 0, f"{called(pad)}: import by its full name"
            yield str(knoop.module)


def packages(pad: Path) -> set[str]:
    """The packages that a file imports."""
    return {naam.partition(".")[0] for naam in imports(pad)}


# -- Rooms -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kamer", KAMERS)
def test_imports_point_one_way(kamer: str) -> None:
    """web -> workflow -> models."""
    hoger = set(KAMERS[: KAMERS.index(kamer)]) | {"tests", "bench", "scripts"}
    fout = {called(pad): hoger & packages(pad) for pad in modules(kamer) if hoger & packages(pad)}
    assert fout == {}


def test_models_need_sqlalchemy_and_the_standard_library_only() -> None:
    """Migrations need alembic too."""
    mag = {"models", "sqlalchemy", *sys.stdlib_module_names}
    for pad in modules("models"):
        ook = {"alembic"} if "migraties" in pad.parts else set()
        assert packages(pad) <= mag | ook, called(pad)


def test_workflow_knows_no_pages() -> None:
    paginas = {
        "flask",
        "flask_login",
        "flask_limiter",
        "flask_wtf",
        "wtforms",
        "werkzeug",
        "jinja2",
        "click",
        "markupsafe",
    }
    fout = {called(pad): paginas & packages(pad) for pad in modules("workflow") if paginas & packages(pad)}
    assert fout == {}


def test_each_test_file_has_a_name_of_its_own() -> None:
    namen = [bestand.name for bestand in (HUIS / "tests").rglob("test_*.py")]
    assert sorted(namen) == sorted(set(namen))


def test_only_the_clock_asks_the_time() -> None:
    """`date.today()` differs from the Amsterdam day near midnight, and no test can set it."""
    vraag = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time)\(")
    vragers = {called(pad) for pad in modules(*KAMERS) if vraag.search(pad.read_text(encoding="utf-8"))}
    assert vragers == {"models/klok.py"}


# -- The log -----------------------------------------------------------------------------------------------------------

SCHRIJVERS = {
    "workflow/opdracht.py": "the only door to the log",
    "workflow/kopie.py": "copies whole databases, row by row as they are",
}


def writes_the_log(pad: Path) -> bool:
    """Whether a file inserts into, updates or deletes from the log."""
    tekst = pad.read_text(encoding="utf-8")
    in_sql = re.search(
        r"(?i)\b(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|update|delete\s+from)\s+gebeurtenis\b", tekst
    )
    return bool(in_sql) or any(_is_write(knoop) for knoop in ast.walk(tree(pad)) if isinstance(knoop, ast.Call))


def _is_write(knoop: ast.Call) -> bool:
    functie = knoop.func
    if isinstance(functie, ast.Attribute) and functie.attr in ("insert", "update", "delete"):
        return isinstance(functie.value, ast.Name) and functie.value.id == "gebeurtenis"
    naam = functie.id if isinstance(functie, ast.Name) else getattr(functie, "attr", "")
    genoemd = {arg.id for arg in knoop.args if isinstance(arg, ast.Name)}
    return (
        naam in ("insert", "update", "delete", "insert_text", "upsert_text", "delete_text") and "gebeurtenis" in genoemd
    )


def test_only_opdracht_writes_the_log() -> None:
    schrijvers = {called(pad) for pad in modules("web", "workflow") if writes_the_log(pad)}
    assert "workflow/opdracht.py" in schrijvers
    assert schrijvers <= set(SCHRIJVERS)


def test_nothing_but_the_engine_makes_an_opdracht() -> None:
    """Pages ask `voortgang`, `correcties` or `personen`."""
    makers = {called(pad) for pad in modules("web") if "Opdracht" in _names_imported(pad)}
    assert makers == set()


def _names_imported(pad: Path) -> set[str]:
    van = (k for k in ast.walk(tree(pad)) if isinstance(k, ast.ImportFrom))
    return {naam.name for knoop in van for naam in knoop.names}


# -- No name of a route or a stap --------------------------------------------------------------------------------------

VOORBEELD = "workflow/voorbeeld/"
"""The demo data: invented people who walk the map of Maastricht, so it has to name its stappen."""

UITWISSELING = "workflow/uitwisseling/ddas"
"""Reads and writes DDAS: what is a label in the map or a field of that format is no name of a stap there."""

INDICATOREN = "workflow/indicatoren/"
"""Figures have codes of their own, and find their stappen by the labels that the map gives them."""

PAKKET = "workflow/pakket/figures.py"
"""Goes along with the auditor's parcel: works out the same figures by the same labels."""

WOORDEN = {
    "uitval": "class of an end, in the map and in the projections",
    "ingetrokken": "what became of a gebeurtenis",
    "afgelopen": "what became of a term",
    "gestopt": "what became of a term",
    "loopt": "what becomes of a term",
    "plus": "an icon",
    "wachten": "soort of what is planned",
    "opgave": "soort of a veld, and its projection",
}
"""Words of the house that stappen of Maastricht happen to be called by."""

UITZONDERINGEN = {
    ("workflow/kalender.py", "opschorting"): "why a day does not count",
    ("workflow/routekaart.py", "samenwerking"): "an ambitie",
    ("workflow/uitwisseling/opschonen.py", "dfd"): "how deliveries spell a soort",
    ("workflow/uitwisseling/opschonen.py", "langetermijnbegeleiding"): "how deliveries spell a soort",
    ("workflow/uitwisseling/opschonen.py", "afgerond"): "kind of remark",
    ("workflow/uitwisseling/opmerkingen.py", "afgerond"): "kind of remark",
    **{
        ("web/grafieken.py", woord): "one of a unit, in a sentence"
        for woord in ("klacht", "melding", "samenwerking", "verwijzing")
    },
    ("web/templates/meldingen/nieuw.html", "melding"): "icon",
    ("web/templates/macros/mens.html", "afgesloten"): "says that a traject ended",
}

NAMEN = {*MAASTRICHT.routes, *(stap for route in MAASTRICHT.routes.values() for stap in route.stappen)}


def labels(kaart: Routekaart, begin: str) -> set[str]:
    """Every word in labels whose name begins so."""
    dragers = [
        drager.labels
        for route in kaart.routes.values()
        for drager in (route, *route.stappen.values(), *route.alle_overgangen.values())
    ]
    waarden = {waarde for label in dragers for naam, waarde in label.items() if naam.startswith(begin)}
    return waarden | {woord for waarde in waarden for woord in waarde.split()}


def words_of_figures() -> set[str]:
    """Codes of figures and their columns, and the labels by which they find stappen."""
    codes = {maat.code for indicator in indicatoren.ALLE for maat in indicator.maten}
    return codes | {word for begin in ("telt", "uitkomst") for word in labels(MAASTRICHT, begin)}


def fields_of_ddas() -> set[str]:
    """Every name of a field of the exchange schema."""
    schema = (HUIS / "workflow" / "uitwisseling" / "ddas_schema.json").read_text(encoding="utf-8")
    return set(re.findall(r'"(\w+)"\s*:', schema))


def literals(pad: Path) -> set[str]:
    """Every string in a file: constants of a module, quoted words of a template or script."""
    if pad.suffix == ".py":
        return {k.value for k in ast.walk(tree(pad)) if isinstance(k, ast.Constant) and isinstance(k.value, str)}
    return {woord for _, woord in re.findall(r"""(["'])(\w+)\1""", pad.read_text(encoding="utf-8"))}


def test_neither_engine_nor_pages_know_the_name_of_a_route_or_stap() -> None:
    eigen = sorted((HUIS / "web" / "templates").rglob("*.html")) + sorted((HUIS / "web" / "static").glob("*.js"))
    eigen_woorden = {
        UITWISSELING: labels(MAASTRICHT, "ddas") | fields_of_ddas(),
        **dict.fromkeys((INDICATOREN, PAKKET), words_of_figures()),
    }
    fout = {}
    for pad in [*modules("web", "workflow"), *eigen]:
        waar = called(pad)
        genoemd = (literals(pad) & NAMEN) - set(WOORDEN) - {w for m, w in UITZONDERINGEN if m == waar}
        if waar.startswith(VOORBEELD):
            continue
        genoemd -= {word for map_, words in eigen_woorden.items() if waar.startswith(map_) for word in words}
        if genoemd:
            fout[waar] = genoemd
    assert fout == {}


def test_exceptions_are_still_needed() -> None:
    bestanden = {waar: HUIS / waar for waar, _ in UITZONDERINGEN}
    over = {(waar, woord) for waar, woord in UITZONDERINGEN if woord not in literals(bestanden[waar])}
    assert over == set()


# -- Guards and effects ------------------------------------------------------------------------------------------------


def moves(kaart: Routekaart) -> list[Overgang]:
    """Every start and overgang of a map."""
    return [keus for route in kaart.routes.values() for keus in route.alle_overgangen.values()]


@pytest.mark.parametrize("kaart", KAARTEN)
def test_every_guard_and_effect_of_the_map_exists(kaart: str) -> None:
    assert {v.naam for keus in moves(KAARTEN[kaart]) for v in keus.voorwaarden} <= set(VOORWAARDEN)
    assert {g.naam for keus in moves(KAARTEN[kaart]) for g in keus.gevolgen} <= set(GEVOLGEN)


def test_every_guard_and_effect_that_exists_is_used() -> None:
    keuzes = [keus for kaart in KAARTEN.values() for keus in moves(kaart)]
    assert {v.naam for keus in keuzes for v in keus.voorwaarden} == set(VOORWAARDEN)
    assert {g.naam for keus in keuzes for g in keus.gevolgen} == set(GEVOLGEN)


@pytest.mark.parametrize(
    ("namen", "bestand"),
    [(VOORWAARDEN, "test_voorwaarden.py"), (GEVOLGEN, "test_gevolgen.py")],
    ids=["guards", "effects"],
)
def test_every_guard_and_effect_has_a_test_that_carries_its_name(namen: dict[str, object], bestand: str) -> None:
    pad = HUIS / "tests" / "workflow" / bestand
    proeven = {k.name for k in ast.walk(tree(pad)) if isinstance(k, ast.FunctionDef)}
    assert {f"test_{naam}" for naam in namen} <= proeven


def test_every_overgang_of_a_map_says_who_may() -> None:
    for kaart in KAARTEN.values():
        assert all(keus.rollen for keus in moves(kaart))


# -- Every stap and every reden of the map -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def maastricht(tmp_path_factory: pytest.TempPathFactory, omgeving: Path) -> Iterator[str]:
    """The address of a database with the map of Maastricht; what is done in it is rolled back."""
    url = a_database(tmp_path_factory.mktemp("huis"), (HUIS / "routekaart.yaml").read_text(encoding="utf-8"))
    yield url
    engine(url).dispose()


@pytest.fixture
def kbl(maastricht: str) -> Iterator[Connection]:
    """A transaction that is rolled back, with the clock at NU."""
    with klok.at(NU), engine(maastricht).connect() as db, db.begin() as alles:
        yield db
        alles.rollback()


class Plek(NamedTuple):
    """A place of the map that must be reached by a real walk."""

    route: str
    code: str


STAPPEN = [Plek(r.code, stap) for r in MAASTRICHT.routes.values() for stap in r.stappen]
REDENEN = [
    Plek(route.code, reden)
    for route in MAASTRICHT.routes.values()
    for reden in dict.fromkeys(r.code for keus in route.overgangen.values() for r in keus.redenen)
]


def walks(db: Connection, route: Route, stap: str) -> Iterator[str]:
    """Trajecten on a route that stand in a stap, one for each start from which it can be reached."""
    for begin in route.starten.values():
        try:
            nummer = a_traject(db, route=route.code, begin=begin.code, **_parent(db, route))
            advance_to(db, nummer, stap)
        except (LookupError, OvergangGeweigerd):
            continue
        yield nummer


def _parent(db: Connection, route: Route) -> dict[str, str]:
    return {"hoort_bij": a_traject(db, route=route.hoort_bij[0])} if route.hoort_bij else {}


@pytest.mark.parametrize("plek", STAPPEN, ids=".".join)
def test_every_stap_is_reached_by_a_walk_and_every_stap_but_an_end_can_be_left(kbl: Connection, plek: Plek) -> None:
    route = MAASTRICHT.routes[plek.route]
    nummer = next(walks(kbl, route, plek.code), None)
    assert nummer, "no guard, role or question may make it unreachable"
    assert place(kbl, nummer) == plek.code
    verder = [keus for keus in route.overgangen_vanuit[plek.code] if keus.naar not in (None, VORIGE)]
    uitweg = [keus for keus in verder if _ends(kbl, nummer, keus, _first_reason(keus, route, plek.code))]
    assert uitweg or route.stappen[plek.code].einde, "once there, nobody gets out"


def _first_reason(keus: Overgang, route: Route, stap: str) -> str | None:
    return next((r.code for r in keus.redenen_bij(route.stappen[stap])), None)


@pytest.mark.parametrize("plek", REDENEN, ids=".".join)
def test_every_reden_is_reached_by_a_traject_that_ends_for_it(kbl: Connection, plek: Plek) -> None:
    """Walks to each stap in turn where the reden belongs, and ends the traject there with it."""
    route = MAASTRICHT.routes[plek.route]
    for keus, stap in _places_of(route, plek.code):
        for nummer in walks(kbl, route, stap):
            if _ends(kbl, nummer, keus, plek.code):
                return
    pytest.fail("nowhere on the route can a traject end for this reden")


class Elders(NamedTuple):
    """An overgang from a stap, and a reden of that route that may not be given there."""

    route: str
    overgang: str
    stap: str
    reden: str


HOORT_ELDERS = {"reden": "Kies een reden die bij deze stap hoort."}
KIND_LOOPT = {("schuldhulp", "uitstromen", "budgetbeheer"): "the child that this stap opens is refused first"}


def _elsewhere(route: Route, reden: str) -> list[Elders]:
    """Where the reden does not belong though its overgang asks it there; else one overgang that never asks it."""
    hier = [
        Elders(route.code, keus.code, stap, reden)
        for keus in route.overgangen.values()
        for stap in keus.van
        if keus.redenen and reden not in {r.code for r in keus.redenen_bij(route.stappen[stap])}
    ]
    gevraagd = {keus.code for keus in route.overgangen.values() if reden in {r.code for r in keus.redenen}}
    te_doen = [geval for geval in hier if geval[:3] not in KIND_LOOPT]
    return [geval for geval in te_doen if geval.overgang in gevraagd] or te_doen[:1]


ELDERS = [geval for plek in REDENEN for geval in _elsewhere(MAASTRICHT.routes[plek.route], plek.code)]
ELDERS_PER_STAP = {plek: [geval for geval in ELDERS if (geval.route, geval.stap) == plek] for plek in STAPPEN}


@pytest.mark.parametrize("plek", [plek for plek, gevallen in ELDERS_PER_STAP.items() if gevallen], ids=".".join)
def test_a_reden_is_refused_where_it_does_not_belong(kbl: Connection, plek: Plek) -> None:
    """One walk to each stap; from there every overgang with every reden that is not its own there."""
    nummer = next(walks(kbl, MAASTRICHT.routes[plek.route], plek.code))
    gezegd = {geval: _said_of_reden(kbl, nummer, geval) for geval in ELDERS_PER_STAP[plek]}
    assert {geval: zin for geval, zin in gezegd.items() if zin != HOORT_ELDERS} == {}


def _said_of_reden(db: Connection, nummer: str, geval: Elders) -> dict[str, str] | str:
    """What is wrong by veld when everything but the reden is answered well; another outcome in words."""
    keus = MAASTRICHT.routes[geval.route].overgangen[geval.overgang]
    proef = db.begin_nested()
    try:
        step(db, nummer, keus.code, reden=geval.reden, alles=True, door=actor(keus.rollen[0]))
    except InvoerGeweigerd as fout:
        return fout.fouten
    except OvergangGeweigerd as fout:
        return f"a guard refused: {fout}"
    finally:
        proef.rollback()
    return "recorded"


def test_every_reden_that_belongs_to_places_is_tried_elsewhere() -> None:
    """And so is every other, unless every overgang of its route asks it in every stap."""
    gebonden = {
        Plek(route.code, r.code)
        for route in MAASTRICHT.routes.values()
        for keus in route.overgangen.values()
        for r in keus.redenen
        if r.bij
    }
    geprobeerd = {Plek(geval.route, geval.reden) for geval in ELDERS}
    assert len(gebonden) > 30
    assert gebonden <= geprobeerd
    assert all(_belongs_everywhere(plek) for plek in set(REDENEN) - geprobeerd)


def _belongs_everywhere(plek: Plek) -> bool:
    route = MAASTRICHT.routes[plek.route]
    alle = {(keus.code, stap) for keus in route.overgangen.values() if keus.redenen for stap in keus.van}
    return alle == {(keus.code, stap) for keus, stap in _places_of(route, plek.code)}


def _places_of(route: Route, reden: str) -> list[tuple[Overgang, str]]:
    return [
        (keus, stap)
        for keus in route.overgangen.values()
        for stap in keus.van
        if reden in {r.code for r in keus.redenen_bij(route.stappen[stap])}
    ]


def _ends(db: Connection, nummer: str, keus: Overgang, reden: str | None) -> bool:
    proef = db.begin_nested()
    try:
        step(db, nummer, keus.code, reden=reden, alles=True, door=actor(keus.rollen[0]))
    except (OvergangGeweigerd, InvoerGeweigerd):
        return False
    else:
        rij, stand = log_rows(db, nummer)[-1], folded(db, nummer).stand
        return (rij["reden"], stand.stap and stand.stap.code) == (reden, keus.naar)
    finally:
        proef.rollback()


def test_no_reden_is_forgotten() -> None:
    """Every reden of every list is asked by some overgang."""
    gevraagd = {reden.code for kaart in (MAASTRICHT,) for keus in moves(kaart) for reden in keus.redenen}
    assert gevraagd == {plek.code for plek in REDENEN}
    assert len([r for r in REDENEN if r.route == "schuldhulp"]) > 40


HOOFDROUTE = next(route for route in MAASTRICHT.routes.values() if route.labels.get("ddas") == "traject")
DDAS_REDENEN = frozenset(node_at("uitstroom.reden")["enum"])
"""What the exchange format calls the ends of a traject."""

ZONDER_DDAS_REDEN = {
    "eerdere_schuldhulp": "a rejection is a beschikking there, no uitstroom",
    "fraude": "a rejection",
    "geen_rechtmatig_verblijf": "a rejection",
    "geen_inwoner": "a rejection",
    "ingelezen_grond_onbekend": "a rejection",
    "ingelezen_zonder_reden": "the delivery gave no reason, so none is given back",
}


@pytest.mark.parametrize("kaart", KAARTEN)
def test_the_redenen_of_the_main_route_stand_for_the_nine_of_ddas(kaart: str) -> None:
    hoofd = next(route for route in KAARTEN[kaart].routes.values() if route.labels.get("ddas") == "traject")
    assert len(DDAS_REDENEN) == 9
    assert {_ddas(reden) for reden in hoofd.redenen.values()} - {None} == DDAS_REDENEN


def test_a_reden_that_ddas_has_no_name_for_is_known_with_its_reason() -> None:
    zonder = {reden.code for reden in HOOFDROUTE.redenen.values() if _ddas(reden) is None}
    assert zonder == set(ZONDER_DDAS_REDEN)


def test_each_reden_of_uitval_says_what_ddas_calls_it() -> None:
    uitval = [
        reden for keus in HOOFDROUTE.overgangen.values() if _is_uitval(HOOFDROUTE, keus) for reden in keus.redenen
    ]
    assert uitval
    assert all(_ddas(reden) in DDAS_REDENEN for reden in uitval)


def _is_uitval(route: Route, keus: Overgang) -> bool:
    return keus.naar in route.stappen and route.stappen[str(keus.naar)].einde == "uitval"


def _ddas(reden: Reden) -> str | None:
    return reden.labels.get("ddas")
