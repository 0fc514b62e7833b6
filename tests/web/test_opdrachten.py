"""The command line through its own door: what each command answers when it can, when it cannot, and when nobody knows.

Exit code 0 done, 1 refusal or findings (each one line on standard error), 2 usage. Every command stands in both lists.
"""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from models.brief import brief
from models.database import engine, reading, transaction
from models.medewerker import medewerker
from models.trajectnummer import trajectnummer
from tests.bouwers import log_rows, make_postgres_database
from tests.kantoor import Kantoor
from web import opdrachten
from web.opdrachten import main
from web.opdrachten_medewerkers import ENGELS
from workflow.kluis import KluisDicht
from workflow.medewerkers import MAX_NAAM, MAX_WACHTWOORD, Geweigerd
from workflow.rollen import Rol
from workflow.voorbeeld.team import WACHTWOORD

HUIS = Path(__file__).parents[2]
KLEIN = (HUIS / "tests" / "kaarten" / "klein.yaml").read_text(encoding="utf-8")
REPORT = "report --van 2025-01-01 --tot 2026-01-01"
SAMPLE = "sample --van 2025-01-01 --tot 2026-01-01 --size 5 --seed appel"
WHATIF = "whatif --term eerste_gesprek=90d"
NERGENS = "schuldhulp.melding=nergens"
ADD = "user add $wie --name Naam --role beheerder --organisation KBL"


def commands(groep: click.Group, pad: tuple[str, ...] = ()) -> Iterator[str]:
    """Every command that does something, as it is typed."""
    for naam, opdracht in groep.commands.items():
        if isinstance(opdracht, click.Group):
            yield from commands(opdracht, (*pad, naam))
        else:
            yield " ".join((*pad, naam))


# -- When it can -------------------------------------------------------------------------------------------------------

GOED: Mapping[str, tuple[str, str]] = {
    "init": ("init", "map maastricht 2026-1 (proef)"),
    "check": ("check $kaart", "no findings"),
    "publish": ("publish $volgende --move", "moved 1 trajecten"),
    "move": ("move 2026-1 --dry-run", "nothing was written"),
    "rebuild": ("rebuild", "1 gebeurtenissen, 1 trajecten"),
    "user add": (f"{ADD} --password paard-batterij-nietje", "added jansen (beheerder)"),
    "doctor": ("doctor", "ok   database file is whole"),
    "backup": ("backup $nieuw", " bytes"),
    "copy": ("copy --to sqlite:///$nieuw", "gebeurtenis: 1"),
    "replay": ("replay $nummer", "melding_registreren -> melding"),
    "import ddas": ("import ddas $levering", "5 trajecten new"),
    "import opgaven": ("import opgaven $opgaven", "1"),
    "export ddas": ("export ddas --van 2026-01-01 --tot 2026-02-01", '"leveringen"'),
    "report": ("report --van 2025-01-01 --tot 2026-01-01", "Meldingen"),
    "seal": ("seal", "seal 1: 1 rows, root "),
    "verify": ("verify", "everything fits"),
    "compare": ("compare $lijst", "1 the same"),
    "whatif": (
        f"{WHATIF} --van 2025-01-01 --tot 2026-01-01",
        "eerste_gesprek: 1 ran, 1 late by 4 weken, 1 by 90 dagen",
    ),
    "sample": (SAMPLE, "population 1, seed appel, size 5, drawn 1"),
}
"""Command -> what is typed, and part of what it answers. The others have a test of their own, below."""

APART = {"demo", "serve", "restore", "parcel", "prove gebeurtenis", "prove seals", "rotate"}


def test_every_command_is_tried_both_ways() -> None:
    alle = set(commands(main))
    assert set(GOED) | APART == alle
    assert {naam for naam, *_ in WEIGERT} == alle


@pytest.mark.parametrize("getypt", ["rebuild", "replay nergens"])
def test_a_command_leaves_nothing_but_the_database_also_when_it_fails(kantoor: Kantoor, getypt: str) -> None:
    """On a full disk the write-ahead file of what was rolled back would keep others from reading."""
    kantoor.run(getypt)
    assert [pad.name for pad in kantoor.map.glob("routekaart.db*")] == ["routekaart.db"]


@pytest.mark.parametrize("naam", GOED)
def test_what_can_be_done_is_done(kantoor: Kantoor, naam: str) -> None:
    getypt, antwoord = GOED[naam]
    uitkomst = kantoor.run(getypt)
    assert (uitkomst.exit_code, antwoord in uitkomst.stdout) == (0, True), uitkomst.output
    assert [regel for regel in uitkomst.stderr.splitlines() if ": warning: " not in regel] == []


@pytest.mark.parametrize(
    "getypt", ["rebuild", "replay $nummer", "doctor", "check $kaart", SAMPLE, "whatif --term besluit=4w"]
)
def test_reading_commands_answer_in_json_for_scripts(kantoor: Kantoor, getypt: str) -> None:
    uitkomst = kantoor.run(f"{getypt} --json")
    assert uitkomst.exit_code == 0
    assert json.loads(uitkomst.stdout) is not None


def test_compare_says_each_difference_on_a_line_and_fails(kantoor: Kantoor) -> None:
    nummer = kantoor.woorden["nummer"]
    kantoor.file("anders.csv", f"dossier,start,end\n{nummer},2025-06-03,\nKBL-7,2025-01-01,2025-02-01\n")
    uitkomst = kantoor.run("compare $anders")
    assert uitkomst.exit_code == 1
    assert uitkomst.stderr.splitlines() == [
        f"row 2: {nummer}: differs; here: begin 2025-06-02, end -; there: begin 2025-06-03, end -",
        "row 3: KBL-7: missing here; there: begin 2025-01-01, end 2025-02-01",
    ]
    assert "1 differs" in uitkomst.stdout
    als_json = json.loads(kantoor.run("compare $anders --json").stdout)
    assert [regel["uitkomst"] for regel in als_json["regels"]] == ["verschilt", "ontbreekt_hier"]


def test_replay_tells_a_traject_as_it_was_on_a_day(kantoor: Kantoor) -> None:
    eerder = kantoor.run("replay $nummer --op 2025-06-01").stdout
    assert "melding_registreren" not in eerder
    assert "2025-06-02     1  melding_registreren -> melding" in kantoor.run("replay $nummer --op 2025-06-02").stdout


def modes(map_: Path) -> dict[str, int]:
    """Who may do what with each file of a folder."""
    return {pad.name: stat.S_IMODE(pad.stat().st_mode) for pad in map_.iterdir()}


def test_init_makes_what_only_its_owner_may_read_whatever_the_umask(leeg_kantoor: Kantoor) -> None:
    was = os.umask(0)
    try:
        assert leeg_kantoor.run("init").exit_code == 0
        with transaction(leeg_kantoor.database):
            rechten = modes(leeg_kantoor.map / "instance")
    finally:
        os.umask(was)
    assert stat.S_IMODE((leeg_kantoor.map / "instance").stat().st_mode) == 0o700
    namen = {"master.key", "secret.key", "seal.key", *(f"routekaart.db{staart}" for staart in ("", "-wal", "-shm"))}
    assert rechten == dict.fromkeys(namen, 0o600)


def test_init_again_changes_nothing(leeg_kantoor: Kantoor) -> None:
    leeg_kantoor.run("init")
    sleutels = {pad.name: pad.read_bytes() for pad in (leeg_kantoor.map / "instance").glob("*.key")}
    tweede = leeg_kantoor.run("init")
    assert (tweede.exit_code, tweede.stdout.splitlines()[0][:19]) == (0, "database up to date")
    assert {pad.name: pad.read_bytes() for pad in (leeg_kantoor.map / "instance").glob("*.key")} == sleutels
    with reading(leeg_kantoor.database) as db:
        assert db.execute(text("SELECT count(*) FROM routekaartversie")).scalar_one() == 1


def test_init_closes_a_database_that_others_could_read(kantoor: Kantoor) -> None:
    (kantoor.map / "routekaart.db").chmod(0o644)
    assert kantoor.run("init").exit_code == 0
    assert modes(kantoor.map)["routekaart.db"] == 0o600


def test_init_makes_the_folder_of_a_database_elsewhere(leeg_kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTEKAART_DATABASE", f"sqlite:///{leeg_kantoor.map / 'diep' / 'erin' / 'x.db'}")
    assert leeg_kantoor.run("init").exit_code == 0
    assert modes(leeg_kantoor.map / "diep" / "erin")["x.db"] == 0o600


def test_demo_makes_its_caseload_once(leeg_kantoor: Kantoor) -> None:
    eerste = leeg_kantoor.run("demo --no-serve --size 3")
    assert (eerste.exit_code, eerste.stderr) == (0, "")
    assert "demo caseload made" in eerste.stdout
    aantal = leeg_kantoor.rows()
    assert "was there already" in leeg_kantoor.run("demo --no-serve --size 3").stdout
    assert leeg_kantoor.rows() == aantal > 3


def test_a_backup_can_be_put_back_with_all_that_was_in_it(kantoor: Kantoor) -> None:
    assert kantoor.run("backup $nieuw").exit_code == 0
    kantoor.set("INSERT INTO instelling VALUES ('later', 'ja')")
    bestand = Path(kantoor.woorden["nieuw"])
    assert modes(kantoor.map)[bestand.name] == 0o600
    for pad in kantoor.map.glob("routekaart.db*"):
        pad.unlink()
    uitkomst = kantoor.run("restore $nieuw")
    assert (uitkomst.exit_code, uitkomst.stderr) == (0, "")
    assert modes(kantoor.map)["routekaart.db"] == 0o600
    with reading(kantoor.database) as db:
        assert db.execute(text("SELECT count(*) FROM instelling WHERE naam = 'later'")).scalar_one() == 0
    assert kantoor.rows() == 1
    assert not list(kantoor.map.glob(".*.db.*")), "a half-made copy was left behind"


def test_a_backup_has_what_was_written_a_moment_ago(kantoor: Kantoor) -> None:
    """It stands in the -wal file still, beside the database."""
    with transaction(kantoor.database) as db:
        db.execute(text("INSERT INTO instelling VALUES ('net', 'ja')"))
    assert (kantoor.map / "routekaart.db-wal").stat().st_size > 0
    kantoor.run("backup $nieuw")
    with closing(sqlite3.connect(kantoor.woorden["nieuw"])) as kopie:
        assert kopie.execute("SELECT waarde FROM instelling WHERE naam = 'net'").fetchone() == ("ja",)


@pytest.mark.postgres
def test_an_installation_moves_to_postgresql_and_works_there(kantoor: Kantoor, postgres: str) -> None:
    """The history on both has the same hashes, and the commands find their way on the new address."""
    make_postgres_database(postgres, "verhuisd", "template0")
    hier, daar = kantoor.database, postgres.format("verhuisd")
    assert kantoor.run(f"copy --to {daar}").exit_code == 0
    with reading(hier) as oud, reading(daar) as nieuw:
        assert [r["hash"] for r in log_rows(oud)] == [r["hash"] for r in log_rows(nieuw)] != []
    again = kantoor.run(f"copy --to {daar}")
    assert (again.exit_code, "is not empty" in again.stderr) == (1, True)
    verteld = kantoor.run("replay $nummer").stdout
    kantoor.setenv("ROUTEKAART_DATABASE", daar)
    for getypt in ("init", "doctor", "rebuild", f"{ADD} --password paard-batterij-nietje", "import ddas $levering"):
        assert kantoor.run(getypt).exit_code == 0, getypt
    assert kantoor.run("replay $nummer").stdout == verteld
    engine(daar).dispose()


def test_user_add_makes_a_password_and_the_organisation(kantoor: Kantoor) -> None:
    uitkomst = kantoor.run("user add jansen --name Jansen --role uitvoerder --organisation NIEUW-1")
    assert uitkomst.exit_code == 0
    assert len(uitkomst.stdout.strip().rpartition(" ")[2]) == 20
    with reading(kantoor.database) as db:
        assert db.execute(select(medewerker.c.organisatie)).scalar_one() == "NIEUW-1"


# -- When it cannot ----------------------------------------------------------------------------------------------------

Doen = Callable[[Kantoor], object]


def nothing(_kantoor: Kantoor) -> None:
    """Leave it as it is."""


def without_database(kantoor: Kantoor) -> None:
    """The database is gone."""
    engine(kantoor.database).dispose()
    for pad in kantoor.map.glob("routekaart.db*"):
        pad.unlink()


def of_another_version(kantoor: Kantoor) -> None:
    """The tables are not those of this program."""
    kantoor.set("UPDATE alembic_version SET version_num = '9999'")


def elsewhere(kantoor: Kantoor) -> None:
    """The settings name a server that does not answer."""
    kantoor.setenv("ROUTEKAART_DATABASE", "postgresql+psycopg://routekaart@127.0.0.1:1/routekaart")


def with_map(naam: str) -> Doen:
    """The settings name this map."""
    return lambda kantoor: kantoor.setenv("ROUTEKAART_MAP", kantoor.woorden[naam])


def with_organisation_closed(kantoor: Kantoor) -> None:
    """KBL does not take part any more."""
    kantoor.set("UPDATE organisatie SET is_actief = 0 WHERE code = 'KBL'")


def with_a_backup_cut_short(kantoor: Kantoor) -> None:
    """The second half of the backup never came."""
    kantoor.run("backup $nieuw")
    kantoor.file("half.db", Path(kantoor.woorden["nieuw"]).read_bytes()[:400_000])
    without_database(kantoor)


def with_old_wal(kantoor: Kantoor) -> None:
    """The database was moved away, and what belongs to it was forgotten."""
    without_database(kantoor)
    kantoor.file("routekaart.db-wal", b"left")


def of_real_people(kantoor: Kantoor) -> None:
    """Real data is allowed here."""
    kantoor.setenv("ROUTEKAART_ECHTE_GEGEVENS", "ja")


def without_seal_key(kantoor: Kantoor) -> None:
    """The key that signs is no key."""
    kantoor.setenv("ROUTEKAART_SEAL_KEY", "kort")


def with_a_short_new_key(kantoor: Kantoor) -> None:
    """The key that is to follow is no key."""
    kantoor.setenv("ROUTEKAART_SEAL_KEY_NEW", "kort")


def with_another_seal(kantoor: Kantoor) -> None:
    """A seal of this number was published before."""
    (kantoor.map / "zegels").mkdir()
    (kantoor.map / "zegels" / "zegel-000001.txt").write_text("wat er eerst stond", encoding="utf-8")


def with_a_day_changed(kantoor: Kantoor) -> None:
    """Somebody took a trigger away and edited a row."""
    kantoor.set("DROP TRIGGER gebeurtenis_geen_update")
    kantoor.set("UPDATE gebeurtenis SET dag = dag - 1")


SCHRIJFT = (
    "publish $volgende",
    "move 2026-1",
    "rebuild",
    "replay $nummer",
    ADD,
    "copy --to sqlite:///$nieuw",
    "import ddas $levering",
)
LEEST = ("export ddas --van 2026-01-01 --tot 2026-02-01", REPORT)
OM_TE_WERKEN = {"user": "user add", "import": "import ddas", "export": "export ddas"}


def name_of(getypt: str) -> str:
    """The command in what is typed."""
    return OM_TE_WERKEN.get(getypt.split()[0], getypt.split()[0])


WEIGERT: list[tuple[str, Doen, str, str]] = [
    ("init", with_map("concept"), "init", "map klein 1 has status concept and cannot be put in force"),
    ("init", with_map("kapot"), "init", "kapot.yaml:"),
    ("init", with_map("map"), "init", "Is a directory"),
    ("init", of_another_version, "init", "which this program does not know; use a newer program"),
    ("init", elsewhere, "init", "Connection refused"),
    ("check", nothing, "check $kapot", "kapot.yaml:"),
    ("check", nothing, "check $map/nergens.yaml", "No such file or directory"),
    ("publish", nothing, "publish $kapot", "kapot.yaml:"),
    ("publish", nothing, "publish $concept", "this database is on map maastricht, and this is map klein"),
    ("publish", nothing, "publish $anders", "there is another map maastricht 2026-1 (proef); raise its versie"),
    ("publish", nothing, "publish $schets --move", "has status concept and cannot be put in force"),
    ("publish", nothing, "publish $later --move", "is in force from 2999-01-01; move trajecten then"),
    ("publish", nothing, f"publish $volgende --map {NERGENS}", "no running stap of that route on this map"),
    ("move", nothing, "move 1999-1", "there is no version 1999-1 of the map"),
    ("move", nothing, f"move 2026-1 --map {NERGENS}", "no running stap of that route on this map"),
    ("demo", nothing, "demo --no-serve --size 3", "holds trajecten or persons that are no demo; name another one"),
    ("demo", of_real_people, "demo --no-serve --size 3", "real personal data"),
    ("serve", without_database, "serve", "there is no database at"),
    ("serve", of_another_version, "serve", "tables of version 9999"),
    ("serve", elsewhere, "serve", "the database does not answer"),
    ("doctor", without_database, "doctor", "FAIL there is no database at"),
    ("doctor", of_another_version, "doctor", "FAIL the database has tables of version 9999"),
    ("doctor", elsewhere, "doctor", "FAIL the database refused: "),
    ("replay", nothing, "replay SHV-2026-99999", "there is no traject SHV-2026-99999"),
    ("replay", nothing, "replay $nummer --bekend 2020-01-01", "or it was not known yet"),
    ("replay", nothing, "replay $nummer --bekend 9999-12-31", "--bekend is in the future"),
    ("user add", with_organisation_closed, ADD, "this organisation was closed"),
    ("user add", nothing, ADD.replace("KBL", "kleine-letters"), "at most 32 capitals"),
    ("backup", without_database, "backup $nieuw", "there is no database at"),
    ("backup", elsewhere, "backup $nieuw", "use the database's own tools"),
    ("backup", nothing, "backup $concept", "exists already; name another file"),
    ("backup", nothing, "backup $map/nergens/x.db", "there is no folder"),
    ("restore", nothing, "restore $vreemd", "stop the application and move away first"),
    ("restore", with_old_wal, "restore $vreemd", "move away first"),
    ("restore", elsewhere, "restore $vreemd", "use the database's own tools"),
    ("restore", without_database, "restore $rommel", "file is not a database"),
    ("restore", without_database, "restore $vreemd", "holds no tables of this program"),
    ("restore", without_database, "restore $map/nergens.db", "there is no database at"),
    ("restore", without_database, "restore $map", "there is no database at"),
    ("restore", with_a_backup_cut_short, "restore $half", "half.db: "),
    ("copy", nothing, "copy --to $database", "the target database is not empty"),
    ("copy", nothing, "copy --to ergens", "--to is no address that can be used"),
    ("copy", nothing, "copy --to postgresql+psycopg://x@127.0.0.1:1/x", "Connection refused"),
    ("copy", nothing, "copy --to sqlite:///$map/nergens/x.db", "unable to open database file"),
    ("import ddas", nothing, "import ddas $map/nergens.json", "No such file or directory"),
    ("import opgaven", nothing, "import opgaven $map/nergens.csv", "No such file or directory"),
    ("export ddas", nothing, "export ddas --van 2026-01-01 --tot 2026-01-01", "--tot must be later than --van"),
    ("seal", without_seal_key, "seal", "ROUTEKAART_SEAL_KEY must be 64 hexadecimal digits"),
    ("seal", with_another_seal, "seal", "zegel-000001.txt: another one was published before"),
    ("verify", with_another_seal, "verify", "seal: zegel-000001: it was published and is not in the database"),
    ("verify", with_a_day_changed, "verify", ", gebeurtenis 1: it is not what was recorded"),
    ("verify", nothing, "verify --key x", "--key must be the whole line in sleutel.txt"),
    ("prove gebeurtenis", nothing, "prove gebeurtenis $nummer 1 --output $nieuw", "there is no seal yet"),
    ("prove gebeurtenis", nothing, "prove gebeurtenis $nummer 9 --output $nieuw", "there is no gebeurtenis 9 of SHV-"),
    ("prove seals", nothing, "prove seals 1 2 --output $nieuw", "there is no such seal"),
    ("rotate", nothing, "rotate", "so give the new key in ROUTEKAART_SEAL_KEY_NEW"),
    ("rotate", with_a_short_new_key, "rotate", "ROUTEKAART_SEAL_KEY_NEW must be 64 hexadecimal digits"),
    ("rotate", nothing, "rotate --lost", "no key was lost: the present one is to sign the next seal"),
    ("parcel", nothing, "parcel --output $nieuw --login niemand --password x", "login or password is wrong"),
    ("report", nothing, "report --van 2026-01-01 --tot 2026-01-01", "--tot must be later than --van"),
    ("report", nothing, "report --van 1899-01-01 --tot 2026-01-01", "the period must lie in the years 2000 to 2059"),
    ("report", nothing, f"{REPORT} --bekend 2999-01-01", "--bekend is in the future"),
    ("report", nothing, f"{REPORT} --gemeente GM9999", "there is no gemeente GM9999; the map has GM0917, GM0935"),
    ("report", nothing, f"{REPORT} --split kleur", "cannot split by kleur; choose jaar, kwartaal, maand, "),
    ("report", nothing, f"{REPORT} --code D5 --code Z9", "there is no indicator Z9; there are "),
    ("report", nothing, f"{REPORT} --route budgetbeheer", "there is no report on budgetbeheer alone"),
    ("compare", nothing, "compare $lijst --gemeente GM9999", "there is no gemeente GM9999"),
    ("compare", nothing, "compare $kaart", "there is no heading above this cell"),
    ("whatif", nothing, "whatif --term zomaar=3d", "there is no term zomaar; the map has "),
    ("whatif", nothing, "whatif --term besluit=lang", "--term besluit=lang: write the length as 90d, 10wd, 8w or 3m"),
    ("whatif", nothing, "whatif --guard schuldhulp.niets:was_in=mesis", "there is no overgang schuldhulp.niets"),
    ("whatif", nothing, "whatif --guard schuldhulp.toelaten:niets=1", "'niets' is not a voorwaarde"),
    ("whatif", nothing, "whatif --term besluit=3d --gemeente GM9999", "there is no gemeente GM9999"),
    ("sample", nothing, f"{SAMPLE} --gemeente GM9999", "there is no gemeente GM9999; the map has GM0917, GM0935"),
    ("sample", nothing, f"{SAMPLE} --bekend 2999-01-01", "--bekend is in the future"),
    ("sample", nothing, f"{SAMPLE}{'x' * 80}", "--seed must have 1 to 64 printable characters"),
    ("report", nothing, f"{REPORT} --output $map/nergens/uit.txt", "No such file or directory"),
    *((name_of(g), without_database, g, "run `routekaart init` first") for g in (*SCHRIJFT, *LEEST)),
    *((name_of(g), of_another_version, g, "make a backup and run `routekaart init`") for g in (*SCHRIJFT, *LEEST)),
    *((name_of(g), elsewhere, g, "Connection refused") for g in SCHRIJFT),
]
"""Command, what is wrong, what is typed, and part of the one line that says so."""


@pytest.mark.parametrize(("naam", "wat", "getypt", "zin"), WEIGERT, ids=lambda x: getattr(x, "__name__", None))
def test_what_cannot_be_done_is_refused_in_a_line(
    kantoor: Kantoor, naam: str, wat: Doen, getypt: str, zin: str
) -> None:
    wat(kantoor)
    uitkomst = kantoor.run(getypt)
    assert (uitkomst.exit_code, len(uitkomst.stderr.splitlines())) == (1, 1), uitkomst.output
    assert zin in uitkomst.stderr
    assert naam in ("doctor", "verify") or uitkomst.stdout == ""
    assert "Errno" not in uitkomst.stderr


def test_a_parcel_is_made_by_an_auditor_and_by_nobody_else(kantoor: Kantoor, tmp_path: Path) -> None:
    """The password keeps nothing from who can read the database: it is asked so that the name on record is right."""
    for rol in ("auditor", "coordinator"):
        kantoor.run(f"user add {rol} --name Naam --role {rol} --organisation GM --password paard-batterij-nietje")
    getypt = f"parcel --output {tmp_path / 'p.zip'} --login"
    geweigerd = kantoor.run(f"{getypt} coordinator", input="paard-batterij-nietje\n")
    assert (geweigerd.exit_code, (tmp_path / "p.zip").exists()) == (1, False)
    assert "coordinator is no auditor" in geweigerd.stderr
    gemaakt = kantoor.run(f"{getypt} auditor", input="paard-batterij-nietje\n")
    assert gemaakt.exit_code == 0, gemaakt.output
    assert "1 rows up to seal 1; pseudonymous personal data" in gemaakt.stdout
    assert stat.S_IMODE((tmp_path / "p.zip").stat().st_mode) == 0o600
    assert [pad.name for pad in tmp_path.glob("*p.zip*")] == ["p.zip"]
    assert kantoor.run("verify").exit_code == 0


@pytest.mark.parametrize("getal", ["0", "9223372036854775808", "9" * 400])
def test_what_cannot_be_a_number_of_anything_is_a_command_written_wrongly(kantoor: Kantoor, getal: str) -> None:
    for opdracht in (f"gebeurtenis $nummer {getal}", f"gebeurtenis $nummer 1 --seal {getal}", f"seals 1 {getal}"):
        uitkomst = kantoor.run(f"prove {opdracht} --output $nieuw")
        assert (uitkomst.exit_code, "Traceback" in uitkomst.stderr) == (2, False)


def test_what_is_proven_is_written_to_a_file_of_its_owner_alone(kantoor: Kantoor, tmp_path: Path) -> None:
    kantoor.run("seal")
    for getypt, antwoord in (
        (f"prove gebeurtenis $nummer 1 --output {tmp_path / 'rij.json'}", "pseudonymous personal data"),
        (f"prove gebeurtenis $nummer 1 --seal 1 --output {tmp_path / 'rij.json'}", "pseudonymous personal data"),
        (f"prove seals 1 1 --output {tmp_path / 'zegels.json'}", "seal 1 goes on from seal 1"),
    ):
        uitkomst = kantoor.run(getypt)
        assert (uitkomst.exit_code, antwoord in uitkomst.stdout) == (0, True), uitkomst.output
    for naam, soort in (("rij.json", "inclusion"), ("zegels.json", "consistency")):
        assert json.loads((tmp_path / naam).read_text(encoding="utf-8"))["proof"] == soort
        assert stat.S_IMODE((tmp_path / naam).stat().st_mode) == 0o600


def test_seals_answer_in_json_for_scripts(kantoor: Kantoor) -> None:
    een, twee = (json.loads(kantoor.run("seal --json").stdout) for _ in range(2))
    assert (een["zegel"], een["size"], een["new"], len(een["files"])) == (1, 1, True, 2)
    assert (twee["zegel"], twee["new"], twee["files"]) == (1, False, [])
    assert json.loads(kantoor.run("verify --json").stdout)["ok"] is True
    with_a_day_changed(kantoor)
    uitkomst = kantoor.run("verify --json")
    gevonden = json.loads(uitkomst.stdout)
    assert (uitkomst.exit_code, gevonden["ok"], gevonden["named"][0]["gebeurtenis"]) == (1, False, 1)


def test_a_refused_import_names_every_place_on_a_line(kantoor: Kantoor) -> None:
    kantoor.file("stuk.json", "{}")
    uitkomst = kantoor.run("import ddas $stuk")
    assert uitkomst.exit_code == 1
    assert uitkomst.stderr.splitlines()[-1] == "refused: nothing was changed"


def test_what_is_refused_leaves_no_file_behind(kantoor: Kantoor) -> None:
    without_database(kantoor)
    voor = set(kantoor.map.iterdir())
    for getypt in ("backup $nieuw", "restore $rommel", "doctor", "rebuild", "copy --to sqlite:///$nieuw"):
        assert kantoor.run(getypt).exit_code == 1
    assert set(kantoor.map.iterdir()) == voor


@pytest.mark.parametrize("naam", sorted(commands(main)))
def test_who_types_it_wrong_hears_how_to_type_it(kantoor: Kantoor, naam: str) -> None:
    uitkomst = kantoor.run(f"{naam} --nonsense")
    assert (uitkomst.exit_code, uitkomst.stdout) == (2, "")
    assert f"{naam} [OPTIONS]" in uitkomst.stderr
    assert "No such option" in uitkomst.stderr


@pytest.mark.parametrize("naam", sorted(commands(main)))
def test_every_command_explains_itself(kantoor: Kantoor, naam: str) -> None:
    uitkomst = kantoor.run(f"{naam} --help")
    assert (uitkomst.exit_code, uitkomst.stderr) == (0, "")


GEEN_ADRES = ("niets", "sqlite://", "mysql://x/y", "postgresql+psycopg://")
IN_HET_GEHEUGEN = ("sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true", "sqlite:///file::memory:?uri=true")


@pytest.mark.parametrize("adres", [*GEEN_ADRES, *IN_HET_GEHEUGEN])
def test_an_address_that_is_none_is_not_repeated(kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch, adres: str) -> None:
    """It may hold a password."""
    monkeypatch.setenv("ROUTEKAART_DATABASE", adres)
    uitkomst = kantoor.run("rebuild")
    assert uitkomst.exit_code == 1
    assert uitkomst.stderr.startswith("ROUTEKAART_DATABASE is no address that can be used; write sqlite:///FILE")
    assert len(uitkomst.stderr.splitlines()) == 1


@pytest.mark.parametrize("adres", IN_HET_GEHEUGEN)
def test_nothing_is_kept_where_it_is_gone_when_the_program_ends(kantoor: Kantoor, adres: str) -> None:
    assert kantoor.run(f"copy --to {adres}").stderr.startswith("--to is no address that can be used")
    kantoor.setenv("ROUTEKAART_DATABASE", adres)
    assert kantoor.run("init").stderr.startswith("ROUTEKAART_DATABASE is no address that can be used")


@pytest.mark.parametrize("getypt", ["replay \udcff\udcfe", f"{ADD} --password paard-batterij-nietje-\udcff"])
def test_bytes_that_are_no_letters_are_refused(kantoor: Kantoor, getypt: str) -> None:
    uitkomst = kantoor.run(getypt)
    assert (uitkomst.exit_code, uitkomst.stdout) == (1, "")
    assert uitkomst.stderr == "what was typed holds bytes that are no letters in UTF-8\n"


# -- Accounts, in English ----------------------------------------------------------------------------------------------

SLECHT: Mapping[Geweigerd, dict[str, str]] = {
    Geweigerd.INLOGNAAM: {"wie": "x"},
    Geweigerd.BEZET: {"wie": "bezet"},
    Geweigerd.NAAM: {"--name": "n" * (MAX_NAAM + 1)},
    Geweigerd.KORT: {"--password": "kort"},
    Geweigerd.LANG: {"--password": "paard batterij " * MAX_WACHTWOORD},
    Geweigerd.RAADBAAR: {"--password": "aaaaaaaaaaaa"},
}
"""The role is judged by its option, and a closed organisation stands above."""


def test_everything_an_account_is_refused_for_is_said_in_english() -> None:
    assert set(ENGELS) == set(Geweigerd)
    assert set(SLECHT) | {Geweigerd.ROL, Geweigerd.ORGANISATIE} == set(Geweigerd)


@pytest.mark.parametrize("waarom", SLECHT)
def test_an_account_that_cannot_be_is_refused_in_english(kantoor: Kantoor, waarom: Geweigerd) -> None:
    kantoor.run("user add bezet --name Naam --role auditor --organisation KBL")
    anders = dict(SLECHT[waarom])
    opties = {"--name": "Naam", "--role": str(Rol.AUDITOR), "--organisation": "NOG-NIET"} | anders
    wie = opties.pop("wie", "jansen")
    uitkomst = CliRunner().invoke(main, ["user", "add", wie, *(woord for paar in opties.items() for woord in paar)])
    assert (uitkomst.exit_code, uitkomst.stdout, uitkomst.stderr) == (1, "", f"{ENGELS[waarom]}\n")
    with reading(kantoor.database) as db:
        assert db.execute(text("SELECT count(*) FROM organisatie WHERE code = 'NOG-NIET'")).scalar_one() == 0


def test_all_that_is_wrong_with_an_account_is_said_at_once(kantoor: Kantoor) -> None:
    uitkomst = kantoor.run("user add x --name Naam --role auditor --organisation KBL --password kort")
    assert uitkomst.stderr.splitlines() == [ENGELS[Geweigerd.INLOGNAAM], ENGELS[Geweigerd.KORT]]


@pytest.mark.parametrize("opdracht", ["rebuild", "import ddas $levering", "import opgaven $opgaven"])
def test_nothing_is_written_where_the_log_could_be_changed(kantoor: Kantoor, opdracht: str) -> None:
    with transaction(kantoor.database) as db:
        db.execute(text("DROP TRIGGER gebeurtenis_geen_update"))
        db.execute(
            text("CREATE TRIGGER gebeurtenis_geen_update BEFORE UPDATE ON gebeurtenis WHEN 0 BEGIN SELECT 1; END")
        )
    uitkomst = kantoor.run(opdracht)
    assert uitkomst.exit_code == 1
    assert uitkomst.stderr.startswith("the triggers that keep the log append-only are gone or changed: gebeurtenis_ge")


# -- When nobody knows -------------------------------------------------------------------------------------------------

FOUTEN = {
    "unexpected ValueError at test_opdrachten.py:": ValueError("Fatima el Amrani, 111222333"),
    "unexpected KeyError at test_opdrachten.py:": KeyError("Fatima"),
    "unexpected RecursionError at ": RecursionError(),
    "personal data cannot be opened: ROUTEKAART_MASTER_KEY is not the key": KluisDicht("dicht"),
    "the Python package psycopg is not installed": ModuleNotFoundError("No module", name="psycopg"),
    "/x/y: No space left on device": OSError(errno.ENOSPC, "No space left on device", "/x/y"),
    "the database refused: database is locked": OperationalError(
        "INSERT", {}, sqlite3.OperationalError("database is locked")
    ),
    "the database refused: disk I/O error": sqlite3.OperationalError("disk I/O error"),
}


@pytest.fixture
def stuk(kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], Result]:
    """Run a command in which this goes wrong."""

    def run(fout: Exception) -> Result:
        def broken(*_: Any) -> None:
            raise fout

        monkeypatch.setattr(opdrachten.projectie, "rebuild", broken)
        return kantoor.run("rebuild")

    return run


@pytest.mark.parametrize("zin", FOUTEN)
def test_whatever_goes_wrong_is_a_line_without_anything_personal(stuk: Callable[[Exception], Result], zin: str) -> None:
    uitkomst = stuk(FOUTEN[zin])
    assert (uitkomst.exit_code, len(uitkomst.stderr.splitlines())) == (1, 1)
    assert uitkomst.stderr.startswith(zin)
    assert "Fatima" not in uitkomst.output


def test_what_nobody_foresaw_says_how_to_see_more(
    stuk: Callable[[Exception], Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    fout = ValueError("inside")
    assert stuk(fout).stderr.endswith("data was changed, or this with ROUTEKAART_DEBUG=ja for the details\n")
    monkeypatch.setenv("ROUTEKAART_DEBUG", "ja")
    assert stuk(fout).exception is fout


# -- Hostile maps ------------------------------------------------------------------------------------------------------

VIJANDIG: Mapping[str, bytes] = {
    "empty": b"",
    "blank": b"\n\n  \n",
    "binary": bytes(range(256)) * 50,
    "a zip": b"PK\x03\x04" + b"\x00" * 500,
    "utf-16": KLEIN.encode("utf-16"),
    "deep list": b"[" * 100_000,
    "deep mapping": b"{a: " * 100_000,
    "deep indentation": b"\n".join(b" " * n + b"a:" for n in range(1_500)),
    "one huge scalar": b"a: " + b"x" * 1_900_000,
    "one huge quoted scalar": b'a: "' + b"x " * 900_000 + b'"',
    "one huge key": b"x" * 1_900_000 + b": a",
    "one huge number": b"a: " + b"9" * 1_900_000,
    "one huge comment": b"#" * 1_900_000,
    "larger than a map may be": b"a: b\n" * 600_000,
    "aliases that multiply": (HUIS / "tests" / "kaarten" / "miljard_keer.yaml").read_bytes(),
    "another document": KLEIN.encode() + b"\n---\n" + KLEIN.encode(),
    "no mapping": b"just a sentence",
    "many keys": b"\n".join(b"k%d: 1" % n for n in range(100_000)),
}


@pytest.mark.parametrize("naam", VIJANDIG)
def test_a_hostile_map_is_refused_soon_on_lines_that_name_the_file(kantoor: Kantoor, naam: str) -> None:
    pad = kantoor.file("vijand.yaml", VIJANDIG[naam])
    begin = time.process_time()
    uitkomst = kantoor.run("check $vijand")
    assert time.process_time() - begin < 10
    assert (uitkomst.exit_code, uitkomst.stdout) == (1, "")
    for regel in uitkomst.stderr.splitlines():
        waar, nummer, zin = regel.removeprefix(str(pad.parent)).split(":", 2)
        assert (waar, nummer.isdecimal(), bool(zin.strip())) == ("/vijand.yaml", True, True)
        assert len(regel) < 600


def test_a_map_is_no_folder_and_no_endless_stream(kantoor: Kantoor) -> None:
    for getypt, zin in {"check $map": "Is a directory", "check /dev/zero": "this is no ordinary file"}.items():
        uitkomst = kantoor.run(getypt)
        assert (uitkomst.exit_code, len(uitkomst.stderr.splitlines())) == (1, 1)
        assert zin in uitkomst.stderr


LEEST_BESTAND = (
    "check",
    "import ddas",
    "import ddas --dry-run",
    "import opgaven",
    "import opgaven --dry-run",
    "restore",
    "compare",
)
GEEN_BESTAND: Mapping[str, str | bytes] = {"leeg": b"", "binair": bytes(range(256)) * 20}


def open_for_nobody(pad: Path) -> Callable[..., int]:
    """An `os.open` that may not read this file; whoever runs the tests may read everything."""
    was = os.open

    def refuse(deze: Any, *rest: Any, **meer: Any) -> int:
        if deze == pad:
            raise PermissionError(errno.EACCES, "Permission denied")
        return was(deze, *rest, **meer)

    return refuse


@pytest.mark.parametrize("opdracht", LEEST_BESTAND)
@pytest.mark.parametrize("wat", ["map", "weg", "leeg", "binair", "dicht"])
def test_whatever_is_wrong_with_a_file_its_name_comes_first(
    kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch, opdracht: str, wat: str
) -> None:
    if opdracht == "restore":
        without_database(kantoor)
    pad = kantoor.map if wat == "map" else kantoor.map / wat
    if wat in GEEN_BESTAND:
        kantoor.file(wat, GEEN_BESTAND[wat])
    if wat == "dicht":
        kantoor.file(wat, b"{}")
        monkeypatch.setattr("os.open", open_for_nobody(pad))
    uitkomst = kantoor.run(f"{opdracht} {pad}")
    eerste, *rest = uitkomst.stderr.splitlines()
    assert (uitkomst.exit_code, uitkomst.stdout) == (1, "")
    assert re.match(rf"{re.escape(str(pad))}(:\d+)?: [a-zA-Z]", eerste), eerste
    assert rest in ([], ["refused: nothing was changed"])


@pytest.mark.parametrize("opdracht", ["export ddas --van 2026-01-01 --tot 2026-02-01", REPORT])
@pytest.mark.parametrize("waar", ["", "/nergens/uit", "/zip.db/uit"])
def test_a_place_where_nothing_can_be_written_is_named_as_it_was_typed(
    kantoor: Kantoor, opdracht: str, waar: str
) -> None:
    kantoor.file("zip.db", b"")
    pad = f"{kantoor.map}{waar}"
    uitkomst = kantoor.run(f"{opdracht} --output {pad}")
    assert (uitkomst.exit_code, uitkomst.stdout) == (1, "")
    assert re.fullmatch(rf"{re.escape(pad)}: [A-Z][a-z ]+\n", uitkomst.stderr), uitkomst.stderr


def test_findings_are_json_for_scripts_too(kantoor: Kantoor) -> None:
    uitkomst = kantoor.run("check $kapot --json")
    (bevinding, *_) = json.loads(uitkomst.stdout)
    assert (uitkomst.exit_code, uitkomst.stderr, bevinding.keys()) == (1, "", {"line", "text"})


# -- Serving -----------------------------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_refused(kantoor: Kantoor) -> None:
    with socket.socket() as bezet:
        bezet.bind(("127.0.0.1", 0))
        bezet.listen()
        uitkomst = kantoor.run(f"serve --port {bezet.getsockname()[1]}")
    assert uitkomst.exit_code == 1
    assert uitkomst.stderr.endswith("is in use; choose another with --port or --host\n")


def test_a_host_that_is_not_ours_is_refused(kantoor: Kantoor) -> None:
    uitkomst = kantoor.run("serve --host 192.0.2.1")
    assert (uitkomst.exit_code, "192.0.2.1 is not to be had" in uitkomst.stderr) == (1, True)


def _free_port() -> int:
    with socket.socket() as vrij:
        vrij.bind(("127.0.0.1", 0))
        return int(vrij.getsockname()[1])


def test_serve_answers_until_it_is_told_to_stop(kantoor: Kantoor) -> None:
    poort = _free_port()
    opdracht = [Path(sys.executable).with_name("routekaart"), "serve", "--port", str(poort), "--workers", "1"]
    with subprocess.Popen(opdracht, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert "Inloggen" in _answer(("127.0.0.1", poort), server)
        finally:
            server.terminate()
        uitvoer = server.communicate(timeout=30)[0]
    assert uitvoer.startswith(f"Routekaart is ready at http://127.0.0.1:{poort}/")
    assert "Traceback" not in uitvoer


def test_a_letter_can_be_made_where_the_demo_is_served(leeg_kantoor: Kantoor) -> None:
    """The demo has made letters before it serves; what makes them must still answer in the processes that serve."""
    poort = _free_port()
    opdracht = [sys.executable, "-c", opdrachten.SERVE, "demo", "--size", "12", "--port", str(poort)]
    with subprocess.Popen(opdracht, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as server:
        try:
            assert "Inloggen" in _answer(("127.0.0.1", poort), server)
            assert _letter_of(f"http://127.0.0.1:{poort}", leeg_kantoor).startswith(b"%PDF")
        finally:
            server.terminate()
        assert "Traceback" not in server.communicate(timeout=30)[0]


def _letter_of(url: str, kantoor: Kantoor) -> bytes:
    """A concept of the demo as a PDF, asked for by whom it may."""
    with reading(kantoor.database) as db:
        assert db.execute(select(brief.c.id).where(brief.c.status != "concept")).first(), "the demo made no letter"
        vraag = select(trajectnummer.c.nummer, brief.c.nummer).join(
            trajectnummer, trajectnummer.c.id == brief.c.traject_id
        )
        nummer, briefnummer = db.execute(vraag.where(brief.c.status == "concept").limit(1)).one()
    browser = build_opener(HTTPCookieProcessor())
    blad = browser.open(f"{url}/inloggen", timeout=10).read().decode()
    (teken,) = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', blad)[:1]
    velden = {"csrf_token": teken, "inlognaam": "coordinator", "wachtwoord": WACHTWOORD}
    browser.open(f"{url}/inloggen", urlencode(velden).encode(), timeout=10).read()
    adres = f"{url}/trajecten/{nummer}/brieven/{briefnummer}/bestand.pdf"
    return bytes(browser.open(adres, timeout=30).read())


def _answer(waar: tuple[str, int], server: subprocess.Popen[str]) -> str:
    einde = time.monotonic() + 60
    while time.monotonic() < einde and server.poll() is None:
        try:
            with closing(HTTPConnection(*waar, timeout=10)) as vraag:
                vraag.request("GET", "/inloggen")
                return vraag.getresponse().read().decode()
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer")
