"""Sealed days of calls: files, the manifest that says which count, and how they are asked."""
