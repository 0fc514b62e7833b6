"""Merkle trees: what RFC 9162 defines, written a second time from its text, gives the same roots and proofs."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import merkle
from workflow.merkle import Boom

BEKEND = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""Roots over the first of the eight entries with which implementations of Certificate Transparency are tested."""

INVOER = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]


def leaf(tekst: str) -> bytes:
    """The hash of a leaf."""
    return sha256(b"\x00" + bytes.fromhex(tekst)).digest()


def some(aantal: int) -> list[bytes]:
    """So many different leaves."""
    return [sha256(bytes([0, n % 256, n // 256])).digest() for n in range(aantal)]


# -- Written anew from RFC 9162, 2.1 -----------------------------------------------------------------------------------


def mth(bladeren: list[bytes]) -> bytes:
    """MTH(D[n]), without any cleverness."""
    if len(bladeren) < 2:
        return bladeren[0] if bladeren else sha256(b"").digest()
    k = 1
    while k * 2 < len(bladeren):
        k *= 2
    return sha256(b"\x01" + mth(bladeren[:k]) + mth(bladeren[k:])).digest()


def path(m: int, bladeren: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]): from the leaf up, the brother of each node on the way, found by walking down."""
    weg: list[bytes] = []
    while len(bladeren) > 1:
        k = max(2**i for i in range(20) if 2**i < len(bladeren))
        broer, bladeren, m = (bladeren[k:], bladeren[:k], m) if m < k else (bladeren[:k], bladeren[k:], m - k)
        weg.insert(0, mth(broer))
    return weg


@pytest.mark.parametrize("aantal", BEKEND)
def test_roots_are_those_that_others_publish(aantal: int) -> None:
    bladeren = [leaf(tekst) for tekst in INVOER[:aantal]]
    assert merkle.root(bladeren).hex() == mth(bladeren).hex() == BEKEND[aantal]


@given(st.integers(0, 300))
def test_a_root_is_the_same_however_it_is_worked_out(aantal: int) -> None:
    assert merkle.root(some(aantal)) == mth(some(aantal))


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_tree_goes_on_from_its_edge(eerst: int, erbij: int) -> None:
    bladeren = some(eerst + erbij)
    boom = Boom()
    for blad in bladeren[:eerst]:
        boom.add(blad)
    verder = Boom(eerst, boom.rand)
    for blad in bladeren[eerst:]:
        verder.add(blad)
    assert verder.wortel == mth(bladeren)


# -- Proofs ------------------------------------------------------------------------------------------------------------


@given(st.integers(1, 130), st.data())
def test_every_leaf_is_proved_to_be_in_its_tree(aantal: int, data: st.DataObject) -> None:
    nr = data.draw(st.integers(0, aantal - 1))
    bladeren = some(aantal)
    pad = merkle.inclusion(bladeren, nr)
    assert pad == path(nr, bladeren)
    assert merkle.is_included(bladeren[nr], nr, aantal, pad, mth(bladeren))


@given(st.integers(2, 130), st.data())
def test_no_other_leaf_place_size_or_path_is(aantal: int, data: st.DataObject) -> None:
    nr, ander = data.draw(st.lists(st.integers(0, aantal - 1), min_size=2, max_size=2, unique=True))
    bladeren = some(aantal)
    pad, wortel = merkle.inclusion(bladeren, nr), mth(bladeren)
    assert not merkle.is_included(bladeren[ander], nr, aantal, pad, wortel)
    assert not merkle.is_included(bladeren[nr], ander, aantal, pad, wortel)
    assert not merkle.is_included(bladeren[nr], aantal, aantal, pad, wortel)
    assert not merkle.is_included(bladeren[nr], nr, aantal, [*pad, wortel], wortel)
    assert not merkle.is_included(bladeren[nr], nr, aantal, pad[:-1], wortel)


@given(st.integers(1, 130), st.data())
def test_a_tree_is_proved_to_be_the_beginning_of_a_later_one(later: int, data: st.DataObject) -> None:
    eerder = data.draw(st.integers(1, later))
    bladeren = some(later)
    bewijs = merkle.consistency(bladeren, eerder)
    assert merkle.is_consistent(eerder, later, bewijs, mth(bladeren[:eerder]), mth(bladeren))


@given(st.integers(2, 130), st.data())
def test_a_tree_with_another_past_is_not(later: int, data: st.DataObject) -> None:
    eerder = data.draw(st.integers(1, later - 1))
    nr = data.draw(st.integers(0, eerder - 1))
    bladeren = some(later)
    anders = [*bladeren[:nr], leaf("ff"), *bladeren[nr + 1 :]]
    for bewijs in (merkle.consistency(bladeren, eerder), merkle.consistency(anders, eerder)):
        assert not merkle.is_consistent(eerder, later, bewijs, mth(anders[:eerder]), mth(bladeren))


def test_proofs_of_what_is_not_there_are_refused() -> None:
    with pytest.raises(IndexError):
        merkle.inclusion(some(3), 3)
    for eerder in (0, 4):
        with pytest.raises(IndexError):
            merkle.consistency(some(3), eerder)
    assert not merkle.is_consistent(0, 3, [], mth([]), mth(some(3)))
    assert not merkle.is_consistent(3, 3, [leaf("")], mth(some(3)), mth(some(3)))
