"""What was done: reading it, and undoing it."""
