"""Answers to the questions of the map: read, bounded and told what is wrong, in Dutch.

The log gets codes, ISO dates, whole numbers and whole euros; text is returned apart, because it never enters the log.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from workflow.bsn import is_valid_bsn
from workflow.kalender import date_of, daynumber, short
from workflow.opgaveveld import MAX_TEKST as MAX_OPGAVE
from workflow.opgaveveld import read_report
from workflow.routekaart import Veld

MAX_TEKST = 4000
MAX_CODE = 200
MAX_ONDERDELEN = 1_000
LANGSTE = {"opgave": MAX_OPGAVE, "onderdelen": 100_000}
MAX_GETAL = 99_999_999
EARLIEST = daynumber(date(1900, 1, 1))
LATEST = daynumber(date(2100, 1, 1))
VOORBEELD = "bijvoorbeeld 24-11-2026"


LEEG = {"keuze": "Maak een keuze bij", "datum": "Vul de dag in:"}
"""How is said what must be answered, by soort, where it is not simply filled in."""


class InvoerGeweigerd(Exception):
    """Answers that cannot be taken; `fouten` maps the code of a veld to a Dutch sentence."""

    def __init__(self, fouten: Mapping[str, str]) -> None:
        super().__init__(" ".join(fouten.values()))
        self.fouten = dict(fouten)


def read_answers(
    velden: Sequence[Veld], invoer: Mapping[str, Any], dag: int, begonnen_op: int | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers for the log, and the texts that stay out of it.

    `dag` is the day of the overgang, `begonnen_op` that on which the traject began. Raises InvoerGeweigerd with every
    wrong veld, unknown ones included.
    """
    bekend = {veld.code for veld in velden}
    fouten = {code: "Deze vraag hoort niet bij deze overgang." for code in invoer if code not in bekend}
    antwoorden: dict[str, Any] = {}
    for veld in velden:
        try:
            waarde = read_answer(veld, invoer.get(veld.code), dag)
        except ValueError as fout:
            fouten[veld.code] = str(fout)
        else:
            if waarde is not None:
                antwoorden[veld.code] = waarde
    fouten = {**out_of_order(velden, antwoorden, begonnen_op), **fouten}
    if fouten:
        raise InvoerGeweigerd(fouten)
    teksten = {
        veld.code: antwoorden.pop(veld.code) for veld in velden if veld.soort == "tekst" and veld.code in antwoorden
    }
    return antwoorden, teksten


def out_of_order(velden: Sequence[Veld], antwoorden: Mapping[str, Any], begonnen_op: int | None) -> dict[str, str]:
    """The dates that lie before the traject began, or before the answer that they may not lie before."""
    fouten: dict[str, str] = {}
    for veld in (v for v in velden if v.soort == "datum" and antwoorden.get(v.code)):
        if begonnen_op is not None and not veld.mag_voor_begin and read_date(antwoorden[veld.code]) < begonnen_op:
            fouten[veld.code] = f"{veld.label} kan niet voor het begin van het traject liggen ({short(begonnen_op)})."
        eerst = next((v for v in velden if v.code == veld.niet_voor and antwoorden.get(v.code)), None)
        if eerst and antwoorden[veld.code] < antwoorden[eerst.code]:
            dag = short(read_date(antwoorden[eerst.code]))
            fouten[veld.code] = f"{veld.label} kan niet voor “{eerst.label}” liggen ({dag})."
    return fouten


def read_answer(veld: Veld, waarde: Any, dag: int) -> Any:
    """One answer as it is stored, None when it is left open. Raises ValueError with the Dutch sentence."""
    if isinstance(waarde, str):
        _refuse_long(veld, waarde)
        waarde = unicodedata.normalize("NFC", waarde).strip()
    if waarde in (None, "", [], ()):
        if veld.verplicht:
            raise ValueError(f"{LEEG.get(veld.soort, 'Vul in:')} {veld.in_zin}.")
        return None
    return LEZERS[veld.soort](veld, waarde, dag)


def _refuse_long(veld: Veld, waarde: str) -> None:
    """Before anything else is done with it: normalising very long text of accents takes very long."""
    hoogste = longest(veld)
    if len(waarde) > (2 * hoogste if veld.soort == "tekst" else hoogste):
        raise ValueError(too_long(veld.label, len(waarde.replace("\r\n", "\n")), hoogste))


def longest(veld: Veld) -> int:
    """How many characters an answer may have at most, as it is typed."""
    return (veld.maximum or MAX_TEKST) if veld.soort == "tekst" else LANGSTE.get(veld.soort, MAX_CODE)


def too_long(wat: str, aantal: int, hoogste: int) -> str:
    """The sentence about an answer of so many characters where fewer are allowed."""
    return f"{wat} is te lang: {_written(aantal)} tekens, hoogstens {_written(hoogste)}."


def read_date(waarde: Any) -> int:
    """The day number of a date, an ISO text or a Dutch d-m-jjjj. Raises ValueError with the Dutch sentence."""
    if isinstance(waarde, date):
        return daynumber(waarde)
    tekst = str(waarde).strip()
    if not tekst:
        raise ValueError(f"Vul de dag in, {VOORBEELD}.")
    if re.fullmatch(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}", tekst):
        raise ValueError(f"Vul een bestaande datum in, met het jaar in vier cijfers, {VOORBEELD}.")
    if m := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", tekst):
        tekst = f"{m[3]}-{int(m[2]):02}-{int(m[1]):02}"
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", tekst):
            raise ValueError
        return daynumber(date.fromisoformat(tekst))
    except ValueError:
        raise ValueError(f"Vul een bestaande datum in, {VOORBEELD}.") from None


def _datum(veld: Veld, waarde: Any, dag: int) -> str:
    gelezen = read_date(waarde)
    laagste = EARLIEST if veld.minimum is None else dag + veld.minimum
    hoogste = LATEST if veld.maximum is None else dag + veld.maximum
    if gelezen < laagste:
        raise ValueError(f"{veld.label} kan niet voor {short(laagste)} liggen.")
    if gelezen > hoogste:
        raise ValueError(f"{veld.label} kan niet na {short(hoogste)} liggen.")
    return date_of(gelezen).isoformat()


def _keuze(veld: Veld, waarde: Any, dag: int) -> str:
    for keuze in veld.keuzes:
        if keuze.code == waarde and (keuze.vanaf or dag) <= dag < (keuze.tot or dag + 1):
            return keuze.code
    raise ValueError(f"Kies een van de mogelijkheden bij {veld.in_zin}.")


def _ja_nee(veld: Veld, waarde: Any, _dag: int) -> str:
    if waarde in ("ja", "nee"):
        return str(waarde)
    if isinstance(waarde, bool):
        return "ja" if waarde else "nee"
    raise ValueError(f"Antwoord ja of nee bij {veld.in_zin}.")


def _getal(veld: Veld, waarde: Any, _dag: int) -> int:
    tekst = re.sub(r",(00|-)$", "", re.sub(r"[€\s]", "", str(waarde)))
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", tekst):
        tekst = tekst.replace(".", "")
    if not re.fullmatch(r"-?\d{1,12}", tekst, re.ASCII):
        raise ValueError(_no_whole_number(veld, tekst))
    return _bounded(veld, int(tekst))


def _no_whole_number(veld: Veld, tekst: str) -> str:
    """What to write instead: of a number with decimals, what stands before the comma."""
    eenheid = "een bedrag in hele euro's" if veld.soort == "bedrag" else "een heel getal"
    heel = re.fullmatch(r"(\d{1,3}(?:\.\d{3})*|\d{1,12}),\d+", tekst, re.ASCII)
    hint = f", zonder cijfers achter de komma: {_written(int(heel[1].replace('.', '')))}" if heel else ""
    return f"Vul {eenheid} in bij {veld.in_zin}{hint}."


def _written(getal: int) -> str:
    """A number as it is read: 99.999.999."""
    return f"{getal:,}".replace(",", ".")


def _bounded(veld: Veld, getal: int) -> int:
    laagste = 0 if veld.minimum is None else veld.minimum
    hoogste = MAX_GETAL if veld.maximum is None else veld.maximum
    if not laagste <= getal <= hoogste:
        raise ValueError(f"{veld.label} ligt tussen {_written(laagste)} en {_written(hoogste)}.")
    return getal


def _tekst(veld: Veld, waarde: Any, _dag: int) -> str:
    tekst = str(waarde).replace("\r\n", "\n")
    if any(unicodedata.category(teken) in ("Cc", "Cs") and teken not in "\n\t" for teken in tekst):
        raise ValueError(f"In deze tekst staat een teken dat niet kan: {veld.in_zin}.")
    if len(tekst) > longest(veld):
        raise ValueError(too_long(veld.label, len(tekst), longest(veld)))
    if len(tekst) < (veld.minimum or 0):
        raise ValueError(f"{veld.label} is te kort: ten minste {veld.minimum} tekens.")
    return tekst


def _code(veld: Veld, waarde: Any, _dag: int) -> str:
    if not re.fullmatch(r"[\w.\-]{1,64}", str(waarde), re.ASCII):
        raise ValueError(f"Kies een van de mogelijkheden bij {veld.in_zin}.")
    return str(waarde)


def _codes(veld: Veld, waarde: Any, dag: int) -> list[str]:
    lijst = waarde if isinstance(waarde, (list, tuple)) else [waarde]
    return [_code(veld, code, dag) for code in lijst]


def _stuknummer(veld: Veld, waarde: Any, _dag: int) -> str:
    """Under which number a document is kept: no words and no BSN, as it stands in the log for good."""
    tekst = str(waarde).upper()
    if not re.fullmatch(r"(?=.*[0-9])[A-Z0-9][A-Z0-9./-]{0,39}", tekst, re.ASCII):
        raise ValueError(f"Vul een nummer in bij {veld.in_zin}, zonder spaties, bijvoorbeeld Z-2026-00123.")
    if re.fullmatch(r"[0-9]{9}", cijfers := re.sub(r"[./-]", "", tekst)) and is_valid_bsn(cijfers):
        raise ValueError(f"Dit lijkt een BSN. Vul het nummer van het stuk in bij {veld.in_zin}.")
    return tekst


def _onderdelen(veld: Veld, waarde: Any, dag: int) -> dict[str, str]:
    """How far each part is, in order of its code or number."""
    gelezen = _parsed(veld, waarde)
    if len(gelezen) > MAX_ONDERDELEN:
        raise ValueError(f"{veld.label}: hoogstens {MAX_ONDERDELEN} tegelijk.")
    bekend = {keuze.code for keuze in veld.onderdelen}
    for code in gelezen:
        if code not in bekend if bekend else not re.fullmatch(r"[1-9]\d{0,5}", code, re.ASCII):
            raise ValueError(f"Dit onderdeel is niet bekend bij {veld.in_zin}.")
    return {code: _keuze(veld, hoe, dag) for code, hoe in sorted(gelezen.items())}


def _parsed(veld: Veld, waarde: Any) -> dict[str, Any]:
    if isinstance(waarde, str):
        try:
            waarde = json.loads(waarde)
        except (ValueError, RecursionError):
            waarde = None
    if not isinstance(waarde, Mapping) or not all(isinstance(code, str) for code in waarde):
        raise ValueError(f"Dit antwoord is niet te lezen: {veld.in_zin}.")
    return dict(waarde)


def _opgave(_veld: Veld, waarde: Any, dag: int) -> dict[str, Any]:
    return read_report(waarde, dag)


LEZERS: dict[str, Callable[[Veld, Any, int], Any]] = {
    "datum": _datum,
    "keuze": _keuze,
    "ja_nee": _ja_nee,
    "getal": _getal,
    "bedrag": _getal,
    "tekst": _tekst,
    "partij": _code,
    "medewerker": _code,
    "deelnemer": _code,
    "kinderen": _codes,
    "opgave": _opgave,
    "stuknummer": _stuknummer,
    "onderdelen": _onderdelen,
}
