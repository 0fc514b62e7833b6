"""The werkvoorraad: what a case worker has to do, most urgent first; filters live in the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, request, url_for

from models import klok
from models.database import reading, transaction
from web.beveiliging import log
from web.filters import aantal
from web.formulieren import number_of
from web.kaart_nu import map_now
from web.toegang import Rol, confirm, toegang
from web.uitvoer import note_taken
from workflow import overzichten, voorstellen, weergaven
from workflow.kalender import date_of
from workflow.kluis import PREFIX_FROM, tokens
from workflow.overzichten import COUNT_CAP, SORTERINGEN, Pagina, Regel, Vraag
from workflow.routekaart import Routekaart
from workflow.uitwisseling.rekenblad import VORMEN, as_file
from workflow.velden import InvoerGeweigerd

blueprint = Blueprint("werkvoorraad", __name__)
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
LIJSTEN = {"mijn": "Mijn trajecten", "team": "Zonder behandelaar", "alle": "Alle"}
SCHAKELAARS = {
    "termijn": ("Termijn", "deze week"),
    "stil": ("Stil", "langer dan 30 dagen"),
    "vervanging": ("Vervanging", "voor een collega"),
}
"""What narrows any of the lists: the name of the filter, and what it lets through."""

MAX_UITVOER = 20_000
UITVOER = (
    *("Dossier", "Cliënt", "Soort", "Stap", "Fase", "Sinds"),
    *("Eerste termijn", "Welke termijn", "Laatste contact", "Laatste activiteit", "Begonnen"),
    *("Behandelaar", "Voor wie", "Gemeente"),
)
"""Headings of the list as a file."""

KEUZES = ("fase", "route", "gemeente")
KOLOMMEN = (
    {"naam": "Cliënt", "sleutel": None},
    {"naam": "Waar het staat", "sleutel": "sinds"},
    {"naam": "Eerste termijn", "sleutel": "termijn"},
    {"naam": "Laatste contact", "sleutel": "contact"},
    {"naam": "Begonnen", "sleutel": "begonnen"},
    {"naam": "Behandelaar", "sleutel": None},
)


@blueprint.get("/werkvoorraad")
@toegang(*LEZERS)
def toon() -> Any:
    """The list; a search with one hit opens it."""
    vraag = _question()
    with reading(current_app.config["DATABASE"]) as db:
        pagina = overzichten.werkvoorraad(db, vraag, g.medewerker.pseudoniem, klok.today())
        kaart = map_now(db)
        met_keuze = vraag.lijst == "alle" or vraag.behandelaar
        collegas = overzichten.medewerkers(db, rol=Rol.UITVOERDER) if met_keuze else {}
        eigen = weergaven.listed(db, g.medewerker.pseudoniem)
        wacht = voorstellen.how_many_open(db) if g.medewerker.rol == Rol.COORDINATOR else 0
    if vraag.zoek and pagina.aantal == 1:
        return redirect(url_for("trajecten.toon", nummer=pagina.regels[0].nummer))
    return render_template(
        "werkvoorraad/toon.html",
        vraag=vraag,
        pagina=pagina,
        kaart=kaart,
        collegas=collegas,
        wacht=wacht,
        eigen=eigen,
        vraag_tekst=urlencode({k: v for k, v in _params(vraag).items() if k != "zoek"}),
        uitvoer_url=lambda vorm: f"{url_for('werkvoorraad.uitvoer', vorm=vorm)}?{urlencode(_params(vraag))}",
        bewaar_url=f"{url_for('werkvoorraad.bewaar')}?{urlencode(_params(vraag))}",
        fasen=overzichten.fasen_to_choose(kaart, pagina, vraag.fase),
        te_kort=_is_too_short(vraag, pagina),
        telling=_count(pagina),
        kolommen=_columns(vraag),
        weergaven=_views(vraag),
        schakelaars=[] if vraag.zoek else _switches(vraag),
        naam=_name(vraag),
        chips=_chips(vraag, kaart, collegas),
        url=lambda **anders: _url(vraag, **anders),
        sorteer_url=lambda sleutel, richting: _url(vraag, sorteer=sleutel, aflopend=richting == "aflopend"),
        dag=klok.today(),
        zoek_waarde=vraag.zoek,
    )


@blueprint.get("/werkvoorraad/uit.<vorm>")
@toegang(*LEZERS)
def uitvoer(vorm: str) -> Response:
    """The whole list as a file, as it stands on the screen and with the same filters; that it was taken is logged."""
    if vorm not in VORMEN:
        abort(404)
    vraag = _question()
    with reading(current_app.config["DATABASE"]) as db:
        regels = overzichten.all_lines(db, vraag, g.medewerker.pseudoniem, klok.today(), MAX_UITVOER)
    note_taken("werkvoorraad", vorm, len(regels))
    log("werkvoorraad_uitgevoerd", medewerker=g.medewerker.pseudoniem, betreft=f"{vorm}:{len(regels)}")
    inhoud = as_file(vorm, "Werkvoorraad", UITVOER, map(_exported, regels))
    kop = {"Content-Disposition": f'attachment; filename="werkvoorraad-{date_of(klok.today())}.{vorm}"'}
    return Response(inhoud, content_type=VORMEN[vorm], headers=kop)


def _exported(t: Regel) -> tuple[Any, ...]:
    dagen = (t.sinds_op, t.vervaldag, t.contact_op, t.laatste_op, t.begonnen_op)
    sinds, vervalt, contact, laatste, begonnen = (date_of(dag) if dag else None for dag in dagen)
    waar = (t.nummer, " en ".join(t.namen), t.route, t.stap, t.fase, sinds)
    wie = (t.behandelaar or "", str(t.vervangt or ""), t.gemeente or "")
    return (*waar, vervalt, t.termijn or "", contact, laatste, begonnen, *wie)


@blueprint.post("/werkvoorraad/weergaven")
@toegang(*LEZERS)
def bewaar() -> Any:
    """Keep the present filter under a name."""
    vraag = _question()
    adres = urlencode({k: v for k, v in _params(vraag).items() if k != "zoek"})
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            weergaven.keep(db, confirm(db).pseudoniem, request.form.get("naam", ""), adres)
    except InvoerGeweigerd as fout:
        flash(str(fout), "fout")
    else:
        flash("De lijst is bewaard.", "goed")
    return redirect(f"{url_for('werkvoorraad.toon')}?{adres}", 303)


@blueprint.post("/werkvoorraad/weergaven/<int(max=2147483647):id_>/weg")
@toegang(*LEZERS)
def vergeet(id_: int) -> Any:
    """Forget a filter."""
    with transaction(current_app.config["DATABASE"]) as db:
        weergaven.drop(db, confirm(db).pseudoniem, id_)
    flash("De bewaarde lijst is verwijderd.", "info")
    return redirect(url_for("werkvoorraad.toon"), 303)


@blueprint.get("/zoek")
@toegang(*LEZERS)
def zoek_tips() -> str:
    """The first hits while someone types in the search box."""
    vraag = Vraag(zoek=request.args.get("zoek", "")[:80].strip())
    regels: tuple[Regel, ...] = ()
    if len(vraag.zoek) >= 3:
        with reading(current_app.config["DATABASE"]) as db:
            regels = overzichten.werkvoorraad(db, vraag, g.medewerker.pseudoniem, klok.today()).regels
    return render_template("werkvoorraad/tips.html", regels=regels[:6], zoek=vraag.zoek)


@blueprint.get("/partner")
@toegang(Rol.PARTNER)
def partner() -> str:
    """A partner's page: there is nothing here yet but who they are."""
    return render_template("werkvoorraad/partner.html")


def _question() -> Vraag:
    args = request.args
    lijst = args.get("lijst", "mijn" if g.medewerker.rol == Rol.UITVOERDER else "alle")
    sorteer = args.get("sorteer", "termijn")
    return Vraag(
        lijst=lijst if lijst in LIJSTEN else "mijn",  # type: ignore[arg-type]
        behandelaar=args.get("behandelaar") or None,
        termijn=args.get("termijn") == "ja",
        stil=args.get("stil") == "ja",
        vervanging=args.get("vervanging") == "ja",
        fase=args.get("fase") or None,
        route=args.get("route") or None,
        gemeente=args.get("gemeente") or None,
        zoek=args.get("zoek", "")[:80].strip(),
        sorteer=sorteer if sorteer in SORTERINGEN else "termijn",
        aflopend=args.get("aflopend") == "ja",
        na=_key(args.get("na")),
        voor=_key(args.get("voor")),
    )


def _key(tekst: str | None) -> tuple[int, int] | None:
    waarde, _, id_ = (tekst or "").partition(".")
    eerste, tweede = number_of(waarde, 18), number_of(id_, 18)
    return None if eerste is None or tweede is None else (eerste, tweede)


def _params(vraag: Vraag) -> dict[str, str]:
    waarden: dict[str, Any] = {"lijst": vraag.lijst, "zoek": vraag.zoek, "sorteer": vraag.sorteer}
    waarden |= {naam: getattr(vraag, naam) for naam in (*KEUZES, "behandelaar")}
    waarden |= {naam: "ja" for naam in (*SCHAKELAARS, "aflopend") if getattr(vraag, naam)}
    return {k: v for k, v in waarden.items() if v and (k, v) != ("sorteer", "termijn")}


def _url(vraag: Vraag, **anders: Any) -> str:
    params = {**_params(vraag), **{k: _written(v) for k, v in anders.items()}}
    return f"{url_for('werkvoorraad.toon')}?{urlencode({k: v for k, v in params.items() if v})}"


def _written(waarde: Any) -> str:
    if isinstance(waarde, tuple):
        return f"{waarde[0]}.{waarde[1]}"
    return {True: "ja", False: "", None: ""}.get(waarde, waarde) if not isinstance(waarde, str) else waarde


def _count(pagina: Pagina) -> str:
    if pagina.aantal > COUNT_CAP:
        return "1.000+ trajecten"
    return aantal(pagina.aantal, "traject", "trajecten")


def _columns(vraag: Vraag) -> list[dict[str, Any]]:
    richting = "aflopend" if vraag.aflopend else "oplopend"
    kolommen = KOLOMMEN[:-1] if vraag.lijst != "alle" and not vraag.zoek else KOLOMMEN
    return [{**k, "richting": richting if k["sleutel"] == vraag.sorteer else None} for k in kolommen]


def _views(vraag: Vraag) -> list[dict[str, Any]]:
    """The lists; what narrows them stays as it is."""
    return [
        {"naam": naam, "url": _url(vraag, zoek="", behandelaar="", lijst=lijst), "actief": _is_shown(vraag, lijst)}
        for lijst, naam in LIJSTEN.items()
    ]


def _is_shown(vraag: Vraag, lijst: str) -> bool:
    return not vraag.zoek and vraag.lijst == lijst


def _switches(vraag: Vraag) -> list[dict[str, Any]]:
    """What can be switched on and off beside the lists."""
    return [
        {"naam": " ".join(woorden), "url": _url(vraag, **{naam: not getattr(vraag, naam)}), "aan": getattr(vraag, naam)}
        for naam, woorden in SCHAKELAARS.items()
    ]


def _name(vraag: Vraag) -> str:
    """What the page shows, in a few words."""
    if vraag.zoek:
        return "Zoekresultaat"
    aan = [" ".join(woorden).lower() for naam, woorden in SCHAKELAARS.items() if getattr(vraag, naam)]
    return ", ".join([LIJSTEN[vraag.lijst], *aan])


def _is_too_short(vraag: Vraag, pagina: Pagina) -> bool:
    """Whether nothing was found because a name is found from its third letter on."""
    delen = tokens(vraag.zoek)
    return bool(vraag.zoek) and not pagina.aantal and (not delen or any(len(deel) < PREFIX_FROM for deel in delen))


def _chips(vraag: Vraag, kaart: Routekaart, collegas: Mapping[str, str]) -> list[dict[str, str]]:
    namen: dict[str, tuple[str, Mapping[str, str]]] = {
        "fase": ("Fase", kaart.fasen),
        "route": ("Soort", {r.code: r.naam for r in kaart.routes.values()}),
        "gemeente": ("Gemeente", kaart.gemeenten),
        "behandelaar": ("Behandelaar", collegas),
    }
    chips = [
        {"naam": titel, "waarde": lijst.get(waarde, waarde), "weg_url": _url(vraag, **{naam: ""})}
        for naam, (titel, lijst) in namen.items()
        if (waarde := getattr(vraag, naam))
    ]
    chips += [
        {"naam": titel, "waarde": waarde, "weg_url": _url(vraag, **{naam: ""})}
        for naam, (titel, waarde) in SCHAKELAARS.items()
        if getattr(vraag, naam) and not vraag.zoek
    ]
    if vraag.zoek:
        chips.append({"naam": "Zoekt", "waarde": vraag.zoek, "weg_url": _url(vraag, zoek="")})
    return chips
