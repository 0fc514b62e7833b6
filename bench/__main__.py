"""Run every bench, or those named on the command line."""

from __future__ import annotations

import sys
from importlib import import_module

ALLE = ("voortgang", "herbouw", "werkvoorraad", "indicatoren", "procesmining", "zegels")

for naam in sys.argv[1:] or ALLE:
    import_module(f"bench.{naam}").main()
