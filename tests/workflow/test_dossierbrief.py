"""A letter from concept to sent: what it needs, what stands still, and what its sending means for the traject."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from bezoek import op_beide
from pypdf import PdfReader
from sqlalchemy import Connection, text, update
from sqlalchemy.exc import DatabaseError

from models import klok
from models.brief import brief as brieftabel
from models.database import transaction
from models.migraties import upgrade
from tests.bouwers import COORDINATOR, UITVOERDER, a_traject, advance_to, day, everything, folded, log_rows
from tests.brievenbus import PAPIER, a_client, a_dossier, begun, read, sent, settled, written
from workflow.agenda import Afspraak, plan, settle
from workflow.brieven import dossierbrief
from workflow.brieven.dossierbrief import BestandVeranderd, OnbekendeBrief
from workflow.brieven.opzet import compose
from workflow.brieven.sjablonen import paper, store, store_paper, templates, versions
from workflow.brieven.tekst import plain
from workflow.correcties import withdraw
from workflow.gezin import load
from workflow.kalender import in_words, short
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Conflict
from workflow.velden import InvoerGeweigerd
from workflow.voortgang import advance, start

MAANDAG = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAG = day("2026-03-02")
TEKST = "# Onderwerp\n\n{aanhef},\n\nTot ziens."


@pytest.fixture(autouse=True)
def _maandag():
    """It is Monday 2 March 2026."""
    with klok.at(MAANDAG):
        yield


def objections(db: Connection, nummer: str, brief: str) -> tuple[str, ...]:
    """Why a concept cannot be made yet."""
    gezin = load(db, nummer, lock=False)
    b = read(db, nummer, brief)
    return compose(db, gezin, gezin.by_nummer(nummer), b.persoon, b.tekst, b.dag, soort=b.soort).bezwaren


def values(db: Connection, nummer: str, brief: str) -> dict[str, object]:
    """What its placeholders stand for."""
    gezin = load(db, nummer, lock=False)
    b = read(db, nummer, brief)
    return dict(compose(db, gezin, gezin.by_nummer(nummer), b.persoon, b.tekst, b.dag).waarden)


# -- Making it ---------------------------------------------------------------------------------------------------------


@op_beide
def test_a_letter_goes_from_concept_to_sent_and_its_files_say_what_was_frozen(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer)
    written(db, nummer, brief, TEKST)
    vast = settled(db, nummer, brief)
    assert (vast.status, vast.vastgesteld_door) == ("vastgesteld", UITVOERDER.pseudoniem)
    pdf = dossierbrief.file_of(db, vast, "pdf")
    gelezen = "".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())
    woorden = plain(vast.blokken)
    assert woorden == "Onderwerp\nBeste mevrouw El Amrani,\nTot ziens."
    assert "".join(woorden.split()) in gelezen
    assert vast.adres == ("Fatima el Amrani", "6211 AB 12", "MAASTRICHT")
    na = sent(db, nummer, brief)
    assert (na.status, na.verzonden_op) == ("verzonden", DAG)
    assert folded(db, nummer).log[-1].overgang == "brief_versturen"
    assert folded(db, nummer).stand.antwoorden["briefsoort"] == "andere_brief"


def test_nothing_of_a_letter_can_be_read_in_the_database(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer)
    written(db, nummer, brief, TEKST)
    settled(db, nummer, brief)
    sent(db, nummer, brief)
    rijen = repr(everything(db)["brief"]) + repr(log_rows(db, nummer))
    assert not any(woord in rijen for woord in ("Amrani", "Tot ziens", "6211", "PDF-1."))


def test_what_the_dossier_does_not_have_is_said_and_leaves_no_gap(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer, "uitnodiging")
    assert any(zin == "{afspraak_op}: Er is nog geen afspraak gepland." for zin in objections(db, nummer, brief))
    with pytest.raises(OvergangGeweigerd) as geweigerd:
        settled(db, nummer, brief)
    assert "{behandelaar}: Dit traject heeft geen behandelaar." in geweigerd.value.redenen
    assert read(db, nummer, brief).status == "concept"


def test_a_place_that_the_template_leaves_open_must_be_filled_in(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer, "weigering")
    assert any(zin.startswith("Vul nog in: [Schrijf hier in gewone taal") for zin in objections(db, nummer, brief))


@pytest.mark.parametrize(
    ("soort", "te_vroeg", "genoeg"), [("toelating", "besluit", "toegelaten"), ("weigering", "besluit", "afgewezen")]
)
def test_a_decision_is_made_as_a_letter_after_it_is_recorded(
    db: Connection, soort: str, te_vroeg: str, genoeg: str
) -> None:
    nummer = a_dossier(db, op=day("2026-01-05"))
    brief = begun(db, nummer, soort)
    advance_to(db, nummer, te_vroeg, day("2026-02-23"))
    zin = "Dit besluit is nog niet vastgelegd: het traject staat in Besluit. Leg het eerst vast"
    assert any(bezwaar.startswith(zin) for bezwaar in objections(db, nummer, brief))
    advance_to(db, nummer, genoeg, day("2026-02-24"))
    assert not any("nog niet vastgelegd" in bezwaar for bezwaar in objections(db, nummer, brief))


def test_without_an_address_there_is_no_letter(db: Connection) -> None:
    nummer = a_dossier(db, postcode="")
    brief = begun(db, nummer)
    written(db, nummer, brief, TEKST)
    (zin,) = objections(db, nummer, brief)
    assert zin == "Van Fatima el Amrani is geen adres bekend: vul dat aan bij de persoonsgegevens."


def test_a_fault_in_the_text_is_told_with_its_line_and_keeps_nothing(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer)
    with pytest.raises(InvoerGeweigerd) as geweigerd:
        written(db, nummer, brief, "# Kop\n\n{namm}")
    assert geweigerd.value.fouten == {
        "tekst": "Regel 3: De plaatshouder {namm} bestaat niet. Bedoelt u {naam}?"
    }  # fmt: skip
    assert "{namm}" not in (read(db, nummer, brief).tekst or "")


def test_a_letter_is_not_dated_in_the_past(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer)
    with pytest.raises(InvoerGeweigerd, match="vanaf vandaag"):
        written(db, nummer, brief, TEKST, DAG - 1)
    written(db, nummer, brief, TEKST)
    with klok.at(MAANDAG.replace(day=3)):
        assert objections(db, nummer, brief) == ("De datum op de brief is voorbij: kies een dag vanaf vandaag.",)


def test_each_of_two_people_gets_a_letter_of_their_own(db: Connection) -> None:
    store_paper(db, PAPIER, UITVOERDER.pseudoniem)
    mensen = [a_client(db, "Jansen", voornaam="Jan", tussenvoegsel="", geslacht="Man"), a_client(db, "Jansen")]
    nummer = a_traject(db, route="schuldhulp", begin="melding_registreren", wie=mensen, op=DAG)
    aanheffen = set()
    for wie in mensen:
        brief = begun(db, nummer, wie=wie)
        written(db, nummer, brief, TEKST)
        aanheffen.add(values(db, nummer, brief)["aanhef"])
    assert aanheffen == {"Beste meneer Jansen", "Beste mevrouw El Jansen"}
    with pytest.raises(InvoerGeweigerd, match="voor wie"):
        begun(db, nummer, wie=a_client(db))


def test_the_same_form_sent_twice_gives_one_letter(db: Connection) -> None:
    nummer = a_dossier(db)
    verloop = folded(db, nummer)
    keus = templates(db, dossierbrief.offered(verloop))["rappel"]
    wie = next(iter(verloop.stand.deelnemers))
    for _ in range(2):
        assert dossierbrief.begin(db, nummer, keus, wie, door=UITVOERDER, sleutel="a" * 32) == "a" * 32
    assert len(dossierbrief.letters(db, verloop)) == 1
    with pytest.raises(Conflict, match="al voor iets anders"):
        dossierbrief.begin(db, nummer, keus, wie, door=COORDINATOR, sleutel="a" * 32)


def test_two_who_write_at_once_do_not_undo_each_other(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer)
    written(db, nummer, brief, TEKST)
    with pytest.raises(Conflict, match="intussen gewijzigd"):
        dossierbrief.save(db, nummer, brief, "# Anders\n\nTekst", DAG, versie=1)


def test_what_happens_in_between_is_seen_before_the_letter_is_made(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer)
    written(db, nummer, brief, TEKST)
    gemaakt = dossierbrief.make(db, nummer, brief)
    advance(db, nummer, "intake_starten", {}, door=UITVOERDER, op=DAG)
    with pytest.raises(Conflict, match="dossier is intussen"):
        dossierbrief.settle(db, nummer, brief, gemaakt, versie=gemaakt.versie, door=UITVOERDER)


def test_a_letter_that_was_not_sent_can_be_let_go(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer)
    dossierbrief.cancel(db, nummer, brief, versie=1)
    assert read(db, nummer, brief).status == "vervallen"
    with pytest.raises(Conflict):
        dossierbrief.cancel(db, nummer, brief, versie=2)


def test_a_letter_of_another_traject_is_not_there(db: Connection) -> None:
    brief = begun(db, a_dossier(db))
    with pytest.raises(OnbekendeBrief):
        read(db, a_dossier(db), brief)


# -- It stands still ---------------------------------------------------------------------------------------------------


@op_beide
@pytest.mark.parametrize("kolom", ["inhoud", "pdf", "docx"])
def test_the_database_refuses_to_change_a_letter_that_stands(db: Connection, kolom: str) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer)
    written(db, nummer, brief, TEKST)
    settled(db, nummer, brief)
    with pytest.raises(DatabaseError, match="vastgesteld"), db.begin_nested():
        db.execute(update(brieftabel).values({kolom: b"anders"}))
    with pytest.raises(DatabaseError, match="vastgesteld"), db.begin_nested():
        db.execute(update(brieftabel).values(status="concept"))
    with pytest.raises(DatabaseError, match="kept"), db.begin_nested():
        db.execute(brieftabel.delete())


@pytest.mark.parametrize("soort", ["pdf", "docx"])
def test_a_file_that_was_changed_all_the_same_is_told(db: Connection, soort: str) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer)
    written(db, nummer, brief, TEKST)
    vast = settled(db, nummer, brief)
    db.execute(text("DROP TRIGGER brief_staat_vast"))
    db.execute(text(f"UPDATE brief SET {soort} = x'00112233445566778899aabbccddeeff00112233445566778899aabb'"))
    with pytest.raises(BestandVeranderd, match="niet meer zoals het is gemaakt"):
        dossierbrief.file_of(db, vast, soort)  # type: ignore[arg-type]


def test_the_tables_refuse_the_same_after_an_upgrade(tmp_path) -> None:
    url = f"sqlite:///{tmp_path / 'leeg.db'}"
    upgrade(url)
    with transaction(url) as db:
        db.execute(text("INSERT INTO briefpapier (inhoud, door, vastgelegd_op) VALUES ('{}', 'x', 1)"))
    with pytest.raises(DatabaseError, match="insert-only"), transaction(url) as db:
        db.execute(text("UPDATE briefpapier SET inhoud = ''"))


# -- Sending -----------------------------------------------------------------------------------------------------------


def a_settled(db: Connection, nummer: str, sjabloon: str, tekst: str = TEKST) -> str:
    brief = begun(db, nummer, sjabloon)
    written(db, nummer, brief, tekst)
    settled(db, nummer, brief)
    return brief


def test_a_rappel_is_recorded_by_the_overgang_that_the_map_has_for_it(db: Connection) -> None:
    nummer = a_dossier(db)
    sent(db, nummer, a_settled(db, nummer, "rappel"))
    assert folded(db, nummer).log[-1].overgang == "rappel_versturen"


def test_the_bezwaartermijn_runs_from_the_day_on_which_the_beschikking_was_sent(db: Connection) -> None:
    nummer = a_dossier(db, op=day("2026-01-05"))
    advance_to(db, nummer, "afgewezen", day("2026-02-23"))
    tekst = "# Besluit\n\nBezwaar kan tot en met {bezwaar_tot_en_met}."
    brief = a_settled(db, nummer, "weigering", tekst)
    assert values(db, nummer, brief)["bezwaar_tot_en_met"] == "maandag 13 april 2026"
    sent(db, nummer, brief)
    gezin = load(db, nummer, lock=False)
    (termijn,) = (t for t in gezin.terms(gezin.by_nummer(nummer), DAG) if t.code == "bezwaartermijn")
    assert (short(termijn.begin_dag), short(termijn.vervaldag or 0)) == ("2 maart 2026", "13 april 2026")


def test_a_beschikking_sent_later_than_its_bezwaar_says_must_be_made_again(db: Connection) -> None:
    nummer = a_dossier(db, op=day("2026-01-05"))
    advance_to(db, nummer, "afgewezen", day("2026-02-23"))
    brief = a_settled(db, nummer, "weigering", "# Besluit\n\nTot en met {bezwaar_tot_en_met}.")
    with klok.at(MAANDAG.replace(day=4)), pytest.raises(InvoerGeweigerd, match="bezwaar tot en met 13 april 2026"):
        sent(db, nummer, brief, DAG + 2)
    assert read(db, nummer, brief).status == "vastgesteld"


def test_a_letter_is_not_sent_before_its_date_nor_tomorrow(db: Connection) -> None:
    nummer = a_dossier(db, op=DAG - 7)
    brief = begun(db, nummer)
    written(db, nummer, brief, TEKST, DAG + 1)
    settled(db, nummer, brief)
    with pytest.raises(InvoerGeweigerd, match="gedateerd op 3 maart"):
        sent(db, nummer, brief, DAG)
    with pytest.raises(InvoerGeweigerd, match="toekomst"):
        sent(db, nummer, brief, DAG + 1)


def test_a_sending_that_is_withdrawn_can_be_recorded_again(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = a_settled(db, nummer, "rappel")
    na = sent(db, nummer, brief)
    withdraw(db, nummer, na.volgnummer or 0, reden="verkeerde_keuze", door=UITVOERDER)
    weer = read(db, nummer, brief)
    assert (weer.status, weer.is_ingetrokken) == ("vastgesteld", True)
    assert sent(db, nummer, brief).status == "verzonden"


def test_a_refused_sending_leaves_everything_as_it_was(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = a_settled(db, nummer, "rappel")
    voor = everything(db)
    with pytest.raises(Conflict):
        dossierbrief.send(db, nummer, brief, DAG, versie=99, door=UITVOERDER)
    assert everything(db) == voor


# -- What a dossier says -----------------------------------------------------------------------------------------------


def a_text(*codes: str) -> str:
    return "# Onderwerp\n\n" + "\n\n".join(f"{{{code}}}" for code in codes)


@pytest.mark.parametrize(
    ("vorm", "waar", "gezegd"),
    [
        ("gesprek", {}, "Bij ons op kantoor, Plein 1, Maastricht"),
        ("gesprek", {"plaats": "kamer 3"}, "Bij ons op kantoor, Plein 1, Maastricht, kamer 3"),
        ("telefoon", {}, "Wij bellen u"),
        ("", {"plaats": "wijkservicepunt West"}, "wijkservicepunt West"),
    ],
)
def test_an_invitation_says_time_and_place_of_the_next_appointment(
    db: Connection, vorm: str, waar: dict[str, str], gezegd: str
) -> None:
    nummer = a_dossier(db, op=DAG)
    store_paper(db, replace(PAPIER, bezoekadres="Plein 1, Maastricht"), "")
    brief = begun(db, nummer)
    written(db, nummer, brief, a_text("afspraak_op", "afspraak_waar"))
    afspraak = Afspraak(DAG + 8, 570, 630, "eerste_gesprek", vorm, details=waar)
    plan(db, nummer, afspraak, door=UITVOERDER)
    assert values(db, nummer, brief) == {"afspraak_op": f"{in_words(DAG + 8)} om 09.30 uur", "afspraak_waar": gezegd}


def missed(db: Connection, nummer: str, dagen: int, minuut: int) -> None:
    """An appointment so many days ago to which nobody came."""
    dag = DAG - dagen
    with klok.at(MAANDAG - timedelta(days=dagen)):
        punt = plan(db, nummer, Afspraak(dag, minuut, minuut + 60, "vervolggesprek", "gesprek"), door=UITVOERDER).punt
        settle(db, nummer, punt, "niet_verschenen", {}, door=UITVOERDER, op=dag)


def said_first(db: Connection, nummer: str) -> str:
    """How a rappel begins after the salutation; nothing but the name of a behandelaar stands in its way."""
    brief = begun(db, nummer, "rappel")
    assert objections(db, nummer, brief) == ("{behandelaar}: Dit traject heeft geen behandelaar.",)
    gezin = load(db, nummer, lock=False)
    b = read(db, nummer, brief)
    blad = compose(db, gezin, gezin.by_nummer(nummer), b.persoon, b.tekst, b.dag).blad
    return next(regel for regel in blad.in_woorden.splitlines() if regel.startswith("U had")).partition(" Dat ")[0]


def test_a_rappel_names_the_day_and_time_of_the_appointment_that_was_missed(db: Connection) -> None:
    with klok.at(MAANDAG - timedelta(days=9)):
        nummer = a_dossier(db)
    missed(db, nummer, 8, 840)
    missed(db, nummer, 2, 570)
    gemist = f"op {in_words(DAG - 2)} om 09.30 uur een afspraak met ons"
    assert said_first(db, nummer) == f"U had {gemist}, maar u was er niet."
    withdraw(db, nummer, folded(db, nummer).log[-1].volgnummer, door=UITVOERDER, reden="telfout")
    gemist = f"op {in_words(DAG - 8)} om 14.00 uur een afspraak met ons"
    assert said_first(db, nummer) == f"U had {gemist}, maar u was er niet."


def test_a_rappel_names_the_day_that_was_recorded_without_the_agenda(db: Connection) -> None:
    nummer = a_dossier(db, op=DAG - 9)
    assert said_first(db, nummer) == "U had een afspraak met ons, maar u was er niet."
    advance(db, nummer, "niet_verschijnen_vastleggen", {}, door=UITVOERDER, op=DAG - 1)
    assert said_first(db, nummer) == f"U had op {in_words(DAG - 1)} een afspraak met ons, maar u was er niet."


def test_the_terms_that_run_are_named_in_the_order_in_which_they_end(db: Connection) -> None:
    nummer = a_dossier(db, op=DAG)
    advance_to(db, nummer, "minnelijk_voorbereiding", op=DAG)
    advance(db, nummer, "voorstel_versturen", {"voorstel_verstuurd_op": str(MAANDAG.date())}, door=UITVOERDER, op=DAG)
    brief = begun(db, nummer)
    written(db, nummer, brief, a_text("termijnen"))
    (_, *rijen), *_ = values(db, nummer, brief).values()
    bezwaar, reactie, regeling = "Bezwaartermijn tegen de toelating", "Reactie van schuldeisers", "Schuldregeling"
    assert [naam for naam, _ in rijen] == [reactie, bezwaar, f"{regeling} tot stand brengen"]


def test_terms_documents_and_amounts_come_from_the_dossier(db: Connection) -> None:
    nummer = a_dossier(db, op=DAG)
    advance(db, nummer, "gesprek_aanbieden", {"gesprek_aangeboden_op": "2026-03-10"}, door=UITVOERDER, op=DAG)
    brief = begun(db, nummer)
    written(db, nummer, brief, a_text("afspraak_op", "eerste_gesprek_uiterlijk"))
    assert values(db, nummer, brief) == {
        "afspraak_op": "dinsdag 10 maart 2026",
        "eerste_gesprek_uiterlijk": "maandag 30 maart 2026",
    }
    schuld = {"schuldbedrag": "18250", "aantal_schuldeisers": "12"}
    advance(db, nummer, "intake_starten", schuld, door=UITVOERDER, op=DAG)
    advance(db, nummer, "stukken_vastleggen", {"stukken": {"zorgpolis": "gevraagd", "inkomen": "compleet"}},
            door=UITVOERDER, op=DAG)  # fmt: skip
    start(db, "opschorting", "stukken_opvragen", {"hersteltermijn_op": "2026-03-16"}, door=UITVOERDER, op=DAG,
          hoort_bij=nummer)  # fmt: skip
    codes = ("schuldbedrag", "aantal_schuldeisers", "ontbrekende_stukken", "hersteltermijn_tot", "gedaan", "stap")
    written(db, nummer, brief, a_text(*codes, "besluit_uiterlijk"))
    assert values(db, nummer, brief) == {
        "schuldbedrag": "€ 18.250",
        "aantal_schuldeisers": "12",
        "ontbrekende_stukken": ("Zorgpolis",),
        "hersteltermijn_tot": "maandag 16 maart 2026",
        "gedaan": ("Melding: 2 maart 2026", "Intake: begonnen op 2 maart 2026"),
        "stap": "Intake",
    }


def test_how_long_it_takes_is_said_of_enough_trajecten_only(db: Connection) -> None:
    nummer = a_dossier(db)
    brief = begun(db, nummer)
    written(db, nummer, brief, a_text("doorlooptijd"))
    assert any("te weinig trajecten" in zin for zin in objections(db, nummer, brief))
    for _ in range(10):
        klaar = a_traject(db, route="schuldhulp", begin="melding_registreren", op=day("2025-01-06"))
        advance(db, klaar, "intake_starten", {}, door=UITVOERDER, op=day("2025-01-06"))
        advance_to(db, klaar, "advies_afgerond", day("2025-07-07"))
    assert values(db, nummer, brief) == {"doorlooptijd": "ongeveer 6 maanden"}


def test_names_that_try_to_be_more_than_a_name_stay_a_name(db: Connection) -> None:
    nummer = a_dossier(db, achternaam="**vet** {datum} # kop", voornaam="Élise", tussenvoegsel="")
    brief = begun(db, nummer)
    written(db, nummer, brief, "# Onderwerp\n\n{naam}")
    vast = settled(db, nummer, brief)
    tekst = PdfReader(BytesIO(dossierbrief.file_of(db, vast, "pdf"))).pages[0].extract_text()
    assert "Élise **vet** {datum} # kop" in " ".join(tekst.split())


# -- Templates ---------------------------------------------------------------------------------------------------------


def stored(db: Connection, tekst: str, code: str | None = "rappel", **rest) -> object:
    soorten = {"rappel": "Rappel", "andere_brief": "Andere brief"}
    vast = {"soort": "rappel", "naam": "Rappel", "na_versie": 0, **rest}
    return store(db, soorten, door=UITVOERDER.pseudoniem, code=code, tekst=tekst, **vast)


def test_a_template_has_versions_and_the_one_that_came_along_stays(db: Connection) -> None:
    stored(db, "# Een\n\nTekst een")
    stored(db, "# Twee\n\nTekst twee", na_versie=1)
    alle = versions(db, "rappel", {"rappel": "Rappel"})
    assert [v.versie for v in alle] == [2, 1, 0]
    assert templates(db, {"rappel": "Rappel"})["rappel"].tekst == "# Twee\n\nTekst twee\n"
    with pytest.raises(InvoerGeweigerd, match="intussen een nieuwe versie"):
        stored(db, "# Drie\n\nTekst", na_versie=1)


def test_a_letter_keeps_the_version_it_began_with(db: Connection) -> None:
    nummer = a_dossier(db)
    stored(db, "# Een\n\nTekst een")
    brief = begun(db, nummer, "rappel")
    stored(db, "# Twee\n\nTekst twee", na_versie=1)
    b = read(db, nummer, brief)
    assert (b.sjabloonversie, b.tekst) == (1, "# Een\n\nTekst een\n")


def test_a_template_of_ones_own_is_recorded_as_a_kind_of_the_map(db: Connection) -> None:
    eigen = stored(db, "# Eigen\n\nTekst", None, soort="andere_brief", naam="Folder")
    nummer = a_dossier(db)
    brief = a_settled(db, nummer, eigen.code, "# Eigen\n\nTekst")  # type: ignore[attr-defined]
    sent(db, nummer, brief)
    assert folded(db, nummer).stand.antwoorden["briefsoort"] == "andere_brief"


def test_a_wrong_template_is_refused_with_its_lines(db: Connection) -> None:
    with pytest.raises(InvoerGeweigerd) as geweigerd:
        stored(db, "Geen kop\n{foei}", soort="weg", naam="")
    assert set(geweigerd.value.fouten) == {"tekst", "soort", "naam"}
    assert "Regel 2: De plaatshouder {foei} bestaat niet." in geweigerd.value.fouten["tekst"]


def test_the_last_letterhead_is_in_force_and_needs_a_sender(db: Connection) -> None:
    store_paper(db, PAPIER, "x")
    assert paper(db) == PAPIER
    with pytest.raises(InvoerGeweigerd, match="wie de brieven stuurt"):
        store_paper(db, PAPIER.__class__(afzender="  "), "x")
