"""Check a proof about the log of Routekaart: Python 3.11 or newer, standard library only, nothing of Routekaart.

    python3 seals.py PROOF --key LINE...

PROOF is the JSON file that you were given. LINE is the public key, the line in sleutel.txt, as you got it by another
road; give both when the key changed between two seals. Says in a line what is proven and exits with 0, or what does
not fit, and exits with 1. There are two kinds:
- inclusion    a row of the log stands under a seal, as it was when that seal was taken
- consistency  the log under a seal begins with all that stood under an earlier one, unchanged

This is also what verify.py is built on: strict JSON, rows and leaves, signed notes, trees (RFC 9162) and signatures
(RFC 8032).
"""

import argparse
import json
import sys
from base64 import b64decode, b64encode
from hashlib import sha256, sha512
from pathlib import Path

NAME = "routekaart"
LOST = "vorige-sleutel-kwijt"
"""What a seal says, with its own public key, when the key that should have signed it was lost."""

HASHED = "traject_id volgnummer soort overgang van naar reden dag moment vastgelegd_op bron_vastgelegd_op routekaart"
HASHED = [*HASHED.split(), *["betreft_volgnummer", "na_volgnummer", "opdracht_id", "inhoud_hash", "vorige_hash"]]

ALWAYS = ("traject_id", "volgnummer", "dag", "vastgelegd_op")
NUMBERS = (*ALWAYS, "moment", "bron_vastgelegd_op", "betreft_volgnummer", "na_volgnummer")
ROW = {name: (str, type(None)) for name in ("nummer", "inhoud", "zout", "hash", *HASHED)}
ROW |= {name: (int, type(None)) for name in NUMBERS} | {name: (int,) for name in ALWAYS} | {"nummer": (str,)}
"""Each name that a row has, no other, and of which kinds its value may be."""

BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What reading raises on what is not as it should be."""


# -- Strict JSON, and text that can be shown ---------------------------------------------------------------------------


def pairs(found):
    """An object of JSON in which no name stands twice."""
    if len(dict(found)) != len(found):
        raise ValueError("a name stands in it twice")
    return dict(found)


def parse(text, shape=None):
    """What a text of JSON says; with a shape an object of exactly these names and kinds."""
    value = json.loads(text, object_pairs_hook=pairs)
    return value if shape is None else shaped(value, shape)


def shaped(value, shape):
    """An object, when it has exactly these names and kinds. Raises ValueError."""
    if set(value) != set(shape):
        raise ValueError(f"other names than it should have: {', '.join(sorted(set(value) ^ set(shape)))}")
    for name, kinds in shape.items():
        if type(value[name]) not in kinds:
            raise ValueError(f"{name} is of another kind")
    return value


def plain(text):
    """A text as any terminal shows it, on one line: what may move the cursor is written out, for strangers wrote it."""
    return "".join(sign if " " <= sign <= "~" else ascii(sign)[1:-1] for sign in text)


# -- Rows and leaves ---------------------------------------------------------------------------------------------------


def row_hash(row):
    """SHA-256(0x00 || JSON of a version number and the fixed columns); of content only its hash takes part."""
    text = json.dumps([1, *(row[name] for name in HASHED)], ensure_ascii=False, separators=(",", ":"))
    return sha256(b"\0" + text.encode()).hexdigest()


def content_hash(row):
    """SHA-256(0x02 || salt || content); blanked content cannot be hashed, so its hash is taken as it stands."""
    if row["inhoud"] is None:
        return row["inhoud_hash"]
    return sha256(b"\2" + bytes.fromhex(row["zout"]) + row["inhoud"].encode()).hexdigest()


def leaf(row):
    """The leaf of a row: its hash, with that of its content worked out anew."""
    return bytes.fromhex(row_hash({**row, "inhoud_hash": content_hash(row)}))


# -- Trees -------------------------------------------------------------------------------------------------------------


def node(left, right):
    """The hash of two subtrees together."""
    return sha256(b"\1" + left + right).digest()


def split(size):
    """How many leaves stand in the left subtree: the largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def root_by(path, leaf, index, size):
    """The root of a tree of this size, from a leaf and the subtrees beside its way up (RFC 9162, 2.1.3).

    Raises ValueError for a path that is too long or too short.
    """
    if size == 1:
        () = path
        return leaf
    (*path, beside), left = path, split(size)
    if index < left:
        return node(root_by(path, leaf, index, left), beside)
    return node(beside, root_by(path, leaf, index - left, size - left))


def roots_by(path, earlier, size, was):
    """The roots over the first `earlier` leaves and over all, from a path (RFC 9162, 2.1.4); `was` is the earlier root.

    It stands in the path itself where the first leaves do not begin the tree (`was` is None). Raises ValueError.
    """
    if earlier == size:
        (both,) = path if was is None else (was, *path)
        return both, both
    (*path, beside), left = path, split(size)
    if earlier <= left:
        old, new = roots_by(path, earlier, left, was)
        return old, node(new, beside)
    old, new = roots_by(path, earlier - left, size - left, None)
    return node(beside, old), node(beside, new)


# -- Notes -------------------------------------------------------------------------------------------------------------


def read_seal(note):
    """A signed note: text, an empty line, then the signature as key id (4 bytes) and 64 bytes. Raises ValueError."""
    text, _, signature = note.partition("\n\n")
    name, size, root, *rest = text.split("\n")
    raw = b64decode(signature.split()[-1])
    if name != NAME or note != f"{text}\n\n— {NAME} {b64encode(raw).decode()}\n":
        raise ValueError("it is no signed note")
    if len({line.split(" ", 1)[0] for line in rest}) != len(rest):
        raise ValueError("it says something twice")
    signed = {"text": text + "\n", "key": raw[:4].hex(), "signature": raw[4:]}
    return dict(line.split(" ", 1) for line in rest) | signed | {"size": int(size), "root": b64decode(root)}


def read_key(line):
    """A public key: NAME+ID+KEY, of which the id follows from the rest. Raises ValueError."""
    name, key_id, public = line.strip().split("+", 2)
    public = b64decode(public)
    named = sha256(f"{NAME}\n".encode() + public).digest()[:4].hex()
    if (name, key_id, public[:1], len(public)) != (NAME, named, b"\1", 33):
        raise ValueError("the key is no public key of seals")
    return {"id": key_id, "public": public[1:]}


def is_signed_by(seal, key):
    """Whether the signature under a seal is by this key."""
    return seal["key"] == key["id"] and is_signed(key["public"], seal["text"].encode(), seal["signature"])


# -- Signatures -----------------------------------------------------------------------------------------------------

# Ed25519 (RFC 8032): points (x, y) of the curve -x² + y² = 1 + CURVE·x²·y², numbers modulo PRIME.
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME


def add(p, q):
    """The sum of two points."""
    (x, y), (v, w) = p, q
    part = CURVE * x * v * y * w
    return (x * w + v * y) * pow(1 + part, -1, PRIME) % PRIME, (y * w + x * v) * pow(1 - part, -1, PRIME) % PRIME


def times(number, p):
    """A point added to itself so often."""
    if number == 0:
        return 0, 1
    rest = times(number // 2, add(p, p))
    return add(rest, p) if number % 2 else rest


def point(raw):
    """The point of 32 bytes: y, and in the last bit whether x is odd; None when there is none."""
    is_odd, y = divmod(int.from_bytes(raw, "little"), 1 << 255)
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    root = pow(square, (PRIME + 3) // 8, PRIME)
    for x in (root, root * pow(2, (PRIME - 1) // 4, PRIME) % PRIME):
        if x * x % PRIME == square and y < PRIME and (x or not is_odd):
            return (x if x % 2 == is_odd else PRIME - x), y
    return None


def is_signed(public, message, signature):
    """Whether s·B = R + k·A, for the signature R || s under the key A."""
    key, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    base = point((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little"))
    return times(s, base) == add(r, times(k, key))


# -- Proofs ------------------------------------------------------------------------------------------------------------


def check_inclusion(proof, keys):
    """What an inclusion proof proves. Raises ValueError when it does not."""
    seal, row, index = read_seal(proof["seal"]), shaped(proof["row"], ROW), proof["leaf"]
    if index not in range(seal["size"]):
        raise ValueError("there is no such leaf under the seal")
    if root_by(map(bytes.fromhex, proof["path"]), leaf(row), index, seal["size"]) != seal["root"]:
        raise ValueError("the row is not the one that was sealed")
    if (row["inhoud_hash"], row["hash"]) != (content_hash(row), leaf(row).hex()):
        raise ValueError("the row names another hash than it has")
    which = f"gebeurtenis {row['volgnummer']} of traject {row['traject_id']}"
    left_out = ", without its content," if row["inhoud"] is None else ""
    return f"{which}{left_out} is row {index + 1} under {named(seal, keys)}"


def check_consistency(proof, keys):
    """What a consistency proof proves. Raises ValueError when it does not."""
    earlier, later = read_seal(proof["earlier"]), read_seal(proof["later"])
    if not 1 <= earlier["size"] <= later["size"]:
        raise ValueError("the earlier seal covers no rows, or more than the later")
    found = roots_by(map(bytes.fromhex, proof["path"]), earlier["size"], later["size"], earlier["root"])
    if found != (earlier["root"], later["root"]):
        raise ValueError("the log under the later seal does not begin with that under the earlier")
    return f"the rows under {named(earlier, keys)} are the first of those under {named(later, keys)}"


def named(seal, keys):
    """A seal, when one of the keys signed it. Raises ValueError when none did."""
    if not any(is_signed_by(seal, key) for key in keys):
        raise ValueError(f"seal {seal['zegel']} is not signed with this key")
    return f"seal {seal['zegel']} (made {seal['gemaakt']}, {seal['size']} rows)"


INCLUSION = {"proof": (str,), "row": (dict,), "leaf": (int,), "path": (list,), "seal": (str,)}
CONSISTENCY = {"proof": (str,), "path": (list,), "earlier": (str,), "later": (str,)}
KINDS = {"inclusion": (check_inclusion, INCLUSION), "consistency": (check_consistency, CONSISTENCY)}
"""How each kind is checked, and what it looks like."""


def check(text, keys):
    """What a proof proves. Raises one of BROKEN when it does not."""
    proof = parse(text)
    prove, shape = KINDS[proof["proof"]]
    return prove(shaped(proof, shape), keys)


def main():
    parser = argparse.ArgumentParser(description="Check a proof about the log of Routekaart.")
    parser.add_argument("proof", type=Path)
    parser.add_argument("--key", required=True, action="append", help="a public key as you got it by another road")
    asked = parser.parse_args()
    try:
        print("proven:", plain(check(asked.proof.read_text(encoding="utf-8"), [read_key(line) for line in asked.key])))
    except BROKEN as error:
        sys.exit(plain(f"not proven: {type(error).__name__}: {error}"))


if __name__ == "__main__":
    main()
