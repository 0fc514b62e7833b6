"""The demo caseload: marked, the same each time, valid by the map, and with everything in it that an office sees."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from models import klok
from models.brief import STATUSSEN, brief
from models.database import engine, reading, transaction
from models.gebeurtenis import gebeurtenis
from models.instelling import instelling
from models.klok import AMSTERDAM, day_of, end_of_day_us, moment_of
from models.medewerker import medewerker
from models.persoon import persoon
from models.planpunt import planpunt
from models.projectie import deelname, mijlpaal, opgave, opgave_oud
from models.schuld import schuld
from models.stuk import stuk
from models.traject import traject
from models.trajectnummer import trajectnummer
from tests.bouwers import NU, VANDAAG, a_database, a_person, chain_faults, everything, log_rows, projections
from tests.workflow.conftest import VREEMDE_KAART
from workflow import kaarten, medewerkers, personen
from workflow.bsn import is_valid_bsn
from workflow.gezin import load_families
from workflow.historie import findings
from workflow.opgaven import Gevraagd, states
from workflow.overzichten import on_desk
from workflow.planlog import GESPREK, HERINNERING, WACHTEN
from workflow.projectie import as_known, families, rebuild
from workflow.rollen import Rol
from workflow.stukkenlijst import late
from workflow.voorbeeld import DemoGeweigerd, Overzicht, make_demo, overview
from workflow.voorbeeld.agenda import Agenda, Loop
from workflow.voorbeeld.loting import Loting, Verdeling
from workflow.voorbeeld.mensen import STRATEN
from workflow.voorbeeld.team import UITVOERDERS, WACHTWOORD

SIZE = 60
WERKDAGEN = range(5)


@pytest.fixture(scope="module")
def demo_url(sjabloon: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a database with a small demo caseload; tests only read it."""
    url = _copy(sjabloon, tmp_path_factory.mktemp("demo"))
    with klok.at(NU):
        assert make_demo(url, SIZE).gestrand == 0
    yield url
    engine(url).dispose()


@pytest.fixture
def demo(demo_url: str) -> Iterator[Connection]:
    """A reading transaction on the demo caseload."""
    with reading(demo_url) as db:
        yield db


def _copy(sjabloon: Path, map_: Path) -> str:
    shutil.copyfile(sjabloon, map_ / "demo.db")
    return f"sqlite:///{map_ / 'demo.db'}"


def _made(url: str, size: int = 4, **rest: Any) -> Overzicht:
    with klok.at(NU):
        return make_demo(url, size, **rest)


# -- The same each time -----------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_log(demo: Connection, database: str) -> None:
    _made(database, SIZE)
    with reading(database) as db:
        assert _told(db) == _told(demo)


def test_another_seed_gives_another_log(demo: Connection, database: str) -> None:
    _made(database, 12, seed=1)
    with reading(database) as db:
        assert _told(db)[:40] != _told(demo)[:40]


def _told(db: Connection) -> list[tuple[Any, ...]]:
    """What the log says, without what is random: pseudonyms and salts."""
    nummers = {rij.id: rij.nummer for rij in db.execute(select(trajectnummer))}
    zonder = re.compile(r"\b[0-9a-f]{32}\b")
    return [
        (
            nummers[rij["traject_id"]],
            *(rij[k] for k in ("volgnummer", "soort", "overgang", "van", "naar", "reden", "dag", "vastgelegd_op")),
            zonder.sub("*", json.dumps(json.loads(rij["inhoud"]).get("invoer"))),
        )
        for rij in log_rows(db)
    ]


def test_a_second_time_nothing_happens_and_it_says_so(database: str) -> None:
    eerst = _made(database)
    with reading(database) as db:
        was = everything(db)
    daarna = _made(database, 9)
    with reading(database) as db:
        assert everything(db) == was
    assert (eerst.is_nieuw, daarna.is_nieuw) == (True, False)
    assert daarna.gebeurtenissen == eerst.gebeurtenissen
    assert "nothing changed" in daarna.regels()[0]


def test_progress_adds_up_to_the_size(database: str) -> None:
    gehoord: list[int] = []
    _made(database, 7, done=gehoord.append)
    assert sum(gehoord) == 7


# -- Valid ------------------------------------------------------------------------------------------------------------


def test_every_history_is_a_walk_on_the_map(demo: Connection) -> None:
    fouten = [
        (verloop.nummer, bevinding.zin)
        for gezin in families(demo)
        for verloop in gezin
        for bevinding in findings(verloop.feiten, verloop.kaarten, verloop.oorsprong["route"])
    ]
    assert fouten == []


def test_the_chains_are_sound(demo: Connection) -> None:
    assert chain_faults(log_rows(demo)) == []


def test_rebuilding_gives_the_same_rows(demo_url: str) -> None:
    with engine(demo_url).connect() as db:
        was = projections(db)
        rebuild(db)
        assert projections(db) == was
        db.rollback()


def test_it_is_recorded_in_order_on_werkdagen_and_never_before_it_happened(demo: Connection) -> None:
    rijen = log_rows(demo)
    momenten = [moment_of(rij["vastgelegd_op"]).astimezone(AMSTERDAM) for rij in rijen]
    assert momenten == sorted(momenten)
    assert {moment.weekday() for moment in momenten} == set(WERKDAGEN)
    assert all(time(8, 30) <= moment.time() <= time(20) for moment in momenten)
    assert all(rij["dag"] <= day_of(moment) < VANDAAG for rij, moment in zip(rijen, momenten, strict=True))


def test_people_wait_about_a_week_and_a_half_for_the_first_talk(demo: Connection) -> None:
    start, gesprek = gebeurtenis.alias(), gebeurtenis.alias()
    vraag = (
        select(gesprek.c.dag - start.c.dag)
        .join(start, start.c.traject_id == gesprek.c.traject_id)
        .where(start.c.volgnummer == 1, gesprek.c.overgang == "intake_starten")
    )
    dagen = sorted(demo.execute(vraag).scalars())
    assert 7 <= dagen[len(dagen) // 2] <= 15


# -- As known ---------------------------------------------------------------------------------------------------------


def test_what_was_known_differs_at_two_dates(demo: Connection) -> None:
    vroeg, laat = (_known(demo, VANDAAG - terug) for terug in (700, 350))
    assert vroeg
    assert vroeg != laat


def test_late_news_is_not_known_at_once_and_mistakes_for_a_while(demo: Connection) -> None:
    nu = _known(demo, VANDAAG)
    toen = {dag: _known(demo, dag) for dag in range(VANDAAG - 1000, VANDAAG, 5)}
    te_laat = [rij for dag, bekend in toen.items() for rij in nu - bekend if rij[-1] <= dag]
    verkeerd = [rij for bekend in toen.values() for rij in bekend - nu]
    assert te_laat
    assert verkeerd


def _known(db: Connection, dag: int) -> set[tuple[Any, ...]]:
    """The stays as known on a day: traject, level, count, stap and first day."""
    rijen = db.execute(as_known("verblijf", end_of_day_us(dag))).mappings()
    return {tuple(rij[k] for k in ("traject_id", "niveau", "nr", "stap", "van_dag")) for rij in rijen}


# -- Everything in it -------------------------------------------------------------------------------------------------


def test_each_stap_has_an_open_traject(demo: Connection) -> None:
    route = kaarten.in_force(demo).routes["schuldhulp"]
    open_ = select(traject.c.stap).where(traject.c.is_open, traject.c.route == route.code)
    assert set(demo.execute(open_).scalars()) == {stap.code for stap in route.stappen.values() if not stap.einde}


def test_there_are_corrections_hand_overs_splits_and_merges(demo: Connection) -> None:
    soorten = set(demo.execute(select(gebeurtenis.c.soort)).scalars())
    assert soorten >= {"start", "overgang", "intrekking", "verbetering", "overdracht", "migratie", "samenvoeging"}


def test_there_are_late_entries_and_steps_inserted_before_others(demo: Connection) -> None:
    rijen = [rij for rij in log_rows(demo) if rij["soort"] == "overgang"]
    assert any(day_of(moment_of(rij["vastgelegd_op"])) - rij["dag"] >= 7 for rij in rijen)
    hoogste: dict[int, int] = {}
    ingevoegd = []
    for rij in rijen:
        if rij["dag"] < hoogste.get(rij["traject_id"], 0):
            ingevoegd.append(rij)
        hoogste[rij["traject_id"]] = max(rij["dag"], hoogste.get(rij["traject_id"], 0))
    assert ingevoegd


def test_some_people_come_back(demo: Connection) -> None:
    keer = func.count(traject.c.id.distinct())
    vraag = (
        select(deelname.c.deelnemer)
        .join(traject, traject.c.id == deelname.c.traject_id)
        .where(traject.c.ouder_id.is_(None))
        .group_by(deelname.c.deelnemer)
        .having(keer > 1)
    )
    assert len(demo.execute(vraag).all()) >= 3


def test_who_comes_back_tells_from_which_traject(demo: Connection) -> None:
    """One of the same people, which had ended by that day."""
    verlopen = {verloop.traject_id: verloop for gezin in families(demo) for verloop in gezin}
    terug = [v for v in verlopen.values() if (v.oorsprong.get("komt_uit") or {}).get("soort") == "herstart"]
    assert len(terug) >= 3
    for verloop in terug:
        eerder = verlopen[verloop.oorsprong["komt_uit"]["traject"]]
        assert set(eerder.stand.deelnemers) & set(verloop.stand.deelnemers)
        assert (eerder.oorsprong["route"], eerder.stand.is_open) == (verloop.oorsprong["route"], False)
        assert (eerder.stand.beeindigd_op or VANDAAG) <= verloop.begonnen_op


def test_it_ends_in_every_way(demo: Connection) -> None:
    klassen = set(demo.execute(select(traject.c.klasse).where(traject.c.ouder_id.is_(None))).scalars())
    assert klassen >= {"succes", "uitval", "neutraal", "afwijzing"}


def test_every_small_route_is_walked(demo: Connection) -> None:
    routes = set(demo.execute(select(traject.c.route)).scalars())
    assert routes == set(kaarten.in_force(demo).routes)


def test_partners_report_for_both_municipalities_and_miss_a_period_now_and_then(demo: Connection) -> None:
    kaart = kaarten.in_force(demo)
    een_jaar_terug = VANDAAG - 360
    vragen = [Gevraagd(soort, een_jaar_terug, VANDAAG - 70) for soort in kaart.opgaven.values()]
    staten = [staat for eigen in states(demo, vragen) for staat in eigen]
    binnen = [staat for staat in staten if staat.nummer]
    assert {staat.gemeente for staat in binnen} == {"GM0935", "GM0917"}
    assert 0.7 < len(binnen) / len(staten) < 1
    historisch = select(opgave.c.indicator).where(opgave.c.is_historisch).distinct()
    assert set(demo.execute(historisch).scalars()) == {"D6", "D7", "D8", "D9", "D10", "D12"}
    ouder = select(opgave_oud.c.traject_id).limit(1)
    assert demo.execute(ouder).first(), "a report was corrected"


def test_signals_are_followed_up_in_every_way(demo: Connection) -> None:
    signalen = demo.execute(select(traject.c.klasse).where(traject.c.nummer.startswith("VRS"))).scalars()
    assert set(signalen) >= {"succes", "uitval", "neutraal"}
    gezet = set(demo.execute(select(mijlpaal.c.naam)).scalars())
    assert gezet >= {"vervolgactie", "levering"}
    afspraken = demo.execute(select(traject.c.is_open).where(traject.c.nummer.startswith("AFS"))).scalars()
    assert set(afspraken) == {True, False}


def test_what_asks_no_work_stays_out_of_the_werkvoorraad(demo: Connection) -> None:
    voorraad = select(traject.c.route).where(traject.c.in_werkvoorraad).distinct()
    stil = {r.code for r in kaarten.in_force(demo).routes.values() if r.labels.get("werkvoorraad") == "nee"}
    assert len(stil) == 3
    assert stil.isdisjoint(demo.execute(voorraad).scalars())


def test_both_municipalities_and_every_uitvoerder_have_work(demo: Connection) -> None:
    gemeenten = set(demo.execute(select(traject.c.gemeente).where(traject.c.is_open)).scalars())
    assert gemeenten == {"GM0935", "GM0917"}
    behandelaars = set(demo.execute(select(traject.c.behandelaar).where(traject.c.is_open)).scalars())
    assert len(behandelaars - {None}) == len(UITVOERDERS)


# -- The people and the accounts --------------------------------------------------------------------------------------


def test_documents_were_asked_for_came_in_and_are_late(demo: Connection) -> None:
    plekken = set(demo.execute(select(stuk.c.plek)).scalars())
    wie = set(demo.execute(select(traject.c.behandelaar).where(traject.c.is_open)).scalars()) - {None}
    bureaus = [on_desk(demo, medewerker) for medewerker in wie]
    gezinnen = load_families(demo, [rij.wortel_id for bureau in bureaus for rij in bureau])
    assert plekken == {"papier", "dms", "hier"}
    assert any(late(gezinnen, bureau, VANDAAG) for bureau in bureaus)


def test_debts_were_recorded_by_somebody_and_letters_stand_in_each_state(demo: Connection) -> None:
    bekend = set(demo.execute(select(medewerker.c.pseudoniem)).scalars())
    assert set(demo.execute(select(schuld.c.door)).scalars()) <= bekend
    assert set(demo.execute(select(brief.c.status)).scalars()) == set(STATUSSEN)


def test_people_came_stayed_away_and_moved_their_appointments_and_others_are_to_come(demo: Connection) -> None:
    p = planpunt.c
    gesprekken = demo.execute(select(p.stand, p.dag, p.van_minuut).where(p.soort == GESPREK)).all()
    standen = Counter(rij.stand for rij in gesprekken if rij.dag < VANDAAG)
    assert standen["gedaan"] > standen["niet_verschenen"] > 0
    assert standen["verzet"]
    assert standen["open"] == 0, "what is over has an outcome"
    komend = [rij.dag for rij in gesprekken if rij.stand == "open"]
    assert VANDAAG <= min(komend) <= VANDAAG + 1
    assert max(komend) >= VANDAAG + 7
    assert {soort for (soort,) in demo.execute(select(p.soort).distinct())} >= {GESPREK, WACHTEN, HERINNERING}


def test_the_people_are_invented(demo: Connection) -> None:
    wie = personen.by_pseudonym(demo, demo.execute(select(persoon.c.pseudoniem)).scalars())
    gegevens = [persoon_.gegevens for persoon_ in wie.values()]
    bsns = [g.bsn for g in gegevens if g.bsn]
    assert 0 < len(bsns) < len(gegevens) / 2
    assert all(bsn.startswith("9999") and is_valid_bsn(bsn) for bsn in bsns)
    assert {g.postcode[:4] for g in gegevens if g.postcode} <= {"6200", "6400"}
    assert all(g.email.endswith(".example") for g in gegevens if g.email)
    # Who was entered a second time by mistake has no address.
    wonend = [g for g in gegevens if g.straat]
    assert len(wonend) > len(gegevens) * 0.9
    assert {g.straat for g in wonend} <= set(STRATEN)
    assert {g.woonplaats for g in wonend} <= {"Maastricht", "Heerlen"}


def test_every_role_can_log_in(demo_url: str) -> None:
    with reading(demo_url) as db:
        overzicht = overview(db, is_nieuw=False)
    assert {a.rol for a in overzicht.aanmeldingen} == set(Rol)
    for aanmelding in overzicht.aanmeldingen:
        wie = medewerkers.authenticate(demo_url, aanmelding.inlognaam, WACHTWOORD)
        assert wie is not None
        assert wie.rol == aanmelding.rol
        assert aanmelding.inlognaam in overzicht.regels()[-1]


def test_what_one_coordinator_proposes_another_can_decide(demo_url: str) -> None:
    with reading(demo_url) as db:
        rollen = [a.rol for a in overview(db, is_nieuw=False).aanmeldingen]
    assert rollen.count(Rol.COORDINATOR) >= 2


def test_the_database_is_marked(demo: Connection) -> None:
    assert demo.execute(select(instelling.c.waarde).where(instelling.c.naam == "demo")).scalar_one() == "ja"


# -- Refused ----------------------------------------------------------------------------------------------------------


def _refused(url: str, match: str, size: int = 4) -> None:
    with reading(url) as db:
        was = everything(db)
    with pytest.raises(DemoGeweigerd, match=match):
        _made(url, size)
    with reading(url) as db:
        assert everything(db) == was


def test_a_database_with_people_of_its_own_is_refused(database: str) -> None:
    with transaction(database) as db:
        a_person(db)
    _refused(database, "no demo")


def test_an_installation_for_real_data_is_refused(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTEKAART_ECHTE_GEGEVENS", "ja")
    _refused(database, "real personal data")


def test_another_map_is_refused(tmp_path: Path) -> None:
    url = a_database(tmp_path, VREEMDE_KAART)
    _refused(url, "made for the map maastricht")
    engine(url).dispose()


def test_an_account_of_somebody_else_is_refused(database: str) -> None:
    with transaction(database) as db:
        medewerkers.add(
            db, inlognaam="beheerder", naam="B", rol="beheerder", organisatie="KBL", wachtwoord="een heel ander woord"
        )
    _refused(database, "accounts of its own")


def test_nothing_at_all_is_refused(database: str) -> None:
    _refused(database, "at least one", size=0)


def test_what_is_broken_off_leaves_nothing_behind(database: str) -> None:
    with reading(database) as db:
        was = everything(db)
    with pytest.raises(KeyboardInterrupt):
        _made(database, 6, done=_break_off)
    with reading(database) as db:
        assert everything(db) == was


def _break_off(_aantal: int) -> None:
    raise KeyboardInterrupt


# -- Chance and the agenda --------------------------------------------------------------------------------------------


def test_shares_come_out_and_rare_things_come_in_time() -> None:
    verdeling, rng = Verdeling({"vaak": 90, "soms": 9, "zelden": 1}), Random(1)
    getrokken = [verdeling.draw(rng) for _ in range(300)]
    assert "zelden" in getrokken[:101]
    assert abs(getrokken.count("soms") - 27) <= 5


def test_the_agenda_goes_in_order_and_drops_what_lies_beyond_its_end() -> None:
    gedaan: list[tuple[str, datetime]] = []

    def live(naam: str, *dagen: int) -> Loop:
        for dag in dagen:
            gedaan.append((naam, klok.now()))
            yield dag

    agenda = Agenda(Loting(1, {}, {}, {}), VANDAAG)
    agenda.plan(live("laat", VANDAAG + 1), VANDAAG - 3)
    agenda.plan(live("vroeg", VANDAAG - 10, VANDAAG - 1), VANDAAG - 12)
    agenda.plan(live("nooit"), VANDAAG)
    agenda.run()
    assert [naam for naam, _ in gedaan] == ["vroeg", "vroeg", "laat"]
    assert all(eerder < later for (_, eerder), (_, later) in pairwise(gedaan))
    assert all(moment < NU - timedelta(hours=9) for _, moment in gedaan)
