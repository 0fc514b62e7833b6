"""Invented people for the demo caseload.

Surnames are put together from parts, so that they look like names without being taken from any list. A BSN is from the
range 9999....., which is set apart for tests; most people have none. Postcodes are of post-office boxes, where nobody
lives, streets are in no town, and e-mail addresses end in .example.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from workflow.bsn import is_valid_bsn
from workflow.kalender import date_of
from workflow.kluis import tokens
from workflow.personen import Gegevens
from workflow.voorbeeld.loting import Loting

POSTBUSSEN = {"GM0935": "6200", "GM0917": "6400"}
"""Municipality -> the digits of its postcodes for post-office boxes."""

STRATEN = ("Voorbeeldstraat", "Verzinselweg", "Demolaan", "Proefplein", "Nergenshof", "Bedachte Gracht", "Oefenpad")
"""Streets that are in no town."""

PLAATSEN = {"GM0935": "Maastricht", "GM0917": "Heerlen"}

LETTERS = "ABCDEGHJKLMNPRTVWXZ"
EERSTE_BSN = 999_900_000
LEEFTIJDEN: Mapping[str, tuple[int, int]] = {"jongere": (18, 26), "oudere": (67, 84)}
LEEFTIJD = (23, 64)
ADRES = ("straat", "huisnummer", "postcode", "woonplaats")
GESLACHTEN = ("Vrouw", "Man")


@dataclass(frozen=True, slots=True)
class Namen:
    """Names of one origin: first names per geslacht, and the two parts of a surname."""

    taal: str
    vrouw: tuple[str, ...]
    man: tuple[str, ...]
    begin: tuple[str, ...]
    slot: tuple[str, ...]
    tussenvoegsels: tuple[str, ...] = ("",)


def _split(tekst: str) -> tuple[str, ...]:
    return tuple(tekst.split())


NAMEN: Mapping[str, Namen] = {
    "nederlands": Namen(
        "nl",
        _split("Anke Bente Chantal Daniëlle Esmee Femke Ingrid José Karin Lieke Marjan Nel Petra Sjan Tineke Wendy"),
        _split("Arno Bram Chris Dennis Erwin Frank Guus Harrie Jos Kevin Leon Math Paul Rob Sjef Twan Wiel"),
        _split("Aker Beuken Broek Damer Elzen Gras Heider Kers Lemmer Merk Plate Raam Schar Terver Varen Witter"),
        _split("beek bosch brand dal gracht hoven kamp mans mees radt rode stegen veld wijk"),
        ("", "", "", "van", "van der", "van den", "de"),
    ),
    "marokkaans": Namen(
        "ar",
        _split("Aïcha Fatima Hanan Ikram Khadija Latifa Naima Rachida Samira Yasmina"),
        _split("Abdel Bilal Driss Hamid Ismaïl Karim Mustapha Omar Rachid Youssef"),
        _split("Aza Bel Bou Cha Dah Ham Kar Mez Ouar Tal"),
        _split("zaoui douni khari hanni ridi mani louchi dadi sfouri gani"),
        ("", "", "El", "Ait", "Ben"),
    ),
    "turks": Namen(
        "tr",
        _split("Ayşe Derya Elif Emine Fatma Gülay Hatice Meryem Sevda Zeynep"),
        _split("Ahmet Burak Cem Emre Hasan İsmail Kemal Mehmet Osman Yusuf"),
        _split("Ak Bay Çel Demir Gök Kara Öz Sar Taş Yıl"),
        _split("can dağlı er gönül kaner oğlu soylu tekin turan yurt"),
    ),
    "pools": Namen(
        "pl",
        _split("Agata Beata Dorota Ewa Iwona Jolanta Katarzyna Magda Renata Zofia"),
        _split("Adam Dariusz Grzegorz Jacek Krzysztof Marek Paweł Rafał Tomasz Zbigniew"),
        _split("Bor Chmiel Dzie Gor Jab Kros Lub Mal Sob Wier"),
        _split("czak ewicz icki iński kowiak niak ocki owicz ski szczuk"),
    ),
    "surinaams": Namen(
        "nl",
        _split("Anjali Chandra Cynthia Gracia Indra Muriël Roshni Sandhia Shanti Urmila"),
        _split("Anil Dewi Glenn Imro Lloyd Orlando Ramon Ruben Stanley Winston"),
        _split("Baldew Bhag Eli Jagge Karam Mangal Pin Ram Soek Vreed"),
        _split("as dath doe khelawan lal mond nandan pal sar zorg"),
    ),
    "syrisch": Namen(
        "ar",
        _split("Amira Dima Hala Lina Maha Nour Rania Reem Salma Yara"),
        _split("Anas Fadi Hassan Jamal Khaled Majed Nabil Samer Tarek Ziad"),
        _split("Asw Hab Jab Kass Mar Naj Qab Sah Tah Zak"),
        _split("ani bour eddin ibi oukat oun rani shami umi wadi"),
        ("", "", "Al"),
    ),
    "italiaans": Namen(
        "it",
        _split("Antonella Carla Giulia Lucia Marisa Paola Rosa Silvana"),
        _split("Angelo Bruno Dario Franco Gino Luca Pietro Salvo"),
        _split("Bel Car Fior Gal Mar Pel Ros Ver"),
        _split("bellini donato elli etti ino isano one uzzi"),
    ),
}


class Bevolking:
    """Makes people, no two of the same name unless asked."""

    def __init__(self, loting: Loting, vandaag: int) -> None:
        self._loting = loting
        self._vandaag = date_of(vandaag)
        self._namen: set[tuple[str, ...]] = set()
        self._bsns = _test_bsns()

    def person(self, gemeente: str, doelgroep: str, herkomst: str) -> Gegevens:
        """Somebody new of this origin."""
        geslacht = self._loting.pick(GESLACHTEN)
        voornaam, tussenvoegsel, achternaam = self._name(NAMEN[herkomst], geslacht)
        return Gegevens(
            achternaam=achternaam,
            voornaam=voornaam,
            tussenvoegsel=tussenvoegsel,
            geboortedatum=self._born(doelgroep),
            geslacht=geslacht,
            bsn=next(self._bsns, "") if self._loting.hit("bsn") else "",
            postcode=POSTBUSSEN[gemeente] + self._loting.pick(LETTERS) + self._loting.pick(LETTERS),
            huisnummer=(nummer := str(self._loting.between(1, 240))),
            straat=STRATEN[int(nummer) % len(STRATEN)],
            woonplaats=PLAATSEN[gemeente],
            email=_address(voornaam, achternaam) if self._loting.between(1, 4) == 1 else "",
            taal=NAMEN[herkomst].taal,
        )

    def _name(self, namen: Namen, geslacht: str) -> tuple[str, str, str]:
        voornamen = namen.vrouw if geslacht == "Vrouw" else namen.man
        while True:
            achternaam = self._loting.pick(namen.begin) + self._loting.pick(namen.slot)
            naam = (self._loting.pick(voornamen), self._loting.pick(namen.tussenvoegsels), achternaam)
            if naam not in self._namen or len(self._namen) > 6_000:
                self._namen.add(naam)
                return naam

    def _born(self, doelgroep: str) -> str:
        jaren = self._loting.between(*LEEFTIJDEN.get(doelgroep, LEEFTIJD))
        dag = date(self._vandaag.year - jaren - 4, self._loting.between(1, 12), self._loting.between(1, 28))
        return dag.isoformat()


def at_home_with(gegevens: Gegevens, ander: Gegevens) -> Gegevens:
    """The same person at the address of somebody else."""
    return replace(gegevens, **{naam: getattr(ander, naam) for naam in ADRES})


def misheard(gegevens: Gegevens) -> Gegevens:
    """The same person as somebody else would enter them: a letter doubled, no first name in full, no BSN."""
    naam = gegevens.achternaam
    midden = len(naam) // 2
    return Gegevens(
        achternaam=naam[:midden] + naam[midden - 1] + naam[midden:],
        voornaam=gegevens.voornaam[:1],
        tussenvoegsel=gegevens.tussenvoegsel,
        geboortedatum=gegevens.geboortedatum,
        geslacht=gegevens.geslacht,
    )


def _address(voornaam: str, achternaam: str) -> str:
    return ".".join(deel for naam in (voornaam, achternaam) for deel in tokens(naam)) + "@post.example"


def _test_bsns() -> Iterator[str]:
    nummers = (str(nummer) for nummer in range(EERSTE_BSN, 1_000_000_000))
    return (nummer for nummer in nummers if is_valid_bsn(nummer))
