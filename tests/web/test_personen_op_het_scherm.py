"""One person on the page: changing what is known, its history, doubles, people who join a dossier and who leave it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from models import klok
from models.database import reading, transaction
from tests.bouwers import NU, UITVOERDER, VANDAAG, a_person, a_traject, step
from tests.verhalen.lezer import Pagina
from workflow import personen
from workflow.brieven.gegevens import address
from workflow.gezin import load
from workflow.kaarten import in_force
from workflow.opdracht import Actor
from workflow.personen import Gegevens
from workflow.voortgang import withdraw

MELDING = {"route": "schuldhulp", "begin": "melding_registreren"}
BSN = "999990019"
OUD = Gegevens(
    "Maas",
    voornaam="Wilhelmine",
    geboortedatum="1980-05-05",
    bsn=BSN,
    straat="Oude Straat",
    postcode="6211AB",
    huisnummer="1",
    woonplaats="Maastricht",
    telefoon="0431112222",
)


@pytest.fixture
def wie(uitvoerder: Any, database: str) -> str:
    with transaction(database) as db:
        return personen.register(db, OUD)


def known(database: str, wie: str) -> Gegevens:
    with reading(database) as db:
        return personen.by_pseudonym(db, [wie])[wie].gegevens


def page(bezoeker: Any, wie: str) -> str:
    antwoord = bezoeker.get(f"/personen/{wie}")
    assert antwoord.status_code == 200
    return unescape(antwoord.text)


def filled(bezoeker: Any, wie: str, **anders: Any) -> dict[str, Any]:
    """The form of a person as a browser would send it back, with this changed."""
    return {**Pagina(bezoeker.get(f"/personen/{wie}/wijzigen").text).formulier.filled({}), **anders}


def save(bezoeker: Any, wie: str, **anders: Any) -> Any:
    return bezoeker.submit(f"/personen/{wie}/wijzigen", filled(bezoeker, wie, **anders))


# -- Changing ----------------------------------------------------------------------------------------------------------


def test_what_is_saved_unchanged_stays_as_it_was(uitvoerder: Any, wie: str, database: str) -> None:
    assert save(uitvoerder, wie).status_code == 303
    assert known(database, wie) == OUD
    assert "Er is nog niets gewijzigd." in page(uitvoerder, wie)


def test_everything_that_can_be_known_is_entered_and_shown(uitvoerder: Any, wie: str, database: str) -> None:
    nieuw = {
        "post_regel": "Postbus 12",
        "post_postcode": "6200 aa",
        "post_woonplaats": "Maastricht",
        "taal": "Arabisch",
        "tolk": "nodig",
        "bereik_via": "sms",
        "bereik_tijden": "na 16 uur",
        "niet_bellen": "y",
        "grote_letters": "y",
        "gemachtigde_naam": "Jo Ritzen",
        "bewindvoerder_naam": "B. Wind",
        "bewindvoerder_organisatie": "Wind Bewind",
        "bewindvoerder_telefoon": "043 555 66 77",
        "bewindvoerder_email": "post@voorbeeld.test",
        "identiteit_document": "paspoort",
        "identiteit_op": "1-3-2026",
    }
    assert save(uitvoerder, wie, **nieuw).status_code == 303
    gegevens = known(database, wie)
    assert (gegevens.post_postcode, gegevens.niet_bellen, gegevens.identiteit_op) == ("6200AA", "ja", "2026-03-01")
    assert gegevens.postadres == ("Postbus 12", "6200 AA Maastricht")
    tekst = page(uitvoerder, wie)
    for zin in ("Arabisch", "Tolk nodig", "Sms of chat", "Wind Bewind", "Paspoort", "Uitvoerder Proef", "Postbus 12"):
        assert zin in tekst


@pytest.mark.parametrize(
    ("anders", "zin"),
    [
        ({"achternaam": ""}, "Vul de achternaam in."),
        ({"bsn": "123"}, "Dit BSN klopt niet: controleer de negen cijfers."),
        ({"veilig_postadres": "y"}, "Vul het postadres in waar post veilig aankomt."),
        ({"identiteit_op": "1-3-2026"}, "Vul in welk document is gezien en op welke dag, of geen van beide."),
        ({"identiteit_document": "paspoort", "identiteit_op": "1-3-2027"}, "Vul een dag in het verleden in"),
        ({"bewindvoerder_email": "wind"}, "Vul een e-mailadres in"),
        ({"tolk": "misschien"}, "Kies een van de mogelijkheden."),
        ({"geboortedatum": "31-2-1980"}, "Vul een geboortedatum in het verleden in"),
    ],
)
def test_what_is_wrong_is_told_at_its_veld_and_nothing_is_kept(
    uitvoerder: Any, wie: str, database: str, anders: dict[str, str], zin: str
) -> None:
    antwoord = save(uitvoerder, wie, **anders)
    assert antwoord.status_code == 422
    assert any(fout.startswith(zin) for fout in Pagina(antwoord.text).fouten)
    assert known(database, wie) == OUD


def test_who_saves_on_an_older_stand_is_told(uitvoerder: Any, wie: str, database: str) -> None:
    velden = filled(uitvoerder, wie, telefoon="0439999999")
    assert save(uitvoerder, wie, email="w@voorbeeld.test").status_code == 303
    antwoord = uitvoerder.submit(f"/personen/{wie}/wijzigen", velden)
    assert antwoord.status_code == 409
    assert known(database, wie).telefoon == OUD.telefoon


def test_the_history_says_who_and_which_velden_and_no_value(uitvoerder: Any, wie: str) -> None:
    save(uitvoerder, wie, telefoon="0439999999", email="w@voorbeeld.test")
    regel = Pagina(uitvoerder.get(f"/personen/{wie}").text).wortel.met_id("wijzigingen").tekst
    assert "Gewijzigd: Telefoon, E-mail." in regel
    assert "Uitvoerder Proef" in regel
    assert "0431112222" not in regel


def test_old_data_without_the_new_velden_reads_on(database: str, wie: str) -> None:
    with transaction(database) as db:
        assert personen._read('{"achternaam": "Maas", "verdwenen": "x"}') == Gegevens("Maas")
        assert personen.by_pseudonym(db, [wie])[wie].gegevens.tolk == ""


# -- BSN and safe address ----------------------------------------------------------------------------------------------


def test_a_bsn_is_shown_to_who_asks_and_that_is_kept(uitvoerder: Any, wie: str) -> None:
    assert BSN not in page(uitvoerder, wie)
    assert BSN not in uitvoerder.get(f"/personen/{wie}/wijzigen").text
    getoond = uitvoerder.submit(f"/personen/{wie}/tonen", {"wat": "bsn"})
    assert BSN in getoond.text
    assert "no-store" in getoond.headers["Cache-Control"]
    assert "Bekeken: BSN." in page(uitvoerder, wie)
    assert BSN not in page(uitvoerder, wie)


def test_a_bsn_is_changed_without_being_shown(uitvoerder: Any, wie: str, database: str) -> None:
    assert save(uitvoerder, wie, bsn="123456782").status_code == 303
    assert known(database, wie).bsn == "123456782"


@pytest.fixture
def veilig(uitvoerder: Any, wie: str, database: str) -> str:
    """The same person with a home address that is to stay secret, and a traject."""
    velden = {"veilig_postadres": "y", "post_regel": "Postbus 12", "post_woonplaats": "Maastricht"}
    assert save(uitvoerder, wie, **velden).status_code == 303
    with transaction(database) as db:
        return a_traject(db, wie=[wie, a_person(db)], op=VANDAAG, **MELDING)


def test_with_a_safe_address_the_home_address_stands_nowhere(uitvoerder: Any, wie: str, veilig: str) -> None:
    lijkt = {"eerste_achternaam": "Maas", "eerste_geboortedatum": "5-5-1980", "eerste_postcode": "6299XX"}
    bladen = [
        page(uitvoerder, wie),
        uitvoerder.get(f"/personen/{wie}/wijzigen").text,
        uitvoerder.get(f"/trajecten/{veilig}").text,
        uitvoerder.get(f"/trajecten/{veilig}/personen").text,
        uitvoerder.submit("/meldingen/schuldhulp/melding_registreren", {**lijkt, "eerste_is": wie}).text,
    ]
    for blad in bladen:
        assert "Oude Straat" not in blad
        assert "6211" not in blad
    assert "Postbus 12" in bladen[2]
    getoond = uitvoerder.submit(f"/personen/{wie}/tonen", {"wat": "woonadres"}).text
    assert "Oude Straat" in getoond
    assert "Bekeken: woonadres." in page(uitvoerder, wie)


def test_a_secret_address_stays_when_the_form_leaves_it_empty(
    uitvoerder: Any, wie: str, veilig: str, database: str
) -> None:
    assert save(uitvoerder, wie, telefoon="0439999999", veilig_postadres="y").status_code == 303
    assert known(database, wie).straat == "Oude Straat"
    nieuw = {"straat": "Nieuwe Laan", "huisnummer": "9", "woonplaats": "Heerlen", "veilig_postadres": "y"}
    assert save(uitvoerder, wie, **nieuw).status_code == 303
    gegevens = known(database, wie)
    assert (gegevens.straat, gegevens.huisnummer, gegevens.postcode) == ("Nieuwe Laan", "9", "")


# -- Doubles -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def dubbel(wie: str, database: str) -> tuple[str, str]:
    """The same person entered twice, the second time with a traject and newer data: its pseudonym and number."""
    with transaction(database) as db:
        nog_eens = Gegevens(
            "Maas", voornaam="Wilhelmina", geboortedatum="1980-05-05", telefoon="0620000000", taal="Duits"
        )
        ander = personen.register(db, nog_eens)
        return ander, a_traject(db, wie=[ander], **MELDING)


def test_a_double_is_pointed_out_on_the_page(uitvoerder: Any, wie: str, dubbel: tuple[str, str]) -> None:
    tekst = page(uitvoerder, wie)
    assert "Misschien dubbel ingevoerd" in tekst
    assert f"/personen/{wie}/samenvoegen/{dubbel[0]}" in tekst


def merged(bezoeker: Any, wie: str, ander: str, **anders: str) -> Any:
    url = f"/personen/{wie}/samenvoegen/{ander}"
    velden = Pagina(bezoeker.get(url).text).formulier.filled({"reden": "dubbel_ingevoerd", **anders})
    return bezoeker.submit(url, velden)


def test_two_entries_become_one_with_the_data_that_were_chosen_and_come_apart_again(
    uitvoerder: Any, wie: str, dubbel: tuple[str, str], database: str
) -> None:
    ander, nummer = dubbel
    vergelijking = uitvoerder.get(f"/personen/{wie}/samenvoegen/{ander}").text
    assert "0620000000" in vergelijking
    assert BSN not in vergelijking
    assert merged(uitvoerder, wie, ander, reden="").status_code == 422
    assert merged(uitvoerder, wie, ander, keus_telefoon="weg", keus_voornaam="blijft").status_code == 303
    nieuw = known(database, wie)
    assert (nieuw.telefoon, nieuw.voornaam, nieuw.taal, nieuw.bsn) == ("0620000000", "Wilhelmine", "Duits", BSN)
    tekst = page(uitvoerder, wie)
    assert nummer in tekst
    assert "Samengevoegd met een dubbele invoer; overgenomen: Telefoon, Taal." in tekst
    assert uitvoerder.get(f"/personen/{ander}").status_code == 302
    (los,) = re.findall(r'href="(/personen/\w+/losmaken/\w+)"', tekst)
    with reading(database) as db:
        reden = next(r.code for r in in_force(db).correctieredenen if not r.labels.get("ongedaan"))
    assert uitvoerder.submit(los, {"reden": reden}).status_code == 303
    assert known(database, wie) == OUD
    assert nummer not in page(uitvoerder, wie)
    assert nummer in page(uitvoerder, ander)


def test_what_was_changed_after_a_merge_stays_when_it_is_taken_back(
    uitvoerder: Any, wie: str, dubbel: tuple[str, str], database: str
) -> None:
    merged(uitvoerder, wie, dubbel[0], keus_telefoon="weg")
    save(uitvoerder, wie, telefoon="0610101010")
    with transaction(database) as db:
        reden = in_force(db).correctieredenen[0].code
        personen.unmerge(db, dubbel[0], door=UITVOERDER, reden=reden)
    assert known(database, wie).telefoon == "0610101010"
    assert known(database, wie).taal == ""


def test_the_bsn_of_the_double_can_stay_and_goes_back(
    uitvoerder: Any, wie: str, dubbel: tuple[str, str], database: str
) -> None:
    ander = dubbel[0]
    assert merged(uitvoerder, ander, wie, keus_bsn="weg").status_code == 303
    with transaction(database) as db:
        gevonden = personen.by_bsn(db, BSN)
        assert gevonden
        assert gevonden.pseudoniem == ander
        personen.unmerge(db, wie, door=UITVOERDER, reden=in_force(db).correctieredenen[0].code)
        gevonden = personen.by_bsn(db, BSN)
        assert gevonden
        assert gevonden.pseudoniem == wie
    assert known(database, ander).bsn == ""


def test_two_open_trajecten_are_in_the_way_and_nothing_is_half_done(
    uitvoerder: Any, wie: str, dubbel: tuple[str, str], database: str
) -> None:
    with transaction(database) as db:
        a_traject(db, wie=[wie], **MELDING)
    antwoord = merged(uitvoerder, wie, dubbel[0])
    assert antwoord.status_code == 422
    assert "Beide hebben een open traject" in antwoord.text
    assert known(database, wie) == OUD


def test_a_merge_on_an_older_stand_is_refused(uitvoerder: Any, wie: str, dubbel: tuple[str, str]) -> None:
    url = f"/personen/{wie}/samenvoegen/{dubbel[0]}"
    velden = Pagina(uitvoerder.get(url).text).formulier.filled({"reden": "dubbel_ingevoerd"})
    save(uitvoerder, wie, email="w@voorbeeld.test")
    assert uitvoerder.submit(url, velden).status_code == 409


# -- Somebody joins ----------------------------------------------------------------------------------------------------


def test_a_second_person_joins_a_running_traject(uitvoerder: Any, wie: str, database: str) -> None:
    with transaction(database) as db:
        nummer = a_traject(db, wie=[wie], op=VANDAAG - 9, **MELDING)
    blad = uitvoerder.get(f"/trajecten/{nummer}/personen").text
    assert f"/trajecten/{nummer}/personen/erbij" in blad
    url = f"/trajecten/{nummer}/personen/erbij"
    velden = Pagina(uitvoerder.get(url).text).formulier.filled(
        {"eerste_achternaam": "Vos", "eerste_voornaam": "Gerrit", "op": "1-3-2026"}
    )
    assert uitvoerder.submit(url, {**velden, "eerste_achternaam": ""}).status_code == 422
    assert uitvoerder.submit(url, velden).status_code == 303
    with reading(database) as db:
        verloop = load(db, nummer, lock=False).by_nummer(nummer)
        assert len(verloop.stand.deelnemers) == 2
        (gerrit,) = set(verloop.stand.deelnemers) - {wie}
        assert [t.nummer for t in personen.trajecten_of(db, [gerrit])[gerrit]] == [nummer]
    assert "Gerrit Vos" in uitvoerder.get(f"/trajecten/{nummer}").text
    assert "Tweede persoon toegevoegd" in uitvoerder.get(f"/trajecten/{nummer}").text
    nog_een = uitvoerder.submit(url, {**velden, "sleutel": "f" * 32, "verwacht": str(verloop.log[-1].volgnummer)})
    assert nog_een.status_code == 422
    assert "doen al twee personen mee" in nog_een.text
    with transaction(database) as db:
        withdraw(
            db, nummer, verloop.log[-1].volgnummer, reden=in_force(db).correctieredenen[0].code, door=_coordinator()
        )
        assert list(load(db, nummer).by_nummer(nummer).stand.deelnemers) == [wie]


def _coordinator() -> Actor:
    return Actor("c" * 32, "coordinator", "KBL")


def test_who_has_a_traject_of_their_own_does_not_join(uitvoerder: Any, wie: str, database: str) -> None:
    with transaction(database) as db:
        nummer = a_traject(db, wie=[wie], op=VANDAAG - 9, **MELDING)
        ander = a_person(db, "Vos", voornaam="Gerrit")
        eigen = a_traject(db, wie=[ander], op=VANDAAG - 9, **MELDING)
    url = f"/trajecten/{nummer}/personen/erbij"
    velden = Pagina(uitvoerder.get(url).text).formulier.filled(
        {"eerste_achternaam": "Vos", "eerste_voornaam": "Gerrit"}
    )
    antwoord = uitvoerder.submit(url, {**velden, "eerste_is": ander})
    assert antwoord.status_code == 422
    assert eigen in antwoord.text


# -- Somebody leaves ---------------------------------------------------------------------------------------------------


@pytest.fixture
def gescheiden(uitvoerder: Any, wie: str, database: str) -> tuple[str, str, str]:
    """Wilhelmine stays, Gerrit leaves: both numbers and Gerrit's pseudonym; then both get new data."""
    with transaction(database) as db:
        gerrit = personen.register(
            db, Gegevens("Vos", voornaam="Gerrit", telefoon="0430000001", woonplaats="Maastricht")
        )
        nummer = a_traject(db, wie=[wie, gerrit], op=VANDAAG - 9, **MELDING)
    with klok.at(NU.replace(day=1)), transaction(database) as db:
        step(db, nummer, "huishouden_splitsen", VANDAAG - 1, invoer={"vertrekker": gerrit})
        nieuw = personen.trajecten_of(db, [gerrit])[gerrit]
        (van_hem,) = [t.nummer for t in nieuw if t.nummer != nummer]
        personen.change(
            db,
            gerrit,
            Gegevens("Valk", voornaam="Gerrit", telefoon="0609090909", woonplaats="Nieuwstad", straat="Verweg"),
        )
        personen.change(db, wie, Gegevens("Maas", voornaam="Wilhelmine", telefoon="0608080808", straat="Elders"))
    return nummer, van_hem, gerrit


VAN_HEM, VAN_HAAR = ("0609090909", "Nieuwstad", "Verweg", "Valk"), ("0608080808", "Elders")


def of_dossier(bezoeker: Any, nummer: str) -> list[str]:
    """The pages of one dossier, also as it was before the split."""
    toen = "op=2026-02-25&bekend=2026-03-02"
    begin = "/trajecten/<nummer>"
    regels = [str(r) for r in bezoeker.application.url_map.iter_rules() if r.arguments == {"nummer"}]
    meer = sorted(regel.removeprefix(begin) for regel in regels if regel.startswith(f"{begin}/"))
    urls = ["", "/personen", f"/terugkijken?{toen}", "/terugkijken?op=2026-03-02&bekend=2026-03-02", *meer]
    antwoorden = [bezoeker.get(f"/trajecten/{nummer}{url}") for url in urls]
    assert {a.status_code for a in antwoorden} <= {200, 302, 403, 404, 405}
    return [a.text for a in antwoorden if a.status_code == 200]


@pytest.mark.parametrize("rol", ["uitvoerder", "coordinator"])
def test_ex_partners_do_not_see_each_others_new_data(
    app: Any, login: Any, gescheiden: tuple[str, str, str], rol: str
) -> None:
    samen, van_hem, _ = gescheiden
    bezoeker = app.test_client()
    login(bezoeker, rol)
    van_haar_bladen, zijn_bladen = of_dossier(bezoeker, samen), of_dossier(bezoeker, van_hem)
    assert len(van_haar_bladen) >= 2
    for blad in van_haar_bladen:
        assert not [waarde for waarde in VAN_HEM if waarde in blad]
    for blad in zijn_bladen:
        assert not [waarde for waarde in (*VAN_HAAR, "Wilhelmine") if waarde in blad]
    assert all(waarde in van_haar_bladen[0] for waarde in VAN_HAAR)
    assert all(waarde in zijn_bladen[1] for waarde in VAN_HEM)
    assert "Gerrit Vos" in van_haar_bladen[1]


def test_looking_back_shows_who_left_as_known_then(app: Any, login: Any, gescheiden: tuple[str, str, str]) -> None:
    bezoeker = app.test_client()
    login(bezoeker, "coordinator")
    toen = bezoeker.get(f"/trajecten/{gescheiden[0]}/terugkijken?op=2026-02-25&bekend=2026-03-02").text
    assert "Gerrit Vos" in toen


def test_a_split_that_was_withdrawn_hides_nothing(
    uitvoerder: Any, gescheiden: tuple[str, str, str], database: str
) -> None:
    nummer, _, gerrit = gescheiden
    with transaction(database) as db:
        verloop = load(db, nummer).by_nummer(nummer)
        split = next(r for r in verloop.log if r.overgang == "huishouden_splitsen")
        withdraw(db, nummer, split.volgnummer, reden=in_force(db).correctieredenen[0].code, door=_coordinator())
    assert "Gerrit Valk" in uitvoerder.get(f"/trajecten/{nummer}").text
    assert gerrit in uitvoerder.get(f"/trajecten/{nummer}").text


def test_a_melding_with_another_bsn_does_not_tell_the_known_one(uitvoerder: Any, wie: str) -> None:
    velden = {"eerste_achternaam": "Maas", "eerste_voornaam": "Wilhelmine", "eerste_bsn": "123456782", "eerste_is": wie}
    tekst = uitvoerder.submit("/meldingen/schuldhulp/melding_registreren", velden).text
    assert "een ander nummer" in tekst
    assert BSN not in tekst


def test_a_letter_goes_to_the_safe_address(wie: str, database: str, uitvoerder: Any, veilig: str) -> None:
    assert address(known(database, wie)) == ("Wilhelmine Maas", "Postbus 12", "Maastricht")
    assert address(OUD) == ("Wilhelmine Maas", "Oude Straat 1", "6211 AB MAASTRICHT")
