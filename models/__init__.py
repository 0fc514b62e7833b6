"""Tables only: SQLAlchemy and the standard library."""
