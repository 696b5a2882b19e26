"""What the one engine says: why a customer can't call, and whether a call would pass."""
