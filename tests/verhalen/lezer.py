"""Reads a page as a person would: its title and badges, what may be done and why not, terms, history, and its form.

Nothing here knows a route or a stap. What only a screen reader says is left out of the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

LEEG = frozenset("area base br col hr img input link meta source wbr".split())  # noqa: SIM905
ONZICHTBAAR = "rk-onzichtbaar"


@dataclass(eq=False)
class Knoop:
    """An element of a page; `delen` are texts and elements in order."""

    tag: str
    eigenschappen: dict[str, str]
    delen: list[Knoop | str] = field(default_factory=list)

    def __getitem__(self, naam: str) -> str:
        return self.eigenschappen.get(naam, "")

    @property
    def klassen(self) -> list[str]:
        return self["class"].split()

    @property
    def tekst(self) -> str:
        """The visible text, with single spaces."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for deel in self.delen:
            if isinstance(deel, str):
                yield deel
            elif ONZICHTBAAR not in deel.klassen:
                yield from deel._texts()

    def alle(self, tag: str | None = None, klasse: str | None = None) -> Iterator[Knoop]:
        """Every element below this one with this tag and this class, in order."""
        for deel in self.delen:
            if isinstance(deel, str):
                continue
            if tag in (None, deel.tag) and (klasse is None or klasse in deel.klassen):
                yield deel
            yield from deel.alle(tag, klasse)

    def eerste(self, tag: str | None = None, klasse: str | None = None) -> Knoop:
        """The first of `alle`, or an element without content."""
        return next(self.alle(tag, klasse), Knoop("", {}))

    def teksten(self, tag: str | None = None, klasse: str | None = None) -> list[str]:
        """The texts of `alle`."""
        return [knoop.tekst for knoop in self.alle(tag, klasse)]

    def met_id(self, id_: str) -> Knoop:
        """The element with this id, or one without content."""
        return next((knoop for knoop in self.alle() if knoop["id"] == id_), Knoop("", {}))


class _Bouwer(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pad = [Knoop("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        knoop = Knoop(tag, {naam: waarde or "" for naam, waarde in attrs})
        self.pad[-1].delen.append(knoop)
        if tag not in LEEG:
            self.pad.append(knoop)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pad[-1].delen.append(Knoop(tag, {}))

    def handle_endtag(self, tag: str) -> None:
        assert self.pad.pop().tag == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.pad[-1].delen.append(data)


def knopen(html: str) -> Knoop:
    """The page as a tree; its root has no tag."""
    bouwer = _Bouwer()
    bouwer.feed(html)
    bouwer.close()
    return bouwer.pad[0]


@dataclass(frozen=True)
class Termijnregel:
    """A term as the page shows it: `uiterlijk` as written there, `rest` the words of its badge."""

    naam: str
    uiterlijk: str
    rest: str
    uitleg: str
    loopt: bool


@dataclass(frozen=True)
class Historieregel:
    """A line of history."""

    dag: str
    zin: str
    antwoorden: str
    door: str
    status: str


@dataclass(frozen=True)
class Kindregel:
    """A child traject on the page of its parent."""

    nummer: str
    route: str
    stap: str


class Pagina:
    """A page, read."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.wortel = knopen(html)

    @property
    def titel(self) -> str:
        return self.wortel.eerste("h1").tekst

    @property
    def badges(self) -> list[str]:
        """The badges beside the title."""
        return self.wortel.eerste(klasse="rk-titel__badges").teksten(klasse="rk-badge")

    @property
    def meldingen(self) -> list[str]:
        """Messages at the top and in the page."""
        return self.wortel.teksten(klasse="rk-melding")

    @property
    def fouten(self) -> list[str]:
        """The sentences of the error summary."""
        return self.wortel.met_id("foutoverzicht").teksten("li")

    @property
    def feiten(self) -> dict[str, str]:
        """Facts: under the title and in the card of answers."""
        paren = self.wortel.alle(klasse="rk-feiten__paar")
        return {paar.eerste("dt").tekst: paar.eerste("dd").tekst for paar in paren}

    @property
    def route(self) -> dict[str, str]:
        """The fasen of the drawn route with what is said below them."""
        stappen = self.wortel.alle(klasse="rk-stap")
        return {s.eerste(klasse="rk-stap__naam").tekst: s.eerste(klasse="rk-stap__toelichting").tekst for s in stappen}

    @property
    def knoppen(self) -> list[str]:
        """What may be recorded now."""
        return self.wortel.met_id("deel-volgende").teksten("a", "nl-button")

    @property
    def niet_nu(self) -> dict[str, list[str]]:
        """What may not be recorded now, with every reason."""
        items = self.wortel.alle("details", "rk-nietnu")
        return {item.eerste(klasse="rk-nietnu__naam").tekst: item.teksten("li") for item in items}

    @cached_property
    def termijnen(self) -> list[Termijnregel]:
        """The terms of the traject itself, running ones first."""
        kaart = self.wortel.met_id("deel-termijnen")
        eerder = {id(knoop) for knoop in kaart.eerste("details", "rk-meer").alle(klasse="rk-termijn")}
        eigen = [knoop for knoop in kaart.alle(klasse="rk-termijn") if not knoop.eerste(klasse="rk-termijn__van").tag]
        return [_term(knoop, id(knoop) not in eerder) for knoop in eigen]

    @property
    def kindtermijnen(self) -> list[tuple[str, Termijnregel]]:
        """The running terms of child trajecten, each with the words that say whose it is."""
        alle = [(k.eerste(klasse="rk-termijn__van").tekst, k) for k in self.wortel.alle(klasse="rk-termijn")]
        return [(van, _term(knoop, True)) for van, knoop in alle if van]

    def termijn(self, naam: str) -> Termijnregel:
        """The one term with this name."""
        gevonden = [t for t in self.termijnen if t.naam == naam]
        assert len(gevonden) == 1, f"{naam}: {gevonden or [t.naam for t in self.termijnen]}"
        return gevonden[0]

    @property
    def lopend(self) -> dict[str, str]:
        """The running terms with their last day."""
        return {t.naam: t.uiterlijk for t in self.termijnen if t.loopt}

    @property
    def geschiedenis(self) -> list[Historieregel]:
        """What happened, oldest first."""
        return [_line(knoop) for knoop in self.wortel.alle("li", "rk-tijdlijn__regel")][::-1]

    @property
    def regels(self) -> list[str]:
        """The lines of the table."""
        return self.wortel.eerste("tbody").teksten("tr")

    @property
    def kinderen(self) -> list[Kindregel]:
        """The child trajecten, latest first."""
        return [_child(knoop) for knoop in self.wortel.met_id("deel-kinderen").alle("li")]

    @property
    def formulier(self) -> Formulier:
        """The form of the page."""
        formulieren = [f for f in self.wortel.alle("form", "rk-formulier")]
        assert len(formulieren) == 1, f"{self.titel}: {len(formulieren)} forms"
        return Formulier(formulieren[0])


def _term(knoop: Knoop, loopt: bool) -> Termijnregel:
    return Termijnregel(
        naam=knoop.eerste(klasse="rk-termijn__naam").tekst,
        uiterlijk=knoop.eerste("time").tekst,
        rest=knoop.eerste(klasse="rk-badge").tekst,
        uitleg=" ".join(knoop.teksten("li")),
        loopt=loopt,
    )


def _line(knoop: Knoop) -> Historieregel:
    return Historieregel(
        dag=knoop.eerste("time").tekst,
        zin=knoop.eerste(klasse="rk-tijdlijn__zin").tekst,
        antwoorden=knoop.eerste(klasse="rk-tijdlijn__toelichting").tekst,
        door=knoop.eerste(klasse="rk-tijdlijn__wie").tekst,
        status=knoop.eerste(klasse="rk-badge").tekst,
    )


def _child(knoop: Knoop) -> Kindregel:
    link = knoop.eerste("a")
    return Kindregel(link["href"].rpartition("/")[2], link.tekst, knoop.eerste(klasse="rk-badge").tekst)


class Formulier:
    """A form: what it asks, what may be chosen, and what it already holds."""

    def __init__(self, knoop: Knoop) -> None:
        self._knoop = knoop
        self.keuzes = self._choices()

    @property
    def velden(self) -> set[str]:
        """The names of what can be filled in."""
        return {k["name"] for tag in ("input", "select", "textarea") for k in self._knoop.alle(tag) if k["name"]}

    @property
    def waarden(self) -> dict[str, str]:
        """What the form holds when it comes."""
        invoer = {k["name"]: k["value"] for k in self._knoop.alle("input") if k["type"] in ("hidden", "text")}
        return {**invoer, **self._selected()}

    def filled(self, antwoorden: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
        """What is sent after these answers: a choice is named by its code or by the words on the page."""
        if onbekend := set(antwoorden) - self.velden:
            raise AssertionError(f"the page does not ask {sorted(onbekend)}, but {sorted(self.velden)}")
        return {**self.waarden, **{naam: self._chosen(naam, wat) for naam, wat in antwoorden.items()}}

    def _chosen(self, naam: str, wat: str | list[str]) -> str | list[str]:
        if isinstance(wat, list):
            return [str(self._chosen(naam, deel)) for deel in wat]
        keuzes = self.keuzes.get(naam)
        if keuzes is None or wat in keuzes:
            return wat
        namen = {woorden: code for code, woorden in keuzes.items()}
        assert wat in namen, f"{naam}: {wat!r} is not among {keuzes}"
        return namen[wat]

    def _choices(self) -> dict[str, dict[str, str]]:
        gevonden = {
            s["name"]: {o["value"]: o.tekst for o in s.alle("option")} for s in self._knoop.alle("select") if s["name"]
        }
        labels = {label["for"]: label.tekst for label in self._knoop.alle("label")}
        for vak in self._knoop.alle("input"):
            if vak["type"] in ("radio", "checkbox"):
                gevonden.setdefault(vak["name"], {})[vak["value"]] = labels.get(vak["id"], "")
        return gevonden

    def _selected(self) -> dict[str, str]:
        """As a browser does: the option that is marked, else the first."""
        gekozen = {}
        for keuzelijst in self._knoop.alle("select"):
            opties = list(keuzelijst.alle("option"))
            gemerkt = [o for o in opties if "selected" in o.eigenschappen]
            gekozen[keuzelijst["name"]] = [*opties[:1], *gemerkt][-1]["value"]
        return gekozen
