"""E-mail and SMS: ordered, kept, handed over to their servers, told."""
