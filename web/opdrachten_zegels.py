"""Tamper evidence on the command line: `seal`, to be run daily, `verify`, `prove` for who has the seals alone, and
`rotate` for another key.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from models.database import reading, transaction
from models.gebeurtenis import gebeurtenis
from web.opdrachtregel import Refused, progress, ready_database
from workflow import bestanden, bewijzen, instellingen, sleutelwissel, zegels
from workflow.verificatie import NIET_NAGEGAAN, Uitkomst
from workflow.verificatie import verify as work_out


@click.command()
@click.option("--json", "als_json", is_flag=True)
def seal(als_json: bool) -> None:
    """Seal the log as it stands and publish the seal in the folder of seals; to be run daily."""
    url = ready_database()
    with reading(url) as db:
        vorige = zegels.last(db)
    with transaction(url) as db:
        gemaakt = zegels.take(db)
    nieuw = zegels.publish(url)
    is_nieuw = vorige is None or gemaakt.id > vorige.id
    if als_json:
        velden = {"zegel": gemaakt.id, "size": gemaakt.omvang, "root": gemaakt.wortel, "new": is_nieuw}
        click.echo(json.dumps({**velden, "files": [str(pad) for pad in nieuw]}))
        return
    click.echo(f"seal {gemaakt.id}: {gemaakt.omvang} rows, root {gemaakt.wortel}{'' if is_nieuw else ', nothing new'}")
    _tell_published(nieuw)


@click.command()
@click.option("--seals", type=click.Path(path_type=Path, file_okay=False, exists=True), help="A copy kept elsewhere.")
@click.option("--key", "sleutels", multiple=True, help="A public key as the auditor knows it: the line in sleutel.txt.")
@click.option("--json", "als_json", is_flag=True)
def verify(seals: Path | None, sleutels: tuple[str, ...], als_json: bool) -> None:
    """Work out chains, seals, walks, maps, texts and projections anew; exit 1 when anything does not fit."""
    with reading(ready_database()) as db:
        totaal = db.execute(select(func.count()).select_from(gebeurtenis)).scalar_one()
        with progress("Verifying", totaal) as done:
            uitkomst = work_out(db, seals or instellingen.seal_folder(), [_key(tekst) for tekst in sleutels], done)
    click.echo(json.dumps(uitkomst.as_dict(), ensure_ascii=False)) if als_json else _tell(uitkomst)
    if not uitkomst.is_gaaf:
        raise SystemExit(1)


def _key(tekst: str) -> zegels.Sleutel:
    try:
        return zegels.Sleutel.read(tekst)
    except ValueError:
        raise Refused("--key must be the whole line in sleutel.txt: routekaart+...") from None


def _counted(uitkomst: Uitkomst) -> str:
    return ", ".join(f"{aantal} {naam.replace('_', ' ')}" for naam, aantal in uitkomst.geteld.items())


def _tell(uitkomst: Uitkomst) -> None:
    """Each place that does not fit, or that all does, and what must be known all the same."""
    for misstand in uitkomst.genoemd:
        click.echo(misstand.regel, err=True)
    if uitkomst.aantal > len(uitkomst.genoemd):
        click.echo(f"and {uitkomst.aantal - len(uitkomst.genoemd)} more", err=True)
    for zin in uitkomst.opmerkingen:
        click.echo(f"note: {zin}")
    if uitkomst.is_gaaf:
        click.echo(_counted(uitkomst))
        click.echo("everything fits" if uitkomst.geteld["seals"] else "everything fits, but there is no seal yet")
    click.echo("not verified:")
    for zin in NIET_NAGEGAAN:
        click.echo(f"- {zin}")


TELNUMMER = click.IntRange(1, 2**31 - 1)
UIT = click.option("--output", required=True, type=click.Path(path_type=Path), help="The JSON file to make.")


@click.group()
def prove() -> None:
    """Make a proof that others check with seals.py and the public key alone."""


@prove.command("gebeurtenis")
@click.argument("nummer")
@click.argument("volgnummer", type=TELNUMMER)
@click.option("--seal", "zegel", type=TELNUMMER, help="The seal under which it stands; the last one when left out.")
@UIT
def prove_gebeurtenis(nummer: str, volgnummer: int, zegel: int | None, output: Path) -> None:
    """Prove that a gebeurtenis of a traject stands under a seal."""
    with reading(ready_database()) as db:
        bewijs = bewijzen.of_gebeurtenis(db, nummer, volgnummer, zegel)
    bestanden.write(output, json.dumps(bewijs, ensure_ascii=False, indent=1) + "\n")
    click.echo(f"{output}: gebeurtenis {volgnummer} of {nummer}; pseudonymous personal data, keep it encrypted")


@prove.command("seals")
@click.argument("earlier", type=TELNUMMER)
@click.argument("later", type=TELNUMMER)
@UIT
def prove_seals(earlier: int, later: int, output: Path) -> None:
    """Prove that the log under a later seal begins with all that stood under an earlier one."""
    with reading(ready_database()) as db:
        bewijs = bewijzen.of_seals(db, earlier, later)
    bestanden.write(output, json.dumps(bewijs, indent=1) + "\n")
    click.echo(f"{output}: seal {later} goes on from seal {earlier}")


@click.command()
@click.option("--lost", is_flag=True, help="The old key is gone: have the present one say so.")
def rotate(lost: bool) -> None:
    """Change the key of the seals: the old key signs a seal that names the new one."""
    url = ready_database()
    if lost:
        with transaction(url) as db:
            gemaakt = sleutelwissel.declare_lost(db)
        click.echo(
            f"seal {gemaakt.id}: key {gemaakt.sleutel} signs from here on, and says that the one before was lost"
        )
        _tell_published(zegels.publish(url))
        return
    _hand_over(url)
    _tell_published(zegels.publish(url))
    pad = instellingen.put_next_key(zegels.SLEUTEL)
    click.echo(
        f"{pad}: the new key; the old one is gone"
        if pad
        else f"now set {zegels.SLEUTEL} to the new key, for the server too: until then nothing can be sealed"
    )


def _hand_over(url: str) -> None:
    """The seal that names the new key; when it was broken off after that, it is there already."""
    nieuw = Ed25519PrivateKey.from_private_bytes(instellingen.next_key(zegels.SLEUTEL))
    with transaction(url) as db:
        if not sleutelwissel.is_handed_over(db, nieuw):
            sleutelwissel.hand_over(db, nieuw)
        gemaakt = zegels.last(db)
    if gemaakt:
        click.echo(f"seal {gemaakt.id}: key {gemaakt.sleutel} leaves the next ones to key {gemaakt.volgende_sleutel}")


def _tell_published(nieuw: Sequence[Path]) -> None:
    for pad in nieuw:
        click.echo(f"published {pad}")
