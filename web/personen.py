"""One person: what is known, grouped; changing it, its history, doubles put together and taken apart again.

The address has the pseudonym, never a name. A BSN, and a home address that is to stay secret, are shown only to who
asks, and that is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from models import klok
from models.database import reading, transaction
from web import mensen
from web.beveiliging import log
from web.dossier import Dossierkop, open_dossier
from web.filters import tijdstip
from web.formulieren import Basisform, DatumField, Keuzen, asked, attempt, number_of, options, overgang_form, written
from web.mensen import PERSOONSVELDEN, WIE, geboren
from web.toegang import Rol, confirm, toegang
from web.trajecten import day_of_form
from workflow import personen, voortgang
from workflow.kaarten import Kaarten, in_force
from workflow.kalender import date_of
from workflow.opdracht import Vastgelegd
from workflow.overzichten import medewerkers
from workflow.personen import REDENEN, Persoon, Persoonswijziging
from workflow.persoonsgegevens import GROEPEN, JA, KEUZEN, VELDNAMEN, WOONADRES, Gegevens, as_bsn, in_blocks
from workflow.splitsing import departures
from workflow.trajectpagina import people_in
from workflow.velden import InvoerGeweigerd, read_date

blueprint = Blueprint("personen", __name__)
LEZERS = (Rol.UITVOERDER, Rol.COORDINATOR, Rol.AUDITOR)
SCHRIJVERS = (Rol.UITVOERDER, Rol.COORDINATOR)
DAGEN = ("geboortedatum", "identiteit_op")
VASTE_TALEN = "Bijvoorbeeld Arabisch. Laat leeg als Nederlands goed gaat."
UITLEG = {
    "taal": VASTE_TALEN,
    "bereik_tijden": "Bijvoorbeeld: op werkdagen na 16 uur.",
    "post_regel": "Alleen als post niet naar het woonadres gaat.",
    "veilig_postadres": "Het woonadres staat dan op geen scherm en in geen brief. Vul het postadres in.",
}
GEHEIM = {"bsn": ("bsn",), "woonadres": WOONADRES}
"""What is shown only to who asks: its name in the form -> the velden."""

TALEN = {
    **{
        "nl": "Nederlands",
        "ar": "Arabisch",
        "tr": "Turks",
        "pl": "Pools",
        "ti": "Tigrinya",
        "en": "Engels",
        "fr": "Frans",
    },
    **{"it": "Italiaans", "es": "Spaans", "pt": "Portugees", "de": "Duits", "uk": "Oekraïens", "ru": "Russisch"},
    **{"ro": "Roemeens", "bg": "Bulgaars", "fa": "Farsi", "so": "Somalisch", "ku": "Koerdisch", "zh": "Chinees"},
}
"""Languages that came as a code of ISO 639."""

AL_BEKEND = "Bekend, maar verborgen. Vul alleen iets in om het te wijzigen."
BLIJFT, WEG = "blijft", "weg"
SAMEN = ("Woonadres", "Postadres", "Gemachtigde", "Bewindvoerder", "Identiteit vastgesteld")
"""Groups that are chosen as a whole when two entries become one: half an address is none."""


@blueprint.get("/personen/<pseudoniem>")
@toegang(*LEZERS)
def toon(pseudoniem: str) -> Any:
    """The page of one person; of who was merged with another: that other."""
    with reading(current_app.config["DATABASE"]) as db:
        return _page(db, pseudoniem)


@blueprint.post("/personen/<pseudoniem>/tonen")
@toegang(*LEZERS)
def tonen(pseudoniem: str) -> Any:
    """The same page with the BSN, or a secret home address, once that is noted."""
    wat = request.form.get("wat", "")
    if wat not in GEHEIM:
        raise NotFound
    with transaction(current_app.config["DATABASE"]) as db:
        personen.find(db, pseudoniem)
        personen.note_shown(db, pseudoniem, GEHEIM[wat], confirm(db).pseudoniem)
        log("persoon_getoond", endpoint=request.endpoint, medewerker=g.medewerker.pseudoniem, betreft=pseudoniem)
        return _page(db, pseudoniem, getoond=wat)


def _page(db: Connection, pseudoniem: str, getoond: str = "") -> Any:
    persoon, dubbelen = personen.with_doubles(db, pseudoniem)
    trajecten = personen.trajecten_of(db, [pseudoniem]).get(pseudoniem, [])
    wijzigingen = personen.history(db, pseudoniem)
    if not trajecten and (blijft := personen.survivor(db, pseudoniem)) != pseudoniem:
        return redirect(url_for(".toon", pseudoniem=blijft))
    wie = {w.door for w in wijzigingen if w.door} | {persoon.gegevens.identiteit_door} - {""}
    namen = medewerkers(db, wie) if wie else {}
    kaarten = Kaarten(db)
    return render_template(
        "personen/toon.html",
        persoon=persoon,
        groepen=_groups(persoon.gegevens, namen, GEHEIM.get(getoond, ())),
        geheim=_secrets(persoon.gegevens, getoond),
        dubbelen=dubbelen,
        trajecten=[{"rij": t, "stap": _stand(t, kaarten)} for t in trajecten],
        regels=[_line(w, namen) for w in wijzigingen],
        samengevoegd=_merged(wijzigingen),
        schrijft=g.medewerker.rol in SCHRIJVERS,
    )


def _stand(traject: Any, kaarten: Kaarten) -> str:
    """Route and stap of a traject in words."""
    route = kaarten[traject.routekaart].routes[traject.route]
    stap = route.stappen.get(traject.stap or "")
    return f"{route.naam}, {stap.naam if stap else 'ingetrokken'}"


def _groups(gegevens: Gegevens, namen: Mapping[str, str], open_: Sequence[str] = ()) -> dict[str, dict[str, str]]:
    """What is known, by group and by the name of the veld; what is empty or hidden is left out."""
    zichtbaar = replace(gegevens.op_scherm, **{veld: getattr(gegevens, veld) for veld in open_})
    return {
        groep: gevuld
        for groep, velden in GROEPEN.items()
        if (gevuld := {naam: zin for veld, naam in velden.items() if (zin := said(veld, zichtbaar, namen))})
    }


def said(veld: str, gegevens: Gegevens, namen: Mapping[str, str]) -> str:
    """A veld of a person as people read it."""
    waarde = getattr(gegevens, veld)
    if veld in DAGEN:
        return geboren(waarde) if waarde else ""
    if veld in ("postcode", "post_postcode"):
        return in_blocks(waarde)
    if veld == "veilig_postadres":
        return "Ja: het woonadres staat nergens" if waarde else ""
    if veld == "taal":
        return TALEN.get(waarde, str(waarde))
    if veld == "identiteit_door":
        return namen.get(waarde, "onbekend") if waarde else ""
    return str(KEUZEN.get(veld, {}).get(waarde, waarde))


def _secrets(gegevens: Gegevens, getoond: str) -> list[tuple[str, str]]:
    """What is known and not shown yet: its name in the form, and the text of its button."""
    verborgen = [("bsn", "Toon BSN")] if gegevens.bsn else []
    if gegevens.is_woonadres_geheim and any(getattr(gegevens, veld) for veld in WOONADRES):
        verborgen.append(("woonadres", "Toon woonadres"))
    return [(wat, tekst) for wat, tekst in verborgen if wat != getoond]


def _line(wijziging: Persoonswijziging, namen: Mapping[str, str]) -> dict[str, str]:
    """A change as a line of history: who, when, which velden; no values."""
    velden = ", ".join(VELDNAMEN.get(veld, veld) for veld in wijziging.velden)
    zinnen = {
        "gegevens": f"Gewijzigd: {velden}",
        "getoond": f"Bekeken: {'BSN' if wijziging.velden == ('bsn',) else 'woonadres'}",
        "samenvoeging": "Samengevoegd met een dubbele invoer" + (f"; overgenomen: {velden}" if velden else ""),
        "losgemaakt": "Samenvoeging ongedaan gemaakt" + (f"; teruggezet: {velden}" if velden else ""),
    }
    reden = f" Reden: {REDENEN[wijziging.reden].lower()}." if wijziging.reden and wijziging.reden in REDENEN else ""
    door = namen.get(wijziging.door, "onbekend") if wijziging.door else "het programma"
    return {"wanneer": tijdstip(wijziging.vastgelegd_op), "door": door, "wat": f"{zinnen[wijziging.soort]}.{reden}"}


def _merged(wijzigingen: Sequence[Persoonswijziging]) -> list[tuple[str, str]]:
    """Who was merged with this person and not taken apart since: the pseudonym, and when."""
    nu: dict[str, str] = {}
    for w in reversed(wijzigingen):
        if w.betreft and w.soort == "samenvoeging":
            nu[w.betreft] = tijdstip(w.vastgelegd_op)
        elif w.betreft:
            nu.pop(w.betreft, None)
    return list(nu.items())


# -- Changing ----------------------------------------------------------------------------------------------------------


@blueprint.route("/personen/<pseudoniem>/wijzigen", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def wijzigen(pseudoniem: str) -> Any:
    """The form with all that can be known of a person."""
    with reading(current_app.config["DATABASE"]) as db:
        persoon = personen.find(db, pseudoniem)
        laatste = personen.last_change(db, pseudoniem)
    form = _form(_fields(persoon.gegevens))
    if request.method == "GET" and "concept" not in g:
        _fill(form, persoon.gegevens)
    form.verwacht.data = form.verwacht.data or str(laatste)

    def record(db: Connection) -> bool:
        door = confirm(db).pseudoniem
        was = personen.find(db, pseudoniem).gegevens
        nieuw = _typed(form, was, door)
        personen.change(db, pseudoniem, nieuw, door=door, verwacht=number_of(form.verwacht.data))
        log("persoon_bijgewerkt", endpoint=request.endpoint, betreft=pseudoniem)
        return True

    if form.validate_on_submit() and attempt(form, record):
        flash("De gegevens zijn opgeslagen.", "goed")
        return redirect(url_for(".toon", pseudoniem=pseudoniem), 303)
    if form.is_conflict:
        form.verwacht.data = str(laatste)
    velden = {groep: [form[veld] for veld in groepvelden if veld in form] for groep, groepvelden in GROEPEN.items()}
    return render_template("personen/wijzigen.html", persoon=persoon, form=form, groepen=velden), form.status


def _form(velden: Mapping[str, Any]) -> Basisform:
    return overgang_form((), (), Keuzen(), klok.today(), met_dag=False, extra=velden)


def _fields(gegevens: Gegevens) -> dict[str, Any]:
    dicht = _hidden_in(gegevens)
    return {veld: _field(veld, naam, veld in dicht) for veld, naam in VELDNAMEN.items() if veld != "identiteit_door"}


def _hidden_in(gegevens: Gegevens) -> tuple[str, ...]:
    """What the form does not show: left empty it stays as it is."""
    bsn = ("bsn",) if gegevens.bsn else ()
    return (*bsn, *WOONADRES) if gegevens.is_woonadres_geheim else bsn


def _field(veld: str, naam: str, is_dicht: bool) -> Any:
    gemeen: dict[str, Any] = {"validators": asked(veld == "achternaam"), "description": UITLEG.get(veld, "")}
    if is_dicht:
        gemeen["description"] = AL_BEKEND
    if veld in DAGEN:
        return DatumField(naam, **gemeen)
    keuzen = KEUZEN.get(veld)
    if keuzen is None:
        return StringField(naam, **gemeen)
    if set(keuzen) == {JA}:
        return BooleanField(naam, **gemeen)
    return SelectField(naam, choices=options([("", "Niet bekend"), *keuzen.items()]), validate_choice=False, **gemeen)


def _fill(form: Basisform, gegevens: Gegevens) -> None:
    dicht = _hidden_in(gegevens)
    for veld in (veld for veld in VELDNAMEN if veld in form and veld not in dicht):
        waarde = getattr(gegevens, veld)
        form[veld].data = waarde == JA if isinstance(form[veld], BooleanField) else _as_typed(veld, waarde)


def _as_typed(veld: str, waarde: str) -> str:
    if veld not in DAGEN or not waarde:
        return waarde
    try:
        return written(read_date(waarde))
    except ValueError:
        return waarde


def _typed(form: Basisform, was: Gegevens, door: str) -> Gegevens:
    """The data as typed over what was known; what the form hides stays, an address only as a whole."""
    getypt = {veld: _value(form, veld) for veld in VELDNAMEN if veld in form}
    if was.bsn and not getypt["bsn"]:
        del getypt["bsn"]
    if was.is_woonadres_geheim and not any(getypt[veld] for veld in WOONADRES):
        getypt = {veld: waarde for veld, waarde in getypt.items() if veld not in WOONADRES}
    nieuw = replace(was, **getypt)
    if (nieuw.identiteit_document, nieuw.identiteit_op) == (was.identiteit_document, was.identiteit_op):
        return nieuw
    return replace(nieuw, identiteit_door=door if nieuw.identiteit_document or nieuw.identiteit_op else "")


def _value(form: Basisform, veld: str) -> str:
    waarde = form[veld].data
    if isinstance(waarde, bool):
        return JA if waarde else ""
    tekst = " ".join(str(waarde or "").split())
    if veld == "bsn":
        return as_bsn(tekst)
    if veld in DAGEN and tekst:
        try:
            return date_of(read_date(tekst)).isoformat()
        except ValueError:
            return tekst
    return tekst


# -- Doubles -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keus:
    """What is chosen as a whole: its code in the form, its name, its velden, and both values as people read them."""

    code: str
    naam: str
    velden: tuple[str, ...]
    blijft: str
    weg: str

    @property
    def is_anders(self) -> bool:
        """Whether the two differ."""
        return self.blijft != self.weg


@blueprint.route("/personen/<pseudoniem>/samenvoegen/<ander>", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def samenvoegen(pseudoniem: str, ander: str) -> Any:
    """Two entries side by side; which data stay, and why they are one person."""
    with reading(current_app.config["DATABASE"]) as db:
        blijft, weg, keuzen = _pair(db, pseudoniem, ander)
        trajecten = personen.trajecten_of(db, [pseudoniem, ander])
        kaarten = Kaarten(db)
        standen = {wie: [(t.nummer, _stand(t, kaarten)) for t in rijen] for wie, rijen in trajecten.items()}
        gezien = str(personen.last_change(db, pseudoniem, ander))
    anders = [keus for keus in keuzen if keus.is_anders]
    form = _form({**{keus.code: _radio(keus) for keus in anders}, "reden": _reason(REDENEN.items())})
    form.verwacht.data = form.verwacht.data or gezien

    def record(db: Connection) -> list[str]:
        door = confirm(db)
        if form.verwacht.data != str(personen.last_change(db, pseudoniem, ander)):
            raise voortgang.Conflict("Deze gegevens zijn intussen gewijzigd. Bekijk eerst de nieuwe stand.")
        _pair(db, pseudoniem, ander)
        over = [veld for keus in anders if form[keus.code].data == WEG for veld in keus.velden]
        personen.merge(db, ander, pseudoniem, door=door, op=klok.today(), over=over, reden=form["reden"].data or "")
        log("persoon_samengevoegd", endpoint=request.endpoint, betreft=pseudoniem, medewerker=door.pseudoniem)
        return [pseudoniem]

    if form.validate_on_submit() and attempt(form, record):
        flash("Samengevoegd. Ongedaan maken kan op deze bladzijde.", "goed")
        return redirect(url_for(".toon", pseudoniem=pseudoniem), 303)
    if form.is_conflict:
        form.verwacht.data = gezien
    return render_template(
        "personen/samenvoegen.html",
        blijft=blijft,
        weg=weg,
        keuzen=keuzen,
        anders=anders,
        standen=standen,
        form=form,
    ), form.status


def _pair(db: Connection, pseudoniem: str, ander: str) -> tuple[Persoon, Persoon, list[Keus]]:
    """Two people who may be merged, and what is chosen between them. Raises OnbekendePersoon."""
    blijft, weg = personen.find_both(db, pseudoniem, ander)
    namen = medewerkers(db, {p.gegevens.identiteit_door for p in (blijft, weg)} - {""})
    return blijft, weg, list(_choices(blijft.gegevens, weg.gegevens, namen))


def _choices(blijft: Gegevens, weg: Gegevens, namen: Mapping[str, str]) -> Iterator[Keus]:
    for groep, velden in GROEPEN.items():
        if groep in SAMEN:
            code, alle = f"keus_{next(iter(velden))}", tuple(velden)
            yield Keus(code, groep, alle, *(_together(g_, alle, namen) for g_ in (blijft, weg)))
        else:
            for veld, naam in velden.items():
                yield Keus(f"keus_{veld}", naam, (veld,), *(_shown(g_, veld, namen) for g_ in (blijft, weg)))


def _together(gegevens: Gegevens, velden: Sequence[str], namen: Mapping[str, str]) -> str:
    if velden[0] in WOONADRES:
        return (
            "verborgen (veilig postadres)" if gegevens.is_woonadres_geheim else gegevens.adres_in_zin or "niet bekend"
        )
    return ", ".join(zin for veld in velden if (zin := _shown(gegevens, veld, namen))) or "niet bekend"


def _shown(gegevens: Gegevens, veld: str, namen: Mapping[str, str]) -> str:
    """A value beside another one; of a BSN the end only, which tells two apart."""
    waarde = getattr(gegevens, veld)
    if veld == "bsn":
        return f"eindigt op {waarde[-3:]}" if waarde else "niet bekend"
    return said(veld, gegevens, namen) or ("" if veld in ALLE_SAMEN else "niet bekend")


ALLE_SAMEN = frozenset(veld for groep in SAMEN for veld in GROEPEN[groep])


def _radio(keus: Keus) -> RadioField:
    keuzes = [SelectChoice(BLIJFT, keus.blijft), SelectChoice(WEG, keus.weg)]
    standaard = WEG if keus.blijft == "niet bekend" else BLIJFT
    return RadioField(keus.naam, asked(True), choices=keuzes, default=standaard, validate_choice=False)


def _reason(redenen: Any) -> SelectField:
    keuzes = options([("", "Maak een keuze"), *redenen])
    return SelectField("Reden", asked(True), choices=keuzes, validate_choice=False)


@blueprint.route("/personen/<pseudoniem>/losmaken/<weg>", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def losmaken(pseudoniem: str, weg: str) -> Any:
    """Take a merge back, with a reason: everything as it was before."""
    with reading(current_app.config["DATABASE"]) as db:
        persoon = personen.find(db, pseudoniem)
        if weg not in dict(_merged(personen.history(db, pseudoniem))):
            raise NotFound
        redenen = [(r.code, r.naam) for r in in_force(db).correctieredenen if not r.labels.get("ongedaan")]
    form = _form({"reden": _reason(redenen)})

    def record(db: Connection) -> bool:
        personen.unmerge(db, weg, door=confirm(db), reden=form["reden"].data or "")
        log("persoon_losgemaakt", endpoint=request.endpoint, betreft=pseudoniem)
        return True

    if form.validate_on_submit() and attempt(form, record):
        flash("De samenvoeging is ongedaan gemaakt. Alles is weer zoals het was.", "goed")
        return redirect(url_for(".toon", pseudoniem=pseudoniem), 303)
    return render_template("personen/losmaken.html", persoon=persoon, form=form), form.status


# -- The people of a dossier -------------------------------------------------------------------------------------------


@blueprint.get("/trajecten/<nummer>/personen")
@toegang(*LEZERS)
def dossier(nummer: str) -> Any:
    """Who takes part in a traject, who left it, and how somebody joins."""
    with reading(current_app.config["DATABASE"]) as db:
        kop = open_dossier(db, nummer)
        weg = departures(kop.gezin)
        alle = people_in(kop.gezin, weg)
    keus = kop.overgang("erbij")
    return render_template(
        "personen/dossier.html",
        kop=kop,
        mensen=[alle[wie] for wie in kop.verloop.stand.deelnemers if wie in alle],
        vertrokken=[alle[wie].naam for wie in weg if wie in alle],
        keus=keus,
        redenen=kop.why_not(keus) if keus else (),
        schrijft=g.medewerker.rol in SCHRIJVERS,
    )


@blueprint.route("/trajecten/<nummer>/personen/erbij", methods=["GET", "POST"])
@toegang(*SCHRIJVERS)
def erbij(nummer: str) -> Any:
    """A second person joins a running traject: who that is, found or new, and from which day."""
    with reading(current_app.config["DATABASE"]) as db:
        kop = open_dossier(db, nummer)
        keus = kop.overgang("erbij")
        if keus is None:
            raise NotFound
        form = overgang_form(keus.velden, (), Keuzen(), klok.today(), extra=mensen.person_fields())
        is_ingevuld = request.method == "POST" or "concept" in g
        wie = mensen.people_in(db, form, _looks_up(form)) if is_ingevuld else []
    form.verwacht.data = form.verwacht.data or str(kop.volgnummer)
    mensen.offer(form, wie)
    vers = [mens for mens in wie[:1] if mens.is_gegeven and not mensen.is_looked_up(form, mens)]
    zoekt = request.form.get("actie") == "zoeken" or (_looks_up(form) and bool(vers))
    if not zoekt and form.validate_on_submit() and (gedaan := attempt(form, _joiner(form, kop, keus.code))):
        flash("De tweede persoon doet nu mee aan dit traject.", "goed")
        return redirect(url_for(".dossier", nummer=gedaan.nummer), 303)
    mensen.mark(form, wie)
    return render_template(
        "personen/erbij.html",
        kop=kop,
        keus=keus,
        redenen=kop.why_not(keus),
        form=form,
        mensen={mens.wie: mens for mens in wie},
        zoekt=zoekt,
        antwoord_bij=WIE[0] if zoekt and vers else None,
        persoonsvelden=PERSOONSVELDEN,
    ), form.status


def _looks_up(_form: Basisform) -> bool:
    return request.form.get("actie") in ("zoeken", "enter")


def _joiner(form: Basisform, kop: Dossierkop, code: str) -> Any:
    """Records who joins, all in one transaction."""

    def record(db: Connection) -> Vastgelegd:
        door = confirm(db)
        wie = mensen.people_in(db, form, False)
        if fouten := mensen.mistakes(db, form, wie):
            raise InvoerGeweigerd(fouten)
        return voortgang.advance(
            db,
            kop.nummer,
            code,
            form.invoer,
            door=door,
            op=day_of_form(form),
            verwacht=number_of(form.verwacht.data),
            sleutel=form.sleutel.data,
            erbij=[mensen.record(db, form, wie[0])],
        )

    return record


@blueprint.app_template_filter("let_op_bij")
def heed(gegevens: Gegevens) -> str:
    """What somebody who calls or writes must know, in a few words."""
    delen = [
        "niet bellen" if gegevens.niet_bellen else "",
        f"liefst via {KEUZEN['bereik_via'][gegevens.bereik_via].lower()}" if gegevens.bereik_via else "",
        gegevens.bereik_tijden,
        f"taal: {TALEN.get(gegevens.taal, gegevens.taal)}" if gegevens.taal not in ("", "nl", "Nederlands") else "",
        KEUZEN["tolk"][gegevens.tolk].lower() if gegevens.tolk in ("nodig", "eigen") else "",
        "doof of slechthorend" if gegevens.is_doof else "",
        "brieven in grote letters" if gegevens.grote_letters else "",
    ]
    return ", ".join(deel for deel in delen if deel)
