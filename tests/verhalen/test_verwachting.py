"""The ten stories give exactly the figures that were worked out by hand beforehand: `verwachting/`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from models import klok
from models.database import reading
from tests.bouwers import day
from tests.verhalen.verteller import Verteller
from workflow.indicatoren import Kader, Periode, Vraag, get
from workflow.indicatoren.begrippen import Meting

TABELLEN = sorted((Path(__file__).parent / "verwachting").glob("*.yaml"))


@pytest.mark.parametrize("tabel", TABELLEN, ids=lambda pad: pad.stem)
def test_a_story_gives_the_figures_worked_out_by_hand(
    tabel: Path, verteller: Verteller, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(tabel.stem, verteller, monkeypatch)
    verwacht = yaml.safe_load(tabel.read_text(encoding="utf-8"))
    assert len(verwacht) > 10
    assert [fout for regel in verwacht for fout in differences(verteller.database, regel)] == []


def tell(naam: str, verteller: Verteller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the story of that name."""
    module = import_module(f"tests.verhalen.test_{naam}")
    verhaal = next(f for n, f in vars(module).items() if n.startswith("test_") and inspect.isfunction(f))
    mogelijk = {"verteller": verteller, "monkeypatch": monkeypatch}
    verhaal(**{naam: mogelijk[naam] for naam in inspect.signature(verhaal).parameters})


def differences(database: str, regel: Mapping[str, Any]) -> Iterator[str]:
    """Where a figure is not what was expected, with how that was worked out."""
    gevonden = measured(database, regel)
    for wat in ("waarde", "n", "open"):
        if wat in regel and gevonden[wat] != regel[wat]:
            plek = f"{regel['code']}.{regel['maat']} {regel['van']}..{regel['tot']} {regel['bekend'] or ''}"
            yield f"{plek} {regel['uitsplitsing']}: {wat} {gevonden[wat]}, not {regel[wat]}; {regel['berekening']}"


def measured(database: str, regel: Mapping[str, Any]) -> dict[str, Any]:
    """The figure as it comes out."""
    bekend = klok.end_of_day_us(day(str(regel["bekend"]))) if regel["bekend"] else None
    vraag = Vraag(Periode(day(str(regel["van"])), day(str(regel["tot"]))), bekend=bekend)
    with reading(database) as db:
        metingen = get(regel["code"]).maat(regel["maat"]).metingen(Kader(db, vraag))
    return part(metingen, {naam: str(waarde) for naam, waarde in regel["uitsplitsing"].items()})


def part(metingen: list[Meting], deel: Mapping[str, str]) -> dict[str, Any]:
    """The figure of a part: as it stands there, or added up from finer parts; nothing counted where there is none."""
    gelijk = [m for m in metingen if dict(m.uitsplitsing) == deel]
    if gelijk:
        return {"waarde": gelijk[0].waarde, "n": gelijk[0].n, "open": gelijk[0].open}
    fijner = [m for m in metingen if deel.items() <= dict(m.uitsplitsing).items()]
    fijnst = max((len(m.uitsplitsing) for m in fijner), default=0)
    fijner = [m for m in fijner if len(m.uitsplitsing) == fijnst]
    is_telling = all(isinstance(m.waarde, int) for m in metingen)
    return {
        "waarde": sum(m.waarde or 0 for m in fijner) if is_telling else None,
        "n": sum(m.n for m in fijner),
        "open": sum(m.open for m in fijner),
    }
