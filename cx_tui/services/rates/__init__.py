"""Rates of a card: what a number costs, and how a new price list differs from the one before."""
