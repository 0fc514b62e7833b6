"""Merkle trees of RFC 9162: a root that grows leaf by leaf, and proofs that others can check with a root alone.

Everything here is 32 bytes of SHA-256. Leaves are leaf hashes, SHA-256(0x00 || data): the hash of a log row is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256

LEEG = sha256(b"").digest()
"""The root of a tree without leaves."""


def node(links: bytes, rechts: bytes) -> bytes:
    """The hash of two subtrees together."""
    return sha256(b"\x01" + links + rechts).digest()


class Boom:
    """A tree of which only the right edge is kept: the roots of its whole subtrees, the largest first."""

    def __init__(self, omvang: int = 0, rand: Iterable[bytes] = ()) -> None:
        self.omvang = omvang
        self.rand = list(rand)

    def add(self, blad: bytes) -> None:
        """Put a leaf at the end."""
        n = self.omvang
        while n & 1:
            blad = node(self.rand.pop(), blad)
            n >>= 1
        self.rand.append(blad)
        self.omvang += 1

    @property
    def wortel(self) -> bytes:
        """The root over the leaves so far."""
        if not self.rand:
            return LEEG
        top = self.rand[-1]
        for links in reversed(self.rand[:-1]):
            top = node(links, top)
        return top


def root(bladeren: Sequence[bytes]) -> bytes:
    """The root over these leaves."""
    boom = Boom()
    for blad in bladeren:
        boom.add(blad)
    return boom.wortel


def _split(n: int) -> int:
    """The largest power of two below n."""
    return 1 << (n - 1).bit_length() - 1


# -- Proofs ------------------------------------------------------------------------------------------------------------


def inclusion(bladeren: Sequence[bytes], nr: int) -> list[bytes]:
    """The path from leaf `nr` to the root (RFC 9162, 2.1.3.1). Raises IndexError."""
    if not 0 <= nr < len(bladeren):
        raise IndexError(nr)
    if len(bladeren) == 1:
        return []
    k = _split(len(bladeren))
    if nr < k:
        return [*inclusion(bladeren[:k], nr), root(bladeren[k:])]
    return [*inclusion(bladeren[k:], nr - k), root(bladeren[:k])]


def is_included(blad: bytes, nr: int, omvang: int, pad: Sequence[bytes], wortel: bytes) -> bool:
    """Whether the path leads from this leaf to the root of a tree of that size (RFC 9162, 2.1.3.2)."""
    if not 0 <= nr < omvang:
        return False
    plaats, laatste = nr, omvang - 1
    for ander in pad:
        if laatste == 0:
            return False
        if plaats & 1 or plaats == laatste:
            blad = node(ander, blad)
            plaats, laatste = _past_missing(plaats, laatste)
        else:
            blad = node(blad, ander)
        plaats, laatste = plaats >> 1, laatste >> 1
    return laatste == 0 and blad == wortel


def _past_missing(plaats: int, laatste: int) -> tuple[int, int]:
    """Up over the levels on which a last node has no brother."""
    while plaats and not plaats & 1:
        plaats, laatste = plaats >> 1, laatste >> 1
    return plaats, laatste


def consistency(bladeren: Sequence[bytes], eerder: int) -> list[bytes]:
    """The proof that the tree over the first `eerder` leaves is the beginning of this one (RFC 9162, 2.1.4.1).

    Raises IndexError for a size that is not between 1 and that of the tree.
    """
    if not 1 <= eerder <= len(bladeren):
        raise IndexError(eerder)
    return _subproof(bladeren, eerder, True)


def _subproof(bladeren: Sequence[bytes], m: int, is_heel: bool) -> list[bytes]:
    if m == len(bladeren):
        return [] if is_heel else [root(bladeren)]
    k = _split(len(bladeren))
    if m <= k:
        return [*_subproof(bladeren[:k], m, is_heel), root(bladeren[k:])]
    return [*_subproof(bladeren[k:], m - k, False), root(bladeren[:k])]


def is_consistent(eerder: int, later: int, bewijs: Sequence[bytes], was: bytes, wortel: bytes) -> bool:
    """Whether a tree of size `eerder` and root `was` is the beginning of one of `later` and `wortel` (2.1.4.2)."""
    if eerder == later:
        return not bewijs and was == wortel
    if not 1 <= eerder < later:
        return False
    pad = list(bewijs) if eerder & (eerder - 1) else [was, *bewijs]
    return bool(pad) and _both_roots(eerder - 1, later - 1, pad) == (was, wortel)


def _both_roots(plaats: int, laatste: int, pad: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The root of the earlier and that of the later tree, as the path gives them."""
    while plaats & 1:
        plaats, laatste = plaats >> 1, laatste >> 1
    oud = nieuw = pad[0]
    for ander in pad[1:]:
        if laatste == 0:
            return None
        if plaats & 1 or plaats == laatste:
            oud, nieuw = node(ander, oud), node(ander, nieuw)
            plaats, laatste = _past_missing(plaats, laatste)
        else:
            nieuw = node(nieuw, ander)
        plaats, laatste = plaats >> 1, laatste >> 1
    return (oud, nieuw) if laatste == 0 else None
