"""The line format of letters: what it makes of a text, and that it tells each fault with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.brieven.plaatshouders import PLAATSHOUDERS, VORMEN
from workflow.brieven.sjablonen import shipped, understood
from workflow.brieven.tekst import MAX_REGEL, MAX_TEKENS, clean, fill, plain, read

KOP = "# Onderwerp\n"


def faults(tekst: str) -> list[str]:
    """What is wrong with a text, each with its line."""
    return [str(fout) for fout in understood(tekst).fouten]


def test_lines_become_headings_paragraphs_and_lists() -> None:
    lezing = understood(f"{KOP}\nEerste **vette** regel\ntweede regel\n- een\n- twee\n\nSlot")
    assert [blok.soort for blok in lezing.blokken] == ["kop", "alinea", "lijst", "alinea"]
    assert [(deel.tekst, deel.vet) for deel in lezing.blokken[1].regels[0]] == [
        ("Eerste ", False),
        ("vette", True),
        (" regel", False),
    ]
    assert plain(lezing.blokken) == "Onderwerp\nEerste vette regel\ntweede regel\neen\ntwee\nSlot"


@pytest.mark.parametrize(
    ("tekst", "zin"),
    [
        ("Geen kop", "Regel 1: Begin met een kop"),
        (f"{KOP}Beste {{naamm}}", "Regel 2: De plaatshouder {naamm} bestaat niet. Bedoelt u {naam}?"),
        (f"{KOP}\nbedrag {{}}", "Regel 3: De plaatshouder {} bestaat niet."),
        (f"{KOP}een { '{' } los", "Regel 2: Hier staat een losse accolade."),
        (f"{KOP}een **vet", "Regel 2: Bij ** hoort een tweede **"),
        (f"{KOP}##Kop", "Regel 2: Zet na # een spatie"),
        (f"{KOP}-punt", "Regel 2: Zet na - een spatie"),
        (f"{KOP}Stukken: {{ontbrekende_stukken}}", "Regel 2: Zet {ontbrekende_stukken} alleen op een regel"),
        (f"{KOP}een\x07bel", "Regel 2: Hier staat een teken dat niet kan."),
        (KOP + "a" * (MAX_REGEL + 1), f"Regel 2: Deze regel is langer dan {MAX_REGEL} tekens."),
        (KOP + "a\n" * MAX_TEKENS, "Regel 1: De tekst is langer dan"),
        (KOP + "a\n" * 500, "meer dan 400 regels"),
        ("", "Regel 1: Begin met een kop"),
        ("# ****\n", "Regel 1: Zet na # een spatie en de tekst van een kop."),
        (f"{KOP}# \u00a0\u200b", "Regel 2: Zet na # een spatie en de tekst van een kop."),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_line(tekst: str, zin: str) -> None:
    assert any(zin in fout for fout in faults(tekst)), faults(tekst)


@pytest.mark.parametrize("soort", sorted(shipped()))
def test_a_template_that_comes_along_is_sound_and_short_of_line(soort: str) -> None:
    lezing = understood(shipped()[soort])
    assert lezing.fouten == ()
    zinnen = [zin for regel in plain(lezing.blokken).splitlines() for zin in regel.split(". ")]
    assert max(len(zin.split()) for zin in zinnen) <= 26


def test_every_placeholder_tells_what_it_is_and_is_used_by_its_example() -> None:
    tekst = KOP + "\n".join(f"{{{code}}}\n" for code in PLAATSHOUDERS)
    lezing = understood(tekst)
    assert lezing.fouten == ()
    assert lezing.plaatsen == set(PLAATSHOUDERS)
    gevuld = fill(lezing.blokken, {code: p.voorbeeld for code, p in PLAATSHOUDERS.items()})
    assert "Vera de Voorbeeld" in plain(gevuld)
    assert all(p.leeg.endswith(".") and p.naam for p in PLAATSHOUDERS.values())


@given(st.text(max_size=400))
def test_any_text_is_read_or_told_what_is_wrong(tekst: str) -> None:
    lezing = read(tekst, VORMEN)
    assert lezing.fouten or lezing.blokken[0].soort == "kop"
    if not lezing.fouten:
        waarden = {code: PLAATSHOUDERS[code].voorbeeld for code in lezing.plaatsen}
        assert "{" not in plain(fill(lezing.blokken, waarden))


@given(st.text(max_size=80))
def test_a_value_stays_one_line_and_is_never_read_as_layout(naam: str) -> None:
    blokken = fill(understood(f"{KOP}\n{{naam}}").blokken, {"naam": naam})
    assert [blok.soort for blok in blokken] == ["kop", "alinea"]
    assert plain(blokken[1:]) == clean(naam).strip()
    assert not any(teken in clean(naam) for teken in "\n\r\u202e\x00")
