"""What somebody's situation is when they come for help, and how it changes."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.voorbeeld.kansen import KEUZES
from workflow.voorbeeld.loting import Loting
from workflow.voorbeeld.team import codes

HEERLEN = "GM0917"
ALLEEN_BIJ = {"achttien_geworden": "jongere", "pensioen": "oudere"}
"""Aanleiding -> the one doelgroep that it befalls."""

ONGUNSTIG = {"ja.nee": "ja.ja", "nee.ja": "ja.ja", "nee.nee": "ja.nee"}


@dataclass(slots=True)
class Situatie:
    """Answers that belong together; `mesis` is klant.schulden regelbaar (ja.nee), or beheersbaar."""

    gemeente: str
    bron: str
    kanaal: str
    crisis: str
    aanleiding: str
    doelgroep: str
    kinderen: str
    wijkservicepunt: str
    sociaal_team: str
    schuldbedrag: int
    aantal_schuldeisers: int
    maanden_achterstand: int
    mesis: str
    mesis_profiel: str
    aflosmogelijkheid: str
    weigeringen: int = 0

    @property
    def is_crisis(self) -> bool:
        """Whether something threatens."""
        return self.crisis != "geen"

    def improve(self) -> None:
        """What stood in the way is out of the way: the next MESIS says so."""
        self.mesis = ONGUNSTIG.get(self.mesis, self.mesis)

    def pay_off(self, loting: Loting) -> None:
        """The debt as it is counted next time: somewhat more, or less."""
        self.schuldbedrag = round(self.schuldbedrag * loting.rng.uniform(0.82, 1.06) / 10) * 10
        self.aantal_schuldeisers = max(1, self.aantal_schuldeisers + loting.between(-2, 1))


def new_situation(loting: Loting, gemeente: str) -> Situatie:
    """A situation in this municipality."""
    aantal, mesis, doelgroep = loting.between(2, 24), loting.draw("kwadrant"), loting.draw("doelgroep")
    return Situatie(
        gemeente=gemeente,
        bron=loting.draw("bron"),
        kanaal=loting.draw("kanaal"),
        crisis=loting.draw("crisis"),
        aanleiding=draw_cause(loting, doelgroep),
        doelgroep=doelgroep,
        kinderen="nee" if doelgroep == "oudere" else loting.draw("kinderen"),
        wijkservicepunt=loting.pick(_local("wijkservicepunt", gemeente)),
        sociaal_team=loting.pick(_local("sociaal_team", gemeente)),
        schuldbedrag=_debt(loting, aantal, mesis),
        aantal_schuldeisers=aantal,
        maanden_achterstand=loting.between(0, 9),
        mesis=mesis,
        mesis_profiel=loting.draw("mesis_profiel"),
        aflosmogelijkheid="volledig" if mesis == "beheersbaar" else loting.draw("aflosmogelijkheid"),
    )


def draw_cause(loting: Loting, doelgroep: str) -> str:
    """A life event that can have befallen somebody of this group."""
    return loting.draw("aanleiding", [a for a in KEUZES["aanleiding"] if ALLEEN_BIJ.get(a, doelgroep) == doelgroep])


def _debt(loting: Loting, aantal: int, mesis: str) -> int:
    per_schuldeiser = loting.rng.lognormvariate(7.35, 0.6)
    return round(aantal * per_schuldeiser * (0.3 if mesis == "beheersbaar" else 1) / 10) * 10


def _local(soort: str, gemeente: str) -> list[str]:
    heerlen = codes(soort, "HEERLEN")
    return heerlen if gemeente == HEERLEN else [code for code in codes(soort) if code not in heerlen]
