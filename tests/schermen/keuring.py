"""What every page must stand: no violation by axe, light and dark, wide and narrow, and nothing that sticks out.

Darkness changes colours only (tests/test_palet.py sees to that), so in the dark axe looks at what is about colour: all
its rules twice on every page would take long and find nothing else. That it finds nothing else is seen on the pages of
the walk from melding to nazorg (test_wandeling.py), where axe looks at everything in the dark too.

Where axe cannot decide about contrast (something lies over the words), the colours are measured here against the
nearest ground that is not transparent; what has none counts as a fault. That is how white on white once slipped
through.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIES = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]}
ALLEEN_KLEUR = {**OPTIES, "runOnly": {"type": "rule", "values": ("color-contrast", "link-in-text-block")}}
"""The rules that look at colours: all that can come out otherwise in the dark."""
BREED, SMAL, SMALST = 1366, 390, 320
HOOG = 900

CONTRAST = """(waar) => {
  const delen = (kleur) => kleur.match(/[\\d.]+/g).map(Number);
  const licht = (kleur) => delen(kleur).slice(0, 3).map((k) => k / 255)
    .map((k) => (k <= 0.04045 ? k / 12.92 : ((k + 0.055) / 1.055) ** 2.4))
    .reduce((som, k, plek) => som + k * [0.2126, 0.7152, 0.0722][plek], 0);
  const woord = document.querySelector(waar);
  for (let deel = woord; deel; deel = deel.parentElement) {
    const { backgroundColor: grond, backgroundImage: beeld } = getComputedStyle(deel);
    if (beeld !== "none") return 0;
    if ((delen(grond)[3] ?? 1) < 1) continue;
    const [hoog, laag] = [licht(getComputedStyle(woord).color), licht(grond)].sort((a, b) => b - a);
    return (hoog + 0.05) / (laag + 0.05);
  }
  return 0;
}"""

STEEKT_UIT = """() => {
  const breedte = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= breedte) return [];
  const past = (deel) => deel.getBoundingClientRect().right <= breedte + 1;
  return [...document.querySelectorAll("body *")].filter((deel) => !past(deel))
    .slice(0, 5).map((deel) => `${deel.tagName}.${deel.className}`).concat("(page wider than the window)");
}"""


def faults(blad: Page) -> list[str]:
    """All that is wrong with the page as it is shown now, in each width and colour; empty when nothing is."""
    gevonden = [f for breedte in (BREED, SMAL) for f in _at_width(blad, breedte)]
    gevonden += [f"{breedte} px: {deel}" for breedte in (SMAL, SMALST) for deel in sticking_out(blad, breedte)]
    blad.set_viewport_size({"width": BREED, "height": HOOG})
    blad.emulate_media(color_scheme="light")
    return gevonden


def sticking_out(blad: Page, breedte: int) -> list[str]:
    """What makes the page scroll sideways at this width."""
    blad.set_viewport_size({"width": breedte, "height": HOOG})
    gevonden: list[str] = blad.evaluate(STEEKT_UIT)
    return gevonden


def _at_width(blad: Page, breedte: int) -> Iterator[str]:
    blad.set_viewport_size({"width": breedte, "height": HOOG})
    yield from (f"{breedte} px, {fout}" for fout in in_both_colours(blad))


def in_both_colours(blad: Page, donker: dict[str, Any] = ALLEEN_KLEUR) -> list[str]:
    """What axe finds on the page as it is shown now; `donker`: by which rules in the dark."""
    gevonden = []
    for kleur, opties in (("light", OPTIES), ("dark", donker)):
        blad.emulate_media(color_scheme=kleur)  # type: ignore[arg-type]
        gevonden += [f"{kleur}: {fout}" for fout in findings(blad, opties)]
    blad.emulate_media(color_scheme="light")
    return gevonden


def findings(blad: Page, opties: dict[str, Any] = OPTIES) -> Iterator[str]:
    """What axe finds on the page as it is."""
    if not blad.evaluate("'axe' in window"):
        blad.evaluate(AXE_SCRIPT)
    uitslag = blad.evaluate("(opties) => axe.run(opties)", opties)
    for regel in uitslag["violations"]:
        yield from (f"{regel['id']}: {_where(deel)}" for deel in regel["nodes"])
    for regel in uitslag["incomplete"]:
        if regel["id"] == "color-contrast":
            yield from (f"contrast unknown: {_where(deel)}" for deel in regel["nodes"] if _is_doubtful(blad, deel))


def _is_doubtful(blad: Page, deel: dict[str, Any]) -> bool:
    gemeten = deel["any"][0]["data"] or {}
    # A drawing and no letter: what it means stands in words beside it.
    if gemeten.get("messageKey") == "nonBmp":
        return False
    genoeg = float(gemeten.get("expectedContrastRatio", "4.5:1").partition(":")[0])
    return blad.evaluate(CONTRAST, deel["target"][0]) < genoeg


def _where(deel: dict[str, Any]) -> str:
    waarom = " ".join(check["message"] for check in (*deel["any"], *deel["all"], *deel["none"]))
    return f"{' '.join(map(str, deel['target']))} {waarom} {deel['html'][:160]}"
