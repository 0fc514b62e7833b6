"""The ways through the map are those that the histories tell: each traject once, ends and reopenings included."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from sqlalchemy import func, select

from models.database import reading
from models.gebeurtenis import gebeurtenis
from tests.bouwers import day
from workflow.indicatoren import Kader, Periode, Vraag
from workflow.projectie import families
from workflow.varianten import ways
from workflow.verloop import Verloop

ALTIJD = Periode(0, 99_999)
JAAR_US = 365 * 86_400_000_000


def walked(url: str, periode: Periode = ALTIJD, gemeente: str | None = None) -> dict[int, Verloop]:
    """The main trajecten that began in the period, folded from the log."""
    with reading(url) as db:
        hoofd = Kader(db, Vraag(ALTIJD)).wegwijzer.hoofdroutes
        alle = (v for gezin in families(db) for v in gezin if v.stand.route and v.stand.route.code in hoofd)
        gevonden = [v for v in alle if steps(v)[0][1] in periode]
        return {v.traject_id: v for v in gevonden if gemeente is None or _begun_in(v) == gemeente}


def steps(verloop: Verloop) -> list[tuple[str, int]]:
    """The stappen it entered itself, each with its day; not what it did in the family it split off from."""
    moves = ("start", "overgang")
    return [(f.naar, f.dag) for f in verloop.feiten if f.naar is not None and f.soort in moves]


def _begun_in(verloop: Verloop) -> str:
    return str(next(rij[8] for key, rij in verloop.rijen["verblijf"].nu.items() if key[1:] == ("traject", 1)))


def test_every_traject_is_in_the_variant_of_its_history(demo_url, tell):
    with reading(demo_url) as db:
        wegen = ways(Kader(db, Vraag(ALTIJD)))
    gelopen = {wie: tuple(stap for stap, _ in steps(v)) for wie, v in walked(demo_url).items()}
    assert {wie: variant for variant, alle in wegen.trajecten.items() for wie in alle} == gelopen
    assert wegen.aantal == len(gelopen)
    assert wegen.begonnen_op == {wie: steps(v)[0][1] for wie, v in walked(demo_url).items()}
    assert wegen.begin == Counter(variant[0] for variant in gelopen.values())
    assert wegen.eind == Counter(variant[-1] for variant in gelopen.values())
    heropend = sum(key[1:] == ("traject", 2) for v in walked(demo_url).values() for key in v.rijen["verblijf"].nu)
    tell(f"variants: {len(wegen.trajecten)} of {len(gelopen)} trajecten, {heropend} opened again")
    assert heropend


def test_what_was_known_after_all_that_was_recorded_is_what_is_known_now(demo_url):
    with reading(demo_url) as db:
        laatst = db.execute(select(func.max(gebeurtenis.c.vastgelegd_op))).scalar_one()
        nu, toen = ways(Kader(db, Vraag(ALTIJD))), ways(Kader(db, Vraag(ALTIJD, bekend=laatst + 1)))
        eerder = ways(Kader(db, Vraag(ALTIJD, bekend=laatst - JAAR_US)))
    assert toen == nu
    assert 0 < eerder.aantal < nu.aantal


def test_each_step_from_stap_to_stap_counts_once_with_its_days(demo_url):
    with reading(demo_url) as db:
        wegen = ways(Kader(db, Vraag(ALTIJD)))
    verwacht = Counter(
        (van, naar, verder - begin)
        for v in walked(demo_url).values()
        for (van, begin), (naar, verder) in pairwise(steps(v))
    )
    gevonden = {(*stap, dagen): n for stap, o in wegen.overstappen.items() for dagen, n in o.dagen.items()}
    assert gevonden == verwacht


def test_how_long_it_took_is_known_of_what_ended_only(demo_url):
    with reading(demo_url) as db:
        wegen = ways(Kader(db, Vraag(ALTIJD)))
    klaar = {w: v for w, v in walked(demo_url).items() if v.stand.beeindigd_op is not None}
    assert wegen.duur == {w: v.stand.beeindigd_op - steps(v)[0][1] for w, v in klaar.items()}


def test_only_who_began_in_the_period_and_the_gemeente_counts(demo_url):
    periode = Periode(day("2025-01-01"), day("2026-01-01"))
    with reading(demo_url) as db:
        wegen = ways(Kader(db, Vraag(periode, "GM0917")))
    assert {w for alle in wegen.trajecten.values() for w in alle} == set(walked(demo_url, periode, "GM0917"))
    assert wegen.trajecten


def test_where_nobody_began_there_is_no_way(demo_url):
    with reading(demo_url) as db:
        wegen = ways(Kader(db, Vraag(Periode(0, 1))))
    assert (wegen.trajecten, wegen.overstappen, wegen.duur) == ({}, {}, {})
