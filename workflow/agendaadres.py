"""The secret address under which a calendar program reads somebody's appointments without logging in.

The token is shown once; the database keeps its digest. Who makes a new one takes the earlier ones back.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from sqlalchemy import Connection, insert, select, update

from models import klok
from models.agendaadres import agendaadres
from models.medewerker import medewerker
from workflow.medewerkers import Medewerker, as_medewerker, people

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
ROLLEN = ("uitvoerder", "coordinator")
"""Who has an agenda."""


def renew(db: Connection, wie: str) -> str:
    """Give a medewerker a new token, which this returns and nothing else ever will; earlier ones are taken back."""
    # Two browsers at one moment: the second waits here, and takes back what the first made.
    db.execute(select(medewerker.c.id).where(medewerker.c.pseudoniem == wie).with_for_update())
    revoke(db, wie)
    token = secrets.token_urlsafe(32)
    db.execute(insert(agendaadres).values(wie=wie, token_hash=_digest(token), gemaakt_op=klok.now_us()))
    return token


def revoke(db: Connection, wie: str) -> int:
    """Take back every address of a medewerker; how many there were."""
    waar = (agendaadres.c.wie == wie, agendaadres.c.ingetrokken_op.is_(None))
    return int(db.execute(update(agendaadres).where(*waar).values(ingetrokken_op=klok.now_us())).rowcount)


def made_on(db: Connection, wie: str) -> int | None:
    """When the address in force was made (UTC microseconds); None without one."""
    vraag = select(agendaadres.c.gemaakt_op).where(agendaadres.c.wie == wie, agendaadres.c.ingetrokken_op.is_(None))
    return db.execute(vraag).scalar_one_or_none()


def owner_of(db: Connection, token: str) -> Medewerker | None:
    """Whose agenda a token opens; None when it is not in force or its holder has none any more."""
    if not TOKEN.fullmatch(token):
        return None
    vraag = (
        people()
        .join(medewerker, medewerker.c.pseudoniem == agendaadres.c.wie)
        .where(
            agendaadres.c.token_hash == _digest(token),
            agendaadres.c.ingetrokken_op.is_(None),
            medewerker.c.is_actief.is_(True),
            medewerker.c.rol.in_(ROLLEN),
        )
    )
    rij = db.execute(vraag).one_or_none()
    return as_medewerker(rij) if rij else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
