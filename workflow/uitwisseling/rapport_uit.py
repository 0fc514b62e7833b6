"""The report as tables: CSV with all figures, XLSX with a sheet for each ambitie, native charts and definitions.

Numbers stay numbers, and no text is worked out as a formula (see `rekenblad`). What was suppressed reads `x`, what
nobody reported is empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from workflow.indicatoren.opgavewoorden import gap, instead
from workflow.uitwisseling.rekenblad import harmless, write_sheet

AFGESCHERMD = "x"
"""What stands in the place of a number that is not published."""

KOLOMMEN: Mapping[str, str] = {
    "code": "Code",
    "indicator": "Indicator",
    "ambitie": "Ambitie",
    "cijfer": "Cijfer",
    "onderdeel": "Onderdeel",
    "waarde": "Waarde",
    "eenheid": "Eenheid",
    "n": "Aantal",
    "open": "Nog open",
    "trajecten": "Van zoveel trajecten",
    "teller": "Teller",
    "noemer": "Noemer",
    "bereikt": "Bereikt",
    "anders": "Anders geëindigd",
    "p90": "90 van de 100",
    "mediaan_afgerond": "Mediaan van wie klaar is",
    "p90_afgerond": "90 van de 100 van wie klaar is",
    "onbekend": "Onbekend",
    "verwacht": "Opgaven verwacht",
    "ontvangen": "Opgaven ontvangen",
    "van": "Van",
    "historisch": "Historische opgave",
    "in_het_log": "In het log",
    "reden": "Waarom geen waarde",
    "daarbij": "Daarbij",
    "norm": "Norm",
    "streefwaarde": "Streefwaarde",
    "opmerking": "Opmerking",
    "reeksbreuken": "Niet te vergelijken vanaf",
}
"""Column of a table of figures -> its heading."""

BREEDTES = {
    "indicator": 38,
    "ambitie": 24,
    "cijfer": 30,
    "onderdeel": 44,
    "daarbij": 38,
    "opmerking": 60,
    "reeksbreuken": 60,
}
GRAFIEKEN_PER_BLAD = 12
GRAFIEK_HOOG = 16
"""Rows that a chart takes."""

Regel = dict[str, Any]


def lines(gegevens: Mapping[str, Any]) -> Iterator[Regel]:
    """Every figure of the report as one line."""
    for indicator in gegevens["indicatoren"]:
        eigen = {"code": indicator["code"], "indicator": indicator["naam"], "ambitie": indicator["ambitie"]}
        for meting in indicator["metingen"]:
            regel = eigen | {"cijfer": meting["naam"], **_numbers(meting), "kolommen": tuple(meting["uitsplitsing"])}
            yield regel if meting["uitsplitsing"] else regel | _explained(gegevens, indicator["code"], meting["maat"])


def _numbers(meting: Mapping[str, Any]) -> Regel:
    dicht, daarbij = meting.get("afgeschermd", ()), beside(meting)
    getallen = {naam: AFGESCHERMD if naam in dicht else meting.get(naam) for naam in KOLOMMEN if naam in meting}
    return getallen | ({"daarbij": daarbij} if daarbij else {})


def _explained(gegevens: Mapping[str, Any], code: str, maat: str) -> Regel:
    """What is said beside a figure as a whole: norms of the year, the comment, and breaks in the years compared."""
    duiding, jaren = gegevens.get("duiding"), _years_compared(gegevens)
    if duiding is None:
        return {}
    normen = {s["soort"]: s["waarde"] for s in duiding["streefwaarden"] if _is(s, jaren[-1:], code, maat)}
    opmerkingen = [o["tekst"] for o in duiding["opmerkingen"] if _is(o, jaren[-1:], code)]
    breuken = [f"{b['dag']}: {b['tekst']}" for b in duiding["breuken"] if _breaks(b, jaren, code)]
    teksten = {"opmerking": " ".join(opmerkingen), "reeksbreuken": " ".join(breuken)}
    return normen | {naam: tekst for naam, tekst in teksten.items() if tekst}


def _years_compared(gegevens: Mapping[str, Any]) -> range:
    """The years from the first that is compared up to that of the last day."""
    jaren = gegevens.get("meerjaren", {}).get("jaren") or [int(gegevens["periode"]["van"][:4])]
    return range(jaren[0], jaren[-1] + 1)


def _is(gezegd: Mapping[str, Any], jaren: range, code: str, maat: str | None = None) -> bool:
    """Whether something was said of a figure, or of an indicator, in one of these years."""
    return gezegd["jaar"] in jaren and gezegd["indicator"] == code and gezegd.get("maat") == maat


def _breaks(breuk: Mapping[str, Any], jaren: range, code: str) -> bool:
    return int(breuk["dag"][:4]) in jaren and breuk["indicator"] in (None, code)


def beside(meting: Mapping[str, Any]) -> str:
    """What a figure of reports lacks, or says instead of a number; empty for every other."""
    if "waarom" in meting and "waarde" not in meting.get("afgeschermd", ()):
        return instead(meting)
    return gap(meting)


def columns(regels: Iterable[Regel]) -> list[str]:
    """The columns that any line has, in order."""
    gevuld = {naam for regel in regels for naam in regel}
    return [naam for naam in KOLOMMEN if naam in gevuld]


# -- CSV ---------------------------------------------------------------------------------------------------------------


def as_csv(gegevens: Mapping[str, Any]) -> str:
    """All figures, a line each; with commas, UTF-8 and a dot in numbers, as programs expect it."""
    regels = list(lines(gegevens))
    namen, uit = columns(regels), io.StringIO(newline="")
    schrijver = csv.writer(uit)
    rand = {"van_dag": gegevens["periode"]["van"], "tot_dag": gegevens["periode"]["tot"]}
    rand |= {naam: gegevens[naam] for naam in ("bekend_op", "waarschuwing") if naam in gegevens}
    schrijver.writerow([*namen, *rand])
    for regel in regels:
        schrijver.writerow([*(_plain(regel.get(naam)) for naam in namen), *rand.values()])
    return uit.getvalue()


def _plain(waarde: Any) -> Any:
    return int(waarde) if isinstance(waarde, bool) else harmless(waarde)


# -- XLSX --------------------------------------------------------------------------------------------------------------


def as_xlsx(gegevens: Mapping[str, Any]) -> bytes:
    """A workbook: what it was made from, a sheet for each ambitie with charts, earlier years, definitions, gaps."""
    boek = Workbook()
    boek.remove(boek.worksheets[0])
    _made_from(boek.create_sheet("Waarvan gemaakt"), gegevens)
    for ambitie, groep in groupby(lines(gegevens), key=lambda regel: str(regel["ambitie"])):
        _figures(boek.create_sheet(_sheet_name(ambitie)), list(groep))
    if gegevens.get("meerjaren", {}).get("regels"):
        _years(boek.create_sheet("Meerjarig"), gegevens["meerjaren"])
    if "definities" in gegevens:
        _definitions(boek.create_sheet("Definities"), gegevens["definities"])
    if "duiding" in gegevens:
        _said_beside(boek.create_sheet("Duiding"), gegevens["duiding"])
    _missing(boek.create_sheet("Ontbreekt"), gegevens["indicatoren"])
    uit = io.BytesIO()
    boek.save(uit)
    return uit.getvalue()


def _sheet_name(naam: str) -> str:
    return "".join(" " if teken in r"[]:*?/\'" else teken for teken in naam)[:31]


def _figures(blad: Worksheet, regels: list[Regel]) -> None:
    namen = [naam for naam in columns(regels) if naam != "ambitie"]
    rijen = [[regel.get(naam) for naam in namen] for regel in regels]
    write_sheet(blad, [KOLOMMEN[naam] for naam in namen], rijen, [BREEDTES.get(naam, 12) for naam in namen])
    plaats = {naam: i for i, naam in enumerate(namen, 1)}
    for nummer, (titel, van, tot) in enumerate(list(_series(regels))[:GRAFIEKEN_PER_BLAD]):
        grafiek = BarChart()
        grafiek.type, grafiek.title, grafiek.legend = "bar", titel, None
        # A lying bar chart counts its parts from below.
        grafiek.x_axis.scaling.orientation, grafiek.y_axis.crosses = "maxMin", "max"
        _show_axes(grafiek)
        grafiek.add_data(Reference(blad, min_col=plaats["waarde"], min_row=van, max_row=tot))
        grafiek.set_categories(Reference(blad, min_col=plaats["onderdeel"], min_row=van, max_row=tot))
        blad.add_chart(grafiek, f"{get_column_letter(len(namen) + 2)}{2 + nummer * GRAFIEK_HOOG}")


def _show_axes(grafiek: BarChart | LineChart) -> None:
    """Axes that are not said to be there are hidden by some programs."""
    grafiek.x_axis.delete = grafiek.y_axis.delete = False


def _series(regels: list[Regel]) -> Iterator[tuple[str, int, int]]:
    """Title, first and last row of what a bar chart can show: the parts of one figure by one column."""
    genummerd = enumerate(regels, 2)
    for (code, cijfer, kolommen), groep in groupby(genummerd, key=lambda paar: _chart_key(paar[1])):
        rijen = list(groep)
        if (
            len(kolommen) == 1
            and len(rijen) > 1
            and any(isinstance(regel["waarde"], (int, float)) for _, regel in rijen)
        ):
            yield f"{code} {cijfer}", rijen[0][0], rijen[-1][0]


def _chart_key(regel: Regel) -> tuple[str, str, tuple[str, ...]]:
    return str(regel["code"]), str(regel["cijfer"]), regel["kolommen"]


def _years(blad: Worksheet, meerjaren: Mapping[str, Any]) -> None:
    jaren = meerjaren["kolommen"]
    kop = ["Code", "Cijfer", "Eenheid", *jaren, "Daarbij"]
    rijen = [
        [r["code"], r["naam"], r["eenheid"], *map(_value, r["metingen"]), _beside_years(r["metingen"], jaren)]
        for r in meerjaren["regels"]
    ]
    write_sheet(blad, kop, rijen, [8, 40, 14, *[26] * len(jaren), 60])
    for rij, regel in enumerate(meerjaren["regels"], 2):
        _note_gaps(blad, rij, regel["metingen"])
    if len(jaren) > 1:
        for nummer, rij in enumerate(_first_of_each(meerjaren["regels"])):
            _line_chart(blad, rij, len(jaren) + 3, nummer)


def _beside_years(metingen: Sequence[Mapping[str, Any]], jaren: Sequence[str]) -> str:
    erbij = (str(m.get("zonder", "")) or beside(m) for m in metingen)
    return "; ".join(f"{jaar}: {tekst}" for jaar, tekst in zip(jaren, erbij, strict=True) if tekst)


def _note_gaps(blad: Worksheet, rij: int, metingen: Iterable[Mapping[str, Any]]) -> None:
    """A sum over incomplete reports says so in its own cell, and stays a number."""
    for kolom, meting in enumerate(metingen, 4):
        if isinstance(_value(meting), (int, float)) and (gat := gap(meting)):
            blad.cell(rij, kolom).number_format = f'General" ({gat})"'


def _value(meting: Mapping[str, Any]) -> Any:
    return AFGESCHERMD if "waarde" in meting.get("afgeschermd", ()) else meting.get("waarde")


def _first_of_each(regels: Sequence[Mapping[str, Any]]) -> list[int]:
    """The row of the first figure of each indicator."""
    eerste: dict[str, int] = {}
    for rij, regel in enumerate(regels, 2):
        eerste.setdefault(regel["code"], rij)
    return list(eerste.values())[:GRAFIEKEN_PER_BLAD]


def _line_chart(blad: Worksheet, rij: int, kolommen: int, nummer: int) -> None:
    grafiek = LineChart()
    _show_axes(grafiek)
    grafiek.title, grafiek.legend = f"{blad.cell(rij, 1).value} {blad.cell(rij, 2).value}", None
    grafiek.add_data(Reference(blad, min_col=4, max_col=kolommen, min_row=rij), from_rows=True)
    grafiek.set_categories(Reference(blad, min_col=4, max_col=kolommen, min_row=1))
    blad.add_chart(grafiek, f"{get_column_letter(kolommen + 3)}{2 + nummer * GRAFIEK_HOOG}")


def _definitions(blad: Worksheet, definities: Iterable[Mapping[str, Any]]) -> None:
    rijen = [
        [d["code"], d["naam"], d["definitie"], " ".join(d["valkuilen"]), d["bron"], d["versie"], d["sinds"]]
        for d in definities
    ]
    kop = ["Code", "Naam", "Definitie", "Let op", "Bron", "Versie", "Sinds"]
    write_sheet(blad, kop, rijen, [8, 40, 90, 90, 10, 8, 12])
    for cel in (cel for rij in blad.iter_rows(min_row=2) for cel in rij if isinstance(cel, Cell)):
        cel.alignment = Alignment(wrap_text=True, vertical="top")


def _said_beside(blad: Worksheet, duiding: Mapping[str, Any]) -> None:
    """Every norm, target, break and comment, of other years too."""
    rijen: list[list[Any]] = [
        *(
            [s["soort"].capitalize(), s["indicator"], s["maat"], s["jaar"], s["waarde"]]
            for s in duiding["streefwaarden"]
        ),
        *(["Reeksbreuk", b["indicator"] or "alle", "", b["dag"], b["tekst"]] for b in duiding["breuken"]),
        *(["Opmerking", o["indicator"], "", o["jaar"], o["tekst"]] for o in duiding["opmerkingen"]),
    ]
    write_sheet(blad, ["Soort", "Code", "Cijfer", "Jaar of dag", "Waarde of tekst"], rijen, [14, 8, 30, 14, 90])


def _missing(blad: Worksheet, indicatoren: Iterable[Mapping[str, Any]]) -> None:
    rijen = [[i["code"], i["naam"], zin] for i in indicatoren for zin in i["ontbreekt"]]
    write_sheet(blad, ["Code", "Indicator", "Wat ontbreekt"], rijen or [["", "", "Er ontbreekt niets."]], [8, 40, 90])


def _made_from(blad: Worksheet, gegevens: Mapping[str, Any]) -> None:
    gemaakt, afscherming = gegevens.get("gemaakt", {}), gegevens.get("afscherming")
    kaart = gemaakt.get("routekaart", {})
    rijen = [
        *([["Let op", gegevens["waarschuwing"]]] if "waarschuwing" in gegevens else []),
        ["Eerste dag", gegevens["periode"]["van"]],
        ["Tot (die dag telt niet mee)", gegevens["periode"]["tot"]],
        ["Gevolgd tot", gegevens.get("gevolgd_tot", gegevens["periode"]["tot"])],
        ["Gemeente", gegevens.get("gemeente_naam") or gegevens["gemeente"] or "alle"],
        ["Uitgesplitst naar", gegevens["uitsplitsing"] or "niet"],
        ["Zoals bekend op", gegevens["bekend_op"]],
        ["Eerste dag van het log", gegevens.get("log_vanaf")],
        ["Gebeurtenissen in het log", gegevens["logpositie"]],
        ["Laatste gebeurtenis", gemaakt.get("laatste_gebeurtenis")],
        ["Routekaart", kaart.get("naam")],
        ["Vingerafdruk van de routekaart", kaart.get("sha256")],
        ["Versie van het programma", gemaakt.get("programma")],
        ["Gemaakt op", gemaakt.get("gemaakt_op")],
        [
            "Kleine aantallen",
            f"x: kleiner dan {afscherming['grens']}, of daaruit af te leiden" if afscherming else "heel",
        ],
    ]
    write_sheet(blad, ["Wat", "Waarde"], rijen, [34, 70])
