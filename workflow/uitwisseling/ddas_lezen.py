"""Reads a delivery in DDAS-SHV v1.0: bytes in, frozen trajecten and findings out. Pure: no database, no clock, no map.

Promises: whatever it is given, it answers with a `Levering` (None when there is a fout) and findings, and never with an
exception. `json_tekst` reads the bytes, `opschonen` forgives what can be read in one way only; here stands what is
particular to trajecten and clients. Nothing is filled in.

The values in `Traject.gegevens` have the shape of the format: names, types and codes as in `ddas_schema.json`, nothing
empty, texts NFC without spaces at the ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.bsn import is_valid_bsn
from workflow.kalender import date_of, daynumber
from workflow.uitwisseling.ddas_schema import LIJSTEN, answer_paths, schema
from workflow.uitwisseling.json_tekst import parse
from workflow.uitwisseling.opmerkingen import Opmerkingen, Pad
from workflow.uitwisseling.opschonen import Lezing, Tabel, nearest

GESLACHTEN = ("Man", "Vrouw", "Onbekend", "Leeg")
GESLACHT_CODES = {"m": "Man", "v": "Vrouw", "o": "Onbekend"}


@dataclass(frozen=True, slots=True)
class Client:
    """A client as delivered. `bsn` is nine digits where it is a BSN; other text where it is not."""

    pad: Pad
    bsn_pad: Pad
    bsn: str
    geboortedatum: str
    geslacht: str
    postcode: str
    huisnummer: str
    toevoeging: str

    @property
    def heeft_geldig_bsn(self) -> bool:
        """Whether the BSN passes the elfproef."""
        return is_valid_bsn(self.bsn)

    @property
    def is_herkenbaar(self) -> bool:
        """Whether a later delivery can be seen to speak of the same person."""
        return bool(self.bsn or self.geboortedatum)


@dataclass(frozen=True, slots=True)
class Traject:
    """One traject of a delivery. `organisatie` identifies who delivered it, `gegevens` is the cleaned JSON object."""

    pad: Pad
    organisatie: str
    gemeentecode: str
    clienten: tuple[Client, ...]
    gegevens: Tabel

    @property
    def antwoorden(self) -> dict[str, Any]:
        """The plain answers by path."""
        gevonden = ((pad, answer(self.gegevens, pad)) for pad in answer_paths())
        return {pad: waarde for pad, waarde in gevonden if waarde is not None}

    @property
    def lijsten(self) -> dict[str, Sequence[Tabel]]:
        """The lists whose items become trajecten."""
        return {naam: self.gegevens[naam] for naam in LIJSTEN if naam in self.gegevens}

    def dag(self, pad: str) -> int | None:
        """The day number of the date at a path."""
        return day_of(answer(self.gegevens, pad))


@dataclass(frozen=True, slots=True)
class Levering:
    """A delivery: its period (day numbers), when it was made (UTC microseconds), and its trajecten."""

    van_dag: int | None
    tot_met_dag: int | None
    aangeleverd_us: int
    trajecten: tuple[Traject, ...]


def answer(gegevens: Mapping[str, Any], pad: str) -> Any:
    """What stands at a path, None when nothing does."""
    voor, _, naam = pad.rpartition(".")
    return (gegevens.get(voor) or {} if voor else gegevens).get(naam)


def day_of(waarde: str | None) -> int | None:
    """The day number of a cleaned date."""
    return daynumber(date.fromisoformat(waarde)) if waarde else None


def read(tekst: bytes | str, op: Opmerkingen) -> Levering | None:
    """The delivery in a file, None when something refuses the file; what is to be said of it is added to `op`."""
    ruw = parse(tekst, op)
    if op.fouten:
        return None
    lezing = Lezing(op)
    kop = lezing.value(schema(), ruw, ())
    if kop is None and not op.fouten:
        lezing.wrong((), schema(), ruw)
    levering = None if op.fouten else _levering(lezing, kop)
    return None if op.fouten else levering


def _levering(lezing: Lezing, kop: Tabel) -> Levering:
    van, tot_met = _period(lezing, kop)
    trajecten = tuple(
        _traject(lezing, gegevens, _organisation(levering.get("aanleverende_organisatie", {})))
        for levering in kop["leveringen"]
        for gegevens in levering.get("schuldhulptrajecten", ())
    )
    for traject in trajecten:
        _check_period(lezing, traject, van, tot_met)
    return Levering(van, tot_met, kop["aanleverdatumEnTijd"], trajecten)


def _period(lezing: Lezing, kop: Tabel) -> tuple[int | None, int | None]:
    """First and last day of the delivery; neither when they contradict each other."""
    van, tot_met = day_of(kop.get("startdatumLevering")), day_of(kop.get("einddatumLevering"))
    if van is None or tot_met is None or van <= tot_met:
        return van, tot_met
    data = {"einde": date_of(tot_met), "begin": date_of(van)}
    lezing.op.add(kop.place("einddatumLevering"), "periode_omgekeerd", **data)
    return None, None


def _organisation(organisatie: Mapping[str, Any]) -> str:
    """What identifies who delivers: KvK number, else the name."""
    return str(organisatie.get("KvK-nummer") or organisatie.get("(Statutaire) Naam") or "").casefold()


def _traject(lezing: Lezing, gegevens: Tabel, organisatie: str) -> Traject:
    code = _municipality(lezing, gegevens)
    clienten = gegevens.get("client", [])
    if not clienten:
        lezing.op.add(gegevens.place("client"), "geen_client")
    if len(clienten) > 2:
        lezing.op.add(gegevens.place("client"), "te_veel_clienten", aantal=len(clienten))
    gelezen = tuple(_client(lezing, client) for client in clienten)
    return Traject(gegevens.pad, organisatie, code, gelezen, gegevens)


def _municipality(lezing: Lezing, gegevens: Tabel) -> str:
    geleverd = gegevens["gemeentecode"]
    code = geleverd.upper().replace(" ", "")
    if re.fullmatch(r"\d{1,4}", code, re.ASCII):
        code = f"GM{code:>04}"
    if not re.fullmatch(r"GM\d{1,4}", code, re.ASCII):
        lezing.op.add(gegevens.place("gemeentecode"), "gemeentecode_onleesbaar")
    elif code != geleverd:
        lezing.op.add(gegevens.place("gemeentecode"), "gelezen_als", gelezen=code)
    gegevens["gemeentecode"] = code
    return str(code)


def _client(lezing: Lezing, client: Tabel) -> Client:
    _correct_bsn(lezing, client)
    _correct_sex(lezing, client)
    gelezen = Client(
        pad=client.pad,
        bsn_pad=client.place("Burgerservicenummer"),
        bsn=client.get("Burgerservicenummer", ""),
        geboortedatum=client.get("Geboortedatum", ""),
        geslacht=client.get("Geslachtsaanduiding", ""),
        postcode=client.get("Postcode", ""),
        huisnummer=client.get("Huisnummer", ""),
        toevoeging=client.get("Huisnummertoevoeging", ""),
    )
    if gelezen.geboortedatum and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", gelezen.geboortedatum, re.ASCII):
        lezing.op.add(client.place("Geboortedatum"), "geboortedatum_onvolledig")
    if not gelezen.is_herkenbaar:
        lezing.op.add(client.pad, "client_zonder_gegevens")
    return gelezen


def _correct_bsn(lezing: Lezing, client: Tabel) -> None:
    geleverd = client.get("Burgerservicenummer")
    if geleverd is None:
        return
    cijfers = re.sub(r"[\s.\-]", "", geleverd)
    pad = client.place("Burgerservicenummer")
    if cijfers != cijfers.zfill(9) and is_valid_bsn(cijfers.zfill(9)):
        cijfers = cijfers.zfill(9)
        lezing.op.add(pad, "bsn_aangevuld")
    if re.fullmatch(r"\d{9}", cijfers, re.ASCII):
        client["Burgerservicenummer"] = cijfers
    if not is_valid_bsn(cijfers):
        lezing.op.add(pad, "bsn_klopt_niet")


def _correct_sex(lezing: Lezing, client: Tabel) -> None:
    geleverd = client.get("Geslachtsaanduiding")
    if geleverd is None or geleverd in GESLACHTEN:
        return
    gelezen = nearest(geleverd, GESLACHTEN) or GESLACHT_CODES.get(geleverd.casefold())
    if gelezen:
        client["Geslachtsaanduiding"] = gelezen
        lezing.op.add(client.place("Geslachtsaanduiding"), "gelezen_als", gelezen=gelezen)


def _check_period(lezing: Lezing, traject: Traject, van: int | None, tot_met: int | None) -> None:
    begin, einde = traject.dag("startdatum"), traject.dag("einddatum")
    if begin is not None and einde is not None and einde < begin:
        data = {"einde": date_of(einde), "begin": date_of(begin)}
        lezing.op.add(traject.gegevens.place("einddatum"), "einde_voor_begin", **data)
    te_laat = tot_met is not None and begin is not None and begin > tot_met
    te_vroeg = van is not None and einde is not None and einde < van
    if te_laat or te_vroeg:
        lezing.op.add(traject.gegevens.place("startdatum" if te_laat else "einddatum"), "buiten_periode")
