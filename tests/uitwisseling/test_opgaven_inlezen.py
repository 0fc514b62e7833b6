"""Reports from a table: row-wise errors with row and column, all of it or nothing, and a second time adds nothing."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from models import klok
from models.database import reading
from models.gebeurtenis import gebeurtenis
from models.projectie import opgave
from tests.bouwers import COORDINATOR, NU
from web.opdrachten_opgaven import import_opgaven
from workflow.opgaven import correct
from workflow.opgaveveld import MAX_AANTAL
from workflow.uitwisseling import tabellen
from workflow.uitwisseling.opgaven_inlezen import Voorbeeld, import_reports, preview
from workflow.uitwisseling.tabellen import MAX_BYTES, TabelGeweigerd, read_table

KOP = ("indicator", "periode", "opgever", "reeks", "plaats", "aantal", "gemeente")
RIJEN: tuple[tuple[Any, ...], ...] = (
    ("P1", "2025-03", "TRAJEKT", "bezoekers", "WSP-WEST", 120, ""),
    ("P1", "2025-03", "Stichting Trajekt", "budgetspreekuur", "wijkservicepunt west", 0, "Maastricht"),
    ("P3", "2025-03", "", "unieke_bezoekers", "", "1.700", ""),
    ("P6", "2025-K1", "HUMANITAS", "gestart", "", 14, "GM0935"),
    ("P6", "2025-K1", "HUMANITAS", "afgerond", "", "", "GM0935"),
)


@pytest.fixture(autouse=True)
def stil() -> Iterator[None]:
    """The clock stands still."""
    with klok.at(NU):
        yield


def as_csv(*rijen: tuple[Any, ...], kop: tuple[str, ...] = KOP, teken: str = ";") -> bytes:
    """A table as text."""
    return "\r\n".join(teken.join(str(cel) for cel in rij) for rij in (kop, *rijen)).encode()


def as_xlsx(*rijen: tuple[Any, ...], kop: tuple[str, ...] = KOP) -> bytes:
    """The same as a workbook."""
    boek = openpyxl.Workbook()
    for rij in (kop, *rijen):
        boek.worksheets[0].append([None if cel == "" else cel for cel in rij])
    uit = io.BytesIO()
    boek.save(uit)
    return uit.getvalue()


def lines(db: Connection) -> set[tuple[str, str, str, str, int]]:
    """What is reported."""
    kolommen = (opgave.c[naam] for naam in ("indicator", "reeks", "plaats", "opgever", "aantal"))
    return {tuple(rij) for rij in db.execute(select(*kolommen))}  # type: ignore[misc]


VERWACHT = {
    ("P1", "bezoekers", "WSP-WEST", "TRAJEKT", 120),
    ("P1", "budgetspreekuur", "WSP-WEST", "TRAJEKT", 0),
    ("P3", "unieke_bezoekers", "geheel", "GM-MAASTRICHT", 1700),
    ("P6", "gestart", "geheel", "HUMANITAS", 14),
}


@pytest.mark.parametrize("vorm", [as_csv, as_xlsx])
def test_a_table_becomes_reports_and_an_empty_cell_is_not_reported(db: Connection, vorm: Callable[..., bytes]) -> None:
    gedaan = import_reports(db, vorm(*RIJEN), COORDINATOR)
    assert (gedaan.geteld["nieuw"], gedaan.leeg) == (3, 1)
    assert lines(db) == VERWACHT


@pytest.mark.parametrize("teken", [";", ",", "\t"])
def test_columns_may_be_parted_as_a_spreadsheet_does_it(db: Connection, teken: str) -> None:
    assert preview(db, b"\xef\xbb\xbf" + as_csv(RIJEN[0], teken=teken)).geteld["nieuw"] == 1


def test_a_second_time_adds_nothing(db: Connection) -> None:
    import_reports(db, as_csv(*RIJEN), COORDINATOR)
    eerst = db.execute(select(func.count()).select_from(gebeurtenis)).scalar_one()
    opnieuw = import_reports(db, as_xlsx(*RIJEN), COORDINATOR)
    assert opnieuw.geteld == {"nieuw": 0, "aanwezig": 3, "verschilt": 0}
    assert db.execute(select(func.count()).select_from(gebeurtenis)).scalar_one() == eerst


def test_what_was_corrected_is_not_overwritten(db: Connection) -> None:
    import_reports(db, as_csv(RIJEN[0]), COORDINATOR)
    (lezing,) = preview(db, as_csv(RIJEN[0])).lezingen
    correct(db, str(lezing.nummer), [("bezoekers", "WSP-WEST", 125)], reden="telling_herzien", door=COORDINATOR)
    opnieuw = import_reports(db, as_csv(RIJEN[0]), COORDINATOR)
    assert opnieuw.geteld["verschilt"] == 1
    assert lines(db) == {("P1", "bezoekers", "WSP-WEST", "TRAJEKT", 125)}


def test_one_wrong_row_refuses_all(db: Connection) -> None:
    with pytest.raises(TabelGeweigerd) as geweigerd:
        import_reports(db, as_csv(*RIJEN, ("P9", "2025", "", "", "", 1, "")), COORDINATOR)
    assert [(m.rij, m.kolom) for m in geweigerd.value.meldingen] == [(7, "indicator")]
    assert lines(db) == set()


def changed(**anders: Any) -> tuple[Any, ...]:
    """The first row with other cells."""
    return tuple({**dict(zip(KOP, RIJEN[0], strict=True)), **anders}.values())


FOUTEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "indicator": ({"indicator": "P99"}, "indicator", "wordt niet opgegeven"),
    "no period": ({"periode": "maart"}, "periode", "Schrijf de periode als 2025-03"),
    "ahead": ({"periode": "2026-03"}, "periode", "nog niet voorbij"),
    "long ago": ({"periode": "2015-03"}, "periode", "wordt niets gevraagd"),
    "opgever": ({"opgever": "HUMANITAS"}, "opgever", "Geen opgever van"),
    "nobody": ({"opgever": ""}, "opgever", "Geen opgever van"),
    "gemeente": ({"gemeente": "Heerlen"}, "gemeente", "niet op voor deze gemeente"),
    "reeks": ({"reeks": ""}, "reeks", "Kies uit: bezoekers, budgetspreekuur"),
    "plaats": ({"plaats": "WSP-MARS"}, "plaats", "Onbekend: wijkservicepunt"),
    "plaats of another": ({"plaats": "WSP-NOORD"}, "plaats", "niet op voor deze plaats"),
    "text": ({"aantal": "veel"}, "aantal", "heel getal"),
    "below nought": ({"aantal": -3}, "aantal", "heel getal"),
    "half": ({"aantal": "1,5"}, "aantal", "heel getal"),
    "too many": ({"aantal": 999_999_999}, "aantal", "heel getal"),
}


@pytest.mark.parametrize("geval", FOUTEN.values(), ids=FOUTEN)
def test_what_is_wrong_is_said_with_its_row_and_column(db: Connection, geval: tuple[dict[str, Any], str, str]) -> None:
    anders, kolom, zin = geval
    (fout,) = preview(db, as_csv(RIJEN[2], changed(**anders))).fouten
    assert (fout.rij, fout.kolom) == (3, kolom)
    assert zin in fout.tekst
    assert fout.text
    assert fout.text.isascii()


def test_a_number_that_stands_in_two_rows_is_refused(db: Connection) -> None:
    (fout,) = preview(db, as_csv(RIJEN[0], changed(aantal=3))).fouten
    assert (fout.rij, fout.tekst) == (3, "Dit aantal staat al in een eerdere rij.")


def test_days_may_stand_for_a_period(db: Connection) -> None:
    kop = ("indicator", "van", "tot", "reeks", "aantal", "opgever")
    goed = as_csv(("P5", "24-03-2025", "29-03-2025", "scholen", 12, "GM-MAASTRICHT"), kop=kop)
    (lezing,) = preview(db, goed).lezingen
    assert lezing.periode == "editie 2025 (24 t/m 28 maart 2025)"
    half = as_csv(("P6", "2025-01-01", "2025-02-01", "gestart", 12, "HUMANITAS"), kop=kop)
    assert "geen hele periode: kwartaal" in preview(db, half).fouten[0].tekst


DAGEN: dict[str, tuple[tuple[str, str, str, str], str, str]] = {
    "van alone": (("P3", "2025-11", "2025-06-01", ""), "tot", "allebei in"),
    "tot alone": (("P3", "2025-11", "", "2025-12-01"), "van", "allebei in"),
    "another month": (("P3", "2025-06", "2025-11-01", "2025-12-01"), "periode", "een andere dan die van van en tot"),
    "an edition without days": (("P5", "2025", "", ""), "van", "op welke dagen was deze editie"),
    "a date for a quarter": (("P6", "2025-01-01", "", ""), "periode", "Schrijf de periode als 2025-K1"),
    "a date within a month": (("P3", "2025-11-02", "", ""), "periode", "Schrijf de periode als 2025-03"),
}
REEKS = {"P3": "bezoeken", "P5": "scholen", "P6": "gestart"}


@pytest.mark.parametrize("geval", DAGEN.values(), ids=DAGEN)
def test_days_that_leave_a_doubt_are_refused(db: Connection, geval: tuple[tuple[str, ...], str, str]) -> None:
    cellen, kolom, zin = geval
    kop = ("indicator", "periode", "van", "tot", "opgever", "gemeente", "reeks", "aantal")
    wie = "HUMANITAS" if cellen[0] == "P6" else "GM-MAASTRICHT"
    rij = (*cellen, wie, "GM0935", REEKS[cellen[0]], 3)
    (fout,) = preview(db, as_csv(rij, kop=kop)).fouten
    assert (fout.kolom, zin in fout.tekst) == (kolom, True), fout.tekst


def test_the_same_period_twice_is_no_doubt(db: Connection) -> None:
    kop = ("indicator", "periode", "van", "tot", "opgever", "reeks", "aantal")
    rijen = (
        ("P5", "2025", "24-03-2025", "29-03-2025", "GM-MAASTRICHT", "scholen", 12),
        ("P3", "2025-11", "2025-11-01", "2025-12-01", "", "bezoeken", 12),
    )
    assert preview(db, as_csv(*rijen, kop=kop)).geteld["nieuw"] == 2


def test_what_a_spreadsheet_made_a_date_of_is_the_month(db: Connection) -> None:
    (lezing,) = preview(db, as_xlsx(changed(periode=date(2025, 3, 1)))).lezingen
    assert lezing.periode == "maart 2025"


@pytest.mark.parametrize("aantal", [1.234, 12.345, 1.5, 0.1, 1e-7])
def test_a_fraction_in_a_workbook_is_refused_in_its_row(db: Connection, aantal: float) -> None:
    (fout,) = preview(db, as_xlsx(RIJEN[2], changed(aantal=aantal))).fouten
    assert (fout.rij, fout.kolom, "heel getal" in fout.tekst) == (3, "aantal", True)


@given(aantal=st.floats(0, MAX_AANTAL, allow_nan=False))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_number_in_a_workbook_is_itself_or_refused(db: Connection, aantal: float) -> None:
    gelezen = preview(db, as_xlsx(changed(aantal=aantal)))
    assert bool(gelezen.fouten) == (not aantal.is_integer())
    assert [lezing.opgave.regels[0][2] for lezing in gelezen.lezingen] == ([] if gelezen.fouten else [aantal])


@pytest.mark.parametrize("vorm", [as_csv, as_xlsx])
def test_a_table_without_one_number_reports_nothing(db: Connection, vorm: Callable[..., bytes]) -> None:
    kop = tuple(sorted(KOP, key=lambda kolom: kolom == "aantal"))
    leeg = tuple(dict(zip(KOP, changed(aantal=""), strict=True))[kolom] for kolom in kop)
    gelezen = preview(db, vorm(leeg, leeg, kop=kop))
    assert (gelezen.fouten, gelezen.lezingen, gelezen.leeg) == ((), (), 2)


def test_a_heading_without_rows_is_called_so(db: Connection) -> None:
    for inhoud in (as_csv(), as_xlsx()):
        (fout,) = preview(db, inhoud).fouten
        assert fout.tekst == "Onder de kop staan geen rijen."


@pytest.mark.parametrize("vorm", [as_csv, as_xlsx])
def test_a_cell_beyond_the_heading_is_refused(db: Connection, vorm: Callable[..., bytes]) -> None:
    (fout,) = preview(db, vorm((*RIJEN[0], "geheim"))).fouten
    assert (fout.plaats, fout.tekst) == ("rij 2, kolom H", "Boven deze cel staat geen kolomnaam.")


def test_the_preview_has_every_number_with_its_names(db: Connection) -> None:
    lezingen = preview(db, as_csv(*RIJEN)).lezingen
    assert [lezing.aantallen for lezing in lezingen] == [
        (
            ("Bezoekers van het wijkservicepunt", "Wijkservicepunt West", 120),
            ("Bezoekers van het budgetspreekuur", "Wijkservicepunt West", 0),
        ),
        (("Unieke bezoekers van de site", "", 1700),),
        (("Begonnen deelnemers", "", 14),),
    ]


def test_a_partner_reports_for_itself_only(db: Connection) -> None:
    assert preview(db, as_csv(changed(opgever="")), "TRAJEKT").geteld["nieuw"] == 1
    (fout,) = preview(db, as_csv(RIJEN[3]), "TRAJEKT").fouten
    assert fout.tekst == "U geeft alleen op voor uw eigen organisatie."


def test_a_column_that_is_missing_or_unknown_is_named(db: Connection) -> None:
    fouten = preview(db, as_csv(("P1", 3), kop=("indicator", "antal"))).fouten
    assert [(f.rij, f.kolom) for f in fouten] == [(1, "aantal"), (1, "antal")]


# -- Files that are no table -------------------------------------------------------------------------------------------


def faults(db: Connection, inhoud: bytes) -> Voorbeeld:
    """What is said of a file; never a traceback."""
    voorbeeld = preview(db, inhoud)
    assert voorbeeld.fouten
    return voorbeeld


def test_a_formula_is_refused_with_its_cell(db: Connection) -> None:
    (fout,) = faults(db, as_xlsx(changed(aantal="=1+1"))).fouten
    assert (fout.plaats, fout.tekst) == ("rij 2, kolom F", "Hier staat een formule. Zet er de waarde zelf.")
    (fout,) = faults(db, as_csv(changed(plaats="=HYPERLINK(1)"))).fouten
    assert (fout.rij, fout.kolom) == (2, "plaats")


def repacked(inhoud: bytes, naam: str, deel: bytes, hoe: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook in which one part is another, packed in this way."""
    uit = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(inhoud)) as oud, zipfile.ZipFile(uit, "w", hoe) as nieuw:
        for lid in oud.namelist():
            nieuw.writestr(lid, deel if lid == naam else oud.read(lid))
    return uit.getvalue()


BLAD = "xl/worksheets/sheet1.xml"
KAPOT = {
    "nothing": b"",
    "nothing but a heading": as_csv(),
    "nothing but blank lines": as_csv()[:0] + b"\r\n\r\n",
    "no text": b"\x00\x01\x02\x81",
    "half a workbook": as_xlsx(*RIJEN)[:900],
    "an empty parcel": b"PK\x05\x06" + b"\0" * 18,
    "a sheet that is no XML": repacked(as_xlsx(*RIJEN), BLAD, b"<worksheet><row"),
    "a sheet that names a file": repacked(
        as_xlsx(), BLAD, b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a/>'
    ),
    "a sheet that unpacks to a lot": repacked(as_xlsx(), BLAD, b"<a>" + b" " * 70_000_000 + b"</a>"),
    "a workbook as no program packs it": repacked(as_xlsx(*RIJEN), "", b"", zipfile.ZIP_LZMA),
    "a workbook that cannot be unpacked": repacked(as_xlsx(*RIJEN), "", b"", zipfile.ZIP_LZMA).replace(
        b"\x05\x00\x5d", b"\x05\x00\xff"
    ),
    "too large": b"indicator;aantal\n" + b"P1;1\n" * (MAX_BYTES // 5),
    "too many rows": b"indicator;aantal\n" + b"P1;1\n" * 20_001,
    "a column twice": b"indicator;aantal;aantal\nP1;1;2",
    "a cell without end": b'indicator;aantal\nP1;"1',
    "a cell too long": b"indicator;aantal\nP1;" + b"1" * 300,
}


@pytest.mark.parametrize("tags", ["<row>" + "<c/>" * 1_600_000, "<row/>" * 1_600_000, "<a>" * 1_600_000])
def test_a_workbook_that_takes_a_reader_too_much_is_refused_unread(tags: str, monkeypatch: pytest.MonkeyPatch) -> None:
    zwaar = repacked(as_xlsx(*RIJEN), BLAD, f"<worksheet><sheetData>{tags}".encode())
    assert len(zwaar) < 30_000
    monkeypatch.setattr(tabellen.openpyxl, "load_workbook", pytest.fail)
    with pytest.raises(TabelGeweigerd, match="too many cells"):
        read_table(zwaar)


@pytest.mark.parametrize("codering", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_workbook_with_names_that_stand_for_more_is_refused(codering: str) -> None:
    blad = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
    inhoud = repacked(as_xlsx(*RIJEN), BLAD, blad.encode(codering))
    with pytest.raises(TabelGeweigerd, match="holds a document type"):
        read_table(inhoud)


@pytest.mark.parametrize("inhoud", KAPOT.values(), ids=KAPOT)
def test_a_file_that_is_no_table_gets_a_sentence(db: Connection, inhoud: bytes) -> None:
    assert all(fout.tekst and fout.text for fout in faults(db, inhoud).fouten)


# -- The command line --------------------------------------------------------------------------------------------------


@pytest.fixture
def run(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run `import opgaven` on a file with this content."""
    monkeypatch.setenv("ROUTEKAART_DATABASE", database)

    def run(inhoud: bytes, *opties: str) -> Result:
        bestand = tmp_path / "opgaven.csv"
        bestand.write_bytes(inhoud)
        return CliRunner().invoke(import_opgaven, [str(bestand), *opties])

    return run


def reported(database: str) -> int:
    """The number of lines."""
    with reading(database) as db:
        return len(lines(db))


def test_dry_run_says_what_it_would_become(run: Callable[..., Result], database: str) -> None:
    uitkomst = run(as_csv(*RIJEN), "--dry-run")
    assert uitkomst.stdout == "3 reports new\n1 rows without a number: not reported\nnothing was changed\n"
    assert (uitkomst.exit_code, reported(database)) == (0, 0)


def test_import_and_import_again(run: Callable[..., Result], database: str) -> None:
    assert run(as_csv(*RIJEN)).stdout.endswith("done\n")
    assert reported(database) == 4
    assert "0 reports new\n3 reports already there\n" in run(as_csv(*RIJEN)).stdout
    assert "2: warning: OPG-2026-" in run(as_csv(changed(aantal=1))).stderr
    assert reported(database) == 4


def test_errors_stand_one_to_a_line_and_nothing_is_changed(run: Callable[..., Result], database: str) -> None:
    uitkomst = run(as_csv(RIJEN[0], changed(aantal="veel"), changed(plaats="WSP-MARS")))
    assert uitkomst.exit_code == 1
    assert uitkomst.stderr.splitlines() == [
        "row 3, column aantal: error: must be a whole number, 0 or more",
        "row 4, column plaats: error: no such wijkservicepunt",
        "refused: nothing was changed",
    ]
    assert reported(database) == 0


def test_the_outcome_comes_as_json_too(run: Callable[..., Result]) -> None:
    gezegd = json.loads(run(as_csv(RIJEN[0]), "--json").stdout)
    assert (gezegd["done"], gezegd["counts"]["nieuw"]) == (True, 1)
    geweigerd = json.loads(run(b"", "--json").stdout)
    assert (geweigerd["done"], geweigerd["findings"][0]["text"]) == (False, "the file is empty")


def test_a_file_that_is_not_there_is_named(run: Callable[..., Result], database: str, tmp_path: Path) -> None:
    uitkomst = CliRunner().invoke(import_opgaven, [str(tmp_path / "weg.csv")])
    assert (uitkomst.exit_code, uitkomst.stderr.strip().endswith("No such file or directory")) == (1, True)
