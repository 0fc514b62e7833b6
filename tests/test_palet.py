"""The theme can be read by tired eyes: every pair of text and surface keeps WCAG 2.2's contrast, by day and by night.

The colours are read from thema.css itself; what a component takes from them is followed through the design tokens in
vendor/nlds.css. Text needs 4.5 : 1, the edge of a control and the shape of an icon 3 : 1.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from web.stuurinformatie import KLEUREN

STATIC = Path(__file__).resolve().parent.parent / "web" / "static"
DECLARATION = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]+)[;}]")
MODES = ("light", "dark")
SCALES = ("grijs", "violet", "blauw", "groen", "oranje", "rood", "geel")

TEXT = [
    ("--rk-tekst", "--rk-vlak"),
    ("--rk-tekst", "--rk-kaart"),
    ("--rk-tekst", "--rk-accent-licht"),
    ("--rk-tekst-zacht", "--rk-vlak"),
    ("--rk-tekst-zacht", "--rk-kaart"),
    ("--rk-tekst-zacht", "--rk-kop-invoer"),
    ("--rk-tekst-zacht", "--voorbeeld-kleuren-violet-50"),
    ("--rk-tekst", "--rk-kop-invoer"),
    ("--rk-accent", "--rk-vlak"),
    ("--rk-accent", "--rk-kaart"),
    ("--rk-accent", "--rk-accent-licht"),
    ("--rk-accent", "--voorbeeld-kleuren-violet-200"),
    ("--rk-kaart", "--rk-accent"),
    ("--rk-kop-tekst", "--rk-kop-vlak"),
    ("--rk-kop-tekst", "--rk-kop-vlak-hover"),
    ("--rk-kop-tekst-zacht", "--rk-kop-vlak"),
    ("--rk-kop-actief-tekst", "--rk-kop-actief-vlak"),
    ("--voorbeeld-kleuren-oranje-600", "--voorbeeld-kleuren-oranje-100"),
    ("--voorbeeld-kleuren-oranje-500", "--rk-vlak"),
    ("--nl-button-primary-color", "--nl-button-primary-background-color"),
    ("--nl-button-primary-hover-color", "--nl-button-primary-hover-background-color"),
    ("--nl-button-primary-negative-color", "--nl-button-primary-negative-background-color"),
    ("--nl-button-secondary-color", "--rk-kaart"),
    ("--nl-button-secondary-hover-color", "--nl-button-secondary-hover-background-color"),
    ("--nl-button-secondary-negative-color", "--rk-kaart"),
    ("--nl-button-subtle-color", "--rk-vlak"),
    ("--nl-link-color", "--rk-kaart"),
    ("--nl-link-color", "--rk-vlak"),
    ("--nl-link-hover-color", "--rk-kaart"),
    ("--nl-skip-link-color", "--nl-skip-link-background-color"),
    ("--utrecht-form-label-color", "--rk-kaart"),
    ("--utrecht-form-field-description-color", "--rk-kaart"),
    ("--utrecht-form-field-error-message-color", "--rk-kaart"),
    ("--basis-form-control-color", "--basis-form-control-background-color"),
    ("--basis-form-control-color", "--utrecht-textbox-invalid-background-color"),
    ("--utrecht-alert-info-color", "--utrecht-alert-info-background-color"),
    ("--utrecht-alert-ok-color", "--utrecht-alert-ok-background-color"),
    ("--utrecht-alert-warning-color", "--utrecht-alert-warning-background-color"),
    ("--utrecht-alert-error-color", "--utrecht-alert-error-background-color"),
    ("--denhaag-step-marker-current-color", "--denhaag-step-marker-current-background-color"),
    ("--denhaag-step-marker-checked-color", "--denhaag-step-marker-checked-background-color"),
    ("--denhaag-step-marker-not-checked-color", "--denhaag-step-marker-not-checked-background-color"),
    ("--denhaag-step-marker-error-color", "--denhaag-step-marker-error-background-color"),
]
# Per scale: 400 and darker as text on cards, 500 on the badge's surface, 700 on the surface that a state takes.
TEXT += [
    (f"--voorbeeld-kleuren-{name}-{text}", f"--voorbeeld-kleuren-{name}-{surface}")
    for name in SCALES
    for text, surface in ((400, 50), (500, 100), (600, 200), (700, 200))
]
TEXT += [(f"--voorbeeld-kleuren-{name}-400", "--rk-kaart") for name in SCALES]
# In a chart words stand inside the bars, and lines and flows on the card.
TEXT += [
    ("--rk-kaart", f"--rk-grafiek-{name}") for name in (*range(1, KLEUREN + 1), "goed", "open", "anders", "uitval")
]

SHAPES = [
    ("--basis-form-control-border-color", "--rk-kaart"),
    ("--utrecht-textbox-invalid-border-color", "--rk-kaart"),
    ("--utrecht-radio-button-border-color", "--rk-kaart"),
    ("--rk-kop-lijn", "--rk-kop-vlak"),
    ("--utrecht-focus-outline-color", "--rk-kaart"),
    ("--utrecht-focus-outline-color", "--rk-vlak"),
    ("--nl-button-secondary-negative-border-color", "--rk-kaart"),
]


def declared() -> dict[str, str]:
    """Every setting, our own theme over the vendored tokens; the first block counts, later ones are for one device."""
    vendored = (STATIC / "vendor" / "nlds.css").read_text(encoding="utf-8")
    own = (STATIC / "thema.css").read_text(encoding="utf-8").split("[data-theme=")[0]
    return {**first_values(vendored), **first_values(own)}


def first_values(css: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in DECLARATION.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        values.setdefault(name, value.strip())
    return values


SETTINGS = declared()


def colour(name: str, mode: str) -> str:
    """The six hexadecimal digits that a setting comes down to in a mode."""
    value = SETTINGS[name]
    while alias := re.fullmatch(r"var\((--[\w-]+)(?:,.*)?\)", value):
        value = SETTINGS[alias.group(1)]
    if pair := re.fullmatch(r"light-dark\(\s*([^,]+?)\s*,\s*([^,]+?)\s*\)", value):
        value = pair.group(1 + MODES.index(mode))
    digits = value.removeprefix("#")
    return "".join(2 * digit for digit in digits) if len(digits) == 3 else digits


def luminance(digits: str) -> float:
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours of six hexadecimal digits, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", MODES)
def test_text_can_be_read_on_its_surface(mode: str) -> None:
    ratios = {pair: contrast(colour(pair[0], mode), colour(pair[1], mode)) for pair in TEXT}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("mode", MODES)
def test_edges_and_focus_can_be_seen(mode: str) -> None:
    ratios = {pair: contrast(colour(pair[0], mode), colour(pair[1], mode)) for pair in SHAPES}
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 3} == {}


@pytest.mark.parametrize("mode", MODES)
def test_header_stays_dark(mode: str) -> None:
    assert luminance(colour("--rk-kop-vlak", mode)) < 0.1


def test_darkness_changes_nothing_but_colours() -> None:
    """So that what was examined by day need be examined by night for its colours only."""
    web = STATIC.parent
    asks = {p for ext in ("css", "js", "html", "svg") for p in web.rglob(f"*.{ext}") if is_about_darkness(p)}
    assert {p.relative_to(web).as_posix() for p in asks} == {
        "static/grafieken.js",  # draws the same chart anew, as its colours are read when it is drawn
        "static/thema.css",
        "templates/basis.html",  # passes on what somebody chose
    }
    rules = re.findall(r"\[data-theme[^{]*\{([^}]*)\}", (STATIC / "thema.css").read_text(encoding="utf-8"))
    assert len(rules) == 3
    assert {name for rule in rules for name in re.findall(r"([\w-]+)\s*:", rule)} == {"color-scheme"}


def is_about_darkness(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    return "prefers-color-scheme" in text or "data-theme" in text


@pytest.mark.parametrize("mode", MODES)
def test_no_two_parts_of_a_chart_have_the_same_colour(mode: str) -> None:
    parts = [colour(f"--rk-grafiek-{number}", mode) for number in range(1, KLEUREN + 1)]
    assert len(set(parts)) == KLEUREN


def test_every_setting_used_is_declared() -> None:
    sheets = [(STATIC / name).read_text(encoding="utf-8") for name in ("thema.css", "opmaak.css", "cijfers.css")]
    used = set(re.findall(r"var\((--(?:rk|voorbeeld|basis)-[\w-]+)", "".join(sheets)))
    local = set(re.findall(r"(--rk-[\w-]+)\s*:", "".join(sheets)))
    assert used - set(SETTINGS) - local == set()
