"""What was typed is not lost: kept while somebody types and when a session ends in between, and back in the form.

What was recorded is forgotten as a draft. Kept is only what came from a page of ours, to a page that shows the form
again, of somebody whom the signed cookie names; never a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Flask, Response, current_app, flash, g, request
from flask import session as flask_session
from flask_wtf.csrf import validate_csrf
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, ValidationError
from wtforms.fields.core import UnboundField

from models import klok
from web.beveiliging import Formulier
from workflow import concepten

BEWAARD = "Wat u om {om} had ingevuld, staat hier weer. Er is nog niets vastgelegd."
WIE = "wie"
"""Under which name the session cookie says whose it is, when the session itself is over."""


def init_app(app: Flask) -> None:
    """Put back what was kept before a page makes its form, and forget it when the form was taken in."""
    app.add_template_global(own_address, "concept_adres")
    app.before_request(_take_up)
    app.after_request(_forget_what_was_done)


def own_address() -> str:
    """The address of this page with what it was asked for, but not the way back: the form knows that too."""
    vraag = urlencode([(naam, waarde) for naam, waarde in request.args.items(multi=True) if naam != "terug"])
    return f"{request.path}?{vraag}" if vraag else request.path


def _key(adres: str) -> str:
    return adres if "?" in adres else f"{adres}?"


def _forget_what_was_done(antwoord: Response) -> Response:
    is_gedaan = request.method == "POST" and antwoord.status_code in (302, 303)
    if is_gedaan and g.get("medewerker") and not g.get("is_bewaard") and _shows_form():
        concepten.drop(g.medewerker.pseudoniem, _key(own_address()))
    return antwoord


def keep_of_ended_session() -> bool:
    """Keep the form of this request for whose session is over; whether it was."""
    wie = flask_session.get(WIE)
    return wie is not None and _may_be_read() and _fits_session() and _keep(wie)


def _may_be_read() -> bool:
    """Of who is not logged in, no more than a plain form of modest size."""
    is_gewoon = request.mimetype == "application/x-www-form-urlencoded"
    return is_gewoon and (request.content_length or 0) <= (request.max_content_length or 0)


def keep_of_earlier_session() -> bool:
    """Keep a form of an earlier session for who is logged in now; whether it was."""
    return g.get("medewerker") is not None and _is_ours() and _keep(g.medewerker.pseudoniem)


def _keep(wie: str) -> bool:
    velden = list(typed())
    if not _shows_form() or not velden:
        return False
    try:
        concepten.keep(wie, _key(own_address()), velden)
    except OSError:
        return False
    g.is_bewaard = True
    return True


def typed() -> Iterator[tuple[str, str]]:
    """What the form of this request holds, without tokens and passwords."""
    geheim = {"csrf_token", *password_fields()}
    return ((naam, waarde) for naam, waarde in request.form.items(multi=True) if naam not in geheim)


def password_fields(form: type[Formulier] = Formulier) -> set[str]:
    """The names of every field for a password, in whatever form."""
    velden = {naam: veld for naam, veld in vars(form).items() if isinstance(veld, UnboundField)}
    eigen = {naam for naam, veld in velden.items() if issubclass(veld.field_class, PasswordField)}
    return eigen.union(*map(password_fields, form.__subclasses__()))


def _shows_form() -> bool:
    regel = request.url_rule
    return regel is not None and {"GET", "POST"} <= (regel.methods or set())


def _token() -> str:
    return request.form.get("csrf_token") or request.headers.get("X-CSRFToken") or ""


def _fits_session() -> bool:
    try:
        validate_csrf(_token())
    except ValidationError:
        return False
    return True


def _is_ours() -> bool:
    """Whether we made this token, for whatever session, and no other site sent it."""
    if request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return False
    try:
        URLSafeTimedSerializer(current_app.secret_key or "", salt="wtf-csrf-token").loads(_token())
    except BadData:
        return False
    return True


def _take_up() -> None:
    if _shows_form():
        take_up(own_address())


def take_up(adres: str) -> None:
    """Let a page that is opened by its reader, and not fetched by a script, have the draft of a form at this address.

    For a page whose form is sent elsewhere; to be called before that form is made.
    """
    wie = g.get("medewerker")
    is_bezoek = request.method == "GET" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if wie is None or not is_bezoek:
        return
    if bewaard := concepten.take(wie.pseudoniem, _key(adres)):
        moment, velden = bewaard
        g.concept = MultiDict(velden)
        flash({"tekst": BEWAARD.format(om=at_time(moment)), "leeg_url": request.full_path.removesuffix("?")}, "info")  # type: ignore[arg-type]


def at_time(moment: int) -> str:
    """The time of a moment (UTC microseconds) on the clock here."""
    return f"{klok.moment_of(moment).astimezone(klok.AMSTERDAM):%H:%M}"
