"""Verify an auditor's parcel of Routekaart: Python 3.11 or newer, standard library only, nothing of Routekaart.

    python3 verify.py [FOLDER] [--key LINE]

FOLDER is where the parcel was unpacked; that of this file when left out. LINE is the public key, the line in
sleutel.txt, as you got it by another road than this parcel. A line for each thing that does not fit, and exit code 1.

Worked out anew, from the log alone:
1. CHAINS    each row has the hash that its content gives, and names the row before it
2. SEALS     the Merkle root (RFC 9162) over all rows at each seal, and the Ed25519 signature (RFC 8032) under it
3. MAPS      each map is the one that rows name by its fingerprint
4. WALKS     each step existed on the map of its time, from the stap in which the traject then stood
5. REPORTS   each fixed report is the one that was sealed; its figures of D5, D6, D9, D10 and O2 follow from the log
"""

import argparse
import json
import sys
from base64 import b64decode, b64encode
from collections import defaultdict
from datetime import date
from hashlib import sha256, sha512
from pathlib import Path

NOT_VERIFIED = """Not verified:
- that the log tells what happened: only that it was not changed since it was sealed
- when a seal was taken, and by whom: compare the seals with copies that were kept elsewhere, and give --key
- texts, names and amounts outside the log, guards, terms and rights: they are not in this parcel
- figures other than D5, D6, D9, D10 and O2, and these where they are split up further
- trajecten of which rows were blanked: their chains and leaves are, their walks and figures cannot be"""

HASHED = "traject_id volgnummer soort overgang van naar reden dag moment vastgelegd_op bron_vastgelegd_op routekaart"
HASHED = [*HASHED.split(), *["betreft_volgnummer", "na_volgnummer", "opdracht_id", "inhoud_hash", "vorige_hash"]]


# -- 1. Chains ---------------------------------------------------------------------------------------------------------


def row_hash(row):
    """SHA-256(0x00 || JSON of a version number and the fixed columns); of content only its hash takes part."""
    text = json.dumps([1, *(row[name] for name in HASHED)], ensure_ascii=False, separators=(",", ":"))
    return sha256(b"\0" + text.encode()).hexdigest()


def content_hash(row):
    """SHA-256(0x02 || salt || content); blanked content cannot be hashed, so its hash is taken as it stands."""
    if row["inhoud"] is None:
        return row["inhoud_hash"]
    return sha256(b"\2" + bytes.fromhex(row["zout"]) + row["inhoud"].encode()).hexdigest()


def check_chains(trajecten):
    """The rows of each traject are numbered from 1 without holes, and each names the hash of the one before."""
    for rows in trajecten.values():
        number, link = 0, None
        for row in rows:
            where = f"{row['nummer']}, gebeurtenis {row['volgnummer']}"
            if row["volgnummer"] != number + 1 or row["vorige_hash"] != link:
                yield f"chain: {where}: it does not follow the row before it"
            elif content_hash(row) != row["inhoud_hash"]:
                yield f"chain: {where}: its content is not what was recorded"
            elif row_hash(row) != row["hash"]:
                yield f"chain: {where}: it is not what was recorded"
            else:
                number, link = row["volgnummer"], row["hash"]
                continue
            break
        if any(r["inhoud"] is None for r in rows) and not any(r["soort"] == "vernietiging" for r in rows):
            yield f"chain: {rows[0]['nummer']}: content is gone without a vernietiging"


# -- 2. Seals ----------------------------------------------------------------------------------------------------------


def roots(leaves, sizes):
    """The Merkle root over the first n leaves, for each n asked: whole subtrees are kept, the largest first."""
    edge, found = [], {0: sha256(b"").digest()}
    for count, leaf in enumerate(leaves, 1):
        edge.append(leaf)
        for _ in range((count & -count).bit_length() - 1):
            right = edge.pop()
            edge.append(sha256(b"\1" + edge.pop() + right).digest())
        if count in sizes:
            top = edge[-1]
            for left in reversed(edge[:-1]):
                top = sha256(b"\1" + left + top).digest()
            found[count] = top
    return found


def read_seal(path):
    """A signed note: text, an empty line, then the signature as key id (4 bytes) and 64 bytes."""
    text, _, signature = path.read_text(encoding="utf-8").partition("\n\n")
    name, size, root, *rest = text.split("\n")
    fields = dict(line.split(" ", 1) for line in rest)
    raw = b64decode(signature.split()[-1])
    return {"text": text + "\n", "name": name, "size": int(size), "root": b64decode(root), **fields} | {
        "key": raw[:4],
        "signature": raw[4:],
    }


def check_seals(seals, leaves, key):
    """Each seal goes on from the one before, has the root of the log up to its size, and is signed with the key."""
    name, key_id, public = key.strip().split("+", 2)
    public = b64decode(public)
    if sha256(f"{name}\n".encode() + public).digest()[:4].hex() != key_id:
        yield "seal: the key is no public key of seals"
    found, before = roots(leaves, {seal["size"] for seal in seals}), None
    for number, seal in enumerate(seals, 1):
        if seal["zegel"] != str(number) or seal["vorige"] != (b64encode(before).decode() if before else "-"):
            yield f"seal: seal {number}: it does not go on from the one before"
        if found.get(seal["size"]) != seal["root"]:
            yield f"seal: seal {number}: the log up to there has another root"
        if seal["key"].hex() != key_id or not is_signed(public[1:], seal["text"].encode(), seal["signature"]):
            yield f"seal: seal {number}: its signature does not fit"
        before = seal["root"]
    if seals and seals[-1]["size"] != len(leaves):
        yield "seal: the log is not as long as the last seal says"


# Ed25519 (RFC 8032), on points (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME


def add(p, q):
    """The sum of two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * p[3] * q[3] * CURVE, 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(number, p):
    """A point added to itself so often."""
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, p)
        p, number = add(p, p), number >> 1
    return total


def point(raw):
    """The point of 32 bytes: y, and in the last bit which x; None when there is none."""
    y = int.from_bytes(raw, "little") & (1 << 255) - 1
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if x * x % PRIME != square or y >= PRIME or (x == 0 and raw[31] >> 7):
        return None
    if x & 1 != raw[31] >> 7:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


def is_signed(public, message, signature):
    """Whether s·B = R + k·A, for the signature R || s under the key A."""
    key, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    base = point((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))
    a, b = times(s, base), add(r, times(k, key))
    return (a[0] * b[2] - b[0] * a[2]) % PRIME == 0 and (a[1] * b[2] - b[1] * a[2]) % PRIME == 0


# -- 3. Maps -----------------------------------------------------------------------------------------------------------


def read_map(text):
    """Routes by code, each with its stappen and with its overgangen, starts too, by code."""
    routes = {}
    for code, route in json.loads(text)["routes"]:
        moves = dict(route["starten"]) | dict(route.get("overgangen", ()))
        is_main = not route.get("hoort_bij") and route["onderwerp"] != "organisatie"
        routes[code] = {"stappen": dict(route["stappen"]), "moves": moves, "is_main": is_main}
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
    for fact in facts:
        if fact["na_volgnummer"] is not None:
            places = [f["volgnummer"] for f in history]
            history.insert(places.index(fact["na_volgnummer"]) + 1, fact)
    return [fact for fact in history if fact["volgnummer"] not in gone]


def first_misstep(history, maps):
    """The first row that was not possible; None when all were."""
    here, back, before, has_left = None, None, None, False
    for fact in (f for f in history if f["soort"] != "samenvoeging"):
        route = maps[fact["routekaart"]][history[0]["inhoud"]["route"]]
        move = route["moves"].get(fact["overgang"])
        is_move = fact["soort"] in ("start", "overgang")
        if (before is None) != (fact["soort"] == "start") or (before and fact["dag"] < before["dag"]):
            return fact
        if is_move and (has_left or not leads(route, move, fact, here, back)):
            return fact
        has_left = "naar_traject" in fact["inhoud"]
        if fact["naar"] is not None:
            back = here if "einde" in route["stappen"][fact["naar"]] else back
            here = fact["naar"]
        before = fact
    return None


def leads(route, move, fact, here, back):
    """Whether an overgang goes from here to where the row says: `*` is every stap but an end, `vorige` the way back.

    Who splits off, was imported or moved begins where they stood (`ingang`); others where the map lets them begin.
    """
    if "ingang" in fact["inhoud"]:
        return fact["soort"] == "start" and fact["naar"] in route["stappen"]
    if move is None:
        return False
    goal = back if move.get("naar") == "vorige" else move.get("naar")
    anywhere = move.get("van") == "*" and "einde" not in route["stappen"][here]
    return fact["naar"] == goal and (fact["soort"] == "start" or anywhere or here in move.get("van", ()))


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


class Life:
    """What became of one traject: stays in stappen, in fasen and as a whole, mijlpalen, answers and people.

    A stay: place, fase, how it was entered, day and place in the history of its begin; then of its end. Entered by
    `heropend` is coming back from an end.
    """

    def __init__(self, history, maps):
        first = history[0]["inhoud"]
        self.route, self.gemeente = first["route"], first.get("gemeente")
        self.stays, self.phases, self.whole = [], [], []
        self.marks, self.answers, self.people = [], [], []
        self.maps, self.here = maps, None
        for at, fact in enumerate(history):
            self.live(at, fact)

    def live(self, at, fact):
        route, content = self.maps[fact["routekaart"]][self.route], fact["inhoud"]
        self.people += [[who, fact["dag"]] for kind, who in content.get("deelnemers", ()) if kind == "persoon"]
        for person in self.people:
            person[0] = content["naar"] if person[0] == content.get("van") else person[0]
        if "naar_traject" in content:
            self.close(at, fact, "splitsing", None)
            self.here = None
        elif fact["naar"] is not None and fact["soort"] in ("start", "overgang"):
            self.move(at, fact, route["stappen"])
        self.answers += [(name, fact["dag"], value) for name, value in content.get("invoer", {}).items()]
        labels = route["moves"].get(fact["overgang"], {}).get("labels", {})
        if fact["soort"] in ("start", "overgang") and "mijlpaal" in labels:
            self.marks.append((labels["mijlpaal"], fact["dag"], at))

    def move(self, at, fact, stappen):
        goal = stappen[fact["naar"]]
        was_end = self.here is not None and "einde" in stappen[self.here]
        entered = fact["inhoud"].get("ingang", "start") if self.here is None else "overgang"
        if self.here is not None and not was_end:
            self.close(at, fact, goal.get("einde", "door"), goal)
        if "einde" not in goal:
            for stays in (self.stays, self.phases, self.whole):
                if stays is self.stays or not stays or stays[-1]["until"] is not None:
                    stay = {"place": (self.route, fact["naar"]), "fase": goal["fase"], "from": fact["dag"], "at": at}
                    stays.append(stay | {"entered": "heropend" if was_end else entered, "until": None, "end": at})
        self.here = fact["naar"]

    def close(self, at, fact, how, goal):
        for stays in (self.stays, self.phases, self.whole):
            is_out = stays is self.stays or goal is None or "einde" in goal
            is_out = is_out or (stays is self.phases and stays[-1]["fase"] != goal["fase"])
            if is_out and stays and stays[-1]["until"] is None:
                to = (self.route, fact["naar"])
                stays[-1] |= {"until": fact["dag"], "end": at, "how": how, "to": to, "reden": fact["reden"]}

    def kind(self, stay, labels):
        """Which kind of arrangement: the answer on its first day to the question that the stap names; else the stap."""
        question = labels.get(stay["place"], {}).get("variant")
        given = [str(v) for name, day, v in self.answers if name == question and day <= stay["from"] and v is not None]
        return given[-1] if given else stay["place"][1]

    def came_back(self):
        return [stay for stay in self.whole if stay["entered"] == "heropend"]

    def is_clean(self, stay):
        """Whether the schone lei was given during this stay."""
        return any(mark == "schone_lei" and stay["at"] < at <= stay["end"] for mark, _, at in self.marks)


def count(rows, *splits, unique=None):
    """How many in all and in each part; of each how many rows, and how many of them are still open."""
    parts = {(): list(rows)}
    for columns in splits:
        for row in parts[()]:
            key = tuple(sorted((c, "" if row[c] is None else str(row[c])) for c in columns))
            parts.setdefault(key, []).append(row)
    return {
        key: (len({r[unique] for r in own} if unique else own), len(own), sum(bool(r.get("open")) for r in own))
        for key, own in parts.items()
    }


class Figures:
    """The figures over the days [first, end): a method for each indicator, which gives its figures by code.

    Places are found by what the map labels them: `telt` says what a stap counts as.
    """

    def __init__(self, lives, maps, first, end, gemeente):
        self.first, self.end = first, end
        routes = {code: route for routes in maps.values() for code, route in routes.items()}
        self.labels = {(r, s): stap.get("labels", {}) for r in routes for s, stap in routes[r]["stappen"].items()}
        self.chosen = [life for life in lives if gemeente in (None, life.gemeente) and life.whole]
        self.main = [life for life in self.chosen if routes[life.route]["is_main"]]
        self.over = [(life, stay) for life in self.main for stay in self.ended(life.stays)]

    def all(self):
        """Every figure, by code of indicator and figure."""
        found = {"D5": self.d5(), "D6": self.d6(), "D9": self.d9(), "D10": self.d10(), "O2": self.o2()}
        return {(code, name): figure for code, figures in found.items() for name, figure in figures.items()}

    def places(self, word):
        return {place for place, own in self.labels.items() if word in own.get("telt", "").split()}

    def begun(self, stays):
        """Those that began in the period: not by a split, an import, a migration or coming back."""
        return [s for s in stays if self.first <= s["from"] < self.end and s["entered"] in ("start", "overgang")]

    def ended(self, stays):
        return [s for s in stays if s["until"] is not None and self.first <= s["until"] < self.end]

    def is_open(self, stay):
        return stay["until"] is None or stay["until"] >= self.end

    def entries(self, word):
        """The stays that began in a stap that counts as this."""
        where = self.places(word)
        return [(life, s) for life in self.chosen for s in self.begun(life.stays) if s["place"] in where]

    def count_entries(self, word):
        return count([{"open": self.is_open(stay)} for _, stay in self.entries(word)])

    def by_kind(self, stays):
        return count([{"variant": life.kind(stay, self.labels)} for life, stay in stays], ("variant",))

    def d5(self):
        """Uitval and afwijzing: who left so, and who of those came back later. Phases that began, by how they ended."""
        figures = {}
        for how, undone in (("uitval", "herroepen"), ("afwijzing", "afwijzing_herroepen")):
            left = [(life, s) for life, s in self.over if s["how"] == how]
            back = [(life, s) for life, s in left if any(w["at"] > s["end"] for w in life.came_back())]
            for name, found in ((how, left), (undone, back)):
                rows = [{"fase": s["fase"], "stap": s["place"][1], "reden": s["reden"]} for _, s in found]
                figures[name] = count(rows, ("fase",), ("fase", "stap", "reden"))
        phases = [p for life in self.main for p in self.begun(life.phases)]
        rows = [{"fase": p["fase"], "uitkomst": self.outcome(p)} for p in phases]
        return figures | {"cohort": count(rows, ("fase",), ("fase", "uitkomst"))}

    def outcome(self, phase):
        if self.is_open(phase):
            return "open"
        return "uitval" if phase["how"] == "uitval" else "anders"

    def d6(self):
        """Stabilisaties that began, and those that ran at the end of the last day."""
        where = self.places("stabilisatie")
        stays = [s for life in self.chosen for s in life.stays if s["place"] in where and s["from"] < self.end]
        running = [{} for s in stays if self.is_open(s)]
        return {"gestart": self.count_entries("stabilisatie"), "lopend": count(running)}

    def d9(self):
        """Minnelijk: attempts that began, arrangements made, attempts that ended without one, arrangements finished."""
        attempts, made = (
            self.places("minnelijk_begonnen") | self.places("dwangakkoord"),
            self.places("minnelijk_lopend"),
        )
        after = self.places("nazorg")
        tried = [s for _, s in self.over if s["place"] in attempts and s["how"] != "splitsing"]
        failed = [{"klasse": s["how"]} for s in tried if s["to"] not in attempts | made]
        lasted = [(life, s) for life, s in self.over if s["place"] in made]
        return {
            "begonnen": self.count_entries("minnelijk_begonnen"),
            "tot_stand": self.by_kind(self.entries("minnelijk_lopend")),
            "niet_tot_stand": count(failed, ("klasse",)),
            "afgerond": self.by_kind([(life, s) for life, s in lasted if s["how"] == "succes" or s["to"] in after]),
        }

    def d10(self):
        """WSNP: verdicts, requests, requests for a dwangakkoord, and how it ended."""
        marks = [day for life in self.chosen for mark, day, _ in life.marks if mark == "dwangakkoord_verzoek"]
        ends = [(life, s) for life, s in self.over if s["place"] in self.places("wsnp_lopend")]
        results = [{"resultaat": "schone_lei" if life.is_clean(s) else s["how"]} for life, s in ends]
        return {
            "vonnissen": self.count_entries("wsnp_lopend"),
            "verzoeken": self.count_entries("wsnp_verzoek"),
            "dwangakkoord_verzoeken": count([{} for day in marks if self.first <= day < self.end]),
            "beeindigd": count(results, ("resultaat",)),
        }

    def o2(self):
        """Instroom: meldingen, the people in them on the first day, and first toelatingen."""
        begun = [life for life in self.main if life.whole[0]["entered"] == "start" and self.begun(life.whole[:1])]
        people = [{"who": who} for life in begun for who, day in life.people if day == life.whole[0]["from"]]
        admitted = [next((day for mark, day, _ in life.marks if mark == "toelating"), -1) for life in self.main]
        return {
            "meldingen": count([{} for _ in begun]),
            "personen": count(people, unique="who"),
            "toegelaten": count([{} for day in admitted if self.first <= day < self.end]),
        }


def day_number(text):
    """Days since 1970-01-01."""
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def check_reports(reports, seals, rows, maps):
    """Each report is signed by its seal, and its figures are those of the rows known then."""
    signed = {int(seal["zegel"]): seal for seal in seals if "rapport" in seal}
    for report in reports:
        name, seal = f"report: report {report['id']}", signed.pop(report["zegel"], None)
        if seal is None or sha256(report["resultaat"].encode()).hexdigest() != seal["rapport"]:
            yield f"{name}: it is not the one that seal {report['zegel']} signs"
            continue
        question, known = report["vraag"], rows[: seal["size"]]
        before = question["bekend"] if question["bekend"] is not None else report["bekend_tot"]
        lives = [Life(h, maps) for h in histories_of([r for r in known if r["vastgelegd_op"] < before]).values()]
        period = day_number(question["van"]), day_number(question["tot"])
        ours = Figures(lives, maps, *period, question["gemeente"]).all()
        yield from (f"{name}: {line}" for line in differences(json.loads(report["resultaat"]), ours))
    yield from (f"report: the report that seal {number} signs is missing" for number in signed)


def differences(result, ours):
    """Where a report says something else than the log: code, figure, part."""
    said = {}
    for indicator in result["indicatoren"]:
        for m in (m for m in indicator["metingen"] if "deel" not in m["uitsplitsing"]):
            key = tuple(sorted(m["uitsplitsing"].items()))
            said.setdefault((indicator["code"], m["maat"]), {})[key] = (m["waarde"], m["n"], m["open"])
    for code in said.keys() & ours.keys():
        for part in said[code].keys() | ours[code].keys():
            there, here = said[code].get(part), ours[code].get(part)
            if there != here:
                yield f"{'.'.join(code)} {dict(part) or ''}: it says {there}, the log gives {here} (value, n, open)"


# -- All together ------------------------------------------------------------------------------------------------------


def by_traject(rows):
    """The rows of each traject, in order of number."""
    found = defaultdict(list)
    for row in rows:
        found[row["traject_id"]].append(row)
    return {traject: sorted(own, key=lambda row: row["volgnummer"]) for traject, own in found.items()}


def histories_of(rows):
    """Dossier number -> effective history, of each traject that can be retold and was not withdrawn."""
    whole = [own for own in by_traject(rows).values() if all(row["inhoud"] is not None for row in own)]
    found = {own[0]["nummer"]: effective(own) for own in whole}
    return {name: history for name, history in found.items() if history and history[0]["soort"] == "start"}


def verify(folder, key=None):
    """Everything that does not fit, a line each, and how much there was."""
    rows = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((folder / "kaarten").glob("*.json"))}
    seals = [read_seal(path) for path in sorted((folder / "zegels").glob("zegel-*.txt"))]
    reports = [json.loads(p.read_text(encoding="utf-8")) for p in sorted((folder / "rapporten").glob("*.json"))]
    key = key or (folder / "zegels" / "sleutel.txt").read_text(encoding="utf-8")
    leaves = [bytes.fromhex(row_hash({**row, "inhoud_hash": content_hash(row)})) for row in rows]
    found = [*check_chains(by_traject(rows)), *check_seals(seals, leaves, key), *check_maps(texts, rows)]
    if not found:
        maps = {name: read_map(text) for name, text in texts.items()}
        found += [*check_walks(histories_of(rows), maps), *check_reports(reports, seals, rows, maps)]
    blank = sum(row["inhoud"] is None for row in rows)
    return found, f"{len(rows)} rows ({blank} blanked), {len(seals)} seals, {len(texts)} maps, {len(reports)} reports"


def main():
    parser = argparse.ArgumentParser(description="Verify an auditor's parcel of Routekaart.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--key", help="the public key as you got it by another road")
    asked = parser.parse_args()
    try:
        found, size = verify(asked.folder, asked.key)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        sys.exit(f"this parcel cannot be read: {type(error).__name__}: {error}")
    for line in found:
        print(line, file=sys.stderr)
    print(f"{size}: {'everything fits' if not found else f'{len(found)} do not fit'}\n\n{NOT_VERIFIED}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
