"""The page of round trips to an address or a SIP user."""
