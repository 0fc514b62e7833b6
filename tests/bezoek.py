"""Who visits the application in tests: the Flask client, and accounts to log in with."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from models.database import transaction
from models.medewerker import medewerker
from workflow import medewerkers
from workflow.medewerkers import Medewerker
from workflow.rollen import Rol

op_beide = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""Marks a test that runs on each of the two engines in turn."""

WACHTWOORD = "paard batterij nietje klopt"

WERKT_BIJ = {
    Rol.UITVOERDER: "KBL",
    Rol.COORDINATOR: "GM",
    Rol.AUDITOR: "GM",
    Rol.PARTNER: "TRAJEKT",
    Rol.BEHEERDER: "KBL",
}


class Bezoeker(FlaskClient):
    """The Flask client, which can also send a form as a page of ours would: with the CSRF token of its session."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        """Any request; its answer is read at once, so that no file stays open."""
        return super().open(*args, buffered=buffered, **kwargs)

    def submit(self, url: str, velden: dict[str, Any] | None = None, **rest: Any) -> TestResponse:
        """POST a form with a valid CSRF token."""
        return self.post(
            url, data=velden or {}, headers={"X-CSRFToken": self.token(), **rest.pop("headers", {})}, **rest
        )

    def token(self) -> str:
        """A CSRF token that fits the session."""
        with self.session_transaction() as sessie:
            return self.token_for(sessie.setdefault("csrf_token", "a secret of this session"))

    def token_for(self, geheim: str) -> str:
        """The CSRF token of a session with this secret."""
        return URLSafeTimedSerializer(self.application.secret_key, salt="wtf-csrf-token").dumps(geheim)


def an_account(database: str, rol: str, inlognaam: str | None = None) -> Medewerker:
    """The account with this log-in name (the name of the role when left out), made when it is not there yet."""
    inlognaam = inlognaam or rol
    with transaction(database) as db:
        rij = db.execute(medewerkers.people().where(medewerker.c.inlognaam == inlognaam)).first()
        if rij:
            return medewerkers.as_medewerker(rij)
        return medewerkers.add(
            db,
            inlognaam=inlognaam,
            naam=f"{inlognaam.capitalize()} Proef",
            rol=rol,
            organisatie=WERKT_BIJ[Rol(rol)],
            wachtwoord=WACHTWOORD,
        )
