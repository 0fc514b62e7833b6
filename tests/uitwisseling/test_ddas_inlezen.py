"""Taking a delivery in: once, whole or not at all, nothing made up, nothing personal in the log."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from leveringen import DOOR, EIGEN, Json, as_bytes, day, delivery, one, several, trajecten
from sqlalchemy import Connection, func, select
from test_ddas_lezen import mutated, wijzigingen

from models.database import transaction
from models.gebeurtenis import gebeurtenis
from models.persoon import persoon
from models.projectie import verblijf
from models.tabellen import all_tables
from models.traject import traject
from workflow import personen, voortgang
from workflow.gezin import load
from workflow.historie import content
from workflow.kaarten import in_force
from workflow.kalender import date_of
from workflow.personen import Gegevens
from workflow.uitwisseling import ddas, ddas_inlezen, ddas_plek
from workflow.uitwisseling.ddas import LeveringGeweigerd, Verslag
from workflow.voortgang import OvergangGeweigerd, amend, start

BSN = "900000004"


def take_in(db: Connection, levering: Json) -> Verslag:
    """Import a delivery."""
    return ddas.import_delivery(db, as_bytes(levering), DOOR)


def codes(verslag: ddas.Voorbeeld) -> set[tuple[str, str]]:
    """Last part of the path and code of each finding."""
    return {(o.plaats.split("]")[-1].strip(".") or o.plaats, o.code) for o in verslag.opmerkingen}


def count(db: Connection) -> dict[str, int]:
    """The number of rows of every table."""
    return {t.name: db.execute(select(func.count()).select_from(t)).scalar_one() for t in all_tables().sorted_tables}


def story(db: Connection, nummer: str) -> list[tuple[str, str | None]]:
    """Day and overgang of everything that happened in a traject."""
    return [(date_of(f.dag).isoformat(), f.overgang) for f in load(db, nummer).by_nummer(nummer).feiten]


def only(db: Connection, levering: Json) -> str:
    """Import a delivery of one traject and return its number."""
    (regel,) = take_in(db, levering).regels
    assert regel.nummer
    return regel.nummer


# --- Once, and whole ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("naam", EIGEN)
def test_a_second_run_adds_nothing(db: Connection, naam: str) -> None:
    eerste = take_in(db, delivery(naam))
    na_een = count(db)
    tweede = take_in(db, delivery(naam))
    assert eerste.geteld["nieuw"] == len(trajecten(delivery(naam))) == tweede.geteld["aanwezig"]
    assert [r.nummer for r in tweede.regels] == [r.nummer for r in eerste.regels]
    assert (tweede.gebeurtenissen, tweede.nieuwe_personen) == (0, 0)
    assert count(db) == na_een


@pytest.mark.parametrize("naam", EIGEN)
def test_the_preview_says_what_the_import_does_and_writes_nothing(db: Connection, naam: str) -> None:
    voor = count(db)
    voorbeeld = ddas.preview(db, as_bytes(delivery(naam)))
    assert count(db) == voor
    verslag = take_in(db, delivery(naam))
    assert [(r.pad, r.uitkomst, r.gebeurtenissen) for r in voorbeeld.regels] == [
        (r.pad, r.uitkomst, r.gebeurtenissen) for r in verslag.regels
    ]
    assert voorbeeld.opmerkingen == verslag.opmerkingen
    assert voorbeeld.nieuwe_personen == verslag.nieuwe_personen
    geleverd = select(func.count()).where(gebeurtenis.c.bron_vastgelegd_op.is_not(None))
    assert db.execute(geleverd).scalar_one() == voorbeeld.gebeurtenissen


@pytest.mark.parametrize("k", [0, 1, 9, 25])
def test_an_import_that_breaks_half_way_leaves_nothing(database: str, monkeypatch: pytest.MonkeyPatch, k: int) -> None:
    with transaction(database) as db:
        voor = count(db)
    gedaan = iter(range(100))

    def stumble(*args: Any, **rest: Any) -> Any:
        if next(gedaan) == k:
            raise OSError(28, "No space left on device")
        return voortgang.advance(*args, **rest)

    monkeypatch.setattr(ddas_inlezen, "advance", stumble)
    with pytest.raises(OSError, match="No space"), transaction(database) as db:
        take_in(db, delivery())
    with transaction(database) as db:
        assert count(db) == voor


def test_what_the_engine_refuses_refuses_the_file_at_its_path(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_db: Connection, _nummer: str, overgang: str, *_: Any, **__: Any) -> Any:
        raise OvergangGeweigerd([f"Geen {overgang} vandaag."])

    monkeypatch.setattr(ddas_inlezen, "advance", refuse)
    with pytest.raises(LeveringGeweigerd) as geweigerd, transaction(database) as db:
        take_in(db, delivery("zonder_fasen"))
    (fout,) = geweigerd.value.opmerkingen.fouten
    assert (fout.plaats, fout.code) == ("$.leveringen[0].schuldhulptrajecten[0].einddatum", "geweigerd")
    with transaction(database) as db:
        assert count(db)["persoon"] == 0


def test_one_fout_refuses_the_whole_file(db: Connection) -> None:
    levering = delivery()
    trajecten(levering)[3]["startdatum"] = "2024-02-30"
    voorbeeld = ddas.preview(db, as_bytes(levering))
    assert (voorbeeld.is_leesbaar, voorbeeld.regels) == (False, ())
    with pytest.raises(LeveringGeweigerd, match=r"schuldhulptrajecten\[3\].startdatum: this date does not exist"):
        take_in(db, levering)
    assert count(db)["gebeurtenis"] == 0


def test_progress_is_told_per_traject(db: Connection) -> None:
    stappen: list[int] = []
    ddas.import_delivery(db, as_bytes(delivery()), DOOR, stappen.append)
    assert sum(stappen) == 4


def test_both_clocks(db: Connection) -> None:
    take_in(db, delivery())
    rijen = db.execute(select(gebeurtenis)).all()
    assert {r.bron_vastgelegd_op for r in rijen if r.overgang and "sluiten" not in r.overgang} == {1768465800000000}
    assert all(r.vastgelegd_op >= 1772442000000000 for r in rijen)


# --- Nothing made up ------------------------------------------------------------------------------------------------


def test_a_traject_without_phases_stands_apart_with_its_outcome_unknown(db: Connection) -> None:
    open_ = only(db, one(einddatum=None))
    assert story(db, open_) == [("2024-01-10", "inlezen")]
    rij = db.execute(select(traject).where(traject.c.nummer == open_)).one()
    assert (rij.stap, rij.is_open, rij.gemeente) == ("ingelezen", True, "GM0935")
    gesloten = only(db, one(client=[{"Geboortedatum": "1960-01-01"}]))
    assert story(db, gesloten) == [("2024-01-10", "inlezen"), ("2024-10-28", "einde_inlezen")]
    assert db.execute(select(traject.c.klasse).where(traject.c.nummer == gesloten)).scalar_one() == "neutraal"
    assert set(db.execute(select(verblijf.c.ingang)).scalars()) == {"import"}


def test_real_deliveries_name_no_phase_and_no_right_bsn_and_are_taken_in_marked(db: Connection) -> None:
    """Eleven trajecten as in the published examples: ten say nothing of a phase, and no BSN passes the 11-proef."""
    regels = [regel for naam in ("enkelvoudig", "meervoudig") for regel in take_in(db, delivery(naam)).regels]
    let_op = [_start_of(db, str(regel.nummer))["bron"]["let_op"] for regel in regels]
    assert len(regels) == 11
    assert all("bsn_klopt_niet" in codes for codes in let_op)
    assert ["geen_fasen" in codes for codes in let_op] == [False, *[True] * 10]
    for regel in regels[1:]:
        assert [overgang for _, overgang in story(db, str(regel.nummer))] == ["inlezen", "einde_inlezen"]


def _start_of(db: Connection, nummer: str) -> Json:
    return content(load(db, nummer).by_nummer(nummer).log[0])


def test_each_phase_becomes_a_stay_on_its_own_days(db: Connection) -> None:
    nummer = take_in(db, delivery()).regels[0].nummer
    assert nummer
    assert story(db, nummer) == [
        ("2024-01-08", "inlezen"),
        ("2024-01-08", "fase_vaststellen_melding"),
        ("2024-01-22", "fase_loslaten"),
        ("2024-01-22", "fase_vaststellen_intake"),
        ("2024-02-26", "toelating_inlezen"),
        ("2024-02-26", "fase_loslaten"),
        ("2024-02-26", "fase_vaststellen_stabilisatie"),
        ("2024-05-21", "fase_loslaten"),
        ("2024-05-21", "fase_vaststellen_minnelijk_voorbereiding"),
        ("2024-06-20", "fase_loslaten"),
        ("2024-06-20", "fase_vaststellen_dwangakkoord"),
        ("2024-07-15", "fase_loslaten"),
        ("2024-08-01", "fase_vaststellen_minnelijk_lopend"),
        ("2025-09-30", "fase_loslaten"),
        ("2025-10-01", "fase_vaststellen_nazorg"),
        ("2025-11-03", "succes_inlezen"),
    ]
    stand = load(db, nummer).by_nummer(nummer).stand
    assert (stand.kenmerken["regeling_variant"], stand.kenmerken["beschikking"]) == ("schuldbemiddeling", "toelating")


def test_every_day_in_the_log_is_a_day_of_the_delivery(db: Connection) -> None:
    take_in(db, delivery())
    dagen = {date_of(dag).isoformat() for dag in db.execute(select(gebeurtenis.c.dag)).scalars()}
    assert dagen <= set(re.findall(r"\d{4}-\d{2}-\d{2}", json.dumps(delivery())))


def test_a_rejection_is_an_end(db: Connection) -> None:
    nummer = take_in(db, delivery()).regels[1].nummer
    assert nummer
    assert story(db, nummer)[-1] == ("2024-05-13", "afwijzing_inlezen")
    assert db.execute(select(traject.c.klasse).where(traject.c.nummer == nummer)).scalar_one() == "afwijzing"


def test_lists_become_child_trajecten(db: Connection) -> None:
    wortel = take_in(db, delivery()).regels[0].nummer
    rijen = db.execute(
        select(traject.c.route, traject.c.begonnen_op, traject.c.beeindigd_op).where(traject.c.ouder_id.is_not(None))
    )
    kinderen = sorted((r.route, date_of(r.begonnen_op).isoformat(), date_of(r.beeindigd_op).isoformat()) for r in rijen)
    assert wortel
    assert kinderen == [
        ("begeleiding", "2024-03-01", "2025-11-03"),
        ("begeleiding", "2024-03-04", "2024-04-01"),
        ("budgetbeheer", "2024-02-01", "2025-01-31"),
        ("crisis", "2024-01-08", "2024-01-19"),
        ("crisis", "2024-06-03", "2024-06-10"),
        ("juridisch", "2024-01-10", "2024-01-31"),
        ("juridisch", "2024-01-16", "2024-07-16"),
    ]


@pytest.mark.parametrize(
    ("velden", "plek", "code", "verhaal"),
    [
        ({"intake": {"einddatum": "2024-03-01"}}, "intake", "fase_zonder_begin", []),
        ({"intake": {"startdatum": "2023-12-31"}}, "intake.startdatum", "fase_buiten_traject", []),
        ({"nazorg": {"startdatum": "2024-12-31"}}, "nazorg.startdatum", "fase_buiten_traject", []),
        ({"nazorg": {"startdatum": "2026-12-31"}, "einddatum": None}, "nazorg.startdatum", "toekomst", []),
        ({"oplossing": {"startdatum": "2024-03-01"}}, "oplossing.startdatum", "geen_stap", []),
        (
            {"intake": {"startdatum": "2024-02-01", "einddatum": "2024-01-20"}},
            "intake.einddatum",
            "fase_einde_voor_begin",
            [("2024-02-01", "fase_vaststellen_intake")],
        ),
        (
            {
                "intake": {"startdatum": "2024-02-01", "einddatum": "2024-04-01"},
                "stabilisatie": {"startdatum": "2024-03-01"},
            },
            "stabilisatie.startdatum",
            "fase_loopt_door",
            [
                ("2024-02-01", "fase_vaststellen_intake"),
                ("2024-03-01", "fase_loslaten"),
                ("2024-03-01", "fase_vaststellen_stabilisatie"),
            ],
        ),
    ],
)
def test_a_phase_that_cannot_be_placed_is_kept_and_said(
    db: Connection, velden: Json, plek: str, code: str, verhaal: list[tuple[str, str]]
) -> None:
    verslag = take_in(db, one(**velden))
    assert (plek, code) in codes(verslag)
    nummer = verslag.regels[0].nummer
    assert nummer
    gebeurd = [stap for stap in story(db, nummer)[1:] if stap[1] != "einde_inlezen"]
    assert gebeurd == verhaal


def test_a_planned_end_in_the_future_leaves_the_traject_open(db: Connection) -> None:
    verslag = take_in(db, one(einddatum="2026-12-31"))
    assert ("einddatum", "toekomst") in codes(verslag)
    assert db.execute(select(traject.c.is_open)).scalar_one()


def test_a_traject_that_names_no_day_begins_when_it_was_delivered(db: Connection) -> None:
    verslag = take_in(db, one(startdatum=None, einddatum=None, toekenningsdatum=None))
    assert ("startdatum", "geen_startdatum") in codes(verslag)
    assert story(db, verslag.regels[0].nummer or "") == [("2026-01-15", "inlezen")]


def test_ends_that_differ_are_said(db: Connection) -> None:
    uit = {"datum": "2024-10-01", "datumBeeindigingsbeschikking": "2024-09-20", "reden": "Zelf"}
    verslag = take_in(db, one(uitstroom=uit))
    assert ("einddatum", "einddata_verschillen") in codes(verslag)
    assert story(db, verslag.regels[0].nummer or "")[-1] == ("2024-10-01", "zelf_inlezen")


def test_an_end_before_the_begin_refuses_the_file(db: Connection) -> None:
    with pytest.raises(LeveringGeweigerd) as geweigerd:
        take_in(db, one(einddatum=None, uitstroom={"datum": "2023-01-01", "reden": "Zelf"}))
    assert [f.code for f in geweigerd.value.opmerkingen.fouten] == ["einde_voor_begin"]


@pytest.mark.parametrize(
    ("reden", "overgang"),
    [
        ("Afgerond", "succes_inlezen"),
        ("Zelf", "zelf_inlezen"),
        ("Overleden", "einde_inlezen"),
        ("Verhuisd", "einde_inlezen"),
        ("Nietverschenen", "uitval_inlezen"),
        ("Ingetrokken", "uitval_inlezen"),
        ("Voldoet niet", "uitval_inlezen"),
        ("Niet passend", "uitval_inlezen"),
        ("Overig", "uitval_inlezen"),
    ],
)
def test_each_of_the_nine_reasons_has_its_end(db: Connection, reden: str, overgang: str) -> None:
    nummer = only(db, one(einddatum="2024-06-03", uitstroom={"datum": "2024-06-03", "reden": reden}))
    assert story(db, nummer)[-1] == ("2024-06-03", overgang)


def test_what_was_noted_marks_the_traject_in_the_log(db: Connection) -> None:
    take_in(db, one())
    inhoud = json.loads(db.execute(select(gebeurtenis.c.inhoud).where(gebeurtenis.c.soort == "start")).scalar_one())
    assert inhoud["bron"]["soort"] == "ddas"
    assert inhoud["bron"]["let_op"] == ["bsn_klopt_niet", "einde_zonder_reden", "geen_fasen"]
    assert inhoud["ingang"] == "import"


def test_a_map_without_a_place_for_deliveries_refuses_them(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ddas_inlezen, "find_route", lambda _kaart: None)
    voorbeeld = ddas.preview(db, as_bytes(one()))
    assert [(o.plaats, o.code) for o in voorbeeld.opmerkingen if o.soort == "fout"] == [("$", "geen_plek")]


@pytest.mark.parametrize(
    ("code", "velden"),
    [
        ("gemeente_onbekend", {"gemeentecode": "GM0001"}),
        ("begint_eerder", {"aanmelding": {"startdatum": "2024-01-02"}}),
        (
            "afwijzing_met_uitstroom",
            {
                "intake": {"beschikkingssoort": "Afwijzingsbeschikking", "beschikkingsdatum": "2024-03-01"},
                "uitstroom": {"reden": "Overig", "datum": "2024-03-01"},
            },
        ),
    ],
)
def test_each_way_of_placing_is_said(db: Connection, code: str, velden: Json) -> None:
    assert code in {o.code for o in take_in(db, one(**velden)).opmerkingen}


def test_without_a_place_for_the_rest_a_value_is_not_taken_over_and_that_is_said(
    db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    plekken = ddas_plek.find_route(in_force(db))
    assert plekken
    del plekken.velden[ddas_plek.REST]
    monkeypatch.setattr(ddas_inlezen, "find_route", lambda _kaart: plekken)
    verslag = take_in(db, one(totaalSchuldbedragBijAanvangSchuld=-5))
    assert "niet_overgenomen" in {o.code for o in verslag.opmerkingen}


# --- The same client, the same traject ------------------------------------------------------------------------------


def test_overlapping_trajecten_of_a_client_are_read_once_and_named(db: Connection) -> None:
    levering = several(
        {"startdatum": "2024-01-10", "einddatum": "2024-09-30"},
        {"startdatum": "2024-09-30", "einddatum": "2024-12-31"},
        {"startdatum": "2024-02-15", "einddatum": "2024-08-31"},
    )
    voorbeeld = ddas.preview(db, as_bytes(levering))
    verslag = take_in(db, levering)
    assert (
        [r.uitkomst for r in voorbeeld.regels] == [r.uitkomst for r in verslag.regels] == ["nieuw", "nieuw", "overlapt"]
    )
    (zin,) = [o for o in verslag.opmerkingen if o.code == "overlapt"]
    assert zin.plaats == "$.leveringen[0].schuldhulptrajecten[2]"
    assert "$.leveringen[0].schuldhulptrajecten[0]" in zin.tekst
    assert verslag.nieuwe_personen == 1


def running(db: Connection, wie: str, op: str) -> voortgang.Vastgelegd:
    """An open traject of our own."""
    invoer = {"bron": "eigen_melding", "crisis": "geen"}
    rest: Json = {"door": DOOR, "personen": [wie], "gemeente": "GM0935", "op": day(op)}
    return start(db, "schuldhulp", "melding_registreren", invoer, **rest)


def test_history_may_be_taken_in_beside_a_traject_that_runs_now(db: Connection) -> None:
    running(db, personen.register(db, Gegevens("Jansen", bsn=BSN)), "2024-10-28")
    assert [r.uitkomst for r in take_in(db, one(client=[{"Burgerservicenummer": BSN}])).regels] == ["nieuw"]


def test_who_comes_back_within_a_delivery_comes_from_the_earlier_traject(db: Connection) -> None:
    """Whatever their order in the file; history taken in beside what came later points at nothing later."""
    hier = running(db, personen.register(db, Gegevens("Jansen", bsn=BSN)), "2025-01-06")
    wie = {"client": [{"Burgerservicenummer": BSN}]}
    laat = {"startdatum": "2024-03-04", "einddatum": "2024-06-03", **wie}
    vroeg = {"startdatum": "2023-03-06", "einddatum": "2023-06-05", **wie}
    later, eerder = (str(regel.nummer) for regel in take_in(db, several(laat, vroeg)).regels)
    herkomst = [load(db, nummer).by_nummer(nummer).oorsprong.get("komt_uit") for nummer in (hier.nummer, eerder, later)]
    id_ = load(db, eerder).by_nummer(eerder).traject_id
    assert herkomst == [None, None, {"soort": "herstart", "traject": id_}]


def test_a_client_with_an_open_traject_here_keeps_that_one(db: Connection) -> None:
    wie = personen.register(db, Gegevens("Jansen", bsn=BSN))
    hier = running(db, wie, "2024-05-01")
    levering = one(client=[{"Burgerservicenummer": BSN}])
    assert [r.uitkomst for r in ddas.preview(db, as_bytes(levering)).regels] == ["overlapt"]
    verslag = take_in(db, levering)
    assert [r.uitkomst for r in verslag.regels] == ["overlapt"]
    assert any(hier.nummer in o.text for o in verslag.opmerkingen)


def test_the_same_traject_twice_in_a_file_is_one(db: Connection) -> None:
    levering = several({}, {})
    assert [r.uitkomst for r in take_in(db, levering).regels] == ["nieuw", "dubbel"]
    assert [r.uitkomst for r in take_in(db, levering).regels] == ["aanwezig", "dubbel"]


def test_a_changed_delivery_changes_nothing_and_says_what_differs(db: Connection) -> None:
    take_in(db, delivery())
    na_een = count(db)
    levering = delivery()
    eerste = trajecten(levering)[0]
    eerste["totaalSchuldbedragBijAanvangSchuld"] += 1
    eerste["nazorg"]["startdatum"] = "2025-10-02"
    eerste["schulden"][0]["bedrag"] = 1
    verslag = take_in(db, levering)
    assert [r.uitkomst for r in verslag.regels] == ["verschilt", "aanwezig", "aanwezig", "aanwezig"]
    (zin,) = [o.text for o in verslag.opmerkingen if o.code == "verschilt"]
    assert "nazorg.startdatum, schulden[0].bedrag, totaalSchuldbedragBijAanvangSchuld." in zin
    assert count(db) == na_een


def test_a_correction_here_is_no_difference_of_an_unchanged_delivery(db: Connection) -> None:
    nummer = only(db, one())
    amend(db, nummer, 1, invoer={"schuldbedrag": 1}, reden="telfout", door=DOOR)
    assert [r.uitkomst for r in take_in(db, one()).regels] == ["aanwezig"]


def test_a_client_is_found_by_bsn_and_never_changed(db: Connection) -> None:
    wie = personen.register(db, Gegevens("Jansen", bsn=BSN, postcode="6211AA"))
    verslag = take_in(db, one(client=[{"Burgerservicenummer": BSN, "Postcode": "6299ZZ", "Huisnummer": "1"}]))
    assert verslag.nieuwe_personen == 0
    (zin,) = [o for o in verslag.opmerkingen if o.code == "client_wijkt_af"]
    assert (zin.plaats[-10:], dict(zin.gegevens)) == (".client[0]", {"velden": "postcode, huisnummer"})
    assert personen.by_pseudonym(db, [wie])[wie].gegevens.postcode == "6211AA"


def test_who_was_merged_is_the_other(db: Connection) -> None:
    weg = personen.register(db, Gegevens("Jansen", bsn=BSN))
    blijft = personen.register(db, Gegevens("Janssen"))
    personen.merge(db, weg, blijft, door=DOOR, op=day("2024-01-01"))
    nummer = only(db, one(client=[{"Burgerservicenummer": BSN}]))
    assert list(load(db, nummer).by_nummer(nummer).stand.deelnemers) == [blijft]


def test_a_failing_bsn_joins_people_only_when_nothing_contradicts(db: Connection) -> None:
    nul = {"Burgerservicenummer": "999999999", "Geboortedatum": "1980-01-01"}
    levering = several(
        {"client": [nul], "einddatum": "2024-02-01"},
        {"client": [nul], "startdatum": "2024-03-01"},
        {"client": [{**nul, "Geboortedatum": "1990-01-01"}]},
    )
    verslag = take_in(db, levering)
    assert [r.uitkomst for r in verslag.regels] == ["nieuw"] * 3
    assert verslag.nieuwe_personen == 2
    (zin,) = [o for o in verslag.opmerkingen if o.code == "bsn_van_ander"]
    assert zin.plaats == "$.leveringen[0].schuldhulptrajecten[2].client[0].Burgerservicenummer"


def test_a_failing_bsn_of_somebody_else_is_kept_and_finds_nobody(db: Connection) -> None:
    een = {"Burgerservicenummer": "999999999", "Geboortedatum": "1980-01-01"}
    ander = {**een, "Geboortedatum": "1990-01-01"}
    eerste, tweede = (_client_of(db, only(db, one(client=[client]))) for client in (een, ander))
    assert (eerste.gegevens.bsn, tweede.gegevens.bsn) == ("999999999", "999999999")
    gezocht = personen.look_alikes(db, Gegevens("Proef", bsn="999999999"))
    assert [personen.by_bsn(db, "999999999"), *gezocht] == [eerste, eerste]
    later = one(client=[ander], startdatum="2025-02-03", einddatum=None, toekenningsdatum=None)
    assert _client_of(db, only(db, later)).pseudoniem not in (eerste.pseudoniem, tweede.pseudoniem)
    personen.change(db, tweede.pseudoniem, replace(tweede.gegevens, achternaam="Proef"))
    personen.change(db, eerste.pseudoniem, replace(eerste.gegevens, achternaam="Ander", bsn=BSN))
    assert personen.by_bsn(db, "999999999") is None


def _client_of(db: Connection, nummer: str) -> personen.Persoon:
    (wie,) = load(db, nummer).by_nummer(nummer).stand.deelnemers
    return personen.by_pseudonym(db, [wie])[wie]


def test_who_looks_like_someone_known_is_entered_anew_and_named(db: Connection) -> None:
    adres = {"Geboortedatum": "1980-01-01", "Postcode": "6211 aa", "Huisnummer": "4"}
    personen.register(db, Gegevens("Jansen", geboortedatum="1980-01-01", postcode="6211AA", huisnummer="4"))
    verslag = take_in(db, one(client=[adres]))
    assert "lijkt_op" in {o.code for o in verslag.opmerkingen}
    assert verslag.nieuwe_personen == 1


def test_the_same_client_twice_in_a_traject_is_one(db: Connection) -> None:
    verslag = take_in(db, one(client=[{"Burgerservicenummer": BSN}, {"Burgerservicenummer": BSN}]))
    assert "client_dubbel" in {o.code for o in verslag.opmerkingen}
    assert db.execute(select(func.count()).select_from(persoon)).scalar_one() == 1


def test_clients_without_anything_are_taken_and_named(db: Connection) -> None:
    levering = several(
        {"client": [{"Postcode": "6211AA"}]}, {"client": [{"Postcode": "6211AA"}], "omschrijving": "ander"}
    )
    verslag = take_in(db, levering)
    assert verslag.geteld["nieuw"] == 2
    assert {o.code for o in verslag.opmerkingen} >= {"client_zonder_gegevens"}
    assert take_in(db, levering).geteld["aanwezig"] == 2


# --- Nothing personal, nothing lost ---------------------------------------------------------------------------------


def test_nothing_personal_stands_readable_in_the_database_or_the_report(database: str) -> None:
    levering = delivery()
    with transaction(database) as db:
        verslag = take_in(db, levering)
    bestand = Path(database.removeprefix("sqlite:///"))
    bytes_ = b"".join(p.read_bytes() for p in bestand.parent.glob(f"{bestand.name}*"))
    gezegd = " ".join(f"{o.plaats} {o.tekst} {o.text} {o.gegevens}" for o in verslag.opmerkingen)
    geheim = {
        c[n]
        for t in trajecten(levering)
        for c in t["client"]
        for n in ("Burgerservicenummer", "Geboortedatum")
        if n in c
    }
    geheim |= {"6211AB", "Proefverzekeraar", "Oom Proef", "alles ingevuld", "Alles is afbetaald"}
    for tekst in geheim:
        assert tekst.encode() not in bytes_
        assert tekst not in gezegd


def test_what_has_no_place_is_kept_and_said(db: Connection) -> None:
    levering = one(
        omschrijving="x" * 5000,
        totaalSchuldbedragBijAanvangSchuld=-5,
        oplossing={"vtlb": 999_999_999_999},
        begeleiding=[{"startdatum": "2024-02-01"}, {"soort": "Budgetbeheer"}],
        uitstroom={"reden": "Zelf"},
        einddatum=None,
    )
    verslag = take_in(db, levering)
    bewaard = {
        plaats.rsplit("schuldhulptrajecten[0].")[-1]
        for o in verslag.opmerkingen
        if o.code == "overig_bewaard"
        for plaats in o.plaatsen
    }
    assert bewaard == {
        "omschrijving",
        "totaalSchuldbedragBijAanvangSchuld",
        "oplossing.vtlb",
        "begeleiding[0]",
        "begeleiding[1]",
        "uitstroom.reden",
    }


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wijzigingen)
def test_whatever_is_changed_the_import_does_what_the_preview_said(
    database: str, gewijzigd: list[tuple[tuple[Any, ...], Any]]
) -> None:
    tekst = json.dumps(deepcopy(mutated(gewijzigd)))
    try:
        with transaction(database) as db:
            voorbeeld = ddas.preview(db, tekst)
            if not voorbeeld.is_leesbaar:
                with pytest.raises(LeveringGeweigerd):
                    ddas.import_delivery(db, tekst, DOOR)
                return
            verslag = ddas.import_delivery(db, tekst, DOOR)
            assert verslag.opmerkingen == voorbeeld.opmerkingen
            assert [r.uitkomst for r in verslag.regels] == [r.uitkomst for r in voorbeeld.regels]
            assert not ddas.import_delivery(db, tekst, DOOR).geteld["nieuw"]
            raise _Terug
    except _Terug:
        pass


class _Terug(Exception):
    """Lets a transaction be rolled back."""
