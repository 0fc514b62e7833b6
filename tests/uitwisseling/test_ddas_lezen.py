"""Reading a delivery: what is forgiven and said, what refuses the file, and that nothing else ever happens."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from leveringen import GEPUBLICEERD, Json, as_bytes, delivery, one, several, trajecten

from workflow.uitwisseling import opmerkingen as bevindingen
from workflow.uitwisseling.ddas_lezen import Levering, read
from workflow.uitwisseling.ddas_schema import schema, violations
from workflow.uitwisseling.json_tekst import parse
from workflow.uitwisseling.opmerkingen import MAX_OPMERKINGEN, ZINNEN, Opmerking, Opmerkingen, show, shown
from workflow.uitwisseling.opschonen import nearest

WORTEL = Path(__file__).parents[2]
T = "$.leveringen[0].schuldhulptrajecten[0]"
REDENEN = schema()["$defs"]["traject"]["properties"]["uitstroom"]["properties"]["reden"]["enum"]


def readings(tekst: bytes | str) -> tuple[Levering | None, list[tuple[str, str]]]:
    """What was read, and path and code of each finding."""
    op = Opmerkingen()
    levering = read(tekst, op)
    return levering, [(plaats, o.code) for o in op for plaats in o.plaatsen]


def first(levering: Json) -> Json:
    """The first traject of a delivery as it is read."""
    gelezen, opmerkingen = readings(as_bytes(levering))
    assert gelezen, opmerkingen
    return dict(gelezen.trajecten[0].gegevens)


def test_our_own_deliveries_fit_the_format_and_are_read_as_they_are() -> None:
    for naam in ("volledig", "zonder_fasen"):
        levering = delivery(naam)
        assert not list(violations(levering))
        gelezen, _ = readings(as_bytes(levering))
        assert gelezen
        assert [t.gegevens for t in gelezen.trajecten] == trajecten(levering)


def shape(wortel: Json, knoop: Json) -> Json:
    """What a schema says, without its words."""
    while "$ref" in knoop:
        knoop = {
            **{k: v for k, v in knoop.items() if k not in ("$ref", "description")},
            **wortel["$defs"][knoop["$ref"].split("/")[-1]],
        }
    vorm = {k: knoop[k] for k in ("type", "format", "minItems", "maxItems", "additionalProperties") if k in knoop}
    vorm |= {k: sorted(knoop[k]) for k in ("enum", "required") if k in knoop}
    vorm |= {"items": shape(wortel, knoop["items"])} if "items" in knoop else {}
    return vorm | {k: shape(wortel, v) for k, v in knoop.get("properties", {}).items()}


def digest(schema_: Json) -> str:
    """What tells the shape of a schema from any other."""
    return sha256(json.dumps(shape(schema_, schema_), sort_keys=True).encode()).hexdigest()


GEPUBLICEERDE_VORM = "a32d1e87c6af9924838d6dbf4a26fedece0c39146b43cdde1d4b176a22da66f3"
"""Digest of the shape of the schema that VNG Realisatie published as DDAS-SHV v1.0."""


def test_our_description_says_what_the_published_schema_says() -> None:
    """Held against the digest always, and against the schema itself where it is present."""
    assert digest(dict(schema())) == GEPUBLICEERDE_VORM
    for naam in GEPUBLICEERD.keys() & {"json_schema_Uitwisselmodel"}:
        assert digest(json.loads(GEPUBLICEERD[naam].read_text(encoding="utf-8"))) == GEPUBLICEERDE_VORM


# --- What refuses a file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tekst", "verwacht"),
    [
        (b"", ("$", "geen_json")),
        (b"geen json", ("$", "geen_json")),
        (b'{"a": 1', ("$", "geen_json")),
        (b"\xff\xfe{}", ("$", "geen_utf8")),
        (b"[" * 100_000, ("$", "te_diep")),
        (b'{"a":' * 100_000, ("$", "te_diep")),
        (b"null", ("$", "verkeerde_soort")),
        (b"12", ("$", "verkeerde_soort")),
        (b'"tekst"', ("$", "verkeerde_soort")),
        (b"{}", ("$.leveringen", "ontbreekt")),
        (b'{"a": NaN}', ("$.a", "geen_getal")),
        (b'{"a": [1, -Infinity]}', ("$.a[1]", "geen_getal")),
        (b'{"a": 1e999999999}', ("$.a", "geen_getal")),
        (b'{"a": ' + b"9" * 5000 + b"}", ("$.a", "geen_getal")),
        (b'{"a": {"b": 1, "b": 2}}', ("$.a.b", "dubbele_naam")),
        (b'{"a": "\\ud800"}', ("$.a", "onleesbaar_teken")),
        (b'{"\\udfff": 1}', ("$", "onleesbaar_teken")),
        (b" " * 50_000_001, ("$", "te_groot")),
    ],
)
def test_what_is_no_delivery_is_refused(tekst: bytes, verwacht: tuple[str, str]) -> None:
    gelezen, opmerkingen = readings(tekst)
    assert gelezen is None
    assert verwacht in opmerkingen


BOMMEN = {
    "numbers": b"[" + b"1," * 9_000_000 + b"1]",
    "objects": b'{"leveringen":[' + b"{}," * 6_000_000 + b"{}]}",
    "lists": b'{"leveringen":[' + b"[[]]," * 3_600_000 + b"{}]}",
    "names": b"{" + b",".join(b'"k%d":1' % n for n in range(1_500_000)) + b"}",
    "a few thousand names": b"{" + b",".join(b'"k%d":[     ]' % n for n in range(5_000)) + b"}",
}


@pytest.mark.parametrize("soort", BOMMEN)
def test_far_more_values_than_a_delivery_holds_are_refused_at_once(soort: str) -> None:
    begin = time.process_time()
    assert readings(BOMMEN[soort]) == (None, [("$", "te_veel_waarden")])
    assert time.process_time() - begin < 10


def test_a_delivery_as_large_as_can_be_holds_not_too_many_values() -> None:
    """Written as tightly as can be; what is read of it is in the tests on its parts."""
    levering = delivery()
    levering["leveringen"] *= 20_000_000 // len(as_bytes(levering))
    tekst = json.dumps(levering, ensure_ascii=False, separators=(",", ":"))
    assert len(tekst) > 15_000_000
    op = Opmerkingen()
    assert parse(tekst, op)
    assert not list(op)


@pytest.mark.parametrize(
    ("velden", "verwacht"),
    [
        ({"gemeentecode": None}, (f"{T}.gemeentecode", "ontbreekt")),
        ({"gemeentecode": "Maastricht"}, (f"{T}.gemeentecode", "gemeentecode_onleesbaar")),
        ({"client": None}, (f"{T}.client", "geen_client")),
        ({"client": []}, (f"{T}.client", "geen_client")),
        ({"client": [{"Postcode": "6211AA"}] * 3}, (f"{T}.client", "te_veel_clienten")),
        ({"client": "Jansen"}, (f"{T}.client", "verkeerde_soort")),
        ({"startdatum": "2024-02-30"}, (f"{T}.startdatum", "datum_bestaat_niet")),
        ({"startdatum": "begin maart"}, (f"{T}.startdatum", "datum_bestaat_niet")),
        ({"startdatum": "0024-03-01"}, (f"{T}.startdatum", "datum_buiten_bereik")),
        ({"startdatum": "2124-03-01"}, (f"{T}.startdatum", "datum_buiten_bereik")),
        ({"startdatum": ["2024-03-01"]}, (f"{T}.startdatum", "verkeerde_soort")),
        ({"startdatum": True}, (f"{T}.startdatum", "verkeerde_soort")),
        ({"startdatum": "2024-06-01", "einddatum": "2024-05-31"}, (f"{T}.einddatum", "einde_voor_begin")),
        (
            {"totaalSchuldbedragBijAanvangSchuld": "veel"},
            (f"{T}.totaalSchuldbedragBijAanvangSchuld", "verkeerde_soort"),
        ),
        ({"totaalSchuldbedragBijAanvangSchuld": True}, (f"{T}.totaalSchuldbedragBijAanvangSchuld", "verkeerde_soort")),
        ({"totaalSchuldbedragBijAanvangSchuld": {}}, (f"{T}.totaalSchuldbedragBijAanvangSchuld", "leeg_andere_soort")),
        ({"intake": []}, (f"{T}.intake", "leeg_andere_soort")),
        ({"intake": [5]}, (f"{T}.intake", "verkeerde_soort")),
        ({"begeleiding": {}}, (f"{T}.begeleiding", "leeg_andere_soort")),
        ({"begeleiding": ""}, (f"{T}.begeleiding", "leeg_andere_soort")),
        ({"gemeentecode": []}, (f"{T}.gemeentecode", "verkeerde_soort")),
        ({"intake": "2024-01-01"}, (f"{T}.intake", "verkeerde_soort")),
        ({"aanmelding": {"crisisinterventie": "misschien"}}, (f"{T}.aanmelding.crisisinterventie", "verkeerde_soort")),
        ({"uitstroom": {"reden": ["Zelf"]}}, (f"{T}.uitstroom.reden", "verkeerde_soort")),
        ({"begeleiding": [[], 5]}, (f"{T}.begeleiding[1]", "verkeerde_soort")),
        ({"begeleiding": [{"startdatum": "2024-13-01"}]}, (f"{T}.begeleiding[0].startdatum", "datum_bestaat_niet")),
        ({"omschrijving": {"tekst": "x"}}, (f"{T}.omschrijving", "verkeerde_soort")),
    ],
)
def test_bad_input_names_its_path(velden: Json, verwacht: tuple[str, str]) -> None:
    levering = one()
    traject = trajecten(levering)[0]
    traject.update(velden)
    for naam in [naam for naam, waarde in velden.items() if waarde is None]:
        del traject[naam]
    gelezen, opmerkingen = readings(as_bytes(levering))
    assert verwacht in opmerkingen
    assert gelezen is None or ZINNEN[verwacht[1]][0] == "let_op"


def test_what_is_there_and_wrong_is_not_missing_as_well() -> None:
    tekst = as_bytes(
        {**delivery("zonder_fasen"), "leveringen": [{"schuldhulptrajecten": [{"startdatum": "2024-02-30"}]}]}
    )
    fouten = {(plaats, code) for plaats, code in readings(tekst)[1] if ZINNEN[code][0] == "fout"}
    assert fouten == {(f"{T}.startdatum", "datum_bestaat_niet"), (f"{T}.gemeentecode", "ontbreekt")}


@pytest.mark.parametrize(
    ("tekst", "plaats", "zin"),
    [
        (b"[]", "$", "must be an object, not a list"),
        (b"[5]", "$", "must be an object, not a list"),
        (b'"tekst"', "$", "must be an object, not text"),
        (b'""', "$", "must be an object, not text"),
        (b"null", "$", "must be an object, not nothing"),
        (b'{"leveringen": {}}', "$.leveringen", "must be a list, not an object"),
        (b'{"Leveringen": {}}', "$.Leveringen", "must be a list, not an object"),
        (b'{"leveringen": ""}', "$.leveringen", "must be a list, not text"),
        (b'{"leveringen": [[]]}', "$.leveringen", "must hold at least one item"),
        (b'{"leveringen": [null]}', "$.leveringen", "must hold at least one item"),
    ],
)
def test_another_kind_of_value_is_told_as_such_and_not_as_missing(tekst: bytes, plaats: str, zin: str) -> None:
    op = Opmerkingen()
    assert read(tekst, op) is None
    fouten = {fout.plaats: fout.text for fout in op.fouten}
    assert fouten[plaats] == zin
    assert plaats == "$" or fouten == {plaats: zin, "$.aanleverdatumEnTijd": "is missing and needed"}


def test_a_remark_names_the_place_as_the_file_spells_it() -> None:
    levering = one(client=[{"burgerservicenummer": "900000000"}], einddatum=None, Einddatum="2024-01-01")
    opmerkingen = readings(as_bytes(levering))[1]
    assert (f"{T}.client[0].burgerservicenummer", "bsn_klopt_niet") in opmerkingen
    assert (f"{T}.Einddatum", "einde_voor_begin") in opmerkingen


@pytest.mark.parametrize("naam", ["einddatumLevering", "EinddatumLevering"])
def test_a_period_that_ends_before_it_begins_is_one_warning(naam: str) -> None:
    levering = several({}, {"startdatum": "2024-02-01"})
    del levering["einddatumLevering"]
    levering |= {"startdatumLevering": "2025-12-31", naam: "2025-01-01"}
    gelezen, opmerkingen = readings(as_bytes(levering))
    assert gelezen
    assert (f"$.{naam}", "periode_omgekeerd") in opmerkingen
    assert [code for _, code in opmerkingen if code in ("periode_omgekeerd", "buiten_periode")] == ["periode_omgekeerd"]
    levering |= {"startdatumLevering": "2024-01-01", naam: "2024-01-01"}
    assert "periode_omgekeerd" not in {code for _, code in readings(as_bytes(levering))[1]}


def test_the_head_of_a_delivery() -> None:
    zonder = delivery("zonder_fasen")
    del zonder["aanleverdatumEnTijd"], zonder["startdatumLevering"]
    gelezen, opmerkingen = readings(as_bytes(zonder))
    assert gelezen is None
    assert ("$.aanleverdatumEnTijd", "ontbreekt") in opmerkingen
    assert ("$.startdatumLevering", "ontbreekt_in_kop") in opmerkingen
    for fout in ("gisteren", 20260115, "9999-99-99T00:00:00Z"):
        _, opmerkingen = readings(as_bytes({**delivery("zonder_fasen"), "aanleverdatumEnTijd": fout}))
        assert any(plaats == "$.aanleverdatumEnTijd" for plaats, _ in opmerkingen)


# --- What is forgiven -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("geleverd", "gelezen"),
    [
        ("nietverschenen", "Nietverschenen"),
        ("Niet verschenen", "Nietverschenen"),
        ("NIET-VERSCHENEN ", "Nietverschenen"),
        ("Niet verscheenen", "Nietverschenen"),
        ("voldoet niet", "Voldoet niet"),
        ("Voldoetniet", "Voldoet niet"),
        ("niet_passend", "Niet passend"),
        ("afgerond.", "Afgerond"),
        ("Verhuizing", "Verhuisd"),
        ("zelf geregeld", "Zelf"),
        ("Voldoet", "Overig"),
        ("passend", "Overig"),
        ("Onbekend", "Overig"),
        (3, "Overig"),
    ],
)
def test_a_reason_that_is_nearly_right_is_read_and_said(geleverd: Any, gelezen: str) -> None:
    levering = one(uitstroom={"datum": "2024-10-28", "reden": geleverd})
    assert first(levering)["uitstroom"]["reden"] == gelezen
    assert (f"{T}.uitstroom.reden", "waarde_gelezen_als") in readings(as_bytes(levering))[1]


@pytest.mark.parametrize(
    ("pad", "geleverd", "gelezen"),
    [
        ("oplossing.soort", "0% aanbod", "0%-aanbod"),
        ("oplossing.soort", "0%aanbod", "0%-aanbod"),
        ("oplossing.soort", "schuldbemiddelng", "Schuldbemiddeling"),
        ("oplossing.soort", "iets anders", None),
        ("intake.beschikkingssoort", "toelating", "Toelatingsbeschikking"),
        ("intake.beschikkingssoort", "Toewijzingsbeschikking", "Toelatingsbeschikking"),
        ("intake.beschikkingssoort", "afwijzingsbeschiking", "Afwijzingsbeschikking"),
        ("intake.beschikkingssoort", "beschikking", None),
    ],
)
def test_a_code_is_read_as_the_only_one_it_can_mean(pad: str, geleverd: str, gelezen: str | None) -> None:
    fase, naam = pad.split(".")
    levering = one(**{fase: {naam: geleverd, "startdatum": "2024-02-01"}})
    assert first(levering)[fase].get(naam) == gelezen
    assert any(plaats == f"{T}.{pad}" for plaats, _ in readings(as_bytes(levering))[1])


def test_dfd_in_a_list() -> None:
    gelezen = first(one(begeleiding=[{"soort": "dfd", "startdatum": "2024-02-01"}]))
    assert gelezen["begeleiding"][0]["soort"] == "Lange Termijn Begeleiding (DFD)"


def test_a_slip_of_the_pen_never_turns_a_code_into_its_opposite() -> None:
    assert nearest("Toewijzingsbeschiking", ["Afwijzingsbeschikking", "Toelatingsbeschikking"]) is None
    assert nearest("wel passend", REDENEN) is None
    assert all(nearest(reden, [r for r in REDENEN if r != reden]) is None for reden in REDENEN)


@pytest.mark.parametrize(
    ("geleverd", "gelezen"),
    [
        ("10000", 10000),
        ("10.000", 10000),
        ("€ 10.000,-", 10000),
        ("10.000,49", 10000),
        ("10,000.50", 10001),
        (10000.5, 10001),
        (10000.0, 10000),
        ("-5", -5),
    ],
)
def test_amounts_become_whole_euros(geleverd: Any, gelezen: int) -> None:
    assert first(one(totaalSchuldbedragBijAanvangSchuld=geleverd))["totaalSchuldbedragBijAanvangSchuld"] == gelezen


@pytest.mark.parametrize(
    ("geleverd", "gelezen"),
    [
        ("2024-01-10T00:00:00", "2024-01-10"),
        ("2024-01-10T12:30:00Z", "2024-01-10"),
        ("2024-01-09T23:00:00Z", "2024-01-10"),
        ("2024-07-09T22:00:00.000Z", "2024-07-10"),
        ("10-01-2024", "2024-01-10"),
        ("20240110", "2024-01-10"),
        (20240110, "2024-01-10"),
        (" 2024-01-10 ", "2024-01-10"),
    ],
)
def test_a_date_written_otherwise_is_read_as_the_day_it_means(geleverd: Any, gelezen: str) -> None:
    levering = one(startdatum=geleverd)
    assert first(levering)["startdatum"] == gelezen
    assert (f"{T}.startdatum", "gelezen_als") in readings(as_bytes(levering))[1]


def test_nulls_and_empty_things_are_nothing() -> None:
    levering = one()
    trajecten(levering)[0].update(
        intake=None, nazorg={}, begeleiding=[], omschrijving="", stabilisatie={"startdatum": None}
    )
    gelezen = first(levering)
    assert not {"intake", "nazorg", "begeleiding", "omschrijving", "stabilisatie"} & gelezen.keys()
    assert (f"{T}.intake", "leeg") in readings(as_bytes(levering))[1]


def test_other_capitals_and_unknown_names() -> None:
    levering = one(startDatum="2024-01-11", startdatum=None, kleur="blauw")
    levering["versie"] = "1.0"
    assert first(levering)["startdatum"] == "2024-01-11"
    opmerkingen = readings(as_bytes(levering))[1]
    assert (f"{T}.startDatum", "naam_gelezen_als") in opmerkingen
    assert {(f"{T}.kleur", "onbekende_naam"), ("$.versie", "onbekende_naam")} <= set(opmerkingen)


def test_one_thing_where_a_list_belongs_and_the_other_way_round() -> None:
    levering = one(intake=[{"startdatum": "2024-01-11"}])
    trajecten(levering)[0]["client"] = trajecten(levering)[0]["client"][0]
    gelezen = first(levering)
    assert gelezen["intake"] == {"startdatum": "2024-01-11"}
    assert len(gelezen["client"]) == 1


def test_paths_stay_those_of_the_file_when_something_is_left_out() -> None:
    levering = several({}, {})
    levering["leveringen"][0]["schuldhulptrajecten"].insert(0, None)
    gelezen, opmerkingen = readings(as_bytes(levering))
    assert gelezen
    assert [show(t.pad)[-3:] for t in gelezen.trajecten] == ["[1]", "[2]"]
    assert ("$.leveringen[0].schuldhulptrajecten[0]", "leeg") in opmerkingen


@pytest.mark.parametrize(
    ("geleverd", "bewaard", "code"),
    [
        ("900000000", "900000000", "bsn_klopt_niet"),
        ("9000.00.004", "900000004", None),
        (10000007, "10000007", "bsn_klopt_niet"),
        ("onbekend", "onbekend", "bsn_klopt_niet"),
        (12345672, "012345672", "bsn_aangevuld"),
    ],
)
def test_a_bsn_is_kept_and_marked(geleverd: Any, bewaard: str, code: str | None) -> None:
    levering = one(client=[{"Burgerservicenummer": geleverd}])
    gelezen, opmerkingen = readings(as_bytes(levering))
    assert gelezen
    codes = {c for plaats, c in opmerkingen if plaats.endswith("Burgerservicenummer")} - {"getal_als_tekst"}
    assert gelezen.trajecten[0].clienten[0].bsn == bewaard
    assert codes == ({code} if code else set())


@pytest.mark.parametrize(
    ("geleverd", "gelezen"), [("M", "Man"), ("vrouw", "Vrouw"), ("onbekend", "Onbekend"), ("x", "x")]
)
def test_sex_is_read_as_the_list_has_it(geleverd: str, gelezen: str) -> None:
    levering = one(client=[{"Geboortedatum": "1980-01-01", "Geslachtsaanduiding": geleverd}])
    assert first(levering)["client"][0]["Geslachtsaanduiding"] == gelezen


@pytest.mark.parametrize(
    ("geleverd", "gelezen"), [("935", "GM0935"), (935, "GM0935"), ("gm0935", "GM0935"), ("GM1", "GM1")]
)
def test_a_municipality_written_otherwise(geleverd: Any, gelezen: str) -> None:
    assert first(one(gemeentecode=geleverd))["gemeentecode"] == gelezen


def test_a_byte_order_mark_is_no_matter() -> None:
    assert readings(b"\xef\xbb\xbf" + as_bytes(one()))[0]
    assert readings("\ufeff" + json.dumps(one()))[0]


# --- Findings -------------------------------------------------------------------------------------------------------


def test_each_finding_has_a_sentence_in_both_languages_that_can_be_filled() -> None:
    for code, (_, nl, en) in ZINNEN.items():
        velden = {veld for zin in (nl, en) for _, veld, _, _ in Formatter().parse(zin) if veld}
        opmerking = Opmerking(("a",), code, tuple((veld, "x") for veld in velden))
        assert opmerking.tekst
        assert opmerking.text


@pytest.mark.parametrize(
    ("code", "levering"),
    [
        ("leeg_lijst", {**delivery("zonder_fasen"), "leveringen": []}),
        ("moment_onleesbaar", {**delivery("zonder_fasen"), "aanleverdatumEnTijd": "gisteren"}),
        ("moment_gelezen_als", {**delivery("zonder_fasen"), "aanleverdatumEnTijd": "2026-01-15T08:30:00"}),
        ("waarde_onbekend", one(oplossing={"soort": "anders dan"})),
        ("tekst_als_getal", one(totaalSchuldbedragBijAanvangSchuld="5")),
        ("afgerond", one(totaalSchuldbedragBijAanvangSchuld=5.5)),
        ("gelezen_als_ja_nee", one(aanmelding={"crisisinterventie": "ja"})),
        ("spaties", one(omschrijving=" x ")),
        ("een_als_lijst", one(begeleiding={"soort": "Budgetbeheer"})),
        ("lijst_als_een", one(intake=[{"startdatum": "2024-02-01"}])),
        ("geboortedatum_onvolledig", one(client=[{"Geboortedatum": "1980"}])),
        ("buiten_periode", one(startdatum="2023-01-01", einddatum="2023-02-01", toekenningsdatum=None)),
        ("buiten_periode", one(startdatum="2026-01-02", einddatum=None, toekenningsdatum=None)),
    ],
)
def test_each_way_of_reading_is_said(code: str, levering: Json) -> None:
    assert code in {gevonden for _, gevonden in readings(as_bytes(levering))[1]}


def test_every_sentence_is_used() -> None:
    bronnen = [pad for pad in (WORTEL / "workflow" / "uitwisseling").glob("*.py") if pad.stem != "opmerkingen"]
    bron = "".join(pad.read_text(encoding="utf-8") for pad in bronnen)
    assert [code for code in ZINNEN if f'"{code}"' not in bron] == []


def test_findings_are_bounded_and_counted() -> None:
    op = Opmerkingen()
    for nr in range(MAX_OPMERKINGEN + 10):
        op.add(("leveringen", nr, "x"), "verschilt", nummer=nr, velden="")
    for nr in range(50):
        op.add(("leveringen", nr, "y"), "leeg")
    op.add(("z",), "geen_client")
    assert len(list(op)) == MAX_OPMERKINGEN + 1
    assert op.aantal == {"let_op": MAX_OPMERKINGEN + 60, "fout": 1}
    assert [o.code for o in op.fouten] == ["geen_client"]


def test_the_same_small_thing_in_many_places_is_one_finding() -> None:
    levering = several(*({"einddatum": None} for _ in range(30)))
    op = Opmerkingen()
    assert read(as_bytes(levering), op)
    leeg = [o for o in op if o.code == "leeg"]
    assert [(o.plaats, o.aantal) for o in leeg] == [(f"{T}.einddatum", 30)]
    assert leeg[0].plaatsen == [f"$.leveringen[0].schuldhulptrajecten[{nr}].einddatum" for nr in range(30)]


def test_other_words_are_another_finding() -> None:
    op = Opmerkingen()
    for nr, waarde in enumerate(("5", "5", "6")):
        op.add(("leveringen", nr), "tekst_als_getal", gelezen=waarde)
    assert [(o.text, o.plaatsen) for o in op] == [
        ("text read as the number 5", ["$.leveringen[0]", "$.leveringen[1]"]),
        ("text read as the number 6", ["$.leveringen[2]"]),
    ]


def test_places_stand_in_the_order_of_the_file_whatever_the_order_of_finding() -> None:
    op = Opmerkingen()
    for nr in (11, 2, 10):
        op.add(("leveringen", nr), "leeg")
    assert [o.plaatsen for o in op] == [["$.leveringen[2]", "$.leveringen[10]", "$.leveringen[11]"]]


def test_of_ten_thousand_places_each_is_kept_and_of_far_more_so_many_with_the_number_of_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin = time.process_time()
    op = Opmerkingen()
    levering = one(begeleiding=[None] * 10_000)
    assert read(as_bytes(levering), op)
    (leeg,) = [o for o in op if o.code == "leeg"]
    assert (leeg.aantal, len(set(leeg.plaatsen))) == (10_000, 10_000)
    assert time.process_time() - begin < 10
    monkeypatch.setattr(bevindingen, "MAX_PADEN", 100)
    (leeg,) = [o for o in _read_with_findings(levering) if o.code == "leeg"]
    assert (leeg.aantal, len(leeg.plaatsen)) == (10_000, 101)


def _read_with_findings(levering: Json) -> Opmerkingen:
    op = Opmerkingen()
    read(as_bytes(levering), op)
    return op


def test_a_path_stays_on_one_line_and_a_value_that_may_be_personal_is_not_repeated() -> None:
    assert show(("a", 0, "(Statutaire) Naam", "x\n'y")) == "$.a[0]['(Statutaire) Naam']['x\\n'y']"
    assert shown("nietverschenen") == '"nietverschenen"'
    assert shown("123456782") == shown("x" * 50) == "(…)"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.dates(date(2023, 6, 1), date(2026, 6, 1)).map(str)
    | st.sampled_from(["2024-01-01", "2024-02-30", "", "Zelf", "dfd", "GM0935", "123456782", "9" * 40, "\ud800"]),
    lambda deel: st.lists(deel, max_size=3) | st.dictionaries(st.text(max_size=8), deel, max_size=3),
    max_leaves=6,
)


def places(waarde: Any, pad: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything in a JSON value but itself."""
    delen = waarde.items() if isinstance(waarde, dict) else enumerate(waarde) if isinstance(waarde, list) else ()
    return [p for naam, deel in delen for p in ((*pad, naam), *places(deel, (*pad, naam)))]


PLAATSEN = places(delivery())


def mutated(wijzigingen: list[tuple[tuple[Any, ...], Any]]) -> Json:
    """The full delivery with other values in some places."""
    levering: Any = delivery()
    for pad, waarde in wijzigingen:
        doel = levering
        with suppress(LookupError, TypeError):
            for naam in pad[:-1]:
                doel = doel[naam]
            doel[pad[-1]] = waarde
    return levering


DAGEN = [pad for pad in PLAATSEN if "dat" in str(pad[-1])]
wijzigingen = st.lists(
    st.tuples(st.sampled_from(PLAATSEN), json_values)
    | st.tuples(st.sampled_from(DAGEN), st.dates(date(2023, 6, 1), date(2026, 6, 1)).map(str)),
    min_size=1,
    max_size=5,
)


@settings(max_examples=300)
@given(wijzigingen)
def test_whatever_is_changed_the_answer_is_a_report(gewijzigd: list[tuple[tuple[Any, ...], Any]]) -> None:
    op = Opmerkingen()
    levering = read(json.dumps(mutated(gewijzigd)), op)
    assert (levering is None) == bool(op.fouten)
    assert all("\n" not in f"{o.plaats}{o.tekst}{o.text}" for o in op)
    if levering:
        assert all(
            not list(
                violations(
                    {
                        **delivery(),
                        "leveringen": [
                            {"teller": 1, "aanleverende_organisatie": {}, "schuldhulptrajecten": [t.gegevens]}
                        ],
                    }
                )
            )
            for t in levering.trajecten
        )


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.text(max_size=200))
def test_whatever_the_bytes_the_answer_is_a_report(tekst: bytes | str) -> None:
    op = Opmerkingen()
    assert read(tekst, op) is None
    assert op.fouten
