"""One traject as DDAS-SHV v1.0 writes it, from the log and the person table.

Promises: an imported traject gives its values back, with what was recorded here since; a traject of our own is told by
the labels of the map alone.

Choices of the format: aanmelding and intake run from the first time in to the last time out (a decision taken anew is
the same intake); of stabilisatie, schuldregeling, oplossing and nazorg the last started counts, because there is room
for one. The toekenningsdatum is the day the schuldregeling was agreed, not the toelating. When help ends with a
beëindigingsbeschikking, its day is the end in all places. A traject that was split off tells the history before too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from workflow.gezin import Gezin
from workflow.personen import Gegevens, Persoon
from workflow.uitwisseling.ddas_kader import AFWIJZING, TOELATING
from workflow.uitwisseling.ddas_lijsten import Kindspoor, lists
from workflow.uitwisseling.ddas_plek import paths
from workflow.uitwisseling.ddas_schema import answer_paths, node_at
from workflow.uitwisseling.ddas_spoor import EIGEN, GELEVERD, Spoor, Uitspraak, answers, choose, trail
from workflow.verloop import Verloop

Teksten = Callable[[int], Mapping[tuple[int, str], str]]
Json = dict[str, Any]

EEN_KEER = frozenset({"aanmelding", "intake"})
"""Phases that run from the first time in to the last time out."""

PERIODES = frozenset({*EEN_KEER, "stabilisatie", "oplossing", "nazorg"})
REGELING = tuple(f"schuldregeling.{n}" for n in ("toegekend", "afgewezen", "ingetrokken", "datumVerzoekDwangakkoord"))
AKKOORD = ("schuldregeling.toegekend", "toekenningsdatum")
EINDE = ("einddatum", "uitstroom.datum")
BESCHIKT = "uitstroom.datumBeeindigingsbeschikking"
AL_HET_EINDE = (*EINDE, BESCHIKT, "uitstroom.reden", "uitstroom.omschrijving")

CLIENT = {
    "Burgerservicenummer": "bsn",
    "Geboortedatum": "geboortedatum",
    "Geslachtsaanduiding": "geslacht",
    "Postcode": "postcode",
    "Huisnummer": "huisnummer",
    "Huisnummertoevoeging": "toevoeging",
}
MAX_CLIENTEN = 2
TYPES = {"string": str, "integer": int, "boolean": bool}


def traject_json(
    gezin: Gezin,
    verloop: Verloop,
    teksten: Teksten,
    mensen: Mapping[str, Persoon],
    eerder: Sequence[Spoor] = (),
    te_vroeg: Callable[[str], None] = lambda _: None,
    schulden: Sequence[Json] = (),
) -> Json:
    """A traject as the format writes it.

    `teksten` gives the texts of a traject by its id, `mensen` the people by pseudonym, `eerder` what happened before it
    was split off. `te_vroeg` is told the path of each answer that cannot be, because it lies before the begin.
    `schulden` are its debts as the format writes them.
    """
    sporen = [*eerder, *trail(gezin, verloop.traject_id, teksten(verloop.traject_id))]
    kinderen = [
        Kindspoor(trail(gezin, kind.traject_id, teksten(kind.traject_id)))
        for kind in gezin.kinderen(verloop)
        if kind.stand.route
    ]
    for spoor in (*sporen, *(s for kind in kinderen for s in kind.sporen)):
        for pad in spoor.te_vroeg:
            te_vroeg(pad)
    gekozen = choose([*_told(sporen), *_crisis(kinderen)])
    geheel = _nested({pad: waarde for pad, waarde in gekozen.items() if fits(pad, waarde)})
    losse = {"client": _clients(verloop, mensen), "schulden": list(schulden)}
    gemeente = {"gemeentecode": verloop.stand.kenmerken.get("gemeente")}
    alles = {**gemeente, **geheel, **losse, **lists(sporen, kinderen, gekozen)}
    return {naam: waarde for naam, waarde in alles.items() if waarde not in (None, [], {})}


def _told(sporen: Sequence[Spoor]) -> Iterator[Uitspraak]:
    """What the gebeurtenissen say, in order."""
    geleverd = next((spoor.geleverd for spoor in sporen if spoor.geleverd), {})
    vertel = _Verteller(geleverd)
    for spoor in sporen:
        yield from vertel.tell(spoor)


class _Verteller:
    """Goes through the history once and knows which phase the traject is in."""

    def __init__(self, geleverd: Mapping[str, Any]) -> None:
        self.geleverd = geleverd
        self.fase: str | None = None
        self.is_gesloten = False
        self.geweest: set[str] = set()
        self.stap: Mapping[str, str] = {}

    def tell(self, spoor: Spoor) -> Iterator[Uitspraak]:
        """The statements of one gebeurtenis."""
        if spoor.feit.soort == "start" and "start" not in self.geweest:
            self.geweest.add("start")
            yield from self._day("startdatum", spoor, spoor.eerste_dag)
        if spoor.beweegt:
            yield from self._phases(spoor)
            yield from self._end(spoor)
        yield from self._milestone(spoor)
        yield from self._kind(spoor)
        yield from answers(spoor)

    def _day(self, pad: str, spoor: Spoor, dag: str | None = None) -> Iterator[Uitspraak]:
        """The day of a row on a path. A delivered row speaks only where the delivery gave that very day."""
        if spoor.rang != GELEVERD or self.geleverd.get(pad) == spoor.dag_eerst:
            yield from spoor.says(pad, dag or spoor.dag)

    def _phases(self, spoor: Spoor) -> Iterator[Uitspraak]:
        vorige, self.fase, self.stap = self.fase, spoor.labels.get("ddas"), spoor.labels
        if vorige == self.fase:
            return
        if vorige in PERIODES:
            yield from self._day(f"{vorige}.einddatum", spoor)
        if self.fase in PERIODES:
            yield from self._enter(self.fase, spoor)
        elif self.fase == "schuldregeling":
            yield from _fresh(spoor, (*REGELING, "schuldregeling.dwangakkoord"))
            yield from self._day("schuldregeling.datum", spoor)

    def _enter(self, fase: str, spoor: Spoor) -> Iterator[Uitspraak]:
        yield from _fresh(spoor, [f"{fase}.einddatum", f"{fase}.soort"])
        if fase not in EEN_KEER or fase not in self.geweest:
            yield from self._day(f"{fase}.startdatum", spoor)
        if fase == "aanmelding" and spoor.rang == EIGEN:
            yield from spoor.says("aanmelding.crisisinterventie", False)
        self.geweest.add(fase)

    def _end(self, spoor: Spoor) -> Iterator[Uitspraak]:
        was_gesloten, self.is_gesloten = self.is_gesloten, spoor.sluit
        if was_gesloten and not spoor.sluit:
            yield from _fresh(spoor, AL_HET_EINDE)
        if spoor.sluit:
            is_uitstroom = spoor.label == "uitstroom"
            for pad in EINDE if is_uitstroom else EINDE[:1]:
                yield from self._day(pad, spoor, _decided_on(spoor))
            if is_uitstroom and (reden := _reason(spoor)):
                yield from spoor.says("uitstroom.reden", reden)

    def _milestone(self, spoor: Spoor) -> Iterator[Uitspraak]:
        match spoor.label:
            case "toelating" | "afwijzing":
                soort = TOELATING if spoor.label == "toelating" else AFWIJZING
                yield from spoor.says("intake.beschikkingssoort", soort)
                yield from self._day("intake.beschikkingsdatum", spoor)
            case "schuldregeling_toegekend" | "dwangakkoord_toegekend":
                for pad in AKKOORD:
                    yield from self._day(pad, spoor)
            case "dwangakkoord_verzoek":
                yield from spoor.says("schuldregeling.dwangakkoord", True)
                yield from self._day("schuldregeling.datumVerzoekDwangakkoord", spoor)
            case "dwangakkoord_afgewezen":
                yield from self._day("schuldregeling.afgewezen", spoor)
            case "informatieEnAdvies":
                yield from self._advice(spoor)

    def _advice(self, spoor: Spoor) -> Iterator[Uitspraak]:
        if "advies" not in self.geweest:
            yield from self._day("informatieEnAdvies.startdatum", spoor)
        yield from self._day("informatieEnAdvies.einddatum", spoor)
        self.geweest.add("advies")

    def _kind(self, spoor: Spoor) -> Iterator[Uitspraak]:
        """Which kind of oplossing: the answer to the veld that the stap names."""
        veld = self.stap.get("ddas_soort_veld", "")
        code = spoor.feit.invoer.get(veld)
        for deze, naam in paths(self.stap, "ddas_soort."):
            if deze == code and self.fase == "oplossing":
                yield from spoor.says("oplossing.soort", naam, veld)


def _fresh(spoor: Spoor, paden: Iterable[str]) -> Iterator[Uitspraak]:
    """What begins here takes back what was said of the one before."""
    if spoor.rang == EIGEN:
        for pad in paden:
            yield from spoor.says(pad, None)


def _decided_on(spoor: Spoor) -> str:
    """The day of an end recorded here: that of its beëindigingsbeschikking where there is one."""
    besluiten = [u.waarde for u in answers(spoor) if u.pad == BESCHIKT and u.waarde] if spoor.rang == EIGEN else []
    return str(besluiten[0]) if besluiten else spoor.dag


def _reason(spoor: Spoor) -> str | None:
    reden = spoor.route.redenen.get(spoor.feit.reden or "")
    label = reden.labels.get("ddas") if reden else None
    return label or ("Overig" if spoor.rang == EIGEN else None)


def _crisis(kinderen: Iterable[Kindspoor]) -> Iterator[Uitspraak]:
    for kind in kinderen:
        if kind.lijst == "crisisinterventies" and not kind.is_geleverd:
            yield Uitspraak("aanmelding.crisisinterventie", True, EIGEN)


def fits(pad: str, waarde: Any) -> bool:
    """Whether a value may stand at the path of a plain answer."""
    if pad not in answer_paths():
        return False
    knoop = node_at(pad)
    if type(waarde) is not TYPES[knoop["type"]] or waarde not in knoop.get("enum", [waarde]):
        return False
    return knoop.get("format") != "date" or _is_date(str(waarde))


def _is_date(tekst: str) -> bool:
    try:
        return date.fromisoformat(tekst).isoformat() == tekst
    except ValueError:
        return False


def _nested(plat: Mapping[str, Any]) -> Json:
    geheel: Json = {}
    for pad, waarde in plat.items():
        voor, _, naam = pad.rpartition(".")
        (geheel.setdefault(voor, {}) if voor else geheel)[naam] = waarde
    return geheel


def _clients(verloop: Verloop, mensen: Mapping[str, Persoon]) -> list[Json]:
    """What is known of each client; of one of whom the format asks nothing that is known, an empty object."""
    wie = [d for d, soort in verloop.stand.deelnemers.items() if soort == "persoon"][:MAX_CLIENTEN]
    return [_client(mensen[d].gegevens) if d in mensen else {} for d in wie]


def _client(gegevens: Gegevens) -> Json:
    return {naam: waarde for naam, veld in CLIENT.items() if (waarde := getattr(gegevens, veld))}
