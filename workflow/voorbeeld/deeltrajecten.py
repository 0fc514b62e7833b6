"""Life courses of the trajecten that hang on the main one. Each runs beside it and stops when the main one stops."""

from __future__ import annotations

from workflow.voorbeeld.agenda import Dag, Loop
from workflow.voorbeeld.team import codes
from workflow.voorbeeld.zaak import Zaak

HULP = frozenset({"stabilisatie", "dfd", "minnelijk_voorbereiding", "minnelijk_lopend", "betalingsregeling"})
"""Stappen in which budgetbeheer can begin beside them."""

LADDER = ("totaal", "plus", "basis")


def plan_beside(zaak: Zaak) -> None:
    """Plan what may go along with the help: guidance, cooperation, a referral."""
    for kans, loop in (("begeleiding", _guidance), ("samenwerking", _cooperation), ("verwijzing", _referral)):
        if zaak.loting.hit(kans):
            zaak.wereld.agenda.plan(loop(zaak), zaak.today + zaak.loting.days(f"{kans}_start"))


def plan_from_start(zaak: Zaak) -> None:
    """Plan what a melding brings along: a crisis, who referred, one day a klacht."""
    if zaak.situatie.is_crisis:
        follow_crisis(zaak)
    if zaak.situatie.bron == "verwijzing" and zaak.loting.hit("verwijzing_in"):
        zaak.wereld.agenda.plan(_referral(zaak, "verwijzing_ontvangen"), zaak.today)
    if zaak.loting.hit("klacht"):
        zaak.wereld.agenda.plan(_complaint(zaak), zaak.today + zaak.loting.days("klacht_start"))


def _happens(zaak: Zaak, dag: int) -> Dag:
    """Wait until the recording of something beside the main traject, which is not put off for long."""
    yield max(dag, zaak.laatste_op)
    return zaak.today


# -- Crisis and the court ---------------------------------------------------------------------------------------------


def follow_crisis(zaak: Zaak) -> None:
    """Live through the crisis that was just opened, and ask the court for a pause where a home is at stake."""
    zaak.wereld.agenda.plan(_crisis(zaak, zaak.open_children("crisis")[-1]), zaak.today)
    if zaak.situatie.crisis == "woningontruiming" and zaak.loting.hit("moratorium"):
        zaak.wereld.agenda.plan(_moratorium(zaak, ""), zaak.today + zaak.loting.between(1, 3))


def _crisis(zaak: Zaak, nummer: str) -> Loop:
    dag = yield from _happens(zaak, zaak.today + zaak.loting.days("crisis_gesprek"))
    if zaak.place_of(nummer) == "gemeld":
        zaak.advance_child(nummer, "crisis", "crisisgesprek_voeren", dag)
    dag = yield from _happens(zaak, dag + zaak.loting.days("crisis_afsluiten"))
    if zaak.place_of(nummer):
        zaak.advance_child(nummer, "crisis", "crisis_afsluiten", dag)


def _moratorium(zaak: Zaak, breed: str) -> Loop:
    if not zaak.is_open:
        return
    nummer = zaak.open_child("juridisch", f"{breed}moratorium_aanvragen", zaak.today)
    dag = yield from _happens(zaak, zaak.today + zaak.loting.days("moratorium_vonnis"))
    if not zaak.place_of(nummer):
        return
    if not zaak.loting.hit("moratorium_toegewezen"):
        zaak.advance_child(nummer, "juridisch", "verzoek_afwijzen", dag)
        return
    zaak.advance_child(nummer, "juridisch", f"{breed}moratorium_toewijzen", dag)
    dag = yield from _happens(zaak, dag + 183)
    if zaak.place_of(nummer):
        zaak.advance_child(nummer, "juridisch", f"{breed}moratorium_eindigen", dag)


def plan_beside_wsnp(zaak: Zaak) -> None:
    """What may be asked of the court together with a WSNP-verzoek."""
    if zaak.loting.hit("dwangakkoord_naast_wsnp"):
        zaak.wereld.agenda.plan(_court(zaak, "dwangakkoordverzoek"), zaak.today)
    if zaak.loting.hit("voorziening"):
        zaak.wereld.agenda.plan(_court(zaak, "voorziening"), zaak.today + 1)


START_RECHTBANK = {"dwangakkoordverzoek": "dwangakkoordverzoek_indienen", "voorziening": "voorziening_aanvragen"}


def _court(zaak: Zaak, wat: str) -> Loop:
    if not zaak.is_open:
        return
    nummer = zaak.open_child("juridisch", START_RECHTBANK[wat], zaak.today)
    dag = yield from _happens(zaak, zaak.today + zaak.loting.days("zitting"))
    if zaak.place_of(nummer):
        zaak.advance_child(nummer, "juridisch", zaak.loting.draw(wat), dag)
    dag = yield from _happens(zaak, dag + zaak.loting.between(25, 70))
    if zaak.place_of(nummer) == "voorziening_loopt":
        zaak.advance_child(nummer, "juridisch", "voorziening_eindigen", dag)


# -- Budgetbeheer -----------------------------------------------------------------------------------------------------


def plan_budgetbeheer(zaak: Zaak) -> None:
    """Plan budgetbeheer beside other help for some, and for a few a pause for all debts."""
    if zaak.loting.hit("budgetbeheer"):
        zaak.wereld.agenda.plan(_budgetbeheer(zaak), zaak.today + zaak.loting.days("budgetbeheer_start"))
    if zaak.loting.hit("breed_moratorium"):
        zaak.wereld.agenda.plan(_moratorium(zaak, "breed_"), zaak.today + zaak.loting.between(5, 20))


def _budgetbeheer(zaak: Zaak) -> Loop:
    if not zaak.is_open or zaak.stap not in HULP or zaak.open_children("budgetbeheer"):
        return
    nummer = zaak.open_child("budgetbeheer", zaak.loting.draw("bbr_variant"), zaak.today)
    yield from _variants(zaak, nummer)


def follow_variant(zaak: Zaak) -> None:
    """Live through the variants where budgetbeheer is the only help."""
    if zaak.stap != "budgetbeheer":
        return
    open_ = zaak.open_children("budgetbeheer")
    kind = open_[0] if open_ else zaak.open_child("budgetbeheer", zaak.loting.draw("bbr_variant"), zaak.laatste_op)
    zaak.wereld.agenda.plan(_variants(zaak, kind), zaak.today)


def follow_moved_variants(zaak: Zaak) -> None:
    """Live on with budgetbeheer that came along when a household was split."""
    for nummer in zaak.open_children("budgetbeheer"):
        zaak.wereld.agenda.plan(_variants(zaak, nummer), zaak.today)


def _variants(zaak: Zaak, nummer: str) -> Loop:
    while True:
        dag = yield from _happens(zaak, zaak.today + zaak.loting.days("budgetbeheer_variant"))
        variant = zaak.place_of(nummer)
        if variant is None:
            return
        if code := _next_variant(zaak, variant):
            zaak.advance_child(nummer, "budgetbeheer", code, dag)


def _next_variant(zaak: Zaak, variant: str) -> str | None:
    """The overgang to the next variant: mostly a step up the ladder; the only help does not end by itself."""
    keus = zaak.loting.draw("variant_op")
    plaats = LADDER.index(variant) if variant in LADDER else 1
    if keus in ("klaar", "stopt") and zaak.stap != "budgetbeheer":
        return "zelfstandigheid_vastleggen" if keus == "klaar" else "budgetbeheer_stoppen"
    if keus == "op" and variant in ("basis", "maatwerk"):
        return "maatwerk_instellen" if variant == "basis" else None
    stap = {"op": 1, "af": -1}.get(keus, 0)
    nieuw = LADDER[min(max(plaats + stap, 0), len(LADDER) - 1)]
    return f"{nieuw}_instellen" if nieuw != variant and stap else None


def finish_budgetbeheer(zaak: Zaak, dag: int) -> None:
    """Round off budgetbeheer that still runs, because the traject itself is about to end well."""
    for nummer in zaak.open_children("budgetbeheer"):
        zaak.advance_child(nummer, "budgetbeheer", "zelfstandigheid_vastleggen", dag)


# -- With partners ----------------------------------------------------------------------------------------------------


def _guidance(zaak: Zaak) -> Loop:
    if not zaak.is_open:
        return
    nummer = zaak.open_child("begeleiding", f"{zaak.loting.draw('begeleiding')}_starten", zaak.today)
    dag = yield from _happens(zaak, zaak.today + zaak.loting.days("begeleiding"))
    if zaak.place_of(nummer):
        zaak.advance_child(nummer, "begeleiding", zaak.loting.draw("begeleiding_einde"), dag)


def start_bewind(zaak: Zaak, dag: int) -> None:
    """The kantonrechter appoints a bewindvoerder."""
    zaak.open_child("begeleiding", "beschermingsbewind_starten", dag, begeleider="BEWIND-DEMO")


def _cooperation(zaak: Zaak) -> Loop:
    if not zaak.is_open:
        return
    nummer = zaak.open_child("samenwerking", "samenwerking_starten", zaak.today)
    partner = zaak.wereld.team["partner"]
    einde = zaak.today + zaak.loting.days("samenwerking")
    while (volgende := zaak.today + zaak.loting.days("overleg")) < einde:
        dag = yield from _happens(zaak, volgende)
        if not zaak.place_of(nummer):
            return
        zaak.advance_child(nummer, "samenwerking", "overleg_vastleggen", dag, door=partner)
    dag = yield from _happens(zaak, einde)
    if zaak.place_of(nummer):
        zaak.advance_child(nummer, "samenwerking", f"samenwerking_{zaak.loting.draw('samenwerking')}", dag)


def _referral(zaak: Zaak, start: str = "verwijzing_maken") -> Loop:
    if not zaak.is_open:
        return
    mee = {"hulpsoort": "schuldhulp"} if start == "verwijzing_ontvangen" else {}
    nummer = zaak.open_child("verwijzing", start, zaak.today, partner=zaak.loting.pick(codes("partner")), **mee)
    dag = yield from _happens(zaak, zaak.today + zaak.loting.days("verwijzing"))
    if zaak.place_of(nummer):
        zaak.advance_child(nummer, "verwijzing", zaak.loting.draw("aankomst"), dag)


def _complaint(zaak: Zaak) -> Loop:
    nummer = zaak.open_child("klacht", "klacht_registreren", zaak.today)
    if zaak.loting.hit("verdagen"):
        dag = yield from _happens(zaak, zaak.today + zaak.loting.between(15, 35))
        zaak.advance_child(nummer, "klacht", "afhandeling_verdagen", dag)
    dag = yield from _happens(zaak, zaak.today + zaak.loting.days("klacht"))
    zaak.advance_child(nummer, "klacht", f"klacht_{zaak.loting.draw('klacht')}", dag)
