"""The debts of a traject as they are read: what each is, how far it is, what they come to, and what they hold up.

What a debt is stands encrypted in its own table, in versions; how far it is stands in the log, as the answer to the
veld of soort onderdelen of the overgang with label `blad: schulden`. A debt belongs to the list when the log knows its
number: who withdraws the row that brought it in takes it off the list. Debts of a delivery are on it without that:
nobody here has said anything of them yet.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Connection, select

from models.persoon import datasleutel
from models.schuld import schuld
from workflow import kluis
from workflow.kluis import KluisDicht
from workflow.overzichten import TEKST_ONLEESBAAR
from workflow.routekaart import Overgang, Route, Veld
from workflow.schuldeisers import Register
from workflow.verloop import Stand, Verloop

BLAD = "schulden"
"""Label `blad` of the overgang with which debts are recorded."""

PRIVE = "Privépersoon"
BUNDEL = 500


@dataclass(frozen=True, slots=True)
class Gegevens:
    """What is known of one debt. Amounts are in cents, days are ISO texts.

    `schuldeiser` is a code of the register; else `naam` says who, and `is_prive` whether that is a person. `via` acts
    for the creditor. `genoemd` is the name of a creditor that was only proposed when this was written: should it be
    erased from the register, the debt still knows whose it is. `bedrag` is the whole claim, `kosten` the part of it
    that is interest and costs. `wie` is the pseudonym of whose debt it is, empty for all of the household. `reden` says
    why it counts no longer. `herkomst` tells a row of a table apart, `geleverd` is the debt as a delivery gave it.
    """

    schuldeiser: str = ""
    naam: str = ""
    is_prive: bool = False
    genoemd: str = ""
    via: str = ""
    kenmerk: str = ""
    bedrag: int | None = None
    kosten: int | None = None
    ontstaan_op: str = ""
    peil_op: str = ""
    soort: str = ""
    is_zakelijk: bool | None = None
    wie: str = ""
    notitie: str = ""
    reden: str = ""
    herkomst: str = ""
    geleverd: Mapping[str, Any] | None = None


BEKEND = frozenset(veld.name for veld in fields(Gegevens))


@dataclass(frozen=True, slots=True)
class Schuld:
    """The last version of a debt."""

    nummer: int
    versie: int
    vastgelegd_op: int
    gegevens: Gegevens


# -- Where the map has it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Boek:
    """How a route keeps the list: the overgang, the veld that says how far each debt is, and its totals.

    `begin` is where a new debt stands; `akkoord`, `weigert`, `vervallen` and `saldo` (the creditor said how much) are
    the answers that mean so.
    """

    overgang: Overgang
    veld: Veld
    begin: str
    akkoord: frozenset[str]
    weigert: frozenset[str]
    vervallen: frozenset[str]
    saldo: frozenset[str]
    bedragveld: str | None
    aantalveld: str | None

    def name(self, code: str | None) -> str:
        """What an answer is called."""
        return next((k.naam for k in self.veld.keuzes if k.code == code), code or "Nog niet vastgelegd")

    def standen(self, stand: Stand) -> dict[int, str]:
        """How far each debt is, by number."""
        return {int(nummer): hoe for nummer, hoe in (stand.antwoorden.get(self.veld.code) or {}).items()}


def book_of(route: Route) -> Boek | None:
    """How this route keeps debts; None when it does not."""
    for keus in route.overgangen.values():
        veld = next((v for v in keus.velden if v.soort == "onderdelen"), None)
        if keus.labels.get("blad") == BLAD and veld:
            return _book(route, keus, veld)
    return None


def _book(route: Route, keus: Overgang, veld: Veld) -> Boek:
    rollen = {
        rol: frozenset(keus.labels.get(f"stand.{rol}", "").split())
        for rol in ("akkoord", "weigert", "vervallen", "saldo")
    }
    velden = {v.code for v in keus.velden}
    totalen = {rol: route.labels.get(f"kenmerk.{rol}") for rol in ("schuld", "schuldeisers")}
    bedrag, aantal = (code if code in velden else None for code in totalen.values())
    begin = keus.labels.get("stand.begin") or veld.keuzes[0].code
    return Boek(keus, veld, begin, **rollen, bedragveld=bedrag, aantalveld=aantal)


# -- Reading -----------------------------------------------------------------------------------------------------------


def place(traject_id: int, nummer: int, versie: int) -> str:
    """What binds the ciphertext of a debt to its row."""
    return f"schuld/{traject_id}/{nummer}/{versie}"


def closed(sleutel: bytes, gegevens: Gegevens, plaats: str) -> bytes:
    """The data of a debt under a data key."""
    gevuld = {naam: waarde for naam, waarde in asdict(gegevens).items() if waarde not in ("", None, False)}
    # False is an answer where nobody knows is one too.
    gevuld |= {"is_zakelijk": False} if gegevens.is_zakelijk is False else {}
    return kluis.encrypt(sleutel, json.dumps(gevuld, ensure_ascii=False), plaats)


def debts_of(db: Connection, traject_ids: Iterable[int], tot: int | None = None) -> dict[int, list[Schuld]]:
    """Every debt of these trajecten in order of number, as of what was recorded up to `tot` (UTC microseconds)."""
    gevonden: dict[int, dict[int, Schuld]] = {}
    unwrap = cache(kluis.current().unwrap)
    for rij in _latest(db, traject_ids, tot):
        gevonden.setdefault(rij.traject_id, {})[rij.nummer] = _opened(rij, unwrap)
    return {traject_id: list(van.values()) for traject_id, van in gevonden.items()}


def _latest(db: Connection, traject_ids: Iterable[int], tot: int | None) -> Iterator[Any]:
    """The row of the last version of each debt, in order."""
    ids = sorted(set(traject_ids))
    laatste: dict[tuple[int, int], Any] = {}
    for i in range(0, len(ids), BUNDEL):
        vraag = (
            select(schuld, datasleutel.c.omhuld)
            .join(datasleutel, datasleutel.c.id == schuld.c.datasleutel_id)
            .where(schuld.c.traject_id.in_(ids[i : i + BUNDEL]))
            .order_by(schuld.c.traject_id, schuld.c.nummer, schuld.c.versie)
        )
        if tot is not None:
            vraag = vraag.where(schuld.c.vastgelegd_op <= tot)
        laatste |= {(rij.traject_id, rij.nummer): rij for rij in db.execute(vraag)}
    yield from laatste.values()


def _opened(rij: Any, unwrap: Callable[[bytes], bytes]) -> Schuld:
    """A debt; one that cannot be read is still in the list, and says so."""
    try:
        ruw = json.loads(kluis.decrypt(unwrap(rij.omhuld), rij.gegevens, place(rij.traject_id, rij.nummer, rij.versie)))
        gegevens = Gegevens(**{naam: waarde for naam, waarde in ruw.items() if naam in BEKEND})
    except KluisDicht:
        gegevens = Gegevens(naam=TEKST_ONLEESBAAR)
    return Schuld(rij.nummer, rij.versie, rij.vastgelegd_op, gegevens)


def versions(db: Connection, traject_id: int, nummer: int) -> list[tuple[Schuld, str]]:
    """Every version of a debt, the newest first, with the pseudonym of who wrote it."""
    vraag = (
        select(schuld, datasleutel.c.omhuld)
        .join(datasleutel, datasleutel.c.id == schuld.c.datasleutel_id)
        .where(schuld.c.traject_id == traject_id, schuld.c.nummer == nummer)
        .order_by(schuld.c.versie.desc())
    )
    return [(_opened(rij, kluis.current().unwrap), rij.door) for rij in db.execute(vraag)]


# -- The list ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Regel:
    """A debt on the list: who the creditor is now, how far it is and since when (day number)."""

    nummer: int
    versie: int
    gegevens: Gegevens
    schuldeiser: str
    code: str
    stand: str | None
    sinds: int | None
    telt: bool

    @property
    def wie_is_het(self) -> str:
        """What tells its creditor from another."""
        return self.code or self.schuldeiser.casefold()


@dataclass(frozen=True, slots=True)
class Totaal:
    """What some debts come to: how many there are, the amount in cents, and of how many that is not known."""

    aantal: int
    cent: int
    onbekend: int

    @property
    def euro(self) -> float:
        """The amount in euros."""
        return self.cent / 100


@dataclass(frozen=True)
class Schuldenlijst:
    """All debts on the list of a traject."""

    boek: Boek
    regels: tuple[Regel, ...]
    hoogste: int = 0
    wie: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def tellend(self) -> list[Regel]:
        """Those that are not vervallen."""
        return [regel for regel in self.regels if regel.telt]

    @cached_property
    def by_nummer(self) -> dict[int, Regel]:
        """The debts by number."""
        return {regel.nummer: regel for regel in self.regels}

    @property
    def totaal(self) -> Totaal:
        """What all that count come to."""
        return total(self.tellend)

    @property
    def schuldeisers(self) -> int:
        """How many different creditors there are."""
        return len({regel.wie_is_het for regel in self.tellend})

    def per_stand(self) -> list[tuple[str | None, str, Totaal]]:
        """Code, name and total of each answer that any debt has, vervallen included."""
        codes = [*(k.code for k in self.boek.veld.keuzes), None]
        return [
            (c, self.boek.name(c), total(deel)) for c in codes if (deel := [r for r in self.regels if r.stand == c])
        ]

    def per_soort(self, soorten: Mapping[str, str]) -> list[tuple[str, str, Totaal]]:
        """Code, name and total of each kind."""
        namen = {**soorten, "": "Soort niet bekend"}
        return [(c, n, total(d)) for c, n in namen.items() if (d := [r for r in self.tellend if r.gegevens.soort == c])]

    def per_person(self) -> list[tuple[str, str, Totaal]]:
        """Pseudonym, name and total of each whose debts they are; empty means all together."""
        codes = dict.fromkeys(["", *self.wie, *(regel.gegevens.wie for regel in self.tellend)])
        return [(c, self.whose(c), total(d)) for c in codes if (d := [r for r in self.tellend if r.gegevens.wie == c])]

    def whose(self, pseudoniem: str) -> str:
        """Whose debt it is, in words."""
        samen = "Samen" if len(self.wie) > 1 else next(iter(self.wie.values()), "")
        return self.wie.get(pseudoniem, "Iemand die niet meer meedoet") if pseudoniem else samen

    def holding_up(self, overgang: Overgang) -> list[Regel]:
        """The debts that keep an overgang from being made."""
        eisen = [e.argument for e in overgang.voorwaarden if e.naam == "geen_onderdeel"]
        wachten = [hoe for eis in eisen if eis["veld"] == self.boek.veld.code for hoe in _listed(eis["is"])]
        return [regel for regel in self.regels if regel.stand in wachten]


def _listed(waarden: Any) -> Sequence[str]:
    return (waarden,) if isinstance(waarden, str) else tuple(waarden)


def total(regels: Iterable[Regel]) -> Totaal:
    """What these debts come to."""
    bedragen = [regel.gegevens.bedrag for regel in regels]
    return Totaal(len(bedragen), sum(b for b in bedragen if b), sum(b is None for b in bedragen))


def the_list(
    verloop: Verloop,
    boek: Boek,
    schulden: Sequence[Schuld],
    register: Register,
    wie: Mapping[str, str],
    erbij: Collection[int] = (),
) -> Schuldenlijst:
    """The list of a traject, from its log and its debts.

    `wie`: the names of its people by pseudonym; `erbij`: numbers of which the log is about to hear.
    """
    standen, sinds = boek.standen(verloop.stand), _since(verloop, boek)
    op_lijst = [s for s in schulden if s.nummer in standen or s.gegevens.geleverd is not None or s.nummer in erbij]
    regels = tuple(_line(s, boek, register, standen.get(s.nummer), sinds.get(s.nummer)) for s in op_lijst)
    return Schuldenlijst(boek, regels, max((s.nummer for s in schulden), default=0), wie)


def counting(verloop: Verloop, schulden: Iterable[Schuld]) -> list[Schuld]:
    """The debts on the list of a traject that are not vervallen."""
    stand = verloop.stand
    boek = book_of(verloop.kaart.routes[verloop.oorsprong["route"]])
    standen = boek.standen(stand) if boek else {}
    vervallen: frozenset[str] = boek.vervallen if boek else frozenset()
    op_lijst = [een for een in schulden if een.nummer in standen or een.gegevens.geleverd is not None]
    return [een for een in op_lijst if standen.get(een.nummer) not in vervallen]


def _since(verloop: Verloop, boek: Boek) -> dict[int, int]:
    """The day on which a debt came to be as far as it is."""
    standen: dict[str, str] = {}
    sinds: dict[int, int] = {}
    for feit in verloop.feiten:
        for nummer, hoe in (feit.invoer.get(boek.veld.code) or {}).items():
            if standen.get(nummer) != hoe:
                standen[nummer], sinds[int(nummer)] = hoe, feit.dag
    return sinds


def of_who_was_erased(gegevens: Gegevens, register: Register) -> Gegevens:
    """A debt as it reads now: where its proposed creditor was erased from the register, of that private person."""
    if not gegevens.genoemd or gegevens.schuldeiser in register:
        return gegevens
    return replace(gegevens, schuldeiser="", naam=gegevens.genoemd, is_prive=True, genoemd="")


def _line(een: Schuld, boek: Boek, register: Register, stand: str | None, sinds: int | None) -> Regel:
    g = of_who_was_erased(een.gegevens, register)
    naam = register.name(g.schuldeiser) if g.schuldeiser else g.naam or PRIVE
    code = register.survivor(g.schuldeiser) if g.schuldeiser else ""
    return Regel(een.nummer, een.versie, g, naam, code, stand, sinds, stand not in boek.vervallen)


def with_standen(lijst: Schuldenlijst, standen: Mapping[int, str]) -> Schuldenlijst:
    """The list as it would be with these answers."""
    vervallen = lijst.boek.vervallen
    regels = (
        replace(r, stand=s, telt=s not in vervallen) if (s := standen.get(r.nummer, r.stand)) != r.stand else r
        for r in lijst.regels
    )
    return replace(lijst, regels=tuple(regels))
