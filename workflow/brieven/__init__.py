"""Letters: a template in a small line format, filled from the dossier, as PDF and DOCX from one structure."""
