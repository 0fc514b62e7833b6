"""Another key for the seals: who has the old public key follows the change, and nobody who has the old key comes back.

What the parcel's verifier says is asked of it as it runs with the auditor.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from bezoek import op_beide
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from models import klok
from models.database import engine, reading, transaction
from tests.bouwers import NU, a_traject, actor
from workflow import bewijzen, pakket, sleutelwissel, zegels
from workflow.verificatie import Uitkomst, verify
from workflow.zegels import Sleutel, Zegel, ZegelGeweigerd

OUD, NIEUW, ANDER = ("11" * 32, "22" * 32, "33" * 32)
"""Keys as they stand in the settings."""


def private(hexcijfers: str) -> Ed25519PrivateKey:
    """The key that signs."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(hexcijfers))


def public(hexcijfers: str) -> Sleutel:
    """Its public half."""
    return Sleutel(private(hexcijfers).public_key())


class Kantoor:
    """An office with a sealed log, and one key in its settings at a time."""

    def __init__(self, url: str, map_: Path, patch: pytest.MonkeyPatch) -> None:
        self.url, self.map, self._patch = url, map_, patch
        patch.setenv("ROUTEKAART_SEALS", str(map_))
        self.use(OUD)
        self.seal()

    def use(self, hexcijfers: str) -> None:
        """Put this key in the settings."""
        self._patch.setenv("ROUTEKAART_SEAL_KEY", hexcijfers)

    def seal(self) -> Zegel:
        """Something happens, and is sealed."""
        with klok.at(NU), transaction(self.url) as db:
            a_traject(db, stap="kennismaking")
            gemaakt = zegels.take(db)
        zegels.publish(self.url)
        return gemaakt

    def hand_over(self, nieuw: str = NIEUW) -> Zegel:
        """The present key signs that this one follows it, and this one is used."""
        with klok.at(NU), transaction(self.url) as db:
            a_traject(db)
            gemaakt = sleutelwissel.hand_over(db, private(nieuw))
        zegels.publish(self.url)
        self.use(nieuw)
        return gemaakt

    def lose(self, nieuw: str = NIEUW) -> Zegel:
        """The key is gone, and another one says so."""
        self.use(nieuw)
        with klok.at(NU), transaction(self.url) as db:
            gemaakt = sleutelwissel.declare_lost(db)
        zegels.publish(self.url)
        return gemaakt

    def verify(self, *sleutels: str) -> Uitkomst:
        """What verify says to who has these public keys; without, to the office itself."""
        with reading(self.url) as db:
            return verify(db, self.map, [public(sleutel) for sleutel in sleutels])

    def wrong(self, *sleutels: str) -> set[str]:
        """Where verify finds something."""
        return {misstand.plaats for misstand in self.verify(*sleutels).genoemd}

    def parcel(self, *sleutels: str) -> subprocess.CompletedProcess[str]:
        """What the parcel's own program says to who has these public keys."""
        map_ = self.map.parent / "pakket"
        with klok.at(NU), (self.map.parent / "p.zip").open("wb") as bestand:
            pakket.make(self.url, bestand, actor("auditor"))
        with ZipFile(self.map.parent / "p.zip") as inhoud:
            inhoud.extractall(map_)
        return run(map_ / "verify.py", *sleutels)


def run(programma: Path, *sleutels: str, over: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A program of the parcel, with these public keys."""
    gegeven = [deel for sleutel in sleutels for deel in ("--key", public(sleutel).tekst)]
    opdracht = [sys.executable, "-I", "-S", str(programma), *([str(over)] if over else []), *gegeven]
    return subprocess.run(opdracht, capture_output=True, text=True, check=False, env={})


@pytest.fixture
def kantoor(vreemde_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kantoor]:
    """An office with a sealed log."""
    yield Kantoor(vreemde_database, tmp_path / "zegels", monkeypatch)
    engine(vreemde_database).dispose()


# -- Handed over -------------------------------------------------------------------------------------------------------


@op_beide
def test_the_old_key_signs_that_the_new_one_follows_it(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROUTEKAART_SEAL_KEY", OUD)
    with transaction(database) as db:
        wissel = sleutelwissel.hand_over(db, private(NIEUW))
        assert public(OUD).signed(wissel)
        assert wissel.tekst.endswith(f"\nopvolger {public(NIEUW).tekst}\n")
        assert [een.id for een in zegels.every(db)] == [1, wissel.id]


def test_who_has_the_old_public_key_follows_the_change(kantoor: Kantoor) -> None:
    wissel = kantoor.hand_over()
    later = kantoor.seal()
    assert (public(OUD).signed(wissel), public(NIEUW).signed(later)) == (True, True)
    assert kantoor.verify().genoemd == kantoor.verify(OUD).genoemd == []
    wie = f"{public(OUD).id}, {public(NIEUW).id}"
    assert kantoor.verify(OUD).opmerkingen == [f"signed with key {wie}, as given with --key"]
    uitkomst = kantoor.parcel(OUD)
    assert (uitkomst.returncode, uitkomst.stderr) == (0, "")
    kantoor.hand_over(ANDER)
    kantoor.seal()
    assert kantoor.verify(OUD).is_gaaf
    assert kantoor.parcel(OUD).returncode == kantoor.parcel().returncode == 0


def test_who_has_the_new_public_key_alone_is_told_which_seals_another_key_signed(kantoor: Kantoor) -> None:
    wissel = kantoor.hand_over()
    kantoor.seal()
    assert kantoor.wrong(NIEUW) == {"seal 1", "seal 2", f"seal {wissel.id}"}
    assert kantoor.verify(OUD, NIEUW).is_gaaf
    assert kantoor.parcel(NIEUW).stderr.count("nobody knows key") == wissel.id


def test_every_public_key_is_published_and_nothing_is_overwritten(kantoor: Kantoor) -> None:
    eerste = (kantoor.map / "sleutel.txt").read_text(encoding="utf-8")
    wissel = kantoor.hand_over()
    assert (kantoor.map / "sleutel.txt").read_text(encoding="utf-8") == eerste == public(OUD).tekst + "\n"
    tweede = kantoor.map / f"sleutel-{wissel.id:06}.txt"
    assert tweede.read_text(encoding="utf-8") == public(NIEUW).tekst + "\n"
    tweede.write_text(public(ANDER).tekst + "\n", encoding="utf-8")
    assert kantoor.wrong() == {f"seal {wissel.id}"}
    tweede.write_text("zomaar", encoding="utf-8")
    assert kantoor.wrong() == {f"seal {wissel.id}"}


def test_the_old_key_signs_nothing_more(kantoor: Kantoor) -> None:
    kantoor.hand_over()
    kantoor.use(OUD)
    with pytest.raises(ZegelGeweigerd, match=f"is not key {public(NIEUW).id}, which is to sign after seal 3"):
        kantoor.seal()


def test_a_seal_by_who_found_the_old_key_is_found(kantoor: Kantoor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made by another program than ours, which does not ask whose turn it is."""
    kantoor.hand_over()
    kantoor.use(OUD)
    monkeypatch.setattr(zegels, "refuse_other_key", lambda *_: None)
    vals = kantoor.seal()
    assert kantoor.wrong() == kantoor.wrong(OUD) == kantoor.wrong(OUD, NIEUW) == {f"seal {vals.id}"}
    assert f"seal {vals.id}: its signature does not fit" in kantoor.parcel(OUD, NIEUW).stderr


def test_another_key_than_was_signed_for_is_found(kantoor: Kantoor) -> None:
    wissel = kantoor.hand_over()
    with engine(kantoor.url).begin() as db:
        db.execute(text("DROP TRIGGER zegel_geen_update"))
        anders = {"nieuw": public(ANDER).tekst, "id": wissel.id}
        db.execute(text("UPDATE zegel SET nieuwe_sleutel = :nieuw WHERE id = :id"), anders)
    assert f"seal {wissel.id}" in kantoor.wrong(OUD)
    with pytest.raises(ZegelGeweigerd):
        kantoor.seal()


def test_a_key_that_signed_before_does_not_come_back(kantoor: Kantoor) -> None:
    with pytest.raises(ZegelGeweigerd, match="signed seals before"):
        kantoor.hand_over(OUD)
    kantoor.hand_over()
    kantoor.seal()
    with pytest.raises(ZegelGeweigerd, match="signed seals before"):
        kantoor.hand_over(OUD)
    with pytest.raises(ZegelGeweigerd, match="signed seals before"):
        kantoor.lose(OUD)


def test_a_change_that_was_broken_off_can_be_finished(kantoor: Kantoor) -> None:
    with reading(kantoor.url) as db:
        assert not sleutelwissel.is_handed_over(db, private(OUD))
        assert not sleutelwissel.is_handed_over(db, private(NIEUW))
    kantoor.hand_over()
    with reading(kantoor.url) as db:
        assert sleutelwissel.is_handed_over(db, private(NIEUW))


# -- Lost --------------------------------------------------------------------------------------------------------------


def test_another_key_that_nobody_vouches_for_seals_nothing(kantoor: Kantoor) -> None:
    kantoor.use(NIEUW)
    with pytest.raises(ZegelGeweigerd, match="put that one back, or record with `routekaart rotate`"):
        kantoor.seal()


def test_a_key_that_was_lost_is_named_wherever_seals_are_verified(kantoor: Kantoor) -> None:
    verlies = kantoor.lose()
    kantoor.seal()
    assert public(NIEUW).signed(verlies)
    assert verlies.tekst.endswith(f"\nvorige-sleutel-kwijt {public(NIEUW).tekst}\n")
    uitkomst = kantoor.verify()
    assert uitkomst.is_gaaf
    assert [zin.partition(":")[0] for zin in uitkomst.opmerkingen[1:]] == [f"seal {verlies.id}"]
    assert json.loads(json.dumps(uitkomst.as_dict()))["notes"] == uitkomst.opmerkingen
    assert f"key lost before seal {verlies.id}" in kantoor.parcel().stdout


def test_who_has_the_old_public_key_alone_does_not_take_the_new_one_on_its_word(kantoor: Kantoor) -> None:
    """Whoever holds the database could say that a key was lost."""
    verlies = kantoor.lose()
    later = kantoor.seal()
    assert kantoor.wrong(OUD) == {f"seal {verlies.id}", f"seal {later.id}"}
    assert kantoor.verify(OUD, NIEUW).is_gaaf
    assert kantoor.parcel(OUD).returncode == 1
    assert kantoor.parcel(OUD, NIEUW).returncode == 0


def test_what_was_not_lost_cannot_be_declared_so(kantoor: Kantoor) -> None:
    with pytest.raises(ZegelGeweigerd, match="no key was lost"):
        kantoor.lose(OUD)


def test_before_the_first_seal_no_key_can_be_lost(vreemde_database: str) -> None:
    with transaction(vreemde_database) as db, pytest.raises(ZegelGeweigerd, match="no key was lost"):
        sleutelwissel.declare_lost(db)


# -- Proofs ------------------------------------------------------------------------------------------------------------


def test_a_proof_over_a_change_is_checked_with_both_keys(kantoor: Kantoor, tmp_path: Path) -> None:
    kantoor.hand_over()
    later = kantoor.seal()
    with reading(kantoor.url) as db:
        (tmp_path / "bewijs.json").write_text(json.dumps(bewijzen.of_seals(db, 1, later.id)), encoding="utf-8")
    programma = Path(pakket.__file__).with_name("seals.py")
    for sleutels, code in (((OUD, NIEUW), 0), ((OUD,), 1), ((NIEUW,), 1)):
        assert run(programma, *sleutels, over=tmp_path / "bewijs.json").returncode == code
