"""Forms made from the map: each veld of an overgang becomes a WTForms field, judged by the engine's own reader."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from flask import abort, current_app, request
from sqlalchemy import Connection
from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from models.database import transaction
from web.beveiliging import Formulier
from workflow.kalender import date_of
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Conflict
from workflow.routekaart import EMPTY, Reden, Veld
from workflow.velden import InvoerGeweigerd, longest
from workflow.verplichting import Verplichting

MAX_RADIO = 4

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422

SLEUTEL = re.compile(r"[0-9a-f]{32}")
"""The idempotency key as the page got it; one of another shape was made by hand."""


@dataclass(frozen=True, slots=True)
class Keuzen:
    """What the pickers offer: organisations by kind, medewerkers, the people and the open children of this traject."""

    organisaties: Mapping[str | None, Mapping[str, str]] = field(default_factory=dict)
    medewerkers: Mapping[str, str] = field(default_factory=dict)
    deelnemers: Mapping[str, str] = field(default_factory=dict)
    kinderen: Mapping[str, str] = field(default_factory=dict)


class Basisform(Formulier):
    """A form with the day, the idempotency key and the last volgnummer that the user saw."""

    velden: Sequence[Veld] = ()
    namen: Mapping[str, str] = EMPTY
    """The engine's name of a question -> that of its field, where they differ."""
    is_conflict = False

    sleutel = HiddenField()
    verwacht = HiddenField()

    @property
    def invoer(self) -> dict[str, Any]:
        """The raw answers to the velden of the map, by code."""
        return {veld.code: self[veld.code].data for veld in self.velden}

    @property
    def status(self) -> int:
        """The HTTP status of a page with this form: refused for what is wrong in it or for what came first."""
        if self.is_conflict:
            return CONFLICT
        return UNPROCESSABLE if self.errors else OK

    def show(self, fouten: Mapping[str, str]) -> None:
        """Put the engine's sentences at their fields; what has no field goes above the form."""
        for code, zin in ((self.namen.get(code, code), zin) for code, zin in fouten.items()):
            if code in self:
                self[code].errors = [*self[code].errors, zin]
            else:
                self.form_errors.append(zin)


def overgang_form(
    velden: Sequence[Veld],
    redenen: Sequence[Reden],
    keuzen: Keuzen,
    dag: int,
    *,
    met_dag: bool = True,
    extra: Mapping[str, Any] | None = None,
    plichten: Mapping[str, Verplichting] = EMPTY,
) -> Basisform:
    """The form of an overgang: its day, its reden where it needs one, its velden in map order, and `extra`.

    `plichten` are the optional velden that its guards ask for all the same.
    """
    delen: dict[str, Any] = {"velden": velden}
    if met_dag:
        delen["op"] = DatumField("Datum", asked(True), description="De dag waarop dit gebeurde.")
    if redenen:
        delen["reden"] = reason_field(redenen)
    gevraagd = [_as_obliged(veld, plichten.get(veld.code)) for veld in velden]
    delen |= {veld.code: MAKERS[veld.soort](veld, keuzen, dag) for veld in gevraagd}
    delen |= extra or {}
    form = type("Overgangform", (Basisform,), delen)()
    for code in (code for code, plicht in plichten.items() if not plicht.is_altijd):
        form[code].flags.soms_verplicht = True
    form.sleutel.data = form.sleutel.data or secrets.token_hex(16)
    if not SLEUTEL.fullmatch(form.sleutel.data):
        abort(400)
    if met_dag and request.method == "GET" and not form.op.data:
        form.op.data = written(dag)
    return form  # type: ignore[no-any-return]


def _as_obliged(veld: Veld, plicht: Verplichting | None) -> Veld:
    """The veld as the page asks it; where no explanation stands, the guard says when an answer is needed."""
    if plicht is None:
        return veld
    return replace(veld, verplicht=plicht.is_altijd, uitleg=veld.uitleg or plicht.zin)


def reason_field(redenen: Sequence[Reden], label: str = "Reden") -> Field:
    """A required choice of a reden."""
    keuzes = options([("", "Maak een keuze"), *((r.code, r.naam) for r in redenen)])
    return SelectField(label, asked(True), choices=keuzes, validate_choice=False)


Gedaan = TypeVar("Gedaan")
"""What recording a form gives back."""


def attempt(form: Basisform, record: Callable[[Connection], Gedaan]) -> Gedaan | None:
    """Record in one transaction; a refusal goes into the form and nothing is written."""
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            return record(db)
    except InvoerGeweigerd as fout:
        form.show(fout.fouten)
    except OvergangGeweigerd as fout:
        form.form_errors.extend(fout.redenen)
    except Conflict as fout:
        form.form_errors.append(fout.zin)
        form.is_conflict = True
    return None


def number_of(tekst: str | None, cijfers: int = 9) -> int | None:
    """The whole number that this is, of so many digits at most; None for anything else."""
    return int(tekst) if tekst and tekst.isascii() and tekst.isdigit() and len(tekst) <= cijfers else None


def options(paren: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Choices of a select or of radio buttons, from (value, label)."""
    return [SelectChoice(value=waarde, label=naam) for waarde, naam in paren]


def written(dag: int) -> str:
    """A day as Dutch people type it: 24-11-2026."""
    return f"{date_of(dag):%d-%m-%Y}"


class DatumField(StringField):
    """A date, typed as dd-mm-jjjj."""


class GetalField(StringField):
    """A whole number."""


class BedragField(StringField):
    """An amount in whole euros."""


class Required:
    """Marks a field as required in the page; whether it is answered is judged by the engine's reader, once."""

    field_flags: Mapping[str, bool] = {"required": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        return None


def asked(verplicht: bool) -> list[Any]:
    """Validators of a field that is required or not."""
    return [Required()] if verplicht else [Optional()]


def _common(veld: Veld) -> dict[str, Any]:
    return {"label": veld.label, "description": veld.uitleg, "validators": asked(veld.verplicht)}


def _select(veld: Veld, keuzes: Sequence[tuple[str, str]]) -> Field:
    leeg = ("", "Maak een keuze" if veld.verplicht else "Niet ingevuld")
    return SelectField(choices=options([leeg, *keuzes]), validate_choice=False, **_common(veld))


def _choice(veld: Veld, _keuzen: Keuzen, dag: int) -> Field:
    nu = [(k.code, k.naam) for k in veld.keuzes if (k.vanaf or dag) <= dag < (k.tot or dag + 1)]
    if len(nu) <= MAX_RADIO and veld.verplicht:
        return RadioField(choices=options(nu), validate_choice=False, **_common(veld))
    return _select(veld, nu)


def _yes_no(veld: Veld, _keuzen: Keuzen, _dag: int) -> Field:
    keuzes = options([("ja", "Ja"), ("nee", "Nee")])
    return RadioField(choices=keuzes, validate_choice=False, render_kw={"data-naast": True}, **_common(veld))


def _children(veld: Veld, keuzen: Keuzen, _dag: int) -> Field:
    return SelectMultipleField(choices=options(keuzen.kinderen.items()), validate_choice=False, **_common(veld))


def _long_text(veld: Veld, _keuzen: Keuzen, _dag: int) -> Field:
    return TextAreaField(render_kw={"maxlength": longest(veld)}, **_common(veld))


MAKERS: Mapping[str, Callable[[Veld, Keuzen, int], Field]] = {
    "datum": lambda veld, _keuzen, _dag: DatumField(**_common(veld)),
    "keuze": _choice,
    "ja_nee": _yes_no,
    "getal": lambda veld, _keuzen, _dag: GetalField(**_common(veld)),
    "bedrag": lambda veld, _keuzen, _dag: BedragField(**_common(veld)),
    "tekst": _long_text,
    "stuknummer": lambda veld, _keuzen, _dag: StringField(**_common(veld)),
    "partij": lambda veld, keuzen, _dag: _select(veld, list(keuzen.organisaties.get(veld.partijsoort, {}).items())),
    "medewerker": lambda veld, keuzen, _dag: _select(veld, list(keuzen.medewerkers.items())),
    "deelnemer": lambda veld, keuzen, _dag: _select(veld, list(keuzen.deelnemers.items())),
    "kinderen": _children,
    "opgave": _long_text,
    "onderdelen": _long_text,
}
