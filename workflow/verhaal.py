"""The history of a traject in sentences: what was done, by whom, with which answers, and how it read before.

Who reads names gives them; nothing here asks the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.gebeurtenis import Gebeurtenis
from workflow.antwoorden import said
from workflow.correcties import fixed
from workflow.gezin import Gezin
from workflow.historie import Feit, content, effective, withdrawn
from workflow.kalender import daynumber, short
from workflow.routekaart import Overgang, Reden, Route, Veld, in_zin
from workflow.verloop import SPLITSING, Verloop
from workflow.vervanging import REDENEN
from workflow.zinnen import gaps, happened

OVER_CORRECTIE = "toelichting_correctie"
"""The text of a correction that is about the correction itself."""

DADEN = ("start", "overgang", "overdracht")
"""Soorten of rows that somebody asks for, and may undo."""

MAX_GELEVERD = 2000
"""So many characters are shown of a text that was delivered."""

VOOR_WIE, BEIDEN = "Voor wie", "Beiden"


@dataclass(frozen=True, slots=True)
class Antwoord:
    """One answer as people read it."""

    vraag: str
    waarde: str


@dataclass(frozen=True, slots=True)
class Tekst:
    """A free text of a row, as it reads from this volgnummer on."""

    volgnummer: int
    veld: str
    tekst: str


@dataclass(frozen=True, slots=True)
class Zin:
    """One line of history. `status`: "" when it stands as it was written, else ingetrokken or verbeterd.

    `is_vast`: nobody corrects it by itself. `eerder`: how it read before each verbetering that stands, the first
    reading first. `komt_terug_op`: the volgnummer of the end that this new fact leaves, as a legal herroeping does.
    `tussengevoegd`: why it was entered between rows that were there already.
    """

    volgnummer: int
    soort: str
    dag: int
    dag_eerst: int
    vastgelegd_op: int
    tekst: str
    door: str
    door_code: str
    rol: str
    organisatie: str
    kaartversie: str
    antwoorden: tuple[Antwoord, ...]
    teksten: tuple[Tekst, ...]
    geleverd: tuple[Antwoord, ...]
    reden: str | None
    tussengevoegd: str | None
    status: str
    is_correctie: bool
    is_vast: bool
    betreft: int | None
    is_laat: bool
    opdracht_id: str
    eerder: tuple[Zin, ...]
    komt_terug_op: int | None
    voorgesteld_door: str | None


class Lezer:
    """Turns the rows of one traject into sentences."""

    def __init__(
        self,
        verloop: Verloop,
        route: Route,
        namen: Mapping[str, str],
        teksten: Mapping[tuple[int, str], str],
        personen_boven: int = 0,
    ) -> None:
        self._verloop, self._route, self._namen, self._teksten = verloop, route, namen, teksten
        self._personen_boven = personen_boven
        self._weg = withdrawn(verloop.log)
        self._feiten = {f.volgnummer: f for f in effective(verloop.log)}
        self._van = _places(self._feiten.values())
        self._einde_voor = _ends_before(self._feiten.values(), route)
        self._verbeteringen = [r for r in verloop.log if r.soort == "verbetering" and r.volgnummer not in self._weg]
        self._verbeterd = {r.betreft_volgnummer for r in self._verbeteringen}

    def facts(self) -> tuple[Antwoord, ...]:
        """The kenmerken as they are now, in the order of the map."""
        kenmerken = self._verloop.stand.kenmerken
        return tuple(
            Antwoord(veld.label, self._said(veld, kenmerken[naam]))
            for naam, veld in self._route.velden.items()
            if naam in kenmerken
        )

    def history(self) -> tuple[Zin, ...]:
        """Every row as a sentence, the latest day first."""
        zinnen = [self._sentence(rij) for rij in self._verloop.log]
        return tuple(sorted(zinnen, key=lambda z: (z.dag, z.volgnummer), reverse=True))

    def last_deed(self, gezin: Gezin) -> Zin | None:
        """What was done last, when somebody asked for it here: no correction, delivery or effect from elsewhere."""
        opdracht_id = self._verloop.log[-1].opdracht_id
        samen = [(verloop, rij) for verloop in gezin for rij in verloop.log if rij.opdracht_id == opdracht_id]
        verloop, eerste = min(samen, key=lambda paar: paar[1].id)
        if verloop is not self._verloop or eerste.soort not in DADEN or self._is_delivered(eerste):
            return None
        return None if content(eerste).get("ingang") == SPLITSING else self._sentence(eerste)

    def _is_delivered(self, rij: Gebeurtenis) -> bool:
        overgang = self._overgang(rij)
        return overgang is not None and bool(overgang.labels.get("stil"))

    def _sentence(self, rij: Gebeurtenis) -> Zin:
        inhoud = content(rij)
        feit = self._feiten.get(rij.volgnummer)
        dag = feit.dag if feit else rij.dag
        return Zin(
            volgnummer=rij.volgnummer,
            soort=rij.soort,
            dag=dag,
            dag_eerst=rij.dag,
            vastgelegd_op=rij.vastgelegd_op,
            tekst=self._text(rij, inhoud),
            door=self._namen.get(inhoud.get("door", ""), "onbekend"),
            door_code=inhoud.get("door", ""),
            rol=inhoud.get("rol", ""),
            organisatie=self._namen.get(inhoud.get("organisatie", ""), inhoud.get("organisatie", "")),
            kaartversie=self._verloop.kaarten[rij.routekaart].versie,
            antwoorden=self._answers(rij, feit, inhoud),
            teksten=self._texts(rij),
            geleverd=self._delivered(rij),
            reden=self._reason(rij, rij.reden),
            tussengevoegd=self._reason(rij, inhoud.get("correctiereden")),
            status=self._status(rij),
            is_correctie=rij.soort in ("intrekking", "verbetering"),
            is_vast=fixed(self._verloop.log, rij) is not None,
            betreft=rij.betreft_volgnummer,
            is_laat=rij.vastgelegd_op // 86_400_000_000 - rij.dag > 1
            and rij.soort not in ("intrekking", "verbetering"),
            opdracht_id=rij.opdracht_id,
            eerder=self._earlier(rij),
            komt_terug_op=self._einde_voor.get(rij.volgnummer),
            voorgesteld_door=self._namen.get(inhoud["voorgesteld"]["door"], "onbekend")
            if "voorgesteld" in inhoud
            else None,
        )

    def _earlier(self, rij: Gebeurtenis) -> tuple[Zin, ...]:
        """How a row read before each verbetering of it that stands."""
        laatste = next((r for r in reversed(self._verbeteringen) if r.betreft_volgnummer == rij.volgnummer), None)
        if laatste is None:
            return ()
        toen = Verloop(self._verloop.traject_id, self._verloop.kaarten)
        toen.log = [r for r in self._verloop.log if r.volgnummer < laatste.volgnummer]
        was = Lezer(toen, self._route, self._namen, self._teksten, self._personen_boven)._sentence(rij)
        return (*was.eerder, was)

    def _status(self, rij: Gebeurtenis) -> str:
        if rij.volgnummer in self._weg:
            return "ingetrokken"
        return "verbeterd" if rij.volgnummer in self._verbeterd else ""

    def _text(self, rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        return getattr(self, f"_text_{rij.soort}")(rij, inhoud)  # type: ignore[no-any-return]

    def _text_start(self, rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        if inhoud.get("ingang") == "splitsing":
            return f"Afgesplitst, in de stap {self._stap(rij.naar)}"
        return self._happened(rij) or f"{self._route.naam}: begonnen in {self._stap(rij.naar)}"

    def _text_overgang(self, rij: Gebeurtenis, _inhoud: Mapping[str, Any]) -> str:
        zin = self._happened(rij) or str(rij.overgang)
        van = self._van.get(rij.volgnummer, rij.van)
        return zin if rij.naar is None else f"{zin} (van {self._stap(van)} naar {self._stap(rij.naar)})"

    def _happened(self, rij: Gebeurtenis) -> str | None:
        overgang = self._overgang(rij)
        return happened(overgang, self._given(rij), self._said) if overgang else None

    def _given(self, rij: Gebeurtenis) -> Mapping[str, Any]:
        """The answers of a row as they count now; of one that was withdrawn as they were."""
        feit = self._feiten.get(rij.volgnummer)
        return feit.invoer if feit else content(rij).get("invoer") or {}

    def _text_intrekking(self, rij: Gebeurtenis, _inhoud: Mapping[str, Any]) -> str:
        return f"Ingetrokken: {self._target(rij)}"

    def _text_verbetering(self, rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        nieuw = inhoud.get("verbetert", {}).get("dag")
        was = self._before(rij)
        dag = f", dag wordt {short(nieuw)} (was {short(was.dag)})" if nieuw is not None and was else ""
        return f"Verbeterd: {self._target(rij)}{dag}"

    def _text_overdracht(self, _rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        naar = inhoud.get("behandelaar")
        gedaan = f"Overgedragen aan {self._namen.get(naar, 'onbekend')}" if naar else "Teruggegeven aan het team"
        return f"{gedaan}{_why_handed_over(inhoud)}"

    def _text_samenvoeging(self, _rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        return f"Dubbel ingevoerde persoon samengevoegd met {self._namen.get(inhoud['naar'], 'onbekend')}"

    def _text_migratie(self, rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> str:
        if inhoud.get("vertrokken"):
            return "Een deelnemer gaat verder in een eigen traject"
        if "naar_traject" in inhoud:
            return "Gaat verder bij het afgesplitste traject"
        stap = "" if rij.van == rij.naar else f" (van {self._stap(rij.van)} naar {self._stap(rij.naar)})"
        return f"Overgezet naar versie {self._verloop.kaarten[rij.routekaart].versie} van de routekaart{stap}"

    def _text_vernietiging(self, _rij: Gebeurtenis, _inhoud: Mapping[str, Any]) -> str:
        return "Inhoud vernietigd na afloop van de bewaartermijn"

    def _target(self, rij: Gebeurtenis) -> str:
        doel = next(r for r in self._verloop.log if r.volgnummer == rij.betreft_volgnummer)
        tekst = self._text(doel, content(doel))
        return f"gebeurtenis {doel.volgnummer} ({in_zin(tekst)})"

    def _answers(self, rij: Gebeurtenis, feit: Feit | None, inhoud: Mapping[str, Any]) -> tuple[Antwoord, ...]:
        overgang = self._overgang(rij) if rij.soort in ("start", "overgang") else None
        velden = {v.code: v for v in overgang.velden} if overgang else self._route.velden
        is_verbetering = rij.soort == "verbetering"
        invoer = inhoud.get("verbetert", {}).get("invoer", {}) if is_verbetering else self._given(rij)
        was = self._before(rij) if is_verbetering else None
        in_de_zin = {gat.veld for gat in gaps(overgang.gebeurd)} if overgang else set()
        gegeven = {
            c: Antwoord(velden[c].label, self._said(velden[c], w) + self._was(velden[c], was, c))
            for c, w in invoer.items()
            if c in velden and c not in in_de_zin
        }
        gegeven |= self._notes(rij, velden)
        return (*self._for_whom(rij, inhoud), *_in_form_order(gegeven, velden))

    def _for_whom(self, rij: Gebeurtenis, inhoud: Mapping[str, Any]) -> tuple[Antwoord, ...]:
        """For whom a child traject began, where there was a choice."""
        wie = [d for soort, d in inhoud.get("deelnemers", ()) if soort == "persoon"]
        gezegd = for_whom(wie, self._personen_boven, self._namen) if rij.soort == "start" else ""
        return (Antwoord(VOOR_WIE, gezegd),) if gezegd else ()

    def _before(self, rij: Gebeurtenis) -> Feit | None:
        """What a row said until this correction of it."""
        eerder = effective([r for r in self._verloop.log if r.volgnummer < rij.volgnummer])
        return next((f for f in eerder if f.volgnummer == rij.betreft_volgnummer), None)

    def _was(self, veld: Veld, was: Feit | None, code: str) -> str:
        if was is None:
            return ""
        oud = was.invoer.get(code)
        return f" (was {'niet ingevuld' if oud is None else self._said(veld, oud)})"

    def _notes(self, rij: Gebeurtenis, velden: Mapping[str, Veld]) -> dict[str, Antwoord]:
        if self._delivered(rij):
            return {}
        namen = {**{c: v.label for c, v in velden.items()}, OVER_CORRECTIE: "Toelichting"}
        nu = latest_texts(self._texts(rij))
        eerder = self._texts_before(rij)
        return {code: Antwoord(namen.get(code, code), tekst + eerder.get(code, "")) for code, tekst in nu.items()}

    def _delivered(self, rij: Gebeurtenis) -> tuple[Antwoord, ...]:
        """The texts that a delivery brought along; they may be very long, and are not for reading first."""
        overgang = self._overgang(rij)
        if overgang is None or not self._is_delivered(rij):
            return ()
        namen = {veld.code: veld.label for veld in overgang.velden}
        return tuple(Antwoord(namen.get(t.veld, t.veld), _beginning(t.tekst)) for t in self._own_texts(rij))

    def _texts(self, rij: Gebeurtenis) -> tuple[Tekst, ...]:
        """The texts of a row and those of its corrections that stand, in order of writing."""
        erna = [t for r in self._verbeteringen if r.betreft_volgnummer == rij.volgnummer for t in self._own_texts(r)]
        return (*self._own_texts(rij), *(t for t in erna if t.veld != OVER_CORRECTIE))

    def _own_texts(self, rij: Gebeurtenis) -> Iterator[Tekst]:
        for code in content(rij).get("toelichting", {}):
            yield Tekst(rij.volgnummer, code, self._teksten.get((rij.volgnummer, code), "(vernietigd)"))

    def _texts_before(self, rij: Gebeurtenis) -> dict[str, str]:
        """What each text that a correction changes said until then, in brackets."""
        if rij.soort != "verbetering":
            return {}
        doel = next(r for r in self._verloop.log if r.volgnummer == rij.betreft_volgnummer)
        was = latest_texts(self._texts(doel), rij.volgnummer - 1)
        codes = {t.veld for t in self._own_texts(rij)} - {OVER_CORRECTIE}
        return {code: f" (was {was.get(code, 'niet ingevuld')})" for code in codes}

    def _reason(self, rij: Gebeurtenis, code: str | None) -> str | None:
        if code is None:
            return None
        kaart = self._verloop.kaarten[rij.routekaart]
        bekend: dict[str, Reden] = {**self._route.redenen, **{r.code: r for r in kaart.correctieredenen}}
        return bekend[code].naam if code in bekend else code

    def _overgang(self, rij: Gebeurtenis) -> Overgang | None:
        kaart = self._verloop.kaarten[rij.routekaart]
        return kaart.routes[self._route.code].alle_overgangen.get(rij.overgang or "")

    def _stap(self, code: str | None) -> str:
        """The name of a stap, on the map of now or on the last one that had it."""
        kaarten = dict.fromkeys((self._verloop.kaart.sha256, *(rij.routekaart for rij in reversed(self._verloop.log))))
        routes = (self._verloop.kaarten[sha256].routes[self._route.code] for sha256 in kaarten)
        return next((route.stappen[code].naam for route in routes if code and code in route.stappen), str(code))

    def _said(self, veld: Veld, waarde: Any) -> str:
        return said(veld, waarde, self._namen)


def latest_texts(teksten: Sequence[Tekst], tot: int | None = None) -> dict[str, str]:
    """The texts of a row by veld, as they read now, or as they read up to and with this volgnummer."""
    return {t.veld: t.tekst for t in teksten if tot is None or t.volgnummer <= tot}


def for_whom(wie: Sequence[str], samen: int, namen: Mapping[str, str]) -> str:
    """Whose a child traject is, of how many people together; empty where there was no choice."""
    if samen < 2 or not wie:
        return ""
    return BEIDEN if len(wie) == samen else " en ".join(namen.get(d, "onbekend") for d in wie)


def _places(feiten: Iterable[Feit]) -> dict[int, str | None]:
    """The stap in which each fact found the traject, by today's knowledge."""
    stap: str | None = None
    plaatsen: dict[int, str | None] = {}
    for feit in feiten:
        plaatsen[feit.volgnummer] = stap
        stap = feit.naar or stap
    return plaatsen


def _ends_before(feiten: Iterable[Feit], route: Route) -> dict[int, int]:
    """Facts that leave an end again, each with the fact that had led there."""
    einde: int | None = None
    gevonden: dict[int, int] = {}
    for feit in feiten:
        if feit.naar is None or feit.naar not in route.stappen:
            continue
        if einde is not None:
            gevonden[feit.volgnummer] = einde
        einde = feit.volgnummer if route.stappen[feit.naar].einde else None
    return gevonden


def _beginning(tekst: str) -> str:
    over = len(tekst) - MAX_GELEVERD
    return tekst if over <= 0 else f"{tekst[:MAX_GELEVERD]}… (nog {over} tekens)"


def _why_handed_over(inhoud: Mapping[str, Any]) -> str:
    """Why several trajecten changed desks, and until when: " (verlof, tot en met 1-12-2026)"."""
    reden, tot_met = inhoud.get("reden"), inhoud.get("tot_met")
    delen = [in_zin(REDENEN.get(reden, reden))] if reden else []
    delen += [f"tot en met {short(daynumber(date.fromisoformat(tot_met)))}"] if tot_met else []
    return f" ({', '.join(delen)})" if delen else ""


def _in_form_order(gegeven: Mapping[str, Antwoord], velden: Mapping[str, Veld]) -> list[Antwoord]:
    """The answers as the form asked them; what it did not ask comes last."""
    volgorde = [*(code for code in velden if code in gegeven), *(code for code in gegeven if code not in velden)]
    return [gegeven[code] for code in volgorde]
