"""What stands on a letter, whatever program makes a file of it: sender, address, reference lines and blocks."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.brieven.tekst import Blok, Deel, plain


@dataclass(frozen=True, slots=True)
class Papier:
    """The letterhead that the beheerder keeps. All but the sender may be empty."""

    afzender: str
    retouradres: str = ""
    bezoekadres: str = ""
    telefoon: str = ""
    email: str = ""
    website: str = ""
    bezwaaradres: str = ""
    ondertekening: str = ""


@dataclass(frozen=True, slots=True)
class Blad:
    """One letter, ready to be printed: no placeholder is left in it.

    `adres` are the lines in the window, `kenmerken` the reference lines (name, value); `is_groot` asks for large print.
    """

    papier: Papier
    adres: tuple[str, ...]
    kenmerken: tuple[tuple[str, str], ...]
    onderwerp: str
    blokken: tuple[Blok, ...]
    is_concept: bool = False
    is_groot: bool = False

    @property
    def geheel(self) -> tuple[Blok, ...]:
        """All of the letter itself, its subject first, in the order in which it is read."""
        return (Blok("kop", ((Deel(self.onderwerp),),)), *self.blokken)

    @property
    def in_woorden(self) -> str:
        """The words of all that."""
        return plain(self.geheel)
