"""The server that switches ask: may this call pass?  It holds the world in memory, and asks no database.

It stands below the services, beside what reads switches: it knows the engine and nothing of tables.  What
fills its memory, and follows the log, is `services.admission.following`, which `bootstrap` gives it.
"""
