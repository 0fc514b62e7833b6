"""The page of deliveries: equal remarks stand together, and what was taken in can be opened."""

from __future__ import annotations

import io
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from bezoek import Bezoeker

import web.uitwisseling
from tests.verhalen.lezer import Knoop, Pagina

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


def remark(bezoeker: Bezoeker, inhoud: bytes, zin: str) -> Knoop:
    """The row of a remark on the preview."""
    tabel = Pagina(bezoeker.get(upload(bezoeker, inhoud)).text).wortel.met_id("opmerkingen")
    (regel,) = [rij for rij in tabel.alle("tr") if zin in rij.tekst]
    return regel


def test_up_to_three_places_stand_open(bezoeker: Bezoeker, login: Any) -> None:
    login(bezoeker, "coordinator")
    regel = remark(bezoeker, a_delivery(3), "elfproef")
    assert list(regel.alle("details")) == []
    assert [plaats.split(".")[2] for plaats in regel.teksten("code")] == [f"schuldhulptrajecten[{n}]" for n in range(3)]


def test_of_ten_thousand_places_the_page_says_how_many_it_leaves_out(
    bezoeker: Bezoeker, login: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    login(bezoeker, "coordinator")
    levering = json.loads(a_delivery(1))
    levering["leveringen"][0]["schuldhulptrajecten"][0]["begeleiding"] = [None] * 10_000
    plek = upload(bezoeker, json.dumps(levering).encode())
    antwoord = bezoeker.get(plek)
    assert len(antwoord.data) < 1_500_000
    (regel,) = [rij for rij in Pagina(antwoord.text).wortel.met_id("opmerkingen").alle("tr") if "Leeg" in rij.tekst]
    genoemd = regel.teksten("code")
    assert regel.eerste("summary").tekst == "10.000 plaatsen"
    assert f"en op nog {10_000 - len(genoemd):,} plaatsen".replace(",", ".") in regel.tekst
    monkeypatch.setattr(web.uitwisseling, "MAX_PLAATSEN", 1_000_000)
    assert "en op nog" not in bezoeker.get(plek).text
    monkeypatch.setattr(web.uitwisseling, "MIN_PLAATSEN", 9_999)
    monkeypatch.setattr(web.uitwisseling, "MAX_PLAATSEN", 1)
    assert "en op nog 1 plaats<" in bezoeker.get(plek).text


def test_remarks_for_which_there_is_no_room_are_counted(
    bezoeker: Bezoeker, login: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    login(bezoeker, "coordinator")
    plek = upload(bezoeker, a_delivery(2))
    assert "Niet getoond" not in bezoeker.get(plek).text
    monkeypatch.setattr(web.uitwisseling, "MAX_GETOOND", 1)
    assert "Niet getoond: nog " in bezoeker.get(plek).text


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
