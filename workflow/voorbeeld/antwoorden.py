"""What is answered to each question of the map. A veld that is missing here stays open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from workflow.dossier import Dossier
from workflow.kalender import date_of, daynumber
from workflow.routekaart import Overgang
from workflow.voorbeeld.team import codes
from workflow.voorbeeld.teksten import BIJ_OVERGANG, VAN_VELD
from workflow.voorwaarden import advice_against

if TYPE_CHECKING:
    from workflow.voorbeeld.zaak import Zaak

Antwoord = Callable[["Zaak", int, Overgang], Any]

HALVE_TERMIJN_VANAF = daynumber(date(2023, 7, 1))
"""From here on a regeling takes 18 months instead of 36 (the same day in the map's terms)."""

MESIS_NIEUW_VANAF = daynumber(date(2023, 10, 2))

ALLEEN: Mapping[str, frozenset[str]] = {
    "gegevens_bijwerken": frozenset({"schuldbedrag", "aantal_schuldeisers"}),
    "inlezen": frozenset({"geleverde_start_op", "schuldbedrag", "omschrijving"}),
}
"""Overgangen at which no more than these are answered."""

ADVIES: Mapping[str, tuple[str, ...]] = {
    "ja.ja": ("minnelijk", "stabilisatie", "minnelijk", "wsnp"),
    "ja.nee": ("stabilisatie", "dfd"),
    "nee.ja": ("dfd", "budgetbeheer"),
    "nee.nee": ("dfd", "beschermingsbewind"),
    "beheersbaar": ("budgetbeheer", "betalingsregeling", "informatie_en_advies"),
}
GESPREKKEN = frozenset({"intake_starten", "crisisgesprek_voeren"})
"""Overgangen of which the day is that of a gesprek."""

OOG_IN_OOG = frozenset({"gesprek", "huisbezoek", "beeldbellen"})

TOCH_TOEGELATEN = "Besproken met de cliënt: de oorzaak van toen is weg en de nieuwe aanvraag is oprecht."

RESULTAAT: Mapping[str, str] = {
    "betalingsregeling": "alles_betaald",
    "dfd": "schulden_beheersbaar",
    "budgetbeheer": "schulden_beheersbaar",
}


def answers(zaak: Zaak, keus: Overgang, dag: int) -> dict[str, Any]:
    """The answers to an overgang on a day; open ones are left out."""
    alleen = ALLEEN.get(keus.code)
    velden = [v.code for v in keus.velden if v.code in VELDEN and (alleen is None or v.code in alleen)]
    gegeven = {code: VELDEN[code](zaak, dag, keus) for code in velden}
    if "bereikt" in gegeven and gegeven.get("contactsoort") in OOG_IN_OOG:
        gegeven["bereikt"] = "ja"
    if gegeven.get("weigering_overwogen", "niet") != "niet":
        gegeven["motivering"] = TOCH_TOEGELATEN
    return {code: waarde for code, waarde in gegeven.items() if waarde is not None}


def iso(dag: int) -> str:
    """A day as an answer."""
    return date_of(dag).isoformat()


def first_of_next_month(dag: int) -> int:
    """The first day of the month after this day."""
    datum = date_of(dag)
    return daynumber(date(datum.year + datum.month // 12, datum.month % 12 + 1, 1))


def last_day_of_regeling(dag: int) -> int:
    """The last day of a regeling that begins on this day."""
    maanden = 18 if dag >= HALVE_TERMIJN_VANAF else 36
    datum = date_of(dag)
    jaar, maand = divmod(datum.year * 12 + datum.month - 1 + maanden, 12)
    return daynumber(date(jaar, maand + 1, min(datum.day, 28))) - 1


def _of_situation(naam: str) -> Antwoord:
    return lambda zaak, _dag, _keus: getattr(zaak.situatie, naam)


def _drawn(naam: str) -> Antwoord:
    return lambda zaak, _dag, _keus: zaak.loting.draw(naam)


def _whether(naam: str) -> Antwoord:
    return lambda zaak, _dag, _keus: "ja" if zaak.loting.hit(naam) else "nee"


def _always(waarde: str) -> Antwoord:
    return lambda _zaak, _dag, _keus: waarde


def _day(van: int = 0, tot_met: int = 0) -> Antwoord:
    return lambda zaak, dag, _keus: iso(dag + zaak.loting.between(van, tot_met))


def _organisation(soort: str) -> Antwoord:
    return lambda zaak, _dag, _keus: zaak.loting.pick(codes(soort))


def _text(veld: str) -> Antwoord:
    return lambda zaak, _dag, _keus: zaak.loting.pick(VAN_VELD[veld])


def _remark(zaak: Zaak, _dag: int, keus: Overgang) -> str | None:
    zinnen = BIJ_OVERGANG.get(keus.code)
    return zaak.loting.pick(zinnen) if zinnen and zaak.loting.hit("toelichting") else None


def _signal(zaak: Zaak, dag: int, _keus: Overgang) -> str | None:
    return iso(dag - zaak.loting.between(4, 17)) if zaak.situatie.bron == "vroegsignaal" else None


def _referrer(zaak: Zaak, _dag: int, _keus: Overgang) -> str | None:
    return zaak.loting.pick(codes("partner")) if zaak.situatie.bron == "verwijzing" else None


def _threat(zaak: Zaak, dag: int, _keus: Overgang) -> str | None:
    return iso(dag + zaak.loting.between(4, 24)) if zaak.situatie.is_crisis else None


def _mesis(deel: int) -> Antwoord:
    """Part 0 of the answers of MESIS is whether the client is regelbaar, part 1 whether the debts are."""
    return lambda zaak, _dag, _keus: (
        "ja" if zaak.situatie.mesis == "beheersbaar" else zaak.situatie.mesis.split(".")[deel]
    )


def _problematic(zaak: Zaak, _dag: int, _keus: Overgang) -> str:
    return "nee" if zaak.situatie.mesis == "beheersbaar" else "ja"


def _version(_zaak: Zaak, dag: int, _keus: Overgang) -> str:
    return "met_executieve_functies" if dag >= MESIS_NIEUW_VANAF else "zonder_executieve_functies"


def _first_condition(zaak: Zaak, _dag: int, _keus: Overgang) -> str:
    return zaak.loting.draw("voorwaarde_eerst") if "nee" in zaak.situatie.mesis.split(".") else "geen"


def _advice(zaak: Zaak, _dag: int, _keus: Overgang) -> str:
    return zaak.loting.pick(ADVIES[zaak.situatie.mesis])


def _reasons_given(zaak: Zaak, dag: int, keus: Overgang) -> str | None:
    """A motivering where the choice departs from the advice; no draw, so that a guard more changes nobody's life."""
    if keus.product is None or not _departs(zaak, dag, keus.product):
        return None
    zinnen = VAN_VELD["motivering"]
    return zinnen[dag % len(zinnen)]


def _departs(zaak: Zaak, dag: int, product: str) -> bool:
    wereld = zaak.wereld
    dossier = Dossier(wereld.kaart, wereld.route, dag, zaak.door.rol, kenmerken=zaak.kenmerken)
    return bool(advice_against(dossier, product))


def _planned_end(_zaak: Zaak, dag: int, keus: Overgang) -> str:
    if any(veld.code == "start_termijn_op" for veld in keus.velden):
        return iso(last_day_of_regeling(dag))
    return iso(last_day_of_regeling(first_of_next_month(dag)))


def _next_month(_zaak: Zaak, dag: int, _keus: Overgang) -> str:
    return iso(first_of_next_month(dag))


def _contact(zaak: Zaak, _dag: int, keus: Overgang) -> str:
    return zaak.loting.draw("gesprekssoort" if keus.code in GESPREKKEN else "contactsoort")


def _why_back(zaak: Zaak, _dag: int, _keus: Overgang) -> str:
    return zaak.loting.draw("reden_terug_wsnp" if zaak.stap == "wsnp_verzoek" else "reden_terug")


def _result(zaak: Zaak, _dag: int, _keus: Overgang) -> str:
    return RESULTAAT.get(zaak.stap, "finale_kwijting")


def _ending_decision(zaak: Zaak, dag: int, _keus: Overgang) -> str | None:
    return iso(dag) if zaak.kenmerken.get("beschikking") == "toelating" else None


def _debt(zaak: Zaak, _dag: int, keus: Overgang) -> int:
    if keus.code == "gegevens_bijwerken":
        zaak.situatie.pay_off(zaak.loting)
    return zaak.situatie.schuldbedrag


VELDEN: Mapping[str, Antwoord] = {
    # Melding
    **{n: _of_situation(n) for n in ("bron", "kanaal", "crisis", "aanleiding", "doelgroep", "wijkservicepunt")},
    **{n: _of_situation(n) for n in ("aantal_schuldeisers", "maanden_achterstand", "sociaal_team")},
    "minderjarige_kinderen": _of_situation("kinderen"),
    "schuldbedrag": _debt,
    "verwijzer": _referrer,
    "signaal_ontvangen_op": _signal,
    "crisis_dreigt_op": _threat,
    "crisis_gemeld_op": _day(),
    "toelichting": _remark,
    "geleverde_start_op": _day(-700, -40),
    "omschrijving": _text("omschrijving"),
    "vastgesteld_uit": _always("dossier"),
    # Contact, intake, MESIS, besluit
    "contactsoort": _contact,
    "bereikt": _drawn("bereikt"),
    "notitie": _text("notitie"),
    "hulpvraag": _text("hulpvraag"),
    "identiteit_vastgesteld": _always("ja"),
    "mesis_profiel": _of_situation("mesis_profiel"),
    "mesis_versie": _version,
    "schulden_problematisch": _problematic,
    "klant_regelbaar": _mesis(0),
    "schulden_regelbaar": _mesis(1),
    "voorwaarde_eerst": _first_condition,
    "advies_route": _advice,
    "aflosmogelijkheid": _of_situation("aflosmogelijkheid"),
    "toegezegd_op": _day(10, 28),
    "ingebrekestelling_op": _day(),
    "beschikking_op": _day(),
    "mandaat": _always("teamleider"),
    "kenmerk_stuk": lambda _zaak, dag, _keus: f"Z-{date_of(dag):%Y}-{dag:05}",
    "plan_van_aanpak_op": _day(),
    "voorwaarden_plan": _text("voorwaarden_plan"),
    "weigering_overwogen": _drawn("weigering_overwogen"),
    "motivering": _reasons_given,
    "grond_herroeping": _always("bezwaar_gegrond"),
    # Instrumenten
    "bbr_variant": _drawn("bbr_variant"),
    "heronderzoek_op": _day(),
    "overeenkomst_op": _day(),
    "voorstel_verstuurd_op": _day(),
    "aantal_weigeringen": _of_situation("weigeringen"),
    "regeling_variant": _drawn("regeling_variant"),
    "betaling_variant": _drawn("betaling_variant"),
    "regeling_start_op": _next_month,
    "betaling_start_op": _next_month,
    "gepland_einde_op": _planned_end,
    "vtlb": lambda zaak, _dag, _keus: zaak.loting.between(115, 215) * 10,
    "zitting_op": _day(10, 30),
    "met_wsnp_verzoek": _whether("met_wsnp_verzoek"),
    "verklaring_285_op": _day(-21, -2),
    "aanvulling_gevraagd_op": _day(),
    "start_termijn_op": _day(),
    "reden_terug": _why_back,
    "regeling_resultaat": _result,
    # Einde
    "beeindigingsbeschikking_op": _ending_decision,
    "zienswijze_tot_op": _day(14, 21),
    # Deeltrajecten
    "crisis_soort": _of_situation("crisis"),
    "crisis_resultaat": _drawn("crisis_resultaat"),
    "begeleider": _organisation("partner"),
    "partner": _organisation("partner"),
    "moratorium_start_op": _day(),
    "moratorium_einde_op": _day(182, 182),
    "hersteltermijn_op": _day(10, 16),
    "gevraagde_stukken": _text("gevraagde_stukken"),
    "met_commissie": _whether("commissie"),
    "hoorzitting_op": _day(9, 20),
    "klacht_onderwerp": _drawn("klacht_onderwerp"),
    "samenwerking_soort": _drawn("samenwerking_soort"),
    "leefgebied": _drawn("leefgebied"),
    "verwijzing_soort": _drawn("verwijzing_soort"),
    "hulpsoort": _drawn("hulpsoort"),
}
"""Veld -> what is answered."""
