"""Takes a delivery in DDAS-SHV v1.0 into the log, through the same door as everything else; or says what it would do.

Promises: the preview and the import follow one path, the import only also writes; all or nothing, in the caller's
transaction; a second run adds nothing. No BSN, no name and no free text reaches the log.

Choices.
- A traject is known by who delivered it, its first client and its startdatum, through a keyed hash (`sleutel` of its
  start), and by a keyed digest of all that was delivered. Known with the same digest: already there. Known with another:
  nothing is changed, the difference is named; a correction is a verbetering by a person.
- A client has one traject at a time on this route, and the engine holds to that for days in the past too. A delivered
  traject that overlaps with another of the same client (in the file or already here) is therefore not read and named
  with its path; CBS would count the two as one, and which of the two tells what happened is not ours to decide.
- A client is found by BSN. A BSN that fails its check finds someone only when the days of birth do not contradict each
  other. Data of someone already known are never changed by a delivery.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from models import klok
from models.gebeurtenis import gebeurtenis
from models.persoon import persoon
from models.trajectnummer import trajectnummer
from workflow import personen
from workflow.eenheid import check_one_open
from workflow.historie import content
from workflow.kaarten import in_force
from workflow.kluis import current
from workflow.machine import OvergangGeweigerd
from workflow.opdracht import Actor, Conflict
from workflow.personen import Gegevens, Persoon
from workflow.uitwisseling.ddas_lezen import Client, Levering, Traject, read
from workflow.uitwisseling.ddas_plan import Kindplan, Plan, plan
from workflow.uitwisseling.ddas_plek import Inleesroute, as_json, find_route
from workflow.uitwisseling.ddas_uit import LeveringGeweigerd, trajecten
from workflow.uitwisseling.opmerkingen import Opmerking, Opmerkingen, Pad, show
from workflow.velden import InvoerGeweigerd
from workflow.voortgang import advance, start
