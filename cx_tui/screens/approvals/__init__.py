"""Asking for a second person, and being one."""
