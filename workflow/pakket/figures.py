"""The figures of D5, D6, D9, D10 and O2 from histories: verify.py compares them with those of fixed reports.

In: the facts of each traject that stand, in order, and the maps. Out: of each figure how many, in all and in each part.
Places are known by what the map labels them: `telt` are the words that a stap counts as. Which maps have a say in that
stands in the report, the last word last.
"""


# -- What became of a traject ------------------------------------------------------------------------------------------


def moves_of(facts):
    """What brought a traject somewhere: `how` is `door` to a stap, else what the end is called, or `splitsing`.

    Of each fact its place in the history, and the route on the map of its time.
    """
    for at, fact, route in facts:
        has_left = "naar_traject" in fact["inhoud"]
        if fact["naar"] is None and not has_left:
            continue
        goal = {"einde": "splitsing"} if has_left else route["stappen"][fact["naar"]]
        move = {"at": at, "day": fact["dag"], "stap": fact["naar"], "fase": goal.get("fase"), "reden": fact["reden"]}
        yield move | {"how": goal.get("einde", "door"), "entered": fact["inhoud"].get("ingang", fact["soort"])}


def stays_of(moves, goes_on):
    """From each move until the next that does not go on in the same stay, by the stap before it and the move."""
    stays, here = [], None
    for move in moves:
        is_stap = move["how"] == "door"
        if here and not (is_stap and goes_on(here, move)):
            stays[-1] |= {"until": move["day"], "end": move["at"], "how": move["how"]}
            stays[-1] |= {"to": move["stap"], "reden": move["reden"]}
        if is_stap and not (here and goes_on(here, move)):
            entered = "heropend" if stays and not here else move["entered"]
            stays.append(move | {"entered": entered, "until": None, "how": None})
        here = move if is_stap else None
    return stays


class Life:
    """Of one traject its stays in stappen, in fasen and as a whole, its mijlpalen, its answers and its people."""

    def __init__(self, history, maps):
        first = history[0]["inhoud"]
        self.history, self.route, self.gemeente = history, first["route"], first.get("gemeente")
        facts = [(at, fact, maps[fact["routekaart"]][self.route]) for at, fact in enumerate(history)]
        moves = list(moves_of(facts))
        self.stays = stays_of(moves, lambda here, move: move["entered"] == "migratie" and move["stap"] == here["stap"])
        self.phases = stays_of(moves, lambda here, move: move["fase"] == here["fase"])
        self.whole = stays_of(moves, lambda here, move: True)
        labels = [(at, route["moves"].get(fact["overgang"], {}).get("labels", {})) for at, fact, route in facts]
        self.marks = [(own["mijlpaal"], at) for at, own in labels if "mijlpaal" in own]

    def days_of(self, mark):
        """The days of a mijlpaal."""
        return [self.history[at]["dag"] for name, at in self.marks if name == mark]

    def is_clean(self, stay):
        """Whether the schone lei was given during this stay."""
        return any(name == "schone_lei" and stay["at"] < at <= stay["end"] for name, at in self.marks)

    def came_back(self, stay):
        """Whether it was entered from an end after this stay."""
        return any(whole["entered"] == "heropend" and whole["at"] > stay["end"] for whole in self.whole)

    def answer(self, question, stay):
        """The last answer to a question by the first day of a stay; None when there is none."""
        facts = [fact["inhoud"].get("invoer", {}) for fact in self.history if fact["dag"] <= stay["day"]]
        given = [str(answers[question]) for answers in facts if answers.get(question) is not None]
        return given[-1] if given else None

    def people(self):
        """Who joined on the first day, by the name that they have now: a samenvoeging gives another."""
        contents = [fact["inhoud"] for fact in self.history if fact["dag"] == self.history[0]["dag"]]
        people = [who for own in contents for kind, who in own.get("deelnemers", ()) if kind == "persoon"]
        for new in (fact["inhoud"] for fact in self.history if fact["soort"] == "samenvoeging"):
            people = [new["naar"] if who == new["van"] else who for who in people]
        return people


# -- Counting ----------------------------------------------------------------------------------------------------------


def count(rows, *splits, is_open=None):
    """In all, and in each part by the columns of a split: how many, of how many rows, how many of them still open."""
    parts = {(): list(rows)}
    for columns in splits:
        for row in parts[()]:
            key = tuple(sorted((name, "" if row[name] is None else str(row[name])) for name in columns))
            parts.setdefault(key, []).append(row)
    return {key: (len(own), len(own), sum(map(is_open, own)) if is_open else 0) for key, own in parts.items()}


class Period:
    """The days [first, end), and the trajecten of one gemeente or of all that are counted over them."""

    def __init__(self, lives, maps, first, end, gemeente):
        self.first, self.end, self.routes = first, end, {}
        for code, route in (item for routes in maps for item in routes.items()):
            stappen = self.routes.get(code, {}).get("stappen", {}) | route["stappen"]
            self.routes[code] = route | {"stappen": stappen}
        self.lives = [life for life in lives if gemeente in (None, life.gemeente) and life.whole]
        self.main = [life for life in self.lives if self.routes[life.route]["is_main"]]
        self.over = [(life, stay) for life in self.main for stay in life.stays if self.has(stay["until"])]

    def has(self, day):
        """Whether a day, if there is one, lies in it."""
        return day is not None and self.first <= day < self.end

    def is_open(self, stay):
        """Whether a stay went on after the last day."""
        return stay["until"] is None or stay["until"] >= self.end

    def begun(self, stays):
        """Those that began in it: not by a split, an import, a migratie or coming back."""
        return [stay for stay in stays if self.has(stay["day"]) and stay["entered"] in ("start", "overgang")]

    def label(self, life, stap, name="telt"):
        """A label of a stap, by the last map that knows it."""
        return self.routes[life.route]["stappen"].get(stap, {}).get("labels", {}).get(name, "")

    def is_as(self, life, stap, *words):
        """Whether a stap counts as one of these words."""
        return not set(words).isdisjoint(self.label(life, stap).split())

    def entries(self, word):
        """The stays that began in a stap that counts as this."""
        return [(life, s) for life in self.lives for s in self.begun(life.stays) if self.is_as(life, s["stap"], word)]

    def count_entries(self, word):
        """How many they are."""
        return count([stay for _, stay in self.entries(word)], is_open=self.is_open)

    def by_variant(self, stays):
        """By the kind of arrangement: the answer to the question that the stap names, else the stap."""
        answers = [life.answer(self.label(life, stay["stap"], "variant"), stay) or stay["stap"] for life, stay in stays]
        return count([{"variant": answer} for answer in answers], ["variant"])


# -- The figures -------------------------------------------------------------------------------------------------------


def figures(histories, maps, names, first, end, gemeente):
    """Every figure, by code of indicator and figure: of all and of each part (value, n, open).

    `names` are those of the maps whose labels count.
    """
    lives = [Life(history, maps) for history in histories]
    period = Period(lives, [maps[name] for name in names], first, end, gemeente)
    found = {"D5": d5(period), "D6": d6(period), "D9": d9(period), "D10": d10(period), "O2": o2(period)}
    return {(code, name): figure for code, own in found.items() for name, figure in own.items()}


def d5(period):
    """Uitval and afwijzing, and who of those came back later. Phases that began, by how they ended."""
    found = {}
    for how, undone in (("uitval", "herroepen"), ("afwijzing", "afwijzing_herroepen")):
        left = [(life, stay) for life, stay in period.over if stay["how"] == how]
        found[how] = count([stay for _, stay in left], ["fase"], ["fase", "stap", "reden"])
        back = [stay for life, stay in left if life.came_back(stay)]
        found[undone] = count(back, ["fase"], ["fase", "stap", "reden"])
    phases = [phase for life in period.main for phase in period.begun(life.phases)]
    rows = [{**phase, "uitkomst": outcome(period, phase)} for phase in phases]
    return found | {"cohort": count(rows, ["fase"], ["fase", "uitkomst"])}


def outcome(period, phase):
    """What is told of a phase."""
    if period.is_open(phase):
        return "open"
    return "uitval" if phase["how"] == "uitval" else "anders"


def d6(period):
    """Stabilisaties that began, and those that ran at the end of the last day."""
    stays = [stay for life in period.lives for stay in life.stays if period.is_as(life, stay["stap"], "stabilisatie")]
    running = [stay for stay in stays if stay["day"] < period.end and period.is_open(stay)]
    return {"gestart": period.count_entries("stabilisatie"), "lopend": count(running)}


def d9(period):
    """Minnelijk: attempts that began, arrangements made, attempts that ended without one, arrangements finished."""
    attempt, made = ("minnelijk_begonnen", "dwangakkoord"), "minnelijk_lopend"
    tried = [(a, s) for a, s in period.over if period.is_as(a, s["stap"], *attempt) and s["how"] != "splitsing"]
    failed = [{"klasse": s["how"]} for a, s in tried if not period.is_as(a, s["to"], *attempt, made)]
    lasted = [(a, s) for a, s in period.over if period.is_as(a, s["stap"], made)]
    done = [(a, s) for a, s in lasted if s["how"] == "succes" or period.is_as(a, s["to"], "nazorg")]
    return {
        "begonnen": period.count_entries("minnelijk_begonnen"),
        "tot_stand": period.by_variant(period.entries(made)),
        "niet_tot_stand": count(failed, ["klasse"]),
        "afgerond": period.by_variant(done),
    }


def d10(period):
    """WSNP: verdicts, requests, requests for a dwangakkoord, and how it ended."""
    asked = [day for life in period.lives for day in life.days_of("dwangakkoord_verzoek") if period.has(day)]
    ended = [(life, stay) for life, stay in period.over if period.is_as(life, stay["stap"], "wsnp_lopend")]
    results = [{"resultaat": "schone_lei" if life.is_clean(stay) else stay["how"]} for life, stay in ended]
    return {
        "vonnissen": period.count_entries("wsnp_lopend"),
        "verzoeken": period.count_entries("wsnp_verzoek"),
        "dwangakkoord_verzoeken": count(asked),
        "beeindigd": count(results, ["resultaat"]),
    }


def o2(period):
    """Instroom: meldingen, the people in them (each once), and first toelatingen."""
    begun = [a for a in period.main if a.whole[0]["entered"] == "start" and period.begun(a.whole[:1])]
    people = [who for life in begun for who in life.people()]
    admitted = [life for life in period.main if period.has(next(iter(life.days_of("toelating")), None))]
    return {
        "meldingen": count(begun),
        "personen": {(): (len(set(people)), len(people), 0)},
        "toegelaten": count(admitted),
    }
