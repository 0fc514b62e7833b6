"""A form whose hidden fields were changed by hand: refused, and nothing of it enters the log."""

from __future__ import annotations

from typing import Any

import pytest

from models.database import reading, transaction
from tests.bouwers import a_traject, log_rows

VERZONNEN = {"said": "BSN 111222333 Jan", "long": "s" * 500_000, "of an import": "ab" * 32, "accents": "é" * 32}
PAGINAS = ("overdragen", "overgang/eerste_contact_vastleggen", "gebeurtenis/1/verbeteren", "gebeurtenis/1/intrekken")


@pytest.mark.parametrize("sleutel", VERZONNEN.values(), ids=VERZONNEN)
@pytest.mark.parametrize("pagina", PAGINAS)
def test_a_key_that_no_page_makes_is_refused(
    bezoeker: Any, login: Any, database: str, pagina: str, sleutel: str
) -> None:
    login(bezoeker, "coordinator")
    with transaction(database) as db:
        nummer = a_traject(db, gemeente="GM0935")
    with reading(database) as db:
        was = log_rows(db)
    antwoord = bezoeker.submit(f"/trajecten/{nummer}/{pagina}", {"sleutel": sleutel, "naar": "team"})
    assert antwoord.status_code == 400
    assert "Deze aanvraag klopt niet" in antwoord.text
    with reading(database) as db:
        assert log_rows(db) == was
