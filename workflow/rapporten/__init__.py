"""The programme report: measured and put into words, fixed in the database, restated later, published with care."""
