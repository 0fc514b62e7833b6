"""Logging in and out, the session, and what is the user's own: password and theme."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as flask_session
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from sqlalchemy.exc import OperationalError
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from models import klok
from models.database import reading, transaction
from web.beveiliging import JAAR, Formulier, limiter, log
from web.concepten import WIE
from web.fouten import log_error
from web.toegang import ALLEN, Ingelogd, confirm, openbaar, prolong, referring_page, safe_target, toegang
from workflow import sessies
from workflow.medewerkers import MAX_NAAM, MAX_WACHTWOORD, MIN_WACHTWOORD, Medewerker, authenticate, set_password
from workflow.medewerkers import account as account_of
from workflow.velden import InvoerGeweigerd

blueprint = Blueprint("aanmelden", __name__)

GEWEIGERD = (
    "Deze inlognaam en dit wachtwoord horen niet bij elkaar, of er is te vaak geprobeerd in te loggen. "
    "Controleer wat u invulde, of wacht een kwartier."
)
"""The one answer to every refused log-in, so that nobody learns which names exist."""

UITGELOGD = ("U bent uitgelogd.", "goed")
HALF_UITGELOGD = (
    "U bent in deze browser uitgelogd. De opslag werkt nu niet goed: waarschuw de beheerder.",
    "let_op",
)
"""The cookie is gone, so nobody goes on in this browser; the session itself ends by its own limits."""

THEMAS = ("auto", "light", "dark")
UNPROCESSABLE = 422


class InlogFormulier(Formulier):
    """Who logs in."""

    inlognaam = StringField(
        "Inlognaam",
        [InputRequired("Vul uw inlognaam in."), Length(max=MAX_NAAM)],
        render_kw={"autocapitalize": "none", "spellcheck": "false"},
    )
    wachtwoord = PasswordField("Wachtwoord", [InputRequired("Vul uw wachtwoord in."), Length(max=MAX_WACHTWOORD)])
    verder = HiddenField()


class WachtwoordFormulier(Formulier):
    """The user's own new password."""

    huidig = PasswordField("Huidig wachtwoord", [InputRequired("Vul uw huidige wachtwoord in.")])
    wachtwoord = PasswordField(
        "Nieuw wachtwoord",
        [InputRequired("Kies een nieuw wachtwoord.")],
        description=f"Ten minste {MIN_WACHTWOORD} tekens. Plakken uit een wachtwoordbeheerder mag.",
    )
    herhaling = PasswordField(
        "Nieuw wachtwoord nog een keer",
        [
            InputRequired("Vul het nieuwe wachtwoord nog een keer in."),
            EqualTo("wachtwoord", "Dit is een ander wachtwoord."),
        ],
    )


def _is_refused(antwoord: Response) -> bool:
    return antwoord.status_code == UNPROCESSABLE


# Only refused attempts count: a whole office may come in through one address in the morning.
_per_address = limiter.limit("20 per minute;200 per hour", methods=["POST"], deduct_when=_is_refused)


@blueprint.route("/inloggen", methods=["GET", "POST"])
@openbaar
@_per_address
def inloggen() -> ResponseReturnValue:
    """The log-in page."""
    form = InlogFormulier(verder=request.args.get("verder"))
    if form.validate_on_submit():
        return _try(form)
    if g.medewerker and request.method == "GET":
        return redirect(_target(form))
    return render_template("aanmelden/inloggen.html", form=form, fouten=bool(form.errors)), _status(form)


def _try(form: InlogFormulier) -> ResponseReturnValue:
    wie = authenticate(current_app.config["DATABASE"], form.inlognaam.data, form.wachtwoord.data)
    if wie is None:
        log("inloggen_geweigerd", adres=request.remote_addr)
        form.form_errors.append(GEWEIGERD)
        return render_template("aanmelden/inloggen.html", form=form, fouten=True), UNPROCESSABLE
    _begin_session(wie)
    log("ingelogd", medewerker=wie.pseudoniem)
    return redirect(_target(form), 303)


def _begin_session(wie: Medewerker) -> None:
    """A new token, and nothing left of what the browser had: neither session nor CSRF token."""
    with transaction(current_app.config["DATABASE"]) as db:
        if current_user.is_authenticated:
            sessies.end(db, current_user.get_id())
        token = sessies.begin(db, wie.id)
        sessie = sessies.find(db, token)
    if sessie is None:
        abort(403)
    flask_session.clear()
    flask_session[WIE] = wie.pseudoniem
    login_user(Ingelogd(token, sessie))


def _target(form: InlogFormulier) -> str:
    return safe_target(form.verder.data) or url_for("start")


def _status(form: Formulier) -> int:
    return UNPROCESSABLE if form.errors else 200


@blueprint.post("/uitloggen")
@toegang(*ALLEN)
def uitloggen() -> ResponseReturnValue:
    """End the session, at the server and in the browser; in the browser also when the server cannot note it."""
    is_ended = _end_session()
    log("uitgelogd" if is_ended else "uitgelogd_in_browser", medewerker=g.medewerker.pseudoniem)
    flask_session.clear()
    flash(*(UITGELOGD if is_ended else HALF_UITGELOGD))
    return redirect(url_for(".inloggen"), 303)


def _end_session() -> bool:
    try:
        with transaction(current_app.config["DATABASE"]) as db:
            sessies.end(db, current_user.get_id())
    except OperationalError as fout:
        log_error(fout)
        return False
    return True


@blueprint.post("/sessie/verleng")
@toegang(*ALLEN)
def verleng() -> dict[str, int]:
    """Stay logged in; answers until when, in seconds since 1970 by the server's clock."""
    if not prolong():
        abort(503)
    return {"sessie_tot": g.sessie.tot // klok.MICROSECONDS, "nu": klok.now_us() // klok.MICROSECONDS}


@blueprint.post("/weergave")
@toegang(*ALLEN)
def thema() -> ResponseReturnValue:
    """Choose light, dark, or as the system is. The cookie may be read by the page's own script, which sets it too."""
    keuze = request.form.get("thema")
    if keuze not in THEMAS:
        abort(400)
    antwoord = redirect(referring_page() or url_for("start"), 303)
    is_https = current_app.config["SESSION_COOKIE_SECURE"]
    antwoord.set_cookie("thema", keuze, max_age=JAAR, secure=is_https, httponly=False, samesite="Strict")
    return antwoord


@blueprint.route("/wachtwoord", methods=["GET", "POST"])
@toegang(*ALLEN)
@_per_address
def wachtwoord() -> ResponseReturnValue:
    """Change one's own password; every other session of the account ends."""
    form = WachtwoordFormulier()
    with reading(current_app.config["DATABASE"]) as db:
        inlognaam = account_of(db, g.medewerker.pseudoniem).inlognaam
    if form.validate_on_submit() and _change_password(form, inlognaam):
        log("wachtwoord_gewijzigd", medewerker=g.medewerker.pseudoniem)
        flash("Uw wachtwoord is gewijzigd.", "goed")
        return redirect(url_for("start"), 303)
    return _own_page(form, inlognaam)


def _own_page(form: WachtwoordFormulier, inlognaam: str) -> ResponseReturnValue:
    is_fout = bool(form.errors)
    return render_template("aanmelden/wachtwoord.html", form=form, inlognaam=inlognaam, fouten=is_fout), _status(form)


def _change_password(form: WachtwoordFormulier, inlognaam: str) -> bool:
    url = current_app.config["DATABASE"]
    if authenticate(url, inlognaam, form.huidig.data) is None:
        form.huidig.errors = ["Dit is niet uw huidige wachtwoord, of er is te vaak geprobeerd."]
        return False
    try:
        with transaction(url) as db:
            set_password(db, confirm(db).pseudoniem, form.wachtwoord.data)
    except InvoerGeweigerd as fout:
        form.wachtwoord.errors = [fout.fouten["wachtwoord"]]
        return False
    _begin_session(g.medewerker)
    return True
