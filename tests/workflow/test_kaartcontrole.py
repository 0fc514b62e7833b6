"""What makes a map unusable, and where the command line points."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from flask_wtf import FlaskForm

from workflow.kaartcontrole import EIGEN_KENMERKEN, GERESERVEERD
from workflow.kaartlezer import Bevinding, bevindingen, lees

KAARTEN = Path(__file__).parents[1] / "kaarten"
VREEMD = (KAARTEN / "vreemd.yaml").read_text(encoding="utf-8")


class Geval(NamedTuple):
    """A change to the foreign map, words of the finding, and a text on its line (None: where the change is)."""

    oud: str
    nieuw: str
    woorden: str
    plek: str | None = None

    @property
    def tekst(self) -> str:
        """The foreign map with the change."""
        assert VREEMD.count(self.oud) == 1, f"{VREEMD.count(self.oud)} x {self.oud!r}"
        return VREEMD.replace(self.oud, self.nieuw)

    @property
    def regel(self) -> int:
        """The line of the finding."""
        plek = self.nieuw if self.plek is None else self.plek
        assert self.tekst.count(plek) == 1, f"{self.tekst.count(plek)} x {plek!r}"
        return self.tekst[: self.tekst.index(plek)].count("\n") + 1


def found(tekst: str) -> str:
    """All findings, as text."""
    return "\n".join(f"{b.regel}: {b.tekst}" for b in bevindingen(tekst))


OPEN_KIND = "open_kind: {route: pauze, start_uit: pauzegrond, velden: {pauze_tot: pauze_tot}}"
INGEVULD = "{veld: werkgever_gebeld_op, kenmerk: heeft_baan, is: [ja], behalve_redenen: [vertrokken]}"
PAUZE_VELDEN = "velden: [{pauzegrond: {verplicht: true}}, {pauze_tot: {verplicht: true}}]"
AFBREKEN = 'pauze_afbreken: {label: Pauze afbreken, van: "*", naar: afgebroken,'
THUISLES = "{ingeschreven_op: {verplicht: true}}, motivering]\n        voorwaarden: [{advies"
IN_PAUZE = "U hoeft nu even niet naar les. De tijd om te leren staat zolang stil, dus u verliest niets."
STOPPEN = '      stoppen:\n        label: Stoppen\n        van: "*"\n'

NAMEN = {
    "fase": Geval("fase: rust\n", "fase: rusten\n", "in_pauze.fase: 'rusten' is not a fase; did you mean 'rust'?"),
    "partij": Geval("partij: taalschool\n        trede: 1", "partij: klas\n        trede: 1", "'klas' is not a partij"),
    "termijn": Geval("[leertijd, meedoentijd]", "[leertijd, meetijd]", "termijnen[2]: 'meetijd' is not a termijn"),
    "naar": Geval("naar: diploma\n", "naar: diplom\n", "slagen.naar: 'diplom' is not a stap of this route"),
    "naar in another route": Geval("naar: vrijgesteld", "naar: in_pauze", "'in_pauze' is not a stap of this route"),
    "van": Geval("van: [toets, groepsles]", "van: [toets, les]", "van[2]: 'les' is not a stap of this route"),
    "first stap": Geval("naar: aanmelding\n", "naar: begin\n", "starten.aanmelden.naar: 'begin' is not a stap"),
    "veld": Geval("heeft_baan, begeleider]", "heeft_baan, begeleidr]", "velden[3]: 'begeleidr' is not a veld"),
    "keuzelijst": Geval("keuzes: doelen", "keuzes: doeln", "velden.doel.keuzes: 'doeln' is not a keuzelijst"),
    "reden list": Geval("redenen: stopredenen", "redenen: stop", "stoppen.redenen: 'stop' is not a reden list"),
    "place of a reden": Geval("bij: [leren, intake]", "bij: [leren, les]", "bij[2]: 'les' is not a fase or stap"),
    "product": Geval("product: thuisles", "product: bijles", "product: 'bijles' is not a product"),
    "catalogue: product": Geval("[thuisles, groepsles], b", "[huisles], b", "catalogus[2].producten[1]: 'huisles'"),
    "catalogue: kenmerk": Geval("heeft_baan: [nee]}", "baan: [nee]}", "situatie.baan: 'baan' is not a kenmerk"),
    "catalogue: value": Geval("[werk, studie]}", "[werk, reis]}", "doel[2]: 'reis' is not one of the answers"),
    "parent route": Geval("hoort_bij: taalweg", "hoort_bij: taalroute", "hoort_bij: 'taalroute' is not a route"),
    "guard": Geval("- ingevuld_als:", "- ingevuld_bij:", "'ingevuld_bij' is not a voorwaarde; did you mean 'ingevuld_"),
    "effect": Geval("{splits_traject:", "{splits_gezin:", "'splits_gezin' is not a gevolg"),
    "sluiting": Geval("sluiting: pauze_af", "sluiting: af", "sluiting: 'afbreken' is not an overgang of this route"),
    "example": Geval("[intake, groepsles, diploma]", "[intake, klas]", "voorbeelden[3].stappen[2]: 'klas' is not a stap"),
    "zet value": Geval("zet: {lesvorm: geen}", "zet: {heeft_baan: geen}", "zet.heeft_baan: 'geen' is not one of the"),
}

TERMIJNEN = {
    "als: kenmerk": Geval("als: {doel: [mee", "als: {school: [mee", "meedoentijd.als.school: 'school' is not a kenmerk"),
    "tenzij: value": Geval("tenzij: {doel: [meedoen]}", "tenzij: {doel: [mee]}", "tenzij.doel[1]: 'mee' is not one of"),
    "begint_op": Geval("begint_op: ingeschreven_op", "begint_op: doel", "'doel' is not a veld of soort datum"),
    "begint_op of another route": Geval("begint_op: ingeschreven_op", "begint_op: hervat_op", "'hervat_op' is not a veld"),
    "suspended by no route": Geval("opgeschort_door: pauze", "opgeschort_door: stop", "opgeschort_door: 'stop' is not a"),
    "suspended by a parent": Geval("opgeschort_door: pauze", "opgeschort_door: taalweg", "'taalweg' is not a route that"),
    "suspended until": Geval("opgeschort_tot: pauze_tot", "opgeschort_tot: doel", "'doel' is not a veld of soort datum"),
    "until without by": Geval("    opgeschort_door: pauze\n", "", "not a veld of soort datum", "opgeschort_tot:"),
    "overlapping lengths": Geval("tot: 2025-01-01}", "tot: 2025-01-02}", "lengths overlap", "    lengtes:\n      -"),
    "two endless lengths": Geval("[{dagen: 200}]", "[{dagen: 200}, {dagen: 9}]", "termijnen.meedoentijd.lengtes: the periods"),
}

VELDEN = {
    "used by forms": Geval("  lesgeld: {label", "  errors: {label", "velden.errors: forms or the engine use this name"),
    "used by the engine": Geval("grond: verbouwing}", "gemeente: GM9901}", "forms or the engine use this name"),
    "keuze without keuzes": Geval("soort: keuze, keuzes: pauzegronden", "soort: keuze", "soort keuze needs it"),
    "keuzes without keuze": Geval("soort: medewerker", "soort: getal, keuzes: doelen", "keuzes: belongs to soort keuze"),
    "text as kenmerk": Geval("soort: tekst,", "soort: tekst, kenmerk: true,", "motivering.kenmerk: a veld of this soort"),
    "bounds crossed": Geval("minimum: 1, maximum: 200", "minimum: 9, maximum: 2", "minimum: lies above the maximum"),
    "bounds crossed here": Geval("uurrooster: {verplicht: true}", "uurrooster: {minimum: 31}", "velden[1].minimum: lies above"),
    "bounds of nothing": Geval("soort: medewerker", "soort: medewerker, minimum: 1", "begeleider.soort: has no minimum"),
    "partijsoort of nothing": Geval("soort: medewerker", "soort: medewerker, partijsoort: x", "belongs to soort partij"),
    "asked twice": Geval("[doel, heeft_baan, b", "[doel, doel: {label: W}, b", "", None),
    "asked and set": Geval("overstappen:\n", "overstappen:\n        velden: [doel]\n", "", None),
}
