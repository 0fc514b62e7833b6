"""Answers become codes, ISO dates and whole numbers, or a Dutch sentence; nothing else comes through."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bouwers import day
from workflow.routekaart import Keuze, Veld
from workflow.velden import LEZERS, MAX_GETAL, MAX_TEKST, InvoerGeweigerd, read_answer, read_answers, read_date

DAG = day("2026-03-02")


def a_veld(soort: str, **anders: Any) -> Veld:
    """A question of this soort."""
    return Veld("vraag", "Een vraag", soort, **anders)  # type: ignore[arg-type]


def refusal(veld: Veld, waarde: Any, dag: int = DAG) -> str:
    """The sentence with which an answer is refused."""
    with pytest.raises(InvoerGeweigerd) as fout:
        read_answers([veld], {"vraag": waarde}, dag)
    return fout.value.fouten["vraag"]


KEUZE = a_veld(
    "keuze",
    keuzes=(Keuze("rood", "Rood"), Keuze("oud", "Oud", tot=DAG), Keuze("nieuw", "Nieuw", vanaf=DAG + 1)),
)


@pytest.mark.parametrize(
    ("veld", "waarde", "gelezen"),
    [
        (a_veld("datum"), "2026-03-01", "2026-03-01"),
        (a_veld("datum"), "1-3-2026", "2026-03-01"),
        (a_veld("datum"), " 01/03/2026 ", "2026-03-01"),
        (a_veld("datum"), "1.3.2026", "2026-03-01"),
        (a_veld("datum"), date(2026, 3, 1), "2026-03-01"),
        (a_veld("datum"), "29-2-2028", "2028-02-29"),
        (KEUZE, "rood", "rood"),
        (a_veld("ja_nee"), "ja", "ja"),
        (a_veld("ja_nee"), "nee", "nee"),
        (a_veld("ja_nee"), True, "ja"),
        (a_veld("ja_nee"), False, "nee"),
        (a_veld("getal"), "12", 12),
        (a_veld("getal"), "0", 0),
        (a_veld("getal"), 0, 0),
        (a_veld("getal", minimum=-5), "-5", -5),
        (a_veld("bedrag"), "1.250", 1250),
        (a_veld("bedrag"), "€ 1.250,00", 1250),
        (a_veld("bedrag"), "1250,-", 1250),
        (a_veld("bedrag"), " 1 250 ", 1250),
        (a_veld("tekst"), "  Dag\r\nwereld \U0001f642 ", "Dag\nwereld \U0001f642"),
        (a_veld("tekst"), "Zoe\u0308", "Zo\u00eb"),
        (a_veld("partij"), "WSP-NOORD", "WSP-NOORD"),
        (a_veld("medewerker"), "a1" * 16, "a1" * 16),
        (a_veld("deelnemer"), "b2" * 16, "b2" * 16),
        (a_veld("kinderen"), ["PZ-2026-00001", "PZ-2026-00002"], ["PZ-2026-00001", "PZ-2026-00002"]),
        (a_veld("kinderen"), "PZ-2026-00001", ["PZ-2026-00001"]),
    ],
)
def test_an_answer_as_it_is_kept(veld: Veld, waarde: Any, gelezen: Any) -> None:
    assert read_answer(veld, waarde, DAG) == gelezen


@pytest.mark.parametrize(
    ("veld", "waarde", "woorden"),
    [
        *((a_veld("datum"), w, "bestaande datum") for w in ("2026-02-29", "31-4-2026", "morgen", "1-1-26", "2026", 5)),
        (a_veld("datum"), "1-1-1899", "niet voor 1 jan"),
        (a_veld("datum"), "2-1-2100", "niet na 1 jan"),
        (a_veld("datum", minimum=0), "1-3-2026", "niet voor"),
        (a_veld("datum", maximum=0), "3-3-2026", "niet na"),
        *((KEUZE, w, "Kies een van de mogelijkheden") for w in ("blauw", "oud", "nieuw", "Rood", 1, ["rood"])),
        *((a_veld("ja_nee"), w, "ja of nee") for w in ("Ja", "misschien", 1, "true")),
        *((a_veld("getal"), w, "heel getal") for w in ("1,5", "1.5", "twee", "1e3", "٣", "- 5 5a", "12 stuks")),
        (a_veld("bedrag"), "1.250,50", "hele euro"),
        (a_veld("bedrag"), "1.25", "hele euro"),
        (a_veld("getal"), "-1", "tussen 0 en"),
        (a_veld("getal", minimum=1, maximum=20), "21", "tussen 1 en 20"),
        (a_veld("getal"), str(MAX_GETAL + 1), "tussen"),
        (a_veld("tekst", minimum=10), "kort", "te kort"),
        (a_veld("tekst"), "x" * (MAX_TEKST + 1), "te lang: 4.001 tekens, hoogstens 4.000."),
        (a_veld("tekst"), "x\r\n" * 5_000, "te lang: 10.000 tekens, hoogstens 4.000."),
        *((a_veld(s), "x" * 1_234, "te lang: 1.234 tekens, hoogstens 200.") for s in ("datum", "getal", "stuknummer")),
        (a_veld("opgave"), "x" * 200_001, "te lang: 200.001 tekens, hoogstens 200.000."),
        (a_veld("tekst", maximum=5), "zes te", "te lang: 6 tekens, hoogstens 5"),
        *((a_veld("tekst"), f"a{teken}b", "teken dat niet kan") for teken in ("\0", "\x07", "\x1b", "\x85", "\udc80")),
        *((a_veld("partij"), w, "Kies een van") for w in ("a b", "x" * 65, "'; --", "é", "a\nb")),
        (a_veld("kinderen"), ["PZ-2026-00001", "geen nummer"], "Kies een van"),
    ],
)
def test_a_wrong_answer_is_told(veld: Veld, waarde: Any, woorden: str) -> None:
    assert woorden in refusal(veld, waarde)


@pytest.mark.parametrize("soort", LEZERS)
@pytest.mark.parametrize("leeg", ["", "   ", None, [], ()])
def test_left_open(soort: str, leeg: Any) -> None:
    assert read_answers([a_veld(soort)], {"vraag": leeg}, DAG) == ({}, {})
    assert read_answers([a_veld(soort)], {}, DAG) == ({}, {})
    zinnen = {"keuze": "Maak een keuze bij een vraag.", "datum": "Vul de dag in: een vraag."}
    assert refusal(a_veld(soort, verplicht=True), leeg) == zinnen.get(soort, "Vul in: een vraag.")


@pytest.mark.parametrize(
    ("label", "zin"), [("Crisis", "crisis"), ("MESIS-profiel", "MESIS-profiel"), ("E-mail van BSR", "e-mail van BSR")]
)
def test_a_label_within_a_sentence_keeps_the_capitals_of_abbreviations(label: str, zin: str) -> None:
    keuze = Veld("vraag", label, "keuze", verplicht=True)
    assert refusal(keuze, "") == f"Maak een keuze bij {zin}."


def test_bounds_are_written_as_numbers_are_read() -> None:
    assert refusal(a_veld("getal"), "123456789") == "Een vraag ligt tussen 0 en 99.999.999."


@pytest.mark.parametrize("tekst", ["16-3-26", "1/1/99", "1.1.88"])
def test_a_year_of_two_digits_gets_a_hint(tekst: str) -> None:
    zin = "Vul een bestaande datum in, met het jaar in vier cijfers, bijvoorbeeld 24-11-2026."
    assert refusal(a_veld("datum"), tekst) == zin


def test_an_empty_day_is_asked_for() -> None:
    with pytest.raises(ValueError, match="Vul de dag in, bijvoorbeeld 24-11-2026"):
        read_date(" ")


@pytest.mark.parametrize("tekst", ["12.345,67", "12345,67", "€ 12.345,6"])
def test_cents_get_a_hint(tekst: str) -> None:
    zin = "Vul een bedrag in hele euro's in bij een vraag, zonder cijfers achter de komma: 12.345."
    assert refusal(a_veld("bedrag"), tekst) == zin


def test_bounds_of_a_date_are_days_from_that_of_the_overgang() -> None:
    veld = a_veld("datum", minimum=-90, maximum=0)
    for waarde in ("2026-03-02", "2025-12-02"):
        assert read_answer(veld, waarde, DAG) == waarde
    assert "niet voor" in refusal(veld, "2025-12-01")
    assert "niet na" in refusal(veld, "2026-03-03")


def test_a_choice_is_of_its_time() -> None:
    assert read_answer(KEUZE, "oud", DAG - 1) == "oud"
    assert read_answer(KEUZE, "nieuw", DAG + 1) == "nieuw"


def test_text_is_kept_apart() -> None:
    velden = [a_veld("tekst"), Veld("ander", "Ander", "getal")]
    assert read_answers(velden, {"vraag": "Iets", "ander": "4"}, DAG) == ({"ander": 4}, {"vraag": "Iets"})


def test_every_wrong_veld_is_told_at_once() -> None:
    velden = [
        Veld("een", "Een", "datum"),
        Veld("twee", "Twee", "getal", verplicht=True),
        Veld("drie", "Drie", "ja_nee"),
    ]
    with pytest.raises(InvoerGeweigerd) as fout:
        read_answers(velden, {"een": "x", "drie": "ja", "vier": "4"}, DAG)
    assert fout.value.fouten == {
        "een": "Vul een bestaande datum in, bijvoorbeeld 24-11-2026.",
        "twee": "Vul in: twee.",
        "vier": "Deze vraag hoort niet bij deze overgang.",
    }
    assert str(fout.value)


@pytest.mark.parametrize("waarde", ["2026-3-1", "20260301", "2026-W10-1", "0000-01-01", "٢٠٢٦-٠٣-٠١"])
def test_only_dates_as_people_write_them(waarde: str) -> None:
    with pytest.raises(ValueError, match="bestaande datum"):
        read_date(waarde)


def test_a_moment_is_read_as_its_day() -> None:
    assert read_date(datetime(2026, 3, 1, 23, 59)) == day("2026-03-01")


raar = st.one_of(
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.binary(max_size=9),
    st.lists(st.text(max_size=9), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    st.lists(st.none() | st.integers(), max_size=2),
)


@given(st.sampled_from(sorted(LEZERS)), raar)
def test_whatever_comes_is_an_answer_or_a_sentence(soort: str, waarde: Any) -> None:
    try:
        antwoorden, teksten = read_answers([a_veld(soort, keuzes=KEUZE.keuzes)], {"vraag": waarde}, DAG)
    except InvoerGeweigerd as fout:
        assert fout.fouten["vraag"].endswith(".")  # noqa: PT017
    else:
        assert all(isinstance(w, str | int | list | dict) for w in antwoorden.values())
        assert all(isinstance(w, str) and "\0" not in w for w in teksten.values())


@pytest.mark.parametrize("soort", LEZERS)
def test_very_long_answers_are_refused_at_once(soort: str) -> None:
    """Half a megabyte of accents, digits or dots must not keep the processor busy."""
    for waarde in ("\u0301" * 500_000, "1" * 500_000, "1.000" * 100_000, "." * 500_000, " " * 500_000 + "x"):
        begonnen = time.perf_counter()
        assert refusal(a_veld(soort, keuzes=KEUZE.keuzes), waarde)
        assert time.perf_counter() - begonnen < 1


STUK = Veld("kenmerk_stuk", "Kenmerk van het stuk", "stuknummer")


@pytest.mark.parametrize(
    ("getypt", "bewaard"),
    [("Z-2026-00123", "Z-2026-00123"), (" z/2026.7 ", "Z/2026.7"), ("123456789", "123456789"), ("7", "7")],
)
def test_the_number_of_a_document_is_kept_in_capitals(getypt, bewaard):
    assert read_answer(STUK, getypt, 20_000) == bewaard


@pytest.mark.parametrize("getypt", ["Jansen", "Z 2026", "brief aan Jan 3", "-1", "x" * 40 + "1", "Z-٣", "=1+1", "Z\n1"])
def test_the_number_of_a_document_is_no_free_text(getypt):
    with pytest.raises(ValueError, match="Vul een nummer in bij kenmerk van het stuk"):
        read_answer(STUK, getypt, 20_000)


@pytest.mark.parametrize("getypt", ["111222333", "111-222-333", "111.222.333"])
def test_the_number_of_a_document_is_no_bsn(getypt):
    with pytest.raises(ValueError, match="Dit lijkt een BSN"):
        read_answer(STUK, getypt, 20_000)


STUKKEN = Veld(
    "stukken",
    "Stukken",
    "onderdelen",
    keuzes=(Keuze("gevraagd", "Gevraagd"), Keuze("compleet", "Compleet")),
    onderdelen=(Keuze("inkomen", "Loonstroken"), Keuze("zorgpolis", "Zorgpolis")),
)
SCHULDEN = replace(STUKKEN, code="schuldenstand", label="Schulden", onderdelen=())


@pytest.mark.parametrize(
    "waarde", [{"zorgpolis": "compleet", "inkomen": "gevraagd"}, '{"inkomen":"gevraagd","zorgpolis":"compleet"}']
)
def test_parts_are_read_in_order_of_their_code(waarde: Any) -> None:
    assert list(read_answer(STUKKEN, waarde, 0).items()) == [("inkomen", "gevraagd"), ("zorgpolis", "compleet")]


def test_parts_without_codes_have_a_number() -> None:
    assert read_answer(SCHULDEN, {"12": "compleet", "3": "gevraagd"}, 0) == {"12": "compleet", "3": "gevraagd"}


@pytest.mark.parametrize(
    ("veld", "waarde", "zin"),
    [
        (STUKKEN, {"paspoort": "compleet"}, "Dit onderdeel is niet bekend bij stukken."),
        (STUKKEN, {"inkomen": "zoek"}, "Kies een van de mogelijkheden bij stukken."),
        (STUKKEN, {"inkomen": None}, "Kies een van de mogelijkheden bij stukken."),
        (STUKKEN, "{", "Dit antwoord is niet te lezen: stukken."),
        (STUKKEN, "[" * 50_000, "Dit antwoord is niet te lezen: stukken."),
        (STUKKEN, ["inkomen"], "Dit antwoord is niet te lezen: stukken."),
        (SCHULDEN, {"0": "compleet"}, "Dit onderdeel is niet bekend bij schulden."),
        (SCHULDEN, {"1e3": "compleet"}, "Dit onderdeel is niet bekend bij schulden."),
        (SCHULDEN, {str(n): "compleet" for n in range(1, 1_002)}, "Schulden: hoogstens 1000 tegelijk."),
    ],
)
def test_parts_that_cannot_be_are_refused(veld: Veld, waarde: Any, zin: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(zin)}$"):
        read_answer(veld, waarde, 0)
