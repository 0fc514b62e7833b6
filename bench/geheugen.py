"""The most memory that `verify` takes: a process of its own, so that nothing else counts. Prints it in bytes.

In: the address of a database and the folder of its seals. It is the peak of the resident size as Linux keeps it for
this program alone (VmHWM); `ru_maxrss` of a child also counts what its parent held when it began.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from models.database import reading
from workflow.verificatie import verify


def peak(url: str, map_: Path) -> int:
    """Bytes that a process which verifies this database takes at most."""
    opdracht = [sys.executable, "-m", "bench.geheugen", url, str(map_)]
    return int(subprocess.run(opdracht, check=True, capture_output=True, text=True).stdout)


def _verify(url: str, map_: Path) -> int:
    with reading(url) as db:
        assert verify(db, map_).is_gaaf
    (regel,) = (r for r in Path("/proc/self/status").read_text().splitlines() if r.startswith("VmHWM:"))
    return int(regel.split()[1]) * 1024


if __name__ == "__main__":
    print(_verify(sys.argv[1], Path(sys.argv[2])))
