"""How fast it is, and how much it takes: figures with targets, each beside its peer in the same run."""
