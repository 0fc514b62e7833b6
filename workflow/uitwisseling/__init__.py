"""In and out: exchange formats read into the log, and written from it. Each format is a room of its own.

`ddas` is the door to DDAS-SHV v1.0 (the national exchange format for schuldhulpverlening).
"""
