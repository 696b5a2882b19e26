"""Calls in the database: the last days as rows, what is counted of all, and what is up now."""
