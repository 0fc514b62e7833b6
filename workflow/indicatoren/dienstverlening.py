"""Effectieve dienstverlening: waits, routes, lead times, drop-out, arrangements, referrals and complaints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select

from workflow.indicatoren.begrippen import Ambitie, Herkomst, Indicator, OpRoute, OpStap, Rij, eis
from workflow.indicatoren.bronnen import (
    FASEDUREN,
    GEEINDIGD,
    INGEGAAN,
    INGEGAAN_DOOR,
    LOPEND,
    MIJLPALEN,
    VERTREK,
    Regelbron,
    Tabelbron,
    of_gemeente,
)
from workflow.indicatoren.hulp import (
    AAN_ZET,
    BESLUITEN,
    EIGEN_LEVENSDUUR,
    GEEN,
    IN_BEHANDELING,
    LEVENSDUUR,
    OP_PEILDATUM,
    STARTEN,
    STILSTAND,
    TOEGELATEN,
    VERSIES,
    WSNP_EINDE,
    kind_of_help,
)
from workflow.indicatoren.maten import Duur, Mediaan, Som, Telling, Verhouding
from workflow.indicatoren.mensen import (
    PAREN,
    PERSONEN_IN_BEHANDELING,
    PERSONEN_MET_BUDGETBEHEER,
    PERSONEN_MET_PAAR,
)
from workflow.indicatoren.opgaven import Opgavedeel
from workflow.indicatoren.regels import ANTWOORDEN
from workflow.indicatoren.wachten import BEREIKT, CRISISWACHTEN, REGULIER, TERMIJNEN, WACHTEN, answer

if TYPE_CHECKING:
    from workflow.indicatoren.kader import Kader

STAP, TRAJECT = eis("niveau", "stap"), eis("niveau", "traject")
INGANG = eis("ingang", *INGEGAAN_DOOR)
HOOFD, BUDGETBEHEER = OpRoute("hoofdroute"), OpRoute("budgetbeheer")


def _referrals(kader: Kader) -> Iterator[Rij]:
    """Per verwijzing die in de periode begon: naar een partner toe (uit), of van een partner (in)."""
    for kind in kader.kinderen("verwijzing"):
        if kind.van in kader.vraag.periode and kind.ingang in INGEGAAN_DOOR:
            yield kind.traject_id, kind.van, answer(kader, kind.traject_id, "richting") or GEEN


def _attempts(kader: Kader) -> Iterator[Rij]:
    """Per poging tot een minnelijke regeling die in de periode eindigde zonder dat er een regeling kwam.

    Een splitsing is geen einde; een poging die via de rechter doorging telt één keer.
    """
    poging = kader.wegwijzer.stappen("minnelijk_begonnen") | kader.wegwijzer.stappen("dwangakkoord")
    gelukt = kader.wegwijzer.stappen("minnelijk_lopend")
    for regel in kader.actueel:
        for staat, volgende in zip(regel.staten, [*regel.staten[1:], None], strict=False):
            if staat.plek not in poging or staat.tot not in kader.vraag.periode:
                continue
            verder = volgende is not None and volgende.plek in poging | gelukt
            if not (verder and staat.klasse == "door") and staat.klasse != "splitsing":
                yield regel.traject_id, staat.tot, str(staat.klasse)


def _finished(kader: Kader) -> Iterator[Rij]:
    """Per minnelijke regeling die in de periode werd afgerond, met nazorg of een einde met succes: de soort."""
    plekken, nazorg = kader.wegwijzer.stappen("minnelijk_lopend"), kader.wegwijzer.stappen("nazorg")
    for regel in kader.actueel:
        for staat, volgende in zip(regel.staten, [*regel.staten[1:], None], strict=False):
            if staat.plek not in plekken or staat.tot not in kader.vraag.periode:
                continue
            verder = volgende is not None and volgende.plek in nazorg
            if staat.klasse == "succes" or (staat.klasse == "door" and verder):
                yield (
                    regel.traject_id,
                    staat.tot,
                    kind_of_help(kader, regel.traject_id, staat.plek, staat.van),
                )


def _complaints(kader: Kader) -> Select[Any]:
    """Klachten that were received in the period, with the gemeente that they are of."""
    v, periode, routes = kader.tabel("verblijf"), kader.vraag.periode, kader.wegwijzer.routes("klacht")
    return select(v.c.traject_id, v.c.van_dag.label("dag"), v.c.gemeente).where(
        *(v.c.niveau == "traject", v.c.route.in_(sorted(routes)), v.c.ingang.in_(INGEGAAN_DOOR)),
        *(v.c.van_dag >= periode.van, v.c.van_dag < periode.tot, *of_gemeente(kader, v)),
    )


def _judged_complaints(kader: Kader) -> Iterator[Rij]:
    """Per klacht die in de periode werd afgehandeld: met welke uitkomst."""
    uitkomsten = kader.wegwijzer.uitkomsten
    for kind in kader.kinderen("klacht"):
        if kind.tot in kader.vraag.periode:
            yield kind.traject_id, kind.tot, uitkomsten.get((kind.route, kind.naar or ""), GEEN)


POGINGEN = Regelbron("pogingen", ("klasse",), _attempts)
AFGERONDE_REGELINGEN = Regelbron("afgeronde_regelingen", ("variant",), _finished, ANTWOORDEN)
KLACHTEN_PER_GEMEENTE = Tabelbron("klachten_per_gemeente", ("gemeente",), _complaints)
AFGEHANDELD = Regelbron("afgehandeld", ("uitkomst",), _judged_complaints)
VERWIJZINGEN = Regelbron("verwijzingen", ("richting",), _referrals, ANTWOORDEN)

D1_TERMIJN = Telling("over", "Termijn voorbij", TERMIJNEN, (eis("soort_termijn", "wettelijk"),), per=((), ("soort",)))
KLACHTEN = Telling(
    "klachten", "Klachten over schuldhulp", INGEGAAN, (TRAJECT, OpRoute("klacht"), INGANG), eenheid="klachten"
)


def _on_time(code: str, naam: str, kolom: str) -> Verhouding:
    goed = Telling("op_tijd", "Op tijd", TERMIJNEN, (*D1_TERMIJN.waar, eis(kolom, "ja")), per=D1_TERMIJN.per)
    return Verhouding(code, naam, goed, D1_TERMIJN)


def _entries(code: str, naam: str, label: str, per: tuple[tuple[str, ...], ...] = ((),)) -> Telling:
    return Telling(code, naam, INGEGAAN, (STAP, OpStap(label), INGANG), per=per)


def _stock(code: str, naam: str, label: str) -> Telling:
    return Telling(code, naam, LOPEND, (STAP, OpStap(label)))


def _begun_by_kind(code: str, naam: str, label: str) -> Telling:
    return Telling(code, naam, STARTEN, (OpStap(label), eis("is_ingang", "ja")), per=((), ("variant",)))


def _exit(code: str, naam: str, klasse: str, herroepen: str | None = None) -> Telling:
    waar = (HOOFD, eis("klasse", klasse), *((eis("herroepen", herroepen),) if herroepen else ()))
    return Telling(code, naam, VERTREK, waar, per=((), ("fase",), ("fase", "stap", "reden")))


def _pairs(code: str, naam: str, stabilisatie: str) -> Telling:
    per = ((), ("ligging",), ("van_soort", "naar_soort", "ligging"))
    return Telling(code, naam, PAREN, (eis("stabilisatie", stabilisatie),), per=per, eenheid="paren")


ALLE = (
    Indicator(
        "D0",
        "Routekaart voor uitvoerders en cliënten",
        Ambitie.DIENSTVERLENING,
        (
            "De versie van de routekaart waarop trajecten in de periode begonnen, en het deel op een "
            "vastgestelde versie."
        ),
        "trajecten",
        Herkomst.LOG,
        (
            Telling("versies", "Begonnen per versie", VERSIES, per=((), ("versie",))),
            Verhouding(
                "op_bekende_versie",
                "Op een vastgestelde versie",
                Telling("bekend", "Op een vastgestelde versie", VERSIES, (eis("is_bekend", "ja"),)),
                Telling("versies", "Begonnen", VERSIES),
            ),
        ),
        ("Een traject blijft op de versie waarop het begon, tenzij het is overgezet.",),
    ),
    Indicator(
        "D1",
        "Termijn klantcontact na binnenkomst melding",
        Ambitie.DIENSTVERLENING,
        (
            "Dagen van de melding tot het eerste contact, de eerste aangeboden dag en het eerste gesprek, van "
            "trajecten die in de periode begonnen; en het deel binnen de wettelijke termijn, alleen van de termijnen "
            "die aan het einde van de periode voorbij zijn: een termijn die nog loopt telt niet, ook niet als het "
            "gesprek er al was."
        ),
        "dagen",
        Herkomst.LOG,
        (
            Duur("eerste_contact", "Tot eerste contact", WACHTEN, (BEREIKT,), (eis("doel", "eerste_contact"),)),
            Duur("aangeboden", "Tot aangeboden dag", WACHTEN, (BEREIKT,), (eis("doel", "aangeboden"),)),
            Duur(
                "eerste_gesprek",
                "Tot eerste gesprek, zonder crisis",
                WACHTEN,
                (BEREIKT,),
                (eis("doel", "eerste_gesprek"), eis("soort", REGULIER)),
            ),
            Duur(
                "crisis_eerste_gesprek", "Tot eerste gesprek bij crisis", CRISISWACHTEN, (BEREIKT,), eenheid="werkdagen"
            ),
            _on_time("binnen_termijn", "Eerste gesprek binnen de wettelijke termijn", "op_tijd"),
            _on_time("aangeboden_binnen_termijn", "Aangeboden binnen de wettelijke termijn", "aangeboden_op_tijd"),
        ),
        (
            "Een telefoontje is nog geen eerste gesprek.",
            "Crisis telt apart, in werkdagen.",
            "Na een vroegsignaal telt de wet vanaf de ontvangst van het signaal.",
        ),
    ),
    Indicator(
        "D2",
        "SHV-trajecten in relatie tot MESIS-profiel",
        Ambitie.DIENSTVERLENING,
        (
            "Trajecten die in de periode werden toegelaten, naar het laatste profiel tot en met die dag, het eerste "
            "instrument erna en hoe het nu staat."
        ),
        "trajecten",
        Herkomst.LOG,
        (
            Telling(
                "toegelaten",
                "Toegelaten",
                TOEGELATEN,
                per=(
                    (),
                    ("profiel",),
                    ("route_gekozen",),
                    ("profiel", "route_gekozen"),
                    ("profiel", "route_gekozen", "uitkomst"),
                ),
            ),
        ),
        ("Zonder MESIS is een eigen groep.", "Kleine aantallen: let op herleidbaarheid."),
    ),
    Indicator(
        "D3",
        "Soorten SHV-trajecten",
        Ambitie.DIENSTVERLENING,
        (
            "Lopende trajecten op de laatste dag van de periode naar hun laatste instrument, en de "
            "instrumenten die in de periode begonnen."
        ),
        "trajecten",
        Herkomst.LOG,
        (
            Telling("instrument_op_peildatum", "Op de peildatum", OP_PEILDATUM, per=((), ("instrument",))),
            Telling(
                "instrument_gestart",
                "Begonnen in de periode",
                STARTEN,
                (eis("begint_instrument", "ja"),),
                per=((), ("instrument",)),
            ),
        ),
        ("Een traject met twee instrumenten staat op de peildatum een keer, en bij begonnen twee keer.",),
    ),
    Indicator(
        "D4",
        "Doorlooptijden",
        Ambitie.DIENSTVERLENING,
        (
            "Dagen van de melding tot einde met succes, van het eerste gesprek tot toelating, en per fase tot "
            "vertrek, van wat in de periode begon; gevolgd tot het einde van de periode. En van de stappen die in de "
            "periode begonnen: hoeveel dagen wie aan zet was."
        ),
        "dagen",
        Herkomst.LOG,
        (
            Duur("traject", "Melding tot einde met succes", LEVENSDUUR, ("succes",)),
            Duur("traject_zonder_opschorting", "Idem, zonder opschorting", EIGEN_LEVENSDUUR, ("succes",)),
            Duur("gesprek_tot_toelating", "Eerste gesprek tot toelating", BESLUITEN, (BEREIKT,)),
            Duur("fase", "Tijd in een fase", FASEDUREN, None, (HOOFD, INGANG), per=((), ("fase",))),
            Som("wacht_dagen", "Dagen naar wie aan zet is", AAN_ZET, "dagen", per=((), ("partij",))),
            Telling("opgeschort_dagen", "Dagen opgeschort", STILSTAND, eenheid="dagen", van_trajecten="traject"),
        ),
        (
            "Het gemiddelde van wie klaar is, is te gunstig: wie nog bezig is telt hier mee.",
            "Vertrek op een andere manier is een andere uitkomst, geen lange duur.",
            "De cliënt is aan zet zolang stukken zijn gevraagd, en in DFD zolang de MESIS zegt dat een regeling nog "
            "niet kan; schuldeisers vanaf het voorstel tot de laatste reactie; de rechtbank vanaf het verzoek tot het "
            "vonnis. Wat overblijft is eigen werk.",
        ),
        met_fasenboek=True,
    ),
    Indicator(
        "D5",
        "Tussentijdse uitval in de verschillende fasen",
        Ambitie.DIENSTVERLENING,
        (
            "Trajecten die in de periode eindigden als uitval, naar de fase en stap waarin zij toen waren; "
            "waarvan later herroepen. En van de fasen die in de periode begonnen: hoe zij eindigden."
        ),
        "trajecten",
        Herkomst.LOG,
        (
            _exit("uitval", "Uitval", "uitval"),
            _exit("herroepen", "Waarvan later herroepen", "uitval", "ja"),
            _exit("afwijzing", "Afwijzingen", "afwijzing"),
            _exit("afwijzing_herroepen", "Waarvan later herroepen", "afwijzing", "ja"),
            Telling(
                "cohort",
                "Fasen die begonnen, naar afloop",
                FASEDUREN,
                (HOOFD, INGANG),
                ((), ("fase",), ("fase", "uitkomst")),
                eenheid="fasen",
            ),
        ),
        (
            "Afwijzing, verhuizing en overlijden zijn geen uitval.",
            "Het cohort van kort geleden heeft nog weinig tijd gehad: open is geen succes.",
        ),
        met_fasenboek=True,
    ),
    Indicator(
        "D6",
        "Stabilisatieregelingen",
        Ambitie.DIENSTVERLENING,
        "Stabilisaties die in de periode begonnen, en die op de laatste dag liepen.",
        "regelingen",
        Herkomst.LOG,
        (
            replace(_entries("gestart", "Begonnen", "stabilisatie"), eenheid="regelingen"),
            replace(_stock("lopend", "Lopend", "stabilisatie"), eenheid="regelingen"),
        ),
        ("Wie terugkeert in stabilisatie telt opnieuw.",),
    ),
    Indicator(
        "D7",
        "Betalingsregelingen",
        Ambitie.DIENSTVERLENING,
        (
            "Betalingsregelingen (100 % terugbetalen) die in de periode begonnen, herfinanciering apart, en "
            "die op de laatste dag liepen."
        ),
        "regelingen",
        Herkomst.LOG,
        (
            replace(_begun_by_kind("gestart", "Begonnen", "betalingsregeling"), eenheid="regelingen"),
            replace(_stock("lopend", "Lopend", "betalingsregeling"), eenheid="regelingen"),
        ),
    ),
    Indicator(
        "D8",
        "Budgetbeheer per variant",
        Ambitie.DIENSTVERLENING,
        (
            "Pakketten budgetbeheer per variant: lopend op de laatste dag, nieuw in de periode, wissels, "
            "beëindigd, en de personen."
        ),
        "pakketten",
        Herkomst.LOG,
        (
            Telling("lopend", "Lopend", LOPEND, (STAP, BUDGETBEHEER), per=((), ("stap",)), eenheid="pakketten"),
            Telling("nieuw", "Nieuw", INGEGAAN, (STAP, BUDGETBEHEER, INGANG), per=((), ("stap",)), eenheid="pakketten"),
            Telling("gestart", "Begonnen met budgetbeheer", INGEGAAN, (TRAJECT, BUDGETBEHEER, INGANG)),
            Telling(
                "wissels",
                "Wissels van variant",
                GEEINDIGD,
                (STAP, BUDGETBEHEER, eis("klasse", "door")),
                per=((), ("stap", "naar")),
                eenheid="wissels",
            ),
            Telling("beeindigd", "Beëindigd", GEEINDIGD, (TRAJECT, BUDGETBEHEER), per=((), ("klasse",))),
            Telling(
                "clienten",
                "Personen met budgetbeheer",
                PERSONEN_MET_BUDGETBEHEER,
                uniek="persoon",
                eenheid="personen",
            ),
        ),
        ("Een wissel van variant is een nieuw pakket, maar voor het CBS dezelfde periode.",),
    ),
    Indicator(
        "D9",
        "Minnelijke trajecten",
        Ambitie.DIENSTVERLENING,
        (
            "Minnelijke voorbereidingen die in de periode begonnen, regelingen die tot stand kwamen, pogingen "
            "die zonder regeling eindigden, en regelingen die werden afgerond."
        ),
        "trajecten",
        Herkomst.LOG,
        (
            _entries("begonnen", "Begonnen", "minnelijk_begonnen"),
            _begun_by_kind("tot_stand", "Tot stand gekomen", "minnelijk_lopend"),
            Telling("niet_tot_stand", "Niet tot stand gekomen", POGINGEN, per=((), ("klasse",))),
            Telling(
                "afgerond",
                "Afgerond",
                AFGERONDE_REGELINGEN,
                per=((), ("variant",)),
            ),
        ),
        ("Begonnen is nog niet tot stand gekomen.",),
    ),
    Indicator(
        "D10",
        "WSNP-trajecten",
        Ambitie.DIENSTVERLENING,
        (
            "Toelatingen tot de WSNP door de rechter in de periode; verzoeken en verzoeken om een dwangakkoord "
            "apart; en WSNP-trajecten die eindigden, met en zonder schone lei."
        ),
        "trajecten",
        Herkomst.LOG,
        (
            _entries("vonnissen", "Vonnissen", "wsnp_lopend"),
            _entries("verzoeken", "Verzoeken", "wsnp_verzoek"),
            Telling(
                "dwangakkoord_verzoeken",
                "Verzoeken om een dwangakkoord",
                MIJLPALEN,
                (eis("mijlpaal", "dwangakkoord_verzoek"),),
                eenheid="verzoeken",
            ),
            Telling("beeindigd", "Geëindigd", WSNP_EINDE, per=((), ("resultaat",))),
        ),
        ("Een WSNP-traject begint bij het vonnis, ook als de rechter de termijn eerder laat ingaan.",),
    ),
    Indicator(
        "D11",
        "Opeenvolgende regelingen",
        Ambitie.DIENSTVERLENING,
        (
            "Paren van regelingen van een persoon na elkaar, waarvan de tweede in de periode begon: zonder en "
            "met stabilisatie; teruggekeken wordt over het hele log."
        ),
        "paren",
        Herkomst.LOG,
        (
            _pairs("paren", "Paren zonder stabilisatie", "zonder"),
            _pairs("paren_met_stabilisatie", "Paren met stabilisatie", "met"),
            Telling(
                "personen",
                "Personen",
                PERSONEN_MET_PAAR,
                (eis("stabilisatie", "zonder"),),
                uniek="persoon",
                eenheid="personen",
            ),
            Mediaan(
                "dagen_ertussen",
                "Dagen ertussen",
                PAREN,
                "dagen_ertussen",
                (eis("stabilisatie", "zonder"),),
                eenheid="dagen",
            ),
        ),
        ("Binnen een traject, over trajecten heen en na een splitsing staan apart.",),
    ),
    Indicator(
        "D12",
        "Verwijzingen en samenwerkingen",
        Ambitie.DIENSTVERLENING,
        (
            "Verwijzingen naar en van partners die in de periode begonnen, die in de periode aankwamen, en "
            "samenwerkingen die begonnen."
        ),
        "verwijzingen",
        Herkomst.LOG,
        (
            Telling(
                "verwijzingen",
                "Verwijzingen",
                VERWIJZINGEN,
                per=((), ("richting",)),
                eenheid="verwijzingen",
            ),
            Telling(
                "aangekomen",
                "Aangekomen",
                GEEINDIGD,
                (TRAJECT, OpRoute("verwijzing"), eis("klasse", "succes")),
                eenheid="verwijzingen",
            ),
            Telling(
                "samenwerkingen",
                "Samenwerkingen",
                INGEGAAN,
                (TRAJECT, OpRoute("samenwerking"), INGANG),
                eenheid="samenwerkingen",
            ),
        ),
        ("Verwezen is nog niet aangekomen.",),
    ),
    Indicator(
        "D13",
        "Geregistreerde klachten over schuldhulp bij Kredietbank Limburg",
        Ambitie.DIENSTVERLENING,
        (
            "Klachten over schuldhulp die in de periode werden ontvangen, per 100 trajecten die op enige dag "
            "liepen en per 100 personen daarin; en de gegronde. Het deel van alle klachten: wat de Kredietbank over "
            "schuldhulp opgaf (teller) van al haar klachten (noemer), over dezelfde gemeenten en hele perioden; wat "
            "zij niet allebei opgaf, blijft weg, en het aantal uit het log staat ernaast."
        ),
        "klachten",
        Herkomst.BEIDE,
        (
            KLACHTEN,
            Verhouding(
                "per_100_trajecten",
                "Per 100 trajecten in behandeling",
                KLACHTEN,
                Telling("behandeld", "Trajecten in behandeling", IN_BEHANDELING),
                eenheid="per 100",
            ),
            Verhouding(
                "per_100_clienten",
                "Per 100 personen in behandeling",
                KLACHTEN,
                Telling("personen", "Personen in behandeling", PERSONEN_IN_BEHANDELING, uniek="persoon"),
                eenheid="per 100",
            ),
            Opgavedeel(
                "aandeel_kbl",
                "Deel van alle klachten bij de Kredietbank",
                "D13",
                "klachten_shv",
                "klachten_kbl",
                KLACHTEN_PER_GEMEENTE,
            ),
            Telling("gegrond", "Gegrond", AFGEHANDELD, (eis("uitkomst", "gegrond"),), eenheid="klachten"),
        ),
        ("De noemer is een keuze: hij staat erbij.", "Cijfers uit het log en van KBL worden nooit opgeteld."),
    ),
)
