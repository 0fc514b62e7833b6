"""What is locked stays locked without the key, and nothing can be moved to another place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import kluis
from workflow.instellingen import InstellingOntbreekt
from workflow.kluis import Kluis, KluisDicht, decrypt, encrypt, tokens

SLOT, ANDER = Kluis(b"\x01" * 32), Kluis(b"\x02" * 32)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_what_goes_in_comes_out(tekst: str) -> None:
    sleutel, _ = SLOT.new_data_key()
    assert decrypt(sleutel, encrypt(sleutel, tekst, "hier"), "hier") == tekst


def test_the_same_text_never_looks_the_same() -> None:
    sleutel, _ = SLOT.new_data_key()
    assert len({encrypt(sleutel, "Fatima", "hier") for _ in range(100)}) == 100


def test_a_secret_cannot_be_moved_to_another_row() -> None:
    sleutel, _ = SLOT.new_data_key()
    with pytest.raises(KluisDicht):
        decrypt(sleutel, encrypt(sleutel, "Fatima", "persoon een"), "persoon twee")


def test_each_person_has_a_key_of_their_own() -> None:
    (een, omhuld_een), (twee, omhuld_twee) = SLOT.new_data_key(), SLOT.new_data_key()
    assert len({een, twee, omhuld_een, omhuld_twee}) == 4
    with pytest.raises(KluisDicht):
        decrypt(twee, encrypt(een, "Fatima", "hier"), "hier")


def test_a_wrapped_key_opens_under_its_own_master_key_only() -> None:
    sleutel, omhuld = SLOT.new_data_key()
    assert SLOT.unwrap(omhuld) == sleutel
    assert sleutel not in omhuld
    with pytest.raises(KluisDicht, match="present key"):
        ANDER.unwrap(omhuld)


@pytest.mark.parametrize("schade", ["eerste byte", "laatste byte", "korter", "leeg"])
def test_damage_is_noticed(schade: str) -> None:
    sleutel, omhuld = SLOT.new_data_key()
    geheim = encrypt(sleutel, "Fatima", "hier")
    for heel, openen in ((geheim, lambda g: decrypt(sleutel, g, "hier")), (omhuld, SLOT.unwrap)):
        kapot = {
            "eerste byte": bytes([heel[0] ^ 1]) + heel[1:],
            "laatste byte": heel[:-1] + bytes([heel[-1] ^ 1]),
            "korter": heel[:5],
            "leeg": b"",
        }[schade]
        with pytest.raises(KluisDicht):
            openen(kapot)


# -- Indexes -----------------------------------------------------------------------------------------------------------


def test_an_index_tells_equal_from_different_and_nothing_else() -> None:
    assert SLOT.index("bsn", "123456782") == SLOT.index("bsn", "123456782")
    assert (
        len({SLOT.index("bsn", "123456782"), SLOT.index("geboorte", "123456782"), ANDER.index("bsn", "123456782")}) == 3
    )
    assert SLOT.index("a", "bc") != SLOT.index("ab", "c")
    assert len(SLOT.index("bsn", "")) == 64


@pytest.mark.parametrize(
    ("naam", "delen"),
    [
        ("Fatima el Amrani", ["fatima", "el", "amrani"]),
        ("André  D'Hooghe-Müller", ["andre", "dhooghe", "muller"]),
        ("  ", []),
        ("'s-Gravesande", ["s", "gravesande"]),
        ("’t Hart", ["t", "hart"]),
        ("STRAẞE", ["strasse"]),
        ("İpek Ŷ", ["ipek", "y"]),
        ("李 小龙", ["李", "小龙"]),
        ("\u200bAnna\0", ["anna"]),
    ],
)
def test_a_name_falls_apart_into_plain_tokens(naam: str, delen: list[str]) -> None:
    assert tokens(naam) == delen


@given(st.text(max_size=60))
def test_a_name_is_found_by_each_whole_part_and_each_beginning(naam: str) -> None:
    termen = SLOT.name_terms(naam)
    for deel in tokens(naam):
        for lengte in range(min(3, len(deel)), len(deel) + 1):
            assert SLOT.search_terms(deel[:lengte]) <= termen or tokens(deel[:lengte]) != [deel[:lengte]]


def test_two_letters_find_only_names_of_two_letters() -> None:
    assert SLOT.search_terms("Ja") <= SLOT.name_terms("Ja Li")
    assert not SLOT.search_terms("Ja") <= SLOT.name_terms("Jansen")
    assert SLOT.search_terms("Jan") <= SLOT.name_terms("Jansen")
    assert not SLOT.search_terms("ansen") <= SLOT.name_terms("Jansen")


# -- The key of the settings -------------------------------------------------------------------------------------------


@pytest.fixture
def zonder_sleutel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No master key anywhere; an empty instance folder."""
    for naam in ("ROUTEKAART_MASTER_KEY", "ROUTEKAART_MASTER_KEY_FILE"):
        monkeypatch.delenv(naam, raising=False)
    monkeypatch.setenv("ROUTEKAART_INSTANCE", str(tmp_path))
    return tmp_path


def test_without_a_key_nothing_opens(zonder_sleutel: Path) -> None:
    with pytest.raises(InstellingOntbreekt, match="run `routekaart init` first"):
        kluis.current()


def test_the_key_may_stand_in_a_file(zonder_sleutel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bestand = zonder_sleutel / "geheim"
    bestand.write_text("01" * 32 + "\n", encoding="utf-8")
    monkeypatch.setenv("ROUTEKAART_MASTER_KEY_FILE", str(bestand))
    assert kluis.current().index("bsn", "1") == SLOT.index("bsn", "1")


@pytest.mark.parametrize("sleutel", ["01" * 31, "01" * 33, "zz" * 32, "geheim", "0" * 63])
def test_half_a_key_is_no_key(zonder_sleutel: Path, monkeypatch: pytest.MonkeyPatch, sleutel: str) -> None:
    monkeypatch.setenv("ROUTEKAART_MASTER_KEY", sleutel)
    with pytest.raises(InstellingOntbreekt, match="64 hexadecimal digits"):
        kluis.current()


def test_a_key_file_that_cannot_be_read_is_said(zonder_sleutel: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTEKAART_MASTER_KEY_FILE", str(zonder_sleutel / "nergens"))
    with pytest.raises(InstellingOntbreekt, match="cannot read"):
        kluis.current()
