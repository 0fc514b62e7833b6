"""Flask in, HTML out; one blueprint per user task, and the command line."""
