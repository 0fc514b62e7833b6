"""The structure of DDAS-SHV v1.0 as data (`ddas_schema.json`): names, types, codes, what is required.

It drives both sides: the reader walks it, and what is written is held against it before it leaves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

Knoop = Mapping[str, Any]

LIJSTEN = ("begeleiding", "crisisinterventies", "voorlopigeVoorzieningen", "moratoria")
"""Lists of a traject whose items become trajecten of their own."""

ANDERE = ("client", "schulden", "gemeentecode")
"""Names in a traject that are no plain answers either."""


@cache
def schema() -> Knoop:
    """The whole structure."""
    gelezen: Knoop = json.loads(Path(__file__).with_name("ddas_schema.json").read_text(encoding="utf-8"))
    return gelezen


def resolve(knoop: Knoop) -> Knoop:
    """The node itself, where it is a reference to one."""
    naam = knoop.get("$ref")
    return schema()["$defs"][naam.rsplit("/", 1)[1]] if naam else knoop


def traject_node() -> Knoop:
    """The node of one traject."""
    knoop: Knoop = schema()["$defs"]["traject"]
    return knoop


@cache
def answer_paths() -> tuple[str, ...]:
    """Paths of the plain answers of a traject: `startdatum`, `intake.beschikkingssoort`, and so on."""
    return tuple(_paths(traject_node(), ""))


def _paths(knoop: Knoop, voor: str) -> Iterator[str]:
    for naam, deel in knoop["properties"].items():
        if not voor and naam in (*LIJSTEN, *ANDERE):
            continue
        deel = resolve(deel)
        if deel["type"] == "object":
            yield from _paths(deel, f"{naam}.")
        else:
            yield voor + naam


def node_at(pad: str) -> Knoop:
    """The node of a plain answer."""
    knoop = traject_node()
    for naam in pad.split("."):
        knoop = resolve(knoop["properties"][naam])
    return knoop


def violations(levering: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Path and keyword of each place where a delivery does not fit; values are not repeated."""
    for fout in _validator().iter_errors(levering):
        yield tuple(fout.absolute_path), str(fout.validator)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(dict(schema()), format_checker=FormatChecker(["date"]))
