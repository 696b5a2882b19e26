"""Calls: how they arrive, and what is counted of them."""
