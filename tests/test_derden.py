"""Files of others: each is named in THIRD_PARTY.md with its exact version, and its licence stands beside it."""

from __future__ import annotations

import json
import re
from pathlib import Path

HUIS = Path(__file__).parents[1]
VENDOR = HUIS / "web" / "static" / "vendor"
LIJST = (HUIS / "THIRD_PARTY.md").read_text(encoding="utf-8")
GEPIND: dict[str, str] = json.loads((HUIS / "scripts" / "package.json").read_text(encoding="utf-8"))["dependencies"]


def test_every_file_of_others_is_in_the_list_and_nothing_else() -> None:
    hier = {pad.name for pad in VENDOR.iterdir() if pad.is_file()}
    assert set(re.findall(r"`([\w.-]+\.(?:js|css|woff2))`(?=,| \|)", LIJST)) == hier


def test_every_licence_named_is_there_and_none_without_a_name() -> None:
    genoemd = set(re.findall(r"web/static/vendor/licenses/([\w.-]+)", LIJST))
    assert genoemd == {pad.name for pad in (VENDOR / "licenses").iterdir()}


def test_the_list_gives_the_versions_that_are_pinned() -> None:
    genoemd = dict(re.findall(r"^\| `([^`]+)` \| ([^ |]+) \|", LIJST, re.MULTILINE))
    assert genoemd == {naam: versie for naam, versie in GEPIND.items() if naam != "esbuild"}


def test_the_charts_keep_notice_and_licences_of_what_is_in_them() -> None:
    kop = (VENDOR / "echarts.min.js").read_text(encoding="utf-8")[:600]
    assert all(f"{naam} {GEPIND[naam]}" in kop for naam in ("echarts", "zrender", "tslib"))
    tekst = (VENDOR / "licenses" / "Apache-2.0-echarts.txt").read_text(encoding="utf-8")
    assert all(deel in tekst for deel in ("Apache Software Foundation", "Version 2.0", "Mike Bostock"))
