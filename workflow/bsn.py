"""The burgerservicenummer: which nine digits are one."""

from __future__ import annotations

import re


def is_valid_bsn(bsn: str) -> bool:
    """Whether nine digits pass the elfproef (Wet algemene bepalingen burgerservicenummer)."""
    if not re.fullmatch(r"\d{9}", bsn, re.ASCII) or bsn == "0" * 9:
        return False
    cijfers = [int(c) for c in bsn]
    return (sum(c * g for c, g in zip(cijfers, range(9, 1, -1), strict=False)) - cijfers[8]) % 11 == 0
