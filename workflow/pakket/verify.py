"""Verify an auditor's parcel of Routekaart: Python 3.11 or newer, standard library only, nothing of Routekaart.

    python3 verify.py [FOLDER] [--key LINE]...

FOLDER is where the parcel was unpacked; that of this file when left out. LINE is the public key, the line in
sleutel.txt, as you got it by another road than this parcel; a later key follows from the seal in which that one names
it, and is asked only when that one was lost. A line for each thing that does not fit, and exit code 1.

Beside it stand reading.py (the files), seals.py (rows, notes and signatures) and figures.py (the figures of reports).

Worked out anew, from the log alone:
1. CHAINS    each row has the hash that its content gives, and names the row before it; dossier numbers follow from them
2. SEALS     the Merkle root (RFC 9162) over all rows at each seal, the Ed25519 signature (RFC 8032) under it, and that
             each row was recorded between two seals
3. MAPS      each map is the one that rows name by its fingerprint
4. WALKS     each step existed on the map of its time, from the stap in which the traject then stood
5. REPORTS   each fixed report is the one that was sealed; its figures of D5, D6, D9, D10 and O2 follow from the log
"""

import argparse
import json
import sys
from base64 import b64encode
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))  # python3 -I leaves it out
from figures import figures
from reading import Unreadable, read_parcel
from seals import BROKEN, LOST, content_hash, is_signed_by, leaf, node, parse, plain, read_key, row_hash

NOT_VERIFIED = """Not verified:
- that this program is the real one: of a parcel that others had in hand, name the folder to a copy of your own
- that the log tells what happened: only that it was not changed since it was sealed
- when a seal was taken, by whom, and whether later ones were left out: compare the last one, and give --key
- whether a key was really lost, where a seal says so
- texts, names and amounts outside the log, guards, terms and rights: they are not in this parcel
- figures other than D5, D6, D9, D10 and O2, and these where they are split up further"""

MINUTE = 60_000_000
HOUR = 60 * MINUTE
START = datetime(1970, 1, 1, tzinfo=UTC)
"""In microseconds. Amsterdam is an hour ahead of UTC, two in summer, and a clock may be two minutes off."""


# -- 1. Chains ---------------------------------------------------------------------------------------------------------


def fault(row, number, before):
    """Rows are numbered from 1 without holes, name the hash of the one before, and have the hashes that they say.

    They are recorded after the one before and not before their day, and nothing removes content as yet.
    """
    link, moment = (before["hash"], before["vastgelegd_op"]) if before else (None, 0)
    if row["volgnummer"] != number or row["vorige_hash"] != link:
        return "it does not follow the row before it"
    if content_hash(row) != row["inhoud_hash"]:
        return "its content is not what was recorded"
    if row_hash(row) != row["hash"]:
        return "it is not what was recorded"
    if not max(moment, row["dag"] * 24 * HOUR - 2 * HOUR - 2 * MINUTE) <= row["vastgelegd_op"]:
        return "it was recorded before its day, or before the row before it"
    if row["inhoud"] is None or row["soort"] == "vernietiging":
        return "its content is gone, or is said to be, and nothing removes any"
    return None


def check_chains(trajecten):
    """The first row of each traject that does not fit."""
    for rows in trajecten.values():
        for number, (before, row) in enumerate(zip([None, *rows], rows, strict=False), 1):
            if what := fault(row, number, before):
                yield f"chain: {row['nummer']}, gebeurtenis {row['volgnummer']}: {what}"
                break


def check_numbers(trajecten, maps):
    """A dossier number is the prefix of the route, the year of the first row and the number of the traject."""
    for traject_id, rows in trajecten.items():
        first = rows[0]
        prefix = maps[first["routekaart"]][parse(first["inhoud"])["route"]]["voorvoegsel"]
        moments = (START + timedelta(microseconds=first["vastgelegd_op"] + HOUR + late) for late in (0, 2 * MINUTE))
        if not {row["nummer"] for row in rows} <= {f"{prefix}-{moment.year}-{traject_id:05}" for moment in moments}:
            yield f"number: {first['nummer']}: by the log traject {traject_id} has another number"


# -- 2. Seals ----------------------------------------------------------------------------------------------------------


def roots(leaves, sizes):
    """The Merkle root over the first n leaves, for each n asked: whole subtrees are kept, the largest first."""
    edge, found = [], {0: sha256(b"").digest()}
    for count, last in enumerate(leaves, 1):
        edge.append(last)
        for _ in range((count & -count).bit_length() - 1):
            right = edge.pop()
            edge.append(node(edge.pop(), right))
        if count in sizes:
            found[count] = edge[-1]
            for left in reversed(edge[:-1]):
                found[count] = node(left, found[count])
    return found


def check_seals(seals, leaves, keys):
    """Each seal goes on from the one before, has the root of the log up to its size, and is signed with the key.

    That is a known key for the first one, then the `opvolger` that a seal names; after a loss again one that is known.
    """
    found, before, key = roots(leaves, {seal["size"] for seal in seals}), "-", None
    for number, seal in enumerate(seals, 1):
        if (seal["zegel"], seal["vorige"]) != (str(number), before):
            yield f"seal: seal {number}: it does not go on from the one before"
        if found.get(seal["size"]) != seal["root"]:
            yield f"seal: seal {number}: the log up to there has another root"
        if key is None or LOST in seal:
            key = keys.get(seal["key"])
        if key is None or not is_signed_by(seal, key):
            yield f"seal: seal {number}: its signature does not fit, or nobody knows key {seal['key']}"
        if "opvolger" in seal:
            key = key and read_key(seal["opvolger"])
        before = b64encode(seal["root"]).decode()


def microseconds(text):
    """A moment, since 1970 in UTC."""
    return (datetime.fromisoformat(text) - START) // timedelta(microseconds=1)


def check_moments(seals, rows):
    """Each row was recorded after the seal before the one that first covers it, and before that one.

    So nobody puts in a row under an old moment. Clocks may be two minutes off.
    """
    before, covered = 0, 0
    for seal in seals:
        made = microseconds(seal["gemaakt"])
        for row in rows[covered : seal["size"]]:
            if not before - 2 * MINUTE <= row["vastgelegd_op"] <= made + 2 * MINUTE:
                where = f"{row['nummer']}, gebeurtenis {row['volgnummer']}"
                yield f"seal: {where}: seal {seal['zegel']} is the first to cover it, it was recorded at another time"
        before, covered = made, max(covered, seal["size"])


def check_length(seals, leaves):
    """The last seal covers the whole log."""
    if not seals:
        yield "seal: there is none, so nothing here is proven"
    elif seals[-1]["size"] != len(leaves):
        yield "seal: the log is not as long as the last seal says"


# -- 3. Maps -----------------------------------------------------------------------------------------------------------


def read_map(text):
    """Routes by code, each with its stappen and with its overgangen, starts too, by code."""
    routes = {}
    for code, route in parse(text)["routes"]:
        moves = dict(route["starten"]) | dict(route.get("overgangen", ()))
        is_main = not route.get("hoort_bij") and route["onderwerp"] != "organisatie"
        routes[code] = {"stappen": dict(route["stappen"]), "moves": moves, "is_main": is_main}
        routes[code]["voorvoegsel"] = route["voorvoegsel"]
    return routes


def check_maps(texts, rows):
    """Each map has the fingerprint by which rows name it, and none is missing."""
    for name, text in texts.items():
        if sha256(text.encode()).hexdigest() != name:
            yield f"map: {name}: its content is not what its fingerprint says"
    yield from (f"map: {name}: it is missing" for name in sorted({row["routekaart"] for row in rows} - set(texts)))


# -- 4. Walks ----------------------------------------------------------------------------------------------------------


def effective(rows):
    """The rows that stand, in the order in which they were so: by day, then by number.

    An intrekking takes a row out, unless it was withdrawn itself; a verbetering gives a row another day or other
    answers; a row with `na_volgnummer` comes right after that row.
    """
    gone, facts = set(), {row["volgnummer"]: {**row, "inhoud": json.loads(row["inhoud"])} for row in rows}
    for row in reversed(rows):
        if row["soort"] == "intrekking" and row["volgnummer"] not in gone:
            gone.add(row["betreft_volgnummer"])
    for row in list(facts.values()):
        if row["soort"] == "verbetering" and row["volgnummer"] not in gone:
            fact, new = facts[row["betreft_volgnummer"]], row["inhoud"]["verbetert"]
            fact["dag"] = new.get("dag", fact["dag"])
            fact["inhoud"]["invoer"] = {**fact["inhoud"].get("invoer", {}), **new.get("invoer", {})}
    facts = [fact for fact in facts.values() if fact["soort"] not in ("intrekking", "verbetering")]
    history = sorted((f for f in facts if f["na_volgnummer"] is None), key=lambda f: (f["dag"], f["volgnummer"]))
    for fact in (f for f in facts if f["na_volgnummer"] is not None):
        places = [f["volgnummer"] for f in history]
        history.insert(places.index(fact["na_volgnummer"]) + 1, fact)
    return [fact for fact in history if fact["volgnummer"] not in gone]


def first_misstep(history, maps):
    """The first row that was not possible; None when all were."""
    here, back, before, on_map = None, None, None, None
    for fact in (f for f in history if f["soort"] != "samenvoeging"):
        route = maps[fact["routekaart"]][history[0]["inhoud"]["route"]]
        if not follows(fact, before, here, on_map) or not leads(route, fact, here, back):
            return fact
        if fact["naar"] is not None:
            back = here if "einde" in route["stappen"][fact["naar"]] else back
            here = fact["naar"]
        before, on_map = fact, fact["routekaart"] if fact["soort"] in ("start", "overgang", "migratie") else on_map
    return None


def follows(fact, before, here, on_map):
    """Whether it starts a traject, or comes after the fact before it: on the same map, unless that changes from here.

    After `naar_traject` there are no steps: the household split, and the traject goes on elsewhere.
    """
    if before is None or fact["soort"] == "start":
        return before is None and fact["soort"] == "start"
    if fact["soort"] == "overgang" and (fact["routekaart"] != on_map or "naar_traject" in before["inhoud"]):
        return False
    left = here if fact["soort"] != "migratie" or fact["naar"] is None else None
    return fact["dag"] >= before["dag"] and fact["inhoud"].get("van_stap", left) == here


def leads(route, fact, here, back):
    """Whether the map leads from here to where a step says: `*` is every stap but an end, `vorige` the way back.

    Who splits off or was imported begins where they stood (`ingang`), others where the map lets them begin.
    """
    if fact["soort"] not in ("start", "overgang") or "ingang" in fact["inhoud"]:
        return True
    move = route["moves"].get(fact["overgang"])
    if move is None:
        return False
    goal = back if move.get("naar") == "vorige" else move.get("naar")
    anywhere = fact["soort"] == "start" or (move.get("van") == "*" and "einde" not in route["stappen"][here])
    return fact["naar"] == goal and (anywhere or here in move.get("van", ()))


def check_walks(histories, maps):
    """Each history is a walk on its maps."""
    for name, history in histories.items():
        try:
            fact = first_misstep(history, maps)
        except (KeyError, TypeError, ValueError, IndexError):
            yield f"walk: {name}: it makes no sense on its map"
        else:
            if fact:
                yield f"walk: {name}, gebeurtenis {fact['volgnummer']}: this was not possible then"


# -- 5. Reports --------------------------------------------------------------------------------------------------------


def day_number(text):
    """Days since 1970-01-01."""
    return (date.fromisoformat(text) - START.date()).days


def check_reports(reports, seals, rows, maps):
    """Each report is signed by its seal, and its figures are those of the rows known then (figures.py)."""
    signed = {int(seal["zegel"]): seal for seal in seals if "rapport" in seal}
    for report in reports:
        name, seal = f"report: report {report['id']}", signed.pop(report["zegel"], None)
        if seal is None or sha256(report["resultaat"].encode()).hexdigest() != seal["rapport"]:
            yield f"{name}: it is not the one that seal {report['zegel']} signs"
            continue
        result = parse(report["resultaat"])
        question, until = result["vastgesteld"]["vraag"], result["vastgesteld"]["bekend_tot"]
        before = question["bekend"] if question["bekend"] is not None else until
        histories = histories_of([row for row in rows[: seal["size"]] if row["vastgelegd_op"] < before]).values()
        days = day_number(question["van"]), day_number(question["tot"])
        ours = figures(histories, maps, result["gemaakt"]["routekaarten"], *days, question["gemeente"])
        yield from (f"{name}: {line}" for line in differences(result, ours))
    yield from (f"report: the report that seal {number} signs is missing" for number in signed)


def differences(result, ours):
    """Where a report says something else than the log: code, figure, part."""
    said = defaultdict(dict)
    for indicator in result["indicatoren"]:
        for m in (m for m in indicator["metingen"] if "deel" not in m["uitsplitsing"]):
            key = tuple(sorted(m["uitsplitsing"].items()))
            said[indicator["code"], m["maat"]][key] = (m["waarde"], m["n"], m["open"])
    for code in said.keys() & ours.keys():
        for part in said[code].keys() | ours[code].keys():
            there, here = said[code].get(part), ours[code].get(part)
            if there != here:
                yield f"{'.'.join(code)} {dict(part) or ''}: it says {there}, the log gives {here} (value, n, open)"


# -- All together ------------------------------------------------------------------------------------------------------


def by_traject(rows):
    """The rows of each traject, in order of number."""
    found = defaultdict(list)
    for row in sorted(rows, key=lambda row: row["volgnummer"]):
        found[row["traject_id"]].append(row)
    return found


def histories_of(rows):
    """Dossier number -> effective history, of each traject that was not withdrawn."""
    found = {own[0]["nummer"]: effective(own) for own in by_traject(rows).values()}
    return {name: history for name, history in found.items() if history and history[0]["soort"] == "start"}


def verify(folder, lines=None):
    """What does not fit, a line each, and how much there was. Nothing is said of what rests on what does not fit."""
    rows, maps, seals, reports, keys = read_parcel(folder, lines)
    found = [*check_chains(by_traject(rows)), *check_maps(maps, rows)]
    leaves = [leaf(row) for row in rows]
    found += [*check_seals(seals, leaves, keys), *check_moments(seals, rows), *check_length(seals, leaves)]
    routes = {} if found else {name: read_map(text) for name, text in maps.items()}
    found = found or [*check_numbers(by_traject(rows), routes), *check_walks(histories_of(rows), routes)]
    found = found or list(check_reports(reports, seals, rows, routes))
    counted = f"{len(rows)} rows, {len(seals)} seals, {len(maps)} maps, {len(reports)} reports"
    counted += "".join(f", key lost before seal {seal['zegel']}" for seal in seals if LOST in seal)
    return found, counted, compare_with(seals)


def compare_with(seals):
    """The last seal, its root as screens and as its file say it: whoever drops it drops what it covers."""
    if not seals:
        return "Compare: there is no seal"
    last = seals[-1]
    root = f"{last['root'].hex()}, in its file {b64encode(last['root']).decode()}"
    return f"Compare this seal with your own copy: zegel {last['zegel']}, gemaakt {last['gemaakt']}, root {root}"


def main():
    parser = argparse.ArgumentParser(description="Verify an auditor's parcel of Routekaart.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--key", action="append", help="a public key as you got it by another road")
    asked = parser.parse_args()
    try:
        found, size, last = verify(asked.folder, asked.key)
    except Unreadable as error:
        sys.exit(plain(f"this parcel cannot be read: {error}"))
    except BROKEN as error:
        sys.exit(plain(f"this parcel cannot be verified: {type(error).__name__}: {error}"))
    for line in found:
        print(plain(line), file=sys.stderr)
    print(f"{size}: {'everything fits' if not found else f'{len(found)} do not fit'}\n{plain(last)}\n\n{NOT_VERIFIED}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
