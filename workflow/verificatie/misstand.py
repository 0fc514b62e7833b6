"""A place that does not fit, in English for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Misstand:
    """What does not fit: `wat` (chain, number, seal, walk, text, projection, proposal, calendar, map, report), where
    and why.

    `plaats` is a dossier number, or what else it is about; `volgnummer` that of the gebeurtenis.
    """

    wat: str
    plaats: str
    zin: str
    volgnummer: int | None = None

    @property
    def regel(self) -> str:
        """One line."""
        nummer = f", gebeurtenis {self.volgnummer}" if self.volgnummer is not None else ""
        return _shown(f"{self.wat}: {self.plaats}{nummer}: {self.zin}")

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        nummer = self.volgnummer if isinstance(self.volgnummer, int | None) else _shown(self.volgnummer)
        return {"what": self.wat, "where": _shown(self.plaats), "gebeurtenis": nummer, "why": _shown(self.zin)}


def _shown(tekst: Any) -> str:
    """A text as it can be printed in a line: what moves the cursor, breaks the line or is no UTF-8 is written out."""
    return "".join(teken if teken.isprintable() else ascii(teken)[1:-1] for teken in str(tekst))
