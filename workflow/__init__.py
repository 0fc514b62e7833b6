"""All decisions: the map, the engine, the terms and what follows from the log. No Flask, no WTForms, no HTTP."""
