"""What if: other terms and one more guard are judged as the engine would have judged them, and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import klok
from models.database import reading
from tests.bouwers import NU as MAANDAG
from tests.bouwers import a_traject, advance_to, day, everything, step
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.kaartlezer import RoutekaartOngeldig
from workflow.projectie import families
from workflow.routekaart import Lengte
from workflow.watals import Wachtoordeel, extra_guard, judge_guard, judge_terms, read_argument, read_length

VANDAAG = day("2026-11-24")
JAAR = Periode(day("2025-01-01"), day("2026-01-01"))


def asked(url: str, code: str, lengte: Lengte, periode: Periode = JAAR, gemeente: str | None = None) -> Any:
    """The judgement on one term."""
    with reading(url) as db:
        (oordeel,) = judge_terms(Kader(db, Vraag(periode, gemeente)), {code: lengte}, VANDAAG)
    return oordeel


# -- Terms -------------------------------------------------------------------------------------------------------------


def test_a_term_of_its_own_length_is_late_where_it_is_late(demo_url, tell):
    with reading(demo_url) as db:
        termijnen = [t for t in Kader(db, Vraag(JAAR)).kaart.termijnen.values() if t.soort != "looptijd"]
    gezien = laat = 0
    for regel in (t for t in termijnen if len(t.lengtes) == 1 and (t.lengtes[0].vanaf or 0) <= JAAR.van):
        oordeel = asked(demo_url, regel.code, regel.lengtes[0])
        assert oordeel.laat == oordeel.zou_laat
        assert all(run.uiterlijk == run.anders for run in oordeel.runs)
        gezien, laat = gezien + len(oordeel.runs), laat + len(oordeel.laat)
    tell(f"what if: {gezien} runs of terms by their own length, {laat} late")
    assert laat


def test_what_is_late_by_the_map_is_what_the_term_ledger_says(demo_url):
    with reading(demo_url) as db:
        verwacht = sorted(
            (verloop.nummer, termijn.begin_dag)
            for gezin in families(db)
            for verloop in gezin
            if "voorheen" not in verloop.oorsprong and verloop.stand.klasse != "splitsing"
            for termijn in gezin.terms(verloop, VANDAAG)
            if termijn.code == "eerste_gesprek" and termijn.status in ("te_laat", "verstreken")
            if termijn.begin_dag in JAAR
        )
    oordeel = asked(demo_url, "eerste_gesprek", Lengte(1, "dagen"))
    assert sorted((run.nummer, run.begin_dag) for run in oordeel.laat) == verwacht
    assert verwacht


@settings(deadline=None, max_examples=15)
@given(korter=st.integers(1, 120), erbij=st.integers(0, 120))
def test_a_longer_term_is_late_for_no_more_of_them(demo_url, korter, erbij):
    kort, lang = (asked(demo_url, "besluit", Lengte(n, "dagen")) for n in (korter, korter + erbij))
    assert set(_who(lang.zou_laat)) <= set(_who(kort.zou_laat))
    assert _who(kort.runs) == _who(lang.runs)
    assert _who(kort.laat) == _who(lang.laat)


def _who(runs: list[Any]) -> list[tuple[str, int]]:
    return [(run.nummer, run.begin_dag) for run in runs]


def test_the_days_of_one_traject_worked_out_by_hand(db):
    with klok.at(MAANDAG):
        nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", op=day("2025-06-02"))
        step(db, nummer, "intake_starten", day("2025-06-20"), alles=True)
        vandaag = klok.today()
        kader = Kader(db, Vraag(JAAR))
        (oordeel,) = judge_terms(kader, {"eerste_gesprek": Lengte(14, "dagen")}, vandaag)
        (run,) = oordeel.runs
        assert (run.nummer, run.begin_dag, run.einde_dag) == (nummer, day("2025-06-02"), day("2025-06-20"))
        assert (run.anders, run.wordt_laat, run.is_laat) == (day("2025-06-16"), True, False)
        (ruimer,) = judge_terms(kader, {"eerste_gesprek": Lengte(18, "dagen")}, vandaag)
        assert not ruimer.zou_laat


def test_only_runs_that_began_in_the_period_and_the_gemeente_count(demo_url):
    alle = asked(demo_url, "besluit", Lengte(1, "dagen"))
    halfjaren = [Periode(JAAR.van, day("2025-07-01")), Periode(day("2025-07-01"), JAAR.tot)]
    delen = [asked(demo_url, "besluit", Lengte(1, "dagen"), periode) for periode in halfjaren]
    assert sorted(_who(alle.runs)) == sorted(_who(delen[0].runs) + _who(delen[1].runs))
    hier, daar = (asked(demo_url, "besluit", Lengte(1, "dagen"), JAAR, g) for g in ("GM0935", "GM0917"))
    assert len(hier.runs) + len(daar.runs) == len(alle.runs)
    assert hier.runs


@pytest.mark.parametrize(
    ("getypt", "lengte"),
    [("90d", (90, "dagen")), ("10wd", (10, "werkdagen")), ("8w", (8, "weken")), ("3m", (3, "maanden"))],
)
def test_a_length_is_a_number_and_a_unit(getypt, lengte):
    assert read_length(getypt) == Lengte(*lengte)


@pytest.mark.parametrize("getypt", ["", "90", "d", "0d", "-3d", "90 d", "1,5m", "99999d", "٣d"])
def test_what_is_no_length_is_refused(getypt):
    with pytest.raises(ValueError, match=f"^{re.escape(getypt)}$"):
        read_length(getypt)


# -- One more guard ----------------------------------------------------------------------------------------------------


def guarded(db: Any, overgang: str, naam: str, argument: Any) -> Wachtoordeel:
    """The judgement of a guard before an overgang of the main route."""
    kader = Kader(db, Vraag(JAAR))
    return judge_guard(kader, extra_guard(kader, "schuldhulp", overgang, naam, argument))


def plain(argument: Any) -> Any:
    """An argument as a map is written with."""
    if isinstance(argument, Mapping):
        return {naam: plain(waarde) for naam, waarde in argument.items()}
    return [plain(deel) for deel in argument] if isinstance(argument, tuple) else argument


def test_a_guard_of_the_map_itself_would_have_refused_nothing(demo_url, tell):
    gezien = 0
    with reading(demo_url) as db:
        kader = Kader(db, Vraag(JAAR))
        route = kader.kaart.routes["schuldhulp"]
        for keus in route.overgangen.values():
            for eis in keus.voorwaarden:
                uitkomst = guarded(db, keus.code, eis.naam, plain(eis.argument))
                echt = [w for w in uitkomst.weigeringen if w.zin]
                assert not echt, (keus.code, eis.naam, echt[:2])
                gezien += uitkomst.gemaakt
    tell(f"what if: guards of the map asked again {gezien} times, none refused")
    assert gezien > 100


def test_a_stricter_guard_names_who_it_would_have_refused_and_why(db):
    with klok.at(MAANDAG):
        alleen, samen = (a_traject(db, route="schuldhulp", begin="melding_registreren", aantal=n) for n in (1, 2))
        for nummer in (alleen, samen):
            advance_to(db, nummer, "intake")
        keus = "intake_starten"
        uitkomst = guarded(db, keus, "minstens_deelnemers", 2)
    assert uitkomst.gemaakt == 2
    assert [(w.nummer, w.zin) for w in uitkomst.weigeringen] == [
        (alleen, "Dit kan alleen bij een traject met ten minste 2 personen.")
    ]


def test_a_guard_sees_the_dossier_as_it_was_just_before(db):
    with klok.at(MAANDAG):
        nummer = a_traject(db, route="schuldhulp", begin="melding_registreren")
        for stap in ("intake", "mesis", "besluit"):
            advance_to(db, nummer, stap)
        eerder = guarded(db, "intake_starten", "kenmerk_bekend", "mesis_profiel")
        later = guarded(db, "besluit_voorbereiden", "kenmerk_bekend", "mesis_profiel")
        gezet = guarded(db, "besluit_voorbereiden", "was_in", "mesis")
    assert [w.zin for w in eerder.weigeringen] == ["Leg eerst vast: MESIS-profiel."]
    assert (later.gemaakt, later.weigeringen) == (1, ())
    assert (gezet.gemaakt, gezet.weigeringen) == (1, ())


def test_a_withdrawn_overgang_was_not_made(demo_url):
    with reading(demo_url) as db:
        geteld = sum(
            feit.overgang == "toelaten" and feit.dag in JAAR
            for gezin in families(db)
            for verloop in gezin
            if verloop.oorsprong["route"] == "schuldhulp"
            for feit in verloop.feiten
        )
        assert guarded(db, "toelaten", "minstens_deelnemers", 1).gemaakt == geteld > 0


@pytest.mark.parametrize(
    ("naam", "argument"),
    [
        *(("bestaat_niet", 1), ("kenmerk_bekend", "zomaar"), ("minstens_deelnemers", "twee"), ("was_in", ["nergens"])),
        *(("ingevuld_als", "motivering"), ("kenmerk_is", 3), ("geen_open", None)),
    ],
)
def test_a_guard_that_the_map_would_not_take_is_refused(db, naam, argument):
    with pytest.raises(RoutekaartOngeldig):
        extra_guard(Kader(db, Vraag(JAAR)), "schuldhulp", "toelaten", naam, argument)


@pytest.mark.parametrize(
    ("getypt", "argument"),
    [("opschorting", "opschorting"), ("2", 2), ('{"a": ["b"]}', {"a": ["b"]}), ("[" * 5000, "[" * 5000), ("", "")],
)
def test_an_argument_is_json_or_a_word(getypt, argument):
    assert read_argument(getypt) == argument


def test_nothing_is_written(demo_url):
    with reading(demo_url) as db:
        ervoor = everything(db)
        judge_terms(Kader(db, Vraag(JAAR)), {"besluit": Lengte(1, "dagen")}, VANDAAG)
        guarded(db, "toelaten", "minstens_deelnemers", 2)
        assert everything(db) == ervoor
