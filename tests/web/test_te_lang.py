"""What is too long is told with how long it is and may be, and long texts are held back while they are typed."""

from __future__ import annotations

from typing import Any

import pytest

from models.database import reading, transaction
from tests.bouwers import VANDAAG, a_person, a_traject, log_rows
from tests.verhalen.lezer import Pagina

GRENZEN = {
    "/overgang/notitie_maken": {"notitie": 4_000},
    "/overgang/gegevens_bijwerken": {"toelichting": 4_000},
    "/gebeurtenis/1/intrekken": {"toelichting_correctie": 4_000},
    "/afspraken/nieuw": {"afspraak_notitie": 2_000},
    "/afspraken/erbij/herinnering": {"tekst": 500},
    "/stukken/nieuw": {"omschrijving": 500},
}
"""Page of a dossier -> its long text, with how many characters it may have."""

REST = {
    "/afspraken/nieuw": {"afspraak_dag": "3-3-2026", "afspraak_van": "9", "afspraak_soort": "vervolggesprek"},
    "/afspraken/erbij/herinnering": {"dag": "3-3-2026"},
}
"""What else such a page asks before it looks at the text."""


@pytest.fixture
def wie(database: str, uitvoerder: Any) -> str:
    with transaction(database) as db:
        return a_person(db, "Tesfay", voornaam="Hana")


@pytest.fixture
def nummer(database: str, wie: str) -> str:
    """A traject that waits for its decision, so that documents are kept."""
    with transaction(database) as db:
        return a_traject(
            db, wie=[wie], op=VANDAAG - 30, route="schuldhulp", begin="melding_registreren", stap="besluit"
        )


def sent(bezoeker: Any, url: str, **antwoorden: str) -> list[str]:
    """What is told of a form that is refused, opened and sent as a browser without limits would."""
    antwoord = bezoeker.submit(url, Pagina(bezoeker.get(url).text).formulier.filled(antwoorden))
    assert antwoord.status_code == 422
    return Pagina(antwoord.text).fouten


@pytest.mark.parametrize("deel", GRENZEN)
def test_a_long_text_says_while_it_is_typed_where_it_ends(uitvoerder: Any, nummer: str, deel: str) -> None:
    vakken = list(Pagina(uitvoerder.get(f"/trajecten/{nummer}{deel}").text).wortel.alle("textarea"))
    assert GRENZEN[deel].items() <= {vak["name"]: int(vak["maxlength"]) for vak in vakken}.items()


@pytest.mark.parametrize("deel", GRENZEN)
@pytest.mark.parametrize("keer", [1, 2], ids=["a little", "far"])
def test_a_text_that_is_too_long_hears_how_long_it_is_and_may_be(
    uitvoerder: Any, nummer: str, database: str, deel: str, keer: int
) -> None:
    ((veld, hoogste),) = GRENZEN[deel].items()
    with reading(database) as db:
        ervoor = log_rows(db, nummer)
    antwoorden = {**REST.get(deel, {}), veld: "x" * (keer * hoogste + 1)}
    fouten = sent(uitvoerder, f"/trajecten/{nummer}{deel}", **antwoorden)
    aantal, grens = (f"{n:,}".replace(",", ".") for n in (keer * hoogste + 1, hoogste))
    assert any(fout.endswith(f"is te lang: {aantal} tekens, hoogstens {grens}.") for fout in fouten), fouten
    with reading(database) as db:
        assert log_rows(db, nummer) == ervoor


def test_a_day_a_number_and_a_name_hear_it_too(uitvoerder: Any, nummer: str, wie: str) -> None:
    dag = sent(uitvoerder, f"/trajecten/{nummer}/stukken/nieuw", ontvangen_op="1" * 1_234)
    assert "Ontvangen op is te lang: 1.234 tekens, hoogstens 200." in dag
    schulden = sent(uitvoerder, f"/trajecten/{nummer}/overgang/gegevens_bijwerken", aantal_schuldeisers="1" * 201)
    assert any(fout.endswith("is te lang: 201 tekens, hoogstens 200.") for fout in schulden)
    naam = sent(uitvoerder, f"/personen/{wie}/wijzigen", achternaam="x" * 121)
    assert naam == ["Dit antwoord is te lang: 121 tekens, hoogstens 120."]
