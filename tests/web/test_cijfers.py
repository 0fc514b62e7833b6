"""The coordinator's figures on the screen: what is asked, what is shown, and behind each number exactly its rows."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from models import klok
from models.database import engine, reading
from models.medewerker import medewerker
from tests.bouwers import day
from tests.demo import NU
from tests.verhalen.lezer import Knoop, Pagina
from tests.web.bladzijden import listed, opened, rows
from web import grafieken
from web.filters import datum, datum_kort
from web.grafieken import ENKELVOUD
from web.indicatoren import MIN_BEGONNEN, written
from web.indicatorvraag import GEEN_DAG, TE_VEEL_DELEN, TOEN_NIET_BEGONNEN, VERKEERD_OM, read
from workflow import indicatoren, termijnmonitor, werkverdeling
from workflow.indicatoren import Indicator, Kader, Periode, Vraag
from workflow.indicatoren.begrippen import Meting
from workflow.indicatoren.doorstroom import DOORSTROOM, FASE, LAGEN
from workflow.indicatoren.fasenboek import FASENBOEK, Faseregel, phase_ledger
from workflow.indicatoren.kader import count_parts
from workflow.indicatoren.maten import PerTijdvak, Telling, Verhouding
from workflow.indicatoren.rapport import measure_one
from workflow.indicatoren.weergave import (
    KOLOMMEN,
    PER_BLAD,
    VERBORGEN,
    Woorden,
    figures,
    rows_of,
    sources_of,
    splits_of,
    title_of,
    year_before,
)
from workflow.rapporten import opmaken

VANDAAG = day("2026-11-24")
GRENS, GRENS_ALLES = 44, 55
"""SQL statements of a page, which counts two periods; of the one with every indicator, which is two whole reports."""

ALLE = (*indicatoren.ALLE, DOORSTROOM, FASENBOEK)
CODES = [indicator.code for indicator in ALLE]
PAGINAS = ("", "/doorstroom", "/doorstroom?langs=instrument", "/termijnen", "/werkverdeling")
AMBITIES = [a.name.lower() for a in dict.fromkeys(i.ambitie for i in ALLE)]


@pytest.fixture
def beginstand(demobestand: Path) -> Path:
    """Every test begins with the demo caseload."""
    return demobestand


@pytest.fixture
def coordinator(bezoeker: Any, login: Any) -> Iterator[Any]:
    """The visitor, logged in as coordinator; the clock stands still."""
    with klok.at(NU):
        login(bezoeker, "coordinator", "lezer")
        yield bezoeker


def links(pagina: Pagina, deel: str = "/lijst?") -> list[Knoop]:
    """The links of a page to lists."""
    return [a for a in pagina.wortel.alle("a") if deel in a["href"]]


# -- Behind each number ------------------------------------------------------------------------------------------------


def measured(db: Any, splits: str | None, indicator: Indicator) -> tuple[Kader, Woorden, list[Any]]:
    kader = Kader(db, Vraag(Periode(day("2025-01-01"), VANDAAG + 1), splits=splits))
    woorden = Woorden(kader)
    return kader, woorden, figures(measure_one(kader, indicator), None, woorden)


@pytest.mark.parametrize("splits", [None, "kwartaal", "gemeente", "mesis_profiel"])
def test_each_number_has_a_list_of_exactly_that_many_rows(database, splits, tell):
    aantal = 0
    with klok.at(NU), reading(database) as db:
        for indicator in ALLE:
            kader, _, cijfers = measured(db, splits, indicator)
            for cijfer in cijfers:
                rijen = rows_of(kader, cijfer.maat, dict(cijfer.deel))[1]
                assert len(rijen) == cijfer.rijen == _counted(cijfer.maat, cijfer.meting), (indicator.code, cijfer)
                aantal += 1
    tell(f"figures whose list has as many rows, split by {splits}: {aantal}")
    assert aantal > 200


def _counted(maat: Any, meting: Meting) -> int:
    """What a reader takes the number for: the count itself, the numerator of a share, else how many it stands on."""
    if isinstance(maat, Telling):
        return int(meting.waarde or 0)
    return meting.meer["teller"] if isinstance(maat, Verhouding) else meting.n


def test_the_denominator_of_a_share_has_its_list_too(database):
    with klok.at(NU), reading(database) as db:
        for indicator in ALLE:
            kader, _, cijfers = measured(db, None, indicator)
            for cijfer in (c for c in cijfers if isinstance(c.maat, Verhouding) and isinstance(c.maat.noemer, Telling)):
                assert len(rows_of(kader, cijfer.maat, dict(cijfer.deel), noemer=True)[1]) == cijfer.meting.n


def test_every_column_and_value_has_dutch_words(database):
    with klok.at(NU), reading(database) as db:
        for indicator in ALLE:
            kader, _, cijfers = measured(db, None, indicator)
            kolommen = {k for maat in indicator.maten for bron in sources_of(maat) for k in bron.kolommen}
            zonder = {k for k in kolommen - VERBORGEN if k not in KOLOMMEN and k not in kader.wegwijzer.vragen}
            assert not zonder, (indicator.code, zonder)
            for cijfer in cijfers:
                assert not any("_" in deel for deel in cijfer.delen), cijfer.delen


@pytest.mark.parametrize("code", ["D1", "D5", "D11", "O4"])
def test_the_links_of_a_page_lead_to_as_many_rows_as_they_say(coordinator, code):
    gezien = 0
    for link in links(opened(coordinator, f"/cijfers/{code}?periode=vorig_jaar")):
        getal = re.fullmatch(r"([\d.]+)( (trajecten|traject|paren|personen|meldingen|fasen))?", link.tekst)
        if getal and "%" not in link.tekst:
            assert listed(coordinator, link["href"]) == int(getal[1].replace(".", "")), link["href"]
            gezien += 1
    assert gezien >= 3


@pytest.mark.parametrize("vraag", ["periode=vorig_jaar", "gemeente=GM0917&splits=kwartaal", "bekend=01-07-2026"])
def test_each_number_of_the_fasenboek_opens_as_many_stays(coordinator, vraag, tell):
    """Every number above nought, the sums included; both sides of a fase are the same stays."""
    pagina = opened(coordinator, f"/cijfers/D5?{vraag}")
    cellen = [
        cel for naam in ("erin", "eruit") for rij in rows(pagina, f"tabel-fasenboek-{naam}") for cel in rij.alle("td")
    ]
    zonder = [cel.tekst for cel in cellen if not list(cel.alle("a"))]
    assert set(zonder) <= {"0"}
    gelinkt = [link for cel in cellen for link in cel.alle("a")]
    for link in gelinkt:
        assert listed(coordinator, link["href"]) == int(link.tekst.replace(".", "")) > 0, link["href"]
    tell(f"fasenboek: {len(gelinkt)} numbers opened ({vraag})")
    assert len(gelinkt) > 30


def test_a_number_of_the_fasenboek_is_what_its_maat_counts(database):
    with klok.at(NU), reading(database) as db:
        kader, _, cijfers = measured(db, None, FASENBOEK)
        boek = {regel.fase: regel for regel in phase_ledger(kader)}
    geteld = {(c.maat.code, *(code for _, code in c.deel)): c.meting.n for c in cijfers}
    assert geteld == {sleutel: n for regel in boek.values() for sleutel, n in _told(regel) if n}


def _told(regel: Faseregel) -> Iterator[tuple[tuple[str, ...], int]]:
    """What a line of the fasenboek says."""
    fase = regel.fase
    yield ("open_begin", fase), regel.open_begin
    yield from ((("erin", fase, code), n) for code, n in regel.erin.items())
    yield ("samen_erin", fase), regel.open_begin + regel.erin.total()
    yield from ((("eruit", fase, code), n) for code, n in regel.eruit.items())
    yield ("open_eind", fase), regel.open_eind
    yield ("samen_eruit", fase), regel.eruit.total() + regel.open_eind


def addresses(pagina: Pagina) -> set[str]:
    """Every list that a page leads to: by its links, and by what is drawn in its charts."""
    punten = [p for g in charts(pagina) for reeks in g.get("reeksen", ()) for p in reeks.get("waarden", ())]
    punten += [p for g in charts(pagina) for naam in ("stromen", "punten") for p in g.get(naam, ())]
    return {a["href"] for a in links(pagina)} | {p["url"] for p in punten if p.get("url")}


def shape(url: str) -> tuple[str, ...]:
    """Which figure by which columns a list is of, whatever the values."""
    pad, _, vraag = url.partition("?")
    return pad, *(deel if deel.startswith("maat=") else deel.partition("=")[0] for deel in vraag.split("&"))


@pytest.mark.parametrize("splits", ["", "kwartaal", "mesis_profiel"])
def test_every_address_on_every_page_of_figures_is_there(coordinator, tell, splits):
    """All of them; of those that differ in a breakdown that was asked for, one of each shape."""
    paden = [f"/{code}" for code in CODES if code != DOORSTROOM.code]
    paden += [] if splits else ["", "?ambitie=alles", "/doorstroom", "/doorstroom?langs=instrument"]
    gevonden: dict[Any, str] = {}
    for pad in paden:
        vraag = f"{'&' if '?' in pad else '?'}periode=vorig_jaar{f'&splits={splits}' if splits else ''}"
        for url in addresses(opened(coordinator, f"/cijfers{pad}{vraag}")):
            gevonden[shape(url) if splits else url] = url
    for url in gevonden.values():
        opened(coordinator, url)
    tell(f"addresses of lists, split by {splits or 'nothing'}: {len(gevonden)}")
    assert len(gevonden) > 100


@pytest.mark.parametrize("code", ["P3", "P4", "P5"])
def test_a_number_of_one_period_of_reports_has_a_list_of_its_lines(coordinator, code):
    pagina = opened(coordinator, f"/cijfers/{code}?periode=vorig_jaar")
    per_periode = [a["href"] for a in links(pagina) if "bij.periode=" in a["href"]]
    assert per_periode
    assert all(rows(opened(coordinator, url)) for url in per_periode)


def test_from_uitval_in_a_fase_to_the_dossiers_and_into_one(coordinator):
    pagina = opened(coordinator, "/cijfers?periode=vorig_jaar")
    balk = next(a for a in links(pagina) if "maat=uitval" in a["href"] and "bij.fase=stabilisatie" in a["href"])
    lijst = opened(coordinator, balk["href"])
    assert lijst.titel == "Uitval: Stabilisatie"
    assert len(rows(lijst)) == int(balk.eerste("span", "rk-balk__getal").tekst)
    eerste = next(rows(lijst)[0].alle("a"))
    traject = opened(coordinator, eerste["href"])
    assert eerste.tekst == traject.titel
    assert any("Uitval" in zin or "uitval" in zin for zin in [*traject.badges, traject.wortel.tekst])


def test_a_long_list_comes_in_pages_and_an_odd_page_number_is_no_error(coordinator):
    url = "/cijfers/O2/lijst?maat=meldingen&periode=eigen&van=01-01-2024&tot_en_met=31-12-2025"
    eerste = opened(coordinator, url)
    assert len(rows(eerste)) == PER_BLAD
    assert listed(coordinator, url) > PER_BLAD
    for blad in ("0", "-3", "99999", "x"):
        assert rows(opened(coordinator, f"{url}&blad={blad}"))


@pytest.mark.parametrize(
    "url",
    [
        "/cijfers/Z9",
        "/cijfers/Z9/lijst?maat=uitval",
        "/cijfers/D5/lijst?maat=onzin",
        "/cijfers/D5/lijst?maat=uitval&bij.onzin=x",
        "/cijfers/D5/lijst?maat=uitval&bij.deel=2025",
    ],
)
def test_a_list_of_nothing_known_is_not_there(coordinator, url):
    assert coordinator.get(url).status_code == 404


@pytest.mark.parametrize(
    "deel",
    [
        "doorstroom/lijst?maat=stroom_fase&bij.van_plek=x",
        f"doorstroom/lijst?maat=stroom_fase&bij.naar_plek={'9' * 5000}:intake",
        "O2/lijst?maat=meldingen&bij.maand=2026-99",
        f"O2/lijst?maat=meldingen&bij.maand=2026-{'9' * 5000}",
    ],
    ids=lambda deel: deel[:50],
)
def test_a_list_of_a_part_that_cannot_be_is_empty_or_not_there(coordinator, deel):
    assert coordinator.get(f"/cijfers/{deel}").status_code in (200, 404)


def test_a_list_of_one_gemeente_holds_no_other(coordinator, database):
    url = "/cijfers/O2/lijst?maat=meldingen&periode=vorig_jaar&gemeente=GM0917"
    nummers = [k.tekst for rij in rows(opened(coordinator, url)) for k in rij.alle("span", "rk-datum")]
    alles = opened(coordinator, url.replace("&gemeente=GM0917", ""))
    assert 0 < len(nummers) < len(rows(alles))
    vragen = ",".join("?" * len(nummers))
    with sqlite3.connect(database.removeprefix("sqlite:///")) as db:
        van = db.execute(f"SELECT DISTINCT gemeente FROM traject WHERE nummer IN ({vragen})", nummers).fetchall()
    assert van == [("GM0917",)]


# -- Every page --------------------------------------------------------------------------------------------------------


@pytest.fixture
def opdrachten(database: str) -> Iterator[list[str]]:
    """Every statement that the database runs, in order."""
    gezien: list[str] = []

    def trace(dbapi: sqlite3.Connection, _record: Any) -> None:
        dbapi.set_trace_callback(gezien.append)

    engine(database).dispose()
    event.listen(engine(database), "connect", trace)
    yield gezien
    event.remove(engine(database), "connect", trace)


def all_pages() -> list[str]:
    """Every address with figures, lists left out."""
    eigen = [f"/cijfers{pad}" for pad in PAGINAS]
    eigen += [f"/cijfers?ambitie={ambitie}" for ambitie in (*AMBITIES, "alles", "onzin")]
    return eigen + [
        f"/cijfers/{code}{deel}" for code in CODES for deel in ("", "?splits=jaar", "?splits=mesis_profiel")
    ]


@pytest.mark.parametrize("rol", ["coordinator", "auditor"])
def test_every_page_is_there_and_takes_few_statements(bezoeker, login, opdrachten, tell, rol):
    meeste: tuple[int, str] = (0, "")
    alles = 0
    with klok.at(NU):
        login(bezoeker, rol, f"proef{rol}")
        for url in all_pages():
            opdrachten.clear()
            opened(bezoeker, url)
            telling = [sql for sql in opdrachten if not re.match(r"BEGIN|COMMIT|ROLLBACK", sql)]
            if url.endswith("alles"):
                alles = len(telling)
            else:
                meeste = max(meeste, (len(telling), url))
    tell(f"statements of a page with figures, at most: {meeste}")
    assert meeste[0] <= GRENS, meeste
    assert 0 < alles <= GRENS_ALLES


@pytest.mark.parametrize("rol", ["partner", "beheerder", "uitvoerder"])
@pytest.mark.parametrize("url", ["/cijfers", "/cijfers/D5", "/cijfers/D5/lijst?maat=uitval", "/cijfers/termijnen"])
def test_who_may_not_see_dossiers_sees_no_figures(bezoeker, login, rol, url):
    login(bezoeker, rol, f"proef{rol}")
    assert bezoeker.get(url).status_code == 403
    assert "Cijfers" not in bezoeker.get("/", follow_redirects=True).text


def test_a_name_that_points_back_says_at_what():
    titels = {title_of(i, maat) for i in (indicatoren.get("D4"), indicatoren.get("D5")) for maat in i.maten}
    assert {"Uitval, waarvan later herroepen", "Afwijzingen, waarvan later herroepen"} <= titels
    assert "Melding tot einde met succes, zonder opschorting" in titels


def test_who_succeeded_lately_is_told_as_open_and_the_share_as_not_to_be_told_yet(coordinator):
    """Of the successes of this year nobody was followed for a year."""
    kaartje = next(
        k
        for k in opened(coordinator, "/cijfers?ambitie=opbrengst").wortel.alle("section", "rk-indicator")
        if k["aria-labelledby"] == "ind-O4"
    )
    cohort = [d for d in kaartje.alle("div") if "terug binnen zoveel jaar" in d.tekst]
    assert len(cohort) == 3
    for regel in cohort:
        assert re.search(r" n = ([\d.]+), \1 nog open nog niet te bepalen", regel.tekst), regel.tekst
    tabel = next(
        t for t in opened(coordinator, "/cijfers/O4").wortel.alle("table") if t["id"].startswith("tabel-cohort")
    )
    assert "nog niet te bepalen" in tabel.tekst
    assert "geen" not in tabel.tekst


def test_days_before_the_log_are_told_and_not_compared_with(coordinator, database):
    with klok.at(NU), reading(database) as db:
        vanaf = Kader(db, Vraag(Periode(0, VANDAAG))).log_vanaf
    in_het_log = f"periode=eigen&van={datum_kort(vanaf)}&tot_en_met={datum_kort(vanaf + 100)}"
    pagina = opened(coordinator, f"/cijfers/O2?{in_het_log}")
    assert "was nog geen log" in pagina.wortel.tekst
    assert "Het log begint op" not in pagina.wortel.tekst
    zin = f"Het log begint op {datum(vanaf)}: van daarvoor is niets bekend."
    eerder = f"periode=eigen&van={datum_kort(vanaf - 30)}&tot_en_met={datum_kort(vanaf + 100)}"
    for pad in ("", "/O2", "/doorstroom"):
        assert zin in opened(coordinator, f"/cijfers{pad}?{eerder}").wortel.tekst, pad
    assert zin not in opened(coordinator, f"/cijfers/P1?{eerder}").wortel.tekst


def test_the_parts_of_a_file_stand_in_their_order(database):
    """Profiles and months by their number, fasen by the map; each breakdown in one piece, as a chart needs it."""
    with klok.at(NU), reading(database) as db:
        kader = Kader(db, Vraag(Periode(day("2025-01-01"), VANDAAG + 1)))
        alle = {i.code: i for i in indicatoren.on(kader.kaart)}
        gegevens = opmaken.make(kader, [alle[code] for code in ("D2", "D5", "P3")], 0)
        fasen = list(kader.wegwijzer.namen["fase"])
    delen: dict[tuple[str, ...], list[str]] = {}
    for naam, groep in groupby(
        (m for i in gegevens["indicatoren"] for m in i["metingen"]), lambda m: (m["maat"], *m["uitsplitsing"])
    ):
        assert naam not in delen
        delen[naam] = [next(iter(m["uitsplitsing"].values()), "") for m in groep]
    assert len(delen["toegelaten", "profiel"]) > 3
    assert len(delen["unieke_bezoekers", "periode"]) > 9
    for naam in (("toegelaten", "profiel"), ("unieke_bezoekers", "periode")):
        genummerd = [deel for deel in delen[naam] if any(map(str.isdigit, deel))]
        assert genummerd == sorted(genummerd)
    assert delen["uitval", "fase"] == sorted(delen["uitval", "fase"], key=fasen.index)


def charts(pagina: Pagina) -> list[dict[str, Any]]:
    """What the charts of a page are made of."""
    return [json.loads(s.delen[0]) for s in pagina.wortel.alle("script") if s["type"] == "application/json"]


def curves(wie: Any, url: str) -> list[dict[str, Any]]:
    """What the charts with curves of a page are made of."""
    return [g for g in charts(opened(wie, url)) if g["soort"] == "krommen"]


@pytest.mark.parametrize("jaar", ["periode=vorig_jaar", "periode=eigen&van=01-01-2023&tot_en_met=24-11-2026"])
def test_a_chart_of_curves_draws_every_fase_or_says_how_many_it_leaves_out(coordinator, monkeypatch, jaar):
    """Of a fase that nobody left yet there is nothing to draw."""
    url = f"/cijfers/D4?{jaar}"
    tabel = next(t for t in opened(coordinator, url).wortel.alle("table") if t["id"] == "tabel-fase-2")
    fasen = len(list(tabel.eerste("tbody").alle("tr")))
    for hoogstens in (8, 3):
        monkeypatch.setattr(grafieken, "MAX_KROMMEN", hoogstens)
        grafiek = curves(coordinator, url)[-1]
        getekend = len(grafiek["reeksen"])
        gezegd = re.findall(r" Getekend zijn (\d+) van de (\d+)\.", grafiek["zin"])
        assert 3 <= getekend <= hoogstens
        assert gezegd == ([] if getekend == fasen else [(str(getekend), str(fasen))])


def test_a_curve_is_told_in_the_unit_of_its_figure(coordinator):
    url = "/cijfers/D1?periode=eigen&van=01-01-2023&tot_en_met=24-11-2026"
    zinnen = {g["eenheid"]: g["zin"] for g in curves(coordinator, url)}
    assert re.fullmatch(r"Mediaan\. Alle: ([0-9]+ werkdagen|1 werkdag)\.", zinnen["werkdagen"])
    assert "werkdag" not in zinnen["dagen"]


@pytest.mark.parametrize("code", ["D1", "D4", "S1", "O5"])
def test_the_median_of_who_is_done_is_the_same_above_a_table_and_in_it(coordinator, code):
    """Half days too."""
    url = f"/cijfers/{code}?periode=eigen&van=01-01-2023&tot_en_met=24-11-2026"
    vakken = coordinator.get(url).text.split('<section class="rk-kaart')
    gezegd = [(re.search(r"van wie klaar is ([\d.,]+)", vak), vak) for vak in vakken]
    paren = [(m.group(1), DEEL_KLAAR.search(vak)) for m, vak in gezegd if m]
    assert paren
    assert all(cel and cel.group(1) == getal for getal, cel in paren), paren


DEEL_KLAAR = re.compile(r'data-kolom="Mediaan van wie klaar is"[^>]*>(?:<[^>]+>)*([\d.,]+)')
"""The number in the first row of a table."""


def test_who_succeeded_without_an_instrument_is_called_so(coordinator):
    namen = [naam for g in charts(opened(coordinator, "/cijfers/O3?periode=vorig_jaar")) for naam in g.get("namen", ())]
    assert "Geen instrument" in namen
    assert "Geen" not in namen


def test_ways_to_end_have_each_their_own_colour(coordinator):
    uiteinden = next(g for g in charts(opened(coordinator, "/cijfers/S1")) if g.get("stapel"))["reeksen"]
    assert len({reeks["kleur"] for reeks in uiteinden}) == len(uiteinden) >= 3


def test_what_does_not_add_up_is_not_stacked(coordinator):
    """A share of one quarter on top of that of the next means nothing."""
    pagina = opened(coordinator, "/cijfers/D1?periode=vorig_jaar&splits=kwartaal")
    stapels = {(g["eenheid"], g.get("stapel", False)) for g in charts(pagina) if len(g["reeksen"]) > 1}
    assert ("%", True) not in stapels
    assert any(eenheid == "%" for eenheid, _ in stapels)


def test_each_chart_has_its_table_under_a_fold(coordinator):
    pagina = opened(coordinator, "/cijfers/D5?periode=vorig_jaar")
    figuren = list(pagina.wortel.alle("figure"))
    assert figuren
    for figuur in figuren:
        assert list(figuur.eerste("details").alle("table"))
    assert "style=" not in coordinator.get("/cijfers/D5").text


# -- What is asked -----------------------------------------------------------------------------------------------------


def asked(**args: str) -> Any:
    """What an address asks on 24 November 2026."""
    return read(args, VANDAAG, {"GM0935": "Maastricht"}, {"jaar": "Jaar"})


@pytest.mark.parametrize(
    ("periode", "van", "tot"),
    [
        ("", "2026-01-01", "2026-11-25"),
        ("vorig_jaar", "2025-01-01", "2026-01-01"),
        ("dit_kwartaal", "2026-10-01", "2026-11-25"),
        ("vorig_kwartaal", "2026-07-01", "2026-10-01"),
        ("onzin", "2026-01-01", "2026-11-25"),
    ],
)
def test_a_period_that_runs_on_is_asked_up_to_today(periode, van, tot):
    assert asked(periode=periode).periode == Periode(day(van), day(tot))


def test_a_period_as_known_before_is_asked_up_to_that_day():
    assert asked(bekend="01-07-2026").periode == Periode(day("2026-01-01"), day("2026-07-02"))
    assert asked(bekend="01-07-2026").eerder == Periode(day("2025-01-01"), day("2025-07-02"))
    assert asked(periode="vorig_jaar", bekend="01-07-2026").periode == asked(periode="vorig_jaar").periode


def test_a_period_that_had_not_begun_on_the_day_known_on_is_refused_with_a_sentence():
    keuze = asked(bekend="31-12-2025")
    assert (keuze.fouten, keuze.bekend_op, keuze.periode) == ((TOEN_NIET_BEGONNEN,), None, asked().periode)
    assert asked(bekend="01-01-2026").fouten == ()


@pytest.mark.parametrize(
    ("splits", "van", "eerder", "langer"),
    [("maand", "2021-12-31", "01-12-2021", "30-11-2021"), ("kwartaal", "2012-03-31", "01-01-2012", "31-12-2011")],
)
def test_a_question_has_no_more_parts_than_can_be_measured(splits, van, eerder, langer):
    """60 months back from November 2026, or 60 quarters."""
    splitsingen = {"maand": "Maand", "kwartaal": "Kwartaal"}
    gevraagd = {"periode": "eigen", "tot_en_met": "24-11-2026", "splits": splits}
    mag, te_veel = (read({**gevraagd, "van": dag}, VANDAAG, {}, splitsingen) for dag in (eerder, langer))
    assert (mag.splits, mag.fouten) == (splits, ())
    assert (te_veel.splits, te_veel.fouten) == (None, (TE_VEEL_DELEN,))
    assert count_parts(Periode(day(van), VANDAAG + 1), splits) == 60


def test_a_page_that_shows_no_parts_measures_none(coordinator, monkeypatch):
    """The address may say by what the page before it was split."""
    gemeten: list[str | None] = []
    meet = PerTijdvak.metingen
    monkeypatch.setattr(
        PerTijdvak, "metingen", lambda maat, kader: gemeten.append(kader.vraag.splits) or meet(maat, kader)
    )
    for pad in ("", "/doorstroom"):
        gewoon, gesplitst = (
            coordinator.get(f"/cijfers{pad}?periode=vorig_jaar{rest}").text for rest in ("", "&splits=maand")
        )
        assert Pagina(gewoon).wortel.eerste("main").tekst == Pagina(gesplitst).wortel.eerste("main").tekst
    assert set(gemeten) == {None}


def test_the_last_quarter_of_a_january_lies_in_the_year_before():
    keuze = read({"periode": "vorig_kwartaal"}, day("2026-01-15"), {}, {})
    assert keuze.periode == Periode(day("2025-10-01"), day("2026-01-01"))


def test_a_period_of_ones_own_holds_its_last_day():
    keuze = asked(periode="eigen", van="1-3-2025", tot_en_met="2025-03-31")
    assert (keuze.periode, keuze.fouten) == (Periode(day("2025-03-01"), day("2025-04-01")), ())
    assert keuze.in_woorden == "1 maart 2025 t/m 31 maart 2025"


@pytest.mark.parametrize(
    ("stond", "periode", "van", "tot", "verwacht"),
    [
        ("dit_jaar", "dit_jaar", "01-01-2026", "24-11-2026", "dit_jaar"),
        ("dit_jaar", "dit_jaar", "", "", "dit_jaar"),
        ("dit_jaar", "dit_jaar", "01-03-2025", "31-03-2025", "eigen"),
        ("dit_jaar", "vorig_jaar", "01-01-2026", "24-11-2026", "vorig_jaar"),
        ("eigen", "vorig_jaar", "01-03-2025", "31-03-2025", "vorig_jaar"),
        ("", "vorig_jaar", "01-03-2025", "31-03-2025", "vorig_jaar"),
    ],
)
def test_of_a_word_and_days_what_was_changed_in_the_form_counts(stond, periode, van, tot, verwacht):
    keuze = asked(stond=stond, periode=periode, van=van, tot_en_met=tot)
    assert (keuze.soort, keuze.fouten) == (verwacht, ())
    if verwacht == "eigen":
        assert keuze.periode == Periode(day("2025-03-01"), day("2025-04-01"))


def test_days_left_as_shown_for_an_earlier_knowledge_are_not_typed():
    keuze = asked(stond="dit_jaar", periode="dit_jaar", van="01-01-2026", tot_en_met="01-07-2026", bekend="01-07-2026")
    assert keuze.soort == "dit_jaar"


def test_a_typed_day_that_cannot_be_read_is_said():
    assert GEEN_DAG in asked(stond="dit_jaar", periode="dit_jaar", van="31-02-2025", tot_en_met="24-11-2026").fouten


@pytest.mark.parametrize(
    ("van", "tot", "zin"),
    [
        ("31-02-2025", "01-03-2025", GEEN_DAG),
        ("gisteren", "", GEEN_DAG),
        ("02-03-2025", "01-03-2025", VERKEERD_OM),
        ("01-01-0001", "01-03-2025", GEEN_DAG),
        ("²-1-2025", "01-03-2025", GEEN_DAG),
    ],
)
def test_days_that_cannot_be_read_get_a_sentence_and_this_year(van, tot, zin):
    keuze = asked(periode="eigen", van=van, tot_en_met=tot)
    assert zin in keuze.fouten
    assert keuze.periode == asked().periode


def test_the_sentence_stands_on_the_page(coordinator):
    assert VERKEERD_OM in coordinator.get("/cijfers?periode=eigen&van=02-03-2025&tot_en_met=01-03-2025").text


def test_compared_is_with_the_same_days_a_year_before_or_with_the_days_just_before():
    assert asked(periode="vorig_jaar").eerder == Periode(day("2024-01-01"), day("2025-01-01"))
    assert asked().eerder == Periode(day("2025-01-01"), day("2025-11-25"))
    kwartaal = asked(periode="vorig_kwartaal", tegen="ervoor")
    assert kwartaal.eerder == Periode(day("2026-03-31"), day("2026-07-01"))
    assert year_before(day("2024-02-29")) == day("2023-02-28")


def test_what_is_asked_stands_in_the_address_and_comes_back():
    keuze = asked(periode="eigen", van="01-03-2025", tot_en_met="31-03-2025", gemeente="GM0935", bekend="05-04-2025")
    assert asked(**keuze.params()) == keuze
    assert asked().params() == {}


def test_figures_as_known_before_leave_out_what_was_recorded_later(coordinator):
    nu = opened(coordinator, "/cijfers/O2?periode=vorig_jaar")
    toen = opened(coordinator, "/cijfers/O2?periode=vorig_jaar&bekend=30-06-2025")
    assert _first_number(toen) < _first_number(nu)
    assert "zoals bekend op 30 juni 2025" in toen.wortel.tekst
    assert all("bekend=30-06-2025" in a["href"] for a in links(toen))


def _first_number(pagina: Pagina) -> int:
    return int(re.sub(r"\D", "", pagina.wortel.eerste("span", "rk-cijfer__waarde").tekst))


# -- Doorstroom --------------------------------------------------------------------------------------------------------


def test_who_reaches_a_fase_goes_on_stays_or_leaves(database):
    with klok.at(NU), reading(database) as db:
        _, _, cijfers = measured(db, None, DOORSTROOM)
        bereikt = {c.deel[0][1]: c.meting.n for c in cijfers if c.kolommen == (FASE,)}
        assert bereikt
        for fase, n in bereikt.items():
            assert n == sum(c.meting.n for c in cijfers if len(c.deel) == 2 and c.deel[0] == (FASE, fase))


@pytest.mark.parametrize("laag", LAGEN)
def test_flows_have_no_circle_and_lose_nobody(database, laag):
    with klok.at(NU), reading(database) as db:
        kader, _, cijfers = measured(db, None, DOORSTROOM)
        stromen = {
            tuple(c.meting.uitsplitsing.values()): c.meting.n for c in cijfers if c.maat.code == f"stroom_{laag}"
        }
        begonnen = len({rij[0] for rij in rows_of(kader, DOORSTROOM.maat(f"stroom_{laag}"), {})[1]})
    erin = {
        plek: sum(n for (_, naar), n in stromen.items() if naar == plek) for plek in {p for s in stromen for p in s}
    }
    eruit = {plek: sum(n for (van, _), n in stromen.items() if van == plek) for plek in erin}
    assert sum(n for plek, n in erin.items() if plek.startswith("einde:")) == begonnen
    assert sum(eruit[p] - n for p, n in erin.items() if not p.startswith("einde:")) == begonnen
    assert all(eruit[p] >= n for p, n in erin.items() if not p.startswith("einde:"))
    _assert_no_circle(set(stromen))


def _assert_no_circle(pijlen: set[tuple[str, str]]) -> None:
    """Take away, again and again, what nothing leads to; a circle would stay."""
    while pijlen:
        begin = {van for van, _ in pijlen} - {naar for _, naar in pijlen}
        assert begin, pijlen
        pijlen = {(van, naar) for van, naar in pijlen if van not in begin}


# -- Terms and desks ---------------------------------------------------------------------------------------------------


def test_the_term_monitor_lists_whom_it_counts_and_explains_each_date(coordinator, database):
    with klok.at(NU), reading(database) as db:
        standen = termijnmonitor.standings(db, 14, VANDAAG)
        per_wie = termijnmonitor.summed(standen, "behandelaar")
        blad = termijnmonitor.page(db, termijnmonitor.Vraag(), 1, VANDAAG)
        assert blad.aantal == sum(samen for _, samen in per_wie.values())
        assert all(regel.uitleg and regel.begin_dag for regel in blad.regels)
        for wie, aantallen in per_wie.items():
            for te_laat, n in zip((True, False), aantallen, strict=True):
                vraag = termijnmonitor.Vraag(behandelaar=wie or termijnmonitor.TEAM, alleen_te_laat=te_laat)
                assert termijnmonitor.page(db, vraag, 1, VANDAAG).aantal == n
    pagina = opened(coordinator, "/cijfers/termijnen")
    assert len(rows(pagina, "termijnen")) == len(blad.regels)
    assert "Telt vanaf" in pagina.wortel.tekst


def test_a_fixed_day_ahead_is_told_once(coordinator):
    for rij in rows(opened(coordinator, "/cijfers/termijnen?binnen=90"), "termijnen"):
        assert not ("Telt vanaf" in rij.tekst and ("Vaste dag" in rij.tekst or "Begint op" in rij.tekst)), rij.tekst


@pytest.mark.parametrize("eenheid", list(ENKELVOUD))
def test_of_one_a_unit_stands_in_the_singular(eenheid):
    maat = replace(indicatoren.get("V1").maten[0], eenheid=eenheid)
    assert [written(maat, n) for n in (0, 1, 2)] == [f"0 {eenheid}", f"1 {ENKELVOUD[eenheid]}", f"2 {eenheid}"]


def test_a_figure_without_parts_says_why(coordinator):
    gezegd = opened(coordinator, "/cijfers/P4?splits=crisis").meldingen
    assert any("niet uit te splitsen naar crisis" in zin for zin in gezegd)
    assert not any("niet uit te splitsen" in zin for zin in opened(coordinator, "/cijfers/P4?splits=jaar").meldingen)
    assert not any("niet uit te splitsen" in zin for zin in opened(coordinator, "/cijfers/O2?splits=crisis").meldingen)


@pytest.mark.parametrize("code", ["D7", "D11", "O4"])
def test_no_breakdown_is_named_twice(database, code):
    with klok.at(NU), reading(database) as db:
        kader, indicator = Kader(db, Vraag(Periode(day("2025-01-01"), VANDAAG))), indicatoren.get(code)
        for namen in splits_of(kader, indicator, sorted(kader.wegwijzer.naar_kenmerk)).values():
            assert len(namen) == len(set(namen))


def test_the_bottleneck_says_of_how_many_and_asks_a_minimum(coordinator):
    pagina = opened(coordinator, "/cijfers?periode=eigen&van=01-01-2023&tot_en_met=24-11-2026")
    (zin,) = re.findall(r"De grootste kans op uitval: .*? \((\d+) van (\d+)\)", pagina.wortel.tekst)[:1]
    uitval, begonnen = map(int, zin)
    assert 0 < uitval <= begonnen
    assert begonnen >= MIN_BEGONNEN


def test_every_number_of_the_werkverdeling_opens_its_werkvoorraad(coordinator, database):
    pagina = opened(coordinator, "/cijfers/werkverdeling")
    gezien = 0
    for rij in rows(pagina, "tabel-medewerkers"):
        for link in rij.alle("a"):
            lijst = opened(coordinator, link["href"])
            telling = lijst.wortel.eerste("span", "rk-bladeren__telling").tekst
            assert telling.split()[0] == link.tekst, link["href"]
            gezien += 1
    assert gezien > 20


def test_every_fase_of_the_werkverdeling_has_its_own_colour(coordinator):
    scripts = opened(coordinator, "/cijfers/werkverdeling").wortel.alle("script")
    (grafiek,) = (json.loads(s.delen[0]) for s in scripts if s["type"] == "application/json")
    kleuren = {reeks["naam"]: reeks["kleur"] for reeks in grafiek["reeksen"]}
    assert len(kleuren) > 8
    assert len(set(kleuren.values())) == len(kleuren)


def test_the_werkverdeling_holds_every_open_traject_once_and_who_has_none(database):
    with klok.at(NU), reading(database) as db:
        bureaus = werkverdeling.desks(db, VANDAAG)
        actief = {wie for (wie,) in db.execute(_active())}
    with sqlite3.connect(database.removeprefix("sqlite:///")) as db:
        (alle,) = db.execute("SELECT count(*) FROM traject WHERE in_werkvoorraad").fetchone()
    assert sum(b.open for b in bureaus) == alle
    assert all(sum(b.per_fase.values()) == b.open for b in bureaus)
    assert bureaus[0].wie is None
    assert actief <= {b.wie for b in bureaus}


def _active() -> Any:
    return (
        medewerker.select()
        .with_only_columns(medewerker.c.pseudoniem)
        .where(medewerker.c.rol == "uitvoerder", medewerker.c.is_actief.is_(True))
    )
