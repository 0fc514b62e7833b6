"""A file that somebody brings: it waits encrypted until they decide, so that what is taken in is what was shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from werkzeug.datastructures import FileStorage

from workflow.uitwisseling import wachtrij

WEG = "Dit bestand is er niet meer: het is al ingelezen, of het stond er langer dan een uur. Kies het opnieuw."


class BestandGeweigerd(Exception):
    """A file that cannot be taken in after all; its text is the Dutch sentence that says why."""


@dataclass(frozen=True, slots=True)
class Bestandsbalie:
    """The way of a file through a blueprint that has the pages `voorbeeld` and `beslis`.

    `terug` is the endpoint of the page where it was chosen, `niets` says that nothing came of it; `naam` is what the
    number of the file is called in an address, which takes its other parts from the request.
    """

    terug: str
    niets: str
    naam: str = "nummer"

    def take(self, bestand: FileStorage) -> Any:
        """Let a file that was uploaded wait, and go to the page that shows it."""
        nummer = wachtrij.put(bestand.stream.read(), g.medewerker.pseudoniem, self._purpose)
        return redirect(self._preview(nummer), 303)

    def _preview(self, nummer: str) -> str:
        return url_for(".voorbeeld", **(self._around | {self.naam: nummer}))

    @property
    def _around(self) -> dict[str, Any]:
        """The parts of the address of this request that say what the file is for."""
        return {deel: waarde for deel, waarde in (request.view_args or {}).items() if deel != self.naam}

    @property
    def _purpose(self) -> str:
        """What a file is for: this blueprint, with what its address says; it is of no use to any other page."""
        return "/".join([request.blueprint or "", *map(str, self._around.values())])

    def show(self, nummer: str, page: Callable[[str, bytes], Any]) -> Any:
        """The page about a waiting file, made from its number and content."""
        inhoud = wachtrij.get(nummer, g.medewerker.pseudoniem, self._purpose)
        return self._leave(WEG, "let_op") if inhoud is None else page(nummer, inhoud)

    def decide(self, nummer: str, take_in: Callable[[bytes], str]) -> Any:
        """Do what was chosen with a waiting file; `take_in` answers with what was done, or raises BestandGeweigerd."""
        if request.form.get("keuze") not in ("inlezen", "weggooien"):
            abort(400)
        inhoud = wachtrij.get(nummer, g.medewerker.pseudoniem, self._purpose)
        if inhoud is None:
            return self._leave(WEG, "let_op")
        if request.form["keuze"] == "inlezen":
            return self._take_in(nummer, inhoud, take_in)
        return self._done(nummer, f"Het bestand is weggegooid. {self.niets}", "info")

    def _take_in(self, nummer: str, inhoud: bytes, take_in: Callable[[bytes], str]) -> Any:
        try:
            return self._done(nummer, take_in(inhoud), "goed")
        except BestandGeweigerd as geweigerd:
            flash(f"{self.niets} {geweigerd}", "fout")
            return redirect(self._preview(nummer), 303)

    def _done(self, nummer: str, bericht: str, soort: str) -> Any:
        wachtrij.drop(nummer, g.medewerker.pseudoniem)
        return self._leave(bericht, soort)

    def _leave(self, bericht: str, soort: str) -> Any:
        flash(bericht, soort)
        return redirect(url_for(self.terug, **self._around), 303)


def in_counts(eerst: str, geteld: Mapping[str, int], uitkomsten: Mapping[str, tuple[str, str]]) -> str:
    """What was taken in, and how much had another outcome."""
    rest = [f"{uitkomsten[code][0].lower()}: {n}" for code, n in geteld.items() if n]
    return "; ".join([eerst, *rest]) + "."
