"""Draws: all that the demo caseload leaves to chance comes from here, out of one seeded source.

A draw among shares leans towards what is behind its share, so that a small caseload shows the rare things too and the
shares of a large one come out. The same seed and the same questions in the same order give the same answers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log
from random import Random
from typing import TypeVar

T = TypeVar("T")

GEWOON = (0.8, 1.1)
"""What counts as close to a median, as parts of it."""

VOORSPRONG = 0.5
"""Whatever has a chance happens for the first time in half the time that its chance would take."""


@dataclass(frozen=True, slots=True)
class Duur:
    """A length in days, lognormal around its median, within bounds."""

    mediaan: float
    spreiding: float = 0.4
    minimum: int = 1
    maximum: int = 2000


class Verdeling:
    """Shares of codes, and how often each was drawn. With a `voorsprong` each code starts as if behind by that much."""

    def __init__(self, gewichten: Mapping[str, float], voorsprong: float = 0.0) -> None:
        totaal = sum(gewichten.values())
        self._aandeel = {code: gewicht / totaal for code, gewicht in gewichten.items()}
        self._getrokken = dict.fromkeys(gewichten, 0)
        self._aantal = 0
        self._voorsprong = voorsprong

    def draw(self, rng: Random, uit: Collection[str] | None = None) -> str:
        """A code, of all or of those in `uit`; one that is behind its share is likelier."""
        self._aantal += 1
        codes = [code for code in self._aandeel if uit is None or code in uit]
        keus = rng.choices(codes, [self._weight(code) for code in codes])[0]
        self._getrokken[keus] += 1
        return keus

    def _weight(self, code: str) -> float:
        achter = self._aandeel[code] * self._aantal - self._getrokken[code] + self._voorsprong
        # What is ahead of its share keeps a small chance, so that no order can be predicted from the outside.
        return max(achter, self._aandeel[code] * 0.05)


class Loting:
    """Chance for one caseload, by the names of the tables it was given."""

    def __init__(
        self,
        seed: int,
        duren: Mapping[str, Duur],
        kansen: Mapping[str, float],
        keuzes: Mapping[str, Mapping[str, float]],
    ) -> None:
        self.rng = Random(seed)  # noqa: S311  (a demo must be reproducible, not secret)
        self._duren = duren
        self._keuzes = keuzes
        self._kansen = {naam: Verdeling({"ja": kans, "nee": 1 - kans}, VOORSPRONG) for naam, kans in kansen.items()}
        self._verdelingen: dict[str, Verdeling] = {}

    def days(self, naam: str) -> int:
        """A length in days."""
        duur = self._duren[naam]
        dagen = round(self.rng.lognormvariate(log(duur.mediaan), duur.spreiding))
        return min(max(dagen, duur.minimum), duur.maximum)

    def usual_days(self, naam: str) -> int:
        """A length close to its median, never longer than `longest_usual`."""
        duur = self._duren[naam]
        dagen = max(duur.minimum, round(duur.mediaan * self.rng.uniform(*GEWOON)))
        return min(dagen, self.longest_usual(naam))

    def longest_usual(self, naam: str) -> int:
        """The longest of the lengths close to the median."""
        duur = self._duren[naam]
        return min(max(duur.minimum, ceil(duur.mediaan * GEWOON[1])), duur.maximum)

    def hit(self, naam: str) -> bool:
        """Whether something happens that has a chance of this name."""
        return self._kansen[naam].draw(self.rng) == "ja"

    def draw(self, naam: str, uit: Collection[str] | None = None) -> str:
        """A code from the table of this name, of all or of those in `uit`."""
        return self._verdeling(naam, self._keuzes[naam]).draw(self.rng, uit)

    def draw_from(self, naam: str, gewichten: Mapping[str, float]) -> str:
        """A code from shares that are no table; the same name must come with the same shares."""
        return self._verdeling(naam, gewichten).draw(self.rng)

    def _verdeling(self, naam: str, gewichten: Mapping[str, float]) -> Verdeling:
        if naam not in self._verdelingen:
            self._verdelingen[naam] = Verdeling(gewichten)
        return self._verdelingen[naam]

    def pick(self, lijst: Sequence[T]) -> T:
        """Any of these, each as likely."""
        return self.rng.choice(lijst)

    def between(self, laagste: int, hoogste: int) -> int:
        """A whole number, both ends included."""
        return self.rng.randint(laagste, hoogste)
