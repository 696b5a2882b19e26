"""Calls as operators see them: the newest, those that are up, any number of records, and what is counted."""
