"""The auditor's parcel: what is in it, who may make it, and that another machine finds out whether it was changed.

The verifier runs as it will with the auditor: in another process, with no package of ours or others.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import shutil
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

import pytest
from bezoek import op_beide
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from models import klok
from models.database import engine, reading, transaction
from tests.bouwers import COORDINATOR, NU, a_traject, actor, day, log_rows
from tests.kaartversies import Inhoud, another
from workflow import kaarten, overzetten, pakket, zegels
from workflow.indicatoren import Periode, Vraag, get
from workflow.pakket import PakketGeweigerd, made, make
from workflow.rapporten import opmaken, vaststellen
from workflow.routekaart import Routekaart
from workflow.voorbeeld import make_demo
from workflow.zegels import ZegelGeweigerd

HUIS = Path(__file__).parents[2]
VERIFY = HUIS / "workflow" / "pakket" / "verify.py"
CODES = ("D5", "D6", "D9", "D10", "O2")
DE_VIJF = [get(code) for code in CODES]
AUDITOR = actor("auditor")
PERIODEN = (("2023-01-01", "2024-01-01"), ("2024-01-01", "2025-01-01"), ("2020-01-01", "2027-01-01"))
JAAR = Vraag(Periode(day("2024-01-01"), day("2025-01-01")))
MIDDEN = 3
"""A gebeurtenis that is neither the first nor the last of its traject."""

Lopen = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def uitgepakt(sjabloon: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with an unpacked parcel of a demo caseload with five fixed reports; copy it before changing it."""
    map_ = tmp_path_factory.mktemp("pakket")
    shutil.copyfile(sjabloon, map_ / "demo.db")
    url = f"sqlite:///{map_ / 'demo.db'}"
    with pytest.MonkeyPatch.context() as patch, klok.at(NU):
        patch.setenv("ROUTEKAART_SEALS", str(map_ / "zegels"))
        make_demo(url, size=150)
        with transaction(url) as db:
            for vraag in _questions():
                vaststellen.fix(db, vraag, DE_VIJF, COORDINATOR)
        with (map_ / "p.zip").open("wb") as bestand:
            make(url, bestand, AUDITOR)
    engine(url).dispose()
    with ZipFile(map_ / "p.zip") as inhoud:
        inhoud.extractall(map_ / "los")
    return map_ / "los"


def _questions() -> Iterator[Vraag]:
    for van, tot in PERIODEN:
        yield Vraag(Periode(day(van), day(tot)))
    yield Vraag(JAAR.periode, gemeente="GM0935", splits="gemeente")
    yield Vraag(JAAR.periode, bekend=klok.end_of_day_us(day("2025-03-31")))


@pytest.fixture
def los(uitgepakt: Path, tmp_path: Path) -> Path:
    """A copy of the unpacked parcel."""
    return Path(shutil.copytree(uitgepakt, tmp_path / "los"))


def run(map_: Path, *rest: str) -> Lopen:
    """The verifier as the auditor runs it: isolated, and without any package beside the standard library."""
    opdracht = [sys.executable, "-I", "-S", str(map_ / "verify.py"), *rest]
    return subprocess.run(opdracht, cwd=map_.parent, capture_output=True, text=True, check=False, env={})


def lines(map_: Path) -> list[dict[str, Any]]:
    """The rows of the log in the parcel."""
    return [json.loads(regel) for regel in (map_ / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def write(map_: Path, rijen: list[dict[str, Any]]) -> None:
    """The log in the parcel, otherwise."""
    tekst = "".join(json.dumps(rij, ensure_ascii=False) + "\n" for rij in rijen)
    (map_ / "log.jsonl").write_text(tekst, encoding="utf-8")


# -- Untouched ---------------------------------------------------------------------------------------------------------


def test_an_untouched_parcel_fits_on_a_plain_python(uitgepakt: Path) -> None:
    uitkomst = run(uitgepakt)
    assert (uitkomst.returncode, uitkomst.stderr) == (0, "")
    assert f"{len(lines(uitgepakt))} rows, 5 seals, 1 maps, 5 reports: everything fits" in uitkomst.stdout
    assert "Not verified:" in uitkomst.stdout


def test_and_with_the_key_that_came_by_another_road(uitgepakt: Path) -> None:
    assert run(uitgepakt, "--key", zegels.public_key().tekst).returncode == 0
    ander = zegels.Sleutel(Ed25519PrivateKey.generate().public_key()).tekst
    uitkomst = run(uitgepakt, "--key", ander)
    assert (uitkomst.returncode, uitkomst.stderr.count("its signature does not fit")) == (1, 5)


def test_every_figure_that_it_promises_was_compared(uitgepakt: Path) -> None:
    """A verifier that compares nothing would find nothing."""
    resultaat = json.loads(json.loads((uitgepakt / "rapporten" / "rapport-0003.json").read_text())["resultaat"])
    maten = {(i["code"], m["maat"]) for i in resultaat["indicatoren"] for m in i["metingen"]}
    assert set(program("figures").figures([], {}, [], 0, 1, None)) == maten
    assert all(any(m["waarde"] for m in i["metingen"]) for i in resultaat["indicatoren"]), "the demo has some of each"


def test_the_first_line_says_what_it_is(uitgepakt: Path) -> None:
    eerste = (uitgepakt / "LEESMIJ.txt").read_text(encoding="utf-8").splitlines()[0]
    assert eerste.startswith("Dit pakket bevat gepseudonimiseerde persoonsgegevens (AVG)")


def test_no_name_text_or_key_of_a_form_is_in_it(uitgepakt: Path) -> None:
    assert set(lines(uitgepakt)[0]) == {"nummer", *pakket.KOLOMMEN}
    assert {pad.name for pad in uitgepakt.iterdir()} == {
        *("LEESMIJ.txt", "log.jsonl", "kaarten", "zegels", "rapporten"),
        *pakket.PROGRAMMA,
    }


def test_the_verifier_takes_nothing_but_the_standard_library() -> None:
    eigen = {naam.removesuffix(".py") for naam in pakket.PROGRAMMA}
    for programma in pakket.PROGRAMMA:
        for knoop in ast.walk(ast.parse((VERIFY.parent / programma).read_text(encoding="utf-8"))):
            namen = [naam.name for naam in knoop.names] if isinstance(knoop, ast.Import) else []
            namen += [str(knoop.module)] if isinstance(knoop, ast.ImportFrom) else []
            assert {naam.split(".")[0] for naam in namen} <= sys.stdlib_module_names | eigen


# -- Changed -----------------------------------------------------------------------------------------------------------


def longest(rijen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of the traject that has most of them."""
    aantallen = Counter(rij["traject_id"] for rij in rijen)
    wie = max(aantallen, key=lambda traject: aantallen[traject])
    return [rij for rij in rijen if rij["traject_id"] == wie]


def _answer(rijen: list[dict[str, Any]]) -> None:
    rijen[7]["inhoud"] = rijen[7]["inhoud"].replace("KBL", "GM")


def _day(rijen: list[dict[str, Any]]) -> None:
    rijen[7]["dag"] -= 1


def _dropped_last(rijen: list[dict[str, Any]]) -> None:
    rijen.remove(longest(rijen)[-1])


def _dropped_traject(rijen: list[dict[str, Any]]) -> None:
    weg = longest(rijen)
    rijen[:] = [rij for rij in rijen if rij not in weg]


def _invented(rijen: list[dict[str, Any]]) -> None:
    module, vorige = program(), None
    for rij in longest(rijen):
        nieuw = {**rij, "traject_id": 9999, "nummer": "SHV-2026-09999", "vorige_hash": vorige}
        vorige = nieuw["hash"] = module.row_hash(nieuw)
        rijen.append(nieuw)


def _swapped(rijen: list[dict[str, Any]]) -> None:
    een, twee = longest(rijen)[1:3]
    een["volgnummer"], twee["volgnummer"] = twee["volgnummer"], een["volgnummer"]


def _rechained(rijen: list[dict[str, Any]]) -> None:
    module, vorige = program(), None
    eigen = longest(rijen)
    eigen[2]["dag"] -= 1
    for rij in eigen:
        rij["vorige_hash"] = vorige
        vorige = rij["hash"] = module.row_hash(rij)


AANVALLEN: dict[str, tuple[Callable[[list[dict[str, Any]]], None], str]] = {
    "a changed answer": (_answer, "its content is not what was recorded"),
    "a changed day": (_day, "it is not what was recorded"),
    "a dropped last step": (_dropped_last, "the log up to there has another root"),
    "a dropped traject": (_dropped_traject, "the log up to there has another root"),
    "an invented traject": (_invented, "the log is not as long as the last seal says"),
    "a swapped pair": (_swapped, "it does not follow the row before it"),
    "a chain that was made to fit": (_rechained, "the log up to there has another root"),
}


@pytest.mark.parametrize(("aanval", "zin"), AANVALLEN.values(), ids=AANVALLEN.keys())
def test_a_log_that_was_changed_does_not_fit(
    los: Path, aanval: Callable[[list[dict[str, Any]]], None], zin: str
) -> None:
    rijen = lines(los)
    aanval(rijen)
    write(los, rijen)
    uitkomst = run(los)
    assert uitkomst.returncode == 1
    assert zin in uitkomst.stderr


@pytest.mark.parametrize("log", ["whole", "rechained", "empty"])
def test_without_a_seal_nothing_is_proven(los: Path, log: str) -> None:
    for pad in (*los.glob("zegels/zegel-*"), *los.glob("rapporten/*")):
        pad.unlink()
    rijen = [] if log == "empty" else lines(los)
    if log == "rechained":
        _rechained(rijen)
    write(los, rijen)
    uitkomst = run(los)
    assert (uitkomst.returncode, uitkomst.stderr) == (1, "seal: there is none, so nothing here is proven\n")


def test_the_last_seal_is_named_so_that_dropping_it_is_seen(los: Path) -> None:
    """With its rows and its report nothing here can tell: only who holds a copy of it."""
    laatste = [regel for regel in run(los).stdout.splitlines() if regel.startswith("Compare this seal")]
    wortel = (los / "zegels" / "zegel-000005.txt").read_text(encoding="utf-8").splitlines()[2]
    assert [regel.endswith(f"root {b64decode(wortel).hex()}, in its file {wortel}") for regel in laatste] == [True]
    (los / "zegels" / "zegel-000005.txt").unlink()
    (los / "rapporten" / "rapport-0005.json").unlink()
    omvang = int((los / "zegels" / "zegel-000004.txt").read_text(encoding="utf-8").splitlines()[1])
    write(los, lines(los)[:omvang])
    assert "your own copy: zegel 4, gemaakt " in run(los).stdout


def test_dossier_numbers_that_were_swapped_do_not_fit(los: Path) -> None:
    """They stand in no leaf, and follow from what does."""
    rijen = lines(los)
    een, twee = rijen[0]["nummer"], longest(rijen)[0]["nummer"]
    assert een != twee
    for rij in rijen:
        rij["nummer"] = {een: twee, twee: een}.get(rij["nummer"], rij["nummer"])
    write(los, rijen)
    uitkomst = run(los)
    assert uitkomst.returncode == 1
    assert sorted(regel.split(": ")[1] for regel in uitkomst.stderr.splitlines()) == sorted([een, twee])


ONMOGELIJK: dict[str, tuple[dict[str, Any], str]] = {
    "a moment before that of the row before": ({"vastgelegd_op": 1}, "it was recorded before"),
    "a day that had not come": ({"dag": 40_000}, "it was recorded before its day"),
    "content that is gone": ({"inhoud": None, "zout": None}, "its content is gone"),
    "a vernietiging, which nothing records": ({"soort": "vernietiging"}, "its content is gone, or is said to be"),
}


@pytest.mark.parametrize(("anders", "zin"), ONMOGELIJK.values(), ids=ONMOGELIJK.keys())
def test_a_row_that_the_program_cannot_have_written_does_not_fit(
    uitgepakt: Path, anders: dict[str, Any], zin: str
) -> None:
    """In a log that is chained and sealed as it stands."""
    module = program()
    eigen = longest(lines(uitgepakt))
    assert list(module.check_chains({1: eigen})) == []
    eigen[MIDDEN] |= anders
    for vorige, rij in zip([None, *eigen], eigen, strict=False):
        rij["vorige_hash"] = vorige["hash"] if vorige else None
        rij["hash"] = module.row_hash(rij)
    (regel,) = module.check_chains({1: eigen})
    assert zin in regel
    assert f"gebeurtenis {eigen[MIDDEN]['volgnummer']}: " in regel


@pytest.mark.parametrize(("uren", "past"), [(0, True), (-24, False), (24, False)])
def test_a_row_that_was_recorded_at_another_time_than_its_seal_is_found(uren: int, past: bool) -> None:
    """Signed by a later seal, in an earlier name: put in afterwards."""
    module, uur = program(), 3_600_000_000
    zegels = [
        {"zegel": str(nr), "size": nr, "gemaakt": f"2026-01-{nr + 1:02}T00:00:00.000000+00:00"} for nr in (1, 2, 3)
    ]
    begin = (day("2026-01-01") * 24 + 12) * uur
    rijen = [{"nummer": "A", "volgnummer": nr, "vastgelegd_op": begin + (nr - 1) * 24 * uur} for nr in (1, 2, 3)]
    rijen[1]["vastgelegd_op"] += uren * uur
    assert (list(module.check_moments(zegels, rijen)) == []) is past


def test_the_row_that_does_not_fit_is_named(los: Path) -> None:
    rijen = lines(los)
    _day(rijen)
    write(los, rijen)
    assert f"{rijen[7]['nummer']}, gebeurtenis {rijen[7]['volgnummer']}: " in run(los).stderr


@pytest.mark.parametrize(
    ("bestand", "was", "wordt", "zin"),
    [
        ("kaarten/*.json", "wettelijk", "norm", "its content is not what its fingerprint says"),
        ("zegels/zegel-000002.txt", "gemaakt 2026", "gemaakt 2025", "seal 2: its signature does not fit"),
        ("zegels/sleutel.txt", "routekaart+", "routekaart+0", "the key is no public key"),
        ("rapporten/rapport-0001.json", '\\"waarde\\":', '\\"waarde\\":1', "it is not the one that seal 1 signs"),
        ("rapporten/rapport-0001.json", '"zegel": 1', '"zegel": 2', "it is not the one that seal 2 signs"),
    ],
)
def test_what_stands_beside_the_log_does_not_fit_when_changed(
    los: Path, bestand: str, was: str, wordt: str, zin: str
) -> None:
    (pad,) = los.glob(bestand)
    tekst = pad.read_text(encoding="utf-8")
    assert was in tekst
    pad.write_text(tekst.replace(was, wordt), encoding="utf-8")
    uitkomst = run(los)
    assert uitkomst.returncode == 1
    assert zin in uitkomst.stderr


@pytest.mark.parametrize(
    "bestand", ["zegels/zegel-000003.txt", "rapporten/rapport-0002.json", "zegels/zegel-000005.txt"]
)
def test_what_is_missing_is_told(los: Path, bestand: str) -> None:
    (los / bestand).unlink()
    uitkomst = run(los)
    assert (uitkomst.returncode, "Traceback" in uitkomst.stderr) == (1, False)


@pytest.mark.parametrize("inhoud", [b"", b"{", b"[1, 2]", b'{"id": 1}', b"\xff\xfe", b"[" * 100_000, b"a\nb\n\nc"])
@pytest.mark.parametrize(
    "bestand",
    ["log.jsonl", "zegels/zegel-000002.txt", "zegels/sleutel.txt", "rapporten/rapport-0001.json", "kaarten/*.json"],
)
def test_a_parcel_that_is_none_is_told_in_a_line(los: Path, bestand: str, inhoud: bytes) -> None:
    (pad,) = los.glob(bestand)
    pad.write_bytes(inhoud)
    uitkomst = run(los)
    assert (uitkomst.returncode, "Traceback" in uitkomst.stderr) == (1, False)
    assert uitkomst.stderr.startswith(("this parcel cannot be read: ", "map: ", "seal: "))


BREUKEN = {
    "a name that stands there twice": ('"dag": ', '"dag": 1, "dag": ', "a name stands in it twice"),
    "a name too many": ('"dag": ', '"opmerking": "x", "dag": ', "other names than it should have: opmerking"),
    "a name too few": ('"dag": ', '"dog": ', "other names than it should have: dag, dog"),
    "a value of another kind": ('"dag": ', '"dag": 0.', "dag is of another kind"),
    "a bracket too many": ("{", "[" * 100_000 + "{", "RecursionError"),
}


@pytest.mark.parametrize(("was", "wordt", "zin"), BREUKEN.values(), ids=BREUKEN.keys())
def test_a_line_that_can_be_read_in_two_ways_is_named(los: Path, was: str, wordt: str, zin: str) -> None:
    regels = (los / "log.jsonl").read_text(encoding="utf-8").split("\n")
    regels[6] = regels[6].replace(was, wordt, 1)
    (los / "log.jsonl").write_text("\n".join(regels), encoding="utf-8")
    uitkomst = run(los)
    assert (uitkomst.returncode, uitkomst.stderr.count("\n")) == (1, 1)
    assert uitkomst.stderr.startswith("this parcel cannot be read: log.jsonl, line 7: ")
    assert zin in uitkomst.stderr


@pytest.mark.parametrize(
    ("bestand", "was", "wordt"),
    [
        ("rapporten/rapport-0002.json", '"id": ', '"opmerking": "Akkoord.", "id": '),
        ("rapporten/rapport-0002.json", '"id": ', '"id": 9, "id": '),
        ("zegels/zegel-000002.txt", "\nzegel 2\n", "\nzegel 2\nzegel 2\n"),
        ("zegels/zegel-000002.txt", "\n\n", "\n\nmet dank\n"),
        ("zegels/sleutel.txt", "+", "-"),
        ("kaarten/*.json", "{", "\udcff{"),
    ],
)
def test_a_file_that_says_too_much_or_cannot_be_read_is_named(los: Path, bestand: str, was: str, wordt: str) -> None:
    (pad,) = los.glob(bestand)
    tekst = pad.read_text(encoding="utf-8")
    pad.write_text(tekst.replace(was, wordt, 1), encoding="utf-8", errors="surrogateescape")
    uitkomst = run(los)
    assert (uitkomst.returncode, uitkomst.stderr.count("\n")) == (1, 1)
    assert uitkomst.stderr.startswith(f"this parcel cannot be read: {pad.relative_to(los).as_posix()}: ")


@pytest.mark.parametrize("doel", ["/dev/zero", "/nowhere/at/all", "elders"])
@pytest.mark.parametrize("bestand", ["log.jsonl", "zegels/zegel-000002.txt", "rapporten/rapport-0001.json"])
def test_a_link_in_a_parcel_is_not_followed(los: Path, bestand: str, doel: str) -> None:
    """It may lead anywhere, or have no end."""
    pad = los / bestand
    pad.rename(pad.with_name("elders"))
    pad.symlink_to(doel)
    uitkomst = run(los)
    assert (uitkomst.returncode, uitkomst.stderr.count("\n")) == (1, 1)
    assert uitkomst.stderr.startswith(f"this parcel cannot be read: {bestand}: ")
    assert "it is no ordinary file" in uitkomst.stderr


@pytest.mark.parametrize("teken", ["\n", "\r", "\x1b", "\x9b", "\u2028", "\u202e", "\ud800"])
def test_what_a_stranger_wrote_moves_no_cursor(los: Path, teken: str) -> None:
    """A line about what does not fit cannot be made to look like another."""
    rijen = lines(los)
    wie = longest(rijen)[0]["nummer"]
    for rij in rijen:
        rij["nummer"] = f"{teken}everything fits" if rij["nummer"] == wie else rij["nummer"]
        rij["dag"] -= rij["nummer"] != wie and rij["volgnummer"] == 1
    (los / "log.jsonl").write_text("".join(json.dumps(rij) + "\n" for rij in rijen), encoding="utf-8")
    uitkomst = run(los)
    assert uitkomst.returncode == 1
    assert all(regel.isprintable() for regel in uitkomst.stderr.split("\n"))
    assert not any(regel.startswith("everything fits") for regel in uitkomst.stderr.split("\n"))
    assert "everything fits" in uitkomst.stderr


def test_and_so_is_a_folder_without_one(los: Path, tmp_path: Path) -> None:
    (tmp_path / "leeg").mkdir()
    for map_ in ("leeg", "niet_daar"):
        uitkomst = run(los, str(tmp_path / map_))
        assert (uitkomst.returncode, uitkomst.stderr.count("\n")) == (1, 1)
        assert uitkomst.stderr.startswith("this parcel cannot be read: ")


def test_figures_that_do_not_follow_from_the_log_are_found(los: Path) -> None:
    """Signed by the office itself, and wrong all the same: only counting anew can tell."""
    module = program()
    resultaat = json.loads(json.loads((los / "rapporten" / "rapport-0003.json").read_text())["resultaat"])
    kaarten = {pad.stem: module.read_map(pad.read_text(encoding="utf-8")) for pad in (los / "kaarten").iterdir()}
    levens = module.histories_of(lines(los)).values()
    onze = module.figures(levens, kaarten, list(kaarten), day("2020-01-01"), day("2027-01-01"), None)
    assert list(module.differences(resultaat, onze)) == []
    for indicator in resultaat["indicatoren"]:
        goed = json.dumps(resultaat)
        indicator["metingen"][0]["waarde"] += 1
        (verschil,) = module.differences(resultaat, onze)
        assert verschil.startswith(f"{indicator['code']}.{indicator['metingen'][0]['maat']}")
        indicator["metingen"][0]["waarde"] -= 1
        assert json.dumps(resultaat) == goed


def test_figures_of_trajecten_that_moved_to_another_map_are_the_same(
    database: str, tmp_path: Path, tell: Callable[[str], None]
) -> None:
    """To a map with the same stap in another fase, and from one stap to another: neither is a begin."""

    def change(inhoud: Inhoud) -> None:
        inhoud["routes"]["schuldhulp"]["stappen"]["dfd"]["fase"] = "nazorg"

    with klok.at(NU):
        make_demo(database, size=80)
        with transaction(database) as db:
            kaart = another((HUIS / "routekaart.yaml").read_text(encoding="utf-8"), change)
            kaarten.store(db, kaart)
            koppelingen = {("schuldhulp", "stabilisatie"): "dfd", ("schuldhulp", "wsnp_verzoek"): "wsnp_lopend"}
            gegaan = overzetten.move(db, kaart, koppelingen, door=actor("beheerder")).trajecten
            dagen = (("2020-01-01", "2027-01-01"), ("2026-01-01", "2026-12-31"))
            for van, tot in dagen:
                vraag = Vraag(Periode(day(van), day(tot)))
                vaststellen.fix(db, vraag, DE_VIJF, COORDINATOR)
        with (tmp_path / "p.zip").open("wb") as bestand:
            make(database, bestand, AUDITOR)
    with ZipFile(tmp_path / "p.zip") as inhoud:
        inhoud.extractall(tmp_path / "los")
    uitkomst = run(tmp_path / "los")
    assert (uitkomst.returncode, uitkomst.stderr) == (0, "")
    assert gegaan > 20
    tell(f"trajecten that moved in a parcel: {gegaan}")


def test_the_maps_that_a_report_counted_by_are_the_ones_it_is_judged_by(database: str, tmp_path: Path) -> None:
    """Whatever was published later, is a concept, or was put into the parcel by hand; the latest has the last word."""

    def other(nr: int, telt: str, status: str = "proef") -> Routekaart:
        def change(inhoud: Inhoud) -> None:
            inhoud["routes"]["schuldhulp"]["stappen"]["stabilisatie"]["labels"]["telt"] = telt

        tekst = (HUIS / "routekaart.yaml").read_text(encoding="utf-8")
        return another(tekst, change, versie=f'"volgende-{nr}"', status=status)

    make_demo(database, size=40)
    gestart = []
    with transaction(database) as db:
        for nr, telt in enumerate(("stabilisatie", "dfd", "stabilisatie")):
            kaarten.store(db, other(nr, telt))
            kaarten.store(db, other(10 + nr, "dfd" if telt == "stabilisatie" else "stabilisatie", "concept"))
            rapport_id = vaststellen.fix(db, Vraag(Periode(day("2020-01-01"), day("2027-01-01"))), DE_VIJF, COORDINATOR)
            gestart.append(started(vaststellen.find(db, rapport_id).gegevens))
    with (tmp_path / "p.zip").open("wb") as bestand:
        make(database, bestand, AUDITOR)
    with ZipFile(tmp_path / "p.zip") as inhoud:
        inhoud.extractall(tmp_path / "los")
    for nr in range(20, 23):
        vreemd = other(nr, "dfd")
        (tmp_path / "los" / "kaarten" / f"{vreemd.sha256}.json").write_text(vreemd.canoniek, encoding="utf-8")
    uitkomst = run(tmp_path / "los")
    assert (uitkomst.returncode, uitkomst.stderr) == (0, "")
    assert gestart[0] > 0
    assert gestart == [gestart[0], 0, gestart[0]]


def started(gegevens: dict[str, Any]) -> int:
    """How many stabilisaties began by a report."""
    (d6,) = (een for een in gegevens["indicatoren"] if een["code"] == "D6")
    return next(m["waarde"] for m in d6["metingen"] if m["maat"] == "gestart" and not m["uitsplitsing"])


def test_a_step_that_was_not_possible_is_found(los: Path) -> None:
    """In a log that is sealed as it stands."""
    module = program()
    kaarten = {pad.stem: module.read_map(pad.read_text(encoding="utf-8")) for pad in (los / "kaarten").iterdir()}
    geschiedenissen = module.histories_of(lines(los))
    assert list(module.check_walks(geschiedenissen, kaarten)) == []
    for naam, geschiedenis in list(geschiedenissen.items())[:20]:
        for plaats in range(1, len(geschiedenis)):
            anders = [dict(feit) for feit in geschiedenis]
            anders[plaats] |= {"soort": "overgang", "overgang": "bestaat_niet"}
            (regel,) = module.check_walks({naam: anders}, kaarten)
            assert regel.startswith(f"walk: {naam}")


def test_a_step_by_another_map_than_the_traject_was_on_is_found(los: Path) -> None:
    module = program()
    (kaart,) = (module.read_map(pad.read_text(encoding="utf-8")) for pad in (los / "kaarten").iterdir())
    naam, geschiedenis = next((n, h) for n, h in module.histories_of(lines(los)).items() if len(h) > MIDDEN + 1)
    een = geschiedenis[0]["routekaart"]
    geschiedenis[MIDDEN] |= {"routekaart": "ander"}
    assert geschiedenis[MIDDEN]["soort"] == "overgang"
    (regel,) = module.check_walks({naam: geschiedenis}, {een: kaart, "ander": kaart})
    assert f"gebeurtenis {geschiedenis[MIDDEN]['volgnummer']}: this was not possible" in regel


def test_a_traject_moves_to_another_map_from_the_stap_in_which_it_stands(los: Path) -> None:
    module = program()
    (kaart,) = (module.read_map(pad.read_text(encoding="utf-8")) for pad in (los / "kaarten").iterdir())
    naam, geschiedenis = next((n, h) for n, h in module.histories_of(lines(los)).items() if len(h) > MIDDEN)
    begin = geschiedenis[:1]
    for van, goed in ((begin[0]["naar"], True), ("elders", False), (None, False)):
        inhoud = {"van_stap": van} if van else {}
        gegaan = {**begin[0], "volgnummer": 2, "soort": "migratie", "overgang": None, "inhoud": inhoud}
        fouten = list(module.check_walks({naam: [*begin, gegaan]}, {begin[0]["routekaart"]: kaart}))
        assert (fouten == []) == goed


def program(naam: str = "verify") -> ModuleType:
    """A program of the parcel as a module."""
    vorm = importlib.util.spec_from_file_location(f"{naam}_van_het_pakket", VERIFY.with_stem(naam))
    assert vorm
    assert vorm.loader
    module = importlib.util.module_from_spec(vorm)
    vorm.loader.exec_module(module)
    return module


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 511))
def test_its_signatures_are_those_of_the_library(tekst: bytes, bit: int) -> None:
    module, sleutel = program("seals"), Ed25519PrivateKey.generate()
    publiek, handtekening = sleutel.public_key().public_bytes_raw(), bytearray(sleutel.sign(tekst))
    assert module.is_signed(publiek, tekst, bytes(handtekening))
    assert not module.is_signed(publiek, tekst + b"x", bytes(handtekening))
    handtekening[bit // 8] ^= 1 << bit % 8
    assert not module.is_signed(publiek, tekst, bytes(handtekening))


# -- Making it ---------------------------------------------------------------------------------------------------------


@op_beide
def test_it_ends_with_a_seal_over_all_that_stands_in_it(database: str) -> None:
    with klok.at(NU):
        make_demo(database, size=10)
        doel = BytesIO()
        zegel = make(database, doel, AUDITOR)
    with reading(database) as db:
        assert zegel.omvang == len(log_rows(db))
        assert [een.zegel_id for een in made(db)] == [zegel.id]
    with ZipFile(doel) as inhoud:
        assert len(inhoud.read("log.jsonl").splitlines()) == zegel.omvang


@pytest.mark.parametrize(
    "opdracht",
    ["UPDATE gebeurtenis SET inhoud = x'ff' WHERE volgnummer = 1", "UPDATE routekaartversie SET canoniek = x'ff'"],
)
def test_what_no_program_wrote_is_not_packed(database: str, opdracht: str) -> None:
    with klok.at(NU), transaction(database) as db:
        a_traject(db, route="schuldhulp", begin="melding_registreren")
        zegels.take(db)
        for (naam,) in db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            db.exec_driver_sql(f"DROP TRIGGER {naam}")
        db.exec_driver_sql(opdracht)
    with klok.at(NU), pytest.raises(ZegelGeweigerd, match="run `routekaart verify`"):
        make(database, BytesIO(), AUDITOR)


def test_who_made_one_and_when_stays_on_record(database: str) -> None:
    with klok.at(NU):
        make(database, BytesIO(), AUDITOR)
    with reading(database) as db:
        assert [(een.door, een.gemaakt_op) for een in made(db)] == [(AUDITOR.pseudoniem, klok.microseconds(NU))]


@pytest.mark.parametrize("rol", ["uitvoerder", "coordinator", "partner", "beheerder"])
def test_nobody_but_an_auditor_makes_one(database: str, rol: str) -> None:
    with pytest.raises(PakketGeweigerd, match="Alleen een auditor"):
        make(database, BytesIO(), actor(rol))
    with reading(database) as db:
        assert (made(db), zegels.every(db)) == ([], [])


def test_a_report_in_it_is_what_the_seal_signs_and_nothing_beside_it(uitgepakt: Path) -> None:
    rapport = json.loads((uitgepakt / "rapporten" / "rapport-0001.json").read_text(encoding="utf-8"))
    assert set(rapport) == {"id", "zegel", "resultaat"}
    zegel = (uitgepakt / "zegels" / f"zegel-{rapport['zegel']:06}.txt").read_text(encoding="utf-8")
    assert f"rapport {opmaken.digest(rapport['resultaat'])}\n" in zegel
