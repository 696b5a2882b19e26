"""Calls: what is kept of each, what a switch tells while one is up, and what is counted of them."""
