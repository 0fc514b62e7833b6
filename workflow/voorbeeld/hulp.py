"""Life courses through the help itself, from stabilisatie to nazorg. Each returns what comes next."""

from __future__ import annotations

from workflow.voorbeeld import deeltrajecten, vergissingen
from workflow.voorbeeld.aanvraag import Vervolg, start_help
from workflow.voorbeeld.agenda import Dag
from workflow.voorbeeld.antwoorden import HALVE_TERMIJN_VANAF
from workflow.voorbeeld.huishouden import split
from workflow.voorbeeld.zaak import Zaak

GEWOON_VERVOLG = frozenset({"nazorg", "afgerond"})
"""What follows on a regeling that runs its whole time; all else comes before."""

DAG_120 = 120
"""Days after the overeenkomst at which the coordinator is told that there is no akkoord yet."""


def stabilisatie(zaak: Zaak) -> Vervolg:
    """Income and expenses in balance, budgetbeheer beside it for some, now and then a second MESIS."""
    deeltrajecten.plan_budgetbeheer(zaak)
    yield from split(zaak)
    yield from vergissingen.end_in_wrong_file(zaak)
    naar = zaak.choose()
    dag = yield from zaak.stay(zaak.days("stabilisatie"))
    if zaak.loting.hit("tweede_mesis"):
        zaak.advance("mesis_herhalen", dag)
    return (yield from start_help(zaak, naar, dag))


def dfd(zaak: Zaak) -> Vervolg:
    """Help for longer, looked at again each year; a better MESIS opens the way to stabilisatie."""
    deeltrajecten.plan_budgetbeheer(zaak)
    yield from split(zaak)
    naar = zaak.choose()
    duur = zaak.days("dfd")
    yield from _review(zaak, duur)
    dag = yield from zaak.stay(duur)
    if naar in ("stabilisatie", "minnelijk_voorbereiding") and zaak.loting.hit("mesis_na_dfd"):
        zaak.situatie.improve()
        zaak.advance("mesis_herhalen", dag)
    return (yield from start_help(zaak, naar, dag))


def _review(zaak: Zaak, duur: int) -> Dag:
    begin, verstreken = zaak.sinds_op, zaak.loting.days("heronderzoek")
    while verstreken < duur and not zaak.has_arrived:
        yield from _contacts_until(zaak, begin + verstreken)
        dag = yield from zaak.happens(begin + verstreken)
        zaak.advance("heronderzoek_uitvoeren", dag)
        verstreken += zaak.loting.days("heronderzoek")
    return zaak.laatste_op


def _contacts_until(zaak: Zaak, tot_dag: int) -> Dag:
    """The contacts of the present stap up to a day on which something else happens."""
    while (volgende := max(zaak.today, zaak.laatste_op) + zaak.pause()) < tot_dag:
        dag = yield from zaak.happens(volgende)
        zaak.do_something(dag)
    return zaak.laatste_op


def budgetbeheer(zaak: Zaak) -> Vervolg:
    """Budgetbeheer as the only help; its variants walk on a child traject."""
    naar = zaak.choose()
    dag = yield from zaak.stay(zaak.days("budgetbeheer"))
    return (yield from start_help(zaak, naar, dag))


def betalingsregeling(zaak: Zaak) -> Vervolg:
    """Everything is paid back, in terms or with one loan."""
    naar = zaak.choose()
    duur = zaak.days("betalingsregeling")
    dag = yield from zaak.stay(duur if naar in GEWOON_VERVOLG else _cut_short(zaak, duur))
    return (yield from start_help(zaak, naar, dag))


def _cut_short(zaak: Zaak, duur: int) -> int:
    return round(duur * zaak.loting.rng.uniform(0.15, 0.85))


def minnelijk_voorbereiding(zaak: Zaak) -> Vervolg:
    """A proposal to all creditors, their answers, and what follows on those."""
    yield from split(zaak)
    naar = zaak.choose()
    yield from _propose(zaak, naar)
    rest = zaak.laatste_op - zaak.sinds_op + zaak.days("minnelijk_voorbereiding")
    if rest >= DAG_120 and zaak.loting.hit("signaal_120") and not zaak.has_arrived:
        yield from _contacts_until(zaak, zaak.sinds_op + DAG_120)
        dag = yield from zaak.happens(zaak.sinds_op + DAG_120)
        zaak.advance("signaal_120_dagen_geven", dag)
    dag = yield from zaak.stay(rest)
    if naar == "minnelijk_lopend":
        zaak.advance("akkoord_vaststellen", dag, aantal_akkoord=zaak.situatie.aantal_schuldeisers)
        dag = yield from zaak.happens(dag + zaak.loting.between(1, 6))
    return (yield from start_help(zaak, naar, dag))


def _propose(zaak: Zaak, naar: str) -> Dag:
    if zaak.has_arrived:
        return zaak.laatste_op
    dag = yield from zaak.happens(zaak.laatste_op + zaak.days("voorstel"))
    zaak.advance("voorstel_versturen", dag)
    dag = yield from zaak.happens(dag + zaak.days("reacties"))
    aantal = zaak.situatie.aantal_schuldeisers
    weigert = zaak.loting.between(0, aantal // 4) if naar == "minnelijk_lopend" else zaak.loting.between(1, aantal)
    zaak.situatie.weigeringen = weigert
    zaak.advance("reacties_vastleggen", dag, aantal_akkoord=aantal - weigert, aantal_weigeringen=weigert)
    return dag


def dwangakkoord(zaak: Zaak) -> Vervolg:
    """The court decides whether the creditors that refuse must join."""
    dag = yield from zaak.happens(zaak.laatste_op + zaak.days("zitting"))
    zaak.advance("zitting_vastleggen", dag)
    naar = zaak.choose()
    dag = yield from zaak.stay(zaak.days("dwangakkoord"))
    return (yield from start_help(zaak, naar, dag))


def minnelijk_lopend(zaak: Zaak) -> Vervolg:
    """The regeling runs; who stops, stops before its end."""
    naar = zaak.choose()
    duur = zaak.days(_by_term(zaak, "minnelijk_lopend"))
    dag = yield from zaak.stay(duur if naar in GEWOON_VERVOLG else _cut_short(zaak, duur))
    return (yield from start_help(zaak, naar, dag))


def _by_term(zaak: Zaak, naam: str) -> str:
    return naam if zaak.sinds_op >= HALVE_TERMIJN_VANAF else f"{naam}_36"


def wsnp_verzoek(zaak: Zaak) -> Vervolg:
    """A request with the court; it may ask for more, and may refuse."""
    deeltrajecten.plan_beside_wsnp(zaak)
    if zaak.loting.hit("aanvulling") and not zaak.has_arrived:
        dag = yield from zaak.happens(zaak.laatste_op + zaak.loting.between(5, 14))
        zaak.advance("aanvulling_vastleggen", dag)
        dag = yield from zaak.happens(dag + zaak.days("aanvulling"))
        zaak.advance("aanvulling_versturen", dag)
    naar = zaak.choose()
    dag = yield from zaak.stay(zaak.days("wsnp_verzoek"))
    return (yield from start_help(zaak, naar, dag))


def wsnp_lopend(zaak: Zaak) -> Vervolg:
    """The statutory route: report of the bewindvoerder, last hearing, schone lei."""
    naar = zaak.choose()
    duur = zaak.days(_by_term(zaak, "wsnp_lopend"))
    if naar != "nazorg":
        dag = yield from zaak.stay(_cut_short(zaak, duur))
        return (yield from start_help(zaak, naar, dag))
    if not zaak.has_arrived:
        yield from _last_months(zaak, zaak.sinds_op + duur)
    dag = yield from zaak.stay(duur)
    zaak.advance("schone_lei_vastleggen", dag)
    return (yield from start_help(zaak, naar, dag))


def _last_months(zaak: Zaak, einde: int) -> Dag:
    for code, vooraf in (("eindverslag_vastleggen", 100), ("eindzitting_vastleggen", 45)):
        yield from _contacts_until(zaak, einde - vooraf)
        dag = yield from zaak.happens(einde - vooraf + zaak.loting.between(-12, 6))
        zaak.advance(code, dag)
    return zaak.laatste_op


def nazorg(zaak: Zaak) -> Vervolg:
    """A last half year of looking after."""
    naar = zaak.choose()
    duur = zaak.days("nazorg")
    yield from zaak.stay(duur if naar in GEWOON_VERVOLG else _cut_short(zaak, duur))
    return naar


def ingelezen(zaak: Zaak) -> Vervolg:
    """Taken over from another system: somebody finds out in which stap it stands."""
    naar = zaak.choose()
    dag = yield from zaak.stay(zaak.days("ingelezen"))
    zaak.move(naar, dag)
    return naar
