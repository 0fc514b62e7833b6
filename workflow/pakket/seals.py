"""What a seal of Routekaart is made of: hashes of rows, the tree over them, a signed note, an Ed25519 signature.

Standard library only; verify.py is built on it.
"""

import json
from base64 import b64decode
from hashlib import sha256, sha512

HASHED = "traject_id volgnummer soort overgang van naar reden dag moment vastgelegd_op bron_vastgelegd_op routekaart"
HASHED = [*HASHED.split(), *["betreft_volgnummer", "na_volgnummer", "opdracht_id", "inhoud_hash", "vorige_hash"]]


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


def node(left, right):
    """The hash of two subtrees together."""
    return sha256(b"\1" + left + right).digest()


# -- Notes -------------------------------------------------------------------------------------------------------------


def read_seal(note):
    """A signed note: text, an empty line, then the signature as key id (4 bytes) and 64 bytes."""
    text, _, signature = note.partition("\n\n")
    _, size, root, *rest = text.split("\n")
    raw = b64decode(signature.split()[-1])
    signed = {"text": text + "\n", "key": raw[:4].hex(), "signature": raw[4:]}
    return dict(line.split(" ", 1) for line in rest) | signed | {"size": int(size), "root": b64decode(root)}


def read_key(line):
    """A public key: NAME+ID+KEY, of which the id follows from the rest. Raises ValueError."""
    name, key_id, public = line.strip().split("+", 2)
    public = b64decode(public)
    if sha256(f"{name}\n".encode() + public).digest()[:4].hex() != key_id:
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
