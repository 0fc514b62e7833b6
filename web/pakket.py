"""The auditor's parcel on screen: what was made before, and a button that makes one to download."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import Any

from flask import Blueprint, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from models.database import reading, transaction
from web.beveiliging import Formulier, log
from web.toegang import Rol, confirm, toegang
from workflow import instellingen, zegels
from workflow.instellingen import InstellingOntbreekt
from workflow.overzichten import medewerkers
from workflow.pakket import made, make
from workflow.zegels import ZegelGeweigerd

blueprint = Blueprint("pakket", __name__, url_prefix="/auditpakket")

NIET_NU = "Het pakket kan nu niet worden gemaakt. Vraag de beheerder wat `routekaart verify` en `doctor` zeggen."
CONFLICT = 409


class Pakketform(Formulier):
    """Nothing to fill in: only the token."""


@blueprint.get("")
@toegang(Rol.AUDITOR)
def toon() -> ResponseReturnValue:
    """What a parcel is, which were made, and the last seal."""
    return _page(Pakketform(formdata=None))


def _page(form: Pakketform, status: int = 200) -> ResponseReturnValue:
    with reading(current_app.config["DATABASE"]) as db:
        gemaakt, zegel, zonder = made(db), zegels.last(db), zegels.unsealed(db)
        wie = medewerkers(db, [een.door for een in gemaakt])
    pagina = render_template("pakket/toon.html", form=form, gemaakt=gemaakt, zegel=zegel, zonder=zonder, wie=wie)
    return pagina, status


@blueprint.post("")
@toegang(Rol.AUDITOR)
def maken() -> Any:
    """Make a parcel and send it."""
    form = Pakketform()
    if not form.validate_on_submit():
        return _page(form, 422)
    url = current_app.config["DATABASE"]
    with transaction(url) as db:
        door = confirm(db)
    # Without a name on the disk, so that it is gone when it was sent, whatever happens.
    bestand = TemporaryFile(dir=instellingen.instance_folder())  # noqa: SIM115
    try:
        zegel = make(url, bestand, door)
    except (ZegelGeweigerd, InstellingOntbreekt) as fout:
        bestand.close()
        log("pakket_niet_gemaakt", medewerker=door.pseudoniem, fout=type(fout).__name__, endpoint=request.endpoint)
        form.form_errors.append(NIET_NU)
        return _page(form, CONFLICT)
    log("pakket_gemaakt", medewerker=door.pseudoniem, betreft=f"zegel {zegel.id}", endpoint=request.endpoint)
    bestand.seek(0)
    naam = f"routekaart-pakket-zegel-{zegel.id:06}.zip"
    return send_file(bestand, mimetype="application/zip", as_attachment=True, download_name=naam)
