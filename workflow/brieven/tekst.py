"""The text of a letter: its line format read into blocks, and the faults in it, each with its line.

    # Kop            a heading; the first line of a letter is one: its subject
    - punt           an item of a list
    **vet**          bold, within one line
    {naam}           a placeholder of the closed list
    (empty line)     a new paragraph; within one, each line begins on a line of its own

Nothing else means anything: what stands in a text or in a value is text, for whatever program reads the letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import groupby
from typing import Any, Literal, NamedTuple

Vorm = Literal["regel", "lijst", "tabel"]
Waarde = str | Sequence[str] | Sequence[Sequence[str]]
"""What a placeholder stands for: a text, the items of a list, or the rows of a table, the first its header."""

MAX_TEKENS = 20_000
MAX_REGELS = 400
MAX_REGEL = 2_000

_DEEL = re.compile(r"\{([^{}]*)\}")
_RICHTING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
"""Marks that turn the direction of text: a name with one would turn the rest of the line too."""


class Fout(NamedTuple):
    """What is wrong in a line, counted from 1, as a Dutch sentence."""

    regel: int
    zin: str

    def __str__(self) -> str:
        return f"Regel {self.regel}: {self.zin}"


@dataclass(frozen=True, slots=True)
class Deel:
    """A piece of a line; `plaats` is the code of the placeholder that it is, empty for plain text."""

    tekst: str
    vet: bool = False
    plaats: str = ""


Regel = tuple[Deel, ...]


@dataclass(frozen=True, slots=True)
class Blok:
    """A heading (one line), a paragraph (its lines), a list (its items) or a table (its rows, each cell a Deel)."""

    soort: Literal["kop", "alinea", "lijst", "tabel"]
    regels: tuple[Regel, ...]


@dataclass(frozen=True, slots=True)
class Lezing:
    """A text as it was read: its blocks, the placeholders in it, and all that is wrong."""

    blokken: tuple[Blok, ...]
    plaatsen: frozenset[str]
    fouten: tuple[Fout, ...]

    @property
    def onderwerp(self) -> Regel:
        """The subject: the heading that the letter begins with."""
        return self.blokken[0].regels[0]


def read(tekst: str, vormen: Mapping[str, Vorm]) -> Lezing:
    """The blocks of a text and its faults; `vormen` are the placeholders there are, with their form."""
    regels = tekst.replace("\r\n", "\n").split("\n")
    if te_groot := _too_much(tekst, regels):
        return Lezing((), frozenset(), (te_groot,))
    lezer = _Lezer(vormen)
    blokken = tuple(lezer.blocks(regels))
    if not blokken or blokken[0].soort != "kop":
        lezer.fouten.insert(0, Fout(1, "Begin met een kop (# en een spatie): die is het onderwerp van de brief."))
    return Lezing(blokken, frozenset(lezer.plaatsen), tuple(lezer.fouten))


def fill(blokken: Sequence[Blok], waarden: Mapping[str, Waarde]) -> tuple[Blok, ...]:
    """The blocks with every placeholder replaced. Raises KeyError for one without a value."""
    return tuple(_filled(blok, waarden) for blok in blokken)


def as_data(blokken: Sequence[Blok]) -> list[Any]:
    """Filled blocks as JSON can hold them; `of_data` reads them back."""
    return [[blok.soort, [[[deel.tekst, deel.vet] for deel in regel] for regel in blok.regels]] for blok in blokken]


def of_data(gegevens: Sequence[Any]) -> tuple[Blok, ...]:
    """The blocks that `as_data` was given."""
    return tuple(
        Blok(soort, tuple(tuple(Deel(tekst, vet) for tekst, vet in regel) for regel in regels))
        for soort, regels in gegevens
    )


def plain(blokken: Sequence[Blok]) -> str:
    """The words of blocks, a line for each line, item or row."""
    return "\n".join(_joined(blok, regel).strip() for blok in blokken for regel in blok.regels)


def _joined(blok: Blok, regel: Regel) -> str:
    return (" " if blok.soort == "tabel" else "").join(deel.tekst for deel in regel)


def clean(tekst: str) -> str:
    """A value as it may stand in a letter: on one line, without control characters and turns of direction."""
    zichtbaar = "".join(" " if _is_control(teken) else teken for teken in tekst if teken not in _RICHTING)
    return " ".join(unicodedata.normalize("NFC", zichtbaar).split())


def _is_control(teken: str) -> bool:
    return unicodedata.category(teken) in ("Cc", "Cs", "Zl", "Zp", "Co", "Cn")


def _is_visible(deel: Deel) -> bool:
    return bool(deel.plaats) or any(unicodedata.category(teken) not in ("Zs", "Cf") for teken in deel.tekst)


def _too_much(tekst: str, regels: Sequence[str]) -> Fout | None:
    if len(tekst) > MAX_TEKENS:
        return Fout(1, f"De tekst is langer dan {MAX_TEKENS:,} tekens.".replace(",", "."))
    if len(regels) > MAX_REGELS:
        return Fout(MAX_REGELS, f"De tekst heeft meer dan {MAX_REGELS} regels.")
    lang = next((nr for nr, regel in enumerate(regels, 1) if len(regel) > MAX_REGEL), None)
    return Fout(lang, f"Deze regel is langer dan {MAX_REGEL} tekens.") if lang else None


class _Lezer:
    def __init__(self, vormen: Mapping[str, Vorm]) -> None:
        self._vormen = vormen
        self.plaatsen: set[str] = set()
        self.fouten: list[Fout] = []

    def blocks(self, regels: Sequence[str]) -> Iterator[Blok]:
        """Lines of one kind that follow each other are a block; a heading and a block placeholder are one each."""
        gelezen = [(self._kind(nr, regel.strip()), nr, regel.strip()) for nr, regel in enumerate(regels, 1)]
        for (soort, _), groep in groupby(gelezen, key=lambda g: (g[0], g[1] if g[0] in ("kop", "blok") else 0)):
            if soort:
                yield self._block(soort, [(nr, regel) for _, nr, regel in groep])

    def _kind(self, nr: int, regel: str) -> str:
        if not regel:
            return ""
        if regel.startswith("#"):
            self._check_mark(nr, regel, "#", "een kop")
            return "kop"
        if regel.startswith("-"):
            self._check_mark(nr, regel, "-", "een punt van een lijst")
            return "lijst"
        return "blok" if self._vormen.get(regel[1:-1], "regel") != "regel" and regel[0] == "{" else "alinea"

    def _check_mark(self, nr: int, regel: str, teken: str, wat: str) -> None:
        if regel == teken or regel[1] != " ":
            self.fouten.append(Fout(nr, f"Zet na {teken} een spatie en de tekst van {wat}."))

    def _block(self, soort: str, regels: Sequence[tuple[int, str]]) -> Blok:
        if soort == "blok":
            code = regels[0][1][1:-1]
            self.plaatsen.add(code)
            return Blok("tabel" if self._vormen[code] == "tabel" else "lijst", ((Deel("", plaats=code),),))
        kaal = [(nr, regel[1:].strip() if soort in ("kop", "lijst") else regel) for nr, regel in regels]
        gelezen = tuple(self._line(nr, regel) for nr, regel in kaal)
        if soort == "kop" and not any(_is_visible(deel) for deel in gelezen[0]):
            self.fouten.append(Fout(kaal[0][0], "Zet na # een spatie en de tekst van een kop."))
        return Blok(soort, gelezen)  # type: ignore[arg-type]

    def _line(self, nr: int, regel: str) -> Regel:
        stukken = regel.split("**")
        if len(stukken) % 2 == 0:
            self.fouten.append(Fout(nr, "Bij ** hoort een tweede ** in dezelfde regel."))
        if any(_is_control(teken) and teken != "\t" for teken in regel):
            self.fouten.append(Fout(nr, "Hier staat een teken dat niet kan."))
        return tuple(deel for i, stuk in enumerate(stukken) for deel in self._parts(nr, stuk, i % 2 == 1))

    def _parts(self, nr: int, stuk: str, vet: bool) -> Iterator[Deel]:
        einde = 0
        for gevonden in _DEEL.finditer(stuk):
            yield from self._text(nr, stuk[einde : gevonden.start()], vet)
            self._note(nr, gevonden[1])
            yield Deel("", vet, gevonden[1])
            einde = gevonden.end()
        yield from self._text(nr, stuk[einde:], vet)

    def _text(self, nr: int, tekst: str, vet: bool) -> Iterator[Deel]:
        if "{" in tekst or "}" in tekst:
            self.fouten.append(Fout(nr, "Hier staat een losse accolade. Schrijf een plaatshouder als {naam}."))
        if tekst:
            yield Deel("".join(teken for teken in tekst.replace("\t", " ") if teken not in _RICHTING), vet)

    def _note(self, nr: int, code: str) -> None:
        self.plaatsen.add(code)
        vorm = self._vormen.get(code)
        if vorm is None:
            lijkt = get_close_matches(code, self._vormen, 1)
            bedoeld = f" Bedoelt u {{{lijkt[0]}}}?" if lijkt else ""
            self.fouten.append(Fout(nr, f"De plaatshouder {{{code[:40]}}} bestaat niet.{bedoeld}"))
        elif vorm != "regel":
            self.fouten.append(Fout(nr, f"Zet {{{code}}} alleen op een regel: er komt een {vorm} te staan."))


def _filled(blok: Blok, waarden: Mapping[str, Waarde]) -> Blok:
    eerste = blok.regels[0][0] if blok.regels[0] else Deel("")
    waarde = waarden[eerste.plaats] if eerste.plaats else ""
    if isinstance(waarde, str):
        return replace(blok, regels=tuple(_filled_line(regel, waarden) for regel in blok.regels))
    rijen = [[rij] if isinstance(rij, str) else rij for rij in waarde]
    return replace(blok, regels=tuple(tuple(Deel(clean(cel)) for cel in rij) for rij in rijen))


def _filled_line(regel: Regel, waarden: Mapping[str, Waarde]) -> Regel:
    return tuple(Deel(clean(str(waarden[d.plaats])), d.vet) if d.plaats else d for d in regel)
