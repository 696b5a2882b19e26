"""A Kamailio that asks this server: its configuration and its tables."""
