"""From text to map: what is read, what is refused on which line, and that nothing else can happen."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from workflow import kaartlezer
from workflow.kaartlezer import Bevinding, RoutekaartOngeldig, bevindingen, lees, uit_json
from workflow.kalender import date_of
from workflow.machine import machine_of
from workflow.routekaart import ALLE, VORIGE, Routekaart

KAARTEN = Path(__file__).parents[1] / "kaarten"
VREEMD = (KAARTEN / "vreemd.yaml").read_text(encoding="utf-8")
KLEIN = (KAARTEN / "klein.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def kaart() -> Routekaart:
    return lees(VREEMD)


# What is read.


def test_order_of_fasen_stappen_and_velden_is_that_of_the_file(kaart: Routekaart) -> None:
    route = kaart.routes["taalweg"]
    assert list(kaart.fasen) == ["welkom", "leren", "toetsen", "rust", "elders"]
    assert list(route.stappen)[:5] == ["aanmelding", "kennismaking", "groepsles", "thuisles", "toets"]
    assert [veld.code for veld in route.overgangen["intake_voeren"].velden] == ["doel", "heeft_baan", "begeleider"]


def test_every_stap_that_is_no_end_is_where_a_star_comes_from(kaart: Routekaart) -> None:
    overgangen = kaart.routes["taalweg"].overgangen
    zonder_einde = ("aanmelding", "kennismaking", "groepsles", "thuisles", "toets", "overgekomen")
    assert overgangen["stoppen"].van == zonder_einde
    assert overgangen["toch_verder"].naar == VORIGE
    assert overgangen["rooster_afspreken"].naar is None
    assert kaart.routes["taalweg"].starten["aanmelden"].is_start


def test_yes_and_no_are_words_and_days_are_numbers(kaart: Routekaart) -> None:
    assert kaart.catalogus[1].situatie == {"doel": ("meedoen",), "heeft_baan": ("nee",)}
    assert date_of(kaart.geldig_vanaf).isoformat() == "2025-01-01"
    assert kaart.versie == "2025-b"
    lengte = kaart.termijnen["eerste_afspraak"].lengtes[1]
    assert (lengte.aantal, lengte.eenheid, lengte.vanaf, lengte.tot) == (3, "weken", kaart.geldig_vanaf, None)


def test_a_veld_is_the_same_everywhere_but_for_what_an_overgang_says_of_it(kaart: Routekaart) -> None:
    overgangen = kaart.routes["taalweg"].overgangen
    weigeren, starten = (overgangen[code].velden for code in ("toelating_weigeren", "groepsles_starten"))
    assert (weigeren[0].label, weigeren[0].verplicht, weigeren[0].minimum) == ("Waarom niet", True, 10)
    assert (starten[3].label, starten[3].verplicht, starten[3].minimum) == ("Motivering", False, None)
    assert weigeren[0].soort == starten[3].soort == "tekst"


def test_choices_reasons_and_arguments_come_with_the_overgang(kaart: Routekaart) -> None:
    overgangen = kaart.routes["taalweg"].overgangen
    assert [keuze.code for keuze in overgangen["pauze_geven"].velden[0].keuzes] == ["ziekte", "geboorte", "verbouwing"]
    assert [reden.code for reden in overgangen["stoppen"].redenen][:2] == ["vertrokken", "niet_verschenen"]
    assert overgangen["stoppen"].gevolgen[0].argument == ALLE
    assert overgangen["vrijstellen"].gevolgen[0].argument == ("pauze",)
    assert overgangen["stoppen"].voorwaarden[0].zin == "Bel eerst de werkgever en vul in wanneer dat was."
    assert kaart.routes["pauze"].hoort_bij == ("taalweg",)


def test_windows_line_ends_a_byte_order_mark_and_bytes_are_fine(kaart: Routekaart) -> None:
    assert lees("\ufeff" + VREEMD.replace("\n", "\r\n")) == kaart
    assert lees(VREEMD.encode("utf-8-sig")) == kaart


# The canonical JSON.


def test_the_stored_map_reads_back_as_the_same_map(kaart: Routekaart) -> None:
    terug = uit_json(kaart.canoniek)
    assert terug == kaart
    assert terug.sha256 == kaart.sha256 == hashlib.sha256(kaart.canoniek.encode()).hexdigest()
    assert list(terug.routes["taalweg"].stappen) == list(kaart.routes["taalweg"].stappen)


def test_the_canonical_json_is_plain_sorted_and_compact(kaart: Routekaart) -> None:
    plat = json.loads(kaart.canoniek)
    assert json.dumps(plat, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == kaart.canoniek
    assert plat["geldig_vanaf"] == "2025-01-01"
    assert plat["fasen"][0] == ["welkom", "Welkom"]
    assert [code for code, _ in dict(plat["routes"])["pauze"]["stappen"]] == ["in_pauze", "hervat", "afgebroken"]


def test_layout_comments_quotes_and_accents_as_typed_do_not_change_the_hash(kaart: Routekaart) -> None:
    anders = VREEMD.replace("naam: Welkom", "naam: Wélkom").replace("naam: Pauze\n", "naam: 'Pauze'  # even rust\n")
    anders = anders.replace("{doel: [meedoen], heeft_baan: [nee]}", "{heeft_baan: [nee], doel: [meedoen]}")
    assert lees(anders).sha256 == kaart.sha256
    met_accent = VREEMD.replace("Nieuwkomersloket", "Één loket")
    assert lees(met_accent).sha256 == lees(unicodedata.normalize("NFD", met_accent)).sha256


def test_another_order_of_stappen_is_another_map(kaart: Routekaart) -> None:
    assert lees(VREEMD.replace("  leren: Leren\n  toetsen: Toetsen\n", "  toetsen: Toetsen\n  leren: Leren\n")) != kaart


@pytest.mark.parametrize(
    "bedorven",
    ["", "{", "[]", "null", "3", '"x"', "NaN", "[" * 100_000, '{"routekaart": "x"}', '{"naam": "\\ud800"}'],
)
def test_a_damaged_stored_map_is_refused(bedorven: str) -> None:
    with pytest.raises(RoutekaartOngeldig):
        uit_json(bedorven)


def test_a_stored_map_with_a_broken_name_is_refused(kaart: Routekaart) -> None:
    for bedorven in (
        kaart.canoniek.replace('"keuzes":"doelen"', '"keuzes":"weg"'),
        kaart.canoniek.replace('["welkom","Welkom"]', '["welkom"]'),
        kaart.canoniek.replace('["welkom","Welkom"]', '["welkom","\\ud800"]'),
    ):
        with pytest.raises(RoutekaartOngeldig):
            uit_json(bedorven)


# What is refused: what is changed in the small map, into what, words of the finding, a text on its line.

TEKST = {
    "NUL": ("Vraag stellen", "Vraag \0", "holds the character U+0000"),
    "control": ("Vraag stellen", "Vraag \x1b[2J", "holds the character U+001B"),
    "right-to-left override": ("Vraag stellen", "Vraag \u202e", "holds the character U+202E"),
    "invisible, in a comment": ("# The", "# \u2066The", "holds the character U+2066"),
    "half a character": ("Vraag stellen", "Vraag \ud800", "holds the character U+D800"),
    "NUL by escape": ("label: Vraag stellen", 'label: "Vraag \\0"', "stellen.label: holds the character U+0000"),
    "override by escape": ("label: Vraag stellen", 'label: "\\u202E"', "holds the character U+202E"),
    "override in a key": ("  vraag:", '  "vr\\u202Eaag":', "holds the character U+202E"),
    "pile of accents": ("Vraag stellen", "e" + "\u0301" * 50, "stellen.label: holds a pile of accents or signs"),
    "line separator": ("Vraag stellen", "Vraag\u2028stellen", "holds the character U+2028"),
}
YAML = {
    "anchor": ("fasen: {begin", "fasen: &f {begin", "fasen: anchors and aliases (& and *) cannot be used"),
    "alias": ("velden: {}", "velden: *f", "velden: anchors and aliases"),
    "merge key": ("velden: {}", "velden: {<<: *f}", "anchors and aliases"),
    "tag": ("naam: Klein", "naam: !!str Klein", "naam: tags (!) cannot be used"),
    "own tag": ("naam: Klein", "naam: !klein Klein", "naam: tags (!) cannot be used"),
    "code as tag": ("naam: Klein", "naam: !!python/name:os.getcwd", "naam: tags (!) cannot be used"),
    "anchor on a key": ("  vraag:", "  &k vraag:", "anchors and aliases"),
    "double key": (
        "  vraag:",
        "  vraag: {}\n  vraag:",
        "routes.vraag: stands here twice, first on line 18",
        "  vraag:\n",
    ),
    "double key in another spelling": ("{begin: Begin}", '{begin: A, "begin": B}', "fasen.begin: stands here twice"),
    "second document": ("routes:", "---\nroutes:", "here begins a second document", "---\n"),
    "list as a key": ("velden: {}", "velden: {[a]: b}", "velden: a key must be plain text"),
    "mapping as a key": ("velden: {}", "velden: {{a: c}: b}", "velden: a key must be plain text"),
    "unclosed bracket": ("{tikfout: Tikfout}", "{tikfout: Tikfout", "this is not YAML", "termijnen: {}"),
    "unclosed quote": ("naam: Klein", 'naam: "Klein', "scanning a quoted scalar from line 4", "      antwoorden"),
    "tab": ("    naam: Vraag", "\tnaam: Vraag", "this is not YAML"),
    "colon in a text": ("naam: Klein", "naam: Klein: maar fijn", "this is not YAML"),
    "unknown escape": ("naam: Klein", 'naam: "\\q"', "this is not YAML"),
}
VORM = {
    "missing key": ("naam: Klein\n", "", "'naam' is missing", "# The smallest"),
    "missing key below": ("    voorvoegsel: VR\n", "", "routes.vraag: 'voorvoegsel' is missing", "  vraag:\n"),
    "unknown key": (
        "status: concept",
        "status: concept\nstatuss: x",
        "statuss: 'statuss' is not a key that",
        "statuss",
    ),
    "nearly a key": ("onderwerp: client", "onderwep: client", "did you mean 'onderwerp'?"),
    "key of a start": ("{label: Vraag stellen,", "{van: [open], label: V,", "'van' is not a key that belongs here"),
    "number for text": ("naam: Klein", "naam: 12", "naam: must be text of one line, not 12 (as text it stands between"),
    "true for text": ("naam: Klein", "naam: true", "naam: must be text of one line, not true (as text"),
    "nothing for text": ("naam: Klein", "naam:", "naam: must be text of one line, not nothing", "naam:\n"),
    "list for text": ("naam: Klein", "naam: [a]", "naam: must be text of one line, not a list"),
    "two lines": ("naam: Klein", "naam: |\n  a\n  b", "naam: must be text of one line, not 'a\\nb'"),
    "text for a mapping": (
        "fasen: {begin: Begin}",
        "fasen: begin",
        "fasen: must be a mapping ({} when there are none)",
    ),
    "nothing for a mapping": ("termijnen: {}", "termijnen:", "termijnen: must be a mapping ({} when", "termijnen:\n"),
    "pairs for a mapping": ("fasen: {begin: Begin}", "fasen: [[begin, Begin]]", "fasen: must be a mapping"),
    "mapping for a list": (
        "rollen: [uitvoerder]}\n    s",
        "rollen: {}}\n    s",
        "must be a list of at least 1, not a map",
    ),
    "empty list": ("van: [open]", "van: []", "antwoorden.van: must be a list of at least 1"),
    "twice in a list": ("van: [open]", "van: [open, open]", "antwoorden.van: names the same thing twice"),
    "role": ("rollen: [uitvoerder]}\n    s", "rollen: [baas]}\n    s", "rollen[1]: must be one of uitvoerder, coord"),
    "status": ("status: concept", "status: klaar", "status: must be one of concept, proef, geldig, not 'klaar'"),
    "yes for true": (
        "onderwerp: client",
        "onderwerp: client\n    een_per_client: ja",
        "true or false",
        "een_per_client",
    ),
    "Dutch date": ("2026-01-01", "01-01-2026", "geldig_vanaf: must be a date like 2026-01-31, not '01-01-2026'"),
    "date that is none": ("2026-01-01", "2026-02-30", "geldig_vanaf: must be a date"),
    "year": ("2026-01-01", "2026", "geldig_vanaf: must be a date like 2026-01-31, not 2026"),
    "time": ("2026-01-01", "2026-01-01 10:00:00", "geldig_vanaf: must be a date"),
    "key of a stap": ("naam: Vraag\n", "naam: Vraag\n    trede: 1\n", "'trede' is not a key", "trede"),
    "code with a capital": ("  vraag:", "  Vraag:", "routes.Vraag: must be a code of small letters, digits and _"),
    "code with an accent": ("  vraag:", "  vräag:", "must be a code of small letters"),
    "code with a hyphen": ("      antwoorden:", "      ant-woorden:", "must be a code of small letters"),
    "no code at all": ("      antwoorden:", '      "":', "must be a code of small letters, digits and _, not nothing"),
    "prefix": ("voorvoegsel: VR", "voorvoegsel: VRAAG", "voorvoegsel: must be 2 to 4 capitals, not 'VRAAG'"),
    "version": ('versie: "1"', "versie: 1", "versie: must be a version without spaces, not 1 (as text"),
    "start that leads nowhere": ("naar: open, ", "", "starten.stellen: 'naar' is missing", "      stellen:"),
    "termijn without unit": (
        "termijnen: {}",
        "termijnen: {t: {lengtes: [{vanaf: 2020-01-01}]}}",
        "must have a length in one",
    ),
    "termijn with two": (
        "termijnen: {}",
        "termijnen: {t: {lengtes: [{dagen: 1, weken: 1}]}}",
        "must have a length in one",
    ),
    "termijn of nothing": (
        "termijnen: {}",
        "termijnen: {t: {lengtes: [{dagen: 0}]}}",
        "dagen: must be a whole number from 1",
    ),
    "termijn without lengths": (
        "termijnen: {}",
        "termijnen: {t: {lengtes: []}}",
        "lengtes: must be a list of at least 1",
    ),
    "period backwards": (
        "keuzelijsten: {}",
        "keuzelijsten: {k: {a: {naam: A, vanaf: 2026-01-02, tot: 2026-01-02}}}",
        "k.a.tot: must be later than vanaf",
    ),
    "soort of termijn": ("termijnen: {}", "termijnen: {t: {soort: wens}}", "t.soort: must be one of wettelijk, norm"),
    "soort of veld": (
        "velden: {}",
        "velden: {v: {label: V, soort: test}}",
        "velden.v.soort: must be one of datum, keuze",
    ),
    "fraction": ("velden: {}", "velden: {v: {minimum: 1.5}}", "velden.v.minimum: must be a whole number"),
    "guard without argument": (
        "naar: open,",
        "naar: open, voorwaarden: [geen_open],",
        "must be one name with its argument",
    ),
    "two guards in one": ("naar: open,", "naar: open, voorwaarden: [{was_in: [a], geen_open: b}],", "must be one name"),
    "guard with another shape": (
        "naar: open,",
        "naar: open, voorwaarden: [{kenmerk_is: a}],",
        "kenmerk_is: must be a map",
    ),
    "effect with another shape": (
        "naar: open,",
        "naar: open, gevolgen: [{open_kind: a}],",
        "open_kind: must be a mapping",
    ),
    "veld with another soort": (
        "naar: open,",
        "naar: open, velden: [{v: {soort: datum}}],",
        "velden[1].v.soort: 'soort' is",
    ),
}
GEVALLEN: dict[str, tuple[str, ...]] = {
    f"{groep}: {naam}": geval
    for groep, gevallen in {"text": TEKST, "yaml": YAML, "shape": VORM}.items()
    for naam, geval in gevallen.items()  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("geval", GEVALLEN.values(), ids=GEVALLEN.keys())
def test_what_cannot_be_read_is_said_with_its_line(geval: tuple[str, ...]) -> None:
    oud, nieuw, woorden, *plek = geval
    assert KLEIN.count(oud) == 1
    tekst = KLEIN.replace(oud, nieuw)
    regel = tekst[: tekst.index(plek[0] if plek else nieuw)].count("\n") + 1
    gevonden = bevindingen(tekst)
    assert (regel, True) in [(b.regel, woorden in b.tekst) for b in gevonden], gevonden


@pytest.mark.parametrize(
    ("tekst", "woorden"),
    [
        ("", "the file is empty"),
        ("# nothing yet\n", "the file is empty"),
        ("--- # to be done\n", "must be a mapping with routekaart"),
        ("- a\n", "must be a mapping with routekaart"),
        ("routekaart", "must be a mapping with routekaart, versie, naam"),
        (KLEIN.encode("utf-16"), "the file is not UTF-8"),
        (b"naam: Maastr\xedcht", "the file is not UTF-8"),
        (b"\xef\xbb\xbf", "the file is empty"),
    ],
)
def test_a_file_that_is_no_map_at_all_is_refused_on_line_1(tekst: str | bytes, woorden: str) -> None:
    (gevonden,) = bevindingen(tekst)
    assert gevonden.regel == 1
    assert woorden in gevonden.tekst


def test_the_error_has_one_finding_on_each_line() -> None:
    with pytest.raises(RoutekaartOngeldig) as fout:
        lees(KLEIN.replace("status: concept", "status: klaar").replace("naam: Vraag\n", "naam: 1\n"))
    assert str(fout.value).splitlines() == [f"line {b.regel}: {b.tekst}" for b in fout.value.bevindingen]
    assert [b.regel for b in fout.value.bevindingen] == [5, 19]


# Bounds: each file is refused where it first goes too far.


def big_route(aantal: int) -> str:
    uitleg = " ".join(f"w{i}" for i in range(15))
    stap = "      s{0}: {{naam: S, fase: begin, partij: balie, uitleg: {{nl: {1} {0}}}}}\n"
    return KLEIN.replace("      open:\n", "".join(stap.format(i, uitleg) for i in range(aantal)) + "      open:\n")


def test_ten_thousand_stappen_are_refused_at_the_first_one_too_many() -> None:
    tekst = big_route(10_000)
    (gevonden,) = bevindingen(tekst)
    assert gevonden.tekst == "routes.vraag.stappen: holds more than 500 items"
    assert tekst.splitlines()[gevonden.regel - 1].startswith("      s500:")


def test_a_route_of_five_hundred_stappen_is_judged() -> None:
    gevonden = bevindingen(big_route(498))
    assert len(gevonden) == kaartlezer.MAX_BEVINDINGEN
    assert all("no start and no overgang leads to this stap" in b.tekst or "leads away" in b.tekst for b in gevonden)


def test_aliases_are_refused_before_they_multiply() -> None:
    gevonden = bevindingen((KAARTEN / "miljard_keer.yaml").read_bytes())
    assert {b.regel for b in gevonden} == set(range(2, 11))
    assert all("anchors and aliases (& and *) cannot be used" in b.tekst for b in gevonden)


@pytest.mark.parametrize(
    "teken", ["[", "{a: ", "- ", "? ", "a: {b: "], ids=["lists", "mappings", "dashes", "keys", "flow"]
)
def test_endless_nesting_is_refused_at_once(teken: str) -> None:
    (gevonden,) = bevindingen(teken * 200_000)
    assert gevonden.regel == 1


@pytest.mark.parametrize(
    "tekst",
    [
        "a" * 2_000_001,
        "a: 1\n" * 399_000,
        "a: b: c: " * 200_000,
        "&a " * 600_000,
        '"' + "\\u00e9" * 300_000,
        "# x\n" * 490_000,
        "'" + " \n" * 900_000,
        "- " + "[],\n" * 480_000,
        "x: " + "[" + "1," * 900_000,
        "\x00" * 1_900_000,
        "a: '" + "\u0301\u0323" * 450_000 + "'",
        "'" + "\u0301\u0323" * 450_000 + "': a",
        "{" + "".join(f"k{i}: {{a: [1,2,3,4,5,6,7,8,9]}},\n" for i in range(60_000)) + "}",
        "".join(f"k{i}:\n" + "".join(f"  a{j}: 1\n" for j in range(490)) for i in range(200)),
    ],
    ids=[
        "size",
        "double",
        "colons",
        "anchors",
        "escapes",
        "comments",
        "blanks",
        "items",
        "flow",
        "nul",
        "accents",
        "accents in a key",
        "many",
        "values",
    ],
)
def test_a_file_made_to_exhaust_is_refused(tekst: str) -> None:
    gevonden = bevindingen(tekst)
    assert 1 <= len(gevonden) <= kaartlezer.MAX_BEVINDINGEN
    assert all(1 <= b.regel <= tekst.count("\n") + 1 for b in gevonden)


def test_a_thousand_misspelt_names_do_not_take_a_thousand_searches() -> None:
    stap = "      s{0}: {{naam: S, fase: b, partij: balie{0}, uitleg: {{nl: {0}}}}}\n"
    tekst = KLEIN.replace("partijen: {", "partijen: {" + ", ".join(f"baliex{i}: B" for i in range(499)) + ", ")
    assert (
        len(
            bevindingen(
                tekst.replace("      open:\n", "".join(stap.format(i, 1) for i in range(490)) + "      open:\n")
            )
        )
        <= 200
    )
    onbekend = ", ".join(f"onbekend{i}: 1" for i in range(490))
    assert len(bevindingen(KLEIN.replace("{begin: Begin}", "{" + onbekend + "}"))) == kaartlezer.MAX_BEVINDINGEN


# Whatever happens to the text: a map, or findings with a line.

VREEMDE_TEKENS = [
    "",
    "\0",
    "\t",
    "\u202e",
    "\ud800",
    "\ufeff",
    "é",
    "🙂",
    "'",
    '"',
    "&a ",
    "*a",
    "!!set ",
    "? ",
    "- ",
    ": ",
]
VREEMDE_TEKENS += [
    "{",
    "}",
    "[",
    "]",
    "|",
    ">",
    "%",
    "@",
    "`",
    "---\n",
    "...\n",
    "<<: ",
    "#",
    "\\x41",
    "\r",
    "\x85",
    ", ",
]
VREEMDE_WAARDEN = ["null", "true", "nee", "3", "-1", "1e9", "0x10", "12345678901234567890", "2026-13-01", "2024-02-29"]
VREEMDE_WAARDEN += ["[]", "{}", "{a: b}", '"*"', "vorige", "*a", "!!int 3", "'", "~", "x" * 300, "op", "__class__"]


@st.composite
def mutated(draw: st.DrawFn, kaarten: tuple[str, ...]) -> str:
    """A map with a few lines deleted, doubled, swapped, indented, and with other words or characters in it."""
    regels = draw(st.sampled_from(kaarten)).split("\n")
    for _ in range(draw(st.integers(1, 3))):
        soort, i, j = draw(st.sampled_from(range(7))), *(draw(st.integers(0, len(regels) - 1)) for _ in range(2))
        regel = regels[i]
        match soort:
            case 0:
                regels[i : i + draw(st.integers(1, 4))] = [""]
            case 1:
                regels.insert(j, regel)
            case 2:
                regels[i], regels[j] = regels[j], regels[i]
            case 3:
                regels[i] = " " * draw(st.integers(0, 12)) + regel.lstrip()
            case 4:
                plek = draw(st.integers(0, len(regel)))
                regels[i] = regel[:plek] + draw(st.sampled_from(VREEMDE_TEKENS)) + regel[plek:]
            case 5:
                sleutel, dubbelepunt, _ = regel.partition(": ")
                regels[i] = sleutel + dubbelepunt + draw(st.sampled_from(VREEMDE_WAARDEN))
            case _:
                woorden = regel.split(" ")
                plek = draw(st.integers(0, len(woorden) - 1))
                woorden[plek] = draw(st.sampled_from([w for w in regels[j].split(" ") if w] or [""]))
                regels[i] = " ".join(woorden)
    return "\n".join(regels)


def judge(tekst: Any) -> None:
    gevonden = bevindingen(tekst)
    if gevonden:
        event("refused")
        assert all(1 <= b.regel <= len(tekst.splitlines()) + 1 for b in gevonden)
        assert gevonden == sorted(set(gevonden))
        assert "\n" not in "".join(b.tekst for b in gevonden)
    else:
        event("a map")
        kaart = lees(tekst)
        assert uit_json(kaart.canoniek) == kaart
        assert all(machine_of(kaart, route).events.keys() == route.overgangen.keys() for route in kaart.routes.values())


FUZZ = settings(derandomize=True, max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


@FUZZ
@given(mutated((VREEMD, KLEIN)))
def test_a_damaged_map_is_a_map_or_has_findings_with_a_line(tekst: str) -> None:
    judge(tekst)


@FUZZ
@given(
    st.one_of(st.text(), st.binary(), st.text(alphabet=" \n:-[]{}&*!|>'\"#?,%a1é"), st.text(alphabet='{}[]":,a1 \\\n'))
)
def test_any_text_is_refused_with_a_line(tekst: str | bytes) -> None:
    judge(tekst)


@settings(FUZZ, max_examples=60)
@given(mutated((KLEIN,)))
def test_without_the_fast_parser_the_same_is_true(tekst: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kaartlezer, "_LOADER", yaml.SafeLoader)
        judge(tekst)


@FUZZ
@given(st.data())
def test_a_damaged_stored_map_is_a_map_or_refused(data: st.DataObject) -> None:
    canoniek = lees(VREEMD).canoniek
    plek, lengte = data.draw(st.integers(0, len(canoniek) - 1)), data.draw(st.integers(0, 40))
    gevonden: list[Bevinding] = []
    stuk = data.draw(st.sampled_from(["", "null", "3", '"x"', "[]", "{}", "[[]]", "1.5", "true", ",", '"']))
    try:
        uit_json(canoniek[:plek] + stuk + canoniek[plek + lengte :])
        event("a map")
    except RoutekaartOngeldig as fout:
        event("refused")
        gevonden.extend(fout.bevindingen)
    assert {b.regel for b in gevonden} <= {1}
