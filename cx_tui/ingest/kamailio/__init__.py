"""Kamailio: its records from the table acc_cdrs, its live calls by JSON-RPC."""
