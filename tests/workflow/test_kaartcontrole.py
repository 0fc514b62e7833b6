"""What makes a map unusable, and where the command line points."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from flask_wtf import FlaskForm

from workflow.gevolgen import GEVOLGEN
from workflow.kaartcontrole import GERESERVEERD
from workflow.kaartlezer import bevindingen, lees, uit_json
from workflow.voorwaarden import VOORWAARDEN

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
PAUZE = "velden: [{pauzegrond: {verplicht: true}}, {pauze_tot: {verplicht: true}}]"
AFBREKEN = 'pauze_afbreken: {label: Pauze afbreken, van: "*", naar: afgebroken,'
THUISLES = "{ingeschreven_op: {verplicht: true}}, motivering]\n        voorwaarden: [{advies"
ADVIES = "advies_gevolgd: motivering}, {kenmerk_is"
IN_PAUZE = "U hoeft nu even niet naar les. De tijd om te leren staat zolang stil, dus u verliest niets."
GEFELICITEERD = "Gefeliciteerd, u hebt uw diploma gehaald. U krijgt het op papier tijdens het feest in het stadhuis."

TOETSLABEL = "ddas: nazorg"

NAMEN = {
    "fase": Geval("fase: rust\n", "fase: rusten\n", "in_pauze.fase: 'rusten' is not a fase; did you mean 'rust'?"),
    "partij": Geval("partij: taalschool\n        trede: 1", "partij: klas\n        trede: 1", "'klas' is not a partij"),
    "termijn": Geval("[leertijd, meedoentijd]", "[leertijd, meetijd]", "termijnen[2]: 'meetijd' is not a termijn"),
    "kenmerk of who is to act": Geval(
        TOETSLABEL, "aan_zet_kenmerk: heeft_ban, aan_zet.ja: loket", "'heeft_ban' is not a kenmerk known here"
    ),
    "partij that is to act": Geval(
        TOETSLABEL, "aan_zet_kenmerk: heeft_baan, aan_zet.ja: klas", "'klas' is not a partij"
    ),
    "answer by which it is to act": Geval(
        TOETSLABEL, "aan_zet_kenmerk: heeft_baan, aan_zet.soms: loket", "'soms' is not one of the answers"
    ),
    "nobody that is to act": Geval(
        TOETSLABEL, "aan_zet_kenmerk: heeft_baan", "needs either both aan_zet_kenmerk and aan_zet.ANSWER"
    ),
    "naar": Geval("naar: diploma\n", "naar: diplom\n", "slagen.naar: 'diplom' is not a stap of this route"),
    "naar in another route": Geval(
        "naar: vrijgesteld",
        "naar: in_pauze",
        "'in_pauze' is not a stap of this route",
        "naar: in_pauze\n        rollen: [coordinator]\n        gev",
    ),
    "van": Geval("van: [toets, groepsles]", "van: [toets, les]", "van[2]: 'les' is not a stap of this route"),
    "not before": Geval(
        THUISLES,
        THUISLES.replace("verplicht: true", "verplicht: true, niet_voor: motivering"),
        "'motivering' is not a datum veld of this overgang",
    ),
    "first stap": Geval("naar: aanmelding\n", "naar: begin\n", "starten.aanmelden.naar: 'begin' is not a stap"),
    "veld": Geval("heeft_baan, begeleider]", "heeft_baan, begeleidr]", "velden[3]: 'begeleidr' is not a veld"),
    "keuzelijst": Geval("keuzes: doelen", "keuzes: doeln", "velden.doel.keuzes: 'doeln' is not a keuzelijst"),
    "reden list": Geval("redenen: stopredenen", "redenen: stop", "stoppen.redenen: 'stop' is not a reden list"),
    "place of a reden": Geval("bij: [leren, kennismaking]", "bij: [leren, les]", "bij[2]: 'les' is not a fase or stap"),
    "product": Geval("product: thuisles", "product: bijles", "product: 'bijles' is not a product"),
    "catalogue: product": Geval("[thuisles, groepsles], b", "[huisles], b", "catalogus[2].producten[1]: 'huisles'"),
    "catalogue: kenmerk": Geval("heeft_baan: [nee]}", "baan: [nee]}", "situatie.baan: 'baan' is not a kenmerk"),
    "catalogue: value": Geval("[werk, studie]}", "[werk, reis]}", "doel[2]: 'reis' is not one of the answers"),
    "parent route": Geval("hoort_bij: taalweg", "hoort_bij: taalroute", "'taalroute' is not a route"),
    "guard": Geval("- ingevuld_als:", "- ingevuld_bij:", "'ingevuld_bij' is not a voorwaarde; did you mean 'ingevuld_"),
    "effect": Geval("{splits_traject:", "{splits_gezin:", "'splits_gezin' is not a gevolg"),
    "sluiting": Geval("sluiting: pauze_af", "sluiting: af", "sluiting: 'afbreken' is not an overgang of this route"),
    "example": Geval(
        "[kennismaking, groepsles, diploma]", "[kennismaking, klas]", "voorbeelden[3].stappen[2]: 'klas' is not a stap"
    ),
    "zet value": Geval("zet: {lesvorm: geen}", "zet: {heeft_baan: geen}", "zet.heeft_baan: 'geen' is not one of the"),
}

TERMIJNEN = {
    "als: kenmerk": Geval(
        "als: {doel: [mee", "als: {school: [mee", "meedoentijd.als.school: 'school' is not a kenmerk"
    ),
    "tenzij: value": Geval("tenzij: {doel: [meedoen]}", "tenzij: {doel: [mee]}", "tenzij.doel[1]: 'mee' is not one of"),
    "eindigt_als: kenmerk": Geval(
        "als: {doel: [mee", "eindigt_als: {school: [mee", "eindigt_als.school: 'school' is not a"
    ),
    "begint_op": Geval("begint_op: ingeschreven_op", "begint_op: doel", "'doel' is not a veld of soort datum"),
    "alleen_na_antwoord": Geval("begint_op: ingeschreven_op", "alleen_na_antwoord: true", "needs begint_op"),
    "loopt_af": Geval("als: {doel: [meedoen]}\n\nvelden", "loopt_af: true\n\nvelden", "for soort looptijd", "loopt_af"),
    "suspended by no route": Geval(
        "opgeschort_door: pauze", "opgeschort_door: stop", "opgeschort_door: 'stop' is not a"
    ),
    "suspended by a parent": Geval(
        "opgeschort_door: pauze", "opgeschort_door: taalweg", "'taalweg' is not a route that"
    ),
    "suspended until": Geval(
        "opgeschort_tot: pauze_tot", "opgeschort_tot: doel", "'doel' is not a veld of soort datum"
    ),
    "until without by": Geval("    opgeschort_door: pauze\n", "", "not a veld of soort datum", "opgeschort_tot:"),
    "overlapping lengths": Geval("tot: 2025-01-01}", "tot: 2025-01-02}", "lengths overlap", "    lengtes:\n      -"),
    "two endless lengths": Geval(
        "[{dagen: 200, vanaf: 2000-01-01}]",
        "[{dagen: 200, vanaf: 2000-01-01}, {dagen: 9, vanaf: 2000-01-01}]",
        "termijnen.meedoentijd.lengtes: the periods",
    ),
    "length of no day": Geval(
        "[{dagen: 200, vanaf: 2000-01-01}]", "[{dagen: 200}]", "meedoentijd.lengtes[1]: 'vanaf' is missing"
    ),
    "length of no first day": Geval(
        "{werkdagen: 10, vanaf: 2000-01-01, tot", "{werkdagen: 10, tot", "eerste_afspraak.lengtes[1]: 'vanaf' is"
    ),
    "catalogue of no day": Geval(
        'bladzijde 4",\n     vanaf: 2000-01-01}',
        'bladzijde 4"}',
        "catalogus[2]: 'vanaf' is missing",
        "heeft_baan: [nee]}",
    ),
}

VELDEN = {
    "used by forms": Geval("  lesgeld: {label", "  errors: {label", "velden.errors: forms or the engine use this name"),
    "used by the engine": Geval("{grond: verbouwing}", "{gemeente: GM9901}", "forms or the engine use this name"),
    "keuze without keuzes": Geval(
        "soort: keuze, keuzes: pauzegronden", "soort: keuze", "and those need it", "pauzegrond: {l"
    ),
    "keuzes without keuze": Geval(
        "soort: medewerker", "soort: getal, keuzes: doelen", "keuzes: belongs to soort keuze"
    ),
    "text as kenmerk": Geval(
        "soort: tekst,", "soort: tekst, kenmerk: true,", "motivering.kenmerk: a veld of this soort"
    ),
    "bounds crossed": Geval("minimum: 1, maximum: 200", "minimum: 9, maximum: 2", "minimum: lies above the maximum"),
    "bounds crossed here": Geval(
        "uurrooster: {verplicht: true", "uurrooster: {minimum: 31", "velden[1].minimum: lies above"
    ),
    "bounds of nothing": Geval(
        "soort: medewerker", "soort: medewerker, minimum: 1", "begeleider.soort: has no minimum"
    ),
    "partijsoort of nothing": Geval(
        "soort: medewerker", "soort: medewerker, partijsoort: x", "belongs to soort partij"
    ),
    "begin of no day": Geval(
        "soort: medewerker", "soort: medewerker, mag_voor_begin: true", "mag_voor_begin: belongs to soort datum"
    ),
    "not before anything": Geval(
        "soort: medewerker", "soort: medewerker, niet_voor: doel", "niet_voor: belongs to soort datum"
    ),
    "asked twice": Geval("[doel, heeft_baan, b", "[doel, {doel: {}}, b", "the veld 'doel' stands in velden[1] already"),
    "asked and set": Geval("zet: {lesvorm: thuis}", "zet: {motivering: ja}", "zet.motivering: is asked here as well"),
    "reden used twice": Geval("  tikfout: Tikfout", "  vertrokken: Weg", "in redenen.stopredenen.vertrokken already"),
}

PLEKKEN = {
    "neither fase nor einde": Geval("        fase: toetsen\n", "", "either a fase or an einde", "      toets:\n"),
    "fase and einde": Geval(
        "einde: afwijzing", "einde: afwijzing\n        fase: rust", "either a fase", "      niet_toegelaten:\n"
    ),
    "regeling that is an end": Geval(
        "einde: afwijzing",
        "einde: afwijzing\n        is_regeling: true",
        "end stap",
        "is_regeling: true\n        partij: loket",
    ),
    "stap called vorige": Geval("      diploma:\n", "      vorige:\n", "no stap can be called 'vorige'"),
    "unreachable": Geval(
        "[toets]\n        naar: diploma",
        "[toets]\n        naar: opgehouden",
        "no start and no overgang",
        "      diploma:\n",
    ),
    "the same twice": Geval(
        "      slagen:\n",
        "      ook: {label: O, van: [toets], naar: groepsles, rollen: [uitvoerder]}\n      slagen:\n",
        "does the same as 'ook'",
        "      opnieuw_leren:\n",
    ),
    "from itself to itself": Geval(
        "[thuisles]\n        naar: groepsles",
        "[thuisles]\n        naar: thuisles",
        "happens in place",
        "naar: thuisles\n        rollen: [uitvoerder]\n        zet",
    ),
    "back from no end": Geval(
        "van: [opgehouden]\n", "van: [opgehouden, toets]\n", "'vorige' is only for", "naar: vorige"
    ),
    "start leads back": Geval(
        "naar: aanmelding\n",
        "naar: vorige\n",
        "'vorige' is only for overgangen out of end stappen",
        "naar: vorige\n        rollen: [uitvoerder, c",
    ),
    "two codes alike": Geval("les_hervatten: {", "ziekte: {", "a start of this route has the same code"),
    "hangs on itself": Geval("    een_per_client: true\n", "    hoort_bij: [pauze]\n", "hangs on itself in the end"),
    "no clients": Geval(
        "onderwerp: huishouden", "onderwerp: organisatie", "this onderwerp has no clients", "een_per_client"
    ),
    "prefixes alike": Geval(
        "voorvoegsel: PZ",
        "voorvoegsel: TW",
        "'TW' stands in routes.taalweg.voorvoegsel already",
        "voorvoegsel: TW\n    onderwerp: client",
    ),
    "short client text": Geval(IN_PAUZE, "U hoeft nu niet naar les.", "has fewer than 15 words"),
    "client text used twice": Geval(
        IN_PAUZE, GEFELICITEERD.upper(), "stands in routes.taalweg.stappen.diploma.uitleg.nl"
    ),
    "impossible example": Geval(
        "[kennismaking, thuisles, opgehouden, t",
        "[kennismaking, opgehouden, t",
        "from 'opgehouden' to 'thuisles'",
        "[kennismaking, opgehouden, thuisles",
    ),
    "possible counterexample": Geval(
        "[kennismaking, groepsles, diploma]", "[kennismaking, groepsles, toets]", "must be impossible"
    ),
}

SLUITING = {
    "not from everywhere": Geval(
        AFBREKEN, AFBREKEN.replace('"*"', "[hervat]"), "possible from each stap that is no end"
    ),
    "to no end": Geval(AFBREKEN, AFBREKEN.replace("naar: afgebroken,", ""), "must lead to an end stap"),
    "with a reden": Geval(AFBREKEN, AFBREKEN + " redenen: stopredenen,", "cannot need a reden"),
    "with required velden": Geval(AFBREKEN, AFBREKEN + " velden: [doel],", "cannot have required velden"),
    "with voorwaarden": Geval(
        AFBREKEN, AFBREKEN + " voorwaarden: [{minstens_deelnemers: 1}],", "cannot have voorwaarden"
    ),
}

ARGUMENTEN = {
    "route that hangs elsewhere": Geval(
        "{heeft_open: pauze}", "{heeft_open: taalweg}", "'taalweg' is not a route that hangs"
    ),
    "route, not open": Geval(
        "naar: toets\n        rollen: [uitvoerder]\n        voorwaarden: [{geen_open: pauze}]",
        "naar: toets\n        rollen: [uitvoerder]\n        voorwaarden: [{geen_open: toets}]",
        "geen_open: 'toets' is not a route that hangs on this one",
        "{geen_open: toets}",
    ),
    "document of a stap": Geval(
        "stukken: rekenschrift}", "stukken: rekenboek}", "'rekenboek' is not a part of a list of this route"
    ),
    "answer of a document": Geval(
        "waarde.onvolledig: zoek", "waarde.onvolledig: weg", "'weg' is not one of the answers"
    ),
    "veld of a contact": Geval(
        "contact_als.heeft_baan", "contact_als.begeleider", "'begeleider' is not a veld of soort keuze or ja_nee"
    ),
    "answer of a contact": Geval(
        "contact_als.heeft_baan: ja", "contact_als.heeft_baan: ja soms", "'soms' is not one of the answers"
    ),
    "role of a signal": Geval(
        "contact_als.heeft_baan: ja", "contact_als.heeft_baan: ja, signaal: partner", "'partner' is not a role that has"
    ),
    "signal that is no mijlpaal": Geval(
        "contact_als.heeft_baan: ja", "contact_als.heeft_baan: ja, signaal: coordinator", "needs the label mijlpaal"
    ),
    "kenmerk": Geval(
        "kenmerk_bekend: doel, zin", "kenmerk_bekend: school, zin", "'school' is not a kenmerk known here"
    ),
    "kenmerk of the child": Geval(
        "{kenmerk_bekend: doel}]", "{kenmerk_bekend: grond}]", "'grond' is not a kenmerk known"
    ),
    "value": Geval(
        "kenmerk_is: {doel: [werk, ", "kenmerk_is: {doel: [werken, ", "kenmerk_is.doel[1]: 'werken' is not one of"
    ),
    "stap": Geval("was_in: [groepsles, ", "was_in: [les, ", "was_in[1]: 'les' is not a stap of this route"),
    "veld that is not asked": Geval(
        INGEVULD, INGEVULD.replace("werkgever_gebeld_op", "doel"), "veld: 'doel' is not a veld of"
    ),
    "value of a veld": Geval(INGEVULD, INGEVULD.replace("[ja]", "[soms]"), "is[1]: 'soms' is not one of the answers"),
    "reden": Geval(INGEVULD, INGEVULD.replace("vertrokken", "tikfout"), "'tikfout' is not a reden of this overgang"),
    "motivation that is not asked": Geval(
        THUISLES, THUISLES.replace(", motivering]", "]"), "'motivering' is not a veld of soort tekst", ADVIES
    ),
    "advice without product": Geval("        product: thuisles\n", "", "needs an overgang with a product", ADVIES),
    "product without advice": Geval(
        "        voorwaarden: [{advies_gevolgd: motivering}, {kenmerk_is: {doel: [werk, meedoen]}}]\n",
        "",
        "thuisles_starten.product: needs the voorwaarde advies_gevolgd",
        "product: thuisles",
    ),
    "closing what hangs elsewhere": Geval(
        "sluit_kinderen: [pauze]", "sluit_kinderen: taalweg", "'taalweg' is not a route with"
    ),
    "closing without sluiting": Geval(
        "    sluiting: pauze_afbreken\n", "", "'pauze' is not a route with sluiting", "sluit_kinderen: [pauze]"
    ),
    "leaver is nobody": Geval(
        "{vertrekt: wie_vertrekt,", "{vertrekt: wat_gaat_mee,", "is not a veld of soort deelnemer"
    ),
    "leaver may be left open": Geval(
        "[{wie_vertrekt: {verplicht: true}}, w", "[wie_vertrekt, w", "must be a required veld", "{vertrekt: w"
    ),
}

KINDEREN = {
    "route": Geval(OPEN_KIND, OPEN_KIND.replace("route: pauze", "route: pauzes"), "did you mean 'pauze'?"),
    "no start": Geval(OPEN_KIND, OPEN_KIND.replace("start_uit: pauzegrond, ", ""), "needs either start or start_uit"),
    "start": Geval(
        OPEN_KIND, OPEN_KIND.replace("start_uit: pauzegrond", "start: griep"), "'griep' is not a start of route"
    ),
    "choice that starts nothing": Geval(
        "    geboorte: Geboorte", "    bevalling: Geboorte", "'bevalling' is not a start of", OPEN_KIND
    ),
    "start by no choice": Geval(
        OPEN_KIND, OPEN_KIND.replace("pauzegrond", "pauze_tot"), "is not a veld of soort keuze"
    ),
    "start by an open answer": Geval(
        PAUZE, PAUZE.replace("{pauzegrond: {verplicht: true}}", "pauzegrond"), "can be left open", OPEN_KIND
    ),
    "required answer missing": Geval(
        OPEN_KIND, OPEN_KIND.replace(", velden: {pauze_tot: pauze_tot}", ""), "requires veld 'pauze_tot'"
    ),
    "required answer left open": Geval(
        PAUZE, PAUZE.replace("{pauze_tot: {verplicht: true}}", "pauze_tot"), "can be left open here", OPEN_KIND
    ),
    "not asked there": Geval(
        OPEN_KIND, OPEN_KIND.replace("{pauze_tot: p", "{tot: p"), "'tot' is not a veld of start 'ziekte'"
    ),
    "not asked here": Geval(
        OPEN_KIND, OPEN_KIND.replace(": pauze_tot}", ": tot}"), "'tot' is not a veld of this overgang"
    ),
    "another soort": Geval(OPEN_KIND, OPEN_KIND.replace(": pauze_tot}", ": pauzegrond}"), "must be of the same soort"),
    "als: veld": Geval(
        OPEN_KIND, OPEN_KIND[:-1] + ", als: {doel: [werk]}}", "als.doel: 'doel' is not a veld of this overgang"
    ),
    "als: value": Geval(OPEN_KIND, OPEN_KIND[:-1] + ", als: {pauzegrond: [kou]}}", "'kou' is not one of the answers"),
}

OPGAVEN = {
    "gemeente": Geval("[GM9901, GM9902]", "[GM9901, GM99]", "opgevers.BIEB.gemeenten[2]: 'GM99' is not a gemeente"),
    "place": Geval(
        "[GM9901, GM9902]}",
        "[GM9901, GM9902], plaatsen: [op_de_berg]}",
        "opgevers.BIEB.plaatsen[1]: 'op_de_berg' is not one of its plaatsen",
    ),
    "two kinds of places": Geval(
        "    per: taalcafé\n",
        "    per: taalcafé\n    plaatsen_van: taalschool\n",
        "places are a list or the organisations of a soort",
        "plaatsen_van: taalschool",
    ),
    "no word for places": Geval("    per: taalcafé\n", "", "per: belongs to plaatsen", "  taalcafe:"),
    "ritme": Geval("ritme: maand", "ritme: week", "must be one of maand, kwartaal, jaar, schooljaar, editie"),
    "ambitie": Geval("ambitie: preventie", "ambitie: taal", "must be one of preventie, vroegsignalering"),
    "end before begin": Geval(
        "    vanaf: 2024-01-01\n",
        "    vanaf: 2024-01-01\n    tot: 2023-01-01\n",
        "must be later than vanaf",
        "tot: 2023-01-01",
    ),
    "nobody can report": Geval(
        "soort: opgave}", "soort: getal}", "no route has an overgang with a veld of soort opgave", "opgaven:\n"
    ),
    "report as a dimension": Geval(
        "soort: opgave}", "soort: opgave, kenmerk: true}", "a veld of this soort cannot be a kenmerk"
    ),
}
GEVALLEN = {
    f"{groep}: {naam}": geval
    for groep, gevallen in {
        "unknown name": NAMEN,
        "termijn": TERMIJNEN,
        "veld": VELDEN,
        "route": PLEKKEN,
        "sluiting": SLUITING,
        "argument": ARGUMENTEN,
        "open_kind": KINDEREN,
        "opgave": OPGAVEN,
    }.items()
    for naam, geval in gevallen.items()
}


@pytest.mark.parametrize("geval", GEVALLEN.values(), ids=GEVALLEN.keys())
def test_what_is_wrong_is_said_with_its_line(geval: Geval) -> None:
    gevonden = [b for b in bevindingen(geval.tekst) if geval.woorden in b.tekst]
    assert gevonden, f"not found in:\n{found(geval.tekst)}"
    assert geval.regel in [b.regel for b in gevonden]


def test_the_foreign_map_and_the_small_map_are_right() -> None:
    for naam in ("vreemd.yaml", "klein.yaml"):
        assert found((KAARTEN / naam).read_text(encoding="utf-8")) == ""


def test_a_product_may_go_unweighed_when_the_map_says_why() -> None:
    zonder = VREEMD.replace("[{advies_gevolgd: motivering}, {kenmerk_is", "[{kenmerk_is")
    met_reden = "product: thuisles\n        labels: {zonder_motivering: Er is maar een taalmaatje}"
    assert "advies_gevolgd" in found(zonder)
    vervangen = zonder.replace("product: thuisles", met_reden).replace(
        "        zet: {lesvorm: thuis}\n        labels: {overzicht: begin}\n", "        zet: {lesvorm: thuis}\n"
    )
    assert found(vervangen) == ""


def test_a_concept_may_leave_open_from_when_a_rule_holds() -> None:
    zonder = VREEMD.replace(", vanaf: 2000-01-01", "").replace(",\n     vanaf: 2000-01-01", "")
    assert zonder.count("vanaf: 2000") == 0
    assert found(zonder).count("'vanaf' is missing") == 4
    assert found(zonder.replace("status: proef", "status: concept")) == ""


def test_the_foreign_map_uses_every_guard_effect_and_soort_of_veld() -> None:
    overgangen = [o for route in lees(VREEMD).routes.values() for o in route.alle_overgangen.values()]
    assert {eis.naam for o in overgangen for eis in o.voorwaarden} == set(VOORWAARDEN)
    assert {gevolg.naam for o in overgangen for gevolg in o.gevolgen} == set(GEVOLGEN)


def test_a_veld_cannot_have_a_name_that_a_form_has() -> None:
    assert {naam for naam in dir(FlaskForm) if not naam.startswith("_") and naam.islower()} <= GERESERVEERD
    assert {"op", "sleutel", "verwacht", "csrf_token", "reden", "moment", "na", "toelichting_correctie"} <= GERESERVEERD


def test_the_caller_says_which_guards_and_effects_exist() -> None:
    anders = VREEMD.replace("heeft_open: pauze", "maan_vol: {sinds: 3}")
    assert "'maan_vol' is not a voorwaarde" in found(anders)
    kaart = lees(anders, voorwaarden=[*VOORWAARDEN, "maan_vol"])
    eis = kaart.routes["taalweg"].overgangen["pauze_bespreken"].voorwaarden[0]
    assert (eis.naam, eis.argument) == ("maan_vol", {"sinds": 3})
    assert "'sluit_kinderen' is not a gevolg" in "".join(b.tekst for b in bevindingen(VREEMD, gevolgen=["open_kind"]))


def test_closing_all_children_leaves_those_without_sluiting_alone() -> None:
    zonder = VREEMD.replace("    sluiting: pauze_afbreken\n", "").replace(
        "sluit_kinderen: [pauze]", 'sluit_kinderen: "*"'
    )
    assert found(zonder) == ""


def test_two_actions_in_place_may_look_alike() -> None:
    in_een_les = "van: [groepsles, thuisles], rollen: [uitvoerder], gebeurd: Gedaan}\n"
    eender = f"      bellen: {{label: Bellen, {in_een_les}      mailen: {{label: Mailen, {in_een_les}"
    assert found(VREEMD.replace("      slagen:\n", f"{eender}      slagen:\n")) == ""


def test_two_ways_to_one_stap_that_record_something_else_are_not_double() -> None:
    nog_een = (
        "      herkansen: {label: O, gebeurd: O, van: [toets], naar: groepsles, rollen: [uitvoerder],"
        " zet: {lesvorm: klas}}\n"
    )
    assert found(VREEMD.replace("      opnieuw_leren:\n", nog_een + "      opnieuw_leren:\n")) == ""


@pytest.mark.parametrize(
    ("van", "naar", "woorden"),
    [
        ("motivering", "motivering", "text stays out of the log, so it cannot be given along"),
        ("pauzegrond", "doel", "not every answer fits there"),
    ],
)
def test_an_answer_for_a_child_must_be_one_that_it_can_take(van: str, naar: str, woorden: str) -> None:
    mee = VREEMD.replace(OPEN_KIND, OPEN_KIND.replace("{pauze_tot:", f"{{{naar}: {van}, pauze_tot:"))
    mee = mee.replace(
        "velden: [{pauze_tot: {verplicht: true}}]", f"velden: [{naar}, {{pauze_tot: {{verplicht: true}}}}]"
    )
    assert woorden in found(mee.replace(PAUZE, PAUZE[:-1] + ", motivering]"))


def test_a_stap_that_one_cannot_leave_is_a_dead_end() -> None:
    alleen_erin = VREEMD.replace(AFBREKEN, AFBREKEN.replace('"*"', "[hervat]")).replace(
        "Les hervatten, van: [in_pauze]", "Les hervatten, van: [afgebroken]"
    )
    assert "routes.pauze.stappen.in_pauze: no overgang leads away" in found(alleen_erin)


def test_a_circle_without_a_way_to_an_end_is_found_in_each_stap_of_it() -> None:
    tweede = f"      thuis: {{naam: T, fase: rust, partij: loket, uitleg: {{nl: {' '.join('abcdefghijklmnop')}}}}}\n"
    heen_en_weer = "      weg: {label: W, van: [thuis], naar: in_pauze, rollen: [partner]}\n      pauze_verlengen:\n"
    rondje = (
        VREEMD.replace(AFBREKEN, AFBREKEN.replace('"*"', "[hervat]"))
        .replace("Les hervatten, van: [in_pauze], naar: hervat", "Les hervatten, van: [in_pauze], naar: thuis")
        .replace("      in_pauze:\n", tweede + "      in_pauze:\n")
        .replace("      pauze_verlengen:\n", heen_en_weer)
    )
    assert found(rondje).count("no end can be reached from here") == 2


def test_an_overgang_with_redenen_needs_one_for_each_stap_it_leaves() -> None:
    zonder = VREEMD.replace("{naam: Vertrokken uit", "{bij: [rust], naam: Vertrokken uit").replace(
        "[toetsen]", "[rust]"
    )
    assert "stoppen.redenen: none of these redenen may be given in stap 'toets'" in found(zonder)


def test_a_fresh_check_does_not_lock_out_a_map_that_was_published_before_it() -> None:
    oud = lees(VREEMD).canoniek.replace(IN_PAUZE, "Kort.")
    assert uit_json(oud).routes["pauze"].stappen["in_pauze"].uitleg["nl"] == "Kort."


def test_all_findings_come_at_once_in_order_of_line() -> None:
    anders = (
        VREEMD.replace("fase: rust\n", "fase: rusten\n")
        .replace("naar: diploma\n", "naar: diplom\n")
        .replace("PZ", "TW")
    )
    regels = [b.regel for b in bevindingen(anders)]
    assert len(regels) == 5  # the diploma can no longer be reached, nor the end of an example
    assert regels == sorted(regels)
