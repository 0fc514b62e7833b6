"""The door to DDAS-SHV v1.0: `preview`, `import_delivery`, `export`; `as_text` makes JSON of a delivery.

A delivery that is refused raises LeveringGeweigerd, whose `opmerkingen` name each place by its JSON path.
"""

from __future__ import annotations

from workflow.uitwisseling.ddas_inlezen import UITKOMSTEN, Regel, Verslag, Voorbeeld, import_delivery, preview
from workflow.uitwisseling.ddas_uit import LeveringGeweigerd, as_text, export
from workflow.uitwisseling.json_tekst import MAX_BYTES
from workflow.uitwisseling.opmerkingen import Opmerking, Opmerkingen

__all__ = [
    "MAX_BYTES",
    "UITKOMSTEN",
    "LeveringGeweigerd",
    "Opmerking",
    "Opmerkingen",
    "Regel",
    "Verslag",
    "Voorbeeld",
    "as_text",
    "export",
    "import_delivery",
    "preview",
]
