"""What a call costs: one rule, in exact whole numbers."""
