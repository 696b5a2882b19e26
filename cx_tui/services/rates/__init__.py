"""Rates of a card: what a number costs."""
