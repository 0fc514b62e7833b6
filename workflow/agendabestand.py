"""Appointments as a calendar file (RFC 5545). No personal data goes along: only dossier number, kind and time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from icalendar import Calendar, Event
from sqlalchemy import Connection

from models import klok
from workflow.agenda import name_of
from workflow.kaarten import Kaarten
from workflow.kalender import date_of
from workflow.planlog import OPEN
from workflow.planpunten import Planpunt

MAKER = "-//Routekaart//agenda//NL"
STANDEN: Mapping[str, str] = {OPEN: "CONFIRMED", "gedaan": "CONFIRMED"}
"""How a row stands -> what a calendar calls it; any other is cancelled."""


def calendar(db: Connection, punten: Iterable[Planpunt]) -> bytes:
    """A calendar with these appointments, in the time of Amsterdam."""
    kalender, kaarten = Calendar(), Kaarten(db)
    kalender.add("prodid", MAKER)
    kalender.add("version", "2.0")
    kalender.add("method", "PUBLISH")
    kalender.add("x-wr-calname", "Routekaart")
    for punt in punten:
        kalender.add_component(_event(punt, name_of(kaarten[punt.routekaart].routes[punt.route], punt)))
    kalender.add_missing_timezones(first_date=date_of(klok.today() - 366), last_date=date_of(klok.today() + 3 * 366))
    return bytes(kalender.to_ical())


def _event(punt: Planpunt, naam: str) -> Event:
    gebeurt, gewijzigd = Event(), klok.moment_of(punt.gewijzigd_op).replace(microsecond=0)
    gebeurt.add("uid", f"{punt.nummer}@routekaart")
    gebeurt.add("dtstamp", gewijzigd)
    gebeurt.add("last-modified", gewijzigd)
    gebeurt.add("sequence", punt.versie)
    gebeurt.add("summary", f"{naam} {punt.traject}")
    gebeurt.add("dtstart", _moment(punt.dag, punt.van_minuut or 0))
    gebeurt.add("dtend", _moment(punt.dag, punt.tot_minuut or 0))
    gebeurt.add("status", STANDEN.get(punt.stand, "CANCELLED"))
    gebeurt.add("class", "PRIVATE")
    return gebeurt


def _moment(dag: int, minuut: int) -> datetime:
    """The moment of a clock in Amsterdam; midnight at the end of a day is that of the next."""
    erbij, rest = divmod(minuut, 24 * 60)
    datum = date_of(dag) + timedelta(days=erbij)
    return datetime.combine(datum, time(*divmod(rest, 60)), klok.AMSTERDAM)
