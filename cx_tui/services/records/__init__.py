"""Records, one at a time: reading, making, saving, deleting them."""
