"""The page of deliveries: equal remarks stand together, and what was taken in can be opened."""

from __future__ import annotations

import io
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from bezoek import Bezoeker

from tests.verhalen.lezer import Pagina

LEVERING = Path(__file__).parents[1] / "data" / "ddas" / "zonder_fasen.json"


@pytest.fixture(autouse=True)
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of this test wait in a folder of their own."""
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))


def a_delivery(aantal: int) -> bytes:
    """So many households with the same flaw: nobody's BSN passes the elfproef."""
    levering: dict[str, Any] = json.loads(LEVERING.read_text(encoding="utf-8"))
    eerste = levering["leveringen"][0]["schuldhulptrajecten"][0]
    levering["leveringen"][0]["schuldhulptrajecten"] = [_another(eerste, nummer) for nummer in range(aantal)]
    return json.dumps(levering).encode()


def _another(traject: dict[str, Any], nummer: int) -> dict[str, Any]:
    ander = deepcopy(traject)
    for client in ander["client"]:
        client["Burgerservicenummer"] = f"{100000000 + nummer}"
    return ander


def upload(bezoeker: Bezoeker, inhoud: bytes) -> str:
    """Send a delivery; the address of its preview."""
    bestand = {"bestand": (io.BytesIO(inhoud), "levering.json")}
    return bezoeker.submit("/uitwisseling/inlezen", bestand, content_type="multipart/form-data").location


def test_equal_remarks_stand_together_with_their_places_folded(bezoeker: Bezoeker, login: Any) -> None:
    login(bezoeker, "coordinator")
    pagina = Pagina(bezoeker.get(upload(bezoeker, a_delivery(4))).text)
    tabel = pagina.wortel.met_id("opmerkingen")
    (regel,) = [rij for rij in tabel.alle("tr") if "11-proef" in rij.tekst or "elfproef" in rij.tekst]
    vouw = regel.eerste("details")
    assert vouw.eerste("summary").tekst == "4 plaatsen"
    assert "open" not in vouw.eigenschappen
    plaatsen = vouw.teksten("code")
    assert len(plaatsen) == 4
    assert all(plaats.startswith("$.leveringen[0].schuldhulptrajecten[") for plaats in plaatsen)


def test_what_was_taken_in_can_be_opened(bezoeker: Bezoeker, login: Any) -> None:
    login(bezoeker, "coordinator")
    plek = upload(bezoeker, a_delivery(1))
    pagina = Pagina(bezoeker.submit(plek, {"keuze": "inlezen"}, follow_redirects=True).text)
    (melding,) = [m for m in pagina.wortel.alle(klasse="rk-melding") if "1 traject ingelezen." in m.tekst]
    (link,) = melding.alle("a")
    assert link["href"] == f"/trajecten/{link.tekst}"
    assert bezoeker.get(link["href"]).status_code == 200


def test_of_many_ten_are_named(bezoeker: Bezoeker, login: Any) -> None:
    login(bezoeker, "coordinator")
    plek = upload(bezoeker, a_delivery(13))
    pagina = Pagina(bezoeker.submit(plek, {"keuze": "inlezen"}, follow_redirects=True).text)
    (melding,) = [m for m in pagina.wortel.alle(klasse="rk-melding") if "13 trajecten ingelezen." in m.tekst]
    assert len(list(melding.alle("a"))) == 10
    assert melding.tekst.endswith(", en nog 3.")


def test_who_may_not_open_a_traject_gets_its_number(bezoeker: Bezoeker, login: Any) -> None:
    login(bezoeker, "beheerder")
    plek = upload(bezoeker, a_delivery(1))
    pagina = Pagina(bezoeker.submit(plek, {"keuze": "inlezen"}, follow_redirects=True).text)
    (melding,) = [m for m in pagina.wortel.alle(klasse="rk-melding") if "1 traject ingelezen." in m.tekst]
    assert "Als SHV-" in melding.tekst
    assert list(melding.alle("a")) == []
